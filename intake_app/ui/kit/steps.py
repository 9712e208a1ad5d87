"""Numbered steps on one page; each collapses to a line when it is done."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.surfaces import Card, Tag
from intake_app.ui.kit.text import Caption, Heading, Muted
from intake_app.ui.theme import Theme

StepState = Literal["todo", "current", "done"]


class Step(Card):
    """One step: number, title, one line of summary when closed, its contents when open."""

    reopened = Signal()

    def __init__(
        self,
        theme: Theme,
        number: int,
        title: str,
        content: QWidget,
        *,
        change_text: str,
        hint: str = "",
        name: str = "",
    ) -> None:
        super().__init__(theme, padding=(24, 14), name=name)
        self._number, self._hint = number, hint
        self.state: StepState = "todo"
        self.content = content
        top = QHBoxLayout()
        self.body.addLayout(top)
        top.setSpacing(theme.gap(16))
        self._tag = Tag(theme, str(number), "muted")
        self.title = Heading(theme, title)
        self._summary = Muted(theme, hint)
        self._note = Caption(theme, "")
        self._change = TextLink(theme, change_text, name=f"{name}-change" if name else "")
        self._change.setAccessibleName(f"{change_text}: {title}")
        self._change.clicked.connect(self.reopened)
        self._action: QWidget | None = None
        self._top = top
        middle = Qt.AlignmentFlag.AlignVCenter
        top.addWidget(self._tag, 0, middle)
        words = QVBoxLayout()
        top.addLayout(words, 1)
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self._summary)
        words.addWidget(self._note)
        top.addWidget(self._change, 0, middle)
        self.body.addWidget(content)
        self.setAccessibleName(f"{number}. {title}")
        self.set_state("todo")

    def set_state(self, state: StepState, *, summary: str = "", note: str = "") -> None:
        """Close or open the step; `summary` and `note` say what came out of a done one."""
        self.state = state
        kind: Literal["ok", "accent", "muted"] = "muted"
        if state == "done":
            kind = "ok"
        elif state == "current":
            kind = "accent"
        mark = f"✓ {self._number}" if state == "done" else str(self._number)
        self._tag.set_kind(mark, kind)
        self._tag.updateGeometry()
        self.title.set_color("muted" if state == "todo" else "ink")
        line = summary if state == "done" else (self._hint if state == "todo" else "")
        self._summary.set_text(line)
        self._summary.setVisible(bool(line))
        self._note.set_text(note)
        self._note.setVisible(bool(note))
        self._change.setVisible(state == "done")
        self.content.setVisible(state == "current")
        self.updateGeometry()

    def set_note(self, note: str) -> None:
        """Change the small line under the title."""
        self._note.set_text(note)
        self._note.setVisible(bool(note))


class StepList(QWidget):
    """Steps of which one is open at a time.

    `opened(int)` tells which step was opened, also by "change" on a done one.
    """

    opened = Signal(int)

    def __init__(self, theme: Theme, *, change_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._change_text = change_text
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.gap(12))
        self.steps: list[Step] = []

    def add_step(self, title: str, content: QWidget, *, hint: str = "", name: str = "") -> Step:
        """Add a step at the end and return it; the first one is open."""
        number = len(self.steps)
        step = Step(
            self._theme,
            number + 1,
            title,
            content,
            change_text=self._change_text,
            hint=hint,
            name=name,
        )
        step.reopened.connect(lambda n=number: self.open(n))
        self.steps.append(step)
        self._column.addWidget(step)
        if number == 0:
            step.set_state("current")
        return step

    def open(self, number: int) -> None:
        """Open one step; later ones are still to do, earlier ones keep what came out."""
        for index, step in enumerate(self.steps):
            if index > number or (index == number and step.state != "current"):
                step.set_state("todo")
        self.steps[number].set_state("current")
        self.opened.emit(number)

    def done(self, number: int, summary: str, *, note: str = "", open_next: bool = True) -> None:
        """Close a step with what came out of it and open the next one."""
        self.steps[number].set_state("done", summary=summary, note=note)
        if open_next and number + 1 < len(self.steps):
            self.steps[number + 1].set_state("current")
            self.opened.emit(number + 1)

    def current(self) -> int:
        """Return the open step, or the number of steps when all are done."""
        states = [step.state for step in self.steps]
        return states.index("current") if "current" in states else len(states)
