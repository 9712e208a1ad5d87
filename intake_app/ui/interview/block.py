"""One question with all that belongs to it: words, answer, why there is none, note, problem."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.domain.interview import Answer, AnswerSource, AnswerState
from intake_app.flows.interview import usual_source
from intake_app.ui.free_text import FreeTextHint
from intake_app.ui.interview.about import AboutRow, StateLink, state_name
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.marks import mark_text, translation_mark
from intake_app.ui.interview.note_box import NoteBox
from intake_app.ui.interview.questions import AnswerWidget, Tools, answer_widget
from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.interview.questions.text import TextAnswer
from intake_app.ui.interview.remark import Remark
from intake_app.ui.interview.two_languages import TwoLanguages
from intake_app.ui.kit.buttons import KitButton, QuietButton
from intake_app.ui.renew import Held, put_place, put_values
from intake_app.ui.theme import CAPTION, HELP, QUESTION, SEMIBOLD, layout_direction
from intake_app.xforms import NodeKey, Problem, QuestionKind, QuestionView

__all__ = [
    "STATE_KEYS",
    "NoteBox",
    "QuestionBlock",
    "StateLink",
    "mark_text",
    "state_name",
    "translation_mark",
]

STATE_KEYS: dict[AnswerState, str] = {
    AnswerState.UNKNOWN: "W",
    AnswerState.REFUSED: "G",
    AnswerState.NOT_ASKED: "N",
    AnswerState.NOT_APPLICABLE: "T",
}
READ_KEY = "H"

WORDS_SHARE, ANSWER_SHARE = 2, 3
"""How the width of a row of a table is shared out."""


class QuestionBlock(QWidget):
    """Shows one question and says what was done with it; stores nothing itself.

    `large` is the one question of a page; otherwise the block is one of several. `beside` is the
    answer of a row of a table: it stands at the end of the words, see `set_beside`.
    """

    answered = Signal(object, str)
    typing = Signal(object, str)
    half_typed = Signal()
    state_chosen = Signal(object, object)
    note_changed = Signal(object, str, bool)
    touched = Signal(object)
    doubted = Signal(str)
    """What the matter is with an answer that was just given."""
    later_chosen = Signal(object, bool)
    source_chosen = Signal(object, object)
    history_wanted = Signal(object)
    read_wanted = Signal(object)
    """Somebody wants to hear the question, or to hear it no longer."""

    def __init__(
        self,
        tools: Tools,
        view: QuestionView,
        *,
        large: bool,
        beside: AnswerWidget | None = None,
        parent: QWidget | None = None,
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
        self._pair = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._column.addLayout(self._pair)
        self._pair.setSpacing(theme.gap(8))
        self._pair.addLayout(self._words_place, WORDS_SHARE)
        self._words: TwoLanguages | None = None
        prefix = tools.tr.gettext("Voor jou: ")
        self._guidance = Remark(tools, "info", "info", "question-guidance", prefix)
        self._column.addWidget(self._guidance)
        self.widget: AnswerWidget = beside or answer_widget(view.definition, tools)
        self.widget.set_compact(not large)
        self.widget.answer_changed.connect(self._answered)
        self.widget.typing.connect(lambda text: self.typing.emit(self.key, text))
        self.widget.half_typed.connect(self.half_typed)
        self.widget.refused.connect(self.refuse)
        self.widget.touched.connect(lambda: self.touched.emit(self.key))
        if beside is None:
            self._column.addWidget(self.widget)
        else:
            self._pair.addWidget(self.widget, ANSWER_SHARE)
        self.hint: FreeTextHint | None = None
        """What had better not stand in an open field; None where nothing is written."""
        if isinstance(self.widget, TextAnswer):
            self.hint = FreeTextHint(theme, tools.tr, self.widget.field)
            self._column.addWidget(self.hint)
        self._problem = Remark(tools, "error", "err", "question-problem")
        self._column.addWidget(self._problem)
        self._states: dict[AnswerState, KitButton] = {}
        self.note = NoteBox(tools)
        self.about = AboutRow(
            tools,
            usual_source(view.definition),
            quiet=not large,
            question="" if large else view.label.text,
        )
        """Put off or not, where it comes from, what it was before."""
        self.about.later_chosen.connect(self._put_off)
        self.about.source_chosen.connect(self._choose_source)
        self.about.history_wanted.connect(lambda: self.history_wanted.emit(self.key))
        self.state_bar = self._state_row(view)
        """Why there is no answer, and the note; the card of one question keeps it in its foot."""
        if not large:
            self._column.addWidget(self.state_bar)
        self.note.edited.connect(self._noted)
        self._column.addWidget(self.note)
        self._stacked = False
        self._saying: tuple[object, ...] = ()
        self._refusal = self._note_refusal = ""
        self._noting = False
        self._asked: set[str] = set()
        self._closed = False
        self._view = view
        self._row: Answer | None = None

    # ---- showing -------------------------------------------------------------------------------

    def show_view(self, view: QuestionView, other: QuestionView | None, row: Answer | None) -> None:
        """Show the question as it stands, in one or two languages."""
        self.setAccessibleName(view.label.text)
        if (view.value, view.state) != (self._view.value, self._view.state):
            self._refusal = ""
        self._view, self._row = view, row
        saying = (
            view.label,
            view.hint,
            translation_mark(view),
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
        problem = view.problem
        shown = problem is not None and (problem.kind != "required" or "required" in self._asked)
        words = self._words_of(problem) if problem is not None and shown else ""
        # what stands in a field and is not stored stays told, whatever else is stored meanwhile
        words = self.refusal or words
        if words and words != self.problem_text() and self.isVisible():
            self.doubted.emit(words)
        self._show_problem(words)
        if problem is None:
            self._asked.clear()
        state = AnswerState(view.state.value)
        for which, button in self._states.items():
            button.setChecked(which is state)
            button.setVisible(not view.readonly)
        self._show_about()
        self.note.show_row(row)

    def set_stacked(self, stacked: bool) -> None:
        """Put the languages below each other, or side by side."""
        self._stacked = stacked
        words = self._tools.tr.gettext("Voorlezen")
        if self._large:
            # a narrow page has room for the picture only
            self.read_button.setText("" if stacked else words)
            self.read_button.set_key("" if stacked else self._tools.key(READ_KEY))
        if self._words is not None:
            self._words.set_stacked(stacked)
        self.widget.set_stacked(stacked)

    def set_beside(self, beside: bool) -> None:
        """Put the answer of a row of a table beside its words, or under them."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._pair.setDirection(across if beside else down)

    def allow_reading(self, *, on: bool) -> None:
        """Offer to read the question aloud; never offered for what the client may not see."""
        self.read_button.setVisible(on)

    def set_reading(self, *, on: bool) -> None:
        """Show that the question is being read aloud, or no longer."""
        self.read_button.setChecked(on)

    def refuse(self, sentence: str) -> None:
        """Say that the answer could not be stored; the field keeps what was entered."""
        if self._noting:
            self._note_refusal = sentence
        else:
            self._refusal = sentence
            self.widget.keep()
        self._show_problem(sentence)

    @property
    def refusal(self) -> str:
        """Return why the answer or the note could not be stored, '' where all of it is."""
        return self._refusal or self._note_refusal

    @property
    def refused(self) -> bool:
        """True while a field holds something that is not stored."""
        return bool(self.refusal)

    def discard(self) -> None:
        """Forget what was entered and not stored."""
        self._refusal = ""
        self.widget.discard()

    def go_on_from(self, before: QuestionBlock, hand: Held) -> bool:
        """Hold what `before` held, a block of the same question that goes; True with the focus.

        `hand` is what was read from it.
        """
        if not before.note.isHidden():
            self.note.show_again()
        put_values(self, hand)
        if before.refusal:
            self.refuse(before.refusal)
        if hand.focus is None:
            return False
        self.widget.focus_first()
        put_place(self, hand)
        return True

    def ask_once(self, view: QuestionView) -> bool:
        """Show what is wrong with the answer, or that one is expected; True the first time only.

        Whoever goes on all the same has been told.
        """
        problem = view.problem
        if problem is None or problem.kind in self._asked:
            return False
        self._asked.add(problem.kind)
        self._show_problem(self._words_of(problem))
        return True

    def _words_of(self, problem: Problem) -> str:
        # the form's own words are translated already; those of the program are not
        return self._tools.tr.gettext(problem.text.text)

    def problem_text(self) -> str:
        """Return the problem that is shown, '' for none."""
        return self._problem.text()

    @property
    def problem(self) -> QWidget:
        """Return where it says what is the matter with the answer."""
        return self._problem

    def choose_state(self, state: AnswerState) -> None:
        """Say why there is no answer, as its button does."""
        if state in self._states:
            self.state_chosen.emit(self.key, state)

    def set_closed(self, *, closed: bool) -> None:
        """Leave out what can only be done while the talk is open."""
        self._closed = closed

    def toggle_later(self) -> None:
        """Put the question off, or no longer, as its link does."""
        fixed = self._view.readonly or self._closed
        if self._view.definition.kind.askable and not fixed:
            self._put_off(self._row is None or not self._row.later)

    # ---- inside --------------------------------------------------------------------------------

    def _show_about(self) -> None:
        view = self._view
        self.about.show_row(
            self._row,
            askable=view.definition.kind.askable,
            editable=not view.readonly and not self._closed,
        )
        if self._more is not None:
            askable = view.definition.kind.askable
            self._more.setVisible(askable and not self.about.is_open)

    def _open_about(self) -> None:
        self.about.open_up()
        self._show_about()
        self.about.later.setFocus()

    def _answered(self, value: str) -> None:
        self._refusal = ""
        self.answered.emit(self.key, value)

    def _put_off(self, on: bool) -> None:
        self._refusal = ""
        self.later_chosen.emit(self.key, on)
        # the link shows what is stored, not what was pressed
        self._show_about()

    def _choose_source(self, source: AnswerSource) -> None:
        self._refusal = ""
        self.source_chosen.emit(self.key, source)

    def _noted(self, text: str, on: bool) -> None:
        self._note_refusal, self._noting = "", True
        try:
            self.note_changed.emit(self.key, text, on)
        finally:
            self._noting = False

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
        own = translation_mark(view)
        if own and (self._large or own != "unreviewed"):
            words.add_mark(
                mark_text(self._tools, own, view.label.language),
                icon="info" if own == "unreviewed" else "warning",
                color="warn",
                direction=layout_direction(view.label.language),
                own=True,
            )
        mark = translation_mark(other)
        # a page of several questions says once that nobody has checked the translation
        if other is not None and mark and (self._large or mark != "unreviewed"):
            missing = mark != "unreviewed"
            words.add_mark(
                mark_text(self._tools, mark, other.label.language),
                icon="warning" if missing else "info",
                color="warn",
                direction=layout_direction(other.label.language),
            )
        words.set_stacked(self._stacked)
        self._words = words
        self._words_place.addWidget(words)

    def _state_row(self, view: QuestionView) -> QWidget:
        theme, tr = self._tools.theme, self._tools.tr
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(4))
        row = QHBoxLayout()
        # at once: what is shown before it has a parent is a window of its own
        column.addLayout(row)
        row.setSpacing(theme.gap(16))
        states = QWidget()
        flow = FlowLayout(theme.gap(12 if self._large else 8), states)
        row.addWidget(states, 1)
        for state, key in STATE_KEYS.items() if view.definition.kind.askable else ():
            button = self._state_button(state_name(self._tools, state), key, f"state-{state}")
            button.clicked.connect(lambda _=False, s=state: self.choose_state(s))
            flow.add(button)
            self._states[state] = button
        self._more: KitButton | None = None
        if not self._large:
            self._more = StateLink(theme, tr.gettext("Meer"), factor=CAPTION, name="about-open")
            self._more.setAccessibleName(f"{tr.gettext('Meer')}: {view.label.text}")
            self._more.clicked.connect(self._open_about)
            row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        self.read_button = self._read_button(view)
        row.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignTop)
        second = QHBoxLayout()
        column.addLayout(second)
        second.addWidget(self.about, 1)
        icon = "note" if self._large else ""
        self.note_button: KitButton = StateLink(
            theme, tr.gettext("Notitie"), icon=icon, factor=CAPTION, name="note-toggle"
        )
        self.note_button.clicked.connect(self.note.open)
        # beside the states there is no room for it in a window of 1280
        place = second if self._large else row
        place.addWidget(self.note_button, 0, Qt.AlignmentFlag.AlignTop)
        self.note_button.setVisible(view.definition.kind is not QuestionKind.NOTE)
        return box

    def _read_button(self, view: QuestionView) -> KitButton:
        theme, words = self._tools.theme, self._tools.tr.gettext("Voorlezen")
        key = self._tools.key(READ_KEY)
        button: KitButton = (
            QuietButton(theme, words, icon="speaker", key=key, name="question-read")
            if self._large
            else StateLink(theme, words, factor=CAPTION, name="question-read")
        )
        button.setCheckable(True)
        button.setAccessibleName(words if self._large else f"{words}: {view.label.text}")
        button.setAccessibleDescription(self._tools.tr.gettext("Toets {key}").format(key=key))
        button.setToolTip(words)
        # what is checked follows what is heard, not the press
        button.clicked.connect(lambda on: button.setChecked(not on))
        button.clicked.connect(lambda: self.read_wanted.emit(self.key))
        button.hide()
        return button

    def _state_button(self, words: str, key: str, name: str) -> KitButton:
        theme = self._tools.theme
        button: KitButton = (
            QuietButton(theme, words, key=self._tools.key(key), name=name)
            if self._large
            else StateLink(theme, words, factor=CAPTION, name=name)
        )
        button.setCheckable(True)
        if key:
            said = self._tools.tr.gettext("Toets {key}").format(key=self._tools.key(key))
            button.setAccessibleDescription(said)
        return button

    def _show_problem(self, text: str) -> None:
        before, said = self._problem.isHidden(), self._problem.text()
        self._problem.set_text(text)
        self.widget.set_problem(bool(text))
        if not text and not said:
            return
        if self._problem.isHidden() != before and self.isVisible():
            # the line takes or gives its room at once: what gets the focus next is brought in
            # view by where it stands
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        for field in (
            *self.widget.findChildren(QLineEdit),
            *self.widget.findChildren(QPlainTextEdit),
            *self.widget.findChildren(ChoiceButton),
        ):
            field.setAccessibleDescription(text)
