"""The key file of a vault, in one place to import from: who may open it, and with what."""

from __future__ import annotations

from intake_app.crypto.key_file import KeyFile, with_key
from intake_app.crypto.key_file_errors import (
    EarlierSlotLeft,
    EscrowChanged,
    FileAltered,
    ForeignSlot,
    KdfOutOfBounds,
    KeyFileDamaged,
    KeyFileError,
    KeyFileNewer,
    KeyFileTampered,
    NoEscrow,
    SecondFactorNeeded,
    SlotChanged,
    UsersChanged,
    WrongPassphrase,
)
from intake_app.crypto.key_slots import (
    MASTER,
    EscrowSlot,
    KdfCost,
    MasterKey,
    OpenedSlot,
    PassphraseSlot,
    Random,
    Renewal,
    Second,
    check_passphrase,
)
from intake_app.crypto.key_slots import purpose_key as subkey

__all__ = [
    "MASTER",
    "EarlierSlotLeft",
    "EscrowChanged",
    "EscrowSlot",
    "FileAltered",
    "ForeignSlot",
    "KdfCost",
    "KdfOutOfBounds",
    "KeyFile",
    "KeyFileDamaged",
    "KeyFileError",
    "KeyFileNewer",
    "KeyFileTampered",
    "MasterKey",
    "NoEscrow",
    "OpenedSlot",
    "PassphraseSlot",
    "Random",
    "Renewal",
    "Second",
    "SecondFactorNeeded",
    "SlotChanged",
    "UsersChanged",
    "WrongPassphrase",
    "check_passphrase",
    "subkey",
    "with_key",
]
