"""A paper for the client: Dutch on the left, the client's own language beside it.

Every document for the client is made of the same few blocks, so that all of them read alike. The
Dutch is always complete; where there is no translation of a text, it stands there alone. Direction
follows the language of each text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from intake_app.documents.model import Text
from intake_app.documents.printable import covered_characters, printable
from intake_app.documents.typesetting import typeset
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import D_
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE

_SCRIPTS: Final = (
    ("\u0600", "\u06ff", "Arab"),
    ("\u0750", "\u077f", "Arab"),
    ("\u1200", "\u137f", "Ethi"),
    ("\u0400", "\u04ff", "Cyrl"),
)
"""First and last letter of a block of Unicode, and the script (ISO 15924) it is for."""

MADE: Final = D_("Gemaakt op {day} door {organisation}.")
MACHINE_MADE: Final = (
    D_("Een computer heeft deze vertaling gemaakt."),
    D_("Nog niet alles is nagekeken."),
    D_("Is iets niet duidelijk? Vraag het ons."),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One text in Dutch, and in the client's language where there is a translation."""

    dutch: str
    own: Text | None = None
    unreviewed: bool = False
    """True when nobody has checked the translation yet."""


def written(text: str, language: str = "") -> Text:
    """Return somebody's own words in the language their first letter tells of.

    `language` is the person's; it decides between languages of one script. Without it the first
    language of that script is taken, so that the direction is right.
    """
    letter = next((each for each in text if each.isalpha()), "")
    script = next((name for first, last, name in _SCRIPTS if first <= letter <= last), "Latn")
    if script == "Latn":
        return Text(text)
    spoken = LANGUAGES.get(language)
    if spoken is not None and spoken.script == script:
        return Text(text, language)
    code = next(each.code for each in LANGUAGES.values() if each.script == script)
    return Text(text, code)


