"""Handing over in a real vault: recipient, preview, sealing, withdrawing."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.chain import (
    PERSON,
    Chain,
    add_person,
    check_number,
    entry_of,
    make_chain,
    revoked,
    route,
    save_book,
)
from support.vaults import START, actor_of

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.event import EventKind
from intake_app.domain.handover import HandoverState
from intake_app.domain.sharing import SharingRule, SharingTable, Verdict
from intake_app.flows import consent, hand_over
from intake_app.flows.dossier_words import CATEGORY_TITLES
from intake_app.flows.preview import RowState
from intake_app.flows.recipient import RecipientProblem, recipient
from intake_app.handover.errors import CannotWrite, SealCancelled
from intake_app.vault import Vault


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


def yes(*asked: str, no: tuple[str, ...] = ("intern", "medisch")) -> SharingTable:
    """A table that says yes, but asks for `asked` and refuses `no`."""
    rules = {}
    for category in CATEGORY_TITLES:
        for role in ReceiverRole:
            verdict = Verdict.NEE if category in no else Verdict.JA
            verdict = Verdict.NA_TOESTEMMING if category in asked else verdict
            rules[category, role] = SharingRule(category, role, verdict, "Daarom.", "Wi2021 14")
    return SharingTable(rules)


def problem(vault: Vault) -> RecipientProblem | None:
    return recipient(vault, PERSON.person_id, START.date()).problem


def rows_of(vault: Vault) -> tuple[Any, ...]:
    with vault.read() as records:
        return (
            records.handovers.all(),
            records.events.all(),
            records.inbox.all(),
            records.persons.all(),
            records.audit.head(),
        )


def test_the_recipient_follows_from_koppeling_routing_and_book(chain: Chain) -> None:
    choice = recipient(chain.azc, PERSON.person_id, START.date())
    assert choice.problem is None
    assert choice.sentence == ""
    assert (choice.name, choice.municipality) == (chain.town.info.organisation.name, "Zeist")
    assert choice.role is ReceiverRole.UITVOERDER
    assert choice.check is not None
    assert choice.check.checked_by_name == chain.azc.user.name


def test_each_thing_in_the_way_has_its_own_sentence(chain: Chain) -> None:
    azc, town = chain.azc, entry_of(chain.town, "uitvoerder")
    sentences = set()
    own = entry_of(azc, "azc")
    after = START.date()
    steps = [
        (lambda: save_book(azc, own, revoked(town), serial=2), RecipientProblem.REVOKED),
        (
            lambda: save_book(azc, own, replace(town, until_date=after), serial=3),
            RecipientProblem.EXPIRED,
        ),
        (lambda: save_book(azc, own, serial=4), RecipientProblem.NOT_IN_BOOK),
        (
            lambda: save_book(azc, own, replace(town, kind="regio"), serial=5),
            RecipientProblem.NO_ROLE,
        ),
        (lambda: route(azc, azc), RecipientProblem.OURSELVES),
        (lambda: route(azc, code="0344"), RecipientProblem.NO_RULE),
    ]
    for change, expected in steps:
        change()
        assert problem(azc) is expected
        sentences.add(recipient(azc, PERSON.person_id, START.date()).sentence)
    assert len(sentences) == len(steps)
    assert all("{" not in sentence and sentence.endswith(".") for sentence in sentences)


def test_without_koppeling_there_is_no_recipient(chain: Chain) -> None:
    somebody = replace(PERSON, person_id=chain.azc.env.uuid(), v_number="0012345679")
    add_person(chain.azc, somebody, code="")
    choice = recipient(chain.azc, somebody.person_id, START.date())
    assert choice.problem is RecipientProblem.NO_KOPPELING


def test_new_keys_need_a_new_check(chain: Chain, tmp_path: Path) -> None:
    other = make_chain(tmp_path / "ander").azc
    fresh = replace(
        entry_of(chain.town, "uitvoerder"), age_recipient=entry_of(other, "azc").age_recipient
    )
    save_book(chain.azc, fresh, serial=2)
    assert problem(chain.azc) is RecipientProblem.NOT_CHECKED
    check_number(chain.azc, fresh)
    assert problem(chain.azc) is None


def test_the_preview_counts_and_explains(chain: Chain) -> None:
    view = hand_over.preview(chain.azc, PERSON.person_id, table=yes("netwerk"))
    assert view.version == 1
    by_category = {row.category: row for row in view.rows}
    assert by_category["bsn"].state is RowState.LEAVES
    assert by_category["intern"].state is RowState.STAYS if "intern" in by_category else True
    assert view.sent == sum(r.count for r in view.rows if r.state is RowState.LEAVES)
    assert all(row.reason and row.basis for row in view.rows)


def test_the_shipped_table_covers_the_preview(chain: Chain) -> None:
    view = hand_over.preview(chain.azc, PERSON.person_id)
    by_category = {row.category: row for row in view.rows}
    for category in ("identiteit", "bsn", "gezin", "koppeling", "begrip", "activiteit"):
        assert by_category[category].state is RowState.LEAVES, category


def test_sealing_writes_the_file_then_offers_it(chain: Chain) -> None:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    path = chain.stick / handover.file_name
    assert handover.state is HandoverState.AANGEBODEN
    assert path.name == f"overdracht-{handover.handover_id.hex[:8]}.zip"
    assert path.stat().st_size == handover.file_size
    with zipfile.ZipFile(path) as archive:
        assert "LEESMIJ.txt" in archive.namelist()
    with chain.azc.read() as records:
        assert records.handovers.of_person(PERSON.person_id) == (handover,)
        (event,) = records.events.of_person(PERSON.person_id)
        assert "overdracht aanbieden" in records.audit.entries(1)[0].body
    assert (event.kind, event.detail) == (EventKind.OVERDRACHT_AANGEBODEN, "v1")
    assert handover.sent_count > 10
    assert "Tesfay" not in path.name


def test_sealing_is_refused_until_the_recipient_is_complete(chain: Chain) -> None:
    save_book(chain.azc, entry_of(chain.azc, "azc"), serial=2)
    before = rows_of(chain.azc)[:4]
    with pytest.raises(hand_over.HandOverRefused, match="staat niet in het adresboek"):
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    assert rows_of(chain.azc)[:4] == before
    assert list(chain.stick.iterdir()) == []


def test_the_vault_folder_and_a_lost_stick_are_refused(chain: Chain) -> None:
    for folder in (chain.azc.folder, chain.azc.folder / "deel"):
        folder.mkdir(exist_ok=True)
        with pytest.raises(hand_over.HandOverRefused, match="kluis zelf"):
            hand_over.seal(chain.azc, PERSON.person_id, folder, table=yes())
    with pytest.raises(hand_over.HandOverRefused, match="er niet"):
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick / "weg", table=yes())
    with chain.azc.read() as records:
        assert records.handovers.all() == ()


def test_a_new_version_takes_the_place_of_the_open_one(chain: Chain) -> None:
    first = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    second = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    assert second.dossier_version == 2
    with chain.azc.read() as records:
        held = records.handovers.get(first.handover_id)
    assert held is not None
    assert held.state is HandoverState.VERVANGEN
    assert hand_over.latest(chain.azc, PERSON.person_id) == second
    assert [row.handover for row in hand_over.overview(chain.azc)] == [second, held]


def test_when_sealing_fails_nothing_was_offered(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())

    def full(*_args: object, **_kwargs: object) -> None:
        raise CannotWrite

    monkeypatch.setattr("intake_app.flows.sealing.write", full)
    with pytest.raises(CannotWrite):
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    with chain.azc.read() as records:
        states = {h.handover_id: h.state for h in records.handovers.all()}
        kinds = [event.kind for event in records.events.of_person(PERSON.person_id)]
    assert states.pop(first.handover_id) is HandoverState.AANGEBODEN
    assert list(states.values()) == [HandoverState.INGETROKKEN]
    assert kinds == [EventKind.OVERDRACHT_AANGEBODEN]


def test_stopping_leaves_nothing_and_can_be_done_again(chain: Chain) -> None:
    with pytest.raises(SealCancelled):
        hand_over.seal(
            chain.azc, PERSON.person_id, chain.stick, table=yes(), cancelled=lambda: True
        )
    stopped = hand_over.latest(chain.azc, PERSON.person_id)
    assert stopped is not None
    assert stopped.state is HandoverState.INGETROKKEN
    assert list(chain.stick.iterdir()) == []
    again = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    assert again.state is HandoverState.AANGEBODEN


def test_a_value_the_format_does_not_take_is_named_and_leaves_nothing(chain: Chain) -> None:
    odd = replace(PERSON, nationalities=("Palestijns",))
    with chain.azc.transaction(actor_of(chain.azc), "wijzigen") as tx:
        tx.persons.save(odd)
    with pytest.raises(hand_over.HandOverRefused, match=r"‘Nationaliteit’.*Gegevens wijzigen"):
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    assert hand_over.latest(chain.azc, PERSON.person_id) is None
    assert list(chain.stick.iterdir()) == []


def test_control_characters_in_a_note_do_not_stop_a_dossier(chain: Chain) -> None:
    with chain.azc.transaction(actor_of(chain.azc), "wijzigen") as tx:
        tx.persons.save(replace(PERSON, email="a\x00b@example.org"))
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    assert handover.state is HandoverState.AANGEBODEN


class Stopped(BaseException):
    """The machine stops."""


def test_a_crash_while_sealing_leaves_klaar_which_sealing_again_replaces(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_args: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr("intake_app.flows.hand_over._offer", stop)
        with pytest.raises(Stopped):
            hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    left = hand_over.latest(chain.azc, PERSON.person_id)
    assert left is not None
    assert left.state is HandoverState.KLAAR
    again = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    assert again.state is HandoverState.AANGEBODEN
    assert hand_over.history(chain.azc, left.handover_id).handover.state is HandoverState.VERVANGEN


def test_what_a_crash_left_can_be_withdrawn(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_args: object) -> None:
        raise Stopped

    monkeypatch.setattr("intake_app.flows.hand_over._offer", stop)
    with pytest.raises(Stopped):
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    left = hand_over.latest(chain.azc, PERSON.person_id)
    assert left is not None
    ended = hand_over.withdraw(chain.azc, left.handover_id, "Laptop viel uit.")
    assert ended.state is HandoverState.INGETROKKEN
    with chain.azc.read() as records:
        assert records.events.of_person(PERSON.person_id) == ()


def test_withdrawing_needs_a_reason_and_an_open_handover(chain: Chain) -> None:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, table=yes())
    with pytest.raises(hand_over.HandOverRefused, match="waarom"):
        hand_over.withdraw(chain.azc, handover.handover_id, " ")
    ended = hand_over.withdraw(chain.azc, handover.handover_id, "Verkeerde gemeente.")
    assert (ended.state, ended.reason) == (HandoverState.INGETROKKEN, "Verkeerde gemeente.")
    with chain.azc.read() as records:
        kinds = [event.kind for event in records.events.of_person(PERSON.person_id)]
    assert kinds[-1] is EventKind.OVERDRACHT_INGETROKKEN
    with pytest.raises(hand_over.HandOverRefused, match="al ingetrokken"):
        hand_over.withdraw(chain.azc, handover.handover_id, "Nog eens.")


def test_consent_moves_a_row_from_asking_to_leaving(chain: Chain) -> None:
    table = yes("gezin")
    view = hand_over.preview(chain.azc, PERSON.person_id, table=table)
    (row,) = [row for row in view.rows if row.category == "gezin"]
    assert row.state is RowState.ASK
    consent.give(
        chain.azc, table, PERSON.person_id, "gezin", ReceiverRole.UITVOERDER,
        language="ti", with_interpreter=True,
    )  # fmt: skip
    view = hand_over.preview(chain.azc, PERSON.person_id, table=table)
    (row,) = [row for row in view.rows if row.category == "gezin"]
    assert row.state is RowState.LEAVES
    assert row.consent is not None
    with chain.azc.transaction(actor_of(chain.azc), "toestemming intrekken") as tx:
        tx.consents.save(replace(row.consent, withdrawn_at=START + timedelta(hours=1)))
    view = hand_over.preview(chain.azc, PERSON.person_id, table=table)
    assert {row.state for row in view.rows if row.category == "gezin"} == {RowState.ASK}


def test_a_table_that_withholds_the_name_stops_the_dossier(chain: Chain) -> None:
    with pytest.raises(hand_over.HandOverRefused, match="Zonder naam"):
        hand_over.seal(
            chain.azc, PERSON.person_id, chain.stick, table=yes(no=("identiteit", "intern"))
        )
