"""The rescue window: what is damaged, getting out what is readable, and putting a backup back.

It works on a vault that is not open and writes nothing in it. On a laptop without a vault it only
puts a backup back.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.flows import back_up, colleague
from intake_app.flows import rescue as flow
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    Field,
    LinkButton,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Tag,
)
from intake_app.ui.picker import FilePicker
from intake_app.ui.progress import Bar
from intake_app.ui.settings.job import Cancelled, Job, Progress
from intake_app.ui.start.card_input import CardInput
from intake_app.ui.start.frame import StartFrame
from intake_app.ui.start.new_passphrase import passphrase_input
from intake_app.ui.theme import Theme
from intake_app.vault import Vault
from intake_app.vault.errors import VaultError
from intake_app.vault.keystore import SystemKeystore

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake_app.domain.environment import Environment
    from intake_app.vault.rescue import Damage
    from intake_app.vault.restore import Opener, Restored

_WHOLE = 100
_MOST_TABLES = 8


class RescueWindow(StartFrame):
    """Three pages: how to open it, what is there, and how far putting back is.

    `restored(object)` carries the folder in which a vault was put back; the program asks for its
    passphrase next (with cards: `vault.recovery.recover` gives somebody a new one). `cancelled()`
    when the person goes back.
    """

    restored = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        *,
        folder: Path,
        env: Environment,
        pick: FilePicker,
        practice: bool = False,
    ) -> None:
        super().__init__(theme, tr, practice=practice)
        self.setObjectName("rescue-window")
        self._folder, self._env, self._pick = folder, env, pick
        self._opener: Opener | None = None
        self._job: Job | None = None
        self._damage: Damage | None = None
        self._with_cards = False
        self.ask()

    # ---- how to open it -------------------------------------------------------------------------

    def ask(self, problem: str = "") -> None:
        """Ask for a passphrase, or for two cards."""
        tr, theme = self._tr, self.theme
        there = Vault.exists(self._folder)
        title = tr.gettext("Kluis nakijken") if there else tr.gettext("Back-up terugzetten")
        subtitle = (
            tr.gettext("Er wordt alleen gelezen. Aan de kluis verandert niets.")
            if there
            else tr.gettext("Van een stick of een map naar deze laptop.")
        )
        page = Page(theme, title, subtitle=subtitle, width="narrow", name="rescue-ask")
        self._inputs = self._secret_fields(page)
        self._notice = Notice(theme, "err", problem, name="rescue-problem")
        self._notice.setVisible(bool(problem))
        page.add(self._notice)
        other = (
            tr.gettext("Met de wachtwoordzin")
            if self._with_cards
            else tr.gettext("Met herstelkaarten")
        )
        swap = LinkButton(theme, other, name="rescue-swap")
        swap.clicked.connect(self._swap)
        back = LinkButton(theme, tr.gettext("Terug"), name="rescue-back")
        back.clicked.connect(self.cancelled)
        if there:
            verb = PrimaryButton(theme, tr.gettext("Nakijken"), name="rescue-look")
            verb.clicked.connect(self._look)
        else:
            verb = PrimaryButton(theme, tr.gettext("Back-up kiezen"), name="rescue-restore")
            verb.clicked.connect(self._restore)
        page.set_footer((back, swap), verb)
        self.show_page(page)
        self._inputs[0].setFocus()

    def _secret_fields(self, page: Page) -> tuple[QWidget, ...]:
        tr, theme = self._tr, self.theme
        if not self._with_cards:
            self._passphrase = passphrase_input(theme, tr, "rescue-passphrase")
            page.add(Field(theme, tr.gettext("Wachtwoordzin"), self._passphrase))
            return (self._passphrase,)
        self._first = CardInput(theme, tr, tr.gettext("Eerste kaart"), name="rescue-card-1")
        self._second = CardInput(theme, tr, tr.gettext("Tweede kaart"), name="rescue-card-2")
        page.add(self._first)
        page.add(self._second)
        return (self._first, self._second)

    def _again(self) -> None:
        self.ask()

    def _swap(self) -> None:
        self._with_cards = not self._with_cards
        self.ask()

    def _take_secret(self) -> bool:
        """Keep what was typed as the way to open the key file; False when nothing was typed."""
        from intake_app.vault import restore

        tr = self._tr
        if self._with_cards:
            first, second = self._first.words(), self._second.words()
            if not (first and second):
                self._notice.set_notice("err", tr.gettext("Typ de woorden van twee kaarten."))
                return False
            self._opener = restore.with_cards(first, second)
            return True
        typed = self._passphrase.text()
        if not typed:
            self._notice.set_notice("err", tr.gettext("Typ eerst een wachtwoordzin."))
            return False
        self._opener = colleague.opener(typed, SystemKeystore())
        return True

    # ---- what is there --------------------------------------------------------------------------

    def _look(self) -> None:
        if not self._take_secret():
            return
        folder, opener = self._folder, self._opener
        assert opener is not None  # noqa: S101  (taken just now)

        def work(progress: Progress, cancelled: Cancelled) -> object:
            from intake_app.vault.rescue import LookingStopped, Rescue

            def step(done: int, total: int) -> None:
                if cancelled():
                    raise LookingStopped
                progress(done, total)

            with Rescue(folder, opener) as rescue:
                return rescue.examine(step), rescue.recipient() is not None

        self._run(work, self._tr.gettext("De kluis wordt nagekeken"), self._looked)

    def _looked(self, found: tuple[Damage, bool]) -> None:
        damage, has_own_key = found
        tr, theme = self._tr, self.theme
        page = Page(theme, tr.gettext("De kluis is nagekeken"), width="narrow", name="rescue-found")
        page.add(self._verdict(damage))
        if damage.opens and not damage.is_whole:
            page.add(self._tables(damage))
        self._damage = damage
        if damage.opens and not damage.is_whole:
            page.add(self._export_card(damage, own_key=has_own_key))
        back = LinkButton(theme, tr.gettext("Terug"), name="rescue-back")
        back.clicked.connect(self._again)
        if damage.is_whole:
            page.set_footer((back,))
        else:
            restore = PrimaryButton(
                theme, tr.gettext("Back-up terugzetten"), icon="restart", name="rescue-restore"
            )
            restore.clicked.connect(self._restore)
            page.set_footer((back,), restore)
        self.show_page(page)

    def _verdict(self, damage: Damage) -> Notice:
        tr, theme = self._tr, self.theme
        if damage.is_whole:
            text = tr.gettext("De kluis is heel. Ga terug en open hem zoals altijd.")
            return Notice(theme, "ok", text, name="rescue-verdict")
        if not damage.opens:
            text = tr.gettext(
                "Van deze kluis is niets meer te lezen: de inhoudsopgave zelf is beschadigd. Zet "
                "de jongste back-up terug."
            )
            return Notice(theme, "err", text, name="rescue-verdict")
        pages = tr.ngettext(
            "{n} plek in het bestand is beschadigd.",
            "{n} plekken in het bestand zijn beschadigd.",
            max(1, len(damage.lines)),
        ).format(n=max(1, len(damage.lines)))
        rows = tr.ngettext("{n} regel is te lezen.", "{n} regels zijn te lezen.", damage.rows)
        text = tr.gettext(
            "{pages} {rows} Er is niets veranderd. Zet de jongste back-up terug; wat daarna is "
            "gedaan, haal je hieronder uit de kluis."
        ).format(pages=pages, rows=rows.format(n=damage.rows))
        return Notice(theme, "err", text, name="rescue-verdict")

    def _tables(self, damage: Damage) -> Card:
        tr, theme = self._tr, self.theme
        card = Card(theme, tr.gettext("Wat niet helemaal te lezen is"), name="rescue-tables")
        broken = [table for table in damage.tables if table.gaps]
        if not broken:
            card.body.addWidget(Body(theme, tr.gettext("Elke regel is nog te lezen.")))
        rows = RowList(theme)
        for table in broken[:_MOST_TABLES]:
            caption = tr.ngettext("{n} regel te lezen", "{n} regels te lezen", table.rows)
            tag = Tag(theme, tr.gettext("met gaten"), "warn")
            rows.add(
                Row(
                    theme,
                    self._name_of(table.name),
                    caption.format(n=table.rows),
                    trailing=(tag,),
                )
            )
        card.body.addWidget(rows)
        return card

    def _name_of(self, table: str) -> str:
        """Return what a table holds, in words; those of the program itself by their own name."""
        tr, base = self._tr, table.removesuffix("_history")
        names = {
            "person": tr.gettext("personen"),
            "search_entry": tr.gettext("personen om te zoeken"),
            "household": tr.gettext("huishoudens"),
            "koppeling": tr.gettext("koppelingen"),
            "stay": tr.gettext("verblijf"),
            "case_event": tr.gettext("gebeurtenissen"),
            "interview": tr.gettext("gesprekken"),
            "answer": tr.gettext("antwoorden"),
            "plan": tr.gettext("plannen"),
            "activity": tr.gettext("wat al gedaan is"),
            "consent": tr.gettext("toestemmingen"),
            "handover": tr.gettext("overdrachten"),
            "receipt": tr.gettext("ontvangstbewijzen"),
            "inbox": tr.gettext("ontvangen dossiers"),
            "attachment": tr.gettext("bijlagen"),
            "attachment_chunk": tr.gettext("inhoud van bijlagen"),
            "medical_entry": tr.gettext("medische aantekeningen"),
            "audit": tr.gettext("logboek"),
        }
        if base not in names:
            return isolate(table, "ltr")
        if base == table:
            return names[base]
        return tr.gettext("{what}, eerder").format(what=names[base])

    def _export_card(self, damage: Damage, *, own_key: bool) -> Card:
        tr, theme = self._tr, self.theme
        card = Card(theme, tr.gettext("Wat te lezen is, opslaan"), name="rescue-export-card")
        card.body.setSpacing(theme.gap(12))
        card.body.addWidget(
            Body(
                theme,
                tr.gettext(
                    "Alles wat te lezen is, komt in één versleuteld bestand. De beheerder kan het "
                    "openen met het programma age."
                ),
            )
        )
        self._other = passphrase_input(theme, tr, "rescue-export-passphrase")
        help_text = tr.gettext("Minstens veertien tekens, en niet die van de kluis.")
        if own_key:
            help_text = tr.gettext(
                "Minstens veertien tekens, en niet die van de kluis. Leeg: alleen te openen met "
                "de sleutel van je eigen organisatie."
            )
        card.body.addWidget(
            Field(
                theme,
                tr.gettext("Wachtwoordzin voor dit bestand"),
                self._other,
                help_text=help_text,
            )
        )
        self._saved = Notice(theme, "ok", "", name="rescue-saved")
        self._saved.hide()
        save = QuietButton(theme, tr.gettext("Opslaan"), icon="save", name="rescue-export")
        save.clicked.connect(self._export)
        save.setEnabled(damage.rows > 0)
        card.body.addWidget(self._saved)
        card.body.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _export(self) -> None:
        from intake_app.vault.rescue import Rescue

        tr = self._tr
        target = self._pick.choose_save(
            tr.gettext("Waar komt het bestand?"),
            tr.gettext("redding.age"),
            tr.gettext("Versleuteld bestand (*.age)"),
            parent=self,
        )
        if target is None or self._opener is None:
            return
        try:
            with Rescue(self._folder, self._opener) as rescue:
                count = flow.export(
                    rescue,
                    target,
                    self._env,
                    passphrase=self._other.text() or None,
                    damage=self._damage,
                )
        except (VaultError, flow.ExportRefused) as error:
            self._saved.set_notice("err", tr.said(error))
            return
        text = tr.ngettext(
            "{n} regel is opgeslagen in {name}.", "{n} regels zijn opgeslagen in {name}.", count
        )
        self._saved.set_notice("ok", text.format(n=count, name=isolate(target.name, "ltr")))

    # ---- putting back ---------------------------------------------------------------------------

    def _restore(self) -> None:
        tr = self._tr
        if self._opener is None and not self._take_secret():
            return
        path = self._pick.choose_file(
            tr.gettext("Welke back-up?"), tr.gettext("Back-up (*.dlb)"), parent=self
        )
        if path is None:
            self._opener = None if not Vault.exists(self._folder) else self._opener
            return
        folder, env, opener = self._folder, self._env, self._opener
        assert opener is not None  # noqa: S101  (taken just now)

        def work(progress: Progress, cancelled: Cancelled) -> object:
            return back_up.replace_damaged(
                path, folder, opener, env, progress=progress, cancelled=cancelled
            )

        self._run(work, tr.gettext("De back-up wordt teruggezet"), self._put_back)

    def _put_back(self, made: tuple[Restored, Path | None]) -> None:
        restored, aside = made
        tr, theme = self._tr, self.theme
        local = restored.made_at.astimezone()
        page = Page(theme, tr.gettext("De back-up staat terug"), width="narrow", name="rescue-done")
        text = tr.gettext(
            "Dit is een kopie van {day}, {hour}. Wat daarna is gedaan, staat er niet in."
        ).format(day=words.long_date(tr, local.date()), hour=f"{local:%H:%M}")
        page.add(Notice(theme, "ok", text, name="rescue-copy-of"))
        if aside is not None:
            page.add(
                Body(
                    theme,
                    tr.gettext(
                        "De oude kluis is bewaard in de map {name}. Wis die map als je niets meer "
                        "mist."
                    ).format(name=isolate(aside.name, "ltr")),
                )
            )
        if self._with_cards:
            page.add(
                Caption(
                    theme,
                    tr.gettext(
                        "Kies straks “Wachtwoordzin vergeten?” en gebruik dezelfde twee kaarten."
                    ),
                )
            )
        go = PrimaryButton(theme, tr.gettext("Kluis openen"), name="rescue-open")
        go.clicked.connect(lambda: self.restored.emit(self._folder))
        page.set_footer((), go)
        self.show_page(page)

    # ---- while something runs -------------------------------------------------------------------

    def _run(
        self,
        work: Callable[[Progress, Cancelled], object],
        title: str,
        done: Callable[..., None],
    ) -> None:
        job = Job(work)
        self._job = job
        tr, theme = self._tr, self.theme
        page = Page(theme, title, width="narrow", name="rescue-running")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        self._progress_bar = Bar(theme, "rescue-bar")
        self._progress_bar.setAccessibleName(title)
        column.addWidget(self._progress_bar)
        column.addWidget(Caption(theme, tr.gettext("Dit kan een paar minuten duren.")))
        page.add(holder)
        stop = LinkButton(theme, tr.gettext("Stoppen"), name="rescue-stop")
        stop.clicked.connect(job.cancel)
        page.set_footer((stop,))
        self.show_page(page)
        # methods, not lambdas: a lambda would run on the thread of the work
        job.progressed.connect(self._progressed)
        job.done.connect(done)
        job.refused.connect(self._refused)
        job.start()

    def _progressed(self, done: int, total: int) -> None:
        self._progress_bar.setValue(done * _WHOLE // total if total else 0)

    def _refused(self, told: object) -> None:
        self._opener = None
        self.ask(self._tr.said(told))
