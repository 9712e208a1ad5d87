"""Gathering what one operation on a filling changes, to be told all at once."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

from intake_app.xforms.instance import InstanceNode
from intake_app.xforms.model import AnswerState, Changes, NodeKey, ProblemKind


@dataclass(slots=True)
class Collector:
    """Gathers what one operation changes."""

    values: set[NodeKey] = field(default_factory=set)
    states: set[NodeKey] = field(default_factory=set)
    relevance: set[NodeKey] = field(default_factory=set)
    required: set[NodeKey] = field(default_factory=set)
    readonly: set[NodeKey] = field(default_factory=set)
    choices: set[NodeKey] = field(default_factory=set)
    labels: set[NodeKey] = field(default_factory=set)
    added: list[tuple[str, UUID]] = field(default_factory=list)
    removed: list[tuple[str, UUID]] = field(default_factory=list)
    touched: dict[InstanceNode, None] = field(default_factory=dict)
    hidden: dict[InstanceNode, None] = field(default_factory=dict)

    def changes(self, here: AbstractSet[NodeKey]) -> Changes:
        """All of it, problems worked out last; `here` are the nodes there are now."""
        problems: set[NodeKey] = set()
        for node in self.touched:
            before = node.problem
            node.problem = problem_of(node)
            if node.problem != before:
                problems.add(node.key)
        if self.removed:
            # What was in a removed instance is gone: its changes would lead nowhere.
            self.values &= here
            self.states &= here
            self.choices &= here
            self.labels &= here
            self.required &= here
            self.readonly &= here
        hidden = [n for n in self.hidden if not n.relevant and n.state.value]
        hidden.sort(key=_place)
        return Changes(
            values=frozenset(self.values),
            states=frozenset(self.states),
            relevance=frozenset(self.relevance),
            required=frozenset(self.required),
            readonly=frozenset(self.readonly),
            choices=frozenset(self.choices),
            labels=frozenset(self.labels),
            problems=frozenset(problems),
            repeats_added=tuple(self.added),
            repeats_removed=tuple(self.removed),
            hidden_answers=tuple(n.key for n in hidden),
        )


def _place(node: InstanceNode) -> tuple[int, str]:
    return (node.definition.index, str(node.key))


def problem_of(node: InstanceNode) -> ProblemKind | None:
    """What is wrong with a node now: only relevant questions have problems."""
    if not node.relevant or node.definition.control is None:
        return None
    if not node.text:
        return "required" if node.required and node.mark is AnswerState.NONE else None
    return None if node.valid else "constraint"
