"""Every sentence an error can tell a person is one that translators get."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from support.source_texts import template

import intake_app
from intake_app.i18n.pofiles import messages
from intake_app.sentences import Sentence, Told

PACKAGE = Path(intake_app.__file__).parent
CORE = (
    *("domain", "xforms", "crypto", "i18n", "vault", "handover", "documents", "sync", "flows"),
    "formio/moving.py",
)
"""Below the windows; what the rest of formio and the command line say is for a terminal."""

WITH_A_REASON = (
    ("xforms.errors", "AnswerRefused", "RefusalCode"),
    ("handover.errors", "Refusal", "RefusalReason"),
    ("handover.address_book", "BookRefused", "BookRefusal"),
    ("handover.joining", "JoinRefused", "JoinRefusal"),
    ("handover.holders", "ListRefused", "ListRefusal"),
    ("sync.errors", "Refused", "Reason"),
    ("vault.backup", "BackupRefused", "Reason"),
)
"""Errors that are made of a reason and have a table of sentences: module, error, reasons."""

WORKED_OUT = {
    "flows/access.py: weak": "a Sentence of set_up.check_passphrase",
    "flows/compare.py: field": "a field, not a text",
    "flows/freezing.py: way or Sentence('De ontvanger staat niet in het adresboek. "
    "Vraag om het nieuwste adresboek.')": "a Sentence of queueing.route",
    "flows/hand_over.py: found": "a Sentence of queueing.route",
    "flows/hand_over.py: str(refused)": "what another error says",
    "flows/hand_over.py: view.choice.sentence": "a table of flows/recipient.py",
    "flows/hand_over.py: where_to_mend(refused.place)": "a Sentence",
    "flows/interview.py: problems": "questions, not a text",
    "flows/plan.py: sentence(lacking[0])": "a table",
    "flows/receipts.py: _ended(handover, chain)": "a Sentence",
    "flows/relays.py: (Problem('address', _NOT_YOURS),)": "Sentences",
    "flows/relays.py: (Problem('certificate', wrong),)": "Sentences",
    "flows/relays.py: wrong": "Sentences",
    "flows/retention.py: view.clock": "the clock, not a text",
    "flows/set_up.py: problems": "Sentences",
    "flows/unlock.py: left": "seconds, not a text",
    "sync/zgw_errors.py: ()": "names of fields, not a text",
    "sync/zgw_errors.py: fields": "names of fields, not a text",
    "vault/audit.py: fault.sentence": "a Sentence",
    "vault/keys.py: str(problem or KeyFileDamaged())": "what another error says",
    "vault/keys.py: tampered": "what another error says",
    "vault/recovery.py: refused.fault": "a code, not a text",
    "vault/restore.py: refused.reason": "a code, not a text",
}
"""What is given to an error and comes from a function, with the reason why that is translated."""


def modules() -> Iterator[tuple[Path, ModuleType]]:
    for part in CORE:
        folder = PACKAGE / part
        for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
            where = path.relative_to(PACKAGE)
            if path.name not in ("__init__.py", "render_child.py"):
                name = ".".join(("intake_app", *where.with_suffix("").parts))
                yield where, importlib.import_module(name)


def told_classes() -> Iterator[type[Told]]:
    found: list[type[Told]] = [Told]
    while found:
        each = found.pop()
        found += each.__subclasses__()
        if each.__module__.startswith("intake_app."):
            yield each


@pytest.fixture(scope="module")
def for_translators() -> frozenset[str]:
    return frozenset(str(message.id) for message in messages(template("ui")))


def test_what_a_class_says_is_translated(for_translators: frozenset[str]) -> None:
    classes = {each for _, module in modules() for each in told_classes()}
    assert len(classes) > 80
    missing = {
        f"{each.__module__}.{each.__name__}"
        for each in classes
        if each.sentence and each.sentence not in for_translators
    }
    assert missing == set()


def given_to(node: ast.expr, module: ModuleType) -> Iterator[object]:
    """Yield all that an expression can be, as far as the module itself tells."""
    if isinstance(node, ast.IfExp):
        yield from given_to(node.body, module)
        yield from given_to(node.orelse, module)
    elif isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from given_to(part, module)
    elif isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Name):
        yield getattr(module, node.id, None)
    elif isinstance(node, ast.Attribute):
        for each in given_to(node.value, module):
            yield getattr(each, node.attr, None)
    elif isinstance(node, ast.Subscript):
        for table in given_to(node.value, module):
            yield from table.values() if isinstance(table, dict) else [None]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for table in given_to(node.func.value, module):
            if isinstance(table, dict) and node.func.attr == "get":
                yield from table.values()
            elif isinstance(table, Sentence) and node.func.attr == "format":
                yield table
            else:
                yield None
        for default in node.args[1:]:
            yield from given_to(default, module)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Sentence":
        yield from given_to(node.args[0], module)
    else:
        yield None


def errors_made(path: Path, module: ModuleType) -> Iterator[tuple[ast.Call, type[Told]]]:
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            for made in given_to(node.func, module):
                if isinstance(made, type) and issubclass(made, Told):
                    yield node, made


def msgid_of(given: object, made: type[Told]) -> str | None:
    if isinstance(given, Enum):  # a reason: the class has a table of sentences
        reasoned = cast("Callable[[object], Told]", made)
        return Sentence(str(reasoned(given))).msgid
    if isinstance(given, str):
        return Sentence(given).msgid
    return None


def test_what_is_given_to_an_error_is_translated(for_translators: frozenset[str]) -> None:
    reasoned = {name for _module, name, _reasons in WITH_A_REASON}
    seen, untranslated, joined, unseen = 0, [], [], set()
    for path, module in modules():
        for call, made in errors_made(path, module):
            for node in call.args[:1]:
                where = f"{path.as_posix()}: {ast.unparse(node)}"
                if isinstance(node, ast.JoinedStr):
                    joined.append(where)
                for given in given_to(node, module):
                    msgid = msgid_of(given, made)
                    if msgid is None and made.__name__ in reasoned:
                        continue
                    if msgid is None:
                        unseen.add(where)
                        continue
                    if isinstance(given, str) and not isinstance(given, Enum) and " " not in given:
                        continue  # a code
                    seen += 1
                    if msgid not in for_translators:
                        untranslated.append(where)
    assert seen > 300
    assert joined == [], "an f-string cannot be translated: give the fields by name"
    assert sorted(set(untranslated)) == []
    assert unseen - set(WORKED_OUT) == set()
    assert set(WORKED_OUT) - unseen == set()


@pytest.mark.parametrize("names", WITH_A_REASON, ids=lambda names: names[1])
def test_every_reason_is_translated(
    names: tuple[str, str, str], for_translators: frozenset[str]
) -> None:
    module = importlib.import_module(f"intake_app.{names[0]}")
    made, reasons = getattr(module, names[1]), getattr(module, names[2])
    assert {reason for reason in reasons if msgid_of(reason, made) not in for_translators} == set()
