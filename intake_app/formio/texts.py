"""Catalogues as the form engine's source of texts: the one place where the two meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_app.xforms import ShownText

if TYPE_CHECKING:
    from intake_app.i18n.catalogues import Catalogues
    from intake_app.xforms import TextRef


class CatalogueTexts:
    """Implements the engine's `Texts` on compiled catalogues."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._texts = catalogues.form_texts()

    def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
        """Return the text in `language`, or the source as "missing"; see `FormTexts.text`."""
        found = self._texts.text(form_id, ref, language, source)
        return ShownText(found.text, found.language, found.status)
