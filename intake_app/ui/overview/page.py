"""Each figure as a sentence, a bar, n/N, and how it was counted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from intake_app.domain.event import Station
from intake_app.flows.figures import Figure, figures
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Card,
    EmptyState,
    Heading,
    Muted,
    Page,
    Row,
    RowList,
    clear_layout,
)
from intake_app.ui.refresh import Refresh
from intake_app.ui.theme import Theme


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
        card.body.addWidget(Heading(theme, tr.gettext("Hoe ver de mensen zijn")))
        for station, figure in found.stations:
            card.body.addWidget(self._figure(station, figure))
        card.body.addWidget(Muted(theme, self._counting(dict(found.stations)[Station.NOA])))
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

    def _figure(self, station: Station, figure: Figure) -> QWidget:
        tr = self._context.tr
        sentence = {
            Station.GEKOPPELD: tr.gettext("{n} van {total} gekoppeld aan een gemeente"),
            Station.INTAKE: tr.gettext("{n} van {total} met een vastgestelde intake"),
            Station.NOA: tr.gettext("{n} van {total} met een afgenomen NOA"),
            Station.PLAN: tr.gettext("{n} van {total} met een vastgesteld plan"),
            Station.AANGEBODEN: tr.gettext("{n} van {total} met een aangeboden dossier"),
            Station.GEACCEPTEERD: tr.gettext("{n} van {total} met een geaccepteerd dossier"),
        }[station]
        text = sentence.format(n=figure.count, total=figure.total)
        return FigureBar(self.theme, text, figure, name=f"figure-{station.value}")

    def _counting(self, noa: Figure) -> str:
        tr = self._context.tr
        text = tr.gettext(
            "Hoe is dit geteld? Elke persoon in deze kluis telt één keer. Een station telt als de "
            "gebeurtenis is vastgelegd, niet als zij gepland is."
        )
        if noa.excluded:
            text += " " + tr.ngettext(
                "Bij de NOA telt {n} persoon niet mee: niet in aanmerking, met reden.",
                "Bij de NOA tellen {n} personen niet mee: niet in aanmerking, met reden.",
                noa.excluded,
            ).format(n=noa.excluded)
        return text


class FigureBar(QWidget):
    """A sentence with a bar under it; a screen reader gets the sentence."""

    def __init__(self, theme: Theme, text: str, figure: Figure, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._theme, self._text, self._figure = theme, text, figure
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        theme = self._theme
        self.ensurePolished()
        line = self.fontMetrics().height()
        return QSize(theme.px(360), line + theme.gap(24))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        painter.setPen(theme.color("ink"))
        line = painter.fontMetrics().height()
        area = QRectF(0, 0, self.width(), line)
        painter.drawText(
            area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text
        )
        height = theme.gap(8)
        track = QRectF(0, line + theme.gap(4), self.width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(track, height / 2, height / 2)
        if self._figure.count and self._figure.total:
            part = track.width() * self._figure.count / self._figure.total
            left = track.right() - part if self.isRightToLeft() else track.left()
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(QRectF(left, track.top(), part, height), height / 2, height / 2)
        painter.end()
