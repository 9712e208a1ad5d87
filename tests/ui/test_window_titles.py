"""No title of any window names a person: titles are in task bars, shared screens and logs."""

from __future__ import annotations

import ast
from pathlib import Path

from PySide6.QtWidgets import QApplication
from support.desks import Team
from support.people import add_people
from support.qt import make_theme, settle
from support.vaults import prepared_vault

import intake_app

SOURCES = sorted((Path(intake_app.__file__).parent).rglob("*.py"))
TITLED = frozenset({"setWindowTitle", "setWindowIconText"})


def is_fixed(node: ast.expr) -> bool:
    """True for a text in the source, as it is or translated; nothing may be put into it."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"gettext", "tr_", "_"}
        and all(is_fixed(argument) for argument in node.args)
    )


def calls(source: str) -> list[ast.Call]:
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call for call in found if getattr(call.func, "attr", "") in TITLED]


def confirmations(source: str) -> list[ast.Call]:
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call for call in found if getattr(call.func, "id", "") == "ConfirmDialog"]


def test_titles_are_fixed_words():
    seen = 0
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        if not any(name in source for name in (*TITLED, "ConfirmDialog")):
            continue
        for call in calls(source):
            seen += 1
            titled_by_its_caller = path.name == "dialogs.py"
            assert titled_by_its_caller or is_fixed(call.args[0]), f"{path.name}:{call.lineno}"
        for call in confirmations(source):
            title = next((k.value for k in call.keywords if k.arg == "title"), None)
            assert is_fixed(title or call.args[1]), f"{path.name}:{call.lineno}"
    assert seen > 4


def test_the_check_bites():
    assert not is_fixed(ast.parse("f'{name}'", mode="eval").body)
    assert not is_fixed(ast.parse("tr.gettext('{n}').format(n=name)", mode="eval").body)
    assert not is_fixed(ast.parse("title", mode="eval").body)
    assert is_fixed(ast.parse("tr.gettext('Plan')", mode="eval").body)


def test_on_the_pages_of_a_person_the_window_names_nobody(qtbot, qapp, tmp_path):
    vault = prepared_vault(tmp_path / "kluis")
    people = [p for group in add_people(vault).values() for p in group]
    team = Team(qtbot, tmp_path / "kluis", make_theme(qapp), seed=3)
    team.open(vault)
    desk = team.program.desk
    assert desk is not None
    with vault.read() as records:
        person = next(p.person_id for p in people if not records.interviews.of_person(p.person_id))
    desk.open_person(person)
    steps = (
        desk.open_today, desk.open_people, lambda: desk.open_person(person),
        lambda: desk.edit_person(person), lambda: desk.open_plan(person),
        lambda: desk.open_handover(person), desk.open_handovers, desk.open_settings,
    )  # fmt: skip
    for step in steps:
        step()
        settle(qapp)
        titles = [w.windowTitle() for w in QApplication.topLevelWidgets() if w.isVisible()]
        assert titles == ["Doorgaande Lijn"] * len(titles)
        assert titles
    team.program.close()
