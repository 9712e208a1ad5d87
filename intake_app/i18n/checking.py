"""Whole catalogues against the rules of `checks`: what a translation must not be shipped with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake_app.i18n.checks import Fault, Rules, faults, plural_header, source_faults
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.i18n.pofiles import (
    brought_up_to_date,
    ids,
    is_for_client,
    is_translated,
    messages,
    name_of,
    strings,
)

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

    from intake_app.i18n.pofiles import SourceTree

_PLURAL_LINE = re.compile(r'^"Plural-Forms: (.*?)\\n"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TextFault:
    """A fault of one text: where it is, what it is called there, and what is shown now."""

    language: str
    domain: str
    name: str
    fault: Fault
    shown: str = ""

    def __str__(self) -> str:
        about = f" [{self.shown}]" if self.shown else ""
        return f"{self.language}/{self.domain}: {self.name}: {self.fault.what}{about}"


def source_text_faults(domain: str, template: Catalog) -> Iterator[TextFault]:
    """Yield what is wrong with the Dutch texts for the client."""
    for message in messages(template):
        if is_for_client(domain, message):
            for text in ids(message):
                for fault in source_faults(text):
                    yield TextFault(SOURCE_LANGUAGE, domain, name_of(message), fault, text)


def catalogue_faults(
    tree: SourceTree, language: str, domain: str, template: Catalog
) -> Iterator[TextFault]:
    """Yield what is wrong with the translations of a domain.

    Texts for the client must all be there; texts for a colleague count when they are translated.
    Raises CatalogueUnreadable, LedgerError and RulesUnreadable when those files are damaged.
    """
    rules = Rules.read(tree.root, language)
    old = tree.catalogue(language, domain)
    if old is not None:
        head = tree.catalogue_file(language, domain).read_text(encoding="utf-8").split("\n\n", 1)[0]
        named = _PLURAL_LINE.search(head)
        for fault in plural_header(language, "" if named is None else named[1]):
            yield TextFault(language, domain, "Plural-Forms", fault)
    current = brought_up_to_date(template, old, language, domain, tree.ledger())
    for message in messages(current):
        name = name_of(message)
        if is_translated(message):
            for fault in faults(ids(message), strings(message), rules):
                yield TextFault(language, domain, name, fault, " / ".join(strings(message)))
        elif is_for_client(domain, message):
            yield TextFault(language, domain, name, Fault("ontbreekt", "Vertaal deze tekst."))
