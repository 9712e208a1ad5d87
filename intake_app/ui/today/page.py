"""The page the program opens with."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from intake_app.domain.actor import Profile
from intake_app.flows import case, rescue, vault_care
from intake_app.flows.case import DueRow, NextStepKind, OpenInterviewRow, PersonRow, TodayOverview
from intake_app.flows.vault_care import CareItem
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Card,
    Columns,
    EmptyState,
    KitButton,
    LinkButton,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Stack,
    Tag,
    TextLink,
    clear_layout,
)
from intake_app.ui.refresh import Refresh
from intake_app.ui.today import care
from intake_app.vault import VaultLocked

MOST_ROWS = 6


class TodayPage(Page):
    """A greeting in one sentence and three short lists; the first thing to do is the primary."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.theme, width="full", name="today-page")
        self._context = context
        self._asked: tuple[CareItem, ...] = ()
        self._overview: TodayOverview
        Refresh(self, context.events, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the vault again and show what it says."""
        self._overview = case.today(self._context.vault)
        self._build()
        # what the vault itself asks takes longer to find with very many persons: work comes first
        QTimer.singleShot(0, self, self._look_after)

    def _look_after(self) -> None:
        try:
            asked = vault_care.items(self._context.vault)
        except VaultLocked:
            return
        if asked != self._asked:
            self._asked = asked
            self._build()

    def _build(self) -> None:
        context, tr = self._context, self._context.tr
        overview, asked = self._overview, self._asked
        now = context.env.now()
        self.set_title(words.greeting(tr, now, overview.user_name), self._summary(overview))
        clear_layout(self.body)
        self.primary = None
        damage = rescue.notice(context.vault)
        if damage is not None:
            self.add(Notice(self.theme, "err", damage, name="today-damage"))
        for widget in care.alarms(context, asked):
            self.add(widget)
        about_vault = care.care_card(context, asked)
        if not overview.person_count and not overview.to_decide:
            self.add(self._empty())
            if about_vault is not None:
                self.add(about_vault)
            return
        left = self._left(overview)
        right = self._right(overview)
        if about_vault is not None and (left or right):
            right.append(about_vault)
            about_vault = None
        if left and right:
            both = (Stack(self.theme, *left), Stack(self.theme, *right))
            self.add(Columns(self.theme, *both, weights=(1.25, 1)))
        elif left or right:
            self.add(Stack(self.theme, *left, *right))
        else:
            self.add(
                EmptyState(
                    self.theme,
                    "ok",
                    tr.gettext("Niets te doen vandaag"),
                    tr.gettext("Er wacht niemand op jou. Kijk bij Mensen voor iedereen."),
                    name="today-nothing",
                )
            )
        if about_vault is not None:
            self.add(about_vault)

    def _summary(self, overview: TodayOverview) -> str:
        tr = self._context.tr
        parts = []
        if n := overview.conversation_count:
            text = tr.ngettext("{n} gesprek dat loopt.", "{n} gesprekken die lopen.", n)
            parts.append(text.format(n=words.number_word(tr, n)))
        if n := len(overview.to_decide):
            text = tr.ngettext(
                "{n} dossier wacht op jouw besluit.", "{n} dossiers wachten op jouw besluit.", n
            )
            parts.append(text.format(n=words.number_word(tr, n)))
        if n := overview.due_this_week:
            text = tr.ngettext("{n} termijn deze week.", "{n} termijnen deze week.", n)
            parts.append(text.format(n=words.number_word(tr, n)))
        if n := overview.waiting_count:
            text = tr.ngettext(
                "{n} dossier wacht op de ontvanger.", "{n} dossiers wachten op de ontvanger.", n
            )
            parts.append(text.format(n=words.number_word(tr, n)))
        return " ".join(parts)

    def _empty(self) -> QWidget:
        tr, theme = self._context.tr, self.theme
        go = self._context.navigate
        if self._context.vault.info.organisation.profile is Profile.ONTVANGST:
            button = PrimaryButton(theme, tr.gettext("Dossier ontvangen"), name="today-receive")
            self.primary = button
            button.clicked.connect(go.open_handovers)
            return EmptyState(
                theme,
                "handover",
                tr.gettext("Hier is nog niemand"),
                tr.gettext(
                    "Heb je een verzegeld bestand gekregen? Ontvang het, dan staat de persoon hier."
                ),
                action=button,
                name="today-empty",
            )
        button = PrimaryButton(theme, tr.gettext("Iemand registreren"), name="today-register")
        self.primary = button
        button.clicked.connect(go.open_register)
        return EmptyState(
            theme,
            "people",
            tr.gettext("Hier is nog niemand"),
            tr.gettext("Registreer de eerste persoon. Daarna zie je hier wat er te doen is."),
            action=button,
            name="today-empty",
        )

    def _left(self, overview: TodayOverview) -> list[QWidget]:
        tr = self._context.tr
        cards: list[QWidget] = []
        if overview.to_decide:
            rows = []
            for item in overview.to_decide[:MOST_ROWS]:
                button = self._button(
                    tr.gettext("Bekijken"), f"today-inbox-{item.handover_id}", item.sender_name
                )
                button.clicked.connect(
                    lambda _on=False, i=item: self._context.navigate.open_inbox(i.handover_id)
                )
                day = words.long_date(tr, item.received_at.astimezone().date())
                rows.append(
                    Row(
                        self.theme,
                        tr.gettext("Dossier van {sender}").format(sender=item.sender_name),
                        tr.gettext("Geopend op {day}. Nog niet geaccepteerd.").format(day=day),
                        strong=True,
                        trailing=(button,),
                    )
                )
            cards.append(self._card(tr.gettext("Wacht op jouw besluit"), rows, "today-to-decide"))
        if overview.conversations:
            rows = [self._conversation(row) for row in overview.conversations[:MOST_ROWS]]
            cards.append(self._card(tr.gettext("Gesprekken"), rows, "today-conversations"))
        if overview.to_do:
            rows = [self._to_do(row) for row in overview.to_do[:MOST_ROWS]]
            card = self._card(tr.gettext("Volgende stappen"), rows, "today-to-do")
            left_out = len(overview.to_do) - MOST_ROWS
            if left_out > 0:
                words_ = tr.ngettext("Nog {n} bij Mensen", "Nog {n} bij Mensen", left_out)
                if overview.to_do_more:
                    words_ = tr.gettext("Nog meer bij Mensen")
                more = TextLink(self.theme, words_.format(n=left_out), name="today-more")
                more.clicked.connect(self._context.navigate.open_people)
                card.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
            cards.append(card)
        return cards

    def _right(self, overview: TodayOverview) -> list[QWidget]:
        tr = self._context.tr
        cards: list[QWidget] = []
        if overview.due:
            rows = [self._due(row) for row in overview.due[:MOST_ROWS]]
            cards.append(self._card(tr.gettext("Termijnen"), rows, "today-due"))
        if overview.waiting:
            rows = []
            for waiting in overview.waiting[:MOST_ROWS]:
                text, kind = words.handover_tag(tr, waiting.handover.state)
                open_it = self._link(
                    tr.gettext("Bekijken"),
                    f"today-waiting-{waiting.person.person_id}",
                    waiting.person.short_name,
                )
                open_it.clicked.connect(
                    lambda _on=False, p=waiting.person: self._context.navigate.open_handover(
                        p.person_id
                    )
                )
                title = f"{isolate(waiting.person.short_name)} → {waiting.handover.recipient_name}"
                caption = words.handover_text(tr, waiting.handover)
                tag = Tag(self.theme, text, kind)
                rows.append(Row(self.theme, title, caption, strong=True, trailing=(tag, open_it)))
            cards.append(self._card(tr.gettext("Wacht op een ander"), rows, "today-waiting"))
        return cards

    def _conversation(self, row: OpenInterviewRow) -> Row:
        tr, context = self._context.tr, self._context
        name = row.person.short_name
        button = self._button(tr.gettext("Verder"), f"today-continue-{row.person.person_id}", name)
        button.clicked.connect(
            lambda _on=False, i=row.interview: context.navigate.open_interview(i.interview_id)
        )
        title = words.form_title(tr, row.interview.form_id)
        begun = words.long_date(tr, row.interview.started_at.astimezone().date())
        parts = [title, words.language_and_interpreter(tr, row.person)]
        parts.append(tr.gettext("begonnen op {day}").format(day=begun))
        caption = " · ".join(part for part in parts if part)
        return Row(self.theme, name, caption, strong=True, trailing=(button,))

    def _to_do(self, row: PersonRow) -> Row:
        tr, context = self._context.tr, self._context
        kind = row.next_step.kind
        name = row.person.short_name
        button = self._button(tr.gettext("Openen"), f"today-open-{row.person.person_id}", name)
        button.clicked.connect(
            lambda _on=False, p=row.person: context.navigate.open_person(p.person_id)
        )
        parts = [words.language_and_interpreter(tr, row.person), row.municipality]
        caption = " · ".join(part for part in parts if part)
        text, tag_kind = words.next_step_short(tr, kind)
        if kind is NextStepKind.GEWEIGERD:
            tag_kind = "err"
        tag = Tag(self.theme, text, tag_kind)
        return Row(self.theme, name, caption, strong=True, trailing=(tag, button))

    def _due(self, row: DueRow) -> Row:
        tr = self._context.tr
        text, kind = words.days_left(tr, row.days_left)
        day = words.long_date(tr, row.deadline.due)
        counted = words.long_date(tr, row.deadline.counted_from)
        title = tr.gettext("PIP {name}").format(name=isolate(row.person.short_name))
        caption = tr.gettext("Uiterlijk {day}").format(day=day)
        why = tr.gettext("Tien weken na de kennisgeving van DUO op {day}. {basis}.").format(
            day=counted, basis=row.deadline.basis
        )
        return Row(
            self.theme,
            title,
            caption,
            strong=True,
            trailing=(Tag(self.theme, text, kind),),
            why=(tr.gettext("Waarom deze datum?"), why),
        )

    def _card(self, title: str, rows: list[Row], name: str) -> Card:
        card = Card(self.theme, title, name=name)
        card.body.addWidget(RowList(self.theme, *rows))
        return card

    def _button(self, text: str, name: str, about: str) -> KitButton:
        """Return a button; the first one of the page is the primary."""
        button: KitButton
        if self.primary is None:
            button = self.primary = PrimaryButton(self.theme, text, name=name)
        else:
            button = QuietButton(self.theme, text, name=name)
        button.setAccessibleName(f"{text}: {about}")
        return button

    def _link(self, text: str, name: str, about: str) -> KitButton:
        button = LinkButton(self.theme, text, name=name)
        button.setAccessibleName(f"{text}: {about}")
        return button
