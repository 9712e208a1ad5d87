"""The pages to point at, in the place of the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from intake_app.ui.interview.bridge import Place
from intake_app.ui.interview.pointing_panel import PointingPanel

if TYPE_CHECKING:
    from intake_app.ui.interview.page import InterviewPage


class PointingPlace:
    """Puts the panel in the middle of an interview page while the client points, made when needed.

    `panel` is None until then.
    """

    def __init__(self, page: InterviewPage, center: QStackedWidget) -> None:
        self._page, self._center = page, center
        self.panel: PointingPanel | None = None

    def follow(self, *, narrow: bool) -> None:
        """Show in Dutch what the client can point at, or the question again."""
        page, on = self._page, self._page.bridge.pointing is not None
        if self.panel is None and on:
            self.panel = self._make(narrow=narrow)
        panel = self.panel
        if panel is None:
            return
        if on and self._center.currentWidget() is not panel:
            panel.refresh()
            self._center.setCurrentWidget(panel)
            page.footer.hide()
            panel.focus_first()
        elif on and panel.pointed_text():
            page.announce(panel.pointed_text())
        elif not on and self._center.currentWidget() is panel:
            review = page.bridge.place is Place.REVIEW
            self._center.setCurrentWidget(page.review if review else page.card)
            page.footer.show()
            page.card.focus_question()
        page.show_outline()

    def set_narrow(self, narrow: bool) -> None:
        """Fit the panel, if there is one, to a narrow window."""
        if self.panel is not None:
            self.panel.set_narrow(narrow)

    def _make(self, *, narrow: bool) -> PointingPanel:
        page = self._page
        panel = PointingPanel(page.tools, page.bridge, page.say)
        panel.set_narrow(narrow)
        panel.done.connect(page.client_screen.toggle_pointing)
        panel.print_wanted.connect(page.print_pointing)
        self._center.addWidget(panel)
        return panel
