"""Which theme holds: what the platform says, and what the user wants."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.looks import FakePlatform

from intake_app.flows import looks as wishes
from intake_app.flows.looks import Look
from intake_app.ui.looks import Looks, QtPlatform
from intake_app.ui.theme import Theme


def test_the_platform_decides_until_the_user_does(looks: Looks, platform: FakePlatform) -> None:
    told: list[Theme] = []
    looks.changed.connect(told.append)
    platform.say(dark=True)
    assert (looks.theme.scheme, len(told)) == ("dark", 1)
    looks.wish(wishes.Wishes(Look.LIGHT))
    assert looks.theme.scheme == "light"
    platform.say(dark=False)
    platform.say(dark=True)
    assert len(told) == 2, "what changes nothing is not told"
    looks.wish(wishes.Wishes(Look.CONTRAST, 150))
    assert looks.theme.is_high_contrast
    assert looks.theme.tokens["window"] == "#000000"
    assert looks.theme.text_px() == round(15 * 1.5)


def test_the_font_size_of_the_platform_is_followed(looks: Looks, platform: FakePlatform) -> None:
    platform.say(body=22.0)
    assert looks.theme.text_px() == 22


def test_high_contrast_of_the_platform_brings_its_palette(
    looks: Looks, platform: FakePlatform
) -> None:
    yellow = QPalette()
    yellow.setColor(QPalette.ColorRole.Window, QColor("#000000"))
    yellow.setColor(QPalette.ColorRole.WindowText, QColor("#FFFF00"))
    platform.say(contrast=True, colors=yellow)
    assert (looks.theme.tokens["ink"], looks.theme.tokens["surface"]) == ("#ffff00", "#000000")
    looks.wish(wishes.Wishes(Look.DARK))
    assert not looks.theme.is_high_contrast


def test_a_platform_without_a_strong_palette_gets_ours(
    looks: Looks, platform: FakePlatform
) -> None:
    weak = QPalette()
    weak.setColor(QPalette.ColorRole.Window, QColor("#EFEFEF"))
    weak.setColor(QPalette.ColorRole.WindowText, QColor("#888888"))
    platform.say(contrast=True, colors=weak)
    assert (looks.theme.tokens["ink"], looks.theme.tokens["surface"]) == ("#000000", "#FFFFFF")


def test_what_qt_says_of_the_platform_is_heard_once(qtbot: QtBot, qapp: QApplication) -> None:
    platform = QtPlatform(qapp)
    with qtbot.waitSignal(platform.changed):
        pass
    font = qapp.font()
    with qtbot.waitSignal(platform.changed):
        bigger = qapp.font()
        bigger.setPixelSize(31)
        qapp.setFont(bigger)
    qapp.setFont(font)
    with qtbot.waitSignal(platform.changed):
        platform._hints.colorSchemeChanged.emit(platform._hints.colorScheme())
    with qtbot.waitSignal(platform.changed):
        platform._wishes.contrastPreferenceChanged.emit(platform._wishes.contrastPreference())
    ours = QPalette(qapp.palette())
    other = QPalette(ours)
    other.setColor(QPalette.ColorRole.Window, QColor("#123456"))
    with qtbot.waitSignal(platform.changed):
        qapp.setPalette(other)
    with qtbot.waitSignal(platform.changed):
        qapp.sendEvent(platform._ear, QEvent(QEvent.Type.ThemeChange))
    # asking what lies under our own palette must not be heard as a change: it would never end
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    with qtbot.assertNotEmitted(platform.changed, wait=20):
        platform.palette()
    assert qapp.palette() == other
    qapp.setPalette(ours)
    platform.deleteLater()
