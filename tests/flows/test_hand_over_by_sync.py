"""Sealing for sync, withdrawing, sealing anew, and what a full disk leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.chain import entry_of, save_book
from support.hostile import Between, Memory
from support.post import AZC_BOX, Pair, make_pair
from support.vaults import actor_of

from intake_app.domain.handover import Handover, HandoverState
from intake_app.domain.transport import OutboxKind, OutboxState
from intake_app.flows import freezing, hand_over, queueing, receive, sync_now
from intake_app.flows.hand_over import HandOverRefused
from intake_app.flows.sync_now import SyncState, SyncStatus
from intake_app.handover.errors import DiskFull, SealCancelled
from intake_app.sync.errors import Later, Paused, Reason
from intake_app.vault.errors import DiskFull as VaultFull


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = make_pair(tmp_path)
    yield made
    made.close()


def states(pair: Pair) -> list[HandoverState]:
    with pair.azc.read() as records:
        return [handover.state for handover in records.handovers.all()]


def outgoing(pair: Pair) -> set[str]:
    folder = pair.azc.folder / queueing.OUT
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_the_ciphertext_alone_is_left_after_sealing(pair: Pair):
    offered = pair.offer(pair.person())
    (row,) = sync_now.transport(pair.azc)
    assert outgoing(pair) == {row.zid}
    assert (row.state, row.size, row.done) == (SyncState.WACHT, row.item.file_size, 0)
    assert row.recipient_name == offered.recipient_name
    assert row.item.subject_id == offered.handover_id


def test_a_folder_or_sync_and_not_both(pair: Pair):
    person = pair.person()
    for given in ({"by_sync": True, "folder": pair.root}, {}):
        with pytest.raises(ValueError, match="sync"):
            hand_over.seal(pair.azc, person.person_id, **given)  # type: ignore[arg-type]


def test_without_boxes_it_says_why(pair: Pair):
    person = pair.person()
    assert hand_over.sync_problem(pair.azc, person.person_id) == ""
    azc, town = entry_of(pair.azc, "azc"), entry_of(pair.town, "uitvoerder")
    save_book(pair.azc, replace(azc, box=AZC_BOX), town, serial=5)
    assert "nog geen postbus" in hand_over.sync_problem(pair.azc, person.person_id)
    with pytest.raises(HandOverRefused, match="nog geen postbus"):
        pair.offer(person)
    save_book(pair.azc, azc, replace(town, box="doosje77"), serial=6)
    assert "Jullie organisatie" in hand_over.sync_problem(pair.azc, person.person_id)
    assert outgoing(pair) == set()
    assert states(pair) == []


def test_withdrawn_before_it_left_never_leaves(pair: Pair):
    offered = pair.offer(pair.person())
    ended = hand_over.withdraw(pair.azc, offered.handover_id, "Toch niet")
    assert ended.state is HandoverState.INGETROKKEN
    assert pair.send(force=True).offered == ()
    assert pair.files() == set()
    (row,) = sync_now.transport(pair.azc)
    assert (row.state, row.item.state) == (SyncState.KLAAR, OutboxState.GESTOPT)
    assert sync_now.summary(pair.azc).status is SyncStatus.NIETS_TE_DOEN


def test_withdrawn_while_it_goes_stops_between_two_parts(pair: Pair):
    """The commit has not been put yet: nothing of it can be taken."""
    offered = pair.offer(pair.person())
    relay = Memory()
    pair.relay = lambda: relay
    put = relay.put

    def withdrawing(name: str, data: bytes, *, once: bool = True):
        if name.endswith(".0000"):
            hand_over.withdraw(pair.azc, offered.handover_id, "Stop")
        return put(name, data, once=once)

    relay.put = withdrawing  # type: ignore[method-assign]
    assert pair.send().offered == ()
    assert not any(name.endswith(".ok") for name in relay.files)
    assert pair.handover(offered.handover_id).state is HandoverState.INGETROKKEN


def test_withdrawn_while_the_commit_goes_is_asked_back(pair: Pair):
    offered = pair.offer(pair.person())
    relay = Memory()
    pair.relay = lambda: relay
    put = relay.put

    def withdrawing(name: str, data: bytes, *, once: bool = True):
        if name.endswith(".ok"):
            hand_over.withdraw(pair.azc, offered.handover_id, "Stop")
            raise Later(Reason.NO_CONNECTION)
        return put(name, data, once=once)

    relay.put = withdrawing  # type: ignore[method-assign]
    pair.send()
    relay.put = put  # type: ignore[method-assign]
    assert pair.handover(offered.handover_id).state is HandoverState.KLAAR
    pair.send(force=True)
    # it was not there, so it does not go any more: only what was there and the request
    assert {Path(name).suffix for name in relay.files} == {".0000", ".x"}
    assert len(pair.receive().withdrawn) == 1
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.INGETROKKEN


def test_sealed_anew_before_it_left_only_the_new_one_goes(pair: Pair):
    person = pair.person()
    old, new = pair.offer(person), pair.offer(person)
    assert pair.handover(old.handover_id).state is HandoverState.VERVANGEN
    assert pair.send().offered == (new.handover_id,)
    assert len(pair.receive().arrived) == 1


def test_sealed_onto_a_stick_ends_what_waits(pair: Pair):
    person = pair.person()
    old = pair.offer(person)
    hand_over.seal(pair.azc, person.person_id, pair.chain.stick)
    assert pair.handover(old.handover_id).state is HandoverState.VERVANGEN
    assert pair.send(force=True).offered == ()


def test_one_that_is_offered_on_a_stick_may_go_by_sync_too(pair: Pair):
    person = pair.person()
    offered = hand_over.seal(pair.azc, person.person_id, pair.chain.stick)
    path = pair.chain.stick / offered.file_name
    other = pair.chain.stick / "ander.zip"
    other.write_bytes(b"iets anders")
    with pytest.raises(HandOverRefused, match="niet het bestand"):
        sync_now.send_by_sync(pair.azc, offered.handover_id, other)
    item = sync_now.send_by_sync(pair.azc, offered.handover_id, path)
    assert sync_now.send_by_sync(pair.azc, offered.handover_id, path) == item
    pair.send()
    assert len(pair.receive().arrived) == 1
    # the stick arrives as well, and is opened first
    receive.take_in(pair.town, path)
    assert sync_now.arrivals(pair.town) == ()
    receive.accept(pair.town, offered.handover_id, first_talk=None)
    pair.receive()
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.GEACCEPTEERD


def test_the_stick_first_and_then_the_box(pair: Pair):
    person = pair.person()
    offered = hand_over.seal(pair.azc, person.person_id, pair.chain.stick)
    path = pair.chain.stick / offered.file_name
    receive.take_in(pair.town, path)
    sync_now.send_by_sync(pair.azc, offered.handover_id, path)
    pair.send()
    report = pair.receive()
    assert report.bytes_received == 0, "it is here already"
    assert sync_now.arrivals(pair.town) == ()
    receive.refuse(pair.town, offered.handover_id, "Verkeerde gemeente")
    pair.receive()
    pair.send(force=True)
    ended = pair.handover(offered.handover_id)
    assert (ended.state, ended.reason) == (HandoverState.GEWEIGERD, "Verkeerde gemeente")


def test_who_came_by_stick_gets_a_file(pair: Pair):
    person = pair.person()
    offered = hand_over.seal(pair.azc, person.person_id, pair.chain.stick)
    receive.take_in(pair.town, pair.chain.stick / offered.file_name)
    with pytest.raises(receive.ReceiveRefused, match="map of stick"):
        receive.accept(pair.town, offered.handover_id, first_talk=None)


def test_stopping_while_sealing_leaves_nothing(pair: Pair):
    person = pair.person()
    with pytest.raises(SealCancelled):
        hand_over.seal(pair.azc, person.person_id, by_sync=True, cancelled=lambda: True)
    assert outgoing(pair) == set()
    assert states(pair) == [HandoverState.INGETROKKEN]


@pytest.mark.parametrize("at", range(1, 8))
def test_a_full_disk_while_sealing_leaves_everything_as_it_was(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, at: int
):
    import errno

    person = pair.person()
    before = pair.offer(person)
    kept = outgoing(pair)
    left = at
    sync = os.fsync

    def full(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise OSError(errno.ENOSPC, "vol")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    try:
        pair.offer(person)
    except (DiskFull, VaultFull):
        monkeypatch.undo()
        assert kept <= outgoing(pair)
        assert pair.handover(before.handover_id).state is HandoverState.KLAAR
        assert pair.send().offered == (before.handover_id,)
    else:
        assert left > 0, "it went on as if the disk were not full"


def test_an_item_whose_file_is_gone_says_so_and_can_be_sealed_again(pair: Pair):
    person = pair.person()
    offered = pair.offer(person)
    for name in outgoing(pair):
        (pair.azc.folder / queueing.OUT / name).unlink()
    pair.send()
    (row,) = sync_now.transport(pair.azc)
    assert (row.state, row.reason) == (SyncState.LET_OP, Reason.FILE_GONE)
    assert sync_now.summary(pair.azc).status is SyncStatus.LET_OP
    again = pair.offer(person)
    assert pair.handover(offered.handover_id).state is HandoverState.VERVANGEN
    assert pair.send(force=True).offered == (again.handover_id,)


def test_cancelling_between_two_items_keeps_the_rest(pair: Pair):
    offers = [pair.offer(pair.person(number)) for number in (71, 72, 73)]
    asked = iter((False, False, False, False, True))
    report = pair.send(cancelled=lambda: next(asked, True))
    assert report.cancelled
    assert 0 < len(report.offered) < 3
    assert pair.send(force=True).offered
    assert {pair.handover(o.handover_id).state for o in offers} == {HandoverState.AANGEBODEN}


def test_a_receiver_that_is_quicker_than_the_look_back_is_no_failure(pair: Pair):
    relay = Memory()
    pair.relay = lambda: relay
    offered = pair.offer(pair.person())
    put = relay.put

    def taken_at_once(name: str, data: bytes, *, once: bool = True):
        answer = put(name, data, once=once)
        if name.endswith(".ok"):
            relay.put = put  # type: ignore[method-assign]
            assert len(pair.receive().arrived) == 1
        return answer

    relay.put = taken_at_once  # type: ignore[method-assign]
    report = pair.send()
    assert (report.offered, report.failed) == ((offered.handover_id,), 0)
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.ONTVANGEN


def test_what_the_relay_asks_to_wait_for_is_waited_for(pair: Pair):
    pair.offer(pair.person(81))
    pair.offer(pair.person(82))
    relay = Memory()
    pair.relay = lambda: relay
    calls = 0

    def busy(name: str, data: bytes, *, once: bool = True):
        nonlocal calls
        calls += 1
        raise Later(Reason.BUSY, 3600)

    put, relay.put = relay.put, busy  # type: ignore[method-assign]
    report = pair.send()
    assert calls == 1, "the relay asked everybody to wait"
    assert report.next_at is not None
    assert (report.next_at - pair.azc.env.now()).total_seconds() > 3500
    relay.put = put  # type: ignore[method-assign]
    pair.later(minutes=30)
    assert pair.send().offered == (), "the relay asked, so it is asked nothing"
    pair.later(minutes=31)
    assert len(pair.send().offered) == 2


def test_only_a_click_is_quicker_than_the_relay_asked_for(pair: Pair):
    for number in (81, 82, 83):
        pair.offer(pair.person(number))
    calls: list[str] = []

    def busy(what: str, _name: str) -> None:
        calls.append(what)
        raise Later(Reason.BUSY, 3600.0)

    pair.relay = lambda: Between(Memory(), busy)
    for _ in range(5):
        pair.send()
        pair.later(minutes=10)
    assert len(calls) == 1
    pair.send(force=True)
    assert len(calls) == 2


def test_two_items_without_a_connection_end_the_pass(pair: Pair):
    for number in range(91, 97):
        pair.offer(pair.person(number))
    tried: list[str] = []
    relay = Memory()
    pair.relay = lambda: relay

    def unreachable(name: str, data: bytes, *, once: bool = True):
        tried.append(name)
        raise Later(Reason.NO_CONNECTION)

    relay.put = unreachable  # type: ignore[method-assign]
    assert pair.send().failed == 2
    assert len(tried) == 2


def test_a_relay_that_cannot_be_reached_at_all_is_paused(pair: Pair):
    pair.offer(pair.person())

    def closed():
        raise Paused(Reason.CERTIFICATE)

    pair.relay = closed
    report = pair.send()
    assert (report.paused, report.failed) == (Reason.CERTIFICATE, 0)


def test_nothing_to_do_connects_to_nothing(pair: Pair):
    def never():
        raise AssertionError("connected")

    pair.relay = never  # type: ignore[assignment]
    assert pair.send().paused is None
    offer = pair.offer(pair.person())
    hand_over.withdraw(pair.azc, offer.handover_id, "Niet")
    pair.send(force=True)


def test_ciphertexts_that_nobody_needs_are_swept(pair: Pair):
    import time

    person = pair.person()
    old = pair.offer(person)
    (name,) = outgoing(pair)
    folder = pair.azc.folder / queueing.OUT
    hand_over.withdraw(pair.azc, old.handover_id, "Weg")
    (folder / ".onderweg").write_text("van een ander")
    assert freezing.sweep(pair.azc, time.time()) == 0, "too young"
    os.utime(folder / name, (time.time() - 7200,) * 2)
    assert freezing.sweep(pair.azc, time.time()) == 1
    assert outgoing(pair) == {".onderweg"}


def test_the_log_hears_what_left_and_not_every_try(pair: Pair):
    pair.offer(pair.person())
    relay = Memory()
    pair.relay = lambda: relay
    with pair.azc.read() as records:
        before = records.audit.head()[0]

    def fail(name: str, data: bytes, *, once: bool = True):
        raise Later(Reason.SERVER)

    put, relay.put = relay.put, fail  # type: ignore[method-assign]
    for _ in range(20):
        pair.send(force=True)
    with pair.azc.read() as records:
        assert records.audit.head()[0] == before
    relay.put = put  # type: ignore[method-assign]
    pair.send(force=True)
    with pair.azc.read() as records:
        assert records.audit.head()[0] > before
        records.audit.verify()
        (item,) = records.outbox.all()
    assert len(item.history) == 21


def test_removing_a_person_takes_what_was_sent_along(pair: Pair):
    from intake_app.vault.stores.removals import Ground, Removal, RemovalState

    offered: Handover = pair.offer(pair.person())
    now = pair.azc.env.now()
    removal = Removal(
        pair.azc.env.uuid(), offered.person_id, Ground.VERTROKKEN, "x", now,
        pair.azc.user.user_id, RemovalState.BESLOTEN,
    )  # fmt: skip
    with pair.azc.transaction(actor_of(pair.azc), "wissen") as tx:
        tx.removals.save(removal)
        tx.removals.erase_person(removal)
    with pair.azc.read() as records:
        assert records.outbox.all() == ()
    assert pair.send(force=True).offered == ()
    assert sync_now.transport(pair.azc) == ()


def test_what_was_removed_here_does_not_come_in_again(pair: Pair):
    from intake_app.vault.stores.removals import Ground, Removal, RemovalState

    relay = Memory()
    pair.relay = lambda: relay
    pair.offer(pair.person())
    pair.send()
    kept = dict(relay.files)
    pair.receive()
    (row,) = sync_now.arrivals(pair.town)
    item = receive.take_in_arrival(pair.town, row.arrival.zid)
    receive.refuse(pair.town, item.handover_id, "Niet van ons")
    pair.receive()
    now = pair.town.env.now()
    removal = Removal(
        pair.town.env.uuid(), item.handover_id, Ground.GEWEIGERD, "x", now,
        pair.town.user.user_id, RemovalState.BESLOTEN,
    )  # fmt: skip
    with pair.town.transaction(actor_of(pair.town), "wissen") as tx:
        tx.removals.save(removal)
        tx.removals.erase_received(removal)
    with pair.town.read() as records:
        assert records.arrivals.all() == ()
        kinds = {each.kind for each in records.outbox.all()}
    assert kinds <= {OutboxKind.ZENDING}
    relay.files.update(kept)
    assert pair.receive().arrived == ()
    assert not any(name.startswith("v1/in/") for name in relay.files)
