"""Each rule finds what it is for, and leaves good texts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake_app.i18n.checks import (
    Rules,
    RulesUnreadable,
    Term,
    faults,
    plural_header,
    source_faults,
)
from intake_app.i18n.plurals import plural_forms

if TYPE_CHECKING:
    from pathlib import Path


def rules(language: str) -> Rules:
    terms = {
        "en": Term("gemeente", ("municipality",), ("town hall",)),
        "fa": Term("gemeente", ("شهرداری",), ("شاروالی",)),
    }
    return Rules(
        language,
        tuple(term for code, term in terms.items() if code == language),
        latin=frozenset({"COA", "DigiD", "a", "b"}),
        alike=frozenset({"COA", "Dari"}),
    )


def found(language: str, source: str, text: str) -> set[str]:
    return {fault.rule for fault in faults([source], [text], rules(language))}


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("en", "Gaat u naar de gemeente?", "Are you going to the municipality?"),
        ("en", "Dari", "Dari"),
        ("en", "Kies ‘niets’ alleen.", "Only choose ‘nothing’."),
        ("ar", "Wilt u een tolk?", "هل تريد مترجمًا؟"),
        ("ar", "Kies ‘nee’, of wacht.", "اختر «لا»، أو انتظر."),
        ("ar", "Vul in van 0 tot 10.", "اكتب من 0 إلى 10."),
        ("ti", "De letters a, b.", "ፊደላት a, b።"),
        ("ti", "Kies taal, werk of niets.", "ቋንቋ፡ ስራሕ ወይ ዋላ ሓደ ምረጹ።"),
        ("fa", "U krijgt DigiD van de gemeente.", "شما از شهرداری DigiD می‌گیرید."),
        ("fa", "Vul in van 0 tot 10.", "از ۰ تا ۱۰ بنویسید."),
        ("fa", "Niveau A2", "سطح A2"),
        ("fa", "{naam} tekent.", "{naam} امضا می‌کند."),
        ("ar", "Hallo ${naam}", "مرحبا ${naam}"),
    ],
)
def test_good_texts_pass(language: str, source: str, text: str) -> None:
    assert found(language, source, text) == set()


@pytest.mark.parametrize(
    ("rule", "language", "source", "text"),
    [
        ("veld", "en", "Hallo ${naam}", "Hello ${name}"),
        ("veld", "en", "Hallo {naam}", "Hello"),
        ("veld", "ar", "{n} van {n}", "{n}"),
        ("opmaak", "en", "Lees **dit**.", "Read this."),
        ("opmaak", "en", "Een <b>woord</b>.", "A <b>word<b>."),
        ("opmaak", "en", "Eén\ntwee", "One two"),
        ("richting", "ar", "Dit is van u.", "هذا\u200f لك."),
        ("richting", "ar", "Dit is van u.", "\u2067هذا لك."),
        ("richting", "ar", "Dit is van u.", "هذا\u2069 لك\u2067."),
        ("richting", "fa", "COA helpt.", "COA کمک می‌کند."),
        ("spaties", "en", "Een woord", "A  word"),
        ("spaties", "en", "Een woord", "A word "),
        ("spaties", "ar", "Wilt u?", "هل تريد ؟"),
        ("spaties", "fa", "Ik ga", "می\u200c روم"),
        ("spaties", "ar", "Huis", "بيـت"),
        ("tekens", "ar", "Huis", "بيت\ue000"),
        ("tekens", "en", "Een cafe", "A cafe\u0301"),
        ("schrift", "ar", "Uw huis", "بيت house"),
        ("schrift", "ti", "Uw huis", "بيت"),
        ("schrift", "ti", "Uw huis", "123"),
        ("schrift", "en", "Uw huis", "Your ቤት"),
        ("schrift", "fa", "COA en bezoek", "COA"),
        ("letters", "fa", "Boek", "كتاب"),
        ("letters", "fa", "Dag", "علي"),
        ("letters", "fa", "Huis", "خانة"),
        ("letters", "ar", "Boek", "کتاب"),
        ("letters", "ar", "Wat?", "چه؟"),
        ("cijfers", "fa", "Om 10 uur", "ساعت 10"),
        ("cijfers", "fa", "Om 5 uur", "ساعت ٥"),
        ("cijfers", "ti", "Om 10 uur", "ሰዓት ፲"),
        ("cijfers", "en", "Van 0 tot 30", "From 0 to 20"),
        ("leestekens", "ar", "Wilt u?", "هل تريد?"),
        ("leestekens", "ar", "Ja, graag", "نعم, من فضلك"),
        ("leestekens", "ar", "Ja", "نعم؟"),
        ("leestekens", "ti", "Dit is van u.", "እዚ ናትኩም እዩ."),
        ("leestekens", "ti", "Dit is van u.", "እዚ ናትኩም እዩ"),
        ("leestekens", "ti", "Wilt u?", "ትደልዩ ዶ፧"),
        ("leestekens", "en", "Dit is van u.", "This is yours"),
        ("leestekens", "en", "Ja", "Yes."),
        ("leestekens", "fa", "Kies ‘nee’.", "‘نه’ را انتخاب کنید."),
        ("leestekens", "fa", "Kies ‘nee’.", "نه را انتخاب کنید."),
        ("leestekens", "en", "Kies ‘nee’.", 'Choose "no".'),
        ("gelijk", "en", "Bezoek", "Bezoek"),
        ("woordenlijst", "en", "De gemeente", "The city"),
        ("woordenlijst", "en", "De gemeente", "The municipality or town hall"),
        ("woordenlijst", "fa", "De gemeente", "شاروالی"),
    ],
)
def test_bad_texts_are_found(rule: str, language: str, source: str, text: str) -> None:
    assert rule in found(language, source, text)


def test_part_of_a_word_is_no_term() -> None:
    assert found("en", "Gemeentehuis", "Civic centre") == set()
    assert found("en", "De GEMEENTE", "The centre") == {"woordenlijst"}


def test_a_form_for_few_may_leave_the_number_out() -> None:
    source = ("{n} dag in {maand}", "{n} dagen in {maand}")
    whole = ["{n} يوم في {maand}"] * 6
    spelt_out = ["يوم واحد في {maand}", *whole[1:]]
    invented = ["{x} يوم", *whole[1:]]
    assert not list(faults(source, whole, rules("ar")))
    assert not list(faults(source, spelt_out, rules("ar")))
    assert [fault.rule for fault in faults(source, invented, rules("ar"))] == ["veld"]


def test_the_dutch_itself() -> None:
    assert not list(source_faults("Wat wilt u doen?"))
    assert [fault.rule for fault in source_faults("Wat wil je doen?")] == ["aanspreken"]
    assert [fault.rule for fault in source_faults("Dit is  los.")] == ["spaties"]


@pytest.mark.parametrize("language", ["en", "ar", "ti", "fa"])
def test_the_plural_rule_must_be_the_standard_one(language: str) -> None:
    assert not list(plural_header(language, plural_forms(language)))
    swapped = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=0 && n%100<=2 ? 4 : 5);"
    assert [fault.rule for fault in plural_header(language, swapped)] == ["meervoud"]


def test_rules_come_from_the_lists(tmp_path: Path) -> None:
    folder = tmp_path / "translations"
    folder.mkdir()
    assert Rules.read(tmp_path, "fa") == Rules("fa")
    (folder / "glossary.csv").write_text(
        "nl,fa,not_fa\ntolk,مترجم,ترجمان; مفسر\nplan,,\n", encoding="utf-8"
    )
    (folder / "loanwords.csv").write_text(
        "word,kind,languages,why\nCOA,name,*,x\nICT,loan,ar fa,x\nDari,same,en,x\n",
        encoding="utf-8",
    )
    read = Rules.read(tmp_path, "fa")
    assert read.terms == (Term("tolk", ("مترجم",), ("ترجمان", "مفسر")),)
    assert (read.latin, read.alike) == ({"COA", "ICT"}, {"COA"})
    assert Rules.read(tmp_path, "en").alike == {"COA", "Dari"}


@pytest.mark.parametrize(
    ("body", "told"),
    [("word,kind,why\n", "mist de kolom languages"), ("word,kind,languages,why\na,b\n", "regel 2")],
)
def test_a_damaged_list_is_named(tmp_path: Path, body: str, told: str) -> None:
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "loanwords.csv").write_text(body, encoding="utf-8")
    with pytest.raises(RulesUnreadable, match=told):
        Rules.read(tmp_path, "fa")
