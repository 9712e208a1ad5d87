from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from intake_app import paths
from intake_app.formio.build import build, main
from intake_app.formio.findings import FormSourceError
from intake_app.i18n.catalogues import Catalogues
from intake_app.xforms import compiled

if TYPE_CHECKING:
    from pathlib import Path

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#, fuzzy
msgctxt "proef/label/a"
msgid "Vraag"
msgstr "سؤال؟"
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    form = tmp_path / "forms" / "proef"
    form.mkdir(parents=True)
    (form / "survey.csv").write_text("type,name,label\ntext,a,Vraag\n", encoding="utf-8")
    (form / "settings.csv").write_text("form_id,version\nproef,1\n", encoding="utf-8")
    (form / "tests.csv").write_text("person,name,value\n", encoding="utf-8")
    po = tmp_path / "translations" / "ar" / "LC_MESSAGES" / "forms_proef.po"
    po.parent.mkdir(parents=True)
    po.write_text(PO, encoding="utf-8")
    (tmp_path / "translations" / "REVIEW.toml").write_text("", encoding="utf-8")
    return tmp_path


def run(sources: Path) -> tuple[int, list[str]]:
    said: list[str] = []
    made = build(
        sources / "out",
        forms=sources / "forms",
        translations=sources / "translations",
        say=said.append,
    )
    return made, said


def test_everything_is_made_once(sources: Path) -> None:
    made, said = run(sources)
    assert made == 4
    assert said == [
        "gemaakt: forms/proef.xml",
        "gemaakt: forms/proef.prepared",
        "gemaakt: catalogues/ar/forms_proef.mo",
        "gemaakt: catalogues/REVIEW.toml",
    ]
    assert run(sources) == (0, [])


def test_fuzzy_texts_are_in_the_catalogue_and_marked_by_the_ledger(sources: Path) -> None:
    run(sources)
    shown = Catalogues(sources / "out").form_text("proef", "label", "a", "ar", "Vraag")
    assert (shown.text, shown.status) == ("سؤال؟", "unreviewed")


def test_only_what_changed_is_made_again(sources: Path) -> None:
    run(sources)
    survey = sources / "forms" / "proef" / "survey.csv"
    survey.write_text(survey.read_text() + "text,b,Nog een vraag\n", encoding="utf-8")
    assert run(sources) == (2, ["gemaakt: forms/proef.xml", "gemaakt: forms/proef.prepared"])
    (sources / "forms" / "proef" / "tests.csv").write_text("anders\n", encoding="utf-8")
    assert run(sources) == (0, [])


def test_a_lost_file_is_made_again(sources: Path) -> None:
    run(sources)
    (sources / "out" / "forms" / "proef.xml").unlink()
    assert run(sources) == (1, ["gemaakt: forms/proef.xml"])


def test_a_lost_prepared_form_is_made_again(sources: Path) -> None:
    run(sources)
    (sources / "out" / "forms" / "proef.prepared").unlink()
    assert run(sources) == (1, ["gemaakt: forms/proef.prepared"])


def test_another_engine_prepares_anew(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(sources)
    monkeypatch.setattr(compiled, "engine_digest", lambda: bytes(range(32)))
    assert run(sources) == (1, ["gemaakt: forms/proef.prepared"])


def test_a_form_the_engine_refuses_has_no_prepared_form(sources: Path) -> None:
    survey = sources / "forms" / "proef" / "survey.csv"
    survey.write_text(
        "type,name,label,calculation\ntext,a,Vraag,\ncalculate,b,,onbekend(1)\n", encoding="utf-8"
    )
    assert run(sources)[0] == 3
    assert not (sources / "out" / "forms" / "proef.prepared").exists()


def test_what_has_no_source_any_more_goes(sources: Path) -> None:
    run(sources)
    shutil.rmtree(sources / "forms" / "proef")
    made, said = run(sources)
    assert made == 0
    assert set(said) == {"weggehaald: forms/proef.xml", "weggehaald: forms/proef.prepared"}
    assert not (sources / "out" / "forms" / "proef.xml").exists()


def test_the_result_does_not_depend_on_when_it_is_made(sources: Path, tmp_path: Path) -> None:
    run(sources)
    first = {p.name: p.read_bytes() for p in (sources / "out").rglob("*.*") if p.is_file()}
    shutil.rmtree(sources / "out")
    run(sources)
    assert first == {p.name: p.read_bytes() for p in (sources / "out").rglob("*.*") if p.is_file()}


def test_a_broken_form_does_not_stop_the_rest(sources: Path) -> None:
    broken = sources / "forms" / "kapot"
    broken.mkdir()
    (broken / "survey.csv").write_text("type,name,label\nonzin,a,Vraag\n", encoding="utf-8")
    with pytest.raises(FormSourceError) as caught:
        run(sources)
    assert caught.value.findings[0].row == 2
    assert (sources / "out" / "forms" / "proef.xml").is_file()


def test_a_broken_translation_is_named(sources: Path) -> None:
    po = sources / "translations" / "ar" / "LC_MESSAGES" / "forms_proef.po"
    po.write_text(PO + '\nmsgid "open\n', encoding="utf-8")
    with pytest.raises(FormSourceError, match=r"ar/forms_proef\.po"):
        run(sources)


def test_the_shipped_sources_build_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    assert "gemaakt: forms/intake.xml" in capsys.readouterr().out
    for language in ("en", "ar", "ti", "fa"):
        assert (tmp_path / "catalogues" / language / "forms_intake.mo").is_file()
    assert main(["--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "niets veranderd\n"
    assert not list(tmp_path.rglob("*.tmp"))
    assert paths.translations_dir().joinpath("REVIEW.toml").is_file()
