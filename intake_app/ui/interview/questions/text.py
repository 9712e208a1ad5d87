"""Short and long text; the direction is that of the language written in, never of the contents."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE, direction
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.inputs import mark_problem
from intake_app.ui.theme import layout_direction
from intake_app.xforms import QuestionView

LINES = 4
_HEBREW_TO_ARABIC = range(0x0590, 0x0900)


class TextAnswer(AnswerWidget):
    """One line, or several where the form says so. What is typed is said while typing too."""

    def __init__(self, tools: Tools, *, long: bool, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(4))
        self._line = QLineEdit() if not long else None
        self._area = QPlainTextEdit() if long else None
        self._dirty = False
        self._key: object = None
        self._language = SOURCE_LANGUAGE
        self._second = ""
        self.field.setObjectName("answer-text")
        if self._line is not None:
            self._line.textChanged.connect(self._edited)
            self._line.editingFinished.connect(self.flush)
        if self._area is not None:
            self._area.setTabChangesFocus(True)
            self._area.textChanged.connect(self._edited)
            self._area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._switch = TextLink(self.theme, "", name="answer-language")
        self._switch.clicked.connect(self._switch_language)
        self.watch(self.field)
        column.addWidget(self.field)
        column.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignLeft)
        self._set_language(SOURCE_LANGUAGE)

    @property
    def field(self) -> QLineEdit | QPlainTextEdit:
        """Return the input itself."""
        field = self._line if self._line is not None else self._area
        assert field is not None  # noqa: S101  (one of the two is made)
        return field

    def text(self) -> str:
        """Return what stands in the field."""
        if self._line is not None:
            return self._line.text()
        return self._area.toPlainText() if self._area is not None else ""

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        self.field.setAccessibleName(view.label.text)
        self.field.setReadOnly(view.readonly)
        self._second = "" if other is None else other.label.language
        if view.key != self._key:
            self._key, self._dirty = view.key, False
            rtl = bool(view.value) and ord(view.value.lstrip()[:1] or " ") in _HEBREW_TO_ARABIC
            second_rtl = direction(self._second) == "rtl"
            self._set_language(self._second if rtl and second_rtl else SOURCE_LANGUAGE)
        if not self._dirty and view.value != self.text():
            self._write(view.value)
        self._name_switch()

    def focus_first(self) -> None:
        self.field.setFocus()

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            self.answer_changed.emit(self.text())

    def keep(self) -> None:
        self._dirty = True

    def discard(self) -> None:
        self._dirty = False

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.field, wrong)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.FocusOut and self._area is not None:
            self.flush()
        return super().eventFilter(watched, event)

    def _edited(self, _text: str = "") -> None:
        self._dirty = True
        self.typing.emit(self.text())

    def _write(self, text: str) -> None:
        if self._line is not None:
            with QSignalBlocker(self._line):
                self._line.setText(text)
        if self._area is not None:
            with QSignalBlocker(self._area):
                self._area.setPlainText(text)

    def _switch_language(self) -> None:
        self._set_language(SOURCE_LANGUAGE if self._language == self._second else self._second)
        self._name_switch()
        self.field.setFocus()

    def _name_switch(self) -> None:
        useful = direction(self._second) == "rtl"
        self._switch.setVisible(useful and not self.field.isReadOnly())
        target = self._second if self._language == SOURCE_LANGUAGE else SOURCE_LANGUAGE
        if useful:
            name = LANGUAGES[target].dutch_name
            self._switch.setText(
                self.tr_.gettext("Schrijven in het {language}").format(language=name)
            )

    def _set_language(self, language: str) -> None:
        self._language = language
        towards = layout_direction(language)
        self.field.setLayoutDirection(towards)
        self.field.setFont(self.theme.font_for(language, 1.07))
        rtl = towards is Qt.LayoutDirection.RightToLeft
        align = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        if self._line is not None:
            self._line.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        if self._area is not None:
            option = QTextOption(align)
            option.setTextDirection(towards)
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            self._area.document().setDefaultTextOption(option)
            spacing = self._area.fontMetrics().lineSpacing()
            self._area.setFixedHeight(LINES * spacing + 2 * self.theme.gap(12))
