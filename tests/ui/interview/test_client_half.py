"""Where the client's screen stands: a turned half, a monitor, and what happens when that goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pages.clientscreen import ClientScreenObject
from pages.interview import InterviewObject
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QScreen
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import MarkedTexts, OneForm, add_person, key
from support.made_forms import every_kind
from support.qt import settle
from support.vaults import actor_of

from intake_app.documents.client_page import Speaker
from intake_app.domain.interview import Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.clientscreen.half import ClientHalf, Split, TurnedView, share
from intake_app.ui.clientscreen.screens import Screens, leans_to
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.client_screen import ClientScreen, Where
from intake_app.vault import Vault
from intake_app.xforms import NodeKey


class FakeScreens(Screens):
    """Monitors that come and go as the test says; the one there is stands for the client's."""

    def __init__(self) -> None:
        super().__init__()
        self.monitor: QScreen | None = None
        self.mirrors = False

    def free(self, beside: QWidget) -> QScreen | None:
        del beside
        return self.monitor

    def mirrored(self, beside: QWidget) -> bool:
        del beside
        return self.mirrors

    def reaches(self, window: QWidget, screen: QScreen) -> bool:
        # there is one screen here, which stands for two
        del window, screen
        return False

    def plug(self) -> QScreen:
        self.monitor = QGuiApplication.primaryScreen()
        self.came.emit(self.monitor)
        return self.monitor

    def unplug(self) -> None:
        screen, self.monitor = self.monitor, None
        self.went.emit(screen)


@pytest.fixture
def screens() -> FakeScreens:
    return FakeScreens()


@pytest.fixture
def talk(show: Callable[..., InterviewObject], bridge: InterviewBridge) -> InterviewObject:
    bridge.go_to(key("gewerkt"))
    return show(bridge)


@pytest.fixture
def screen(talk: InterviewObject, screens: FakeScreens) -> Iterator[ClientScreen]:
    page = talk.page
    made = ClientScreen(
        page.tools.theme,
        page.bridge,
        UiTexts("ar", None),
        page,
        practice=False,
        say=Speaker("ar"),
        tr=page.tools.tr,
        screens=screens,
    )
    made.offer.setParent(page)
    yield made
    made.close()
    settle(QApplication.instance())  # type: ignore[arg-type]


def window_of(screen: ClientScreen) -> ClientWindow:
    assert screen.window is not None
    return screen.window


def half_of(screen: ClientScreen) -> ClientHalf:
    assert screen.half is not None
    return screen.half


# ---- sharing one screen ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "factor", "split"),
    [
        (QSize(1366, 768), 1.0, Split.BESIDE),
        (QSize(1920, 1080), 1.0, Split.BESIDE),
        (QSize(1920, 1080), 2.0, Split.BESIDE),
        (QSize(1366, 768), 1.4, Split.BESIDE),
        (QSize(1366, 768), 2.0, Split.TURNS),
        (QSize(683, 384), 1.0, Split.TURNS),
        (QSize(768, 1366), 1.0, Split.ABOVE),
        (QSize(900, 800), 1.0, Split.ABOVE),
        (QSize(700, 560), 1.0, Split.TURNS),
    ],
)
def test_a_screen_is_shared_as_its_size_allows(size: QSize, factor: float, split: Split) -> None:
    shared = share(size, factor)
    assert shared.split is split
    assert shared.client.width() > 0
    margins = shared.margins
    left_w = size.width() - margins.left() - margins.right()
    left_h = size.height() - margins.top() - margins.bottom()
    if split is not Split.TURNS:
        # together they are the whole window, and neither lies over the other
        assert left_w * left_h + shared.client.width() * shared.client.height() == (
            size.width() * size.height()
        )


def test_the_colleague_keeps_one_half_and_the_client_gets_the_other_upside_down(
    screen: ClientScreen, talk: InterviewObject, qapp: QApplication
) -> None:
    screen.toggle()
    settle(qapp)
    half = half_of(screen)
    assert screen.where is Where.HALF
    assert half.split is Split.BESIDE
    assert talk.page.width() == 683
    assert half.geometry().left() == 683
    assert check(talk.root) == ()
    assert check(window_of(screen)) == ()
    shown = half.view.grab().toImage()
    straight = window_of(screen).grab().toImage()
    round_ = straight.flipped(Qt.Orientation.Horizontal | Qt.Orientation.Vertical)
    assert alike(shown, round_) > 0.98
    assert alike(shown, straight) < 0.97
    half.view.set_turned(False)
    settle(qapp)
    assert alike(half.view.grab().toImage(), straight) > 0.98


def alike(first: QImage, second: QImage) -> float:
    """Return which part of the pixels of two pictures of one size is nearly the same."""
    assert first.size() == second.size()
    same = total = 0
    for y in range(0, first.height(), 3):
        for x in range(0, first.width(), 3):
            a, b = first.pixelColor(x, y), second.pixelColor(x, y)
            total += 1
            same += abs(a.red() - b.red()) + abs(a.green() - b.green()) < 60
    return same / total


