from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.vaults import prepared_vault

from intake_app.flows import duplicates, register
from intake_app.flows.duplicates import Reason
from intake_app.flows.register import PersonDraft
from intake_app.vault import Vault

KNOWN = PersonDraft(
    v_number="0000012345", family_name="Alkhatib", given_names="Mohammed Rami",
    birth_date="1990-03-04", phone="0612345678",
)  # fmt: skip


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    register.register_person(opened, KNOWN)
    register.register_person(opened, PersonDraft(family_name="Tesfay", given_names="Dawit"))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (PersonDraft(v_number="12.345", family_name="Heel anders"), [Reason.V_NUMBER]),
        (
            PersonDraft(family_name="El Chatib", given_names="Muhamad", birth_date="1990-04-03"),
            [Reason.NAME_AND_SWAPPED_DATE],
        ),
        (PersonDraft(family_name="محمد رامي", given_names="الخطيب"), [Reason.NAME_WITHOUT_DATE]),
        (PersonDraft(family_name="Tesfaye", given_names="Davit"), [Reason.NAME_WITHOUT_DATE]),
        (PersonDraft(family_name="Haddad", phone="06-12345678"), []),
        (PersonDraft(family_name="Haddad", birth_date="1990-13-99"), []),
        (PersonDraft(), []),
    ],
)
def test_a_lookalike_is_found_with_its_reasons(vault: Vault, draft: PersonDraft, why: list[Reason]):
    assert [reason for found in duplicates.of_draft(vault, draft) for reason in found.reasons] == (
        why
    )


def test_nobody_looks_like_themselves(vault: Vault):
    with vault.read() as r:
        somebody = r.persons.find_by_v_number("0000012345")
    assert somebody is not None
    assert duplicates.of_person(vault, somebody) == ()
    assert duplicates.of_draft(vault, KNOWN, person_id=somebody.person_id) == ()


def test_every_reason_has_a_sentence():
    assert all(duplicates.sentence(reason) for reason in Reason)
