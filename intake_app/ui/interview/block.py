"""One question with all that belongs to it: words, answer, why there is none, note, problem."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.domain.interview import Answer, AnswerState
from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.free_text import FreeTextHint
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.questions import AnswerWidget, Tools, answer_widget
from intake_app.ui.interview.questions.text import TextAnswer
from intake_app.ui.interview.two_languages import TwoLanguages
from intake_app.ui.kit.buttons import KitButton, QuietButton, TextLink
from intake_app.ui.kit.icons import IconLabel
from intake_app.ui.kit.inputs import CheckInput, TextArea
from intake_app.ui.kit.text import Caption, Text
from intake_app.ui.theme import CAPTION, HELP, QUESTION, SEMIBOLD, layout_direction
from intake_app.xforms import NodeKey, QuestionKind, QuestionView

STATE_KEYS: dict[AnswerState, str] = {
    AnswerState.UNKNOWN: "W",
    AnswerState.REFUSED: "G",
    AnswerState.NOT_ASKED: "N",
    AnswerState.NOT_APPLICABLE: "T",
}

NOTE_MS = 800
"""How long after the last key a note is stored."""


def state_name(tools: Tools, state: AnswerState) -> str:
    """Return why there is no answer, as a colleague says it."""
    tr = tools.tr
    return {
        AnswerState.UNKNOWN: tr.gettext("Weet niet"),
        AnswerState.REFUSED: tr.gettext("Wil niet zeggen"),
        AnswerState.NOT_ASKED: tr.gettext("Niet gevraagd"),
        AnswerState.NOT_APPLICABLE: tr.gettext("N.v.t."),
    }.get(state, "")


class QuestionBlock(QWidget):
    """Shows one question and says what was done with it; stores nothing itself.

    `large` is the one question of a page; otherwise the block is one of several.
    """

    answered = Signal(object, str)
    typing = Signal(object, str)
    state_chosen = Signal(object, object)
    note_changed = Signal(object, str, bool)
    touched = Signal(object)

    def __init__(
        self, tools: Tools, view: QuestionView, *, large: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.key: NodeKey = view.key
        self.setObjectName(f"question-{view.definition.name}")
        self._tools = tools
        self._large = large
        self._staff = view.definition.attributes.get("audience") == "staff"
        theme = tools.theme
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.gap(16 if large else 8))
        self._words_place = QVBoxLayout()
        self._column.addLayout(self._words_place)
        self._words: TwoLanguages | None = None
        prefix = tools.tr.gettext("Voor jou: ")
        self._guidance = _Remark(tools, "info", "info", "question-guidance", prefix)
        self._column.addWidget(self._guidance)
        self.widget: AnswerWidget = answer_widget(view.definition, tools)
        self.widget.set_compact(not large)
        self.widget.answer_changed.connect(self._answered)
        self.widget.typing.connect(lambda text: self.typing.emit(self.key, text))
        self.widget.touched.connect(lambda: self.touched.emit(self.key))
        self._column.addWidget(self.widget)
        self.hint: FreeTextHint | None = None
        """What had better not stand in an open field; None where nothing is written."""
        if isinstance(self.widget, TextAnswer):
            self.hint = FreeTextHint(theme, tools.tr, self.widget.field)
            self._column.addWidget(self.hint)
        self._problem = _Remark(tools, "error", "err", "question-problem")
        self._column.addWidget(self._problem)
        self._states: dict[AnswerState, KitButton] = {}
        self.note = NoteBox(tools)
        self.state_bar = self._state_row(view)
        """Why there is no answer, and the note; the card of one question keeps it in its foot."""
        if not large:
            self._column.addWidget(self.state_bar)
        self.note.edited.connect(lambda text, on: self.note_changed.emit(self.key, text, on))
        self._column.addWidget(self.note)
        self._stacked = False
        self._saying: tuple[object, ...] = ()
        self._refusal = ""
        self._required_shown = False

    # ---- showing -------------------------------------------------------------------------------

    def show_view(self, view: QuestionView, other: QuestionView | None, row: Answer | None) -> None:
        """Show the question as it stands, in one or two languages."""
        self.setAccessibleName(view.label.text)
        saying = (
            view.label,
            view.hint,
            None if other is None else other.label,
            None if other is None else other.hint,
            translation_mark(other),
        )
        if saying != self._saying:
            self._saying = saying
            self._say(view, other)
        self._guidance.set_text(view.guidance.text if view.guidance is not None else "")
        self.widget.set_question(view, other)
        if self.hint is not None and view.value and not view.readonly:
            self.hint.look_soon()
        self._refusal = ""
        problem = view.problem
        shown = problem is not None and (problem.kind != "required" or self._required_shown)
        self._show_problem(problem.text.text if problem is not None and shown else "")
        state = AnswerState(view.state.value)
        for which, button in self._states.items():
            button.setChecked(which is state)
        self.note.show_row(row)

    def set_stacked(self, stacked: bool) -> None:
        """Put the languages below each other, or side by side."""
        self._stacked = stacked
        if self._words is not None:
            self._words.set_stacked(stacked)
        self.widget.set_stacked(stacked)

    def refuse(self, sentence: str) -> None:
        """Say that the answer could not be stored; the field keeps what was entered."""
        self._refusal = sentence
        self.widget.keep()
        self._show_problem(sentence)

    @property
    def refused(self) -> bool:
        """True while the field holds something that is not stored."""
        return bool(self._refusal)

    def show_required(self, view: QuestionView) -> bool:
        """Show that an answer is expected, if it is; True when it was shown for the first time."""
        if view.problem is None or view.problem.kind != "required":
            return False
        first = not self._required_shown
        self._required_shown = True
        self._show_problem(view.problem.text.text)
        return first

    def problem_text(self) -> str:
        """Return the problem that is shown, '' for none."""
        return self._problem.text()

    def choose_state(self, state: AnswerState) -> None:
        """Say why there is no answer, as its button does."""
        if state in self._states:
            self.state_chosen.emit(self.key, state)

    # ---- inside --------------------------------------------------------------------------------

    def _answered(self, value: str) -> None:
        self.answered.emit(self.key, value)

    def _say(self, view: QuestionView, other: QuestionView | None) -> None:
        if self._words is not None:
            self._words.hide()
            self._words.deleteLater()
        words = TwoLanguages(self._tools)
        note = view.definition.kind is QuestionKind.NOTE
        factor = (HELP * 1.1 if note else QUESTION) if self._large else 1.07
        words.add(
            view.label,
            None if other is None else other.label,
            factor=factor,
            weight=SEMIBOLD,
            name="question-label",
        )
        if view.hint is not None or (other is not None and other.hint is not None):
            words.add(
                view.hint,
                None if other is None else other.hint,
                color="muted",
                name="question-hint",
            )
        mark = translation_mark(other)
        # a page of several questions says once that nobody has checked the translation
        if other is not None and mark and (self._large or mark != "unreviewed"):
            missing = mark != "unreviewed"
            language = view.label.language if mark == "missing" else other.label.language
            words.add_mark(
                mark_text(self._tools, mark, other.label.language),
                icon="warning" if missing else "info",
                color="warn",
                direction=layout_direction(language),
            )
        words.set_stacked(self._stacked)
        self._words = words
        self._words_place.addWidget(words)

    def _state_row(self, view: QuestionView) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._tools.theme.gap(16))
        states = QWidget()
        flow = FlowLayout(self._tools.theme.gap(12 if self._large else 8), states)
        row.addWidget(states, 1)
        askable = view.definition.kind.askable and not view.readonly
        tr = self._tools.tr
        for state, key in STATE_KEYS.items() if askable else ():
            words = state_name(self._tools, state)
            button: KitButton = (
                QuietButton(self._tools.theme, words, key=key, name=f"state-{state}")
                if self._large
                else StateLink(self._tools.theme, words, factor=CAPTION, name=f"state-{state}")
            )
            button.setCheckable(True)
            button.setAccessibleDescription(
                tr.gettext("Toets {key}").format(key=key) if key else ""
            )
            button.clicked.connect(lambda _=False, s=state: self.choose_state(s))
            flow.addWidget(button)
            self._states[state] = button
        if self._large:
            self.note_button: KitButton = QuietButton(
                self._tools.theme, tr.gettext("Notitie"), icon="note", name="note-toggle"
            )
        else:
            self.note_button = StateLink(
                self._tools.theme, tr.gettext("Notitie"), factor=CAPTION, name="note-toggle"
            )
        self.note_button.clicked.connect(self.note.open)
        row.addWidget(self.note_button, 0, Qt.AlignmentFlag.AlignTop)
        self.note_button.setVisible(view.definition.kind is not QuestionKind.NOTE)
        return box

    def _show_problem(self, text: str) -> None:
        self._problem.set_text(text)
        self.widget.set_problem(bool(text))
        for field in (
            *self.widget.findChildren(QLineEdit),
            *self.widget.findChildren(QPlainTextEdit),
        ):
            field.setAccessibleDescription(text)


class StateLink(TextLink):
    """A state as a small word; the chosen one is underlined, heavy and has a ground."""

    side_units = 8.0

    def colors(self):  # type: ignore[no-untyped-def]
        if self.isChecked():
            color = self._theme.color
            return color("accent_soft"), color("accent"), color("accent")
        return super().colors()


class NoteBox(QWidget):
    """The colleague's own note with a question: stays here unless the switch says otherwise."""

    edited = Signal(str, bool)
    opened = Signal()

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tools.theme.gap(4))
        self._parts: tuple[TextArea, CheckInput] | None = None
        self._stored = ("", False)
        self._showing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTE_MS)
        self._timer.timeout.connect(self.flush)
        self.hide()

    @property
    def field(self) -> TextArea:
        """Return where the note is written."""
        return self._made()[0]

    @property
    def share(self) -> CheckInput:
        """Return the switch that lets the note go along."""
        return self._made()[1]

    def _made(self) -> tuple[TextArea, CheckInput]:
        """Make the parts when they are first needed: most questions never get a note."""
        if self._parts is None:
            theme, tr = self._tools.theme, self._tools.tr
            words = tr.gettext("Notitie, alleen voor collega’s")
            self._column.addWidget(Caption(theme, words))
            field = TextArea(theme, name="note-text", rows=2)
            field.setAccessibleName(words)
            field.textChanged.connect(self._typed)
            self._column.addWidget(field)
            self._column.addWidget(FreeTextHint(theme, tr, field))
            share = CheckInput(theme, tr.gettext("Mee in overdracht"), name="note-share")
            share.toggled.connect(self._say)
            self._column.addWidget(share)
            self._parts = (field, share)
        return self._parts

    def open(self) -> None:
        """Show the note and put the keyboard in it."""
        self.show()
        self.field.setFocus()
        self.opened.emit()

    def show_row(self, row: Answer | None) -> None:
        """Show the stored note; what is being typed is left alone."""
        stored = ("", False) if row is None else (row.note, row.note_in_handover)
        if stored == self._stored:
            return
        self._stored = stored
        self._showing = True
        if not self.field.hasFocus():
            self.field.setPlainText(stored[0])
        self.share.setChecked(stored[1])
        self._showing = False
        if stored[0]:
            self.show()

    def flush(self) -> None:
        """Say what was typed and not yet said."""
        if self._pending():
            self._say()

    def _typed(self) -> None:
        if not self._showing:
            self._timer.start()

    def _say(self) -> None:
        if not self._showing and self._pending():
            self.edited.emit(self.field.toPlainText().strip(), self.share.isChecked())

    def _pending(self) -> bool:
        if self._parts is None:
            return False
        field, share = self._parts
        return (field.toPlainText().strip(), share.isChecked()) != self._stored


