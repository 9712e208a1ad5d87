"""What does not belong in an open field: found in every guise, and no more than that."""

from __future__ import annotations

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app import paths
from intake_app.domain.free_text import Found, Kind, Words, WordsProblem, read_words, scan

WORDS: Words = read_words(paths.resource("words", "free_text.csv").read_text(encoding="utf-8"))

BSN = "111222333"
"""Nine digits that pass the 11-proef; never given to anybody."""


def kinds(text: str) -> list[Kind]:
    return [found.kind for found in scan(text, WORDS)]


@pytest.mark.parametrize(
    "text",
    [
        BSN,
        f"BSN {BSN}",
        f"Zijn nummer is {BSN}.",
        f"({BSN})",
        "111.222.333",
        "1112.22.333",
        "111 222 333",
        "111-222-333",
        "111\u00a0222\u00a0333",
        "111\u202f222\u202f333",
        "1 1 1 2 2 2 3 3 3",
        "vraag het na: 111222333, of bel 06 12345678",
        "kamer 12 111222333",
        "\u0661\u0661\u0661\u0662\u0662\u0662\u0663\u0663\u0663",  # Arabic-Indic
        "\u06f1\u06f1\u06f1\u06f2\u06f2\u06f2\u06f3\u06f3\u06f3",  # Persian
        f"BSN{BSN}",
        f"bsn:{BSN}",
        "111\u2013222\u2013333",
        "111\u200f222\u200f333",
        "\u0648\u06f1\u06f1\u06f1\u06f2\u06f2\u06f2\u06f3\u06f3\u06f3",  # after a letter
        "\uff11\uff11\uff11\uff12\uff12\uff12\uff13\uff13\uff13",  # full width
    ],
)
def test_a_bsn_is_found_however_it_is_written(text: str) -> None:
    assert Kind.BSN in kinds(text)


def test_the_place_is_exactly_the_number() -> None:
    text = "Zijn BSN is 1112.22.333, zegt hij."
    (found,) = scan(text, WORDS)
    assert text[found.start : found.end] == "1112.22.333"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "111222334",  # fails the 11-proef
        "0612345678",
        "06 12 34 56 78",
        "+31 111222333",
        "NL91ABNA0417164300",
        "2801234567",  # a V-nummer
        "20150401",
        "01-04-2015",
        "2015-04-01",
        "van 2012 tot 2016 en van 2017 tot 2020",
        "2012 2013 2014",
        "€ 111222333",
        "€111.222.333",
        "111222333,50",
        "x111222333",
        "xbsnr111222333",
        "\u0661111222333",  # ten digits, one of them Arabic
        "\u1369\u1369\u1369\u136a\u136a\u136a\u136b\u136b\u136b",  # Ethiopic numerals
        "111222333x",
        "1112223331",
        "3 kinderen van 4, 7 en 12 jaar",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "postcode 3511 AB, kamer 12",
        "000000000",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hij heeft een depressie gehad", Kind.DIAGNOSE),
        ("PTSS", Kind.DIAGNOSE),
        ("burn-out", Kind.DIAGNOSE),
        ("burnout", Kind.DIAGNOSE),
        ("Schizofrenie?", Kind.DIAGNOSE),
        ("gebruikt medicijnen", Kind.MEDICIJN),
        ("antidepressiva", Kind.MEDICIJN),
        ("sleeping pills", Kind.MEDICIJN),
        ("is moslima", Kind.GELOOF),
        ("athe\u00efst", Kind.GELOOF),
        ("athei\u0308st", Kind.GELOOF),
        ("lid van de oppositiepartij", Kind.POLITIEK),
        ("was lid van een partij", Kind.POLITIEK),
        ("homo\u2019s", Kind.GEAARDHEID),
        ("seksuele  geaardheid", Kind.GEAARDHEID),
        ("heeft een strafblad", Kind.STRAFBLAD),
        ("criminal record", Kind.STRAFBLAD),
        ("gevlucht omdat", Kind.ASIELVERHAAL),
        ("nader gehoor", Kind.ASIELVERHAAL),
    ],
)
def test_a_listed_word_is_found(text: str, kind: Kind) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wil graag in de bouw werken, liefst in Zeist.",
        "Woont in de Kerkstraat bij het politiebureau.",
        "Vervolgopleiding tot verpleegkundige, daarna specialisatie.",
        "Een homogene groep in de taalles.",
        "Kan goed met ouderen omgaan en heeft in de zorg gewerkt.",
        "Maakt zich zorgen over haar moeder. Slaapt slecht.",
        "Traplopen is moeilijk; zoek een woning op de begane grond.",
        "Heet Christian en speelt in het elftal van het AZC.",
        "Wil apothekersassistent worden of de medische kant op.",
        "De uitslag van de toets is binnen: B1-route.",
        "Vlucht geboekt voor het gezin, gezinshereniging is rond.",
        "Rijbewijs uit Syri\u00eb; 12 jaar ervaring als chauffeur.",
        "Partner zoekt werk met kinderen, heeft een VOG nodig.",
        "Wil ook leren zwemmen en fietsen.",
        "Orthopedische schoenen zijn aangevraagd.",
    ],
)
def test_everyday_sentences_give_no_warning(text: str) -> None:
    assert kinds(text) == []


