"""The two copies of the key file on disk, and opening them with a passphrase."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from intake_app.crypto.slots import (
    KdfOutOfBounds,
    KeyFile,
    KeyFileDamaged,
    KeyFileNewer,
    KeyFileTampered,
    OpenedSlot,
)
from intake_app.crypto.slots import WrongPassphrase as NoSlotOpens
from intake_app.vault.errors import VaultDamaged, VaultNewer, WrongPassphrase
from intake_app.vault.files import replace_file

FIRST: Final = "sleutels.json"
SECOND: Final = "sleutels.bak.json"


def write(folder: Path, key_file: KeyFile) -> None:
    """Write both copies, one after the other: at every moment at least one is whole.

    Raises DiskFull or StorageFailed.
    """
    content = key_file.to_bytes()
    for name in (FIRST, SECOND):
        if _bytes_of(folder / name) != content:
            replace_file(folder / name, content)


def open_with(folder: Path, passphrase: str) -> tuple[KeyFile, OpenedSlot]:
    """Return the key file and what `passphrase` opens of it; a damaged or older copy is renewed.

    A copy that cannot be read, or whose MAC is not right although the passphrase is, gives way to
    the other. A copy of an earlier generation is never used for a passphrase that the later one
    refuses. Raises WrongPassphrase, VaultNewer, or VaultDamaged when no copy is whole.
    """
    refused = False
    tampered: str = ""
    for candidate in _candidates(folder):
        try:
            opened = candidate.open(passphrase)
        except NoSlotOpens:
            refused = True
            latest = candidate.generation
        except (KeyFileTampered, KeyFileDamaged) as error:
            tampered = str(error)
        else:
            if refused and candidate.generation < latest:
                break
            write(folder, candidate)
            return candidate, opened
    if refused:
        raise WrongPassphrase
    raise VaultDamaged(tampered)


def _candidates(folder: Path) -> tuple[KeyFile, ...]:
    """Return the distinct readable copies, the latest generation first."""
    found: list[KeyFile] = []
    problem: Exception | None = None
    for name in (FIRST, SECOND):
        content = _bytes_of(folder / name)
        if content is None:
            continue
        try:
            key_file = KeyFile.from_bytes(content)
        except KeyFileNewer:
            raise VaultNewer from None
        except (KeyFileDamaged, KdfOutOfBounds) as error:
            problem = error
            continue
        if key_file not in found:
            found.append(key_file)
    if not found:
        raise VaultDamaged(str(problem) if problem else str(KeyFileDamaged()))
    return tuple(sorted(found, key=lambda each: -each.generation))


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
