"""Sealing goes on beside the window, says how far it is, and can be stopped."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pages.handover import HandoverPageObject
from support.chain import PERSON, add_person, make_chain
from support.qt import ScriptedPicker, make_context, make_theme, settle

from intake_app.domain.handover import HandoverState
from intake_app.flows import hand_over
from intake_app.handover.errors import DiskFull
from intake_app.ui import a11y
from intake_app.ui.handover.page import HandoverPage
from intake_app.ui.progress import size_text


class Held:
    """Sealing that waits at its first progress until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.go = threading.Event(), threading.Event()
        self.threads: list[int] = []
        self.real = hand_over.seal
        monkeypatch.setattr(hand_over, "seal", self)

    def __call__(self, *args: Any, progress: Any, **kwargs: Any) -> Any:
        self.threads.append(threading.get_ident())

        def held(done: int, total: int) -> None:
            progress(done, total)
            if not self.began.is_set():
                self.began.set()
                assert self.go.wait(20)

        return self.real(*args, progress=held, **kwargs)


@pytest.fixture
def chain(tmp_path):
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


@pytest.fixture
def ready(qtbot, qapp, chain) -> HandoverPageObject:
    """Return the page with a folder chosen, at the last step."""
    context = make_context(chain.azc, make_theme(qapp), pick=ScriptedPicker(chain.stick))
    page = HandoverPage(context, PERSON.person_id)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    settle(qapp)
    made = HandoverPageObject(qtbot, page)
    made.go_on()
    made.go_on()
    made.choose_folder()
    return made


def state(chain) -> HandoverState:
    found = hand_over.latest(chain.azc, PERSON.person_id)
    assert found is not None
    return found.state


def held_at_the_first_bytes(page: HandoverPageObject, held: Held) -> None:
    page.begin()
    page.qtbot.waitUntil(held.began.is_set, timeout=20_000)
    page.qtbot.waitUntil(lambda: " van " in page.how_far(), timeout=5_000)


def test_the_window_goes_on_while_it_is_sealed(ready, chain, monkeypatch) -> None:
    held = Held(monkeypatch)
    held_at_the_first_bytes(ready, held)
    assert held.threads != [threading.get_ident()]
    # the window answers: it says how far it is, in bytes, and takes no second press
    assert ready.how_far().endswith("verzegeld")
    assert ready.text("handover-next") == "Bezig met verzegelen"
    assert not ready.find("handover-next").isEnabled()
    assert not ready.find("step-contents").isEnabled()
    assert list(chain.stick.glob("overdracht-*")) == []
    assert not a11y.check(ready.root)
    held.go.set()
    ready.wait_for_sealing()
    assert state(chain) is HandoverState.AANGEBODEN
    assert len(list(chain.stick.iterdir())) == 1
    assert ready.has("history-state")


def test_stopped_nothing_is_left_and_it_can_begin_again(ready, chain, monkeypatch) -> None:
    held = Held(monkeypatch)
    held_at_the_first_bytes(ready, held)
    ready.stop()
    assert not ready.find("seal-stop").isEnabled()
    held.go.set()
    ready.wait_for_sealing()
    assert list(chain.stick.iterdir()) == []
    assert state(chain) is HandoverState.INGETROKKEN
    assert "Je hebt het verzegelen gestopt" in ready.notice()
    assert ready.next_step() == "Verzegelen en aanbieden"
    ready.go_on()
    assert state(chain) is HandoverState.AANGEBODEN
    assert len(list(chain.stick.iterdir())) == 1


def test_leaving_the_page_stops_it(ready, chain, monkeypatch) -> None:
    """The vault may close right after: the thread has ended, with nothing left behind."""
    held = Held(monkeypatch)
    held_at_the_first_bytes(ready, held)
    threading.Timer(0.05, held.go.set).start()
    ready.root.leaving()
    assert not any(thread.name == "sealing" for thread in threading.enumerate())
    assert list(chain.stick.iterdir()) == []
    assert state(chain) is HandoverState.INGETROKKEN


def test_a_failure_is_told_and_can_be_tried_again(ready, chain, monkeypatch) -> None:
    real = hand_over.seal

    def full(*_args: object, **_kwargs: object) -> None:
        raise DiskFull

    monkeypatch.setattr(hand_over, "seal", full)
    ready.go_on()
    assert "schijf of stick is vol" in ready.notice()
    monkeypatch.setattr(hand_over, "seal", real)
    ready.go_on()
    assert state(chain) is HandoverState.AANGEBODEN


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 kB"), (999_999, "999 kB"), (1_000_000, "1,0 MB"), (12_340_000, "12,3 MB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_text(size) == words
