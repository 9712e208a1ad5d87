"""`intake handover`: make keys, seal, look at, verify and open a file, all without a vault."""

from __future__ import annotations

import argparse
import io
import mimetypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes
from intake_app.cli import open as open_command

if TYPE_CHECKING:
    from intake_app.handover.key_card import KeyCard
    from intake_app.handover.model import Attachment, Party

_EXIT = (
    "exit codes: 0 done, 1 refused (the reason is on standard error, nothing was written), "
    "2 wrong command line"
)


class NotChecked(Exception):
    """The recipient's control number is not that of the card; str() is a Dutch sentence."""

    def __str__(self) -> str:
        return (
            "Dit controlegetal hoort niet bij de sleutelkaart van de ontvanger. Er is niets "
            "verzegeld. Laat het getal opnieuw voorlezen op een nummer dat u al had."
        )


class NotADossier(Exception):
    """What was to be sealed will not do; str() is a Dutch sentence."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `handover` to the command line."""
    parser = commands.add_parser("handover", help="sealed handover files, without a vault")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    keys = actions.add_parser("new-keys", help="make a key file and its key card", epilog=_EXIT)
    keys.add_argument("target", type=Path, help="the key file to write; keep it secret")
    keys.add_argument("--name", required=True, help="the name of the organisation")
    keys.add_argument("--kind", choices=("azc", "gemeente", "uitvoerder", "zorg"), required=True)
    keys.add_argument("--municipality", action="append", default=[], metavar="CODE")
    keys.add_argument("--card", type=Path, required=True, help="the key card to write, for others")
    keys.add_argument(
        "--classic", action="store_true", help="X25519 keys, which older age tools read too"
    )

    page = actions.add_parser(
        "card", help="write a key card as a PDF with a QR code, to print", epilog=_EXIT
    )
    page.add_argument("card", type=Path, help="the key card")
    page.add_argument("target", type=Path, help="the PDF to write")

    build = actions.add_parser("build", help="seal a dossier for one organisation", epilog=_EXIT)
    build.add_argument("target", type=Path, help="the file to write, or a folder for it")
    build.add_argument("--dossier", type=Path, required=True, help="dossier.json (see the schema)")
    build.add_argument("--pdf", type=Path, required=True, help="the same as a document")
    build.add_argument("--attach", type=Path, action="append", default=[], metavar="FILE")
    build.add_argument("--key", type=Path, required=True, help="your key file")
    build.add_argument("--sender", type=Path, required=True, help="your own key card")
    build.add_argument("--to", type=Path, required=True, help="the key card of the recipient")
    build.add_argument(
        "--number", required=True, help="the control number that the recipient read out to you"
    )
    build.add_argument(
        "--medical", action="store_true", help="as the medical envelope, to a care provider only"
    )

    look = actions.add_parser(
        "inspect",
        help="show format, id, size, seal and control numbers; needs no key and opens nothing",
        epilog=_EXIT,
    )
    look.add_argument("file", type=Path, metavar="FILE", help="overdracht-….zip")

    verify = actions.add_parser(
        "verify", help="verify everything inside with a key file; writes nothing", epilog=_EXIT
    )
    open_command.add_arguments(verify)
    opening = actions.add_parser("open", help="the same as `intake open`", epilog=_EXIT)
    open_command.add_arguments(opening)
    opening.add_argument("--out", type=Path, metavar="DIR", help="a new folder for the content")


def run(given: argparse.Namespace) -> int:
    """Run one action; print a Dutch sentence and return 1 when it is refused."""
    from intake_app.cli.keys import KeyFileRefused
    from intake_app.handover.errors import Refusal, SealError

    if given.action in {"verify", "open"}:
        given.out = getattr(given, "out", None)
        return open_command.run(given)
    action = {"new-keys": _new_keys, "card": _page, "build": _build, "inspect": _inspect}[
        given.action
    ]
    try:
        action(given)
    except Refusal as refusal:
        print(f"{refusal.reason}: {refusal}", file=sys.stderr)
        return codes.REFUSED
    except (KeyFileRefused, SealError, NotChecked, NotADossier) as error:
        print(error, file=sys.stderr)
        return codes.REFUSED
    except OSError as error:
        print(f"Lezen of schrijven lukt niet: {error.strerror}.", file=sys.stderr)
        return codes.REFUSED
    return codes.OK


