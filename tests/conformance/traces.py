"""Replays one recorded scenario of the conformance data and compares every node's state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from intake_app.xforms import AnswerRefused, FormSession, NodeKey, parse_form
from intake_app.xforms.collecting import problem_of
from intake_app.xforms.instance import InstanceNode
from intake_app.xforms.load_texts import language_code

ZONE = ZoneInfo("America/Phoenix")
_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")
_CAPTURE = re.compile(r"<(?:odk:)?setgeopoint\b")
# Recorded from the clock, a UUID or a random number: compared by shape.
_SHAPES = (
    re.compile(r"(uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?"),
    re.compile(r"20\d\d-\d\d-\d\d"),
    re.compile(r"0\.\d{5,}"),
)


def not_applicable(trace: dict[str, Any]) -> str:
    """Why a trace is outside what we build, "" when it is inside: maps and geolocation capture."""
    return "geolocation capture" if _CAPTURE.search(trace["form"]) else ""


def replay(trace: dict[str, Any], attachments: Path) -> list[str]:
    """The differences between the recorded states and ours; empty when there are none."""
    counter = iter(range(1, 1_000_000))
    session = FormSession(
        parse_form(
            trace["form"].encode(), resolver=lambda uri: _attachment(attachments, uri), strict=False
        ),
        now=lambda: datetime(2026, 11, 21, 20, 0, tzinfo=ZONE),
        uuid=lambda: UUID(int=next(counter)),
        random=lambda: 0.25,
    )
    language = session.form.model.language
    differences = _compare(session, trace["init"], language, "init")
    for number, step in enumerate(trace["steps"], 1):
        where = f"step {number} {step['op']}"
        if step["op"] == "setLanguage":
            language = language_code(step["args"][0])
            session.set_language(language)
        else:
            problem = _perform(session, step)
            if problem and not step["err"]:
                differences.append(f"{where}: {problem}")
                break
        differences.extend(_compare(session, step["state"], language, where))
    return differences


def _attachment(folder: Path, uri: str) -> bytes | None:
    path = folder / uri.rpartition("/")[2]
    return path.read_bytes() if path.is_file() else None


def _perform(session: FormSession, step: dict[str, Any]) -> str | None:
    args = list(step["args"])
    tree = session._tree
    try:
        if step["op"] == "createNewRepeat":
            steps = _steps(args[0] if args else step["at"])
            parent = _find(session, steps[:-1])
            if parent is None:
                return f"no parent of {args}"
            around = parent.repeat_node
            path = f"{parent.definition.path}/{steps[-1][0]}"
            session.add_repeat(path, None if around is None else around.repeat_id)
        elif step["op"] == "removeRepeat":
            node = _find(session, _steps(args[0]))
            if node is None or node.repeat_id is None:
                return f"no instance {args[0]}"
            session.remove_repeat(node.definition.path, node.repeat_id)
        else:
            reference = step["at"]
            if len(args) > 1 or (isinstance(args[0], str) and args[0].startswith("/")):
                reference = args.pop(0)
            node = _find(session, _steps(reference))
            if node is None:
                return f"no node {reference}"
            if args == ["[object File]"]:
                # The recording kept no name; the state after the step has it.
                args = [n.get("value") for n in step["state"] if n["ref"] == reference]
            _answer(session, node, args)
    except AnswerRefused as refused:
        return f"refused: {refused.reason}"
    finally:
        assert tree is session._tree
    return None


def _answer(session: FormSession, node: InstanceNode, values: list[Any]) -> None:
    value = " ".join(_lexical(v, node) for v in values)
    try:
        session.answer(node.key, value)
    except AnswerRefused as refused:
        # The peer stores nothing where we refuse; what follows is compared on equal terms.
        if refused.reason.value.startswith(("not_a_", "out_of")) and (
            node.definition.control is not None
        ):
            session.answer(node.key, "")
        else:
            raise


def _lexical(value: Any, node: InstanceNode) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        control = node.definition.control
        if control is not None and control.kind == "trigger":
            return "OK" if value else ""
        if node.definition.data_type == "boolean":
            return "1" if value else "0"
        return "true" if value else "false"
    text = str(value)
    if node.definition.data_type == "int":
        # The peer's client truncates before it stores.
        try:
            return str(int(float(text)))
        except ValueError:
            return text
    return text.removesuffix(".0") if isinstance(value, float) else text


def _steps(reference: str) -> list[tuple[str, int | None]]:
    found = []
    for part in reference.strip("/").split("/"):
        match = _STEP.fullmatch(part)
        if match is None:
            continue
        found.append((match[1].rpartition(":")[2], int(match[2]) if match[2] else None))
    return found


def _find(session: FormSession, steps: list[tuple[str, int | None]]) -> InstanceNode | None:
    place: Any = session._tree.root
    for name, position in steps:
        found = place.named(name)
        index = (position or 1) - 1
        if index >= len(found):
            return None
        place = found[index]
    return place if isinstance(place, InstanceNode) else None


def _range(session: FormSession, steps: list[tuple[str, int | None]]) -> InstanceNode | None:
    parent = _find(session, steps[:-1])
    return None if parent is None else parent.ranges.get(steps[-1][0])


def _compare(
    session: FormSession, state: list[dict[str, Any]], language: str, where: str
) -> list[str]:
    differences: list[str] = []
    instances = sum(1 for _ in _recorded_instances(state))
    ours = len(session._tree.repeats)
    if instances != ours:
        differences.append(f"{where}: {ours} repeat instances instead of {instances}")
    for recorded in state:
        reference = recorded["ref"]
        steps = _steps(reference)
        ranged = recorded["type"].startswith("repeat-range")
        node = _range(session, steps) if ranged else _find(session, steps)
        if node is None:
            if "meta" in reference or reference.count("/") == 1:
                continue
            differences.append(f"{where}: no {reference}")
            continue
        differences.extend(
            f"{where}: {reference} {what}: {ours!r} instead of {theirs!r}"
            for what, ours, theirs in _node(session, node, recorded, language)
            if ours != theirs
        )
    return differences


def _recorded_instances(state: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (n for n in state if n["type"] == "repeat-instance")


def _node(
    session: FormSession, node: InstanceNode, recorded: dict[str, Any], language: str
) -> Iterator[tuple[str, Any, Any]]:
    yield "relevant", node.relevant, recorded["relevant"]
    if node.definition.children or node.definition.is_repeat:
        return
    view = session.view(node.key, language)
    yield "readonly", view.readonly, recorded["readonly"]
    yield "required", view.required, recorded["required"]
    yield "value", *_values(node, recorded.get("value", ""))
    if node.definition.control is None:
        return
    if "label" in recorded:
        yield "label", view.label.text.strip(), (recorded["label"] or "").strip()
    if recorded.get("hint"):
        yield "hint", view.hint.text if view.hint else "", recorded["hint"].strip()
    if "options" in recorded:
        theirs = [[o[0], (o[1] or "").strip()] for o in recorded["options"]]
        yield "options", [[c.value, c.label.text] for c in view.choices], theirs
    if node.relevant:
        yield "valid", _valid(node), recorded["valid"]


def _values(node: InstanceNode, theirs: str) -> tuple[str, str]:
    # The peer shows the file of an upload that is not relevant; both keep it.
    control = node.definition.control
    kept = control is not None and control.kind == "upload"
    ours = node.text if node.relevant or kept else ""
    theirs = theirs or ""
    if ours == theirs or node.definition.name == "instanceID":
        return "", ""
    if any(shape.fullmatch(ours) and shape.fullmatch(theirs) for shape in _SHAPES):
        return "", ""
    if node.definition.data_type == "decimal" and ours and theirs:
        return repr(float(ours)), repr(float(theirs))
    return ours, theirs


def _valid(node: InstanceNode) -> list[bool]:
    problem = problem_of(node)
    return [problem != "constraint", problem != "required"]


__all__ = ["NodeKey", "replay"]
