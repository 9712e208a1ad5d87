"""The list of people as a model and a delegate: hundreds of rows cost as much as ten."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from intake_app.domain.event import StationState
from intake_app.flows.case import PersonRow
from intake_app.flows.find import FoundRow, Nearness
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words
from intake_app.ui.kit import draw_icon
from intake_app.ui.kit.surfaces import soft
from intake_app.ui.theme import CAPTION, SEMIBOLD, Theme

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class PeopleModel(QAbstractListModel):
    """The rows of `find.people`; what a screen reader says is one sentence per person."""

    def __init__(self, tr: UiTexts) -> None:
        super().__init__()
        self._tr = tr
        self._rows: tuple[FoundRow, ...] = ()

    def set_rows(self, rows: tuple[FoundRow, ...]) -> None:
        """Show these people instead."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: Index) -> PersonRow:
        """Return the person of an index."""
        return self._rows[index.row()].row

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        found = self._rows[index.row()]
        row = found.row
        if role == ROW_ROLE:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return row.person.display_name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            step, _ = words.next_step_short(self._tr, row.next_step.kind)
            parts = [row.person.display_name, caption(self._tr, found), step]
            return ", ".join(part for part in parts if part)
        return None


def caption(tr: UiTexts, found: FoundRow) -> str:
    """Return the second line: why this person was found, number, language, municipality."""
    row = found.row
    parts = [
        how_found(tr, found.nearness),
        words.masked_v_number(tr, row.person),
        words.language_and_interpreter(tr, row.person),
        row.municipality,
    ]
    return " · ".join(part for part in parts if part)


def how_found(tr: UiTexts, nearness: Nearness | None) -> str:
    """Return why somebody is in the list whose name does not begin with what was typed."""
    if nearness in {Nearness.SOUNDS, Nearness.RESEMBLES}:
        return tr.gettext("naam klinkt zo")
    return tr.gettext("huisgenoot heet zo") if nearness is Nearness.HOUSEHOLD else ""


class PersonDelegate(QStyledItemDelegate):
    """Draws name, caption, a small line of stations and what comes next."""

    def __init__(self, theme: Theme, tr: UiTexts, today: date) -> None:
        super().__init__()
        self._theme, self._tr, self._today = theme, tr, today
        self.narrow = False
        """True where the line of stations has no room and the caption gets a second line."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        return QSize(self._theme.px(280), self.row_height())

    def row_height(self) -> int:
        """Return how high every row is."""
        captions = 2 if self.narrow else 1
        lines = self._theme.text_px(1.45) + captions * self._theme.text_px(1.3)
        return lines + 2 * self._theme.gap(12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        found: FoundRow = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect, theme.color("accent_soft"))
            painter.setPen(QPen(theme.color("focus"), 3))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), theme.px(8), theme.px(8))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("sunken"))
        if index.row():
            painter.fillRect(
                QRectF(rect.left() + theme.gap(24), rect.top(), rect.width() - theme.gap(48), 1),
                theme.color("hairline"),
            )
        inner = rect.adjusted(theme.gap(24), theme.gap(12), -theme.gap(24), -theme.gap(12))
        rtl = option.direction is Qt.LayoutDirection.RightToLeft
        self._draw(painter, inner, found, rtl=rtl)
        painter.restore()

    def _draw(self, painter: QPainter, rect: QRectF, found: FoundRow, *, rtl: bool) -> None:
        theme, row = self._theme, found.row
        chevron = float(theme.px(20))
        start = rect.left() if rtl else rect.right() - chevron
        spot = QRectF(start, rect.center().y() - chevron / 2, chevron, chevron)
        draw_icon(painter, "chevron-right", theme.color("muted"), spot, rtl=rtl)
        end = chevron + theme.gap(12)
        end += self._draw_tag(painter, rect, row, end, rtl=rtl) + theme.gap(24)
        line = self._line_width()
        if not self.narrow:
            x = rect.left() + end if rtl else rect.right() - end - line
            self._draw_line(painter, QRectF(x, rect.top(), line, rect.height()), row, rtl=rtl)
            end += line + theme.gap(24)
        room = rect.adjusted(end if rtl else 0, 0, 0 if rtl else -end, 0)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        first = float(theme.text_px(1.45))
        name = theme.font(1.0, SEMIBOLD)
        painter.setFont(name)
        painter.setPen(theme.color("ink"))
        shown = QFontMetricsF(name).elidedText(
            isolate(row.person.display_name), Qt.TextElideMode.ElideRight, room.width()
        )
        flags = side | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(room.left(), room.top(), room.width(), first), flags, shown)
        small = theme.font(CAPTION)
        painter.setFont(small)
        painter.setPen(theme.color("muted"))
        text = caption(self._tr, found)
        below = room.adjusted(0, first, 0, 0)
        if self.narrow:
            wrap = side.value | Qt.AlignmentFlag.AlignTop.value | Qt.TextFlag.TextWordWrap.value
            painter.drawText(below, wrap, text)
        else:
            text = QFontMetricsF(small).elidedText(text, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(below, flags, text)

    def _draw_tag(
        self, painter: QPainter, rect: QRectF, row: PersonRow, end: float, *, rtl: bool
    ) -> float:
        theme = self._theme
        text, kind = words.next_step_short(self._tr, row.next_step.kind)
        font = theme.font(CAPTION, SEMIBOLD)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(text) + 2 * theme.gap(10)
        height = metrics.height() + theme.gap(6)
        x = rect.left() + end if rtl else rect.right() - end - width
        pill = QRectF(x, rect.center().y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(soft(kind)))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(theme.color(kind))
        painter.setFont(font)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        # the widest usual tag, so that the small lines stand under each other
        return float(max(width, theme.px(166)))

    def _line_width(self) -> float:
        return float(self._theme.px(5 * 20 + 10))

    def _draw_line(self, painter: QPainter, rect: QRectF, row: PersonRow, *, rtl: bool) -> None:
        theme = self._theme
        radius = theme.px(9) / 2
        y = rect.center().y()
        step = (rect.width() - 2 * radius) / 5
        centres = [QPointF(rect.left() + radius + number * step, y) for number in range(6)]
        if rtl:
            centres.reverse()
        for number, centre in enumerate(centres):
            if number:
                painter.setPen(QPen(theme.color("hairline"), 2))
                painter.drawLine(centres[number - 1], centre)
        for view, centre in zip(row.stations, centres, strict=True):
            token = {
                StationState.DONE: "accent",
                StationState.CURRENT: "accent",
                StationState.FAILED: "err",
            }.get(view.state, "border")
            filled = view.state in {StationState.DONE, StationState.FAILED}
            painter.setPen(QPen(theme.color(token), 1.75))
            painter.setBrush(theme.color(token if filled else "surface"))
            painter.drawEllipse(centre, radius, radius)
            if view.state is StationState.CURRENT:
                painter.setBrush(theme.color(token))
                painter.drawEllipse(centre, radius * 0.35, radius * 0.35)
            elif view.state is StationState.FAILED:
                # a shape beside the colour
                arm = radius * 0.45
                painter.setPen(QPen(theme.color("surface"), 1.5))
                for sign in (1, -1):
                    way = QPointF(arm, sign * arm)
                    painter.drawLine(centre - way, centre + way)
