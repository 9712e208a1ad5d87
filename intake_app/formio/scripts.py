"""Answer scripts of a form: made-up persons whose answers must fill it to the end.

`tests.csv` has the columns person, instance, name, value, expect. Each row is done in order, per
person in a session of its own:

- expect empty: give this answer (`#weet_niet`, `#wil_niet_zeggen`, `#niet_gevraagd` and `#nvt` set
  that state instead);
- expect `value`: the question or calculation has this value now;
- expect `hidden`: the question is not relevant now;
- expect `problem`: give this answer; the form must object to it.

`name` is the name of a question, or its path where the form has that name more than once.
`instance` is the number of the repeat instance, counted from 1, for a question inside a repeat
(`2.1` for the first inner instance of the second outer one); missing instances are added. A script
succeeds when all rows hold, no problem is left, and every relevant question has an answer or a
state. Without the column person the whole file is one script.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.limits import check_file
from intake_app.xforms import AnswerRefused, AnswerState, FormSession, NodeKey

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.xforms import FormDefinition

_INSTANCE = re.compile(r"(?:[0-9]{1,5}(?:\.[0-9]{1,5}){0,9})?\Z")
COLUMNS = ("person", "instance", "name", "value", "expect")
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""The moment scripts are played at, so that a script never goes out of date."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a script; `row` as a spreadsheet counts it."""

    row: int
    person: str
    instance: tuple[int, ...]
    name: str
    value: str
    expect: str


def read_scripts(path: Path, *, sheet: str = "tests") -> Mapping[str, tuple[Step, ...]]:
    """Return the steps per person; raises FormSourceError for a file or row that is none.

    `sheet` is what findings call the file.
    """
    try:
        check_file(path)
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        rows = list(enumerate(reader, start=2))
    except OSError as error:
        reason = error.strerror or "onbekende oorzaak"
        raise FormSourceError(
            _finding(0, "", f"{path.name} is niet te openen ({reason}).", sheet)
        ) from None
    except (UnicodeDecodeError, csv.Error):
        raise FormSourceError(
            _finding(0, "", f"{path.name} is niet te lezen als CSV in UTF-8.", sheet)
        ) from None
    header = reader.fieldnames or ()
    if "name" not in header or "value" not in header:
        raise FormSourceError(_finding(1, "name", "De kolommen name en value ontbreken.", sheet))
    scripts: dict[str, list[Step]] = {}
    for number, row in rows:
        step = _read_step(number, row, sheet, whole="person" not in header)
        scripts.setdefault(step.person, []).append(step)
    return {person: tuple(steps) for person, steps in scripts.items()}


def _read_step(number: int, row: Mapping[str, str | None], sheet: str, *, whole: bool) -> Step:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    if cells["expect"] not in ("", "value", "hidden", "problem"):
        raise FormSourceError(_finding(number, "expect", "Dit wordt niet begrepen.", sheet))
    if cells["value"].startswith("#") and cells["value"][1:] not in tuple(AnswerState):
        raise FormSourceError(_finding(number, "value", "Deze stand bestaat niet.", sheet))
    if not (cells["person"] or whole) or not cells["name"]:
        raise FormSourceError(_finding(number, "name", "Persoon of vraag ontbreekt.", sheet))
    if not _INSTANCE.match(cells["instance"]):
        raise FormSourceError(_finding(number, "instance", "Dit is geen nummer.", sheet))
    instance = tuple(int(part) for part in cells["instance"].split(".") if part)
    return Step(number, cells["person"], instance, cells["name"], cells["value"], cells["expect"])


def play(form: FormDefinition, steps: tuple[Step, ...]) -> tuple[FormSession, tuple[Finding, ...]]:
    """Play one person's script; return the session at its end and what did not hold."""
    made = count(1)
    session = FormSession(
        form, now=lambda: NOW, uuid=lambda: UUID(int=next(made), version=4), random=lambda: 0.5
    )
    found = list(perform(session, steps))
    person = steps[0].person if steps else ""
    found.extend(
        _finding(0, "value", f"{person}: er blijft een probleem bij {problem.key.path}.")
        for problem in session.problems()
    )
    found.extend(
        _finding(0, "name", f"{person}: er is geen antwoord op {key.path}.")
        for key in unanswered(session)
    )
    return session, tuple(found)


