"""What a receiver owes to whoever sends it something real, whatever else happens to its box."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.hostile import Memory
from support.post import AZC_BOX, TOWN_BOX, Pair
from support.vaults import actor_of

from intake_app.domain.handover import HandoverState, InboxState
from intake_app.domain.transport import Arrival, ArrivalState, OutboxItem, OutboxKind, OutboxState
from intake_app.flows import (
    arrived,
    hand_over,
    queueing,
    receive,
    sync_arriving,
    sync_now,
    sync_receiving,
)
from intake_app.flows.sync_now import SyncStatus
from intake_app.sync import names, notices, receiver
from intake_app.sync.errors import Paused, Reason
from intake_app.sync.notices import ReceiptKind, Withdrawal
from intake_app.vault import Vault
from intake_app.vault.stores.removals import Ground, Removal, RemovalState

NOBODY = UUID(int=99)


@pytest.fixture
def relay(pair: Pair) -> Memory:
    made = Memory()
    pair.relay = lambda: made
    return made


def rows(vault: Vault) -> tuple[Arrival, ...]:
    with vault.read() as records:
        return records.arrivals.all()


def row(vault: Vault) -> Arrival:
    (found,) = rows(vault)
    return found


def receipts(vault: Vault) -> list[OutboxItem]:
    with vault.read() as records:
        return [item for item in records.outbox.all() if item.kind is OutboxKind.BEWIJS]


def kinds(vault: Vault) -> list[str]:
    return [item.receipt for item in sorted(receipts(vault), key=lambda item: item.name)]


def came_in(pair: Pair) -> Path:
    """Bring one zending in; return where its ciphertext lies."""
    pair.offer(pair.person())
    pair.send()
    pair.receive()
    return pair.town.folder / queueing.IN / row(pair.town).zid


def believe(vault: Vault) -> None:
    with vault.transaction(actor_of(vault), "de klok staat goed") as tx:
        tx.moments.believe()


def days(pair: Pair, number: int) -> None:
    """Let days go by in which both vaults are used."""
    for day in range(number):
        pair.later(days=1)
        for vault in (pair.azc, pair.town):
            with vault.transaction(actor_of(vault), "werk") as tx:
                tx.settings.set("dag", f"{pair.azc_clock.at:%j} {day}")


# ---- who fills the box ---------------------------------------------------------------------------


def junk(pair: Pair, relay: Memory, number: int, *, part: bool = False) -> None:
    for _ in range(number):
        zid = names.new_zid(pair.town.env.random)
        relay.files[names.commit(TOWN_BOX, zid)] = b"x"
        if part:
            relay.files[names.part(TOWN_BOX, zid, 0)] = b"x"


def test_commits_without_parts_do_not_keep_a_zending_out(pair: Pair, relay: Memory):
    junk(pair, relay, receiver.MOST_AT_ONCE)
    pair.offer(pair.person())
    pair.send()
    report = pair.receive()
    assert len(report.arrived) == 1
    assert report.refused <= sync_receiving.MOST_REFUSED_IN_A_PASS, "the rest waits for its turn"


def test_what_looks_like_a_zending_only_delays_one(
    pair: Pair, relay: Memory, monkeypatch: pytest.MonkeyPatch
):
    """Every pass takes others, and what was refused is not looked at again before its time."""
    monkeypatch.setattr(sync_receiving, "MOST_REFUSED_IN_A_PASS", 5)
    junk(pair, relay, 20, part=True)
    pair.offer(pair.person())
    pair.send()
    taken = 0
    for _ in range(5):
        taken += len(pair.receive().arrived)
    assert taken == 1
    assert pair.receive().refused == 0, "all of it was refused, and waits"


def test_one_sender_cannot_fill_the_vault_with_requests(
    pair: Pair, relay: Memory, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sync_arriving, "MOST_WITHDRAWN_UNSEEN", 3)
    keys = queueing.keys_of(pair.azc)
    for _ in range(5):
        notice = Withdrawal(
            zid=names.new_zid(pair.azc.env.random),
            box=TOWN_BOX,
            sender=keys.organisation_id,
            recipient=pair.town.info.organisation.organisation_id,
            sha256="0" * 64,
            handover_id=UUID(int=1),
            dossier_id=UUID(int=2),
            dossier_version=1,
            reply_box=AZC_BOX,
            at=pair.azc.env.now(),
        )
        relay.files[names.withdrawal(TOWN_BOX, notice.zid)] = notices.write_withdrawal(
            notice,
            keys.signing,
            pair.town.organisation_keys().age_recipient,
            random=pair.azc.env.random,
        )
    pair.receive()
    assert len(rows(pair.town)) == 3
    assert sync_now.arrivals(pair.town) == (), "nothing came that anybody could have opened"


# ---- by stick and by sync ------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["accept", "refuse", "none"])
def test_what_was_done_with_the_stick_is_answered_by_sync(
    pair: Pair, relay: Memory, tmp_path: Path, decision: str
):
    stick = tmp_path / "map"
    stick.mkdir()
    sealed = hand_over.seal(pair.azc, pair.person().person_id, stick)
    item = receive.take_in(pair.town, stick / sealed.file_name)
    if decision == "accept":
        receive.accept(pair.town, item.handover_id, first_talk=None, receipt_folder=tmp_path)
    if decision == "refuse":
        receive.refuse(pair.town, item.handover_id, "Woont er niet", receipt_folder=tmp_path)
    sync_now.send_by_sync(pair.azc, sealed.handover_id, stick / sealed.file_name)
    for _ in range(3):
        pair.send(force=True)
        pair.receive(force=True)
    told = {
        "accept": HandoverState.GEACCEPTEERD,
        "refuse": HandoverState.GEWEIGERD,
        "none": HandoverState.GEOPEND,
    }
    assert pair.handover(sealed.handover_id).state is told[decision]


def test_a_number_of_somebody_else_does_not_swallow_the_decision(pair: Pair, relay: Memory):
    came_in(pair)
    mine = row(pair.town)
    item = receive.take_in_arrival(pair.town, mine.zid)
    with pair.town.transaction(actor_of(pair.town), "vreemd") as tx:
        later = pair.town.env.now() + timedelta(minutes=1)
        tx.arrivals.add(
            replace(
                mine,
                zid="a" * 26,
                sender_id=NOBODY,
                received_at=later,
                state=ArrivalState.ONTVANGEN,
            )
        )
    receive.accept(pair.town, item.handover_id, first_talk=None)
    pair.receive(force=True)
    pair.send(force=True)
    assert pair.handover(item.handover_id).state is HandoverState.GEACCEPTEERD


# ---- lost here -----------------------------------------------------------------------------------


def test_what_is_lost_here_is_told_and_asked_for_and_comes_again(pair: Pair, relay: Memory):
    file = came_in(pair)
    pair.send(force=True)
    content = file.read_bytes()
    file.unlink()
    assert sync_now.summary(pair.town).status is SyncStatus.LET_OP
    (line,) = sync_now.arrivals(pair.town)
    assert line.lost
    pair.receive()
    asked = [name for name in relay.files if name.endswith(f".r{names.AGAIN}")]
    assert len(asked) == 1
    before = relay.files[asked[0]]
    pair.receive()
    assert relay.files[asked[0]] == before, "asked once a day"
    for _ in range(12):
        pair.later(hours=5)
        pair.send(force=True)
        pair.receive(force=True)
    assert file.read_bytes() == content
    assert sync_now.summary(pair.town).status is not SyncStatus.LET_OP
    assert not sync_now.arrivals(pair.town)[0].lost
    (question,) = [item for item in receipts(pair.town) if item.receipt == "opnieuw"]
    assert question.state is OutboxState.GESTOPT
    item = receive.take_in_arrival(pair.town, file.name)
    receive.accept(pair.town, item.handover_id, first_talk=None)
    pair.receive(force=True)
    pair.send(force=True)
    assert pair.handover(item.handover_id).state is HandoverState.GEACCEPTEERD


def test_a_vault_put_back_asks_for_what_it_never_heard_of(pair: Pair, relay: Memory):
    """The commit alone comes once a day from a sender that was told that all of it is here."""
    offer = pair.offer(pair.person())
    pair.send()
    alone = {name: data for name, data in relay.files.items() if name.endswith(".ok")}
    relay.files.clear()
    relay.files.update(alone)
    for _ in range(4):
        pair.receive(force=True)
        pair.later(minutes=30)
    assert rows(pair.town) == ()
    (asked,) = receipts(pair.town)
    assert (asked.receipt, asked.subject_id) == (ReceiptKind.OPNIEUW.value, offer.handover_id)
    assert asked.name in relay.files
    assert asked.name.endswith(f".r{names.AGAIN}")
    assert not alone.keys() & relay.files.keys(), "dropped: it is put again with its parts"


def test_a_vault_put_back_goes_on_counting_where_the_sender_listens(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    offered = dict(relay.files)
    parts = [name for name in offered if not name.endswith(".ok")]
    with pair.azc.read() as records:
        (zending,) = records.outbox.of_subject(offer.handover_id)
    heard = [names.receipt(AZC_BOX, zending.zid, number) for number in (1, 2, 3)]
    for name in parts:
        relay.drop(name)
    for _ in range(4):
        pair.receive(force=True)
        pair.later(minutes=30)
    relay.files.update(offered)
    relay.files.update(dict.fromkeys(heard, b"heard before"))
    pair.receive(force=True)
    assert row(pair.town).receipts == 4
    assert names.receipt(AZC_BOX, zending.zid, 4) in relay.files
    assert all(relay.files[name] == b"heard before" for name in heard)


# ---- its time is over ----------------------------------------------------------------------------


def test_a_zending_that_was_held_back_is_not_taken_after_its_time(pair: Pair, relay: Memory):
    believe(pair.town)
    pair.offer(pair.person())
    pair.send()
    held = dict(relay.files)
    relay.files.clear()
    days(pair, 33)
    relay.files.update(held)
    report = pair.receive()
    assert report.arrived == ()
    assert report.bytes_received == 0
    assert row(pair.town).state is ArrivalState.VERLOPEN
    assert kinds(pair.town) == [ReceiptKind.GEWEIGERD.value]
    assert not any(name.startswith("v1/in/") for name in relay.files)


def test_a_clock_that_jumped_refuses_nothing(pair: Pair, relay: Memory):
    believe(pair.town)
    pair.offer(pair.person())
    pair.send()
    pair.town_clock.offset = timedelta(days=400)
    assert len(pair.receive().arrived) == 1
    assert row(pair.town).state is ArrivalState.ONTVANGEN


def test_what_nobody_opens_is_destroyed_and_the_sender_hears_it(pair: Pair, relay: Memory):
    believe(pair.town)
    file = came_in(pair)
    pair.send(force=True)
    days(pair, 31)
    pair.receive()
    assert file.exists(), "two days of grace"
    days(pair, 2)
    pair.receive()
    assert not file.exists()
    assert row(pair.town).state is ArrivalState.VERLOPEN
    assert row(pair.town).raw == b""
    with pytest.raises(receive.ReceiveRefused, match="op tijd"):
        receive.open_arrival(pair.town, file.name)
    pair.send(force=True)
    now = pair.handover(row(pair.town).inbox_id)
    assert now.state is HandoverState.GEWEIGERD
    assert "ongeopend vernietigd" in now.reason


# ---- copies --------------------------------------------------------------------------------------


def test_no_copy_outlives_a_withdrawal(pair: Pair, relay: Memory):
    """Killed while a copy was there to look at: the copy is as young as can be."""
    file = came_in(pair)
    copies = [f".{file.name}.kijk", f"{file.name}.0a0b0c0d.zip.deel", f".{file.name}.deel"]
    for name in copies:
        file.with_name(name).write_bytes(file.read_bytes())
    hand_over.withdraw(pair.azc, row(pair.town).inbox_id, "Verkeerde gemeente")
    pair.send(force=True)
    pair.receive(force=True)
    assert row(pair.town).state is ArrivalState.INGETROKKEN
    pair.receive()
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "stays_for"),
    [
        (f".{'c' * 26}.kijk", timedelta(minutes=59)),
        (f".{'c' * 26}.0a0b0c0d.zip.deel.deel", timedelta(minutes=59)),
        (f"{'c' * 26}.0a0b0c0d.zip.deel", timedelta(minutes=59)),
        (f".{'c' * 26}.deel", timedelta(days=6)),
        ("c" * 26, timedelta(days=6)),
    ],
)
def test_what_a_kill_left_goes_in_time(pair: Pair, name: str, stays_for: timedelta):
    path = queueing.in_folder(pair.town) / name
    path.write_bytes(b"half a dossier")
    made = path.stat().st_mtime

    def older(by: timedelta) -> None:
        os.utime(path, (made - by.total_seconds(),) * 2)

    older(stays_for)
    pair.receive()
    assert path.exists(), "somebody may be busy with it"
    older(stays_for + timedelta(days=1, hours=1))
    pair.receive()
    assert not path.exists()


def test_a_pass_leaves_what_is_being_opened(pair: Pair, relay: Memory):
    file = came_in(pair)
    with arrived.unwrapped(pair.town, file.name) as (path, _arrival):
        pair.receive()
        assert path.exists()
    assert not path.exists()


# ---- the disk is full ----------------------------------------------------------------------------


def test_one_that_does_not_fit_keeps_nothing_else_out(
    pair: Pair, relay: Memory, monkeypatch: pytest.MonkeyPatch
):
    for number in (11, 12):
        pair.offer(pair.person(number))
    pair.send()
    zids = sorted({name.split("/")[-1][:26] for name in relay.files if name.endswith(".ok")})
    real = receiver.fetch

    def fetch(box, commit, folder, **more):
        if commit.zid == zids[0]:
            (folder / f".{commit.zid}.deel").write_bytes(b"as much as went")
            raise Paused(Reason.DISK_FULL)
        return real(box, commit, folder, **more)

    with monkeypatch.context() as patch:
        patch.setattr(receiver, "fetch", fetch)
        report = pair.receive()
    assert report.arrived == (zids[1],)
    assert report.answered == 1
    assert report.paused is Reason.DISK_FULL, "somebody has to make room"
    assert [p.name for p in (pair.town.folder / queueing.IN).iterdir()] == [zids[1]]
    assert pair.receive(force=True).arrived == (zids[0],)


def test_nothing_is_fetched_that_would_fill_the_disk(
    pair: Pair, relay: Memory, monkeypatch: pytest.MonkeyPatch
):
    pair.offer(pair.person())
    pair.send()
    with monkeypatch.context() as patch:
        patch.setattr(sync_receiving, "ROOM", 1 << 62)
        report = pair.receive()
    assert (report.arrived, report.bytes_received) == ((), 0)
    assert report.paused is Reason.DISK_FULL
    assert len(pair.receive(force=True).arrived) == 1


# ---- removed when its term was over --------------------------------------------------------------


@pytest.mark.parametrize("heard", [0, 1, 2], ids=["nothing", "received", "opened"])
@pytest.mark.parametrize("state", [InboxState.GEACCEPTEERD, InboxState.GEWEIGERD])
def test_a_removed_dossier_is_still_answered(
    pair: Pair, relay: Memory, state: InboxState, heard: int
):
    came_in(pair)
    arrival = row(pair.town)
    if heard:
        pair.send(force=True)
    item = receive.take_in_arrival(pair.town, arrival.zid)
    if heard == 2:
        pair.receive(force=True)
        pair.send(force=True)
    with pair.azc.read() as records:
        (zending,) = records.outbox.of_subject(arrival.inbox_id)
    if state is InboxState.GEACCEPTEERD:
        receive.accept(pair.town, item.handover_id, first_talk=None)
    else:
        receive.refuse(pair.town, item.handover_id, "Woont er niet")
    _remove(pair.town, item.handover_id)
    relay.files.clear()
    for _ in range(3):
        pair.later(hours=25)
        pair.send(force=True)
        pair.receive(force=True)
    pair.send(force=True)
    assert pair.handover(item.handover_id).state.value == state.value
    with pair.azc.read() as records:
        (after,) = records.outbox.of_subject(arrival.inbox_id)
    assert (after.state, zending.zid) == (OutboxState.KLAAR, after.zid)
    assert rows(pair.town) == (), "nothing is kept of it again"
    assert receipts(pair.town) == []


def _remove(vault: Vault, handover_id: UUID) -> None:
    now = vault.env.now()
    removal = Removal(
        removal_id=vault.env.uuid(),
        subject_id=handover_id,
        ground=Ground.GEWEIGERD,
        reason="",
        proposed_at=now,
        proposed_by=vault.user.user_id,
        state=RemovalState.GEDAAN,
        decided_at=now,
        decided_by=vault.user.user_id,
        done_at=now,
    )
    with vault.transaction(actor_of(vault), "wissen") as tx:
        tx.removals.save(removal)
        tx.removals.erase_received(removal)


def test_the_file_is_the_one_that_was_signed(pair: Pair, relay: Memory):
    """The commit that an inbox may have to hand on is kept as it came, until it is opened."""
    pair.offer(pair.person())
    pair.send()
    (commit,) = [data for name, data in relay.files.items() if name.endswith(".ok")]
    pair.receive()
    arrival = row(pair.town)
    assert arrival.raw == commit
    file = pair.town.folder / queueing.IN / arrival.zid
    assert hashlib.sha256(file.read_bytes()).hexdigest() == arrival.file_sha256
    receive.take_in_arrival(pair.town, arrival.zid)
    assert row(pair.town).raw == b""
