"""Moving a filling of a form to another version of it: a listing first, then the new snapshot.

Nothing is stored here and nothing is lost: every answer of the old filling is in the new one, on
its own path or on that of a migration row, or it is in `orphaned` with the reason. The new snapshot
is what a session on the new form continues from; the caller keeps the orphans beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from intake_app.formio.migrations import Migration, Route, version_key
from intake_app.sentences import Told
from intake_app.xforms import (
    AnswerRefused,
    AnswerState,
    FormDefinition,
    FormError,
    FormSession,
    NodeKey,
    QuestionKind,
    RefusalCode,
    Snapshot,
    StoredAnswer,
    StoredRepeat,
)


class MoveRefused(Told):
    """The filling cannot be moved to this form at all; str() is a Dutch sentence."""


class OrphanReason(StrEnum):
    """Why an answer has no place in the new version."""

    GONE = "vraag_weg"
    OTHER_REPEAT = "andere_herhaling"
    INSTANCE_GONE = "herhaling_weg"
    NOT_A_QUESTION = "geen_vraag_meer"
    WRONG_TYPE = "past_niet"
    NOT_A_CHOICE = "geen_keuze_meer"
    READONLY = "niet_te_veranderen"
    TAKEN = "plaats_bezet"
    CALCULATED = "berekend"


@dataclass(frozen=True, slots=True)
class Relocated:
    """An answer on another path or with another value. Both keys have the same repeat instance."""

    source: NodeKey
    target: NodeKey
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Orphan:
    """An answer as it was, to be kept aside. CALCULATED ones are the old form's, no person's."""

    answer: StoredAnswer
    reason: OrphanReason


@dataclass(frozen=True, slots=True)
class Move:
    """What moving does, and the filling that comes of it.

    Of an answer with several choices of which one is gone the rest moves on; the answer as it was
    is in `orphaned` as well.
    `kept` and `moved` are answers and states of persons; calculations are worked out anew. `hidden`
    were asked before and are not now (their answers stay). `newly_required` and `now_violating`
    are problems the old filling did not have. `lost_instances` are repeat instances without a
    place; their answers are in `orphaned`.
    """

    from_version: str
    to_version: str
    kept: tuple[NodeKey, ...]
    moved: tuple[Relocated, ...]
    orphaned: tuple[Orphan, ...]
    lost_instances: tuple[StoredRepeat, ...]
    hidden: tuple[NodeKey, ...]
    newly_required: tuple[NodeKey, ...]
    now_violating: tuple[NodeKey, ...]
    snapshot: Snapshot

    def lines(self) -> tuple[str, ...]:
        """The listing in Dutch, for a person who decides; it names questions, never answers."""
        counts = (
            f"Van versie {self.from_version} naar {self.to_version}: {len(self.kept)} antwoorden "
            f"blijven waar ze zijn, {len(self.moved)} krijgen een andere plaats of waarde, "
            f"{len(self.orphaned)} worden apart bewaard."
        )
        found = [counts]
        for one in self.moved:
            if one.source != one.target:
                found.append(f"verplaatst: {one.source.path} → {one.target.path}")
            if one.before != one.after:
                found.append(f"andere waarde: {one.target.path}")
        found += [f"apart bewaard: {o.answer.key.path} ({_WORDS[o.reason]})" for o in self.orphaned]
        found += [f"niet meer aan de orde: {key.path}" for key in self.hidden]
        found += [f"nu verplicht: {key.path}" for key in self.newly_required]
        found += [f"klopt nu niet: {key.path}" for key in self.now_violating]
        return tuple(found)


_WORDS = {
    OrphanReason.GONE: "de vraag is er niet meer",
    OrphanReason.OTHER_REPEAT: "de vraag hoort nu bij een andere herhaling",
    OrphanReason.INSTANCE_GONE: "dit onderdeel van de herhaling is er niet meer",
    OrphanReason.NOT_A_QUESTION: "het formulier vult dit nu zelf in",
    OrphanReason.WRONG_TYPE: "het antwoord past niet bij de nieuwe vraag",
    OrphanReason.NOT_A_CHOICE: "deze keuze is er niet meer",
    OrphanReason.READONLY: "de vraag is nu niet te veranderen",
    OrphanReason.TAKEN: "een ander antwoord heeft deze plaats",
    OrphanReason.CALCULATED: "berekend door het oude formulier",
}
_REASONS = {
    RefusalCode.NOT_A_CHOICE: OrphanReason.NOT_A_CHOICE,
    RefusalCode.NOT_A_QUESTION: OrphanReason.NOT_A_QUESTION,
    RefusalCode.READONLY: OrphanReason.READONLY,
    RefusalCode.UNKNOWN_KEY: OrphanReason.INSTANCE_GONE,
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One answer on its way. `person` is False for calculations, which are not listed."""

    source: StoredAnswer
    target: StoredAnswer
    person: bool


