"""Recovery cards: making three of them, putting them on paper, and trying two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from intake_app.domain.actor import UserRole
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    Field,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    Tag,
    Text,
    clear_layout,
)
from intake_app.ui.start.card_input import CardInput
from intake_app.ui.start.new_passphrase import passphrase_input
from intake_app.ui.start.working import work
from intake_app.ui.theme import SEMIBOLD
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.vault.recovery import RecoveryCard, RecoveryState

_CARDS = 3
_COLUMNS = 3


class RecoveryPage(Page):
    """What there is, then one step at a time: passphrase, three cards, a trial with two."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Herstelkaarten"),
            subtitle=tr.gettext(
                "Drie kaarten op papier. Met twee ervan gaat de kluis open als iemand zijn "
                "wachtwoordzin vergeet."
            ),
            name="recovery-page",
        )
        self._context = context
        self._cards: tuple[RecoveryCard, ...] = ()
        self.show_state()

    def leave(self) -> None:
        """Forget the words."""
        self._cards = ()

    def show_state(self, said: str = "") -> None:
        """Show whether there are cards that work."""
        from intake_app.vault import recovery

        self._cards = ()
        tr, theme, vault = self._context.tr, self.theme, self._context.vault
        clear_layout(self.body)
        state = recovery.card_state(vault)
        if said:
            self.add(Notice(theme, "ok", said, name="recovery-said"))
        card = Card(theme, name="recovery-state")
        card.body.addWidget(self._state_row(state))
        self.add(card)
        if not vault.has_role(UserRole.BEHEER):
            text = tr.gettext("Alleen een collega met de rol beheer kan kaarten maken.")
            self.add(Muted(theme, text))
            self.set_footer()
            return
        if state.proposed:
            text = tr.gettext(
                "Er zijn nieuwe kaarten gemaakt, maar de proef is nog niet gedaan. Tot die tijd "
                "werken ze niet."
            )
            self.add(Notice(theme, "warn", text, name="recovery-untried"))
            again = LinkButton(theme, tr.gettext("Andere kaarten maken"), name="recovery-make")
            again.clicked.connect(self._ask_passphrase)
            trial = PrimaryButton(theme, tr.gettext("Proef doen"), name="recovery-trial")
            trial.clicked.connect(self.show_trial)
            self.set_footer((again,), trial)
            return
        self.add(self._steps())
        verb = (
            tr.gettext("Nieuwe kaarten maken") if state.has_cards else tr.gettext("Kaarten maken")
        )
        make = PrimaryButton(theme, verb, icon="key", name="recovery-make")
        make.clicked.connect(self._ask_passphrase)
        self.set_footer((), make)

    def _state_row(self, state: RecoveryState) -> QWidget:
        tr, theme = self._context.tr, self.theme
        if not state.has_cards:
            title = tr.gettext("Er zijn nog geen kaarten die werken")
            caption = tr.gettext(
                "Vergeet iedereen zijn wachtwoordzin, dan kan niemand de kluis nog openen."
            )
            return Row(
                theme,
                title,
                caption,
                strong=True,
                trailing=(Tag(theme, tr.gettext("nog doen"), "warn"),),
            )
        made, tried = state.made_at, state.tried_at
        parts = []
        if made is not None:
            day = words.long_date(tr, made.astimezone().date())
            parts.append(tr.gettext("gemaakt op {day}").format(day=day))
        if tried is not None:
            day = words.long_date(tr, tried.astimezone().date())
            parts.append(tr.gettext("proef gelukt op {day}").format(day=day))
        if state.last_use is not None:
            day = words.long_date(tr, state.last_use.astimezone().date())
            parts.append(tr.gettext("laatst gebruikt op {day}").format(day=day))
        return Row(
            theme,
            tr.gettext("Drie kaarten, twee zijn genoeg"),
            " · ".join(parts),
            strong=True,
            trailing=(Tag(theme, tr.gettext("werkt"), "ok"),),
        )

    def _steps(self) -> QWidget:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Zo gaat het"))
        for number, text in enumerate(
            (
                tr.gettext("Je maakt drie kaarten en zet ze op papier. Dat duurt tien minuten."),
                tr.gettext("Je doet een proef met twee kaarten. Pas daarna werken ze."),
                tr.gettext("Drie collega’s leggen elk één kaart op een eigen plek, op slot."),
            ),
            1,
        ):
            card.body.addWidget(Body(theme, f"{number}. {text}"))
        return card

    # ---- making ---------------------------------------------------------------------------------

    def _ask_passphrase(self) -> None:
        tr, theme = self._context.tr, self.theme
        clear_layout(self.body)
        mine = passphrase_input(theme, tr, "recovery-own")
        field = Field(
            theme,
            tr.gettext("Je eigen wachtwoordzin"),
            mine,
            help_text=tr.gettext(
                "Zorg dat niemand meekijkt. Hierna staan de woorden op het scherm."
            ),
        )
        self.add(field)
        notice = Notice(theme, "err", "", name="recovery-problem")
        notice.hide()
        self.add(notice)
        back = self._back_button()
        onward = PrimaryButton(theme, tr.gettext("Kaarten maken"), name="recovery-confirm")

        def go() -> None:
            missing = "" if mine.text() else tr.gettext("Typ je eigen wachtwoordzin.")
            field.set_problem(missing)
            if missing:
                mine.setFocus()
                return
            work(
                notice,
                tr.gettext("De kaarten worden gemaakt. Dit duurt even."),
                lambda: self._make(mine.text()),
                buttons=(onward, back),
                refused=lambda _error: mine.setFocus(),
                tr=tr,
            )

        onward.clicked.connect(go)
        self.set_footer((back,), onward)
        mine.setFocus()

    def _make(self, passphrase: str) -> None:
        from intake_app.flows import access

        self._cards = access.make_cards(self._context.vault, passphrase)
        self._show_card(0)

    def _show_card(self, at: int) -> None:
        tr, theme, shown = self._context.tr, self.theme, self._cards[at]
        clear_layout(self.body)
        title = tr.gettext("Kaart {n} van {all}").format(n=shown.number, all=_CARDS)
        card = Card(theme, title, accent=True, name=f"recovery-card-{shown.number}")
        card.body.addWidget(
            Caption(
                theme,
                tr.gettext("{organisation} · kenmerk {check}").format(
                    organisation=isolate(shown.label), check=isolate(shown.check, "ltr")
                ),
            )
        )
        card.body.addWidget(self._words(shown))
        self.add(card)
        text = tr.gettext(
            "Druk de kaart af, of schrijf de woorden met hun nummer over. De kaart komt niet meer "
            "terug op het scherm."
        )
        self.add(Muted(theme, text))
        notice = Notice(theme, "err", "", name="recovery-problem")
        notice.hide()
        self.add(notice)
        put = QuietButton(theme, tr.gettext("Afdrukken"), icon="print", name="recovery-print")
        put.clicked.connect(lambda: self._print(shown, notice))
        last = at == _CARDS - 1
        verb = tr.gettext("Naar de proef") if last else tr.gettext("Volgende kaart")
        onward = PrimaryButton(theme, verb, name="recovery-next")
        onward.clicked.connect(self.show_trial if last else lambda: self._show_card(at + 1))
        self.set_footer((put,), onward)
        onward.setFocus()

    def _words(self, card: RecoveryCard) -> QWidget:
        """Return the words in columns, read down, each with its number."""
        theme = self.theme
        holder = QWidget()
        holder.setObjectName("recovery-words")
        holder.setAccessibleName(" ".join(card.words))
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, theme.gap(8), 0, 0)
        grid.setHorizontalSpacing(theme.gap(8))
        grid.setVerticalSpacing(theme.gap(4))
        rows = -(-len(card.words) // _COLUMNS)
        for at, word in enumerate(card.words):
            column, row = divmod(at, rows)
            number = Caption(theme, str(at + 1))
            grid.addWidget(number, row, column * 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Text(theme, word, weight=SEMIBOLD), row, column * 2 + 1)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column * 2 + 1, 1)
        return holder

    def _print(self, card: RecoveryCard, notice: Notice) -> None:
        from intake_app.documents.pages import PdfProblem
        from intake_app.documents.typesetting import DocumentError
        from intake_app.flows.recovery_cards import card_pdf
        from intake_app.ui.printing import print_pdf

        tr = self._context.tr
        try:
            printed = print_pdf(card_pdf(card), tr.gettext("Kaart"), self)
        except (DocumentError, PdfProblem) as error:
            notice.set_notice("err", tr.said(error))
            return
        if printed:
            notice.set_notice("ok", tr.gettext("De kaart is naar de printer gestuurd."))

    # ---- the trial ------------------------------------------------------------------------------

    def show_trial(self) -> None:
        """Ask for two cards as they stand on paper."""
        self._cards = ()
        tr, theme = self._context.tr, self.theme
        clear_layout(self.body)
        self.add(
            Muted(
                theme,
                tr.gettext(
                    "Neem twee van de drie kaarten en typ ze over, of scan de code. Zo weet je "
                    "zeker dat ze werken."
                ),
            )
        )
        first = CardInput(theme, tr, tr.gettext("Eerste kaart"), name="recovery-first")
        second = CardInput(theme, tr, tr.gettext("Tweede kaart"), name="recovery-second")
        self.add(first)
        self.add(second)
        notice = Notice(theme, "err", "", name="recovery-problem")
        notice.hide()
        self.add(notice)
        onward = PrimaryButton(theme, tr.gettext("Proberen"), name="recovery-try")
        onward.clicked.connect(lambda: self._try(first, second, notice))
        self.set_footer((self._back_button(),), onward)
        first.setFocus()

    def _try(self, first: CardInput, second: CardInput, notice: Notice) -> None:
        from intake_app.vault import recovery

        tr = self._context.tr
        if not (first.check() and second.check()):
            return
        try:
            recovery.try_cards(self._context.vault, first.words(), second.words())
        except VaultError as error:
            notice.set_notice("err", tr.said(error))
            return
        self.show_state(
            tr.gettext(
                "De proef is gelukt. De kaarten werken. Geef ze nu aan drie collega’s, en leg elke "
                "kaart op slot."
            )
        )

    def _back_button(self) -> LinkButton:
        back = LinkButton(
            self.theme, self._context.tr.gettext("Terug"), icon="arrow-left", name="recovery-back"
        )
        back.clicked.connect(lambda: self.show_state())  # noqa: PLW0108  (its argument is a word)
        return back
