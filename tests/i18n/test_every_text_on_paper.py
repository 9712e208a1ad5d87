"""All words for the client set in type, in each language: nothing is missing from our fonts."""

from __future__ import annotations

from datetime import UTC, datetime

import pypdfium2
import pytest

from intake_app import paths
from intake_app.documents.client_page import ClientPage, Paragraph, Said, render
from intake_app.documents.model import Text
from intake_app.documents.printable import REPLACEMENT
from intake_app.i18n.pofiles import SourceTree, ids, is_for_client, is_translated, messages, strings

TREE = SourceTree(paths.translations_dir().parent)


def said(language: str) -> list[tuple[str, str]]:
    """Return every text for the client with its translation."""
    found: dict[tuple[str, str], None] = {}
    for domain in TREE.domains():
        catalogue = TREE.catalogue(language, domain)
        for message in messages(catalogue) if catalogue is not None else ():
            if is_for_client(domain, message) and is_translated(message):
                found[ids(message)[0], strings(message)[0]] = None
    return list(found)


@pytest.mark.parametrize("language", ["en", "ar", "ti", "fa"])
def test_every_text_can_be_printed_and_read_back(language: str) -> None:
    texts = said(language)
    assert len(texts) > 600
    page = ClientPage(
        title=Said("Alle teksten"),
        language=language,
        sender="Proef",
        made=Said("Gemaakt voor de proef."),
        created=datetime(2026, 3, 1, tzinfo=UTC),
        blocks=tuple(Paragraph(Said(dutch, Text(shown, language))) for dutch, shown in texts),
    )
    # PDF/A and PDF/UA allow no character without a glyph: the typesetter refuses those.
    document = pypdfium2.PdfDocument(render(page, paths.resource("fonts")))
    try:
        read = "".join(
            document[number].get_textpage().get_text_range() for number in range(len(document))
        )
    finally:
        document.close()
    assert REPLACEMENT not in read
    assert "\ufffd" not in read
    letters = {c for _, shown in texts for c in shown if c.isalnum()}
    assert letters - set(read) == set()
