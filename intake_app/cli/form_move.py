"""`intake form move`: open interviews to the newest version of their form, listed first.

The passphrase is asked for, or read from a file; never given on the command line, where every
other program sees it.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.cli import codes, with_vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake_app.domain.interview import Interview
    from intake_app.flows.form_move import MovePreview, VersionLibrary
    from intake_app.formio.migrations import Migration
    from intake_app.vault import Vault
    from intake_app.xforms import FormDefinition

EPILOG = """Without --apply nothing changes: what would happen is listed, without any answer.
Answers for which the new version has no place are kept apart, with their question.

exit codes:
  0  listed, or moved with --apply; also when there is nothing to move
  1  refused: the vault does not open, or an interview cannot be moved (said of each; the others
     are moved)
  2  the command line itself is wrong
"""
_KINDS = {
    "moved": "krijgt een andere plaats",
    "value": "krijgt een andere waarde",
    "aside": "wordt apart bewaard",
    "hidden": "is niet meer aan de orde",
    "required": "is nu verplicht",
    "violating": "klopt nu niet",
}


def add_arguments(move: argparse.ArgumentParser) -> None:
    """Add what `move` takes."""
    with_vault.add_options(move)
    move.add_argument(
        "--interview", type=UUID, metavar="ID", help="only this interview (default: all open ones)"
    )
    move.add_argument(
        "--to",
        type=Path,
        metavar="FORM",
        help="a folder with the new version (default: the forms of this program)",
    )
    move.add_argument("--apply", action="store_true", help="move them; without it: only list")


def run(given: argparse.Namespace, say: Callable[..., None]) -> int:
    """List, and with --apply move; return the exit code. `say` prints a line for a terminal."""
    from intake_app import paths
    from intake_app.domain.environment import real_environment
    from intake_app.flows.unlock import TooSoon, unlock
    from intake_app.formio.findings import FormSourceError
    from intake_app.vault import VaultError

    folder = given.vault or paths.default_vault_folder()
    try:
        library = _library(given.to)
        vault = unlock(folder, with_vault.passphrase(given.passphrase_file), real_environment())
    except FormSourceError as error:
        for finding in error.findings:
            say(str(finding), sys.stderr)
        return codes.REFUSED
    except (VaultError, TooSoon) as error:
        say(str(error), sys.stderr)
        return codes.REFUSED
    except OSError as error:
        say(f"De wachtwoordzin is niet te lezen ({error.strerror}).", sys.stderr)
        return codes.REFUSED
    except UnicodeDecodeError:
        say("De wachtwoordzin is niet te lezen (het bestand is geen UTF-8).", sys.stderr)
        return codes.REFUSED
    try:
        return _all(vault, library, given, say)
    finally:
        vault.close()


def _all(
    vault: Vault, library: VersionLibrary, given: argparse.Namespace, say: Callable[..., None]
) -> int:
    from intake_app.flows import form_move
    from intake_app.flows.interview_parts import InterviewRefused
    from intake_app.formio.moving import MoveRefused
    from intake_app.vault import VaultError

    found = form_move.open_interviews(vault)
    if given.interview is not None:
        found = tuple(one for one in found if one.interview_id == given.interview)
        if not found:
            say("Dit gesprek is niet in deze kluis, of al vastgesteld.", sys.stderr)
            return codes.REFUSED
    code, moved, listed = codes.OK, 0, 0
    for interview in found:
        new = form_move.newer_for(vault, interview, library)
        if new is None:
            continue
        rows = library.migrations(interview.form_id)
        try:
            preview = form_move.preview(vault, interview.interview_id, new, rows)
            _list(interview, preview, say)
            listed += 1
            if given.apply:
                _move(vault, preview, rows)
                moved += 1
                say("  overgezet")
        except (MoveRefused, InterviewRefused, VaultError) as error:
            say(f"{interview.form_id} {interview.interview_id}: {error}", sys.stderr)
            code = codes.REFUSED
    if given.apply:
        say(f"{moved} van {len(found)} open gesprekken overgezet")
    else:
        say(f"{listed} van {len(found)} open gesprekken hebben een nieuwere versie")
        if listed:
            say("Er is niets veranderd. Geef --apply om ze over te zetten.")
    return code


def _move(vault: Vault, preview: MovePreview, rows: tuple[Migration, ...]) -> None:
    from intake_app.flows import form_move
    from intake_app.flows.acting import actor_of

    form_move.carry_out(vault, None, preview, rows, actor_of(vault))


def _list(interview: Interview, preview: MovePreview, say: Callable[..., None]) -> None:
    """Say what would change; questions only, the answers stay in the vault."""
    say(
        f"{interview.form_id} {interview.interview_id}, begonnen {interview.started_at:%Y-%m-%d}: "
        f"versie {preview.from_version} → {preview.to_version}, "
        f"{preview.kept} antwoorden blijven waar ze zijn"
    )
    for line in preview.lines:
        detail = f" ({line.detail})" if line.detail and line.detail != line.question else ""
        say(f"  {_KINDS[line.what]}: {line.key.path.rpartition('/')[2]}{detail}")


@dataclass(frozen=True)
class _Folder:
    """A library of the one form in a folder of sheets."""

    form: FormDefinition
    rows: tuple[Migration, ...]

    def load(self, form_id: str) -> FormDefinition:
        if form_id != self.form.form_id:
            raise KeyError(form_id)
        return self.form

    def migrations(self, form_id: str) -> tuple[Migration, ...]:
        del form_id
        return self.rows


def _library(folder: Path | None) -> VersionLibrary:
    if folder is None:
        from intake_app import paths
        from intake_app.formio.library import Library

        return Library(paths.compiled_dir())
    from intake_app.formio.filling import load_form
    from intake_app.formio.migrations import FILE_NAME, read_migrations

    form = load_form(folder)
    home = folder if folder.is_dir() else folder.parent
    return _Folder(form, read_migrations(home / FILE_NAME))