@given(st.text(max_size=400))
def test_any_text_is_scanned_and_the_places_are_inside(text: str) -> None:
    for found in scan(text, WORDS):
        assert 0 <= found.start < found.end <= len(text)


@given(
    st.integers(10_000_000, 999_999_999).map(lambda n: f"{n:09d}"),
    st.sampled_from(["", ".", " ", "-", "\u00a0"]),
)
def test_nine_digits_are_a_bsn_exactly_when_the_11_proef_says_so(digits: str, mark: str) -> None:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    passes = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0
    text = f"nummer {mark.join((digits[:3], digits[3:6], digits[6:]))} genoteerd"
    assert (Kind.BSN in kinds(text)) is passes


@given(st.text(alphabet="abcdefg .,", max_size=40), st.text(alphabet="abcdefg .,", max_size=40))
def test_what_stands_around_a_word_does_not_hide_it(before: str, after: str) -> None:
    assert Kind.STRAFBLAD in kinds(f"{before} strafblad {after}")


@pytest.mark.parametrize(
    "piece",
    ["Meneer wil in de bouw werken, tel 06-12345678. ", "1", "1 ", "12.", "- ", "homo ", "\u0661 "],
)
def test_the_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def taken(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(5):
            begun = time.thread_time()
            scan(text, WORDS)
            best = min(best, time.thread_time() - begun)
        return best

    taken(1000)
    # sixteen times the text; a square would take 256 times as long
    assert taken(32_000) < 60 * max(taken(2000), 0.0002)


def test_eight_digits_are_something_else() -> None:
    # a date, an AGB code, a number of KvK; who came lately has a BSN of nine
    assert not any(kinds(str(number)) for number in range(98_765_400, 98_765_500))


def test_findings_come_in_the_order_of_the_text() -> None:
    text = f"strafblad, {BSN}, depressie"
    assert kinds(text) == [Kind.STRAFBLAD, Kind.BSN, Kind.DIAGNOSE]
    assert scan(text, WORDS)[0] == Found(Kind.STRAFBLAD, 0, 9)


@pytest.mark.parametrize(
    "text",
    [
        "kind,word\n",
        "kind,language,word\nweer,nl,regen\n",
        "kind,language,word\nbsn,nl,nummer\n",
        "kind,language,word\ngeloof,nl,\n",
        "kind,language,word\ngeloof,nl,ab*\n",
    ],
)
def test_a_wrong_list_is_refused(text: str) -> None:
    with pytest.raises(WordsProblem):
        read_words(text)


def test_what_the_made_up_persons_of_the_forms_say_gives_no_warning() -> None:
    told = 0
    for file in sorted(paths.forms_dir().glob("*/tests.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            for row in csv.reader(opened):
                for cell in row:
                    # whole sentences: the other cells are numbers and names of choices
                    if len(cell.split()) >= 4:
                        told += 1
                        assert kinds(cell) == [], (file.parent.name, cell)
    assert told > 50
