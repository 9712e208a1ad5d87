"""A month to pick a day from, in any of our calendars; works by hand, keyboard and screen reader.

Keys in the days, as in the date picker of the ARIA Authoring Practices: arrows a day or a week,
Home and End the ends of the week, Page Up and Down a month, with Shift a year, Enter or the space
bar takes the day, Esc closes.
"""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from intake_app.i18n.bidi import isolate
from intake_app.i18n.calendars import (
    FIRST,
    LAST,
    Calendar,
    CalendarDate,
    CalendarProblem,
    days_in_month,
    format_in,
    in_full,
    month_name,
    months_in_year,
    period,
    weekdays,
)
from intake_app.i18n.formats import to_ascii_digits
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import LinkButton, QuietButton
from intake_app.ui.kit.inputs import Combo, TextInput
from intake_app.ui.kit.popups import under
from intake_app.ui.kit.text import Caption
from intake_app.ui.theme import NORMAL, SEMIBOLD, Theme

CELL, CELL_HEIGHT, LEAST_HEIGHT = 42, 39, 28
"""Design pixels of a day; a low screen makes it less high, but never lower than the least."""


class DayButton(QAbstractButton):
    """One day: its number, under it the number in the other calendar where there is one."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.day = FIRST
        self._number = self._second = ""
        self.today = False
        self.setCheckable(True)
        self.setFixedSize(theme.px(CELL), theme.px(CELL_HEIGHT))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_day(self, day: date, number: str, second: str, name: str, *, today: bool) -> None:
        """Show another day."""
        self.day, self._number, self._second, self.today = day, number, second, today
        self.setAccessibleName(name)
        self.setObjectName(f"day-{day.isoformat()}")
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802
        """Only the popup says which day is chosen."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave the keys to the popup: it knows what is a week away."""
        event.ignore()

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(QPen(theme.color("accent"), 1.5) if self.today else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if on else "surface"))
        if self.underMouse() and not on:
            painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        ink = "accent_on" if on else "ink"
        painter.setPen(theme.color(ink))
        painter.setFont(theme.font(1.0, SEMIBOLD if self.today else NORMAL))
        rect = QRectF(self.rect())
        if not self._second:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._number)
            return
        middle = rect.height() * 0.56
        upper = QRectF(0, theme.gap(2), rect.width(), middle)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self._number)
        painter.setFont(theme.font(0.72))
        painter.setPen(theme.color("accent_on" if on else "muted"))
        lower = QRectF(0, middle, rect.width(), rect.height() - middle - theme.gap(2))
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, self._second)


