"""Giving the medical role in a test, without the slots of the key file.

seed = give_medical_role(vault)     # the role exists from now on; `seed` opens what is sealed to it
hold_role(monkeypatch, vault, seed) # the user of this vault has it
"""

from __future__ import annotations

import pytest
from support.vaults import actor_of

from intake_app.crypto.age import HybridIdentity
from intake_app.domain.actor import UserRole
from intake_app.vault import Vault


def give_medical_role(vault: Vault) -> bytes:
    """Keep the public key of the medical role in the vault and return its secret."""
    identity = HybridIdentity(vault.env.random(32))
    with vault.transaction(actor_of(vault), "rol geven") as t:
        t.role_keys.save(UserRole.MEDISCH, identity.recipient.encode())
    return identity.secret


def hold_role(monkeypatch: pytest.MonkeyPatch, vault: Vault, seed: bytes) -> None:
    """Have the keyring of the vault's user hold the seed."""

    def role_seed(_vault: Vault, role: UserRole) -> bytes | None:
        held = _vault.info.vault_id == vault.info.vault_id and role is UserRole.MEDISCH
        return seed if held else None

    monkeypatch.setattr(Vault, "role_seed", role_seed)
