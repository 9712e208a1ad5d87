"""An interview as it is held: every answer durable before it is acknowledged.

The engine's `FormSession` knows the form, the vault keeps the record; `InterviewFlow` keeps the two
in step (see `interview_keeping`): whatever is returned has been written to the vault and synced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import Actor
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.interview import (
    Answer,
    AnswerSource,
    AnswerState,
    FormVersion,
    Interpretation,
    Interview,
    InterviewState,
    LanguageUse,
)
from intake_app.flows import answer_files
from intake_app.flows.interview_keeping import KeptInterview
from intake_app.flows.interview_look import Past, history
from intake_app.flows.interview_parts import (
    FormLibrary,
    InterviewRefused,
    NotReady,
    OpenEnd,
    Saved,
    SectionOutline,
    carry_over,
    filled_form,
    is_staff_only,
    open_ends,
    open_interview,
    outline,
    told_now,
    usual_source,
)
from intake_app.flows.interview_state import write
from intake_app.flows.mapping import FilledForm
from intake_app.i18n.languages import LANGUAGES
from intake_app.xforms import AnswerState as EngineState
from intake_app.xforms import (
    Changes,
    NodeKey,
    Page,
    QuestionKind,
    Texts,
    parse_form,
)

if TYPE_CHECKING:
    from intake_app.flows.answer_files import PreparedFile
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Transaction

__all__ = [
    "FormLibrary",
    "InterviewFlow",
    "InterviewRefused",
    "NotReady",
    "OpenEnd",
    "Saved",
    "SectionOutline",
    "filled_form",
    "is_staff_only",
    "open_interview",
    "usual_source",
]


class InterviewFlow(KeptInterview):
    """One open interview. Made by `start` or `resume`, never directly.

    After any error from the vault (`DiskFull`, …) or a refused answer nothing has changed: neither
    the session, nor the record. `session` may be another object after such an error. `aside` are
    the answers that moving to this version of the form put aside (`flows.form_move`).
    """

    _paged: tuple[tuple[Page, ...], dict[NodeKey, Page]] | None = None
    """The pages as they are now, and on which of them a question or page is found."""

    # ---- opening -------------------------------------------------------------------------------

    @classmethod
    def start(
        cls,
        vault: Vault,
        library: FormLibrary,
        texts: Texts | None,
        person_id: UUID,
        form_id: str,
        language: str,
        interpretation: Interpretation,
        actor: Actor,
        *,
        information_read: bool = False,
    ) -> InterviewFlow:
        """Store a new interview, pinned to the form as it is now, with its first position.

        `information_read` says that the client heard what the intake is for; it is kept as a code
        with the event `intake_begonnen`. Raises `InterviewRefused` when the person already has an
        open interview with this form.
        """
        form = library.load(form_id)
        now = vault.env.now()
        interview = Interview(
            interview_id=vault.env.uuid(),
            person_id=person_id,
            form_id=form_id,
            form_sha256=hashlib.sha256(form.xml).hexdigest(),
            language=language,
            state=InterviewState.OPEN,
            started_at=now,
            interpretation=interpretation,
        )
        flow = cls(vault, texts, actor, form, interview, (), ())
        pages = flow.session.pages()
        if pages:
            first = _focus_of(pages[0])
            interview = replace(interview, position_path=first.path, position_repeat=first.repeat)
        rows, repeats = flow._stored.initial(flow.session, now)
        version = FormVersion(
            interview.form_sha256, form_id, form.version, form.structure_hash, form.xml
        )
        with vault.transaction(actor, f"gesprek beginnen: {form_id}") as tx:
            if open_interview(tx, person_id, form_id) is not None:
                raise InterviewRefused(
                    "Met deze persoon loopt al een gesprek met dit formulier. Ga daarin verder."
                )
            tx.forms.put_version(version)
            tx.interviews.save(interview)
            write(tx, rows, repeats)
            if form_id == "intake":
                tx.events.add(
                    CaseEvent(
                        event_id=vault.env.uuid(),
                        person_id=person_id,
                        kind=EventKind.INTAKE_BEGONNEN,
                        on=now.date(),
                        recorded_at=now,
                        source=str(interview.interview_id),
                        detail="uitleg_gelezen" if information_read else "",
                    )
                )
        flow._interview = interview
        flow._stored.keep(rows, repeats)
        return flow

    @classmethod
    def resume(
        cls, vault: Vault, texts: Texts | None, interview_id: UUID, actor: Actor
    ) -> InterviewFlow:
        """Open a stored interview again, on the form version it began with.

        An interview that is vastgesteld opens for reading: every writing method refuses.
        Raises `InterviewRefused` when the interview is not in this vault.
        """
        with vault.read("gesprek openen") as records:
            interview = records.interviews.get(interview_id)
            version = None if interview is None else records.forms.get(interview.form_sha256)
            if interview is None or version is None:
                raise InterviewRefused(
                    "Dit gesprek staat niet in deze kluis. Kies het gesprek in de lijst."
                )
            rows = records.answers.of_interview(interview_id)
            repeats = records.repeats.of_interview(interview_id)
            aside = records.aside.of_interview(interview_id)
            removed = records.repeats.removed(interview_id)
            if removed:
                rows = (*rows, *records.answers.in_removed(interview_id))
        form = parse_form(version.xml, name=version.form_id)
        return cls(vault, texts, actor, form, interview, rows, repeats, aside, removed)

    # ---- reading -------------------------------------------------------------------------------

    @property
    def vault(self) -> Vault:
        """Return the vault in which the talk is stored."""
        return self._vault

    @property
    def typing(self) -> frozenset[NodeKey]:
        """Return the questions whose stored text was still being typed when it was saved."""
        return frozenset(self._typing)

    @property
    def position(self) -> NodeKey | None:
        """Return the question that had the focus last, as stored."""
        path = self._interview.position_path
        return NodeKey(path, self._interview.position_repeat) if path else None

    @property
    def hidden_answers(self) -> tuple[NodeKey, ...]:
        """Return the answered questions that are not relevant now: kept, hidden, not handed over.

        Questions that only compute are left out.
        """
        return tuple(
            key
            for key, row in self._stored.rows.items()
            if row.state is not AnswerState.NONE
            and self._form.questions[key.path].kind is not QuestionKind.CALCULATED
            and not self.session.view(key).relevant
        )

    def staff_only(self, key: NodeKey) -> bool:
        """True for a question that the client must never see."""
        return is_staff_only(self._form.questions.get(key.path))

    @cached_property
    def client_facing(self) -> bool:
        """True when the form asks the client anything at all."""
        return any(
            question.kind is not QuestionKind.CALCULATED and not is_staff_only(question)
            for question in self._form.questions.values()
        )

    def place_of(self, instance: UUID) -> tuple[str, int] | None:
        """Return the repeat an instance belongs to and its number in it, from 1."""
        row = self._stored.repeats.get(instance)
        return None if row is None else (row.path, row.position + 1)

    def page_of(self, key: NodeKey) -> Page | None:
        """Return the relevant page that shows a question or is named by `key`."""
        pages = self.session.pages()
        if self._paged is None or self._paged[0] is not pages:
            places: dict[NodeKey, Page] = {}
            for page in pages:
                for named in (page.key, *page.keys):
                    places.setdefault(named, page)
            self._paged = pages, places
        return self._paged[1].get(key)

    def current_page(self) -> Page | None:
        """Return the page of the stored position, or the first one when that is gone."""
        position = self.position
        found = None if position is None else self.page_of(position)
        if found is not None:
            return found
        pages = self.session.pages()
        return pages[0] if pages else None

    def outline(self, language: str = "nl") -> tuple[SectionOutline, ...]:
        """Return every section with how far it is, in the order of the form."""
        weak = self._interview.interpretation.weak
        return outline(self.session, self._stored.rows, language, weak)

    def open_ends(self, language: str = "nl") -> tuple[OpenEnd, ...]:
        """Return what a person should look at before the interview is vastgesteld, in order."""
        return open_ends(self.session, self._stored.rows, language)

    def history(self, key: NodeKey, language: str = "nl") -> tuple[Past, ...]:
        """Return what an answer is and was, newest first; who looks is in the log."""
        return history(self._vault, self, key, language)

    def filled(self) -> FilledForm:
        """Return the relevant answers by question name, as mappers read them."""
        return filled_form(self.session, self._interview, self._stored.rows)

    # ---- writing -------------------------------------------------------------------------------

    def answer(self, key: NodeKey, value: str) -> Saved:
        """Store an answer (XForms lexical string, '' clears) with all it changes elsewhere.

        Raises AnswerRefused for a value of the wrong type. A violated constraint is stored and
        reported by the session. What is changed here is no longer the word of COA. A question
        that is answered with a file takes no other value than one of `answer_file` that is still
        there: InterviewRefused.
        """
        self._typing.discard(key)
        self._require_file(key, value)
        return self._step(
            "antwoord", key, lambda: self.session.answer(key, value), self._told_now(key)
        )

    def answer_file(self, key: NodeKey, file: PreparedFile, *, instead: bool = False) -> Saved:
        """Store a file with the answer that names it, in one transaction.

        The file that was the answer before stays in the history; with `instead` (the same picture,
        only turned) its bytes are deleted. Raises ValueError for a question that takes no file,
        and as `answer`; of a VaultError neither file nor answer is left.
        """
        definition = self._form.questions[key.path]
        if definition.kind is not QuestionKind.UPLOAD:
            raise ValueError("this question is not answered with a file")
        env, interview = self._vault.env, self._interview
        before = self._stored.rows.get(key)
        name = answer_files.new_name(env, file.media_type)
        label = self.session.view(key).label.text

        def beside(tx: Transaction) -> None:
            if instead and before is not None and before.value:
                answer_files.drop(tx, interview.interview_id, [before.value])
            answer_files.put(tx, env, interview, key, definition, label, file, name)

        saved = self._step(
            "bestand bij een antwoord",
            key,
            lambda: self.session.answer(key, name),
            self._told_now(key),
            beside=beside,
        )
        return _kept_out(saved, key) if instead else saved

    def remove_file(self, key: NodeKey) -> Saved:
        """Clear an answer that is a file and delete the bytes, of earlier files there as well.

        The history keeps that there was a file, never which. Cannot be taken back.
        """
        interview_id = self._interview.interview_id

        def beside(tx: Transaction) -> None:
            found = tx.attachments.of_interview(interview_id)
            for each in answer_files.of_question(found, key.path, key.repeat):
                tx.attachments.remove(each.attachment_id)
            # a question that moved with its form has earlier files under its own name only here
            earlier = [old.value for old in tx.answers.history(interview_id, key)]
            row = self._stored.rows.get(key)
            answer_files.drop(tx, interview_id, [*earlier, "" if row is None else row.value])

        return _kept_out(
            self._step(
                "bestand verwijderen",
                key,
                lambda: self.session.answer(key, ""),
                self._told_now(key),
                beside=beside,
            ),
            key,
        )

    def save_typing(self, key: NodeKey, text: str) -> Saved:
        """Store a text that is still being typed, in the same row as the answer it will become.

        Only for questions of kind TEXT; raises ValueError for others, where half a value would
        mean something else.
        """
        if self._form.questions[key.path].kind is not QuestionKind.TEXT:
            raise ValueError("only text can be stored while it is being typed")
        saved = self._step(
            "antwoord, tijdens het typen",
            key,
            lambda: self.session.answer(key, text),
            self._told_now(key),
        )
        self._typing.add(key)
        return saved

    def set_state(self, key: NodeKey, state: AnswerState) -> Saved:
        """Store why there is no answer (weet niet, wil niet zeggen, …); clears the value."""
        self._typing.discard(key)
        engine = EngineState(state.value)
        return self._step(
            "antwoord", key, lambda: self.session.set_state(key, engine), self._told_now(key)
        )

    def note(self, key: NodeKey, text: str, in_handover: bool) -> Saved:
        """Store the colleague's note with a question; it leaves only when `in_handover`."""
        return self._step(
            "notitie",
            key,
            Changes,
            lambda row: replace(row, note=text, note_in_handover=in_handover and bool(text)),
        )

    def later(self, key: NodeKey, flag: bool) -> Saved:
        """Mark a question to come back to, or take the mark away."""
        return self._step("vraag op later", key, Changes, lambda row: replace(row, later=flag))

    def source(self, key: NodeKey, source: AnswerSource) -> Saved:
        """Store where the answer comes from."""
        return self._step("bron", key, Changes, lambda row: replace(row, source=source))

    def add_repeat(self, path: str, parent: UUID | None = None) -> tuple[UUID, Saved]:
        """Add an instance at the end of a repeat; return its id."""
        made: list[UUID] = []

        def apply() -> Changes:
            instance, changes = self.session.add_repeat(path, parent)
            made.append(instance)
            return changes

        saved = self._step("herhaling toevoegen", None, apply)
        return made[0], saved

    def remove_repeat(self, path: str, instance: UUID) -> Saved:
        """Take an instance with its answers away; `restore_repeat` brings all of it back."""
        return self._step(
            "herhaling weghalen", None, lambda: self.session.remove_repeat(path, instance)
        )

    def move_repeat(self, path: str, instance: UUID, to: int) -> Saved:
        """Put an instance at another place (from 0) among its siblings."""
        return self._step(
            "herhaling verplaatsen",
            None,
            lambda: self.session.move_repeat(path, instance, to),
            moves=True,
        )

    def move_to(self, page: NodeKey, focus: NodeKey | None = None) -> None:
        """Store that the interview is at this page (and question); returns once durable."""
        self._require_open()
        found = self.page_of(page)
        if found is None:
            raise InterviewRefused("Deze vraag is nu niet aan de orde. Kies een andere vraag.")
        interview = self._at(focus or _focus_of(found))
        if interview != self._interview:
            with self._vault.transaction(self._actor, "gesprek: verder gaan") as tx:
                tx.interviews.stand(interview)
            self._interview = interview

    def note_pause(self) -> None:
        """Let the log say that the talk paused: when, and in which talk. Never why.

        Nothing else is kept of a pause. Once vastgesteld there is nothing to pause.
        """
        if self.is_open:
            with self._vault.transaction(self._actor, "gesprek: pauze") as tx:
                tx.interviews.save(self._interview)

    def set_interpretation(self, interpretation: Interpretation) -> None:
        """Store who interprets and how, and which sections were told back or weakly understood."""
        self._require_open()
        interview = replace(self._interview, interpretation=interpretation)
        with self._vault.transaction(self._actor, "tolk en begrip") as tx:
            tx.interviews.save(interview)
        self._interview = interview

    def change_language(self, language: str) -> None:
        """Store that the client is spoken to in another language from now on; the answers stay.

        From when on each language was used is kept with the interpretation. Raises ValueError for a
        language the program does not have.
        """
        self._require_open()
        before = self._interview
        if language not in LANGUAGES:
            raise ValueError("not a language of the program")
        if language == before.language:
            return
        told = before.interpretation
        used = told.languages or (LanguageUse(before.language, before.started_at),)
        used += (LanguageUse(language, self._vault.env.now()),)
        interview = replace(before, language=language, interpretation=replace(told, languages=used))
        with self._vault.transaction(self._actor, f"gesprek: verder in taal {language}") as tx:
            tx.interviews.save(interview)
        self._interview = interview

    def finish(self) -> Interview:
        """Make the interview vastgesteld and let the form's mapper speak, in one transaction.

        Raises `NotReady` while the session has problems; each goes away by an answer that fits or
        by a state (weet niet, wil niet zeggen, …).
        """
        self._require_open()
        problems = self.session.problems()
        if problems:
            raise NotReady(problems)
        now = self._vault.env.now()
        interview = replace(self._interview, state=InterviewState.VASTGESTELD, finished_at=now)
        filled = filled_form(self.session, interview, self._stored.rows)
        with self._vault.transaction(self._actor, "gesprek vaststellen") as tx:
            tx.interviews.save(interview)
            carry_over(tx, filled, self._vault.env)
        self._interview = interview
        return interview

    def _require_file(self, key: NodeKey, value: str) -> None:
        """Refuse a name without a file: what is handed over must be there."""
        question = self._form.questions.get(key.path)
        if not value or question is None or question.kind is not QuestionKind.UPLOAD:
            return
        kept = answer_files.kept(self._vault, self._interview.interview_id)
        if not any(each.answer is not None and each.answer.name == value for each in kept):
            raise InterviewRefused(
                "Dit bestand is er niet meer. Er is niets veranderd. Voeg het opnieuw toe."
            )

    def _told_now(self, key: NodeKey) -> Callable[[Answer], Answer]:
        return told_now(self._stored.rows.get(key), usual_source(self._form.questions[key.path]))


def _kept_out(saved: Saved, key: NodeKey) -> Saved:
    """Leave out of what can be taken back the answer whose file is gone."""
    before = tuple(each for each in saved.step.before if each[0] != key)
    after = tuple(row for row in saved.step.after if NodeKey(row.path, row.repeat) != key)
    return replace(saved, step=replace(saved.step, before=before, after=after))


def _focus_of(page: Page) -> NodeKey:
    return page.keys[0] if page.keys else page.key
