"""Builds any screen in one look: the theme, the texts, the vaults, and the window round a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.tour import world as places
from intake_app.tour.kinds import ShelfWithKinds
from intake_app.tour.looks import Look, catalogues_of
from intake_app.tour.world import Place, World
from intake_app.ui import rail
from intake_app.ui.bridge import VaultBridge
from intake_app.ui.context import AppContext
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.shell import Crumb, Shell
from intake_app.ui.theme import Theme
from intake_app.vault import Vault


class Nowhere:
    """A navigator and a picker that do nothing: a picture of a screen leads nowhere."""

    def __init__(self, *paths: Path) -> None:
        self._paths = list(paths)

    def _next(self) -> Path | None:
        return self._paths.pop(0) if self._paths else None

    def choose_file(self, title: str, pattern: str = "", *, parent: QWidget) -> Path | None:
        """Return the path that was laid ready, or None."""
        del title, pattern, parent
        return self._next()

    def choose_folder(self, title: str, *, parent: QWidget) -> Path | None:
        """Return the path that was laid ready, or None."""
        del title, parent
        return self._next()

    def choose_save(
        self, title: str, suggested: str, pattern: str = "", *, parent: QWidget
    ) -> Path | None:
        """Return the path that was laid ready, or None."""
        del title, suggested, pattern, parent
        return self._next()

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Every other way leads nowhere."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *_args, **_more: None


@dataclass
class Studio:
    """One look at the screens; `theme` is applied to the application by who makes a studio."""

    world: World
    look: Look
    theme: Theme
    real: Catalogues
    library: ShelfWithKinds
    _bridges: list[VaultBridge] = field(default_factory=list)
    _kept: list[QWidget] = field(default_factory=list)

    @property
    def catalogues(self) -> Catalogues:
        """Return the texts in the words of this look."""
        return catalogues_of(self.look, self.real)

    @property
    def tr(self) -> UiTexts:
        """Return the program's own texts in the words of this look."""
        return self.catalogues.ui("ar" if self.look.words == "ar" else "nl")

    def vault(self, place: Place = places.AZC) -> Vault:
        """Return an open vault."""
        return self.world.vault(place)

    def person(self, given: str, place: Place = places.AZC) -> UUID:
        """Return who somebody is by the given names."""
        return self.world.person(place, given).person_id

    def client(self) -> str:
        """Return the given name of who speaks the client's language of this look."""
        return "Selam" if self.look.client == "ti" else "Layla"

    def context(self, place: Place = places.AZC, *ready: Path, **more: Any) -> AppContext:
        """Return what a page gets; `ready` are the files somebody would choose."""
        vault = self.vault(place)
        events = VaultBridge(vault)
        self._bridges.append(events)
        nowhere: Any = Nowhere(*ready)
        return AppContext(
            vault=vault,
            library=self.library,
            catalogues=self.catalogues,
            tr=self.tr,
            env=vault.env,
            theme=self.theme,
            navigate=nowhere,
            pick=nowhere,
            events=events,
            **more,
        )

    def shell(
        self,
        page: QWidget,
        crumbs: Sequence[str] = (),
        place: rail.Place | None = None,
        *,
        practice: bool = False,
    ) -> Shell:
        """Return the window of the program with a page in it."""
        window = Shell(self.theme, self.tr, practice=practice)
        tr = self.tr.gettext
        parts = [Crumb(tr(word), _nothing) for word in crumbs]
        window.show_page(page, parts, place=place)
        return window

    def interview(
        self, *, form: str = "alle_soorten", given: str = "", place: Place = places.TALK
    ) -> InterviewHost:
        """Return the page of an interview that is open."""
        who = given or self.client()
        return InterviewHost.reopen(self.context(place), self.world.interview(place, who, form))

    def talk(
        self, prepare: Callable[[InterviewPage], None] = lambda _page: None, **which: Any
    ) -> Shell:
        """Return the window with an interview in it, prepared as wanted."""
        host = self.interview(**which)
        window = Shell(self.theme, self.tr, practice=True)
        window.show_page(host, (Crumb("Amanuel T.", _nothing), Crumb(host.heading)))
        window.interview_mode(on=True)
        host.attach(window)
        if host.page is not None:
            prepare(host.page)
            window.set_crumbs((Crumb("Amanuel T.", _nothing), Crumb(host.heading)))
        return window

    def keep(self, widget: QWidget) -> QWidget:
        """Hold on to a widget, such as the parent of a dialog, until the picture is taken."""
        self._kept.append(widget)
        return widget

    def done(self) -> None:
        """Let go of the vaults."""
        self._kept.clear()
        for bridge in self._bridges:
            bridge.stop()
        self._bridges.clear()


def settle(app: QApplication, rounds: int = 4) -> None:
    """Let layouts, single shots of zero length and deletions happen."""
    for _ in range(rounds):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _nothing() -> None:
    """Lead nowhere."""
