"""What the engine shows to the rest of the program: keys, views, changes, snapshots.

All classes are frozen values. Names and fields are the interface other parts code against.
Paths are absolute and without positions (``/data/werk/baan/functie``); which instance of a repeat
is meant is said by the UUID of the innermost repeat instance around the node.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from intake_app.xforms.errors import FormError


class AnswerState(StrEnum):
    """What is known about an answer, beside its value. Only ANSWERED goes with a value."""

    NONE = ""
    ANSWERED = "ingevuld"
    UNKNOWN = "weet_niet"
    REFUSED = "wil_niet_zeggen"
    NOT_ASKED = "niet_gevraagd"
    NOT_APPLICABLE = "nvt"


class QuestionKind(StrEnum):
    """How a leaf of the form is asked. CALCULATED covers every leaf without a control."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    RANGE = "range"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    UPLOAD = "upload"
    CALCULATED = "calculated"

    @property
    def askable(self) -> bool:
        """Whether a person gives an answer to it (a note shows, a calculation computes)."""
        return self not in (QuestionKind.NOTE, QuestionKind.CALCULATED)


class NodeKey(NamedTuple):
    """One node of one filling: path without positions, and the innermost repeat instance.

    A tuple, because every node of every instance has one and they are hashed all the time.
    """

    path: str
    repeat: UUID | None = None

    def __str__(self) -> str:
        return self.path if self.repeat is None else f"{self.path}@{self.repeat}"

    def _order(self) -> tuple[str, str]:
        return self.path, str(self.repeat or "")

    def __lt__(self, other: object) -> bool:
        return self._order() < other._order() if isinstance(other, NodeKey) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._order() <= other._order() if isinstance(other, NodeKey) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._order() > other._order() if isinstance(other, NodeKey) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._order() >= other._order() if isinstance(other, NodeKey) else NotImplemented


PageKey = NodeKey


@dataclass(frozen=True, slots=True)
class QuestionDefinition:
    """One leaf of the form as its author wrote it; the same for every filling.

    `attributes` are the custom bind attributes by local name (``sharing``, ``purpose``). `group` is
    the path of the enclosing group, `section` of the top-level group ("" when the leaf is directly
    under the root), `repeat` of the innermost enclosing repeat. `parameters` are the attributes of
    the control that are not common to all (``start``, ``end``, ``step``, ``rows``, ``mediatype``).
    """

    path: str
    name: str
    kind: QuestionKind
    appearance: tuple[str, ...] = ()
    data_type: str = "string"
    attributes: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    section: str = ""
    repeat: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


TextKind = Literal["label", "hint", "guidance", "constraint", "required", "choice"]
TextStatus = Literal["source", "reviewed", "unreviewed", "missing"]


class TextRef(NamedTuple):
    """Which text of a form is meant; stable across languages.

    `name` is the name of the question, group or repeat, or ``<list>/<value>`` for a choice.
    """

    kind: TextKind
    name: str


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text ready to show.

    `language` is the language of the text that is really shown (the source language when a
    translation is missing); `status` says how far it can be trusted.
    """

    text: str
    language: str
    status: TextStatus = "source"


class Texts(Protocol):
    """Gives translations of source texts; injected, the engine has no catalogue of its own."""

    def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
        """The text of `ref` in `language`, or the source with status "missing".

        `source` is the author's text with ``${name}`` placeholders for outputs. The result keeps
        the same set of placeholders, in any order; the engine fills them in afterwards.
        """
        ...


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level group with its progress. `total` counts relevant askable questions only."""

    path: str
    name: str
    relevant: bool
    answered: int
    total: int
    pages: tuple[PageKey, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What is on the screen at once.

    kind "question": one question or note. "group": all of a field-list group, in order.
    "repeat": the cards of a repeat; `keys` is empty, its instances come from `repeats()`.
    `title_ref` is the text reference of the group or repeat label; None for a question page.
    """

    key: PageKey
    section: str
    keys: tuple[NodeKey, ...]
    kind: Literal["question", "group", "repeat"]
    title_ref: TextRef | None = None


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One choice of a select as it is to be shown. `media` by form: image, audio, video."""

    value: str
    label: ShownText
    ref: str
    media: Mapping[str, str] = field(default_factory=dict)


ProblemKind = Literal["required", "constraint", "type"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one relevant question that a person should look at."""

    key: NodeKey
    kind: ProblemKind
    text: ShownText


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Everything a window needs to draw one question in one language, at this moment."""

    key: NodeKey
    definition: QuestionDefinition
    value: str
    state: AnswerState
    relevant: bool
    readonly: bool
    required: bool
    label: ShownText
    hint: ShownText | None
    guidance: ShownText | None
    choices: tuple[ChoiceView, ...]
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What one operation changed, the cause included. Nothing else changed.

    `hidden_answers` are the keys that hold an answer and became irrelevant by this operation, in
    document order; the answers are kept and come back when the question becomes relevant again.
    """

    values: frozenset[NodeKey] = frozenset()
    states: frozenset[NodeKey] = frozenset()
    relevance: frozenset[NodeKey] = frozenset()
    required: frozenset[NodeKey] = frozenset()
    readonly: frozenset[NodeKey] = frozenset()
    choices: frozenset[NodeKey] = frozenset()
    labels: frozenset[NodeKey] = frozenset()
    problems: frozenset[NodeKey] = frozenset()
    repeats_added: tuple[tuple[str, UUID], ...] = ()
    repeats_removed: tuple[tuple[str, UUID], ...] = ()
    hidden_answers: tuple[NodeKey, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A value (XForms lexical string) and its state."""

    key: NodeKey
    value: str
    state: AnswerState


@dataclass(frozen=True, slots=True)
class StoredRepeat:
    """One instance of a repeat; `position` counts from 0 among the instances of one parent."""

    path: str
    id: UUID
    parent: UUID | None
    position: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of a session that cannot be derived again: answers, states, repeat instances.

    Answers are in document order, repeats parents first. `structure_hash` may be empty (then it is
    not checked); otherwise restoring onto a form with another structure is refused.
    """

    form_id: str
    structure_hash: str
    answers: tuple[StoredAnswer, ...]
    repeats: tuple[StoredRepeat, ...]

    def to_json(self) -> dict[str, Any]:
        """A value of plain dicts, lists and strings for `json.dumps`."""
        return {
            "form_id": self.form_id,
            "structure_hash": self.structure_hash,
            "answers": [
                {
                    "path": a.key.path,
                    "repeat": None if a.key.repeat is None else str(a.key.repeat),
                    "value": a.value,
                    "state": a.state.value,
                }
                for a in self.answers
            ],
            "repeats": [
                {
                    "path": r.path,
                    "id": str(r.id),
                    "parent": None if r.parent is None else str(r.parent),
                    "position": r.position,
                }
                for r in self.repeats
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Snapshot:
        """The inverse of `to_json`. Raises FormError when the shape is wrong."""
        try:
            return cls(
                form_id=str(data["form_id"]),
                structure_hash=str(data["structure_hash"]),
                answers=tuple(
                    StoredAnswer(
                        NodeKey(str(a["path"]), _uuid(a["repeat"])),
                        str(a["value"]),
                        AnswerState(a["state"]),
                    )
                    for a in data["answers"]
                ),
                repeats=tuple(
                    StoredRepeat(
                        str(r["path"]), UUID(r["id"]), _uuid(r["parent"]), int(r["position"])
                    )
                    for r in data["repeats"]
                ),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FormError("snapshot", "not a snapshot of a filling") from error


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
