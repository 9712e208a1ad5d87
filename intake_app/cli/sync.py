"""`intake sync`: send, ask for receipts and receive without a window.

For a municipality's server or a scheduled task. A passphrase is asked for, or is the first line of
a file; never on the command line, where every program of the same user could see it. Nothing that
is printed says who a dossier is about.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.cli import codes, with_vault

if TYPE_CHECKING:
    from intake_app.flows.relays import RelayPlace
    from intake_app.flows.sync_report import ReceiveReport
    from intake_app.sync.driver import Box
    from intake_app.sync.errors import Reason
    from intake_app.vault import Vault

_EXIT: Final = (
    "exit codes: 0 done, nothing waits; 1 refused, or somebody has to look (said on standard "
    "error); 2 wrong command line; 4 something waits for a connection: the next run goes on. With "
    "--every it runs until it is asked to end (Ctrl+C, SIGTERM) and then gives the code of the "
    "last round"
)
_SHORTEST: Final = 5
_LARGEST_ERRAND: Final = 64 * 1024 * 1024
Ending = threading.Event


class Refused(Exception):
    """Something that was asked for cannot be done; str() is a Dutch sentence."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `sync` to the command line."""
    sync = commands.add_parser("sync", help="send and receive sealed dossiers, without a window")
    verbs = sync.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, about: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=about, epilog=_EXIT)
        with_vault.add_options(made)
        return made

    def repeated(made: argparse.ArgumentParser) -> None:
        often = made.add_mutually_exclusive_group()
        often.add_argument("--once", action="store_true", help="one round (the default)")
        often.add_argument(
            "--every",
            type=_seconds,
            metavar="SECONDS",
            help=f"a round every so many seconds, at least {_SHORTEST}, until asked to end",
        )

    verb("status", "say how sync stands; touches no network")
    run_ = verb("run", "send what waits, and ask for receipts")
    repeated(run_)
    run_.add_argument(
        "--now", action="store_true", help="try everything now, whatever its waiting time"
    )
    receive = verb("receive", "take in what came, and hand it to case managers by the rules")
    repeated(receive)
    rules = verb("rules", "list, add or remove who gets which dossiers")
    change = rules.add_mutually_exclusive_group()
    change.add_argument("--add", metavar="NAME", help="hand dossiers to this case manager")
    change.add_argument("--remove", metavar="NAME", help="hand nothing to NAME any more")
    rules.add_argument(
        "--to", type=Path, metavar="DIR", help="the vault of NAME, or a folder they receive from"
    )
    rules.add_argument(
        "--municipality",
        action="append",
        default=[],
        metavar="CODE",
        help="only dossiers of people coupled to this municipality; may be given again",
    )
    rules.add_argument(
        "--sender",
        action="append",
        default=[],
        metavar="NAME",
        help="only dossiers of this organisation of the address book; may be given again",
    )
    # not in the help: the program itself calls it when it locks
    verbs.add_parser("errand")


def _seconds(text: str) -> int:
    value = int(text)
    if value < _SHORTEST:
        raise argparse.ArgumentTypeError(f"at least {_SHORTEST} seconds")
    return value


def run(given: argparse.Namespace) -> int:
    """Run one verb; print a Dutch sentence and return 1 when it is refused."""
    from intake_app.flows.deliveries import RuleRefused
    from intake_app.flows.unlock import TooSoon
    from intake_app.vault import VaultError

    if given.verb == "errand":
        return _errand()
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "status": _status,
        "run": _run,
        "receive": _receive,
        "rules": _rules,
    }
    try:
        return verbs[given.verb](given)
    except (VaultError, TooSoon, Refused, RuleRefused) as error:
        print(str(error), file=sys.stderr)
    except (OSError, UnicodeDecodeError):
        print("Een bestand dat nodig is, kan niet worden gelezen of geschreven.", file=sys.stderr)
    except EOFError:
        print("Er is geen wachtwoordzin gegeven. Er is niets gedaan.", file=sys.stderr)
    return codes.REFUSED


# ---- status --------------------------------------------------------------------------------------


def _status(given: argparse.Namespace) -> int:
    from intake_app.flows import relays, sync_now

    with with_vault.opened(given) as vault:
        wanted = relays.settings(vault)
        print(f"versturen   {_where(wanted.send)}")
        print(f"ontvangen   {_where(wanted.receive)}")
        for row in sync_now.transport(vault):
            line = f"{row.handover_id}  {row.state.value}  "
            line += f"{row.done}/{row.size} bytes"
            if row.tries:
                line += f"  {row.tries} keer geprobeerd"
            print(f"{line}  naar {row.recipient_name}")
        return _say_standing(vault)


def _where(place: RelayPlace | None) -> str:
    return "niet ingesteld" if place is None else f"{place.kind}  {place.address}"


def _say_standing(vault: Vault, *, said: Reason | None = None) -> int:
    """Say how sync stands and return the exit code that belongs to it; `said` is said already."""
    from intake_app.flows import sync_now
    from intake_app.flows.sync_now import SyncStatus
    from intake_app.sync.errors import SENTENCES

    found = sync_now.summary(vault)
    print(
        f"{found.status.value}: {found.waiting} wacht, {found.offered} aangeboden, "
        f"{found.received} ontvangen, {found.attention} let op"
    )
    if found.reason is not None and found.reason is not said:
        print(SENTENCES[found.reason], file=sys.stderr)
    if found.status is SyncStatus.LET_OP:
        return codes.REFUSED
    return codes.WAITING if found.waiting else codes.OK


