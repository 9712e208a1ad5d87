"""What must be right in every translation, whoever made it: rules a program can check.

A rule gives a `Fault` with a Dutch sentence that says what is wrong and how to mend it. Which terms
are chosen, which are forbidden and which Latin words may stay is data: `translations/glossary.csv`
and `translations/loanwords.csv`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intake_app.i18n.catalogues import fields, placeholders
from intake_app.i18n.formats import localise_digits, to_ascii_digits
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE, direction
from intake_app.i18n.plurals import plural_forms

GLOSSARY: Final = Path("translations") / "glossary.csv"
LOANWORDS: Final = Path("translations") / "loanwords.csv"

_SCRIPTS: Final = {
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "Cyrl": "\u0400-\u052f",
    "Latn": "A-Za-z\u00aa-\u024f\u1e00-\u1eff",
}
_FOREIGN_LETTERS: Final = {
    # Persian keyboards and Arabic keyboards give letters that look alike and are not the same:
    # searching, sorting and reading aloud go wrong.
    "fa": ("يكةىٱإ", "Schrijf de Perzische letters ی en ک."),
    "prs": ("يكةىٱإ", "Schrijf de Perzische letters ی en ک."),
    "ar": ("یکگچپژۀہ", "Schrijf de Arabische letters."),
}
_MARKS: Final = {  # Latin mark → the one of the language
    "ar": {"?": "؟", ",": "،", ";": "؛"},
    "fa": {"?": "؟", ",": "،", ";": "؛"},
    "prs": {"?": "؟", ",": "،", ";": "؛"},
    "ps": {"?": "؟", ",": "،", ";": "؛"},
    "ckb": {"?": "؟", ",": "،", ";": "؛"},
    # Tigrinya is printed today with ? rather than the older ፧.
    "ti": {",": "፡", ";": "፡", "፧": "?"},
}
_STOPS: Final = {"ti": "።"}
_QUOTES: Final = {"ar": "«»", "fa": "«»", "prs": "«»", "ps": "«»", "ckb": "«»"}
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|\*\*|__")
_FIELDS = re.compile(r"\$?\{[^{}]*\}")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9'’-]*")
_LEVEL = re.compile(r"[A-C][0-2]")
"""A level of the European framework for languages: the same in every script."""

_NUMBER = re.compile(r"[0-9]+")
_QUOTED = re.compile("[‘“«][^’”»]*[’”»]")
_FAMILIAR = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
_BIDI_FORBIDDEN = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e")
_ISOLATES = "\u2066\u2067\u2068"
_PDI = "\u2069"
_ZWNJ = "\u200c"


class RulesUnreadable(ValueError):
    """The glossary or the list of loan words is damaged; str() is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the glossary: what a Dutch term is called in a language, and what never."""

    dutch: str
    chosen: tuple[str, ...]
    forbidden: tuple[str, ...]

    def stands_in(self, source: str) -> bool:
        """Return whether the Dutch text uses the term."""
        pattern = rf"(?<!\w){re.escape(self.dutch)}(?!\w)"
        return re.search(pattern, source, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Rules:
    """What is chosen for one language: terms, Latin words that may stay, texts that stay alike."""

    language: str
    terms: tuple[Term, ...] = ()
    latin: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()

    @classmethod
    def read(cls, root: Path, language: str) -> Rules:
        """Read the rules of a language from a source tree; files that are absent give none.

        Raises RulesUnreadable.
        """
        terms = tuple(_terms(root / GLOSSARY, language))
        words = tuple(_rows(root / LOANWORDS, ("word", "kind", "languages", "why")))
        here = [row for row in words if row["languages"] == "*" or _named(row, language)]
        return cls(
            language,
            terms,
            frozenset(row["word"] for row in here if row["kind"] in {"name", "loan"}),
            frozenset(row["word"] for row in here if row["kind"] in {"same", "name"}),
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a translation: the rule's short name, and what to do."""

    rule: str
    what: str


def faults(sources: Sequence[str], shown: Sequence[str], rules: Rules) -> Iterator[Fault]:
    """Yield what is wrong with the forms `shown` of one text.

    `sources` is the Dutch text, or its singular and plural; `shown` has one text per plural form
    of the language, all of them filled in. A fault that several forms share comes once.
    """
    found: dict[Fault, None] = {}
    for form, text in enumerate(shown):
        found.update(dict.fromkeys(form_faults(sources, form, text, rules)))
    yield from found


def form_faults(sources: Sequence[str], form: int, text: str, rules: Rules) -> Iterator[Fault]:
    """Yield what is wrong with one plural form; 0 is the only form of a text without a number."""
    source = sources[0] if form == 0 else sources[-1]
    yield from _faults(source, text, rules, plural=len(sources) > 1)


def source_faults(text: str) -> Iterator[Fault]:
    """Yield what is wrong with a Dutch text for the client itself."""
    yield from _faults(text, text, Rules(SOURCE_LANGUAGE), plural=False)
    if _FAMILIAR.search(text):
        yield Fault("aanspreken", "Zeg ‘u’ tegen de cliënt.")


