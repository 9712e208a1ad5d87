from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget
from support.qt import make_theme, settle

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.kit import Page, PrimaryButton, TextInput, TextLink
from intake_app.ui.practice import EDGE
from intake_app.ui.rail import Place
from intake_app.ui.shell import Crumb, Shell

TR = UiTexts("nl", None)


@pytest.fixture
def shell(qtbot, qapp):
    window = Shell(make_theme(qapp), TR)
    qtbot.addWidget(window)
    window.show()
    return window


class Remembering(Page):
    def __init__(self, theme, left: list[str]) -> None:
        super().__init__(theme, "Een")
        self._left = left

    def leaving(self) -> None:
        self._left.append("left")


def test_the_title_names_nobody(shell, qapp):
    page = Page(shell.theme, "Amanuel T.")
    shell.show_page(page, [Crumb("Mensen", lambda: None), Crumb("Amanuel T.")])
    assert shell.windowTitle() == "Doorgaande Lijn"


def test_a_page_is_told_that_it_is_left_before_the_next_shows(shell):
    left: list[str] = []
    shell.show_page(Remembering(shell.theme, left))
    assert left == []
    shell.show_page(Page(shell.theme, "Twee"))
    assert left == ["left"]


@pytest.mark.parametrize("place", list(Place))
def test_every_place_is_reached_by_mouse_and_by_key(shell, qtbot, place):
    button = shell.rail.buttons[place]
    with qtbot.waitSignal(shell.place_chosen) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [place.value]
    with qtbot.waitSignal(shell.place_chosen) as told:
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert told.args == [place.value]


def test_ctrl_l_asks_to_lock_from_inside_a_field(shell, qtbot):
    page = Page(shell.theme, "x")
    field = TextInput(shell.theme)
    page.add(field)
    shell.show_page(page)
    shell.activateWindow()
    field.setFocus()
    with qtbot.waitSignal(shell.lock_requested):
        qtbot.keyClick(field, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_escape_goes_one_step_up(shell, qtbot):
    went: list[str] = []
    page = Page(shell.theme, "x")
    field = TextInput(shell.theme)
    page.add(field)
    shell.show_page(
        page,
        [
            Crumb("Mensen", lambda: went.append("people")),
            Crumb("Amanuel T.", lambda: went.append("person")),
            Crumb("Plan"),
        ],
    )
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert went == ["person"]


def test_enter_presses_the_next_step_when_the_page_has_the_keyboard(shell, qtbot, qapp):
    page = Page(shell.theme, "x")
    button = PrimaryButton(shell.theme, "Verder")
    page.set_footer((), button)
    shell.show_page(page)
    assert shell.focusWidget() is page
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(shell.focusWidget(), Qt.Key.Key_Return)


def test_the_field_that_a_page_chose_has_the_keyboard(shell):
    page = Page(shell.theme, "x")
    field = TextInput(shell.theme)
    page.add(field)
    field.setFocus()
    shell.show_page(page)
    assert shell.focusWidget() is field


def test_a_conversation_folds_the_rail_away(shell):
    shell.interview_mode(on=True)
    assert not shell.rail.isVisible()
    shell.interview_mode(on=False)
    assert shell.rail.isVisible()


def test_a_conversation_names_who_and_where_and_leaves_the_place_out(shell, qapp):
    question = "Begin van het gesprek · vraag 3 van 8"
    crumbs = [Crumb("Mensen", lambda: None), Crumb("Rima A.", lambda: None), Crumb(question)]
    shell.set_crumbs(crumbs)

    def words() -> list[str]:
        settle(qapp)
        row = shell.findChild(QWidget, "top-line")
        found = row.findChildren(QLabel) + row.findChildren(TextLink)
        return [w.text() for w in found if w.isVisibleTo(row)]

    assert {"Mensen", "Rima A.", question} <= set(words())
    shell.interview_mode(on=True)
    assert "Mensen" not in words()
    assert {"Rima A.", question} <= set(words())


def test_actions_of_a_page_leave_with_it(shell, qapp):
    shell.show_page(Page(shell.theme, "een"))
    action = PrimaryButton(shell.theme, "Scherm cliënt", name="client-screen")
    shell.set_page_actions([action])
    settle(qapp)
    assert shell.findChild(QWidget, "client-screen").isVisibleTo(shell)
    shell.show_page(Page(shell.theme, "twee"))
    settle(qapp)
    assert shell.findChild(QWidget, "client-screen") is None


def test_practice_has_a_word_and_an_edge_that_lets_the_mouse_through(qtbot, qapp):
    window = Shell(make_theme(qapp), TR, practice=True)
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    assert window.findChild(QWidget, "practice-tag").text()
    edge = window.findChild(QWidget, "practice-edge")
    assert edge.geometry() == window.rect()
    assert not edge.mask().contains(window.rect().center())
    assert edge.mask().contains(window.rect().topLeft())
    assert edge.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    pixel = window.grab().toImage().pixelColor(EDGE // 2, 300).name()
    assert pixel != window.theme.color("surface").name()


def test_a_real_vault_has_neither(shell):
    assert shell.findChild(QWidget, "practice-tag") is None
    assert shell.findChild(QWidget, "practice-edge") is None


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1280, 800)), (2.0, (1366, 768))])
def test_the_window_fits_a_small_laptop(qtbot, qapp, scale, size):
    window = Shell(make_theme(qapp, scale=scale), TR)
    qtbot.addWidget(window)
    window.show_page(Page(window.theme, "Iets"), [Crumb("Mensen", lambda: None), Crumb("Iets")])
    window.resize(*size)
    window.show()
    settle(qapp)
    assert (window.width(), window.height()) == size
    assert window.rail.buttons[Place.SETTINGS].geometry().bottom() < window.rail.height()


