"""The four steps of handing over; one is open, those done are a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.handover import Handover
from intake_app.flows import hand_over, relays
from intake_app.flows.hand_over import HandOverRefused
from intake_app.formio.texts import CatalogueTexts
from intake_app.handover.errors import SealCancelled, SealError
from intake_app.ui.handover.check_step import CheckStep
from intake_app.ui.handover.contents_step import ContentsStep
from intake_app.ui.handover.recipient_step import RecipientStep
from intake_app.ui.handover.seal_step import SealStep
from intake_app.ui.handover.sealing import Progress, Sealing
from intake_app.ui.kit import Kind, Notice, PrimaryButton, StepList
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext

RECIPIENT, CONTENTS, CHECK, SEAL = range(4)


class HandoverSteps(QWidget):
    """Leads from naar wie to verzegelen. `sealed(Handover)` at the end, `began` when it is sealed.

    `primary` is the one button of the page; it always says what comes next.
    """

    sealed = Signal(object)
    began = Signal()

    def __init__(self, ctx: AppContext, person_id: UUID) -> None:
        super().__init__()
        self._ctx, self._person_id = ctx, person_id
        theme, tr = ctx.theme, ctx.tr
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(12))
        self.notice = Notice(theme, "err", "", name="handover-notice")
        self.notice.hide()
        column.addWidget(self.notice)
        self.steps = StepList(theme, change_text=tr.gettext("Bekijken"))
        self.recipient = RecipientStep(ctx, person_id)
        self.contents = ContentsStep(ctx)
        self.check = CheckStep(theme, tr)
        self.seal = SealStep(ctx)
        self.steps.add_step(tr.gettext("Naar wie"), self.recipient, name="step-recipient")
        self.steps.add_step(
            tr.gettext("Wat gaat mee"),
            self.contents,
            hint=tr.gettext("wat de ontvanger krijgt en wat hier blijft"),
            name="step-contents",
        )
        self.steps.add_step(
            tr.gettext("Controle"),
            self.check,
            hint=tr.gettext("wat ontbreekt of niet goed begrepen is"),
            name="step-check",
        )
        self.steps.add_step(
            tr.gettext("Verzegelen en aanbieden"),
            self.seal,
            hint=tr.gettext("het bestand voor de ontvanger"),
            name="step-seal",
        )
        column.addWidget(self.steps)
        self.primary = PrimaryButton(theme, "", name="handover-next")
        self.primary.clicked.connect(self.go_on)
        self.recipient.checked.connect(self._checked)
        self.contents.changed.connect(self.refresh)
        self.seal.chosen.connect(self._show_primary)
        self.seal.stopped.connect(self._stop)
        self._sealing: Sealing | None = None
        self.steps.opened.connect(self._opened)
        self.view = self._preview()
        self._show_view()
        if self.view.choice.problem is None:
            self.steps.done(RECIPIENT, self.recipient.summary(), note=self.recipient.note())
        self._show_primary()

    def refresh(self) -> None:
        """Read again what would leave; a recipient that is no longer complete opens step 1.

        Not while it is sealed: what leaves was read when that began.
        """
        if self._sealing is not None:
            return
        self.view = self._preview()
        self._show_view()
        if self.view.choice.problem is not None and self.steps.current() != RECIPIENT:
            self.steps.open(RECIPIENT)
        self._show_primary()

    def go_on(self) -> None:
        """Do what the primary button says."""
        current = self.steps.current()
        if current == RECIPIENT:
            self._leave_recipient()
        elif current == CONTENTS:
            self.steps.done(CONTENTS, self.contents.summary())
        elif current == CHECK:
            self.steps.done(CHECK, self.check.summary())
        elif not self.seal.by_relay and self.seal.folder is None:
            self.seal.ask()
        elif self._sealing is None:
            self._seal(None if self.seal.by_relay else self.seal.folder)
        self._show_primary()

    @property
    def is_sealing(self) -> bool:
        """True while a dossier is sealed beside the window."""
        return self._sealing is not None

    def close_sealing(self) -> None:
        """Stop a sealing that is under way, before the page or the vault goes."""
        if self._sealing is not None:
            self._sealing.close()

    def _opened(self, number: int) -> None:
        if number == CONTENTS:
            self.steps.steps[CONTENTS].set_note(self.contents.summary())
        self._show_primary()

    def _preview(self) -> hand_over.HandoverPreview:
        texts = CatalogueTexts(self._ctx.catalogues)
        held = self.contents.held
        return hand_over.preview(self._ctx.vault, self._person_id, texts=texts, held=held)

    def _show_view(self) -> None:
        self.recipient.show_choice(self.view.choice)
        self.contents.show_preview(self.view)
        if self.steps.steps[CONTENTS].state == "current":
            self.steps.steps[CONTENTS].set_note(self.contents.summary())
        self.check.show_gaps(self.view.gaps)
        self._offer_relay()

    def _offer_relay(self) -> None:
        vault = self._ctx.vault
        offered = relays.settings(vault).send is not None
        problem = ""
        if offered and self.view.choice.problem is None:
            problem = hand_over.sync_problem(vault, self._person_id)
        self.seal.show_relay(offered=offered, problem=problem)

    def _leave_recipient(self) -> None:
        if self.recipient.number is not None:
            self.recipient.check()
        elif self.view.choice.problem is None:
            self.steps.done(RECIPIENT, self.recipient.summary(), note=self.recipient.note())

    def _checked(self) -> None:
        self.refresh()
        if self.view.choice.problem is None:
            self.steps.done(RECIPIENT, self.recipient.summary(), note=self.recipient.note())
        self._show_primary()

    def _show_primary(self) -> None:
        tr, current = self._ctx.tr, self.steps.current()
        words = {
            RECIPIENT: tr.gettext("Verder naar wat meegaat"),
            CONTENTS: tr.gettext("Verder naar controle"),
            CHECK: tr.gettext("Verder naar verzegelen"),
        }.get(current, tr.gettext("Verzegelen en aanbieden"))
        if current == RECIPIENT and self.recipient.number is not None:
            words = tr.gettext("Getal controleren")
        elif self._sealing is not None:
            words = tr.gettext("Bezig met verzegelen")
        elif current == SEAL and self.seal.by_relay:
            words = tr.gettext("Verzegelen en versturen")
        elif current == SEAL and self.seal.folder is None:
            words = tr.gettext("Map of stick kiezen")
        self.primary.setText(words)
        self.primary.updateGeometry()
        blocked = current == RECIPIENT and self.view.choice.problem is not None
        can_go = not blocked or self.recipient.number is not None
        self.primary.setEnabled(can_go and self._sealing is None)
        why = ""
        if self._sealing is not None:
            why = tr.gettext("Wacht tot het dossier is verzegeld, of kies Stoppen.")
        elif not can_go:
            why = tr.said(self.view.choice.sentence)
        self.primary.setAccessibleDescription(why)

    def _seal(self, folder: Path | None) -> None:
        """Seal into a folder, or for the relay where there is none."""
        vault, person_id = self._ctx.vault, self._person_id
        texts, held = CatalogueTexts(self._ctx.catalogues), self.contents.held

        def work(progress: Progress, cancelled: Callable[[], bool]) -> Handover:
            return hand_over.seal(
                vault,
                person_id,
                folder,
                by_sync=folder is None,
                texts=texts,
                held=held,
                progress=progress,
                cancelled=cancelled,
            )

        self.notice.hide()
        sealing = self._sealing = Sealing(work, self)
        sealing.progressed.connect(self.seal.progress.show_bytes)
        sealing.ended.connect(self._sealed)
        self._show_sealing(on=True)
        self.began.emit()
        sealing.start()

    def _stop(self) -> None:
        if self._sealing is not None:
            self._sealing.cancel()

    def _show_sealing(self, *, on: bool) -> None:
        self.seal.show_sealing(on=on)
        for step in self.steps.steps[:SEAL]:
            step.setEnabled(not on)
        self._show_primary()

    def _sealed(self, outcome: object) -> None:
        if self._sealing is not None:
            self._sealing.deleteLater()
        self._sealing = None
        self._show_sealing(on=False)
        if isinstance(outcome, Handover):
            if self._ctx.sync is not None:
                self._ctx.sync.wake()
            self.sealed.emit(outcome)
        elif isinstance(outcome, HandOverRefused | SealError | VaultError):
            kind: Kind = "info" if isinstance(outcome, SealCancelled) else "err"
            self.notice.set_notice(kind, self._ctx.tr.said(outcome))
        elif isinstance(outcome, Exception):
            raise outcome