# ---- a round, once or every so often -------------------------------------------------------------


def _run(given: argparse.Namespace) -> int:
    from intake_app.flows import relays, sync_now

    with with_vault.opened(given) as vault, _until_asked() as ending:
        wanted = relays.settings(vault)
        if wanted.send is None:
            raise Refused(
                "Er is nog geen postbus om te versturen. Stel hem in bij Instellingen, Postbus."
            )

        def round_() -> int:
            report = sync_now.run_once(
                vault,
                _connect,
                settings=wanted,
                cancelled=ending.is_set,
                force=given.now,
            )
            paused = _say_paused(report.paused)
            standing = _say_standing(vault, said=report.paused)
            return paused if paused != codes.OK else standing

        return _rounds(round_, given.every, ending)


def _receive(given: argparse.Namespace) -> int:
    from intake_app.flows import deliveries, relays, sync_now
    from intake_app.sync.errors import SyncError

    with with_vault.opened(given) as vault, _until_asked() as ending:
        place = relays.settings(vault).receive
        if place is None:
            raise Refused(
                "Er is nog geen postbus om te ontvangen. Stel hem in bij Instellingen, Postbus."
            )

        def round_() -> int:
            try:
                box = _connect(place)
            except SyncError as error:
                return _say_paused(error.reason)
            try:
                report = sync_now.receive_once(vault, box, cancelled=ending.is_set)
                handed = deliveries.hand_out(vault, box, cancelled=ending.is_set)
            finally:
                box.close()
            print(
                f"{len(report.arrived)} ontvangen, {handed.handed} uitgedeeld, {handed.kept} hier, "
                f"{handed.answered} antwoorden doorgegeven"
            )
            for problem in handed.problems:
                print(problem, file=sys.stderr)
            code = _say_paused(report.paused or report.trouble)
            return code if code != codes.OK else _received(vault, report, handed.problems)

        return _rounds(round_, given.every, ending)


def _received(vault: Vault, report: ReceiveReport, problems: Sequence[str]) -> int:
    """Return the exit code of a round whose relay answered; say what nothing said yet."""
    from intake_app.flows import sync_now
    from intake_app.sync.errors import SENTENCES, Reason

    if sync_now.summary(vault).refused:
        print(SENTENCES[Reason.REFUSED], file=sys.stderr)
        return codes.REFUSED
    if problems:
        return codes.REFUSED
    if report.failed or report.cancelled:
        print(
            "Niet alles in de postbus kon worden gehaald of beantwoord. Er is niets kwijt. "
            "De volgende keer gaat het verder.",
            file=sys.stderr,
        )
        return codes.WAITING
    # What does not fit yet may be a folder that is still being copied.
    return codes.WAITING if report.refused else codes.OK


def _rounds(round_: Callable[[], int], every: int | None, ending: Ending) -> int:
    code = round_()
    while every is not None and not ending.wait(every):
        code = round_()
    return code


def _say_paused(reason: Reason | None) -> int:
    """Say why the relay cannot be used now; return the exit code that belongs to it."""
    from intake_app.sync.errors import SENTENCES, Reason

    if reason is None:
        return codes.OK
    print(SENTENCES[reason], file=sys.stderr)
    passes = {
        Reason.NO_CONNECTION, Reason.SLOW, Reason.BUSY, Reason.SERVER, Reason.FOLDER_GONE
    }  # fmt: skip
    return codes.WAITING if reason in passes else codes.REFUSED


def _connect(place: RelayPlace) -> Box:
    from intake_app.sync.connecting import box

    return box(place)


@contextmanager
def _until_asked() -> Iterator[Ending]:
    """Give an event that Ctrl+C and SIGTERM set, so that a round ends between two parts."""
    ending = Ending()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    before = {
        each: signal.signal(each, lambda *_: ending.set())
        for each in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield ending
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


# ---- who gets which dossiers ---------------------------------------------------------------------


def _rules(given: argparse.Namespace) -> int:
    from intake_app.flows import deliveries

    with with_vault.opened(given) as vault:
        if given.add is not None:
            if given.to is None:
                raise Refused("Zeg met --to in welke kluis of map de dossiers moeten komen.")
            senders = tuple(deliveries.sender_named(vault, name) for name in given.sender)
            rule = deliveries.Rule(
                given.add.strip(), str(given.to.resolve()), tuple(given.municipality), senders
            )
            deliveries.add_rule(vault, rule)
        elif given.remove is not None:
            deliveries.remove_rule(vault, given.remove.strip())
        for rule in deliveries.rules(vault):
            only = ", ".join((*rule.municipalities, *map(str, rule.senders))) or "alles"
            print(f"{rule.name}  {rule.folder}  {only}")
    return codes.OK


# ---- while locked --------------------------------------------------------------------------------


def _errand() -> int:
    """Bring what a locked program left to be brought; it comes by the standard input."""
    import random

    from intake_app.flows import sync_locked

    try:
        errand = sync_locked.from_bytes(sys.stdin.buffer.read(_LARGEST_ERRAND))
    except ValueError:
        return codes.USAGE
    if not sync_locked.is_sound(errand):
        return codes.USAGE
    with _until_asked() as ending:
        # when to try again needs no secrecy
        sync_locked.carry(
            errand,
            _connect,
            fraction=random.random,
            wait=ending.wait,
        )
    return codes.OK
