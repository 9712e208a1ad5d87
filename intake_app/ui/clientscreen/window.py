"""The window the client looks at: a second view of the interview's bridge.

It shows label, hint and choices of one question that is meant for the client, in the client's
language, and nothing else: no names, no notes, no guidance, no progress.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from intake_app.documents.client_page import Speaker
from intake_app.documents.pointing_pages import PAGES
from intake_app.flows.answer_files import PreparedFile, signature
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.clientscreen.ahead import FacesAhead, Made
from intake_app.ui.clientscreen.choices import ChoiceTiles
from intake_app.ui.clientscreen.face import QuestionFace
from intake_app.ui.clientscreen.foot import Foot
from intake_app.ui.clientscreen.hearing import Reader
from intake_app.ui.clientscreen.inputs import SMALLEST_TARGET, ClientInput, ClientTools, Key
from intake_app.ui.clientscreen.monitor import Filled
from intake_app.ui.clientscreen.pad import ScaleKeys
from intake_app.ui.clientscreen.pointing import PointingSheet
from intake_app.ui.clientscreen.signing import SigningPad
from intake_app.ui.clientscreen.tiles import ChoiceTile
from intake_app.ui.clientscreen.wait import WaitCard
from intake_app.ui.clientscreen.words import OwnWords
from intake_app.ui.clientscreen.yes import YesTile
from intake_app.ui.interview.painting import GroundArea
from intake_app.ui.interview.signature_pad import Stroke
from intake_app.ui.kit.focus import ReadingOrder
from intake_app.ui.kit.text import LangLabel
from intake_app.ui.practice import PracticeEdge
from intake_app.ui.theme import SMALLEST_BODY, Theme, layout_direction
from intake_app.xforms import NodeKey, QuestionView, ShownText

DRAWN_FOR = (1366.0, 768.0)
"""The window the sizes are drawn for; type grows and shrinks with the window round it."""

SMALLEST, LARGEST, RESIZED = 0.75, 1.8, 0.04

TIGHT = 560
"""A window smaller than this in one direction has little white to spare."""


class ClientBridge(Protocol):
    """The part of the interview's bridge that this screen may use."""

    @property
    def language(self) -> str: ...
    @property
    def form_id(self) -> str: ...
    def client_key(self) -> NodeKey | None: ...
    def client_keys_ahead(self) -> tuple[NodeKey, ...]: ...
    def client_view(self, key: NodeKey) -> QuestionView: ...
    def client_title(self, key: NodeKey) -> ShownText | None: ...
    def answer(self, key: NodeKey, value: str) -> bool: ...
    def answer_file(self, key: NodeKey, file: PreparedFile) -> bool: ...
    @property
    def drawn(self) -> dict[NodeKey, tuple[Stroke, ...]]: ...
    @property
    def is_paused(self) -> bool: ...
    @property
    def pointing(self) -> int | None: ...
    @property
    def pointed(self) -> int: ...
    def rest(self) -> None: ...
    def show_pointing(self, page: int | None) -> None: ...
    def point(self, number: int) -> None: ...


class _Layers(QStackedWidget):
    """Needs no more room than the one that shows; the others would count too."""

    def sizeHint(self) -> QSize:  # noqa: N802
        shown = self.currentWidget()
        return super().sizeHint() if shown is None else shown.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        shown = self.currentWidget()
        return super().minimumSizeHint() if shown is None else shown.minimumSizeHint()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        shown = self.currentWidget()
        return shown is not None and shown.hasHeightForWidth()


