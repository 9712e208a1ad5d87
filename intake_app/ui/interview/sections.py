"""The list of sections: where we are, how far each is, what waits for later."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.flows.interview import SectionOutline
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.kit.popups import under
from intake_app.ui.kit.surfaces import Hairline, clear_layout
from intake_app.ui.theme import CAPTION, NORMAL, SEMIBOLD

WIDTH = 240
REVIEW = "review"
INTERPRETER = "interpreter"
POINTING = "pointing"


class SectionItem(QPushButton):
    """One section: a mark, its title, and what stands at the end (2/8 with shapes, n.v.t.)."""

    step = Signal(int)

    def __init__(self, tools: Tools, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = tools.theme
        self.setObjectName(f"section-{name}")
        self._state: tuple[object, ...] = ()
        self._title = ""
        self._icon = ""
        self._tail = ""
        self._tail_icons: tuple[tuple[str, str], ...] = ()
        self._current = False
        self._quiet = False
        self._hovered = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)

    def show_state(
        self,
        title: str,
        tail: str,
        *,
        icon: str = "",
        tail_icons: tuple[tuple[str, str], ...] = (),
        current: bool = False,
        quiet: bool = False,
        spoken: str = "",
    ) -> None:
        """Show the section; `tail_icons` are icons with their colours, before the tail.

        `spoken` is what a screen reader says for it, and what the mouse finds.
        """
        state = (title, tail, icon, tail_icons, current, quiet, spoken)
        if state == self._state:
            return
        self._state = state
        self.setText(title.replace("&", "&&"))
        self._title = title
        self._tail, self._icon, self._tail_icons = tail, icon, tail_icons
        self._current, self._quiet = current, quiet
        self.setFont(self._theme.font(1.0, SEMIBOLD if current else NORMAL))
        self.setAccessibleName(spoken or title)
        self.setToolTip(spoken or title)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.gap(WIDTH), self._theme.px(34))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.gap(140), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.step.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            # in a window of its own no page does this for it
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._current or self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if self._current else "sunken"))
            painter.drawRoundedRect(QRectF(self.rect()), theme.px(8), theme.px(8))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        ink = theme.color("accent" if self._current else "muted" if self._quiet else "ink")
        x = float(theme.gap(10))
        mark = float(theme.px(16))
        if self._icon:
            self._icon_at(painter, self._icon, theme.color("ok"), x, mark, rtl)
        x += mark + theme.gap(8)
        tail_font = theme.font(CAPTION, SEMIBOLD if self._current else NORMAL)
        tail_width = QFontMetricsF(tail_font).horizontalAdvance(self._tail) + 1 if self._tail else 0
        end = self.width() - theme.gap(12) - tail_width
        painter.setFont(tail_font)
        painter.setPen(theme.color("accent" if self._current else "muted"))
        self._text(painter, end, tail_width, self._tail, rtl)
        for name, color in reversed(self._tail_icons):
            end -= mark + theme.gap(4)
            self._icon_at(painter, name, theme.color(color), end, mark, rtl)
        painter.setFont(self.font())
        painter.setPen(ink)
        room = end - theme.gap(6) - x
        title = QFontMetricsF(self.font()).elidedText(
            self._title, Qt.TextElideMode.ElideRight, room
        )
        self._text(painter, x, room, title, rtl)

    def _text(self, painter: QPainter, x: float, width: float, text: str, rtl: bool) -> None:
        left = self.width() - x - width if rtl else x
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            QRectF(left, 0, width, self.height()),
            side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute,
            text,
        )

    def _icon_at(
        self, painter: QPainter, name: str, color: QColor, x: float, size: float, rtl: bool
    ) -> None:
        left = self.width() - x - size if rtl else x
        draw_icon(painter, name, color, QRectF(left, (self.height() - size) / 2, size, size))


class SectionList(QScrollArea):
    """All sections and, last, the look back and what else can be gone to.

    `chosen` carries a section path, `REVIEW`, `POINTING` or `INTERPRETER`.
    """

    chosen = Signal(str)

    def __init__(
        self,
        tools: Tools,
        *,
        with_pointing: bool = False,
        with_interpreter: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make the list, with the way to the pages to point at and to the interpreter if wanted."""
        super().__init__(parent)
        self._tools = tools
        self._extra = (
            REVIEW,
            *((POINTING,) if with_pointing else ()),
            *((INTERPRETER,) if with_interpreter else ()),
        )
        self.setObjectName("section-list")
        self.setAccessibleName(tools.tr.gettext("Onderdelen"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QWidget()
        self._body.setProperty("pageBody", "true")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(
            tools.theme.gap(6), tools.theme.gap(6), tools.theme.gap(6), tools.theme.gap(6)
        )
        # the sixteen of the intake and what follows them fit on a laptop of 768 pixels high
        self._column.setSpacing(tools.theme.gap(1))
        self.setWidget(self._body)
        self._items: dict[str, SectionItem] = {}

    @property
    def items(self) -> dict[str, SectionItem]:
        """Return the items by section path, the look back under `REVIEW`."""
        return dict(self._items)

    def show_outline(self, outline: tuple[SectionOutline, ...], current: str) -> None:
        """Show the sections as they stand; `current` is a section path or `REVIEW`."""
        paths = [*(section.path for section in outline), *self._extra]
        if list(self._items) != paths:
            self._build(outline)
        for section in outline:
            self._show(section, current == section.path)
        review = self._tools.tr.gettext("Terugkijken")
        self._items[REVIEW].show_state(review, "", current=current == REVIEW)
        if POINTING in self._items:
            pages = self._tools.tr.gettext("Aanwijsbladen")
            self._items[POINTING].show_state(pages, "", current=current == POINTING)
        if INTERPRETER in self._items:
            self._items[INTERPRETER].show_state(self._tools.tr.gettext("Tolk en begrip"), "")
        if current in self._items:
            self.ensureWidgetVisible(self._items[current], 0, self._tools.theme.gap(40))

    def focus_current(self, current: str) -> None:
        """Put the keyboard on the section we are in."""
        item = self._items.get(current) or next(iter(self._items.values()), None)
        if item is not None:
            item.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build(self, outline: tuple[SectionOutline, ...]) -> None:
        clear_layout(self._column)
        self._items = {}
        for path, name in [*((s.path, s.name) for s in outline), *((e, e) for e in self._extra)]:
            item = SectionItem(self._tools, name)
            item.clicked.connect(lambda _=False, p=path: self.chosen.emit(p))
            item.step.connect(lambda by, p=path: self._step(p, by))
            if path == REVIEW:
                self._column.addSpacing(self._tools.theme.gap(6))
                self._column.addWidget(Hairline(self._tools.theme))
                self._column.addSpacing(self._tools.theme.gap(6))
            self._column.addWidget(item)
            self._items[path] = item
        self._column.addStretch(1)

    def _show(self, section: SectionOutline, current: bool) -> None:
        count = f"{section.answered}/{section.total}"
        absent = not section.relevant or not section.first_page
        plain = section.answered or section.later or section.refused or current
        self._items[section.path].show_state(
            section.title.text,
            self._tools.tr.gettext("n.v.t.") if absent else count if plain else "",
            icon="check" if section.done else "",
            tail_icons=() if absent else _marks(section),
            current=current,
            quiet=absent,
            spoken=f"{section.title.text}, {self._spoken(section, absent=absent)}",
        )
        self._items[section.path].setEnabled(bool(section.first_page))

    def _spoken(self, section: SectionOutline, *, absent: bool) -> str:
        tr = self._tools.tr
        if absent:
            return tr.gettext("n.v.t.")
        said = [
            tr.gettext("{answered} van {total} beantwoord").format(
                answered=section.answered, total=section.total
            )
        ]
        if section.later:
            later = tr.ngettext("{n} vraag voor later", "{n} vragen voor later", section.later)
            said.append(later.format(n=section.later))
        if section.refused:
            refused = tr.ngettext(
                "{n} keer wil niet zeggen", "{n} keer wil niet zeggen", section.refused
            )
            said.append(refused.format(n=section.refused))
        if section.weak:
            said.append(tr.gettext("weinig begrepen"))
        return ", ".join(said)

    def _step(self, path: str, by: int) -> None:
        items = list(self._items.values())
        at = list(self._items).index(path) + by
        while 0 <= at < len(items) and not items[at].isEnabled():
            at += by
        if 0 <= at < len(items):
            items[at].setFocus(Qt.FocusReason.TabFocusReason)


def _marks(section: SectionOutline) -> tuple[tuple[str, str], ...]:
    """Return the shapes that say what waits in a section: later, refused, weakly understood."""
    marks = (("flag", "warn"), ("eye-off", "muted"), ("question", "warn"))
    shown = (section.later > 0, section.refused > 0, section.weak)
    return tuple(mark for mark, on in zip(marks, shown, strict=True) if on)


class SectionPopup(QFrame):
    """The same list, opened by a button where there is no room for it beside the question."""

    def __init__(self, tools: Tools, listing: Callable[[], SectionList], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("section-popup")
        self._theme = tools.theme
        self._listing = listing
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)

    def open_under(self, button: QAbstractButton, current: str) -> None:
        """Show the list under a button, with the keyboard in it."""
        listing = self._listing()
        self._column.addWidget(listing)
        listing.show()
        listing.chosen.connect(self.close)
        height = min(self._theme.gap(560), button.window().height() - self._theme.gap(120))
        self.resize(self._theme.gap(WIDTH + 80), height)
        self.move(under(button, self.size()) + QPoint(0, 4))
        self.show()
        listing.focus_current(current)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
