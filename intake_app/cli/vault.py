"""`intake vault`: backups, rescue, the lost-laptop sheet, removing and wiping, without a window.

A passphrase is asked for, or is the first line of a file; recovery cards are asked for, or are the
first two lines of a file. Neither is ever given on the command line, where every program of the
same user could see it.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes, with_vault

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.vault.restore import Opener

_EXIT = (
    "exit codes: 0 done (check, rescue: and nothing is damaged), 1 refused or damaged (said on "
    "standard error), 2 wrong command line"
)
_LONGEST = 4096


class Refused(Exception):
    """Something that was asked for cannot be done; str() is a Dutch sentence."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `vault` to the command line."""
    vault = commands.add_parser("vault", help="backup, check, restore, rescue and wipe a vault")
    verbs = vault.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, about: str, *, secret: bool = True) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=about, epilog=_EXIT)
        if secret:
            made.add_argument(
                "--passphrase-file", type=Path, metavar="FILE", help="its first line is used"
            )
        return made

    def with_cards(made: argparse.ArgumentParser) -> None:
        made.add_argument(
            "--cards", action="store_true", help="ask for two recovery cards, not a passphrase"
        )
        made.add_argument(
            "--cards-file", type=Path, metavar="FILE", help="two cards, one on each line"
        )

    backup = verb("backup", "make and verify an encrypted backup")
    backup.add_argument("--to", type=Path, required=True, metavar="DIR", help="a stick or share")

    check = verb("check", "check the vault, or a backup, page by page")
    check.add_argument("--backup", type=Path, metavar="FILE", help="a backup of this vault")

    restore = verb("restore", "put a backup back in a folder without a vault")
    restore.add_argument("backup", type=Path, metavar="FILE", help="back-up-….dlb")
    with_cards(restore)

    rescue = verb("rescue", "say what is damaged; writes nothing in the vault")
    rescue.add_argument(
        "--export", type=Path, metavar="FILE", help="write what is readable, as an age file"
    )
    rescue.add_argument(
        "--own-key",
        action="store_true",
        help="encrypt the export to the organisation's own key, not to a passphrase of its own "
        "(asked for, or the second line of the passphrase file)",
    )
    with_cards(rescue)

    lost = verb("lost-laptop", "from a backup: whose data, which keys, what first")
    lost.add_argument("backup", type=Path, metavar="FILE", help="back-up-….dlb")
    lost.add_argument("--pdf", type=Path, metavar="FILE", help="write it as a PDF to print too")
    with_cards(lost)

    due = verb("remove-due", "list what may go after a handover, and remove it")
    due.add_argument("--yes", action="store_true", help="remove it; without this it only lists")
    due.add_argument(
        "--date-is-right", action="store_true", help="you looked, and today's date is right"
    )

    wipe = verb("wipe", "make the vault on this machine unreadable, then remove it")
    wipe.add_argument("--word", metavar="WORD", help="the word to confirm with; asked for without")

    for name in ("backup", "check", "restore", "rescue", "remove-due", "wipe"):
        verbs.choices[name].add_argument(
            "--vault", type=Path, metavar="DIR", help="the folder of the vault"
        )


def run(given: argparse.Namespace) -> int:
    """Run one verb; print a Dutch sentence and return 1 when it is refused or damaged."""
    from intake_app.documents.typesetting import DocumentError
    from intake_app.flows.rescue import ExportRefused
    from intake_app.flows.retention import RetentionRefused
    from intake_app.flows.unlock import TooSoon
    from intake_app.flows.wipe import WordMissing
    from intake_app.handover.errors import SealError
    from intake_app.vault import VaultError

    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "backup": _backup,
        "check": _check,
        "restore": _restore,
        "rescue": _rescue,
        "lost-laptop": _lost_laptop,
        "remove-due": _remove_due,
        "wipe": _wipe,
    }
    try:
        return verbs[given.verb](given)
    except (
        VaultError, TooSoon, Refused, ExportRefused, RetentionRefused, WordMissing, SealError,
        DocumentError,
    ) as error:  # fmt: skip
        print(str(error), file=sys.stderr)
    except (OSError, UnicodeDecodeError):
        print("Een bestand dat nodig is, kan niet worden gelezen of geschreven.", file=sys.stderr)
    except EOFError:
        print("Er is geen wachtwoordzin of kaart gegeven. Er is niets gedaan.", file=sys.stderr)
    return codes.REFUSED


def _backup(given: argparse.Namespace) -> int:
    from intake_app.flows import back_up

    with with_vault.opened(given) as vault:
        made = back_up.back_up(vault, given.to, progress=_Percentage())
    print(made.path)
    print(f"sha256 van de database  {made.record.sha256}")
    print(f"logboek  {made.record.audit_seq}:{made.record.audit_hash}")
    return codes.OK


def _check(given: argparse.Namespace) -> int:
    from intake_app.flows import back_up, rescue

    with with_vault.opened(given) as vault:
        if given.backup is not None:
            head = back_up.check(vault, given.backup)
            print(f"De back-up van {head.made_at.astimezone():%d-%m-%Y %H:%M} is heel.")
            return codes.OK
        found = rescue.check(vault)
    if found is None:
        raise Refused("De kluis is nog bezig. Probeer het straks opnieuw.")
    for line in found.damage:
        print(line)
    if found.damage:
        raise Refused(
            "De kluis is beschadigd. Verander niets, en zet de jongste back-up terug of gebruik "
            "`intake vault rescue`."
        )
    print("De kluis is heel.")
    return codes.OK


