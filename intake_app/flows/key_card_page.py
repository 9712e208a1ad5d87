"""A key card as a page: for whoever keeps the address book, and for the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.handover.key_card import KeyCard
    from intake_app.vault import Vault

_KINDS = {
    "azc": "AZC",
    "gemeente": "gemeente",
    "uitvoerder": "uitvoerder",
    "zorg": "zorgverlener",
    "regio": "regio",
}


def card_pdf(file: bytes) -> bytes:
    """Return the page of a key card file, with that file attached to it.

    Raises `handover.errors.Refusal` for a file that is no key card, `DocumentError` when the page
    cannot be made.
    """
    from intake_app import paths
    from intake_app.documents.key_card import KeyCardPage, render_key_card
    from intake_app.handover.key_card import read_key_card

    card = read_key_card(file)
    page = KeyCardPage(
        name=card.name,
        kind=_KINDS[card.kind],
        municipalities=", ".join(card.municipality_codes),
        number=card.fingerprint,
        sign_public=card.sign_public,
        age_recipient=card.age_recipient,
        issued=card.issued,
        file=file,
    )
    return render_key_card(page, paths.resource("fonts"))


def save_card_page(vault: Vault, target: Path) -> KeyCard:
    """Write our own key card as a PDF to a new file; return the card.

    Raises `handover.errors.SealError` when it cannot be written, `DocumentError` when the page
    cannot be made; nothing half is left then.
    """
    from intake_app.crypto.sshsig import SigningKey
    from intake_app.flows.address_book import own_card
    from intake_app.handover.key_card import sign_key_card
    from intake_app.handover.safe_file import new_file

    card = own_card(vault)
    pdf = card_pdf(sign_key_card(card, SigningKey(vault.organisation_keys().signing_seed)))
    with new_file(target, vault.env.random) as out:
        out.write(pdf)
    return card
