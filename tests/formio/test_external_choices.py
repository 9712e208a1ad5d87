"""select_one_external: choices by query, from the sheet or from itemsets.csv."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fillings import session_of

from intake_app.formio.filling import load_form
from intake_app.formio.lint import lint
from intake_app.xforms import FormError, NodeKey, QuestionKind, parse_form

FORM = """| survey | | | | |
| | type | name | label | choice_filter |
| | select_one provincie | provincie | Provincie | |
| | select_one_external plaats | plaats | Plaats | provincie=${provincie} |
| choices | | | |
| | list_name | name | label |
| | provincie | ut | Utrecht |
| | provincie | gr | Groningen |
| external_choices | | | | |
| | list_name | name | label | provincie |
| | plaats | amf | Amersfoort | ut |
| | plaats | zei | Zeist | ut |
| | plaats | apl | Ter Apel | gr |
| | anders | x | Niet hier | ut |
"""
PLACE, PROVINCE = NodeKey("/data/plaats"), NodeKey("/data/provincie")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "plaatsen.md"
    found.write_text(FORM, encoding="utf-8")
    return found


def test_choices_by_query_are_filtered_and_cleared(path: Path) -> None:
    session = session_of(load_form(path))
    assert session.view(PLACE).definition.kind is QuestionKind.SELECT_ONE
    assert session.view(PLACE).choices == ()
    session.answer(PROVINCE, "ut")
    shown = session.view(PLACE).choices
    assert [(c.value, c.label.text) for c in shown] == [("amf", "Amersfoort"), ("zei", "Zeist")]
    session.answer(PLACE, "zei")
    changes = session.answer(PROVINCE, "gr")
    assert PLACE in changes.choices
    assert session.value(PLACE) == ""
    assert not [f for f in lint(path) if f.level == "error"]


def test_the_file_beside_the_form_is_used(path: Path) -> None:
    path.write_text(FORM.replace("plaats | amf", "anders | amf"), encoding="utf-8")
    media = path.parent / "media"
    media.mkdir()
    (media / "itemsets.csv").write_text(
        "list_name,name,label::Nederlands (nl),provincie\nplaats,zei,Zeist,ut\n", encoding="utf-8"
    )
    session = session_of(load_form(path))
    session.answer(PROVINCE, "ut")
    assert [(c.value, c.label.text) for c in session.view(PLACE).choices] == [("zei", "Zeist")]


def test_without_its_file_the_question_is_text_or_the_form_refused(path: Path) -> None:
    xml = load_form(path).xml
    form = parse_form(xml, strict=False)
    assert form.questions[PLACE.path].kind is QuestionKind.TEXT
    with pytest.raises(FormError, match="input /data/plaats: the list plaats is not in"):
        parse_form(xml)


def test_a_broken_file_names_the_question(path: Path) -> None:
    xml = load_form(path).xml
    with pytest.raises(FormError, match=r"itemsets\.csv, input /data/plaats"):
        parse_form(xml, resolver=lambda _: b"a,b\n1,2\n")
