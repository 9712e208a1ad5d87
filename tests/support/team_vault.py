"""A vault of three colleagues, each with a passphrase and roles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from support.vaults import PASSPHRASE, SMALL_RESERVE, environment, make_vault

from intake_app.crypto.slots import KeyFile
from intake_app.domain.actor import UserRole
from intake_app.vault import (
    Vault,
    recovery,
    users,
)
from intake_app.vault import folder as places

BRAM_PHRASE = "bakfiets duinpan lawine oester"
CARLA_PHRASE = "citroen haring komeet sandaal"
NEW = "bliksem anker tulp orkest kiwi"
INTAKE, MEDISCH, BEHEER, PRIVACY = (
    UserRole.INTAKE,
    UserRole.MEDISCH,
    UserRole.BEHEER,
    UserRole.PRIVACY,
)


@dataclass
class Made:
    """A vault with an administrator (open), Bram (intake) and Carla (medical)."""

    folder: Path
    bram: UUID
    carla: UUID
    cards: tuple[str, str, str]


def make_team(folder: Path) -> Made:
    """Make the vault of `Made` in `folder` and close it."""
    vault = make_vault(folder)
    bram = users.add_user(
        vault, passphrase=PASSPHRASE, name=" Bram ", roles=(INTAKE,), new_passphrase=BRAM_PHRASE
    )
    carla = users.add_user(
        vault,
        passphrase=PASSPHRASE,
        name="Carla",
        roles=(INTAKE, MEDISCH),
        new_passphrase=CARLA_PHRASE,
    )
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    words = tuple(" ".join(card.words) for card in cards)
    recovery.try_cards(vault, words[0], words[1])
    vault.close()
    reopen(folder, CARLA_PHRASE).close()  # her key goes on the cards
    return Made(folder, bram.user_id, carla.user_id, words)


def reopen(folder: Path, phrase: str, **more: object) -> Vault:
    return Vault.open(
        folder,
        passphrase=phrase,
        env=environment(31),
        reserve_bytes=SMALL_RESERVE,
        **more,  # type: ignore[arg-type]
    )


def key_file(folder: Path) -> KeyFile:
    return KeyFile.from_bytes((folder / places.KEY_FILE).read_bytes())


def purposes(vault: Vault) -> list[str]:
    with vault.read() as records:
        return [entry.body for entry in records.audit.entries()]
