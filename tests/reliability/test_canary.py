"""What is typed is readable nowhere but inside: not in files, not in errors, not in logs."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import PASSPHRASE, actor_of, environment, prepared_vault
from support.writers import INTERVIEW, PERSON, begin

from intake_app.domain.actor import Organisation, Profile
from intake_app.domain.handover import InboxItem
from intake_app.domain.interview import Answer, AnswerState
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import Koppeling, Person
from intake_app.domain.plan import Goal, Plan, PlanState
from intake_app.vault import Vault, VaultError

CANARY = "Kanariepiet"


def fill(vault: Vault) -> None:
    begin(vault)
    actor, now = actor_of(vault), vault.env.now()
    somebody = Person(
        PERSON, "0815471108", CANARY, given_names=f"{CANARY}-voor", bsn="123456782",
        aliases=(f"{CANARY}-alias",), birth_date=PartialDate(1988, 3, 14), phone="0612345678",
        email=f"{CANARY}@voorbeeld.nl", name_in_own_script="ካናሪ ወፍ",
    )  # fmt: skip
    answer = Answer(
        INTERVIEW, "/data/werk", None, f"{CANARY}-antwoord", AnswerState.ANSWERED, UUID(int=3), now,
        note=f"{CANARY}-notitie",
    )  # fmt: skip
    goal = Goal(UUID(int=1), "werk", f"{CANARY}-doel")
    plan = Plan(
        UUID(int=2), PERSON, 1, PlanState.CONCEPT, now, UUID(int=3), goals=(goal,),
        client_view=f"{CANARY}-zienswijze",
    )  # fmt: skip
    blob = f"{CANARY}-blob ".encode() * 2000
    item = InboxItem(
        UUID(int=4), UUID(int=5), f"{CANARY}-afzender", "age1", now, "00", 1, blob, blob
    )
    with vault.transaction(actor, "vullen") as t:
        t.persons.save(somebody)
        t.answers.put(answer)
        t.plans.save(plan)
        t.inbox.save(item)
        t.settings.set("canary", CANARY)
    with vault.transaction(actor, "wijzigen") as t:
        t.persons.save(replace(somebody, call_name=f"{CANARY}-roep"))
        t.answers.put(replace(answer, value=f"{CANARY}-later"))
    with vault.read("inzien") as r:
        assert r.persons.list(CANARY)


def found_in(folder: Path, *words: str) -> list[tuple[str, str]]:
    hits = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            spelled = ((w, w.lower().encode(c)) for w in words for c in ("utf-8", "utf-16-le"))
            hits += [(path.name, word) for word, coded in spelled if coded in content]
    return hits


WORDS = (CANARY, "0815471108", "123456782", "0612345678", "1988-03-14", "ካናሪ", PASSPHRASE)


def test_no_file_holds_what_was_typed_open_nor_closed(tmp_path: Path):
    folder = tmp_path / "kluis"
    vault = prepared_vault(folder)
    fill(vault)
    own = (*WORDS, vault.user.name, vault.info.organisation.name, "gesprek beginnen")
    secrets = vault.organisation_keys()
    own = (*own, secrets.age_identities[0], secrets.sign_public)
    assert (folder / "kluis.db-wal").stat().st_size > 0
    assert found_in(tmp_path, *own) == []
    vault.close()
    assert found_in(tmp_path, *own) == []


def test_the_search_finds_what_is_there(tmp_path: Path):
    (tmp_path / "a").write_text(f"... {CANARY} ...", encoding="utf-16-le")
    assert found_in(tmp_path, *WORDS) == [("a", CANARY)]


def test_nothing_is_written_outside_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    temporary = tmp_path / "tijdelijk"
    temporary.mkdir()
    for name in ("SQLITE_TMPDIR", "TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    vault = prepared_vault(tmp_path / "kluis")
    fill(vault)
    with vault.read() as r:
        r.persons.all()
    assert list(temporary.iterdir()) == []
    vault.close()
    assert {path.name for path in tmp_path.iterdir()} == {"kluis", "tijdelijk"}


def test_no_error_and_no_log_holds_what_was_typed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    vault = prepared_vault(tmp_path / "kluis")
    fill(vault)
    orphan = Koppeling(
        UUID(int=8), UUID(int=404), CANARY, date(2026, 1, 1), promising_reason=CANARY
    )
    unusable = Person(UUID(int=9), "", f"{CANARY}\ud800")
    told: list[str] = []
    for save in (
        lambda t: t.koppelingen.save(orphan),
        lambda t: t.persons.save(unusable),
        lambda t: t.interviews.save(replace(t.interviews.get(INTERVIEW), form_sha256=CANARY)),
    ):
        with pytest.raises(VaultError) as refused, vault.transaction(actor_of(vault), "fout") as t:
            save(t)
        told.extend(traceback.format_exception(refused.value))
        told.append(repr(refused.value))
    vault.close()
    with pytest.raises(VaultError) as refused:
        Vault.open(tmp_path / "kluis", passphrase=CANARY, env=environment(), reserve_bytes=4096)
    told.extend(traceback.format_exception(refused.value))
    out, err = capfd.readouterr()
    lines = [line for text in told for line in text.splitlines() if "CANARY" not in line]
    assert [line for line in (*lines, caplog.text, out, err) if CANARY in line] == []


def test_the_organisation_shows_nowhere(tmp_path: Path):
    from support.vaults import CHEAP

    Vault.create(
        tmp_path / "kluis",
        passphrase=PASSPHRASE,
        user_name=f"{CANARY}-gebruiker",
        organisation=Organisation(UUID(int=1), f"{CANARY}-team", Profile.AZC),
        env=environment(),
        kdf=CHEAP,
        reserve_bytes=4096,
    ).close()
    assert found_in(tmp_path, CANARY, PASSPHRASE) == []
