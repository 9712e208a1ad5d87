"""The card of the settings about capturing the screen."""

from __future__ import annotations

from intake_app.ui import capture
from intake_app.ui.context import AppContext
from intake_app.ui.kit import Body, Card, CheckInput, Notice
from intake_app.vault import VaultError


class ScreenCard(Card):
    """Whether others may see this program on a shared or recorded screen."""

    def __init__(self, context: AppContext) -> None:
        theme, tr = context.theme, context.tr
        super().__init__(theme, tr.gettext("Scherm delen"), name="settings-screen")
        self._context = context
        if context.vault.info.practice:
            words = tr.gettext("In een oefenkluis is niemand echt: het scherm delen mag altijd.")
            self.body.addWidget(Body(theme, words))
            return
        if capture.platform_block() is None:
            words = tr.gettext(
                "Op deze laptop kan het programma niet tegenhouden dat iemand het scherm opneemt "
                "of deelt. Sluit andere programma's die dat doen."
            )
            self.body.addWidget(Body(theme, words))
            return
        words = tr.gettext(
            "Wie meekijkt in een videogesprek of het scherm opneemt, ziet dit programma als een "
            "zwart vlak. Zet dit alleen uit voor een beamer."
        )
        self.body.addWidget(Body(theme, words))
        self._allowed = CheckInput(
            theme, tr.gettext("Dit programma mag zichtbaar zijn op een beamer of gedeeld scherm")
        )
        self._allowed.setObjectName("settings-capture")
        self._allowed.setChecked(capture.is_allowed(context.vault))
        self._allowed.toggled.connect(self._set)
        self.body.addWidget(self._allowed)
        self._problem = Notice(theme, "err", "")
        self._problem.hide()
        self.body.addWidget(self._problem)

    def _set(self, on: bool) -> None:
        try:
            capture.allow(self._context.vault, on=on)
        except VaultError as error:
            self._problem.set_notice("err", self._context.tr.said(error))
