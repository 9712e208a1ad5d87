"""What XLSForms can hold, from sheet to session, and out to a workbook that is the same form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fillings import session_of

from intake_app.formio.compile import compile_workbook
from intake_app.formio.export import merge, to_xlsx
from intake_app.formio.filling import load_form
from intake_app.formio.sheets import read_workbook
from intake_app.i18n.catalogues import Catalogues
from intake_app.xforms import AnswerRefused, FormSession, NodeKey, QuestionKind, RefusalCode

Open = Callable[..., FormSession]


def key(name: str) -> NodeKey:
    return NodeKey(f"/data/{name}")


@pytest.fixture
def open_sheet(tmp_path: Path) -> Open:
    """Load a form in Markdown, through a workbook and back, and begin to fill it in."""

    def make(text: str, media: dict[str, str] | None = None) -> FormSession:
        path = tmp_path / "vorm.md"
        path.write_text(text, encoding="utf-8")
        (tmp_path / "media").mkdir(exist_ok=True)
        for name, body in (media or {}).items():
            (tmp_path / "media" / name).write_text(body, encoding="utf-8")
        book = read_workbook(path)
        out = tmp_path / "vorm.xlsx"
        out.write_bytes(to_xlsx(merge(book, Catalogues(tmp_path))))
        assert compile_workbook(read_workbook(out)).xml == compile_workbook(book).xml
        return session_of(load_form(out))

    return make


def test_a_range_has_its_bounds_and_refuses_what_is_outside(open_sheet: Open) -> None:
    session = open_sheet("""
| survey | | | | |
| | type | name | label | parameters |
| | range | cijfer | Cijfer | start=1 end=10 step=1 |
| | range | deel | Deel | start=0 end=1 step=0.25 |
""")
    question = session.form.questions["/data/cijfer"]
    assert question.kind is QuestionKind.RANGE
    assert dict(question.parameters) == {"start": "1", "end": "10", "step": "1"}
    session.answer(key("cijfer"), "7")
    session.answer(key("deel"), "0.25")
    for name, value in (("cijfer", "11"), ("deel", "1.5"), ("cijfer", "veel")):
        with pytest.raises(AnswerRefused):
            session.answer(key(name), value)
    assert (session.value(key("cijfer")), session.value(key("deel"))) == ("7", "0.25")


def test_a_rank_keeps_the_order_of_the_answer(open_sheet: Open) -> None:
    session = open_sheet("""
| survey | | | |
| | type | name | label |
| | rank doelen | volgorde | Wat eerst? |
| choices | | | |
| | list_name | name | label |
| | doelen | werk | Werk |
| | doelen | taal | Taal |
| | doelen | huis | Huis |
""")
    assert session.form.questions["/data/volgorde"].kind is QuestionKind.RANK
    session.answer(key("volgorde"), "taal werk huis")
    assert session.value(key("volgorde")) == "taal werk huis"
    with pytest.raises(AnswerRefused) as refused:
        session.answer(key("volgorde"), "taal fiets")
    assert refused.value.reason is RefusalCode.NOT_A_CHOICE


def test_choices_come_from_a_repeat(open_sheet: Open) -> None:
    session = open_sheet("""
| survey | | | | |
| | type | name | label | choice_filter |
| | begin_repeat | kind | Kind | |
| | text | naam | Naam | |
| | end_repeat | kind | | |
| | select_one ${naam} | oudste | Wie is de oudste? | ${naam} != '' |
""")
    first = session.repeats("/data/kind")[0]
    second, _ = session.add_repeat("/data/kind")
    for instance, name in ((first, "Sara"), (second, "Adam")):
        changes = session.answer(NodeKey("/data/kind/naam", instance), name)
        assert key("oudste") in changes.choices
    shown = session.view(key("oudste")).choices
    assert [(c.value, c.label.text) for c in shown] == [("Sara", "Sara"), ("Adam", "Adam")]
    session.answer(key("oudste"), "Adam")
    session.remove_repeat("/data/kind", second)
    assert session.value(key("oudste")) == ""


def test_actions_fire_at_the_start_in_a_new_instance_and_on_a_change(open_sheet: Open) -> None:
    session = open_sheet("""
| survey | | | | | | |
| | type | name | label | default | trigger | calculation |
| | date | dag | Dag | today() | | |
| | text | land | Land | | | |
| | text | stad | Stad | | ${land} | '' |
| | dateTime | sinds | Sinds | | ${land} | now() |
| | begin_repeat | kind | Kind | | | |
| | text | nummer | Nummer | concat('k', position(..)) | | |
| | end_repeat | kind | | | | |
""")
    assert session.value(key("dag")) == "2026-03-05"
    first = session.repeats("/data/kind")[0]
    second, _ = session.add_repeat("/data/kind")
    numbers = [session.value(NodeKey("/data/kind/nummer", i)) for i in (first, second)]
    assert numbers == ["k1", "k2"]
    session.answer(key("stad"), "Asmara")
    changes = session.answer(key("land"), "Eritrea")
    assert {key("stad"), key("sinds")} <= changes.values
    assert session.value(key("stad")) == ""
    assert session.value(key("sinds")).startswith("2026-03-05T14:30")


def test_pictures_and_sounds_of_questions_and_choices(open_sheet: Open) -> None:
    session = open_sheet("""
