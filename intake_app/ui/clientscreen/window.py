"""The window the client looks at: a second view of the interview's bridge.

It shows label, hint and choices of one question that is meant for the client, in the client's
language, and nothing else: no names, no notes, no guidance, no progress.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScroller,
    QVBoxLayout,
    QWidget,
)

from intake_app.documents.client_page import Speaker
from intake_app.documents.model import Text
from intake_app.documents.pointing_pages import PAGES
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.clientscreen.pointing import PointingGrid, page_words
from intake_app.ui.clientscreen.tiles import ChoiceTile
from intake_app.ui.interview.painting import Ground, GroundArea
from intake_app.ui.interview.questions.scale import scale_steps
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.text import LangLabel
from intake_app.ui.pictograms import PictogramLabel, of_choice
from intake_app.ui.practice import PracticeEdge
from intake_app.ui.theme import SEMIBOLD, SMALLEST_BODY, Theme, layout_direction
from intake_app.xforms import NodeKey, QuestionKind, QuestionView, ShownText

N_ = str
"""Marks a text that is translated where it is used."""

PAUSE = N_("Pauze")
WAIT = N_("Een ogenblik")
RESTING = N_("Even pauze")
AS_YOU_WISH = N_("We gaan verder als u dat wilt.")
BACK = N_("Vorig blad")
ON = N_("Volgend blad")

QUESTION_FACTOR, HINT_FACTOR, TILE_FACTOR = 3.0, 1.75, 2.1
MANY_TILES = 10
"""From so many choices on tiles stand in three columns with smaller type."""

POINTING_WIDE, POINTING_MIDDLE = 900, 560
"""From so many effective pixels four pictures stand beside each other, and three."""

POINTING_PICTURES = (96, 76, 60)
"""How large the pictures to point at are drawn, the largest that fits."""

DRAWN_FOR = (1366.0, 768.0)
"""The window the sizes are drawn for; type grows and shrinks with the window round it."""

SMALLEST, LARGEST, RESIZED = 0.75, 1.8, 0.04

_TAPPED = frozenset({QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE, QuestionKind.RANGE})


class ClientBridge(Protocol):
    """The part of the interview's bridge that this screen may use."""

    @property
    def language(self) -> str: ...
    @property
    def form_id(self) -> str: ...
    def client_key(self) -> NodeKey | None: ...
    def client_view(self, key: NodeKey) -> QuestionView: ...
    def answer(self, key: NodeKey, value: str) -> bool: ...
    @property
    def is_paused(self) -> bool: ...
    @property
    def pointing(self) -> int | None: ...
    @property
    def pointed(self) -> int: ...
    def rest(self) -> None: ...
    def show_pointing(self, page: int | None) -> None: ...
    def point(self, number: int) -> None: ...


