"""Overdracht at the sender: the list, the four steps, and the history in each state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from intake_app.tour import world as places
from intake_app.tour.screens.listing import Screen, press, toggle
from intake_app.tour.screens.people import alone
from intake_app.tour.studio import Studio
from intake_app.tour.world import Place as Where
from intake_app.ui.handover.list import HandoversPage
from intake_app.ui.handover.page import HandoverPage
from intake_app.ui.rail import Place

_NEXT = "handover-next"


def handover(
    given: str, where: Where = places.AZC, prepare: Callable[[HandoverPage], None] | None = None
) -> Callable[[Studio], QWidget]:
    """Return what makes the window with the handover of somebody, prepared as wanted."""

    def make(studio: Studio) -> QWidget:
        page = HandoverPage(studio.context(where), studio.person(given, where))
        if prepare is not None:
            prepare(page)
        return studio.shell(
            page, ("Overdracht", "Amanuel T.", "Overdragen"), Place.HANDOVER, practice=True
        )

    return make


def _sealing(page: HandoverPage) -> None:
    """As it looks while a dossier is sealed beside the window."""
    steps = page.steps
    assert steps is not None  # noqa: S101  (nothing was handed over yet)
    for _ in range(3):
        steps.go_on()
    steps.seal.show_sealing(on=True)
    steps.primary.setEnabled(False)
    steps.primary.setAccessibleDescription("Wacht tot het dossier is verzegeld, of kies Stoppen.")
    steps.seal.progress.start()
    steps.seal.progress.show_bytes(3_200_000, 48_000_000)


def _refused(page: HandoverPage) -> None:
    """As it looks when sealing could not be done."""
    steps = page.steps
    assert steps is not None  # noqa: S101  (nothing was handed over yet)
    steps.notice.set_notice(
        "err",
        "De stick is vol. Er is niets verzegeld. Maak ruimte of kies een andere stick.",
    )


SCREENS: tuple[Screen, ...] = (
    Screen("handovers-none", alone(HandoversPage, places.EMPTY, Place.HANDOVER, "Overdracht")),
    Screen("handovers-some", alone(HandoversPage, places.AZC, Place.HANDOVER, "Overdracht")),
    Screen("handover-not-coupled", handover("Yonas")),
    Screen("handover-no-way", handover("Rahel", places.TALK)),
    Screen("handover-recipient", handover("Farid")),
    Screen("handover-contents", handover("Farid"), press(_NEXT)),
    Screen("handover-check", handover("Farid"), press(_NEXT, _NEXT)),
    Screen("handover-seal", handover("Farid"), press(_NEXT, _NEXT, _NEXT)),
    Screen("handover-sealing", handover("Farid", prepare=_sealing)),
    Screen("handover-failed", handover("Farid", prepare=_refused)),
    Screen("handover-offered", handover("Hodan")),
    Screen("handover-withdraw", handover("Hodan"), press("handover-withdraw")),
    Screen("handover-refused", handover("Nasrin")),
    Screen("handover-again", handover("Nasrin"), toggle("handover-again")),
)
