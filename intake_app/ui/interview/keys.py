"""What the keys of the interview do; see `shortcuts.ShortcutSheet` for the list."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication

from intake_app.ui.interview.block import STATE_KEYS, QuestionBlock
from intake_app.ui.interview.bridge import Place

if TYPE_CHECKING:
    from intake_app.ui.interview.page import InterviewPage

REST_KEYS = "POVSB"
"""Pauze, zonder antwOord verder, Volgend onderdeel, Stoppen, aanwijsBladen: one key away."""

ALT_KEYS = (*(key for key in STATE_KEYS.values() if key), *REST_KEYS)
"""Letters that work with Alt too, in a text field and anywhere."""

TWICE_S = 0.8
"""Esc twice within this many seconds blanks both screens."""


class InterviewKeys:
    """Turns keys into what the page does; what is typed in a text field never comes here."""

    def __init__(self, page: InterviewPage) -> None:
        """Give `page` its shortcuts; the other keys it passes on to `pressed`."""
        self._page = page
        self._escaped = 0.0
        self._shortcut("Ctrl+J", page.open_sections)
        self._shortcut("F1", page.show_shortcuts)
        self._shortcut("Alt+Left", page.go_back)
        self._shortcut("Ctrl+Return", page.go_next)
        for letter in ALT_KEYS:
            self._shortcut(f"Alt+{letter}", lambda letter=letter: self.letter(letter))

    def pressed(self, event: QKeyEvent) -> bool:
        """Do what a key means outside text fields; False when it means nothing here."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            return self._escape()
        text = event.text().upper()
        if modifiers:
            return False
        if len(text) == 1 and text in REST_KEYS:
            return self.letter(text)
        if self._page.bridge.is_paused:
            return False
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return self._enter()
        if len(text) != 1:
            return False
        if text in "123456789":
            block = self._block()
            return block is not None and block.widget.choose(int(text))
        return self.letter(text)

    def letter(self, text: str) -> bool:
        """Do what a letter means; False when it means nothing now."""
        if text in REST_KEYS:
            return self._rest(text)
        block = self._block()
        state = next((s for s, letter in STATE_KEYS.items() if letter == text), None)
        if block is None or state is None:
            return False
        block.choose_state(state)
        return True

    def _shortcut(self, keys: str, run: object) -> None:
        shortcut = QShortcut(QKeySequence(keys), self._page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(run)

    def _block(self) -> QuestionBlock | None:
        """Return the question that is answered now: one that can be seen."""
        bridge = self._page.bridge
        if bridge.place is not Place.PAGE or bridge.is_paused or bridge.pointing is not None:
            return None
        return self._page.card.block()

    def _rest(self, letter: str) -> bool:
        page, bridge = self._page, self._page.bridge
        if not bridge.flow.client_facing:
            return False
        if letter == "P":
            if bridge.is_paused:
                bridge.pause(on=False)
            else:
                page.pausing.rest()
        elif letter == "S":
            page.pausing.ask_to_stop()
        elif letter == "B":
            bridge.pause(on=False)
            page.client_screen.toggle_pointing()
        elif bridge.place is Place.PAGE and letter == "O":
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
        if page.pausing.step_back():
            return True
        if bridge.pointing is None or bridge.is_paused:
            return False
        page.client_screen.toggle_pointing()
        return True
