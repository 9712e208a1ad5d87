"""`intake form fill`: from a file of answers and on a terminal; never a traceback."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import shipped
from support.fillings import session_of

from intake_app import paths
from intake_app.cli import codes, commands
from intake_app.formio.filling import load_form
from intake_app.xforms import FormDefinition, Snapshot

INTAKE = str(paths.forms_dir() / "intake")
TESTS = str(paths.forms_dir() / "intake" / "tests.csv")
SURVEY = """\
type,name,label,hint,guidance_hint,required,constraint,constraint_message,relevant
begin_group,deel,Deel,,,,,,
select_one jn,a,Vraag a,Een hint,Een uitleg,yes,,,
integer,b,Vraag b,,,,. > 1,Meer dan 1,${a} = 'ja'
end_group,,,,,,,,
begin_repeat,kind,Kind,,,,,,
text,naam,Naam,,,yes,,,
begin_repeat,school,School,,,,,,
text,plaats,Plaats,,,,,,
end_repeat,,,,,,,,
end_repeat,,,,,,,,
acknowledge,klaar,Klaar?,,,,,,
note,dank,Dank,,,,,,
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    folder = tmp_path / "proef"
    folder.mkdir()
    (folder / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (folder / "choices.csv").write_text(
        "list_name,name,label\njn,ja,Ja\njn,nee,Nee\n", encoding="utf-8"
    )
    (folder / "settings.csv").write_text(
        "form_id,form_title,version\nproef,Proef,7\n", encoding="utf-8"
    )
    return folder


class Windows:
    """No window may be asked for."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


def run(*arguments: object) -> int:
    """The whole command line; its last line of defence (70) may never be needed."""
    code = commands.run(["form", *map(str, arguments)], Windows())  # type: ignore[arg-type]
    assert code != codes.UNEXPECTED
    return code


def answers(folder: Path, text: str) -> Path:
    file = folder / "answers.csv"
    file.write_text(text, encoding="utf-8")
    return file


def bare(xml: bytes) -> ET.Element:
    """The document without namespaces."""
    root = ET.fromstring(xml)  # noqa: S314 - our own output
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def check_instance(form: FormDefinition, xml: bytes) -> ET.Element:
    """What ODK asks of a submission: id, version, instanceID, and nothing the form has not."""
    root = bare(xml)
    assert (root.get("id"), root.get("version", "")) == (form.form_id, form.version)
    ids = [e.text for e in root.iter() if e.tag == "instanceID"]
    assert len(ids) == 1
    assert str(ids[0]).startswith("uuid:")

    def walk(element: ET.Element, path: str) -> None:
        children = list(element)
        if not children and (element.text or "").strip():
            assert path in form.questions or "/meta/" in path, path
        for child in children:
            walk(child, f"{path}/{child.tag}")

    walk(root, f"/{root.tag}")
    return root


def test_a_whole_interview_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    xml, out = tmp_path / "x.xml", tmp_path / "x.json"
    code = run("fill", INTAKE, "--answers", TESTS, "--person", "karim", "--xml", xml, "--json", out)
    assert code == codes.OK
    assert "0 met een probleem" in capsys.readouterr().out
    form = load_form(Path(INTAKE))
    root = check_instance(form, xml.read_bytes())
    assert len(root.findall("onderwijs/meer_onderwijs/opleiding")) == 2
    body = json.loads(out.read_text(encoding="utf-8"))
    assert body["form"]["structure_hash"] == form.structure_hash
    assert body["problems"] == []
    assert list(body["data"])[:2] == ["opening", "ambitie"]
    told = body["data"]["onderwijs"]["meer_onderwijs"]["opleiding"]
    assert [one["opleiding_taal"] for one in told] == ["ara", "ara"]
    again = session_of(form, snapshot=Snapshot.from_json(body["snapshot"]))
    assert again.problems() == ()
    written = {e.tag: e.text for e in root.iter() if e.text}
    assert again.instance_xml().count(b"<opleiding_taal>") == 2
    assert written["functie"]


def test_repeats_within_repeats_and_states(form: Path, tmp_path: Path) -> None:
    file = answers(
        tmp_path,
        "name,instance,value\na,,#weet_niet\nnaam,2,Sara\nnaam,1,Ali\nplaats,2.1,Assen\n"
        "plaats,2.2,Zwolle\nklaar,,OK\n",
    )
    out = tmp_path / "x.json"
    assert run("fill", form, "--answers", file, "--json", out) == codes.OK
    body = json.loads(out.read_text(encoding="utf-8"))
    assert body["data"]["kind"] == [
        {"naam": "Ali", "school": [{}]},
        {"naam": "Sara", "school": [{"plaats": "Assen"}, {"plaats": "Zwolle"}]},
    ]
    assert body["states"] == [{"path": "/data/deel/a", "repeat": None, "state": "weet_niet"}]


def test_problems_are_named_and_the_outputs_written_all_the_same(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = answers(tmp_path, "name,value\na,misschien\na,ja\nb,1\nnaam,x\nweg,x\n")
    xml = tmp_path / "x.xml"
    assert run("fill", form, "--answers", file, "--xml", xml) == codes.REFUSED
    err = capsys.readouterr().err
    assert "antwoorden, rij 2, value: fout: Het antwoord op ‘a’ is geweigerd" in err
    assert "antwoorden, rij 4, value: fout: Het formulier maakt bezwaar bij ‘b’: Meer dan 1" in err
    assert "antwoorden, rij 5, name: fout: Er is geen vraag ‘naam’ op deze plaats" in err
    assert "antwoorden, rij 6, name: fout: Er is geen vraag ‘weg’" in err
    assert "b (/data/deel/b): Meer dan 1" in err
    assert bare(xml.read_bytes()).findtext("deel/b") == "1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "name en value"),
        ("a,b\n1,2\n", "name en value"),
        ("name,value,expect\na,ja,misschien\n", "rij 2, expect"),
        ("name,value\na,#onzin\n", "rij 2, value"),
        ("name,value\n,ja\n", "rij 2, name"),
        ("name,value,instance\na,ja,twee\n", "rij 2, instance"),
        ("name,value,instance\nnaam,x,99999\n", "rij 2, value"),
        ("name,value,person\na,ja,x\na,nee,y\n", "--person"),
        ('name,value\na,"open', "antwoorden"),
    ],
)
def test_files_of_answers_that_are_none(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    assert run("fill", form, "--answers", answers(tmp_path, text)) == codes.REFUSED
    assert words in capsys.readouterr().err


def test_a_name_that_occurs_twice_is_asked_for_by_its_path(tmp_path: Path) -> None:
    markdown = tmp_path / "dubbel.md"
    markdown.write_text(
        "| survey |\n| | type | name | label |\n| | begin_group | g | G |\n| | text | a | A |\n"
        "| | end_group | | |\n| | text | a | B |\n",
        encoding="utf-8",
    )
    assert run("fill", markdown, "--answers", answers(tmp_path, "name,value\na,x\n")) == 1
    file = answers(tmp_path, "name,value\n/data/a,x\n/data/g/a,y\n")
    out = tmp_path / "x.json"
    assert run("fill", markdown, "--answers", file, "--json", out) == codes.OK
    data = json.loads(out.read_text(encoding="utf-8"))["data"]
    assert (data["g"], data["a"]) == ({"a": "y"}, "x")


def test_an_xform_can_be_filled_too(form: Path, tmp_path: Path) -> None:
    xform = tmp_path / "proef.xml"
    assert run("compile", form, "--out", xform) == codes.OK
    file = answers(tmp_path, "name,value,instance\na,nee,\nnaam,Ali,1\n")
    xml = tmp_path / "x.xml"
    assert run("fill", xform, "--answers", file, "--xml", xml) == codes.OK
    check_instance(load_form(xform), xml.read_bytes())


def test_the_same_answers_give_the_same_document(form: Path, tmp_path: Path) -> None:
    file = answers(tmp_path, "name,value,instance\na,nee,\nnaam,Ali,1\n")
    data = []
    for name in ("een", "twee"):
        assert run("fill", form, "--answers", file, "--json", tmp_path / name) == codes.OK
        data.append(json.loads((tmp_path / name).read_text(encoding="utf-8"))["data"])
        assert data[-1].pop("meta")["instanceID"].startswith("uuid:")
    assert data[0] == data[1]


# -- on the terminal -----------------------------------------------------------------------------


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_on_the_terminal(
    form: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_in(
        monkeypatch,
        *("?", "9", "1"),  # explanation, no such choice, the first choice: ja
        *("1", "5"),  # objected to, then good
        *("<", ""),  # back to b, keep it
        *("-", "+", ""),  # another child instead of the first
        *("Ali", "-", ""),  # and no school
        *("ok", ""),
    )
    out = tmp_path / "x.json"
    code = run("fill", form, "--json", out)
    text = capsys.readouterr().out
    assert "Vraag a *" in text
    assert "Een hint" in text
    assert "Een uitleg" in text
    assert "1. Ja [ja]" in text
    assert "staat niet in de lijst" in text
    assert "Meer dan 1" in text
    assert "Dank" in text
    body = json.loads(out.read_text(encoding="utf-8"))
    assert body["data"]["deel"] == {"a": "ja", "b": "5"}
    assert body["data"]["klaar"] == "OK"
    assert body["data"]["kind"] == [{"naam": "Ali"}]
    assert code == codes.OK


def test_in_another_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "compiled_dir", shipped.compiled)
    type_in(monkeypatch, "", "1", "!")
    assert run("fill", INTAKE, "--language", "ar") == codes.REFUSED
    out = capsys.readouterr()
    assert "نعم [ja]" in out.out
    assert "moedertaal" in out.err
    assert run("fill", INTAKE, "--language", "kl") == codes.REFUSED
    assert "Kies uit: nl, ar, en, fa, ti" in capsys.readouterr().err


WORDS = st.sampled_from(
    (
        *("", "<", "?", "!", "+", "-", "1", "2", "99999999999", "ja", "#weet_niet", "#", "x y"),
        *("\udc80", "\x00", "\x1b[2J", "é" * 50, "-1", "1e5", "OK", "٣", "${a}", "'", "ok"),
    )
)


@given(lines=st.lists(WORDS, max_size=25))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_typed_gives_a_traceback(
    form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    type_in(monkeypatch, *lines)
    out = tmp_path / "x.xml"
    assert run("fill", form, "--xml", out) in (codes.OK, codes.REFUSED)
    ET.fromstring(out.read_bytes())  # noqa: S314


@given(body=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_file_of_answers_gives_a_traceback(form: Path, tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(b"name,value,instance\n" + body)
    assert run("fill", form, "--answers", file) in (codes.OK, codes.REFUSED)
    file.write_bytes(body)
    assert run("fill", form, "--answers", file) in (codes.OK, codes.REFUSED)


@pytest.mark.parametrize("name", ["x.xml", "x.xlsx", "x.xls", "x.md", "survey.csv", "x.docx"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 100,
        b"<",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"PK\x03\x04",
        b"\xff\xfe\x00",
        b"type,name,label\n",
        b"| survey |\n| | type |\n",
    ],
)
def test_no_file_that_is_no_form_gives_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, body: bytes
) -> None:
    (tmp_path / name).write_bytes(body)
    xml = tmp_path / "uit.xml"
    for action in (["fill", "--xml", xml], ["export", "--out", xml], ["compile", "--out", xml]):
        code = run(action[0], tmp_path / name, *action[1:])
        assert code == codes.REFUSED
        assert capsys.readouterr().err.strip()
        assert not xml.exists()
    assert run("lint", tmp_path / name) == codes.REFUSED


def test_what_is_not_there_and_cannot_be_written(form: Path, tmp_path: Path) -> None:
    assert run("fill", tmp_path / "niets") == codes.REFUSED
    assert run("fill", form, "--answers", tmp_path / "niets.csv") == codes.REFUSED
    assert run("fill", form, "--answers", tmp_path) == codes.REFUSED
    file = answers(tmp_path, "name,value\na,nee\n")
    assert run("fill", form, "--answers", file, "--person", "x") == codes.REFUSED
    assert run("fill", form, "--answers", file, "--xml", tmp_path / "geen" / "x") == codes.REFUSED
    assert run("fill") == codes.USAGE


def test_help_documents_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("fill", "--help") == codes.OK
    out = capsys.readouterr().out
    assert "exit codes:" in out
    assert "#weet_niet" in out
