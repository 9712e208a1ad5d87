from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from intake_app import paths
from intake_app.formio.build import build
from intake_app.formio.extract import form_texts
from intake_app.formio.sheets import read_workbook
from intake_app.i18n.catalogues import UI_DOMAIN, Catalogues, placeholders, tidy
from intake_app.i18n.formats import to_ascii_digits
from intake_app.i18n.languages import LANGUAGES
from intake_app.i18n.pofiles import is_reviewed, is_translated
from intake_app.i18n.review import ReviewLedger

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog, Message

    from intake_app.formio.sheets import Workbook

INTAKE = "forms_intake"
TRANSLATED = ("en", "ar", "ti", "fa")
STANDARD_PLURALS = {
    "ar": "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5",
    "en": "n != 1",
    "ti": "n > 1",
    "fa": "n > 1",
}
SCRIPT = {
    "fa": re.compile("[\u0600-\u06ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "ti": re.compile("[\u1200-\u139f]"),
}
LATIN_ALLOWED = {
    "COA", "DigiD", "VluchtelingenWerk", "ICT", "ISK", "CV", "toeslagen", "a", "b", "c",
}  # fmt: skip
SAME_IN_ENGLISH = {
    "Tigrinya", "Dari", "Farsi", "Tigre", "Bilen", "Oromo", "Urdu", "Swahili", "Kinyarwanda",
    "Sport", "Computers (ICT)", "COA", "VluchtelingenWerk", "A1", "A2", "B1", "B2", "C1", "C2",
}  # fmt: skip
SAME_ANYWHERE = {"COA"}


def catalogue(language: str, domain: str = INTAKE) -> Catalog:
    path = paths.translations_dir() / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGES[language].cldr, abort_invalid=True)


@pytest.fixture(scope="module", params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=(INTAKE, UI_DOMAIN))
def domain(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def messages(language: str, domain: str) -> list[Message]:
    """Return what is translated; a plural text is not among what a client reads."""
    return [m for m in catalogue(language, domain) if m.id and is_translated(m)]


def test_every_text_is_translated(language: str, intake: Workbook) -> None:
    texts = form_texts(intake)
    wanted = {
        (text.context("intake"), text.text) for text in texts if language == "en" or not text.staff
    }
    assert len(wanted) >= 400
    found = {(m.context, m.id) for m in catalogue(language) if m.id and str(m.string).strip()}
    assert found == wanted


def test_placeholders_stay(messages: list[Message]) -> None:
    for message in messages:
        assert placeholders(str(message.string)) == placeholders(str(message.id)), message.context


def test_no_text_is_left_in_dutch(language: str, messages: list[Message]) -> None:
    allowed = SAME_IN_ENGLISH if language == "en" else SAME_ANYWHERE
    for message in messages:
        if message.id == message.string:
            assert message.id in allowed, message.context


def test_the_script_is_that_of_the_language(language: str, messages: list[Message]) -> None:
    if language not in SCRIPT:
        assert all(re.sub("[‘’“”]", "", str(m.string)).isascii() for m in messages)
        return
    for message in messages:
        text = str(message.string)
        if text not in SAME_ANYWHERE and text != "DigiD":
            assert SCRIPT[language].search(text), message.context
        assert set(re.findall("[A-Za-z]+", text)) <= LATIN_ALLOWED, message.context
        other = SCRIPT["ar" if language == "ti" else "ti"]
        assert not other.search(text), message.context


def test_a_question_stays_a_question(language: str, messages: list[Message]) -> None:
    mark = {"ar": "؟", "fa": "؟"}.get(language, "?")
    for message in messages:
        source, text = str(message.id), str(message.string)
        assert text.count(mark) == source.count("?"), message.context
        if language in {"ar", "fa"}:
            assert not re.search("[?,;]", text), message.context
        if language == "ti" and source.endswith("."):
            assert text.endswith(("።", "?")), message.context


def test_numbers_stay(messages: list[Message]) -> None:
    for message in messages:
        numbers = sorted(re.findall(r"\d+", str(message.id)))
        assert sorted(re.findall(r"\d+", to_ascii_digits(str(message.string)))) == numbers, (
            message.context
        )


def test_the_quoted_choice_is_the_choice(language: str) -> None:
    messages = [m for m in catalogue(language) if m.id and is_translated(m)]
    quotes = {"ar": "«([^»]+)»", "fa": "«([^»]+)»"}.get(language, "‘([^’]+)’")
    by_source = {str(m.id).lower(): str(m.string).lower() for m in messages}
    checked = 0
    for message in messages:
        if "/constraint/" not in str(message.context):
            continue
        for dutch, shown in zip(
            re.findall("‘([^’]+)’", str(message.id)),
            re.findall(quotes, str(message.string)),
            strict=True,
        ):
            assert by_source[dutch] == shown.lower(), message.context
            checked += 1
    assert checked >= 8


def test_everything_is_marked_machine_made(
    language: str, domain: str, messages: list[Message]
) -> None:
    ledger = ReviewLedger.read(paths.translations_dir() / "REVIEW.toml")
    for message in messages:
        reviewed = is_reviewed(message, language, domain, ledger)
        assert message.fuzzy is not reviewed, message.context


def test_plural_header_is_the_standard_one(language: str, domain: str) -> None:
    path = paths.translations_dir() / language / "LC_MESSAGES" / f"{domain}.po"
    head = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    found = re.search(r"plural=\(?(.*?)\)?;", head)
    assert found is not None
    assert found.group(1) == STANDARD_PLURALS[language]


@pytest.mark.parametrize(
    ("number", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5)]
)
def test_the_arabic_plural_forms(number: int, form: int) -> None:
    from gettext import c2py

    assert c2py(STANDARD_PLURALS["ar"])(number) == form


