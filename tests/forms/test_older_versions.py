"""A filling of an older version moves to the present one without losing an answer.

`versions/` has forms as they were given out, compiled, with the scripts of then.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from intake_app import paths
from intake_app.formio.compile import compile_form
from intake_app.formio.migrations import FILE_NAME, read_migrations
from intake_app.formio.moving import Move, OrphanReason, move
from intake_app.formio.scripts import NOW, play, read_scripts
from intake_app.xforms import FormDefinition, FormSession, parse_form

VERSIONS = Path(__file__).parent / "versions"
CASES = [
    (file.stem, person)
    for file in sorted(VERSIONS.glob("*.xml"))
    for person in read_scripts(file.with_suffix(".csv"))
]


@pytest.fixture(scope="module")
def present() -> dict[str, FormDefinition]:
    names = {name.rpartition("-")[0] for name, _ in CASES}
    return {name: parse_form(compile_form(paths.forms_dir() / name), name=name) for name in names}


def moved(name: str, person: str, present: dict[str, FormDefinition]) -> tuple[FormSession, Move]:
    form_id, _, version = name.rpartition("-")
    old = parse_form((VERSIONS / f"{name}.xml").read_bytes(), name=form_id)
    assert old.version == version
    before, _ = play(old, read_scripts(VERSIONS / f"{name}.csv")[person])
    made = count(1)
    rows = read_migrations(paths.forms_dir() / form_id / FILE_NAME)
    result = move(
        before.snapshot(),
        old,
        present[form_id],
        rows,
        now=lambda: NOW,
        uuid=lambda: UUID(int=next(made)),
        random=lambda: 0.5,
    )
    return before, result


@pytest.mark.parametrize(("name", "person"), CASES)
def test_no_answer_of_a_person_stays_behind(
    name: str, person: str, present: dict[str, FormDefinition]
) -> None:
    before, result = moved(name, person, present)
    assert {o.reason for o in result.orphaned} <= {OrphanReason.CALCULATED}
    assert result.lost_instances == ()
    assert result.now_violating == ()
    assert len(result.kept) + len(result.moved) == sum(
        before.form.questions[answer.key.path].kind.askable for answer in before.snapshot().answers
    )


def test_what_became_deepening_is_named_and_comes_back(present: dict[str, FormDefinition]) -> None:
    from intake_app.xforms import NodeKey

    _, result = moved("intake-2", "karim", present)
    path = "/data/ambitie/meer_ambitie/eerst_nodig"
    assert NodeKey(path) in result.hidden
    assert f"niet meer aan de orde: {path}" in result.lines()
    session = FormSession(
        present["intake"],
        now=lambda: NOW,
        uuid=lambda: UUID(int=1),
        random=lambda: 0.5,
        snapshot=result.snapshot,
    )
    assert session.value(NodeKey(path))
    session.answer(NodeKey("/data/ambitie/afronding_ambitie/verdiepen_ambitie"), "ja")
    assert session.view(NodeKey(path)).relevant
