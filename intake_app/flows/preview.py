"""What a selection looks like to the person who hands over: rows per category, and what is missing.

Nothing here decides; it counts and names what `selection` decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.attachment import Attachment
from intake_app.domain.interview import InterpreterMode, InterviewState
from intake_app.domain.plan import PlanState
from intake_app.domain.sharing import Consent, SharingRule, Verdict
from intake_app.flows.case_file import CaseFile
from intake_app.flows.dossier_words import CATEGORY_TITLES, UNKNOWN_CATEGORY
from intake_app.flows.plan import INTAKE_FORM
from intake_app.flows.selection import Item, ItemKind, Selection, Staying, Why
from intake_app.sentences import Sentence


class RowState(StrEnum):
    """What happens to a row of the preview."""

    LEAVES = "leaves"
    ASK = "ask"
    """It may go once the client consents."""
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One category, or what stays of it for a reason of its own."""

    category: str
    title: str
    state: RowState
    why: Why | None
    reason: str
    basis: str
    verdict: Verdict
    answers: int
    facts: int
    notes: int
    weak: int
    names: tuple[str, ...]
    """What it is, each thing once, so that it can be named before it goes."""
    consent: Consent | None = None
    """The consent it rests on, where it does."""
    attachments: int = 0

    @property
    def count(self) -> int:
        """How many things the row stands for."""
        return self.answers + self.facts + self.notes + self.attachments


@dataclass(frozen=True, slots=True)
class AttachmentChoice:
    """One attachment in the preview: whether it goes, whether that can be chosen, and why."""

    attachment: Attachment
    label: str
    state: RowState
    why: Why | None
    reason: str
    basis: str

    @property
    def may_choose(self) -> bool:
        """True when the table lets it go: then who hands over may keep it here all the same."""
        return self.why in {None, Why.CHOICE}


IRRELEVANT_REASON = (
    "Een eerder antwoord is veranderd. Daardoor gelden deze antwoorden niet meer. "
    "Ze blijven bewaard, maar gaan niet mee."
)
NOTE_REASON = "Niet bedoeld voor de ontvanger. Bij het gesprek kun je een notitie laten meegaan."

RELEASE_REASON = (
    "De cliënt heeft het rapport van de NOA niet vrijgegeven. De thema’s en de uitkomst blijven "
    "hier tot bij de nabespreking staat dat het rapport mee mag."
)

CHOICE_REASON = "Jij hebt gekozen dat dit niet meegaat."
OTHER_REASON = (
    "De persoon zei niet ja tegen deze zorgverlener. De naam in de vraag moet precies de naam van "
    "de ontvanger zijn."
)
ROLE_REASON = "Dit is medisch. Alleen iemand met de medische rol kan het meegeven."

_FALLBACK_BASIS = "AVG art. 5 lid 1 onder c (niet meer dan nodig)"
RELEASE_BASIS = "AVG art. 5 lid 1 onder a en c (eerlijk, en niet meer dan nodig)"


def rows(
    selection: Selection, role: ReceiverRole, consents: Iterable[Consent]
) -> tuple[PreviewRow, ...]:
    """Return the rows: what goes, what waits for consent, what stays, each in dossier order."""
    standing = tuple(consents)
    groups: dict[tuple[RowState, str, Why | None], list[tuple[Item, SharingRule]]] = {}
    for leaving in selection.leaving:
        goes = (RowState.LEAVES, leaving.item.category, None)
        groups.setdefault(goes, []).append((leaving.item, leaving.rule))
    for staying in selection.staying:
        state = RowState.ASK if staying.why is Why.CONSENT else RowState.STAYS
        stays = (state, _group(staying), staying.why)
        groups.setdefault(stays, []).append((staying.item, staying.rule))
    order = {category: place for place, category in enumerate(CATEGORY_TITLES)}
    states = list(RowState)
    made = (_row(*key, members, role, standing) for key, members in groups.items())
    return tuple(
        sorted(made, key=lambda row: (states.index(row.state), order.get(row.category, 99)))
    )


def _group(staying: Staying) -> str:
    """What stays for one reason stands together; the rest under the rule that keeps it."""
    if staying.why is Why.RELEASE:
        return "noa"
    return "" if staying.why is Why.IRRELEVANT else staying.rule.category


