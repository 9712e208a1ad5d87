"""A number on a scale: large buttons where they fit, else a number with the ends named."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.number import NumberAnswer
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.text import Caption
from intake_app.xforms import QuestionView

MOST_BUTTONS = 11


class ScaleAnswer(AnswerWidget):
    """Chooses one step of a range; choosing it again takes the answer away."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(8))
        self._buttons_box = QWidget()
        self._flow = FlowLayout(self.theme.gap(8), self._buttons_box)
        column.addWidget(self._buttons_box)
        self._number = NumberAnswer(tools)
        self._number.answer_changed.connect(self.answer_changed)
        self._number.touched.connect(self.touched)
        column.addWidget(self._number)
        self._ends = Caption(self.theme, "")
        column.addWidget(self._ends)
        self._buttons: dict[str, QuietButton] = {}
        self._value = ""
        self._readonly = False

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        self._value, self._readonly = view.value, view.readonly
        steps = scale_steps(view.definition.parameters)
        few = 0 < len(steps) <= MOST_BUTTONS
        self._buttons_box.setVisible(few)
        self._number.setVisible(not few)
        if few and tuple(self._buttons) != steps:
            self._build(steps, view.label.text)
        self._number.set_question(view, other)
        words = self.tr_.gettext("Van {first} tot en met {last}")
        self._ends.setVisible(bool(steps) and not few)
        if steps:
            self._ends.set_text(words.format(first=steps[0], last=steps[-1]))
        self._show()

    def focus_first(self) -> None:
        if self._buttons_box.isHidden():
            self._number.focus_first()
        elif self._buttons:
            self._buttons.get(self._value, next(iter(self._buttons.values()))).setFocus()

    def flush(self) -> None:
        if self._buttons_box.isHidden():
            self._number.flush()

    def keep(self) -> None:
        if self._buttons_box.isHidden():
            self._number.keep()

    def discard(self) -> None:
        self._number.discard()

    def choose(self, number: int) -> bool:
        button = self._buttons.get(str(number))
        if button is None or self._buttons_box.isHidden():
            return False
        self._chosen(str(number))
        return True

    def set_problem(self, wrong: bool) -> None:
        self._number.set_problem(wrong)

    def _build(self, steps: tuple[str, ...], label: str) -> None:
        for button in self._buttons.values():
            self._flow.removeWidget(button)
            button.deleteLater()
        self._buttons = {}
        for step in steps:
            button = QuietButton(self.theme, step, name=f"scale-{step}", parent=self._buttons_box)
            button.setCheckable(True)
            button.setAccessibleName(f"{label}: {step}")
            button.clicked.connect(lambda _=False, s=step: self._chosen(s))
            self.watch(button)
            self._flow.addWidget(button)
            self._buttons[step] = button

    def _chosen(self, step: str) -> None:
        if not self._readonly:
            self._value = "" if step == self._value else step
            self.answer_changed.emit(self._value)
        self._show()

    def _show(self) -> None:
        for step, button in self._buttons.items():
            button.setChecked(step == self._value)
            button.setEnabled(not self._readonly)


def scale_steps(parameters: Mapping[str, str]) -> tuple[str, ...]:
    """Return the steps of a range (start, end, step) as lexical numbers; () for none or > 1000."""
    try:
        start, end = Decimal(parameters.get("start", "")), Decimal(parameters.get("end", ""))
        step = Decimal(parameters.get("step", "1"))
    except InvalidOperation:
        return ()
    if step == 0 or (end - start) / step < 0:
        return ()
    count = int((end - start) / step) + 1
    if count > 1000:
        return ()
    return tuple(f"{(start + step * i).normalize():f}" for i in range(count))
