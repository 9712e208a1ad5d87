"""Colours, type and sizes of every window, read from a token file and checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from intake_app.i18n.languages import LANGUAGES, direction
from intake_app.ui.tokens import TEXT_RATIO, TokenFileProblem, faults, ratio_of, read_tokens

Scheme = Literal["light", "dark"]

NORMAL = QFont.Weight.Normal
SEMIBOLD = QFont.Weight.DemiBold

SMALLEST_BODY = 15.0
"""Body text in device-independent pixels where the platform's own font is smaller than this."""

CAPTION, BODY, HELP, QUESTION, TITLE = 0.85, 1.0, 1.15, 1.5, 2.0

STRONG_RATIO = 7.0
"""Contrast from which a palette of the platform counts as high (WCAG 2.2, 1.4.6)."""

_LASTING = {"medical": ("#4A2380", "#CBAEFF"), "practice": ("#8A4B00", "#FFB347")}
"""What keeps its own hue in high contrast, on a light and on a dark ground."""

_FAMILY = {"Arab": "Noto Sans Arabic", "Ethi": "Noto Sans Ethiopic"}
_LINE_HEIGHT = {"Arab": 1.65, "Ethi": 1.65}


class ThemeProblem(ValueError):
    """A token file that cannot be used; str() names the token."""


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2)."""
    return ratio_of(first.name(), second.name())


@dataclass(frozen=True)
class Theme:
    """The tokens of one scheme at one scale.

    `scale` multiplies type and spacing (1.0 as the platform asks, 2.0 for 200 %); `body_px` is the
    size of body text in device-independent pixels before scaling. `is_high_contrast` tells that
    grounds are all one colour, so that nothing may depend on a soft ground.
    """

    name: str
    scheme: Scheme
    tokens: Mapping[str, str]
    scale: float = 1.0
    body_px: float = SMALLEST_BODY
    is_high_contrast: bool = False

    @classmethod
    def load(
        cls, path: Path, scheme: Scheme = "light", *, scale: float = 1.0, strong: bool = False
    ) -> Theme:
        """Read a token file; raises `ThemeProblem` for a missing token or too little contrast.

        `strong` takes the high-contrast tokens of the scheme. Needs a QGuiApplication for the
        platform's font size.
        """
        wanted = f"contrast_{scheme}" if strong else scheme
        try:
            file = read_tokens(path.read_bytes(), (wanted,))
        except (OSError, TokenFileProblem) as error:
            raise ThemeProblem(f"{path.name}: {wanted}: {type(error).__name__}") from error
        tokens = file.schemes[wanted]
        theme = cls(file.name, scheme, tokens, scale, platform_body(), is_high_contrast=strong)
        theme.check()
        return theme

    def check(self) -> None:
        """Raise `ThemeProblem` where a token is absent, no colour, or has too little contrast."""
        for fault in faults(self.scheme, self.tokens):
            raise ThemeProblem(f"{self.name}, {fault}")

    def with_tokens(self, name: str, tokens: Mapping[str, str]) -> Theme:
        """Return the theme in other colours; raises `ThemeProblem` where they do not do."""
        theme = replace(self, name=name, tokens=tokens)
        theme.check()
        return theme

    def at(self, scale: float, body_px: float) -> Theme:
        """Return the theme at another size."""
        return replace(self, scale=scale, body_px=body_px)

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

    if not app.styleSheet():
        # only the first time: setting it again styles every widget there is once more
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
    """Return the theme in the colours of the platform's high-contrast palette.

    Grounds, text and edges are the platform's, selection and links where they can be read. Violet
    and amber stay, in the shade that can be read on this ground, for what they mean. A palette
    whose own text cannot be read well gives the theme unchanged.
    """
    role = QPalette.ColorRole
    ground, ink = system.color(role.Window).name(), system.color(role.WindowText).name()
    if ratio_of(ground, ink) < STRONG_RATIO:
        return theme
    tokens = dict.fromkeys(theme.tokens, ink)
    for name in theme.tokens:
        if name in {"window", "surface", "sunken", "client_ground"} or name.endswith("_soft"):
            tokens[name] = ground
    tokens["accent_on"] = ground
    highlight = system.color(role.Highlight).name(), system.color(role.HighlightedText).name()
    if ratio_of(*highlight) >= TEXT_RATIO and ratio_of(highlight[0], ground) >= TEXT_RATIO:
        tokens["accent"], tokens["accent_on"] = highlight
    spare = (highlight[0], system.color(role.Link).name(), ink)
    tokens["focus"] = next(c for c in spare if ratio_of(c, ground) >= TEXT_RATIO)
    dark = ratio_of(ground, "#FFFFFF") > ratio_of(ground, "#000000")
    for name, shades in _LASTING.items():
        shade = shades[1 if dark else 0]
        if ratio_of(shade, ground) >= TEXT_RATIO:
            tokens[name] = shade
    scheme: Scheme = "dark" if dark else "light"
    return replace(theme, scheme=scheme, tokens=MappingProxyType(tokens), is_high_contrast=True)


def platform_body() -> float:
    """Return the platform's font size in pixels, but never smaller than we draw for."""
    general = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    size = QFontInfo(general).pixelSize()
    return max(SMALLEST_BODY, float(size))
