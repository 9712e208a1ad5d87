"""The five languages as they are shipped: every rule, every form, every text for the client."""

from __future__ import annotations

import csv
import re
import shutil
from functools import cache
from typing import TYPE_CHECKING

import pytest
from support.source_texts import template

from intake_app import paths
from intake_app.documents.printable import covered_characters
from intake_app.formio.extract import form_texts
from intake_app.formio.sheets import read_workbook
from intake_app.i18n.catalogues import DOCUMENTS_DOMAIN, UI_DOMAIN
from intake_app.i18n.checking import catalogue_faults, source_text_faults
from intake_app.i18n.formats import localise_digits
from intake_app.i18n.languages import LANGUAGES, direction
from intake_app.i18n.pofiles import (
    SourceTree,
    ids,
    is_for_client,
    is_reviewed,
    is_translated,
    messages,
    name_of,
    strings,
)
from intake_app.i18n.progress import progress

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog

TRANSLATED = ("en", "ar", "ti", "fa")
FORMS = tuple(sorted(path.parent.name for path in paths.forms_dir().glob("*/survey.csv")))
DOMAINS = (*(f"forms_{form}" for form in FORMS), DOCUMENTS_DOMAIN, UI_DOMAIN)
TREE = SourceTree(paths.translations_dir().parent)
LETTERS = {
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي؟،؛«»",
    "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی؟،؛«»۰۱۲۳۴۵۶۷۸۹\u200c",
    "ti": "ሀለሐመሠረሰሸቀቈቐቘበቨተቸነኘአኣኸኰከኮወዐዘዠየደጀገጐጠጨጸፀፈፐ።፡፣?",
}


@cache
def read(language: str, domain: str) -> Catalog | None:
    return TREE.catalogue(language, domain)


def test_these_are_the_languages_there_are() -> None:
    assert set(TREE.languages()) == set(TRANSLATED)
    assert len(FORMS) >= 7


@pytest.mark.slow
@pytest.mark.parametrize("domain", DOMAINS)
def test_the_dutch_for_the_client_is_well_written(domain: str) -> None:
    assert [str(fault) for fault in source_text_faults(domain, template(domain))] == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_wrong_or_missing(language: str, domain: str) -> None:
    for_client = any(is_for_client(domain, m) for m in messages(template(domain)))
    if not for_client and read(language, domain) is None:
        assert language != "en", "a form for colleagues must be whole in English"
        return
    found = catalogue_faults(TREE, language, domain, template(domain))
    assert [str(fault) for fault in found] == []


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_of_the_client_is_translated_and_no_review_is_void(
    language: str, domain: str
) -> None:
    done = progress(TREE, language, domain, template(domain))
    assert (done.missing_for_client, done.void) == ((), ())
    assert done.client.translated == done.client.total


@pytest.mark.parametrize("form", FORMS)
def test_forms_are_whole_in_english_for_colleagues_too(form: str) -> None:
    texts = form_texts(read_workbook(paths.forms_dir() / form))
    done = progress(TREE, "en", f"forms_{form}", template(f"forms_{form}"))
    assert done.client.total + done.staff.total == len({(t.context(form), t.text) for t in texts})
    assert done.staff.translated == done.staff.total


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_nobody_checked_is_marked_machine_made(language: str) -> None:
    ledger, marked = TREE.ledger(), 0
    for domain in DOMAINS:
        for message in messages(read(language, domain) or template(domain)):
            if is_translated(message):
                assert message.fuzzy is not is_reviewed(message, language, domain, ledger), name_of(
                    message
                )
                marked += 1
    assert marked > 600


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_answers_of_a_question_can_be_told_apart(language: str) -> None:
    for domain in DOMAINS:
        catalogue = read(language, domain)
        if not domain.startswith("forms_") or catalogue is None:
            continue
        seen: dict[tuple[str, str], str] = {}
        for message in messages(catalogue):
            _form, kind, name = (message.context or "//").split("/", 2)
            if kind == "choice" and is_translated(message):
                key = (name.split("/")[0], strings(message)[0].casefold())
                assert key not in seen, (message.context, seen[key])
                seen[key] = name


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_message_quotes_the_answer_as_it_stands_there(language: str) -> None:
    quotes = {"ar": "«([^»]+)»", "fa": "«([^»]+)»"}.get(language, "‘([^’]+)’")
    checked = 0
    for form in FORMS:
        catalogue = read(language, f"forms_{form}")
        if catalogue is None:
            continue
        texts = [m for m in messages(catalogue) if is_translated(m)]
        answers: dict[str, set[str]] = {}
        for message in texts:
            if f"{form}/choice/" in (message.context or ""):
                shown = strings(message)[0].casefold()
                answers.setdefault(ids(message)[0].casefold(), set()).add(shown)
        for message in texts:
            if "/constraint/" not in (message.context or ""):
                continue
            dutch = re.findall("‘([^’]+)’", ids(message)[0])
            shown = re.findall(quotes, strings(message)[0])
            for source, text in zip(dutch, shown, strict=True):
                if source.casefold() in answers:
                    assert text.casefold() in answers[source.casefold()], message.context
                    checked += 1
    assert checked >= 8


