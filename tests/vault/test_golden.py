"""What an earlier version wrote is still there: one folder in data/ for each version."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select
from support.vaults import environment

from intake_app.vault import Vault, migrations, schema
from intake_app.vault.transaction import Records

DATA = Path(__file__).parent / "data"
VERSIONS = sorted(int(path.name.removeprefix("versie-")) for path in DATA.glob("versie-*"))


@pytest.fixture(scope="module")
def golden() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden", Path(__file__).with_name("golden.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_there_is_one_for_every_version():
    assert list(range(1, migrations.LATEST + 1)) == VERSIONS


def holds_what_came_with_version_3(r: Records, golden: ModuleType) -> None:
    person_id, seed = golden.PERSON.person_id, golden.MEDICAL_SEED
    beside = [a for a in r.attachments.of_person(person_id, seed) if a.answer is None]
    plain, sealed = sorted(beside, key=lambda a: bool(a.role))
    assert (plain.title, sealed.title) == (golden.TITLE, golden.MEDICAL_TITLE)
    assert b"".join(r.attachments.read(plain.attachment_id)) == golden.PAPER
    assert b"".join(r.attachments.read(sealed.attachment_id, seed)) == golden.PAPER
    assert sum(each.is_sealed for each in r.attachments.of_person(person_id)) == 1
    (entry,) = r.medical.of_person(person_id, seed)
    assert entry.text == golden.NOTE
    seals = r.persons._all(select(schema.audit_seal))
    assert len(seals) >= 1


def holds_what_came_with_version_5(r: Records, golden: ModuleType) -> None:
    (photo,) = r.attachments.of_interview(golden.INTERVIEW.interview_id)
    assert photo.answer == golden.PHOTO_PLACE
    assert photo.person_id == golden.PERSON.person_id
    assert b"".join(r.attachments.read(photo.attachment_id)) == golden.PHOTO


def test_the_present_version_can_be_written_and_read(tmp_path: Path, golden: ModuleType):
    folder = tmp_path / "kluis"
    golden.make(folder)
    vault = Vault.open(folder, passphrase=golden.PASSPHRASE, env=environment(), reserve_bytes=4096)
    with vault.read() as r:
        holds_what_came_with_version_3(r, golden)
        holds_what_came_with_version_5(r, golden)
        assert r.persons.get(golden.PERSON.person_id) == golden.CHANGED
    vault.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_it_opens_and_holds_what_was_written(tmp_path: Path, golden: ModuleType, version: int):
    folder = tmp_path / "kluis"
    shutil.copytree(DATA / f"versie-{version}", folder)
    vault = Vault.open(folder, passphrase=golden.PASSPHRASE, env=environment(), reserve_bytes=4096)
    assert vault.user.name == "Goud"
    assert vault.info.organisation.name == "Gouden team"
    keys = vault.organisation_keys()
    assert keys.age_identities[0].startswith("AGE-SECRET-KEY-PQ-1")
    with vault.read() as r:
        person_id, interview_id = golden.PERSON.person_id, golden.INTERVIEW.interview_id
        assert r.persons.get(person_id) == golden.CHANGED
        assert [old.value for old in r.persons.history(person_id)] == [golden.PERSON]
        assert r.persons.list("onder") == (golden.CHANGED,)
        assert r.forms.get(golden.FORM.sha256) == golden.FORM
        assert r.interviews.of_person(person_id) == (golden.INTERVIEW,)
        assert r.repeats.of_interview(interview_id) == (golden.JOB,)
        assert r.answers.of_interview(interview_id) == (golden.ANSWER,)
        assert r.koppelingen.current(person_id) == golden.KOPPELING
        assert r.households.of_person(person_id) == golden.HOUSEHOLD
        assert r.events.of_person(person_id) == (golden.EVENT,)
        assert r.plans.get(golden.PLAN.plan_id) == golden.PLAN
        assert r.settings.get("naam") == "waarde"
        r.audit.verify()
        assert r.audit.head()[0] >= 3
        for heard in ("goeden", "Onder Gouden", "4711"):
            assert [hit.person_id for hit in r.search.find(heard, 5)] == [person_id]
        if version >= 3:
            holds_what_came_with_version_3(r, golden)
        if version >= 4:
            assert r.outbox.all() == (golden.SENT,)
            assert r.arrivals.all() == (golden.CAME,)
        if version >= 5:
            holds_what_came_with_version_5(r, golden)
    vault.close()
    assert (folder / f"kopie-van-versie-{version}").exists() == (version < migrations.LATEST)