@pytest.mark.parametrize("turned", [True, False])
def test_what_is_tapped_is_what_is_seen(
    screen: ClientScreen,
    bridge: InterviewBridge,
    qtbot: QtBot,
    qapp: QApplication,
    turned: bool,
) -> None:
    screen.toggle()
    half = half_of(screen)
    half.view.set_turned(turned)
    settle(qapp)
    window = window_of(screen)
    for value in ("nee", "ja"):
        tile = next(tile for tile in window.tiles if tile.value == value)
        # away from the middle, where every turn would find it
        centre = tile.mapTo(window, QPoint(tile.width() // 5, tile.height() // 4))
        spot = centre
        if turned:
            spot = QPoint(window.width() - centre.x(), window.height() - centre.y())
        qtbot.mouseClick(half.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert bridge.flow.session.value(key("gewerkt")) == value
        assert [each.value for each in window.tiles if each.isChecked()] == [value]


def test_a_page_that_needs_more_room_than_there_is_is_drawn_smaller(qtbot: QtBot) -> None:
    client = QWidget()
    column = QVBoxLayout(client)
    tall = QWidget()
    column.addWidget(tall)
    view = TurnedView(client)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()

    def seen() -> QSize:
        return view.transform().mapRect(QRectF(client.rect())).size().toSize()

    qtbot.waitUntil(lambda: seen() == QSize(400, 300) == client.size())
    tall.setMinimumHeight(600)
    qtbot.waitUntil(lambda: client.height() >= 600 and seen() == QSize(400, 300))
    tall.setMinimumHeight(0)
    qtbot.waitUntil(lambda: seen() == QSize(400, 300) == client.size())


def test_a_tap_in_the_half_leaves_the_keyboard_with_the_colleague(
    screen: ClientScreen,
    talk: InterviewObject,
    bridge: InterviewBridge,
    qtbot: QtBot,
    qapp: QApplication,
) -> None:
    bridge.go_to(key("leeftijd"))
    field = talk.block("leeftijd").widget.field  # type: ignore[attr-defined]
    field.setFocus()
    screen.toggle()
    settle(qapp)
    window = window_of(screen)
    pad = window.findChild(QWidget, "pad-4")
    assert pad is not None
    at = pad.mapTo(window, pad.rect().center())
    spot = QPoint(window.width() - at.x(), window.height() - at.y())
    qtbot.mouseClick(half_of(screen).view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert ClientScreenObject(qtbot, window).texts().count("4") == 2
    assert field.hasFocus()


def test_turning_and_taking_it_away_are_at_the_colleagues_side(
    screen: ClientScreen, talk: InterviewObject, qapp: QApplication
) -> None:
    screen.toggle()
    settle(qapp)
    view = half_of(screen).view
    assert view.turned
    talk.click("client-half-turn")
    assert not view.turned
    talk.click("client-half-close")
    settle(qapp)
    assert screen.where is Where.NOWHERE
    assert talk.page.width() == talk.root.width()
    assert not talk.has("client-half")


def test_in_turns_a_key_pauses_and_the_colleague_gets_the_screen_back(
    screen: ClientScreen, talk: InterviewObject, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    talk.root.resize(700, 560)
    screen.toggle()
    settle(QApplication.instance())  # type: ignore[arg-type]
    half = half_of(screen)
    assert half.split is Split.TURNS
    assert not talk.page.isVisible()
    qtbot.keyClick(half, Qt.Key.Key_P)
    assert bridge.is_paused
    bridge.pause(on=False)
    # room again: both see their own part
    talk.root.resize(1366, 768)
    settle(QApplication.instance())  # type: ignore[arg-type]
    assert half.split is Split.BESIDE
    assert talk.page.isVisible()


def test_pausing_blanks_the_half_when_the_key_has_been_handled(
    screen: ClientScreen, bridge: InterviewBridge, qapp: QApplication
) -> None:
    screen.toggle()
    settle(qapp)
    before = half_of(screen).view.grab().toImage()
    bridge.rest()
    assert window_of(screen).texts_shown() == ()
    assert alike(half_of(screen).view.grab().toImage(), before) < 0.995


# ---- monitors come and go -------------------------------------------------------------------


def shown_clients() -> list[QWidget]:
    return [
        w
        for w in QApplication.topLevelWidgets()
        if w.objectName() == "client-window" and w.isVisible()
    ]


@pytest.fixture
def pad(
    screen: ClientScreen, screens: FakeScreens, vault: Vault, talk: InterviewObject, qtbot: QtBot
) -> ClientScreen:
    """The client's screen on a monitor, with a number half tapped."""
    screens.monitor = QGuiApplication.primaryScreen()
    screen._bridge.go_to(key("leeftijd"))
    screen.toggle()
    client = ClientScreenObject(qtbot, window_of(screen))
    client.click("pad-3")
    client.click("pad-1")
    return screen


def test_when_the_monitor_goes_nothing_comes_on_the_laptop_and_nothing_is_lost(
    pad: ClientScreen, screens: FakeScreens, bridge: InterviewBridge
) -> None:
    assert pad.where is Where.MONITOR
    assert bridge.flow.session.value(key("leeftijd")) == ""
    screens.unplug()
    assert pad.where is Where.NOWHERE
    assert shown_clients() == []
    assert bridge.flow.session.value(key("leeftijd")) == "31"
    assert pad.offer.is_asking
    pad.offer._yes.click()
    assert pad.where is Where.HALF
    assert not pad.offer.is_asking


def test_it_comes_back_after_asking(pad: ClientScreen, screens: FakeScreens) -> None:
    screens.unplug()
    pad.offer._no.click()
    assert pad.where is Where.NOWHERE
    screens.plug()
    assert pad.where is Where.NOWHERE
    assert pad.offer.is_asking
    pad.offer._yes.click()
    assert pad.where is Where.MONITOR


def test_a_monitor_that_comes_is_offered_to_who_reads_in_a_half(
    screen: ClientScreen, screens: FakeScreens
) -> None:
    screen.toggle()
    assert screen.where is Where.HALF
    screens.plug()
    assert screen.where is Where.HALF
    screen.offer._yes.click()
    assert screen.where is Where.MONITOR


def test_a_monitor_that_comes_without_need_is_not_mentioned(
    screen: ClientScreen, screens: FakeScreens
) -> None:
    screens.plug()
    assert not screen.offer.is_asking
    screen.toggle()
    screen.toggle()
    screens.unplug()
    screens.plug()
    assert not screen.offer.is_asking


def test_a_monitor_that_goes_while_a_question_is_painted(
    pad: ClientScreen, screens: FakeScreens, bridge: InterviewBridge, qapp: QApplication
) -> None:
    class Unplugs(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.Paint and screens.monitor is not None:
                watched.removeEventFilter(self)
                screens.unplug()
            return False

    unplugs = Unplugs()
    window_of(pad).installEventFilter(unplugs)
    bridge.go_to(key("gewerkt"))
    settle(qapp)
    assert screens.monitor is None
    assert pad.where is Where.NOWHERE
    assert shown_clients() == []
    assert bridge.flow.session.value(key("leeftijd")) == "31"


def test_a_desktop_arranged_anew_on_one_screen_takes_it_away(
    pad: ClientScreen, screens: FakeScreens, bridge: InterviewBridge
) -> None:
    # docked and undocked: the monitor is there, and shows what the colleague sees
    screens.monitor = None
    screens.changed.emit()
    assert pad.where is Where.NOWHERE
    assert shown_clients() == []
    assert bridge.flow.session.value(key("leeftijd")) == "31"
    assert pad.offer.is_asking


def test_a_monitor_of_another_size_is_filled_again(pad: ClientScreen) -> None:
    window = window_of(pad)
    window.resize(640, 480)
    assert window._filled is not None
    window._filled.refit()
    assert window.size() == QGuiApplication.primaryScreen().geometry().size()


@pytest.mark.parametrize(
    ("window", "reaches"),
    [
        (QRect(0, 0, 1366, 768), False),
        (QRect(10, 0, 1366, 768), False),
        (QRect(100, 0, 1366, 768), True),
        (QRect(-300, 0, 1366, 768), False),
        (QRect(0, 200, 1366, 768), False),
    ],
)
def test_beside_a_monitor_of_another_scale_a_window_may_not_stick_out(
    window: QRect, reaches: bool
) -> None:
    # a laptop at 200 %: 2732 pixels wide, so that is where the next begins
    laptop, beside = QRect(0, 0, 1366, 768), QRect(2732, 0, 1920, 1080)
    assert leans_to(window, laptop, beside) is reaches


def test_a_mirrored_monitor_is_none_for_the_client_and_is_said(
    screen: ClientScreen, screens: FakeScreens
) -> None:
    screens.mirrors = True
    screen.toggle()
    assert screen.where is Where.HALF
    assert "hetzelfde" in screen.offer.text()
    assert not screen.offer.is_asking


def test_no_window_of_the_client_is_left_when_the_page_goes(
    vault: Vault, show: Callable[..., InterviewObject], qapp: QApplication
) -> None:
    flow = InterviewFlow.start(
        vault,
        OneForm(every_kind()),
        MarkedTexts(),
        add_person(vault).person_id,
        "gemaakt",
        "ar",
        Interpretation(),
        actor_of(vault),
    )
    talk = show(InterviewBridge(flow))
    talk.page.bridge.go_to(NodeKey("/data/gesprek/v_int"))
    talk.page.client_screen.toggle()
    talk.page.leaving()
    settle(qapp)
    assert shown_clients() == []
    assert talk.page.client_screen.where is Where.NOWHERE
