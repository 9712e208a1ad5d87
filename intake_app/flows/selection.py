"""What may leave with a dossier and what stays, by the sharing table and nothing else.

One list of items is made from the case file; the preview on the screen, the dossier and the
"blijft hier" part of the document are all read from the same selection, so that what is promised
is what goes. Where the table is silent, or a field has no category, it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.attachment import MEDICAL, Attachment
from intake_app.domain.event import EventKind
from intake_app.domain.interview import AnswerState
from intake_app.domain.names import is_same_name
from intake_app.domain.person import Person
from intake_app.domain.sharing import Consent, SharingRule, SharingTable, Verdict
from intake_app.flows.case_file import AnsweredQuestion, CaseFile, InterviewFile
from intake_app.flows.dossier_words import EVENT_TITLES, PERSON_TITLES

PERSON_CATEGORIES: dict[str, str] = {
    "v_number": "identiteit",
    "family_name": "identiteit",
    "given_names": "identiteit",
    "name_prefix": "identiteit",
    "call_name": "identiteit",
    "name_in_own_script": "identiteit",
    "aliases": "identiteit",
    "birth_date": "identiteit",
    "birth_date_status": "identiteit",
    "gender": "identiteit",
    "birth_country": "identiteit",
    "nationalities": "identiteit",
    "residence_title": "identiteit",
    "permit_from": "identiteit",
    "bsn": "bsn",
    "phone": "contact",
    "email": "contact",
    "languages": "taal",
    "literacy": "taal",
    "contact_language": "begrip",
    "interpreter_needed": "begrip",
    "is_nareiziger": "gezin",
    "sponsor_id": "intern",
    "no_azc_intake_reason": "koppeling",
}
"""Category of each field of a person but its key. The referent is another person: stays."""

EVENT_CATEGORIES: dict[EventKind, str] = {
    EventKind.GEREGISTREERD: "intern",
    EventKind.GEKOPPELD: "koppeling",
    EventKind.ONTKOPPELD: "koppeling",
    EventKind.INTAKE_BEGONNEN: "koppeling",
    EventKind.INTAKE_VASTGESTELD: "koppeling",
    EventKind.ASSESSMENT_AFGENOMEN: "noa",
    EventKind.NIET_IN_AANMERKING: "noa",
    EventKind.DUO_KENNISGEVING: "koppeling",
    EventKind.PLAN_VASTGESTELD: "plan",
    EventKind.DOSSIER_OVERGENOMEN: "koppeling",
}
"""Category of each kind of event; what is not named, such as earlier handovers, stays."""


DETAIL_CATEGORIES: dict[EventKind, str] = {
    EventKind.ASSESSMENT_AFGENOMEN: "noa",
    EventKind.NIET_IN_AANMERKING: "gezondheid_signaal",
}
"""Category of what such an event says beside that it took place: the advice, and the reason. It is
an item of its own (`ItemKey.field` is `EVENT_DETAIL`); of other kinds it goes with the event."""
EVENT_DETAIL = "detail"

RELEASE_QUESTION = "rapport_vrijgegeven"
RESULTS: dict[str, frozenset[str]] = {"noa_assessment": frozenset({"themas", "uitkomst"})}
"""Form → sections with results, which stay until `RELEASE_QUESTION` is answered with 'ja'.

The report of the assessment is the client's: the form can ask, only the handover can keep."""
ABOUT_RESULTS: dict[str, frozenset[str]] = {"noa_assessment": frozenset({"reactie_kandidaat"})}
"""Form → questions that stay with the results: what is said of a report tells what is in it."""

MEDICAL_FORM = "medische_overdracht"
"""The form that asks a care provider for files: that it was filled in is itself medical."""


