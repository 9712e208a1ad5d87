from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from support.people import add_people
from support.vaults import (
    START,
    actor_of,
    environment,
    first_slot,
    open_without_passphrase,
    prepared_vault,
)

from intake_app.crypto.sshsig import SigningKey
from intake_app.domain.handover import InboxItem
from intake_app.vault import AuditBroken, DiskFull, Vault
from intake_app.vault.audit import chained
from intake_app.vault.audit_body import Happened, fact_of
from intake_app.vault.audit_check import AuditReport, Fault, FaultKind
from intake_app.vault.rows import stamp
from intake_app.vault.seals import Seal, Sealer, SealReason, TooYoung, add, seal_daily


def set_up(folder: Path) -> Vault:
    """Return a vault with seven entries, the last five of settings, and a seal on the second."""
    vault = prepared_vault(folder)
    for n in range(5):
        with vault.transaction(actor_of(vault), "instelling") as t:
            t.settings.set("n", str(n))
    return vault


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Vault]:
    vault = set_up(tmp_path / "kluis")
    yield vault
    vault._seal_at_end = lambda: None  # type: ignore[method-assign]  (some are broken by then)
    vault.close()


def tamper(vault: Vault, *statements: str) -> None:
    """Do as somebody would who holds the key of the database."""
    assert vault._opened is not None
    with vault._opened.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_no_update")
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_no_delete")
        for statement in statements:
            connection.exec_driver_sql(statement)


def head(vault: Vault) -> tuple[int, str]:
    with vault.read() as r:
        return r.audit.head()


def check(vault: Vault, *anchors: tuple[int, str]) -> AuditReport:
    with vault.read() as r:
        return r.audit.check(anchors)


def fault(vault: Vault, *anchors: tuple[int, str]) -> Fault | None:
    return check(vault, *anchors).fault


def bodies(vault: Vault, count: int = 100) -> list[dict[str, Any]]:
    """Return what the latest entries say, oldest first."""
    with vault.read() as r:
        return [json.loads(entry.body) for entry in reversed(r.audit.entries(count))]


def rewrite(vault: Vault, old: str, new: str, since: int = 1) -> None:
    """Change words in every entry from `since`, and make all hashes right again."""
    with vault.read() as r:
        entries = list(reversed(r.audit.entries(10_000)))
    before, statements = bytes(32), []
    for entry in entries:
        body = entry.body.replace(old, new) if entry.seq >= since else entry.body
        after = chained(entry.seq, stamp(entry.at), body, before)
        row = f"body = '{body}', prev = x'{before.hex()}', hash = x'{after.hex()}'"
        statements.append(f"UPDATE audit SET {row} WHERE seq = {entry.seq}")  # noqa: S608
        before = after
    tamper(vault, *statements)


# ---- the chain --------------------------------------------------------------------------------


def test_a_whole_chain(logged: Vault):
    found = check(logged, head(logged), (0, bytes(32).hex()))
    assert found == AuditReport(first=1, last=7, seals=1, sealed_until=2, fault=None)


def test_the_hash_is_as_documented(logged: Vault):
    with logged.read() as r:
        newest, before = r.audit.entries(2)
    ts = newest.at.isoformat(timespec="microseconds").encode()
    body = newest.body.encode()
    content = b"doorgaande-lijn/audit/v1\0" + newest.seq.to_bytes(8, "big")
    content += len(ts).to_bytes(2, "big") + ts + len(body).to_bytes(4, "big") + body
    assert newest.hash == hashlib.sha256(content + bytes.fromhex(before.hash)).hexdigest()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE audit SET body = replace(body, 'instelling', 'iets anders') WHERE seq = 3",
            Fault(FaultKind.EDITED, 3),
        ),
        ("UPDATE audit SET ts = '2020' || substr(ts, 5) WHERE seq = 3", Fault(FaultKind.EDITED, 3)),
        (
            "UPDATE audit SET ts = replace(hex(zeroblob(40000)), '00', 'x')",
            Fault(FaultKind.EDITED, 1),
        ),
        (
            "UPDATE audit SET body = 'geen json signing_key' WHERE seq = 4",
            Fault(FaultKind.EDITED, 4),
        ),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 6", Fault(FaultKind.EDITED, 6)),
        ("UPDATE audit SET prev = zeroblob(32) WHERE seq = 6", Fault(FaultKind.EDITED, 6)),
        ("DELETE FROM audit WHERE seq = 3", Fault(FaultKind.GAP, 3)),
        ("DELETE FROM audit WHERE seq IN (4, 5)", Fault(FaultKind.GAP, 4)),
        ("DELETE FROM audit WHERE seq = 1", Fault(FaultKind.GAP, 1)),
        ("DELETE FROM audit", Fault(FaultKind.CUT_OFF, 2)),
        ("UPDATE audit SET seq = seq + 1 WHERE seq = 7", Fault(FaultKind.GAP, 7)),
        (
            "INSERT INTO audit SELECT 8, ts, body, prev, hash FROM audit WHERE seq = 7",
            Fault(FaultKind.EDITED, 8),
        ),
    ],
)
def test_every_edit_is_found_where_it_is(logged: Vault, statement: str, found: Fault):
    tamper(logged, statement)
    assert fault(logged) == found
    with pytest.raises(AuditBroken, match=rf"egel {found.seq}\b"), logged.read() as r:
        r.audit.verify()


