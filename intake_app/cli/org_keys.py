"""`intake keys`: a second vault of an organisation asks for its keys, and gets them.

A passphrase is asked for, or is the first line of a file; never on the command line. Control
numbers are no secret: they are asked for, or given with --number.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from intake_app.cli import codes, with_vault

_EXIT: Final = "exit codes: 0 done, 1 refused (said on standard error), 2 wrong command line"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `keys` to the command line."""
    keys = commands.add_parser("keys", help="let a second vault of an organisation have its keys")
    verbs = keys.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, about: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=about, epilog=_EXIT)
        with_vault.add_options(made)
        return made

    request = verb("join-request", "in the new vault: write a request, print its control number")
    request.add_argument("--label", required=True, metavar="NAME", help="how you know this vault")
    request.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file")
    answer = verb("join-answer", "in a vault of the organisation: answer a request")
    answer.add_argument("request", type=Path, metavar="REQUEST")
    answer.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file")
    answer.add_argument(
        "--number", metavar="DIGITS", help="the control number as it was read out; else asked for"
    )
    take = verb("join-take", "in the new vault: take the organisation and its keys over")
    take.add_argument("answer", type=Path, metavar="ANSWER")
    take.add_argument(
        "--number",
        default="",
        metavar="DIGITS",
        help="the organisation's control number, where the address book does not have it",
    )


def run(given: argparse.Namespace) -> int:
    """Run one verb; print a Dutch sentence and return 1 when it is refused."""
    from intake_app.flows.unlock import TooSoon
    from intake_app.handover.errors import SealError
    from intake_app.handover.joining import JoinRefused
    from intake_app.vault import VaultError

    verbs: dict[str, Callable[[argparse.Namespace], None]] = {
        "join-request": _request,
        "join-answer": _answer,
        "join-take": _take,
    }
    try:
        verbs[given.verb](given)
    except (JoinRefused, SealError, VaultError, TooSoon) as error:
        print(str(error), file=sys.stderr)
        return codes.REFUSED
    except (OSError, UnicodeDecodeError):
        print("Een bestand dat nodig is, kan niet worden gelezen of geschreven.", file=sys.stderr)
        return codes.REFUSED
    except EOFError:
        print("Er is geen antwoord gegeven. Er is niets gedaan.", file=sys.stderr)
        return codes.REFUSED
    return codes.OK


def _request(given: argparse.Namespace) -> None:
    from intake_app.flows import join

    with with_vault.opened(given) as vault:
        made = join.ask(vault, given.label, given.to)
    print(f"controlegetal: {made.number}")


def _answer(given: argparse.Namespace) -> None:
    from intake_app.flows import join

    with with_vault.opened(given) as vault:
        request = join.look(vault, given.request)
        print(f"verzoek van: {request.label}")
        heard = given.number
        if heard is None:
            heard = input("Het controlegetal dat je collega voorleest: ")
        join.answer(vault, request, heard, given.to)


def _take(given: argparse.Namespace) -> None:
    from intake_app.flows import join

    with with_vault.opened(given) as vault:
        done = join.take(vault, given.answer, given.number)
        print(f"organisatie: {vault.info.organisation.name} ({done.checked_by})")
