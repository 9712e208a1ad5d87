"""One QObject per open interview: the flow on one side, every window that shows it on the other.

The interviewer's page and the client screen are two views of one bridge, so what one changes the
other shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from enum import Enum
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from intake_app.domain.interview import AnswerSource, AnswerState, Interpretation
from intake_app.flows.answer_files import PreparedFile
from intake_app.flows.interview import InterviewFlow, InterviewRefused, NotReady, Saved
from intake_app.flows.interview_look import FallenAnswer, Past, all_fallen, fallen
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.ui.interview import whereabouts
from intake_app.ui.interview.fallen import FallenSteps
from intake_app.ui.interview.signature_pad import Stroke
from intake_app.vault.errors import VaultError
from intake_app.xforms import AnswerRefused, NodeKey, Page, QuestionView, ShownText

TYPING_MS = 800
"""How long after the last key a text that is being typed is stored; well within two seconds."""


class Place(Enum):
    """Where the interviewer is: at a question, or looking back over all of them."""

    PAGE = "page"
    REVIEW = "review"


class InterviewBridge(QObject):
    """Carries out what a person does on screen and tells every view what changed.

    No method raises for something a person can do: what could not be stored is told through
    `failed` (key or None, Sentence) and nothing has changed.
    """

    moved = Signal()
    """Another page, or the review, is shown."""
    changed = Signal(object)
    """A `Changes`: refresh what it names."""
    saved = Signal(object)
    """The aware time at which the vault had everything on disk."""
    failed = Signal(object, object)
    hidden = Signal(int)
    """So many answers fell away on this page and are still gone (0: none, or undone)."""
    typed = Signal()
    """Something is being typed that is not stored yet."""
    focus_changed = Signal()
    language_changed = Signal(str)
    """From now on the client is spoken to in another language."""
    going_blank = Signal()
    """The client's screen is blank now, before anything else is done about a pause."""
    paused = Signal(bool)
    pointing_changed = Signal()
    """Other pages to point at are shown, or none, or another picture was pointed at."""
    finished = Signal()
    table_chosen = Signal(bool)
    """Somebody wants repeats as tables from now on, or as cards."""

    def __init__(
        self,
        flow: InterviewFlow,
        parent: QObject | None = None,
        *,
        own_language: str = SOURCE_LANGUAGE,
        as_table: bool = False,
    ) -> None:
        super().__init__(parent)
        self.flow = flow
        self.own_language = own_language if own_language in LANGUAGES else SOURCE_LANGUAGE
        """The language at the colleague's side; the client's is `language`."""
        self.as_table = as_table
        """True where the colleague wants repeats as tables."""
        self.fallen = FallenSteps(flow)
        self.place = Place.PAGE
        self.page: Page | None = flow.current_page()
        self.last_saved: datetime | None = None
        self.answer_refused = False
        """True when what failed last was an answer that does not fit its question."""
        self.is_paused = False
        self.pointing: int | None = None
        """Which page to point at the client sees (0-based), None for the question itself."""
        self.pointed = 0
        """The number of the picture that was pointed at, 0 for none; it is never stored."""
        self.drawn: dict[NodeKey, tuple[Stroke, ...]] = {}
        """Lines of the client's signature that nobody has said are ready; stored nowhere."""
        self._focus: NodeKey | None = flow.position
        self._typed: tuple[NodeKey, str] | None = None
        self._timer = self._after(TYPING_MS, self.store_typing)
        self._pause_timer = self._after(0, self._note_pause)
        self._bookmark: tuple[NodeKey, NodeKey | None] | None = None
        self._bookmark_timer = self._after(0, self._store_bookmark)

    # ---- reading -------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        """Return the language of the client."""
        return self.flow.interview.language

    @property
    def form_id(self) -> str:
        """Return which form is filled in."""
        return self.flow.form.form_id

    @property
    def bilingual(self) -> bool:
        """True when questions are shown in a second language."""
        return self.language != self.own_language and self.flow.client_facing

    @property
    def focus(self) -> NodeKey | None:
        """Return the question of this page that has, or last had, the focus."""
        if self.place is not Place.PAGE or self.page is None:
            return None
        if self._focus in self.page.keys:
            return self._focus
        return self.page.keys[0] if self.page.keys else None

    def views(self, key: NodeKey) -> tuple[QuestionView, QuestionView | None]:
        """Return a question in the colleague's language and, if they may see it, the client's.

        In a talk that is vastgesteld all of them can only be read.
        """
        own = self._view(key, self.own_language)
        if not self.bilingual or self.flow.staff_only(key):
            return own, None
        return own, self._view(key, self.language)

    def _view(self, key: NodeKey, language: str) -> QuestionView:
        view = self.flow.view(key, language)
        return view if self.flow.is_open else replace(view, readonly=True)

    def client_key(self) -> NodeKey | None:
        """Return the question for the client screen: None while there is none the client may see.

        On a page of several questions it is the one with the focus.
        """
        focus = self.focus
        if self.is_paused or focus is None or self.flow.staff_only(focus):
            return None
        return focus

    def client_keys_ahead(self) -> tuple[NodeKey, ...]:
        """Return the questions the client will probably see next; none that is for the staff."""
        page = self.page
        if self.is_paused or self.place is not Place.PAGE or page is None:
            return ()
        keys = whereabouts.likely_keys(self.flow, page)
        return tuple(k for k in keys if k != self.focus and not self.flow.staff_only(k))

    def client_view(self, key: NodeKey) -> QuestionView:
        """Return a question as the client may see it: in the client's language, no guidance.

        One that is not relevant yet is as it will be when it is shown.
        """
        view = self.flow.view(key, self.language)
        return replace(view, guidance=None, problem=None, relevant=True)

    def client_title(self, key: NodeKey) -> ShownText | None:
        """Return the title over a question that shares its page, in the client's language.

        None where there is none, where nothing of the page is the client's, and where it is not
        translated: the question says it all.
        """
        here = self.page
        page = here if here is not None and key in here.keys else self.flow.page_of(key)
        if page is None and here is not None:
            page = whereabouts.page_to_come(self.flow, here, key)
        if page is None or page.kind != "group" or len(page.keys) < 2:
            return None
        if all(self.flow.staff_only(each) for each in page.keys):
            return None
        title = self.flow.session.title(page.key.path, self.language, page.key.repeat)
        return title if title.text and title.language == self.language else None

    def closing_words(self) -> str:
        """Return what the form tells the colleague about ending the talk, '' where nothing."""
        return whereabouts.closing_words(self.flow, self.own_language)

    def page_number(self) -> tuple[int, int]:
        """Return the place of this page in its section and how many pages that has, from 1."""
        return whereabouts.page_number(self.flow, self.page)

    def history(self, key: NodeKey) -> tuple[Past, ...]:
        """Return what the answer is and was, newest first; empty, with `failed`, when not read."""
        found: list[Past] = []
        self._try(key, lambda: found.extend(self.flow.history(key, self.own_language)))
        return tuple(found)

    def fallen_here(self) -> tuple[FallenAnswer, ...]:
        """Return the answers that fell away on this page, in words."""
        return fallen(self.flow, self.fallen.on_page, self.own_language)

    def all_fallen(self) -> tuple[FallenAnswer, ...]:
        """Return every answer that is kept and does not count now, in words."""
        return all_fallen(self.flow, self.fallen.in_talk, self.own_language)

    # ---- answering -----------------------------------------------------------------------------

    def answer(self, key: NodeKey, value: str) -> bool:
        """Store an answer; True once it is on disk."""
        self._forget_typing(key)
        return self._do(key, lambda: self.flow.answer(key, value))

    def answer_file(self, key: NodeKey, file: PreparedFile, *, instead: bool = False) -> bool:
        """Store a file as the answer; with `instead` nothing is left of the one before it."""
        self._forget_typing(key)
        return self._do(key, lambda: self.flow.answer_file(key, file, instead=instead))

    def remove_file(self, key: NodeKey) -> bool:
        """Clear an answer that is a file, and delete the file."""
        self._forget_typing(key)
        return self._do(key, lambda: self.flow.remove_file(key))

    def set_state(self, key: NodeKey, state: AnswerState) -> bool:
        """Store why there is no answer; the same state again takes it away."""
        self._forget_typing(key)
        if self.flow.session.state(key).value == state.value:
            return self._do(key, lambda: self.flow.answer(key, ""))
        return self._do(key, lambda: self.flow.set_state(key, state))

    def typing(self, key: NodeKey, text: str) -> None:
        """Remember a text that is still being typed; it is stored when the keys rest."""
        if self._typed is not None and self._typed[0] != key:
            self.store_typing()
        if self._typed is None:
            # not restarted by every key: who types on without a pause is stored too
            self._timer.start()
        self._typed = (key, text)
        self.typed.emit()

    def store_typing(self) -> None:
        """Store at once what is being typed."""
        if self._typed is None:
            return
        key, text = self._typed
        self._timer.stop()
        self._typed = None
        self._do(key, lambda: self.flow.save_typing(key, text), typed=True)

    def note(self, key: NodeKey, text: str, *, in_handover: bool) -> bool:
        """Store the note of the colleague with a question."""
        return self._do(key, lambda: self.flow.note(key, text, in_handover))

    def later(self, key: NodeKey, *, flag: bool) -> bool:
        """Mark a question to come back to."""
        return self._do(key, lambda: self.flow.later(key, flag))

    def put_off(self, keys: Iterable[NodeKey]) -> None:
        """Put those of these questions that have no answer yet on later; else all of them."""
        asked = [key for key in keys if self.flow.view(key).definition.kind.askable]
        rows = {key: self.flow.row(key) for key in asked}
        open_ = [key for key, row in rows.items() if row is None or row.state is AnswerState.NONE]
        for key in open_ or asked:
            self.later(key, flag=True)

    def source(self, key: NodeKey, source: AnswerSource) -> bool:
        """Store who said it, or where it comes from."""
        return self._do(key, lambda: self.flow.source(key, source))

    def undo(self) -> bool:
        """Take back the last step on this page by which answers fell away."""
        steps = self.fallen.on_page
        if not steps:
            return False
        self.store_typing()
        step = self.fallen.on_page[-1] if self.fallen.on_page else steps[-1]
        if not self._do(None, lambda: self.flow.take_back(step)):
            return False
        self.fallen.took_back(step)
        self.hidden.emit(self.fallen.count())
        return True

    def restore(self, instance: UUID) -> bool:
        """Put a part that was taken away back, with all that was in it."""
        return self._do(None, lambda: self.flow.restore_repeat(instance))

    def add_repeat(self, path: str, parent: UUID | None) -> bool:
        """Add an instance and go to its first question."""
        made: list[UUID] = []

        def add() -> Saved:
            instance, saved = self.flow.add_repeat(path, parent)
            made.append(instance)
            return saved

        if not self._do(None, add):
            return False
        first = next(
            (p for p in self.flow.session.pages() if p.key.repeat == made[0] and p.keys), None
        )
        return first is None or self.go_to(first.key)

    def remove_repeat(self, path: str, instance: UUID) -> bool:
        """Remove an instance with its answers; what is being typed goes with them."""
        self.store_typing()
        return self._do(None, lambda: self.flow.remove_repeat(path, instance))

    def move_repeat(self, path: str, instance: UUID, to: int) -> bool:
        """Put an instance at another place (from 0) among its siblings."""
        return self._do(None, lambda: self.flow.move_repeat(path, instance, to))

    def show_tables(self, on: bool) -> None:
        """Show repeats as tables from now on, or as cards."""
        self.as_table = on
        self.table_chosen.emit(on)

    def set_interpretation(self, interpretation: Interpretation) -> bool:
        """Store who interprets, and what was told back or weakly understood."""
        return self._try(None, lambda: self.flow.set_interpretation(interpretation))

    def change_language(self, language: str) -> bool:
        """Speak to the client in another language from now on; every view follows.

        What is being typed is stored first.
        """
        self.store_typing()
        if language == self.language:
            return True
        if not self._try(None, lambda: self.flow.change_language(language)):
            return False
        self.language_changed.emit(language)
        return True

    # ---- moving --------------------------------------------------------------------------------

    def touch(self, key: NodeKey) -> None:
        """Say that the focus is at a question; what was typed elsewhere is stored."""
        if self._typed is not None and self._typed[0] != key:
            self.store_typing()
        if key != self._focus:
            self._focus = key
            self.focus_changed.emit()

    def go_to(self, key: NodeKey) -> bool:
        """Go to the page of a question or to a page by its key."""
        page = self.flow.page_of(key)
        if page is None:
            # the flow knows how to say that it is gone
            self._try(None, lambda: self.flow.move_to(key))
            return False
        self._show(page, key)
        if self.flow.is_open:
            # a bookmark, not an answer: the question is on the screen first
            self._bookmark = (page.key, key if key in page.keys else None)
            self._bookmark_timer.start()
        return True

    def _store_bookmark(self) -> None:
        if self._bookmark is None:
            return
        page, focus = self._bookmark
        self._bookmark_timer.stop()
        self._bookmark = None
        # the page may be gone by an answer that was given since
        if self.flow.page_of(page) is not None:
            self._try(None, lambda: self.flow.move_to(page, focus))

    def next(self) -> bool:
        """Go to the next page, or to the review after the last."""
        if self.place is Place.REVIEW or self.page is None:
            return False
        following = self.flow.session.next_page(self.page.key)
        if following is None:
            self.review()
            return True
        return self.go_to(following.key)

    def back(self) -> bool:
        """Go to the page before; from the review to the last page."""
        if self.place is Place.REVIEW:
            pages = self.flow.session.pages()
            return bool(pages) and self.go_to(pages[-1].key)
        before = None if self.page is None else self.flow.session.previous_page(self.page.key)
        return before is not None and self.go_to(before.key)

    def review(self) -> None:
        """Show what is left before the interview can be vastgesteld."""
        self.store_typing()
        self.show_pointing(None)
        self.fallen.leave_page()
        self.place = Place.REVIEW
        self.moved.emit()

    def pause(self, *, on: bool) -> None:
        """Blank the client screen at once, or show it again."""
        if on != self.is_paused:
            self.is_paused = on
            if on:
                self.going_blank.emit()
            self.paused.emit(on)

    def show_pointing(self, page: int | None) -> None:
        """Show a page to point at on the client's screen, or the question again."""
        if page != self.pointing:
            self.pointing, self.pointed = page, 0
            self.pointing_changed.emit()

    def point(self, number: int) -> None:
        """Say which picture was pointed at, 0 for none; both screens show it, nothing keeps it."""
        if number != self.pointed:
            self.pointed = number
            self.pointing_changed.emit()

    def rest(self) -> None:
        """Pause because somebody asked for it; the log says so, and nothing about why."""
        if not self.is_paused:
            self.pause(on=True)
            # the screens are blank first
            self._pause_timer.start()

    def skip(self) -> bool:
        """Go on to the next page; what has no answer is left as it is, without a reason."""
        self.pause(on=False)
        return self.next()

    def skip_section(self) -> bool:
        """Go on to the first page of the next section, or look back after the last."""
        self.pause(on=False)
        if self.place is Place.REVIEW or self.page is None:
            return False
        after = whereabouts.next_section(self.flow, self.page)
        if after is not None:
            return self.go_to(after.key)
        self.review()
        return True

    def remember(self) -> None:
        """Store what is being typed and which question has the focus, before the page goes."""
        if self._pause_timer.isActive():
            self._note_pause()
        self.store_typing()
        self._store_bookmark()
        focus = self.focus
        if focus is not None and self.flow.is_open and focus != self.flow.position:
            page = self.page
            if page is not None:
                self._try(None, lambda: self.flow.move_to(page.key, focus))

    def finish(self) -> bool:
        """Make the interview vastgesteld; True once it is."""
        self.store_typing()
        self._store_bookmark()
        if self._try(None, self.flow.finish):
            self.finished.emit()
            return True
        return False

    # ---- inside --------------------------------------------------------------------------------

    def _after(self, ms: int, run: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(run)
        return timer

    def _note_pause(self) -> None:
        self._pause_timer.stop()
        self._try(None, self.flow.note_pause)

    def _show(self, page: Page, key: NodeKey) -> None:
        self.show_pointing(None)
        self.fallen.leave_page()
        self.place = Place.PAGE
        self.page = page
        self._focus = key if key in page.keys else (page.keys[0] if page.keys else None)
        self.moved.emit()

    def _do(self, key: NodeKey | None, step: Callable[[], Saved], *, typed: bool = False) -> bool:
        done: list[Saved] = []
        if not self._try(key, lambda: done.append(step())):
            return False
        saved = done[0]
        self.last_saved = saved.at
        before = len(self.fallen.on_page)
        self.fallen.took(saved.step, typed=typed)
        if saved.step.fell or before:
            self.hidden.emit(self.fallen.count())
        self._follow(key)
        self.changed.emit(saved.changes)
        self.saved.emit(saved.at)
        return True

    def _follow(self, key: NodeKey | None) -> None:
        """Keep the shown page in step with a form that grew or shrank."""
        if self.page is not None:
            self.page = self.flow.page_of(self.page.key) or (
                None if key is None else self.flow.page_of(key)
            )
        if self.page is None:
            self.page = self.flow.current_page()
            self.moved.emit()

    def _try(self, key: NodeKey | None, step: Callable[[], object]) -> bool:
        try:
            step()
        except NotReady as problem:
            self.answer_refused = False
            self.failed.emit(problem.problems[0].key, str(problem))
        except (AnswerRefused, InterviewRefused, VaultError) as problem:
            self.answer_refused = isinstance(problem, AnswerRefused)
            self.failed.emit(key, str(problem))
        else:
            return True
        return False

    def _forget_typing(self, key: NodeKey) -> None:
        """The answer itself replaces what was being typed for the same question."""
        if self._typed is not None:
            if self._typed[0] == key:
                self._typed = None
                self._timer.stop()
            else:
                self.store_typing()
