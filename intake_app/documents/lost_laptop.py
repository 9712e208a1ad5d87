"""The lost-laptop sheet as a page: what was in the vault, what to revoke, what to do first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from intake_app.documents.printable import covered_characters, printable
from intake_app.documents.typesetting import typeset


@dataclass(frozen=True, slots=True)
class LostLaptopPage:
    """What the sheet says, ready to print."""

    organisation: str
    practice: bool
    backup_at: str
    backup_name: str
    made_at: datetime
    made_words: str
    vault_id: str
    audit: str
    steps: tuple[str, ...]
    facts: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    """Whose it is, and its control number or ''."""
    persons: tuple[tuple[str, str, str, str], ...]
    """Name, V-number, municipality, latest handover."""


def render_lost_laptop(page: LostLaptopPage, fonts: Path) -> bytes:
    """Return the sheet as PDF/A-3a and PDF/UA-1; the same page gives the same bytes.

    Raises `DocumentError`.
    """
    covered = covered_characters(fonts)
    at = page.made_at.astimezone(UTC)

    def fit(text: str) -> str:
        return printable(text, covered)

    data = {
        "organisation": fit(page.organisation),
        "practice": page.practice,
        "backup_at": page.backup_at,
        "backup_name": fit(page.backup_name),
        "made": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "made_words": page.made_words,
        "vault": page.vault_id,
        "audit": page.audit,
        "steps": list(page.steps),
        "facts": [fit(fact) for fact in page.facts],
        "keys": [[fit(owner), number] for owner, number in page.keys],
        "persons": [[fit(part) for part in person] for person in page.persons],
    }
    return typeset(
        "lost_laptop.typ",
        {"data": json.dumps(data, ensure_ascii=False)},
        fonts,
        at=at,
        failure=(
            "De PDF kon niet worden gemaakt. Gebruik de tekst op de opdrachtregel: "
            "intake vault lost-laptop."
        ),
    )
