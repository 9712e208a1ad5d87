"""Onderweg and the shell's top line: with no relay, waiting, busy, stopped, and in trouble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from intake_app.flows import relays
from intake_app.flows.sync_turn import News, Phase
from intake_app.sync.errors import Reason
from intake_app.tour import world as places
from intake_app.tour.screens.handover import handover
from intake_app.tour.screens.listing import Screen, press, toggle
from intake_app.tour.screens.people import alone
from intake_app.tour.studio import Studio
from intake_app.ui.rail import Place
from intake_app.ui.sync.bridge import SyncBridge
from intake_app.ui.sync.page import TransportPage
from intake_app.ui.sync.words import top_line


class _Still(SyncBridge):
    """Says that a relay is set up, and never starts its thread."""

    def show(self, news: News) -> None:
        """Take these news as if the thread had told them."""
        self._settings = relays.settings(self._vault)
        self.news = news

    def begin(self) -> None:
        """Start nothing."""


def _transport(news: News, place: places.Place = places.POST) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        plain = studio.context(place)
        sync = _Still(plain.vault, plain.events)
        sync.show(news)
        context = replace(plain, sync=sync)
        page = TransportPage(context)
        sync.setParent(page)
        window = studio.shell(page, ("Overdracht", "Onderweg"), Place.HANDOVER, practice=True)
        said = top_line(context)
        window.set_sync(said.text, leads=said.leads, short=said.short, alarm=said.alarm)
        return window

    return make


SCREENS: tuple[Screen, ...] = (
    Screen("travelling-no-relay", alone(TransportPage, places.EMPTY, Place.HANDOVER, "Onderweg")),
    Screen("travelling-nothing", _transport(News(), places.EMPTY)),
    Screen("travelling-waiting", _transport(News())),
    Screen("travelling-offline", _transport(News(reason=Reason.NO_CONNECTION, tried=True))),
    Screen("travelling-busy", _transport(News(Phase.BUSY, 1_200_000, 5_000_000))),
    Screen("travelling-asking", _transport(News(Phase.ASKING, asks_for=48_000_000))),
    Screen("travelling-refused", _transport(News(reason=Reason.CERTIFICATE, tried=True))),
    Screen("travelling-history", _transport(News()), toggle("transport-more-")),
    Screen("handover-by-relay", handover("Farid", places.POST),
           press("handover-next", "handover-next")),
    Screen("handover-waiting", handover("Dilnaz", places.POST)),
)  # fmt: skip
