"""What a printed dossier says, ready to be laid out: plain dataclasses, no rules of their own.

Every text is literal: no character of it has a meaning to the typesetter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from intake_app.domain.interview import AnswerState


@dataclass(frozen=True, slots=True)
class Text:
    """Words in one language; `language` is a code of `i18n.languages` and sets the direction.

    An unknown code is printed from left to right and called 'andere taal'.
    """

    text: str
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label (Dutch) and what stands behind it; an empty value is printed as a dash."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one heading, such as the person, the household or the koppeling."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer, in Dutch and as it was shown to the client."""

    question: str
    answer: str
    """Dutch. Empty unless `state` is ANSWERED; the state's own words are printed otherwise."""
    state: AnswerState = AnswerState.ANSWERED
    shown_question: Text | None = None
    """The question in the client's language; None when it was only put in Dutch."""
    shown_answer: Text | None = None
    unreviewed: bool = False
    """True when the shown text is a translation no named person has checked yet."""
    weak: bool = False
    """True when the answer may not have been understood well: marked with a word and a sign."""
    note: str = ""
    """A note of the colleague that goes with the handover."""
    source: str = ""
    """Whose answer it is when not the client's, in Dutch, as it follows 'antwoord':
    'van de collega', 'uit een document'; '' prints nothing."""


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of one section of a form."""

    title: str
    rows: tuple[AnswerRow, ...]
    introduction: str = ""
    """A sentence on how the section came about: date, language, interpreter."""


@dataclass(frozen=True, slots=True)
class PlanAction:
    """One action of a goal; all texts Dutch, ready to print."""

    what: str
    who: str
    period: str = ""
    state: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """A goal with its life domain (leefgebied) and its actions."""

    text: str
    area: str
    horizon: date | None = None
    actions: tuple[PlanAction, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPart:
    """The plan van aanpak: facts about it (vervolgpad, leerroute, date), goals, client's view."""

    facts: tuple[Fact, ...] = ()
    goals: tuple[PlanGoal, ...] = ()
    client_view: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something the sender knows and does not hand over, and why."""

    what: str
    reason: str
    basis: str = ""
    """The legal basis in short, such as 'AVG art. 9 lid 1'."""


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The head of the sender's log at the moment of handing over."""

    sequence: int
    digest: str
    """Hexadecimal SHA-256."""


@dataclass(frozen=True, slots=True)
class DossierDocument:
    """A whole dossier for print and screen.

    The bytes made from it depend on these values only, so `created` is also the date inside the
    PDF. It must be an aware time; it is printed in the time zone it carries.
    """

    title: str
    """Title of the document without the person's data, such as 'Overdrachtsdossier'."""
    subject: str
    """Whom it is about, as the large line of the first page."""
    created: datetime
    dossier_id: str
    """The short number people name on the telephone."""
    version: int
    sender: str
    recipient: str
    facts: tuple[FactGroup, ...] = ()
    sections: tuple[AnswerSection, ...] = ()
    plan: PlanPart | None = None
    left_out: tuple[LeftOut, ...] = ()
    audit_head: AuditHead | None = None
    practice: bool = False
    """True for fictional data: every page says so."""
