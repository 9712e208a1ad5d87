"""The key card of an organisation as a page to print, mail or hang on the wall."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from intake_app.documents.printable import covered_characters, printable
from intake_app.documents.qr import qr_code
from intake_app.documents.typesetting import typeset

_MONTHS: Final = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


@dataclass(frozen=True, slots=True)
class KeyCardPage:
    """What the page says; `file` is the key card that the program reads, attached to the PDF."""

    name: str
    kind: str
    municipalities: str
    number: str
    sign_public: str
    age_recipient: str
    issued: datetime
    file: bytes


def long_day(at: datetime) -> str:
    """Return the day in Dutch, as in "5 januari 2026"."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def render_key_card(card: KeyCardPage, fonts: Path) -> bytes:
    """Return the page as PDF/A-3a and PDF/UA-1; the same card gives the same bytes.

    The QR code holds "controlegetal:" and the thirty digits. Raises `DocumentError`.
    """
    covered = covered_characters(fonts)
    at = card.issued.astimezone(UTC)
    code = qr_code(f"controlegetal:{card.number.replace(' ', '')}")
    data = {
        "name": printable(card.name, covered),
        "kind": printable(card.kind, covered),
        "municipalities": printable(card.municipalities, covered),
        "number": card.number,
        "sign": card.sign_public,
        "age": card.age_recipient,
        "issued": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "day": long_day(at),
        "code": ["".join("1" if dark else "0" for dark in row) for row in code],
        "attached": bool(card.file),
        "file": card.file.decode(),
    }
    return typeset(
        "key_card.typ",
        {"data": json.dumps(data, ensure_ascii=False)},
        fonts,
        at=at,
        failure=(
            "De PDF van de sleutelkaart kon niet worden gemaakt. De sleutelkaart zelf is er wel. "
            "Probeer het opnieuw; lukt het weer niet, meld het dan bij je beheerder."
        ),
    )