class ClientWindow(QWidget):
    """One question, large. `gone` when the window was closed or its monitor taken away."""

    gone = Signal()

    def __init__(
        self,
        theme: Theme,
        bridge: ClientBridge,
        texts: UiTexts,
        *,
        practice: bool = False,
        say: Speaker | None = None,
    ) -> None:
        """Show what `bridge` says; `texts` are the program's own words in the client's language.

        `say` says the pages to point at; without it they are in Dutch.
        """
        super().__init__(None)
        self.setObjectName("client-window")
        self._base, self._bridge, self._texts = theme, bridge, texts
        self._theme = theme
        self._say = say or Speaker(SOURCE_LANGUAGE)
        self._page: int | None = None
        self._grid_shown: PointingGrid | None = None
        self._key: NodeKey | None = None
        self._view: QuestionView | None = None
        self._tiles: list[ChoiceTile] = []
        self._columns = 0
        self.setLayoutDirection(layout_direction(bridge.language))
        self.setWindowTitle("Doorgaande Lijn")
        outer = QVBoxLayout(self)
        side = theme.gap(56)
        outer.setContentsMargins(side, theme.gap(44), side, theme.gap(28))
        outer.setSpacing(theme.gap(20))
        self._area = GroundArea(theme.color("client_ground"), "client-scroll")
        QScroller.grabGesture(self._area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        outer.addWidget(self._area, 1)
        self._wait = self._make_wait()
        outer.addWidget(self._wait, 1)
        bar = QHBoxLayout()
        self._turn = self._make_turn()
        bar.addWidget(self._turn)
        bar.addStretch(1)
        self.pause_button = QuietButton(
            theme, self._word(PAUSE), icon="pause", name="client-pause", factor=1.4
        )
        self.pause_button.height_units = 60.0
        self.pause_button.setAccessibleName(self._word(PAUSE) or PAUSE)
        self.pause_button.setFont(theme.font_for(bridge.language, 1.4))
        self.pause_button.clicked.connect(bridge.rest)
        bar.addWidget(self.pause_button)
        outer.addLayout(bar)
        if practice:
            self._edge = PracticeEdge(theme, self)
        for name in ("moved", "changed", "focus_changed", "paused", "pointing_changed"):
            getattr(bridge, name).connect(self._told)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.connect(self._screen_removed)
        self.refresh()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()

    # ---- where it stands -----------------------------------------------------------------------

    def present(self, beside: QWidget) -> None:
        """Show full screen on a monitor `beside` is not on, or as a window where there is none."""
        other = other_screen(beside)
        if other is None:
            self.resize(self._theme.gap(960), self._theme.gap(640))
            self.show()
            return
        self.create()
        handle = self.windowHandle()
        if handle is not None:
            handle.setScreen(other)
        self.setGeometry(other.geometry())
        self.showFullScreen()

    def _screen_removed(self, screen: QScreen) -> None:
        handle = self.windowHandle()
        if self.isVisible() and self.isFullScreen() and handle and handle.screen() is screen:
            # it would jump to the interviewer's own monitor
            self.hide()
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        super().closeEvent(event)
        self.gone.emit()

    # ---- what it shows -------------------------------------------------------------------------

    @property
    def tiles(self) -> tuple[ChoiceTile, ...]:
        """Return the tiles that are shown."""
        return tuple(self._tiles)

    def texts_shown(self) -> tuple[str, ...]:
        """Return every text on this window; a test proves that none of it is for the staff."""
        labels = [w.text() for w in self.findChildren(LangLabel) if w.isVisibleTo(self)]
        tiles = [tile.text_shown for tile in self._tiles]
        grid = self._grid_shown
        pictures = [] if grid is None else [tile.shown.text for tile in grid.tiles]
        shown = (*labels, *tiles, *pictures, self.pause_button.text())
        return tuple(text for text in shown if text)

    def refresh(self) -> None:
        """Show the question of this moment, or nothing that could be read."""
        if self._show_pointing():
            return
        key = self._bridge.client_key()
        view = None if key is None else self._bridge.client_view(key)
        waiting = view is None
        self._area.setVisible(not waiting)
        self._wait.setVisible(waiting)
        self.pause_button.setVisible(not self._bridge.is_paused)
        if waiting:
            self._show_wait()
        if view is None:
            self._key, self._view = None, None
            self._drop_question()
            self._tiles = []
            return
        if key == self._key and _same_words(view, self._view):
            self._view = view
            self._show_chosen()
            return
        self._key, self._view = key, view
        self._build(view)

    def _show_pointing(self) -> bool:
        """Show the page to point at, if there is one now; True when it shows."""
        page = None if self._bridge.is_paused else self._bridge.pointing
        self._turn.setVisible(page is not None)
        if page is None:
            if self._page is not None:
                # the question is built anew, whatever stood there before
                self._page = self._grid_shown = self._key = self._view = None
            return False
        self._area.setVisible(True)
        self._wait.setVisible(False)
        self.pause_button.setVisible(True)
        self._key, self._view, self._tiles = None, None, []
        if page != self._page or self._grid_shown is None:
            self._build_pointing(page)
        if self._grid_shown is not None:
            self._grid_shown.show_pointed(self._bridge.pointed)
        self._previous.setEnabled(page > 0)
        self._next.setEnabled(page < len(PAGES) - 1)
        return True

    def _build_pointing(self, page: int) -> None:
        self._page = page
        theme = self._theme
        content = Ground(theme.color("client_ground"), "client-pointing")
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.gap(8), 0, theme.gap(8), theme.gap(8))
        column.setSpacing(theme.gap(14))
        title = self._say(PAGES[page].title)
        own = title.own or Text(title.dutch, SOURCE_LANGUAGE)
        heading = LangLabel(theme, own.text, own.language, factor=2.0, weight=SEMIBOLD)
        column.addWidget(heading)
        grid = self._fitting_grid(page, heading.sizeHint().height() + theme.gap(30))
        grid.pointed.connect(self._bridge.point)
        column.addWidget(grid, 1)
        content.setLayoutDirection(self.layoutDirection())
        self._drop_question()
        self._area.setWidget(content)
        self._grid_shown = grid

    def _fitting_grid(self, page: int, above: int) -> PointingGrid:
        """Return the tiles with the largest pictures that need no scrolling below `above`."""
        theme, side = self._theme, self._theme.gap(8) + self._base.gap(56)
        wide = self.width() / theme.factor
        columns = 4 if wide >= POINTING_WIDE else 3 if wide >= POINTING_MIDDLE else 2
        shown = page_words(page, self._say)
        bars = self.pause_button.sizeHint().height() + self._base.gap(44 + 20 + 28)
        room = self.height() - bars - above
        for picture in POINTING_PICTURES:
            grid = PointingGrid(
                theme,
                shown,
                self._bridge.language,
                columns=columns,
                factor=1.35,
                picture=picture,
            )
            if picture == POINTING_PICTURES[-1] or grid.height_at(self.width() - 2 * side) <= room:
                break
            grid.deleteLater()
        return grid

    def _make_turn(self) -> QWidget:
        """Return the two arrows that turn the pages to point at."""
        theme = self._theme
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(16))
        self._previous = QuietButton(theme, "", icon="arrow-left", name="client-pages-back")
        self._next = QuietButton(theme, "", icon="arrow-right", name="client-pages-next")
        for button, words, by in ((self._previous, BACK, -1), (self._next, ON, 1)):
            button.height_units = 60.0
            button.setAccessibleName(self._word(words) or words)
            button.clicked.connect(lambda _=False, step=by: self._turn_page(step))
            row.addWidget(button)
        box.hide()
        return box

    def _turn_page(self, by: int) -> None:
        page = self._bridge.pointing
        if page is not None and 0 <= page + by < len(PAGES):
            self._bridge.show_pointing(page + by)

    def _drop_question(self) -> None:
        """Delete what was shown: a taken widget would live on with the client's words."""
        old = self._area.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        fitting = self._fitting()
        changed = abs(fitting.scale - self._theme.scale) > RESIZED
        if changed:
            self._theme = fitting
        if self._page is not None:
            self._build_pointing(self._page)
            self.refresh()
        elif self._view is not None and (changed or self._would_stand_otherwise()):
            self._build(self._view)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), self._theme.color("client_ground"))

    # ---- inside --------------------------------------------------------------------------------

    def _told(self, _what: object = None) -> None:
        self.refresh()

    def _make_wait(self) -> QWidget:
        """Return the calm card: a picture, and a few words where there is a translation."""
        box = QWidget()
        box.setObjectName("client-wait")
        column = QVBoxLayout(box)
        column.setSpacing(self._theme.gap(12))
        column.addStretch(1)
        center = Qt.AlignmentFlag.AlignHCenter
        self._picture = PictogramLabel(self._theme, "klok", color="muted", size=120)
        column.addWidget(self._picture, 0, center)
        language = self._bridge.language
        self._said = LangLabel(self._theme, self._word(WAIT), language, factor=2.0, wrap=False)
        self._wish = LangLabel(self._theme, "", language, factor=1.5, color="muted", wrap=False)
        for label in (self._said, self._wish):
            column.addWidget(label, 0, center)
        column.addStretch(2)
        return box

    def _show_wait(self) -> None:
        """Say that the talk rests, or that the colleague is busy for a moment."""
        paused = self._bridge.is_paused
        self._picture.set_pictogram("pauze" if paused else "klok")
        words = (self._word(RESTING), self._word(AS_YOU_WISH)) if paused else (self._word(WAIT), "")
        for label, text in zip((self._said, self._wish), words, strict=True):
            label.set_text(text)
            label.setVisible(bool(text))

    def _fitting(self) -> Theme:
        """Return the theme at the size of this window: its reader sits further away."""
        size = min(self.width() / DRAWN_FOR[0], self.height() / DRAWN_FOR[1])
        scale = min(max(size, SMALLEST), LARGEST) * SMALLEST_BODY / self._base.body_px
        return replace(self._base, scale=scale)

    def _word(self, text: str) -> str:
        """Return a word of ours in the client's language; '' where a picture must do."""
        found = self._texts.gettext(text)
        return found if found != text or self._bridge.language == "nl" else ""

    def _build(self, view: QuestionView) -> None:
        theme = self._theme
        content = Ground(theme.color("client_ground"), "client-question")
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.gap(8), theme.gap(8), theme.gap(8), theme.gap(8))
        column.setSpacing(theme.gap(12))
        note = view.definition.kind is QuestionKind.NOTE
        factor = QUESTION_FACTOR * (0.75 if note or len(view.label.text) > 90 else 1.0)
        column.addWidget(
            LangLabel(theme, view.label.text, view.label.language, factor=factor, weight=SEMIBOLD)
        )
        if view.hint is not None and view.hint.text:
            hint = view.hint
            column.addWidget(
                LangLabel(theme, hint.text, hint.language, factor=HINT_FACTOR, color="muted")
            )
        self._tiles = []
        choices = _choices(view)
        if choices:
            column.addSpacing(theme.gap(16))
            column.addLayout(self._grid(view, choices))
        column.addStretch(1)
        content.setLayoutDirection(self.layoutDirection())
        self._drop_question()
        self._area.setWidget(content)
        self._show_chosen()

    def _grid(self, view: QuestionView, choices: tuple[tuple[str, ShownText], ...]) -> QGridLayout:
        theme = self._theme
        grid = QGridLayout()
        grid.setSpacing(self._between(len(choices)))
        factor = TILE_FACTOR if len(choices) < MANY_TILES else TILE_FACTOR * 0.9
        single = view.definition.kind is not QuestionKind.SELECT_MULTIPLE
        form_id = self._bridge.form_id
        drawings = {c.value: of_choice(form_id, c.ref) for c in view.choices}
        pictured = any(drawings.values())
        for place, (value, label) in enumerate(choices):
            tile = ChoiceTile(
                theme,
                value,
                label,
                number=place + 1,
                single=single,
                factor=factor,
                of=len(choices),
                pictogram=drawings.get(value, "") if pictured else None,
            )
            tile.setEnabled(not view.readonly)
            tile.chosen.connect(self._chosen)
            self._tiles.append(tile)
        self._columns = self._best_columns()
        for place, tile in enumerate(self._tiles):
            grid.addWidget(tile, place // self._columns, place % self._columns)
        for number in range(self._columns):
            grid.setColumnStretch(number, 1)
        return grid

    def _best_columns(self) -> int:
        """Return in how many columns the tiles take the least height."""
        effective = self.width() / self._theme.factor
        if effective < 700:
            return 1
        if len(self._tiles) < MANY_TILES or effective < 1200:
            return 2
        return min((3, 2), key=self._height_in)

    def _would_stand_otherwise(self) -> bool:
        return bool(self._tiles) and self._columns != self._best_columns()

    def _between(self, tiles: int) -> int:
        return self._theme.gap(20 if tiles < MANY_TILES else 14)

    def _height_in(self, columns: int) -> int:
        gap, side = self._between(len(self._tiles)), self._theme.gap(8) + self._base.gap(56)
        width = (self.width() - 2 * side - (columns - 1) * gap) // columns
        heights = [tile.heightForWidth(width) for tile in self._tiles]
        rows = [max(heights[at : at + columns]) for at in range(0, len(heights), columns)]
        return sum(rows) + gap * (len(rows) - 1)

    def _show_chosen(self) -> None:
        chosen = set() if self._view is None else set(self._view.value.split())
        for tile in self._tiles:
            tile.set_on(tile.value in chosen)

    def _chosen(self, value: str) -> None:
        key, view = self._key, self._view
        if key is None or view is None:
            return
        chosen = set(view.value.split())
        if view.definition.kind is QuestionKind.SELECT_MULTIPLE:
            chosen ^= {value}
            order = [choice for choice, _ in _choices(view)]
            self._bridge.answer(key, " ".join(v for v in order if v in chosen))
        else:
            self._bridge.answer(key, "" if value in chosen else value)


def other_screen(window: QWidget) -> QScreen | None:
    """Return the first monitor that `window` is not on, None where there is no other."""
    own = window.screen()
    return next((s for s in QGuiApplication.screens() if s is not own), None)


def _choices(view: QuestionView) -> tuple[tuple[str, ShownText], ...]:
    if view.definition.kind not in _TAPPED:
        return ()
    if view.definition.kind is QuestionKind.RANGE:
        steps = scale_steps(view.definition.parameters)
        return tuple((step, ShownText(step, "nl")) for step in steps) if len(steps) <= 11 else ()
    return tuple((choice.value, choice.label) for choice in view.choices)


def _same_words(view: QuestionView, shown: QuestionView | None) -> bool:
    return shown is not None and (view.label, view.hint, view.choices, view.readonly) == (
        shown.label,
        shown.hint,
        shown.choices,
        shown.readonly,
    )
