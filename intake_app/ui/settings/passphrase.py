"""Changing one's own passphrase."""

from __future__ import annotations

from intake_app.ui.context import AppContext
from intake_app.ui.kit import Card, Field, Notice, Page, PrimaryButton
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
        self.add(card)
        self._notice = Notice(theme, "err", "", name="passphrase-problem")
        self._notice.hide()
        self.add(self._notice)
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
            )

    def _do(self) -> None:
        from intake_app.vault import users

        users.change_passphrase(self._context.vault, old=self._old.text(), new=self._new.text())
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
