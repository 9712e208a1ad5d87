"""Translations at run time: compiled gettext catalogues, read with the standard library alone.

Layout below the compiled folder: `catalogues/<language>/<domain>.mo` and `catalogues/REVIEW.toml`.
Domains are `ui` (what the program says), `documents` (what the client reads on paper) and one
`forms_<form_id>` per form. Catalogues contain machine-made texts too; the ledger decides per
string whether the program may show it without the review mark.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE, Direction, direction
from intake_app.i18n.review import ReviewLedger, TextStatus
from intake_app.sentences import Sentence

UI_DOMAIN = "ui"
DOCUMENTS_DOMAIN = "documents"
REASON_CONTEXT = "deelbaarheid"
"""The msgctxt of the reasons in the sharing table."""

LEDGER_NAME = "REVIEW.toml"
_EVERYWHERE = ("Vandaag", "Mensen", "Overdracht", "Overzicht", "Instellingen", "Vergrendelen")
"""Words of every window; who reads one of them in another language reads all of them so."""

_FIELD = re.compile(r"\{[^{}]*\}")


def D_(text: str) -> str:  # noqa: N802 - the name extractors look for, beside gettext's own N_
    """Mark a Dutch text of a document for the client; it comes back unchanged.

    The translation is looked up where the document is made, by `DocumentTexts.text`.
    """
    return text


def form_domain(form_id: str) -> str:
    """Return the catalogue domain of a form."""
    return f"forms_{form_id}"


def form_context(form_id: str, kind: str, name: str) -> str:
    """Return the msgctxt of one text of a form, stable when its wording changes."""
    return f"{form_id}/{kind}/{name}"


@dataclass(frozen=True, slots=True)
class FormText:
    """A text as it can be shown: what, in which language it really is, and how sure we are."""

    text: str
    language: str
    status: TextStatus


class NamedText(Protocol):
    """What a form's text is called: kind (label, hint, …) and name; see the form engine."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...


class _Nothing(gettext.NullTranslations):
    """Answers every lookup with '', so that "absent" differs from "same as the source"."""

    def gettext(self, message: str) -> str:  # noqa: ARG002
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002
        return ""

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return ""


class UiTexts:
    """The program's own texts in one language; what has no translation is shown in Dutch.

    Extraction keywords: `tr.gettext`, `tr.ngettext:1,2`, `tr.pgettext:1c,2`, and `N_` or `Sentence`
    for what is translated where it is used.
    """

    def __init__(self, language: str, catalogue: gettext.NullTranslations | None) -> None:
        self.language = language
        self._catalogue = catalogue

    @property
    def direction(self) -> Direction:
        """Return the writing direction of the language."""
        return direction(self.language)

    def gettext(self, message: str) -> str:
        """Return the translation of a Dutch text."""
        found = "" if self._catalogue is None or not message else self._catalogue.gettext(message)
        return found or message

    def said(self, told: object) -> str:
        """Return what an error or the core says to a person, in this language.

        That is `str(told)`; of a `Sentence` (see `intake_app.sentences`) the fields are filled in.
        """
        return Sentence(str(told)).translated(self.gettext)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the form of a text that fits the number `n`."""
        found = "" if self._catalogue is None else self._catalogue.ngettext(singular, plural, n)
        return found or (singular if n == 1 else plural)

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of a short text whose meaning depends on where it stands."""
        found = "" if self._catalogue is None else self._catalogue.pgettext(context, message)
        return found or message


