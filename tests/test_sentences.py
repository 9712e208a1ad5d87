from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from intake_app.sentences import Sentence, Told

ENGLISH = {
    "Gebruik hoogstens {most} tekens.": "Use at most {most} characters.",
    "Deze overdracht is al {state}.": "This handover is already {state}.",
    "geopend": "opened",
    "Er is niets veranderd.": "Nothing has changed.",
    "{n} van {total}": "{n} of {whole}",
    "Het kan niet.": "It cannot be.",
}


class Refused(Told):
    sentence = "Er is niets veranderd."


class Wrong(Told, ValueError):
    def __init__(self, reason: str) -> None:
        super().__init__("Het kan niet.")
        self.reason = reason


def english(text: str) -> str:
    return ENGLISH.get(text, text)


def test_it_is_the_dutch_text() -> None:
    sentence = Sentence("Gebruik hoogstens {most} tekens.", most=80)
    assert sentence == "Gebruik hoogstens 80 tekens."
    assert sentence.translated(english) == "Use at most 80 characters."


def test_an_error_keeps_what_translators_get_however_often_it_is_told_on() -> None:
    first = Refused("Gebruik hoogstens {most} tekens.", most=80)
    again = Refused(str(Refused(str(first))))
    assert str(again) == "Gebruik hoogstens 80 tekens."
    assert Sentence(str(again)).translated(english) == "Use at most 80 characters."


def test_an_error_says_what_its_class_says() -> None:
    assert str(Refused()) == "Er is niets veranderd."
    assert Sentence(str(Refused())).translated(english) == "Nothing has changed."
    assert Sentence(str(Wrong("code"))).translated(english) == "It cannot be."


def test_a_field_is_translated_when_it_is_a_sentence_or_an_error() -> None:
    told = Sentence("Deze overdracht is al {state}.", state=Sentence("geopend"))
    assert told.translated(english) == "This handover is already opened."
    assert Sentence("{what}", what=Refused()).translated(english) == "Nothing has changed."
    assert Sentence("{what}", what="geopend").translated(english) == "geopend"


def test_sentences_after_each_other() -> None:
    joined = Sentence.joined(
        [Refused.sentence, Sentence("Gebruik hoogstens {most} tekens.", most=9)]
    )
    assert joined == "Er is niets veranderd. Gebruik hoogstens 9 tekens."
    assert joined.translated(english) == "Nothing has changed. Use at most 9 characters."


def test_a_translation_that_does_not_fit_gives_the_dutch() -> None:
    assert Sentence("{n} van {total}", n=1, total=2).translated(english) == "1 van 2"


def test_fields_can_be_filled_in_later_and_braces_in_a_field_are_text() -> None:
    later = Sentence("Gebruik hoogstens {most} tekens.").format(most="{veel}")
    assert later.translated(english) == "Use at most {veel} characters."
    assert Sentence("Zo: {niet}") == "Zo: {niet}"
    with pytest.raises(TypeError):
        later.format("zonder naam")


def pickled(error: Refused) -> object:
    return pickle.loads(pickle.dumps(error))  # noqa: S301


@pytest.mark.parametrize("anew", [copy.copy, copy.deepcopy, pickled])
def test_copies_are_translated_too(anew: Callable[[Refused], object]) -> None:
    told = Sentence(str(anew(Refused("Gebruik hoogstens {most} tekens.", most=80))))
    assert told.translated(english) == "Use at most 80 characters."
