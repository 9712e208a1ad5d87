"""`intake open FILE --key KEY`: one sealed file, no vault, for a care provider or an archive."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes

if TYPE_CHECKING:
    from intake_app.handover.open import OpenedHandover, SenderDirectory

_EXIT = (
    "exit codes: 0 everything was verified, 1 refused (the reason is on standard error, nothing "
    "was written), 2 wrong command line"
)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `open` to the command line."""
    parser = commands.add_parser(
        "open", help="open one sealed file with a key file; needs no vault", epilog=_EXIT
    )
    add_arguments(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="a new folder for what is inside; else only shown"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what opening and verifying share: the file, the key, and who the sender must be."""
    parser.add_argument("file", type=Path, metavar="FILE", help="overdracht-….zip")
    parser.add_argument(
        "--key", type=Path, required=True, metavar="KEY", help="the file with your secret key"
    )
    sender = parser.add_mutually_exclusive_group(required=True)
    sender.add_argument(
        "--from", dest="book", type=Path, metavar="FILE", help="address book or key card of senders"
    )
    sender.add_argument(
        "--number", metavar="DIGITS", help="the control number that the sender read out to you"
    )
    sender.add_argument(
        "--unknown-sender", action="store_true", help="open it whoever sealed it; the number shows"
    )


def run(given: argparse.Namespace) -> int:
    """Verify the file, show what it is, and write what is inside when a folder is given."""
    from intake_app.cli.keys import KeyFileRefused
    from intake_app.handover.address_book import BookRefused
    from intake_app.handover.errors import Refusal

    try:
        opened = open_file(given)
        if given.out is not None:
            _write(opened, given.out)
    except Refusal as refusal:
        print(f"{refusal.reason}: {refusal}", file=sys.stderr)
        return codes.REFUSED
    except (KeyFileRefused, BookRefused) as error:
        print(error, file=sys.stderr)
        return codes.REFUSED
    except OSError as error:
        print(f"Lezen of schrijven lukt niet: {error.strerror}.", file=sys.stderr)
        return codes.REFUSED
    show(opened, trusted=not given.unknown_sender)
    return codes.OK


def open_file(given: argparse.Namespace) -> OpenedHandover:
    """Return the verified content of `given.file`; raises Refusal and what keys and books raise."""
    from intake_app.cli.keys import read_keys
    from intake_app.crypto.fingerprint import same_fingerprint
    from intake_app.handover.errors import Refusal, RefusalReason
    from intake_app.handover.open import inspect, open_alone

    keys = read_keys(given.key)
    if given.number is not None and not same_fingerprint(given.number, inspect(given.file).sender):
        raise Refusal(RefusalReason.UNKNOWN_SENDER)
    directory = None if given.book is None else senders(given.book)
    return open_alone(given.file, identities=keys.identities, directory=directory)


def senders(path: Path) -> SenderDirectory:
    """Return the directory in an address book or of one key card.

    The signatures of a book are not counted here: whoever has no vault has no roots either, and
    chose this file. Raises BookRefused.
    """
    from datetime import timedelta

    from intake_app.handover import limits
    from intake_app.handover.address_book import AddressBook, read_book
    from intake_app.handover.errors import Refusal
    from intake_app.handover.key_card import read_key_card

    with path.open("rb") as file:
        data = file.read(limits.ADDRESS_BOOK + 1)
    try:
        card = read_key_card(data)
    except Refusal:
        return read_book(data).book
    expires = card.issued + timedelta(days=1)
    return AddressBook(1, card.issued, expires, "", (), 2, (card.entry(card.issued.date()),))


def show(opened: OpenedHandover, *, trusted: bool) -> None:
    """Print what was opened, without anything about the person."""
    manifest = opened.manifest
    rows = {
        "kind": manifest.kind.value,
        "id": str(manifest.handover_id),
        "dossier": f"{manifest.dossier_id}, version {manifest.version}",
        "sealed": f"{manifest.created:%Y-%m-%d %H:%M} UTC",
        "sender": opened.sender.name if trusted else f"{opened.sender.name} (as it says itself)",
        "sender fingerprint": opened.sender.fingerprint,
        "recipient": manifest.recipient.name,
        "sha256": opened.digest,
        "attachments": str(len(opened.attachments)),
    }
    width = max(map(len, rows))
    for name, value in rows.items():
        print(f"{name:<{width}}  {value}")
    if not trusted:
        print(
            "Let op: wie de afzender is, is niet gecontroleerd. Bel de afzender op een nummer dat "
            "u al had en laat het controlegetal voorlezen.",
            file=sys.stderr,
        )


def _write(opened: OpenedHandover, folder: Path) -> None:
    """Write the verified content into a new folder; file names are ours, never the sender's.

    Beside it, in `mdto`, stands what an archive wants to know of each file.
    """
    from intake_app.domain.environment import real_environment
    from intake_app.handover.mdto import attachment_file, mdto_files

    files = {"dossier.json": opened.dossier_json, "dossier.pdf": opened.pdf}
    for each in opened.attachments:
        files[attachment_file(each.file, plain=each.is_plain)] = each.read()
    about = mdto_files(opened, real_environment().now())
    folder.mkdir(mode=0o700)
    (folder / "mdto").mkdir(mode=0o700)
    for name, data in (*files.items(), *((f"mdto/{n}", d) for n, d in about.items())):
        with (folder / name).open("xb") as file:
            file.write(data)
