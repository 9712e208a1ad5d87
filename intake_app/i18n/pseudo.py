"""Languages nobody speaks, to see what a window does with longer and with mirrored texts.

`long` makes every text about 40 % longer, with accents and in brackets: what is cut off, glued
together or not translatable shows at a glance. `mirrored` lets every text run from right to left
inside explicit marks, in a right-to-left window, so that the mirroring can be judged by who reads
no Arabic. Placeholders, plural choice and line breaks stay as they are.
"""

from __future__ import annotations

import gettext
import math
import re
from typing import Literal

from intake_app.i18n.catalogues import Catalogues, DocumentTexts, FormText, UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE, Direction

Pseudo = Literal["long", "mirrored"]

LONGER = 0.4
"""How much longer a text becomes at least; Finnish, Tigrinya and Somali reach this in buttons."""

_PLACEHOLDER = re.compile(r"\$?\{[^{}]*\}|%[ds]|&&|&(?=\w)")
_ACCENTS = str.maketrans(
    "aceginosuyzACEGINOSUYZ",
    "åçéğîñöšûýžÅÇÉĞÎÑÖŠÛÝŽ",
)
_FILLER = "één twee drie vier vijf zes zeven acht negen tien"
_OVERRIDE, _POP, _MARK = "\u202e", "\u202c", "\u200f"


def lengthen(text: str) -> str:
    """Return `text` at least 40 % longer, accented, in brackets; '' stays ''.

    Placeholders (`{n}`, `${naam}`, `%d`) and line breaks come back unchanged and in order.
    """
    return "\n".join(_longer(line) if line.strip() else line for line in text.split("\n"))


def mirror(text: str) -> str:
    """Return `text` set to run from right to left, each line by itself; '' stays ''.

    Uses U+202E and U+202C, closed again on the same line, so what stands beside it is not turned.
    """
    return "\n".join(
        f"{_MARK}{_OVERRIDE}{line}{_POP}{_MARK}" if line.strip() else line
        for line in text.split("\n")
    )


def _longer(line: str) -> str:
    parts: list[str] = []
    at = 0
    for found in _PLACEHOLDER.finditer(line):
        parts += [line[at : found.start()].translate(_ACCENTS), found.group()]
        at = found.end()
    parts.append(line[at:].translate(_ACCENTS))
    words = "".join(parts)
    # brackets and space count too
    wanted = max(1, math.ceil(len(_PLACEHOLDER.sub("", line)) * LONGER) - 3)
    filler = _FILLER
    while len(filler) < wanted:
        filler += f" {_FILLER}"
    return f"[{words} {filler[:wanted].rstrip().ljust(wanted, 'n')}]"


def _turned(pseudo: Pseudo, text: str) -> str:
    return lengthen(text) if pseudo == "long" else mirror(text)


class _PseudoCatalogue(gettext.NullTranslations):
    """Answers every lookup with the Dutch text, turned."""

    def __init__(self, pseudo: Pseudo) -> None:
        super().__init__()
        self._pseudo: Pseudo = pseudo

    def gettext(self, message: str) -> str:
        return _turned(self._pseudo, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _turned(self._pseudo, msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        del context
        return _turned(self._pseudo, message)


class PseudoTexts(UiTexts):
    """The program's own texts in a language nobody speaks."""

    def __init__(self, pseudo: Pseudo) -> None:
        super().__init__(SOURCE_LANGUAGE, _PseudoCatalogue(pseudo))
        self.pseudo: Pseudo = pseudo

    @property
    def direction(self) -> Direction:
        """Return 'rtl' for the mirrored one."""
        return "rtl" if self.pseudo == "mirrored" else "ltr"


class _PseudoDocumentTexts(DocumentTexts):
    def __init__(self, catalogues: Catalogues, language: str, pseudo: Pseudo) -> None:
        super().__init__(catalogues, language)
        self._pseudo: Pseudo = pseudo

    def text(self, source: str) -> FormText:
        """Return the text of the real catalogue, turned."""
        found = super().text(source)
        return FormText(_turned(self._pseudo, found.text), found.language, found.status)


class PseudoCatalogues(Catalogues):
    """Catalogues of which every text is turned, those of forms and of the client included."""

    def __init__(self, real: Catalogues, pseudo: Pseudo) -> None:
        """Take the texts of `real`; the review ledger goes along."""
        super().__init__(real.compiled, real.review)
        self._real, self._pseudo = real, pseudo

    def ui(self, language: str) -> UiTexts:
        """Return the pseudo texts, for whichever language."""
        del language
        return PseudoTexts(self._pseudo)

    def document_texts(self, language: str) -> DocumentTexts:
        """Return the words of documents for the client in a language, turned."""
        return _PseudoDocumentTexts(self._real, language, self._pseudo)

    def form_text(self, form_id: str, kind: str, name: str, language: str, source: str) -> FormText:
        """Return one text of a form, turned, with the language and the status it really has."""
        found = self._real.form_text(form_id, kind, name, language, source)
        return FormText(_turned(self._pseudo, found.text), found.language, found.status)
