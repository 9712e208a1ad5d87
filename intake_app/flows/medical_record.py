"""The medical compartment for the screens: everybody may add, the medical role reads."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import MedicalEntry
from intake_app.flows.acting import actor_of

if TYPE_CHECKING:
    from intake_app.vault import Vault


def seed_of(vault: Vault) -> bytes | None:
    """Return the medical role's secret from the user's keyring, None without that role."""
    return vault.role_seed(UserRole.MEDISCH)


def note(vault: Vault, person_id: UUID, kind: str, text: str) -> UUID:
    """Seal a medical note on the person. Raises NoRoleKey when nobody ever had the role."""
    with vault.transaction(actor_of(vault), "medische notitie toevoegen") as tx:
        return tx.medical.add(person_id, kind, text.encode(), env=vault.env)


def entries(vault: Vault, person_id: UUID) -> tuple[MedicalEntry, ...]:
    """Return the medical notes on the person. Raises CompartmentClosed without the role."""
    with vault.read("medische notities bekijken") as records:
        return records.medical.of_person(person_id, seed_of(vault))


def count(vault: Vault, person_id: UUID) -> int:
    """Return how many medical notes there are; anybody may know."""
    with vault.read() as records:
        return records.medical.count_of(person_id)
