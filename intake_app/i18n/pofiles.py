"""Translation sources: templates (.pot) and catalogues (.po), read, brought up to date, written.

A catalogue has every text of its template, untranslated ones with an empty translation. Files are
written without dates and line numbers, so that a file changes only when a text does. Babel is
imported when it is needed: nothing here runs in the program itself.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from intake_app.i18n.catalogues import DOCUMENTS_DOMAIN, UI_DOMAIN, form_domain
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.i18n.plurals import plural_count, plural_forms
from intake_app.i18n.review import ReviewLedger, names_one_text, text_hash
from intake_app.i18n.words import (
    CLIENT_COMMENT,
    DOCUMENT_KEYWORDS,
    KEYWORDS,
    RESOURCE_KEYWORDS,
    STAFF_COMMENT,
)

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

LEDGER = Path("translations") / "REVIEW.toml"
CONFIG = "babel.cfg"
_WIDTH = 100


class SourceTreeMissing(Exception):
    """The folder is not the source of the program; str() is a Dutch sentence."""


class CatalogueUnreadable(Exception):
    """A catalogue is damaged; str() is a Dutch sentence with its name and the place."""


@dataclass(frozen=True, slots=True)
class SourceTree:
    """The folder with `babel.cfg`, `intake_app/`, `forms/` and `translations/`."""

    root: Path

    def __post_init__(self) -> None:
        if not (self.root / CONFIG).is_file() or not (self.root / "translations").is_dir():
            raise SourceTreeMissing(
                f"In {self.root} staan de bronnen van het programma niet. Vertalen kan alleen in "
                "de map met babel.cfg en translations/. Geef die map op met --root."
            )

    def domains(self) -> tuple[str, ...]:
        """Return the domains there are texts for: every form, then `documents` and `ui`."""
        forms = sorted(path.parent.name for path in self.root.glob("forms/*/survey.csv"))
        return (*(form_domain(form) for form in forms), DOCUMENTS_DOMAIN, UI_DOMAIN)

    def languages(self) -> tuple[str, ...]:
        """Return the languages that have at least one catalogue."""
        found = {path.parent.parent.name for path in self.root.glob("translations/*/*/*.po")}
        return tuple(code for code in LANGUAGES if code in found)

    def template_file(self, domain: str) -> Path:
        """Return where the template of a domain is written."""
        return self.root / "translations" / f"{domain}.pot"

    def catalogue_file(self, language: str, domain: str) -> Path:
        """Return where the translations of a domain into a language are."""
        return self.root / "translations" / language / "LC_MESSAGES" / f"{domain}.po"

    def ledger(self) -> ReviewLedger:
        """Return the ledger of reviews. Raises LedgerError when it is damaged."""
        return ReviewLedger.read(self.root / LEDGER)

    def template(self, domain: str) -> Catalog:
        """Return the texts of a domain as the sources have them now.

        Raises UnknownName when `babel.cfg` names a constant that is not there.
        """
        from babel.messages.catalog import Catalog
        from babel.messages.extract import extract_from_dir
        from babel.messages.frontend import parse_mapping_cfg

        places: list[tuple[str, Mapping[str, Any]]]
        if domain == UI_DOMAIN:
            places = [("intake_app", KEYWORDS)]
        elif domain == DOCUMENTS_DOMAIN:
            places = [("intake_app", DOCUMENT_KEYWORDS), ("resources", RESOURCE_KEYWORDS)]
        else:
            places = [(f"forms/{domain.removeprefix('forms_')}", KEYWORDS)]
        with (self.root / CONFIG).open(encoding="utf-8") as file:
            methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
        template = Catalog(charset="utf-8")
        for folder, keywords in places:
            if not (self.root / folder).is_dir():
                continue
            found = extract_from_dir(
                self.root / folder, methods, options, {**keywords}, strip_comment_tags=True
            )
            # the survey before the choices: the order in which a translator meets the texts
            order = sorted(found, key=lambda row: (row[0] == "choices.csv", row[0], row[1]))
            for name, _line, text, comments, context in order:
                place = [] if folder.startswith("forms/") else [(f"{folder}/{name}", 0)]
                template.add(text, None, place, auto_comments=comments, context=context)
        return template

    def catalogue(self, language: str, domain: str) -> Catalog | None:
        """Return the translations of a domain, None when there are none yet."""
        from babel.messages.pofile import PoFileError, read_po

        path = self.catalogue_file(language, domain)
        if not path.is_file():
            return None
        try:
            with path.open("rb") as file:
                return read_po(file, locale=LANGUAGES[language].cldr, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            raise CatalogueUnreadable(
                f"De vertaling {language}/{path.name} is niet te lezen: {error}. Herstel de regel "
                "die hier genoemd is."
            ) from None

    def save_template(self, domain: str, template: Catalog) -> bool:
        """Write the template of a domain; return whether the file changed."""
        title = f"Template of {domain}: the Dutch texts; made by `intake translations extract`."
        return _save(self.template_file(domain), title, {}, template)

    def save_catalogue(self, language: str, domain: str, catalogue: Catalog) -> bool:
        """Write the translations of a domain; return whether the file changed."""
        path = self.catalogue_file(language, domain)
        header = {"Language": language, "Plural-Forms": plural_forms(language)}
        return _save(path, _title(path, language, domain), header, catalogue)


def brought_up_to_date(
    template: Catalog,
    old: Catalog | None,
    language: str,
    domain: str,
    ledger: ReviewLedger,
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> Catalog:
    """Return the texts of `template` with the translations of `old`.

    A translation is kept when text and context are the same. What belongs to a changed or vanished
    text is kept as obsolete, to be looked at and never shown; it is back when its text is back. A
    text for the client without a translation takes that of the same Dutch in `elsewhere` (see
    `said_elsewhere`).
    A translation that is not in the ledger carries the fuzzy flag, one that is does not.
    """
    from babel.messages.catalog import Catalog

    new = Catalog(charset="utf-8")
    new.mime_headers = [("Plural-Forms", plural_forms(language))]
    used: set[tuple[object, str | None]] = set()
    for message in messages(template):
        key = (message.id, message.context)
        known = None
        if old is not None:
            known = old.get(message.id, message.context) or old.obsolete.get(
                old._key_for(message.id, message.context)  # noqa: SLF001
            )
        strings = _strings(known, len(ids(message)), language)
        if strings == ("",) and is_for_client(domain, message):
            strings = (elsewhere.get(ids(message)[0], ""),)
        added = new.add(
            message.id,
            strings if len(strings) > 1 else strings[0],
            message.locations,
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known is not None else (),
            context=message.context,
        )
        if is_translated(added) and not is_reviewed(added, language, domain, ledger):
            added.flags.add("fuzzy")
        used.add(key)
    if old is not None:
        left = [m for m in (*messages(old), *old.obsolete.values()) if is_translated(m)]
        for message in left:
            if (message.id, message.context) not in used:
                new.obsolete[new._key_for(message.id, message.context)] = message  # noqa: SLF001
    return new


def said_elsewhere(catalogues: Iterable[Catalog]) -> Mapping[str, str]:
    """Return Dutch text → its translation, where all catalogues of a language agree on it.

    A form asks what another form asks, and answers recur in many lists; what differs with the
    place it stands in is left to a translator.
    """
    found: dict[str, set[str]] = {}
    for catalogue in catalogues:
        for message in messages(catalogue):
            if is_translated(message) and len(ids(message)) == 1:
                found.setdefault(ids(message)[0], set()).add(strings(message)[0])
    return {dutch: next(iter(said)) for dutch, said in found.items() if len(said) == 1}


def messages(catalogue: Catalog) -> tuple[Message, ...]:
    """Return the texts of a catalogue without its header."""
    return tuple(message for message in catalogue if message.id)


def ids(message: Message) -> tuple[str, ...]:
    """Return the Dutch text, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    """Return the translation, one per plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def is_translated(message: Message) -> bool:
    """Return whether every form of the text has a translation."""
    return bool(strings(message)) and all(text.strip() for text in strings(message))


def is_for_client(domain: str, message: Message) -> bool:
    """Return whether the client reads or hears this text."""
    if domain == UI_DOMAIN:
        return CLIENT_COMMENT in message.auto_comments
    return STAFF_COMMENT not in message.auto_comments


def review_hash(message: Message) -> str:
    """Return the hash a review of this translation carries; plural forms are joined by NUL."""
    return text_hash("\0".join(ids(message)), "\0".join(strings(message)))


def is_reviewed(message: Message, language: str, domain: str, ledger: ReviewLedger) -> bool:
    """Return whether a person has checked exactly this translation of exactly this text."""
    key = (language, domain, message.context or "")
    return ledger.knows(*key, review_hash(message))


def name_of(message: Message) -> str:
    """Return what a text is called on the command line: its own context, else the Dutch text."""
    context = message.context or ""
    return context if names_one_text(context) else ids(message)[0]


def _strings(known: Message | None, forms: int, language: str) -> tuple[str, ...]:
    wanted = 1 if forms == 1 else plural_count(language)
    held = strings(known) if known is not None else ()
    return held if len(held) == wanted else ("",) * wanted


def _title(path: Path, language: str, domain: str) -> str:
    """Return the comment at the head of a catalogue: its own, or one for a new catalogue."""
    if path.is_file():
        lines = re.match(r"(?:#(?: .*)?\n)*", path.read_text(encoding="utf-8"))
        if lines is not None and lines.group().strip():
            return "\n".join(line[2:] for line in lines.group().splitlines())
    named = {
        UI_DOMAIN: "Texts of the program",
        DOCUMENTS_DOMAIN: "Texts of documents for the client",
    }
    what = named.get(domain, f"Texts of {domain}")
    into = LANGUAGES[language].dutch_name
    return (
        f"{what}: {into} ({language}). Machine-made (fuzzy) until a named person has checked a\n"
        "string; checked strings are listed in translations/REVIEW.toml. An empty translation\n"
        "shows the Dutch text."
    )


def _save(path: Path, title: str, header: Mapping[str, str], catalogue: Catalog) -> bool:
    from babel.messages.pofile import write_po

    fields = {
        **header,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    body = io.BytesIO()
    write_po(body, catalogue, omit_header=True, width=_WIDTH, include_lineno=False)
    head = "".join(f"# {line}".rstrip() + "\n" for line in title.splitlines())
    head += 'msgid ""\nmsgstr ""\n'
    head += "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    whole = (head + "\n" + body.getvalue().decode().strip("\n") + "\n").encode()
    if path.is_file() and path.read_bytes() == whole:
        return False
    replace_file(path, whole)
    return True


def replace_file(path: Path, body: bytes) -> None:
    """Write a file whole or not at all; its folder is made when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def is_language(code: str) -> bool:
    """Return whether texts can be translated into this language."""
    return code in LANGUAGES and code != SOURCE_LANGUAGE
