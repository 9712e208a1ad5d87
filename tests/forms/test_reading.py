"""The Dutch of every form that a client reads or hears is easy: short sentences, common words.

`hard_words.csv` is a list of our own: words of offices and letters, and what to say instead.
`hard_words_kept.csv` has the words that stay all the same, each with the reason.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from support.source_texts import template

from intake_app import paths
from intake_app.formio.extract import form_texts
from intake_app.formio.sheets import read_workbook
from intake_app.i18n.pofiles import ids, is_for_client, messages

HERE = Path(__file__).parent
MEAN_WORDS = 12.0
LONGEST_WORD = 14
"""Letters; a longer word is hard to read whatever it means."""


def table(name: str) -> dict[str, str]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}


def client_texts(folder: Path) -> list[str]:
    """Questions, hints, choices, titles and messages; what only a colleague sees is not there."""
    texts = form_texts(read_workbook(folder))
    return [text.text for text in texts if not text.staff and text.kind != "guidance"]


def paper_texts(domain: str) -> list[str]:
    """What the client reads or hears of the papers (`documents`) and of the program (`ui`)."""
    return [text for m in messages(template(domain)) if is_for_client(domain, m) for text in ids(m)]


def sentences(texts: list[str]) -> list[str]:
    parts = [part for text in texts for part in re.split(r"(?<=[.?!:”])\s+", text)]
    return [part for part in parts if re.search(r"\w", part)]


def words(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[^\W\d_]+", text)]


def is_hard(word: str, hard: dict[str, str]) -> bool:
    """Whether a word is on the list, also in plural or with an ending, or too long."""
    stems = {word, word.removesuffix("s"), word.removesuffix("en"), word.removesuffix("e")}
    return bool(stems & hard.keys()) or len(word) > LONGEST_WORD


def hard_words(texts: list[str]) -> set[str]:
    hard = table("hard_words.csv")
    return {w for text in texts for w in words(text) if is_hard(w, hard)}


def mean_words(texts: list[str]) -> float:
    found = sentences([text for text in texts if len(words(text)) > 1])
    return sum(len(words(sentence)) for sentence in found) / len(found) if found else 0.0


def test_sentences_are_short(form_folder: Path) -> None:
    texts = client_texts(form_folder)
    if not texts:
        pytest.skip("a form of colleagues only")
    assert mean_words(texts) <= MEAN_WORDS


def test_words_are_common(form_folder: Path) -> None:
    assert hard_words(client_texts(form_folder)) <= table("hard_words_kept.csv").keys()


@pytest.mark.slow
@pytest.mark.parametrize(("domain", "least"), [("documents", 200), ("ui", 20)])
def test_papers_and_program_are_as_easy(domain: str, least: int) -> None:
    texts = paper_texts(domain)
    assert len(texts) >= least
    assert mean_words(texts) <= MEAN_WORDS
    assert hard_words(texts) <= table("hard_words_kept.csv").keys()


def test_a_long_sentence_and_a_hard_word_would_be_seen() -> None:
    long = "U moet dit papier altijd goed bewaren omdat wij het u later niet nog een keer geven."
    assert mean_words([long]) > MEAN_WORDS
    assert hard_words(["Indien gewenst."]) == {"indien"}


@pytest.mark.slow
def test_every_hard_word_that_stays_has_a_reason_and_is_used() -> None:
    kept = table("hard_words_kept.csv")
    used: set[str] = set()
    for survey in paths.forms_dir().glob("*/survey.csv"):
        used |= hard_words(client_texts(survey.parent))
    for domain in ("documents", "ui"):
        used |= hard_words(paper_texts(domain))
    assert set(kept) == used
    assert all(len(reason) >= 15 for reason in kept.values())


def test_the_list_is_ours_and_in_order() -> None:
    hard = table("hard_words.csv")
    assert len(hard) >= 150
    assert list(hard) == sorted(hard, key=lambda word: word.replace("ë", "e"))
    assert all(rather and rather != word for word, rather in hard.items())


@pytest.mark.parametrize(
    ("word", "hard"),
    [
        ("indien", True),
        ("trajecten", True),
        ("competenties", True),
        ("arbeidsmarktpositie", True),
        ("werk", False),
        ("kinderopvang", False),
    ],
)
def test_hard_words_are_found(word: str, *, hard: bool) -> None:
    assert is_hard(word, table("hard_words.csv")) is hard


def test_sentences_are_split_as_they_are_read() -> None:
    assert sentences(["Dank u wel. Hierna maken we samen een plan."]) == [
        "Dank u wel.",
        "Hierna maken we samen een plan.",
    ]
