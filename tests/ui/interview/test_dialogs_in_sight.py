"""Dialogs of the colleague where the client could read them: in one window, and at a pause."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key
from support.qt import settle
from support.seen import paints, said

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.ui.a11y import check
from intake_app.ui.clientscreen.half import Split
from intake_app.ui.clientscreen.screens import Screens
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.client_screen import ClientScreen, Where
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.staff_windows import Veil
from intake_app.ui.kit.dialogs import ConfirmDialog, run

WORD = "GEHEIM"


class OneScreen(Screens):
    """This screen, and a monitor for the client where the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.monitor: QScreen | None = None
        self.mirrors = False
        self.reached: QWidget | None = None

    def free(self, beside: QWidget) -> QScreen | None:
        del beside
        return self.monitor

    def mirrored(self, beside: QWidget) -> bool:
        del beside
        return self.mirrors

    def reaches(self, window: QWidget, screen: QScreen) -> bool:
        del screen
        return window is self.reached


class Talk:
    """A talk with a secret in what the colleague wrote about the interpreter."""

    def __init__(self, qtbot: QtBot, shown: InterviewObject) -> None:
        self.qtbot, self.shown, self.page = qtbot, shown, shown.page
        self.bridge = self.page.bridge
        self.screen: ClientScreen = self.page.client_screen
        self.screens = OneScreen()
        self.screen._screens = self.screens
        self.bridge.set_interpretation(
            Interpretation(InterpreterMode.TELEFOON, interpreter=f"{WORD} tolk")
        )

    @property
    def client(self) -> ClientWindow:
        assert self.screen.window is not None
        return self.screen.window

    def open(self, where: Where) -> None:
        """Open the client's screen there."""
        if where is Where.MONITOR:
            self.screens.monitor = QGuiApplication.primaryScreen()
        if where is not Where.NOWHERE:
            self.screen.open()
        settle(app())
        assert self.screen.where is where


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def while_open(run: Callable[[], object], look: Callable[[QDialog], None]) -> None:
    """Call `look` while the dialog that `run` opens is there; it is closed afterwards."""
    wrong: list[BaseException] = []
    seen: list[QDialog] = []

    def peep() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        seen.append(dialog)
        try:
            look(dialog)
        except BaseException as problem:  # noqa: BLE001  (raised below)
            wrong.append(problem)
        finally:
            dialog.reject()

    QTimer.singleShot(50, peep)
    run()
    if not seen:
        # a dialog that does not wait
        QTest.qWait(100)
    settle(app())
    if wrong:
        raise wrong[0]
    assert seen


@pytest.fixture
def talk(
    qtbot: QtBot, show: Callable[..., InterviewObject], bridge: InterviewBridge
) -> Iterator[Talk]:
    bridge.go_to(key("gewerkt"))
    made = Talk(qtbot, show(bridge))
    yield made
    made.screen.close()
    settle(app())


def opened_by(page: InterviewPage) -> dict[str, Callable[[], object]]:
    return {
        "interpreter": page.edit_interpretation,
        "history": page.show_history,
        "find": page.find_question,
        "keys": page.show_shortcuts,
    }


DIALOGS = ("interpreter", "history", "find", "keys")
"""All that opens over the page of a talk; `finish` asks in a ConfirmDialog like any other."""


def words_in(dialog: QDialog) -> tuple[str, ...]:
    return tuple(text for text in said(dialog) if text)


# ---- one window for two -------------------------------------------------------------------------


@pytest.mark.parametrize("name", DIALOGS)
def test_in_one_window_a_dialog_leaves_the_clients_part_alone(talk: Talk, name: str) -> None:
    """It stands in the colleague's part, and the client is asked for a moment: no tap works."""
    talk.open(Where.HALF)
    half = talk.screen.half
    assert half is not None
    before = talk.client.texts_shown()
    assert before

    def look(dialog: QDialog) -> None:
        part = QRect(half.mapToGlobal(QPoint(0, 0)), half.size())
        assert not dialog.frameGeometry().intersects(part)
        assert half.own_part().contains(dialog.geometry())
        assert talk.client.findChild(QWidget, "client-wait").isVisible()
        assert not talk.client.pause_button.isVisible()
        assert talk.client.texts_shown() == ()

    while_open(opened_by(talk.page)[name], look)
    assert talk.client.texts_shown() == before


def test_a_half_that_is_made_smaller_keeps_the_dialog_out_of_it(talk: Talk) -> None:
    talk.open(Where.HALF)
    half = talk.screen.half
    assert half is not None

    def look(dialog: QDialog) -> None:
        talk.shown.root.resize(1100, 700)
        settle(app())
        assert half.split is Split.BESIDE
        part = QRect(half.mapToGlobal(QPoint(0, 0)), half.size())
        assert not dialog.geometry().intersects(part)

    while_open(talk.page.edit_interpretation, look)


