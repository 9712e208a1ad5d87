"""The vault: key file, encrypted database, typed stores, transactions, audit log."""

from __future__ import annotations

from intake_app.vault.errors import (
    AuditBroken,
    DiskFull,
    NestedTransaction,
    NetworkFolder,
    NotAVault,
    ReadOnlyError,
    RecordRefused,
    StorageFailed,
    VaultDamaged,
    VaultError,
    VaultExists,
    VaultInUse,
    VaultLocked,
    VaultNewer,
    WrongPassphrase,
)
from intake_app.vault.model import (
    AuditEntry,
    OrganisationKeys,
    Overwritten,
    VaultEvent,
    VaultInfo,
    VaultPublicInfo,
    VaultUser,
)
from intake_app.vault.vault import Vault

__all__ = [
    "AuditBroken",
    "AuditEntry",
    "DiskFull",
    "NestedTransaction",
    "NetworkFolder",
    "NotAVault",
    "OrganisationKeys",
    "Overwritten",
    "ReadOnlyError",
    "RecordRefused",
    "StorageFailed",
    "Vault",
    "VaultDamaged",
    "VaultError",
    "VaultEvent",
    "VaultExists",
    "VaultInUse",
    "VaultInfo",
    "VaultLocked",
    "VaultNewer",
    "VaultPublicInfo",
    "VaultUser",
    "WrongPassphrase",
]