def test_terms_follow_the_glossary(language: str, domain: str, messages: list[Message]) -> None:
    path = paths.translations_dir() / "glossary.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    terms = {row["nl"]: row[language].split("; ") for row in rows}
    assert {"koppeling", "gemeente", "intake", "plan van aanpak", "uitkering"} <= terms.keys()
    assert all(all(shown) for shown in terms.values())
    used = 0
    for message in messages:
        if "/guidance/" in str(message.context):
            continue
        for term, shown in terms.items():
            if re.search(rf"\b{re.escape(term)}\b", str(message.id), re.IGNORECASE):
                used += 1
                text = str(message.string).lower()
                assert any(s.lower() in text for s in shown), (message.context, term)
    assert used >= (30 if domain == INTAKE else 1)


def test_the_compiled_form_finds_its_texts(tmp_path: Path, intake: Workbook) -> None:
    build(tmp_path)
    texts = Catalogues(tmp_path)
    assert texts.languages("intake") == ("nl", "ar", "en", "fa", "ti")
    for language in TRANSLATED:
        for text in form_texts(intake):
            shown = texts.form_text("intake", text.kind, text.name, language, tidy(text.text))
            if language == "en" or not text.staff:
                assert (shown.language, shown.status) == (language, "unreviewed")
            else:
                assert (shown.language, shown.status) == ("nl", "missing")


def test_no_two_choices_of_a_question_read_the_same(messages: list[Message]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for message in messages:
        kind, _, name = str(message.context).removeprefix("intake/").partition("/")
        if kind == "choice":
            key = (name.split("/")[0], str(message.string))
            assert key not in seen, (message.context, seen[key])
            seen[key] = name


def test_the_staff_form_is_whole_in_english() -> None:
    book = read_workbook(paths.forms_dir() / "noa_assessment")
    wanted = {(text.context("noa_assessment"), text.text) for text in form_texts(book)}
    read = [m for m in catalogue("en", "forms_noa_assessment") if m.id]
    assert {(m.context, m.id) for m in read if str(m.string).strip()} == wanted
    for message in read:
        assert message.fuzzy
        assert message.id != message.string or message.id in SAME_IN_ENGLISH, message.context
        assert placeholders(str(message.string)) == placeholders(str(message.id))
        assert str(message.string).count("?") == str(message.id).count("?"), message.context