def test_what_the_client_had_half_tapped_is_there_after_the_dialog(talk: Talk) -> None:
    talk.bridge.go_to(key("leeftijd"))
    talk.open(Where.HALF)
    pad = talk.client.input
    pad.keys["3"].click()  # type: ignore[union-attr]
    while_open(talk.page.show_shortcuts, lambda _dialog: None)
    assert talk.client.input is pad
    pad.keys["1"].click()  # type: ignore[union-attr]
    talk.client.flush()
    assert talk.bridge.flow.session.value(key("leeftijd")) == "31"


def test_a_dialog_over_a_dialog_is_treated_alike(talk: Talk) -> None:
    """And when the upper one closes, the one under it is still there."""
    talk.open(Where.HALF)
    half = talk.screen.half
    assert half is not None

    def look(dialog: QDialog) -> None:
        def look_on_top(upper: QDialog) -> None:
            assert half.own_part().contains(upper.geometry())
            talk.bridge.rest()
            assert dialog.findChild(Veil) is not None
            assert upper.findChild(Veil) is not None
            talk.bridge.pause(on=False)

        upper = ConfirmDialog(
            talk.page.tools.theme, "Zeker?", "Tekst.", confirm="Ja", cancel="Nee", parent=dialog
        )
        while_open(lambda: run(upper), look_on_top)
        assert talk.client.texts_shown() == ()

    while_open(talk.page.edit_interpretation, look)
    assert talk.client.texts_shown()


