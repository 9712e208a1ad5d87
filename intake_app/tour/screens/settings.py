"""Instellingen with all its pages, and the region's address book."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from intake_app.tour import world as places
from intake_app.tour.screens.listing import Screen, press, toggle
from intake_app.tour.screens.people import alone
from intake_app.tour.studio import Studio
from intake_app.tour.world import Place as Where
from intake_app.ui.rail import Place
from intake_app.ui.region.page import RegionPage
from intake_app.ui.settings import SettingsPage
from intake_app.ui.settings.parts import Part, page_of, parts_for, title_of


def _part(part: Part, where: Where) -> Callable[[Studio], QWidget]:
    return lambda studio: studio.shell(
        page_of(part, studio.context(where)),
        ("Instellingen", title_of(studio.tr, part)),
        Place.SETTINGS,
        practice=True,
    )


def _region(where: Where) -> Callable[[Studio], QWidget]:
    return lambda studio: studio.shell(
        RegionPage(studio.context(where)), ("Adresboek",), Place.TODAY
    )


SCREENS: tuple[Screen, ...] = (
    *(
        Screen(f"settings-{name}", alone(SettingsPage, where, Place.SETTINGS, "Instellingen"))
        for name, where in (
            ("azc", places.AZC),
            ("receiver", places.TOWN),
            ("new", places.EMPTY),
            ("region", places.REGION),
        )
    ),
    *(
        Screen(f"settings-{part.value}", _part(part, places.TOWN))
        for part in parts_for(places.TOWN.profile)
    ),
    *(
        Screen(f"settings-{part.value}-new", _part(part, places.EMPTY))
        for part in parts_for(places.EMPTY.profile)
    ),
    Screen("settings-users-add", _part(Part.USERS, places.AZC), toggle("users-add")),
    Screen("settings-recovery-make", _part(Part.RECOVERY, places.AZC), toggle("recovery-make")),
    Screen("region-none", _region(places.EMPTY_REGION)),
    Screen("region-draft", _region(places.REGION)),
    Screen("region-sign", _region(places.REGION), press("region-sign")),
    Screen("region-key", _region(places.REGION), press("region-new-key")),
)