def test_each_kind_of_fault_has_its_own_sentence():
    said = {Fault(kind, 12).sentence for kind in FaultKind}
    assert len(said) == len(FaultKind)
    assert all("12" in sentence and "waarschuw" in sentence for sentence in said)


def test_a_cut_off_end_is_found_with_a_head_from_outside(logged: Vault):
    seen = head(logged)
    tamper(logged, "DELETE FROM audit WHERE seq > 4")
    assert fault(logged) is None, "nothing inside can tell"
    assert fault(logged, seen) == Fault(FaultKind.CUT_OFF, 7)


def test_a_new_chain_does_not_fool_an_anchor(logged: Vault):
    """Whoever rebuilds the chain keeps the numbers, but cannot keep the hashes."""
    seen = head(logged)
    rewrite(logged, "instelling", "vals", since=3)
    assert fault(logged) is None
    assert fault(logged, seen) == Fault(FaultKind.REWRITTEN, 7)


def test_what_a_back_up_held_is_an_anchor(logged: Vault):
    seq, newest = head(logged)
    tamper(
        logged,
        "INSERT INTO backup VALUES "  # noqa: S608
        f"('b', '2026', '2026-03', 'n', 1, 's', {seq}, x'{newest}', NULL)",
    )
    assert fault(logged) is None
    tamper(logged, f"DELETE FROM audit WHERE seq = {seq}")  # noqa: S608
    assert fault(logged) == Fault(FaultKind.CUT_OFF, seq)


def test_nothing_written_is_nothing_logged(logged: Vault):
    before = head(logged)
    with logged.transaction(actor_of(logged), "kijken") as t:
        t.settings.get("n")
    with logged.read("kijken") as r:
        r.settings.get("n")
    assert head(logged) == before


# ---- what an entry says -----------------------------------------------------------------------


def test_who_looked_and_why(logged: Vault):
    people = add_people(logged)
    somebody = next(iter(people.values()))[0]
    with logged.read("persoon openen") as r:
        r.persons.get(somebody.person_id)
    said = bodies(logged, 1)[0]
    assert (said["EventActionCode"], said["EventID"]) == ("R", "110110")
    fact = fact_of(json.dumps(said))
    assert fact.persons == (somebody.person_id,)
    assert (fact.purpose, fact.action, fact.user_id) == (
        "persoon openen",
        "R",
        logged.user.user_id,
    )
    assert said["users"][0]["roleIDCode"] == ["intake", "beheer"]
    with logged.read("mensen zoeken") as r:
        count = len(r.persons.list("a"))
    said = bodies(logged, 1)[0]
    assert (said["EventID"], fact_of(json.dumps(said)).persons) == ("110112", ())
    assert said["count"] >= count > 0


def test_looking_at_a_dossier_that_came_is_told(logged: Vault):
    item = InboxItem(UUID(int=4), UUID(int=5), "Afzender", "age1", START, "00", 1, b"{}", b"%PDF")
    with logged.transaction(actor_of(logged), "dossier ontvangen") as t:
        t.inbox.save(item)
    assert bodies(logged, 1)[0]["EventID"] == "110107"
    with logged.read("ontvangen dossier bekijken") as r:
        r.inbox.get(item.handover_id)
    said = fact_of(json.dumps(bodies(logged, 1)[0]))
    assert said.objects == (("inbox", item.handover_id, ""),)
    assert said.purpose == "ontvangen dossier bekijken"


def test_reading_the_log_is_in_the_log(logged: Vault):
    with logged.read("logboek bekijken") as r:
        r.audit.entries(3)
    assert bodies(logged, 1)[0]["EventID"] == "110101"


