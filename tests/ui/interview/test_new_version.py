"""The guided step to a newer version of the form, on screen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pages.interview import InterviewObject
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import (
    Program,
    key,
    resume,
    second_small_form,
    small_form,
    start_small,
)
from support.qt import make_context

from intake_app.flows.interview import InterviewFlow
from intake_app.ui.a11y import check
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.theme import Theme
from intake_app.vault import DiskFull, Vault
from intake_app.xforms import FormDefinition, NodeKey, parse_form

AGE = NodeKey("/data/kort/leeftijd_jaren")


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    flow = start_small(vault)
    flow.answer(key("naam_tolk"), "Tigrinya")
    flow.answer(key("leeftijd"), "31")
    flow.answer(key("oordeel"), "zorg")
    return flow


class Screen(InterviewObject):
    """An interview with what may stand in its place."""

    name = "interview-host"

    def __init__(self, qtbot: QtBot, window: QWidget, host: InterviewHost) -> None:
        super().__init__(qtbot, window)
        self.host = host

    def shows(self, name: str) -> bool:
        QApplication.processEvents()
        return any(one.isVisibleTo(self.root) for one in self.root.findChildren(QWidget, name))

    def words_of(self, name: str) -> str:
        found = self.root.findChild(QWidget, name)
        assert found is not None
        return "\n".join(label.text() for label in found.findChildren(QLabel))


@pytest.fixture
def open_with(qtbot: QtBot, vault: Vault, theme: Theme) -> Iterator[object]:
    kept: list[QWidget] = []

    def show(flow: InterviewFlow, form: FormDefinition, size: tuple[int, int] = (1280, 800)):  # type: ignore[no-untyped-def]
        context = dataclasses.replace(make_context(vault, theme), library=Program(form))  # type: ignore[arg-type]
        host = InterviewHost.reopen(context, flow.interview.interview_id)
        window = QWidget()
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(host)
        window.resize(*size)
        qtbot.addWidget(window)
        kept.append(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return Screen(qtbot, window, host)

    yield show
    kept.clear()


def test_without_a_newer_version_nothing_is_offered(open_with, flow: InterviewFlow) -> None:  # type: ignore[no-untyped-def]
    screen = open_with(flow, small_form())
    assert not screen.shows("new-version-notice")


def test_it_is_offered_listed_and_done(open_with, flow: InterviewFlow, vault: Vault) -> None:  # type: ignore[no-untyped-def]
    screen = open_with(flow, second_small_form())
    assert screen.shows("new-version-notice")
    assert check(screen.root) == ()
    screen.click("new-version-look")
    QApplication.processEvents()
    assert not screen.shows("interview-page")
    assert check(screen.root) == ()
    listed = screen.words_of("new-version")
    for words in (
        "van versie 1 naar versie 2",
        "Welke taal spreekt u thuis?",
        "de vraag is er niet meer",
        "dezelfde vraag, op een andere plaats",
        "Nu verplicht",
    ):
        assert words in listed
    assert "Tigrinya" not in listed
    assert resume(vault, flow).form.version == "1"
    screen.click("new-version-move")
    QApplication.processEvents()
    assert screen.shows("interview-page")
    assert not screen.shows("new-version-notice")
    assert screen.host.page.bridge.flow.form.version == "2"
    assert resume(vault, flow).session.value(AGE) == "31"


def test_later_leaves_everything_and_goes_on(open_with, flow: InterviewFlow, vault: Vault) -> None:  # type: ignore[no-untyped-def]
    screen = open_with(flow, second_small_form())
    where = screen.host.heading
    screen.click("new-version-look")
    assert screen.host.heading != where
    screen.click("new-version-later")
    assert screen.shows("interview-page")
    assert not screen.shows("new-version-notice")
    assert screen.host.heading == where
    assert resume(vault, flow).form.version == "1"
    screen.host.page.bridge.flow.answer(key("leeftijd"), "32")
    assert resume(vault, flow).session.value(key("leeftijd")) == "32"


def test_what_was_put_aside_is_found_again(open_with, flow: InterviewFlow) -> None:  # type: ignore[no-untyped-def]
    screen = open_with(flow, second_small_form())
    screen.click("new-version-look")
    screen.click("new-version-move")
    QApplication.processEvents()
    screen.host.page.bridge.review()
    assert "1 antwoord uit een eerdere versie" in screen.words_of("review-aside")
    screen.click("review-aside-look")
    QApplication.processEvents()
    assert check(screen.root) == ()
    shown = screen.words_of("aside-answers")
    assert "Tigrinya" in shown
    assert "Welke taal spreekt u thuis? (de vraag is er niet meer" in shown
    screen.click("aside-back")
    assert screen.shows("interview-page")


def test_a_move_that_cannot_be_stored_says_so(  # type: ignore[no-untyped-def]
    open_with, flow: InterviewFlow, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_with(flow, second_small_form())
    screen.click("new-version-look")
    real = vault.transaction

    @contextmanager
    def failing(actor: object, purpose: str) -> Iterator[object]:
        with real(actor, purpose) as tx:  # type: ignore[arg-type]
            yield tx
            raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(vault, "transaction", failing)
        screen.click("new-version-move")
    assert screen.shows("new-version-problem")
    screen.click("new-version-later")
    assert screen.shows("interview-page")
    assert resume(vault, flow).form.version == "1"


def test_new_words_for_the_same_questions_come_by_themselves(  # type: ignore[no-untyped-def]
    open_with, flow: InterviewFlow, vault: Vault
) -> None:
    xml = small_form().xml.replace(b"Heeft u gewerkt?", b"Had u werk?")
    screen = open_with(flow, parse_form(xml, name="klein"))
    assert not screen.shows("new-version-notice")
    found = screen.host.page.bridge.flow
    assert found.view(key("gewerkt")).label.text == "Had u werk?"
    assert found.session.value(key("leeftijd")) == "31"
    assert resume(vault, flow).form.xml == xml


def test_an_established_interview_is_left_alone(open_with, vault: Vault) -> None:  # type: ignore[no-untyped-def]
    flow = start_small(vault)
    flow.answer(key("gewerkt"), "nee")
    flow.finish()
    assert not open_with(flow, second_small_form()).shows("new-version-notice")


@pytest.mark.parametrize("size", [(1280, 800), (640, 480)])
def test_the_listing_fits_and_is_reached_by_keyboard(  # type: ignore[no-untyped-def]
    open_with, flow: InterviewFlow, size: tuple[int, int], tmp_path: Path
) -> None:
    del tmp_path
    screen = open_with(flow, second_small_form(), size)
    screen.click("new-version-look")
    QApplication.processEvents()
    assert check(screen.root) == ()
    assert screen.root.focusWidget().objectName() == "new-version-move"
