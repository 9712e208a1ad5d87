"""The files of a vault in its folder, and what they tell before it is unlocked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final
from uuid import UUID

from intake_app.vault.errors import NotAVault
from intake_app.vault.files import replace_file
from intake_app.vault.model import VaultPublicInfo

DATABASE: Final = "kluis.db"
UNBORN: Final = "kluis.db.nieuw"
"""The database while a vault is being made; it gets its name when the key file is there."""
KEY_FILE: Final = "sleutels.json"
SPARE_KEY_FILE: Final = "sleutels.bak.json"
CLEAN_COPY: Final = DATABASE + ".schoon"
"""The database written anew without what was deleted, while that goes on."""
CARD: Final = "kluis.json"
LOCK: Final = "kluis.lock"
RESERVE: Final = "reserve.bin"
RESCUED: Final = "gered.json"
"""Says that the readable part was saved outside the vault, until the next unlock has told it."""

_FORMAT: Final = "doorgaande-lijn-kluis"


def exists(folder: Path) -> bool:
    """True if a vault, or what is left of one, is in `folder`.

    One that was being made counts from its first key file on: until then nothing can open it.
    """
    return any((folder / name).exists() for name in (DATABASE, KEY_FILE, SPARE_KEY_FILE))


def describe(folder: Path) -> VaultPublicInfo:
    """Return the vault's identifier and whether it is for practice.

    Only for showing: the truth is inside the vault. Raises NotAVault where there is none, or
    nothing tells.
    """
    if not exists(folder):
        raise NotAVault
    try:
        card = json.loads((folder / CARD).read_bytes())
        return VaultPublicInfo(UUID(card["vault"]), card["practice"] is True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass
    for name in (KEY_FILE, SPARE_KEY_FILE):
        try:
            identifier = UUID(json.loads((folder / name).read_bytes())["db"])
            return VaultPublicInfo(identifier, practice=False)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue
    raise NotAVault


def write_card(folder: Path, info: VaultPublicInfo) -> None:
    """Write what may be known before unlocking. Raises DiskFull or StorageFailed."""
    card = {
        "format": _FORMAT,
        "version": 1,
        "vault": str(info.vault_id),
        "practice": info.practice,
    }
    replace_file(folder / CARD, json.dumps(card, indent=1).encode() + b"\n")
