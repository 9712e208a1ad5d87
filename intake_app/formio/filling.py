"""Filling in a form without windows: load it, ask it on a terminal, give the result as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from intake_app.formio.compile import compile_workbook
from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.limits import check_file
from intake_app.formio.lint_common import canonical
from intake_app.formio.media import resolver, with_external_choices
from intake_app.formio.places import engine_finding
from intake_app.formio.sheets import read_workbook
from intake_app.xforms import (
    AnswerRefused,
    AnswerState,
    FormError,
    NodeKey,
    QuestionKind,
    parse_form,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from intake_app.xforms import FormDefinition, FormSession, Page, QuestionView

STATES = {f"#{state.value}": state for state in AnswerState if state.value}
BACK, STOP, HELP, ADD, REMOVE = "<", "!", "?", "+", "-"
INSTRUCTIONS = (
    "Enter: verder   <: terug   ?: uitleg   !: stoppen   "
    "#weet_niet #wil_niet_zeggen #niet_gevraagd #nvt: geen antwoord"
)


def load_form(path: Path) -> FormDefinition:
    """Return the form of an XLSForm (see `read_workbook`) or an XForm (.xml), ready for a session.

    Raises FormSourceError, whose findings name the place, for whatever cannot be loaded.
    """
    if path.suffix.lower() == ".xml" and path.is_file():
        check_file(path)
        return _load_xform(path)
    book = read_workbook(path)
    compiled = compile_workbook(book)
    try:
        media = with_external_choices(resolver(path), book)
        return parse_form(compiled.xml, name=book.name, resolver=media, strict=False)
    except FormError as error:
        raise FormSourceError(engine_finding(canonical(book), error)) from None


def _load_xform(path: Path) -> FormDefinition:
    try:
        return parse_form(path.read_bytes(), name=path.stem, resolver=resolver(path), strict=False)
    except (FormError, OSError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise FormSourceError(
            Finding(
                "",
                0,
                "",
                "error",
                f"Het XForm kan niet worden geladen: {problem}.",
                "Verbeter het formulier op de genoemde plaats.",
            )
        ) from None


def to_json(session: FormSession) -> bytes:
    """The filling as JSON (UTF-8).

    `data` is the tree of the form: groups are objects, repeats lists, answers XForms lexical
    strings; only what is relevant and has a value. `states` are the answers that are none, by path
    and instance. `problems` are what a person should look at. `snapshot` has everything, hidden
    answers too, and is what a session can be continued from (`Snapshot.from_json`).
    """
    form = session.form
    snapshot = session.snapshot()
    tree: dict[str, Any] = {}
    objects: dict[UUID | None, dict[str, Any]] = {None: tree}
    root = "/" + next(iter(form.questions), "/").split("/")[1]
    places: dict[UUID | None, str] = {None: root}
    for repeat in snapshot.repeats:
        holder = _below(objects[repeat.parent], places[repeat.parent], repeat.path)
        one: dict[str, Any] = {}
        holder.setdefault(repeat.path.rpartition("/")[2], []).append(one)
        objects[repeat.id], places[repeat.id] = one, repeat.path
    states = []
    for answer in snapshot.answers:
        key = answer.key
        if not session.view(key).relevant:
            continue
        if answer.value:
            name = key.path.rpartition("/")[2]
            _below(objects[key.repeat], places[key.repeat], key.path)[name] = answer.value
        elif answer.state is not AnswerState.NONE:
            states.append({**_where(key), "state": answer.state.value})
    body = {
        "form": {
            "form_id": form.form_id,
            "version": form.version,
            "title": form.title,
            "structure_hash": form.structure_hash,
        },
        "data": _ordered(tree, root, _ranks(form)),
        "states": states,
        "problems": [
            {**_where(p.key), "kind": p.kind, "text": p.text.text} for p in session.problems()
        ],
        "snapshot": snapshot.to_json(),
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _ranks(form: FormDefinition) -> dict[str, int]:
    """Every path of the form, groups too → its place in document order."""
    ranks: dict[str, int] = {}
    for path in form.questions:
        parts = path.split("/")
        for depth in range(2, len(parts) + 1):
            ranks.setdefault("/".join(parts[:depth]), len(ranks))
    return ranks


def _ordered(tree: dict[str, Any], path: str, ranks: dict[str, int]) -> dict[str, Any]:
    ordered: dict[str, Any] = {}
    for name in sorted(tree, key=lambda name: ranks.get(f"{path}/{name}", len(ranks))):
        inner, below = tree[name], f"{path}/{name}"
        if isinstance(inner, dict):
            inner = _ordered(inner, below, ranks)
        elif isinstance(inner, list):
            inner = [_ordered(one, below, ranks) for one in inner]
        ordered[name] = inner
    return ordered


def _where(key: NodeKey) -> dict[str, str | None]:
    return {"path": key.path, "repeat": None if key.repeat is None else str(key.repeat)}


def _below(holder: dict[str, Any], place: str, path: str) -> dict[str, Any]:
    """The object of the group that holds `path`; groups are made as they are met."""
    for name in path[len(place) :].strip("/").split("/")[:-1]:
        holder = holder.setdefault(name, {})
    return holder


class Terminal:
    """Asks a form question by question. `read` takes a prompt and may raise EOFError."""

    def __init__(
        self,
        session: FormSession,
        language: str,
        read: Callable[[str], str],
        say: Callable[[str], None],
    ) -> None:
        self._session = session
        self._language = language
        self._read = read
        self._say = say

    def run(self) -> None:
        """Ask until the last page, until the person stops, or until there is no more input."""
        self._say(INSTRUCTIONS)
        pages = self._session.pages()
        page: Page | None = pages[0] if pages else None
        try:
            while page is not None:
                word = self._repeat(page) if page.kind == "repeat" else self._page(page)
                if word == STOP:
                    return
                here = page.key
                page = (
                    self._session.previous_page(here) or page
                    if word == BACK
                    else self._session.next_page(here)
                )
        except EOFError:
            self._say("")

    def _title(self, page: Page) -> str:
        path = page.key.path
        return self._session.title(path, self._language, page.key.repeat).text if path else ""

    def _repeat(self, page: Page) -> str:
        path, parent = page.key.path, page.key.repeat
        while True:
            present = self._session.repeats(path, parent)
            self._say(f"\n== {self._title(page) or path}: {len(present)} ==")
            word = self._read(f"{ADD}: nog een   {REMOVE}: de laatste weg   Enter: verder > ")
            word = word.strip()
            try:
                if word == ADD:
                    self._session.add_repeat(path, parent)
                elif word == REMOVE and present:
                    self._session.remove_repeat(path, present[-1])
                elif word in ("", BACK, STOP):
                    return word
            except AnswerRefused as error:
                self._say(str(error))
                return ""

    def _page(self, page: Page) -> str:
        if page.kind == "group" and (title := self._title(page)):
            self._say(f"\n== {title} ==")
        for key in page.keys:
            view = self._session.view(key, self._language)
            if not view.relevant:
                continue
            word = self._question(key, view)
            if word:
                return word
        return ""

    def _question(self, key: NodeKey, view: QuestionView) -> str:
        self._say(f"\n{view.label.text or view.definition.name}" + (" *" if view.required else ""))
        if view.hint is not None and view.hint.text:
            self._say(f"  ({view.hint.text})")
        if view.definition.kind is QuestionKind.NOTE or view.readonly:
            return self._command(self._read("Enter > ").strip())
        for number, choice in enumerate(view.choices, start=1):
            self._say(f"  {number:>3}. {choice.label.text} [{choice.value}]")
        while True:
            now = self._session.view(key, self._language)
            shown = now.value or (f"#{now.state.value}" if now.state.value else "")
            text = self._read(f"[{shown}] > " if shown else "> ").strip()
            if text == HELP:
                guidance = now.guidance.text if now.guidance else ""
                self._say(guidance or "Er is geen uitleg bij deze vraag.")
                continue
            if not text or self._command(text):
                return self._command(text)
            try:
                if text in STATES:
                    self._session.set_state(key, STATES[text])
                else:
                    self._session.answer(key, _chosen(now, text))
            except AnswerRefused as error:
                self._say(str(error))
                continue
            problem = self._session.view(key, self._language).problem
            if problem is None:
                return ""
            self._say(problem.text.text)

    @staticmethod
    def _command(word: str) -> str:
        return word if word in (BACK, STOP) else ""


def _chosen(view: QuestionView, text: str) -> str:
    """What was typed as values: a number counts as that choice, unless it is itself a value."""
    if not view.choices:
        return text.upper() if view.definition.kind is QuestionKind.ACKNOWLEDGE else text
    values = [choice.value for choice in view.choices]
    chosen = []
    for word in text.split():
        number = int(word) if word.isascii() and word.isdecimal() and len(word) < 6 else 0
        by_number = word not in values and 1 <= number <= len(values)
        chosen.append(values[number - 1] if by_number else word)
    return " ".join(chosen)
