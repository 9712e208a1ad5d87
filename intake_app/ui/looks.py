"""Which theme holds now: what the platform asks for, what the user wants, and own colours."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPalette, QWindow
from PySide6.QtWidgets import QApplication

from intake_app import paths
from intake_app.flows.looks import Look, Wishes
from intake_app.ui.theme import Scheme, Theme, apply, high_contrast, platform_body, platform_scheme
from intake_app.ui.tokens import TokenFile, TokenFileProblem, read_tokens

_HEARD = frozenset({QEvent.Type.ApplicationFontChange, QEvent.Type.ThemeChange})


class Platform(QObject):
    """What the desktop says about looks; `changed` tells that it may say something else now."""

    changed = Signal()

    def scheme(self) -> Scheme:
        """Return light or dark."""
        raise NotImplementedError

    def wants_contrast(self) -> bool:
        """True if the desktop asks for high contrast."""
        raise NotImplementedError

    def palette(self) -> QPalette:
        """Return the desktop's own palette."""
        raise NotImplementedError

    def body_px(self) -> float:
        """Return the size of body text in device-independent pixels."""
        raise NotImplementedError


class QtPlatform(Platform):
    """The desktop as Qt knows it. `changed` comes once per turn of the event loop."""

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.changed)
        self._hints = QGuiApplication.styleHints()
        # the wrapper dies with the hints
        self._wishes = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self.heard)
        self._wishes.contrastPreferenceChanged.connect(self.heard)
        app.primaryScreenChanged.connect(self._follow_screen)
        self._follow_screen()
        # never shown: it only hears what every window hears, at no cost to the other events
        self._ear = _Ear()
        self._ear.heard.connect(self.heard)
        self.destroyed.connect(self._ear.deleteLater)

    def heard(self, _what: object = None) -> None:
        """Look again soon: something of the platform changed, perhaps."""
        if not self._asking:
            self._timer.start()

    def scheme(self) -> Scheme:
        return platform_scheme()

    def wants_contrast(self) -> bool:
        return self._wishes.contrastPreference() is Qt.ContrastPreference.HighContrast

    def palette(self) -> QPalette:
        # it lies under the one we gave the application
        ours = QApplication.palette()
        self._asking = True
        try:
            self._app.setPalette(QPalette())
            return QPalette(QApplication.palette())
        finally:
            self._app.setPalette(ours)
            self._asking = False

    def body_px(self) -> float:
        return platform_body()

    def _follow_screen(self) -> None:
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            screen.logicalDotsPerInchChanged.connect(self.heard, Qt.ConnectionType.UniqueConnection)
        self.heard()


class _Ear(QWindow):
    heard = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._palette = QPalette(QApplication.palette())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ApplicationPaletteChange:
            # asking for the platform's palette makes such events too, after all is as it was
            now = QApplication.palette()
            if now != self._palette:
                self._palette = QPalette(now)
                self.heard.emit()
        elif event.type() in _HEARD:
            self.heard.emit()
        return super().event(event)


class Looks(QObject):
    """The theme that holds. `changed(Theme)` tells another one does; nothing is applied by itself.

    Own colours count only in light and dark, only while they satisfy every rule, and only for the
    schemes they have; `problem` tells that some were left out.
    """

    changed = Signal(object)

    def __init__(
        self,
        app: QApplication,
        platform: Platform | None = None,
        *,
        file: Path | None = None,
        scale: float = 1.0,
    ) -> None:
        """Apply the standard theme; `scale` multiplies what the user wants."""
        super().__init__(app)
        self._app, self._scale = app, scale
        self._file = file or paths.resource("themes", "default.json")
        self._platform = platform or QtPlatform(app, self)
        self._wishes = Wishes()
        self._own: TokenFile | None = None
        self.problem = ""
        self._applied: Theme | None = None
        self.theme = self._compute()
        self.apply()
        self._platform.changed.connect(self.refresh)

    def apply(self) -> None:
        """Give the application the theme that holds; harmless twice."""
        if self._applied != self.theme:
            self._applied = self.theme
            apply(self._app, self.theme)

    def wish(self, wishes: Wishes) -> None:
        """Follow what the user wants from now on."""
        if wishes == self._wishes:
            return
        self._wishes = wishes
        self._own, self.problem = None, ""
        if wishes.own_colours:
            try:
                own = read_tokens(wishes.own_colours.encode())
                wrong = own.faults()
                self._own = None if wrong else own
                self.problem = str(wrong[0]) if wrong else ""
            except TokenFileProblem as problem:
                self.problem = problem.reason
        self.refresh()

    def refresh(self) -> None:
        """Work out again which theme holds, and tell if it is another."""
        theme = self._compute()
        if theme != self.theme:
            self.theme = theme
            self.changed.emit(theme)

    def _compute(self) -> Theme:
        look, platform = self._wishes.look, self._platform
        scale = self._scale * self._wishes.text_percent / 100
        scheme: Scheme = platform.scheme()
        if look is Look.LIGHT:
            scheme = "light"
        elif look is Look.DARK:
            scheme = "dark"
        asked = platform.wants_contrast()
        if look is Look.CONTRAST or (look is Look.PLATFORM and asked):
            theme = Theme.load(self._file, scheme, scale=scale, strong=True)
            theme = high_contrast(theme, platform.palette()) if asked else theme
        else:
            theme = Theme.load(self._file, scheme, scale=scale)
            if self._own is not None and scheme in self._own.schemes:
                theme = theme.with_tokens(self._own.name, self._own.schemes[scheme])
        return theme.at(scale, platform.body_px())
