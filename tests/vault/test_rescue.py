"""A damaged vault says what is damaged, gives what is readable, and is not touched."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import (
    PASSPHRASE,
    actor_of,
    environment,
    first_slot,
    open_without_passphrase,
    prepared_vault,
)

from intake_app.domain.interview import (
    Answer,
    AnswerState,
    FormVersion,
    Interview,
    InterviewState,
)
from intake_app.domain.person import Person
from intake_app.vault import Vault, WrongPassphrase, keys, rescue
from intake_app.vault import folder as places
from intake_app.vault.rescue import Rescue
from intake_app.vault.restore import Unlocked, with_passphrase

PERSONS = 400
FORM = FormVersion(hashlib.sha256(b"<h/>").hexdigest(), "intake", "1", "s", b"<h/>")


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("redding") / "kluis"
    vault = prepared_vault(folder)
    actor = actor_of(vault)
    with vault.transaction(actor, "vullen") as tx:
        tx.forms.put_version(FORM)
        for number in range(PERSONS):
            person = Person(UUID(int=number + 1), "", f"Voorbeeld {number}")
            tx.persons.save(person)
            talk = Interview(
                UUID(int=5000 + number), person.person_id, "intake", FORM.sha256, "nl",
                InterviewState.OPEN, vault.env.now(),
            )  # fmt: skip
            tx.interviews.save(talk)
            for question in range(4):
                tx.answers.put(
                    Answer(
                        talk.interview_id, f"/data/q{question}", None, "x" * 60,
                        AnswerState.ANSWERED, actor.user_id, vault.env.now(),
                    )
                )  # fmt: skip
    vault.close()
    return folder


@pytest.fixture
def folder(master: Path, tmp_path: Path) -> Path:
    return shutil.copytree(master, tmp_path / "kluis")


def unlocked(folder: Path) -> Unlocked:
    slot, _ = first_slot()
    return Unlocked(keys.current(folder, slot.master), slot.master, slot.user_id)


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != places.LOCK}


def break_pages(folder: Path, pages: list[int]) -> None:
    database = folder / places.DATABASE
    content = bytearray(database.read_bytes())
    for page in pages:
        content[(page - 1) * 4096 + 700] ^= 0xFF
    database.write_bytes(content)


def exported(rescued: Rescue) -> list[dict[str, object]]:
    out = io.BytesIO()
    rescued.export(out, environment().now())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_whole_vault_is_whole(folder):
    before = files(folder)
    with Rescue(folder, unlocked) as rescued:
        damage = rescued.examine()
        lines = exported(rescued)
        recipient = rescued.recipient()
    assert damage.is_whole
    assert {t.name: t.rows for t in damage.tables}["person"] == PERSONS
    assert lines[0]["format"] == "doorgaande-lijn-redding"
    assert len(lines) - 1 == damage.rows
    assert not any(line.get("table", "").startswith("search_index") for line in lines)
    assert str(recipient).startswith("age1pq1")
    assert files(folder) == before


def test_no_secret_key_leaves(folder):
    with Rescue(folder, unlocked) as rescued:
        rows = [
            line["row"] for line in exported(rescued)[1:] if line["table"] == "organisation_key"
        ]
    assert rows
    assert all("secret" not in row for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_damaged_pages_are_told_and_the_rest_comes_out(folder, seed):
    total = (folder / places.DATABASE).stat().st_size // 4096
    pages = sorted({2 + (seed * 37 + at * 101) % (total - 2) for at in range(1 + seed)})
    break_pages(folder, pages)
    before = files(folder)
    with Rescue(folder, unlocked) as rescued:
        damage = rescued.examine()
        lines = exported(rescued)[1:] if damage.opens else []
    assert files(folder) == before
    assert not damage.is_whole
    assert len(lines) == damage.rows
    if damage.opens:
        assert len(damage.lines) >= 1
        whole = 2 * PERSONS + 4 * PERSONS
        assert damage.rows > whole * 0.5


@pytest.mark.slow
def test_rows_come_out_around_a_hole(folder):
    """Each page of the persons that is broken loses its own rows only."""
    with Rescue(folder, unlocked) as rescued:
        connection = rescued._source.connection
        root = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'person'"
        ).fetchone()[0]
    total = (folder / places.DATABASE).stat().st_size // 4096
    least = PERSONS
    for page in range(root + 1, total, total // 20):
        copy = shutil.copytree(folder, folder.with_name(f"kopie-{page}"))
        break_pages(copy, [page])
        with Rescue(copy, unlocked) as rescued:
            states = {t.name: t for t in rescued.examine().tables}
        if not states:
            continue  # the list of tables itself was there
        person = states["person"]
        assert (person.rows == PERSONS) == (person.gaps == 0)
        least = min(least, person.rows)
        shutil.rmtree(copy)
    assert least > PERSONS * 0.8


def test_the_first_page_gone(folder):
    break_pages(folder, [1])
    with Rescue(folder, unlocked) as rescued:
        damage = rescued.examine()
        assert len(exported(rescued)) == 1
        assert rescued.recipient() is None
    assert not damage.opens
    assert not damage.is_whole


def test_what_was_only_in_the_log_comes_out_too(folder):
    slot, vault_id = first_slot()
    vault = open_without_passphrase(folder, slot, vault_id, environment(4))
    with vault.transaction(actor_of(vault), "laatste") as tx:
        tx.persons.save(Person(UUID(int=9999), "", "Laatste"))
    stopped = folder.with_name("gestopt")
    shutil.copytree(folder, stopped)
    vault.close()
    assert (stopped / "kluis.db-wal").stat().st_size > 0
    before = files(stopped)
    with Rescue(stopped, unlocked) as rescued:
        names = [line["row"]["family_name"] for line in exported(rescued)[1:]
                 if line["table"] == "person"]  # fmt: skip
    assert "Laatste" in names
    after = files(stopped)
    assert {n: c for n, c in after.items() if not n.endswith("-shm")} == {
        n: c for n, c in before.items() if not n.endswith("-shm")
    }


def test_a_wrong_passphrase_is_no_damage(folder):
    with pytest.raises(WrongPassphrase):
        Rescue(folder, with_passphrase("iets heel anders dan dit"))
    Rescue(folder, with_passphrase(PASSPHRASE)).close()


def test_check_of_an_open_vault(folder):
    slot, vault_id = first_slot()
    vault: Vault = open_without_passphrase(folder, slot, vault_id, environment(4))
    try:
        assert rescue.check(vault) == ()
        with vault.transaction(actor_of(vault), "werk") as tx:
            tx.persons.save(Person(UUID(int=9998), "", "Nieuw"))
        assert rescue.check(vault) == ()
        pages = (folder / places.DATABASE).stat().st_size // 4096
        break_pages(folder, [pages // 2])
        found = rescue.check(vault)
        assert found
        assert str(pages // 2) in " ".join(found)
    finally:
        vault.close()
