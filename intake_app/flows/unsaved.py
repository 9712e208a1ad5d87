"""What is filled in on a form that is stored only at its button: kept until then.

One such form of one colleague has one place ('begin:<person>:<form>'). What is kept is what stands
in the fields, not what it means; it is forgotten when the form is stored or put aside, and with the
person or talk whose identifier is in the place (see `Removals.erase_person`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from intake_app.flows.acting import actor_of

if TYPE_CHECKING:
    from intake_app.vault import Vault

Entered = Mapping[str, str | bool]
"""Which field → its text, or whether it is ticked."""

_SETTING: Final = "ui.unsaved."


def unsaved(vault: Vault, place: str) -> Entered:
    """Return what this colleague had filled in at a place; empty for nothing."""
    with vault.read() as records:
        kept = records.settings.get(_name(vault, place))
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str | bool)}


def keep_unsaved(vault: Vault, place: str, entered: Entered) -> None:
    """Keep what is filled in, on disk when this returns; nothing filled in forgets the place.

    Raises a VaultError when it cannot be written.
    """
    with vault.transaction(actor_of(vault), "invulling onthouden") as tx:
        if entered:
            tx.settings.set(_name(vault, place), json.dumps(dict(entered), ensure_ascii=True))
        else:
            tx.settings.forget(_name(vault, place))


def _name(vault: Vault, place: str) -> str:
    return f"{_SETTING}{vault.user.user_id}:{place}"
