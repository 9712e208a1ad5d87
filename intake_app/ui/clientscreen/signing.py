"""Where the client signs: a large pad, and keys to take a line back, begin anew, and be ready."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import D_
from intake_app.ui.clientscreen.inputs import SMALLEST_TARGET, ClientInput, ClientTools, Key
from intake_app.ui.clientscreen.pad import DONE, ERASE
from intake_app.ui.interview.signature_pad import HEIGHT, WIDTH, SignaturePad, Stroke
from intake_app.ui.kit.icons import draw_icon
from intake_app.xforms import AnswerState, QuestionView, ShownText

BACK = D_("De laatste streep weg")


class SigningPad(ClientInput):
    """A pad as wide as there is room for. `signed` carries the picture, a PNG.

    Only the key that says so makes lines a signature: half of one is never stored. `drawn` carries
    the lines that nobody has said are ready. Once it is stored nobody draws over it: the lines stay
    in sight with a tick, until a colleague takes the answer away.
    """

    signed = Signal(bytes)
    drawn = Signal(object)

    def __init__(
        self, tools: ClientTools, view: QuestionView, parent: QWidget | None = None
    ) -> None:
        super().__init__(tools, parent)
        self._view = view
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(12))
        self.pad = _Paper(tools)
        self.pad.setAccessibleName(view.label.text)
        self.pad.changed.connect(self._drawn)
        column.addWidget(self.pad, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(self.theme.gap(12))
        row.addStretch(1)
        self.undo = self._key(BACK, "arrow-left", "sign-undo")
        self.clear = self._key(ERASE, "trash", "sign-clear")
        self.done = self._key(DONE, "check", "sign-done", strong=True)
        self.undo.clicked.connect(self.pad.undo)
        self.clear.clicked.connect(self.pad.clear)
        self.done.clicked.connect(self._sign)
        for key in (self.undo, self.clear, self.done):
            key.setFixedWidth(self.theme.px(2 * SMALLEST_TARGET))
            row.addWidget(key)
        row.addStretch(1)
        self.show_value(view)

    def fit(self, width: int, height: int) -> None:
        room = height - self.theme.px(SMALLEST_TARGET) - self.theme.gap(12)
        wide = max(self.theme.px(240), min(width, room * WIDTH // HEIGHT))
        self.pad.setFixedSize(wide, wide * HEIGHT // WIDTH)

    def show_value(self, view: QuestionView) -> None:
        answered = (self._view.value, self._view.state) != (view.value, view.state)
        if answered and not view.value:
            # taken away, or told why there is none: what was drawn is no signature any more
            self.pad.clear()
        self._view = view
        self.pad.set_stored(bool(view.value), readonly=view.readonly)
        self._drawn()

    def go_on_with(self, strokes: tuple[Stroke, ...]) -> None:
        """Show the lines that were drawn before this was built anew; none once it is answered."""
        if not self._view.value and self._view.state is AnswerState.NONE:
            self.pad.set_strokes(strokes)

    @property
    def is_half(self) -> bool:
        """True while there is something drawn that could be a signature, and is not stored."""
        return self.pad.is_enough and not self._view.value

    def _sign(self) -> None:
        if self.is_half:
            self.signed.emit(self.pad.png())

    def _drawn(self) -> None:
        may = not self._view.value and not self._view.readonly
        self.drawn.emit(() if self._view.value else self.pad.strokes)
        for key in (self.undo, self.clear):
            key.setEnabled(may and not self.pad.is_empty)
        self.done.setEnabled(may and self.pad.is_enough)

    def _key(self, word: str, icon: str, name: str, *, strong: bool = False) -> Key:
        shown = self.tools.words(word) or ShownText(word, "nl")
        return Key(self.tools, "", shown, name=name, icon=icon, strong=strong)


class _Paper(SignaturePad):
    """The pad, with a tick on it once what was drawn is stored."""

    def __init__(self, tools: ClientTools) -> None:
        super().__init__(tools.theme, "sign-pad")
        self._tools, self._stored = tools, False
        # a touch here must not pull the colleague out of a field
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_stored(self, stored: bool, *, readonly: bool) -> None:
        """Show that it is stored, and take no more lines."""
        self._stored = stored
        self.setEnabled(not stored and not readonly)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._stored:
            theme = self._tools.theme
            side, gap = float(theme.px(44)), theme.gap(16)
            spot = QRectF(self.width() - side - gap, gap, side, side)
            draw_icon(QPainter(self), "ok", theme.color("ok"), spot)