def _row(
    state: RowState,
    category: str,
    why: Why | None,
    members: Sequence[tuple[Item, SharingRule]],
    role: ReceiverRole,
    consents: tuple[Consent, ...],
) -> PreviewRow:
    held = [item for item, _ in members]
    rule = members[0][1]
    title, reason, basis = CATEGORY_TITLES.get(category), rule.reason, rule.basis
    if why is Why.IRRELEVANT:
        title, reason, basis = "Antwoorden die niet meer gelden", IRRELEVANT_REASON, _FALLBACK_BASIS
    elif why is Why.RELEASE:
        title, reason, basis = "Uitslag van de NOA", RELEASE_REASON, RELEASE_BASIS
    elif why in _OWN_REASONS:
        reason, basis = _OWN_REASONS[why], _FALLBACK_BASIS
    return PreviewRow(
        category=category,
        title=title or UNKNOWN_CATEGORY,
        state=state,
        why=why,
        reason=reason,
        basis=basis,
        verdict=rule.verdict,
        answers=sum(item.key.kind is ItemKind.ANSWER for item in held),
        notes=sum(item.key.kind is ItemKind.NOTE for item in held),
        facts=sum(item.key.kind not in _COUNTED_APART for item in held),
        weak=sum(item.weak for item in held),
        names=tuple(dict.fromkeys(item.label for item in held)),
        consent=next((c for c in consents if c.covers(category, role)), None),
        attachments=sum(item.key.kind is ItemKind.ATTACHMENT for item in held),
    )


def attachment_choices(selection: Selection, case: CaseFile) -> tuple[AttachmentChoice, ...]:
    """Return each attachment of the case with what happens to it, the newest first."""
    leaving = {each.item.key.id: each for each in selection.leaving if _is_attachment(each.item)}
    staying = {each.item.key.id: each for each in selection.staying if _is_attachment(each.item)}
    made = []
    for attachment in reversed(case.attachments):
        key = attachment.attachment_id
        stays = staying.get(key)
        if stays is None:
            goes = leaving[key]
            item, rule, why, state = goes.item, goes.rule, None, RowState.LEAVES
        else:
            item, rule, why = stays.item, stays.rule, stays.why
            state = RowState.ASK if why is Why.CONSENT else RowState.STAYS
        reason, basis = rule.reason, rule.basis
        if why is Why.IRRELEVANT:
            reason, basis = IRRELEVANT_REASON, _FALLBACK_BASIS
        elif why in _OWN_REASONS:
            reason, basis = _OWN_REASONS[why], _FALLBACK_BASIS
        elif why is Why.RELEASE:
            reason, basis = RELEASE_REASON, RELEASE_BASIS
        made.append(AttachmentChoice(attachment, item.label, state, why, reason, basis))
    return tuple(made)


def _is_attachment(item: Item) -> bool:
    return item.key.kind is ItemKind.ATTACHMENT


_OWN_REASONS: dict[Why | None, str] = {
    Why.NOTE: NOTE_REASON,
    Why.CHOICE: CHOICE_REASON,
    Why.ROLE: ROLE_REASON,
    Why.OTHER: OTHER_REASON,
}
_COUNTED_APART = frozenset({ItemKind.ANSWER, ItemKind.NOTE, ItemKind.ATTACHMENT})


