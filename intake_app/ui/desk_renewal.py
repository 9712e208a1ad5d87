"""The page on the desk made anew when theme or language change, with nothing on it lost.

`ui/renew.py` tells what a page holds and puts it in another; here is when that is done, and that
nothing is swapped unless both pages hold the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.context import AppContext
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.looks import Looks
from intake_app.ui.rail import Place
from intake_app.ui.renew import Held, busy, held, lay_out, put_place, put_scrolled, put_values
from intake_app.ui.shell import Crumb, Shell
from intake_app.ui.theme import Theme

_TRY_AGAIN_MS = 250


@dataclass(frozen=True)
class Made:
    """A page with its place in the window; an interview brings its own crumbs."""

    page: QWidget
    crumbs: tuple[Crumb, ...] = ()
    place: Place = Place.PEOPLE
    form: tuple[UUID | None, str] | None = None
    """About whom which form it is, where a restart lands in it."""


class Renewable(Protocol):
    """What a desk offers to have its page made anew."""

    shell: Shell
    context: AppContext
    words: UiTexts
    """The language that holds now; `context.tr` is what the page was built with."""
    way: Callable[[], None] | None
    """Goes once more to the page that is shown."""
    left: bool

    def put(self, made: Made) -> None:
        """Show a page instead of the one before."""

    def show_sync(self) -> None:
        """Say in the top line how sync stands."""


class Renewal(QObject):
    """Makes the page of one desk anew, now or as soon as nothing would be missed.

    Without `looks` the theme never changes, and only a change of language is followed.
    """

    def __init__(self, desk: Renewable, looks: Looks | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._looks = desk, looks
        self._caught: list[Made] | None = None
        self._refused: Held | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._renew)
        if looks is not None:
            looks.changed.connect(self.soon)

    def soon(self, _theme: object = None) -> None:
        """Build what is open anew when whoever told of the change is done."""
        self._refused = None
        self._timer.start(0)

    def catches(self, made: Made) -> bool:
        """Keep a page that was asked for as a copy; False when it has to be shown."""
        if self._caught is None:
            return False
        self._caught.append(made)
        return True

    def _renew(self) -> None:
        """Show the same page in the theme and language that hold now, or try again later."""
        desk, looks = self._desk, self._looks
        page = desk.shell.page
        theme = desk.context.theme if looks is None else looks.theme
        same = desk.context.theme == theme and desk.context.tr is desk.words
        if page is None or desk.left or same:
            return
        if busy():
            self._timer.start(_TRY_AGAIN_MS)
            return
        before = held(page)
        if self._refused is not None and before.same_as(self._refused):
            self._timer.start(_TRY_AGAIN_MS)
            return
        store = getattr(page, "before_renewal", None)
        stored = not callable(store) or store() is not False
        before = held(page)
        made = self._made_anew(page, theme, before) if stored else None
        if made is None:
            self._refused = before
            self._timer.start(_TRY_AGAIN_MS)
            return
        self._refused = None
        chrome = self._focused_outside(page)
        if looks is not None:
            looks.apply()
        desk.shell.set_theme(theme, desk.words)
        desk.show_sync()
        desk.put(made)
        if isinstance(made.page, InterviewHost):
            made.page.settle_in()
        put_place(made.page, before)
        # scroll bars know their length only after the layout
        QTimer.singleShot(0, made.page, lambda: put_scrolled(made.page, before))
        again = desk.shell.findChild(QWidget, chrome) if chrome else None
        if again is not None:
            again.setFocus()

    def _focused_outside(self, page: QWidget) -> str:
        """Return the name of the part of the window round the page that has the focus, or ''."""
        focused = self._desk.shell.focusWidget()
        outside = focused is not None and focused is not page and not page.isAncestorOf(focused)
        return focused.objectName() if focused is not None and outside else ""

    def _made_anew(self, page: QWidget, theme: Theme, before: Held) -> Made | None:
        """Return the page that is shown made anew, None where something would be lost.

        At another size a page may arrange itself otherwise, so there a copy at this size first
        shows that nothing would be missed.
        """
        desk = self._desk
        anew = replace(desk.context, theme=theme, tr=desk.words)
        if theme.factor != desk.context.theme.factor:
            proof = self._copy(page, desk.context, before)
            faithful = proof is not None and held(proof.page).same_as(before)
            if proof is not None:
                proof.page.deleteLater()
            made = self._copy(page, anew, before) if faithful else None
        else:
            made = self._copy(page, anew, before)
            if made is not None and not held(made.page).same_as(before):
                made.page.deleteLater()
                made = None
        if made is not None:
            desk.context = anew
        return made

    def _copy(self, page: QWidget, context: AppContext, before: Held) -> Made | None:
        """Return the same page built with `context`, holding the same; it is not shown yet."""
        desk = self._desk
        old, desk.context = desk.context, context
        way, self._caught = desk.way, []
        made: Made | None = None
        try:
            if isinstance(page, InterviewHost) and page.page is not None:
                host = page.renewed(context)
                made = None if host is None else Made(host)
            elif way is not None:
                way()
                made = self._caught[-1] if self._caught else None
        finally:
            self._caught, desk.way = None, way
            desk.context = old
        if made is not None:
            # owned by Qt from here on: Python must not delete a copy in the middle of an event
            made.page.hide()
            made.page.setParent(desk.shell)
            lay_out(made.page, page.size())
            put_values(made.page, before)
        return made
