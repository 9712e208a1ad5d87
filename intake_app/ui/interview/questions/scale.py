"""A number on a scale: large buttons where they fit, else a slider with the number beside it.

Appearances: `picker` gives a list to choose from, `vertical` stands the slider up, `no-ticks`
leaves its marks out, `rating` is a row of buttons. The words of the steps, where a form names some
of them, stand at the ends in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.i18n.bidi import isolate
from intake_app.i18n.languages import direction
from intake_app.i18n.numbers import show_number
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.number import NumberAnswer
from intake_app.ui.interview.questions.scale_parts import EndWords, RangeSlider, StepButton
from intake_app.ui.kit.inputs import Combo, mark_problem
from intake_app.ui.kit.text import Body, Caption, LangLabel
from intake_app.xforms import QuestionView, ShownText

MOST_BUTTONS = 11
MOST_PICKED = 200
"""More steps than this are typed rather than picked from a list."""
SAY_MS = 600
"""How long after the last key the place of a slider is said."""


class ScaleAnswer(AnswerWidget):
    """Chooses one step of a range; choosing it again takes the answer away.

    A scale without an answer shows none: no button is on, the slider stands nowhere.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self.theme.gap(8))
        self._body: QWidget | None = None
        self._built: tuple[object, ...] = ()
        self._buttons: dict[str, StepButton] = {}
        self._slider: RangeSlider | None = None
        self._number: NumberAnswer | None = None
        self._picker: Combo | None = None
        self._chosen_words: Body | None = None
        self._steps: tuple[str, ...] = ()
        self._names: dict[str, str] = {}
        self._label = ""
        self._language = "nl"
        self._value = ""
        self._readonly = False
        self._dirty = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAY_MS)
        self._timer.timeout.connect(self.flush)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        self._readonly = view.readonly
        self._label, self._language = view.label.text, view.label.language
        if not self._dirty:
            self._value = view.value
        steps = scale_steps(view.definition.parameters)
        ends = _end_words(steps, view, other)
        shape = _shape(view.definition.appearance, steps)
        # names of steps belong to the widgets: other words, other widgets
        built = (shape, steps, ends, view.choices, self._label)
        if built != self._built:
            self._built, self._steps = built, steps
            self._names = _step_names(view, other)
            self._build(shape, ends, view)
        if self._number is not None:
            self._number.set_question(view, other)
        self._show()

    def focus_first(self) -> None:
        if self._buttons:
            self._buttons.get(self._value, next(iter(self._buttons.values()))).setFocus()
        elif self._slider is not None:
            self._slider.setFocus()
        elif self._picker is not None:
            self._picker.setFocus()
        elif self._number is not None:
            self._number.focus_first()

    def flush(self) -> None:
        self._timer.stop()
        if self._number is not None:
            self._number.flush()
        if self._dirty:
            self._dirty = False
            self.answer_changed.emit(self._value)

    def keep(self) -> None:
        if self._number is not None and self._value not in self._steps:
            self._number.keep()
        else:
            self._dirty = True

    def discard(self) -> None:
        self._timer.stop()
        self._dirty = False
        if self._number is not None:
            self._number.discard()

    def choose(self, number: int) -> bool:
        if str(number) not in self._buttons:
            return False
        self._press(str(number))
        return True

    def set_problem(self, wrong: bool) -> None:
        for button in self._buttons.values():
            button.set_wrong(wrong)
        if self._number is not None:
            self._number.set_problem(wrong)
        if self._slider is not None:
            self._slider.wrong = wrong
            self._slider.update()
        if self._picker is not None:
            mark_problem(self._picker, wrong)

    # ---- building ------------------------------------------------------------------------------

    def _build(
        self, shape: str, ends: tuple[tuple[ShownText, ...], ...], view: QuestionView
    ) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._buttons, self._slider, self._number, self._picker = {}, None, None, None
        self._chosen_words = None
        body = self._body = QWidget(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        body.setSizePolicy(policy)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(8))
        if shape == "buttons":
            self._build_buttons(column)
        elif shape == "picker":
            self._build_picker(column)
        elif shape in {"slider", "standing"}:
            ticks = "no-ticks" not in view.definition.appearance
            self._build_slider(column, ends, standing=shape == "standing", ticks=ticks)
        else:
            self._add_number(column)
        if any(ends) and shape != "standing":
            words = EndWords(self.theme, *ends)
            if shape == "buttons":
                words.setMaximumWidth(self._buttons_width())
            column.addWidget(words)
        self._column.addWidget(body)

    def _build_buttons(self, column: QVBoxLayout) -> None:
        box = QWidget()
        flow = FlowLayout(self.theme.gap(8), box)
        before: QWidget | None = None
        for step in self._steps:
            name = f"{self._label}: {self._named(step)}"
            shown = show_number(step, self._language)
            button = StepButton(self.theme, step, shown, name, box)
            button.chosen.connect(self._press)
            button.cross.connect(lambda by, s=step: self._go(s, by))
            button.step.connect(lambda by, s=step: self._go(s, by))
            self.watch(button)
            flow.add(button)
            self._buttons[step] = button
            if before is not None:
                QWidget.setTabOrder(before, button)
            before = button
        column.addWidget(box)

    def _buttons_width(self) -> int:
        gap = self.theme.gap(8)
        return sum(b.sizeHint().width() + gap for b in self._buttons.values()) - gap

    def _build_picker(self, column: QVBoxLayout) -> None:
        picker = self._picker = Combo(self.theme)
        picker.setObjectName("answer-picker")
        picker.addItem(self.tr_.gettext("Kies een getal"))
        for step in self._steps:
            picker.addItem(self._named(step))
        picker.setAccessibleName(self._label)
        picker.activated.connect(self._picked)
        self.watch(picker)
        column.addWidget(picker, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_slider(
        self,
        column: QVBoxLayout,
        ends: tuple[tuple[ShownText, ...], ...],
        *,
        standing: bool,
        ticks: bool,
    ) -> None:
        towards = Qt.Orientation.Vertical if standing else Qt.Orientation.Horizontal
        slider = self._slider = RangeSlider(self.theme, towards)
        # a screen reader says the number of the slider: that of the answer, where it can be
        offset = self._offset()
        last = len(self._steps) - 1
        slider.setRange(offset, offset + last)
        slider.setPageStep(max(1, last // 10))
        slider.ticks = 0 if not ticks else last + 1 if last <= 20 else 11
        slider.placed.connect(self._slid)
        slider.setAccessibleName(self._label)
        self.watch(slider)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        column.addLayout(row)
        row.setSpacing(self.theme.gap(16))
        row.addWidget(slider, 0 if standing else 1)
        side = QVBoxLayout()
        row.addLayout(side)
        side.setSpacing(self.theme.gap(4))
        if standing:
            # the high end of a slider that stands is above
            self._add_words(side, ends[-1])
        side.addStretch(1)
        self._chosen_words = Body(self.theme, "", wrap=False)
        side.addWidget(self._chosen_words)
        self._add_number(side)
        side.addStretch(1)
        if standing:
            self._add_words(side, ends[0])
        if standing:
            row.addStretch(1)

    def _add_words(self, place: QBoxLayout, texts: Sequence[ShownText]) -> None:
        for text in texts:
            label = LangLabel(self.theme, text.text, text.language, wrap=False)
            place.addWidget(label, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_number(self, place: QBoxLayout) -> None:
        number = self._number = NumberAnswer(self.tools)
        number.field.setMaximumWidth(self.theme.px(110))
        number.answer_changed.connect(self._typed)
        number.touched.connect(self.touched)
        place.addWidget(number)
        if self._steps:
            words = self.tr_.gettext("Van {first} tot en met {last}").format(
                first=show_number(self._steps[0], self._language),
                last=show_number(self._steps[-1], self._language),
            )
            place.addWidget(Caption(self.theme, words, wrap=False))

    # ---- doing ---------------------------------------------------------------------------------

    def _offset(self) -> int:
        """Return the number of the first step of a slider that counts as the answer does, or 0."""
        first = Decimal(self._steps[0])
        rises = len(self._steps) > 1 and Decimal(self._steps[1]) - first == 1
        return int(first) if rises and first == first.to_integral_value() else 0

    def _press(self, step: str) -> None:
        if not self._readonly:
            self._value = "" if step == self._value else step
            self._dirty = False
            self._show()
            self._buttons[step].setFocus()
            self.answer_changed.emit(self._value)

    def _go(self, step: str, by: int) -> None:
        at = self._steps.index(step) + by
        if 0 <= at < len(self._steps):
            self._buttons[self._steps[at]].setFocus()

    def _picked(self, index: int) -> None:
        self._value = "" if index == 0 else self._steps[index - 1]
        self.answer_changed.emit(self._value)

    def _slid(self) -> None:
        if self._slider is None:
            return
        if self._readonly:
            self._show()
            return
        self._value = self._steps[self._slider.value() - self._offset()]
        self._dirty = True
        if self._number is not None:
            self._number.show_value(self._value)
        self._show()
        self._timer.start()

    def _typed(self, value: str) -> None:
        self._timer.stop()
        self._dirty = False
        self._value = value
        self._show()
        self.answer_changed.emit(value)

    def _show(self) -> None:
        for step, button in self._buttons.items():
            button.set_on(step == self._value)
            button.setEnabled(not self._readonly)
        if self._picker is not None:
            at = self._steps.index(self._value) + 1 if self._value in self._steps else 0
            self._picker.setCurrentIndex(at)
            self._picker.setEnabled(not self._readonly)
        if self._slider is not None:
            known = self._value in self._steps
            self._slider.unset = not known
            if known:
                self._slider.setValue(self._offset() + self._steps.index(self._value))
            self._slider.setEnabled(not self._readonly)
            self._slider.update()
            none = self.tr_.gettext("Nog niets gekozen")
            said = self._named(self._value) if known else none
            self._slider.setAccessibleDescription(said)
            if self._chosen_words is not None:
                self._chosen_words.set_text(self._names.get(self._value, "") if known else none)
                self._chosen_words.setVisible(bool(self._chosen_words.text()))

    def _named(self, step: str) -> str:
        shown = show_number(step, self._language)
        words = self._names.get(step, "")
        return f"{shown}, {words}" if words else shown


def _shape(appearance: Sequence[str], steps: tuple[str, ...]) -> str:
    if not steps:
        return "number"
    if "picker" in appearance and len(steps) <= MOST_PICKED:
        return "picker"
    if "vertical" in appearance:
        return "standing"
    if len(steps) <= MOST_BUTTONS and "no-ticks" not in appearance:
        return "buttons"
    return "slider"


def _end_words(
    steps: tuple[str, ...], view: QuestionView, other: QuestionView | None
) -> tuple[tuple[ShownText, ...], tuple[ShownText, ...]]:
    """Return what the first and the last step are called, in one or two languages."""
    if not steps:
        return (), ()

    def words(step: str) -> tuple[ShownText, ...]:
        found: list[ShownText] = []
        for shown in (view, other):
            for choice in () if shown is None else shown.choices:
                missing = shown is other and choice.label.status == "missing"
                if _same(choice.value, step) and choice.label.text.strip() and not missing:
                    found.append(choice.label)
        return tuple(found)

    return words(steps[0]), words(steps[-1])


def _step_names(view: QuestionView, other: QuestionView | None) -> dict[str, str]:
    translated = {} if other is None else {c.value: c.label for c in other.choices}
    names: dict[str, str] = {}
    for choice in view.choices:
        beside = translated.get(choice.value)
        words = choice.label.text
        if beside is not None and beside.status != "missing":
            words += f" / {isolate(beside.text, direction(beside.language))}"
        names[_plain(choice.value)] = words
    return names


def _plain(value: str) -> str:
    try:
        return f"{Decimal(value).normalize():f}"
    except InvalidOperation:
        return value


def _same(value: str, step: str) -> bool:
    return _plain(value) == step


def scale_steps(parameters: Mapping[str, str]) -> tuple[str, ...]:
    """Return the steps of a range (start, end, step) as lexical numbers; () for none or > 1000.

    The sign of the step follows from start and end, as in JavaRosa.
    """
    try:
        start, end = Decimal(parameters.get("start", "")), Decimal(parameters.get("end", ""))
        step = abs(Decimal(parameters.get("step", "1")))
    except InvalidOperation:
        return ()
    if step == 0 or not (start.is_finite() and end.is_finite() and step.is_finite()):
        return ()
    step = -step if end < start else step
    count = int((end - start) / step) + 1
    if count > 1000:
        return ()
    return tuple(f"{(start + step * i).normalize():f}" for i in range(count))
