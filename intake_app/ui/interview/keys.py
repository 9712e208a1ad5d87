"""What the keys of the interview do: one table, from which the sheet of F1 is made too.

Every letter and digit works alone outside text fields, where the colleague wants that (WCAG 2.2,
2.1.4), and with Alt everywhere. Nothing uses Ctrl+Alt (that is AltGr, with which layouts write
signs), Alt+Shift (Windows changes the layout by it) or what Windows keeps to itself (Alt+F4, Tab,
Esc, Space, Enter).
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication

from intake_app.domain.interview import AnswerState
from intake_app.ui.interview.about import state_name
from intake_app.ui.interview.block import READ_KEY, STATE_KEYS, QuestionBlock
from intake_app.ui.interview.bridge import Place

if TYPE_CHECKING:
    from intake_app.ui.interview.page import InterviewPage

N_ = str
"""Marks a text that is translated where it is used."""

DIGITS = "123456789"

TWICE_S = 0.8
"""Esc twice within this many seconds blanks both screens."""


class Act(StrEnum):
    """What a key can do."""

    CHOOSE = "choose"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_ASKED = "not-asked"
    NOT_APPLICABLE = "not-applicable"
    LATER = "later"
    NOTE = "note"
    HISTORY = "history"
    NEXT = "next"
    NEXT_ANYWHERE = "next-anywhere"
    BACK = "back"
    SECTIONS = "sections"
    FIND = "find"
    READ = "read"
    READ_DUTCH = "read-dutch"
    PAUSE = "pause"
    SKIP = "skip"
    SKIP_SECTION = "skip-section"
    STOP = "stop"
    POINTING = "pointing"
    CLIENT_SCREEN = "client-screen"
    BLANK = "blank"
    SHEET = "sheet"
    PLACES = "places"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the table.

    `letter` works alone and with Alt; `chords` always (portable text of a QKeySequence); `pressed`
    is for what the page sees as a key press (Enter, Esc Esc). `elsewhere`: the window round the
    page has this key; it stands here to be on the sheet. `client`: only where the form asks the
    client something.
    """

    act: Act
    words: str
    letter: str = ""
    chords: tuple[str, ...] = ()
    pressed: str = ""
    elsewhere: bool = False
    client: bool = False


_ANSWER = (
    Key(Act.CHOOSE, N_("Kies een antwoord"), letter=DIGITS),
    Key(Act.UNKNOWN, N_("Weet niet"), letter=STATE_KEYS[AnswerState.UNKNOWN]),
    Key(Act.REFUSED, N_("Wil niet zeggen"), letter=STATE_KEYS[AnswerState.REFUSED]),
    Key(Act.NOT_ASKED, N_("Niet gevraagd"), letter=STATE_KEYS[AnswerState.NOT_ASKED]),
    Key(Act.NOT_APPLICABLE, N_("N.v.t."), letter=STATE_KEYS[AnswerState.NOT_APPLICABLE]),
    Key(Act.LATER, N_("Deze vraag op later zetten, of niet meer"), letter="L"),
    Key(Act.NOTE, N_("Notitie"), letter="M"),
    Key(Act.HISTORY, N_("Eerdere antwoorden"), letter="E"),
)
_MOVE = (
    Key(Act.NEXT, N_("Volgende vraag"), pressed="Enter"),
    Key(
        Act.NEXT_ANYWHERE,
        N_("Volgende, ook uit een groot tekstvak"),
        chords=("Ctrl+Return", "Ctrl+Enter", "Alt+Right"),
    ),
    Key(Act.BACK, N_("Vorige vraag"), chords=("Alt+Left",)),
    Key(Act.SECTIONS, N_("Onderdelen"), chords=("Ctrl+J",)),
    Key(Act.FIND, N_("Zoek een vraag"), chords=("Ctrl+F",)),
)
_CLIENT = (
    Key(Act.READ, N_("Hardop voorlezen, en weer stil"), letter=READ_KEY),
    Key(Act.READ_DUTCH, N_("Voorlezen in het Nederlands"), letter="D"),
    Key(Act.CLIENT_SCREEN, N_("Scherm cliënt"), letter="C", client=True),
    Key(Act.POINTING, N_("Aanwijsbladen"), letter="B", client=True),
)
_REST = (
    Key(Act.PAUSE, N_("Pauze, en weer verder"), letter="P", client=True),
    Key(Act.BLANK, N_("Beide schermen leeg: pauze"), pressed="Esc Esc"),
    Key(Act.SKIP, N_("Verder zonder antwoord"), letter="O", client=True),
    Key(Act.SKIP_SECTION, N_("Naar het volgende onderdeel"), letter="V", client=True),
    Key(Act.STOP, N_("Stoppen voor vandaag"), letter="S", client=True),
)
_PROGRAM = (
    Key(Act.SHEET, N_("Deze toetsen"), chords=("F1",)),
    Key(Act.LOCK, N_("Vergrendelen"), chords=("Ctrl+L",), elsewhere=True),
    Key(
        Act.PLACES,
        N_("Weg uit het gesprek, naar Vandaag … Instellingen"),
        chords=("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5"),
        elsewhere=True,
    ),
)

