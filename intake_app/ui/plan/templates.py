"""Choosing a goal to start from: by leefgebied, what fits the main path first."""

from __future__ import annotations

from PySide6.QtCore import Signal

from intake_app.domain.plan import LEEFGEBIEDEN, Vervolgpad
from intake_app.flows import plan as plan_flow
from intake_app.flows.dossier_words import AREA_TITLES
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import (
    Card,
    ChoiceInput,
    Field,
    LinkButton,
    QuietButton,
    Row,
    RowList,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.theme import Theme


class TemplateChooser(Card):
    """A list of example goals. `chosen(GoalTemplate)`, `own(leefgebied)` or `closed`."""

    chosen = Signal(object)
    own = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, path: Vervolgpad | None) -> None:
        super().__init__(
            theme, tr.gettext("Doel toevoegen"), accent=True, padding=(20, 16), name="goal-chooser"
        )
        self._theme, self._tr = theme, tr
        self._templates = plan_flow.templates(path)
        self.body.setSpacing(theme.gap(12))
        every = [("", tr.gettext("Alle leefgebieden"))]
        areas = [(code, tr.gettext(AREA_TITLES[code])) for code in LEEFGEBIEDEN]
        self.area = ChoiceInput(theme, every + areas, as_radio=False, name="goal-chooser-area")
        self.area.setAccessibleName(tr.gettext("Leefgebied"))
        self.area.changed.connect(lambda _value: self._fill())
        self.body.addWidget(Field(theme, tr.gettext("Leefgebied"), self.area))
        self._rows = RowList(theme)
        self.body.addWidget(self._rows)
        close = LinkButton(theme, tr.gettext("Niet toevoegen"), name="goal-chooser-close")
        close.clicked.connect(self.closed)
        own = QuietButton(
            theme, tr.gettext("Zelf een doel schrijven"), icon="note", name="goal-chooser-own"
        )
        own.clicked.connect(lambda: self.own.emit(self.area.value() or LEEFGEBIEDEN[0]))
        self.body.addWidget(FlowRow(theme.gap(8), close, own, apart=True))
        self._fill()

    def _fill(self) -> None:
        theme, tr, area = self._theme, self._tr, self.area.value()
        self._rows.clear()
        for number, template in enumerate(self._templates, start=1):
            if area and template.leefgebied != area:
                continue
            add = QuietButton(
                theme, tr.gettext("Toevoegen"), icon="plus", name=f"goal-template-{number}"
            )
            add.setAccessibleName(tr.gettext("Toevoegen: {goal}").format(goal=template.text))
            add.clicked.connect(lambda _on=False, t=template: self.chosen.emit(t))
            count = len(template.actions)
            words = tr.ngettext("{n} actie", "{n} acties", count).format(n=count)
            title = tr.gettext(AREA_TITLES[template.leefgebied])
            row = Row(theme, template.text, f"{title} · {words}", trailing=(add,))
            self._rows.add(row)