class ItemKind(StrEnum):
    """Which part of the record an item is."""

    PERSON = "person"
    HOUSEHOLD = "household"
    KOPPELING = "koppeling"
    STAY = "stay"
    EVENT = "event"
    ANSWER = "answer"
    NOTE = "note"
    INTERPRETATION = "interpretation"
    PLAN = "plan"
    ACTIVITY = "activity"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class ItemKey:
    """Names one item: `field` is the person's field or the path of a question."""

    kind: ItemKind
    id: UUID | None = None
    field: str = ""
    repeat: UUID | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can go or stay."""

    key: ItemKey
    category: str
    label: str
    relevant: bool = True
    ticked: bool = True
    """False for a note that its author did not mark to go along."""
    weak: bool = False
    released: bool = True
    """False for a result of an assessment that the client has not released."""
    also: str = ""
    """A second category that must allow it too: a note goes nowhere its question may not go."""
    readable: bool = True
    """False for what only another role of this vault can open, and so cannot be sealed again."""
    chosen: bool = True
    """False for what may go, but was taken out by who hands over."""
    addressed: bool = True
    """False for a medical request that the person did not allow to this very recipient, and for a
    medical attachment where there is no such request."""


class Why(StrEnum):
    """Why something stays."""

    TABLE = "table"
    CONSENT = "consent"
    IRRELEVANT = "irrelevant"
    NOTE = "note"
    RELEASE = "release"
    ROLE = "role"
    OTHER = "other"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Staying:
    """An item that stays, why, and by which rule where a rule says so."""

    item: Item
    why: Why
    rule: SharingRule


@dataclass(frozen=True, slots=True)
class Leaving:
    """An item that goes, and the rule that lets it."""

    item: Item
    rule: SharingRule


@dataclass(frozen=True, slots=True)
class Selection:
    """The whole record split in what goes and what stays; nothing is in both or in neither."""

    leaving: tuple[Leaving, ...]
    staying: tuple[Staying, ...]

    def leaving_keys(self) -> frozenset[ItemKey]:
        """Return the keys of what goes."""
        return frozenset(leaving.item.key for leaving in self.leaving)


def select(
    items: Iterable[Item], table: SharingTable, role: ReceiverRole, consents: Iterable[Consent]
) -> Selection:
    """Split `items` for a receiver in `role`, given the consents that stand now."""
    standing = tuple(consents)
    leaving: list[Leaving] = []
    staying: list[Staying] = []
    for item in items:
        rule = table.rule(item.category, role)
        why = _why_it_stays(item, table, role, standing)
        if why is None:
            leaving.append(Leaving(item, rule))
        else:
            second = table.rule(item.also, role) if item.also else rule
            first_allows = table.may_leave(item.category, role, standing)
            staying.append(Staying(item, why, second if first_allows else rule))
    return Selection(tuple(leaving), tuple(staying))


def _why_it_stays(
    item: Item, table: SharingTable, role: ReceiverRole, consents: tuple[Consent, ...]
) -> Why | None:
    if not item.relevant:
        return Why.IRRELEVANT
    if not item.released:
        return Why.RELEASE
    if not item.ticked:
        return Why.NOTE
    for category in (item.category, *([item.also] if item.also else [])):
        if not table.may_leave(category, role, consents):
            asks = table.rule(category, role).verdict is Verdict.NA_TOESTEMMING
            return Why.CONSENT if asks else Why.TABLE
    if not item.addressed:
        return Why.OTHER
    if not item.readable:
        return Why.ROLE
    return None if item.chosen else Why.CHOICE


def items(
    case: CaseFile, held: frozenset[UUID] = frozenset(), recipient: str = ""
) -> tuple[Item, ...]:
    """Return every filled thing in the case file, in the order of the dossier.

    `held` are the attachments that who hands over keeps here. `recipient` is the name of the
    organisation that receives: of the medical requests only those to that very name are addressed
    to it, and without a name none is.
    """
    answers = [item for file in case.interviews for item in _interview_items(file, recipient)]
    by_key = {item.key: item for item in answers}
    return (
        *_person_items(case.person),
        *_relation_items(case),
        *answers,
        *_plan_items(case),
        *(
            _with_its_answer(case, by_key, _attachment_item(case, each, held, recipient))
            for each in case.attachments
        ),
    )


def _person_items(person: Person) -> Iterator[Item]:
    empty = Person(person_id=person.person_id, v_number="", family_name="")
    for field, title in PERSON_TITLES.items():
        if getattr(person, field) != getattr(empty, field):
            category = PERSON_CATEGORIES.get(field, "")
            yield Item(ItemKey(ItemKind.PERSON, field=field), category, title)


def _relation_items(case: CaseFile) -> Iterator[Item]:
    if case.household is not None:
        key = ItemKey(ItemKind.HOUSEHOLD, case.household.household_id)
        yield Item(key, "gezin", "Huishouden")
    for koppeling in case.koppelingen:
        yield Item(ItemKey(ItemKind.KOPPELING, koppeling.koppeling_id), "koppeling", "Koppeling")
    for stay in case.stays:
        yield Item(ItemKey(ItemKind.STAY, stay.stay_id), "koppeling", "Verblijf in het AZC")
    for event in case.events:
        category = EVENT_CATEGORIES.get(event.kind, "intern")
        title = EVENT_TITLES[event.kind]
        yield Item(ItemKey(ItemKind.EVENT, event.event_id), category, title)
        if event.detail and event.kind in DETAIL_CATEGORIES:
            is_result = event.kind is EventKind.ASSESSMENT_AFGENOMEN
            yield Item(
                ItemKey(ItemKind.EVENT, event.event_id, EVENT_DETAIL),
                DETAIL_CATEGORIES[event.kind],
                f"{title}: toelichting",
                released=not is_result or _results_released(case),
                also=category,
            )


def _interview_items(file: InterviewFile, recipient: str) -> Iterator[Item]:
    interview_id = file.interview.interview_id
    medical = file.form.form_id == MEDICAL_FORM
    meant = _requests_allowed_to(recipient, file) if medical else frozenset()
    yield Item(
        ItemKey(ItemKind.INTERPRETATION, interview_id),
        "begrip",
        "Tolk en begrip",
        also="medisch" if medical else "",
        addressed=bool(meant) or not medical,
    )
    held = frozenset() if _is_released(file) else RESULTS.get(file.form.form_id, frozenset())
    about = ABOUT_RESULTS.get(file.form.form_id, frozenset()) if held else frozenset()
    for question in file.questions:
        section, repeat = question.section.rpartition("/")[2], question.answer.repeat
        name = question.answer.path.rpartition("/")[2]
        yield from _question_items(
            interview_id,
            question,
            released=section not in held and name not in about,
            addressed=not medical or bool(meant if repeat is None else meant & {repeat}),
        )


def _requests_allowed_to(recipient: str, file: InterviewFile) -> frozenset[UUID]:
    """Return the requests to that recipient that the person allowed; silence is no consent.

    A consent counts per care provider (AVG 4(11) and 9(2)(a)), so the name in the request must be
    the name of the recipient. From 12 to 15 years the child and who has custody must both have
    said yes (BW 7:450).
    """
    said: dict[UUID, dict[str, str]] = {}
    together = False
    for question in file.questions:
        answer, name = question.answer, question.answer.path.rpartition("/")[2]
        if not question.relevant or answer.state is not AnswerState.ANSWERED:
            continue
        together = together or (name, answer.value) == ("leeftijdsgroep", "van_12_tot_16")
        if answer.repeat is not None:
            said.setdefault(answer.repeat, {})[name] = answer.value
    return frozenset(
        request
        for request, told in said.items()
        if told.get("toestemming") == "ja"
        and told.get("ingetrokken") != "ja"
        and (not together or told.get("toestemming_samen") == "ja")
        and is_same_name(told.get("ontvanger_naam", ""), recipient)
    )


def _is_released(file: InterviewFile) -> bool:
    """True when the client let the results go; an answer that no longer applies is none."""
    return any(
        question.answer.path.rpartition("/")[2] == RELEASE_QUESTION
        and question.answer.state is AnswerState.ANSWERED
        and question.answer.value == "ja"
        and question.relevant
        for question in file.questions
    )


def _results_released(case: CaseFile) -> bool:
    """True when the client let the results of an assessment go."""
    return any(_is_released(file) for file in case.interviews if file.form.form_id in RESULTS)


def _question_items(
    interview_id: UUID, question: AnsweredQuestion, *, released: bool, addressed: bool
) -> Iterator[Item]:
    answer = question.answer
    if answer.state.value:
        yield Item(
            _answer_key(interview_id, question),
            question.category,
            question.question,
            relevant=question.relevant,
            released=released,
            weak=question.weak,
            addressed=addressed,
        )
    if answer.note:
        yield Item(
            ItemKey(ItemKind.NOTE, interview_id, answer.path, answer.repeat),
            "notitie",
            question.question,
            relevant=question.relevant,
            released=released,
            ticked=answer.note_in_handover,
            also=question.category or "intern",
            addressed=addressed,
        )


def _plan_items(case: CaseFile) -> Iterator[Item]:
    if case.plan is not None:
        yield Item(ItemKey(ItemKind.PLAN, case.plan.plan_id), "plan", "Plan van aanpak")
    for activity in case.activities:
        key = ItemKey(ItemKind.ACTIVITY, activity.activity_id)
        yield Item(key, "activiteit", "Al gedaan")


def _attachment_item(
    case: CaseFile, attachment: Attachment, held: frozenset[UUID], recipient: str
) -> Item:
    # a report of the assessment is the client's, on paper as well
    is_result = attachment.category == "noa"
    asked = any(
        _requests_allowed_to(recipient, f)
        for f in case.interviews
        if f.form.form_id == MEDICAL_FORM
    )
    return Item(
        ItemKey(ItemKind.ATTACHMENT, attachment.attachment_id),
        attachment.category,
        "Medische bijlage" if attachment.is_sealed else attachment.title,
        released=not is_result or _results_released(case),
        readable=not attachment.is_sealed,
        chosen=attachment.attachment_id not in held,
        addressed=asked or attachment.category != MEDICAL,
    )


def _with_its_answer(case: CaseFile, answers: Mapping[ItemKey, Item], item: Item) -> Item:
    """Return the item of a file, bound to the answer that it is: it never goes without that."""
    told = next((each for each in case.attachments if each.attachment_id == item.key.id), None)
    if told is None or told.answer is None or told.answer.interview_id is None:
        return item
    question = next(
        (
            question
            for file in case.interviews
            for question in file.questions
            if case.file_of(question) == told
        ),
        None,
    )
    key = None if question is None else _answer_key(told.answer.interview_id, question)
    answer = None if key is None else answers.get(key)
    if answer is None:
        return replace(item, relevant=False)
    return replace(
        item,
        category=answer.category,
        also=item.category,
        relevant=answer.relevant,
        released=answer.released and item.released,
        addressed=answer.addressed and item.addressed,
        weak=answer.weak,
    )


def _answer_key(interview_id: UUID, question: AnsweredQuestion) -> ItemKey:
    answer = question.answer
    return ItemKey(ItemKind.ANSWER, interview_id, answer.path, answer.repeat)
