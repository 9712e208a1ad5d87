"""The foot of the interview page: back, later, pause and the one next step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import KitButton, LinkButton, PrimaryButton, QuietButton
from intake_app.ui.kit.text import Caption


class Footer(QWidget):
    """Back, later and the one next step; in a narrow window the sections and the client screen."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self._tools, self._tr = tools, tr
        self.back = QuietButton(
            theme, tr.gettext("Vorige"), icon="arrow-left", name="interview-back"
        )
        self.sections = QuietButton(
            theme, tr.gettext("Onderdelen"), trailing_icon="chevron-down", name="sections-open"
        )
        # the same flag, and the same word, as on the question itself; here one goes on too
        words = tr.gettext("Zet op later en ga verder")
        self.later = LinkButton(theme, words, icon="flag", name="interview-later")
        self.later.setAccessibleName(words)
        self.later.setToolTip(words)
        self.rest = QuietButton(
            theme, tr.gettext("Pauze"), icon="pause", key=tools.key("P"), name="interview-pause"
        )
        self.rest.setAccessibleName(tr.gettext("Pauze, of stoppen"))
        self.rest.setAccessibleDescription(tr.gettext("Toets {key}").format(key=tools.key("P")))
        self.client = QuietButton(theme, "", icon="screen", name="client-screen-toggle-narrow")
        self.client.setAccessibleName(tr.gettext("Scherm cliënt"))
        self.client.setToolTip(tr.gettext("Scherm cliënt"))
        self.next = PrimaryButton(theme, tr.gettext("Volgende"), key="Enter", name="interview-next")
        self.next.setAccessibleDescription(tr.gettext("Toets Enter"))
        self.finish = PrimaryButton(
            theme, tr.gettext("Gesprek vaststellen"), name="interview-finish"
        )
        self._heading = self.sections.text()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(12))
        row.addWidget(self.back)
        row.addWidget(self.sections)
        row.addWidget(self.later)
        row.addStretch(1)
        self.cue = Caption(theme, tr.gettext("Gaat verder…"), wrap=False)
        self.cue.hide()
        row.addWidget(self.cue)
        row.addWidget(self.rest)
        row.addWidget(self.client)
        row.addWidget(self.next)
        row.addWidget(self.finish)

    def set_narrow(self, narrow: bool, *, client: bool) -> None:
        """Take over what the list of sections and the top line no longer have room for."""
        self.sections.setVisible(narrow)
        self.client.setVisible(narrow and client)
        whole, short = self._tr.gettext("Zet op later en ga verder"), self._tr.gettext("Later")
        self.later.setText(short if narrow else whole)
        self.rest.setText("" if narrow else self._tr.gettext("Pauze"))
        self.rest.set_key("" if narrow else self._tools.key("P"))
        self.rest.setVisible(client)
        self.later.updateGeometry()
        self.back.setText("" if narrow else self._tr.gettext("Vorige"))
        self.back.setAccessibleName(self._tr.gettext("Vorige"))
        self.back.setToolTip(self._tr.gettext("Vorige") if narrow else "")
        self._fit_heading()

    def set_going_on(self, *, on: bool) -> None:
        """Show that the next page comes by itself in a moment, or no longer."""
        self.next.setDown(on)
        shown = (w for w in self.findChildren(KitButton) if w.isVisible())
        used = sum(w.sizeHint().width() for w in shown)
        room = self.width() - used - self._tools.theme.gap(12) * 8
        self.cue.setVisible(on and self.cue.sizeHint().width() <= room)

    def set_heading(self, heading: str) -> None:
        """Say on the button of the sections where we are."""
        self._heading = heading
        self.sections.setAccessibleName(f"{self._tr.gettext('Onderdelen')}: {heading}")
        self._fit_heading()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_heading()

    def _fit_heading(self) -> None:
        """Shorten where we are to the room that the buttons beside it leave, where it shows."""
        if self.sections.isHidden():
            return
        gap = self._tools.theme.gap(12)
        beside = [w for w in self.findChildren(KitButton) if w.isVisibleTo(self)]
        used = sum(w.sizeHint().width() + gap for w in beside if w is not self.sections)
        around = self.sections.sizeHint().width() - self._width_of(self.sections.text())
        room = self.width() - used - around - gap
        fits = self.width() < 2 * gap or self._width_of(self._heading) <= room
        metrics = self.sections.fontMetrics()
        short = metrics.elidedText(self._heading, Qt.TextElideMode.ElideRight, max(room, 0))
        words = self._heading if fits else short
        if words != self.sections.text():
            self.sections.setText(words)
            self.sections.updateGeometry()

    def _width_of(self, words: str) -> int:
        return self.sections.fontMetrics().horizontalAdvance(words)