| survey | | | | | | |
| | type | name | label::Nederlands (nl) | label::Arabic (ar) | media::image::Nederlands (nl) | media::audio::Nederlands (nl) |
| | select_one dier | huisdier | Welk dier? | أي حيوان؟ | dieren.png | dieren.mp3 |
| choices | | | | | |
| | list_name | name | label::Nederlands (nl) | label::Arabic (ar) | media::image::Nederlands (nl) |
| | dier | kat | Kat | قطة | kat.png |
| | dier | hond | Hond | كلب | hond.png |
""")  # noqa: E501
    assert session.form.languages == ("nl", "ar")
    control = session.form.model.nodes["/data/huisdier"].control
    assert control is not None
    assert control.label is not None
    assert dict(control.label.media) == {
        "image": "dieren.png",
        "audio": "dieren.mp3",
    }
    shown = session.view(key("huisdier"), "nl").choices
    assert [(c.label.text, dict(c.media)) for c in shown] == [
        ("Kat", {"image": "kat.png"}),
        ("Hond", {"image": "hond.png"}),
    ]
    arabic = session.view(key("huisdier"), "ar")
    assert arabic.label.text == "أي حيوان؟"
    assert [c.label.text for c in arabic.choices] == ["قطة", "كلب"]


CSV = "name,label,land\nasm,Asmara,er\nker,Keren,er\nada,Addis Abeba,et\n"
XML = (
    "<root><item><name>er</name><label>Eritrea</label></item>"
    "<item><name>et</name><label>Ethiopië</label></item></root>"
)
GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "apl",
                "geometry": {"type": "Point", "coordinates": [7.07, 52.88]},
                "properties": {"title": "Ter Apel"},
            },
            {
                "type": "Feature",
                "id": "zei",
                "geometry": {"type": "Point", "coordinates": [5.23, 52.09]},
                "properties": {"title": "Zeist"},
            },
        ],
    }
)


def test_choices_and_values_from_files_beside_the_form(open_sheet: Open) -> None:
    session = open_sheet(
        """
| survey | | | | | | |
| | type | name | label | choice_filter | calculation | parameters |
| | select_one_from_file landen.xml | land | Land | | | |
| | select_one_from_file steden.csv | stad | Stad | land = ${land} | | |
| | select_one_from_file azcs.geojson | azc | Azc | | | value=id label=title |
| | csv-external | steden | | | | |
| | calculate | hoofd | | | pulldata('steden', 'label', 'name', 'asm') | |
| | calculate | plek | | | instance('azcs')/root/item[id = ${azc}]/geometry | |
""",
        {"landen.xml": XML, "steden.csv": CSV, "azcs.geojson": GEOJSON},
    )
    assert [c.label.text for c in session.view(key("land")).choices] == ["Eritrea", "Ethiopië"]
    session.answer(key("land"), "er")
    assert [c.value for c in session.view(key("stad")).choices] == ["asm", "ker"]
    assert [c.label.text for c in session.view(key("azc")).choices] == ["Ter Apel", "Zeist"]
    session.answer(key("azc"), "zei")
    assert session.value(key("hoofd")) == "Asmara"
    assert session.value(key("plek")).split()[:2] == ["52.09", "5.23"]


def test_an_upload_and_an_acknowledgement_are_what_they_are(open_sheet: Open) -> None:
    session = open_sheet("""
| survey | | | |
| | type | name | label |
| | image | foto | Foto |
| | audio | stem | Stem |
| | acknowledge | akkoord | Akkoord? |
| | barcode | code | Code |
""")
    kinds = [q.kind for q in session.form.questions.values()][:4]
    assert kinds == [
        QuestionKind.UPLOAD,
        QuestionKind.UPLOAD,
        QuestionKind.ACKNOWLEDGE,
        QuestionKind.TEXT,
    ]
    assert session.form.questions["/data/foto"].parameters["mediatype"] == "image/*"
    session.answer(key("akkoord"), "OK")
    with pytest.raises(AnswerRefused):
        session.answer(key("akkoord"), "misschien")


def test_entities_come_round(open_sheet: Open) -> None:
    session = open_sheet("""
| survey | | | | |
| | type | name | label | save_to |
| | text | soort | Soort | soort |
| entities | | |
| | list_name | label |
| | bomen | ${soort} |
""")
    session.answer(key("soort"), "eik")
    out = session.instance_xml().decode()
    assert 'dataset="bomen"' in out
    assert "<label>eik</label>" in out
    assert session.form.questions["/data/soort"].attributes["saveto"] == "soort"
