"""Choices to point at: large numbered tiles, page after page where they do not all fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.i18n.bidi import isolate
from intake_app.ui.clientscreen.inputs import ClientInput, ClientTools, Key
from intake_app.ui.clientscreen.tiles import ChoiceTile
from intake_app.xforms import QuestionKind, QuestionView, ShownText

TILE_FACTOR = 2.1
MANY_TILES = 10
"""From so many choices on tiles stand closer, with smaller type, in three columns if it helps."""

MOST_AT_ONCE = 40
"""Longer lists are never tried on one page."""

ONE_COLUMN, TWO_COLUMNS = 590, 1090
"""Below so many effective pixels tiles stand in one column, and in at most two."""

MOST_COLUMNS = 4
NARROWEST = 250
"""Design pixels of the narrowest tile in a column that is only there to save a page."""

N_ = str
"""Marks a text that is translated where it is used."""

MORE = N_("Meer")
BACK = N_("Vorig blad")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which choices stand on the page, from `first` up to `after`, in how many columns."""

    first: int
    after: int
    columns: int
    paged: bool


class ChoiceTiles(ClientInput):
    """The choices of a question as tiles. What does not fit is on a next page, and `pager` says so.

    Whoever shows this gives the pager a place of its own, at the foot.
    """

    def __init__(
        self, tools: ClientTools, view: QuestionView, parent: QWidget | None = None
    ) -> None:
        super().__init__(tools, parent)
        self._view = view
        self._choices = tuple((choice.value, choice.label) for choice in view.choices)
        drawings = {choice.value: tools.pictogram(choice.ref) for choice in view.choices}
        self._drawings: dict[str, str] | None = drawings if any(drawings.values()) else None
        self._many = len(self._choices) >= MANY_TILES
        self._made: dict[int, ChoiceTile] = {}
        self._width = self._height = 0
        self._plan: _Plan | None = None
        self._before: list[int] = []
        self._at = 0
        self._sought = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        self._grid.setSpacing(self._between())
        self.pager = self._make_pager()

    # ---- the contract --------------------------------------------------------------------------

    @property
    def tiles(self) -> tuple[ChoiceTile, ...]:
        """Return the tiles that are shown now."""
        plan = self._plan
        return () if plan is None else tuple(map(self._tile, range(plan.first, plan.after)))

    @property
    def is_paged(self) -> bool:
        """True while not all choices fit on one page."""
        return self._plan is not None and self._plan.paged

    def fit(self, width: int, height: int) -> None:
        if (width, height) == (self._width, self._height):
            return
        self._width, self._height = width, height
        self._before = []
        self._at = 0
        if self._sought:
            self._seek()
        self._arrange()

    def show_value(self, view: QuestionView) -> None:
        self._view = view
        chosen = self._chosen()
        for place, tile in self._made.items():
            tile.set_on(self._choices[place][0] in chosen)

    def texts(self) -> tuple[str, ...]:
        shown = [tile.text_shown for tile in self.tiles]
        if self.is_paged:
            shown += [self.more.text_shown]
        return tuple(text for text in shown if text)

    # ---- what a tap means ----------------------------------------------------------------------

    def tapped(self, value: str) -> None:
        """Choose what was tapped, or let it go."""
        chosen = set(self._view.value.split())
        if self._view.definition.kind is QuestionKind.SELECT_MULTIPLE:
            chosen ^= {value}
            self.answered.emit(" ".join(v for v, _ in self._choices if v in chosen))
        else:
            self.answered.emit("" if value in chosen else value)

    def _chosen(self) -> set[str]:
        return set(self._view.value.split())

    # ---- pages ---------------------------------------------------------------------------------

    def turn(self, by: int) -> None:
        """Show the next page (1), which after the last is the first, or the one before (-1)."""
        plan = self._plan
        if plan is None or not plan.paged:
            return
        self._sought = False
        if by > 0 and plan.after < len(self._choices):
            self._before.append(plan.first)
            self._at = plan.after
        elif by > 0:
            self._before, self._at = [], 0
        elif self._before:
            self._at = self._before.pop()
        self._arrange()
        self.rearranged.emit()

    def _seek(self) -> None:
        """Begin at the page that has the answer."""
        chosen = self._chosen()
        places = [n for n, (value, _) in enumerate(self._choices) if value in chosen]
        if not places:
            return
        plan = self._planned()
        while plan.after <= places[0] and plan.after > plan.first:
            self._before.append(plan.first)
            self._at = plan.after
            plan = self._planned()

    def _planned(self) -> _Plan:
        count, columns = len(self._choices), self._best_columns()
        for tried in (columns, columns + 1) if count <= MOST_AT_ONCE else ():
            fits = self._height_of(range(count), tried) <= self._height
            if fits and (tried == columns or self._may_stand(tried)):
                return _Plan(0, count, tried, paged=False)
        after, used = self._at, 0
        while after < count:
            row = range(after, min(count, after + columns))
            used += self._height_of(row, columns) + (self._between() if after > self._at else 0)
            if used > self._height and after > self._at:
                break
            after = row.stop
        return _Plan(self._at, after, columns, paged=not (self._at == 0 and after == count))

    def _best_columns(self) -> int:
        """Return in how many columns the tiles take the least height, breaking no word."""
        effective = self._width / self.theme.factor
        first = range(min(len(self._choices), MOST_AT_ONCE))
        if effective < ONE_COLUMN:
            most = 1
        elif not self._many or effective < TWO_COLUMNS:
            most = 2
        else:
            most = min((3, 2), key=lambda columns: self._height_of(first, columns))
        return next((n for n in range(most, 1, -1) if not self._breaks(first, n)), 1)

    def _may_stand(self, columns: int) -> bool:
        wide = self._column_width(columns) >= self.theme.px(NARROWEST)
        return wide and not self._breaks(range(len(self._choices)), columns)

    def _breaks(self, places: Sequence[int], columns: int) -> bool:
        width = self._column_width(columns)
        return any(self._tile(place).breaks_words(width) for place in places)

    def _column_width(self, columns: int) -> int:
        # a layout shares pixels that are left over as it likes
        return (self._width - (columns - 1) * self._between()) // columns - 2

    def _height_of(self, places: Sequence[int], columns: int) -> int:
        gap = self._between()
        width = self._column_width(columns)
        heights = [self._tile(place).heightForWidth(width) for place in places]
        rows = [max(heights[at : at + columns]) for at in range(0, len(heights), columns)]
        return sum(rows) + gap * (len(rows) - 1)

    def _between(self) -> int:
        return self.theme.gap(14 if self._many else 20)

    def _arrange(self) -> None:
        plan = self._plan = self._planned()
        shown = range(plan.first, plan.after)
        for tile in self._made.values():
            self._grid.removeWidget(tile)
            tile.hide()
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < plan.columns else 0)
        for place in shown:
            tile = self._tile(place)
            at = place - plan.first
            self._grid.addWidget(tile, at // plan.columns, at % plan.columns)
            tile.show()
        left = len(self._choices) - plan.after
        self.pager.setVisible(plan.paged)
        self.back.setVisible(bool(self._before))
        self.more.set_left(left)
        self.show_value(self._view)

    def _tile(self, place: int) -> ChoiceTile:
        tile = self._made.get(place)
        if tile is None:
            tile = self._made[place] = self._make_tile(place, *self._choices[place])
        return tile

    def _make_tile(self, place: int, value: str, label: ShownText) -> ChoiceTile:
        tile = ChoiceTile(
            self.theme,
            value,
            label,
            number=place + 1,
            single=self._view.definition.kind is not QuestionKind.SELECT_MULTIPLE,
            factor=TILE_FACTOR * 0.9 if self._many else TILE_FACTOR,
            of=len(self._choices),
            pictogram=None if self._drawings is None else self._drawings.get(value, ""),
            parent=self,
        )
        tile.hide()
        tile.setEnabled(not self._view.readonly)
        tile.set_on(value in self._chosen())
        tile.chosen.connect(self.tapped)
        return tile

    def _make_pager(self) -> QWidget:
        box = QWidget(self)
        box.setObjectName("client-pager")
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._between())
        words = self.tools.words(BACK) or ShownText(BACK, "nl")
        self.back = Key(self.tools, "", words, name="client-less", icon="arrow-left")
        self.back.clicked.connect(lambda: self.turn(-1))
        self.more = MoreKey(self.tools)
        self.more.clicked.connect(lambda: self.turn(1))
        row.addWidget(self.back, 1)
        row.addWidget(self.more, 2)
        box.hide()
        return box


