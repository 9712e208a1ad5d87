"""One's own way in: the passphrase, and the key store of this laptop beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from intake_app.ui.context import AppContext
from intake_app.ui.kit import Body, Caption, Card, Field, Notice, Page, PrimaryButton, QuietButton
from intake_app.ui.start.new_passphrase import NewPassphrase, passphrase_input
from intake_app.ui.start.working import work


class PassphrasePage(Page):
    """The passphrase of now, and the new one twice. The contents are not encrypted again."""

    def __init__(self, context: AppContext) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(
            theme,
            tr.gettext("Wachtwoordzin wijzigen"),
            subtitle=tr.gettext("Daarna opent alleen de nieuwe zin de kluis voor jou."),
            width="narrow",
            name="passphrase-page",
        )
        self._context = context
        self._old = passphrase_input(theme, tr, "passphrase-old")
        self._old_field = Field(theme, tr.gettext("Je wachtwoordzin van nu"), self._old)
        self.add(self._old_field)
        card = Card(theme, tr.gettext("De nieuwe zin"))
        self._new = NewPassphrase(
            theme,
            tr,
            generate=self._generate,
            about=lambda: (context.vault.user.name, context.vault.info.organisation.name),
            name="passphrase-new",
        )
        card.body.addWidget(self._new)
        of_then = Caption(
            theme,
            tr.gettext(
                "Een oudere back-up gaat open met de wachtwoordzin, de herstelkaarten en de tweede "
                "sleutel van die dag. Bewaar oude kaarten tot die maanden voorbij zijn."
            ),
        )
        of_then.setObjectName("passphrase-of-then")
        card.body.addWidget(of_then)
        self.add(card)
        self._notice = Notice(theme, "err", "", name="passphrase-problem")
        self._notice.hide()
        self.add(self._notice)
        self._second = SecondFactorCard(context)
        self.add(self._second)
        self._save = PrimaryButton(theme, tr.gettext("Wijzigen"), name="passphrase-save")
        self._save.clicked.connect(self._change)
        self.set_footer((), self._save)
        self._old.setFocus()

    def _generate(self) -> str:
        from intake_app.flows.set_up import generate_passphrase

        return generate_passphrase(self._context.env.random)

    def _change(self) -> None:
        tr = self._context.tr
        missing = "" if self._old.text() else tr.gettext("Typ de zin waarmee je nu opent.")
        self._old_field.set_problem(missing)
        if missing:
            self._old.setFocus()
            return
        if self._new.check():
            work(
                self._notice,
                tr.gettext("De nieuwe zin wordt ingesteld. Dit duurt even."),
                self._do,
                buttons=(self._save,),
                refused=lambda _error: self._old.setFocus(),
                tr=tr,
            )

    def _do(self) -> None:
        from intake_app.flows import access

        access.change_passphrase(self._context.vault, self._old.text(), self._new.text())
        self._old.clear()
        self._new.forget()
        self._save.setEnabled(True)
        self._notice.set_notice(
            "ok",
            self._context.tr.gettext(
                "Je nieuwe wachtwoordzin geldt vanaf nu. Oude back-ups gaan nog open met de zin "
                "van toen."
            ),
        )


class SecondFactorCard(Card):
    """Asking for a secret in the key store of this laptop beside the passphrase, or not."""

    def __init__(self, context: AppContext) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(theme, tr.gettext("Tweede sleutel op deze laptop"), name="second-factor")
        self._context = context
        self.body.setSpacing(theme.gap(12))
        self._state = Body(theme, "")
        self.body.addWidget(self._state)
        self._mine = passphrase_input(theme, tr, "second-own", keyboard=False)
        self._field = Field(theme, tr.gettext("Je wachtwoordzin"), self._mine)
        self.body.addWidget(self._field)
        self._notice = Notice(theme, "err", "", name="second-problem")
        self._notice.hide()
        self.body.addWidget(self._notice)
        self._button = QuietButton(theme, "", name="second-change")
        self._button.clicked.connect(self._ask)
        self.body.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self._show()

    def _show(self) -> None:
        from intake_app.vault import users

        tr = self._context.tr
        self._on = users.has_second_factor(self._context.vault)
        if self._on:
            self._state.set_text(
                tr.gettext(
                    "Staat aan. Een kopie van de kluis op een andere laptop gaat met alleen jouw "
                    "wachtwoordzin niet open."
                )
            )
            self._button.setText(tr.gettext("Uitzetten"))
        else:
            self._state.set_text(
                tr.gettext(
                    "Staat uit. Zet je hem aan, dan opent jouw wachtwoordzin de kluis alleen nog "
                    "op deze laptop en onder jouw eigen Windows- of Linux-account. De "
                    "herstelkaarten blijven altijd werken."
                )
            )
            self._button.setText(tr.gettext("Aanzetten"))

    def _ask(self) -> None:
        missing = "" if self._mine.text() else self._context.tr.gettext("Typ je wachtwoordzin.")
        self._field.set_problem(missing)
        if missing:
            self._mine.setFocus()
            return
        work(
            self._notice,
            self._context.tr.gettext("Even geduld, je sleutel wordt gewijzigd."),
            self._change,
            buttons=(self._button,),
            refused=lambda _error: self._mine.setFocus(),
            tr=self._context.tr,
        )

    def _change(self) -> None:
        from intake_app.flows import access
        from intake_app.vault.keystore import SystemKeystore

        access.set_second_factor(
            self._context.vault,
            self._mine.text(),
            None if self._on else SystemKeystore(),
        )
        self._mine.clear()
        self._button.setEnabled(True)
        self._show()
        self._notice.set_notice("ok", self._context.tr.gettext("Gewijzigd."))