@pytest.mark.parametrize("practice", [False, True])
@pytest.mark.parametrize("width", [1366, 1280])
def test_nothing_in_the_top_line_is_clipped_during_a_conversation(qtbot, qapp, width, practice):
    window = Shell(make_theme(qapp), TR, practice=practice)
    qtbot.addWidget(window)
    window.resize(width, 800)
    window.show()
    window.interview_mode(on=True)
    window.set_saved("Opgeslagen 14:32:07")
    # the page shows and names its actions after it gave them to the window
    actions = [PrimaryButton(window.theme, "", name=f"action-{n}") for n in range(2)]
    window.set_page_actions(actions)
    for action, text in zip(
        actions, ("Tolk: Tigrinya · per telefoon", "Scherm cliënt"), strict=True
    ):
        action.setText(text)
    crumbs = [Crumb("Mensen", lambda: None), Crumb("Mohammed A.", lambda: None)]
    window.set_crumbs(
        [*crumbs, Crumb("Werk en werkervaring in het land van herkomst · vraag 3 van 8")]
    )
    settle(qapp)
    top = window.findChild(QWidget, "top-line")
    shown = [w for w in top.findChildren(QWidget) if w.isVisibleTo(top)]
    assert actions[1] in shown
    for part in shown:
        assert part.width() >= part.sizeHint().width(), part.objectName()
        assert top.rect().contains(part.geometry()), part.objectName()
    rights = sorted((w.x(), w.geometry().right()) for w in shown)
    assert all(right < left for (_, right), (left, _) in pairwise(rights))


def test_the_edge_of_practice_lies_over_nothing(qtbot, qapp):
    window = Shell(make_theme(qapp), TR, practice=True)
    qtbot.addWidget(window)
    window.show()
    settle(qapp)
    free = window.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
    for part in (window.lock_button, window.rail, *window.rail.buttons.values()):
        place = part.rect().translated(part.mapTo(window, part.rect().topLeft()))
        assert free.contains(place), part.objectName()


def test_the_top_line_makes_room_when_a_part_of_the_window_is_lent(qtbot, qapp):
    window = Shell(make_theme(qapp), TR, practice=True)
    qtbot.addWidget(window)
    window.show_page(Page(window.theme, "Gesprek"), [Crumb("Sara R."), Crumb("Werk · vraag 1")])
    window.resize(1366, 768)
    window.show()
    settle(qapp)
    roomy = window.lock_button.key
    window.setContentsMargins(0, 0, 683, 0)
    settle(qapp)
    assert [str(f) for f in check(window) if f.rule == "clipped"] == []
    assert (roomy, window.lock_button.key) == ("Ctrl L", "")
    window.setContentsMargins(0, 0, 0, 0)
    settle(qapp)
    assert window.lock_button.key == "Ctrl L"


def test_another_theme_keeps_what_the_window_says(shell, qapp):
    shell.show_page(Page(shell.theme, "Een"), [Crumb("Mensen", lambda: None)], place=Place.PEOPLE)
    shell.set_saved("Opgeslagen 14:32:07")
    shell.set_sync("Postbus: offline", leads=True, alarm=True)
    shell.set_notice("De kleuren kloppen niet meer.")
    shell.resize(1200, 700)
    shell.set_theme(make_theme(qapp, "dark"))
    page = Page(shell.theme, "Een")
    shell.show_page(page, [Crumb("Mensen", lambda: None)], place=Place.PEOPLE)
    settle(qapp)
    assert (shell.saved_text(), shell.sync_text()) == ("Opgeslagen 14:32:07", "Postbus: offline")
    assert shell.notice_text() == "De kleuren kloppen niet meer."
    assert shell.rail.current is Place.PEOPLE
    assert (shell.width(), shell.height()) == (1200, 700)
    assert shell.findChild(QWidget, "sync-open").isVisible()
    shell.findChild(TextLink, "shell-notice-close").click()
    assert shell.notice_text() == ""
    make_theme(qapp)


def test_a_window_that_nobody_touches_does_nothing(shell, qapp):
    shell.show_page(Page(shell.theme, "Een"), [Crumb("Mensen", lambda: None), Crumb("Sara V.")])
    shell.set_saved("Opgeslagen 14:32:07")
    settle(qapp)
    asked: list[QEvent.Type] = []

    class Heard(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.LayoutRequest:
                asked.append(event.type())
            return False

    heard = Heard()
    qapp.installEventFilter(heard)
    for _ in range(5):
        qapp.sendPostedEvents()
    qapp.removeEventFilter(heard)
    # what is laid out again and again keeps a core busy all day
    assert asked == []
