"""Going on by itself after a choice, for a colleague who wants that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid

from intake_app.ui.interview.bridge import Place
from intake_app.xforms import NodeKey, QuestionKind

if TYPE_CHECKING:
    from intake_app.ui.interview.page import InterviewPage

CUE_MS = 700
"""So long is shown that the next page comes; every other act in that time keeps the page."""


_ACTS = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel}
)
"""What somebody does who is still busy with the page."""


class AutoAdvance(QObject):
    """Goes to the next page a moment after one choice was made by the colleague.

    Never after a choice of several, where something is wrong with the answer, where answers fell
    away by it (that is to be read first), where the page asks more than this, or for a tap of the
    client. Alt+Left comes back, as after any step.
    """

    def __init__(self, page: InterviewPage) -> None:
        super().__init__(page)
        self._page = page
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CUE_MS)
        self._timer.timeout.connect(self._go)
        bridge = page.bridge
        for other in (
            bridge.moved,
            bridge.changed,
            bridge.failed,
            bridge.paused,
            bridge.pointing_changed,
            bridge.focus_changed,
        ):
            other.connect(self._other)
        # a note, a list, a dialog: whoever begins something is not taken away from it
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusObjectChanged.connect(self._other)
        self._watched: QWindow | None = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in _ACTS:
            self.cancel()
        return False

    @property
    def waiting(self) -> bool:
        """True while the cue shows."""
        return self._timer.isActive()

    def answered(self, key: NodeKey) -> None:
        """Go on in a moment, where the answer to this question is one to go on after."""
        self.cancel()
        if self._is_finished(key):
            self._page.footer.set_going_on(on=True)
            self._page.announce(self._page.tools.tr.gettext("Gaat verder naar de volgende vraag."))
            self._timer.start()
            self._watched = self._page.window().windowHandle()
            if self._watched is not None:
                self._watched.installEventFilter(self)

    def cancel(self) -> None:
        """Stay on this page."""
        if self.waiting:
            self._timer.stop()
            self._unwatch()
            self._page.footer.set_going_on(on=False)

    def _other(self, *_: object) -> None:
        self.cancel()

    def _is_finished(self, key: NodeKey) -> bool:
        bridge = self._page.bridge
        page = bridge.page
        if bridge.place is not Place.PAGE or page is None or page.keys != (key,):
            return False
        view = bridge.flow.view(key)
        return (
            view.definition.kind is QuestionKind.SELECT_ONE
            and bool(view.value)
            and view.problem is None
            and not self._page.notice.isVisibleTo(self._page)
        )

    def _unwatch(self) -> None:
        watched, self._watched = self._watched, None
        if watched is not None and isValid(watched):
            watched.removeEventFilter(self)

    def _go(self) -> None:
        self._unwatch()
        self._page.footer.set_going_on(on=False)
        self._page.go_next()
