"""Writing a file outside the vault, where nothing protects it: whole, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.sentences import Told

if TYPE_CHECKING:
    from intake_app.vault import Vault


class NotWritten(Told):
    """The file could not be written there; str() is a Dutch sentence."""


def may_write(vault: Vault, target: Path) -> None:
    """Raise NotWritten for a place inside the vault's own folder."""
    if target.parent.resolve().is_relative_to(vault.folder.resolve()):
        raise NotWritten(
            "Deze map hoort bij de kluis zelf. Daar mag geen ander bestand komen. "
            "Kies een andere map."
        )


def write(target: Path, data: bytes) -> None:
    """Write `data` to `target`, replacing what was there; no half file stays behind.

    Raises NotWritten. The caller has asked before overwriting, and has told the log.
    """
    half = target.with_name(target.name + ".deel")
    try:
        with half.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        half.replace(target)
    except OSError as problem:
        # a file of that name that was there before is not ours to remove
        if not isinstance(problem, FileExistsError):
            with suppress(OSError):
                half.unlink()
        raise NotWritten(
            "Het bestand kon hier niet worden opgeslagen. Kijk of de map bestaat, of er plaats "
            "is en of je er mag schrijven."
        ) from None
