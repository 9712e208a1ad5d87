"""How many questions a filling asks, and how long that takes through an interpreter.

The time is an estimate, for planning a talk and for noticing a form that grew too long:

- what is said to the person is said twice, once by the colleague and once by the interpreter, at
  `WORDS_PER_MINUTE` each;
- an answer takes `ANSWER_SECONDS` by kind of question, its translation included; an open answer
  (a text of several lines) takes longer than a word;
- what only the colleague fills in takes `STAFF_SECONDS`;
- `SETTLING_SECONDS` go to sitting down and reaching the interpreter.

These figures are assumptions of ours, not measurements. Time ten real talks and correct them here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from intake_app.xforms import FormSession, QuestionKind, QuestionView

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS_PER_MINUTE: Final = 130
SETTLING_SECONDS: Final = 180
OPEN_ANSWER_SECONDS: Final = 60
ANSWER_SECONDS: Final[Mapping[QuestionKind, int]] = MappingProxyType(
    {
        QuestionKind.SELECT_ONE: 10,
        QuestionKind.SELECT_MULTIPLE: 20,
        QuestionKind.INTEGER: 10,
        QuestionKind.DATE: 10,
        QuestionKind.TEXT: 25,
    }
)
STAFF_SECONDS: Final[Mapping[QuestionKind, int]] = MappingProxyType({QuestionKind.TEXT: 40})
OTHER_ANSWER_SECONDS: Final = 15
OTHER_STAFF_SECONDS: Final = 5

DEEPER: Final = "verdiepen_"
"""Questions whose name begins so decide whether more is asked; ‘nee’ keeps to the core."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What one filling asks: questions to the person, questions of the colleague, seconds."""

    client: int
    staff: int
    seconds: int

    @property
    def minutes(self) -> float:
        """The estimate in minutes."""
        return self.seconds / 60


def pace_of(session: FormSession) -> Pace:
    """Count what is relevant in `session` now, answered or not, every repeat instance apart."""
    client = staff = 0
    seconds = float(SETTLING_SECONDS)
    for view in _shown(session):
        kind, own = view.definition.kind, view.definition.attributes.get("audience") == "staff"
        if not own:
            seconds += 2 * 60 * _words(view) / WORDS_PER_MINUTE
        if not kind.askable:
            continue
        client, staff = client + (not own), staff + own
        if own:
            seconds += STAFF_SECONDS.get(kind, OTHER_STAFF_SECONDS)
        elif kind is QuestionKind.TEXT and "multiline" in view.definition.appearance:
            seconds += OPEN_ANSWER_SECONDS
        else:
            seconds += ANSWER_SECONDS.get(kind, OTHER_ANSWER_SECONDS)
    return Pace(client, staff, round(seconds))


def keep_to_the_core(session: FormSession) -> None:
    """Answer every question that opens a deepening with ‘nee’; changes `session`."""
    for view in list(_shown(session)):
        if view.definition.name.startswith(DEEPER):
            session.answer(view.key, "nee")


def _shown(session: FormSession) -> Iterator[QuestionView]:
    for page in session.pages():
        for key in page.keys:
            view = session.view(key)
            if view.relevant and not (view.readonly and view.definition.kind.askable):
                yield view


def _words(view: QuestionView) -> int:
    texts = [view.label.text, view.hint.text if view.hint is not None else ""]
    return sum(len(re.findall(r"\w+", text)) for text in texts)
