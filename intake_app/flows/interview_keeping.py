"""Keeping the session of the form engine and the record in the vault in step.

Whatever is returned from here has been written to the vault and synced to the disk; when writing
fails the session is set back to what the vault holds and the error goes on to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import Actor
from intake_app.domain.interview import (
    Answer,
    AsideAnswer,
    Interview,
    InterviewState,
    RemovedRepeat,
    RepeatInstance,
)
from intake_app.flows.interview_parts import InterviewRefused, Saved
from intake_app.flows.interview_state import StoredState, write
from intake_app.flows.interview_undo import (
    Fell,
    How,
    Step,
    fallen_by,
    repeats_before,
    row_before,
)
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.xforms import (
    AnswerRefused,
    Changes,
    FormDefinition,
    FormSession,
    NodeKey,
    QuestionView,
    Texts,
)

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Transaction

_VIEWS = 200
"""So many questions are kept as they stand; several windows ask for the same few again."""

_NOTHING = Changes()


class KeptInterview:
    """The record of one open interview and the session that is worked with; see `InterviewFlow`."""

    def __init__(
        self,
        vault: Vault,
        texts: Texts | None,
        actor: Actor,
        form: FormDefinition,
        interview: Interview,
        rows: Iterable[Answer],
        repeats: Iterable[RepeatInstance],
        aside: tuple[AsideAnswer, ...] = (),
        removed: Iterable[RemovedRepeat] = (),
    ) -> None:
        self.aside = aside
        self._vault = vault
        self._texts = texts
        self._actor = actor
        self._form = form
        self._interview = interview
        self._stored = StoredState(
            interview.interview_id, actor.user_id, rows, repeats, _of_form(form, removed)
        )
        self._typing: set[NodeKey] = set()
        self._views: dict[tuple[NodeKey, str], QuestionView] = {}
        self.session = self._restored(self._stored)

    @property
    def session(self) -> FormSession:
        """Return the session that is worked with; another one after an error."""
        return self._session

    @session.setter
    def session(self, session: FormSession) -> None:
        self._session = session
        self._views.clear()

    def view(self, key: NodeKey, language: str = SOURCE_LANGUAGE) -> QuestionView:
        """Return a question as it stands, in a language."""
        found = self._views.get((key, language))
        if found is None:
            if len(self._views) >= _VIEWS:
                self._views.clear()
            found = self._views[key, language] = self._session.view(key, language)
        return found

    @property
    def interview(self) -> Interview:
        """Return the interview row as stored."""
        return self._interview

    @property
    def form(self) -> FormDefinition:
        """Return the form version this interview is pinned to."""
        return self._form

    @property
    def is_open(self) -> bool:
        """True while answers may still be given."""
        return self._interview.state is InterviewState.OPEN

    def row(self, key: NodeKey) -> Answer | None:
        """Return the stored answer of a question, None when there is none yet."""
        return self._stored.rows.get(key)

    @property
    def removed(self) -> tuple[RemovedRepeat, ...]:
        """Return the repeat instances that were taken away and can be put back, oldest first."""
        return tuple(self._stored.removed.values())

    # ---- taking back ---------------------------------------------------------------------------

    def take_back(self, step: Step) -> Saved:
        """Have the record be as it was before `step`, in one transaction.

        What was changed after it stays, but for the answer the step was about. Everything that is
        worked out from answers is worked out again.
        """
        self._require_open()
        at = self._vault.env.now()
        state, written, repeats, gone = self._before(step, at)
        session = self._restored(state)
        # a count that hangs on what was answered since may ask for more or fewer of them
        more, fewer = state.changed_repeats(session, Changes(), moved=True)
        worked_out = state.differing(session, at)
        rows = {NodeKey(row.path, row.repeat): row for row in (*written, *worked_out)}
        repeats, gone = (*repeats, *more), (*gone, *fewer)
        with self._vault.transaction(self._actor, "gesprek: ongedaan maken") as tx:
            write(tx, rows.values(), repeats, gone)
        state.keep(worked_out, more, fewer, at)
        was = self._stored
        taken_back = self._told(Changes(), step.cause, tuple(rows.values()), repeats, gone)
        self.session, self._stored = session, state
        self._typing.clear()
        values = frozenset(rows) | {key for key in state.rows if key not in was.rows}
        changes = Changes(
            values=values,
            states=values,
            relevance=frozenset(state.rows),
            repeats_added=tuple((r.path, r.instance) for r in repeats if r.instance in was.removed),
            repeats_removed=tuple((row.path, row.instance) for row in gone),
        )
        return Saved(changes, at, taken_back)

    def restore_repeat(self, instance: UUID) -> Saved:
        """Put an instance that was taken away back where it stood, with all its answers.

        Raises InterviewRefused when it is not there, or has no place any more.
        """
        found = self._stored.removed.get(instance)
        if found is None or not self._has_place(found.row):
            raise InterviewRefused(
                "Dit deel kan niet terug: het hoort nu nergens bij. De antwoorden blijven bewaard."
            )
        together = tuple(
            one.row
            for one in self._stored.removed.values()
            if one.at == found.at and self._is_inside(one.row, instance)
        )
        return self.take_back(Step(removed=together))

    def still_fallen(self, step: Step) -> tuple[Fell, ...]:
        """Return what fell away by `step` and does not count now either."""
        return tuple(fell for fell in step.fell if self._is_fallen(step, fell))

    def as_before(self, step: Step) -> FormSession:
        """Return a session of its own as it was before `step`, to look at what fell away."""
        state, *_ = self._before(step, self._vault.env.now())
        return self._restored(state)

    def with_removed(self) -> FormSession:
        """Return a session of its own in which what was taken away stands, to look at it."""
        rows = [one.row for one in self._stored.removed.values() if self._could_stand(one.row)]
        return self.as_before(Step(removed=tuple(rows)))

    # ---- one operation -------------------------------------------------------------------------

    def _step(
        self,
        purpose: str,
        key: NodeKey | None,
        apply: Callable[[], Changes],
        edit: Callable[[Answer], Answer] = lambda row: row,
        *,
        moves: bool = False,
        beside: Callable[[Transaction], object] | None = None,
    ) -> Saved:
        """Apply to the session, write what changed, and acknowledge; or leave all as it was.

        `beside` writes in the same transaction.
        """
        self._require_open()
        changes = apply()
        if changes != _NOTHING:
            self._views.clear()
        at = self._vault.env.now()
        interview = self._interview if key is None else self._at(key)
        try:
            rows = self._stored.changed_rows(self.session, changes, key, edit, at)
            repeats, gone = self._stored.changed_repeats(self.session, changes, moved=moves)
            with self._vault.transaction(self._actor, f"gesprek: {purpose}") as tx:
                if beside is not None:
                    beside(tx)
                if interview != self._interview:
                    tx.interviews.stand(interview)
                write(tx, rows, repeats, gone)
        except BaseException:
            self.session = self._restored(self._stored)
            raise
        self._interview = interview
        step = self._told(changes, key, rows, repeats, gone)
        self._stored.keep(rows, repeats, gone, at)
        return Saved(changes, at, step)

    def _told(
        self,
        changes: Changes,
        key: NodeKey | None,
        rows: tuple[Answer, ...],
        repeats: tuple[RepeatInstance, ...],
        gone: tuple[RepeatInstance, ...],
    ) -> Step:
        """Return what an operation does, while the stored state is still as before it."""
        stored = self._stored
        keys = [NodeKey(row.path, row.repeat) for row in rows]
        return Step(
            cause=key,
            before=tuple((key, stored.rows.get(key)) for key in keys),
            after=rows,
            added=tuple(row for row in repeats if row.instance not in stored.repeats),
            removed=gone,
            moved=tuple(
                stored.repeats[row.instance] for row in repeats if row.instance in stored.repeats
            ),
            fell=fallen_by(self._form, changes, key, stored.rows, rows, gone, stored.repeats),
        )

    def _before(
        self, step: Step, at: datetime
    ) -> tuple[StoredState, list[Answer], tuple[RepeatInstance, ...], tuple[RepeatInstance, ...]]:
        """Return the state before a step, and the rows and instances that differ from now."""
        state = self._stored.copy()
        repeats, gone = repeats_before(step, state.repeats)
        state.keep((), repeats, gone, at)
        written: list[Answer] = []
        for key, old in step.before:
            row = row_before(step, key, old, state.rows.get(key))
            if row is not None and row != state.rows[key]:
                written.append(replace(row, author_id=self._actor.user_id, at=at))
        state.keep(written, ())
        return state, written, repeats, gone

    def _restored(self, state: StoredState) -> FormSession:
        """Return a session that holds exactly what a stored state holds."""
        return FormSession(
            self._form,
            now=self._vault.env.now,
            uuid=self._vault.env.uuid,
            random=self._vault.env.fraction,
            texts=self._texts,
            snapshot=state.snapshot(self._form.form_id),
        )

    def _at(self, key: NodeKey) -> Interview:
        return replace(self._interview, position_path=key.path, position_repeat=key.repeat)

    def _require_open(self) -> None:
        if not self.is_open:
            raise InterviewRefused(
                "Dit gesprek is al vastgesteld. De antwoorden staan vast. "
                "Begin een nieuw gesprek als er iets is veranderd."
            )

    # ---- about what fell -----------------------------------------------------------------------

    def _is_fallen(self, step: Step, fell: Fell) -> bool:
        key = fell.key
        if fell.how is How.REMOVED:
            return key.repeat in self._stored.removed
        try:
            view = self.session.view(key)
        except AnswerRefused:
            # the instance it was in is gone since
            return False
        if fell.how is How.HIDDEN:
            return not view.relevant and bool(view.state.value)
        after = next((r for r in step.after if NodeKey(r.path, r.repeat) == key), None)
        return after is not None and view.value == after.value

    def _has_place(self, row: RepeatInstance) -> bool:
        return row.parent is None or row.parent in self._stored.repeats

    def _could_stand(self, row: RepeatInstance) -> bool:
        """True when the instance has a place once all that was removed stands again."""
        while row.parent is not None:
            if row.parent in self._stored.repeats:
                return True
            outer = self._stored.removed.get(row.parent)
            if outer is None:
                return False
            row = outer.row
        return True

    def _is_inside(self, row: RepeatInstance, instance: UUID) -> bool:
        place: RepeatInstance | None = row
        while place is not None:
            if place.instance == instance:
                return True
            outer = self._stored.removed.get(place.parent) if place.parent else None
            place = None if outer is None else outer.row
        return False


def _of_form(form: FormDefinition, removed: Iterable[RemovedRepeat]) -> Iterable[RemovedRepeat]:
    """Leave out what was removed under another version of the form, where that repeat is gone."""
    for one in removed:
        definition = form.model.nodes.get(one.row.path)
        if definition is not None and definition.is_repeat:
            yield one
