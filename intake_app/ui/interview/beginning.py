"""What comes before the first question: the start panel, and the talk that begins from it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from intake_app.domain.interview import Interpretation
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import InterviewFlow, InterviewRefused, is_staff_only
from intake_app.flows.prefill import Proposal, prefill_for, take_over
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview.start_panel import StartPanel
from intake_app.ui.kept_typing import KeptTyping
from intake_app.vault.errors import VaultError
from intake_app.xforms import QuestionKind

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext
    from intake_app.ui.interview.questions.base import Tools
    from intake_app.xforms import FormDefinition


class Beginning(QObject):
    """Begins one talk with one person; a form without a question for the client begins in Dutch.

    What is filled in on `panel` comes back after a lock or a crash, until the talk has begun or
    somebody chose not to begin yet.
    """

    begun = Signal(object, str)
    """The `InterviewFlow`, and what of the answers of COA did not fit, in words ('' for none)."""

    def __init__(
        self, context: AppContext, person_id: UUID, form_id: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._person_id, self.form_id = context, person_id, form_id
        self.form: FormDefinition = context.library.load(form_id)
        self.panel: StartPanel | None = None
        self._typing: KeptTyping | None = None

    @property
    def asks_client(self) -> bool:
        """True when the form has a question for the client: then the panel comes first."""
        return any(
            question.kind is not QuestionKind.CALCULATED and not is_staff_only(question)
            for question in self.form.questions.values()
        )

    def make_panel(self, tools: Tools) -> StartPanel:
        """Return the start panel, with what was filled in before and not begun."""
        context = self._context
        with context.vault.read("gesprek beginnen") as records:
            person = records.persons.get(self._person_id)
        panel = self.panel = StartPanel(
            tools,
            self.form.title,
            language=(person.contact_language if person is not None else "") or SOURCE_LANGUAGE,
            translated=context.catalogues.languages(self.form_id),
            interpreter_needed=None if person is None else person.interpreter_needed,
            texts=context.catalogues.ui,
            form_id=self.form_id,
            prefill=prefill_for(context.vault, context.library, self._person_id, self.form_id),
        )
        panel.begin.connect(lambda language, told: self.begin(language, told, informed=True))
        panel.back.connect(self._not_yet)
        place = f"begin:{self._person_id}:{self.form_id}"
        self._typing = KeptTyping(context.vault, place, panel)
        self._typing.told.connect(panel.tell_unkept)
        if self._typing.bring_back():
            panel.tell_brought_back()
        return panel

    def begin(self, language: str, told: Interpretation, *, informed: bool) -> None:
        """Begin the talk; a panel says why it cannot. Raises where there is no panel to say it."""
        context, vault = self._context, self._context.vault
        try:
            flow = InterviewFlow.start(
                vault,
                context.library,
                CatalogueTexts(context.catalogues),
                self._person_id,
                self.form_id,
                language,
                told,
                actor_of(vault),
                information_read=informed,
            )
        except (InterviewRefused, VaultError) as problem:
            if self.panel is None:
                raise
            self.panel.fail(context.tr.said(problem))
            return
        left_out = self._take_over(flow, () if self.panel is None else self.panel.chosen())
        if self._typing is not None:
            self._typing.forget()
        self.begun.emit(flow, left_out)

    def leaving(self) -> None:
        """Keep what is filled in; the panel is being left."""
        if self._typing is not None:
            self._typing.flush()

    def _not_yet(self) -> None:
        if self._typing is not None:
            self._typing.forget()
        self._context.navigate.open_person(self._person_id)

    def _take_over(self, flow: InterviewFlow, chosen: tuple[Proposal, ...]) -> str:
        """Store the answers of COA that were chosen; return what went wrong, in words."""
        tr = self._context.tr
        try:
            left = len(take_over(flow, chosen))
        except VaultError as error:
            return tr.said(error)
        if not left:
            return ""
        return tr.ngettext(
            "{n} antwoord van COA paste hier niet. Stel die vraag in het gesprek.",
            "{n} antwoorden van COA pasten hier niet. Stel die vragen in het gesprek.",
            left,
        ).format(n=left)