def test_an_event_of_the_vault_itself(logged: Vault):
    failed = Happened("mislukt ontgrendelen", "unlock", outcome=8, count=3)
    with logged.transaction(actor_of(logged), "ontgrendelen") as t:
        t.audit.note(failed)
    said = bodies(logged, 1)[0]
    assert (said["EventID"], said["EventTypeCode"]) == ("110114", "110122")
    assert (said["EventOutcomeIndicator"], said["count"], said["EventActionCode"]) == (8, 3, "E")
    assert fault(logged) is None


def test_entries_can_be_asked_for_by_whom_they_mention(logged: Vault):
    people = [p for group in add_people(logged).values() for p in group]
    with logged.read("persoon openen") as r:
        r.persons.get(people[0].person_id)
    with logged.read() as r:
        found = r.audit.entries(1000, mentions=(people[0].person_id,))
        older = r.audit.entries(1000, below=found[0].seq, mentions=(people[0].person_id,))
    assert all(people[0].person_id in fact_of(entry.body).persons for entry in found)
    assert 1 < len(found) < head(logged)[0]
    assert older == found[1:]


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"users": []}', "geen json"])
def test_a_body_that_is_none_is_refused(body: str):
    with pytest.raises(ValueError):  # noqa: PT011  (json's own is one too)
        fact_of(body)


# ---- seals ------------------------------------------------------------------------------------


def seals(vault: Vault) -> list[Seal]:
    assert vault._opened is not None
    with vault._opened.readers.begin() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM audit_seal ORDER BY seq").mappings()
        return [Seal(**row) for row in rows]


def test_closing_seals_the_last_entry(tmp_path: Path):
    vault = set_up(tmp_path / "kluis")
    newest = head(vault)
    vault.close()
    slot, vault_id = first_slot()
    vault = open_without_passphrase(tmp_path / "kluis", slot, vault_id, environment(9))
    seal = seals(vault)[-1]
    assert (seal.seq, seal.hash.hex(), seal.reason) == (*newest, "sluiten")
    assert seal.is_sound(vault_id)
    assert not seal.is_sound(UUID(int=1)), "a seal is of one vault"
    assert check(vault).sealed_until == newest[0]
    tamper(vault, "DELETE FROM audit WHERE seq = 7")
    assert fault(vault) == Fault(FaultKind.CUT_OFF, 7)
    tamper(vault, "UPDATE audit_seal SET reason = 'back-up' WHERE seq = 7")
    assert fault(vault) == Fault(FaultKind.WRONG_SEAL, 7)
    vault.close()


def test_the_first_seal_with_a_key_says_whose_it_is(logged: Vault):
    told = fact_of(json.dumps(bodies(logged)[1]))
    public = SigningKey(logged.user_signing_seed()).public
    assert told.objects == (("signing_key", logged.user.user_id, public),)
    assert logged.seal_log(SealReason.ASKED)
    assert head(logged)[0] == 7, "only once"
    assert not logged.seal_log(SealReason.ASKED), "one seal on one entry"


@pytest.mark.parametrize(
    "change",
    [
        "at = '2020-01-01T00:00:00.000000+00:00'",
        "reason = 'dagelijks'",
        "user_id = '00000000-0000-0000-0000-000000000001'",
        "user_id = 'niemand'",
        "sign_public = 'ssh-ed25519 AAAA'",
        "signature = 'niets'",
        "hash = zeroblob(31)",
    ],
)
def test_a_seal_that_was_changed_is_wrong(logged: Vault, change: str):
    logged.seal_log(SealReason.ASKED)
    tamper(logged, f"UPDATE audit_seal SET {change} WHERE seq = 7")  # noqa: S608
    assert fault(logged) == Fault(FaultKind.WRONG_SEAL, 7)


def test_a_seal_by_a_key_of_nobody_is_wrong(logged: Vault):
    """Somebody with the key of the database can sign, but with no key that the log knows."""
    logged.seal_log(SealReason.ASKED)
    assert logged._opened is not None
    stranger = Sealer(logged.info.vault_id, logged.user.user_id, bytes(range(32)))
    with logged._appending(logged._opened, logged.user.user_id) as scope:
        add(scope, stranger, SealReason.ASKED)
    assert fault(logged) is None, "introduced, as a colleague's key is"
    rewrite(logged, SigningKey(bytes(range(32))).public, "geen sleutel", since=8)
    tamper(
        logged,
        "UPDATE audit_seal SET hash = (SELECT hash FROM audit WHERE seq = 8) WHERE seq = 8",
    )
    assert fault(logged) == Fault(FaultKind.WRONG_SEAL, 8)