class FormTexts:
    """Texts of forms in any language, each with its review status."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def text(self, form_id: str, ref: NamedText, language: str, source: str) -> FormText:
        """Return one text of a form.

        Dutch comes back as the source itself. A text without a translation, or whose translation
        names other `${…}` placeholders than the source, comes back in Dutch as "missing".
        """
        return self._catalogues.form_text(form_id, ref.kind, ref.name, language, source)


class DocumentTexts:
    """The words of documents for the client in one language, each with its review status."""

    def __init__(self, catalogues: Catalogues, language: str) -> None:
        self.language = language
        self._catalogues = catalogues

    @property
    def direction(self) -> Direction:
        """Return the writing direction of the language that was asked for."""
        return direction(self.language)

    def text(self, source: str) -> FormText:
        """Return a text marked with `D_`.

        Dutch comes back as the source itself. A text without a translation, or whose translation
        has other `{…}` fields than the source, comes back in Dutch as "missing".
        """
        return self._catalogues.document_text(self.language, "", source)

    def reason(self, source: str) -> FormText:
        """Return a reason of the sharing table; see `text`."""
        return self._catalogues.document_text(self.language, REASON_CONTEXT, source)


class Catalogues:
    """All compiled catalogues; each is read once, when its language is first asked for."""

    def __init__(self, compiled: Path, review: ReviewLedger | None = None) -> None:
        """Read from `compiled`; without `review` the ledger beside the catalogues counts.

        Raises LedgerError when that ledger is damaged.
        """
        self._compiled = compiled
        self._folder = compiled / "catalogues"
        self._review = review or ReviewLedger.read(self._folder / LEDGER_NAME)
        self._read: dict[tuple[str, str], gettext.NullTranslations | None] = {}
        self._shown: dict[tuple[str, str, str, str, str], FormText] = {}

    @property
    def compiled(self) -> Path:
        """Return the folder the catalogues are read from."""
        return self._compiled

    @property
    def review(self) -> ReviewLedger:
        """Return the ledger that decides what is shown without the review mark."""
        return self._review

    def languages(self, form_id: str) -> tuple[str, ...]:
        """Return the codes of the languages a form has texts in, Dutch first."""
        domain = form_domain(form_id)
        found = sorted(path.parent.name for path in self._folder.glob(f"*/{domain}.mo"))
        return (SOURCE_LANGUAGE, *(code for code in found if code != SOURCE_LANGUAGE))

    def interface_languages(self) -> tuple[str, ...]:
        """Return the codes of the languages the windows can be in, Dutch first.

        A catalogue with only the words for the client is not one of them.
        """
        return tuple(code for code in LANGUAGES if self.has_windows(code))

    def has_windows(self, language: str) -> bool:
        """True when the windows can be in a language."""
        if language == SOURCE_LANGUAGE:
            return True
        catalogue = self._catalogue(language, UI_DOMAIN)
        return catalogue is not None and all(catalogue.gettext(word) for word in _EVERYWHERE)

    def ui(self, language: str) -> UiTexts:
        """Return the program's own texts in a language."""
        return UiTexts(language, self._catalogue(language, UI_DOMAIN))

    def form_texts(self) -> FormTexts:
        """Return the provider of form texts (structurally the engine's `Texts`)."""
        return FormTexts(self)

    def document_texts(self, language: str) -> DocumentTexts:
        """Return the words of documents for the client in a language."""
        return DocumentTexts(self, language)

    def document_text(self, language: str, context: str, source: str) -> FormText:
        """Return one text of a document; see `DocumentTexts.text`."""
        if language == SOURCE_LANGUAGE or not source.strip():
            return FormText(source, SOURCE_LANGUAGE, "source")
        catalogue = self._catalogue(language, DOCUMENTS_DOMAIN)
        if catalogue is None:
            found = ""
        elif context:
            found = catalogue.pgettext(context, source)
        else:
            found = catalogue.gettext(source)
        if not found or fields(found) != fields(source):
            return FormText(source, SOURCE_LANGUAGE, "missing")
        status = self._review.status(language, DOCUMENTS_DOMAIN, context, source, found)
        return FormText(found, language, status)

    def form_text(self, form_id: str, kind: str, name: str, language: str, source: str) -> FormText:
        """Return one text of a form; see `FormTexts.text`."""
        if language == SOURCE_LANGUAGE or not source.strip():
            return FormText(source, SOURCE_LANGUAGE, "source")
        key = (form_id, kind, name, language, source)
        shown = self._shown.get(key)
        if shown is None:
            shown = self._shown[key] = self._form_text(form_id, kind, name, language, source)
        return shown

    def _form_text(
        self, form_id: str, kind: str, name: str, language: str, source: str
    ) -> FormText:
        source = tidy(source)
        domain = form_domain(form_id)
        catalogue = self._catalogue(language, domain)
        context = form_context(form_id, kind, name)
        found = "" if catalogue is None else catalogue.pgettext(context, source)
        if not found or placeholders(found) != placeholders(source):
            return FormText(source, SOURCE_LANGUAGE, "missing")
        status = self._review.status(language, domain, context, source, found)
        return FormText(found, language, status)

    def _catalogue(self, language: str, domain: str) -> gettext.NullTranslations | None:
        key = (language, domain)
        if key not in self._read:
            path = self._folder / language / f"{domain}.mo"
            catalogue: gettext.NullTranslations | None = None
            if path.is_file():
                with path.open("rb") as file:
                    catalogue = gettext.GNUTranslations(file)
                catalogue.add_fallback(_Nothing())
            self._read[key] = catalogue
        return self._read[key]


def tidy(text: str) -> str:
    """Return `text` with single spaces and no space at the ends of lines, as texts are matched."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of the `${…}` placeholders of a text, sorted, repeats kept."""
    names: list[str] = []
    start = text.find("${")
    while start >= 0:
        end = text.find("}", start)
        if end < 0:
            break
        names.append(text[start + 2 : end].strip())
        start = text.find("${", end)
    return tuple(sorted(names))


def fields(text: str) -> tuple[str, ...]:
    """Return the `{…}` fields of a text of the program or a document, sorted, repeats kept."""
    return tuple(sorted(_FIELD.findall(text)))
