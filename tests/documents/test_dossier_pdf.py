from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from intake_app.documents.dossier_pdf import render
from intake_app.documents.model import (
    AnswerRow,
    AnswerSection,
    DossierDocument,
    Fact,
    FactGroup,
    Text,
)
from intake_app.documents.pages import page_images

ARABIC = ("ماذا", "كان", "عملك", "في", "بلدك", "البناء")
TIGRINYA = ("ኣብ", "ሃገርካ", "እንታይ", "ስራሕ", "ሰሪሕካ")
HOSTILE = (
    r"#panic() $x$ *vet* _schuin_ [haak] <label> @ref `code` // weg /* weg */ \ ~ = kop #{1+1}"
)


def text_of(pdf: bytes) -> str:
    pages = page_images(pdf, 20)
    return re.sub(r"\s+", " ", " ".join(page.text for page in pages))


def streams(pdf: bytes) -> bytes:
    """Everything the PDF says about its structure, unpacked."""
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            found.append(raw)
    return pdf + b"".join(found)


def with_answer(dossier: DossierDocument, answer: str) -> DossierDocument:
    return replace(dossier, sections=(AnswerSection("Werk", (AnswerRow("Vraag", answer),)),))


def test_says_everything_it_was_given(dossier: DossierDocument, fonts: Path) -> None:
    text = text_of(render(dossier, fonts))
    for said in (
        "Overdrachtsdossier",
        "Fiktief Voorbeeld",
        "AZC Voorbeeldstad",
        "Gemeente Voorbeeldhoven",
        "22 november 2026, 13:32 uur",
        "4f2a91c0, versie 2",
        "maart 1990",
        "Wat voor werk heeft u gedaan?",
        "Bouw",
        "Getuigschrift opvragen.",
        "wil het niet zeggen",
        "vertaling niet nagekeken",
        "Heeft u schulden?",
        "Leren en werken",
        "Doel 1: Ik wil in de zorg werken",
        "Diploma laten waarderen",
        "Ik ben blij met dit plan.",
        "Alleen voor een zorgverlener.",
        "AVG art. 9",
        "regel 1234 van het logboek",
        "3f2a" * 16,
        "Pagina 1 van 2",
    ):
        assert said in text


def test_arabic_and_tigrinya_can_be_searched(dossier: DossierDocument, fonts: Path) -> None:
    text = text_of(render(dossier, fonts))
    for word in ARABIC + TIGRINYA:
        assert word in text


def test_is_tagged_titled_and_claims_both_standards(dossier: DossierDocument, fonts: Path) -> None:
    pdf = streams(render(dossier, fonts))
    for part in (
        b"/StructTreeRoot",
        b"/Marked true",
        b"/DisplayDocTitle true",
        b"<pdfaid:part>3</pdfaid:part>",
        b"<pdfaid:conformance>A</pdfaid:conformance>",
        b"<pdfuaid:part>1</pdfuaid:part>",
        b"/TH",
        b"/H1",
        b"2026-11-22",
    ):
        assert part in pdf, part
    for language in (b"(nl-NL)", b"(ar", b"(ti"):
        assert b"/Lang " + language in pdf or b"/Lang" + language in pdf, language


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo (poppler-utils) is absent")
def test_another_reader_agrees(dossier: DossierDocument, fonts: Path, tmp_path: Path) -> None:
    target = tmp_path / "dossier.pdf"
    target.write_bytes(render(dossier, fonts))
    told = subprocess.run(
        ["pdfinfo", str(target)], capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"^Tagged:\s+yes", told, re.MULTILINE)
    assert re.search(r"^Title:\s+Overdrachtsdossier$", told, re.MULTILINE)
    assert re.search(r"^Page size:.*A4", told, re.MULTILINE)


def test_same_data_same_bytes(dossier: DossierDocument, fonts: Path) -> None:
    first = render(dossier, fonts)
    assert render(dossier, fonts) == first
    assert render(replace(dossier, version=3), fonts) != first


def test_markup_in_an_answer_is_only_text(dossier: DossierDocument, fonts: Path) -> None:
    assert HOSTILE in text_of(render(with_answer(dossier, HOSTILE), fonts))


def test_markup_is_only_text_everywhere(dossier: DossierDocument, fonts: Path) -> None:
    data = replace(
        dossier,
        title="#t $",
        subject="*s*",
        sender="[s] #a",
        recipient="_r_",
        dossier_id="#d",
        facts=(FactGroup("= g", (Fact("#f", "$v"),)),),
    )
    text = text_of(render(data, fonts))
    for said in ("#t $", "*s*", "[s] #a", "_r_", "#d", "= g", "#f $v"):
        assert said in text


@pytest.mark.parametrize(
    "answer",
    [
        "你好 😀 \U0001f468\u200d\U0001f469",
        "a\x00b\x1bc",
        "\ud800",
        "\u202e omgekeerd \u2066 open",
        "W" * 3000,
        "woord " * 4000,
        "e\u0301" * 200,
        "\n\n\n",
        "",
    ],
    ids=["han", "control", "surrogate", "bidi", "no-break", "long", "marks", "lines", "empty"],
)
def test_no_text_stops_the_document(dossier: DossierDocument, fonts: Path, answer: str) -> None:
    assert render(with_answer(dossier, answer), fonts).startswith(b"%PDF-")


