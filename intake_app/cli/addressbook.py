"""`intake addressbook`: make, change, sign and look at the region's signed address book.

The keys that sign it are kept by different people on different sticks, each encrypted with a
passphrase. A book needs the signatures of at least two. `draft` and `sign` are for people who are
not in one room; `make` does both at once where they are.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes

if TYPE_CHECKING:
    from intake_app.crypto.sshsig import SigningKey
    from intake_app.handover.address_book import AddressBook

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

    draft = verbs.add_parser(
        "draft", help="write the next book without a signature, to be signed apart", epilog=_EXIT
    )
    draft.add_argument("target", type=Path, help="the draft to write")
    draft.add_argument("--previous", type=Path, help="the book that this one follows")
    draft.add_argument(
        "--roots",
        nargs="+",
        type=Path,
        metavar="PUB",
        help="public root keys (*.pub): of the first book, or to rotate the roots",
    )
    draft.add_argument("--threshold", type=int, default=2, help="signatures needed (default 2)")
    draft.add_argument("--card", type=Path, action="append", default=[], help="a key card to add")
    draft.add_argument(
        "--retire", action="append", default=[], metavar="NUMBER", help="keys that end today"
    )
    draft.add_argument(
        "--revoke", action="append", default=[], metavar="NUMBER", help="keys in wrong hands"
    )
    draft.add_argument("--days", type=int, default=365, help="how long it holds (default 365)")

    sign = verbs.add_parser("sign", help="add one signature to a book or draft", epilog=_EXIT)
    sign.add_argument("book", type=Path)
    sign.add_argument("target", type=Path, help="the file to write")
    sign.add_argument("--root", type=Path, required=True, help="the root key on your stick")

    check = verbs.add_parser(
        "check", help="tell whether laptops would accept a book, and what is missing", epilog=_EXIT
    )
    check.add_argument("book", type=Path)
    check.add_argument("--previous", type=Path, help="the book that the laptops have")
    check.add_argument("--number", help="the control number of the signers, for a first book")

    changed = verbs.add_parser(
        "changes", help="print what a book or draft changes; nothing is believed by it"
    )
    changed.add_argument("book", type=Path)
    changed.add_argument("--previous", type=Path, help="the book before; without it all is new")

    show = verbs.add_parser("show", help="print what a book says; nothing is believed by it")
    show.add_argument("book", type=Path)


def run(given: argparse.Namespace) -> int:
    """Run one verb; print a Dutch sentence and return 1 when it is refused."""
    from intake_app.flows.root_keys import RootRefused
    from intake_app.handover.address_book import BookRefused
    from intake_app.handover.book_edit import NotInBook
    from intake_app.handover.errors import Refusal, SealError

    verbs = {
        "new-root": _new_root,
        "make": _make,
        "draft": _draft,
        "sign": _sign,
        "check": _check,
        "changes": _changes,
        "show": _show,
    }
    try:
        verbs[given.verb](given)
    except (BookRefused, Refusal, SealError, TooFewRoots, RootRefused, NotInBook) as error:
        print(str(error), file=sys.stderr)
        return codes.REFUSED
    except OSError as error:
        print(f"Dit bestand is niet te lezen: {error.strerror}.", file=sys.stderr)
        return codes.REFUSED
    return codes.OK


def _passphrase(about: str) -> str:
    given = os.environ.get(_PASSPHRASE_VARIABLE)
    return given if given is not None else getpass.getpass(f"Wachtwoordzin voor {about}: ")


def _new_root(given: argparse.Namespace) -> None:
    from intake_app.crypto.fingerprint import fingerprint
    from intake_app.domain.environment import real_environment
    from intake_app.flows.root_keys import make_root, public_file

    secret = _passphrase(given.target.name)
    public = make_root(given.target, secret, random=real_environment().random)
    print(f"Sleutel gemaakt. Controlegetal: {fingerprint(public)}")
    print(f"{public_file(given.target).name} mag iedereen zien; {given.target.name} alleen jij.")


def _open_root(path: Path) -> SigningKey:
    from intake_app.flows.root_keys import open_root

    return open_root(path, _passphrase(path.name))


def _book(path: Path) -> AddressBook:
    from intake_app.handover.address_book import read_book

    return read_book(path.read_bytes()).book


def _make(given: argparse.Namespace) -> None:
    from intake_app.domain.environment import real_environment
    from intake_app.flows.address_book import make_book
    from intake_app.handover.address_book import read_book, root_fingerprint
    from intake_app.handover.key_card import read_key_card
    from intake_app.handover.safe_file import new_file

    env = real_environment()
    previous = _book(given.previous) if given.previous else None
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


def _draft(given: argparse.Namespace) -> None:
    from intake_app.domain.environment import real_environment
    from intake_app.flows.root_keys import read_public
    from intake_app.handover import book_edit
    from intake_app.handover.key_card import read_key_card
    from intake_app.handover.safe_file import new_file

    env = real_environment()
    issued = env.now().replace(microsecond=0)
    expires = issued + timedelta(days=given.days)
    roots = [read_public(path) for path in given.roots or ()]
    if given.previous:
        book = book_edit.next_book(_book(given.previous), issued=issued, expires=expires)
        if roots:
            book = book_edit.with_roots(book, roots, given.threshold)
    elif len(roots) < 2:
        raise TooFewRoots
    else:
        book = book_edit.first_book(
            roots, threshold=given.threshold, issued=issued, expires=expires
        )
    for path in given.card:
        book = book_edit.with_card(book, read_key_card(path.read_bytes()))
    for number in given.retire:
        book = book_edit.retired(book, number)
    for number in given.revoke:
        book = book_edit.revoked(book, number)
    raw = book_edit.unsigned(book)
    with new_file(given.target, env.random) as out:
        out.write(raw)
    print(f"Concept van adresboek {book.serial} met {len(book.entries)} sleutelparen gemaakt.")
    _say_missing(given.target, given.previous)


def _sign(given: argparse.Namespace) -> None:
    from intake_app.domain.environment import real_environment
    from intake_app.handover import book_edit
    from intake_app.handover.safe_file import new_file

    raw = book_edit.add_signature(given.book.read_bytes(), _open_root(given.root))
    with new_file(given.target, real_environment().random) as out:
        out.write(raw)
    _show_book(given.target)
    _say_missing(given.target, None)


def _say_missing(path: Path, previous: Path | None) -> None:
    from intake_app.handover import book_edit
    from intake_app.handover.address_book import read_book

    signed = read_book(path.read_bytes())
    found = book_edit.missing(signed, _book(previous) if previous else None)
    print(f"nog nodig: {found.of_own} handtekeningen van zijn eigen ondertekenaars", end="")
    print(f", {found.of_previous} van die van het vorige boek" if previous else "")


def _check(given: argparse.Namespace) -> None:
    from intake_app.crypto.fingerprint import same_fingerprint
    from intake_app.domain.environment import real_environment
    from intake_app.handover.address_book import (
        BookRefusal,
        BookRefused,
        accept,
        read_book,
        root_fingerprint,
    )

    signed = read_book(given.book.read_bytes())
    previous = _book(given.previous) if given.previous else None
    pinned: tuple[str, ...] = ()
    if given.number and same_fingerprint(given.number, root_fingerprint(signed.book)):
        pinned = signed.book.roots
    elif previous is None:
        raise BookRefused(BookRefusal.NO_ROOTS)
    accept(previous, signed, real_environment().now(), pinned)
    print(f"Adresboek {signed.book.serial} wordt geaccepteerd.")


def _changes(given: argparse.Namespace) -> None:
    from intake_app.crypto.fingerprint import fingerprint
    from intake_app.handover.book_changes import changes

    previous = _book(given.previous) if given.previous else None
    found = changes(previous, _book(given.book))
    for change in found:
        if change.entry is not None:
            about = f"{change.entry.name} | {change.entry.fingerprint}"
        else:
            about = fingerprint(change.root) if change.root else str(change.number)
        print(f"{change.kind.value} | {about}")
    if not found:
        print("geen verschil")


def _show(given: argparse.Namespace) -> None:
    _show_book(given.book)


def _show_book(path: Path) -> None:
    from intake_app.handover.address_book import root_fingerprint

    book = _book(path)
    print(f"adresboek {book.serial}, geldig tot {book.expires:%Y-%m-%d}")
    print(f"ondertekenaars: {len(book.roots)}, nodig: {book.threshold}")
    print(f"controlegetal: {root_fingerprint(book)}")
    for entry in book.entries:
        codes_text = ", ".join(entry.municipality_codes) or "-"
        print(f"{entry.name} | {entry.kind} | {entry.status} | {codes_text} | {entry.fingerprint}")
