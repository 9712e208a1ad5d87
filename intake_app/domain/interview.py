"""A stored filling of a form for a person, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AnswerState(StrEnum):
    """How a question stands, beside its value (never a sentinel value in it).

    The words are those of the form engine, so that they mean the same in the record.
    """

    NONE = ""
    ANSWERED = "ingevuld"
    UNKNOWN = "weet_niet"
    REFUSED = "wil_niet_zeggen"
    NOT_ASKED = "niet_gevraagd"
    NOT_APPLICABLE = "nvt"


class AnswerSource(StrEnum):
    """Where an answer comes from."""

    CLIENT = "client"
    COA = "coa"
    DOCUMENT = "document"
    ASSESSOR = "assessor"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class FormVersion:
    """An immutable compiled form; `sha256` (hex, of `xml`) is what an interview is pinned to."""

    sha256: str
    form_id: str
    version: str
    structure_hash: str
    xml: bytes


class InterviewState(StrEnum):
    """Open, or vastgesteld: its meaning for the typed tables has been mapped."""

    OPEN = "open"
    VASTGESTELD = "vastgesteld"


class InterpreterMode(StrEnum):
    """How somebody interpreted."""

    GEEN = "geen"
    AANWEZIG = "aanwezig"
    TELEFOON = "telefoon"
    VIDEO = "video"
    NAASTE = "naaste"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class LanguageUse:
    """From when on the client was spoken to in a language (ISO 639); `since` is aware."""

    language: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Who interpreted, how, in which language; and which sections were told back."""

    mode: InterpreterMode = InterpreterMode.GEEN
    interpreter: str = ""
    """Name or number of the interpreter's service; never a relative's full name."""
    language: str = ""
    told_back: tuple[str, ...] = ()
    """Section paths the client told back in their own words."""
    weak: tuple[str, ...] = ()
    """Section paths with weak understanding: marked in dossier and print."""
    languages: tuple[LanguageUse, ...] = ()
    """The languages of the talk in the order they were used; empty while it was one all along."""


@dataclass(frozen=True, slots=True)
class Interview:
    """One filling, pinned to the `FormVersion` it began with."""

    interview_id: UUID
    person_id: UUID
    form_id: str
    form_sha256: str
    language: str
    state: InterviewState
    started_at: datetime
    interpretation: Interpretation = Interpretation()
    position_path: str = ""
    """Path of the question that has the focus, so that a restart lands on it."""
    position_repeat: UUID | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One row per question. Key: `interview_id`, `path`, `repeat` (innermost repeat instance).

    `value` is the XForms lexical string, '' unless `state` is ANSWERED.
    """

    interview_id: UUID
    path: str
    repeat: UUID | None
    value: str
    state: AnswerState
    author_id: UUID
    at: datetime
    source: AnswerSource = AnswerSource.CLIENT
    note: str = ""
    note_in_handover: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class AsideAnswer:
    """An answer that has no place in the form version its interview was moved to.

    `answer` is the row as it was, under the version `form_sha256`; `question` and `shown` are its
    question and value in Dutch as they stood on the screen then. `reason` is a code of
    `formio.moving.OrphanReason`.
    """

    aside_id: UUID
    form_sha256: str
    answer: Answer
    question: str
    shown: str
    reason: str
    moved_at: datetime
    moved_by: UUID


@dataclass(frozen=True, slots=True)
class RepeatInstance:
    """One instance of a repeat; `position` is 0-based among its siblings."""

    interview_id: UUID
    path: str
    instance: UUID
    parent: UUID | None
    position: int


@dataclass(frozen=True, slots=True)
class RemovedRepeat:
    """An instance that was taken away at `at` (aware); it and its answers can stand again."""

    row: RepeatInstance
    at: datetime
