"""Vaults and people to test with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import Actor
from intake_app.domain.interview import FormVersion, Interview, InterviewState
from intake_app.domain.person import Person
from intake_app.vault import Vault

FORM = FormVersion("", "intake", "1", "structuur", b"<h:html/>")
FORM = FormVersion(hashlib.sha256(FORM.xml).hexdigest(), "intake", "1", "structuur", FORM.xml)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """An open vault with nothing in it."""
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def actor(vault: Vault) -> Actor:
    return actor_of(vault)


@pytest.fixture
def person(vault: Vault, actor: Actor) -> Person:
    """Somebody who is in the vault."""
    somebody = Person(UUID(int=11), "0000012345", "Voorbeeld", given_names="Sámi")
    with vault.transaction(actor, "registreren") as t:
        t.persons.save(somebody)
    return somebody


@pytest.fixture
def interview(vault: Vault, actor: Actor, person: Person) -> Interview:
    """An interview with that person, open."""
    begun = Interview(
        UUID(int=12), person.person_id, "intake", FORM.sha256, "ar", InterviewState.OPEN,
        vault.env.now(),
    )  # fmt: skip
    with vault.transaction(actor, "gesprek beginnen") as t:
        t.forms.put_version(FORM)
        t.interviews.save(begun)
    return begun
