"""The thread of sync: when it works, what stops it, and that it never forgets what waits."""

from __future__ import annotations

import threading
from queue import Queue

import pytest

from intake_app.flows import sync_worker
from intake_app.flows.sync_worker import Cause, SyncWorker
from intake_app.vault import VaultLocked

PATIENCE = 20


class Work:
    """A turn whose every call is seen, and held up where a test wants that."""

    def __init__(self) -> None:
        self.calls: Queue[tuple[Cause, int]] = Queue()
        self.answers: list[float | Exception | None] = []
        self.gate: threading.Event | None = None
        self.stopped = threading.Event()

    def __call__(self, cause, cancelled) -> float | None:
        self.calls.put((cause, threading.get_ident()))
        gate = self.gate
        while gate is not None and not gate.wait(0.002):
            if cancelled():
                self.stopped.set()
                break
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def next(self) -> Cause:
        return self.calls.get(timeout=PATIENCE)[0]


@pytest.fixture
def work():
    return Work()


@pytest.fixture
def made():
    workers: list[SyncWorker] = []

    def make(work: Work, **more) -> SyncWorker:
        worker = SyncWorker(work, **more)
        workers.append(worker)
        return worker

    yield make
    for worker in workers:
        assert worker.stop(PATIENCE)


def test_it_works_beside_and_at_the_start(work, made):
    made(work).start()
    cause, thread = work.calls.get(timeout=PATIENCE)
    assert cause is Cause.START
    assert thread != threading.get_ident()


def test_it_goes_on_when_it_is_due(work, made):
    work.answers = [0.0, 0.001, None]
    made(work).start()
    assert [work.next() for _ in range(3)] == [Cause.START, Cause.TIMER, Cause.TIMER]


@pytest.mark.parametrize("cause", [Cause.CLICK, Cause.REACHABLE, Cause.CHANGED])
def test_it_is_woken(work, made, cause):
    worker = made(work)
    worker.start()
    work.next()
    worker.wake(cause)
    assert work.next() is cause


def test_many_reasons_make_one_turn_and_a_click_counts_most(work, made):
    work.gate = threading.Event()
    worker = made(work)
    worker.start()
    work.next()
    for cause in (Cause.REACHABLE, Cause.CHANGED, Cause.CLICK, Cause.REACHABLE):
        worker.wake(cause)
    work.gate.set()
    assert work.next() is Cause.CLICK
    worker.wake(Cause.CHANGED)
    assert work.next() is Cause.CHANGED
    assert work.calls.empty()


def test_cancelling_stops_between_parts_and_only_a_click_goes_on(work, made):
    work.gate = threading.Event()
    work.answers = [0.0, None]
    worker = made(work)
    worker.start()
    work.next()
    worker.cancel()
    assert work.stopped.wait(PATIENCE)
    assert worker.held
    work.gate.set()
    worker.wake(Cause.REACHABLE)
    worker.wake(Cause.CLICK)
    assert work.next() is Cause.CLICK
    assert not worker.held
    assert work.calls.empty()


def test_a_failure_nobody_foresaw_is_told_and_tried_again(work, made, monkeypatch):
    monkeypatch.setattr(sync_worker, "_FIRST_WAIT", 0.001)
    told: list[Exception] = []
    work.answers = [ValueError("x"), OSError("y"), None]
    made(work, failed=told.append).start()
    assert [work.next() for _ in range(3)] == [Cause.START, Cause.TIMER, Cause.TIMER]
    assert [type(error) for error in told] == [ValueError, OSError]


def test_a_closed_vault_ends_it(work, made):
    work.answers = [VaultLocked()]
    worker = made(work)
    worker.start()
    work.next()
    worker._thread.join(PATIENCE)
    assert not worker._thread.is_alive()
    worker.wake(Cause.CLICK)


def test_stopping_does_not_wait_for_a_part_that_hangs(work, made):
    hangs, go = threading.Event(), threading.Event()

    def turn(_cause, _cancelled):
        hangs.set()
        assert go.wait(PATIENCE)

    worker = made(turn)
    worker.start()
    assert hangs.wait(PATIENCE)
    assert worker.stop(0.01) is False
    go.set()
    assert worker.stop(PATIENCE) is True


def test_stopping_before_it_began_is_fine(work, made):
    assert made(work).stop() is True
