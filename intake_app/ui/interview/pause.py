"""When it is too much: pausing, passing a question over, and stopping for today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from intake_app.ui.interview.painting import Ground, GroundArea
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.surfaces import Card, Notice
from intake_app.ui.kit.text import Body, Caption, Heading, Muted, PageTitle

if TYPE_CHECKING:
    from intake_app.ui.interview.page import InterviewPage

_START = Qt.AlignmentFlag.AlignLeft
"""The side where reading begins; Qt turns it round from right to left."""


class Pausing(QObject):
    """What the interviewer does when the client needs a moment, or has had enough.

    The client's screen is blank first; the log keeps that there was a pause, never why.
    """

    def __init__(self, page: InterviewPage, layers: QStackedWidget) -> None:
        """Put the layer of the pause into `layers`, behind the work of `page`."""
        super().__init__(page)
        self._page, self._bridge, self._layers = page, page.bridge, layers
        self.layer = PauseLayer(page.tools)
        self.layer.resume.connect(lambda: self._bridge.pause(on=False))
        self.layer.skip.connect(self.skip)
        self.layer.skip_section.connect(self.skip_section)
        self.layer.stop.connect(self.ask_to_stop)
        self.layer.stop_button.clicked.connect(self.stop)
        layers.addWidget(self.layer)
        self._bridge.paused.connect(self._paused)

    def take_over(self) -> None:
        """Show the pause that is on: a page built anew meanwhile must not show the question."""
        if self._bridge.is_paused:
            self._layers.setCurrentIndex(1)
            self._page.top_line.interpreter.setEnabled(False)
            self._say()
            self.layer.button.setFocus()

    def blank(self) -> None:
        """Blank both screens, the client's first, and store what is entered."""
        self._bridge.pause(on=True)
        self._page.card.flush()
        self._bridge.remember()
        self._say()

    def rest(self) -> None:
        """Pause: blank both screens, the client's first. The log keeps that it was, never why."""
        self._bridge.rest()
        self._page.card.flush()
        self._bridge.store_typing()
        self._say()

    def say_strayed(self) -> None:
        """Say why it is blank: this window stands on the client's monitor."""
        words = self._page.tools.tr.gettext(
            "Dit venster staat op het scherm van de cliënt. Daarom is het leeg. Zet het venster "
            "terug op je eigen scherm."
        )
        self.layer.explain(words)
        self._page.announce(words)

    def skip(self) -> None:
        """Go on without an answer, also where one is expected; nothing is noted about it."""
        if self._page.settled():
            self._bridge.skip()
        else:
            self._bridge.pause(on=False)

    def skip_section(self) -> None:
        """Go on with the next section; what was not asked stays open."""
        if self._page.settled():
            self._bridge.skip_section()
        else:
            self._bridge.pause(on=False)

    def ask_to_stop(self) -> None:
        """Blank both screens and show how to end the talk for today."""
        self.rest()
        self.layer.show_ending(self._bridge.closing_words())

    def step_back(self) -> bool:
        """Go back from stopping to the pause; False when nothing was about to stop."""
        if not (self._bridge.is_paused and self.layer.ending):
            return False
        self.layer.back()
        return True

    def stop(self) -> None:
        """Stop for today; everything stays as it is, and the talk goes on from here."""
        self._page.card.flush()
        self._bridge.remember()
        self._page.stopped.emit(self._bridge.flow.interview.person_id)

    def _paused(self, on: bool) -> None:
        self._layers.setCurrentIndex(1 if on else 0)
        self.layer.explain("")
        # what it opens names the interpreter, on a screen that is to be blank
        self._page.top_line.interpreter.setEnabled(not on)
        if on:
            # before anything is stored: the client may see this screen too
            self._layers.repaint()
            self._say()
            self._page.announce(self._page.tools.tr.gettext("Pauze. Beide schermen zijn leeg."))
            self.layer.button.setFocus()
        else:
            self._page.card.focus_question()

    def _say(self) -> None:
        self.layer.say(stored=not any(block.refused for block in self._page.card.blocks.values()))


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
        self._why = Notice(tools.theme, "warn", "", name="pause-why")
        self._why.hide()
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

    def explain(self, words: str) -> None:
        """Say why it is blank, where nobody asked for a pause; '' for nothing."""
        self._why.set_notice("warn", words)

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
        column.addWidget(self._why)
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
            pressed = self._tools.key(key)
            button = QuietButton(theme, words, key=pressed, name=name)
            button.setAccessibleDescription(tr.gettext("Toets {key}").format(key=pressed))
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
        column.addLayout(bar)
        bar.setSpacing(theme.gap(12))
        again = QuietButton(theme, tr.gettext("Toch niet"), name="interview-stop-not")
        again.clicked.connect(self.back)
        bar.addWidget(again)
        bar.addStretch(1)
        bar.addWidget(self.stop_button)
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
