"""The four follow-up paths as tiles: one is the main one, others may stay possible."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from intake_app.domain.plan import Plan, Vervolgpad
from intake_app.flows.dossier_words import PATH_HINTS, PATH_TITLES
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import CheckInput, Columns, Muted, Stack
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.theme import CAPTION, SEMIBOLD, Theme

_PADDING = 14.0
_MARK = 22.0


class PathTile(QRadioButton):
    """One path: mark, name and what it means; the whole tile can be clicked."""

    def __init__(self, theme: Theme, path: Vervolgpad, title: str, hint: str) -> None:
        super().__init__(title)
        self._theme, self._hint = theme, hint
        self.path = path
        self.peers: tuple[PathTile, ...] = (self,)
        self.setObjectName(f"plan-path-{path.value}")
        self.setFont(theme.font(1.0, SEMIBOLD))
        self.setAccessibleDescription(hint)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        title, hint = self._rects(width)
        return max(
            self._theme.px(64), hint.bottom() + self._pad() if self._hint else title.bottom()
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(300)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(180), self._theme.px(64))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Ask for the height that this width needs: columns do not pass it on."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if on else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(theme.color("accent" if on else "border"), width))
        quiet = "sunken" if self.underMouse() and self.isEnabled() else "surface"
        painter.setBrush(theme.color("accent_soft" if on else quiet))
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        self._draw_mark(painter)
        title, hint = self._rects(self.width())
        side = Qt.AlignmentFlag.AlignLeading.value | Qt.AlignmentFlag.AlignTop.value
        flags = Qt.TextFlag.TextWordWrap.value | side
        painter.setPen(theme.color("ink"))
        painter.setFont(self.font())
        painter.drawText(title, flags, self.text())
        painter.setPen(theme.color("ink" if on else "muted"))
        painter.setFont(theme.font(CAPTION))
        painter.drawText(hint, flags, self._hint)

    def _draw_mark(self, painter: QPainter) -> None:
        theme, on = self._theme, self.isChecked()
        size = float(theme.px(_MARK))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - self._pad() - size if rtl else float(self._pad())
        circle = QRectF(x, self._pad(), size, size).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.color("accent" if on else "border"), 2))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(circle)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(circle.center(), circle.width() * 0.25, circle.width() * 0.25)

    def _pad(self) -> int:
        return self._theme.gap(_PADDING)

    def _rects(self, width: int) -> tuple[QRect, QRect]:
        left = self._pad() + self._theme.px(_MARK) + self._theme.gap(12)
        room = QRect(left, self._pad(), max(60, width - left - self._pad()), 10_000)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            room.moveLeft(self._pad())
        wrap = Qt.TextFlag.TextWordWrap
        title = QFontMetrics(self.font()).boundingRect(room, wrap, self.text())
        title = QRect(room.left(), room.top(), room.width(), title.height())
        below = QRect(room.left(), title.bottom() + self._theme.gap(4), room.width(), 10_000)
        small = QFontMetrics(self._theme.font(CAPTION))
        hint = small.boundingRect(below, wrap, self._hint)
        return title, QRect(below.left(), below.top(), below.width(), hint.height())


class PathChooser(QWidget):
    """Chooses the main path and the others. `changed` after every choice of the person."""

    changed = Signal()

    def __init__(self, theme: Theme, tr: UiTexts) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.tiles: dict[Vervolgpad, PathTile] = {}
        self.others: dict[Vervolgpad, CheckInput] = {}
        for path in Vervolgpad:
            title, hint = tr.gettext(PATH_TITLES[path]), tr.gettext(PATH_HINTS[path])
            tile = PathTile(theme, path, title, hint)
            tile.clicked.connect(self._chosen)
            self._group.addButton(tile)
            self.tiles[path] = tile
            check = CheckInput(theme, title, name=f"plan-also-{path.value}")
            check.clicked.connect(lambda _on=False: self.changed.emit())
            self.others[path] = check
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(12))
        held = tuple(self.tiles.values())
        for tile in held:
            tile.peers = held
        left, right = Stack(theme, *held[:2], spacing=12), Stack(theme, *held[2:], spacing=12)
        column.addWidget(Columns(theme, left, right, stack_below=560))
        self._also = QWidget()
        also = QVBoxLayout(self._also)
        also.setContentsMargins(0, theme.gap(4), 0, 0)
        also.setSpacing(theme.gap(4))
        also.addWidget(Muted(theme, tr.gettext("Ook mogelijk, als dit niet lukt:")))
        also.addWidget(FlowRow(theme.gap(20), *self.others.values()))
        column.addWidget(self._also)

    def show_plan(self, plan: Plan) -> None:
        """Show what the plan says."""
        self._group.setExclusive(False)
        for path, tile in self.tiles.items():
            tile.setChecked(path is plan.main_path)
        self._group.setExclusive(True)
        for path, check in self.others.items():
            check.setChecked(path in plan.other_paths)
        self._show_others(plan.main_path)

    def main_path(self) -> Vervolgpad | None:
        """Return the main path, or None while none is chosen."""
        return next((path for path, tile in self.tiles.items() if tile.isChecked()), None)

    def other_paths(self) -> tuple[Vervolgpad, ...]:
        """Return the paths that stay possible beside the main one."""
        main = self.main_path()
        return tuple(p for p, check in self.others.items() if check.isChecked() and p is not main)

    def _chosen(self) -> None:
        self._show_others(self.main_path())
        self.changed.emit()

    def _show_others(self, main: Vervolgpad | None) -> None:
        self._also.setVisible(main is not None)
        for path, check in self.others.items():
            check.setVisible(path is not main)
