from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from support.qt import make_theme

from intake_app import paths
from intake_app.ui import theme as themes
from intake_app.ui.theme import Theme, ThemeProblem, contrast

DEFAULT = paths.resource("themes", "default.json")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_the_default_theme_has_enough_contrast(qapp, scheme):
    theme = Theme.load(DEFAULT, scheme)
    for ink, ground in themes.TEXT_PAIRS:
        assert contrast(theme.color(ink), theme.color(ground)) >= 4.5, (ink, ground)
    for edge, ground in themes.CONTROL_PAIRS:
        assert contrast(theme.color(edge), theme.color(ground)) >= 3, (edge, ground)


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


def test_high_contrast_takes_the_colours_of_the_platform(qapp):
    from PySide6.QtGui import QPalette

    system = QPalette(QColor("#000000"))
    system.setColor(QPalette.ColorRole.Window, QColor("#000000"))
    system.setColor(QPalette.ColorRole.WindowText, QColor("#FFFFFF"))
    theme = themes.high_contrast(Theme.load(DEFAULT), system)
    theme.check()
    assert theme.tokens["ink"] == "#ffffff"
    assert theme.tokens["surface"] == "#000000"
