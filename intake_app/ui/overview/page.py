"""Each figure as a sentence, a bar, n/N, and how it was counted."""

from __future__ import annotations

from intake_app.domain.charts import Share, Shares
from intake_app.domain.event import Station
from intake_app.flows.figures import Figure, figures
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Card,
    EmptyState,
    Heading,
    Page,
    Row,
    RowList,
    Stack,
    clear_layout,
)
from intake_app.ui.kit.charts import FigureWithTarget, WithTable
from intake_app.ui.refresh import Refresh


class OverviewPage(Page):
    """The stations of everybody here, with the handovers below them."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.theme, context.tr.gettext("Overzicht"), name="overview-page")
        self._context = context
        Refresh(self, context.events, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Count again and show what it says."""
        tr, theme = self._context.tr, self.theme
        found = figures(self._context.vault)
        clear_layout(self.body)
        self.set_title(
            tr.gettext("Overzicht"),
            tr.gettext(
                "Geteld in deze kluis, op dit moment. De cijfers van de regio staan hier niet."
            ),
        )
        if not found.people:
            self.add(
                EmptyState(
                    theme,
                    "overview",
                    tr.gettext("Nog niets te tellen"),
                    tr.gettext("Registreer eerst iemand bij Mensen."),
                    name="overview-empty",
                )
            )
            return
        card = Card(theme, name="overview-stations")
        card.body.setSpacing(theme.gap(16))
        card.body.addWidget(Heading(theme, tr.gettext("Hoe ver de mensen zijn")))
        figures_ = [self._figure(station, figure) for station, figure in found.stations]
        bars = Stack(
            theme,
            *(
                FigureWithTarget(theme, tr, share, name=f"figure-{station.value}")
                for (station, _), share in zip(found.stations, figures_, strict=True)
            ),
            spacing=16,
        )
        table = Shares(
            tr.gettext("Hoe ver de mensen zijn"),
            tuple(figures_),
            (tr.gettext("Cijfer"), tr.gettext("Aantal en deel")),
        ).table()
        card.body.addWidget(WithTable(theme, tr, bars, table, name="overview-figures"))
        self.add(card)
        handovers = Card(theme, name="overview-handovers")
        handovers.body.addWidget(Heading(theme, tr.gettext("Overdrachten")))
        rows = RowList(theme)
        for label, number in (
            (tr.gettext("Geaccepteerd, met ontvangstbewijs"), found.accepted),
            (tr.gettext("Aangeboden, wacht op de ontvanger"), found.waiting),
            (tr.gettext("Geweigerd, met reden"), found.refused),
        ):
            count = Body(theme, str(number), strong=True, wrap=False)
            rows.add(Row(theme, label, trailing=(count,)))
        handovers.body.addWidget(rows)
        self.add(handovers)

    def _figure(self, station: Station, figure: Figure) -> Share:
        tr = self._context.tr
        sentence = {
            Station.GEKOPPELD: tr.gettext("{n} van {total} gekoppeld aan een gemeente"),
            Station.INTAKE: tr.gettext("{n} van {total} met een vastgestelde intake"),
            Station.NOA: tr.gettext("{n} van {total} met een afgenomen NOA"),
            Station.PLAN: tr.gettext("{n} van {total} met een vastgesteld plan"),
            Station.AANGEBODEN: tr.gettext("{n} van {total} met een aangeboden dossier"),
            Station.GEACCEPTEERD: tr.gettext("{n} van {total} met een geaccepteerd dossier"),
        }[station]
        shown = tr.gettext("niemand om te tellen")
        if figure.total:
            percent = round(100 * figure.count / figure.total)
            shown = tr.gettext("{n}/{total}, {percent} procent").format(
                n=figure.count, total=figure.total, percent=percent
            )
        return Share(
            sentence.format(n=figure.count, total=figure.total),
            figure.count,
            figure.total,
            shown,
            counting=self._counting(station, figure),
        )

    def _counting(self, station: Station, figure: Figure) -> str:
        tr = self._context.tr
        text = tr.gettext(
            "Elke persoon in deze kluis telt één keer. Een station telt als de gebeurtenis is "
            "vastgelegd, niet als zij gepland is."
        )
        if station is Station.NOA and figure.excluded:
            text += " " + tr.ngettext(
                "Bij de NOA telt {n} persoon niet mee: niet in aanmerking, met reden.",
                "Bij de NOA tellen {n} personen niet mee: niet in aanmerking, met reden.",
                figure.excluded,
            ).format(n=figure.excluded)
        return text
