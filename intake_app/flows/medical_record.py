"""The medical compartment for the screens: everybody may add, the medical role reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import MedicalEntry
from intake_app.flows.acting import actor_of
from intake_app.sentences import Told

if TYPE_CHECKING:
    from intake_app.vault import Vault

NOTE_KINDS: Final[dict[str, str]] = {
    "afspraak": "Afspraak of vraag om zorg",
    "huisarts": "Huisarts",
    "medicatie": "Medicijnen",
    "vaccinatie": "Vaccinatie",
    "tbc": "Tbc",
    "zwangerschap": "Zwangerschap",
    "jgz": "Jeugdgezondheidszorg",
    "ggz": "Geestelijke gezondheid",
    "anders": "Iets anders",
}
"""Code → title, as care providers divide their files (research/domain.md §3e)."""

LONGEST_NOTE: Final = 20_000
"""Characters."""


class NoteRefused(Told):
    """The note is not kept; str() is a Dutch sentence. Nothing has changed."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note that was opened, with the name of who wrote it ('' when not known any more)."""

    entry: MedicalEntry
    written_by: str


def seed_of(vault: Vault) -> bytes | None:
    """Return the medical role's secret from the user's keyring, None without that role."""
    return vault.role_seed(UserRole.MEDISCH)


def is_possible(vault: Vault) -> bool:
    """True once somebody was given the medical role: only then there is a key to seal to."""
    with vault.read() as records:
        return records.role_keys.recipient(UserRole.MEDISCH) is not None


def note(vault: Vault, person_id: UUID, kind: str, text: str) -> UUID:
    """Seal a medical note on the person; whoever lacks the role cannot read it back.

    Raises NoteRefused, and NoRoleKey when nobody ever had the role.
    """
    if not text.strip():
        raise NoteRefused("Schrijf eerst wat er is. Daarna kun je het bewaren.")
    if len(text.strip()) > LONGEST_NOTE:
        raise NoteRefused(
            "De notitie is te lang. Gebruik hoogstens {most} tekens.", most=LONGEST_NOTE
        )
    if kind not in NOTE_KINDS:
        raise NoteRefused("Kies eerst waarover de notitie gaat.")
    with vault.transaction(actor_of(vault), "medische notitie toevoegen") as tx:
        return tx.medical.add(person_id, kind, text.strip().encode(), env=vault.env)


def entries(vault: Vault, person_id: UUID) -> tuple[NoteRow, ...]:
    """Return the medical notes on the person, the newest first; the log says who read them.

    Raises CompartmentClosed without the role.
    """
    with vault.read("medische notities bekijken") as records:
        found = records.medical.of_person(person_id, seed_of(vault))
        names = records.attachments.names_of({each.written_by for each in found})
    return tuple(NoteRow(each, names.get(each.written_by, "")) for each in reversed(found))


def count(vault: Vault, person_id: UUID) -> int:
    """Return how many medical notes there are; anybody may know."""
    with vault.read() as records:
        return records.medical.count_of(person_id)
