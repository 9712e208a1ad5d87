"""Sender, receiver and a relay that does what it likes, in whatever order Hypothesis thinks of."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support.hostile import Between, Memory
from support.post import Pair, make_pair

from intake_app.domain.handover import BY_RECEIPT, FINAL, HandoverState, InboxState
from intake_app.domain.person import Person
from intake_app.domain.transport import ArrivalState, OutboxKind, OutboxState
from intake_app.flows import arrived, hand_over, queueing, receive, sync_now
from intake_app.flows.hand_over import HandOverRefused
from intake_app.sync.errors import Later, Paused, Reason, Refused

ERRORS = (
    Later(Reason.NO_CONNECTION), Later(Reason.BUSY, 60), Paused(Reason.PORTAL), Refused(),
    ValueError("nobody foresaw this"),
)  # fmt: skip


class Post(RuleBasedStateMachine):
    """Everything that can happen to two organisations and their relay."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.pair: Pair = make_pair(self.folder)
        self.relay = Memory()
        self.kept: list[dict[str, bytes]] = []
        self.people: list[Person] = []
        self.offered: list[UUID] = []
        self.reached: dict[UUID, int] = {}
        self.fail_at, self.error = 0, ERRORS[0]
        self.pair.relay = self._connect

    def _connect(self) -> Between:
        left = self.fail_at

        def before(_what: str, _name: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise self.error

        return Between(self.relay, before)

    def teardown(self) -> None:
        try:
            self._calm_down()
        finally:
            self.pair.close()
            shutil.rmtree(self.folder)

    # ---- what people do -------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        self.people = [self.pair.person(number) for number in (101, 102)]

    @rule(who=st.integers(0, 1))
    def seal(self, who: int) -> None:
        self.offered.append(self.pair.offer(self.people[who]).handover_id)

    @precondition(lambda self: self.offered)
    @rule(which=st.integers(0, 99))
    def withdraw(self, which: int) -> None:
        with suppress(HandOverRefused):
            hand_over.withdraw(self.pair.azc, self.offered[which % len(self.offered)], "Bedacht")

    @rule(choice=st.sampled_from(("openen", "openen", "overnemen", "weigeren", "niet")))
    def decide(self, choice: str) -> None:
        waiting = [
            row.arrival
            for row in sync_now.arrivals(self.pair.town)
            if row.arrival.state is ArrivalState.ONTVANGEN
        ]
        if choice == "niet" and waiting:
            arrived.not_for_us(self.pair.town, waiting[0].zid)
        elif choice == "openen" and waiting:
            receive.take_in_arrival(self.pair.town, waiting[0].zid)
        elif choice in {"overnemen", "weigeren"}:
            with self.pair.town.read() as records:
                items = records.inbox.in_state(InboxState.GEOPEND)
            for item in items[:1]:
                self._answer(item.handover_id, choice)

    def _answer(self, handover_id: UUID, choice: str) -> None:
        look = receive.look(self.pair.town, handover_id)
        if choice == "weigeren" or look.newer is not None:
            receive.refuse(self.pair.town, handover_id, "Bedacht")
            return
        if look.known is None:
            receive.accept(self.pair.town, handover_id, first_talk=None)

    # ---- what programs do -----------------------------------------------------------------------

    @rule()
    def send(self) -> None:
        self.pair.send()

    @rule()
    def send_now(self) -> None:
        self.pair.send(force=True)

    @rule(force=st.booleans())
    def receive(self, force: bool) -> None:
        self.pair.receive(force=force)

    @rule(hours=st.sampled_from((0.1, 1, 5)))
    def wait(self, hours: float) -> None:
        self.pair.later(hours=hours)

    # ---- what the relay and the line do ---------------------------------------------------------

    @rule(at=st.integers(1, 9), error=st.sampled_from(ERRORS))
    def break_the_line(self, at: int, error: Exception) -> None:
        self.fail_at, self.error = at, error

    @rule()
    def mend_the_line(self) -> None:
        self.fail_at = 0

    @rule()
    def keep(self) -> None:
        self.kept.append(dict(self.relay.files))

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 99))
    def play_again(self, which: int) -> None:
        self.relay.files.update(self.kept[which % len(self.kept)])

    @rule()
    def wipe(self) -> None:
        self.relay.files.clear()

    @precondition(lambda self: self.relay.files)
    @rule(which=st.integers(0, 999), cut=st.sampled_from(("half", "gone", "flip", "zeros", "long")))
    def damage(self, which: int, cut: str) -> None:
        names = sorted(self.relay.files)
        name = names[which % len(names)]
        data = self.relay.files[name]
        if cut == "gone":
            del self.relay.files[name]
            return
        self.relay.files[name] = {
            "half": data[: len(data) // 2],
            "flip": data[:-1] + bytes([data[-1] ^ 1]) if data else b"x",
            "zeros": bytes(len(data)),
            "long": data + b"x",
        }[cut]

    @precondition(lambda self: len(self.relay.files) > 1)
    @rule(one=st.integers(0, 999), other=st.integers(0, 999))
    def swap(self, one: int, other: int) -> None:
        names = sorted(self.relay.files)
        a, b = names[one % len(names)], names[other % len(names)]
        files = self.relay.files
        files[a], files[b] = files[b], files[a]

    # ---- what is always true --------------------------------------------------------------------

    @invariant()
    def each_zending_is_here_once_and_whole(self) -> None:
        with self.pair.town.read() as records:
            rows = records.arrivals.all()
            items = records.outbox.all()
        with self.pair.azc.read() as records:
            sent = {i.zid: i for i in records.outbox.all() if i.kind is OutboxKind.ZENDING}
        for row in rows:
            assert row.zid in sent
            assert row.file_sha256 == sent[row.zid].file_sha256
            assert row.inbox_id == sent[row.zid].subject_id
            if row.state is ArrivalState.ONTVANGEN:
                path = self.pair.town.folder / queueing.IN / row.zid
                assert hashlib.sha256(path.read_bytes()).hexdigest() == row.file_sha256
            mine = sorted(item.name for item in items if item.zid == row.zid)
            assert len(mine) == row.receipts
        assert {item.zid for item in items} <= {row.zid for row in rows}

    @invariant()
    def nothing_moved_without_a_receipt(self) -> None:
        order = list(HandoverState)
        with self.pair.azc.read() as records:
            for handover in records.handovers.all():
                if handover.state in BY_RECEIPT:
                    kinds = {r.kind for r in records.receipts.of_handover(handover.handover_id)}
                    assert handover.state in kinds
                before = self.reached.get(handover.handover_id, 0)
                assert order.index(handover.state) >= before, "a step back"
                self.reached[handover.handover_id] = order.index(handover.state)

    @invariant()
    def what_waits_is_still_there(self) -> None:
        with self.pair.azc.read() as records:
            for item in records.outbox.open():
                if item.kind is OutboxKind.ZENDING and item.state is OutboxState.WACHT:
                    path = self.pair.azc.folder / queueing.OUT / item.file_name
                    assert hashlib.sha256(path.read_bytes()).hexdigest() == item.file_sha256

    # ---- and in the end -------------------------------------------------------------------------

    def _calm_down(self) -> None:
        """A calm line and an emptied relay: everything that is not over arrives."""
        self.fail_at = 0
        self.relay.files.clear()
        for _ in range(5):
            self.pair.later(hours=5)
            self.pair.send(force=True)
            self.pair.receive(force=True)
            self.pair.send(force=True)
        with self.pair.azc.read() as records:
            for handover in records.handovers.all():
                arrived_there = {*BY_RECEIPT, *FINAL}
                assert handover.state in arrived_there, handover.state
        self.each_zending_is_here_once_and_whole()
        self.nothing_moved_without_a_receipt()


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Post,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_few_stories():
    run(4, 15)


@pytest.mark.slow
def test_many_stories():
    run(40, 40)
