"""The talk about the plan: what the client thinks of it, when, and with an interpreter or not."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from intake_app.domain.plan import Leerroute, Plan
from intake_app.flows.dossier_words import LEERROUTE_TITLES
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Card, CheckInput, ChoiceInput, Field, LinkButton
from intake_app.ui.plan.fields import DayField, KeptTextArea
from intake_app.ui.theme import Theme


class TalkCard(Card):
    """Takes the client's view, the day, the interpreter and the advice on the leerroute."""

    changed = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, name: str, today: date) -> None:
        title = tr.gettext("Bespreken met {name}").format(name=name)
        super().__init__(theme, title, name="plan-talk")
        self.body.setSpacing(theme.gap(20))
        self._today = today
        self.view = KeptTextArea(theme, name="plan-client-view", rows=3)
        self.view.left.connect(self.changed)
        self.body.addWidget(
            Field(
                theme,
                tr.gettext("Wat vindt de cliënt ervan?"),
                self.view,
                optional=tr.gettext("mag leeg blijven"),
                help_text=tr.gettext(
                    "In de woorden van de cliënt zelf, ook als die het oneens is."
                ),
            )
        )
        self.day = DayField(theme, tr, tr.gettext("Op welke dag besproken?"), "plan-discussed")
        self.day.changed.connect(self.changed)
        row = QHBoxLayout()
        self.body.addLayout(row)
        row.setSpacing(theme.gap(12))
        row.addWidget(self.day, 0)
        now = LinkButton(theme, tr.gettext("Vandaag"), icon="today", name="plan-discussed-today")
        now.clicked.connect(self._set_today)
        row.addWidget(now, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self.interpreter = CheckInput(
            theme, tr.gettext("Besproken met een tolk"), name="plan-interpreter"
        )
        self.interpreter.clicked.connect(lambda _on=False: self.changed.emit())
        self.body.addWidget(self.interpreter)
        routes = [(route.value, tr.gettext(LEERROUTE_TITLES[route])) for route in Leerroute]
        self.route = ChoiceInput(theme, routes, as_radio=False, name="plan-leerroute")
        self.route.changed.connect(lambda _v: self.changed.emit())
        self.body.addWidget(
            Field(
                theme,
                tr.gettext("Advies over de leerroute"),
                self.route,
                help_text=tr.gettext("Een advies. De gemeente beslist na de leerbaarheidstoets."),
            )
        )

    def show_plan(self, plan: Plan) -> None:
        """Show what the plan says, without telling of a change."""
        with QSignalBlocker(self), QSignalBlocker(self.route):
            if self.view.toPlainText() != plan.client_view:
                self.view.setPlainText(plan.client_view)
            self.day.set_day(plan.discussed_on)
            self.interpreter.setChecked(plan.discussed_with_interpreter)
            self.route.set_value(plan.leerroute.value)

    def _set_today(self) -> None:
        self.day.set_day(self._today)
        self.changed.emit()
