"""The two copies of the key file on disk, and finding the one that opens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from intake_app.crypto.slots import (
    KdfOutOfBounds,
    KeyFile,
    KeyFileDamaged,
    KeyFileNewer,
    KeyFileTampered,
    MasterKey,
    NoEscrow,
    OpenedSlot,
    Second,
    SecondFactorNeeded,
)
from intake_app.crypto.slots import WrongPassphrase as NoSlotOpens
from intake_app.vault.errors import (
    CardsRefused,
    SecondFactorMissing,
    VaultDamaged,
    VaultError,
    VaultNewer,
    WrongPassphrase,
)
from intake_app.vault.files import replace_file

FIRST: Final = "sleutels.json"
SECOND: Final = "sleutels.bak.json"

T = TypeVar("T")


def write(folder: Path, key_file: KeyFile) -> None:
    """Write both copies, one after the other: at every moment at least one is whole.

    Raises DiskFull or StorageFailed; the copies are then put back as they were, for somebody is
    told that nothing was changed. Where that fails too, the later copy counts.
    """
    content = key_file.to_bytes()
    before = _bytes_of(folder / FIRST)
    for name in (FIRST, SECOND):
        if _bytes_of(folder / name) == content:
            continue
        try:
            replace_file(folder / name, content)
        except VaultError:
            # The second first: it may be there although its folder could not be synced.
            for other in (SECOND, FIRST):
                if before is not None and _bytes_of(folder / other) == content:
                    with suppress(VaultError):
                        replace_file(folder / other, before)
            raise


def open_with(
    folder: Path, passphrase: str, second: Second | None = None, first: UUID | None = None
) -> tuple[KeyFile, OpenedSlot]:
    """Return the key file and what `passphrase` opens of it; nothing is written.

    The slot of the user `first` is tried before the others. Raises WrongPassphrase,
    SecondFactorMissing, and as `find` does.
    """
    return find(folder, lambda candidate: candidate.open(passphrase, None, second, first=first))


def find(folder: Path, opens: Callable[[KeyFile], T]) -> tuple[KeyFile, T]:
    """Return the key file that `opens`, and what that returns.

    A copy that cannot be read, or that was changed, gives way to the other. A copy of an earlier
    generation is never used for a passphrase or cards that the later one refuses. Raises
    WrongPassphrase, SecondFactorMissing, CardsRefused, VaultNewer, or VaultDamaged when no copy
    is whole.
    """
    refusal: Exception | None = None
    latest = 0
    tampered = ""
    for candidate in _candidates(folder):
        try:
            opened = opens(candidate)
        except (NoSlotOpens, NoEscrow) as error:
            refusal = refusal or error
            latest = max(latest, candidate.generation)
        except (KeyFileTampered, KeyFileDamaged) as error:
            tampered = tampered or str(error)
        else:
            if refusal is not None and candidate.generation < latest:
                break
            return candidate, opened
    if isinstance(refusal, NoEscrow):
        raise CardsRefused
    if isinstance(refusal, SecondFactorNeeded):
        raise SecondFactorMissing
    if refusal is not None:
        raise WrongPassphrase
    raise VaultDamaged(tampered)


def current(folder: Path, master: MasterKey) -> KeyFile:
    """Return the key file as a holder of `master` last made it; VaultDamaged if none is whole."""

    def ours(candidate: KeyFile) -> KeyFile:
        candidate.verify_mac(master)
        return candidate

    return find(folder, ours)[0]


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
        raise VaultDamaged(str(problem or KeyFileDamaged()))
    return tuple(sorted(found, key=lambda each: -each.generation))


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
