"""What is removed is gone: from every table, and from every byte of the files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Integer, LargeBinary, Table, insert, select
from support.pages_of import decrypted, decrypted_log

from intake_app.domain.person import Household, HouseholdMember, Person, Relation
from intake_app.vault import Vault, retention, schema
from intake_app.vault import folder as places
from intake_app.vault.inside import database_key
from intake_app.vault.stores import removals
from intake_app.vault.stores.removals import Ground, Removal, RemovalState

STAYS = frozenset(
    {
        "vault", "vault_user", "role_key", "recovery_use", "recovery_seen", "organisation_key",
        "form_version", "address_book", "pinned_root", "fingerprint_check", "routing_rule",
        "setting", "backup_key", "backup", "removal", "removed_item", "audit", "audit_seal",
        "arrival_refused",
    }
)  # fmt: skip
"""Tables without content about a person."""
BY_HAND = frozenset(
    {"household", "household_history", "inbox", "outbox", "arrival", "search_entry"}
)
"""Tables about persons that `erase_person` treats in a way of its own."""


def test_every_table_has_its_place():
    """A new table is about persons, and goes with them, or it is named above."""
    everything = set(schema.metadata.tables)
    about = {name for name in everything if removals.about_a_person(schema.metadata.tables[name])}
    assert everything - about - BY_HAND == STAYS
    assert about.isdisjoint(STAYS)


def canary(number: int) -> str:
    return f"KANARIE{number:04d}X"


def ids_of(number: int) -> dict[str, str]:
    names = ("person_id", "interview_id", "attachment_id", "handover_id", "household_id", "inbox")
    return {name: str(UUID(int=number * 100 + at)) for at, name in enumerate(names, 1)}


def fill(vault: Vault, number: int, random: Random) -> None:
    """Put a row in every table about a person, with the canary in every column that takes text."""
    ids, mark = ids_of(number), canary(number)
    with vault.transaction(_actor(vault), "vullen") as tx:
        connection = tx.settings._scope.connection
        tx.persons.save(
            Person(UUID(ids["person_id"]), f"{number:010d}", mark, given_names="Sam " + mark)
        )
        own = HouseholdMember(f"Sam {mark} {mark}", Relation.ZELF, person_id=UUID(ids["person_id"]))
        child = HouseholdMember(f"Kind {mark}", Relation.KIND)
        for members in ((own,), (own, child)):
            tx.households.save(Household(UUID(ids["household_id"]), members))
        for table in schema.metadata.sorted_tables:
            about = removals.about_a_person(table) or table.name in {"inbox", "outbox", "arrival"}
            if about and table.name not in {"person", "search_entry", "household_person"}:
                connection.execute(insert(table), _row(table, ids, mark, random))
        tx.settings.set(f"ontvangstbewijs/{ids['inbox']}", mark)
        tx.settings.set(f"laatst.{number}", ids["interview_id"])


def _row(table: Table, ids: dict[str, str], mark: str, random: Random) -> dict[str, object]:
    row: dict[str, object] = {}
    for column in table.columns:
        if column.primary_key and isinstance(column.type, Integer) and column.name != "version":
            continue
        if table.name == "inbox" and column.name == "handover_id":
            row[column.name] = ids["inbox"]
        elif table.name == "attachment" and column.name == "inbox_id":
            row[column.name] = None
        elif table.name == "arrival" and column.name == "inbox_id":
            row[column.name] = ids["inbox"]
        elif column.name == "form_sha256":
            row[column.name] = "vorm"
        elif column.name == "subject_id":
            row[column.name] = ids["handover_id"]
        elif column.name in ids:
            row[column.name] = ids[column.name]
        elif column.name in {"file_sha256", "municipality_code", "decided_at", "state_changed_at"}:
            row[column.name] = ""
        elif column.name == "aliases":
            row[column.name] = f'["{mark}"]'
        elif column.name in {"sender_id", "recipient_id"}:
            row[column.name] = str(UUID(int=8))
        elif column.name in {"created_at", "at", "changed_at", "received_at", "added_at"}:
            row[column.name] = "2026-01-01T00:00:00.000000+00:00"
        elif column.name == "state" and table.name in {"handover", "handover_history", "inbox"}:
            row[column.name] = "geaccepteerd"
        elif isinstance(column.type, Integer):
            row[column.name] = 1
        elif isinstance(column.type, LargeBinary):
            row[column.name] = mark.encode() * random.randrange(1, 900)
        elif column.primary_key:
            row[column.name] = f"{mark}-{table.name}"
        else:
            row[column.name] = mark + "x" * random.randrange(0, 300)
    return row


def _actor(vault: Vault):
    from support.vaults import actor_of

    return actor_of(vault)


def everything(vault: Vault) -> bytes:
    """Return all bytes of the vault's files, the database's decrypted."""
    key, database = database_key(vault), vault.folder / places.DATABASE
    log = database.with_name(database.name + "-wal")
    raw = b"".join(p.read_bytes() for p in sorted(vault.folder.rglob("*")) if p.is_file())
    return decrypted(database, key) + decrypted_log(log, key) + raw


def removal_of(vault: Vault, number: int) -> Removal:
    return Removal(
        removal_id=UUID(int=900_000 + number),
        subject_id=UUID(ids_of(number)["person_id"]),
        ground=Ground.GEACCEPTEERD,
        reason="",
        proposed_at=vault.env.now(),
        proposed_by=vault.user.user_id,
        state=RemovalState.GEDAAN,
        done_at=vault.env.now() + timedelta(days=1),
    )


@pytest.fixture
def full(vault: Vault) -> Vault:
    random = Random(4)  # noqa: S311
    with vault.transaction(_actor(vault), "formulier") as tx:
        tx.settings._scope.connection.execute(
            insert(schema.form_version),
            {"sha256": "vorm", "form_id": "i", "version": "1", "structure_hash": "", "xml": b"x"},
        )
    for number in range(1, 25):
        fill(vault, number, random)
    return vault


def test_nothing_is_left_of_a_removed_person(full: Vault, actor):
    gone = [1, 7, 8, 20]
    before = everything(full)
    assert all(canary(number).encode() in before for number in range(1, 25))
    for number in gone:
        removal = removal_of(full, number)
        with full.transaction(actor, "gegevens verwijderen") as tx:
            tx.removals.save(removal)
            tx.removals.erase_person(removal)
    retention.scrub(full)
    after = everything(full)
    for number in gone:
        assert canary(number).lower().encode() not in after.lower()
        assert canary(number).encode("utf-16-le") not in after
    for number in set(range(1, 25)) - set(gone):
        assert canary(number).encode() in after
    with full.read() as records:
        records.audit.verify()
        assert records.persons.get(UUID(ids_of(7)["person_id"])) is None
        found = {hit.person_id for hit in records.search.find(canary(7), 30)}
        assert UUID(ids_of(7)["person_id"]) not in found
        assert UUID(ids_of(9)["person_id"]) in found
    # and the vault goes on as before
    with full.transaction(actor, "verder") as tx:
        tx.persons.save(Person(UUID(int=5), "", "Nieuw"))
    with full.read() as records:
        assert records.persons.get(UUID(int=5)) is not None


def test_what_stays_is_nameless(full: Vault, actor):
    removal = removal_of(full, 3)
    with full.transaction(actor, "gegevens verwijderen") as tx:
        tx.removals.save(removal)
        tx.removals.erase_person(removal)
    with full.read() as records:
        connection = records.settings._scope.connection
        rows = connection.execute(select(schema.removed_item)).mappings().all()
        entry = records.audit.entries(1)[0]
        received = records.removals.received()
    assert {row["kind"] for row in rows} == {"handover", "inbox"}
    assert [str(number) for _, number in received] == [ids_of(3)["inbox"]]
    assert ids_of(3)["person_id"] in entry.body
    assert canary(3) not in entry.body


def test_a_household_keeps_its_others(vault: Vault, actor):
    one, two = Person(UUID(int=1), "", "Kanarie", given_names="Ada"), Person(UUID(int=2), "", "Bo")
    home = Household(
        UUID(int=3),
        (
            HouseholdMember("Ada Kanarie", Relation.ZELF, person_id=one.person_id),
            HouseholdMember("Bo", Relation.PARTNER, person_id=two.person_id),
            HouseholdMember("Ada", Relation.KIND),
        ),
    )
    removal = Removal(
        UUID(int=9), one.person_id, Ground.VERHUISD, "r", vault.env.now(), actor.user_id,
        RemovalState.GEDAAN,
    )  # fmt: skip
    with vault.transaction(actor, "vullen") as tx:
        tx.persons.save(one)
        tx.persons.save(two)
        tx.households.save(Household(home.household_id, home.members[:2]))
        tx.households.save(home)
    with vault.transaction(actor, "gegevens verwijderen") as tx:
        tx.removals.save(removal)
        tx.removals.erase_person(removal)
    with vault.read() as records:
        left = records.households.of_person(two.person_id)
        kept = records.households.history(home.household_id)
    assert left is not None
    assert [m.name for m in left.members] == ["", "Bo", "Ada"]
    assert [m.relation for m in left.members] == [m.relation for m in home.members]
    assert kept
    assert all("Ada Kanarie" not in m.name for h in kept for m in h.value.members)
    retention.scrub(vault)
    assert b"Ada Kanarie" not in everything(vault)
    with vault.transaction(actor, "gegevens verwijderen") as tx:
        last = Removal(
            UUID(int=10), two.person_id, Ground.VERHUISD, "r", vault.env.now(), actor.user_id,
            RemovalState.GEDAAN,
        )  # fmt: skip
        tx.removals.save(last)
        tx.removals.erase_person(last)
    with vault.read() as records:
        assert records.households.get(home.household_id) is None


def test_copies_of_migrations_go_too(vault: Vault):
    copy = vault.folder / "kopie-van-versie-2"
    copy.mkdir()
    (copy / "kluis.db").write_bytes(b"alles van toen")
    retention.scrub(vault)
    assert not copy.exists()


def test_scrub_without_room(vault: Vault, monkeypatch):
    import shutil

    monkeypatch.setattr(
        retention.shutil, "disk_usage", lambda _p: shutil._ntuple_diskusage(9, 9, 99)
    )
    with pytest.raises(retention.NotScrubbed):
        retention.scrub(vault)
    assert not list(vault.folder.glob("*.schoon"))


def test_scrub_while_a_new_master_key_waits_for_room(vault: Vault, monkeypatch):
    monkeypatch.setattr(retention, "database_key", lambda _vault: bytes(32))
    with pytest.raises(retention.NotScrubbed):
        retention.scrub(vault)
    assert not (vault.folder / retention.CLEAN_COPY).exists()


@pytest.mark.slow
def test_scrub_while_somebody_reads(vault: Vault, actor, person):
    with vault.read() as records:
        with pytest.raises(retention.NotScrubbed):
            retention.scrub(vault)
        assert records.persons.get(person.person_id) == person
    retention.scrub(vault)
    with vault.read() as records:
        assert records.persons.get(person.person_id) == person
        records.audit.verify()


def test_a_log_left_behind_by_scrub(vault: Vault, tmp_path: Path):
    (vault.folder / retention.CLEAN_COPY).write_bytes(b"left")
    retention.scrub(vault)
    assert not (vault.folder / retention.CLEAN_COPY).exists()