def plural_header(language: str, header: str) -> Iterator[Fault]:
    """Yield what is wrong with the plural rule a catalogue names."""
    if header.replace(" ", "") != plural_forms(language).replace(" ", ""):
        yield Fault("meervoud", f"De regel voor het meervoud is: {plural_forms(language)}")


def _faults(source: str, text: str, rules: Rules, *, plural: bool) -> Iterator[Fault]:
    yield from _markup(source, text, plural=plural)
    yield from _bidi(text, rules.language)
    yield from _spaces(source, text)
    yield from _script(source, text, rules)
    yield from _digits(source, text, rules.language, plural=plural)
    yield from _punctuation(source, text, rules.language)
    if rules.language != SOURCE_LANGUAGE:
        if text == source and text not in rules.alike and re.search(r"[A-Za-z]{2}", _plain(text)):
            yield Fault("gelijk", "Dit is nog de Nederlandse tekst. Vertaal hem.")
        yield from _glossary(source, text, rules)


def _markup(source: str, text: str, *, plural: bool) -> Iterator[Fault]:
    wanted, found = placeholders(source), placeholders(text)
    if wanted != found:
        yield Fault("veld", f"Laat {_listed('${%s}', wanted)} precies zo staan.")
    ours, theirs = fields(source), fields(text)
    # A form for one or two may say the number in a word.
    if ours != theirs and not (plural and set(theirs) <= set(ours)):
        yield Fault("veld", f"Laat {_listed('%s', ours)} precies zo staan.")
    if sorted(_TAG.findall(source)) != sorted(_TAG.findall(text)):
        yield Fault("opmaak", "Houd dezelfde opmaak: <…>, ** en __ zoals in het Nederlands.")
    if source.count("\n") != text.count("\n"):
        yield Fault("opmaak", "Houd evenveel regels als in het Nederlands.")


def _bidi(text: str, language: str) -> Iterator[Fault]:
    if _BIDI_FORBIDDEN & set(text):
        yield Fault("richting", "Haal het onzichtbare teken voor de leesrichting weg.")
    depth = 0
    for char in text:
        depth += (char in _ISOLATES) - (char == _PDI)
        if depth < 0:
            break
    if depth:
        yield Fault("richting", "Een stuk met een eigen leesrichting begint of eindigt niet.")
    bare = _FIELDS.sub("", text)
    strong = next((k for c in bare if (k := unicodedata.bidirectional(c)) in {"L", "R", "AL"}), "")
    reads = "rtl" if strong in {"R", "AL"} else "ltr"
    has_own = re.search(f"[{_SCRIPTS[_script_of(language)]}]", bare)
    if strong and has_own and reads != direction(language):
        yield Fault("richting", "Begin met een woord in de eigen taal, niet met een ander schrift.")


def _spaces(source: str, text: str) -> Iterator[Fault]:
    # A text that is put before another ends in the space between them.
    ends = text.endswith(" ") and not source.endswith(" ")
    if text.lstrip() != text or ends or re.search(r"[^\S\n]{2}|\t| \n|\n ", text):
        yield Fault(
            "spaties", "Haal de spatie te veel weg: aan het begin, het eind of twee achter elkaar."
        )
    if re.search(r" [?؟.,،;؛:።፡!]", text):
        yield Fault("spaties", "Zet geen spatie voor een leesteken.")
    if re.search(f"{_ZWNJ}(?!\\w)|(?<!\\w){_ZWNJ}", text):
        yield Fault("spaties", "Een smalle scheiding (ZWNJ) hoort tussen twee letters.")
    if "\u0640" in text:
        yield Fault("spaties", "Haal de verlengstreep (ـ) weg.")
    if any(unicodedata.category(c) in {"Cc", "Co", "Cn"} and c != "\n" for c in text):
        yield Fault(
            "tekens", "Er staat een onbekend of onzichtbaar teken in. Typ de tekst opnieuw."
        )
    if unicodedata.normalize("NFC", text) != text:
        yield Fault("tekens", "Typ de tekst opnieuw: een letter staat er in losse stukken.")


def _script(source: str, text: str, rules: Rules) -> Iterator[Fault]:
    own = _script_of(rules.language)
    bare = _plain(text)
    if own == "Latn":
        other = [
            name
            for name, span in _SCRIPTS.items()
            if name != "Latn" and re.search(f"[{span}]", bare)
        ]
        if other:
            yield Fault("schrift", "Er staan letters van een ander schrift in.")
        return
    words = [w for w in _LATIN_WORD.findall(bare) if not _LEVEL.fullmatch(w)]
    latin = [w for w in words if w not in rules.latin]
    if latin:
        yield Fault(
            "schrift", f"Schrijf {', '.join(dict.fromkeys(latin))} in het schrift van de taal."
        )
    for name, span in _SCRIPTS.items():
        if name not in {own, "Latn"} and re.search(f"[{span}]", bare.translate(_SHARED)):
            yield Fault("schrift", "Er staan letters van een ander schrift in.")
            break
    alike = text == source and text in rules.alike
    names = "".join(_LATIN_WORD.findall(_plain(source)))
    if not re.search(f"[{_SCRIPTS[own]}]", bare) and names and not alike:
        yield Fault("schrift", "Er staat geen woord in het schrift van de taal.")
    letters, mend = _FOREIGN_LETTERS.get(rules.language, ("", ""))
    wrong = sorted(set(letters) & set(bare))
    if wrong:
        yield Fault("letters", f"De letter {' '.join(wrong)} hoort niet bij deze taal. {mend}")