def move(
    snapshot: Snapshot,
    old: FormDefinition,
    new: FormDefinition,
    rows: Sequence[Migration] = (),
    *,
    now: Callable[[], datetime],
    uuid: Callable[[], UUID],
    random: Callable[[], float],
) -> Move:
    """Work out what moving `snapshot` from `old` to `new` does; changes nothing by itself.

    Raises MoveRefused when `new` is another form or an earlier version, or when the snapshot is
    not a filling of `old`.
    """
    if new.form_id != old.form_id:
        raise MoveRefused("Dit is een ander formulier. Het gesprek blijft bij zijn eigen versie.")
    if version_key(new.version) < version_key(old.version):
        raise MoveRefused("Deze versie is ouder. Het gesprek blijft bij zijn eigen versie.")
    return _Mover(snapshot, old, new, rows, now, uuid, random).move()


class _Mover:
    def __init__(
        self,
        snapshot: Snapshot,
        old: FormDefinition,
        new: FormDefinition,
        rows: Sequence[Migration],
        now: Callable[[], datetime],
        uuid: Callable[[], UUID],
        random: Callable[[], float],
    ) -> None:
        self._snapshot = snapshot
        self._old = old
        self._new = new
        self._route = Route(rows, old.version, new.version)
        self._now, self._uuid, self._random = now, uuid, random
        self._orphans: list[Orphan] = []

    def _session(self, form: FormDefinition, snapshot: Snapshot) -> FormSession:
        return FormSession(
            form, now=self._now, uuid=self._uuid, random=self._random, snapshot=snapshot
        )

    def move(self) -> Move:
        try:
            before = self._session(self._old, self._snapshot)
            self._old_probe = self._session(self._old, self._snapshot)
        except FormError:
            raise MoveRefused(
                "Dit gesprek hoort niet bij de versie waarvan het zegt te zijn. "
                "Er is niets veranderd. Open het gesprek met zijn eigen formulier."
            ) from None
        repeats, lost = self._repeats()
        candidates = self._settle(self._candidates({r.id: r.path for r in repeats}), repeats)
        after = self._session(self._new, self._filling(candidates, repeats))
        result = after.snapshot()
        there = {one.id for one in result.repeats}
        lost += tuple(r for r in self._snapshot.repeats if r.id not in there and r not in lost)
        listed = [c for c in candidates if c.person]
        sources = {c.target.key: c.source.key for c in candidates}
        required, violating = self._new_problems(before, after, sources)
        order = {a.key: n for n, a in enumerate(self._snapshot.answers)}
        return Move(
            from_version=self._old.version,
            to_version=self._new.version,
            kept=tuple(c.source.key for c in listed if not _changed(c)),
            moved=tuple(
                Relocated(c.source.key, c.target.key, c.source.value, c.target.value)
                for c in listed
                if _changed(c)
            ),
            orphaned=tuple(sorted(self._orphans, key=lambda o: order[o.answer.key])),
            lost_instances=lost,
            hidden=tuple(
                c.target.key
                for c in listed
                if _relevant(before, c.source.key) and not _relevant(after, c.target.key)
            ),
            newly_required=required,
            now_violating=violating,
            snapshot=result,
        )

    # -- repeats and answers ---------------------------------------------------------------------

    def _repeats(self) -> tuple[list[StoredRepeat], tuple[StoredRepeat, ...]]:
        """The instances that have a place in the new form, on their new paths; and the others."""
        around = _enclosing(self._new)
        kept: dict[UUID, StoredRepeat] = {}
        lost: list[StoredRepeat] = []
        positions: Counter[tuple[str, UUID | None]] = Counter()
        for one in self._snapshot.repeats:
            path, _ = self._route.follow(one.path)
            parent = None if one.parent is None else kept.get(one.parent)
            fits = one.parent is None or parent is not None
            if path not in around or not fits or around[path] != (parent.path if parent else None):
                lost.append(one)
                continue
            place = (path, one.parent)
            kept[one.id] = StoredRepeat(path, one.id, one.parent, positions[place])
            positions[place] += 1
        return list(kept.values()), tuple(lost)

    def _candidates(self, instances: dict[UUID, str]) -> list[_Candidate]:
        """Every answer on its new path; those that have none become orphans."""
        found: dict[NodeKey, _Candidate] = {}
        for answer in self._snapshot.answers:
            definition = self._old.questions.get(answer.key.path)
            person = definition is not None and definition.kind.askable
            path, value = self._route.follow(answer.key.path, answer.value)
            if not answer.value and answer.state is AnswerState.NONE:
                # A default that was cleared: it stays cleared where the question still is.
                if self._place(path, answer.key.repeat, instances, person=True) is None:
                    key = NodeKey(path, answer.key.repeat)
                    cleared = _Candidate(answer, replace(answer, key=key), person=False)
                    found.setdefault(key, cleared)
                continue
            reason = self._place(path, answer.key.repeat, instances, person=person)
            key = NodeKey(path, answer.key.repeat)
            if reason is None and answer.value and not value:
                reason = OrphanReason.NOT_A_CHOICE
            if reason is None and key in found and found[key].person:
                reason = OrphanReason.TAKEN
            if reason is not None:
                self._orphan(answer, reason if person else OrphanReason.CALCULATED)
                continue
            found[key] = _Candidate(answer, StoredAnswer(key, value, answer.state), person)
        return list(found.values())

    def _place(
        self, path: str, repeat: UUID | None, instances: dict[UUID, str], *, person: bool
    ) -> OrphanReason | None:
        """Why an answer cannot stand on `path` of the new form; None when it can."""
        definition = self._new.questions.get(path)
        if definition is None:
            return OrphanReason.GONE
        if repeat is not None and repeat not in instances:
            return OrphanReason.INSTANCE_GONE
        if definition.repeat != (None if repeat is None else instances[repeat]):
            return OrphanReason.OTHER_REPEAT
        if definition.kind.askable != person:
            return OrphanReason.NOT_A_QUESTION
        return None

    def _orphan(self, answer: StoredAnswer, reason: OrphanReason) -> None:
        self._orphans.append(Orphan(answer, reason))

    def _filling(
        self, candidates: Sequence[_Candidate], repeats: Sequence[StoredRepeat]
    ) -> Snapshot:
        return Snapshot(
            self._new.form_id,
            self._new.structure_hash,
            tuple(c.target for c in candidates),
            tuple(repeats),
        )

    # -- types, choices, calculations ------------------------------------------------------------

    def _settle(
        self, candidates: list[_Candidate], repeats: Sequence[StoredRepeat]
    ) -> list[_Candidate]:
        """Take out what the new form does not hold, until all that is left stays as it is.

        An answer that goes can take the choices or the instances of another with it, so this goes
        on until nothing changes; each round takes an answer out or is the last but one.
        """
        for _ in range(len(candidates) + 2):
            probe = self._session(self._new, self._filling(candidates, repeats))
            left = [kept for c in candidates if (kept := self._fit(probe, c)) is not None]
            if left == candidates:
                return left
            candidates = left
        raise MoveRefused(
            "Het nieuwe formulier verandert de antwoorden steeds opnieuw. Er is niets veranderd. "
            "Het gesprek blijft bij zijn eigen versie."
        )

    def _fit(self, probe: FormSession, candidate: _Candidate) -> _Candidate | None:
        """The candidate as the new form holds it; None (and an orphan) when it does not."""
        if not candidate.person:
            return candidate
        target, source = candidate.target, candidate.source
        try:
            if (probe.value(target.key), probe.state(target.key)) != (target.value, target.state):
                # The form itself put something else here.
                calculated = _calculated(self._old, source.key.path)
                self._orphan(
                    source, OrphanReason.CALCULATED if calculated else OrphanReason.NOT_A_QUESTION
                )
                return None
            if not target.value:
                return candidate
            probe.answer(target.key, target.value)
        except AnswerRefused as error:
            if error.reason is RefusalCode.READONLY or (
                source.value == target.value and self._refused_before(source) is error.reason
            ):
                return candidate
            self._orphan(source, _REASONS.get(error.reason, OrphanReason.WRONG_TYPE))
            return _with_choices_left(probe, candidate, error.reason)
        taken = replace(target, value=probe.value(target.key))
        return replace(candidate, target=taken)

    def _refused_before(self, answer: StoredAnswer) -> RefusalCode | None:
        """Why the old form, too, would not take this answer now (a choice that is filtered out)."""
        try:
            self._old_probe.answer(answer.key, answer.value)
        except AnswerRefused as error:
            return error.reason
        return None

    def _new_problems(
        self, before: FormSession, after: FormSession, sources: dict[NodeKey, NodeKey]
    ) -> tuple[tuple[NodeKey, ...], tuple[NodeKey, ...]]:
        known = {problem.key: problem.kind for problem in before.problems()}
        # A question without an answer came from the path that leads to it.
        for key in list(known):
            path, _ = self._route.follow(key.path)
            sources.setdefault(NodeKey(path, key.repeat), key)
        required: list[NodeKey] = []
        violating: list[NodeKey] = []
        for problem in after.problems():
            if known.get(sources.get(problem.key, problem.key)) == problem.kind:
                continue
            (required if problem.kind == "required" else violating).append(problem.key)
        return tuple(required), tuple(violating)