def _new_keys(given: argparse.Namespace) -> None:
    from intake_app.cli.keys import key_text, passphrase
    from intake_app.crypto import age
    from intake_app.crypto.armor import armor
    from intake_app.crypto.sshsig import generate_signing_key
    from intake_app.domain.environment import real_environment
    from intake_app.handover.errors import TargetExists
    from intake_app.handover.key_card import KeyCard, write_key_card
    from intake_app.handover.safe_file import new_file

    env = real_environment()
    if given.card.exists():
        raise TargetExists
    identity = age.generate_identity("x25519" if given.classic else "hybrid", random=env.random)
    signing = generate_signing_key(env.random)
    card = KeyCard(
        organisation_id=env.uuid(),
        name=given.name,
        kind=given.kind,
        municipality_codes=tuple(given.municipality),
        age_recipient=identity.recipient.encode(),
        sign_public=signing.public,
        box=env.random(13).hex(),
        issued=env.now().replace(microsecond=0),
    )
    secret = age.PassphraseRecipient(passphrase(given.target.name))
    locked = io.BytesIO()
    text = io.BytesIO(key_text(identity, signing, given.name))
    age.encrypt([secret], text, locked, random=env.random)
    with new_file(given.target, env.random) as out:
        out.write(armor(locked.getvalue()).encode())
    write_key_card(card, signing, given.card, random=env.random)
    print(f"Sleutels gemaakt. Controlegetal: {card.fingerprint}")


def _card(path: Path) -> KeyCard:
    from intake_app.handover import limits
    from intake_app.handover.key_card import read_key_card

    with path.open("rb") as file:
        return read_key_card(file.read(limits.KEY_CARD + 1))


def _page(given: argparse.Namespace) -> None:
    from intake_app.domain.environment import real_environment
    from intake_app.flows.key_card_page import card_pdf
    from intake_app.handover import limits
    from intake_app.handover.safe_file import new_file

    with given.card.open("rb") as file:
        pdf = card_pdf(file.read(limits.KEY_CARD + 1))
    with new_file(given.target, real_environment().random) as out:
        out.write(pdf)


def _party(card: KeyCard) -> Party:
    from intake_app.handover.model import Party

    return Party(card.name, card.organisation_id, card.sign_public, card.age_recipient)


def _attachment(path: Path) -> Attachment:
    from intake_app.handover.model import Attachment

    if not path.is_file():
        raise NotADossier(f"De bijlage {path.name} is er niet. Er is niets verzegeld.")
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    extension = path.suffix.lower().lstrip(".") or "bin"
    return Attachment(path.stem[:200], extension, media_type, lambda: path.open("rb"))


def _build(given: argparse.Namespace) -> None:
    from intake_app.cli.keys import KeyFileRefused, read_keys
    from intake_app.crypto.fingerprint import same_fingerprint
    from intake_app.domain.environment import real_environment
    from intake_app.handover.dossier import DossierRefused, from_json
    from intake_app.handover.model import AuditHead, Kind, SealRequest
    from intake_app.handover.seal import seal

    env = real_environment()
    keys, sender, recipient = read_keys(given.key), _card(given.sender), _card(given.to)
    if not same_fingerprint(given.number, recipient.fingerprint):
        raise NotChecked
    if keys.signing is None or keys.signing.public != sender.sign_public:
        raise KeyFileRefused("Dit sleutelbestand hoort niet bij de sleutelkaart van de afzender.")
    if given.medical and recipient.kind != "zorg":
        raise NotADossier("Een medische envelop gaat alleen naar een zorgverlener.")
    dossier_json = given.dossier.read_bytes()
    try:
        dossier = from_json(dossier_json)
    except DossierRefused as error:
        raise NotADossier(
            f"Dit is geen dossier zoals het schema het beschrijft (bij: {error.place}). Er is "
            "niets verzegeld."
        ) from None
    request = SealRequest(
        handover_id=env.uuid(),
        dossier_id=dossier.dossier_id,
        version=dossier.dossier_version,
        supersedes=None,
        created=env.now(),
        sender=_party(sender),
        recipient=_party(recipient),
        dossier_json=dossier_json,
        dossier_pdf=given.pdf.read_bytes(),
        audit_head=AuditHead(0, "0" * 64),
        app_version="",
        attachments=tuple(map(_attachment, given.attach)),
        kind=Kind.MEDICAL if given.medical else Kind.DOSSIER,
    )
    try:
        sealed = seal(request, keys.signing, given.target, random=env.random)
    except ValueError as error:
        raise NotADossier(
            f"Dit kan niet zo worden verzegeld ({error}). Er is niets gemaakt."
        ) from None
    print(f"{sealed.path}\nsha256  {sealed.sha256}")


def _inspect(given: argparse.Namespace) -> None:
    from intake_app.crypto.fingerprint import fingerprint
    from intake_app.handover.open import inspect

    found = inspect(given.file)
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
