"""A nareiziger is linked to the family member whose very V-number is in this vault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from support import shipped
from support.interviews import add_person
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import Profile
from intake_app.domain.interview import Interpretation
from intake_app.domain.person import Person
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.vault import Vault

REFERENT = "0001234567"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shipped.compiled())


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis", profile=Profile.ONTVANGST)
    yield opened
    opened.close()


def talk(vault: Vault, library: Library, answers: dict[str, str], **person: str) -> Person:
    """Hold the first talk with somebody who came later; return that person afterwards."""
    came = Person(vault.env.uuid(), person.get("v_number", ""), "Later")
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(came)
    flow = InterviewFlow.start(
        vault,
        library,
        None,
        came.person_id,
        "nareiziger",
        "nl",
        Interpretation(),
        actor_of(vault),
    )
    fill(flow, answers, choose=False)
    flow.finish()
    with vault.read() as records:
        found = records.persons.get(came.person_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("answers", "linked"),
    [
        ({"referent_dossier": "hier", "referent_v_nummer": REFERENT}, True),
        ({"referent_dossier": "hier", "referent_v_nummer": "0009999999"}, False),
        ({"referent_dossier": "elders", "referent_v_nummer": REFERENT}, False),
        ({"referent_dossier": "nee"}, False),
    ],
)
def test_the_link_needs_that_very_number_in_this_vault(
    vault: Vault, library: Library, answers: dict[str, str], *, linked: bool
) -> None:
    referent: UUID = add_person(vault).person_id
    came = talk(vault, library, answers)
    assert came.is_nareiziger
    assert came.sponsor_id == (referent if linked else None)


def test_nobody_follows_themselves(vault: Vault, library: Library) -> None:
    answers = {"referent_dossier": "hier", "referent_v_nummer": REFERENT}
    assert talk(vault, library, answers, v_number=REFERENT).sponsor_id is None


def test_no_question_of_an_azc_stands_in_the_way(vault: Vault, library: Library) -> None:
    form = library.load("nareiziger")
    assert not [path for path in form.questions if "azc" in path or "coa" in path]
    assert talk(vault, library, {}).is_nareiziger
