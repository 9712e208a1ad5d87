"""`intake handover inspect FILE`: what a sealed file shows without any key."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from intake_app.cli import codes


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `handover` to the command line."""
    parser = commands.add_parser("handover", help="look at the outside of a sealed handover file")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    inspect = actions.add_parser(
        "inspect",
        help="show format, id, size, seal and control numbers; needs no key and opens nothing",
        epilog="exit codes: 0 the outside is whole, 1 refused (the reason is on standard error), "
        "2 wrong command line",
    )
    inspect.add_argument("file", type=Path, metavar="FILE", help="overdracht-….zip")


def run(given: argparse.Namespace) -> int:
    """Print what the outside of the file says; return 0, or 1 when it is refused."""
    from intake_app.crypto.fingerprint import fingerprint
    from intake_app.handover.errors import Refusal
    from intake_app.handover.open import inspect

    try:
        found = inspect(given.file)
    except Refusal as refusal:
        print(f"{refusal.reason}: {refusal}", file=sys.stderr)
        return codes.REFUSED
    rows = {
        "format": found.format,
        "version": str(found.version),
        "id": str(found.handover_id),
        "size": f"{found.size} bytes",
        "signature": "whole, by the key below (whether you know it is not checked here)",
        "signing key": found.signer,
        "signing key fingerprint": fingerprint(found.signer),
        "sender fingerprint": found.sender,
        "recipient fingerprint": found.recipient,
    }
    width = max(map(len, rows))
    for name, value in rows.items():
        print(f"{name:<{width}}  {value}")
    return codes.OK
