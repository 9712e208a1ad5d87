"""Questions the client will probably see next, built while nothing happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QSize, QTimer
from PySide6.QtWidgets import QWidget

from intake_app.ui.clientscreen.face import QuestionFace
from intake_app.ui.interview.painting import made_ready
from intake_app.ui.theme import Theme
from intake_app.xforms import NodeKey, QuestionView, ShownText

WAIT_MS = 60
"""How long nothing must have happened; a little longer than the colleague's page waits."""

SLICE_MS = 3.0

PICTURED = 2
"""Of so many of the likeliest there is a picture, of some three megabytes on a whole monitor."""


@dataclass(frozen=True, slots=True)
class Made:
    """All that a face is made from; another look, size or word makes another face."""

    view: QuestionView
    theme: Theme
    language: str
    room: tuple[int, int]
    title: ShownText | None = None


class Maker(Protocol):
    """The window that shows faces."""

    def keys_ahead(self) -> tuple[NodeKey, ...]: ...
    def made_from(self, key: NodeKey) -> Made: ...
    def make(self, made: Made) -> QuestionFace: ...
    def face_size(self, face: QuestionFace) -> QSize: ...


@dataclass(slots=True)
class _Prepared:
    made: Made
    face: QuestionFace
    left: Iterator[None] | None
    pictured: bool = False


class FacesAhead(QTimer):
    """Keeps the likely questions ready, hidden. `take` hands one out that is exactly as asked."""

    def __init__(self, maker: Maker, seen: QWidget) -> None:
        """Nothing is built while `seen` is not."""
        super().__init__(seen)
        self._maker, self._seen = maker, seen
        self._prepared: dict[NodeKey, _Prepared] = {}
        self._clock = QElapsedTimer()
        self.timeout.connect(self.turn)

    def begin(self) -> None:
        """Something happened: look again what is wanted, when it is quiet."""
        self.setInterval(WAIT_MS)
        self.start()

    def take(self, key: NodeKey, made: Made) -> QuestionFace | None:
        """Return the face of a question made from `made`, None when there is none."""
        prepared = self._prepared.pop(key, None)
        if prepared is None:
            return None
        if prepared.made == made:
            return prepared.face
        _delete(prepared.face)
        return None

    def clear(self) -> None:
        """Throw away what was prepared."""
        self.stop()
        for prepared in self._prepared.values():
            _delete(prepared.face)
        self._prepared.clear()

    @property
    def ready(self) -> frozenset[NodeKey]:
        """Return which questions lie ready; for tests and measuring."""
        return frozenset(key for key, p in self._prepared.items() if p.left is None)

    def turn(self) -> None:
        """Do a little; stop when all that is wanted is there."""
        self.setInterval(0)
        self._clock.start()
        wanted = self._maker.keys_ahead() if self._seen.isVisible() else ()
        for key in tuple(self._prepared):
            if key not in wanted:
                _delete(self._prepared.pop(key).face)
        for place, key in enumerate(wanted):
            while self._advance(key, pictured=place < PICTURED):
                if self._clock.nsecsElapsed() > SLICE_MS * 1e6:
                    return
        self.stop()

    def _advance(self, key: NodeKey, *, pictured: bool) -> bool:
        made, prepared = self._maker.made_from(key), self._prepared.get(key)
        if prepared is None or prepared.made != made:
            if prepared is not None:
                _delete(self._prepared.pop(key).face)
            face = self._maker.make(made)
            face.resize(self._maker.face_size(face))
            self._prepared[key] = _Prepared(made, face, made_ready(face))
            return True
        if prepared.left is not None:
            if next(prepared.left, prepared) is prepared:
                prepared.left = None
            return True
        if prepared.pictured is pictured:
            return False
        prepared.pictured = pictured
        if pictured:
            prepared.left = prepared.face.take_picture(self._seen.height())
        else:
            prepared.face.forget_picture()
        return True


def _delete(face: QuestionFace) -> None:
    face.hide()
    face.deleteLater()