class MoreKey(Key):
    """The way to the choices that are on a next page: how many, and an arrow."""

    def __init__(self, tools: ClientTools) -> None:
        self._tools = tools
        self._more = tools.words(MORE)
        spoken = self._more or ShownText(MORE, "nl")
        super().__init__(tools, "", spoken, name="client-more", factor=2.0)
        self._left = -1

    def set_left(self, left: int) -> None:
        """Say how many choices are still to come; with 0 the first page is next."""
        if left == self._left:
            return
        self._left = left
        # the sign stays before its number in every script
        count = isolate(f"+{self._tools.digits(str(left))}", "ltr")
        if not left:
            count = self._tools.digits("1")
        if self._more is not None and left:
            shown = ShownText(f"{self._more.text} {count}", self._more.language)
        else:
            shown = ShownText(count, self._tools.language)
        self.set_words(shown, "arrow-right" if left else "restart")
        spoken = shown.text if self._more is not None else f"{MORE} {count}"
        self.setAccessibleName(spoken if left else count)


class RankTiles(ChoiceTiles):
    """Choices to tap in order; the number is the place of a choice in it.

    The order is stored once it is whole: the last one follows from the others. A tap on one that
    has a place takes it out again.
    """

    def __init__(
        self, tools: ClientTools, view: QuestionView, parent: QWidget | None = None
    ) -> None:
        self._order: list[str] | None = None
        super().__init__(tools, view, parent)

    def tapped(self, value: str) -> None:
        values = [each for each, _ in self._choices]
        order = self._ranked()
        if value in order:
            order.remove(value)
        else:
            order.append(value)
        left = [each for each in values if each not in order]
        if len(left) == 1 and value in order:
            order += left
        self._order = order
        if len(order) == len(values):
            self._order = None
            self.answered.emit(" ".join(order))
        else:
            self._show_order()

    def show_value(self, view: QuestionView) -> None:
        if view.value != self._view.value:
            self._order = None
        super().show_value(view)
        self._show_order()

    def _show_order(self) -> None:
        order = self._ranked()
        for place, tile in self._made.items():
            value = self._choices[place][0]
            tile.set_on(value in order)
            tile.set_badge(str(order.index(value) + 1) if value in order else "–")

    def _chosen(self) -> set[str]:
        return set(self._ranked())

    def _ranked(self) -> list[str]:
        if self._order is not None:
            return list(self._order)
        known = {value for value, _ in self._choices}
        return [value for value in self._view.value.split() if value in known]
