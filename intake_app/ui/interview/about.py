"""What is known about one answer: put off or not, where it comes from, what it was before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from intake_app.domain.interview import Answer, AnswerSource, AnswerState
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.popups import under
from intake_app.ui.theme import CAPTION


def state_name(tools: Tools, state: AnswerState) -> str:
    """Return why there is no answer, as a colleague says it."""
    tr = tools.tr
    return {
        AnswerState.UNKNOWN: tr.gettext("Weet niet"),
        AnswerState.REFUSED: tr.gettext("Wil niet zeggen"),
        AnswerState.NOT_ASKED: tr.gettext("Niet gevraagd"),
        AnswerState.NOT_APPLICABLE: tr.gettext("N.v.t."),
    }.get(state, "")


def source_name(tools: Tools, source: AnswerSource) -> str:
    """Return where an answer comes from, as a colleague says it."""
    tr = tools.tr
    return {
        AnswerSource.CLIENT: tr.gettext("de cliënt"),
        AnswerSource.COA: tr.gettext("COA"),
        AnswerSource.DOCUMENT: tr.gettext("een document"),
        AnswerSource.ASSESSOR: tr.gettext("de assessor"),
        AnswerSource.STAFF: tr.gettext("een collega"),
    }[source]


class StateLink(TextLink):
    """A state as a small word; the chosen one is underlined, heavy and has a ground."""

    side_units = 8.0

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        if self.isChecked():
            color = self._theme.color
            return color("accent_soft"), color("accent"), color("accent")
        return super().colors()


class AboutRow(QWidget):
    """The later flag, the source and the way to earlier answers; stores nothing itself.

    What cannot be said of a question now is not there: an answer that was never given has neither
    a source nor a past. `quiet` leaves out what is as usual until `open_up`.
    """

    later_chosen = Signal(bool)
    source_chosen = Signal(object)
    history_wanted = Signal()

    def __init__(
        self,
        tools: Tools,
        usual: AnswerSource,
        *,
        quiet: bool,
        question: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("answer-about")
        self._tools, self._usual, self._quiet = tools, usual, quiet
        self._question = question
        self._source = usual
        self._open = False
        theme, tr = tools.theme, tools.tr
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        links = QWidget()
        flow = FlowLayout(theme.gap(8), links)
        self.later = StateLink(
            theme, tr.gettext("Zet op later"), icon="flag", factor=CAPTION, name="answer-later"
        )
        self.later.setCheckable(True)
        self.later.clicked.connect(lambda: self.later_chosen.emit(self.later.isChecked()))
        self.source = StateLink(
            theme, "", factor=CAPTION, trailing_icon="chevron-down", name="answer-source"
        )
        self.source.clicked.connect(self.open_sources)
        self.past = StateLink(
            theme, tr.gettext("Eerdere antwoorden"), factor=CAPTION, name="answer-history"
        )
        self.past.clicked.connect(self.history_wanted)
        for link in (self.later, self.source, self.past):
            flow.add(link)
        column.addWidget(links)
        self.menu: QMenu | None = None

    def show_row(self, row: Answer | None, *, askable: bool, editable: bool) -> None:
        """Show what is known of the answer in `row`.

        `editable` is False for what nobody changes here: it has a source and a past to look at.
        """
        column = self.layout()
        # what comes and goes would have everything round it worked out anew, each by itself
        if column is not None:
            column.setEnabled(False)
        self._show_row(row, askable=askable, editable=editable)
        if column is not None:
            column.setEnabled(True)
        shown = any(not link.isHidden() for link in (self.later, self.source, self.past))
        if shown == self.isHidden():
            self.setVisible(shown)

    def _show_row(self, row: Answer | None, *, askable: bool, editable: bool) -> None:
        tr = self._tools.tr
        held = row is not None and row.state is not AnswerState.NONE
        later = row is not None and row.later
        self._source = self._usual if row is None else row.source
        unusual = held and self._source is not self._usual
        whole = self._open or not self._quiet
        self.later.setChecked(later)
        flag = tr.gettext("Staat op later") if later else tr.gettext("Zet op later")
        self._show_words(self.later, flag)
        self.later.setVisible(askable and editable and (whole or later))
        words = tr.gettext("Bron: {source}").format(source=source_name(self._tools, self._source))
        self._show_words(self.source, words)
        self.source.setVisible(held and (whole or unusual))
        self.source.setEnabled(editable)
        self.past.setVisible(askable and row is not None and whole)
        self._name(self.past, tr.gettext("Eerdere antwoorden"))

    def open_up(self) -> None:
        """Show all there is, from now on."""
        self._open = True

    @property
    def is_open(self) -> bool:
        """True when nothing is left out."""
        return self._open or not self._quiet

    def open_sources(self) -> None:
        """Ask where the answer comes from, in a menu under the link."""
        self.menu = QMenu(self.source)
        self.menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu.setObjectName("source-menu")
        self.menu.setAccessibleName(self._tools.tr.gettext("Waar komt dit antwoord vandaan?"))
        self.menu.setFont(self._tools.theme.font())
        group = QActionGroup(self.menu)
        chosen: QAction | None = None
        for source in AnswerSource:
            action = QAction(source_name(self._tools, source), self.menu)
            action.setObjectName(f"source-{source}")
            action.setCheckable(True)
            action.setChecked(source is self._source)
            action.triggered.connect(lambda _=False, s=source: self.source_chosen.emit(s))
            group.addAction(action)
            self.menu.addAction(action)
            if source is self._source:
                chosen = action
        if chosen is not None:
            self.menu.setActiveAction(chosen)
        self.menu.popup(under(self.source, self.menu.sizeHint()))

    def _show_words(self, link: StateLink, words: str) -> None:
        self._name(link, words)
        if words != link.text():
            link.setText(words)
            link.updateGeometry()

    def _name(self, link: StateLink, words: str) -> None:
        link.setAccessibleName(f"{words}: {self._question}" if self._question else words)
