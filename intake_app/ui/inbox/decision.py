"""The decision: accept with the day of the first talk, or refuse with a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from intake_app.ui.kit import Body, Card, Field, LinkButton, Muted
from intake_app.ui.plan.fields import DayField, KeptTextArea

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class AcceptCard(Card):
    """Asks when the first talk is; it may stay open. `refuse` when it should be refused."""

    refuse = Signal()

    def __init__(self, ctx: AppContext, name: str, *, by_sync: bool = False) -> None:
        theme, tr = ctx.theme, ctx.tr
        super().__init__(theme, tr.gettext("Neem je dit dossier over?"), name="accept-card")
        self.body.setSpacing(theme.gap(16))
        text = tr.gettext(
            "Dan staat {name} hier bij Mensen, met gesprekken en plan. De afzender krijgt "
            "een ondertekend ontvangstbewijs: een bestand dat je zelf terugstuurt."
        )
        if by_sync:
            text = tr.gettext(
                "Dan staat {name} hier bij Mensen, met gesprekken en plan. De afzender krijgt "
                "een ondertekend ontvangstbewijs: dat gaat vanzelf terug via de postbus."
            )
        self.body.addWidget(Body(theme, text.format(name=name)))
        self.talk = DayField(
            theme,
            tr,
            tr.gettext("Eerste gesprek gepland op"),
            "accept-talk",
            optional=tr.gettext("mag later"),
            help_text=tr.gettext(
                "De afzender ziet deze dag, zodat jullie samen kunnen overdragen."
            ),
        )
        self.body.addWidget(self.talk)
        no = LinkButton(theme, tr.gettext("Toch niet: weigeren met een reden"), name="inbox-refuse")
        no.clicked.connect(self.refuse)
        self.body.addWidget(no, 0, Qt.AlignmentFlag.AlignLeft)

    def first_talk(self) -> date | None:
        """Return the day, or None while it is not planned."""
        return self.talk.day()


class RefuseCard(Card):
    """Asks why; the sender reads it. `back` when it is accepted after all."""

    back = Signal()

    def __init__(self, ctx: AppContext) -> None:
        theme, tr = ctx.theme, ctx.tr
        super().__init__(
            theme,
            tr.gettext("Waarom neem je dit dossier niet over?"),
            accent=True,
            name="refuse-card",
        )
        self.body.setSpacing(theme.gap(16))
        self.body.addWidget(
            Muted(theme, tr.gettext("De afzender leest deze reden en kan het dossier aanvullen."))
        )
        self.reason = KeptTextArea(theme, name="refuse-reason", rows=3)
        self.field = Field(
            theme,
            tr.gettext("Reden"),
            self.reason,
            help_text=tr.gettext(
                "Bijvoorbeeld: gekoppeld aan een andere gemeente. Schrijf geen medische gegevens."
            ),
        )
        self.body.addWidget(self.field)
        keep = LinkButton(theme, tr.gettext("Toch overnemen"), name="refuse-back")
        keep.clicked.connect(self.back)
        self.body.addWidget(keep, 0, Qt.AlignmentFlag.AlignLeft)
