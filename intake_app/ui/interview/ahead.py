"""Pages that will probably be wanted next, built while nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from PySide6.QtCore import QElapsedTimer, QObject, QSize, QTimer
from PySide6.QtWidgets import QWidget

from intake_app.ui.interview.bridge import InterviewBridge, Place
from intake_app.ui.interview.sheet import PageSheet
from intake_app.xforms import NodeKey, Page

WAIT_MS = 40
"""How long nothing must have happened before a page is built ahead."""

OPENED = 3
"""How many pages are prepared at most that only come when another answer is given."""

AGAIN = 2
"""How often a page is laid out anew because its own foot turned out higher or lower."""

SLICE_MS = 3.0
"""After so long the person at the keyboard is let in again; one step more may run over it."""


@dataclass(slots=True)
class _Prepared:
    sheet: PageSheet
    laying: Iterator[None] | None = None
    size: QSize = field(default_factory=QSize)
    again: int = AGAIN
    built: bool = False
    checked: bool = True
    pictured: bool = False


class Ahead(QObject):
    """Keeps the next page, the one after it and the one before it ready, hidden.

    So are pages that would come next if another answer were given to the one that is shown.

    `take` hands one out that is up to date to the last word, or None. Nothing is built while the
    client screen is paused or the window locks, and what was built goes then.
    """

    def __init__(
        self,
        bridge: InterviewBridge,
        make: Callable[[Page], PageSheet],
        drop: Callable[[PageSheet], None],
        size: Callable[[PageSheet], QSize],
        seen: QWidget,
    ) -> None:
        """`make` begins a sheet, `drop` deletes one, `size` is what one has when it is shown.

        Nothing is built while `seen` is not.
        """
        super().__init__(seen)
        self._seen = seen
        self._bridge, self._make, self._delete, self._size = bridge, make, drop, size
        self._prepared: dict[NodeKey, _Prepared] = {}
        self._next: set[NodeKey] = set()
        self._clock = QElapsedTimer()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._slice = QTimer(self)
        self._slice.setInterval(0)
        self._wait.timeout.connect(self._slice.start)
        self._slice.timeout.connect(self.turn)
        bridge.paused.connect(self._paused)

    # ---- asked by the card ---------------------------------------------------------------------

    def start(self) -> None:
        """Something happened: look again what is wanted, when it is quiet."""
        self._slice.stop()
        if not self._bridge.is_paused:
            self._wait.start()

    def stale(self) -> None:
        """An answer or a text changed: what was prepared is looked at again before long."""
        for prepared in self._prepared.values():
            prepared.checked = False
        self.start()

    def take(self, page: Page) -> PageSheet | None:
        """Return the sheet of `page` as a fresh one would be, None when there is none."""
        prepared = self._prepared.pop(page.key, None)
        if prepared is None:
            return None
        prepared.sheet.finish()
        if prepared.sheet.catch_up(page):
            return prepared.sheet
        self._delete(prepared.sheet)
        return None

    def clear(self) -> None:
        """Throw away what was prepared and prepare nothing until `start`."""
        self._wait.stop()
        self._slice.stop()
        for key in tuple(self._prepared):
            self._drop(key)

    @property
    def ready(self) -> frozenset[NodeKey]:
        """Return which pages lie ready to be shown; for tests and measuring."""
        return frozenset(
            key for key, p in self._prepared.items() if p.built and p.laying is None and p.checked
        )

    def peek(self, key: NodeKey) -> PageSheet | None:
        """Return what is prepared of a page, ready or not, and leave it where it is."""
        prepared = self._prepared.get(key)
        return None if prepared is None else prepared.sheet

    @property
    def waiting(self) -> bool:
        """True while what has to be built waits for quiet."""
        return self._wait.isActive()

    @property
    def busy(self) -> bool:
        """True while there is something left to prepare."""
        return self._wait.isActive() or self._slice.isActive()

    # ---- inside --------------------------------------------------------------------------------

    def _paused(self, on: bool) -> None:
        if on:
            self.clear()
        else:
            self.start()

    def _wanted(self) -> tuple[Page, ...]:
        bridge = self._bridge
        if bridge.place is not Place.PAGE or bridge.page is None:
            return ()
        pages = bridge.flow.session.pages()
        here = next((n for n, page in enumerate(pages) if page.key == bridge.page.key), None)
        if here is None:
            return ()
        following = pages[here + 1 : here + 3]
        coming = bridge.flow.session.coming_pages(bridge.page.key)
        opened = tuple(islice((page for page in coming if page not in following), OPENED))
        # a picture is some two megabytes: only of what comes next, whatever is answered
        self._next = {page.key for page in (*following[:1], *opened)}
        # the next one first, then those an answer would put before it
        return (*following[:1], *opened, *following[1:], *pages[max(0, here - 1) : here])

    def turn(self) -> None:
        """Do a little of what is wanted first; stop when all of it is there."""
        if not self._seen.isVisible():
            self._slice.stop()
            return
        self._clock.start()
        wanted = {page.key: page for page in self._wanted()}
        for key in tuple(self._prepared):
            if key not in wanted:
                self._drop(key)
                return
        for key, page in wanted.items():
            while self._advance(key, page):
                if self._clock.nsecsElapsed() > SLICE_MS * 1e6:
                    return
        self._slice.stop()

    def _advance(self, key: NodeKey, page: Page) -> bool:
        """Take one step towards the sheet of a page; False when it lies ready."""
        try:
            return self._step(key, page)
        except BaseException:
            # What could not be prepared is built when it is shown, where an error is heard.
            self._slice.stop()
            self._drop(key)
            raise

    def _step(self, key: NodeKey, page: Page) -> bool:
        prepared = self._prepared.get(key)
        if prepared is None:
            self._prepared[key] = _Prepared(self._make(page))
            return True
        if not prepared.built:
            prepared.built = not prepared.sheet.work()
            return True
        if not prepared.checked:
            if prepared.sheet.catch_up(page):
                prepared.checked = True
            else:
                self._drop(key)
            return True
        if prepared.laying is None and self._moves(prepared):
            prepared.pictured = False
            prepared.laying = prepared.sheet.lay_out(prepared.size)
        if prepared.laying is not None:
            if next(prepared.laying, prepared) is prepared:
                prepared.laying = None
            return True
        if prepared.pictured is not (key in self._next):
            prepared.pictured = not prepared.pictured
            if prepared.pictured:
                prepared.laying = prepared.sheet.take_picture(self._seen.height())
            else:
                prepared.sheet.forget_picture()
            return True
        return False

    def _moves(self, prepared: _Prepared) -> bool:
        """Whether a sheet has to be laid out, for the size it has now."""
        size = self._size(prepared.sheet)
        if not prepared.sheet.settled or size.width() != prepared.size.width():
            prepared.again = AGAIN
        elif size == prepared.size or not prepared.again:
            return False
        prepared.again -= 1
        prepared.size = size
        return True

    def _drop(self, key: NodeKey) -> None:
        prepared = self._prepared.pop(key, None)
        if prepared is not None:
            prepared.laying = None
            self._delete(prepared.sheet)
