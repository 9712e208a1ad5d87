"""The invariants of sync that need no server, one test each: I1-I7 and I9-I12.

I8 (bytes sent over a bad line) is measured against a real server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.hostile import Between, Deaf, Memory
from support.post import TOWN_BOX, Pair

from intake_app.domain.handover import HandoverState
from intake_app.domain.transport import ArrivalState, OutboxKind, OutboxState
from intake_app.flows import hand_over, queueing, receive, sync_now
from intake_app.flows.sync_now import SyncState, SyncStatus
from intake_app.sync import names
from intake_app.sync.errors import Later, Paused, Reason, Refused
from intake_app.vault import Vault


def over(pair: Pair, relay: Memory) -> Memory:
    """Have the passes talk to `relay`."""
    pair.relay = lambda: relay
    return relay


def arrivals(vault: Vault) -> list[str]:
    with vault.read() as records:
        return [each.zid for each in records.arrivals.all()]


def check_whole(pair: Pair) -> None:
    """I2 and I4: each zid once, its file as signed, and no receipt without both."""
    with pair.town.read() as records:
        rows = records.arrivals.all()
        receipts = [i for i in records.outbox.all() if i.kind is OutboxKind.BEWIJS]
    assert len({row.zid for row in rows}) == len(rows)
    folder = pair.town.folder / queueing.IN
    for row in rows:
        if row.state is ArrivalState.ONTVANGEN:
            data = (folder / row.zid).read_bytes()
            assert hashlib.sha256(data).hexdigest() == row.file_sha256
    assert {item.zid for item in receipts} <= {row.zid for row in rows}


def settle(pair: Pair, rounds: int = 6) -> None:
    """Let both sides work on a calm line."""
    for _ in range(rounds):
        pair.send(force=True)
        pair.receive(force=True)
        pair.later(minutes=20)


def test_i1_no_dossier_is_lost_whatever_the_relay_does(pair: Pair):
    """What waits stays, with its ciphertext, through every kind of failure."""
    relay = over(pair, Memory())
    offered = pair.offer(pair.person())
    raised: list[Exception] = [
        Later(Reason.SERVER),
        Later(Reason.BUSY, 30),
        Paused(Reason.PORTAL),
        Refused(),
        RuntimeError("nobody foresaw this"),
        OSError("nor this"),
    ]
    for error in raised:

        def fail(_what: str, _name: str, error: Exception = error) -> None:
            raise error

        pair.relay = lambda fail=fail: Between(relay, fail)  # type: ignore[misc]
        pair.send(force=True)
        with pair.azc.read() as records:
            (item,) = records.outbox.all()
        assert item.state is OutboxState.WACHT
        assert (pair.azc.folder / queueing.OUT / item.file_name).is_file()
        assert pair.handover(offered.handover_id).state is HandoverState.KLAAR
    over(pair, relay)
    settle(pair)
    assert pair.handover(offered.handover_id).state is HandoverState.ONTVANGEN
    check_whole(pair)


def test_i2_a_zending_comes_in_once_however_often_it_is_there(pair: Pair):
    relay = over(pair, Deaf())
    pair.offer(pair.person())
    pair.send()
    kept = dict(relay.files)
    assert len(pair.receive().arrived) == 1
    for _ in range(3):
        relay.files.update(kept)
        report = pair.receive()
        assert (report.arrived, report.again) == ((), 1)
    assert len(arrivals(pair.town)) == 1
    check_whole(pair)


def test_i3_received_on_screen_means_a_verified_receipt_is_stored(pair: Pair):
    relay = over(pair, Memory())
    offered = pair.offer(pair.person())
    pair.send()
    relay.files = {n: d for n, d in relay.files.items() if not n.endswith(".ok")}
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.AANGEBODEN
    (row,) = sync_now.transport(pair.azc)
    assert row.state is SyncState.AANGEBODEN, "an empty box proves nothing"
    pair.later(hours=5)
    settle(pair)
    history = hand_over.history(pair.azc, offered.handover_id)
    assert history.handover.state is HandoverState.ONTVANGEN
    assert [r.kind for r in history.receipts] == [HandoverState.ONTVANGEN]
    assert b"SSH SIGNATURE" in history.receipts[0].raw


def test_i4_no_receipt_before_the_file_and_its_row_are_durable(pair: Pair):
    relay = Memory()
    over(pair, relay)
    pair.offer(pair.person())
    pair.send()

    def look(what: str, name: str) -> None:
        if what == "put":
            zid = Path(name).stem
            assert zid in arrivals(pair.town)
            assert (pair.town.folder / queueing.IN / zid).is_file()
        if what == "drop":
            assert any(name.startswith("v1/uit/") for name in relay.files)
        if what == "drop" and name.endswith(".ok"):
            left = [n for n in relay.files if n.startswith("v1/in/")]
            assert left == [name], "the commit goes last"

    pair.relay = lambda: Between(relay, look)
    assert len(pair.receive().arrived) == 1
    assert not any(name.startswith("v1/in/") for name in relay.files)
    check_whole(pair)


def _truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _turned(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _empty(_data: bytes) -> bytes:
    return b""


def _giant(data: bytes) -> bytes:
    return data + bytes(2 * 1024 * 1024)


DAMAGE: tuple[Callable[[bytes], bytes], ...] = (_truncated, _turned, _empty, _giant)


@pytest.mark.parametrize("damage", DAMAGE)
def test_i5_a_damaged_part_or_commit_changes_nothing(pair: Pair, damage: Callable[[bytes], bytes]):
    relay = over(pair, Memory())
    offered = pair.offer(pair.person())
    pair.send()
    whole = dict(relay.files)
    for name, data in whole.items():
        relay.files = {**whole, name: damage(data)}
        report = pair.receive(force=True)
        assert (report.arrived, report.refused) == ((), 1), name
        assert arrivals(pair.town) == []
        assert not any(n.startswith("v1/uit/") for n in relay.files)
    relay.files = whole
    assert len(pair.receive(force=True).arrived) == 1
    answer = next(n for n in relay.files if n.startswith("v1/uit/"))
    right = relay.files[answer]
    relay.files[answer] = damage(right)
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.AANGEBODEN
    assert sync_now.summary(pair.azc).status is SyncStatus.LET_OP
    relay.files[answer] = right
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.ONTVANGEN
    assert sync_now.summary(pair.azc).status is SyncStatus.ONTVANGEN


def test_i6_a_calm_line_empties_the_outbox(pair: Pair):
    """After twenty failures in a row the next calm quarter of an hour is enough."""
    relay = over(pair, Memory())
    people = [pair.person(number) for number in (21, 22, 23)]
    for person in people:
        pair.offer(person)

    def fail(_what: str, _name: str) -> None:
        raise Later(Reason.NO_CONNECTION)

    for _ in range(20):
        pair.relay = lambda: Between(relay, fail)
        pair.send()
        pair.later(minutes=15)
    over(pair, relay)
    with pair.azc.read() as records:
        assert max(item.tries for item in records.outbox.open()) > 5
    pair.later(minutes=15)
    assert len(pair.send().offered) == 3
    assert len(pair.receive().arrived) == 3
    pair.later(minutes=15)
    assert len(pair.send().moved) == 3
    assert sync_now.summary(pair.azc).waiting == 0


def test_i7_nothing_but_ciphertext_and_opaque_names(pair: Pair):
    person = pair.person()
    offered = pair.offer(person)
    pair.send()
    pair.receive()
    shown = pair.files()
    assert all(names.parse(name) is not None for name in shown)
    zids = arrivals(pair.town)
    receive.take_in_arrival(pair.town, zids[0])
    hand_over.withdraw(pair.azc, offered.handover_id, "Kanariereden")
    pair.send(force=True)
    assert len(pair.files()) > len(shown)
    keys = [vault.organisation_keys() for vault in (pair.azc, pair.town)]
    planted = [
        person.family_name, person.given_names, person.v_number, person.phone, "Kanariereden",
        pair.azc.info.organisation.name, pair.town.info.organisation.name,
        str(offered.handover_id), str(person.person_id), offered.file_sha256,
        *(key.age_recipient for key in keys), *(key.sign_public for key in keys),
        "overdracht", "dossier", "SSH SIGNATURE", "PK\x03\x04",
    ]  # fmt: skip
    for name in pair.files():
        data = (pair.root / name).read_bytes()
        assert data.startswith(b"age-encryption.org/v1\n") or name.endswith(".0000"), name
        for word in planted:
            assert word.encode() not in data, (name, word)
            assert word.casefold() not in name


def test_i9_one_bad_item_does_not_hold_up_the_others(pair: Pair):
    relay = over(pair, Memory())
    offers = [pair.offer(pair.person(number)) for number in (31, 32, 33, 34)]
    with pair.azc.read() as records:
        by_zid = {item.zid: item for item in records.outbox.all()}
    bad = min(by_zid.values(), key=lambda item: item.item_id)

    for error in (Refused(), Later(Reason.SERVER), ZeroDivisionError()):

        def fail(_what: str, name: str, error: Exception = error) -> None:
            if bad.zid in name:
                raise error

        pair.relay = lambda fail=fail: Between(relay, fail)  # type: ignore[misc]
        pair.send(force=True)
    moved = {offer.handover_id for offer in offers} - {bad.subject_id}
    for handover_id in moved:
        assert pair.handover(handover_id).state is HandoverState.AANGEBODEN
    with pair.azc.read() as records:
        held = records.outbox.get(bad.item_id)
    assert held is not None
    assert (held.state, held.tries) == (OutboxState.WACHT, 3)


def test_i9_nor_does_one_in_the_box(pair: Pair):
    relay = over(pair, Memory())
    for number in (31, 32, 33):
        pair.offer(pair.person(number))
    pair.send()
    first = min(name for name in relay.files if name.endswith(".ok"))
    relay.files[first] = b"geen commit"
    report = pair.receive()
    assert (len(report.arrived), report.refused) == (2, 1)


@pytest.mark.parametrize(
    "reason",
    [Reason.PORTAL, Reason.PROXY_LOGIN, Reason.CERTIFICATE, Reason.NOT_ALLOWED, Reason.FULL],
)
def test_i10_a_paused_relay_costs_no_item_a_try(pair: Pair, reason: Reason):
    relay = Memory()
    for number in (41, 42):
        pair.offer(pair.person(number))

    def portal(_what: str, _name: str) -> None:
        raise Paused(reason)

    pair.relay = lambda: Between(relay, portal)
    for _ in range(5):
        report = pair.send()
        assert report.paused is reason
        assert report.failed == 0
    with pair.azc.read() as records:
        for item in records.outbox.all():
            assert (item.tries, item.next_try, item.reason) == (0, None, "")
    over(pair, relay)
    assert len(pair.send().offered) == 2


def test_i11_a_wiped_relay_gets_everything_again(pair: Pair):
    relay = over(pair, Memory())
    people = [pair.person(number) for number in range(51, 56)]
    offers = [pair.offer(person) for person in people]
    pair.send()
    relay.files.clear()
    pair.later(hours=1)
    for _ in range(3):
        pair.send(force=True)
    assert relay.files == {}, "a receiver may have taken it a moment ago"
    pair.later(hours=4)
    settle(pair)
    for offer in offers:
        assert pair.handover(offer.handover_id).state is HandoverState.ONTVANGEN
    assert len(arrivals(pair.town)) == 5
    check_whole(pair)
    with pair.azc.read() as records:
        assert {item.offers for item in records.outbox.all()} == {2}


def test_i11_a_receipt_that_was_wiped_comes_again(pair: Pair):
    """Taken, answered, and then the relay is wiped before the sender looked."""
    relay = over(pair, Memory())
    offer = pair.offer(pair.person())
    pair.send()
    pair.receive()
    relay.files.clear()
    pair.later(hours=5)
    settle(pair)
    assert pair.handover(offer.handover_id).state is HandoverState.ONTVANGEN
    assert len(arrivals(pair.town)) == 1


def test_i11_later_receipts_that_were_wiped_come_after_a_day(pair: Pair):
    """Received was seen; opened and accepted were on the relay when it was wiped."""
    relay = over(pair, Memory())
    offer = pair.offer(pair.person())
    pair.send()
    pair.receive()
    pair.send(force=True)
    (zid,) = arrivals(pair.town)
    item = receive.take_in_arrival(pair.town, zid)
    receive.accept(pair.town, item.handover_id, first_talk=None)
    pair.receive()
    relay.files.clear()
    pair.send(force=True)
    assert pair.handover(offer.handover_id).state is HandoverState.ONTVANGEN
    assert relay.files == {}, "not asked for at every look"
    pair.later(hours=25)
    settle(pair)
    assert pair.handover(offer.handover_id).state is HandoverState.GEACCEPTEERD
    assert not any(name.startswith("v1/in/") for name in relay.files)


def test_i11_a_request_to_destroy_that_was_wiped_goes_before_the_zending(pair: Pair):
    """What was asked back is not offered anew because a relay lost both."""
    relay = over(pair, Memory())
    offer = pair.offer(pair.person())
    pair.send()
    hand_over.withdraw(pair.azc, offer.handover_id, "Toch niet")
    pair.send(force=True)
    relay.files.clear()
    pair.later(hours=5)
    settle(pair)
    assert pair.handover(offer.handover_id).state is HandoverState.INGETROKKEN
    with pair.town.read() as records:
        assert [each.state for each in records.arrivals.all()] == [ArrivalState.INGETROKKEN]
    assert not list((pair.town.folder / queueing.IN).glob("*"))


DAYS = (-1, 0, 1)


@pytest.mark.parametrize("town", DAYS)
@pytest.mark.parametrize("azc", DAYS)
def test_i12_a_clock_that_is_a_day_off_changes_only_labels(pair: Pair, azc: int, town: int):
    pair.later(days=10)
    pair.azc_clock.offset = timedelta(days=azc)
    pair.town_clock.offset = timedelta(days=town)
    offer = pair.offer(pair.person())
    assert len(pair.send().offered) == 1
    assert len(pair.receive().arrived) == 1
    pair.later(minutes=15)
    pair.send()
    assert pair.handover(offer.handover_id).state is HandoverState.ONTVANGEN
    (zid,) = arrivals(pair.town)
    item = receive.take_in_arrival(pair.town, zid)
    receive.accept(pair.town, item.handover_id, first_talk=None)
    pair.receive()
    pair.later(minutes=15)
    pair.send()
    assert pair.handover(offer.handover_id).state is HandoverState.GEACCEPTEERD


@pytest.mark.parametrize("jump", [-1, 1])
def test_i12_nor_does_one_that_jumps_on_the_way(pair: Pair, jump: int):
    """Waiting times are never longer for it."""
    relay = over(pair, Memory())
    offer = pair.offer(pair.person())

    def fail(_what: str, _name: str) -> None:
        raise Later(Reason.NO_CONNECTION)

    pair.relay = lambda: Between(relay, fail)
    for _ in range(8):
        pair.send(force=True)
    over(pair, relay)
    pair.azc_clock.offset += timedelta(days=jump)
    assert pair.send().offered == (offer.handover_id,)
    pair.azc_clock.offset -= timedelta(days=jump)
    pair.receive()
    pair.azc_clock.offset += timedelta(days=jump)
    pair.later(minutes=15)
    pair.send()
    assert pair.handover(offer.handover_id).state is HandoverState.ONTVANGEN


def test_the_box_is_in_every_name(pair: Pair):
    pair.offer(pair.person())
    pair.send()
    assert all(name.startswith(f"v1/in/{TOWN_BOX}/") for name in pair.files())
