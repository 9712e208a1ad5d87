"""Everything that is held, and nothing forgotten when a table is added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Column, ForeignKey, Table, Text
from support.people import add_people
from support.vaults import START, actor_of, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.domain.handover import HandoverState, InboxItem, ReceiptRecord
from intake_app.domain.interview import AnswerState
from intake_app.domain.person import Person
from intake_app.flows import case
from intake_app.flows.inzage import Inzage, inzage
from intake_app.vault import Vault, schema
from intake_app.vault.model import VaultUser
from intake_app.vault.stores.inzage import FOLDED, HELD, IMPERSONAL

KNOWN = [{each.table.name for each in HELD}, set(FOLDED), set(IMPERSONAL)]


def unplaced(tables: dict[str, Table]) -> set[str]:
    """Return the tables that nobody decided about."""
    bases = {name for name in tables if not name.endswith("_history")}
    return bases - set().union(*KNOWN)


def about_persons(tables: dict[str, Table]) -> set[str]:
    """Return the tables that refer to a person, directly or by way of another table."""
    found = {
        name for name, table in tables.items() if "person_id" in table.columns or name == "person"
    }
    while True:
        more = {
            name
            for name, table in tables.items()
            for key in table.foreign_keys
            if key.column.table.name in found
        } - found
        if not more:
            return found
        found |= more


# ---- no table is forgotten ---------------------------------------------------------------------


def test_every_table_has_one_place():
    assert unplaced(dict(schema.metadata.tables)) == set()
    assert sum(map(len, KNOWN)) == len(set().union(*KNOWN))
    assert set().union(*KNOWN) <= set(schema.metadata.tables)


def test_what_refers_to_a_person_is_shown_or_folded():
    personal = {n for n in about_persons(dict(schema.metadata.tables)) if "_history" not in n}
    assert personal >= {"person", "answer", "receipt", "attachment_chunk", "medical_entry"}
    assert personal & set(IMPERSONAL) == set()


def test_every_history_belongs_to_a_table_that_is_shown():
    kept = {n.removesuffix("_history") for n in schema.metadata.tables if n.endswith("_history")}
    assert kept <= KNOWN[0]


def test_a_new_table_without_a_place_is_noticed():
    tables = dict(schema.metadata.tables)
    copy = schema.metadata.__class__()
    person = Table("person", copy, Column("person_id", Text, primary_key=True))
    tables["dream"] = Table("dream", copy, Column("whose", Text, ForeignKey(person.c.person_id)))
    assert unplaced(tables) == {"dream"}
    assert "dream" in about_persons(tables)


@pytest.mark.parametrize("held", HELD, ids=lambda held: held.table.name)
def test_only_what_repeats_is_left_out(held):
    assert held.without <= {column.name for column in held.table.columns}
    assert held.without <= {"sort_name", "search"} or held.table.name != "person"
    assert held.name[0].isupper()
    assert held.word


# ---- what is held ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[tuple[Vault, list[Person]]]:
    vault = prepared_vault(tmp_path_factory.mktemp("inzage") / "kluis")
    yield vault, [p for group in add_people(vault).values() for p in group]
    vault.close()


@pytest.fixture(scope="module")
def full(desk) -> tuple[Person, Inzage]:
    """Return somebody with a handover, a dossier that came and an answer that was changed."""
    vault, people = desk
    with vault.read() as r:
        person = next(
            p for p in people
            if r.handovers.of_person(p.person_id) and r.interviews.of_person(p.person_id)
        )  # fmt: skip
        sent = r.handovers.of_person(person.person_id)[0]
        interview = r.interviews.of_person(person.person_id)[0]
    actor, now = actor_of(vault), vault.env.now()
    from intake_app.domain.interview import Answer

    answer = Answer(
        interview.interview_id, "/data/droom", None, "kapper", AnswerState.ANSWERED,
        vault.user.user_id, now, note="zei ze zacht",
    )  # fmt: skip
    item = InboxItem(
        UUID(int=71), UUID(int=72), "Gemeente Elders", "age1", now, "00", 1,
        b'{"naam": "x"}', b"%PDF", person_id=person.person_id,
    )  # fmt: skip
    receipt = ReceiptRecord(
        UUID(int=73), sent.handover_id, HandoverState.ONTVANGEN, START, "Gemeente", "Ali", "", b"r"
    )
    with vault.transaction(actor, "vullen") as t:
        t.answers.put(answer)
        t.inbox.save(item)
        t.receipts.add(receipt)
    with vault.transaction(actor, "wijzigen") as t:
        t.answers.put(replace(answer, value="bakker"))
        t.persons.save(replace(person, phone="0612121212"))
    case.overview(vault, person.person_id)
    return person, inzage(vault, person.person_id)


def test_every_table_is_there_with_every_column(full):
    person, found = full
    assert [t.table for t in found.tables] == [held.table.name for held in HELD]
    row = found.table("person").rows[0]
    said = {field.name: field.value for field in row.fields}
    assert said["family_name"] == person.family_name
    assert said["phone"] == "0612121212"
    assert set(said) == {c.name for c in schema.person.columns} - {"sort_name", "search"}
    assert row.earlier == 1
    with pytest.raises(KeyError):
        found.table("onzin")


def test_answers_come_with_state_note_author_and_history(desk, full):
    vault, _ = desk
    _, found = full
    answer = next(a for a in found.answers if a.path == "/data/droom")
    assert (answer.value, answer.state, answer.note, answer.earlier, answer.author) == (
        "bakker",
        AnswerState.ANSWERED,
        "zei ze zacht",
        1,
        vault.user.name,
    )


def test_who_received_it_and_what_they_answered(full):
    _, found = full
    assert [r.by_organisation for each in found.received_by for r in each.receipts] == ["Gemeente"]
    assert [item.sender_name for item in found.received_from] == ["Gemeente Elders"]
    raw = {f.name: f.raw for f in found.table("inbox").rows[0].fields}
    assert raw["dossier_json"] == b'{"naam": "x"}'


def test_who_looked_and_who_changed(desk, full):
    vault, _ = desk
    _, found = full
    newest = found.looked[0]
    assert (newest.purpose, newest.changed, newest.who) == (
        "persoon openen",
        False,
        vault.user.name,
    )
    assert any(each.changed and each.purpose == "wijzigen" for each in found.looked)
    assert [each.seq for each in found.looked] == sorted(
        (each.seq for each in found.looked), reverse=True
    )
    assert found.log_since is not None
    assert found.log_since <= found.looked[-1].at


def test_nothing_of_somebody_else(desk, full):
    _, people = desk
    person, found = full
    others = {str(p.person_id) for p in people} - {str(person.person_id)}
    for table in found.tables:
        if table.table == "household":
            continue  # with whom somebody lives is theirs to know
        for row in table.rows:
            said = {str(field.value) for field in row.fields if field.name != "sponsor_id"}
            assert not said & others, table.table


def test_the_medical_part_stays_sealed_without_the_role(full):
    _, found = full
    assert found.medical is None


def test_making_it_is_in_the_log(desk, full):
    vault, _ = desk
    person, _ = full
    again = inzage(vault, person.person_id)
    assert again.looked[0].purpose == "inzage maken"


def test_who_may_not_see_persons_gets_nothing(desk, monkeypatch: pytest.MonkeyPatch):
    vault, people = desk
    with pytest.raises(KeyError):
        inzage(vault, UUID(int=404))
    manager = VaultUser(vault.user.user_id, vault.user.name, (UserRole.BEHEER,))
    monkeypatch.setattr(vault, "user", manager)
    with pytest.raises(PermissionError):
        inzage(vault, people[0].person_id)
