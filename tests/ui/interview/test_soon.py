"""What an answer changes on its page is shown before it is painted, and only where it is seen."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key

from intake_app.ui.interview.block import QuestionBlock
from intake_app.ui.interview.soon import Soon

USER = QEvent.Type.User.value


class Done(QObject):
    """Keeps what was done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: list[str] = []

    def do(self) -> None:
        self.found.append("done")


def test_it_is_done_once_and_before_anything_is_painted(qapp: QApplication, qtbot: QtBot) -> None:
    class Painted(QWidget):
        def paintEvent(self, _event: QEvent) -> None:  # noqa: N802
            done.append("painted")

    window = Painted()
    does = Done(window)
    done = does.found
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: bool(done))
    done.clear()
    soon = Soon(does.do, window)
    window.update()
    soon.start()
    soon.start()
    assert soon.waits
    qapp.sendPostedEvents()
    assert done == ["done", "painted"]
    assert not soon.waits


def test_what_is_called_off_is_not_done(qapp: QApplication) -> None:
    parent = QObject()
    does = Done(parent)
    soon = Soon(does.do, parent)
    soon.start()
    soon.cancel()
    qapp.sendPostedEvents()
    assert does.found == []
    soon.start()
    qapp.sendPostedEvents()
    assert does.found == ["done"]


def test_what_asks_for_it_goes_without_a_search_for_garbage(qapp: QApplication) -> None:
    class Asks(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.soon = Soon(self.do, self)

        def do(self) -> None: ...

    asks = Asks()
    asks.soon.start()
    gone = ref(asks)
    gc.disable()
    try:
        del asks
        assert gone() is None
    finally:
        gc.enable()
    qapp.sendPostedEvents()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the questions that a block was told to show anew, in order."""
    told: list[str] = []
    real = QuestionBlock.show_view

    def show(self: QuestionBlock, *views: object) -> None:
        told.append(self.key.path)
        real(self, *views)  # type: ignore[arg-type]

    monkeypatch.setattr(QuestionBlock, "show_view", show)
    return told


def test_who_stays_sees_what_the_answer_changed(
    interview: InterviewObject, shown: list[str]
) -> None:
    interview.go_to_section("werk")
    asked = interview.block()
    shown.clear()
    assert asked.widget.choose(1)
    assert shown == []
    QApplication.sendPostedEvents(None, USER)
    assert shown == [asked.key.path]
    assert asked.about.source.isVisible()


def test_who_goes_on_does_not_wait_for_what_goes_away(
    interview: InterviewObject, shown: list[str]
) -> None:
    interview.go_to_section("werk")
    asked = interview.block()
    shown.clear()
    assert asked.widget.choose(1)
    interview.page.go_next()
    assert asked.key not in interview.page.card.blocks
    QApplication.sendPostedEvents(None, USER)
    assert asked.key.path not in shown
    interview.page.go_back()
    assert interview.block().about.source.isVisible()


def test_what_is_the_matter_with_an_answer_is_said_at_once(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    bridge.answer(key("gewerkt"), "ja")
    (job,) = bridge.flow.session.repeats(key("baan").path)
    bridge.go_to(key("jaren", job))
    interview.write("70")
    assert interview.problem() == "Vul 0 tot en met 60 in."
    interview.write("7")
    assert interview.problem() == ""
