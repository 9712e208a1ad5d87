"""`intake form move`: a listing without answers, then the move."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.interviews import OneForm, add_person
from support.vaults import PASSPHRASE, actor_of, environment, make_vault

from intake_app.cli import codes, commands
from intake_app.domain.interview import Interpretation
from intake_app.flows import form_move
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.filling import load_form
from intake_app.vault import Vault
from intake_app.xforms import NodeKey

NO_WINDOWS = SimpleNamespace()
SURVEY = (
    ("type", "name", "label", "required"),
    ("text", "beroep", "Welk werk deed u?", ""),
    ("text", "weg", "Wat deed u daarnaast?", ""),
    ("integer", "jaren", "Hoeveel jaar?", ""),
)
NEW = (
    SURVEY[0],
    ("text", "vak", "Welk vak hebt u?", ""),
    ("integer", "jaren", "Hoeveel jaar?", ""),
    ("text", "plaats", "Waar was dat?", "yes"),
)


def _form(folder: Path, version: str, survey: tuple[tuple[str, ...], ...]) -> Path:
    folder.mkdir()
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(survey)
    (folder / "settings.csv").write_text(f"form_id,version\nwerk,{version}\n", encoding="utf-8")
    (folder / "migrations.csv").write_text(
        "from_version,to_version,from_path,to_path,value_map\n"
        "1,2,/data/beroep,/data/vak,\n1,2,/data/weg,,\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("overzetten")
    old = load_form(_form(home / "oud", "1", SURVEY))
    _form(home / "nieuw", "2", NEW)
    vault = make_vault(home / "kluis")
    flow = InterviewFlow.start(
        vault,
        OneForm(old),
        None,
        add_person(vault).person_id,
        "werk",
        "nl",
        Interpretation(),
        actor_of(vault),
    )
    flow.answer(NodeKey("/data/beroep"), "GEHEIM-ANTWOORD")
    flow.answer(NodeKey("/data/weg"), "GEHEIM-ERNAAST")
    flow.answer(NodeKey("/data/jaren"), "7")
    vault.close()
    (home / "zin.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return home


@pytest.fixture
def given(made: Path, tmp_path: Path) -> list[str]:
    shutil.copytree(made, tmp_path / "alles")
    home = tmp_path / "alles"
    vault, phrase, form = home / "kluis", home / "zin.txt", home / "nieuw"
    return ["--vault", str(vault), "--passphrase-file", str(phrase), "--to", str(form)]


def run(*arguments: str) -> int:
    return commands.run(["form", "move", *arguments], NO_WINDOWS)  # type: ignore[arg-type]


def stored(given: list[str]) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
    vault = Vault.open(Path(given[1]), passphrase=PASSPHRASE, env=environment())
    try:
        (interview,) = form_move.open_interviews(vault)
        flow = InterviewFlow.resume(vault, None, interview.interview_id, actor_of(vault))
        values = {k: flow.session.value(NodeKey(k)) for k in flow.form.questions}
        aside = form_move.aside(vault, interview.interview_id)
        return flow.form.version, values, [(a.question, a.shown) for a in aside]
    finally:
        vault.close()


def test_without_apply_it_only_lists_and_shows_no_answer(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*given) == codes.OK
    out, err = capsys.readouterr()
    assert "versie 1 → 2, 1 antwoorden blijven waar ze zijn" in out
    assert "krijgt een andere plaats: beroep (Welk vak hebt u?)" in out
    assert "wordt apart bewaard: weg (de vraag is er niet meer)" in out
    assert "is nu verplicht: plaats" in out
    assert "Er is niets veranderd" in out
    assert "GEHEIM" not in out + err
    assert stored(given)[0] == "1"


def test_with_apply_it_moves_and_a_second_time_there_is_nothing(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*given, "--apply") == codes.OK
    assert "1 van 1 open gesprekken overgezet" in capsys.readouterr().out
    version, values, aside = stored(given)
    assert version == "2"
    assert values["/data/vak"] == "GEHEIM-ANTWOORD"
    assert values["/data/jaren"] == "7"
    assert aside == [("Wat deed u daarnaast?", "GEHEIM-ERNAAST")]
    assert run(*given, "--apply") == codes.OK
    assert "0 van 1 open gesprekken overgezet" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["passphrase", "vault", "form", "interview"])
def test_what_cannot_be_is_refused_in_a_sentence(
    given: list[str], tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if wrong == "passphrase":
        Path(given[3]).write_text("een heel andere zin\n", encoding="utf-8")
    elif wrong == "vault":
        given[1] = str(tmp_path / "nergens")
    elif wrong == "form":
        given[5] = str(tmp_path / "geen")
    else:
        given += ["--interview", "00000000-0000-4000-8000-000000000000"]
    assert run(*given) == codes.REFUSED
    out, err = capsys.readouterr()
    assert err.strip()
    assert "Traceback" not in out + err
