"""What one operation of an interview did to the record, and the record as it was before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from uuid import UUID

from intake_app.domain.interview import Answer, AnswerState, RepeatInstance
from intake_app.xforms import Changes, FormDefinition, NodeKey


class How(Enum):
    """Why an answer does not count any more."""

    HIDDEN = "hidden"
    """Its question is not relevant now."""
    REMOVED = "removed"
    """The instance of the repeat it is in was taken away."""
    CLEARED = "cleared"
    """It was emptied: what had been chosen is no choice any more."""


@dataclass(frozen=True, slots=True)
class Fell:
    """An answer that fell away by an operation; it stays in the record."""

    key: NodeKey
    how: How


@dataclass(frozen=True, slots=True)
class Step:
    """One operation, with what stood before it.

    `before` and `after` hold the rows it changed (None where there was none); `added`, `removed`
    and `moved` the repeat instances, the latter two as they stood before. `fell` names the answers
    that do not count any more because of it, in the order of the form.
    """

    cause: NodeKey | None = None
    before: tuple[tuple[NodeKey, Answer | None], ...] = ()
    after: tuple[Answer, ...] = ()
    added: tuple[RepeatInstance, ...] = ()
    removed: tuple[RepeatInstance, ...] = ()
    moved: tuple[RepeatInstance, ...] = ()
    fell: tuple[Fell, ...] = ()

    def then(self, later: Step) -> Step:
        """Return this step and a later one as one, such as the parts of a text being typed."""
        before = dict(later.before) | dict(self.before)
        after = {_key(row): row for row in (*self.after, *later.after)}
        came = {row.instance for row in later.added}
        went = {row.instance for row in later.removed}
        own = {row.instance for row in self.added}
        fell = {one.key: one for one in (*self.fell, *later.fell)}
        return Step(
            cause=self.cause,
            before=tuple(before.items()),
            after=tuple(after.values()),
            added=(
                *(row for row in self.added if row.instance not in went),
                *(r for r in later.added if r.instance not in {s.instance for s in self.removed}),
            ),
            removed=(
                *(row for row in self.removed if row.instance not in came),
                *(row for row in later.removed if row.instance not in own),
            ),
            moved=tuple({r.instance: r for r in (*later.moved, *self.moved)}.values()),
            fell=tuple(fell.values()),
        )


def fallen_by(
    form: FormDefinition,
    changes: Changes,
    cause: NodeKey | None,
    before: Mapping[NodeKey, Answer],
    after: Iterable[Answer],
    gone: Iterable[RepeatInstance],
    places: Mapping[UUID, RepeatInstance],
) -> tuple[Fell, ...]:
    """Return the answers that fell away, in the order of the form; `places` are the instances."""
    fell = dict.fromkeys(changes.hidden_answers, How.HIDDEN)
    for row in after:
        key = _key(row)
        old = before.get(key)
        if key != cause and old is not None and asked(form, key) and _shrank(old, row):
            fell.setdefault(key, How.CLEARED)
    instances = {row.instance for row in gone}
    for key, row in before.items() if instances else ():
        held = row.state is not AnswerState.NONE
        if key.repeat in instances and held and asked(form, key):
            fell[key] = How.REMOVED
    if not fell:
        return ()
    order = {path: number for number, path in enumerate(form.questions)}
    first: dict[str | None, int] = {}
    for path, question in form.questions.items():
        first.setdefault(question.repeat, order[path])

    def place(key: NodeKey) -> tuple[int, int, int, str]:
        instance = places.get(key.repeat) if key.repeat else None
        if instance is None:
            return order[key.path], 0, 0, ""
        begin = first.get(form.questions[key.path].repeat, 0)
        return begin, instance.position, order[key.path], str(key.repeat)

    return tuple(Fell(key, fell[key]) for key in sorted(fell, key=place))


def asked(form: FormDefinition, key: NodeKey) -> bool:
    """True for a question of the form that somebody answers."""
    question = form.questions.get(key.path)
    return question is not None and question.kind.askable


def row_before(step: Step, key: NodeKey, old: Answer | None, now: Answer | None) -> Answer | None:
    """Return the row `key` gets when the step is taken back; None to leave it as it is.

    What somebody changed after the step stays, but for the answer the step itself was about.
    The note is never taken back.
    """
    after = next((row for row in step.after if _key(row) == key), None)
    if now is None or after is None:
        return None
    if key != step.cause and (now.value, now.state) != (after.value, after.state):
        return None
    if old is None:
        return replace(now, value="", state=AnswerState.NONE, later=False)
    return replace(now, value=old.value, state=old.state, later=old.later, source=old.source)


def repeats_before(
    step: Step, now: Mapping[UUID, RepeatInstance]
) -> tuple[tuple[RepeatInstance, ...], tuple[RepeatInstance, ...]]:
    """Return the instances to put and those to remove, so that they stand as before the step."""
    gone = [now[row.instance] for row in step.added if row.instance in now]
    lists: dict[tuple[str, UUID | None], list[UUID]] = {}
    standing = {row.instance: row for row in now.values() if row not in gone}
    for row in sorted(standing.values(), key=lambda r: r.position):
        lists.setdefault((row.path, row.parent), []).append(row.instance)
    known = dict(standing)
    for row in sorted((*step.removed, *step.moved), key=lambda r: (r.path.count("/"), r.position)):
        place = lists.setdefault((row.path, row.parent), [])
        if row.instance in place:
            place.remove(row.instance)
        elif (row.parent is not None and row.parent not in known) or row in step.moved:
            continue
        place.insert(min(row.position, len(place)), row.instance)
        known[row.instance] = row
    put = [
        replace(known[instance], position=position)
        for place in lists.values()
        for position, instance in enumerate(place)
    ]
    return tuple(row for row in put if now.get(row.instance) != row), tuple(gone)


def _shrank(old: Answer, row: Answer) -> bool:
    if not old.value or old.value == row.value:
        return False
    return not row.value or set(row.value.split()) < set(old.value.split())


def _key(row: Answer) -> NodeKey:
    return NodeKey(row.path, row.repeat)
