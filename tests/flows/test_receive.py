"""Receiving in a real vault: verify, compare, accept or refuse, sign; and the way back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.chain import PERSON, Chain, add_person, entry_of, make_chain, revoked, save_book
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import Profile
from intake_app.domain.event import EventKind, Station, StationState, line
from intake_app.domain.handover import Handover, HandoverState, InboxState
from intake_app.domain.plan import PlanState, Vervolgpad
from intake_app.flows import hand_over, plan, receive
from intake_app.flows.compare import Choice, ChoiceMissing
from intake_app.flows.desk import today
from intake_app.handover.errors import Refusal, RefusalReason, TargetExists
from intake_app.vault import Vault

TALK = date(2026, 3, 20)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    add_person(made.azc)
    concept = plan.draft(made.azc, PERSON.person_id)
    filled = plan.save(
        made.azc,
        replace(
            concept,
            main_path=Vervolgpad.ONDERWIJS,
            goals=(plan.from_template(plan.templates()[0], made.azc.env),),
            discussed_on=today(made.azc.env),
            client_view="ደስ ይብለኒ",
        ),
    )
    plan.establish(made.azc, filled.plan_id)
    yield made
    made.close()


def sealed(chain: Chain) -> tuple[Handover, Path]:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    return handover, chain.stick / handover.file_name


def everything(vault: Vault) -> tuple[Any, ...]:
    """All that a refusal must leave as it was, the log included."""
    with vault.read() as records:
        people = records.persons.all()
        return (
            people,
            records.inbox.all(),
            records.handovers.all(),
            tuple(records.receipts.of_handover(h.handover_id) for h in records.handovers.all()),
            records.events.all(),
            tuple(records.plans.of_person(p.person_id) for p in people),
            records.audit.head(),
        )


def test_the_whole_line_from_sealing_to_accepted(chain: Chain, tmp_path: Path) -> None:
    handover, path = sealed(chain)
    preview = receive.inspect(chain.town, path)
    assert (preview.sender, preview.recipient) == (
        chain.azc.info.organisation.name,
        chain.town.info.organisation.name,
    )
    assert (preview.subject, preview.version) == ("Aman T.", 1)
    with chain.town.read() as records:
        assert records.inbox.all() == ()

    item = receive.take_in(chain.town, path)
    assert item.state is InboxState.GEOPEND
    assert item.dossier_pdf.startswith(b"%PDF-")
    received = receive.look(chain.town, item.handover_id)
    assert (received.known, received.compared, received.newer) == (None, (), None)
    assert hand_over.latest(chain.azc, PERSON.person_id) == handover

    receipt = receive.accept(
        chain.town, item.handover_id, first_talk=TALK, receipt_folder=chain.stick
    )
    done = hand_over.import_receipt(chain.azc, receipt)
    assert (done.state, done.first_talk) == (HandoverState.GEACCEPTEERD, TALK)
    told = hand_over.history(chain.azc, handover.handover_id)
    assert [r.kind for r in told.receipts] == [
        HandoverState.ONTVANGEN,
        HandoverState.GEOPEND,
        HandoverState.GEACCEPTEERD,
    ]
    with chain.azc.read() as records:
        views = {v.station: v.state for v in line(records.events.of_person(PERSON.person_id))}
        records.audit.verify()
    assert views[Station.GEACCEPTEERD] is StationState.DONE
    with chain.town.read() as records:
        records.audit.verify()


def test_accepting_makes_it_records_of_the_receiver(chain: Chain) -> None:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    receive.accept(chain.town, handover.handover_id, first_talk=None, receipt_folder=chain.stick)
    with chain.azc.read() as sent, chain.town.read() as got:
        person = got.persons.find_by_v_number(PERSON.v_number)
        assert person == replace(PERSON, sponsor_id=None)
        ours, theirs = sent.plans.of_person(PERSON.person_id), got.plans.of_person(PERSON.person_id)
        assert [replace(p, author_id=ours[0].author_id) for p in theirs] == list(ours)
        assert got.activities.of_person(PERSON.person_id) == sent.activities.of_person(
            PERSON.person_id
        )
        there, here = (
            got.koppelingen.current(PERSON.person_id),
            sent.koppelingen.current(PERSON.person_id),
        )
        assert there is not None
        assert here is not None
        assert there.municipality_code == here.municipality_code
        household = got.households.of_person(PERSON.person_id)
        assert household is not None
        assert [member.name for member in household.members] == ["Aman", "Sara"]
        (stay,) = got.stays.of_person(PERSON.person_id)
        events = got.events.of_person(PERSON.person_id)
        (item,) = got.inbox.all()
    assert stay.location == "AZC Voorbeeld"
    assert {e.kind for e in events} >= {EventKind.PLAN_VASTGESTELD, EventKind.DOSSIER_OVERGENOMEN}
    assert {e.source for e in events} == {chain.azc.info.organisation.name}
    assert (item.state, item.person_id) == (InboxState.GEACCEPTEERD, PERSON.person_id)


def test_the_receiver_goes_on_with_the_plan(chain: Chain) -> None:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    receive.accept(chain.town, handover.handover_id, first_talk=None, receipt_folder=chain.stick)
    concept = plan.draft(chain.town, PERSON.person_id)
    assert (concept.version, concept.state) == (2, PlanState.CONCEPT)
    assert concept.goals


def test_refusing_takes_nothing_over_and_tells_why(chain: Chain) -> None:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    with pytest.raises(receive.ReceiveRefused, match="waarom"):
        receive.refuse(chain.town, handover.handover_id, "", chain.stick)
    receipt = receive.refuse(chain.town, handover.handover_id, "Gekoppeld aan Houten.", chain.stick)
    with chain.town.read() as records:
        assert records.persons.all() == ()
    done = hand_over.import_receipt(chain.azc, receipt)
    assert (done.state, done.reason) == (HandoverState.GEWEIGERD, "Gekoppeld aan Houten.")
    with pytest.raises(receive.ReceiveRefused, match="al geweigerd"):
        receive.accept(
            chain.town, handover.handover_id, first_talk=None, receipt_folder=chain.stick
        )


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 100])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def other_thing(path: Path) -> None:
    path.write_bytes(b"Beste gemeente, hierbij het dossier.")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (cut, RefusalReason.TRUNCATED),
        (flip, RefusalReason.PAYLOAD_DAMAGED),
        (other_thing, RefusalReason.NOT_A_HANDOVER),
    ],
)
def test_a_spoiled_file_is_refused_and_nothing_changes(
    chain: Chain, spoil: Callable[[Path], None], reason: RefusalReason
) -> None:
    _, path = sealed(chain)
    spoil(path)
    before = everything(chain.town)
    for step in (receive.inspect, receive.take_in):
        with pytest.raises(Refusal) as refused:
            step(chain.town, path)
        assert refused.value.reason is reason
        assert str(refused.value).endswith(".")
    assert everything(chain.town) == before


def test_a_file_for_another_organisation_is_refused(chain: Chain, tmp_path: Path) -> None:
    _, path = sealed(chain)
    stranger = prepared_vault(tmp_path / "houten", profile=Profile.ONTVANGST, number=2)
    book = (entry_of(chain.azc, "azc"), entry_of(chain.town, "uitvoerder"))
    save_book(stranger, *book, entry_of(stranger, "gemeente"))
    before = everything(stranger)
    with pytest.raises(Refusal) as refused:
        receive.take_in(stranger, path)
    assert refused.value.reason is RefusalReason.FOR_OTHER_RECIPIENT
    assert chain.town.info.organisation.name in str(refused.value)
    assert everything(stranger) == before
    stranger.close()


def test_an_unknown_or_revoked_sender_is_refused(chain: Chain) -> None:
    _, path = sealed(chain)
    save_book(chain.town, entry_of(chain.town, "uitvoerder"), serial=2)
    before = everything(chain.town)
    with pytest.raises(Refusal) as refused:
        receive.take_in(chain.town, path)
    assert refused.value.reason is RefusalReason.UNKNOWN_SENDER
    assert everything(chain.town) == before
    save_book(chain.town, revoked(entry_of(chain.azc, "azc")), serial=3)
    with pytest.raises(Refusal) as refused:
        receive.take_in(chain.town, path)
    assert refused.value.reason is RefusalReason.SENDER_REVOKED


def test_a_vault_without_an_address_book_knows_no_sender(chain: Chain, tmp_path: Path) -> None:
    _, path = sealed(chain)
    bare = prepared_vault(tmp_path / "kaal", profile=Profile.ONTVANGST)
    with pytest.raises(Refusal) as refused:
        receive.inspect(bare, path)
    assert refused.value.reason is RefusalReason.UNKNOWN_SENDER
    bare.close()


def test_the_same_file_again_is_refused(chain: Chain, tmp_path: Path) -> None:
    _, path = sealed(chain)
    receive.take_in(chain.town, path)
    again = shutil.copy(path, tmp_path / "kopie.zip")
    before = everything(chain.town)
    with pytest.raises(Refusal) as refused:
        receive.take_in(chain.town, again)
    assert refused.value.reason is RefusalReason.ALREADY_RECEIVED
    assert everything(chain.town) == before


def test_a_number_that_another_sender_used_is_refused_as_such(chain: Chain) -> None:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    with chain.town.transaction(actor_of(chain.town), "ander") as tx:
        there = tx.inbox.get(handover.handover_id)
        assert there is not None
        tx.inbox.save(replace(there, sender_id=UUID(int=7 << 64)))
    receive.inspect(chain.town, path)
    with pytest.raises(Refusal) as refused:
        receive.take_in(chain.town, path)
    assert refused.value.reason is RefusalReason.NUMBER_OF_ANOTHER


def test_a_known_person_is_compared_and_never_merged_silently(chain: Chain) -> None:
    known = replace(PERSON, person_id=UUID(int=99), phone="0699999999", name_in_own_script="")
    with chain.town.transaction(actor_of(chain.town), "registreren") as tx:
        tx.persons.save(known)
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    received = receive.look(chain.town, handover.handover_id)
    assert received.known == known
    differing = [field.field for field in received.compared if field.needs_choice]
    assert differing == ["phone"]
    before = everything(chain.town)[:6]
    with pytest.raises(ChoiceMissing, match="Telefoon"):
        receive.accept(
            chain.town, handover.handover_id, first_talk=None, receipt_folder=chain.stick
        )
    assert everything(chain.town)[:6] == before
    receive.accept(
        chain.town,
        handover.handover_id,
        first_talk=None,
        receipt_folder=chain.stick,
        choices={"phone": Choice.OURS},
    )
    with chain.town.read() as records:
        (person,) = records.persons.all()
        (version,) = records.plans.of_person(known.person_id)
    assert person == replace(known, name_in_own_script=PERSON.name_in_own_script)
    assert version.person_id == known.person_id


def test_a_second_version_meets_the_first_without_doubling(chain: Chain) -> None:
    first, path = sealed(chain)
    receive.take_in(chain.town, path)
    receive.accept(chain.town, first.handover_id, first_talk=None, receipt_folder=chain.stick)
    second, path = sealed(chain)
    receive.take_in(chain.town, path)
    received = receive.look(chain.town, second.handover_id)
    assert received.known is not None
    assert not any(field.needs_choice for field in received.compared)
    receive.accept(chain.town, second.handover_id, first_talk=None, receipt_folder=chain.stick)
    with chain.town.read() as records:
        pid = PERSON.person_id
        assert len(records.plans.of_person(pid)) == 1
        assert len(records.koppelingen.of_person(pid)) == 1
        assert len(records.activities.of_person(pid)) == 1
        assert len(records.stays.of_person(pid)) == 1
        taken = [e for e in records.events.of_person(pid) if e.kind is EventKind.PLAN_VASTGESTELD]
    assert len(taken) == 1


def test_an_older_version_is_not_accepted_when_a_newer_one_is_here(chain: Chain) -> None:
    first, one = sealed(chain)
    second, two = sealed(chain)
    for path in (one, two):
        receive.take_in(chain.town, path)
    assert receive.look(chain.town, first.handover_id).newer is not None
    with pytest.raises(receive.ReceiveRefused, match="nieuwere versie"):
        receive.accept(chain.town, first.handover_id, first_talk=None, receipt_folder=chain.stick)
    receive.accept(chain.town, second.handover_id, first_talk=None, receipt_folder=chain.stick)


def accepted(chain: Chain) -> tuple[Handover, Path]:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    receipt = receive.accept(
        chain.town, handover.handover_id, first_talk=TALK, receipt_folder=chain.stick
    )
    return handover, receipt


def test_the_same_receipts_can_be_written_again(chain: Chain, tmp_path: Path) -> None:
    handover, receipt = accepted(chain)
    other = tmp_path / "andere stick"
    other.mkdir()
    again = receive.write_receipt(chain.town, handover.handover_id, other)
    assert again.read_bytes() != receipt.read_bytes()
    hand_over.import_receipt(chain.azc, again)
    before = everything(chain.azc)
    with pytest.raises(Refusal) as refused:
        hand_over.import_receipt(chain.azc, receipt)
    assert refused.value.reason is RefusalReason.RECEIPT_ALREADY_KNOWN
    assert everything(chain.azc) == before
    with pytest.raises(TargetExists):
        receive.write_receipt(chain.town, handover.handover_id, other)


def test_a_decision_holds_when_its_receipt_cannot_be_written(chain: Chain) -> None:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    blocked = chain.stick / f"ontvangst-{handover.handover_id.hex[:8]}.age"
    blocked.write_bytes(b"")
    with pytest.raises(TargetExists):
        receive.accept(
            chain.town, handover.handover_id, first_talk=TALK, receipt_folder=chain.stick
        )
    assert receive.look(chain.town, handover.handover_id).item.state is InboxState.GEACCEPTEERD
    blocked.unlink()
    receipt = receive.write_receipt(chain.town, handover.handover_id, chain.stick)
    assert hand_over.import_receipt(chain.azc, receipt).state is HandoverState.GEACCEPTEERD


def test_no_receipt_before_a_decision(chain: Chain) -> None:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    with pytest.raises(receive.ReceiveRefused, match="niets besloten"):
        receive.write_receipt(chain.town, handover.handover_id, chain.stick)


def test_spoiled_receipts_change_nothing(chain: Chain) -> None:
    _, receipt = accepted(chain)
    good = receipt.read_bytes()
    before = everything(chain.azc)
    for spoil, reason in (
        (cut, RefusalReason.RECEIPT_DAMAGED),
        (flip, RefusalReason.RECEIPT_DAMAGED),
        (other_thing, RefusalReason.NOT_A_RECEIPT),
    ):
        receipt.write_bytes(good)
        spoil(receipt)
        with pytest.raises(Refusal) as refused:
            hand_over.import_receipt(chain.azc, receipt)
        assert refused.value.reason is reason
        assert everything(chain.azc) == before


def test_a_forged_receipt_is_refused(chain: Chain, tmp_path: Path) -> None:
    _, receipt = accepted(chain)
    other = prepared_vault(tmp_path / "vervalser", profile=Profile.ONTVANGST, number=3)
    signer = replace(
        entry_of(chain.town, "uitvoerder"), sign_public=other.organisation_keys().sign_public
    )
    save_book(chain.azc, entry_of(chain.azc, "azc"), signer, serial=2)
    before = everything(chain.azc)
    with pytest.raises(Refusal) as refused:
        hand_over.import_receipt(chain.azc, receipt)
    assert refused.value.reason is RefusalReason.RECEIPT_SIGNATURE_BROKEN
    assert everything(chain.azc) == before
    other.close()


def test_a_receipt_of_another_sender_is_refused(chain: Chain, tmp_path: Path) -> None:
    _, receipt = accepted(chain)
    elsewhere = prepared_vault(tmp_path / "elders", number=4)
    with pytest.raises(Refusal) as refused:
        hand_over.import_receipt(elsewhere, receipt)
    assert refused.value.reason is RefusalReason.RECEIPT_FOR_OTHER
    elsewhere.close()


@pytest.mark.parametrize("ending", ["vervangen", "ingetrokken"])
def test_a_receipt_for_a_handover_that_has_ended_changes_nothing(chain: Chain, ending: str) -> None:
    handover, receipt = accepted(chain)
    if ending == "vervangen":
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    else:
        hand_over.withdraw(chain.azc, handover.handover_id, "Toch niet.")
    before = everything(chain.azc)
    with pytest.raises(hand_over.HandOverRefused) as refused:
        hand_over.import_receipt(chain.azc, receipt)
    assert ("nieuwere versie" in str(refused.value)) is (ending == "vervangen")
    assert everything(chain.azc) == before


def test_a_talk_in_the_past_is_refused(chain: Chain) -> None:
    handover, path = sealed(chain)
    receive.take_in(chain.town, path)
    with pytest.raises(receive.ReceiveRefused, match="al voorbij"):
        receive.accept(
            chain.town,
            handover.handover_id,
            first_talk=date(2026, 1, 1),
            receipt_folder=chain.stick,
        )
    assert receive.look(chain.town, handover.handover_id).item.state is InboxState.GEOPEND
