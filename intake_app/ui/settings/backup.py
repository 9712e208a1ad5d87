"""Back-up: the last one, making one, what exists, and how long it opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.flows import back_up, desk
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    ChoiceInput,
    Columns,
    Field,
    Kind,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Tag,
    clear_layout,
)
from intake_app.ui.progress import Bar, size_text
from intake_app.ui.refresh import Refresh
from intake_app.ui.settings.job import Cancelled, Job, Progress
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from datetime import datetime

    from intake_app.flows.back_up import BackupRow, BackupView

_SHOWN = 12
_WHOLE = 100


class BackupPage(Page):
    """One button that makes a backup where the last one went; everything else is quieter."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Back-up"),
            subtitle=tr.gettext(
                "Een versleutelde kopie op een stick of een map van je organisatie. Zonder back-up "
                "is alles weg als deze laptop stuk of kwijt is."
            ),
            name="backup-page",
        )
        self._context = context
        self._job: Job | None = None
        self._said: tuple[Kind, str] | None = None
        Refresh(self, context.events, self._heard, frozenset({"backup"}))
        self.refresh()

    def refresh(self) -> None:
        """Read the vault again and show what it says."""
        clear_layout(self.body)
        theme, tr = self.theme, self._context.tr
        view = back_up.look(self._context.vault)
        if self._said is not None:
            kind, text = self._said
            self.add(Notice(theme, kind, text, name="backup-said"))
        elif view.reminder is not None:
            self.add(self._reminder(view))
        if view.restored is not None:
            text = tr.gettext(
                "Deze kluis is een kopie van {made}, teruggezet op {day}. Wat daartussen is "
                "gedaan, staat er niet in. Wie toen al verwijderd was, kan terug zijn: kijk bij "
                "Bewaren en wissen."
            ).format(
                made=self._moment(view.restored.made_at), day=self._day(view.restored.restored_at)
            )
            self.add(Notice(theme, "info", text, name="backup-restored"))
        self.add(self._list(view))
        self.add(self._terms(view))
        self.add(self._lost_laptop())
        self._show_actions(view)

    def _heard(self) -> None:
        if self._job is None:
            self.refresh()

    def _reminder(self, view: BackupView) -> Notice:
        tr = self._context.tr
        assert view.reminder is not None  # noqa: S101  (asked by the caller)
        if view.reminder.latest is None:
            text = tr.gettext("Er is nog geen back-up van deze kluis. Maak er nu een.")
        elif view.reminder.keys_changed:
            text = tr.gettext(
                "Er is iets veranderd aan wie de kluis opent: maak een nieuwe back-up."
            )
        else:
            text = tr.ngettext(
                "De laatste back-up is {n} dag oud. Maak er nu een.",
                "De laatste back-up is {n} dagen oud. Maak er nu een.",
                view.reminder.days,
            ).format(n=view.reminder.days)
        return Notice(self.theme, "warn", text, name="backup-reminder")

    def _list(self, view: BackupView) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Wat er is"), name="backup-list")
        if not view.rows:
            card.body.addWidget(Muted(theme, tr.gettext("Er is nog geen back-up gemaakt.")))
        rows = RowList(theme)
        for row in view.rows[:_SHOWN]:
            rows.add(self._row(row))
        card.body.addWidget(rows)
        if len(view.rows) > _SHOWN:
            more = len(view.rows) - _SHOWN
            text = tr.ngettext("en nog {n} oudere", "en nog {n} oudere", more).format(n=more)
            card.body.addWidget(Caption(theme, text))
        return card

    def _row(self, row: BackupRow) -> Row:
        tr = self._context.tr
        until = words.long_date(tr, row.until)
        caption = tr.gettext("{size} · te openen tot {day}").format(
            size=size_text(row.record.size), day=until
        )
        tag = Tag(self.theme, tr.gettext("heel teruggelezen"), "ok")
        if row.ended:
            caption = tr.gettext("De sleutel van deze maand is vernietigd.")
            tag = Tag(self.theme, tr.gettext("niet meer te openen"), "muted")
        elif row.record.checked_at is None:
            tag = Tag(self.theme, tr.gettext("niet gecontroleerd"), "warn")
        return Row(self.theme, self._moment(row.record.made_at), caption, trailing=(tag,))

    def _terms(self, view: BackupView) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Hoe lang en hoe vaak"), name="backup-terms")
        self._months = ChoiceInput(
            theme,
            [
                (str(n), tr.ngettext("{n} maand", "{n} maanden", n).format(n=n))
                for n in back_up.MONTHS
            ],
            as_radio=False,
            value=str(view.months),
            name="backup-months",
        )
        self._days = ChoiceInput(
            theme,
            [
                (str(n), tr.ngettext("{n} dag", "{n} dagen", n).format(n=n))
                for n in back_up.REMINDERS
            ],
            as_radio=False,
            value=str(view.remind_after),
            name="backup-days",
        )
        for choice in (self._months, self._days):
            choice.changed.connect(self._set_terms)
        card.body.addWidget(
            Columns(
                theme,
                Field(theme, tr.gettext("Back-ups blijven te openen"), self._months),
                Field(theme, tr.gettext("Herinner mij na"), self._days),
                stack_below=560,
            )
        )
        card.body.addWidget(
            Caption(
                theme,
                tr.gettext(
                    "De back-ups van een maand eindigen samen: dan wordt hun sleutel vernietigd, "
                    "ook voor kopieën op een andere plek. De jongste blijft altijd."
                ),
            )
        )
        of_then = Caption(
            theme,
            tr.gettext(
                "Een oudere back-up gaat open met de wachtwoordzin, de herstelkaarten en de tweede "
                "sleutel van die dag. Bewaar oude kaarten tot die maanden voorbij zijn."
            ),
        )
        of_then.setObjectName("backup-of-then")
        card.body.addWidget(of_then)
        return card

    def _lost_laptop(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Als de laptop kwijt is"), name="backup-lost")
        card.body.addWidget(
            Body(
                theme,
                tr.gettext(
                    "Uit een back-up maak je een blad: van wie er gegevens in de kluis stonden, "
                    "welke sleutels moeten worden ingetrokken en wat er de eerste uren moet "
                    "gebeuren. Oefen het één keer."
                ),
            )
        )
        make = QuietButton(theme, tr.gettext("Blad maken"), icon="file", name="backup-sheet")
        make.clicked.connect(self._make_sheet)
        card.body.addWidget(make, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _show_actions(self, view: BackupView) -> None:
        tr, theme = self._context.tr, self.theme
        known = view.folder is not None and view.folder.is_dir()
        check = LinkButton(theme, tr.gettext("Back-up nakijken"), name="backup-check")
        check.clicked.connect(self._check)
        secondary: list[QWidget] = [check]
        if known:
            other = LinkButton(theme, tr.gettext("Andere plek"), name="backup-other")
            other.clicked.connect(self._ask_folder)
            secondary.append(other)
        make = PrimaryButton(theme, tr.gettext("Back-up maken"), icon="save", name="backup-make")
        folder = view.folder
        if known and folder is not None:
            make.setToolTip(str(folder))
            make.clicked.connect(lambda: self._begin(folder))
        else:
            make.clicked.connect(self._ask_folder)
        self.set_footer(secondary, make)

    def _ask_folder(self) -> None:
        context = self._context
        title = context.tr.gettext("Waar komt de back-up?")
        folder = context.pick.choose_folder(title, parent=self)
        if folder is not None:
            self._begin(folder)

    def _begin(self, folder: Path) -> None:
        vault = self._context.vault
        tr = self._context.tr

        def work(progress: Progress, cancelled: Cancelled) -> object:
            return back_up.back_up(vault, folder, progress=progress, cancelled=cancelled)

        self._run(work, tr.gettext("De back-up wordt gemaakt"), self._made)

    def _made(self, made: object) -> None:
        from intake_app.vault.backup import MadeBackup

        assert isinstance(made, MadeBackup)  # noqa: S101  (what the job returns)
        text = self._context.tr.gettext(
            "De back-up is gemaakt en heel teruggelezen: {name}. Haal de stick eruit en bewaar "
            "hem op een andere plek dan de laptop."
        ).format(name=isolate(made.path.name, "ltr"))
        self._end("ok", text)

    def _check(self) -> None:
        context, tr = self._context, self._context.tr
        path = context.pick.choose_file(
            tr.gettext("Welke back-up?"), tr.gettext("Back-up (*.dlb)"), parent=self
        )
        if path is None:
            return
        vault = context.vault

        def work(_progress: Progress, _cancelled: Cancelled) -> object:
            return back_up.check(vault, path)

        self._run(work, tr.gettext("De back-up wordt gelezen"), self._checked)

    def _checked(self, head: object) -> None:
        from intake_app.vault.backup_file import BackupHead

        assert isinstance(head, BackupHead)  # noqa: S101  (what the job returns)
        text = self._context.tr.gettext("De back-up van {day} is heel.").format(
            day=self._moment(head.made_at)
        )
        self._end("ok", text)

    def _make_sheet(self) -> None:
        from intake_app.documents.typesetting import DocumentError
        from intake_app.flows import lost_laptop
        from intake_app.handover.errors import SealError

        context, tr = self._context, self._context.tr
        path = context.pick.choose_file(
            tr.gettext("Uit welke back-up?"), tr.gettext("Back-up (*.dlb)"), parent=self
        )
        if path is None:
            return
        target = context.pick.choose_save(
            tr.gettext("Blad opslaan"),
            tr.gettext("laptop-kwijt.pdf"),
            tr.gettext("PDF (*.pdf)"),
            parent=self,
        )
        if target is None:
            return
        try:
            made = lost_laptop.sheet_of_open(context.vault, path)
            lost_laptop.save(made, target, context.env.random)
        except (VaultError, SealError, DocumentError) as error:
            self._end("err", tr.said(error))
            return
        text = tr.gettext(
            "Het blad is opgeslagen als {name}. Er staan namen op: print het of bewaar het achter "
            "slot, en wis het bestand daarna."
        ).format(name=isolate(target.name))
        self._end("ok", text)

    def _set_terms(self) -> None:
        months, days = int(self._months.value()), int(self._days.value())
        back_up.set_terms(self._context.vault, months=months, remind_after=days)

    # ---- while something runs -------------------------------------------------------------------

    def _run(self, work: object, title: str, done: object) -> None:
        job = Job(work)  # type: ignore[arg-type]
        # until now: what the vault tells of the backup may come after the end of it
        self._job, self._said = job, None
        clear_layout(self.body)
        tr, theme = self._context.tr, self.theme
        card = Card(theme, title, name="backup-running")
        self._progress_bar = Bar(theme, "backup-bar")
        self._progress_bar.setAccessibleName(title)
        card.body.addWidget(self._progress_bar)
        row = QHBoxLayout()
        card.body.addLayout(row)
        row.addWidget(
            Caption(theme, tr.gettext("Je kunt gewoon doorwerken. Laat de stick erin zitten.")), 1
        )
        stop = QuietButton(theme, tr.gettext("Stoppen"), name="backup-stop")
        stop.clicked.connect(job.cancel)
        row.addWidget(stop)
        self.add(card)
        self.set_footer()
        # methods, not lambdas: a lambda would run on the thread of the work
        job.progressed.connect(self._progressed)
        job.done.connect(done)
        job.refused.connect(self._refused)
        job.start()

    def _progressed(self, done: int, total: int) -> None:
        if self._job is not None:
            self._progress_bar.setValue(done * _WHOLE // total if total else 0)

    def _refused(self, told: object) -> None:
        self._end("err", self._context.tr.said(told))

    def _end(self, kind: Kind, text: str) -> None:
        self._job = None
        self._said = (kind, text)
        self.refresh()
        self.area.verticalScrollBar().setValue(0)

    def _day(self, at: datetime) -> str:
        return words.long_date(self._context.tr, at.astimezone().date())

    def _moment(self, at: datetime) -> str:
        local = at.astimezone()
        day = words.short_date(self._context.tr, local.date(), desk.today(self._context.env))
        return self._context.tr.gettext("{day}, {hour}").format(day=day, hour=f"{local:%H:%M}")
