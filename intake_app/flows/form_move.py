"""An open interview to a newer version of its form: first what would change, then the move itself.

Nothing is lost: an answer keeps its place, goes to another by a row of the form's migrations, or is
put aside with its question as it stood (`Records.aside`). The move is one transaction; the places
that answers leave keep their history, and the version they were given in stays in the vault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

from intake_app.domain.actor import Actor
from intake_app.domain.interview import (
    Answer,
    AsideAnswer,
    FormVersion,
    Interview,
    InterviewState,
    RepeatInstance,
)
from intake_app.flows import answer_files
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.interview_parts import InterviewRefused
from intake_app.flows.interview_state import StoredState
from intake_app.formio.migrations import Migration, Route, version_key
from intake_app.formio.moving import Move, MoveRefused, Orphan, OrphanReason, move
from intake_app.xforms import (
    AnswerRefused,
    FormDefinition,
    FormSession,
    NodeKey,
    QuestionKind,
    Snapshot,
    Texts,
    parse_form,
)

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction

WORDS = {
    OrphanReason.GONE: "de vraag is er niet meer",
    OrphanReason.OTHER_REPEAT: "de vraag staat nu op een andere plaats",
    OrphanReason.INSTANCE_GONE: "dit onderdeel is er niet meer",
    OrphanReason.NOT_A_QUESTION: "het formulier vult dit nu zelf in",
    OrphanReason.WRONG_TYPE: "het antwoord past niet bij de nieuwe vraag",
    OrphanReason.NOT_A_CHOICE: "deze keuze is er niet meer",
    OrphanReason.READONLY: "de vraag is nu niet te veranderen",
    OrphanReason.TAKEN: "op deze plaats staat al een ander antwoord",
    OrphanReason.CALCULATED: "berekend door de vorige versie",
}
"""Why an answer was put aside, in Dutch."""

What = Literal["moved", "value", "aside", "hidden", "required", "violating"]


class VersionLibrary(Protocol):
    """Where compiled forms and their migrations come from; see `formio.library.Library`."""

    def load(self, form_id: str) -> FormDefinition: ...
    def migrations(self, form_id: str) -> tuple[Migration, ...]: ...


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One change, for a person who decides: the question in Dutch and, where needed, why or where.

    It holds no answer.
    """

    what: What
    key: NodeKey
    question: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What moving an interview would do. `kept` counts the answers that stay where they are."""

    interview_id: UUID
    from_version: str
    to_version: str
    kept: int
    lines: tuple[MoveLine, ...]
    form: FormDefinition
    move: Move

    def of(self, what: What) -> tuple[MoveLine, ...]:
        """The lines of one kind, in the order of the form."""
        return tuple(line for line in self.lines if line.what == what)


def newer(form: FormDefinition, library: VersionLibrary) -> FormDefinition | None:
    """Return the version of `form` the program has now; None when that is this one, or older."""
    try:
        found = library.load(form.form_id)
    except KeyError:
        return None
    if found.xml == form.xml or found.form_id != form.form_id:
        return None
    return None if version_key(found.version) < version_key(form.version) else found


def open_interviews(vault: Vault) -> tuple[Interview, ...]:
    """Return every interview of this vault that is not vastgesteld, oldest first."""
    with vault.read("gesprekken: nieuwe versie") as records:
        return records.interviews.open_ones()


def newer_for(vault: Vault, interview: Interview, library: VersionLibrary) -> FormDefinition | None:
    """Return the version an interview can go to, None when it is on the newest."""
    with vault.read("gesprekken: nieuwe versie") as records:
        version = records.forms.get(interview.form_sha256)
    if version is None:
        return None
    return newer(parse_form(version.xml, name=version.form_id), library)


def only_texts(form: FormDefinition, other: FormDefinition) -> bool:
    """Whether two versions ask the same questions in other words, so that nothing has to move."""
    return form.structure_hash == other.structure_hash


def preview(
    vault: Vault,
    interview_id: UUID,
    new: FormDefinition,
    rows: Sequence[Migration] = (),
) -> MovePreview:
    """Work out what moving would do; changes nothing.

    Raises InterviewRefused when the interview is not here or no longer open, MoveRefused when it
    cannot go to `new`.
    """
    with vault.read("gesprek: nieuwe versie bekijken") as records:
        return _Mover(vault, records, interview_id, new, rows).preview()


def carry_out(
    vault: Vault,
    texts: Texts | None,
    shown: MovePreview,
    rows: Sequence[Migration],
    actor: Actor,
) -> InterviewFlow:
    """Move the interview as `shown` said, in one transaction, and return it on the new version.

    Raises MoveRefused when the answers have changed since, so that the listing is no longer true;
    nothing has changed then. Errors of the vault leave everything as it was.
    """
    purpose = f"gesprek: naar versie {shown.to_version} van het formulier"
    with vault.transaction(actor, purpose[:80]) as tx:
        mover = _Mover(vault, tx, shown.interview_id, shown.form, rows)
        if mover.preview().lines != shown.lines or mover.preview().kept != shown.kept:
            raise MoveRefused(
                "De antwoorden zijn intussen veranderd. Er is niets overgezet. "
                "Bekijk opnieuw wat er verandert."
            )
        mover.write(tx, actor)
    return InterviewFlow.resume(vault, texts, shown.interview_id, actor)


def aside(vault: Vault, interview_id: UUID) -> tuple[AsideAnswer, ...]:
    """Return the answers that earlier moves of this interview put aside."""
    with vault.read("gesprek: apart bewaarde antwoorden") as records:
        return records.aside.of_interview(interview_id)


class _Mover:
    """One interview, read within one reader or transaction, on its way to `new`."""

    def __init__(
        self,
        vault: Vault,
        records: Records,
        interview_id: UUID,
        new: FormDefinition,
        rows: Sequence[Migration],
    ) -> None:
        self._vault, self._new = vault, new
        self._interview = _open_one(records, interview_id)
        version = records.forms.get(self._interview.form_sha256)
        if version is None:
            raise InterviewRefused("Dit gesprek staat niet in deze kluis.")
        self._old = parse_form(version.xml, name=version.form_id)
        self._stored = StoredState(
            interview_id,
            UUID(int=0),
            records.answers.of_interview(interview_id),
            records.repeats.of_interview(interview_id),
        )
        empty = Snapshot(self._old.form_id, "", (), ())
        self._snapshot = self._stored.snapshot(self._old.form_id) or empty
        env = vault.env
        self._move = move(
            self._snapshot,
            self._old,
            new,
            rows,
            now=env.now,
            uuid=env.uuid,
            random=env.fraction,
        )
        self._route = Route(rows, self._old.version, new.version)
        self._before = self._session(self._old, self._snapshot)
        self._after = self._session(new, self._move.snapshot)

    def _session(self, form: FormDefinition, snapshot: Snapshot) -> FormSession:
        env = self._vault.env
        return FormSession(form, now=env.now, uuid=env.uuid, random=env.fraction, snapshot=snapshot)

    # -- what would change -----------------------------------------------------------------------

    def preview(self) -> MovePreview:
        """The listing."""
        return MovePreview(
            self._interview.interview_id,
            self._old.version,
            self._new.version,
            len(self._move.kept),
            tuple(self._lines()),
            self._new,
            self._move,
        )

    def _lines(self) -> Iterator[MoveLine]:
        old, new = self._before, self._after
        for one in self._move.moved:
            now = label(new, one.target)
            if one.source != one.target:
                yield MoveLine("moved", one.source, label(old, one.source), now)
            if one.before != one.after:
                yield MoveLine("value", one.target, now)
        for orphan in self._persons():
            key = orphan.answer.key
            yield MoveLine("aside", key, label(old, key), WORDS[orphan.reason])
        for key in self._notes_aside():
            yield MoveLine("aside", key, label(old, key), "alleen een notitie")
        for key in self._move.hidden:
            yield MoveLine("hidden", key, label(new, key))
        for key in self._move.newly_required:
            yield MoveLine("required", key, label(new, key))
        for key in self._move.now_violating:
            yield MoveLine("violating", key, label(new, key))

    def _persons(self) -> list[Orphan]:
        """What persons answered; what the old form calculated stays in the history alone."""
        return [o for o in self._move.orphaned if o.reason is not OrphanReason.CALCULATED]

    def _notes_aside(self) -> list[NodeKey]:
        orphans = {o.answer.key for o in self._move.orphaned}
        targets = self._targets()
        return [
            key
            for key, row in self._stored.rows.items()
            if row.note and key not in targets and key not in orphans
        ]

    def _targets(self) -> dict[NodeKey, NodeKey]:
        """Where every row goes that has a place, also one with nothing but a note."""
        found = {key: key for key in self._move.kept}
        found.update((one.source, one.target) for one in self._move.moved)
        orphans = {o.answer.key for o in self._move.orphaned}
        taken = set(found.values())
        for key in self._stored.rows:
            if key in found or key in orphans:
                continue
            path, _ = self._route.follow(key.path)
            target = NodeKey(path, key.repeat)
            if target not in taken and _there(self._after, target):
                found[key] = target
                taken.add(target)
        return found

    # -- the move itself -------------------------------------------------------------------------

    def write(self, tx: Transaction, actor: Actor) -> None:
        """Write everything; the transaction is the caller's."""
        at = self._vault.env.now()
        new = self._new
        sha256 = hashlib.sha256(new.xml).hexdigest()
        interview_id = self._interview.interview_id
        targets = self._targets()
        self._put_aside(tx, actor, at)
        for key in self._stored.rows:
            if targets.get(key) != key:
                tx.answers.take_away(interview_id, key)
        self._move_repeats(tx)
        for row in self._rows(targets, actor, at):
            tx.answers.put(row)
        tx.forms.put_version(
            FormVersion(sha256, new.form_id, new.version, new.structure_hash, new.xml)
        )
        place = self._position(targets)
        tx.interviews.save(
            replace(
                self._interview,
                form_sha256=sha256,
                position_path="" if place is None else place.path,
                position_repeat=None if place is None else place.repeat,
            )
        )

    def _put_aside(self, tx: Transaction, actor: Actor, at: datetime) -> None:
        reasons = {o.answer.key: o.reason for o in self._persons()}
        reasons.update(dict.fromkeys(self._notes_aside(), OrphanReason.GONE))
        for key, reason in reasons.items():
            row = self._stored.rows.get(key)
            if row is None:
                continue
            tx.aside.add(
                AsideAnswer(
                    aside_id=self._vault.env.uuid(),
                    form_sha256=self._interview.form_sha256,
                    answer=row,
                    question=label(self._before, key),
                    shown=shown_value(self._before, key),
                    reason=reason.value,
                    moved_at=at,
                    moved_by=actor.user_id,
                )
            )

    def _move_repeats(self, tx: Transaction) -> None:
        interview_id = self._interview.interview_id
        now = {r.id: r for r in self._after.snapshot().repeats}
        for instance in self._stored.repeats:
            if instance not in now:
                tx.repeats.remove(interview_id, instance)
        for one in now.values():
            row = RepeatInstance(interview_id, one.path, one.id, one.parent, one.position)
            if self._stored.repeats.get(one.id) != row:
                tx.repeats.put(row)

    def _rows(
        self, targets: dict[NodeKey, NodeKey], actor: Actor, at: datetime
    ) -> Iterable[Answer]:
        """The rows to write: what came to another place, and what the new form works out."""
        moved = [
            replace(row, path=targets[key].path)
            for key, row in self._stored.rows.items()
            if key in targets
        ]
        stored = StoredState(self._interview.interview_id, actor.user_id)
        instances = {r.id for r in self._after.snapshot().repeats}
        stored.rows = {
            NodeKey(row.path, row.repeat): row
            for row in moved
            if row.repeat is None or row.repeat in instances
        }
        changed = {NodeKey(row.path, row.repeat): row for row in stored.differing(self._after, at)}
        for key, target in targets.items():
            if target in changed:
                yield changed.pop(target)
            elif key != target:
                yield stored.rows[target]
        yield from changed.values()

    def _position(self, targets: dict[NodeKey, NodeKey]) -> NodeKey | None:
        here = NodeKey(self._interview.position_path, self._interview.position_repeat)
        there = targets.get(here)
        if there is None and here.path:
            path, _ = self._route.follow(here.path)
            there = NodeKey(path, here.repeat)
        return there if there is not None and _there(self._after, there) else None


