"""What a sender hears late, loses or is asked for again: nothing of it may be said too soon."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid5

import pytest
from support.chain import entry_of, save_book
from support.hostile import Between, Memory
from support.post import AZC_BOX, TOWN_BOX, Pair, make_pair
from support.vaults import actor_of

from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.handover import Handover, HandoverState
from intake_app.domain.person import Person
from intake_app.domain.transport import OutboxItem, OutboxKind, OutboxState
from intake_app.flows import freezing, hand_over, queueing, receipts, receive, sync_now, versions
from intake_app.flows.relays import SyncSettings
from intake_app.flows.sync_now import SyncState, SyncStatus
from intake_app.handover.address_book import REVOKED
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.sync import names, notices
from intake_app.sync.errors import Later, Reason
from intake_app.sync.notices import ReceiptKind, TransportReceipt
from intake_app.vault.restore import RESTORED
from intake_app.vault.rows import stamp


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = make_pair(tmp_path)
    yield made
    made.close()


@pytest.fixture
def relay(pair: Pair) -> Memory:
    made = Memory()
    pair.relay = lambda: made
    return made


def zending(pair: Pair) -> OutboxItem:
    with pair.azc.read() as records:
        (item,) = [i for i in records.outbox.all() if i.kind is OutboxKind.ZENDING]
    return item


def offer_and_take(pair: Pair) -> Handover:
    offered = pair.offer(pair.person())
    pair.send()
    assert len(pair.receive().arrived) == 1
    return offered


def state(pair: Pair, offered: Handover) -> HandoverState:
    return pair.handover(offered.handover_id).state


def accept(pair: Pair) -> None:
    (row,) = sync_now.arrivals(pair.town)
    item = receive.take_in_arrival(pair.town, row.arrival.zid)
    receive.accept(pair.town, item.handover_id, first_talk=None)
    pair.receive(force=True)


def days_of_work(pair: Pair, days: int) -> None:
    """Let days go by at the sender that its own log bears out, without any connection."""
    with pair.azc.transaction(actor_of(pair.azc), "de klok staat goed") as tx:
        tx.moments.believe()
    for _ in range(days):
        pair.later(days=1)
        with pair.azc.transaction(actor_of(pair.azc), "werk") as tx:
            tx.settings.set("gedaan", "ja")


# ---- over its time -------------------------------------------------------------------------------


def test_receipts_that_lie_ready_count_however_late_they_are_asked_for(pair: Pair, relay: Memory):
    offered = offer_and_take(pair)
    accept(pair)
    days_of_work(pair, 34)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.GEACCEPTEERD


def test_without_an_answer_of_the_relay_nothing_is_over(pair: Pair):
    relay = Memory()
    pair.relay = lambda: relay
    offered = pair.offer(pair.person())
    pair.send()
    days_of_work(pair, 34)

    def closed(_what: str, _name: str) -> None:
        raise Later(Reason.NO_CONNECTION)

    pair.relay = lambda: Between(relay, closed)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.AANGEBODEN
    pair.relay = lambda: relay
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.VERLOPEN


@pytest.mark.parametrize("is_newer_there", [False, True])
def test_a_receipt_that_comes_after_the_end_is_heard(
    pair: Pair, relay: Memory, is_newer_there: bool
):
    person = pair.person()
    offered = pair.offer(person)
    pair.send()
    pair.receive()
    accept(pair)
    lost = {name: relay.files.pop(name) for name in list(relay.files) if "/uit/" in name}
    days_of_work(pair, 34)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.VERLOPEN
    if is_newer_there:
        newer = pair.offer(person)
    relay.files.update(lost)
    pair.later(days=2)
    pair.send()
    if is_newer_there:
        assert state(pair, offered) is HandoverState.VERLOPEN
        assert state(pair, newer) is HandoverState.AANGEBODEN
    else:
        assert state(pair, offered) is HandoverState.GEACCEPTEERD
        assert zending(pair).state is OutboxState.KLAAR


def test_after_a_while_nobody_listens_any_more(pair: Pair, relay: Memory):
    offered = pair.offer(pair.person())
    pair.send()
    days_of_work(pair, 34)
    pair.send(force=True)
    pair.send(force=True)  # the request to destroy it goes too
    assert state(pair, offered) is HandoverState.VERLOPEN
    asked: list[str] = []
    pair.relay = lambda: Between(relay, lambda what, _name: asked.append(what))
    for _ in range(3):
        pair.later(hours=30)
        pair.send()
    assert len(asked) == 3
    pair.later(days=61)
    pair.send(force=True)
    assert len(asked) == 3


def test_unopened_and_over_ends_as_withdrawn_there(pair: Pair, relay: Memory):
    offered = offer_and_take(pair)
    days_of_work(pair, 34)
    relay.files.clear()
    pair.send(force=True)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.VERLOPEN
    pair.receive(force=True)
    pair.later(days=2)
    pair.send()
    assert state(pair, offered) in {HandoverState.VERLOPEN, HandoverState.INGETROKKEN}
    assert sync_now.arrivals(pair.town)[0].arrival.state.value == "ingetrokken"


# ---- whose receipt it is -------------------------------------------------------------------------


def test_a_revoked_key_proves_nothing_on_a_stick_either(pair: Pair, tmp_path: Path):
    folder = tmp_path / "heen"
    folder.mkdir()
    offered = hand_over.seal(pair.azc, pair.person().person_id, folder)
    item = receive.take_in(pair.town, folder / offered.file_name)
    path = receive.accept(pair.town, item.handover_id, first_talk=None, receipt_folder=tmp_path)
    assert path is not None
    azc = replace(entry_of(pair.azc, "azc"), box=AZC_BOX)
    town = replace(entry_of(pair.town, "uitvoerder"), box=TOWN_BOX)
    stolen = replace(town, status=REVOKED, until_date=date(2026, 3, 1))
    save_book(pair.azc, azc, stolen, serial=9)
    with pytest.raises(Refusal) as refused:
        receipts.import_receipt(pair.azc, path)
    assert refused.value.reason is RefusalReason.RECEIPT_SIGNATURE_BROKEN
    assert state(pair, offered) is HandoverState.AANGEBODEN
    save_book(pair.azc, azc, town, serial=10)
    receipts.import_receipt(pair.azc, path)
    assert state(pair, offered) is HandoverState.GEACCEPTEERD


def test_a_key_that_ended_long_ago_sends_nothing_new(pair: Pair, relay: Memory):
    offered = pair.offer(pair.person())
    pair.send()
    now = pair.town.env.now().date()
    azc = replace(entry_of(pair.azc, "azc"), box=AZC_BOX, from_date=date(2019, 1, 1))
    town = replace(entry_of(pair.town, "uitvoerder"), box=TOWN_BOX)
    save_book(pair.town, replace(azc, until_date=now - timedelta(days=33)), town, serial=9)
    assert pair.receive(force=True).arrived == ()
    save_book(pair.town, replace(azc, until_date=now - timedelta(days=31)), town, serial=10)
    assert len(pair.receive(force=True).arrived) == 1, "it may have been on its way so long"
    # what it signed for in its time it may go on to prove
    save_book(pair.azc, azc, replace(town, until_date=now - timedelta(days=33)), serial=11)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.ONTVANGEN


# ---- withdrawn before it was there ---------------------------------------------------------------


def test_withdrawn_while_it_might_be_out_and_is_not_it_stays_here(pair: Pair, relay: Memory):
    """Locking writes down that the commit may be out, and then nothing of it goes."""
    offered = pair.offer(pair.person())
    with pair.azc.transaction(actor_of(pair.azc), "vergrendelen") as tx:
        (item,) = tx.outbox.of_subject(offered.handover_id)
        tx.outbox.note(replace(item, committing=True))
    hand_over.withdraw(pair.azc, offered.handover_id, "Verkeerde gemeente")
    for _ in range(4):
        pair.send(force=True)
        pair.later(hours=5)
    assert {Path(name).suffix for name in relay.files} == {".x"}
    pair.receive()
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.INGETROKKEN


# ---- garbage of the right length -----------------------------------------------------------------


def test_garbage_in_the_place_of_the_commit_is_written_over(pair: Pair, relay: Memory):
    offered = pair.offer(pair.person())
    item = zending(pair)
    relay.files[item.name] = bytes(len(item.notice))
    pair.send()
    assert relay.files[item.name] == item.notice
    assert len(pair.receive().arrived) == 1
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.ONTVANGEN


def test_a_commit_that_turned_into_garbage_is_put_again_after_a_day(pair: Pair, relay: Memory):
    offered = pair.offer(pair.person())
    pair.send()
    item = zending(pair)
    relay.files[item.name] = bytes(len(item.notice))
    puts = relay.puts
    for _ in range(4):
        pair.later(hours=5)
        pair.send(force=True)
    assert relay.puts == puts, "once a day is enough"
    pair.later(hours=5)
    pair.send(force=True)
    assert relay.files[item.name] == item.notice
    pair.receive(force=True)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.ONTVANGEN


def test_garbage_in_the_place_of_a_receipt_is_written_over(pair: Pair, relay: Memory):
    offered = offer_and_take(pair)
    (name,) = [name for name in relay.files if name.startswith("v1/uit/")]
    right = relay.files[name]
    relay.files[name] = bytes(len(right))
    for _ in range(6):
        pair.later(hours=5)
        pair.send(force=True)
        pair.receive(force=True)
    assert relay.files[name] == right
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.ONTVANGEN


def test_all_damaged_parts_are_put_right_in_one_go(
    pair: Pair, relay: Memory, monkeypatch: pytest.MonkeyPatch
):
    """A server whose disk lost its writes kept the lengths."""
    from intake_app.flows import sync_sending as sending
    from intake_app.sync import commit, parts

    for module in (parts, sending, commit, sync_now):
        if hasattr(module, "PART"):
            monkeypatch.setattr(module, "PART", 8192)
    offered = pair.offer(pair.person())
    pair.send()
    damaged = [name for name in relay.files if name[-4:].isdigit()]
    assert len(damaged) > 5
    sound = damaged.pop(2)
    for name in damaged:
        relay.files[name] = bytes(len(relay.files[name]))
    hours = 0
    while sound in relay.files and zending(pair).offers == 1 and hours < 24:
        pair.later(hours=1)
        hours += 1
        pair.receive(force=True)
        pair.send(force=True)
    assert hours < 8
    assert zending(pair).offers == 2
    pair.receive(force=True)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.ONTVANGEN


# ---- lost at the receiver ------------------------------------------------------------------------


def ask_again(pair: Pair, relay: Memory, *, later: float = 0.0) -> None:
    """Put what a receiver signs that lost a zending."""
    item = zending(pair)
    keys = queueing.keys_of(pair.town)
    made = TransportReceipt(
        receipt_id=pair.town.env.uuid(),
        zid=item.zid,
        sha256=item.file_sha256,
        kind=ReceiptKind.OPNIEUW,
        seq=names.AGAIN,
        at=pair.town.env.now().replace(microsecond=0),
        by=keys.organisation_id,
    )
    age = pair.azc.organisation_keys().age_recipient
    file = notices.write_receipt(made, keys.signing, age, random=pair.town.env.random)
    relay.files[names.receipt(item.reply_box, item.zid, names.AGAIN)] = file


def test_a_receiver_that_asks_again_is_offered_all_of_it_once(pair: Pair, relay: Memory):
    offered = pair.offer(pair.person())
    pair.send()
    whole = {name: data for name, data in relay.files.items() if "/in/" in name}
    pair.receive()
    pair.send(force=True)
    pair.later(hours=3)
    ask_again(pair, relay)
    for _ in range(3):
        pair.send(force=True)
    assert {name: relay.files[name] for name in whole if name in relay.files} == whole
    assert state(pair, offered) is HandoverState.ONTVANGEN
    assert zending(pair).offers == 2
    pair.receive(force=True)
    for _ in range(5):
        pair.later(hours=3)
        pair.send(force=True)
    assert zending(pair).offers == 2, "a request that was honoured counts no more"
    ask_again(pair, relay)
    for _ in range(2):
        pair.send(force=True)
    assert zending(pair).offers == 3


def test_a_receiver_that_was_put_back_gets_it_after_all(pair: Pair, relay: Memory):
    """Its backup is of before; the sender has a receipt and asks once a day."""
    from sqlalchemy import delete

    from intake_app.vault.schema import arrival, outbox

    offered = offer_and_take(pair)
    pair.send(force=True)
    (row,) = sync_now.arrivals(pair.town)
    with pair.town.transaction(actor_of(pair.town), "terugzetten") as tx:
        tx.arrivals._run(delete(arrival))
        tx.outbox._run(delete(outbox))
    (pair.town.folder / queueing.IN / row.arrival.zid).unlink()
    for _ in range(20):
        pair.later(hours=5)
        pair.send(force=True)
        pair.receive(force=True)
    assert [each.arrival.zid for each in sync_now.arrivals(pair.town)] == [row.arrival.zid]
    assert zending(pair).offers == 2
    accept(pair)
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.GEACCEPTEERD


def test_what_was_decided_or_asked_back_is_not_offered_again(pair: Pair, relay: Memory):
    offered = offer_and_take(pair)
    pair.send(force=True)
    hand_over.withdraw(pair.azc, offered.handover_id, "Toch niet")
    pair.later(hours=3)
    ask_again(pair, relay)
    for _ in range(3):
        pair.send(force=True)
    assert zending(pair).offers == 1
    assert not any(name.endswith(".ok") for name in relay.files)


def test_the_ciphertext_stays_until_it_was_decided_or_a_month(pair: Pair, relay: Memory):
    offer_and_take(pair)
    pair.send(force=True)
    path = pair.azc.folder / queueing.OUT / zending(pair).file_name
    os.utime(path, (1, 1))
    pair.later(days=29)
    assert freezing.sweep(pair.azc, time.time()) == 0
    pair.later(days=2)
    assert freezing.sweep(pair.azc, time.time()) == 1


def test_once_decided_the_ciphertext_goes(pair: Pair, relay: Memory):
    offer_and_take(pair)
    accept(pair)
    pair.send(force=True)
    os.utime(pair.azc.folder / queueing.OUT / zending(pair).file_name, (1, 1))
    assert freezing.sweep(pair.azc, time.time()) == 1


def test_received_and_not_opened_for_a_week_somebody_has_to_call(pair: Pair, relay: Memory):
    offer_and_take(pair)
    pair.send(force=True)
    pair.later(days=6)
    (row,) = sync_now.transport(pair.azc)
    assert (row.state, row.unopened_days) == (SyncState.ONTVANGEN, 0)
    pair.later(days=2)
    (row,) = sync_now.transport(pair.azc)
    assert (row.state, row.unopened_days) == (SyncState.LET_OP, 8)
    assert sync_now.summary(pair.azc).status is SyncStatus.LET_OP
    accept(pair)
    pair.send(force=True)
    (row,) = sync_now.transport(pair.azc)
    assert (row.state, row.unopened_days) == (SyncState.KLAAR, 0)


# ---- a vault that was put back -------------------------------------------------------------------


def put_back(pair: Pair, *, days: int = 5) -> None:
    """Record what putting back a backup records: of `days` ago, a moment ago."""
    now = pair.azc.env.now()
    kept = (
        f'{{"backup": "{pair.azc.env.uuid()}", "made_at": "{stamp(now - timedelta(days=days))}", '
        f'"restored_at": "{stamp(now)}"}}'
    )
    with pair.azc.transaction(actor_of(pair.azc), "terugzetten") as tx:
        tx.settings.set(RESTORED, kept)


def test_versions_begin_above_what_may_have_been_forgotten(pair: Pair):
    person = pair.person()
    assert pair.offer(person).dossier_version == 1
    put_back(pair, days=5)
    after = pair.offer(person).dossier_version
    assert after == 2 + versions.GAP + 5 * 24
    assert pair.offer(person).dossier_version == after + 1
    pair.later(hours=2)
    put_back(pair, days=6)  # another one, and of the same backup or an earlier
    assert pair.offer(person).dossier_version > after + 1


def test_only_who_was_known_before_begins_above(pair: Pair):
    known, new = pair.person(11), pair.person(12)
    event = CaseEvent(
        uuid5(known.person_id, "e"), known.person_id, EventKind.GEREGISTREERD,
        date(2026, 1, 1), pair.azc.env.now(), "azc",
    )  # fmt: skip
    with pair.azc.transaction(actor_of(pair.azc), "x") as tx:
        tx.events.add(event)
    put_back(pair)
    assert pair.offer(known).dossier_version > versions.GAP
    assert pair.offer(new).dossier_version == 1


def test_a_receiver_that_has_a_newer_version_is_told_of_and_passed(pair: Pair, relay: Memory):
    """Put back by copying the folder: nothing in the vault says so, only the receiver knows."""
    person: Person = pair.person()
    pair.offer(person)
    pair.send()
    pair.receive()
    for _ in range(2):
        pair.offer(person)
        pair.send()
        pair.receive()
    with pair.azc.transaction(actor_of(pair.azc), "terug") as tx:
        for each in tx.handovers.all():
            tx.handovers.save(replace(each, dossier_version=1, state=HandoverState.VERVANGEN))
    second = pair.offer(person)
    assert second.dossier_version == 2
    pair.send()
    pair.receive()
    pair.send(force=True)
    assert state(pair, second) is HandoverState.VERVANGEN
    rows = {row.handover_id: row for row in sync_now.transport(pair.azc)}
    assert rows[second.handover_id].state is SyncState.LET_OP
    third = pair.offer(person)
    assert third.dossier_version == 3 + versions.GAP
    pair.send()
    pair.receive()
    pair.send(force=True)
    assert state(pair, third) is HandoverState.ONTVANGEN


def test_a_vault_that_was_put_back_asks_before_it_says_the_file_is_gone(pair: Pair, relay: Memory):
    offered = pair.offer(pair.person())
    before, handover = zending(pair), pair.handover(offered.handover_id)
    pair.send()
    pair.receive()
    with pair.azc.transaction(actor_of(pair.azc), "terugzetten") as tx:
        tx.outbox.save(before)
        tx.handovers.save(handover)
    (pair.azc.folder / queueing.OUT / before.file_name).unlink()
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.ONTVANGEN
    hand_over.withdraw(pair.azc, offered.handover_id, "Bedacht")
    assert state(pair, offered) is HandoverState.ONTVANGEN, "it is out: the receiver decides"


def test_without_its_file_but_on_the_relay_it_is_offered(pair: Pair, relay: Memory):
    offered = pair.offer(pair.person())
    before, handover = zending(pair), pair.handover(offered.handover_id)
    pair.send()
    with pair.azc.transaction(actor_of(pair.azc), "terugzetten") as tx:
        tx.outbox.save(before)
        tx.handovers.save(handover)
    (pair.azc.folder / queueing.OUT / before.file_name).unlink()
    pair.send(force=True)
    assert state(pair, offered) is HandoverState.AANGEBODEN
    assert sync_now.summary(pair.azc).attention == 0


# ---- switched off --------------------------------------------------------------------------------


def test_ciphertexts_go_when_nothing_is_sent_any_more(pair: Pair):
    offered = pair.offer(pair.person())
    hand_over.withdraw(pair.azc, offered.handover_id, "Niet meer nodig")
    (path,) = (pair.azc.folder / queueing.OUT).iterdir()
    os.utime(path, (1, 1))
    sync_now.run_once(pair.azc, lambda _place: relay_of_nobody(), settings=SyncSettings())
    assert not path.exists()


def relay_of_nobody() -> Memory:
    raise AssertionError("connected")