def test_the_glossary_has_every_term_in_every_language() -> None:
    with (TREE.root / "translations" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    terms = {row["nl"] for row in rows}
    assert len(terms) == len(rows)
    assert terms >= {
        "koppeling", "gemeente", "intake", "plan van aanpak", "uitkering", "inburgering",
        "huisarts",
    }  # fmt: skip
    assert all(row[code].strip() for row in rows for code in TRANSLATED)
    for code in TRANSLATED:
        assert sum(bool(row[f"not_{code}"].strip()) for row in rows) >= 5
        for row in rows:
            forbidden = {word.strip() for word in row[f"not_{code}"].split(";")} - {""}
            chosen = {word.strip() for word in row[code].split(";")}
            assert not forbidden & chosen, row["nl"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_glossary_is_used(language: str) -> None:
    with (TREE.root / "translations" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        terms = [row["nl"] for row in csv.DictReader(file)]
    texts = " ".join(
        ids(m)[0] for d in DOMAINS for m in messages(template(d)) if is_for_client(d, m)
    ).casefold()
    assert sum(term.casefold() in texts for term in terms) >= 25


def glyphs(folder: Path, *names: str) -> frozenset[int]:
    """Return the characters the named fonts have, all together."""
    folder.mkdir()
    for name in names:
        shutil.copy(paths.resource("fonts", name), folder)
    return covered_characters(folder)


@pytest.mark.parametrize("weight", ["Regular", "SemiBold"])
@pytest.mark.parametrize("language", ["ar", "fa", "ti"])
def test_the_font_of_the_script_has_every_letter(
    tmp_path: Path, language: str, weight: str
) -> None:
    script = {"Arab": "Arabic", "Ethi": "Ethiopic"}[LANGUAGES[language].script]
    own = glyphs(tmp_path / "own", f"NotoSans{script}-{weight}.ttf", f"NotoSans-{weight}.ttf")
    assert [c for c in LETTERS[language] if ord(c) not in own] == []
    arabic_or_ethiopic = glyphs(tmp_path / "script", f"NotoSans{script}-{weight}.ttf")
    letters = [c for c in LETTERS[language] if c.isalpha() or c.isdigit() or c == "\u200c"]
    assert [c for c in letters if ord(c) not in arabic_or_ethiopic] == []
    assert [c for c in localise_digits("0123456789", language) if ord(c) not in own] == []


@pytest.mark.parametrize("language", ["nl", *TRANSLATED])
def test_every_character_has_a_glyph_in_our_fonts(language: str) -> None:
    covered = covered_characters(paths.resource("fonts"))
    bare: set[str] = set()
    for domain in DOMAINS:
        catalogue = template(domain) if language == "nl" else read(language, domain)
        for message in messages(catalogue) if catalogue is not None else ():
            shown = ids(message) if language == "nl" else strings(message)
            bare |= {c for text in shown for c in text if c != "\n" and ord(c) not in covered}
    assert bare == set()
    assert direction(language) == ("rtl" if language in {"ar", "fa"} else "ltr")
