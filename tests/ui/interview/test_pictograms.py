"""Pictograms beside the answers: on the staff's list and on the client's tiles."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pages.clientscreen import ClientScreenObject
from pages.interview import InterviewObject
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmapCache
from pytestqt.qtbot import QtBot
from support.interviews import add_person
from support.vaults import actor_of

from intake_app import paths
from intake_app.domain.interview import Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.choices import ChoiceAnswer
from intake_app.ui.pictograms import draw_pictogram
from intake_app.vault import Vault
from intake_app.xforms import NodeKey


@pytest.fixture
def intake(vault: Vault) -> InterviewBridge:
    compiled = paths.compiled_dir()
    flow = InterviewFlow.start(
        vault,
        Library(compiled),
        CatalogueTexts(Catalogues(compiled)),
        add_person(vault, language="ar").person_id,
        "intake",
        "ar",
        Interpretation(),
        actor_of(vault),
    )
    return InterviewBridge(flow)


def question(bridge: InterviewBridge, name: str) -> NodeKey:
    paths_ = bridge.flow.form.questions
    return NodeKey(next(path for path in paths_ if path.endswith(f"/{name}")))


def drawn(name: str, *, rtl: bool = False, ratio: float = 1.0) -> QImage:
    image = QImage(round(64 * ratio), round(64 * ratio), QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    draw_pictogram(painter, name, QColor("#14231F"), QRectF(0, 0, 64, 64), rtl=rtl)
    painter.end()
    return image


def test_the_staff_sees_them_beside_the_number(
    show: Callable[[InterviewBridge], InterviewObject], intake: InterviewBridge
) -> None:
    page = show(intake)
    intake.go_to(question(intake, "tolk_nodig"))
    widget = page.block("tolk_nodig").widget
    assert isinstance(widget, ChoiceAnswer)
    assert [row.pictogram for row in widget.rows] == ["ja", "nee"]
    assert all(row.accessibleName() for row in widget.rows)
    assert check(page.root) == ()


def test_a_list_without_any_keeps_its_room(
    show: Callable[[InterviewBridge], InterviewObject], bridge: InterviewBridge
) -> None:
    page = show(bridge)
    page.go_to_section("werk")
    widget = page.block("gewerkt").widget
    assert isinstance(widget, ChoiceAnswer)
    assert [row.pictogram for row in widget.rows] == [None, None]


def test_the_client_sees_them_large_on_its_own_side(
    qtbot: QtBot, tools: Tools, intake: InterviewBridge
) -> None:
    intake.go_to(question(intake, "tolk_nodig"))
    window = ClientWindow(tools.theme, intake, UiTexts("ar", None))
    window.resize(1366, 768)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=20_000):
        window.show()
    tiles = ClientScreenObject(qtbot, window).window.tiles
    assert [tile.pictogram for tile in tiles] == ["ja", "nee"]
    assert all(tile.height() >= 100 for tile in tiles)
    assert window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert check(window) == ()


def test_only_what_points_forward_turns_round() -> None:
    assert drawn("ja", rtl=True) == drawn("ja")
    turned, straight = drawn("later", rtl=True), drawn("later")
    # the arrow is at the end: far more ink of the clock stands at the start
    assert _ink(straight, left=True) > 1.1 * _ink(straight, left=False)
    assert _ink(turned, left=False) > 1.1 * _ink(turned, left=True)


def test_a_drawing_is_made_once_per_size_and_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    from intake_app.ui import pictograms

    QPixmapCache.clear()
    first = drawn("huis")
    monkeypatch.setattr(pictograms, "drawing", lambda name: pytest.fail(f"{name} made again"))
    assert drawn("huis") == first


def test_it_is_sharp_on_a_dense_screen() -> None:
    dense = drawn("huis", ratio=2.0)
    assert dense.width() == 128
    assert dense != drawn("huis").scaled(128, 128)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_every_drawing_leaves_ink_and_stays_off_the_edge(qtbot: QtBot, ratio: float) -> None:
    del qtbot
    for path in paths.resource("pictograms").glob("*.svg"):
        image = drawn(path.stem, ratio=ratio)
        rows = _grey(image)
        edge = rows[0] + rows[-1] + b"".join(row[:1] + row[-1:] for row in rows)
        assert min(edge) == 255, path.stem
        ink = _ink(image, left=True) + _ink(image, left=False)
        assert ink > image.width() * image.height() * 0.03, path.stem


def _grey(image: QImage) -> list[bytes]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    data, step = bytes(grey.constBits()), grey.bytesPerLine()
    return [data[y * step : y * step + grey.width()] for y in range(grey.height())]


def _ink(image: QImage, *, left: bool) -> int:
    half = image.width() // 2
    rows = [row[:half] if left else row[half:] for row in _grey(image)]
    return sum(value < 128 for row in rows for value in row)