def label(session: FormSession, key: NodeKey) -> str:
    """Return a question in Dutch, with which instance of a repeat it is about."""
    try:
        question = session.view(key).label.text
    except AnswerRefused:
        question = ""
    question = question or key.path.rpartition("/")[2]
    if key.repeat is None:
        return question
    for one in session.snapshot().repeats:
        if one.id == key.repeat:
            title = session.title(one.path, repeat=one.id).text or one.path.rpartition("/")[2]
            return f"{title} {one.position + 1}: {question}"
    return question


def shown_value(session: FormSession, key: NodeKey) -> str:
    """Return an answer as a person reads it: the words of the choices, else the value."""
    value, view = session.value(key), session.view(key)
    if view.definition.kind is QuestionKind.UPLOAD:
        return answer_files.in_words(value, signed=answer_files.is_signed(view.definition))
    words = {choice.value: choice.label.text for choice in view.choices}
    if not words:
        return value
    chosen = [value] if value in words else value.split()
    return ", ".join(words.get(word, word) for word in chosen)


def _there(session: FormSession, key: NodeKey) -> bool:
    if key.path not in session.form.questions:
        return False
    try:
        session.value(key)
    except AnswerRefused:
        return False
    return True


def _open_one(records: Records, interview_id: UUID) -> Interview:
    found = records.interviews.get(interview_id)
    if found is None:
        raise InterviewRefused(
            "Dit gesprek staat niet in deze kluis. Kies het gesprek in de lijst."
        )
    if found.state is not InterviewState.OPEN:
        raise InterviewRefused(
            "Dit gesprek is al vastgesteld. Het blijft bij de versie waarmee het is gevoerd."
        )
    return found
