"""Colours, type and sizes of every window, read from a token file and checked when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from intake_app.i18n.languages import LANGUAGES, direction

Scheme = Literal["light", "dark"]

NORMAL = QFont.Weight.Normal
SEMIBOLD = QFont.Weight.DemiBold

SMALLEST_BODY = 15.0
"""Body text in device-independent pixels where the platform's own font is smaller than this."""

CAPTION, BODY, HELP, QUESTION, TITLE = 0.85, 1.0, 1.15, 1.5, 2.0

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("ink", "muted") for ground in ("window", "surface", "sunken")),
    ("ink", "client_ground"),
    ("ink", "accent_soft"),
    ("ink", "warn_soft"),
    ("ink", "err_soft"),
    ("ink", "ok_soft"),
    ("ink", "info_soft"),
    ("muted", "accent_soft"),
    ("accent", "surface"),
    ("accent", "window"),
    ("accent", "accent_soft"),
    ("accent_on", "accent"),
    *((kind, "surface") for kind in ("ok", "warn", "err", "info", "medical")),
    *((kind, f"{kind}_soft") for kind in ("ok", "warn", "err", "info", "medical")),
)
"""Text token and the ground it stands on: at least 4.5 (WCAG 2.2, 1.4.3)."""

CONTROL_PAIRS: tuple[tuple[str, str], ...] = (
    ("border", "surface"),
    ("border", "window"),
    ("focus", "surface"),
    ("focus", "window"),
    ("practice", "window"),
)
"""Edge of a control and its ground: at least 3 (WCAG 2.2, 1.4.11)."""

_FAMILY = {"Arab": "Noto Sans Arabic", "Ethi": "Noto Sans Ethiopic"}
_LINE_HEIGHT = {"Arab": 1.65, "Ethi": 1.65}


class ThemeProblem(ValueError):
    """A token file that cannot be used; str() names the token."""


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True)
class Theme:
    """The tokens of one scheme at one scale.

    `scale` multiplies type and spacing (1.0 as the platform asks, 2.0 for 200 %); `body_px` is the
    size of body text in device-independent pixels before scaling.
    """

    name: str
    scheme: Scheme
    tokens: Mapping[str, str]
    scale: float = 1.0
    body_px: float = SMALLEST_BODY

    @classmethod
    def load(cls, path: Path, scheme: Scheme = "light", *, scale: float = 1.0) -> Theme:
        """Read a token file; raises `ThemeProblem` for a missing token or too little contrast.

        Needs a QGuiApplication for the platform's font size.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            tokens = {str(k): str(v) for k, v in raw[scheme].items()}
            name = str(raw["name"])
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise ThemeProblem(f"{path.name}: {scheme}: {type(error).__name__}") from error
        theme = cls(name, scheme, MappingProxyType(tokens), scale, _platform_body())
        theme.check()
        return theme

    def check(self) -> None:
        """Raise `ThemeProblem` where a token is absent, no colour, or has too little contrast."""
        pairs = [(pair, 4.5) for pair in TEXT_PAIRS] + [(pair, 3.0) for pair in CONTROL_PAIRS]
        for name in (*{name for pair, _ in pairs for name in pair}, "hairline"):
            if not QColor.isValidColorName(self.tokens.get(name, "")):
                raise ThemeProblem(f"{self.name}, {self.scheme}: {name} is no colour")
        for (first, second), least in pairs:
            ratio = contrast(self.color(first), self.color(second))
            if ratio < least:
                raise ThemeProblem(
                    f"{self.name}, {self.scheme}: {first} on {second} is {ratio:.1f}, "
                    f"at least {least} is needed"
                )

    def color(self, token: str) -> QColor:
        """Return the colour of a token; raises `KeyError` for an unknown name."""
        return QColor(self.tokens[token])

    def px(self, units: float) -> int:
        """Return design pixels (as drawn at body 15) as device-independent pixels, at least 1."""
        return max(1, round(units * self.factor))

    def gap(self, units: float) -> int:
        """Return white space: it grows half as fast as type, so that 200 % still fits a laptop."""
        return max(1, round(units * (1 + (self.factor - 1) / 2)))

    @property
    def factor(self) -> float:
        """Return how much larger than drawn everything is."""
        return self.scale * self.body_px / SMALLEST_BODY

    def text_px(self, factor: float = BODY) -> int:
        """Return the pixel size of text that is `factor` times body text."""
        return round(self.body_px * self.scale * factor)

    def font(self, factor: float = BODY, weight: QFont.Weight = NORMAL) -> QFont:
        """Return the font of the program's own texts."""
        return self.font_for("nl", factor, weight)

    def font_for(self, language: str, factor: float = BODY, weight: QFont.Weight = NORMAL) -> QFont:
        """Return a font with the script of `language` first and the Latin one behind it."""
        font = QFont()
        font.setFamilies(families(language))
        font.setPixelSize(self.text_px(factor))
        font.setWeight(weight)
        return font


