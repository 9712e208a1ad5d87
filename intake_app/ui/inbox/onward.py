"""After accepting: the dossier goes into the municipality's own case system, or out as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from intake_app.flows import case_system, file_onward
from intake_app.flows.case_system import FilingRefused
from intake_app.flows.file_onward import FilingStopped, Standing
from intake_app.handover.errors import SealError
from intake_app.i18n.bidi import isolate
from intake_app.sync import zgw_errors
from intake_app.sync.errors import SyncError
from intake_app.ui.kit import (
    Body,
    Card,
    Field,
    LinkButton,
    Muted,
    Notice,
    QuietButton,
    TextInput,
)
from intake_app.ui.settings.job import Cancelled, Job, Progress
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.sync.proxies import ProxyFinder
    from intake_app.ui.context import AppContext


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a filing ended; `problem` is empty when everything is in the case."""

    problem: str = ""
    stopped: bool = False


class OnwardCard(Card):
    """Offers to file one accepted dossier, shows how far it is, and lets it be stopped."""

    def __init__(
        self, ctx: AppContext, handover_id: UUID, *, proxy: Callable[[], ProxyFinder] | None = None
    ) -> None:
        tr = ctx.tr
        super().__init__(ctx.theme, tr.gettext("In jullie eigen systeem"), name="onward-card")
        self._ctx, self._handover_id = ctx, handover_id
        self._proxy = proxy or _system_proxies
        self._job: Job | None = None
        self.body.setSpacing(ctx.theme.gap(12))
        self.said = Notice(ctx.theme, "info", "", name="onward-said")
        self.said.hide()
        self.body.addWidget(self.said)
        self.state = Body(ctx.theme, "")
        self.body.addWidget(self.state)
        self.case = TextInput(ctx.theme, language="en", name="onward-case")
        self.case_field = Field(
            ctx.theme,
            tr.gettext("Adres van de zaak"),
            self.case,
            optional=tr.gettext("leeg: er komt een nieuwe zaak"),
        )
        self.body.addWidget(self.case_field)
        self.begin = QuietButton(
            ctx.theme, tr.gettext("Zet in het zaaksysteem"), name="onward-begin"
        )
        self.begin.clicked.connect(self.file)
        self.stop = QuietButton(ctx.theme, tr.gettext("Stoppen"), name="onward-stop")
        self.stop.clicked.connect(self._stop)
        self.files = LinkButton(ctx.theme, tr.gettext("Bewaren als bestanden"), name="onward-files")
        self.files.clicked.connect(self.save_files)
        line = QHBoxLayout()
        self.body.addLayout(line)
        line.setSpacing(ctx.theme.gap(12))
        for button in (self.begin, self.stop, self.files):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        self.setup = Muted(
            ctx.theme,
            tr.gettext(
                "Er is geen zaaksysteem ingesteld. Dat kan bij Instellingen, Zaaksysteem. "
                "Bewaar het dossier anders als bestanden."
            ),
        )
        self.body.addWidget(self.setup)
        self._show()

    def file(self) -> None:
        """File it, on a thread of its own; what was filed before is not filed again."""
        if self._job is not None:
            return
        vault, which, case = self._ctx.vault, self._handover_id, self.case.text().strip()
        proxy = self._proxy()

        def work(progress: Progress, cancelled: Cancelled) -> object:
            try:
                file_onward.file(
                    vault, which, case=case, proxy=proxy, progress=progress, cancelled=cancelled
                )
            except FilingStopped:
                return _Ended(stopped=True)
            except FilingRefused as refused:
                return _Ended(str(refused))
            except SyncError as error:
                return _Ended(zgw_errors.sentence(error))
            return _Ended()

        job = self._job = Job(work)
        job.progressed.connect(self._progressed)
        job.done.connect(self._ended)
        job.refused.connect(self._refused)
        self.said.hide()
        self._show()
        job.start()

    def leaving(self) -> None:
        """Have a filing under way stop after its step; it goes on where it was another time."""
        if self._job is not None:
            self._job.cancel()

    def save_files(self) -> None:
        """Write the files into a folder that is asked for."""
        tr = self._ctx.tr
        folder = self._ctx.pick.choose_folder(
            tr.gettext("In welke map komen de bestanden? Daar zijn ze niet versleuteld."),
            parent=self,
        )
        if folder is None:
            return
        try:
            made = file_onward.save_files(self._ctx.vault, self._handover_id, folder)
        except (FilingRefused, SealError, VaultError) as problem:
            self.said.set_notice("err", tr.said(problem))
            return
        text = tr.gettext(
            "De bestanden staan in de map {name}. Ze zijn niet versleuteld: zet ze in jullie "
            "systeem en wis daarna deze map."
        )
        self.said.set_notice("ok", text.format(name=isolate(made.name)))

    def _stop(self) -> None:
        self.leaving()
        self.stop.setEnabled(False)

    def _progressed(self, done: object, total: object) -> None:
        if isinstance(done, int) and isinstance(total, int) and total:
            text = self._ctx.tr.gettext("Bezig: {percent} % van het dossier staat er.")
            self.state.setText(text.format(percent=100 * done // total))

    def _ended(self, result: object) -> None:
        assert isinstance(result, _Ended)  # noqa: S101  (what the job returns)
        self._job = None
        tr = self._ctx.tr
        if result.problem:
            self.said.set_notice("err", tr.said(result.problem))
        elif result.stopped:
            text = tr.gettext("Gestopt. Wat er al staat, blijft staan; je kunt later verdergaan.")
            self.said.set_notice("info", text)
        self._show()

    def _refused(self, told: object) -> None:
        self._job = None
        self.said.set_notice("err", self._ctx.tr.said(told))
        self._show()

    def _show(self) -> None:
        tr, vault = self._ctx.tr, self._ctx.vault
        standing = file_onward.standing(vault, self._handover_id)
        is_set_up = case_system.settings(vault) is not None
        busy, done = self._job is not None, standing is not None and standing.done
        self.state.setText(self._state_text(standing, busy=busy))
        self.case_field.setVisible(is_set_up and standing is None and not busy)
        self.begin.setVisible(is_set_up and not done and not busy)
        self.begin.setText(
            tr.gettext("Verder zetten") if standing else tr.gettext("Zet in het zaaksysteem")
        )
        self.stop.setVisible(busy)
        self.stop.setEnabled(True)
        self.files.setVisible(not busy)
        self.setup.setVisible(not is_set_up)

    def _state_text(self, standing: Standing | None, *, busy: bool) -> str:
        tr = self._ctx.tr
        if busy:
            return tr.gettext("Bezig met het zaaksysteem …")
        if standing is None:
            return tr.gettext("Dit dossier staat nog niet in jullie zaaksysteem.")
        if standing.done:
            return tr.gettext(
                "Het dossier staat in het zaaksysteem: {total} documenten, nagelezen en heel."
            ).format(total=standing.total)
        return tr.gettext("Er staan {filed} van {total} documenten in het zaaksysteem.").format(
            filed=standing.filed, total=standing.total
        )


def _system_proxies() -> ProxyFinder:
    from intake_app.ui.sync.proxy import SystemProxies

    return SystemProxies()