class GapKind(StrEnum):
    """What the receiver might miss or misread. None of it keeps the dossier here."""

    NO_INTAKE = "no_intake"
    INTAKE_OPEN = "intake_open"
    UNANSWERED = "unanswered"
    LATER = "later"
    WEAK = "weak"
    CHILD_INTERPRETED = "child_interpreted"
    NO_ASSESSMENT = "no_assessment"
    NO_PLAN = "no_plan"
    PLAN_CONCEPT = "plan_concept"
    NEWER_CONCEPT = "newer_concept"
    NO_CONTACT = "no_contact"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to look at before sealing. `names` are questions or sections."""

    kind: GapKind
    names: tuple[str, ...] = ()


def gaps(case: CaseFile) -> tuple[Gap, ...]:
    """Return what to look at, in the order of the dossier."""
    return (*_intake_gaps(case), *_other_gaps(case))


def _intake_gaps(case: CaseFile) -> list[Gap]:
    found: list[Gap] = []
    intakes = [file for file in case.interviews if file.interview.form_id == INTAKE_FORM]
    if not intakes and not case.person.no_azc_intake_reason:
        found.append(Gap(GapKind.NO_INTAKE))
    if any(file.interview.state is InterviewState.OPEN for file in intakes):
        found.append(Gap(GapKind.INTAKE_OPEN))
    unanswered = tuple(name for file in case.interviews for name in file.unanswered)
    later = tuple(
        question.question
        for file in case.interviews
        for question in file.questions
        if question.answer.later and question.relevant
    ) + tuple(name for file in case.interviews for name in file.put_off)
    weak = tuple(
        dict.fromkeys(
            question.section_title
            for file in case.interviews
            for question in file.questions
            if question.weak
        )
    )
    found += [Gap(GapKind.UNANSWERED, unanswered)] if unanswered else []
    found += [Gap(GapKind.LATER, later)] if later else []
    found += [Gap(GapKind.WEAK, weak)] if weak else []
    modes = {file.interview.interpretation.mode for file in case.interviews}
    found += [Gap(GapKind.CHILD_INTERPRETED)] if InterpreterMode.KIND in modes else []
    return found


def _other_gaps(case: CaseFile) -> list[Gap]:
    from intake_app.domain.event import Station, StationState, line

    found: list[Gap] = []
    noa = next(view for view in line(case.events) if view.station is Station.NOA)
    if noa.state not in {StationState.DONE, StationState.NOT_APPLICABLE}:
        found.append(Gap(GapKind.NO_ASSESSMENT))
    if case.plan is None:
        found.append(Gap(GapKind.NO_PLAN))
    elif case.plan.state is PlanState.CONCEPT:
        found.append(Gap(GapKind.PLAN_CONCEPT))
    elif case.newer_concept:
        found.append(Gap(GapKind.NEWER_CONCEPT))
    if not case.person.phone and not case.person.email:
        found.append(Gap(GapKind.NO_CONTACT))
    return found


_GAP_SENTENCES: dict[GapKind, str] = {
    GapKind.NO_INTAKE: "Er is nog geen intake. De ontvanger begint dan zelf met de intake.",
    GapKind.INTAKE_OPEN: "De intake is nog niet vastgesteld. De ontvanger kan hem afmaken.",
    GapKind.UNANSWERED: "{n} vragen die nodig zijn hebben nog geen antwoord.",
    GapKind.LATER: "{n} vragen staan nog op ‘later’.",
    GapKind.WEAK: "Niet goed begrepen: {names}. Dat staat er in het dossier bij.",
    GapKind.CHILD_INTERPRETED: "Een kind heeft vertaald. Dat staat er in het dossier bij.",
    GapKind.NO_ASSESSMENT: "Er is geen NOA-assessment en geen reden waarom niet. "
    "Het dossier kan toch weg.",
    GapKind.NO_PLAN: "Er is nog geen plan van aanpak. Het dossier kan toch weg.",
    GapKind.PLAN_CONCEPT: "Het plan is nog een concept. Het gaat mee als concept.",
    GapKind.NEWER_CONCEPT: "Er is een nieuwere versie van het plan in concept. "
    "De vastgestelde versie gaat mee.",
    GapKind.NO_CONTACT: "Er is geen telefoonnummer en geen e-mailadres. "
    "De ontvanger kan de cliënt dan moeilijk bereiken.",
}


def gap_sentence(gap: Gap) -> Sentence:
    """Return what is missing and what that means, in Dutch."""
    if gap.kind in {GapKind.UNANSWERED, GapKind.LATER} and len(gap.names) == 1:
        one = {
            GapKind.UNANSWERED: Sentence("1 vraag die nodig is heeft nog geen antwoord."),
            GapKind.LATER: Sentence("1 vraag staat nog op ‘later’."),
        }
        return one[gap.kind]
    return Sentence(_GAP_SENTENCES[gap.kind], n=len(gap.names), names=", ".join(gap.names))
