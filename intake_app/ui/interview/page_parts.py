"""Parts of the interview page that only show and ask: the footer, the pause, the top line's own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import LinkButton, PrimaryButton, QuietButton, TextLink
from intake_app.ui.kit.text import Muted, PageTitle


class ShrinkingButton(QuietButton):
    """Gives way in the top line when the window is narrow; the page has its own then."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, self.sizeHint().height())


class ShrinkingLink(TextLink):
    """The same, as a link."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, self.sizeHint().height())


class Footer(QWidget):
    """Back, later and the one next step; in a narrow window the sections and the client screen."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self._tr = tr
        self.back = QuietButton(
            theme, tr.gettext("Vorige"), icon="arrow-left", name="interview-back"
        )
        self.sections = QuietButton(
            theme, tr.gettext("Onderdelen"), trailing_icon="chevron-down", name="sections-open"
        )
        self.later = LinkButton(theme, tr.gettext("Later terugkomen"), name="interview-later")
        self.later.setAccessibleName(tr.gettext("Later terugkomen"))
        self.client = QuietButton(theme, "", icon="screen", name="client-screen-toggle-narrow")
        self.client.setAccessibleName(tr.gettext("Scherm cliënt"))
        self.client.setToolTip(tr.gettext("Scherm cliënt"))
        self.next = PrimaryButton(theme, tr.gettext("Volgende"), key="Enter", name="interview-next")
        self.next.setAccessibleDescription(tr.gettext("Toets Enter"))
        self.finish = PrimaryButton(
            theme, tr.gettext("Gesprek vaststellen"), name="interview-finish"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(12))
        row.addWidget(self.back)
        row.addWidget(self.sections)
        row.addWidget(self.later)
        row.addStretch(1)
        row.addWidget(self.client)
        row.addWidget(self.next)
        row.addWidget(self.finish)

    def set_narrow(self, narrow: bool, *, client: bool) -> None:
        """Take over what the list of sections and the top line no longer have room for."""
        self.sections.setVisible(narrow)
        self.client.setVisible(narrow and client)
        whole, short = self._tr.gettext("Later terugkomen"), self._tr.gettext("Later")
        self.later.setText(short if narrow else whole)
        self.later.updateGeometry()

    def set_heading(self, heading: str) -> None:
        """Say on the button of the sections where we are."""
        self.sections.setText(heading)
        self.sections.setAccessibleName(f"{self._tr.gettext('Onderdelen')}: {heading}")
        self.sections.updateGeometry()


class PauseLayer(QWidget):
    """What the interviewer sees while both screens are blank."""

    resume = Signal()

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("interview-paused")
        theme, self._tr = tools.theme, tools.tr
        column = QVBoxLayout(self)
        column.addStretch(1)
        center = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(PageTitle(theme, self._tr.gettext("Pauze")), 0, center)
        self._words = Muted(theme, "", wrap=False)
        column.addWidget(self._words, 0, center)
        self.button = PrimaryButton(theme, self._tr.gettext("Verder"), name="interview-resume")
        self.button.clicked.connect(self.resume)
        column.addSpacing(theme.gap(16))
        column.addWidget(self.button, 0, center)
        column.addStretch(2)

    def say(self, *, stored: bool) -> None:
        """Say whether everything is stored."""
        words = self._tr.gettext("Beide schermen zijn leeg. Alles is opgeslagen.")
        if not stored:
            words = self._tr.gettext(
                "Beide schermen zijn leeg. Eén antwoord is nog niet opgeslagen. "
                "Kijk daar straks naar."
            )
        self._words.set_text(words)
