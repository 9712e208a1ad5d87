"""What every command that works in a vault shares: which vault, whose passphrase, opened, closed.

The passphrase is asked for or read from a file; never given on the command line, where every
program of the same user could see it.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from intake_app.vault import Vault

_LONGEST_LINE: Final = 4096


def add_options(command: argparse.ArgumentParser) -> None:
    """Add `--vault` and `--passphrase-file` to a command."""
    command.add_argument("--vault", type=Path, metavar="DIR", help="the folder of the vault")
    command.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="its first line opens the vault"
    )


@contextmanager
def opened(given: argparse.Namespace) -> Iterator[Vault]:
    """Open the vault that the options name, and close it. Raises what unlocking raises, and
    OSError and UnicodeDecodeError for the file, EOFError where nobody answers."""
    from intake_app import paths
    from intake_app.domain.environment import real_environment
    from intake_app.flows.unlock import unlock

    folder = given.vault if given.vault is not None else paths.default_vault_folder()
    vault = unlock(folder, passphrase(given.passphrase_file), real_environment())
    try:
        yield vault
    finally:
        vault.close()


def passphrase(file: Path | None) -> str:
    """Return the first line of a file, or what is typed when there is none."""
    if file is None:
        return getpass.getpass("Wachtwoordzin van de kluis: ")
    with file.open(encoding="utf-8") as lines:
        return lines.readline(_LONGEST_LINE).rstrip("\r\n")