def _restore(given: argparse.Namespace) -> int:
    from intake_app.flows import back_up

    folder = _folder(given)
    restored = back_up.put_back(
        given.backup, folder, _opener(given), _environment(), progress=_Percentage()
    )
    print(folder)
    print(
        f"Dit is een kopie van {restored.made_at.astimezone():%d-%m-%Y %H:%M}. Wat daarna is "
        "gedaan, staat er niet in."
    )
    return codes.OK


def _rescue(given: argparse.Namespace) -> int:
    from intake_app.flows import rescue as flow
    from intake_app.vault.rescue import Rescue

    with Rescue(_folder(given), _opener(given)) as found:
        damage = found.examine()
        for line in damage.lines:
            print(line)
        for table in damage.tables:
            if table.gaps:
                print(f"{table.name}: {table.rows} rijen leesbaar, {table.gaps} gat(en)")
        if given.export is not None and damage.opens:
            other = None if given.own_key else _export_passphrase(given)
            count = flow.export(
                found, given.export, _environment(), passphrase=other, damage=damage
            )
            print(f"{given.export}: {count} rijen")
    if damage.is_whole:
        print("De kluis is heel.")
        return codes.OK
    if not damage.opens:
        raise Refused("Van deze kluis is niets meer te lezen. Zet de jongste back-up terug.")
    raise Refused(
        f"De kluis is beschadigd; {damage.rows} rijen zijn leesbaar. Er is niets in de kluis "
        "veranderd. Zet de jongste back-up terug; met --export haal je eruit wat leesbaar is."
    )


def _lost_laptop(given: argparse.Namespace) -> int:
    from intake_app.flows import lost_laptop

    env = _environment()
    made = lost_laptop.sheet(given.backup, _opener(given), env)
    if given.pdf is not None:
        lost_laptop.save(made, given.pdf, env.random)
    print(lost_laptop.as_text(made), end="")
    return codes.OK


def _remove_due(given: argparse.Namespace) -> int:
    from intake_app.flows import retention

    with with_vault.opened(given) as vault:
        if given.date_is_right:
            retention.believe_clock(vault)
        view = retention.look(vault)
        for each in view.upcoming:
            state = "mag nu weg" if each.due else f"vanaf {each.removable_on.isoformat()}"
            if each.stays is not None:
                state = "blijft: eerst overdragen of met twee besluiten"
            print(f"{each.subject_id}  {each.ground.value}  {state}")
        if given.yes:
            removed = retention.remove_due(vault)
            if view.needs_scrub and not removed:
                retention.scrub(vault)
            print(f"Verwijderd: {len(removed)}")
    return codes.OK


def _wipe(given: argparse.Namespace) -> int:
    from intake_app.flows import wipe

    folder = _folder(given)
    print(wipe.PROMISE, *wipe.LIMITS, sep="\n", file=sys.stderr)
    word = given.word if given.word is not None else input(f"Typ {wipe.WORD} om te wissen: ")
    from intake_app.vault.keystore import SystemKeystore

    done = wipe.wipe_closed(
        folder,
        with_vault.passphrase(given.passphrase_file),
        word,
        _environment(),
        keystore=SystemKeystore(),
    )
    if not done.keys_gone:
        raise Refused(
            "Het sleutelbestand kon niet worden verwijderd. De kluis gaat nog open. Verwijder de "
            "map zelf."
        )
    print("De kluis op deze laptop gaat niet meer open.")
    for name in done.left:
        print(f"niet verwijderd: {name}", file=sys.stderr)
    if not done.keystore_gone:
        print("De tweede sleutel staat nog in de sleutelbos van het systeem.", file=sys.stderr)
    return codes.OK if done.complete else codes.REFUSED


class _Percentage:
    """Progress on standard error, where it is a terminal."""

    def __init__(self) -> None:
        self._said = -1
        self._shown = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        part = 100 * done // total if total else 0
        if self._shown and part != self._said:
            self._said = part
            end = "\n" if part >= 100 else ""
            print(f"\r{part:3d} %", end=end, file=sys.stderr, flush=True)


def _folder(given: argparse.Namespace) -> Path:
    from intake_app import paths

    return Path(given.vault) if given.vault is not None else paths.default_vault_folder()


def _environment() -> Environment:
    from intake_app.domain.environment import real_environment

    return real_environment()


def _uses_cards(given: argparse.Namespace) -> bool:
    return bool(given.cards or given.cards_file is not None)


def _opener(given: argparse.Namespace) -> Opener:
    from intake_app.flows import colleague
    from intake_app.vault import restore
    from intake_app.vault.keystore import SystemKeystore

    if _uses_cards(given):
        return restore.with_cards(*_cards(given))
    return colleague.opener(with_vault.passphrase(given.passphrase_file), SystemKeystore())


def _cards(given: argparse.Namespace) -> tuple[str, str]:
    if given.cards_file is None:
        return _asked("Eerste herstelkaart: "), _asked("Tweede herstelkaart: ")
    with given.cards_file.open(encoding="utf-8") as opened:
        first, second = (opened.readline(_LONGEST).strip() for _ in range(2))
    if not second:
        raise Refused("In dit bestand staan geen twee herstelkaarten, één op elke regel.")
    return first, second


def _export_passphrase(given: argparse.Namespace) -> str:
    if given.passphrase_file is None:
        return _asked("Een andere wachtwoordzin, voor de export: ")
    with given.passphrase_file.open(encoding="utf-8") as opened:
        opened.readline(_LONGEST)
        return str(opened.readline(_LONGEST)).rstrip("\r\n")


def _asked(question: str) -> str:
    return getpass.getpass(question)
