"""The pages to point at: twelve large tiles with a number, a picture and a few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from intake_app.documents.client_page import Speaker
from intake_app.documents.model import Text
from intake_app.documents.pointing_pages import PAGES, first_number
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview.painting import Ground, Laid
from intake_app.ui.kit.text import LangLabel
from intake_app.ui.pictograms import draw_pictogram
from intake_app.ui.theme import SEMIBOLD, Theme, layout_direction

WIDE, MIDDLE = 770, 500
"""From so many effective pixels four pictures stand beside each other, and three."""

PICTURES = (96, 76, 60)
"""How large the pictures are drawn on the client's screen, the largest that fits."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one tile shows; `language` is that of the text."""

    number: int
    pictogram: str
    text: str
    language: str


def page_words(page: int, say: Speaker) -> tuple[Shown, ...]:
    """Return what the tiles of a page (0-based) show in the language of `say`.

    A text without a translation is in Dutch: the picture and the number say it too.
    """
    first = first_number(page)
    found = []
    for place, item in enumerate(PAGES[page].items):
        said = say(item.dutch)
        text = said.dutch if said.own is None else said.own.text
        language = SOURCE_LANGUAGE if said.own is None else said.own.language
        found.append(Shown(first + place, item.pictogram, text, language))
    return tuple(found)


class PointTile(QPushButton):
    """A number in the corner, the picture in the middle, the words under it."""

    def __init__(self, theme: Theme, shown: Shown, *, factor: float, picture: float) -> None:
        super().__init__()
        self._theme, self.shown = theme, shown
        self._number = Laid(theme, str(shown.number), "nl", factor=factor * 0.9, weight=SEMIBOLD)
        self._words = Laid(theme, shown.text, shown.language, factor=factor, weight=SEMIBOLD)
        self._picture = theme.px(picture)
        self.setCheckable(True)
        self.setAccessibleName(f"{shown.number}. {shown.text}")
        self.setObjectName(f"point-{shown.number}")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        words = self._words.height(self._room(width))
        return round(words) + self._picture + 3 * self._theme.gap(10)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(170)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(110), self._picture + 2 * self._theme.gap(10))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent" if on else "border"), 4 if on else 2))
        painter.setBrush(theme.color("accent_soft" if on else "surface"))
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(box, theme.px(12), theme.px(12))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        corner = QRectF(theme.gap(12), theme.gap(8), self._number.natural_width, 0)
        corner.setHeight(self._number.height(corner.width()))
        if rtl:
            corner.moveRight(self.width() - theme.gap(12))
        self._number.draw(painter, corner, theme.color("accent" if on else "muted"))
        room = self._room(self.width())
        words = self._words.height(room)
        top = max(0.0, self.height() - words - self._picture - theme.gap(10)) / 2
        picture = QRectF(0, top, self.width(), self._picture)
        ink = theme.color("ink")
        draw_pictogram(painter, self.shown.pictogram, ink, picture, rtl=rtl)
        left = (self.width() - room) / 2
        under = QRectF(left, picture.bottom() + theme.gap(10), room, words)
        self._words.draw(painter, under, ink, side="center")

    def _room(self, width: float) -> float:
        return max(40.0, width - 2 * self._theme.gap(12))


class PointingGrid(QWidget):
    """The tiles of one page. `pointed` carries the number that was tapped, 0 when let go.

    They begin at the side where `language` begins; with '' where the window does.
    """

    pointed = Signal(int)

    def __init__(
        self,
        theme: Theme,
        shown: Sequence[Shown],
        language: str,
        *,
        columns: int,
        factor: float,
        picture: float,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if language:
            self.setLayoutDirection(layout_direction(language))
        self._columns = columns
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.gap(14))
        self.tiles: list[PointTile] = []
        for place, each in enumerate(shown):
            tile = PointTile(theme, each, factor=factor, picture=picture)
            tile.clicked.connect(lambda on, n=each.number: self.pointed.emit(n if on else 0))
            grid.addWidget(tile, place // columns, place % columns)
            self.tiles.append(tile)
        for column in range(columns):
            grid.setColumnStretch(column, 1)

    def height_at(self, width: int) -> int:
        """Return the height all tiles need at a width."""
        gap = self._grid.spacing()
        each = (width - (self._columns - 1) * gap) // self._columns
        heights = [tile.heightForWidth(each) for tile in self.tiles]
        rows = [
            max(heights[at : at + self._columns]) for at in range(0, len(heights), self._columns)
        ]
        return sum(rows) + gap * (len(rows) - 1)

    def show_pointed(self, number: int) -> None:
        """Mark the tile of this number, 0 for none."""
        for tile in self.tiles:
            tile.setChecked(tile.shown.number == number)
            tile.update()


class PointingSheet(Ground):
    """A page to point at as it fills the client's screen: its title, and the tiles as `grid`."""

    def __init__(
        self, theme: Theme, page: int, say: Speaker, language: str, room: tuple[int, int]
    ) -> None:
        """Show a page (0-based) in a room of so many device-independent pixels."""
        super().__init__(theme.color("client_ground"), "client-pointing")
        self.page = page
        side = theme.gap(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(side, 0, side, side)
        column.setSpacing(theme.gap(14))
        title = say(PAGES[page].title)
        own = title.own or Text(title.dutch, SOURCE_LANGUAGE)
        heading = LangLabel(theme, own.text, own.language, factor=2.0, weight=SEMIBOLD)
        column.addWidget(heading)
        above = heading.sizeHint().height() + theme.gap(30)
        left = (room[0] - 2 * side, room[1] - side - above)
        self.grid = _fitting(theme, page_words(page, say), language, left)
        column.addWidget(self.grid, 1)


def _fitting(
    theme: Theme, shown: Sequence[Shown], language: str, room: tuple[int, int]
) -> PointingGrid:
    """Return the tiles with the largest pictures that need no scrolling."""
    width, height = room
    wide = width / theme.factor
    columns = 4 if wide >= WIDE else 3 if wide >= MIDDLE else 2
    for picture in PICTURES:
        grid = PointingGrid(theme, shown, language, columns=columns, factor=1.35, picture=picture)
        if picture == PICTURES[-1] or grid.height_at(width) <= height:
            break
        grid.deleteLater()
    return grid
