"""Opening and closing the client's own screen, and turning it to the pages to point at."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QWidget

from intake_app.documents.client_page import Speaker
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.clientscreen.half import ClientHalf
from intake_app.ui.clientscreen.hearing import Reader
from intake_app.ui.clientscreen.screens import Screens
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.client_offer import ClientOffer
from intake_app.ui.interview.staff_windows import StaffWindows
from intake_app.ui.theme import Theme
from intake_app.xforms import NodeKey

ROOMY = 0.75
"""A window that is less than this part of its screen wide is made as large as the screen."""


class Where(Enum):
    """Where the client's screen is shown."""

    NOWHERE = "nowhere"
    MONITOR = "monitor"
    HALF = "half"


class ClientScreen(QObject):
    """The client's screen beside an interview page: there or not. `shown` tells which.

    It fills a second monitor, or a turned half of this one. When its monitor goes it goes too; what
    the client sees never comes on the colleague's monitor, and never comes back, without a yes:
    `offer` asks.
    """

    shown = Signal(bool)
    strayed = Signal()
    """The colleague's window came on the client's monitor: the talk rests, all is blank."""

    def __init__(
        self,
        theme: Theme,
        bridge: InterviewBridge,
        texts: UiTexts,
        page: QWidget,
        *,
        practice: bool,
        say: Speaker,
        tr: UiTexts | None = None,
        screens: Screens | None = None,
        reader: Reader | None = None,
    ) -> None:
        """`texts` and `say` are in the client's language, `tr` is the colleague's.

        `reader` reads a question aloud for the client.
        """
        super().__init__(page)
        self._theme, self._bridge, self._texts, self._page = theme, bridge, texts, page
        self._practice, self._say, self._reader = practice, say, reader
        self._tr = tr or UiTexts("nl", None)
        self._window: ClientWindow | None = None
        self._half: ClientHalf | None = None
        self._enlarged = False
        self._missed = False
        """Its monitor went, and it has not been on a screen since."""
        self._in_sight = False
        """The colleague's window stands where the client looks."""
        self.offer = ClientOffer(theme, self._tr, page)
        self.offer.wanted.connect(self.open)
        self._staff = StaffWindows(page, self)
        self._staff.opened.connect(self._dialog_opened)
        self._staff.closed.connect(self._dialogs_closed)
        self._staff.moved.connect(self._staff_moved)
        self._staff.rest_wanted.connect(self._rest_or_go_on)
        bridge.paused.connect(self._paused)
        self._screens = screens or Screens(self)
        self._screens.went.connect(self._monitor_went)
        self._screens.came.connect(self._monitor_came)
        self._screens.changed.connect(self._monitors_changed)

    @property
    def window(self) -> ClientWindow | None:
        """Return the client's window while it is open."""
        return self._window

    @property
    def half(self) -> ClientHalf | None:
        """Return the part of the colleague's window that is the client's, if there is one now."""
        return self._half

    @property
    def where(self) -> Where:
        """Return where the client's screen is now."""
        if self._window is None:
            return Where.NOWHERE
        return Where.HALF if self._half is not None else Where.MONITOR

    def toggle(self) -> None:
        """Open the client's screen, on the second monitor where there is one, or close it."""
        if self._window is not None:
            self.close()
        else:
            self.open()

    def open(self) -> None:
        """Open the client's screen; it moves to the second monitor if it was in a half."""
        self.offer.put_away()
        frame = self._page.window()
        free = self._screens.free(frame)
        if self._window is not None:
            if self._half is None or free is None:
                return
            self._put_away()
        window = ClientWindow(
            self._theme,
            self._bridge,
            self._texts,
            practice=self._practice,
            say=self._say,
            reader=self._reader,
        )
        self._missed = False
        window.gone.connect(self._gone)
        window.lost.connect(self._lost)
        window.unsigned.connect(self._tell_unsigned)
        self._window = window
        if free is not None:
            window.fill(free)
        else:
            if self._screens.mirrored(frame):
                self.offer.say_mirrored()
            self._share(frame, window)
            window.hold(on=self._staff.busy)
        self._tell()
        self._staff_moved()

    def toggle_pointing(self) -> None:
        """Show the client the pages to point at, opening their screen, or the question again."""
        if not self._bridge.flow.client_facing:
            return
        if self._bridge.pointing is not None:
            self._bridge.show_pointing(None)
            return
        if self._window is None:
            self.open()
        self._bridge.show_pointing(0)

    def close(self) -> None:
        """Close the client's screen, if it is open."""
        self._missed = False
        self.offer.put_away()
        if self._window is not None:
            self._put_away()
            self._tell()

    def offer_again(self) -> None:
        """Ask whether the client's screen should open, because it was open before a lock."""
        if self._window is None:
            second = self._screens.free(self._page.window()) is not None
            self.offer.ask_again(second_monitor=second)

    def _tell(self) -> None:
        self.shown.emit(self._window is not None)
        if self._window is None:
            self._bridge.show_pointing(None)

    # ---- where it stands -----------------------------------------------------------------------

    def _share(self, frame: QWidget, window: ClientWindow) -> None:
        """Give the client a half of this window, made large enough to share."""
        available = frame.screen().availableGeometry()
        if frame.width() < ROOMY * available.width() and not frame.isMaximized():
            self._enlarged = True
            frame.showMaximized()
        self._half = ClientHalf(self._theme, self._tr, frame, window)
        self._half.closed.connect(self.close)
        self._half.paused.connect(self._bridge.rest)
        self._half.fitted.connect(self._keep_dialogs_off)
        self._bridge.going_blank.connect(self._half.view.viewport().repaint)

    def _put_away(self) -> None:
        """Take the window away; it is blank at once and deleted afterwards."""
        window, half = self._window, self._half
        self._window = self._half = None
        if window is None:
            return
        window.gone.disconnect(self._gone)
        window.lost.disconnect(self._lost)
        window.hide()
        window.flush()
        if half is not None:
            half.take_away()
            if self._enlarged:
                self._page.window().showNormal()
        self._enlarged = False
        # not closed: that would take its surface away, should it be painting now
        window.deleteLater()

    def _gone(self) -> None:
        """The window was closed from outside."""
        self._put_away()
        self._tell()

    def _tell_unsigned(self, key: NodeKey) -> None:
        words = self._tr.gettext(
            "De cliënt heeft getekend, maar niet op het vinkje gedrukt. De handtekening is niet "
            "opgeslagen. Ga terug naar die vraag: de lijnen staan er nog."
        )
        self._bridge.failed.emit(key, words)

    # ---- what the colleague has open -----------------------------------------------------------

    def _paused(self, on: bool) -> None:
        """Blank the dialogs too, unless only the colleague can see them."""
        if not on:
            self._staff.unveil()
        elif (
            self._in_sight
            or self.where is not Where.MONITOR
            or self._screens.mirrored(self._page.window())
        ):
            self._staff.veil(self._theme, self._tr, self._go_on)

    def _go_on(self) -> None:
        self._bridge.pause(on=False)

    def _rest_or_go_on(self) -> None:
        if self._bridge.is_paused:
            self._go_on()
        elif self._bridge.flow.client_facing:
            self._bridge.rest()

    def _dialog_opened(self, dialog: QWidget | None) -> None:
        """In one window a dialog stands over what the client reads, and stops every tap."""
        if self._window is not None and self._half is not None:
            self._window.hold(on=True)
            if dialog is not None:
                self._half.keep_off(dialog)
        # when the desktop has put it where it wants it
        QTimer.singleShot(0, self, self._staff_moved)

    def _keep_dialogs_off(self) -> None:
        if self._half is not None:
            for dialog in self._staff.dialogs():
                self._half.keep_off(dialog)

    def _dialogs_closed(self) -> None:
        if self._window is not None:
            self._window.hold(on=False)

    def _staff_moved(self) -> None:
        """Nothing of the colleague may stand on the client's monitor while they talk."""
        window = self._window
        monitor = None if window is None or self._half is not None else window.monitor
        if window is None or monitor is None:
            return
        if any(self._screens.reaches(each, monitor) for each in self._staff.windows()):
            window.hide()
            self._in_sight = True
            self._blank_all()
            self._in_sight = False
            self._put_away()
            self._tell()
            self._missed = True
            self.offer.ask_after_straying()
            self.strayed.emit()

    def _blank_all(self) -> None:
        """Blank what the colleague has open, also where the talk rests already."""
        if self._bridge.is_paused:
            self._paused(on=True)
        else:
            self._bridge.pause(on=True)

    # ---- monitors come and go ------------------------------------------------------------------

    def _monitor_went(self, screen: QScreen) -> None:
        if self._window is not None:
            self._window.screen_gone(screen)

    def _lost(self) -> None:
        """Its monitor went, or it was put on another one: nothing shows until somebody says so."""
        self._put_away()
        self._tell()
        self._missed = True
        self.offer.ask_after_loss()

    def _monitor_came(self, _screen: QScreen) -> None:
        """Offer the monitor that came, where the client's screen is missed or in a half."""
        wanted = self._missed or self.offer.is_asking or self.where is Where.HALF
        if wanted and self._screens.free(self._page.window()) is not None:
            self.offer.ask_for_monitor()

    def _monitors_changed(self) -> None:
        """Go when the desktop was arranged so that the colleague's window is on the same one."""
        window = self._window
        if window is None or self._half is not None:
            return
        if self._screens.free(self._page.window()) is None:
            window.hide()
            window.flush()
            self._lost()
        else:
            self._staff_moved()
