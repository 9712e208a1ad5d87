"""A forgotten passphrase: two recovery cards, one person, one new passphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import (
    Body,
    ChoiceInput,
    DangerButton,
    LinkButton,
    Notice,
    Page,
    PrimaryButton,
    Stack,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.start.card_input import CardInput
from intake_app.ui.start.new_passphrase import NewPassphrase
from intake_app.ui.start.working import work
from intake_app.ui.theme import Theme
from intake_app.vault.errors import RolesWouldBeLost


class Recoverable(Protocol):
    """Somebody who may get a new passphrase."""

    @property
    def user_id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


class RecoverFlow(QWidget):
    """Two pages, one after the other; `recovered(object)` carries the open vault.

    `who(first, second)` returns who may get a new passphrase, `recover(first, second, user_id,
    passphrase, lose_roles)` gives it; both raise an error of the vault whose str() is a Dutch
    sentence. `lose_roles` is True only after RolesWouldBeLost was shown and the person went on.
    `cancelled()` when the person goes back.
    """

    recovered = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        *,
        who: Callable[[str, str], Sequence[Recoverable]],
        recover: Callable[[str, str, UUID, str, bool], Any],
        generate: Callable[[], str],
    ) -> None:
        super().__init__()
        self._theme, self._tr = theme, tr
        self._who, self._recover, self._generate = who, recover, generate
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._page: Page | None = None
        self._show(self._cards_page())

    def _show(self, page: Page) -> None:
        if self._page is not None:
            self._column.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self._column.addWidget(page)

    def _cards_page(self) -> Page:
        tr, theme = self._tr, self._theme
        page = Page(
            theme,
            tr.gettext("Wachtwoordzin vergeten"),
            subtitle=tr.gettext(
                "Neem twee van de drie herstelkaarten. Vraag ze aan de collega’s die ze bewaren."
            ),
            width="narrow",
            name="recover-cards",
        )
        first = CardInput(theme, tr, tr.gettext("Eerste kaart"), name="recover-first")
        second = CardInput(theme, tr, tr.gettext("Tweede kaart"), name="recover-second")
        notice = Notice(theme, "err", "", name="recover-problem")
        notice.hide()
        for widget in (first, second, notice):
            page.add(widget)
        back = LinkButton(theme, tr.gettext("Terug"), icon="arrow-left", name="recover-back")
        back.clicked.connect(self.cancelled)
        onward = PrimaryButton(theme, tr.gettext("Verder"), name="recover-next")

        def go() -> None:
            if first.check() and second.check():
                work(
                    notice,
                    tr.gettext("De kaarten worden nagekeken."),
                    lambda: self._found(first.words(), second.words()),
                    buttons=(onward,),
                    tr=self._tr,
                )

        onward.clicked.connect(go)
        page.set_footer((back,), onward)
        first.setFocus()
        return page

    def _found(self, first: str, second: str) -> None:
        self._show(self._passphrase_page(first, second, self._who(first, second)))

    def _passphrase_page(self, first: str, second: str, people: Sequence[Recoverable]) -> Page:
        tr, theme = self._tr, self._theme
        page = Page(
            theme,
            tr.gettext("De kaarten kloppen"),
            subtitle=tr.gettext(
                "Kies wie een nieuwe wachtwoordzin krijgt. Iedereen in de kluis ziet daarna dat "
                "dit is gebeurd."
            ),
            width="narrow",
            name="recover-passphrase",
        )
        whom = ChoiceInput(
            theme,
            [(str(each.user_id), isolate(each.name)) for each in people],
            value=str(people[0].user_id) if people else "",
            name="recover-user",
        )
        whom.setAccessibleName(tr.gettext("Wie krijgt een nieuwe wachtwoordzin?"))
        secret = NewPassphrase(
            theme,
            tr,
            generate=self._generate,
            about=lambda: tuple(each.name for each in people),
            name="recover",
        )
        notice = Notice(theme, "err", "", name="recover-problem")
        notice.hide()
        anyway = DangerButton(theme, tr.gettext("Toch doorgaan"), name="recover-anyway")
        loss = Stack(
            theme,
            Body(
                theme,
                tr.gettext(
                    "Ga je toch door? Wat alleen de medische rol kon lezen, is dan voorgoed weg."
                ),
            ),
            FlowRow(theme.gap(8), anyway),
            spacing=8,
        )
        loss.hide()
        whom.changed.connect(loss.hide)
        for widget in (whom, secret, notice, loss):
            page.add(widget)
        back = LinkButton(theme, tr.gettext("Terug"), icon="arrow-left", name="recover-back")
        back.clicked.connect(self.cancelled)
        onward = PrimaryButton(theme, tr.gettext("Kluis openen"), name="recover-open")

        def refused(error: Exception) -> None:
            at_stake = isinstance(error, RolesWouldBeLost)
            loss.setVisible(at_stake)
            onward.setFocus()
            # the column is longer first after it was laid out
            QTimer.singleShot(0, notice, lambda: page.scroll_to(loss if at_stake else notice))

        def go(lose_roles: bool) -> None:
            def job() -> None:
                vault = self._recover(first, second, UUID(whom.value()), secret.text(), lose_roles)
                secret.forget()
                self.recovered.emit(vault)

            loss.hide()
            if secret.check():
                work(
                    notice,
                    tr.gettext("De kluis gaat open. Dit duurt even."),
                    job,
                    buttons=(onward, back, whom),
                    refused=refused,
                    tr=self._tr,
                )

        onward.clicked.connect(lambda: go(lose_roles=False))
        anyway.clicked.connect(lambda: go(lose_roles=True))
        page.set_footer((back,), onward)
        whom.setFocus()
        return page
