"""Texts: outputs, the Texts provider, itext, guidance, and what pyxform really makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from intake_app.xforms import FormSession, NodeKey, QuestionKind, ShownText, TextRef, parse_form

Open = Callable[..., FormSession]
Key = Callable[..., NodeKey]


class Catalogue:
    """Translations by language, kind and name."""

    def __init__(self, texts: dict[tuple[str, str, str], str]) -> None:
        self.texts = texts
        self.asked: list[tuple[str, TextRef, str, str]] = []

    def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
        self.asked.append((form_id, ref, language, source))
        found = self.texts.get((language, ref.kind, ref.name))
        if found is None:
            return ShownText(source, "nl", "missing")
        return ShownText(found, language, "unreviewed")


SURVEY = [
    {"type": "begin group", "name": "werk", "label": "Werk"},
    {
        "type": "text",
        "name": "naam",
        "label": "Hoe heet u?",
        "hint": "Voornaam",
        "guidance_hint": "Alleen voor de collega",
        "bind::dl:sharing": "identiteit",
        "required": "yes",
        "required_message": "Vul een naam in",
    },
    {
        "type": "select_one jn",
        "name": "heeft",
        "label": "Heeft u werk, ${naam}?",
        "bind::dl:sharing": "werk",
        "constraint": ". != 'nee' or ${naam} != 'Sami'",
        "constraint_message": "${naam} heeft wel werk",
    },
    {"type": "note", "name": "noot", "label": "U zei ${heeft} tegen ${naam}."},
    {"type": "end group"},
]
CHOICES = [
    {"list_name": "jn", "name": "ja", "label": "Ja"},
    {"list_name": "jn", "name": "nee", "label": "Nee"},
]
ARABIC = {
    ("ar", "label", "heeft"): "${naam}، هل لديك عمل؟",
    ("ar", "label", "noot"): "إلى ${naam} قلت ${heeft}",
    ("ar", "choice", "jn/ja"): "نعم",
    ("ar", "constraint", "heeft"): "لدى ${naam} عمل",
}


@pytest.fixture(scope="module")
def compiled() -> bytes:
    from pyxform.xls2xform import convert

    columns = dict.fromkeys(key for row in SURVEY for key in row)
    result = convert(
        {
            "survey": SURVEY,
            "survey_header": [columns],
            "choices": CHOICES,
            "choices_header": [dict.fromkeys(CHOICES[0])],
            "settings": [
                {
                    "form_id": "proef",
                    "form_title": "Proef",
                    "namespaces": 'dl="https://doorgaande-lijn.nl/xforms"',
                }
            ],
        }
    )
    return str(result.xform).encode()


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(ARABIC)


@pytest.fixture
def session(compiled: bytes, catalogue: Catalogue, fill: Open) -> FormSession:
    return fill(parse_form(compiled), texts=catalogue)


def test_what_pyxform_makes_of_our_columns(session: FormSession, key: Key) -> None:
    view = session.view(key("werk/naam"))
    assert view.definition.attributes == {"sharing": "identiteit"}
    assert view.label == ShownText("Hoe heet u?", "nl")
    assert view.hint == ShownText("Voornaam", "nl")
    assert view.guidance == ShownText("Alleen voor de collega", "nl")
    assert view.problem is not None
    assert view.problem.text.text == "Vul een naam in"
    assert session.form.languages == ()
    assert session.view(key("werk/noot")).definition.kind is QuestionKind.NOTE
    assert session.view(key("werk/heeft")).choices[0].ref == "jn/ja"


def test_the_provider_gets_placeholders_and_may_move_them(
    session: FormSession, catalogue: Catalogue, key: Key
) -> None:
    session.answer(key("werk/naam"), "Amal")
    label = session.view(key("werk/heeft"), "ar").label
    assert label.language == "ar"
    assert label.status == "unreviewed"
    assert label.text == "\u2068Amal\u2069، هل لديك عمل؟"
    ref = TextRef("label", "heeft")
    assert ("proef", ref, "ar", "Heeft u werk, ${naam}?") in catalogue.asked


def test_choices_filled_into_a_text_follow_its_language(session: FormSession, key: Key) -> None:
    session.answer(key("werk/naam"), "Amal")
    session.answer(key("werk/heeft"), "ja")
    assert session.view(key("werk/noot")).label.text == "U zei Ja tegen Amal."
    shown = session.view(key("werk/noot"), "ar").label.text
    assert shown == "إلى \u2068Amal\u2069 قلت \u2068نعم\u2069"


def test_a_missing_translation_shows_the_source_and_says_so(session: FormSession, key: Key) -> None:
    label = session.view(key("werk/naam"), "ti").label
    assert label == ShownText("Hoe heet u?", "nl", "missing")


def test_messages_are_translated_and_filled(session: FormSession, key: Key) -> None:
    session.answer(key("werk/naam"), "Sami")
    session.answer(key("werk/heeft"), "nee")
    (problem,) = session.problems("ar")
    assert problem.text.text == "لدى \u2068Sami\u2069 عمل"
    assert session.problems()[0].text.text == "Sami heeft wel werk"


def test_a_label_changes_when_what_it_shows_changes(session: FormSession, key: Key) -> None:
    assert session.answer(key("werk/naam"), "Amal").labels == {key("werk/heeft"), key("werk/noot")}
    assert session.answer(key("werk/naam"), "Amal").labels == frozenset()


def test_forms_with_languages_of_their_own(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/>",
        model="""<itext>
          <translation lang="Nederlands (nl)" default="true()"><text id="a:label">
            <value>Vraag</value><value form="image">jr://images/a.png</value></text></translation>
          <translation lang="English (en)"><text id="a:label"><value>Question</value></text>
          </translation></itext>""",
        body="<input ref='/data/a'><label ref=\"jr:itext('a:label')\"/></input>",
    )
    assert session.form.languages == ("nl", "en")
    assert session.view(key("a"), "en").label == ShownText("Question", "en")
    assert session.view(key("a"), "nl").label == ShownText("Vraag", "nl")
    assert session.view(key("a"), "ar").label == ShownText("Vraag", "nl", "missing")


def test_labels_of_rows_are_filled_per_row(open_form: Open, key: Key) -> None:
    session = open_form(
        "<kind jr:template=''><naam/><v/></kind>",
        body='<group ref="/data/kind"><label>Kind</label><repeat nodeset="/data/kind">'
        '<input ref="/data/kind/naam"/><input ref="/data/kind/v">'
        '<label>Gaat <output value="../naam"/> naar school?</label></input></repeat></group>',
    )
    rows = [session.add_repeat("/data/kind")[0] for _ in range(2)]
    changes = session.answer(key("kind/naam", rows[1]), "Sami")
    assert changes.labels == {key("kind/v", rows[1])}
    assert session.view(key("kind/v", rows[1])).label.text == "Gaat Sami naar school?"
    assert session.view(key("kind/v", rows[0])).label.text == "Gaat  naar school?"


def test_a_title_for_what_is_not_there(session: FormSession) -> None:
    from intake_app.xforms import AnswerRefused

    with pytest.raises(AnswerRefused):
        session.title("/data/weg")
    assert session.title("/data/werk").text == "Werk"
    assert session.title("/data/werk", "ar").status == "missing"


def test_keys_sort_and_print(key: Key) -> None:
    some: list[Any] = [key("b", UUID(int=1)), key("a"), key("b")]
    assert sorted(some) == [key("a"), key("b"), key("b", UUID(int=1))]
    assert str(key("a")) == "/data/a"


def test_a_choice_with_an_output_follows_what_is_answered(open_form: Open, key: Key) -> None:
    session = open_form(
        "<naam/><wie/>",
        body='<input ref="/data/naam"/><select1 ref="/data/wie">'
        '<item><label>Alleen <output value="/data/naam"/></label><value>een</value></item>'
        "<item><label>Iedereen</label><value>alle</value></item></select1>",
    )

    def labels() -> list[str]:
        return [choice.label.text for choice in session.view(key("wie")).choices]

    assert labels() == ["Alleen ", "Iedereen"]
    session.answer(key("naam"), "Sara")
    assert labels() == ["Alleen Sara", "Iedereen"]