def test_says_so_when_a_character_cannot_be_printed(dossier: DossierDocument, fonts: Path) -> None:
    assert "teken dat niet kon worden afgedrukt" in text_of(
        render(with_answer(dossier, "你"), fonts)
    )
    assert "kon worden afgedrukt" not in text_of(render(dossier, fonts))


def test_weak_answers_are_marked_and_counted(dossier: DossierDocument, fonts: Path) -> None:
    text = text_of(render(dossier, fonts))
    assert "1 antwoord met ⚑" in text.replace("\xa0", " ")
    assert text.count("mogelijk niet goed begrepen") == 2
    rows = tuple(replace(row, weak=False) for row in dossier.sections[0].rows)
    plain = replace(dossier, sections=(replace(dossier.sections[0], rows=rows),))
    assert "⚑" not in text_of(render(plain, fonts))


def test_unreviewed_translations_are_marked_once_when_none_was_checked(
    dossier: DossierDocument, fonts: Path
) -> None:
    mark = "✎ vertaling niet nagekeken"
    some = dossier.sections[0]
    every = replace(some, rows=tuple(replace(row, unreviewed=True) for row in some.rows))
    none = replace(some, rows=tuple(replace(row, unreviewed=False) for row in some.rows))
    shown = {
        name: text_of(render(replace(dossier, sections=(section,)), fonts))
        for name, section in (("some", some), ("every", every), ("none", none))
    }
    assert [shown[name].count(mark) for name in ("some", "every", "none")] == [1, 1, 0]
    assert shown["every"].index(mark) < shown["every"].index("Wat voor werk")
    assert shown["some"].index(mark) > shown["some"].index("Waar was dat?")


def test_what_was_only_dutch_is_not_said_twice(dossier: DossierDocument, fonts: Path) -> None:
    rows = (
        dossier.sections[0].rows[0],
        AnswerRow("Alleen voor de collega", "Uniek", shown_answer=Text("Uniek", "nl")),
    )
    text = text_of(render(replace(dossier, sections=(AnswerSection("Werk", rows),)), fonts))
    assert text.count("Uniek") == 1
    assert "Arabisch Wat voor werk" in text  # the only other language at the head of the table


def test_a_source_is_said_once_when_it_holds_for_all(dossier: DossierDocument, fonts: Path) -> None:
    def printed(*sources: str) -> str:
        rows = tuple(AnswerRow("Vraag", "Ja", source=source) for source in sources)
        return text_of(render(replace(dossier, sections=(AnswerSection("T", rows),)), fonts))

    assert printed("van de collega", "van de collega").count("van de collega") == 1
    assert "Alle antwoorden hier zijn van de collega." in printed(
        "van de collega", "van de collega"
    )
    assert printed("van de collega", "").count("antwoord van de collega") == 1
    assert "Alle antwoorden" not in printed("", "")


def test_practice_is_named_on_every_page(dossier: DossierDocument, fonts: Path) -> None:
    many = AnswerSection("Veel", tuple(AnswerRow("Vraag", "Ja") for _ in range(120)))
    data = replace(dossier, practice=True, sections=(many,))
    pages = page_images(render(data, fonts), 20)
    assert len(pages) > 2
    assert all("OEFENING" in page.text for page in pages)
    assert "OEFENING" not in text_of(render(dossier, fonts))


def test_a_dossier_with_nothing_in_it_is_one_calm_page(
    fonts: Path, dossier: DossierDocument
) -> None:
    data = replace(dossier, facts=(), sections=(), plan=None, left_out=(), audit_head=None)
    pages = page_images(render(data, fonts), 20)
    assert len(pages) == 1
    assert "In dit dossier" not in pages[0].text


def test_prints_local_time_and_stores_utc(dossier: DossierDocument, fonts: Path) -> None:
    winter = dossier.created.astimezone(timezone(timedelta(hours=1)))
    pdf = render(replace(dossier, created=winter), fonts)
    assert "14:32 uur" in text_of(pdf)
    assert b"2026-11-22T13:32:07" in streams(pdf)


def test_needs_a_time_zone(dossier: DossierDocument, fonts: Path) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the very thing that is refused
    with pytest.raises(ValueError, match="aware"):
        render(replace(dossier, created=naive), fonts)


@pytest.mark.parametrize("code", ["", "xx", "nieuw-in-versie-9"])
def test_a_language_of_a_newer_version_is_printed_all_the_same(
    dossier: DossierDocument, fonts: Path, code: str
) -> None:
    row = AnswerRow("Vraag", "Ja", shown_question=Text("Fraach", code))
    text = text_of(render(replace(dossier, sections=(AnswerSection("T", (row,)),)), fonts))
    assert "Fraach" in text
    assert "andere taal" in text


def test_each_language_can_be_printed(dossier: DossierDocument, fonts: Path) -> None:
    from intake_app.i18n.languages import LANGUAGES

    rows = tuple(
        AnswerRow("Taal", language.dutch_name, shown_question=Text(language.own_name, code))
        for code, language in LANGUAGES.items()
    )
    text = text_of(render(replace(dossier, sections=(AnswerSection("Talen", rows),)), fonts))
    assert "□" not in text
    for language in LANGUAGES.values():
        assert language.dutch_name in text
