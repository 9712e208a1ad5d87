from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from support.qt import make_theme

from intake_app import paths
from intake_app.ui import theme as themes
from intake_app.ui import tokens
from intake_app.ui.kit import PrimaryButton, QuietButton, draw_icon
from intake_app.ui.pictograms import draw_pictogram
from intake_app.ui.theme import Theme, ThemeProblem, contrast

DEFAULT = paths.resource("themes", "default.json")


@pytest.mark.parametrize("strong", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_the_default_theme_has_enough_contrast(qapp, scheme, strong):
    theme = Theme.load(DEFAULT, scheme, strong=strong)
    for ink, ground in tokens.TEXT_PAIRS:
        assert contrast(theme.color(ink), theme.color(ground)) >= (7 if strong else 4.5), (
            ink,
            ground,
        )
    for edge, ground in tokens.CONTROL_PAIRS:
        assert contrast(theme.color(edge), theme.color(ground)) >= 3, (edge, ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_pressed_button_can_still_be_read(qtbot, qapp, scheme):
    theme = make_theme(qapp, scheme)
    for button in (PrimaryButton(theme, "Verder"), QuietButton(theme, "Terug")):
        qtbot.addWidget(button)
        button.setDown(True)
        ground, _, ink = button.colors()
        assert contrast(ink, ground) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#FFFFFF")) == pytest.approx(4.54, abs=0.01)


def changed(tmp_path: Path, **tokens: str | None) -> Path:
    raw = json.loads(DEFAULT.read_text("utf-8"))
    for name, value in tokens.items():
        if value is None:
            del raw["light"][name]
        else:
            raw["light"][name] = value
    path = tmp_path / "theme.json"
    path.write_text(json.dumps(raw), "utf-8")
    return path


def test_a_theme_with_pale_text_is_refused_by_name(qapp, tmp_path):
    with pytest.raises(ThemeProblem, match="muted on"):
        Theme.load(changed(tmp_path, muted="#B0B8B4"))


def test_a_theme_without_a_token_or_with_no_colour_is_refused(qapp, tmp_path):
    with pytest.raises(ThemeProblem, match="accent"):
        Theme.load(changed(tmp_path, accent=None))
    with pytest.raises(ThemeProblem, match="hairline"):
        Theme.load(changed(tmp_path, hairline="greenish"))


def test_scale_doubles_type_and_grows_white_space_half_as_fast(qapp):
    one, two = Theme.load(DEFAULT), Theme.load(DEFAULT, scale=2.0)
    assert two.text_px() == 2 * one.text_px()
    assert two.px(44) == 2 * one.px(44)
    assert two.gap(40) == round(1.5 * one.gap(40))


def test_loading_again_after_applying_does_not_grow(qapp):
    make_theme(qapp, scale=2.0)
    assert Theme.load(DEFAULT).text_px() == 15


@pytest.mark.parametrize(
    ("language", "family", "turn"),
    [
        ("nl", "Noto Sans", Qt.LayoutDirection.LeftToRight),
        ("ar", "Noto Sans Arabic", Qt.LayoutDirection.RightToLeft),
        ("ti", "Noto Sans Ethiopic", Qt.LayoutDirection.LeftToRight),
    ],
)
def test_font_and_direction_come_from_the_language(qapp, language, family, turn):
    theme = make_theme(qapp)
    assert theme.font_for(language).families()[0] == family
    assert themes.layout_direction(language) is turn


def platform(**roles: str) -> QPalette:
    palette = QPalette()
    for role, color in roles.items():
        palette.setColor(QPalette.ColorRole[role], QColor(color))
    return palette


PALETTES = {
    "white on black": platform(
        Window="#000000", WindowText="#FFFFFF", Highlight="#1AEBFF", HighlightedText="#000000",
        Link="#FFFF00",
    ),
    "black on white": platform(
        Window="#FFFFFF", WindowText="#000000", Highlight="#37006E", HighlightedText="#FFFFFF",
        Link="#00009F",
    ),
    "yellow on black": platform(
        Window="#000000", WindowText="#FFFF00", Highlight="#008000", HighlightedText="#FFFFFF",
        Link="#8080FF",
    ),
    "soft brown on cream": platform(
        Window="#FFFAEF", WindowText="#3D3D3D", Highlight="#903909", HighlightedText="#FFF5E3",
        Link="#1C5E75",
    ),
}  # fmt: skip
"""Palettes as Windows has them."""


@pytest.mark.parametrize("system", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_takes_the_colours_of_the_platform(qapp, scheme, system):
    theme = themes.high_contrast(Theme.load(DEFAULT, scheme), system)
    theme.check()
    assert theme.is_high_contrast
    ink, ground = (
        system.color(r).name() for r in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window)
    )
    assert {theme.tokens[n] for n in ("ink", "muted", "border", "hairline")} == {ink}
    assert {theme.tokens[n] for n in ("window", "surface", "client_ground", "ok_soft")} == {ground}
    assert theme.scheme == ("light" if ground.startswith("#f") else "dark")
    # what has a meaning of its own keeps its hue
    for name in ("medical", "practice"):
        assert theme.color(name).hsvSaturationF() > 0.25, name


def test_a_pale_platform_palette_is_not_taken_for_high_contrast(qapp):
    theme = Theme.load(DEFAULT)
    assert themes.high_contrast(theme, platform(Window="#EEEEEE", WindowText="#777777")) == theme


def test_every_icon_and_pictogram_shows_on_every_ground(qapp):
    theme = themes.high_contrast(Theme.load(DEFAULT), PALETTES["yellow on black"])
    for folder, draw in (("icons", draw_icon), ("pictograms", draw_pictogram)):
        for path in sorted(paths.resource(folder).glob("*.svg")):
            image = QImage(48, 48, QImage.Format.Format_RGB32)
            image.fill(theme.color("surface"))
            painter = QPainter(image)
            draw(painter, path.stem, theme.color("ink"), QRectF(0, 0, 48, 48))
            painter.end()
            seen = {image.pixelColor(x, y).name() for x in range(48) for y in range(48)}
            assert theme.tokens["ink"] in seen, path.stem


# ---- the tokens the code really uses -----------------------------------------------------------

UI = Path(themes.__file__).parent


def used_tokens() -> dict[str, str]:
    """Return each token named in a call that colours something, and where."""
    found: dict[str, str] = {}
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = called or (node.func.id if isinstance(node.func, ast.Name) else "")
            given = [k.value for k in node.keywords if k.arg == "color"]
            if called in {"color", "set_color"}:
                given += node.args[:1]
            for value in given:
                for part in ast.walk(value):
                    inside = isinstance(part, ast.Constant) and isinstance(part.value, str)
                    if inside and part.value not in NOT_TOKENS:
                        found.setdefault(part.value, str(path.relative_to(UI)))
    return found


NOT_TOKENS = {"", "todo", "done", "failed", "current", "ltr"}
"""Words inside an expression that chooses a token, or puts its name in a sentence."""


def test_every_token_in_the_code_is_in_a_checked_pair():
    used = used_tokens()
    assert len(used) > 15
    known = set(tokens.TOKENS)
    assert {name: where for name, where in used.items() if name not in known} == {}
    inks = {first for first, _ in (*tokens.TEXT_PAIRS, *tokens.CONTROL_PAIRS)}
    grounds = {ground for _, ground in (*tokens.TEXT_PAIRS, *tokens.CONTROL_PAIRS)}
    assert set(used) - inks - grounds <= tokens.DECORATION
    assert {"ink", "muted", "accent", "border", "focus", "practice", *tokens.KINDS} <= inks


def test_every_token_of_the_style_sheet_is_known():
    names = set(re.findall(r"\$([a-z_]+)", (UI / "stylesheet.py").read_text("utf-8")))
    assert names <= set(tokens.TOKENS)
    assert len(names) > 8


def test_no_colour_is_written_outside_a_token_file():
    for path in sorted(UI.rglob("*.py")):
        if path.name not in {"theme.py", "tokens.py"}:
            text = path.read_text("utf-8").replace('b"#000000"', "")
            assert not re.findall(r"#[0-9A-Fa-f]{6}\b", text), path.name
