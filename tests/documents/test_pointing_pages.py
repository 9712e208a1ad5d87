"""The pages to point at: four pages, every picture once, readable without a word of Dutch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from intake_app import paths
from intake_app.documents.client_page import MACHINE_MADE, Speaker
from intake_app.documents.pages import page_images
from intake_app.documents.pointing_pages import PAGES, first_number, render_pointing_pages
from intake_app.i18n.languages import LANGUAGES

AT = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
ARABIC = "نعم"


def drawing(name: str) -> bytes:
    return paths.resource("pictograms", f"{name}.svg").read_bytes()


@dataclass(frozen=True)
class Shown:
    text: str
    language: str
    status: str


def pages(language: str, fonts: Path, translated: str = "") -> bytes:
    def look_up(_source: str) -> Shown:
        return Shown(translated, language, "unreviewed")

    say = Speaker(language, look_up if translated else None)
    return render_pointing_pages(say, drawing, fonts, at=AT)


def test_four_pages_of_twelve_different_pictures() -> None:
    items = [item for page in PAGES for item in page.items]
    assert [len(page.items) for page in PAGES] == [12, 12, 12, 12]
    assert len({item.pictogram for item in items}) == len(items)
    assert len({item.dutch for item in items}) == len(items)
    for item in items:
        assert drawing(item.pictogram)


def test_numbers_go_on_over_the_pages() -> None:
    assert [first_number(page) for page in range(len(PAGES))] == [1, 13, 25, 37]


def test_each_page_fits_on_one_sheet(fonts: Path) -> None:
    pdf = pages("nl", fonts)
    drawn = page_images(pdf, 20)
    assert len(drawn) == len(PAGES)
    for page, image in zip(PAGES, drawn, strict=True):
        words = " ".join(image.text.split())
        assert page.title in words
        for place, item in enumerate(page.items):
            assert item.dutch in words
            assert str(first_number(image.number) + place) in words.split()
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert pdf == pages("nl", fonts)


@pytest.mark.parametrize(("language", "words"), [("ar", ARABIC), ("ti", "እወ ደልየ ኣለኹ")])
def test_both_languages_stand_under_the_picture(language: str, words: str, fonts: Path) -> None:
    drawn = page_images(pages(language, fonts, words), 20)
    assert len(drawn) == len(PAGES)
    text = " ".join(drawn[0].text.split())
    assert "Ik weet het niet" in text
    assert any("\u0600" <= char < "\u0700" or "\u1200" <= char < "\u1380" for char in text)


def test_a_long_translation_still_fits(fonts: Path) -> None:
    words = "Ik wil dit op dit moment liever nog niet aan u vertellen alstublieft"
    assert len(page_images(pages("en", fonts, words), 20)) == len(PAGES)


def places_of(pdf: bytes, letters: str) -> list[tuple[float, float]]:
    """Where each letter stands on the first page: left edge and height, in points."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        try:
            whole = text.get_text_range()
            return [text.get_charbox(whole.index(letter))[:2] for letter in letters]
        finally:
            text.close()


@pytest.mark.parametrize(
    ("language", "letters"), [("en", "HXZ"), ("ti", "ቐኘዠ"), ("ar", "جذق"), ("fa", "جذق")]
)
def test_the_notice_is_read_from_its_first_sentence(
    language: str, letters: str, fonts: Path
) -> None:
    said = dict(zip(MACHINE_MADE, letters, strict=True))
    other = ARABIC if LANGUAGES[language].direction == "rtl" else "-"

    def look_up(source: str) -> Shown:
        return Shown(said.get(source, other), language, "unreviewed")

    pdf = render_pointing_pages(Speaker(language, look_up), drawing, fonts, at=AT)
    places = places_of(pdf, letters)
    lefts = [left for left, _ in places]
    assert len({round(bottom / 8) for _, bottom in places}) == 1  # one line
    assert lefts == sorted(lefts, reverse=LANGUAGES[language].direction == "rtl")


def test_practice_says_so(fonts: Path) -> None:
    pdf = render_pointing_pages(Speaker("nl"), drawing, fonts, at=AT, practice=True)
    assert "OEFENING" in page_images(pdf, 20)[0].text


def test_a_time_without_a_zone_is_refused(fonts: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        render_pointing_pages(Speaker("nl"), drawing, fonts, at=datetime(2026, 1, 5))  # noqa: DTZ001
