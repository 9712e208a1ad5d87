"""`intake addressbook`: make, extend and look at the region's signed address book.

The keys that sign it are kept by different people on different sticks, each encrypted with a
passphrase. A book needs the signatures of at least two.
"""

from __future__ import annotations

import argparse
import getpass
import io
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes

if TYPE_CHECKING:
    from intake_app.crypto.sshsig import SigningKey

_EXIT = "exit codes: 0 done, 1 refused (nothing was written), 2 the command line is wrong"
_PASSPHRASE_VARIABLE = "INTAKE_ROOT_PASSPHRASE"  # noqa: S105  (a name, not a secret)


class TooFewRoots(Exception):
    """One person alone would decide who can be sent to; str() is a Dutch sentence."""

    def __str__(self) -> str:
        return "Een adresboek heeft minstens twee ondertekenaars nodig. Geef twee keer --root."


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `addressbook` to the command line."""
    book = commands.add_parser(
        "addressbook", help="the signed directory of organisations", epilog=_EXIT
    )
    verbs = book.add_subparsers(dest="verb", required=True, metavar="VERB")

    root = verbs.add_parser(
        "new-root", help="make a root key, encrypted with a passphrase", epilog=_EXIT
    )
    root.add_argument("target", type=Path, help="the file of the key; keep it on a stick")

    make = verbs.add_parser("make", help="sign a book of key cards", epilog=_EXIT)
    make.add_argument("target", type=Path, help="the address book to write")
    make.add_argument("--card", type=Path, action="append", default=[], help="a key card (repeat)")
    make.add_argument("--root", type=Path, action="append", default=[], help="a root key (repeat)")
    make.add_argument("--previous", type=Path, help="the book that this one follows")
    make.add_argument("--days", type=int, default=365, help="how long it holds (default 365)")

    show = verbs.add_parser("show", help="print what a book says; nothing is believed by it")
    show.add_argument("book", type=Path)


def run(given: argparse.Namespace) -> int:
    """Run one verb; print a Dutch sentence and return 1 when it is refused."""
    from intake_app.crypto.age_errors import AgeError
    from intake_app.handover.address_book import BookRefused
    from intake_app.handover.errors import Refusal, SealError

    verb = {"new-root": _new_root, "make": _make, "show": _show}[given.verb]
    try:
        verb(given)
    except (BookRefused, Refusal, SealError, TooFewRoots) as error:
        print(str(error), file=sys.stderr)
        return codes.REFUSED
    except AgeError:
        print("Deze wachtwoordzin opent de sleutel niet.", file=sys.stderr)
        return codes.REFUSED
    except OSError as error:
        print(f"Dit bestand is niet te lezen: {error.strerror}.", file=sys.stderr)
        return codes.REFUSED
    return codes.OK


def _passphrase(about: str) -> str:
    given = os.environ.get(_PASSPHRASE_VARIABLE)
    return given if given is not None else getpass.getpass(f"Wachtwoordzin voor {about}: ")


def _new_root(given: argparse.Namespace) -> None:
    from intake_app.crypto import age
    from intake_app.crypto.age_passphrase import PassphraseRecipient
    from intake_app.crypto.fingerprint import fingerprint
    from intake_app.crypto.sshsig import generate_signing_key
    from intake_app.domain.environment import real_environment
    from intake_app.handover.safe_file import new_file

    random = real_environment().random
    key = generate_signing_key(random)
    secret = _passphrase(given.target.name)
    with new_file(given.target, random) as out:
        age.encrypt([PassphraseRecipient(secret)], io.BytesIO(key.seed), out, random=random)
    print(f"Sleutel gemaakt. Controlegetal: {fingerprint(key.public)}")


def _open_root(path: Path) -> SigningKey:
    from intake_app.crypto import age
    from intake_app.crypto.age_passphrase import PassphraseIdentity
    from intake_app.crypto.sshsig import SigningKey

    with path.open("rb") as file:
        return SigningKey(
            age.open_decrypted([PassphraseIdentity(_passphrase(path.name))], file).read()
        )


def _make(given: argparse.Namespace) -> None:
    from intake_app.domain.environment import real_environment
    from intake_app.flows.address_book import make_book
    from intake_app.handover.address_book import read_book, root_fingerprint
    from intake_app.handover.key_card import read_key_card
    from intake_app.handover.safe_file import new_file

    env = real_environment()
    previous = read_book(given.previous.read_bytes()).book if given.previous else None
    cards = [read_key_card(path.read_bytes()) for path in given.card]
    if len(given.root) < 2:
        raise TooFewRoots
    roots = [_open_root(path) for path in given.root]
    issued = env.now()
    expires = issued + timedelta(days=given.days)
    raw = make_book(cards, roots, issued=issued, expires=expires, previous=previous)
    with new_file(given.target, env.random) as out:
        out.write(raw)
    book = read_book(raw).book
    print(f"Adresboek {book.serial} met {len(book.entries)} organisaties gemaakt.")
    print(f"Controlegetal van de ondertekenaars: {root_fingerprint(book)}")


def _show(given: argparse.Namespace) -> None:
    from intake_app.handover.address_book import read_book, root_fingerprint

    book = read_book(given.book.read_bytes()).book
    print(f"adresboek {book.serial}, geldig tot {book.expires:%Y-%m-%d}")
    print(f"ondertekenaars: {len(book.roots)}, nodig: {book.threshold}")
    print(f"controlegetal: {root_fingerprint(book)}")
    for entry in book.entries:
        codes_text = ", ".join(entry.municipality_codes) or "-"
        print(f"{entry.name} | {entry.kind} | {entry.status} | {codes_text} | {entry.fingerprint}")
