"""The last window after an emergency wipe: what is gone, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Body, Card, Notice, Page, PrimaryButton
from intake_app.ui.start.frame import StartFrame
from intake_app.ui.theme import Theme

if TYPE_CHECKING:
    from intake_app.vault.wipe import Wiped


class WipedWindow(StartFrame):
    """Says what came of wiping; `close` ends the program."""

    def __init__(
        self, theme: Theme, tr: UiTexts, wiped: Wiped, *, close: Callable[[], None]
    ) -> None:
        super().__init__(theme, tr)
        self.setObjectName("wiped-window")
        page = Page(
            theme,
            tr.gettext("De kluis is gewist") if wiped.keys_gone else tr.gettext("Niet gewist"),
            width="narrow",
            name="wiped-page",
        )
        if wiped.complete:
            text = tr.gettext("Van de kluis is niets meer over in de map op deze laptop.")
            page.add(Notice(theme, "ok", text, name="wiped-result"))
        elif wiped.keys_gone:
            text = tr.gettext(
                "De sleutels zijn weg, de kluis gaat niet meer open. Deze resten konden niet weg:"
            )
            page.add(Notice(theme, "warn", text, name="wiped-result"))
        else:
            text = tr.gettext(
                "De sleutels konden niet weg. Verwijder zelf de map van de kluis, of vernietig de "
                "schijf. Deze bestanden staan er nog:"
            )
            page.add(Notice(theme, "err", text, name="wiped-result"))
        if wiped.left:
            card = Card(theme, name="wiped-left")
            for name in wiped.left:
                card.body.addWidget(Body(theme, isolate(name, "ltr")))
            page.add(card)
        if not wiped.keystore_gone:
            text = tr.gettext(
                "De tweede sleutel staat nog in de sleutelbos van deze laptop. Alleen is die niets "
                "waard."
            )
            page.add(Notice(theme, "info", text))
        page.add(
            Body(
                theme,
                tr.gettext(
                    "Meld aan je leidinggevende en de functionaris gegevensbescherming wat er is "
                    "gebeurd."
                ),
            )
        )
        end = PrimaryButton(theme, tr.gettext("Sluiten"), name="wiped-close")
        end.clicked.connect(close)
        page.set_footer((), end)
        self.show_page(page)
        end.setFocus()
