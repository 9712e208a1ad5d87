"""What scripts leave out is named by sheet and row; what they visit counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.formio.compile import compile_form
from intake_app.formio.coverage import Coverage, measure
from intake_app.xforms import parse_form

SURVEY = """\
type,name,label,relevant,calculation,choice_filter
begin_group,deel,Deel,,,
select_one jn,werkt,Werkt u?,,,
begin_group,werk,Werk,${werkt} = 'ja',,
text,functie,Wat doet u?,,,
select_one plaats,stad,Welke stad?,,,land = ${land} or land = 'elk'
text,land,Welk land?,,,
note,dank,Dank u.,${functie} != '',,
end_group,,,,,
end_group,,,,,
begin_repeat,kind,Kind,${werkt} = 'nee',,
integer,leeftijd,Hoe oud?,,,
text,school,Welke school?,${leeftijd} > 3,,
calculate,leerplicht,,${leeftijd} > 4,1,
end_repeat,,,,,
"""
CHOICES = """\
list_name,name,label,land
jn,ja,Ja,
jn,nee,Nee,
plaats,a,A,nl
plaats,b,B,be
plaats,c,C,elk
"""
WORKS = """\
werker,,werkt,ja,
werker,,functie,kok,
werker,,land,nl,
werker,,stad,a,
"""
CHILD = """\
ouder,,werkt,nee,
ouder,1,leeftijd,6,
ouder,1,school,De Regenboog,
"""
WORKS_ELSEWHERE = """\
belg,,werkt,ja,
belg,,functie,#weet_niet,
belg,,land,be,
belg,,stad,b,
"""
YOUNG_CHILD = """\
jong,,werkt,nee,
jong,1,leeftijd,2,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (tmp_path / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (tmp_path / "settings.csv").write_text(
        "form_id,form_title,version\nproef,Proef,1\n", encoding="utf-8"
    )
    return tmp_path


def measured(folder: Path, *scripts: str) -> Coverage:
    head = "person,instance,name,value,expect\n"
    (folder / "tests.csv").write_text(head + "".join(scripts), encoding="utf-8")
    return measure(parse_form(compile_form(folder)), folder)


def missed(found: Coverage) -> set[tuple[int, str, str]]:
    return {(f.row, f.column, f.message.split(": ")[1]) for f in found.missed}


def test_four_persons_visit_everything(folder: Path) -> None:
    found = measured(folder, WORKS, CHILD, WORKS_ELSEWHERE, YOUNG_CHILD)
    assert found.missed == ()
    assert found.complete
    # 7 questions and notes, 5 relevances of two sides, 3 choices and what is kept back
    assert (found.persons, found.visited, found.total) == (4, 21, 21)
    assert str(found) == "21 van 21 (100.0 %) door 4 personen"


def test_what_one_person_leaves_out_is_named(folder: Path) -> None:
    found = measured(folder, WORKS)
    assert not found.complete
    assert missed(found) == {
        (4, "relevant", "bij niemand valt dit zelf weg."),
        (6, "choice_filter", "de keuze ‘b’ wordt niemand aangeboden."),
        (8, "relevant", "bij niemand valt dit zelf weg."),
        (11, "relevant", "bij niemand is dit aan de orde."),
        (12, "name", "niemand krijgt deze vraag te zien en antwoordt."),
        (13, "name", "niemand krijgt deze vraag te zien en antwoordt."),
        (13, "relevant", "bij niemand is dit aan de orde."),
        (13, "relevant", "bij niemand valt dit zelf weg."),
        (14, "relevant", "bij niemand is dit aan de orde."),
        (14, "relevant", "bij niemand valt dit zelf weg."),
    }
    assert "survey, rij 6, choice_filter" in str(found)


def test_what_is_hidden_with_its_group_is_not_visited_on_the_other_side(folder: Path) -> None:
    """The note falls away with the group for the parents; that is not its own relevance."""
    found = measured(folder, WORKS, CHILD, YOUNG_CHILD)
    assert (8, "relevant", "bij niemand valt dit zelf weg.") in missed(found)


def test_a_question_without_answer_or_state_is_not_visited(folder: Path) -> None:
    without = WORKS.replace("werker,,stad,a,\n", "")
    found = measured(folder, without, CHILD, YOUNG_CHILD)
    assert (6, "name", "niemand krijgt deze vraag te zien en antwoordt.") in missed(found)


def test_a_filter_that_keeps_nothing_back_decides_nothing(folder: Path) -> None:
    text = SURVEY.replace("land = ${land} or land = 'elk'", "land != ${land}")
    (folder / "survey.csv").write_text(text, encoding="utf-8")
    found = measured(folder, WORKS.replace("land,nl", "land,fr"))
    assert (6, "choice_filter", "het filter houdt bij niemand een keuze achter.") in missed(found)