def _with_choices_left(
    probe: FormSession, candidate: _Candidate, reason: RefusalCode
) -> _Candidate | None:
    """Of several choices those that are still there; None when none is, or it asks for one."""
    kind = probe.form.questions[candidate.target.key.path].kind
    if reason is not RefusalCode.NOT_A_CHOICE or kind is not QuestionKind.SELECT_MULTIPLE:
        return None
    offered = {choice.value for choice in probe.view(candidate.target.key).choices}
    words = candidate.target.value.split()
    left = [word for word in words if word in offered]
    if not left or left == words:
        return None
    return replace(candidate, target=replace(candidate.target, value=" ".join(left)))


def _changed(candidate: _Candidate) -> bool:
    return (
        candidate.source.key != candidate.target.key
        or candidate.source.value != candidate.target.value
    )


def _relevant(session: FormSession, key: NodeKey) -> bool:
    try:
        return session.view(key).relevant
    except AnswerRefused:
        return False


def _calculated(form: FormDefinition, path: str) -> bool:
    bind = form.model.nodes[path].bind
    return bind is not None and bool(bind.calculate)


def _enclosing(form: FormDefinition) -> dict[str, str | None]:
    """Every repeat of the form → the repeat around it."""
    return {
        path: None if node.repeat is None else node.repeat.path
        for path, node in form.model.nodes.items()
        if node.is_repeat
    }
