"""What the answer scripts of a form (see `scripts`) visit of it, and what they leave out.

Measured at the end of each person's script, over all persons together:

- every question is put to somebody and has an answer or a state there; every note is shown;
- every relevance (of a question, note, calculation, group or repeat) was true for somebody and
  false for somebody, each time where nothing around it was hidden already;
- every choice filter offered each of its choices to somebody, and kept one back from somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding
from intake_app.formio.lint_common import BEGINS, QUESTION_TYPES, canonical, type_of
from intake_app.formio.scripts import play, read_scripts
from intake_app.formio.sheets import Row, Workbook, read_workbook
from intake_app.xforms import AnswerState, FormSession, NodeKey

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from intake_app.xforms import FormDefinition


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much the scripts visit; `missed` names the rest by sheet and row.

    `visited` and `total` count questions and notes, both sides of relevances, and choices that
    depend on a filter.
    """

    persons: int
    visited: int
    total: int
    missed: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is left out."""
        return not self.missed

    def __str__(self) -> str:
        share = 100 * self.visited / self.total if self.total else 100.0
        head = f"{self.visited} van {self.total} ({share:.1f} %) door {self.persons} personen"
        return "\n".join([head, *(str(finding) for finding in self.missed)])


def measure(form: FormDefinition, folder: Path) -> Coverage:
    """What `tests.csv` in `folder` visits of the form made from that folder.

    Raises FormSourceError when the scripts or sheets cannot be read. Whether the scripts hold is
    for `scripts.check_scripts`.
    """
    sessions = [
        play(form, steps)[0] for steps in read_scripts(folder / "tests.csv").values() if steps
    ]
    return coverage(canonical(read_workbook(folder)), sessions)


def coverage(book: Workbook, sessions: Sequence[FormSession]) -> Coverage:
    """What fillings of one form visit of it; names are unique in the form, as lint asks."""
    seen: set[tuple[str, str, str]] = set()
    lists = _choices(book)
    rows = book.sheet("survey").rows
    filtered = {
        row.get("name"): len(lists.get(type_of(row)[1], ()))
        for row in rows
        if row.get("choice_filter")
    }
    for session in sessions:
        seen.update(_seen(session, filtered))
    visited = total = 0
    missed: list[Finding] = []
    for row in rows:
        for part, detail, message in _wanted(row, lists):
            total += 1
            if (row.get("name"), part, detail) in seen:
                visited += 1
            else:
                column = "name" if part == "question" else part
                missed.append(_missed(row, column, message))
    return Coverage(len(sessions), visited, total, tuple(missed))


def _missed(row: Row, column: str, message: str) -> Finding:
    fix = "Voeg een persoon of een antwoord toe aan tests.csv."
    return Finding("survey", row.number, column, "error", f"{row.get('name')}: {message}", fix)


def _choices(book: Workbook) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in book.sheet("choices").rows:
        found.setdefault(row.get("list_name"), []).append(row.get("name"))
    return {name: tuple(values) for name, values in found.items()}


def _wanted(row: Row, lists: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """What there is to visit of a row: part, detail, and what to say when nobody did."""
    kind, list_name = type_of(row)
    if not kind or kind in BEGINS.values() or not row.get("name"):
        return
    if kind in QUESTION_TYPES and not row.get("calculation"):
        yield "question", "", "niemand krijgt deze vraag te zien en antwoordt."
    if row.get("relevant"):
        yield "relevant", "yes", "bij niemand is dit aan de orde."
        yield "relevant", "no", "bij niemand valt dit zelf weg."
    if row.get("choice_filter"):
        for value in lists.get(list_name, ()):
            yield "choice_filter", value, f"de keuze ‘{value}’ wordt niemand aangeboden."
        yield "choice_filter", "", "het filter houdt bij niemand een keuze achter."


def _seen(session: FormSession, filtered: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """What one filling visits: name, part, detail. `filtered`: how many choices without filter."""
    around: list[bool] = []
    places: dict[NodeKey, bool] = {}
    for item in session.outline():
        del around[item.depth :]
        open_around = all(around)
        around.append(item.relevant)
        places[item.key] = all(around)
        name = item.key.path.rsplit("/", 1)[-1]
        if not open_around or item.kind == "instance":
            continue
        yield name, "relevant", "yes" if item.relevant else "no"
        if item.kind != "question" or not item.relevant:
            continue
        view = session.view(item.key)
        if not view.definition.kind.askable or view.readonly or view.state is not AnswerState.NONE:
            yield name, "question", ""
        if name in filtered:
            for choice in view.choices:
                yield name, "choice_filter", choice.value
            if len(view.choices) < filtered[name]:
                yield name, "choice_filter", ""
    yield from _calculations(session, places)


def _calculations(
    session: FormSession, places: Mapping[NodeKey, bool]
) -> Iterator[tuple[str, str, str]]:
    """The relevances of what is on no page."""
    instances: dict[str | None, list[UUID | None]] = {None: [None]}
    for repeat in session.snapshot().repeats:
        instances.setdefault(repeat.path, []).append(repeat.id)
    for path, definition in session.form.questions.items():
        for instance in instances.get(definition.repeat, ()):
            key = NodeKey(path, instance)
            if key not in places and places.get(NodeKey(definition.group, instance), True):
                relevant = session.view(key).relevant
                yield definition.name, "relevant", "yes" if relevant else "no"
