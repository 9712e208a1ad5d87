"""Overdracht at the receiver: the inbox, the envelope, the dossier and the decision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from intake_app.domain.handover import InboxState
from intake_app.tour import world as places
from intake_app.tour.screens.listing import Screen, drawn, in_turn, press, toggle
from intake_app.tour.screens.people import alone
from intake_app.tour.studio import Studio
from intake_app.ui.inbox.dossier import DossierPage
from intake_app.ui.inbox.page import InboxPage
from intake_app.ui.rail import Place


def _fresh(studio: Studio) -> Path:
    """Return the sealed file that nobody took in yet."""
    from intake_app.flows import receive
    from intake_app.handover.errors import Refusal

    for file in sorted(studio.world.post.glob("overdracht-*.zip")):
        try:
            receive.inspect(studio.vault(places.TOWN), file)
        except Refusal:
            continue
        return file
    raise LookupError("every sealed file was taken in")


def _envelope(*, broken: bool, foreign: bool = False) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        file = _fresh(studio)
        if broken:
            cut = studio.world.folder / "afgebroken.zip"
            cut.write_bytes(file.read_bytes()[:-2000])
            file = cut
        where = places.EMPTY_TOWN if foreign else places.TOWN
        page = InboxPage(studio.context(where, file))
        page.open_file()
        return studio.shell(page, ("Overdracht",), Place.HANDOVER, practice=True)

    return make


def _dossier(*, decided: bool) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        with studio.vault(places.TOWN).read() as records:
            items = records.inbox.all()
        shown = [
            item
            for item in items
            if (item.state in {InboxState.GEACCEPTEERD, InboxState.GEWEIGERD}) is decided
        ]
        page = DossierPage(studio.context(places.TOWN), shown[-1].handover_id)
        return studio.shell(page, ("Overdracht", "Ontvangen dossier"), Place.HANDOVER)

    return make


_OPEN = _dossier(decided=False)

SCREENS: tuple[Screen, ...] = (
    Screen("inbox-none", alone(InboxPage, places.EMPTY_TOWN, Place.HANDOVER, "Overdracht")),
    Screen("inbox-some", alone(InboxPage, places.TOWN, Place.HANDOVER, "Overdracht")),
    Screen("envelope-whole", _envelope(broken=False)),
    Screen("envelope-broken", _envelope(broken=True)),
    Screen("envelope-not-for-us", _envelope(broken=False, foreign=True)),
    Screen("dossier", _OPEN),
    Screen("dossier-section-open", _OPEN, toggle("dossier-section-")),
    Screen("dossier-pdf", _OPEN, in_turn(press("dossier-as-pdf"), drawn("pdf-page"))),
    Screen("dossier-decide", _OPEN, press("inbox-decide")),
    Screen("dossier-refuse", _OPEN, press("inbox-decide", "inbox-refuse")),
    Screen("dossier-refuse-no-reason", _OPEN,
           press("inbox-decide", "inbox-refuse", "inbox-refuse-confirm")),
    Screen("dossier-decided", _dossier(decided=True)),
)  # fmt: skip