class _Remark(QWidget):
    """An icon and words beside a question, made when there is something to say."""

    def __init__(self, tools: Tools, icon: str, color: str, name: str, prefix: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self._tools, self._icon, self._color, self._prefix = tools, icon, color, prefix
        self._text: Text | None = None

    def text(self) -> str:
        return "" if self._text is None else self._text.text().removeprefix(self._prefix)

    def set_text(self, text: str) -> None:
        if self._text is None and text:
            theme = self._tools.theme
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.gap(8))
            icon = IconLabel(theme, self._icon, color=self._color, size=18)
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            self._text = Text(theme, "", color=self._color)
            row.addWidget(self._text, 1)
        if self._text is not None:
            self._text.set_text(f"{self._prefix}{text}" if text else "")
        self.setVisible(bool(text))


def translation_mark(other: QuestionView | None) -> str:
    """Return how far the other language can be trusted: '', missing, choices or unreviewed."""
    if other is None:
        return ""
    if other.label.status == "missing":
        return "missing"
    rest = [other.hint] if other.hint is not None else []
    rest += [choice.label for choice in other.choices]
    if any(text.status == "missing" for text in rest):
        return "choices"
    if any(text.status == "unreviewed" for text in (other.label, *rest)):
        return "unreviewed"
    return ""


def mark_text(tools: Tools, mark: str, language: str) -> str:
    """Return the words of a mark."""
    tr = tools.tr
    if mark == "missing":
        return tr.gettext("Nog niet vertaald. Dit is de Nederlandse tekst.")
    if mark == "choices":
        text = tr.gettext("Niet alles is vertaald in het {language}.")
        return text.format(language=LANGUAGES[language].dutch_name)
    return tr.gettext("Machinevertaling, niet nagekeken")
