"""A recovery card as a page to print and put away."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from intake_app.documents.key_card import long_day
from intake_app.documents.printable import covered_characters, printable
from intake_app.documents.qr import qr_code
from intake_app.documents.typesetting import typeset


@dataclass(frozen=True, slots=True)
class RecoveryCardPage:
    """What the page says. `words` and `code` are secret and never printed in a message."""

    organisation: str
    number: int
    words: tuple[str, ...] = field(repr=False)
    code: str = field(repr=False)
    check: str
    made_at: datetime


def render_recovery_card(card: RecoveryCardPage, fonts: Path) -> bytes:
    """Return the page as PDF/A-3a and PDF/UA-1; the QR code holds `code`.

    Nothing is written to disk. Raises `DocumentError`.
    """
    at = card.made_at.astimezone(UTC)
    data = {
        "organisation": printable(card.organisation, covered_characters(fonts)),
        "number": card.number,
        "words": list(card.words),
        "check": card.check,
        "made": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "day": long_day(at),
        "code": ["".join("1" if dark else "0" for dark in row) for row in qr_code(card.code)],
    }
    return typeset(
        "recovery_card.typ",
        {"data": json.dumps(data, ensure_ascii=False)},
        fonts,
        at=at,
        failure=(
            "De kaart kon niet op papier worden gezet. Schrijf de woorden over van het scherm."
        ),
    )
