"""Who acts in a flow: always the user who unlocked the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_app.domain.actor import Actor

if TYPE_CHECKING:
    from intake_app.vault import Vault


def actor_of(vault: Vault) -> Actor:
    """Return the user of the open vault as history and audit name them."""
    return Actor(vault.user.user_id, vault.user.name)
