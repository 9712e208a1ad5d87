"""How far translations are: what is translated, what a person has checked, what is void."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from intake_app.i18n.pofiles import (
    brought_up_to_date,
    is_for_client,
    is_reviewed,
    is_translated,
    messages,
    name_of,
    review_hash,
)
from intake_app.i18n.review import Review

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

    from intake_app.i18n.pofiles import SourceTree


class ReviewRefused(Exception):
    """A review cannot be written down; str() is a Dutch sentence. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Count:
    """Numbers of texts; a reviewed one is also a translated one."""

    total: int
    translated: int
    reviewed: int

    @property
    def missing(self) -> int:
        """Return how many texts are shown in Dutch."""
        return self.total - self.translated

    def plus(self, other: Count) -> Count:
        """Return both together."""
        return Count(
            self.total + other.total,
            self.translated + other.translated,
            self.reviewed + other.reviewed,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """One domain in one language. `void`: reviews of a text or translation that has changed."""

    language: str
    domain: str
    client: Count
    staff: Count
    missing_for_client: tuple[str, ...]
    void: tuple[Review, ...]


def progress(tree: SourceTree, language: str, domain: str, template: Catalog) -> Progress:
    """Return how far a domain is in a language, compared with the sources of this moment.

    Raises LedgerError and CatalogueUnreadable when those files are damaged.
    """
    ledger = tree.ledger()
    old = tree.catalogue(language, domain)
    current = messages(brought_up_to_date(template, old, language, domain, ledger))
    client = [message for message in current if is_for_client(domain, message)]
    staff = [message for message in current if not is_for_client(domain, message)]

    def count(texts: list[Message]) -> Count:
        return Count(
            len(texts),
            sum(is_translated(message) for message in texts),
            sum(is_reviewed(message, language, domain, ledger) for message in texts),
        )

    now = {(message.context or "", review_hash(message)) for message in current}
    void = tuple(
        review
        for review in ledger.reviews
        if (review.language, review.domain) == (language, domain)
        and (review.context, review.hash) not in now
    )
    missing = tuple(name_of(message) for message in client if not is_translated(message))
    return Progress(language, domain, count(client), count(staff), missing, void)


def reviews(
    catalogue: Catalog,
    language: str,
    domain: str,
    names: Iterable[str] | None,
    reviewer: str,
    day: date,
) -> tuple[Review, ...]:
    """Return a review by `reviewer` for each named text, or for every translated one (None).

    A text is named by its context, or by its Dutch text where it has none. Raises ReviewRefused
    when the reviewer has no name, or a named text is unknown or not translated.
    """
    if not reviewer.strip():
        raise ReviewRefused("Zonder naam kan niemand een vertaling goedkeuren. Geef een naam op.")
    translated = {name_of(m): m for m in messages(catalogue) if is_translated(m)}
    wanted = list(translated) if names is None else list(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in translated]
    if unknown:
        listed = "\n".join(f"  {name}" for name in unknown)
        raise ReviewRefused(
            f"Van deze teksten is er geen vertaling in {language}/{domain}:\n{listed}\n"
            "Er is niets opgeschreven."
        )
    return tuple(
        Review(
            language,
            domain,
            translated[name].context or "",
            review_hash(translated[name]),
            reviewer.strip(),
            day,
        )
        for name in wanted
    )
