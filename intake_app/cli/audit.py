"""`intake audit`: check, read and seal the audit log of a vault, without a window.

The passphrase is asked for, or read from a file; never given on the command line, where every
program of the same user could see it.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from intake_app.cli import codes, with_vault

if TYPE_CHECKING:
    from intake_app.flows.audit import LogLine

_EXIT = "exit codes: 0 done, and whole; 1 refused, or the log is not whole; 2 wrong command line"


class NotAHead(Exception):
    """An anchor is not written as NUMBER:HASH; str() is a Dutch sentence."""

    def __str__(self) -> str:
        return (
            "Een eerdere stand van het logboek schrijf je als NUMMER:HASH, zoals in het "
            "overdrachtsbestand. Er is niets gecontroleerd."
        )


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `audit` to the command line."""
    audit = commands.add_parser("audit", help="check and read the log of a vault", epilog=_EXIT)
    verbs = audit.add_subparsers(dest="verb", required=True, metavar="VERB")
    verify = verbs.add_parser("verify", help="check every entry and every seal", epilog=_EXIT)
    verify.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="NUMBER:HASH",
        help="a head of the log that was seen earlier, in a handover or on paper (repeat)",
    )
    show = verbs.add_parser("show", help="print the latest entries", epilog=_EXIT)
    show.add_argument("--limit", type=int, default=50, help="how many (default 50)")
    seal = verbs.add_parser("seal", help="put your seal on the last entry", epilog=_EXIT)
    for verb in (verify, show, seal):
        with_vault.add_options(verb)


def run(given: argparse.Namespace) -> int:
    """Run one verb; print a Dutch sentence and return 1 when it is refused or not whole."""
    from intake_app.flows.unlock import TooSoon
    from intake_app.vault import VaultError

    verbs = {"verify": _verify, "show": _show, "seal": _seal}
    try:
        return verbs[given.verb](given)
    except (VaultError, TooSoon, NotAHead) as error:
        print(str(error), file=sys.stderr)
    except (OSError, UnicodeDecodeError):
        print("Het bestand met de wachtwoordzin is niet te lezen.", file=sys.stderr)
    except EOFError:
        print("Er is geen wachtwoordzin gegeven. De kluis blijft dicht.", file=sys.stderr)
    return codes.REFUSED


def _verify(given: argparse.Namespace) -> int:
    from intake_app.flows import audit

    anchors = [_head(text) for text in given.head]
    with with_vault.opened(given) as vault:
        report = audit.check(vault, anchors)
    print(f"regels {report.first} tot en met {report.last}, zegels: {report.seals}")
    if report.fault is not None:
        print(report.fault.sentence, file=sys.stderr)
        return codes.REFUSED
    print("Het logboek is heel.")
    return codes.OK


def _show(given: argparse.Namespace) -> int:
    from intake_app.flows import audit

    with with_vault.opened(given) as vault:
        found = audit.page(vault, limit=max(1, given.limit))
    for line in found.lines:
        print(_told(line))
    return codes.OK


def _seal(given: argparse.Namespace) -> int:
    from intake_app.flows import audit

    with with_vault.opened(given) as vault:
        new = audit.seal(vault)
        with vault.read() as records:
            seq, head = records.audit.head()
    print("Verzegeld." if new else "Er staat al een zegel op de laatste regel.")
    print(f"{seq}:{head}")
    return codes.OK


def _head(text: str) -> tuple[int, str]:
    number, _, head = text.partition(":")
    try:
        seq, raw = int(number), bytes.fromhex(head)
    except ValueError:
        raise NotAHead from None
    if seq < 0 or len(raw) != 32:
        raise NotAHead
    return seq, raw.hex()


def _told(line: LogLine) -> str:
    about = ", ".join(line.about) or ("" if not line.about_count else f"{line.about_count} pers.")
    parts = [line.what + (f" ({line.detail})" if line.detail else ""), about]
    failed = ["mislukt"] if line.failed else []
    told = " | ".join([line.who or "onbekend", *(part for part in parts if part), *failed])
    text = f"{line.seq} | {line.at:%Y-%m-%d %H:%M:%S} UTC | {told}"
    # a name may hold what a terminal would obey
    return "".join(each if each.isprintable() else "?" for each in text)