def test_on_a_monitor_of_their_own_the_client_reads_on_and_can_ask_for_a_pause(talk: Talk) -> None:
    talk.open(Where.MONITOR)
    before = talk.client.texts_shown()

    def look(dialog: QDialog) -> None:
        assert talk.client.texts_shown() == before
        # as the platform says it: what waits for a dialog gets no clicks
        spot = talk.client.pause_button.mapTo(talk.client, QPoint(20, 20))
        QTest.mouseClick(talk.client.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
        settle(app())
        assert talk.bridge.is_paused
        # nobody but the colleague sees it
        assert WORD in " ".join(words_in(dialog))
        assert dialog.findChild(Veil) is None

    while_open(talk.page.edit_interpretation, look)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("way", list(Qt.LayoutDirection)[:2])
def test_a_menu_opens_in_the_colleagues_part(talk: Talk, way: Qt.LayoutDirection) -> None:
    talk.open(Where.HALF)
    talk.bridge.answer(key("gewerkt"), "ja")
    half = talk.screen.half
    assert half is not None
    about = talk.shown.block("gewerkt").about
    about.source.setLayoutDirection(way)
    # as far to the right as a link can stand
    link = about.source
    link.setParent(talk.page)
    link.show()
    link.move(talk.page.width() - link.width() - 2, 80)
    about.open_sources()
    settle(app())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert half.own_part().contains(menu.geometry())
    menu.close()


# ---- a pause ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "mirrors"),
    [(Where.HALF, False), (Where.HALF, True), (Where.NOWHERE, True), (Where.MONITOR, True)],
)
def test_a_pause_takes_the_words_of_a_dialog_away_and_brings_them_back(
    talk: Talk, where: Where, mirrors: bool
) -> None:
    talk.open(where)
    talk.screens.mirrors = mirrors

    def look(dialog: QDialog) -> None:
        field = next(f for f in dialog.findChildren(QLineEdit) if f.isVisible())
        field.setFocus()
        field.setText(f"{WORD} half getypt")
        assert paints(dialog, WORD)
        painted = Painted(dialog)
        talk.bridge.rest()
        veil = dialog.findChild(Veil)
        assert veil is not None
        assert painted.count, "it is painted when the key has been handled"
        assert not paints(dialog, WORD)
        seen = [w for w in dialog.findChildren(QWidget) if w.isVisible()]
        seen = [w for w in seen if w.objectName() != "focus-ring"]
        assert [w for w in seen if w is not veil and not veil.isAncestorOf(w)] == []
        settle(app())
        assert check(dialog) == ()
        # Esc does not throw away what is in it
        talk.qtbot.keyClick(veil.button, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        talk.qtbot.mouseClick(veil.button, Qt.MouseButton.LeftButton)
        assert not talk.bridge.is_paused
        assert field.isVisible()
        assert field.text() == f"{WORD} half getypt"
        assert dialog.focusWidget() is field

    while_open(talk.page.edit_interpretation, look)


class Painted(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_alt_p_pauses_in_a_dialog_and_goes_on(talk: Talk) -> None:
    talk.open(Where.HALF)

    def look(dialog: QDialog) -> None:
        field = next(f for f in dialog.findChildren(QLineEdit) if f.isVisible())
        field.setFocus()
        talk.qtbot.keyClick(field, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
        assert talk.bridge.is_paused
        assert dialog.findChild(Veil) is not None
        talk.qtbot.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
        settle(app())
        assert not talk.bridge.is_paused
        assert dialog.findChild(Veil) is None

    while_open(talk.page.edit_interpretation, look)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_menu_closes_at_a_pause(talk: Talk) -> None:
    talk.open(Where.HALF)
    talk.bridge.answer(key("gewerkt"), "ja")
    block = talk.shown.block("gewerkt")
    block.about.open_sources()
    settle(app())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    talk.bridge.rest()
    settle(app())
    assert QApplication.activePopupWidget() is None


def test_who_interprets_is_not_opened_over_blank_screens(talk: Talk) -> None:
    link = talk.page.top_line.interpreter
    talk.bridge.rest()
    assert not link.isEnabled()
    talk.bridge.pause(on=False)
    assert link.isEnabled()


def test_a_dialog_that_closes_behind_its_veil_takes_it_along(talk: Talk) -> None:
    talk.open(Where.HALF)

    def look(dialog: QDialog) -> None:
        talk.bridge.rest()
        assert dialog.findChild(Veil) is not None

    while_open(talk.page.edit_interpretation, look)
    talk.bridge.pause(on=False)
    settle(app())
    assert talk.client.texts_shown()


# ---- on the client's monitor --------------------------------------------------------------------


def test_the_colleagues_window_on_the_clients_monitor_is_blank_at_once(talk: Talk) -> None:
    talk.open(Where.MONITOR)
    talk.screens.reached = talk.shown.root
    talk.shown.root.move(40, 30)
    assert talk.screen.where is Where.NOWHERE
    assert talk.bridge.is_paused
    assert talk.shown.has("interview-paused")
    why = talk.shown.find("pause-why")
    assert why.isVisible()
    settle(app())
    assert check(talk.shown.root) == ()
    talk.screens.reached = None
    talk.bridge.pause(on=False)
    settle(app())
    # nothing comes back by itself
    assert talk.screen.where is Where.NOWHERE
    assert not why.isVisible()
    assert talk.screen.offer.is_asking
    talk.screen.offer._yes.click()
    assert talk.screen.where is Where.MONITOR
    assert not talk.bridge.is_paused


def test_an_open_dialog_goes_blank_with_it(talk: Talk) -> None:
    talk.open(Where.MONITOR)

    def look(dialog: QDialog) -> None:
        assert paints(dialog, WORD)
        talk.screens.reached = dialog
        dialog.move(dialog.x() + 40, dialog.y())
        assert talk.screen.where is Where.NOWHERE
        assert talk.bridge.is_paused
        assert dialog.findChild(Veil) is not None
        assert not paints(dialog, WORD)

    while_open(talk.page.edit_interpretation, look)


def test_a_dialog_that_opens_on_the_clients_monitor_goes_blank(talk: Talk) -> None:
    talk.open(Where.MONITOR)
    reaches = talk.screens.reaches
    talk.screens.reaches = lambda window, screen: (  # type: ignore[method-assign]
        isinstance(window, QDialog) or reaches(window, screen)
    )

    def look(dialog: QDialog) -> None:
        assert dialog.findChild(Veil) is not None
        assert talk.screen.where is Where.NOWHERE

    while_open(talk.page.edit_interpretation, look)


def test_a_dialog_that_was_left_open_at_a_pause_goes_blank_too(talk: Talk) -> None:
    talk.open(Where.MONITOR)

    def look(dialog: QDialog) -> None:
        talk.bridge.rest()
        assert dialog.findChild(Veil) is None
        talk.screens.reached = dialog
        dialog.move(dialog.x() + 40, dialog.y())
        assert dialog.findChild(Veil) is not None

    while_open(talk.page.edit_interpretation, look)


def test_the_clients_screen_does_not_open_beside_a_window_that_reaches_it(talk: Talk) -> None:
    talk.screens.monitor = QGuiApplication.primaryScreen()
    talk.screens.reached = talk.shown.root
    talk.screen.open()
    settle(app())
    assert talk.screen.where is Where.NOWHERE
    assert talk.screen.offer.is_asking
    assert "eigen scherm" in talk.screen.offer.text()


def test_a_window_that_moves_on_its_own_monitor_changes_nothing(talk: Talk) -> None:
    talk.open(Where.MONITOR)
    talk.shown.root.move(40, 30)
    talk.shown.root.resize(1000, 640)
    settle(app())
    assert talk.screen.where is Where.MONITOR
    assert not talk.bridge.is_paused
