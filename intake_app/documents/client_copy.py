"""The client's copy: their own answers, the plan and what was agreed, side by side.

Only what is made for the client is put in: no text of this module speaks of a colleague's view, and
`flows.client_papers` gives nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from intake_app.documents import client_words
from intake_app.documents.client_page import (
    MACHINE_MADE,
    MADE,
    Agreement,
    Answer,
    Block,
    ClientPage,
    Fact,
    Heading,
    Item,
    Literal,
    Paragraph,
    Said,
    Speaker,
    written,
)
from intake_app.documents.model import Text
from intake_app.domain.actor import ReceiverRole
from intake_app.domain.attachment import AttachmentKind
from intake_app.domain.interview import InterpreterMode
from intake_app.domain.plan import Action, ActivityKind, Leerroute, Plan, PlanState
from intake_app.i18n.catalogues import D_

_TITLE: Final = D_("Uw antwoorden en uw plan")
_ABOUT: Final = (
    D_("Dit is wat u ons heeft verteld."),
    D_("Klopt iets niet? Zeg het. Dan verbeteren wij het."),
    D_("Niet alles staat op dit papier. U mag vragen om alles te zien."),
    D_("Dit papier is van u. Bewaar het op een veilige plek."),
)
_WHO: Final = D_("Wie u bent")
NAME: Final = D_("Uw naam")
OWN_SCRIPT: Final = D_("Uw naam in uw eigen schrift")
BORN: Final = D_("Uw geboortedatum")
BORN_ESTIMATED: Final = D_("Uw geboortedatum (geschat)")
V_NUMBER: Final = D_("Uw V-nummer")
PHONE: Final = D_("Uw telefoon")
EMAIL: Final = D_("Uw e-mail")
MUNICIPALITY: Final = D_("Uw gemeente")
_TALK: Final = D_("Gesprek op {day}, {interpreter}")
_OPEN: Final = D_("Dit gesprek is nog niet klaar.")
_NOTHING: Final = D_("Hier staan nog geen antwoorden.")
_OWN_WORDS: Final = D_("Dit staat er zoals wij het hebben opgeschreven.")
_UNCLEAR: Final = D_("Het is nog niet duidelijk. Wij leggen het opnieuw uit.")
_PLAN: Final = D_("Uw plan")
_DRAFT: Final = D_("Dit plan is nog niet klaar.")
_DISCUSSED: Final = D_("Besproken met u op")
_PATH: Final = D_("Waar gaat u heen?")
_OTHERS: Final = D_("Dit kan ook")
_ROUTE: Final = D_("Advies over uw leerroute")
_DECIDES: Final = D_("De gemeente beslist over uw leerroute.")
_GOAL: Final = D_("Doel {number}")
_HORIZON: Final = D_("Klaar op {day}.")
_FROM: Final = D_("Vanaf {day}.")
_UNTIL: Final = D_("Tot {day}.")
_NO_GOALS: Final = D_("Er zijn nog geen doelen.")
_VIEW: Final = D_("Wat u van het plan vindt")
_DONE: Final = D_("Wat u al heeft gedaan")
_CONSENTS: Final = D_("Waar u ja op heeft gezegd")
_CONSENT: Final = D_("{role}: {what}. U zei ja op {day}.")
_WITHDRAW: Final = D_("U mag dit altijd intrekken. Zeg het tegen ons.")
_ATTACHMENTS: Final = D_("Papieren in uw dossier")


@dataclass(frozen=True, slots=True)
class CopiedSection:
    """One part of a talk with the answers to it."""

    title: Said
    answers: tuple[Answer, ...]
    unclear: bool = False
    """It was not well understood: the paper says so."""


@dataclass(frozen=True, slots=True)
class CopiedTalk:
    """One talk."""

    title: Said
    day: Said
    interpreter: InterpreterMode
    finished: bool
    sections: tuple[CopiedSection, ...]


@dataclass(frozen=True, slots=True)
class CopiedActivity:
    """Something that took place; `amount` and `provider` are literal."""

    kind: ActivityKind
    provider: str
    amount: str
    ended: Said | None


@dataclass(frozen=True, slots=True)
class CopiedConsent:
    """A consent that stands."""

    category: str
    role: ReceiverRole
    day: Said


@dataclass(frozen=True, slots=True)
class CopiedPlan:
    """The plan, with its days in words by action and goal."""

    plan: Plan
    discussed: Said | None
    days: dict[str, Said]
    """ISO day → the day in words, for every day that stands in the plan."""


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """Everything the copy tells."""

    organisation: str
    day: Said
    created: datetime
    person: tuple[tuple[str, Text | Said], ...]
    """A label of this module with what stands behind it."""
    talks: tuple[CopiedTalk, ...] = ()
    plan: CopiedPlan | None = None
    activities: tuple[CopiedActivity, ...] = ()
    consents: tuple[CopiedConsent, ...] = ()
    attachments: tuple[tuple[AttachmentKind, Text], ...] = ()
    practice: bool = False


def client_copy(facts: CopyFacts, say: Speaker) -> ClientPage:
    """Return the copy in Dutch and in the language of `say`."""
    return ClientPage(
        title=say(_TITLE),
        language=say.language,
        sender=facts.organisation,
        made=say(MADE, day=facts.day, organisation=facts.organisation),
        created=facts.created,
        blocks=tuple(_blocks(facts, say)),
        unreviewed=tuple(say(line) for line in MACHINE_MADE),
        practice=facts.practice,
    )


def _blocks(facts: CopyFacts, say: Speaker) -> Iterator[Block]:
    yield from (Paragraph(say(text)) for text in _ABOUT)
    yield Heading(say(_WHO))
    yield from (Fact(say(label), value) for label, value in facts.person)
    for talk in facts.talks:
        yield from _talk(talk, say)
    if facts.plan is not None:
        yield from _plan(facts.plan, say)
    if facts.activities:
        yield Heading(say(_DONE))
        yield from (_activity(each, say) for each in facts.activities)
    if facts.consents:
        yield Heading(say(_CONSENTS))
        yield from (Item(_consent(each, say), mark="✓") for each in facts.consents)
        yield Paragraph(say(_WITHDRAW))
    if facts.attachments:
        yield Heading(say(_ATTACHMENTS))
        for kind, title in facts.attachments:
            yield Fact(say(client_words.ATTACHMENTS[kind]), title)


def _talk(talk: CopiedTalk, say: Speaker) -> Iterator[Block]:
    yield Heading(talk.title)
    how = say(client_words.INTERPRETERS[talk.interpreter])
    yield Paragraph(say(_TALK, day=talk.day, interpreter=how))
    if not talk.finished:
        yield Paragraph(say(_OPEN))
    if not talk.sections:
        yield Paragraph(say(_NOTHING))
    elif any(isinstance(a.answer, Text) for s in talk.sections for a in s.answers):
        yield Paragraph(say(_OWN_WORDS))
    for section in talk.sections:
        yield Heading(section.title, level=2)
        if section.unclear:
            yield Paragraph(say(_UNCLEAR), strong=True)
        yield from section.answers


def _plan(copied: CopiedPlan, say: Speaker) -> Iterator[Block]:
    plan = copied.plan
    yield Heading(say(_PLAN))
    if plan.state is PlanState.CONCEPT:
        yield Paragraph(say(_DRAFT), strong=True)
    if copied.discussed is not None:
        yield Fact(say(_DISCUSSED), copied.discussed)
    if plan.main_path is not None:
        yield Fact(say(_PATH), say(client_words.PATHS[plan.main_path]))
    if plan.other_paths:
        others = [say(client_words.PATHS[path]) for path in plan.other_paths]
        yield Fact(say(_OTHERS), say.joined(others))
    if plan.leerroute is not Leerroute.NOG_NIET:
        yield Fact(say(_ROUTE), say(client_words.ROUTES[plan.leerroute]))
        yield Paragraph(say(_DECIDES))
    if not plan.goals:
        yield Paragraph(say(_NO_GOALS))
    for number, goal in enumerate(plan.goals, 1):
        yield Heading(say(_GOAL, number=say.number(number)), level=2)
        yield Literal(written(goal.text))
        if goal.horizon is not None:
            yield Paragraph(say(_HORIZON, day=copied.days[goal.horizon.isoformat()]))
        for action in goal.actions:
            yield from _action(action, copied, say)
    if plan.client_view:
        yield Heading(say(_VIEW), level=2)
        yield Literal(written(plan.client_view))


def _action(action: Action, copied: CopiedPlan, say: Speaker) -> Iterator[Block]:
    days = []
    if action.start is not None:
        days.append(say(_FROM, day=copied.days[action.start.isoformat()]))
    if action.end is not None:
        days.append(say(_UNTIL, day=copied.days[action.end.isoformat()]))
    told = [say(client_words.DOERS[action.doer]), *days]
    told.append(say(client_words.ACTION_STATES[action.state]))
    result = written(action.result) if action.result else None
    yield Agreement(written(action.what), say.joined(told, " "), result)


def _activity(activity: CopiedActivity, say: Speaker) -> Fact:
    name = say(client_words.ACTIVITIES[activity.kind])
    told = " · ".join(part for part in (activity.provider, activity.amount) if part)
    if activity.ended is not None:
        name = say.joined([name, activity.ended])
    return Fact(name, written(told))


def _consent(consent: CopiedConsent, say: Speaker) -> Said:
    what = client_words.CATEGORIES.get(consent.category, client_words.OTHER_CATEGORY)
    role = say(client_words.ROLES[consent.role])
    return say(_CONSENT, role=role, what=say(what), day=consent.day)