class CalendarPopup(QDialog):
    """The month round a day. `picked` carries the Gregorian day that was taken.

    Deleted when it closes.
    """

    picked = Signal(object)

    def __init__(
        self,
        tools: Tools,
        calendar: Calendar,
        beside: Calendar | None,
        *,
        language: str,
        spoken: str,
        parent: QWidget,
    ) -> None:
        """Show days as `calendar` counts them; `beside` is the calendar of the small numbers."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("calendar-popup")
        self._tools, self._theme = tools, tools.theme
        self._calendar, self._beside = calendar, beside
        self._language, self._spoken = language, spoken
        self._today = FIRST
        self._chosen: date | None = None
        self._day = FIRST
        tr, theme = tools.tr, tools.theme
        self.setAccessibleName(tr.gettext("Kies een dag"))
        column = QVBoxLayout(self)
        side = theme.gap(12)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(6))
        self._add_head(column)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        self._grid.setSpacing(theme.gap(2))
        for place, (short, full) in enumerate(weekdays(language)):
            label = Caption(theme, short, wrap=False)
            label.setAccessibleName(full)
            self._grid.addWidget(label, 0, place, Qt.AlignmentFlag.AlignHCenter)
        self._cells = [DayButton(theme, self) for _ in range(42)]
        days = QButtonGroup(self)
        days.setExclusive(False)
        for cell in self._cells:
            days.addButton(cell)
        for place, cell in enumerate(self._cells):
            self._grid.addWidget(cell, 1 + place // 7, place % 7)
            cell.clicked.connect(lambda _=False, c=cell: self._take(c.day))
        foot = QHBoxLayout()
        column.addLayout(foot)
        self._now = LinkButton(theme, tr.gettext("Vandaag"), name="calendar-today")
        self._now.clicked.connect(lambda: self._go(self._today))
        close = LinkButton(theme, tr.gettext("Sluiten"), name="calendar-close")
        close.clicked.connect(self.close)
        foot.addWidget(self._now)
        foot.addStretch(1)
        foot.addWidget(close)

    @property
    def day(self) -> date:
        """Return the day the keyboard is at."""
        return self._day

    def open_at(self, day: date | None, today: date, below: QWidget) -> None:
        """Show the month of a day, or of today, under a widget."""
        self._today, self._chosen = today, day
        self._show(min(max(day or today, FIRST), LAST))
        self._fit(below.screen().availableGeometry().height())
        self._place(below)
        self.show()
        self._cell().setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        inside = isinstance(self.focusWidget(), DayButton)
        day = self._moved(event) if inside else None
        if day is not None:
            self._go(day)
        elif inside and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._take(self._day)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.setPen(self._theme.color("border"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    # ---- inside --------------------------------------------------------------------------------

    def _add_head(self, column: QVBoxLayout) -> None:
        tr, theme = self._tools.tr, self._theme
        head = QHBoxLayout()
        column.addLayout(head)
        head.setSpacing(theme.gap(6))
        before = QuietButton(theme, "", icon="arrow-left", name="calendar-before")
        before.setAccessibleName(tr.gettext("Vorige maand"))
        before.clicked.connect(lambda: self._turn(-1))
        after = QuietButton(theme, "", icon="arrow-right", name="calendar-after")
        after.setAccessibleName(tr.gettext("Volgende maand"))
        after.clicked.connect(lambda: self._turn(1))
        self._months = Combo(theme)
        self._months.setObjectName("calendar-month")
        self._months.setAccessibleName(tr.gettext("maand"))
        for month in range(1, months_in_year(self._calendar) + 1):
            self._months.addItem(month_name(self._calendar, month, self._language, self._spoken))
        self._months.activated.connect(lambda index: self._jump(month=index + 1))
        widest = QFontMetricsF(theme.font()).horizontalAdvance("0000")
        self._year = TextInput(theme, name="calendar-year")
        self._year.setFixedWidth(round(widest) + 2 * theme.gap(12) + theme.px(10))
        self._year.setMaxLength(4)
        self._year.setAccessibleName(tr.gettext("jaar"))
        self._year.editingFinished.connect(self._year_typed)
        head.addWidget(before)
        head.addWidget(self._months, 1)
        head.addWidget(self._year)
        head.addWidget(after)

    def _here(self) -> CalendarDate:
        return CalendarDate.of(self._day, self._calendar)

    def _show(self, day: date) -> None:
        self._day = day
        here = self._here()
        self._months.setCurrentIndex(here.month - 1)
        self._year.setText(str(here.year))
        first, _ = period(self._calendar, here.year, here.month)
        length = days_in_month(self._calendar, here.year, here.month)
        lead = first.weekday()
        for place, cell in enumerate(self._cells):
            number = place - lead + 1
            inside = 1 <= number <= length and FIRST <= first + timedelta(number - 1) <= LAST
            # an empty place keeps its room, so that nothing jumps when the month turns
            cell.setEnabled(inside)
            if not inside:
                cell.show_day(FIRST, "", "", " ", today=False)
                cell.setChecked(False)
                cell.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                continue
            that = first + timedelta(number - 1)
            cell.show_day(
                that, str(number), self._second(that), self._name(that), today=that == self._today
            )
            cell.setChecked(that == self._chosen)
            at = that == self._day
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus if at else Qt.FocusPolicy.ClickFocus)

    def _second(self, day: date) -> str:
        if self._beside is None:
            return ""
        other = CalendarDate.of(day, self._beside)
        return f"{other.day}/{other.month}" if other.day == 1 else str(other.day)

    def _name(self, day: date) -> str:
        words = [in_full(day, self._language)]
        for calendar in (self._calendar, self._beside):
            if calendar is not None and calendar is not Calendar.GREGORIAN:
                other = CalendarDate.of(day, calendar)
                words.append(isolate(format_in(other, self._language, self._spoken)))
        if day == self._chosen:
            words.append(self._tools.tr.gettext("gekozen"))
        if day == self._today:
            words.append(self._tools.tr.gettext("vandaag"))
        return ", ".join(words)

    def _cell(self) -> DayButton:
        return next(c for c in self._cells if c.isEnabled() and c.day == self._day)

    def _go(self, day: date) -> None:
        self._show(min(max(day, FIRST), LAST))
        self._cell().setFocus()

    def _moved(self, event: QKeyEvent) -> date | None:
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        key = Qt.Key(event.key())
        year = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            by = -1 if key == Qt.Key.Key_PageUp else 1
            return self._months_on(by * (months_in_year(self._calendar) if year else 1))
        week = self._day.weekday()
        days = {
            Qt.Key.Key_Left: 1 if rtl else -1,
            Qt.Key.Key_Right: -1 if rtl else 1,
            Qt.Key.Key_Up: -7,
            Qt.Key.Key_Down: 7,
            Qt.Key.Key_Home: -week,
            Qt.Key.Key_End: 6 - week,
        }.get(key)
        return None if days is None else self._day + timedelta(days)

    def _months_on(self, by: int) -> date:
        here, count = self._here(), months_in_year(self._calendar)
        months = here.year * count + here.month - 1 + by
        return self._day_in(months // count, months % count + 1)

    def _day_in(self, year: int, month: int) -> date:
        """Return the day of this month nearest to where the keyboard is."""
        try:
            last = days_in_month(self._calendar, year, month)
            return CalendarDate(
                self._calendar, year, month, min(self._here().day, last)
            ).gregorian()
        except CalendarProblem:
            return self._day

    def _turn(self, by: int) -> None:
        self._show(min(max(self._months_on(by), FIRST), LAST))

    def _jump(self, *, year: int | None = None, month: int | None = None) -> None:
        here = self._here()
        self._show(self._day_in(year or here.year, month or here.month))

    def _year_typed(self) -> None:
        typed = to_ascii_digits(self._year.text()).strip()
        if typed.isascii() and typed.isdigit():
            self._jump(year=int(typed))
        self._year.setText(str(self._here().year))

    def _take(self, day: date) -> None:
        self.picked.emit(day)
        self.close()

    def _fit(self, room: int) -> None:
        """Be as high as a month needs, or as `room` allows."""
        self.adjustSize()
        over = self.height() - room
        if over <= 0:
            return
        rows = len(self._cells) // 7
        height = self._theme.px(CELL_HEIGHT) - -(-over // rows)
        for cell in self._cells:
            cell.setFixedHeight(max(self._theme.px(LEAST_HEIGHT), height))
        layout = self.layout()
        if layout is not None:
            # until then the height from before is the least
            layout.activate()
        self.adjustSize()

    def _place(self, below: QWidget) -> None:
        corner = under(below, self.size())
        x, y = corner.x(), corner.y() + self._theme.gap(4)
        screen = below.screen().availableGeometry()
        if y + self.height() > screen.bottom():
            above = below.mapToGlobal(QPoint(0, 0)).y() - self.height() - self._theme.gap(4)
            y = (
                above
                if above >= screen.top()
                else max(screen.top(), screen.bottom() - self.height())
            )
        x = max(screen.left(), min(x, screen.right() - self.width()))
        self.move(x, y)
