"""Fill an open interview by script: for practice, the tour and tests; never for a real person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from intake_app.domain.interview import AnswerState
from intake_app.xforms import AnswerRefused, NodeKey, QuestionKind

if TYPE_CHECKING:
    from intake_app.flows.interview import InterviewFlow
    from intake_app.xforms import QuestionView

_ASKED = frozenset(
    {
        QuestionKind.TEXT,
        QuestionKind.INTEGER,
        QuestionKind.DECIMAL,
        QuestionKind.DATE,
        QuestionKind.TIME,
        QuestionKind.DATETIME,
        QuestionKind.SELECT_ONE,
        QuestionKind.SELECT_MULTIPLE,
        QuestionKind.RANK,
        QuestionKind.RANGE,
        QuestionKind.ACKNOWLEDGE,
    }
)


def fill(
    flow: InterviewFlow,
    answers: Mapping[str, str],
    *,
    choose: bool = True,
    most_pages: int | None = None,
) -> int:
    """Answer page by page as a person would, and return how many questions were passed.

    A question named in `answers` gets that value. Of the others, with `choose`, a question with
    choices gets one that follows from its name, so that two runs agree; all the rest become
    'niet gevraagd'. Stops after `most_pages` pages, with the position on the page that follows.
    Nothing is ever guessed for a question that would make the form invalid: that one too becomes
    'niet gevraagd'.
    """
    passed = 0
    pages = flow.session.pages()
    page = pages[0] if pages else None
    seen = 0
    while page is not None:
        for key in page.keys:
            if flow.session.view(key).relevant:
                passed += _answer(flow, key, answers, choose=choose)
        seen += 1
        page = flow.session.next_page(page.key)
        if page is not None:
            flow.move_to(page.key)
        if most_pages is not None and seen >= most_pages:
            break
    return passed


def _answer(flow: InterviewFlow, key: NodeKey, answers: Mapping[str, str], *, choose: bool) -> int:
    view = flow.session.view(key)
    if view.definition.kind not in _ASKED or view.readonly:
        return 0
    value = answers.get(view.definition.name)
    if value is None and choose:
        value = _chosen(view)
    if value:
        try:
            flow.answer(key, value)
        except AnswerRefused:
            value = None
    if not value or flow.session.view(key).problem is not None:
        flow.set_state(key, AnswerState.NOT_ASKED)
    return 1


def _chosen(view: QuestionView) -> str | None:
    if view.definition.kind is QuestionKind.ACKNOWLEDGE:
        return "OK"
    if not view.choices or view.definition.kind is QuestionKind.RANK:
        return None
    place = sum(view.definition.name.encode()) % len(view.choices)
    return view.choices[place].value
