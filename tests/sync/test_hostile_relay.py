"""A relay that wants to do harm, alone or together with an organisation of the address book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.chain import entry_of, save_book
from support.hostile import Memory
from support.post import AZC_BOX, TOWN_BOX, Pair
from support.vaults import actor_of, environment, prepared_vault

from intake_app.domain.actor import Profile
from intake_app.domain.handover import HandoverState
from intake_app.domain.transport import Arrival, ArrivalState, OutboxItem, OutboxKind
from intake_app.flows import hand_over, queueing, receive, sync_now
from intake_app.sync import names, notices
from intake_app.sync.commit import Commit, write_commit
from intake_app.sync.notices import ReceiptKind, TransportReceipt, Withdrawal
from intake_app.vault import Vault

OTHER_BOX = "gm9ander9box"


@pytest.fixture
def relay(pair: Pair) -> Memory:
    made = Memory()
    pair.relay = lambda: made
    return made


@pytest.fixture
def other(pair: Pair, tmp_path: Path) -> Iterator[Vault]:
    """A third organisation, in everybody's address book, that works together with the relay."""
    vault = prepared_vault(
        tmp_path / "ander", profile=Profile.ONTVANGST, number=2, env=environment(77)
    )
    entries = (
        replace(entry_of(pair.azc, "azc"), box=AZC_BOX),
        replace(entry_of(pair.town, "uitvoerder"), box=TOWN_BOX),
        replace(entry_of(vault, "uitvoerder"), box=OTHER_BOX),
    )
    for each in (pair.azc, pair.town, vault):
        save_book(each, *entries, serial=3)
    yield vault
    vault.close()


def rows(vault: Vault) -> tuple[Arrival, ...]:
    with vault.read() as records:
        return records.arrivals.all()


def out(vault: Vault, kind: OutboxKind = OutboxKind.ZENDING) -> list[OutboxItem]:
    with vault.read() as records:
        return [item for item in records.outbox.all() if item.kind is kind]


def town_key(pair: Pair) -> str:
    return pair.town.organisation_keys().age_recipient


def withdrawal(by: Vault, item: OutboxItem, recipient: UUID, age: str) -> bytes:
    """Return a withdrawal of `item`, signed by whoever."""
    keys = queueing.keys_of(by)
    notice = Withdrawal(
        zid=item.zid,
        box=item.box,
        sender=keys.organisation_id,
        recipient=recipient,
        sha256=item.file_sha256,
        handover_id=item.subject_id,
        dossier_id=UUID(int=5),
        dossier_version=1,
        reply_box=item.reply_box,
        at=by.env.now(),
    )
    return notices.write_withdrawal(notice, keys.signing, age, random=by.env.random)


def receipt(
    signer: Vault, item: OutboxItem, kind: ReceiptKind, age: str, *, seq: int = 1, **more: object
) -> bytes:
    """Return a receipt for `item`, signed by whoever."""
    keys = queueing.keys_of(signer)
    made = TransportReceipt(
        receipt_id=signer.env.uuid(),
        zid=item.zid,
        sha256=item.file_sha256,
        kind=kind,
        seq=seq,
        at=signer.env.now(),
        by=keys.organisation_id,
    )
    made = replace(made, **more)  # type: ignore[arg-type]
    return notices.write_receipt(made, keys.signing, age, random=signer.env.random)


# ---- receipts ------------------------------------------------------------------------------------


def test_receipts_swapped_between_zendingen_move_nothing(pair: Pair, relay: Memory):
    offers = [pair.offer(pair.person(number)) for number in (61, 62)]
    pair.send()
    pair.receive()
    first, second = sorted(name for name in relay.files if name.startswith("v1/uit/"))
    relay.files[first], relay.files[second] = relay.files[second], relay.files[first]
    assert pair.send(force=True).moved == ()
    for offer in offers:
        assert pair.handover(offer.handover_id).state is HandoverState.AANGEBODEN
    relay.files[first], relay.files[second] = relay.files[second], relay.files[first]
    assert len(pair.send(force=True).moved) == 2