class ShownText(Protocol):
    """A translation with the language it really is in, and how sure it is."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def status(self) -> str: ...


class Speaker:
    """Says the Dutch texts of a document, in `language` too."""

    def __init__(self, language: str, translated: Callable[[str], ShownText] | None = None) -> None:
        """Take translations from `translated`; without it, or in Dutch, all is said in Dutch."""
        self.language = language if language in LANGUAGES else SOURCE_LANGUAGE
        self._translated = None if self.language == SOURCE_LANGUAGE else translated

    def __call__(self, dutch: str, **fields: str | Said) -> Said:
        """Return the text with its `{fields}` filled in.

        A field that is itself `Said` is put in by its own words in each language.
        """
        said = dutch.format(**{name: _dutch(value) for name, value in fields.items()})
        shown = None if self._translated is None else self._translated(dutch)
        if shown is None or shown.language == SOURCE_LANGUAGE:
            return Said(said)
        filled = {name: _own(value) for name, value in fields.items()}
        inside = [value for value in fields.values() if isinstance(value, Said)]
        return Said(
            said,
            Text(shown.text.format(**filled), shown.language),
            shown.status == "unreviewed" or any(value.unreviewed for value in inside),
        )

    def number(self, number: int) -> Said:
        """Return a number in the digits that a reader of the language uses."""
        from intake_app.i18n.formats import localise_digits

        if self.language == SOURCE_LANGUAGE:
            return Said(str(number))
        return Said(str(number), Text(localise_digits(str(number), self.language), self.language))

    def joined(self, parts: list[Said], between: str = "\u00a0· ") -> Said:
        """Return the parts as one text; in Dutch alone when one of them has no translation."""
        dutch = between.join(part.dutch for part in parts)
        if not parts or any(part.own is None for part in parts):
            return Said(dutch)
        own = between.join(part.own.text for part in parts if part.own is not None)
        return Said(dutch, Text(own, self.language), any(part.unreviewed for part in parts))


def _dutch(value: str | Said) -> str:
    return value if isinstance(value, str) else value.dutch


def _own(value: str | Said) -> str:
    if isinstance(value, str):
        return isolate(value)
    return value.dutch if value.own is None else value.own.text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 opens a part, level 2 something within it."""

    text: Said
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain sentences."""

    text: Said
    strong: bool = False
    keep: bool = False
    """True to stay on the page of what follows."""


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list; `mark` is the sign before it."""

    text: Said
    mark: str = "•"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what stands behind it; `value` is literal text in a language of its own."""

    label: Said
    value: Text | Said


@dataclass(frozen=True, slots=True)
class Answer:
    """A question as it was put, with the person's own answer.

    `answer` is literal where the person said it in their own words.
    """

    question: Said
    answer: Text | Said


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something that was agreed, in the words it was written in; who does it and when."""

    what: Text
    told: Said
    result: Text | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """Words that are nobody's translation: a law, an address, what somebody wrote."""

    text: Text
    small: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Room for a signature, and whose it is."""

    whose: Said


Block = Heading | Paragraph | Item | Fact | Answer | Agreement | Literal | Signature


@dataclass(frozen=True, slots=True)
class ClientPage:
    """A whole paper, ready to be printed. `created` is an aware time and the date in the PDF."""

    title: Said
    language: str
    sender: str
    """The organisation that hands the paper over; in the footer."""
    made: Said
    """When and by whom, as one sentence under the title."""
    created: datetime
    blocks: tuple[Block, ...]
    unreviewed: tuple[Said, ...] = ()
    """What to say where a translation was not checked; see `MACHINE_MADE`."""
    practice: bool = False


def texts_of(page: ClientPage) -> tuple[Said, ...]:
    """Return every bilingual text of the page, in order."""
    found = [page.title, page.made]
    for block in page.blocks:
        if isinstance(block, Heading | Paragraph | Item):
            found.append(block.text)
        elif isinstance(block, Fact):
            found.append(block.label)
            found += [block.value] if isinstance(block.value, Said) else []
        elif isinstance(block, Answer):
            found.append(block.question)
            found += [block.answer] if isinstance(block.answer, Said) else []
        elif isinstance(block, Agreement):
            found.append(block.told)
        elif isinstance(block, Signature):
            found.append(block.whose)
    return tuple(found)


def render(page: ClientPage, fonts: Path) -> bytes:
    """Return the paper as PDF/A-3a and PDF/UA-1: tagged, titled, a language for each run.

    `fonts` is the folder of the bundled fonts; no other font is used. The same page gives the same
    bytes. Raises `DocumentError`, ValueError for a time without a zone.
    """
    if page.created.tzinfo is None:
        raise ValueError("created must be an aware time")
    covered = covered_characters(fonts)
    at = page.created.astimezone(UTC)
    notice = page.unreviewed if any(said.unreviewed for said in texts_of(page)) else ()
    data = {
        "title": _said(page.title, covered),
        "made": _said(page.made, covered),
        "sender": printable(page.sender, covered),
        "practice": page.practice,
        "alone": page.language == SOURCE_LANGUAGE,
        "language": _language(page.language),
        "unreviewed": [_said(said, covered) for said in notice],
        "moment": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "blocks": [_block(block, covered) for block in page.blocks],
    }
    title = ("Oefening: " if page.practice else "") + page.title.dutch
    return typeset(
        "client_page.typ",
        {
            "data": json.dumps(data, ensure_ascii=False),
            "title": printable(title, covered),
        },
        fonts,
        at=at,
        failure=(
            "Het papier voor de cliënt kon niet worden gemaakt. Er is niets afgedrukt. "
            "Probeer het opnieuw; lukt het weer niet, meld het dan bij je beheerder."
        ),
    )


def _block(block: Block, covered: frozenset[int]) -> dict[str, object]:
    kind = type(block).__name__.lower()
    if isinstance(block, Heading):
        return {"kind": kind, "text": _said(block.text, covered), "level": block.level}
    if isinstance(block, Paragraph):
        return {
            "kind": kind,
            "text": _said(block.text, covered),
            "strong": block.strong,
            "keep": block.keep,
        }
    if isinstance(block, Item):
        return {"kind": kind, "text": _said(block.text, covered), "mark": block.mark}
    if isinstance(block, Fact):
        return {
            "kind": kind,
            "label": _said(block.label, covered),
            "value": _either(block.value, covered),
        }
    if isinstance(block, Answer):
        return {
            "kind": kind,
            "question": _said(block.question, covered),
            "answer": _either(block.answer, covered),
        }
    if isinstance(block, Agreement):
        return {
            "kind": kind,
            "what": _text(block.what, covered),
            "told": _said(block.told, covered),
            "result": None if block.result is None else _text(block.result, covered),
        }
    if isinstance(block, Literal):
        return {"kind": kind, "text": _text(block.text, covered), "small": block.small}
    return {"kind": kind, "whose": _said(block.whose, covered)}


def _either(value: Text | Said, covered: frozenset[int]) -> dict[str, object]:
    if isinstance(value, Said):
        return {"said": _said(value, covered), "literal": None}
    return {"said": None, "literal": _text(value, covered)}


def _said(said: Said, covered: frozenset[int]) -> dict[str, object]:
    own = None if said.own is None else _text(said.own, covered)
    return {"dutch": printable(said.dutch, covered), "own": own}


def _text(text: Text, covered: frozenset[int]) -> dict[str, object]:
    return {"text": printable(text.text, covered), **_language(text.language)}


def _language(code: str) -> dict[str, object]:
    language = LANGUAGES.get(code)
    if language is None:
        return {"language": "und", "script": "Zyyy", "rtl": False, "name": ""}
    return {
        "language": language.code,
        "script": language.script,
        "rtl": language.direction == "rtl",
        "name": language.own_name,
    }
