"""An open interview is kept out of the search for garbage, and let in again when it is left."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from intake_app.ui.interview.garbage import REST_MS, Garbage, GarbageAtRest
from intake_app.xforms.loader import no_collection


class Searches:
    """Notes what is asked of the collector."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def collect(self, generation: int = 2) -> int:
        self.done.append(f"collect {generation}")
        return 0

    def freeze(self) -> None:
        self.done.append("freeze")

    def unfreeze(self) -> None:
        self.done.append("unfreeze")


class Circle:
    """Something that only holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_an_interview_is_spared_at_rest_without_a_full_search() -> None:
    searches = Searches()
    garbage = Garbage(searches)
    garbage.opened()
    assert searches.done == []
    assert garbage.waits
    garbage.rest()
    assert searches.done == ["collect 1", "freeze"]
    assert not garbage.waits


def test_leaving_lets_the_search_in_at_once_and_looks_at_rest() -> None:
    searches = Searches()
    garbage = Garbage(searches)
    garbage.opened()
    garbage.rest()
    searches.done.clear()
    garbage.left()
    assert searches.done == ["unfreeze"]
    assert garbage.waits
    garbage.rest()
    assert searches.done == ["unfreeze", "collect 2"]
    assert not garbage.waits


def test_the_interview_before_is_looked_for_before_the_next_is_spared() -> None:
    searches = Searches()
    garbage = Garbage(searches)
    garbage.opened()
    garbage.rest()
    searches.done.clear()
    garbage.opened()
    garbage.rest()
    assert searches.done == ["unfreeze", "collect 2", "collect 1", "freeze"]


def test_an_interview_that_was_left_at_once_is_never_spared() -> None:
    searches = Searches()
    garbage = Garbage(searches)
    garbage.opened()
    garbage.left()
    garbage.rest()
    assert searches.done == []
    assert not garbage.waits


def test_pages_without_interviews_ask_for_nothing() -> None:
    searches = Searches()
    garbage = Garbage(searches)
    garbage.left()
    assert not garbage.waits
    garbage.rest()
    assert searches.done == []


def test_nothing_happens_while_somebody_types(qtbot: QtBot) -> None:
    searches = Searches()
    resting = 0.0
    at_rest = GarbageAtRest(Garbage(searches), lambda: resting)
    at_rest.show(interview=True)
    at_rest.look()
    assert searches.done == []
    resting = REST_MS
    at_rest.look()
    assert searches.done == ["collect 1", "freeze"]
    at_rest.show(interview=False)
    resting = REST_MS - 1
    at_rest.look()
    assert searches.done[2:] == ["unfreeze"]
    resting = REST_MS
    at_rest.look()
    assert searches.done[2:] == ["unfreeze", "collect 2"]
    assert not at_rest._timer.isActive()


def test_a_window_that_goes_leaves_nothing_spared(qtbot: QtBot, thawed: None) -> None:
    before = gc.get_freeze_count()
    at_rest = GarbageAtRest(Garbage(), lambda: REST_MS)
    at_rest.show(interview=True)
    at_rest.look()
    assert gc.get_freeze_count() > before
    at_rest.stop()
    assert gc.get_freeze_count() == 0


def test_what_became_garbage_in_the_talk_is_found_after_it(thawed: None) -> None:
    garbage, circle = Garbage(), Circle()
    garbage.opened()
    garbage.rest()
    gone = weakref.ref(circle)
    del circle
    gc.collect()
    assert gone() is not None, "it was spared"
    garbage.left()
    garbage.rest()
    assert gone() is None


def test_what_is_made_in_the_talk_is_still_searched(thawed: None) -> None:
    garbage = Garbage()
    garbage.opened()
    garbage.rest()
    circle = Circle()
    gone = weakref.ref(circle)
    del circle
    gc.collect()
    assert gone() is None


def test_a_form_that_is_loaded_in_a_talk_ends_nothing(thawed: None) -> None:
    garbage = Garbage()
    garbage.opened()
    garbage.rest()
    spared = gc.get_freeze_count()
    with no_collection():
        pass
    assert gc.get_freeze_count() >= spared