def families(language: str) -> list[str]:
    """Return the font families for texts in `language`, first choice first."""
    found = LANGUAGES.get(language)
    first = _FAMILY.get(found.script, "") if found else ""
    chain = [first, "Noto Sans", "Noto Sans Arabic", "Noto Sans Ethiopic"]
    chain += ["Noto Sans Symbols2", "Noto Sans Symbols", "Noto Sans Math"]
    return list(dict.fromkeys(name for name in chain if name))


def line_height(language: str) -> float:
    """Return the distance between lines as a multiple of the font size (UI.md)."""
    found = LANGUAGES.get(language)
    return _LINE_HEIGHT.get(found.script, 1.45) if found else 1.45


def layout_direction(language: str) -> Qt.LayoutDirection:
    """Return the direction of texts in `language`; it never depends on the interface."""
    if direction(language) == "rtl":
        return Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight


def platform_scheme() -> Scheme:
    """Return the scheme the platform asks for; light when it has no opinion."""
    hints = QGuiApplication.styleHints()
    return "dark" if hints.colorScheme() is Qt.ColorScheme.Dark else "light"


def load_fonts(folder: Path) -> tuple[str, ...]:
    """Make the bundled fonts known to this process; return the names of files that failed."""
    return tuple(
        path.name
        for path in sorted(folder.glob("*.ttf"))
        if QFontDatabase.addApplicationFont(str(path)) < 0
    )


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole application the theme: Fusion, palette, font, style sheet and focus ring."""
    from intake_app.ui.kit.focus import FocusRing
    from intake_app.ui.stylesheet import stylesheet

    app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setFont(theme.font())
    app.setStyleSheet(stylesheet(theme))
    for ring in app.findChildren(FocusRing):
        ring.stop()
    FocusRing(theme, app)


def palette(theme: Theme) -> QPalette:
    """Return the tokens as a platform palette."""
    role = QPalette.ColorRole
    result = QPalette()
    for which, token in (
        (role.Window, "window"),
        (role.WindowText, "ink"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunken"),
        (role.Text, "ink"),
        (role.Button, "surface"),
        (role.ButtonText, "ink"),
        (role.BrightText, "err"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "accent_on"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.PlaceholderText, "muted"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "ink"),
        (role.Accent, "accent"),
        (role.Mid, "border"),
        (role.Midlight, "hairline"),
        (role.Light, "surface"),
        (role.Dark, "border"),
        (role.Shadow, "border"),
    ):
        result.setColor(which, theme.color(token))
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, which, theme.color("muted"))
    return result


def high_contrast(theme: Theme, system: QPalette) -> Theme:
    """Return the theme in the colours of the platform's high-contrast palette."""
    role = QPalette.ColorRole
    ground, ink = system.color(role.Window).name(), system.color(role.WindowText).name()
    accent, on = system.color(role.Highlight).name(), system.color(role.HighlightedText).name()
    tokens = dict.fromkeys(theme.tokens, ink)
    for name in theme.tokens:
        if name in {"window", "surface", "sunken", "client_ground"} or name.endswith("_soft"):
            tokens[name] = ground
    tokens["accent_on"] = ground
    if contrast(QColor(accent), QColor(on)) >= 4.5 and contrast(QColor(accent), QColor(ground)) > 3:
        tokens["focus"] = accent
    return Theme(theme.name, theme.scheme, MappingProxyType(tokens), theme.scale, theme.body_px)


def _platform_body() -> float:
    """Return the platform's font size in pixels, but never smaller than we draw for."""
    general = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    size = QFontInfo(general).pixelSize()
    return max(SMALLEST_BODY, float(size))
