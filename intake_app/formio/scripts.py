"""Answer scripts of a form: made-up persons whose answers must fill it to the end.

`tests.csv` has the columns person, instance, name, value, expect. Each row is done in order, per
person in a session of its own:

- expect empty: give this answer (`#weet_niet`, `#wil_niet_zeggen`, `#niet_gevraagd` and `#nvt` set
  that state instead);
- expect `value`: the question or calculation has this value now;
- expect `hidden`: the question is not relevant now;
- expect `problem`: give this answer; the form must object to it.

`instance` is the number of the repeat instance, counted from 1, for a question inside a repeat;
missing instances are added. A script succeeds when all rows hold, no problem is left, and every
relevant question has an answer or a state.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.xforms import AnswerRefused, AnswerState, FormSession, NodeKey

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.xforms import FormDefinition

COLUMNS = ("person", "instance", "name", "value", "expect")
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""The moment scripts are played at, so that a script never goes out of date."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a script; `row` as a spreadsheet counts it."""

    row: int
    person: str
    instance: int
    name: str
    value: str
    expect: str


def read_scripts(path: Path) -> Mapping[str, tuple[Step, ...]]:
    """Return the steps per person; raises FormSourceError for a row that is not a step."""
    text = path.read_text(encoding="utf-8-sig")
    scripts: dict[str, list[Step]] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), start=2):
        cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
        if cells["expect"] not in ("", "value", "hidden", "problem"):
            raise FormSourceError(_finding(number, "expect", "Dit wordt niet begrepen."))
        if cells["value"].startswith("#") and cells["value"][1:] not in tuple(AnswerState):
            raise FormSourceError(_finding(number, "value", "Deze stand bestaat niet."))
        if not cells["person"] or not cells["name"]:
            raise FormSourceError(_finding(number, "name", "Persoon of vraag ontbreekt."))
        if not (cells["instance"] or "0").isdecimal():
            raise FormSourceError(_finding(number, "instance", "Dit is geen nummer."))
        step = Step(
            number,
            cells["person"],
            int(cells["instance"] or 0),
            cells["name"],
            cells["value"],
            cells["expect"],
        )
        scripts.setdefault(step.person, []).append(step)
    return {person: tuple(steps) for person, steps in scripts.items()}


def play(form: FormDefinition, steps: tuple[Step, ...]) -> tuple[FormSession, tuple[Finding, ...]]:
    """Play one person's script; return the session at its end and what did not hold."""
    return _Player(form).play(steps)


def check_scripts(form: FormDefinition, path: Path) -> tuple[Finding, ...]:
    """Play all scripts of a form; never raises for what the file contains."""
    try:
        scripts = read_scripts(path)
    except FormSourceError as error:
        return error.findings
    except (UnicodeDecodeError, csv.Error):
        return (_finding(0, "", "tests.csv is niet te lezen als CSV in UTF-8."),)
    return tuple(finding for steps in scripts.values() for finding in play(form, steps)[1])


def unanswered(session: FormSession) -> Iterator[NodeKey]:
    """Yield every relevant question that has neither an answer nor a state."""
    for page in session.pages():
        for key in page.keys:
            view = session.view(key)
            open_question = view.relevant and view.definition.kind.askable and not view.readonly
            if open_question and view.state is AnswerState.NONE:
                yield key


def _finding(row: int, column: str, message: str) -> Finding:
    fix = "Verbeter het script of het formulier."
    return Finding("tests", row, column, "error", message, fix)


class _Player:
    def __init__(self, form: FormDefinition) -> None:
        self._paths = {definition.name: path for path, definition in form.questions.items()}
        self._form = form
        self._made = 0
        self._session = FormSession(form, now=lambda: NOW, uuid=self._uuid, random=lambda: 0.5)

    def _uuid(self) -> UUID:
        self._made += 1
        return UUID(int=self._made, version=4)

    def play(self, steps: tuple[Step, ...]) -> tuple[FormSession, tuple[Finding, ...]]:
        found = [finding for step in steps for finding in self._step(step)]
        person = steps[0].person if steps else ""
        found.extend(
            _finding(0, "value", f"{person}: er blijft een probleem bij {problem.key.path}.")
            for problem in self._session.problems()
        )
        found.extend(
            _finding(0, "name", f"{person}: er is geen antwoord op {key.path}.")
            for key in unanswered(self._session)
        )
        return self._session, tuple(found)

    def _key(self, step: Step) -> NodeKey | None:
        path = self._paths.get(step.name)
        if path is None:
            return None
        repeat = self._form.questions[path].repeat
        if repeat is None:
            return NodeKey(path)
        while len(self._session.repeats(repeat)) < step.instance:
            self._session.add_repeat(repeat)
        instances = self._session.repeats(repeat)
        return NodeKey(path, instances[step.instance - 1]) if step.instance else None

    def _step(self, step: Step) -> Iterator[Finding]:
        try:
            key = self._key(step)
            if key is None:
                yield _finding(step.row, "name", f"Er is geen vraag ‘{step.name}’ op deze plaats.")
            elif step.expect == "hidden":
                if self._session.view(key).relevant:
                    yield _finding(step.row, "expect", f"‘{step.name}’ is toch aan de orde.")
            elif step.expect == "value":
                if self._session.value(key) != step.value:
                    shown = self._session.value(key)
                    yield _finding(step.row, "value", f"‘{step.name}’ is nu ‘{shown}’.")
            else:
                yield from self._answer(step, key)
        except AnswerRefused as error:
            yield _finding(step.row, "value", f"Het antwoord is geweigerd: {error}")

    def _answer(self, step: Step, key: NodeKey) -> Iterator[Finding]:
        if not self._session.view(key).relevant:
            yield _finding(step.row, "name", f"‘{step.name}’ is hier niet aan de orde.")
            return
        if step.value.startswith("#"):
            self._session.set_state(key, AnswerState(step.value[1:]))
        else:
            self._session.answer(key, step.value)
        objected = any(problem.key == key for problem in self._session.problems())
        if step.expect == "problem" and not objected:
            yield _finding(step.row, "expect", "Het formulier maakt hier geen bezwaar.")
        if not step.expect and objected:
            yield _finding(step.row, "value", "Het formulier maakt bezwaar tegen dit antwoord.")