def perform(
    session: FormSession, steps: tuple[Step, ...], *, sheet: str = "tests"
) -> Iterator[Finding]:
    """Do the steps in order and yield what does not hold; a step that fails changes nothing."""
    player = _Player(session, sheet)
    for step in steps:
        yield from player.step(step)


def check_scripts(form: FormDefinition, path: Path) -> tuple[Finding, ...]:
    """Play all scripts of a form; never raises for what the file contains."""
    try:
        scripts = read_scripts(path)
    except FormSourceError as error:
        return error.findings
    return tuple(finding for steps in scripts.values() for finding in play(form, steps)[1])


def unanswered(session: FormSession) -> Iterator[NodeKey]:
    """Yield every relevant question that has neither an answer nor a state."""
    for page in session.pages():
        for key in page.keys:
            view = session.view(key)
            open_question = view.relevant and view.definition.kind.askable and not view.readonly
            if open_question and view.state is AnswerState.NONE:
                yield key


def _finding(row: int, column: str, message: str, sheet: str = "tests") -> Finding:
    fix = "Verbeter het script of het formulier."
    return Finding(sheet, row, column, "error", message, fix)


class _Player:
    def __init__(self, session: FormSession, sheet: str) -> None:
        self._session = session
        self._sheet = sheet
        self._paths: dict[str, list[str]] = {}
        for path, definition in session.form.questions.items():
            self._paths.setdefault(definition.name, []).append(path)
            self._paths.setdefault(path, []).append(path)

    def _finding(self, step: Step, column: str, message: str) -> Finding:
        return _finding(step.row, column, message, self._sheet)

    def _key(self, step: Step, path: str) -> NodeKey | None:
        """The node meant; None when the number of instances named is not that of the repeats."""
        wanted = list(step.instance)
        parent: UUID | None = None
        parts = path.split("/")
        for depth in range(3, len(parts)):
            repeat = "/".join(parts[:depth])
            try:
                instances = self._session.repeats(repeat, parent)
            except AnswerRefused:
                continue  # a group
            number = wanted.pop(0) if wanted else 0
            if number == 0:
                return None
            while len(instances) < number:
                self._session.add_repeat(repeat, parent)
                instances = self._session.repeats(repeat, parent)
            parent = instances[number - 1]
        return None if wanted else NodeKey(path, parent)

    def step(self, step: Step) -> Iterator[Finding]:
        """Do one step; yield what does not hold."""
        paths = self._paths.get(step.name, [])
        if len(paths) > 1:
            yield self._finding(
                step,
                "name",
                f"Er zijn {len(paths)} vragen ‘{step.name}’. Schrijf het hele pad, "
                f"zoals {paths[0]}.",
            )
            return
        try:
            key = self._key(step, paths[0]) if paths else None
            if key is None:
                message = f"Er is geen vraag ‘{step.name}’ op deze plaats."
                yield self._finding(step, "name", message)
            elif step.expect == "hidden":
                if self._session.view(key).relevant:
                    yield self._finding(step, "expect", f"‘{step.name}’ is toch aan de orde.")
            elif step.expect == "value":
                if self._session.value(key) != step.value:
                    shown = self._session.value(key)
                    yield self._finding(step, "value", f"‘{step.name}’ is nu ‘{shown}’.")
            else:
                yield from self._answer(step, key)
        except AnswerRefused as error:
            message = f"Het antwoord op ‘{step.name}’ is geweigerd: {error}"
            yield self._finding(step, "value", message)

    def _answer(self, step: Step, key: NodeKey) -> Iterator[Finding]:
        if not self._session.view(key).relevant:
            yield self._finding(step, "name", f"‘{step.name}’ is hier niet aan de orde.")
            return
        if step.value.startswith("#"):
            self._session.set_state(key, AnswerState(step.value[1:]))
        else:
            self._session.answer(key, step.value)
        problem = next((p for p in self._session.problems() if p.key == key), None)
        if step.expect == "problem" and problem is None:
            yield self._finding(step, "expect", "Het formulier maakt hier geen bezwaar.")
        if not step.expect and problem is not None:
            yield self._finding(
                step, "value", f"Het formulier maakt bezwaar bij ‘{step.name}’: {problem.text.text}"
            )