def test_a_receipt_under_another_number_is_none(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    pair.receive()
    (name,) = [name for name in relay.files if name.startswith("v1/uit/")]
    relay.files[name[:-1] + "2"] = relay.files.pop(name)
    pair.send(force=True)
    assert pair.handover(offer.handover_id).state is HandoverState.AANGEBODEN


def test_only_the_receiver_may_answer(pair: Pair, relay: Memory, other: Vault):
    offer = pair.offer(pair.person())
    pair.send()
    (item,) = out(pair.azc)
    azc = pair.azc.organisation_keys().age_recipient
    name = names.receipt(item.reply_box, item.zid, 1)
    town = pair.town.info.organisation.organisation_id
    for forged in (
        receipt(other, item, ReceiptKind.ONTVANGEN, azc),
        receipt(other, item, ReceiptKind.ONTVANGEN, azc, by=town),
        receipt(pair.town, item, ReceiptKind.ONTVANGEN, azc, sha256="0" * 64),
        receipt(pair.town, item, ReceiptKind.ONTVANGEN, azc, seq=2),
        receipt(pair.town, item, ReceiptKind.ONTVANGEN, town_key(pair)),
        receipt(pair.town, item, ReceiptKind.GEACCEPTEERD, azc),
        receipt(pair.town, item, ReceiptKind.GEACCEPTEERD, azc, chain=b"geen ontvangstbewijs"),
    ):
        relay.files[name] = forged
        assert pair.send(force=True).moved == ()
        assert pair.handover(offer.handover_id).state is HandoverState.AANGEBODEN
    relay.files[name] = receipt(pair.town, item, ReceiptKind.ONTVANGEN, azc)
    pair.send(force=True)
    assert pair.handover(offer.handover_id).state is HandoverState.ONTVANGEN


def test_the_acceptance_of_another_dossier_is_none_of_this_one(pair: Pair, relay: Memory):
    first, second = (pair.offer(pair.person(number)) for number in (61, 62))
    pair.send()
    pair.receive()
    with pair.town.read() as records:
        (arrival,) = records.arrivals.of_inbox(second.handover_id)
    item = receive.take_in_arrival(pair.town, arrival.zid)
    receive.accept(pair.town, item.handover_id, first_talk=None)
    pair.receive()
    by_subject = {each.subject_id: each for each in out(pair.azc)}
    mine = by_subject[first.handover_id]
    opened = notices.read_receipt(
        relay.files[names.receipt(AZC_BOX, arrival.zid, 3)],
        queueing.keys_of(pair.azc).identities,
        zid=arrival.zid,
        sha256=arrival.file_sha256,
        seq=3,
        by=pair.town.info.organisation.organisation_id,
        signers=lambda _organisation: [_signer(pair.town)],
    )
    azc = pair.azc.organisation_keys().age_recipient
    relay.files[names.receipt(AZC_BOX, mine.zid, 2)] = receipt(
        pair.town, mine, ReceiptKind.GEACCEPTEERD, azc, seq=2, chain=opened.chain
    )
    pair.send(only=first.handover_id)
    assert pair.handover(first.handover_id).state is HandoverState.ONTVANGEN
    assert pair.handover(second.handover_id).state is HandoverState.AANGEBODEN
    pair.send(force=True)
    assert pair.handover(second.handover_id).state is HandoverState.GEACCEPTEERD


def _signer(vault: Vault):
    from intake_app.sync.commit import Signer

    keys, own = vault.organisation_keys(), vault.info.organisation
    return Signer(own.organisation_id, own.name, keys.sign_public, keys.age_recipient)


# ---- commits -------------------------------------------------------------------------------------


def test_a_commit_for_another_municipality_or_box_is_void(pair: Pair, relay: Memory, other: Vault):
    pair.offer(pair.person())
    pair.send()
    moved = {
        name.replace(TOWN_BOX, OTHER_BOX): data
        for name, data in relay.files.items()
        if name.startswith("v1/in/")
    }
    relay.files.update(moved)
    report = sync_now.receive_once(other, relay)
    assert (report.arrived, report.refused) == ((), 1)
    assert rows(other) == ()
    zid = out(pair.azc)[0].zid
    strange = names.new_zid(pair.azc.env.random)
    relay.files = {name.replace(zid, strange): data for name, data in relay.files.items()}
    report = pair.receive()
    assert (report.arrived, report.refused) == ((), 1)
    assert rows(pair.town) == ()


def test_a_commit_by_nobody_we_know_or_with_other_words_is_void(
    pair: Pair, relay: Memory, tmp_path: Path
):
    """The stranger knows our key and box, and copies everything a real sender writes."""
    stranger = prepared_vault(tmp_path / "vreemd", number=3, env=environment(78))
    pair.offer(pair.person())
    pair.send()
    (item,) = out(pair.azc)
    right = relay.files[item.name]
    heard, _ = _read(pair, right, item)
    keys = queueing.keys_of(stranger)
    town = town_key(pair)
    ours = queueing.keys_of(pair.azc)
    random = pair.azc.env.random
    for commit, key in (
        (replace(heard, sender=keys.organisation_id), keys.signing),
        (heard, keys.signing),
        (replace(heard, recipient=keys.organisation_id), ours.signing),
        (replace(heard, box=OTHER_BOX), ours.signing),
        (replace(heard, zid=names.new_zid(random)), ours.signing),
    ):
        relay.files[item.name] = write_commit(commit, key, town, random=random)
        assert pair.receive(force=True).refused == 1
        assert rows(pair.town) == ()
    relay.files[item.name] = right
    assert len(pair.receive(force=True).arrived) == 1
    stranger.close()


def _read(pair: Pair, data: bytes, item: OutboxItem) -> tuple[Commit, object]:
    from intake_app.sync.commit import read_commit

    return read_commit(
        data,
        queueing.keys_of(pair.town).identities,
        zid=item.zid,
        box=item.box,
        own=pair.town.info.organisation.organisation_id,
        signers=lambda _organisation: [_signer(pair.azc)],
    )


def test_a_revoked_sender_is_not_heard(pair: Pair, relay: Memory):
    pair.offer(pair.person())
    pair.send()
    gone = replace(entry_of(pair.azc, "azc"), box=AZC_BOX, status="revoked")
    town = replace(entry_of(pair.town, "uitvoerder"), box=TOWN_BOX)
    save_book(pair.town, gone, town, serial=4)
    assert pair.receive().refused == 1
    assert rows(pair.town) == ()


def test_names_with_other_characters_and_other_peoples_files_are_left_alone(
    pair: Pair, relay: Memory
):
    pair.offer(pair.person())
    pair.send()
    zid = out(pair.azc)[0].zid
    strange = {
        f"v1/in/{TOWN_BOX}/../{TOWN_BOX}/{zid}.ok": b"x",
        f"v1/in/{TOWN_BOX}/{zid}.0000.deel": b"x",
        f"v1/in/{TOWN_BOX}/{zid.upper()}.ok": b"x",
        f"v1/in/{TOWN_BOX}/{zid}.00000": b"x",
        f"v1/in/{TOWN_BOX}/{zid[:-1]}١.ok": b"x",
        f"v1/in/{TOWN_BOX}/\x00\n.ok": b"x",
        f"v1/in/{TOWN_BOX}/{zid}.t": b"x",
        f"v1/in/{TOWN_BOX}/.davfs.tmpabc": b"x",
        f"v1/in/{TOWN_BOX}/" + "a" * 5000: b"x",
    }
    relay.files.update(strange)
    assert len(pair.receive().arrived) == 1
    assert {name for name in relay.files if name.startswith("v1/in/")} == set(strange)


def test_parts_are_asked_for_with_their_own_length_as_the_limit(pair: Pair, relay: Memory):
    """A relay that pours endlessly is cut off by the driver at that length."""
    pair.offer(pair.person())
    pair.send()
    asked: dict[str, int] = {}
    get = relay.get

    def noting(name: str, *, limit: int) -> bytes | None:
        asked[name] = limit
        return get(name, limit=limit)

    relay.get = noting  # type: ignore[method-assign]
    whole = dict(relay.files)
    pair.receive()
    for name, data in whole.items():
        if not name.endswith(".ok"):
            assert asked[name] == len(data)
    assert max(asked.values()) <= 512 * 1024


# ---- withdrawals ---------------------------------------------------------------------------------


def test_a_withdrawal_before_opening_destroys_and_says_so(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    pair.receive()
    (row,) = rows(pair.town)
    asked = hand_over.withdraw(pair.azc, offer.handover_id, "Verhuisd")
    assert asked.state is HandoverState.AANGEBODEN
    assert sync_now.transport(pair.azc)[0].withdrawal_asked
    pair.send(force=True)
    assert pair.receive().withdrawn == (row.zid,)
    assert not (pair.town.folder / queueing.IN / row.zid).exists()
    with pytest.raises(receive.ReceiveRefused, match="ingetrokken"):
        receive.take_in_arrival(pair.town, row.zid)
    pair.send(force=True)
    ended = pair.handover(offer.handover_id)
    assert (ended.state, ended.reason) == (HandoverState.INGETROKKEN, "Verhuisd")
    assert not any(name.startswith("v1/in/") for name in relay.files)


def test_a_withdrawal_after_opening_is_too_late_and_the_sender_hears_it(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    pair.receive()
    (row,) = rows(pair.town)
    receive.take_in_arrival(pair.town, row.zid)
    hand_over.withdraw(pair.azc, offer.handover_id, "Toch niet")
    pair.send(force=True)
    assert pair.receive().withdrawn == ()
    pair.send(force=True)
    now = pair.handover(offer.handover_id)
    assert (now.state, now.reason) == (HandoverState.GEOPEND, "")
    assert sync_now.transport(pair.azc)[0].too_late
    with pytest.raises(hand_over.HandOverRefused, match="al gevraagd"):
        hand_over.withdraw(pair.azc, offer.handover_id, "Nog eens")


def test_an_old_withdrawal_that_is_played_again_changes_nothing(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    hand_over.withdraw(pair.azc, offer.handover_id, "Verkeerde versie")
    pair.send(force=True)
    (old,) = [name for name in relay.files if name.endswith(".x")]
    kept = relay.files[old]
    pair.receive()
    pair.send(force=True)
    assert pair.handover(offer.handover_id).state is HandoverState.INGETROKKEN
    again = pair.offer(_person_of(pair, offer.person_id))
    pair.send()
    zid = next(item.zid for item in out(pair.azc) if item.subject_id == again.handover_id)
    relay.files[old] = kept
    relay.files[names.withdrawal(TOWN_BOX, zid)] = kept
    report = pair.receive()
    assert report.arrived == (zid,)
    assert {row.zid: row.state for row in rows(pair.town)}[zid] is ArrivalState.ONTVANGEN


def _person_of(pair: Pair, person_id: UUID):
    with pair.azc.read() as records:
        person = records.persons.get(person_id)
    assert person is not None
    return person


def test_nobody_else_may_withdraw_even_who_knows_the_number(
    pair: Pair, relay: Memory, other: Vault
):
    """Before the zending came, together with it, and after: the real one comes in and stays."""
    offer = pair.offer(pair.person())
    pair.send()
    (item,) = out(pair.azc)
    town = pair.town.info.organisation.organisation_id
    evil = withdrawal(other, item, town, town_key(pair))
    name = names.withdrawal(TOWN_BOX, item.zid)
    held_back = dict(relay.files)
    relay.files = {name: evil}
    pair.receive()
    relay.files = {**held_back, name: evil}
    assert pair.receive(force=True).arrived == (item.zid,)
    relay.files[name] = evil
    pair.receive(force=True)
    (row,) = rows(pair.town)
    assert row.state is ArrivalState.ONTVANGEN
    assert row.sender_id == pair.azc.info.organisation.organisation_id
    assert receive.take_in_arrival(pair.town, item.zid).handover_id == offer.handover_id


def test_a_withdrawal_that_comes_first_keeps_the_zending_out(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    kept = dict(relay.files)
    hand_over.withdraw(pair.azc, offer.handover_id, "Toch niet")
    pair.send(force=True)
    relay.files = {name: data for name, data in relay.files.items() if name.endswith(".x")}
    pair.receive()
    relay.files.update(kept)
    assert pair.receive().arrived == ()
    (row,) = rows(pair.town)
    assert row.state is ArrivalState.INGETROKKEN
    assert not (pair.town.folder / queueing.IN / row.zid).exists()
    pair.send(force=True)
    assert pair.handover(offer.handover_id).state is HandoverState.INGETROKKEN


# ---- versions ------------------------------------------------------------------------------------


def test_a_newer_version_replaces_one_that_nobody_opened(pair: Pair, relay: Memory):
    person = pair.person()
    old = pair.offer(person)
    pair.send()
    pair.receive()
    new = pair.offer(person)
    pair.send()
    assert pair.handover(old.handover_id).state is HandoverState.VERVANGEN
    pair.receive()
    states = {row.inbox_id: row.state for row in rows(pair.town)}
    assert states == {
        old.handover_id: ArrivalState.VERVANGEN,
        new.handover_id: ArrivalState.ONTVANGEN,
    }
    (left,) = [p.name for p in (pair.town.folder / queueing.IN).iterdir()]
    assert left == next(row.zid for row in rows(pair.town) if row.inbox_id == new.handover_id)
    pair.send(force=True)
    by_subject = {item.subject_id: item for item in out(pair.azc)}
    assert by_subject[old.handover_id].receipt == ReceiptKind.VERVANGEN.value


def test_an_older_version_that_comes_late_is_answered_and_not_taken(pair: Pair, relay: Memory):
    person = pair.person()
    old = pair.offer(person)
    pair.send()
    late = dict(relay.files)
    relay.files.clear()
    new = pair.offer(person)
    pair.send()
    pair.receive()
    relay.files.update(late)
    report = pair.receive()
    assert report.bytes_received == 0
    states = {row.inbox_id: row.state for row in rows(pair.town)}
    assert states[old.handover_id] is ArrivalState.VERVANGEN
    assert states[new.handover_id] is ArrivalState.ONTVANGEN


def test_a_damaged_part_under_a_good_commit_is_offered_anew(pair: Pair, relay: Memory):
    """A relay that lost power has a file of the right length with nothing in it."""
    offer = pair.offer(pair.person())
    pair.send()
    part = next(name for name in relay.files if name.endswith(".0000"))
    relay.files[part] = bytes(len(relay.files[part]))
    for _ in range(4):
        pair.receive(force=True)
        pair.later(minutes=30)
    assert not any(name.startswith("v1/in/") for name in relay.files), "dropped, to be sent anew"
    pair.later(hours=4)
    pair.send(force=True)
    pair.send(force=True)
    assert len(pair.receive(force=True).arrived) == 1
    pair.send(force=True)
    assert pair.handover(offer.handover_id).state is HandoverState.ONTVANGEN


def test_not_for_us_comes_back_as_a_refusal_with_a_reason(pair: Pair, relay: Memory):
    from intake_app.flows import arrived

    offer = pair.offer(pair.person())
    pair.send()
    pair.receive()
    (row,) = rows(pair.town)
    arrived.not_for_us(pair.town, row.zid)
    pair.receive()
    pair.send(force=True)
    now = pair.handover(offer.handover_id)
    assert now.state is HandoverState.GEWEIGERD
    assert "niet voor hem" in now.reason


def test_what_nobody_fetched_is_over_after_its_time_and_two_days(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    with pair.azc.transaction(actor_of(pair.azc), "de klok staat goed") as tx:
        tx.moments.believe()
    for _ in range(31):
        pair.later(days=1)
        pair.send()
        with pair.azc.read("kijken") as records:
            records.persons.all()
    assert pair.handover(offer.handover_id).state is HandoverState.AANGEBODEN
    for _ in range(3):
        pair.later(hours=23)
        pair.send()
        with pair.azc.read("kijken") as records:
            records.persons.all()
    assert pair.handover(offer.handover_id).state is HandoverState.VERLOPEN


def test_a_clock_that_jumped_ends_nothing(pair: Pair, relay: Memory):
    offer = pair.offer(pair.person())
    pair.send()
    pair.azc_clock.offset = timedelta(days=400)
    pair.send()
    assert pair.handover(offer.handover_id).state is HandoverState.AANGEBODEN
