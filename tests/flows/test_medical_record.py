"""Medical notes by way of the flow: everybody writes, the medical role reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from support.medical import give_medical_role, hold_role
from support.vaults import actor_of, prepared_vault

from intake_app.domain.person import Person
from intake_app.flows import medical_record
from intake_app.flows.medical_record import NoteRefused
from intake_app.vault import Vault
from intake_app.vault.stores.medical import CompartmentClosed, NoRoleKey

PERSON = UUID(int=11)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    with opened.transaction(actor_of(opened), "begin") as t:
        t.persons.save(Person(PERSON, "", "Voorbeeld"))
    yield opened
    opened.close()


def test_who_writes_need_not_be_who_reads(vault: Vault, monkeypatch: pytest.MonkeyPatch):
    seed = give_medical_role(vault)
    medical_record.note(vault, PERSON, "afspraak", " Vraagt om een afspraak.\nHoest. ")
    assert medical_record.count(vault, PERSON) == 1
    with pytest.raises(CompartmentClosed):
        medical_record.entries(vault, PERSON)
    hold_role(monkeypatch, vault, seed)
    (row,) = medical_record.entries(vault, PERSON)
    assert (row.entry.kind, row.entry.text) == ("afspraak", "Vraagt om een afspraak.\nHoest.")
    assert row.written_by == "Noor de Vries"


def test_nothing_is_written_without_the_role_or_without_words(vault: Vault):
    with pytest.raises(NoRoleKey):
        medical_record.note(vault, PERSON, "afspraak", "Hoest.")
    give_medical_role(vault)
    for kind, text, words in (
        ("afspraak", " \n", "Schrijf"),
        ("onzin", "Hoest.", "waarover"),
        ("afspraak", "x" * 20_001, "te lang"),
    ):
        with pytest.raises(NoteRefused, match=words):
            medical_record.note(vault, PERSON, kind, text)
    assert medical_record.count(vault, PERSON) == 0
    assert not medical_record.is_possible(vault) or medical_record.count(vault, PERSON) == 0