def test_a_rewritten_chain_is_found_by_a_seal(logged: Vault):
    logged.seal_log(SealReason.ASKED)
    rewrite(logged, "instelling", "vals", since=4)
    assert fault(logged) == Fault(FaultKind.REWRITTEN, 7)


def test_a_handover_ends_with_a_seal_and_a_setting_does_not(logged: Vault):
    people = add_people(logged)
    with logged.read() as r:
        offered = r.handovers.all()[-1]
    before = len(seals(logged))
    with logged.transaction(actor_of(logged), "overdracht aanbieden") as t:
        t.handovers.save(offered)
    assert people
    assert [seal.reason for seal in seals(logged)[before:]] == ["overdracht"]
    assert seals(logged)[-1].seq == head(logged)[0]
    assert fault(logged) is None


def test_one_seal_a_day_at_unlocking(tmp_path: Path):
    set_up(tmp_path / "kluis").close()
    slot, vault_id = first_slot()
    later = environment(9, START + timedelta(days=1))
    vault = open_without_passphrase(tmp_path / "kluis", slot, vault_id, later)
    with vault.transaction(actor_of(vault), "instelling") as t:
        t.settings.set("n", "nieuw")
    seal_daily(vault)
    found = seals(vault)
    assert found[-1].reason == "dagelijks"
    with vault.transaction(actor_of(vault), "instelling") as t:
        t.settings.set("n", "weer")
    seal_daily(vault)
    assert seals(vault) == found
    vault.close()


# ---- pruning ----------------------------------------------------------------------------------


def aged(folder: Path) -> Vault:
    """Return a vault of which the first entries are six years old."""
    set_up(folder).close()
    slot, vault_id = first_slot()
    now = environment(9, datetime(2032, 6, 1, tzinfo=UTC))
    vault = open_without_passphrase(folder, slot, vault_id, now)
    for n in range(3):
        with vault.transaction(actor_of(vault), "instelling") as t:
            t.settings.set("n", f"nieuw {n}")
    return vault


def test_old_entries_go_only_under_a_seal(tmp_path: Path):
    vault = aged(tmp_path / "kluis")
    assert vault.prune_log(datetime(2027, 1, 1, tzinfo=UTC)) == 7
    found = check(vault)
    assert (found.fault, found.first) == (None, 8)
    assert bodies(vault, 1)[0]["count"] == 7
    assert bodies(vault, 1)[0]["users"][0]["purposeOfUse"] == "logboek opruimen"
    vault.seal_log(SealReason.ASKED)
    assert fault(vault) is None
    assert vault._opened is not None
    with pytest.raises(IntegrityError, match="append-only"), vault._opened.writer.begin() as raw:
        raw.exec_driver_sql("DELETE FROM audit WHERE seq = 9")
    tamper(vault, "UPDATE audit_seal SET hash = zeroblob(32) WHERE seq = 7")
    assert fault(vault) is not None
    vault.close()


def test_removing_more_than_was_sealed_is_found(tmp_path: Path):
    vault = aged(tmp_path / "kluis")
    vault.prune_log(datetime(2027, 1, 1, tzinfo=UTC))
    tamper(vault, "DELETE FROM audit WHERE seq = 8")
    assert fault(vault) == Fault(FaultKind.GAP, 1)
    vault.close()


def test_young_entries_are_kept(tmp_path: Path):
    vault = aged(tmp_path / "kluis")
    with pytest.raises(TooYoung, match="vijf jaar"):
        vault.prune_log(datetime(2027, 6, 10, tzinfo=UTC))
    assert vault.prune_log(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert check(vault).first == 1
    vault.close()


def test_looking_goes_on_when_the_disk_has_just_run_full(
    logged: Vault, monkeypatch: pytest.MonkeyPatch
):
    """The room that the reserve gives back is enough to tell the log who looked."""
    people = add_people(logged)
    somebody = next(iter(people.values()))[0]
    heard: list[str] = []
    logged.subscribe(lambda event: heard.append(event.kind))
    appending, failures = logged._appending, [DiskFull()]

    def full_once(*given: Any) -> Any:
        if failures:
            raise failures.pop()
        return appending(*given)

    monkeypatch.setattr(logged, "_appending", full_once)
    with logged.read("persoon openen") as r:
        r.persons.get(somebody.person_id)
    assert not failures
    assert heard == ["space"]
    assert fact_of(json.dumps(bodies(logged, 1)[0])).persons == (somebody.person_id,)
