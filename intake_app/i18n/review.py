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
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

_FIELDS = ("language", "domain", "context", "hash", "reviewer")
_HEAD = """\
# Translations checked by a named person, one table per string; the format is described in
# intake_app/i18n/review.py. Whatever is not listed here is machine-made and is shown with a mark.
"""

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
        known = self.knows(language, domain, context, text_hash(source, translation))
        return "reviewed" if known else "unreviewed"

    def knows(self, language: str, domain: str, context: str, hash_: str) -> bool:
        """Return whether a person has checked the text with this context and hash."""
        return (language, domain, context, hash_) in self._known

    def with_reviews(self, new: Iterable[Review]) -> ReviewLedger:
        """Return the ledger with `new` added.

        An older review of the same context goes: its hash belongs to a text that has changed.
        Texts whose context is no name of their own (those of the program and of documents) are
        told apart by their hash alone.
        """
        added = tuple(new)
        again = {(r.language, r.domain, r.context) for r in added if names_one_text(r.context)}
        kept = (r for r in self.reviews if (r.language, r.domain, r.context) not in again)
        return ReviewLedger((*kept, *added))

    def to_toml(self) -> str:
        """Return the ledger as the text of its file, in an order of its own."""
        order = sorted(self.reviews, key=lambda r: (r.language, r.domain, r.context, r.hash))
        return _HEAD + "".join(
            "\n[[reviewed]]\n"
            + "".join(
                f"{name} = {json.dumps(getattr(review, name), ensure_ascii=False)}\n"
                for name in _FIELDS
            )
            + f"date = {review.date.isoformat()}\n"
            for review in order
        )


def names_one_text(context: str) -> bool:
    """Return whether a msgctxt belongs to one text: that of a form does (form/kind/name)."""
    return "/" in context


def _review(file: str, number: int, row: object) -> Review:
    if not isinstance(row, dict):
        raise LedgerError(f"{file}: entry {number} is not a table")
    values: dict[str, str] = {}
    for name in _FIELDS:
        value = row.get(name)
        if not isinstance(value, str) or (not value and name != "context"):
            raise LedgerError(f"{file}: entry {number} lacks '{name}'")
        values[name] = value
    day = row.get("date")
    if not isinstance(day, date):
        raise LedgerError(f"{file}: entry {number} lacks 'date' (as 2026-03-01)")
    return Review(**values, date=day)