GROUPS: tuple[tuple[str, tuple[Key, ...]], ...] = (
    (N_("Antwoorden"), _ANSWER),
    (N_("Verder en terug"), _MOVE),
    (N_("Voorlezen en laten zien"), _CLIENT),
    (N_("Als het te veel wordt"), _REST),
    (N_("Programma"), _PROGRAM),
)
"""All keys, as they stand on the sheet: a heading and the lines under it."""

KEYS: tuple[Key, ...] = tuple(key for _, keys in GROUPS for key in keys)

_RESTING = frozenset({Act.PAUSE, Act.SKIP, Act.SKIP_SECTION, Act.STOP, Act.POINTING})
"""What a letter still does while both screens are blank."""

_STATES = {
    Act.UNKNOWN: AnswerState.UNKNOWN,
    Act.REFUSED: AnswerState.REFUSED,
    Act.NOT_ASKED: AnswerState.NOT_ASKED,
    Act.NOT_APPLICABLE: AnswerState.NOT_APPLICABLE,
}


class InterviewKeys:
    """Turns keys into what the page does; what is typed in a text field never comes here."""

    def __init__(self, page: InterviewPage, *, single: bool = True) -> None:
        """Give `page` its shortcuts; the other keys it passes on to `pressed`.

        Without `single` a letter or digit means something only with Alt.
        """
        self._page = page
        self._single = single
        self._escaped = 0.0
        self._letters = {letter: key.act for key in KEYS for letter in key.letter}
        self._runs: dict[Act, Callable[[], object]] = {
            Act.NEXT_ANYWHERE: page.go_next,
            Act.BACK: page.go_back,
            Act.SECTIONS: page.open_sections,
            Act.FIND: page.find_question,
            Act.SHEET: page.show_shortcuts,
        }
        for key in KEYS:
            for chord in () if key.elsewhere else key.chords:
                self._shortcut(chord, partial(self._chord, key.act))
        for letter in self._letters:
            self._shortcut(f"Alt+{letter}", partial(self.letter, letter))

    def pressed(self, event: QKeyEvent) -> bool:
        """Do what a key means outside text fields; False when it means nothing here."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            return self._escape()
        text = letter_of(event)
        if modifiers == Qt.KeyboardModifier.ShiftModifier and text in tuple(DIGITS):
            # on a French keyboard that is where the digits are
            modifiers = Qt.KeyboardModifier.NoModifier
        if modifiers:
            return False
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return not self._page.bridge.is_paused and self._enter()
        return self._single and self.letter(text)

    def letter(self, text: str) -> bool:
        """Do what a letter or digit means; False when it means nothing now."""
        act = self._letters.get(text)
        if act is None or (self._page.bridge.is_paused and act not in _RESTING):
            return False
        if act in _RESTING:
            return self._rest(act)
        if act is Act.CLIENT_SCREEN:
            return self._client_screen()
        block = self._block()
        if block is None:
            return False
        if act is Act.CHOOSE:
            return block.widget.choose(int(text))
        return self._at_question(act, block)

    def _at_question(self, act: Act, block: QuestionBlock) -> bool:
        if act in _STATES:
            self._state(block, _STATES[act])
        elif act is Act.NOTE:
            block.note.open()
        elif act is Act.LATER:
            self._later(block)
        elif act is Act.HISTORY:
            self._page.show_history(block.key)
        elif act is Act.READ:
            self._page.reading.toggle(block.key)
        elif act is Act.READ_DUTCH:
            self._page.reading.toggle(block.key, dutch=True)
        return True

    def _state(self, block: QuestionBlock, state: AnswerState) -> None:
        """Do it and say so: the keyboard is not on the button that shows it."""
        page, session, key = self._page, self._page.bridge.flow.session, block.key
        before = session.state(key)
        block.choose_state(state)
        now = session.state(key)
        if now is not before:
            words = state_name(page.tools, AnswerState(now.value))
            page.announce(words or page.tools.tr.gettext("Geen antwoord"))

    def _later(self, block: QuestionBlock) -> None:
        page, key, tr = self._page, block.key, self._page.tools.tr

        def flagged() -> bool:
            row = page.bridge.flow.row(key)
            return row is not None and row.later

        before = flagged()
        page.toggle_later()
        if flagged() and not before:
            page.announce(tr.gettext("Staat op later"))
        elif before and not flagged():
            page.announce(tr.gettext("Niet meer op later"))

    def _chord(self, act: Act) -> None:
        # nothing that is behind the blank screens comes forward by a key
        if act is Act.SHEET or not self._page.bridge.is_paused:
            self._runs[act]()

    def _shortcut(self, keys: str, run: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self._page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(run)

    def _block(self) -> QuestionBlock | None:
        """Return the question that is answered now: one that can be seen."""
        bridge = self._page.bridge
        if bridge.place is not Place.PAGE or bridge.is_paused or bridge.pointing is not None:
            return None
        return self._page.card.block()

    def _client_screen(self) -> bool:
        if not self._page.bridge.flow.client_facing:
            return False
        self._page.client_screen.toggle()
        return True

    def _rest(self, act: Act) -> bool:
        page, bridge = self._page, self._page.bridge
        if not bridge.flow.client_facing:
            return False
        if act is Act.PAUSE:
            if bridge.is_paused:
                bridge.pause(on=False)
            else:
                page.pausing.rest()
        elif act is Act.STOP:
            page.pausing.ask_to_stop()
        elif act is Act.POINTING:
            bridge.pause(on=False)
            page.client_screen.toggle_pointing()
        elif bridge.place is Place.PAGE and act is Act.SKIP:
            page.pausing.skip()
        elif bridge.place is Place.PAGE:
            page.pausing.skip_section()
        return True

    def _enter(self) -> bool:
        focus = QApplication.focusWidget()
        goes_on = getattr(focus, "enter_goes_on", False)
        if isinstance(focus, QAbstractButton) and not goes_on:
            focus.click()
        else:
            self._page.go_next()
        return True

    def _escape(self) -> bool:
        now = monotonic()
        if not self._step_back():
            if now - self._escaped < TWICE_S:
                self._page.pausing.rest()
            self._escaped = now
        return True

    def _step_back(self) -> bool:
        """Leave what lies over the question for a moment; False when nothing does."""
        page, bridge = self._page, self._page.bridge
        if page.reading.stop():
            return True
        if page.pausing.step_back():
            return True
        if bridge.pointing is None or bridge.is_paused:
            return False
        page.client_screen.toggle_pointing()
        return True


def letter_of(event: QKeyEvent) -> str:
    """Return the capital letter or digit of a key, '' for none; also in another script's layout.

    Digits of any script count. A Windows layout of another script keeps the Latin letters in its
    virtual key codes, and the French one the digits.
    """
    text = event.text()
    if len(text) == 1:
        digit = unicodedata.digit(text, -1)
        if digit >= 0:
            return str(digit)
        if text.isascii():
            return text.upper()
    code = event.nativeVirtualKey()
    if sys.platform == "win32" and code < 0x5B and chr(code).isalnum():
        return chr(code)
    return ""