def _digits(source: str, text: str, language: str, *, plural: bool) -> Iterator[Fault]:
    # A0, B1 and the like are names, in any script.
    bare = re.sub(r"[A-Za-z]+[0-9]+|[0-9]+[A-Za-z]+", "", _plain(text))
    wrong = [
        c
        for c in bare
        if (c.isdecimal() or "\u1369" <= c <= "\u137c")
        and c != localise_digits(to_ascii_digits(c), language)
    ]
    if wrong:
        digits = localise_digits("0123456789", language)
        yield Fault("cijfers", f"Schrijf de cijfers als {digits}.")
    numbers = sorted(_NUMBER.findall(to_ascii_digits(_plain(text))))
    if not plural and numbers != sorted(_NUMBER.findall(_plain(source))):
        yield Fault("cijfers", "Houd dezelfde getallen als in het Nederlands.")


def _punctuation(source: str, text: str, language: str) -> Iterator[Fault]:
    bare = _plain(text)
    marks = _MARKS.get(language, {})
    for latin, own in marks.items():
        # 10,5 keeps its comma; so does what stands between two Latin words.
        if re.search(rf"{re.escape(latin)}(?![0-9]| [A-Za-z])", bare):
            yield Fault("leestekens", f"Schrijf {own} in plaats van {latin}.")
    question = marks.get("?", "?")
    if bare.count(question) != source.count("?"):
        yield Fault("leestekens", "Houd evenveel vraagtekens als in het Nederlands.")
    stop = _STOPS.get(language, ".")
    last, theirs = source.rstrip("’”")[-1:], text.rstrip("’”»")[-1:]
    if last == "." and not source.endswith("...") and theirs != stop:
        yield Fault("leestekens", f"Sluit de zin af met {stop}")
    if last not in {".", "?", "!", ":", "…"} and theirs in {stop, ".", question}:
        yield Fault("leestekens", "Zet geen punt achter iets dat in het Nederlands geen zin is.")
    if stop != "." and re.search(r"\.(?![0-9])", bare):
        yield Fault("leestekens", f"Schrijf {stop} in plaats van een punt.")
    if any(mark in bare for mark in "\"'„`"):
        if language in _QUOTES or language == "ti" or '"' in bare:
            pair = " ".join(_QUOTES.get(language, "‘’"))
            yield Fault("leestekens", f"Schrijf aanhalingstekens als {pair}.")
    elif language in _QUOTES and re.search("[‘’“”]", bare):
        yield Fault("leestekens", "Schrijf aanhalingstekens als « ».")
    if len(_QUOTED.findall(source)) != len(_QUOTED.findall(text)):
        yield Fault("leestekens", "Zet hetzelfde tussen aanhalingstekens als in het Nederlands.")


def _glossary(source: str, text: str, rules: Rules) -> Iterator[Fault]:
    said = text.casefold()
    for term in rules.terms:
        if not term.stands_in(source):
            continue
        if term.chosen and not any(word.casefold() in said for word in term.chosen):
            words = " of ".join(f"‘{word}’" for word in term.chosen)
            yield Fault("woordenlijst", f"Voor ‘{term.dutch}’ is gekozen: {words}.")
        for word in term.forbidden:
            if re.search(rf"(?<!\w){re.escape(word.casefold())}", said):
                yield Fault("woordenlijst", f"Gebruik voor ‘{term.dutch}’ niet ‘{word}’.")


def _plain(text: str) -> str:
    """Return `text` without fields and tags, whose names are no words of the language."""
    return _TAG.sub(" ", _FIELDS.sub(" ", text))


def _script_of(language: str) -> str:
    known = LANGUAGES.get(language)
    return "Latn" if known is None else known.script


_SHARED: Final = {ord(mark): None for mark in "،؛؟٪٫٬"}
"""Marks of the Arabic block that other scripts may use too."""


def _listed(pattern: str, names: Sequence[str]) -> str:
    return ", ".join(pattern.replace("%s", name) for name in names) or "het aantal velden"


def _terms(path: Path, language: str) -> Iterator[Term]:
    if language == SOURCE_LANGUAGE:
        return
    for row in _rows(path, ("nl",)):
        chosen = _several(row.get(language, ""))
        forbidden = _several(row.get(f"not_{language}", ""))
        if chosen or forbidden:
            yield Term(row["nl"], chosen, forbidden)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(";") if word.strip())


def _named(row: Mapping[str, str], language: str) -> bool:
    return language in row["languages"].split()


def _rows(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise RulesUnreadable(f"{path.name} mist de kolom {', '.join(missing)}.")
        for row in reader:
            if None in row or None in row.values():
                raise RulesUnreadable(f"{path.name}, regel {reader.line_num}: tel de komma's na.")
            yield {name: value.strip() for name, value in row.items()}
