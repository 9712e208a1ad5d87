"""The ledger of translations a named person has checked, string by string.

`translations/REVIEW.toml` holds one table per checked string:

    [[reviewed]]
    language = "ar"
    domain = "forms_intake"
    context = "intake/label/moedertaal"
    hash = "<64 hex: SHA-256 over source and translation>"
    reviewer = "name of the person who checked it"
    date = 2026-03-01

Whatever is not in the ledger counts as machine-made. A changed source or a changed translation no
longer matches its hash and needs a new review.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

TextStatus = Literal["source", "reviewed", "unreviewed", "missing"]


class LedgerError(ValueError):
    """The ledger is not readable; the text names the entry and what is wrong with it."""


def text_hash(source: str, translation: str) -> str:
    """Return the SHA-256 (64 hex) that ties a review to one source and one translation."""
    body = f"{len(source)}:{source}{len(translation)}:{translation}"
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Review:
    """One string, checked by one person on one day."""

    language: str
    domain: str
    context: str
    hash: str
    reviewer: str
    date: date


class ReviewLedger:
    """All reviews, looked up by language, domain, context and hash."""

    def __init__(self, reviews: Iterable[Review] = ()) -> None:
        self.reviews: tuple[Review, ...] = tuple(reviews)
        self._known = {(r.language, r.domain, r.context, r.hash) for r in self.reviews}

    @classmethod
    def read(cls, path: Path) -> ReviewLedger:
        """Read a ledger file; a file that does not exist is an empty ledger.

        Raises LedgerError when the file is there and is not a ledger.
        """
        if not path.is_file():
            return cls()
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LedgerError(f"{path.name}: {error}") from error
        rows = data.get("reviewed", [])
        if not isinstance(rows, list):
            raise LedgerError(f"{path.name}: 'reviewed' must be a list of tables")
        return cls(_review(path.name, number, row) for number, row in enumerate(rows, start=1))

    def status(
        self, language: str, domain: str, context: str, source: str, translation: str
    ) -> Literal["reviewed", "unreviewed"]:
        """Return whether a person has checked exactly this translation of exactly this source."""
        key = (language, domain, context, text_hash(source, translation))
        return "reviewed" if key in self._known else "unreviewed"


def _review(file: str, number: int, row: object) -> Review:
    if not isinstance(row, dict):
        raise LedgerError(f"{file}: entry {number} is not a table")
    values: dict[str, str] = {}
    for name in ("language", "domain", "context", "hash", "reviewer"):
        value = row.get(name)
        if not isinstance(value, str) or (not value and name != "context"):
            raise LedgerError(f"{file}: entry {number} lacks '{name}'")
        values[name] = value
    day = row.get("date")
    if not isinstance(day, date):
        raise LedgerError(f"{file}: entry {number} lacks 'date' (as 2026-03-01)")
    return Review(**values, date=day)
