"""The colleague's side of the pages to point at: which page shows, and what was pointed at."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.documents.client_page import Speaker
from intake_app.documents.pointing_pages import PAGES, first_number
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.clientscreen.pointing import PointingGrid, page_words
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.painting import Ground, GroundArea
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.surfaces import Card
from intake_app.ui.kit.text import Body, Heading, Muted


class PointingPanel(Card):
    """Shows in Dutch what the client sees in their own language, number by number."""

    print_wanted = Signal()
    done = Signal()

    def __init__(self, tools: Tools, bridge: InterviewBridge, say: Speaker) -> None:
        super().__init__(tools.theme, padding=(0, 0), name="pointing-panel")
        self._tools, self._bridge, self._say = tools, bridge, say
        self._grid: PointingGrid | None = None
        self._shown: tuple[int, int] | None = None
        self._columns = 4
        theme, tr = tools.theme, tools.tr
        self.body.setContentsMargins(1, theme.gap(12), 1, theme.gap(12))
        self._area = GroundArea(theme.color("surface"), "pointing-scroll")
        self._area.setAccessibleName(tr.gettext("Aanwijsbladen"))
        self.body.addWidget(self._area, 1)
        content = Ground(theme.color("surface"), "pointing-page")
        column = QVBoxLayout(content)
        side = theme.gap(32)
        column.setContentsMargins(side, theme.gap(8), side, theme.gap(8))
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, tr.gettext("Aanwijsbladen"), factor=1.5))
        words = tr.gettext(
            "De cliënt ziet dit blad op het eigen scherm en kan aanwijzen. "
            "Dat wordt niet bewaard: schrijf het antwoord zelf op."
        )
        column.addWidget(Muted(theme, words))
        self._pages: list[QuietButton] = []
        chooser = QWidget()
        flow = FlowLayout(theme.gap(8), chooser)
        for number, page in enumerate(PAGES):
            button = QuietButton(theme, page.title, name=f"pointing-page-{number + 1}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, n=number: bridge.show_pointing(n))
            flow.add(button)
            self._pages.append(button)
        column.addWidget(chooser)
        self.said = Body(theme, "", strong=True)
        self.said.setObjectName("pointing-said")
        column.addWidget(self.said)
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        self._mark = Muted(theme, tr.gettext("Machinevertaling, niet nagekeken"))
        column.addWidget(self._mark)
        bar = QHBoxLayout()
        column.addLayout(bar)
        bar.setSpacing(theme.gap(12))
        paper = QuietButton(theme, tr.gettext("Afdrukken"), icon="print", name="pointing-print")
        paper.setAccessibleName(tr.gettext("Aanwijsbladen afdrukken"))
        paper.clicked.connect(self.print_wanted)
        bar.addWidget(paper)
        bar.addStretch(1)
        back = PrimaryButton(theme, tr.gettext("Terug naar de vraag"), name="pointing-done")
        back.clicked.connect(self.done)
        bar.addWidget(back)
        column.addStretch(1)
        self._area.setWidget(content)
        bridge.pointing_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the page of this moment and what was pointed at."""
        page = self._bridge.pointing
        if page is None:
            return
        for number, button in enumerate(self._pages):
            button.setChecked(number == page)
        if self._shown != (page, self._columns):
            self._build(page)
        if self._grid is not None:
            self._grid.show_pointed(self._bridge.pointed)
        self.said.set_text(self.pointed_text() or self._tools.tr.gettext("Nog niets aangewezen."))

    def pointed_text(self) -> str:
        """Return in Dutch what was pointed at, '' for nothing."""
        page, number = self._bridge.pointing, self._bridge.pointed
        if page is None or not number:
            return ""
        item = PAGES[page].items[number - first_number(page)]
        words = self._tools.tr.gettext("Aangewezen: {number}. {words}")
        return words.format(number=number, words=item.dutch)

    def set_narrow(self, narrow: bool) -> None:
        """Take fewer columns where there is little room."""
        self._columns = 2 if narrow else 4
        self.refresh()

    def focus_first(self) -> None:
        """Put the keyboard on the page that shows."""
        page = self._bridge.pointing or 0
        self._pages[page].setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self, page: int) -> None:
        if self._grid is not None:
            self._place.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
        shown = page_words(page, Speaker(SOURCE_LANGUAGE))
        grid = PointingGrid(
            self._tools.theme,
            shown,
            "",
            columns=self._columns,
            factor=0.95,
            picture=40,
        )
        grid.pointed.connect(self._bridge.point)
        self._place.addWidget(grid)
        self._grid = grid
        self._shown = (page, self._columns)
        texts = [self._say(PAGES[page].title)]
        texts += [self._say(item.dutch) for item in PAGES[page].items]
        self._mark.setVisible(any(said.unreviewed for said in texts))
