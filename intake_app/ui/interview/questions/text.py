"""Short and long text; the direction is that of the language written in, never of the contents.

A form can say which language a field is for with the attribute `language` of its bind: a code, or
`client` for the language of the interviewee. Without it a field is for the colleague's language and
one link changes to the interviewee's. Appearances: `multiline` is several lines (`rows` says how
many), `numbers` asks for a keyboard with digits, `url` reads from left to right, `masked` hides
what is written until it is asked for.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from intake_app.i18n.bidi import strip
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE, direction
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.inputs import mark_problem
from intake_app.ui.kit.text import Caption
from intake_app.ui.theme import layout_direction
from intake_app.xforms import QuestionView

LINES, MOST_LINES = 4, 14
"""How many lines a long text begins with, and how many it grows to before it scrolls."""
LONGEST = 20_000
"""Characters the engine takes."""

_RTL = frozenset({"R", "AL"})
_PLACES = frozenset({"geopoint", "geotrace", "geoshape"})


def reads_rtl(text: str) -> bool:
    """Return whether the first letter with a direction is of a right-to-left script."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in _RTL or kind == "L":
            return kind in _RTL
    return False


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
        self._value = ""
        self._rows = LINES
        self._own = self._language = SOURCE_LANGUAGE
        self._second = ""
        self._fixed = False
        self._ltr = False
        self.field.setObjectName("answer-text")
        if self._line is not None:
            self._line.setMaxLength(LONGEST)
            self._line.textChanged.connect(self._edited)
            self._line.editingFinished.connect(self.flush)
        if self._area is not None:
            self._area.setTabChangesFocus(True)
            self._area.textChanged.connect(self._edited)
            self._area.document().documentLayout().documentSizeChanged.connect(self._grow)
            self._area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._switch = TextLink(self.theme, "", name="answer-language")
        self._switch.clicked.connect(self._switch_language)
        self.watch(self.field)
        self.watch(self._switch)
        column.addWidget(self.field)
        column.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignLeft)
        self._reveal: TextLink | None = None
        self._help: Caption | None = None
        self._set_language(SOURCE_LANGUAGE)

    @property
    def field(self) -> QLineEdit | QPlainTextEdit:
        """Return the input itself."""
        field = self._line if self._line is not None else self._area
        assert field is not None  # noqa: S101  (one of the two is made)
        return field

    @property
    def language(self) -> str:
        """Return the language that is written in now."""
        return self._language

    def text(self) -> str:
        """Return what stands in the field."""
        if self._line is not None:
            return self._line.text()
        return self._area.toPlainText() if self._area is not None else ""

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        self.field.setAccessibleName(view.label.text)
        self.field.setReadOnly(view.readonly)
        self._value = view.value
        second = self.client_language(other)
        new = view.key != self._key
        if new or second != self._second:
            self._second = second
            self._choose_language(view)
        if new:
            self._key, self._dirty = view.key, False
            self._set_looks(view)
        if not self._dirty and view.value != self.text():
            self._write(view.value)
        self._name_switch()

    def focus_first(self) -> None:
        self.field.setFocus()

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            # marks of direction that a keyboard or a paste left behind are never stored
            self.answer_changed.emit(strip(self.text()))

    def keep(self) -> None:
        self._dirty = True

    def discard(self) -> None:
        self._dirty = False
        if self.text() != self._value:
            self._write(self._value)

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.field, wrong)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        leaves = event.type() is QEvent.Type.FocusOut and watched is self._area
        if leaves and self._area is not None:
            self.flush()
        return super().eventFilter(watched, event)

    # ---- inside --------------------------------------------------------------------------------

    def _choose_language(self, view: QuestionView) -> None:
        """Begin in the language the form says, or the one what stands there was written in."""
        asked = view.definition.attributes.get("language", "")
        if asked == "client":
            asked = self._second
        self._fixed = asked in LANGUAGES
        self._own = view.label.language if view.label.language in LANGUAGES else SOURCE_LANGUAGE
        if self._fixed:
            self._set_language(asked)
            return
        written_rtl = reads_rtl(view.value)
        second_fits = direction(self._second) == ("rtl" if written_rtl else "ltr")
        own_fits = direction(self._own) == ("rtl" if written_rtl else "ltr")
        away = bool(view.value) and not own_fits and second_fits and bool(self._second)
        self._set_language(self._second if away else self._own)

    def _set_looks(self, view: QuestionView) -> None:
        appearance, hints = view.definition.appearance, Qt.InputMethodHint
        self._ltr = "url" in appearance or view.definition.data_type in _PLACES
        if "numbers" in appearance or view.definition.data_type in _PLACES:
            self.field.setInputMethodHints(hints.ImhPreferNumbers)
        elif "url" in appearance:
            self.field.setInputMethodHints(hints.ImhUrlCharactersOnly)
        if self._ltr:
            self._set_language(self._language)
        rows = view.definition.parameters.get("rows", "")
        if self._area is not None and rows.isascii() and rows.isdigit():
            self._rows = min(max(int(rows), 1), MOST_LINES)
            self._grow()
        if "masked" in appearance and self._line is not None:
            self._mask(self._line)
        if view.definition.data_type in _PLACES:
            self._say_help(
                self.tr_.gettext(
                    "Een plaats is een breedtegraad en een lengtegraad, zoals 52.0907 5.1214."
                )
            )

    def _mask(self, line: QLineEdit) -> None:
        line.setEchoMode(QLineEdit.EchoMode.Password)
        self._reveal = TextLink(self.theme, self.tr_.gettext("Laat zien"), name="answer-reveal")
        self._reveal.clicked.connect(self._show_masked)
        self.watch(self._reveal)
        self._column().insertWidget(1, self._reveal, 0, Qt.AlignmentFlag.AlignLeft)
        QWidget.setTabOrder(line, self._reveal)

    def _show_masked(self) -> None:
        if self._line is None or self._reveal is None:
            return
        hidden = self._line.echoMode() is QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password
        self._line.setEchoMode(mode)
        tr = self.tr_
        self._reveal.setText(tr.gettext("Verberg") if hidden else tr.gettext("Laat zien"))
        self._reveal.updateGeometry()

    def _say_help(self, words: str) -> None:
        if self._help is None:
            self._help = Caption(self.theme, words)
            self._column().addWidget(self._help)

    def _column(self) -> QVBoxLayout:
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  (made in __init__)
        return column

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
            self._grow()

    def _switch_language(self) -> None:
        self._set_language(self._own if self._language == self._second else self._second)
        self._name_switch()
        self.field.setFocus()

    def _name_switch(self) -> None:
        differs = self._second in LANGUAGES and direction(self._second) != direction(self._own)
        useful = differs and not self._fixed and not self._ltr
        self._switch.setVisible(useful and not self.field.isReadOnly())
        if useful:
            target = self._second if self._language == self._own else self._own
            name = self.tr_.gettext(LANGUAGES[target].dutch_name)
            words = self.tr_.gettext("Schrijven in het {language}").format(language=name)
            self._switch.setText(words)
            self._switch.setAccessibleName(f"{words}: {self.field.accessibleName()}")
            self._switch.updateGeometry()

    def _set_language(self, language: str) -> None:
        self._language = language
        towards = Qt.LayoutDirection.LeftToRight if self._ltr else layout_direction(language)
        self.field.setLayoutDirection(towards)
        self.field.setFont(self.theme.font_for(language, 1.07))
        rtl = towards is Qt.LayoutDirection.RightToLeft
        align = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        if self._line is not None:
            absolute = Qt.AlignmentFlag.AlignAbsolute
            self._line.setAlignment(align | absolute | Qt.AlignmentFlag.AlignVCenter)
        if self._area is not None:
            option = QTextOption(align)
            option.setTextDirection(towards)
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            self._area.document().setDefaultTextOption(option)
            self._grow()

    def _grow(self) -> None:
        """Be as high as what is written, within bounds."""
        if self._area is None:
            return
        # the layout of a plain text counts its height in lines
        lines = round(self._area.document().size().height())
        shown = min(max(lines, self._rows), max(MOST_LINES, self._rows))
        spacing = self._area.fontMetrics().lineSpacing()
        height = shown * spacing + 2 * self.theme.gap(12)
        if height != self._area.minimumHeight():
            self._area.setFixedHeight(height)
