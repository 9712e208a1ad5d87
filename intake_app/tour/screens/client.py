"""The client's own screen: every kind of question, the pages to point at, and when it is paused."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from intake_app.documents.client_page import Speaker
from intake_app.tour import kinds
from intake_app.tour.screens.interview import Prepare, at
from intake_app.tour.screens.listing import Screen
from intake_app.tour.studio import Studio
from intake_app.ui.clientscreen.window import ClientWindow


def _client(*steps: Prepare) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        host = studio.interview()
        page = host.page
        assert page is not None  # noqa: S101  (a reopened interview has its page)
        for step in steps:
            step(page)
        bridge = page.bridge
        language = bridge.language
        window = ClientWindow(
            studio.theme,
            bridge,
            studio.catalogues.ui(language),
            practice=True,
            say=Speaker(language, studio.catalogues.document_texts(language).text),
        )
        # the page of the colleague is not shown, and goes with this window
        window.destroyed.connect(host.deleteLater)
        return window

    return make


def _pointing(number: int) -> Prepare:
    return lambda page: page.bridge.show_pointing(number)


_FACING = tuple(asked for asked in kinds.QUESTIONS if not asked.staff)

SCREENS: tuple[Screen, ...] = (
    *(Screen(f"client-{asked.name}", _client(at(asked.name)), for_client=True)
      for asked in (*_FACING, kinds.FACTS[0])),
    Screen("client-nothing", _client(at("oordeel")), for_client=True),
    Screen("client-paused", _client(at("meer"), lambda page: page.bridge.pause(on=True)),
           for_client=True),
    *(Screen(f"client-pointing-{number}", _client(at("meer"), _pointing(number)),
             for_client=True)
      for number in (0, 1)),
    Screen("client-pointed",
           _client(at("meer"), lambda page: page.bridge.show_pointing(0),
                   lambda page: page.bridge.point(4)),
           for_client=True),
)  # fmt: skip
