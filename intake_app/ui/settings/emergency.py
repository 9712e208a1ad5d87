"""In nood: locking at once, and wiping this laptop."""

from __future__ import annotations

from PySide6.QtCore import Qt

from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Card,
    DangerButton,
    Field,
    Heading,
    Notice,
    Page,
    QuietButton,
    TextInput,
)
from intake_app.ui.start.new_passphrase import passphrase_input
from intake_app.ui.start.working import work


class EmergencyPage(Page):
    """Two ways out. Wiping says first what it can and cannot promise, and asks for two things."""

    def __init__(self, context: AppContext) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(theme, tr.gettext("In nood"), name="emergency-page")
        self._context = context
        lock = Card(theme, tr.gettext("Meteen vergrendelen"))
        lock.body.addWidget(
            Body(
                theme,
                tr.gettext(
                    "Het scherm wordt leeg, alles is opgeslagen en de kluis gaat dicht. "
                    "Dit kan altijd met Ctrl+L."
                ),
            )
        )
        button = QuietButton(
            theme, tr.gettext("Vergrendelen"), icon="lock", key="Ctrl L", name="emergency-lock"
        )
        button.clicked.connect(context.navigate.lock)
        lock.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(lock)
        self.add(self._wipe_card())

    def _wipe_card(self) -> Card:
        from intake_app.flows.wipe import LIMITS, PROMISE, WORD

        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Alles op deze laptop wissen"), name="emergency-wipe-card")
        card.body.setSpacing(theme.gap(12))
        card.body.addWidget(Body(theme, PROMISE))
        card.body.addWidget(Heading(theme, tr.gettext("Wat dit niet kan")))
        for limit in LIMITS:
            card.body.addWidget(Body(theme, f"– {limit}"))
        self._word = TextInput(theme, name="emergency-word", width=200)
        self._word_field = Field(
            theme, tr.gettext("Typ het woord {word}").format(word=WORD), self._word
        )
        self._mine = passphrase_input(theme, tr, "emergency-own")
        self._mine_field = Field(theme, tr.gettext("Je wachtwoordzin"), self._mine)
        self._notice = Notice(theme, "err", "", name="emergency-problem")
        self._notice.hide()
        self._wipe = DangerButton(theme, tr.gettext("Alles wissen"), name="emergency-wipe")
        self._wipe.clicked.connect(self._ask)
        for widget in (self._word_field, self._mine_field, self._notice):
            card.body.addWidget(widget)
        card.body.addWidget(self._wipe, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _ask(self) -> None:
        from intake_app.flows.wipe import WORD

        tr = self._context.tr
        right = self._word.text().strip().upper() == WORD
        text = tr.gettext("Typ het woord {word} om te bevestigen.").format(word=WORD)
        self._word_field.set_problem("" if right else text)
        missing = "" if self._mine.text() else tr.gettext("Typ je wachtwoordzin.")
        self._mine_field.set_problem(missing)
        if not right:
            self._word.setFocus()
        elif missing:
            self._mine.setFocus()
        else:
            work(
                self._notice,
                tr.gettext("De kluis wordt gewist."),
                self._do,
                buttons=(self._wipe,),
                refused=lambda _error: self._mine.setFocus(),
                tr=tr,
            )

    def _do(self) -> None:
        from intake_app.flows.unlock import TooSoon
        from intake_app.flows.wipe import wipe_open

        try:
            wiped = wipe_open(self._context.vault, self._mine.text(), self._word.text())
        except TooSoon as wait:
            self._notice.set_notice("warn", self._context.tr.said(wait))
            self._wipe.setEnabled(True)
            return
        self._mine.clear()
        self._context.navigate.show_wiped(wiped)