class ClientWindow(ReadingOrder, QWidget):
    """One question, large. `gone` when the window was closed or its monitor taken away.

    It never takes the keyboard: a tap must not pull the colleague out of a field.
    """

    gone = Signal()
    lost = Signal()
    """The monitor it filled went away, or the window was put on another one."""
    unsigned = Signal(object)
    """The question of this `NodeKey` went while somebody was signing it: nothing was stored."""

    def __init__(
        self,
        theme: Theme,
        bridge: ClientBridge,
        texts: UiTexts,
        *,
        practice: bool = False,
        say: Speaker | None = None,
        reader: Reader | None = None,
    ) -> None:
        """Show what `bridge` says; `texts` are the program's own words in the client's language.

        `say` says the pages to point at; without it they are in Dutch. `reader` reads aloud.
        """
        super().__init__(None)
        self.setObjectName("client-window")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        # the program ends with the colleague's window
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self._base, self._bridge, self._texts = theme, bridge, texts
        self._theme = theme
        self._say = say or Speaker(SOURCE_LANGUAGE)
        self._sheet: PointingSheet | None = None
        self._key: NodeKey | None = None
        self._view: QuestionView | None = None
        self._face: QuestionFace | None = None
        self._filled: Filled | None = None
        self._held = False
        self.setLayoutDirection(layout_direction(bridge.language))
        self.setWindowTitle("Doorgaande Lijn")
        self._outer = outer = QVBoxLayout(self)
        self._area = GroundArea(theme.color("client_ground"), "client-scroll")
        # two large buttons scroll; a bar would take width from tiles that just fit
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        words = OwnWords(texts, bridge.language)
        self._wait = WaitCard(theme, words)
        # in one place: beside each other, what is drawn ahead in the one that is hidden would have
        # both laid out for half of the room
        self._layers = _Layers()
        self._layers.addWidget(self._area)
        self._layers.addWidget(self._wait)
        outer.addWidget(self._layers, 1)
        self._foot = Foot(theme, words, reader, outer)
        self._foot.scrolled.connect(self._scroll)
        self._foot.turned.connect(self._turn_page)
        self.hear_button, self.pause_button = self._foot.hear, self._foot.pause
        self.pause_button.clicked.connect(bridge.rest)
        self._set_margins()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()
        scrolling = self._area.verticalScrollBar()
        scrolling.valueChanged.connect(self._show_cues)
        scrolling.rangeChanged.connect(self._show_cues)
        self._ahead = FacesAhead(self, self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(0)
        self._settling.timeout.connect(self._fit_face)
        if practice:
            self._edge = PracticeEdge(theme, self)
        for name in ("moved", "changed", "focus_changed", "paused", "pointing_changed"):
            getattr(bridge, name).connect(self._told)
        going_blank = getattr(bridge, "going_blank", None)
        if going_blank is not None:
            going_blank.connect(self.blank)
        self.refresh()

    # ---- where it stands -----------------------------------------------------------------------

    def fill(self, screen: QScreen) -> None:
        """Show full screen on this monitor; `lost` when it is not there any more."""
        self._filled = Filled(self, screen)
        self._filled.left.connect(self._leave)
        self._filled.fill()

    @property
    def monitor(self) -> QScreen | None:
        """Return the monitor it fills, None where it fills none."""
        return None if self._filled is None else self._filled.screen

    def screen_gone(self, screen: QScreen) -> None:
        """Go away when it is this window's monitor that was taken away."""
        if screen is self.monitor:
            self._leave()

    def _leave(self) -> None:
        """Go before anything is painted on a monitor the colleague looks at."""
        self._let_go()
        self.hide()
        self.flush()
        self.lost.emit()

    def _let_go(self) -> None:
        if self._filled is not None:
            self._filled.let_go()
            self._filled = None

    def flush(self) -> None:
        """Store what was tapped and not yet stored."""
        if self._face is not None and self._face.input is not None:
            self._face.input.flush()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._let_go()
        self.flush()
        super().closeEvent(event)
        self.gone.emit()

    # ---- what it shows -------------------------------------------------------------------------

    @property
    def input(self) -> ClientInput | None:
        """Return where the client answers the question that is shown; None for nothing to tap."""
        return None if self._face is None else self._face.input

    @property
    def tiles(self) -> tuple[ChoiceTile | Key, ...]:
        """Return the tiles that are shown."""
        shown = self.input
        if isinstance(shown, (ChoiceTiles, YesTile)):
            return shown.tiles
        return tuple(shown.keys) if isinstance(shown, ScaleKeys) else ()

    def texts_shown(self) -> tuple[str, ...]:
        """Return every text on this window; a test proves that none of it is for the staff."""
        face = () if self._face is None or self._area.isHidden() else self._face.texts()
        labels = [
            w.text()
            for w in self.findChildren(LangLabel)
            if w.isVisibleTo(self) and (self._face is None or not self._face.isAncestorOf(w))
        ]
        sheet = None if self._area.isHidden() else self._sheet
        pictures = [] if sheet is None else [tile.shown.text for tile in sheet.grid.tiles]
        shown = (*face, *labels, *pictures, self.pause_button.text())
        return tuple(text for text in shown if text)

    def blank(self) -> None:
        """Show the pause, painted when this returns; nothing else is done first.

        What was half tapped is stored when the bridge tells of the pause itself.
        """
        self._show_card()
        self._outer.activate()
        self.repaint()

    def hold(self, *, on: bool) -> None:
        """Show the calm card instead of the question for a while; what was tapped stays."""
        if on != self._held:
            self._held = on
            self.refresh()

    def _show_card(self) -> None:
        """Show the calm card and nothing that could be read or tapped."""
        self._layers.setCurrentWidget(self._wait)
        self.hear_button.hide()
        self.pause_button.hide()
        self._foot.show_pages(None)
        self._foot.show_pager(on=False)
        self._wait.say(paused=self._bridge.is_paused)
        self._show_cues()

    def refresh(self) -> None:
        """Show the question of this moment, or nothing that could be read."""
        if self._held:
            self._show_card()
            return
        self._show_hearing()
        if self._show_pointing():
            return
        if self._bridge.client_key() != self._key:
            self._leave_question()
        key = self._bridge.client_key()
        view = None if key is None else self._bridge.client_view(key)
        waiting = view is None
        self._layers.setCurrentWidget(self._wait if waiting else self._area)
        self.pause_button.setVisible(not self._bridge.is_paused)
        self._foot.show_pager(on=True)
        if waiting:
            self._wait.say(paused=self._bridge.is_paused)
        if view is None:
            self._key, self._view = None, None
            self._drop_question()
            self._show_cues()
            return
        face = self._face if key == self._key and _same_words(view, self._view) else None
        if face is not None and face.title == self._bridge.client_title(view.key):
            self._view = view
            face.show_value(view)
            self._show_cues()
            return
        self._key, self._view = key, view
        self._build(view)

    def _leave_question(self) -> None:
        self.flush()
        shown = self.input
        if isinstance(shown, SigningPad) and shown.is_half and not self._bridge.is_paused:
            self.unsigned.emit(self._key)

    def _show_hearing(self) -> None:
        """Offer to read the question that shows, where it can be read."""
        bridge = self._bridge
        hidden = bridge.is_paused or bridge.pointing is not None
        self.hear_button.show_for(None if hidden else bridge.client_key())

    def _show_pointing(self) -> bool:
        """Show the page to point at, if there is one now; True when it shows."""
        page = None if self._bridge.is_paused else self._bridge.pointing
        self._foot.show_pages(page, len(PAGES))
        if page is None:
            if self._sheet is not None:
                # the question is built anew, whatever stood there before
                self._sheet = self._key = self._view = None
            return False
        self._layers.setCurrentWidget(self._area)
        self.pause_button.setVisible(True)
        self.flush()
        self._key = self._view = None
        if self._sheet is None or self._sheet.page != page:
            self._build_pointing(page)
        if self._sheet is not None:
            self._sheet.grid.show_pointed(self._bridge.pointed)
        return True

    def _build_pointing(self, page: int) -> None:
        room = self._room()
        sheet = PointingSheet(self._theme, page, self._say, self._bridge.language, room)
        sheet.grid.pointed.connect(self._bridge.point)
        sheet.setLayoutDirection(self.layoutDirection())
        self._drop_question()
        self._area.setWidget(sheet)
        self._sheet = sheet

    def _turn_page(self, by: int) -> None:
        page = self._bridge.pointing
        if page is not None and 0 <= page + by < len(PAGES):
            self._bridge.show_pointing(page + by)

    def _drop_question(self) -> None:
        """Delete what was shown: a taken widget would live on with the client's words."""
        self._face = None
        self._foot.set_pager(None)
        old = self._area.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._set_margins()
        fitting = self._fitting()
        changed = abs(fitting.scale - self._theme.scale) > RESIZED
        if changed:
            self._theme = fitting
        self._foot.keep_height(0 if self._tight() else self._theme.px(SMALLEST_TARGET))
        if self._sheet is not None:
            self._build_pointing(self._sheet.page)
            self.refresh()
        elif self._view is not None and changed:
            self.flush()
            self._build(self._view)
        else:
            # the room for the question is known when the layout has followed
            self._settling.start()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), self._theme.color("client_ground"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pause at P and Esc, should a keyboard reach this window after all."""
        if event.key() in {Qt.Key.Key_P, Qt.Key.Key_Escape}:
            self._bridge.rest()
        else:
            super().keyPressEvent(event)

    # ---- inside --------------------------------------------------------------------------------

    def _told(self, _what: object = None) -> None:
        self.refresh()
        if self._bridge.is_paused:
            self._ahead.clear()
        else:
            self._ahead.begin()

    def _fitting(self) -> Theme:
        """Return the theme at the size of this window: its reader sits further away."""
        size = min(self.width() / DRAWN_FOR[0], self.height() / DRAWN_FOR[1])
        scale = min(max(size, SMALLEST), LARGEST) * SMALLEST_BODY / self._base.body_px
        return replace(self._base, scale=scale)

    def _set_margins(self) -> None:
        """Leave white round the question, as much as the window can spare."""
        tight, theme = self._tight(), self._base
        side, top, low, between = (20, 14, 12, 8) if tight else (56, 40, 28, 16)
        sides = theme.gap(side)
        self._outer.setContentsMargins(sides, theme.gap(top), sides, theme.gap(low))
        self._outer.setSpacing(theme.gap(between))
        self._foot.set_low(low=tight)

    def _tight(self) -> bool:
        return self.height() < TIGHT or self.width() < TIGHT

    def _room(self) -> tuple[int, int]:
        """Return the width and height there is for a question."""
        margins = self._outer.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        height = self.height() - margins.top() - margins.bottom() - self._outer.spacing()
        foot = max(self.pause_button.sizeHint().height(), self._theme.px(SMALLEST_TARGET))
        return width, height - foot

    def _build(self, view: QuestionView) -> None:
        made = self._made(view)
        face = self._ahead.take(view.key, made) or self.make(made)
        strokes = self._bridge.drawn.get(view.key, ())
        if isinstance(face.input, SigningPad) and strokes:
            face.input.go_on_with(strokes)
            face.forget_picture()
        self._drop_question()
        self._face = face
        self._area.setWidget(face)
        if face.input is not None:
            face.input.answered.connect(self._answered)
        if isinstance(face.input, SigningPad):
            face.input.signed.connect(self._signed)
            face.input.drawn.connect(self._drawn)
        if isinstance(face.input, ChoiceTiles):
            self._foot.set_pager(face.input.pager)
        self._show_cues()

    # ---- built ahead ---------------------------------------------------------------------------

    def keys_ahead(self) -> tuple[NodeKey, ...]:
        """Return the questions that will probably be shown next."""
        return self._bridge.client_keys_ahead()

    def made_from(self, key: NodeKey) -> Made:
        """Return all that the face of a question is made from now."""
        return self._made(self._bridge.client_view(key))

    def make(self, made: Made) -> QuestionFace:
        """Make a face, hidden."""
        form = self._bridge.form_id
        tools = ClientTools(made.theme, made.language, self._say, form, self._texts)
        face = QuestionFace(tools, made.view, *made.room, title=made.title)
        face.hide()
        # in its place from the beginning: a widget that moves has its style looked up anew
        face.setParent(self._area.viewport())
        face.setLayoutDirection(self.layoutDirection())
        return face

    def face_size(self, face: QuestionFace) -> QSize:
        """Return the size a face has when it is shown."""
        size = self._area.viewport().size()
        return QSize(size.width(), max(size.height(), face.heightForWidth(size.width())))

    def _made(self, view: QuestionView) -> Made:
        title = self._bridge.client_title(view.key)
        return Made(view, self._theme, self._bridge.language, self._room(), title)

    def _fit_face(self) -> None:
        if self._face is not None:
            self._face.fit(*self._room())
            self._foot.level()

    def _answered(self, value: str) -> None:
        if self._key is not None:
            self._bridge.answer(self._key, value)

    def _signed(self, png: bytes) -> None:
        if self._key is not None:
            self._bridge.answer_file(self._key, signature(png))

    def _drawn(self, strokes: tuple[Stroke, ...]) -> None:
        """Keep the lines over whatever builds this window anew; they are stored nowhere."""
        if self._key is None:
            return
        if strokes:
            self._bridge.drawn[self._key] = strokes
        else:
            self._bridge.drawn.pop(self._key, None)

    def _scroll(self, by: int) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + by * round(bar.pageStep() * 0.8))

    def _show_cues(self, *_range: int) -> None:
        """Show at which side of what can be seen there is more."""
        bar = self._area.verticalScrollBar()
        shown = not self._area.isHidden()
        self._foot.show_cues(
            above=shown and bar.value() > 0, below=shown and bar.value() < bar.maximum()
        )


def _same_words(view: QuestionView, shown: QuestionView | None) -> bool:
    return shown is not None and (view.label, view.hint, view.choices, view.readonly) == (
        shown.label,
        shown.hint,
        shown.choices,
        shown.readonly,
    )
