"""Parts of the interview page that only show and ask: the footer, the pause, the top line's own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from intake_app.ui.interview.painting import Ground, GroundArea
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import LinkButton, PrimaryButton, QuietButton, TextLink
from intake_app.ui.kit.surfaces import Card
from intake_app.ui.kit.text import Body, Caption, Heading, Muted, PageTitle

_START = Qt.AlignmentFlag.AlignLeft
"""The side where reading begins; Qt turns it round from right to left."""


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
        self.rest = QuietButton(
            theme, tr.gettext("Pauze"), icon="pause", key="P", name="interview-pause"
        )
        self.rest.setAccessibleName(tr.gettext("Pauze, of stoppen"))
        self.rest.setAccessibleDescription(tr.gettext("Toets {key}").format(key="P"))
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
        row.addWidget(self.rest)
        row.addWidget(self.client)
        row.addWidget(self.next)
        row.addWidget(self.finish)

    def set_narrow(self, narrow: bool, *, client: bool) -> None:
        """Take over what the list of sections and the top line no longer have room for."""
        self.sections.setVisible(narrow)
        self.client.setVisible(narrow and client)
        whole, short = self._tr.gettext("Later terugkomen"), self._tr.gettext("Later")
        self.later.setText(short if narrow else whole)
        self.rest.setText("" if narrow else self._tr.gettext("Pauze"))
        self.rest.set_key("" if narrow else "P")
        self.rest.setVisible(client)
        self.later.updateGeometry()
        self.back.setText("" if narrow else self._tr.gettext("Vorige"))
        self.back.setAccessibleName(self._tr.gettext("Vorige"))
        self.back.setToolTip(self._tr.gettext("Vorige") if narrow else "")

    def set_heading(self, heading: str) -> None:
        """Say on the button of the sections where we are."""
        self.sections.setText(heading)
        self.sections.setAccessibleName(f"{self._tr.gettext('Onderdelen')}: {heading}")
        self.sections.updateGeometry()


class PauseLayer(QStackedWidget):
    """What the interviewer sees while both screens are blank: rest, go on another way, or stop.

    Nobody is asked why.
    """

    resume = Signal()
    skip = Signal()
    skip_section = Signal()
    stop = Signal()

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("interview-paused")
        self._tools = tools
        self._tr = tools.tr
        self._words = Muted(tools.theme, "")
        self._script = Body(tools.theme, "")
        self.button = PrimaryButton(
            tools.theme, self._tr.gettext("Verder"), key="Enter", name="interview-resume"
        )
        self.stop_button = PrimaryButton(
            tools.theme,
            self._tr.gettext("Stoppen voor vandaag"),
            key="Enter",
            name="interview-stop-now",
        )
        self._rest = self._make_rest()
        self._ending = self._make_ending()
        for part in (self._rest, self._ending):
            area = GroundArea(tools.theme.color("window"), "pause-scroll")
            area.setWidget(part)
            self.addWidget(area)

    def say(self, *, stored: bool) -> None:
        """Begin at the rest, and say whether everything is stored."""
        words = self._tr.gettext("Beide schermen zijn leeg. Alles is opgeslagen.")
        if not stored:
            words = self._tr.gettext(
                "Beide schermen zijn leeg. Eén antwoord is nog niet opgeslagen. "
                "Kijk daar straks naar."
            )
        self._words.set_text(words)
        self.setCurrentIndex(0)

    @property
    def ending(self) -> bool:
        """True while it shows how to stop."""
        return self.currentIndex() == 1

    def show_ending(self, script: str) -> None:
        """Show how to stop for today; `script` is what the form says about it."""
        usual = self._tr.gettext(
            "Zeg dat stoppen goed is. Bedank de persoon. Vraag hoe iemand nu weggaat en wie er "
            "vandaag bij is. Spreek af wanneer jullie verdergaan."
        )
        self._script.set_text(script or usual)
        self.setCurrentIndex(1)
        self.stop_button.setFocus()

    def back(self) -> None:
        """Go back from stopping to the rest."""
        self.setCurrentIndex(0)
        self.button.setFocus()

    def _make_rest(self) -> QWidget:
        theme, tr = self._tools.theme, self._tr
        box, column = self._column()
        column.addWidget(PageTitle(theme, tr.gettext("Pauze")))
        column.addWidget(self._words)
        column.addWidget(self.button, 0, _START)
        column.addSpacing(theme.gap(16))
        column.addWidget(Caption(theme, tr.gettext("Of ga anders verder. Vraag niet waarom.")))
        for words, key, name, chosen in (
            (tr.gettext("Verder zonder antwoord"), "O", "interview-skip", self.skip),
            (
                tr.gettext("Naar het volgende onderdeel"),
                "V",
                "interview-skip-section",
                self.skip_section,
            ),
            (tr.gettext("Stoppen voor vandaag"), "S", "interview-stop", self.stop),
        ):
            button = QuietButton(theme, words, key=key, name=name)
            button.setAccessibleDescription(tr.gettext("Toets {key}").format(key=key))
            button.clicked.connect(chosen)
            column.addWidget(button, 0, _START)
        column.addSpacing(theme.gap(16))
        column.addWidget(
            Muted(
                theme,
                tr.gettext("In het logboek staat alleen dat er een pauze was. Geen reden."),
            )
        )
        column.addStretch(2)
        self.button.clicked.connect(self.resume)
        return box

    def _make_ending(self) -> QWidget:
        theme, tr = self._tools.theme, self._tr
        box, column = self._column()
        column.addWidget(PageTitle(theme, tr.gettext("Stoppen voor vandaag")))
        column.addWidget(
            Muted(theme, tr.gettext("Alles blijft bewaard. Je gaat later verder waar je nu bent."))
        )
        card = Card(theme, padding=(20, 16), name="closing-script")
        card.body.addWidget(Heading(theme, tr.gettext("Afsluiten")))
        card.body.addWidget(self._script)
        column.addWidget(card)
        bar = QHBoxLayout()
        bar.setSpacing(theme.gap(12))
        again = QuietButton(theme, tr.gettext("Toch niet"), name="interview-stop-not")
        again.clicked.connect(self.back)
        bar.addWidget(again)
        bar.addStretch(1)
        bar.addWidget(self.stop_button)
        column.addLayout(bar)
        column.addStretch(2)
        return box

    def _column(self) -> tuple[QWidget, QVBoxLayout]:
        """Return a ground and the column in its middle, at the width of reading."""
        theme = self._tools.theme
        ground = Ground(theme.color("window"), "pause-ground")
        row = QHBoxLayout(ground)
        row.setContentsMargins(theme.gap(24), theme.gap(24), theme.gap(24), theme.gap(24))
        inner = QWidget()
        inner.setMaximumWidth(theme.px(560))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(12))
        column.addStretch(1)
        row.addStretch(1)
        row.addWidget(inner, 8)
        row.addStretch(1)
        return ground, column
