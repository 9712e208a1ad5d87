"""The command line: which subcommands there are, and how each is started."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from intake_app.cli import codes


class Windows(Protocol):
    """What the composition root offers the command line: the program in windows."""

    def work(self, vault: Path | None) -> int:
        """Open the program on a vault (the platform's own when None); return the exit code."""
        ...

    def practice(self, folder: Path | None, profile: str, *, fresh: bool) -> int:
        """Open the practice vault of a profile, made when it is not there yet or when `fresh`."""
        ...

    def tour(self, folder: Path) -> int:
        """Drive the windows offscreen through the main job; leave what came of it in `folder`."""
        ...


def parser() -> argparse.ArgumentParser:
    """Return the whole command line; it imports nothing that a command itself would need."""
    main = argparse.ArgumentParser(
        prog="intake",
        description="Doorgaande Lijn: intake on location, and a handover that arrives.",
        epilog=codes.EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    main.add_argument(
        "--practice", action="store_true", help="open the practice vault (the same as `practice`)"
    )
    main.add_argument(
        "--headless-tour",
        metavar="DIR",
        type=Path,
        help="without a display: drive the real windows through the main job and leave the "
        "screenshots, the handover file, the PDF and the receipt in DIR",
    )
    commands = main.add_subparsers(dest="command", title="commands", metavar="COMMAND")

    run = commands.add_parser("run", help="open the program (also what no command does)")
    run.add_argument("--vault", type=Path, metavar="DIR", help="the folder of the vault")

    practice = commands.add_parser("practice", help="open a vault with twelve fictional persons")
    practice.add_argument(
        "--folder", type=Path, metavar="DIR", help="where the practice vaults are"
    )
    practice.add_argument(
        "--profile",
        choices=("azc", "ontvangst"),
        default="azc",
        help="which of the two practice organisations (default: azc)",
    )
    practice.add_argument("--fresh", action="store_true", help="begin again with new vaults")

    from intake_app.cli import (
        addressbook,
        audit,
        doctor,
        export,
        form,
        handover,
        org_keys,
        sync,
        translations,
        vault,
    )
    from intake_app.cli import open as open_command

    form.add_parser(commands)
    handover.add_parser(commands)
    open_command.add_parser(commands)
    addressbook.add_parser(commands)
    audit.add_parser(commands)
    vault.add_parser(commands)
    org_keys.add_parser(commands)
    sync.add_parser(commands)
    translations.add_parser(commands)
    export.add_parser(commands)
    doctor.add_parser(commands)
    return main


def run(arguments: Sequence[str], windows: Windows) -> int:
    """Run one command; return its exit code. Never raises and never prints a traceback."""
    try:
        given = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return _dispatch(given, windows)
    except KeyboardInterrupt:
        return codes.REFUSED
    except Exception as error:  # noqa: BLE001  (the last line of defence against a traceback)
        print(
            f"Er ging iets mis dat wij niet hadden voorzien ({type(error).__name__}). "
            "Er is niets over een persoon getoond of bewaard.",
            file=sys.stderr,
        )
        return codes.UNEXPECTED


def _dispatch(given: argparse.Namespace, windows: Windows) -> int:
    if given.headless_tour is not None:
        return windows.tour(given.headless_tour)
    if given.command == "practice" or given.practice:
        return windows.practice(
            getattr(given, "folder", None),
            getattr(given, "profile", "azc"),
            fresh=getattr(given, "fresh", False),
        )
    if given.command in {None, "run"}:
        return windows.work(getattr(given, "vault", None))

    from intake_app.cli import (
        addressbook,
        audit,
        doctor,
        export,
        form,
        handover,
        org_keys,
        sync,
        translations,
        vault,
    )
    from intake_app.cli import open as open_command

    command = {
        "form": form.run,
        "handover": handover.run,
        "open": open_command.run,
        "addressbook": addressbook.run,
        "audit": audit.run,
        "vault": vault.run,
        "keys": org_keys.run,
        "sync": sync.run,
        "translations": translations.run,
        "export": export.run,
        "doctor": doctor.run,
    }[given.command]
    return int(command(given))
