"""A newer version of the form of an open talk: offered above it, looked at, moved to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.flows import form_move
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import InterviewFlow, InterviewRefused
from intake_app.formio.moving import MoveRefused
from intake_app.formio.texts import CatalogueTexts
from intake_app.ui.interview.new_version import NewVersionPanel
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.surfaces import Notice
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.flows.form_move import MovePreview
    from intake_app.ui.context import AppContext
    from intake_app.ui.interview.questions.base import Tools
    from intake_app.xforms import FormDefinition


class NewerVersion(QObject):
    """Says in `offer` that there is a newer version of the form, and carries out the move to it."""

    moved = Signal(object)
    """The talk stands in the newer version now: its `InterviewFlow`."""
    kept_back = Signal()
    """Not now: the talk goes on in the version it has."""
    look_wanted = Signal()

    def __init__(self, context: AppContext, tools: Tools, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._tools = context, tools
        self._form: FormDefinition | None = None
        self.offer = self._make_offer()

    def look_for(self, flow: InterviewFlow) -> None:
        """Offer the newer version, where there is one for this talk."""
        self._form = form_move.newer(flow.form, self._context.library) if flow.is_open else None
        self.show_offer()

    def show_offer(self) -> None:
        """Show the offer again, where there is one."""
        self.offer.setVisible(self._form is not None)

    @property
    def known(self) -> bool:
        """True when there is a newer version for the talk that shows."""
        return self._form is not None

    def panel(self, flow: InterviewFlow) -> NewVersionPanel:
        """Return what moving would change. Raises what `form_move.preview` raises, for its words.

        To be asked only while it is `known`.
        """
        if self._form is None:
            raise ValueError("there is no newer version to look at")
        vault, rows = self._context.vault, self._context.library.migrations(self._form.form_id)
        shown = form_move.preview(vault, flow.interview.interview_id, self._form, rows)
        panel = NewVersionPanel(self._tools, self._form.title, shown)
        panel.later.connect(self.kept_back)
        panel.wanted.connect(lambda: self._move(panel, shown))
        return panel

    def _move(self, panel: NewVersionPanel, shown: MovePreview) -> None:
        vault = self._context.vault
        rows = self._context.library.migrations(shown.form.form_id)
        texts = CatalogueTexts(self._context.catalogues)
        try:
            flow = form_move.carry_out(vault, texts, shown, rows, actor_of(vault))
        except (InterviewRefused, MoveRefused, VaultError) as problem:
            panel.fail(self._tools.tr.said(problem))
            return
        self.moved.emit(flow)

    def _make_offer(self) -> QWidget:
        theme, tr = self._tools.theme, self._tools.tr
        link = TextLink(theme, tr.gettext("Bekijk wat er verandert"), name="new-version-look")
        link.clicked.connect(self.look_wanted)
        notice = Notice(
            theme,
            "info",
            tr.gettext("Er is een nieuwere versie van dit formulier"),
            action=link,
            name="new-version-notice",
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(theme.gap(24), theme.gap(12), theme.gap(24), 0)
        column.addWidget(notice)
        holder.hide()
        return holder


def in_newest_words(context: AppContext, flow: InterviewFlow) -> InterviewFlow:
    """Return the interview with the texts the program has now, where the questions are the same."""
    vault, library = context.vault, context.library
    new = form_move.newer(flow.form, library) if flow.is_open else None
    if new is None or not form_move.only_texts(flow.form, new):
        return flow
    try:
        shown = form_move.preview(vault, flow.interview.interview_id, new)
        if shown.lines:
            return flow
        return form_move.carry_out(
            vault, CatalogueTexts(context.catalogues), shown, (), actor_of(vault)
        )
    except (InterviewRefused, MoveRefused, VaultError):
        # The words it began with are good enough; the notice offers the rest.
        return flow
