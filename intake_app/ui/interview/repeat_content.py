"""What the page of a repeat shows: its instances, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from intake_app.domain.interview import Answer
from intake_app.flows.interview_look import in_words
from intake_app.i18n.bidi import isolate
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.xforms import AnswerRefused, NodeKey, Page, QuestionView
from intake_app.xforms.definition import BodyItem

FACTS = 3
"""How many answers say which instance a card is."""

TABLE = "table"
"""Appearance of a repeat whose author wants it as a table."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question of one instance, in the colleague's language and the client's, with its row."""

    view: QuestionView
    other: QuestionView | None
    row: Answer | None
    words: str

    @property
    def key(self) -> NodeKey:
        """Return which question this is, in which instance."""
        return self.view.key


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance: its first page, some words on it, and its own questions in order."""

    id: UUID
    first: NodeKey | None
    facts: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RepeatContent:
    """All of it. `fixed` where the form says how many there are; `wants_table` by its author."""

    instances: tuple[Instance, ...]
    fixed: bool
    wants_table: bool


def content_of(bridge: InterviewBridge, page: Page) -> RepeatContent:
    """Return what a page of kind 'repeat' shows now."""
    flow = bridge.flow
    path = page.key.path
    own_questions = [
        question
        for question in flow.form.questions.values()
        if question.repeat == path and question.kind.askable
    ]
    pages = flow.session.pages()
    instances = []
    for instance in flow.session.repeats(path, page.key.repeat):
        first = next((p.key for p in pages if p.key.repeat == instance and p.keys), None)
        keys = [NodeKey(question.path, instance) for question in own_questions]
        cells = tuple(cell for key in keys if (cell := _cell(bridge, key)) is not None)
        known = [cell.words for cell in cells if cell.view.relevant and cell.view.value]
        instances.append(Instance(instance, first, " · ".join(known[:FACTS]), cells))
    node = flow.form.model.nodes[path]
    return RepeatContent(
        instances=tuple(instances),
        fixed=node.count is not None or node.fixed or not flow.is_open,
        wants_table=TABLE in _appearance(flow.form.model.body, path),
    )


def _cell(bridge: InterviewBridge, key: NodeKey) -> Cell | None:
    try:
        view, other = bridge.views(key)
    except AnswerRefused:
        return None
    texts = in_words(bridge.flow.session, key, view.value, bridge.own_language)
    words = ", ".join(isolate(text.text) for text in texts)
    return Cell(view, other, bridge.flow.row(key), words)


def _appearance(items: list[BodyItem], path: str) -> tuple[str, ...]:
    for item in items:
        if item.kind == "repeat" and item.definition is not None and item.definition.path == path:
            return item.appearance
        found = _appearance(item.children, path)
        if found:
            return found
    return ()
