"""Bewaren en wissen: what may go, what will, what stays and why; and deciding with two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.flows import retention
from intake_app.flows.retention import RetentionRefused, Stays
from intake_app.flows.unlock import TooSoon
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    ChoiceInput,
    ConfirmDialog,
    DangerButton,
    Field,
    Kind,
    LinkButton,
    Muted,
    Notice,
    Page,
    QuietButton,
    Row,
    RowList,
    Tag,
    TextArea,
    TextInput,
    clear_layout,
)
from intake_app.ui.settings.job import Cancelled, Job, Progress
from intake_app.ui.start.new_passphrase import passphrase_input
from intake_app.vault.errors import VaultError
from intake_app.vault.stores.removals import BY_TWO, Ground, RemovalState

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from intake_app.domain.person import Person
    from intake_app.flows.retention import Proposal, RetentionView, Upcoming

_FOUND = 6
_SHOWN = 50


class RetentionPage(Page):
    """Nothing goes by itself: what may go is listed, and one button removes it."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Bewaren en wissen"),
            subtitle=tr.gettext(
                "Wat van deze laptop weg mag: als de ontvanger het dossier heeft geaccepteerd, of "
                "als twee collega's het besluiten. Er gaat niets vanzelf weg."
            ),
            name="retention-page",
        )
        self._context = context
        self._job: Job | None = None
        self._confirming: UUID | None = None
        self.refresh()

    def refresh(self, said: tuple[Kind, str] | None = None) -> None:
        """Read the vault again and show what it says."""
        clear_layout(self.body)
        view = retention.look(self._context.vault)
        if said is not None:
            self.add(Notice(self.theme, said[0], said[1], name="retention-said"))
        if not view.clock.is_right and (view.upcoming or view.backups_wait):
            self.add(self._clock(view))
        if view.needs_scrub:
            self.add(self._unclean())
        self.add(self._due(view))
        self.add(self._coming(view))
        if view.proposals:
            self.add(self._proposals(view))
        self.add(self._by_two())
        self.add(self._term(view))

    # ---- what may go ----------------------------------------------------------------------------

    def _clock(self, view: RetentionView) -> Notice:
        tr = self._context.tr
        today = self._day(view.clock.now.astimezone().date())
        if view.clock.back:
            text = tr.gettext(
                "De klok van deze laptop is teruggezet. Volgens de klok is het vandaag {day}. "
                "Er gaat niets weg tot iemand zegt dat dit klopt."
            ).format(day=today)
        else:
            text = tr.gettext(
                "Er is langer dan een dag niet gewerkt, of de klok is versprongen. Volgens de "
                "klok is het vandaag {day}. Er gaat niets weg tot iemand zegt dat dit klopt."
            ).format(day=today)
        if view.backups_wait:
            text += " " + tr.gettext("Oude back-ups lopen tot dan ook niet af.")
        right = QuietButton(
            self.theme, tr.gettext("De datum klopt"), icon="check", name="retention-clock-right"
        )
        right.clicked.connect(self._believe)
        return Notice(self.theme, "warn", text, action=right, name="retention-clock")

    def _believe(self) -> None:
        retention.believe_clock(self._context.vault)
        self.refresh()

    def _unclean(self) -> Notice:
        tr = self._context.tr
        text = tr.gettext(
            "Er is eerder iets verwijderd, maar de bestanden zijn nog niet helemaal opgeschoond."
        )
        clean = QuietButton(self.theme, tr.gettext("Opschonen"), name="retention-scrub")
        clean.clicked.connect(self._scrub)
        return Notice(self.theme, "warn", text, action=clean, name="retention-unclean")

    def _due(self, view: RetentionView) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Mag nu weg"), name="retention-due")
        if not view.due:
            card.body.addWidget(Muted(theme, tr.gettext("Op dit moment hoeft er niets weg.")))
            return card
        rows = RowList(theme)
        for each in view.due[:_SHOWN]:
            rows.add(self._due_row(each))
        card.body.addWidget(rows)
        remove = DangerButton(
            theme,
            tr.ngettext("{n} dossier wissen", "{n} dossiers wissen", len(view.due)).format(
                n=len(view.due)
            ),
            icon="trash",
            name="retention-remove",
        )
        remove.setEnabled(view.clock.is_right)
        remove.clicked.connect(lambda: self._ask_remove(len(view.due)))
        card.body.addWidget(remove, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _due_row(self, each: Upcoming) -> Row:
        tr, theme = self._context.tr, self.theme
        if each.ground in BY_TWO and each.removal is not None:
            back = LinkButton(
                theme, tr.gettext("Ongedaan maken"), name=f"retention-undo-{each.subject_id}"
            )
            removal_id = each.removal.removal_id
            back.clicked.connect(lambda: self._undo(removal_id))
        else:
            back = LinkButton(
                theme, tr.gettext("Langer bewaren"), name=f"retention-keep-{each.subject_id}"
            )
            back.clicked.connect(lambda: self._keep(each.subject_id))
        back.setAccessibleName(f"{back.text()}: {each.name}")
        return Row(theme, isolate(each.name), self._why(each), trailing=(back,))

    def _why(self, each: Upcoming) -> str:
        tr = self._context.tr
        day = self._day(each.since.astimezone().date())
        if each.ground is Ground.GEACCEPTEERD:
            return tr.gettext("geaccepteerd door de ontvanger op {day}").format(day=day)
        if each.ground is Ground.GEWEIGERD:
            return tr.gettext("hier geweigerd op {day}").format(day=day)
        return tr.gettext("besloten met twee op {day}: {ground}").format(
            day=day, ground=self._ground(each.ground)
        )

    def _coming(self, view: RetentionView) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Komt eraan"), name="retention-coming")
        coming = [each for each in view.upcoming if not each.due]
        if not coming:
            text = tr.gettext("Na een geaccepteerde overdracht staat hier wanneer iets weg mag.")
            card.body.addWidget(Muted(theme, text))
            return card
        rows = RowList(theme)
        for each in coming[:_SHOWN]:
            rows.add(self._coming_row(each))
        card.body.addWidget(rows)
        if len(coming) > _SHOWN:
            more = len(coming) - _SHOWN
            text = tr.ngettext("en nog {n}", "en nog {n}", more).format(n=more)
            card.body.addWidget(Caption(theme, text))
        return card

    def _coming_row(self, each: Upcoming) -> Row:
        tr, theme = self._context.tr, self.theme
        if each.stays is None:
            day = self._day(each.removable_on)
            tag = Tag(theme, tr.gettext("vanaf {day}").format(day=day), "muted")
            return Row(theme, isolate(each.name), self._why(each), trailing=(tag,))
        reason = {
            Stays.WORKED_SINCE: tr.gettext(
                "Na dit dossier is er nog iets bijgekomen. Draag een nieuwe versie over."
            ),
            Stays.MEDICAL: tr.gettext(
                "Er zijn medische gegevens, die niet met het dossier meegaan."
            ),
            Stays.NEWER_WAITS: tr.gettext("Er wacht een nieuwere versie op een besluit."),
        }[each.stays]
        tag = Tag(theme, tr.gettext("blijft"), "info")
        return Row(theme, isolate(each.name), reason, trailing=(tag,))

    def _ask_remove(self, count: int) -> None:
        tr = self._context.tr
        sure = ConfirmDialog.ask(
            self.theme,
            tr.ngettext("{n} dossier wissen?", "{n} dossiers wissen?", count).format(n=count),
            tr.gettext(
                "Alles over deze mensen gaat van deze laptop: antwoorden, plannen, bijlagen en "
                "wat eerder veranderd is. Dit kan niet terug. In back-ups blijft het nog tot hun "
                "termijn voorbij is."
            ),
            confirm=tr.gettext("Wissen"),
            cancel=tr.gettext("Niet wissen"),
            danger=True,
            parent=self,
        )
        if sure:
            vault = self._context.vault

            def work(_progress: Progress, _cancelled: Cancelled) -> object:
                return len(retention.remove_due(vault))

            self._run(work, tr.gettext("De dossiers worden gewist en de bestanden opgeschoond."))

    def _scrub(self) -> None:
        vault = self._context.vault

        def work(_progress: Progress, _cancelled: Cancelled) -> object:
            retention.scrub(vault)
            return 0

        self._run(work, self._context.tr.gettext("De bestanden worden opgeschoond."))

    def _run(self, work: object, text: str) -> None:
        self._job = Job(work)  # type: ignore[arg-type]
        clear_layout(self.body)
        self.add(Notice(self.theme, "info", text, name="retention-busy"))
        self._job.done.connect(self._removed)
        self._job.refused.connect(self._refused)
        self._job.start()

    def _removed(self, count: int) -> None:
        tr = self._context.tr
        text = tr.gettext("De bestanden zijn opgeschoond.")
        if count:
            text = tr.ngettext(
                "{n} dossier is gewist. In het logboek staat dat het gewist is, niet wat erin "
                "stond.",
                "{n} dossiers zijn gewist. In het logboek staat dat ze gewist zijn, niet wat erin "
                "stond.",
                count,
            ).format(n=count)
        self._job = None
        self.refresh(("ok", text))

    def _refused(self, told: object) -> None:
        self._job = None
        self.refresh(("err", self._context.tr.said(told)))

    def _keep(self, subject_id: UUID) -> None:
        retention.keep_longer(self._context.vault, subject_id)
        text = self._context.tr.gettext("De termijn begint opnieuw.")
        self.refresh(("ok", text))

    def _undo(self, removal_id: UUID) -> None:
        self._try(
            lambda: retention.undo(self._context.vault, removal_id),
            self._context.tr.gettext("Het besluit is ingetrokken. Het dossier blijft."),
        )

    def _try(self, act: object, text: str) -> bool:
        try:
            act()  # type: ignore[operator]
        except (RetentionRefused, TooSoon, VaultError) as error:
            self.refresh(("err", self._context.tr.said(error)))
            return False
        self.refresh(("ok", text))
        return True

    # ---- deciding with two ----------------------------------------------------------------------

    def _proposals(self, view: RetentionView) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Wacht op een tweede collega"), name="retention-proposals")
        waiting = [p for p in view.proposals if p.removal.state is RemovalState.VOORGESTELD]
        for proposal in waiting:
            card.body.addWidget(self._proposal(proposal))
        if not waiting:
            card.body.addWidget(Muted(theme, tr.gettext("Er wacht geen voorstel.")))
        return card

    def _proposal(self, proposal: Proposal) -> QWidget:
        tr, theme, removal = self._context.tr, self.theme, proposal.removal
        key = removal.removal_id
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        caption = tr.gettext("{ground}, voorgesteld door {who} op {day}").format(
            ground=self._ground(removal.ground),
            who=isolate(proposal.proposed_by_name),
            day=self._day(removal.proposed_at.astimezone().date()),
        )
        undo = LinkButton(theme, tr.gettext("Intrekken"), name=f"retention-withdraw-{key}")
        undo.setAccessibleName(f"{undo.text()}: {proposal.name}")
        undo.clicked.connect(lambda: self._undo(key))
        column.addWidget(Row(theme, isolate(proposal.name), caption, strong=True, trailing=(undo,)))
        column.addWidget(Body(theme, isolate(removal.reason)))
        if not proposal.mine:
            agree = QuietButton(theme, tr.gettext("Ik ben het eens"), name=f"retention-agree-{key}")
            agree.clicked.connect(lambda: self._agree(key))
            column.addWidget(agree, 0, Qt.AlignmentFlag.AlignLeft)
            return holder
        field = passphrase_input(theme, tr, f"retention-second-{key}")
        column.addWidget(
            Field(
                theme,
                tr.gettext("Wachtwoordzin van een andere collega"),
                field,
                help_text=tr.gettext(
                    "Laat de collega dit lezen en hier de eigen zin typen, of laat die later zelf "
                    "de kluis openen."
                ),
            )
        )
        agree = QuietButton(
            theme, tr.gettext("Bevestigen als collega"), name=f"retention-agree-{key}"
        )
        agree.clicked.connect(lambda: self._agree_with(key, field.text()))
        column.addWidget(agree, 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    def _agree(self, removal_id: UUID) -> None:
        self._try(lambda: retention.confirm(self._context.vault, removal_id), self._agreed())

    def _agree_with(self, removal_id: UUID, passphrase: str) -> None:
        self._try(
            lambda: retention.confirm_with_passphrase(self._context.vault, removal_id, passphrase),
            self._agreed(),
        )

    def _agreed(self) -> str:
        return self._context.tr.gettext(
            "Jullie zijn het eens. Het dossier staat nu bij “Mag nu weg” en kan tot het wissen nog "
            "terug."
        )

    def _by_two(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Wissen zonder overdracht"), name="retention-by-two")
        card.body.setSpacing(theme.gap(12))
        card.body.addWidget(
            Body(
                theme,
                tr.gettext(
                    "Is iemand overleden, vertrokken of teruggekeerd, dan is er geen ontvanger. "
                    "Jij stelt het voor, een collega bevestigt het."
                ),
            )
        )
        self._sought = TextInput(theme, name="retention-search", language="nl")
        search = QuietButton(theme, tr.gettext("Zoeken"), icon="search", name="retention-find")
        search.clicked.connect(self._find)
        self._sought.returnPressed.connect(self._find)
        row = QHBoxLayout()
        card.body.addLayout(row)
        row.setSpacing(theme.gap(12))
        row.addWidget(Field(theme, tr.gettext("Naam of V-nummer"), self._sought), 1)
        row.addWidget(search, 0, Qt.AlignmentFlag.AlignBottom)
        self._found = QVBoxLayout()
        card.body.addLayout(self._found)
        return card

    def _find(self) -> None:
        tr, theme, vault = self._context.tr, self.theme, self._context.vault
        clear_layout(self._found)
        sought = self._sought.text().strip()
        if not sought:
            return
        with vault.read("persoon zoeken om te wissen") as records:
            persons = records.persons.list(sought, _FOUND)
        if not persons:
            self._found.addWidget(Muted(theme, tr.gettext("Niemand gevonden.")))
            return
        self._who = ChoiceInput(
            theme,
            [(str(p.person_id), self._label(p)) for p in persons],
            as_radio=True,
            value=str(persons[0].person_id) if len(persons) == 1 else "",
            name="retention-who",
        )
        self._ground_choice = ChoiceInput(
            theme,
            [(ground.value, self._ground(ground)) for ground in BY_TWO],
            as_radio=False,
            name="retention-ground",
        )
        self._reason = TextArea(theme, name="retention-reason")
        self._problem = Notice(theme, "err", "", name="retention-problem")
        propose = QuietButton(theme, tr.gettext("Voorstellen"), name="retention-propose")
        propose.clicked.connect(self._propose)
        for label, control in (
            (tr.gettext("Wie"), self._who),
            (tr.gettext("Waarom is er geen overdracht"), self._ground_choice),
        ):
            self._found.addWidget(Field(theme, label, control))
        self._found.addWidget(
            Field(
                theme,
                tr.gettext("Waar blijkt dat uit"),
                self._reason,
                help_text=tr.gettext("Zonder naam of V-nummer: deze reden blijft bewaard."),
            )
        )
        self._found.addWidget(self._problem)
        self._problem.hide()
        self._found.addWidget(propose, 0, Qt.AlignmentFlag.AlignLeft)

    def _propose(self) -> None:
        from uuid import UUID

        tr = self._context.tr
        if not self._who.value():
            self._problem.set_notice("err", tr.gettext("Kies eerst om wie het gaat."))
            return
        try:
            retention.propose(
                self._context.vault,
                UUID(self._who.value()),
                Ground(self._ground_choice.value()),
                self._reason.toPlainText(),
            )
        except (RetentionRefused, VaultError) as error:
            self._problem.set_notice("err", tr.said(error))
            return
        self.refresh(("ok", tr.gettext("Het voorstel wacht nu op een tweede collega.")))

    # ---- the term -------------------------------------------------------------------------------

    def _term(self, view: RetentionView) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Hoe lang"), name="retention-term-card")
        self._days = ChoiceInput(
            theme,
            [(str(n), tr.ngettext("{n} dag", "{n} dagen", n).format(n=n)) for n in retention.TERMS],
            as_radio=False,
            value=str(view.term),
            name="retention-term",
        )
        self._days.changed.connect(self._set_term)
        label = tr.gettext("Bewaren na een geaccepteerde overdracht")
        card.body.addWidget(Field(theme, label, self._days))
        card.body.addWidget(
            Caption(
                theme,
                tr.gettext("Een week van tevoren staat het hier en op Vandaag."),
            )
        )
        return card

    def _set_term(self) -> None:
        retention.set_term(self._context.vault, int(self._days.value()))
        self.refresh()

    def _ground(self, ground: Ground) -> str:
        tr = self._context.tr
        return {
            Ground.OVERLEDEN: tr.gettext("overleden"),
            Ground.VERTROKKEN: tr.gettext("vertrokken, bestemming onbekend"),
            Ground.VERHUISD: tr.gettext("verhuisd buiten de keten"),
            Ground.TERUGGEKEERD: tr.gettext("teruggekeerd"),
            Ground.ANDERS: tr.gettext("anders"),
        }[ground]

    def _label(self, person: Person) -> str:
        number = words.masked_v_number(self._context.tr, person)
        return " · ".join(part for part in (isolate(person.short_name), number) if part)

    def _day(self, day: date) -> str:
        return words.long_date(self._context.tr, day)
