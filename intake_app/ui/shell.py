"""The window round every page: the rail with five places and one line at the top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import (
    Body,
    Caption,
    Hairline,
    Notice,
    QuietButton,
    Tag,
    TextLink,
    clear_layout,
)
from intake_app.ui.kit.focus import ReadingOrder
from intake_app.ui.practice import EDGE, PracticeEdge
from intake_app.ui.rail import Place, Rail
from intake_app.ui.sync.status_link import StatusLink
from intake_app.ui.theme import Theme

_LONGEST_CRUMB, _LONGEST_TITLE = 24, 48
_CRUMB_LENGTHS = ((_LONGEST_CRUMB, _LONGEST_TITLE), (20, 32), (14, 22), (10, 14))
_TIGHT = 3
"""From this tightness on all that is left to shorten are the crumbs."""
_TIGHTEST = _TIGHT + len(_CRUMB_LENGTHS) - 1


@dataclass(frozen=True)
class Crumb:
    """One part of the way here; `go` leads back to it, None for the page itself."""

    label: str
    go: Callable[[], None] | None = None


class Shell(ReadingOrder, QMainWindow):
    """Shows one page at a time; knows nothing of what a page is about.

    `place_chosen(str)`, `sync_requested()` and `lock_requested()` tell what the person asked for.
    Esc goes one step up the crumbs. The window title never names anybody.
    """

    place_chosen = Signal(str)
    sync_requested = Signal()
    lock_requested = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, *, practice: bool = False) -> None:
        super().__init__()
        self.theme, self._tr = theme, tr
        self.setObjectName("shell")
        self.setWindowTitle("Doorgaande Lijn")
        self._page: QWidget | None = None
        self._crumbs: tuple[Crumb, ...] = ()
        self._interview = False
        self._roomy = True
        self._inset = EDGE if practice else 0
        self._crumb_lengths = _CRUMB_LENGTHS[0]
        self._crumbs_drawn: tuple[tuple[tuple[int, bool, bool], ...], bool] = ((), True)
        self._crumb_widgets: list[Body | TextLink] = []
        self._tightness = 0
        self._practice_tag: Tag | None = None
        self._practice = practice
        self._notice_text = ""
        self._edge: PracticeEdge | None = None
        self._build()
        shortcut = QShortcut(QKeySequence("Ctrl+L"), self)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
        shortcut.activated.connect(self.lock_requested)
        self._shortcuts = [shortcut]
        for number, place in enumerate(Place, start=1):
            key = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            key.activated.connect(lambda p=place: self.place_chosen.emit(p.value))
            self._shortcuts.append(key)
        self.resize(1280, 800)

    def set_theme(self, theme: Theme, tr: UiTexts | None = None) -> None:
        """Build the window round the page anew; the page is told it is left, and goes.

        With `tr` the window speaks another language from now on.

        What the top line says stays, and so do place and size of the window.
        """
        self.leave_page()
        saved, place = self._saved.text(), self.rail.current
        text, leads, short, alarm = self._sync_said
        self.theme, self._tr = theme, tr or self._tr
        self._page = None
        self._build()
        self._saved.set_text(saved)
        self._tightness, self._crumb_lengths = 0, _CRUMB_LENGTHS[0]
        self.set_sync(text, leads=leads, short=short, alarm=alarm)
        if place is not None:
            self.rail.set_current(place)
        self.rail.setVisible(not self._interview)
        self._roomy = self.contentsRect().width() >= theme.px(900)
        self.set_crumbs(self._crumbs)

    def _build(self) -> None:
        """Make everything inside the window; what was there before is deleted."""
        theme = self.theme
        central = QWidget()
        outer = QVBoxLayout(central)
        outer.setContentsMargins(self._inset, self._inset, self._inset, self._inset)
        outer.setSpacing(0)
        outer.addWidget(self._make_top(practice=self._practice))
        self._top.installEventFilter(self)
        outer.addWidget(Hairline(theme))
        outer.addWidget(self._make_notice())
        middle = QHBoxLayout()
        outer.addLayout(middle, 1)
        middle.setSpacing(0)
        self.rail = Rail(theme, self._tr)
        self.rail.chosen.connect(self.place_chosen)
        middle.addWidget(self.rail)
        self._pages = QStackedWidget()
        middle.addWidget(self._pages, 1)
        before = self.takeCentralWidget()
        self.setCentralWidget(central)
        # held until the next time: its wrapper must not go before Qt has deleted what is inside
        self._before = before
        if before is not None:
            before.hide()
            before.deleteLater()
        if self._edge is not None:
            self._edge.hide()
            self._edge.deleteLater()
        if self._practice:
            self._edge = PracticeEdge(theme, self)
        # what does not fit folds away, but the window has to become narrow first
        self.setMinimumSize(theme.gap(480), theme.gap(320))

    @property
    def page(self) -> QWidget | None:
        """Return the page that is shown."""
        return self._page

    def show_page(
        self, widget: QWidget, crumbs: Sequence[Crumb] = (), *, place: Place | None = None
    ) -> None:
        """Show a page instead of the one before, which is told and then deleted."""
        self.leave_page()
        # Qt forgets the field a page chose when the page gets its parent
        chosen = widget.focusWidget() or widget
        old = self._page
        self._page = widget
        self._pages.addWidget(widget)
        self._pages.setCurrentWidget(widget)
        if old is not None:
            self._pages.removeWidget(old)
            old.deleteLater()
        self.set_page_actions(())
        self.set_crumbs(crumbs)
        if place is not None:
            self.rail.set_current(place)
        # with the page itself focused, Tab begins at its first control
        chosen.setFocus()
        self._lay_out()

    def leave_page(self) -> None:
        """Call `leaving()` of the page that is shown, where it has one: it writes what it holds."""
        leaving = getattr(self._page, "leaving", None)
        if callable(leaving):
            leaving()

    def set_crumbs(self, crumbs: Sequence[Crumb]) -> None:
        """Show the way here; the last part is the page itself."""
        self._crumbs = tuple(crumbs)
        self._draw_crumbs(_LONGEST_CRUMB, _LONGEST_TITLE)
        self._fit_top()

    def _draw_crumbs(self, longest_crumb: int, longest_title: int) -> None:
        self._crumb_lengths = (longest_crumb, longest_title)
        shown = list(enumerate(self._crumbs))
        if not self._roomy and len(shown) > 1:
            # the page has its own title; the way back is what has to stay
            shown = [pair for pair in shown[:-1] if pair[1].go is not None][-1:]
        elif self._interview:
            # the place is folded away; what matters is who, and where in the conversation
            shown = shown[-2:]
        parts: list[tuple[int, bool, bool]] = []
        labels: list[str] = []
        for number, crumb in shown:
            last = number == len(self._crumbs) - 1
            parts.append((number, last, crumb.go is None or last))
            labels.append(_shortened(crumb.label, longest_title if last else longest_crumb))
        drawn = (tuple(parts), self._roomy)
        if drawn != self._crumbs_drawn or not self._crumb_row.count():
            self._crumbs_drawn = drawn
            self._make_crumbs(parts)
        # the next question of a talk changes one word of it
        for place, label in enumerate(labels):
            widget = self._crumb_widgets[place]
            if widget.text() == label:
                continue
            if isinstance(widget, Body):
                widget.set_text(label)
            else:
                widget.setText(label)
                widget.updateGeometry()

    def _make_crumbs(self, parts: Sequence[tuple[int, bool, bool]]) -> None:
        """Make the widgets of the crumbs: number, whether it is the last, whether only words."""
        clear_layout(self._crumb_row)
        self._crumb_widgets = []
        for place, (number, last, words) in enumerate(parts):
            if place:
                self._crumb_row.addWidget(Caption(self.theme, "/", wrap=False))
            made: Body | TextLink
            if words:
                made = Body(self.theme, "", strong=last, wrap=False)
            else:
                back = "" if self._roomy else "arrow-left"
                made = TextLink(self.theme, "", icon=back, name=f"crumb-{number}")
                made.clicked.connect(lambda _=False, n=number: self._go_to_crumb(n))
            self._crumb_row.addWidget(made)
            self._crumb_widgets.append(made)

    def _go_to_crumb(self, number: int) -> None:
        if number < len(self._crumbs) and (go := self._crumbs[number].go) is not None:
            go()

    def set_page_actions(self, actions: Sequence[QWidget]) -> None:
        """Put a page's own quiet actions before the lock button; gone with the next page."""
        clear_layout(self._action_row)
        for action in actions:
            self._action_row.addWidget(action)
        self._fit_top()

    def set_saved(self, text: str, *, aloud: bool = True) -> None:
        """Say when was saved, on screen and, `aloud`, to a screen reader; it must be true."""
        if text == self._saved.text():
            return
        as_long = len(text) == len(self._saved.text())
        self._saved.set_text(text)
        # another time of day takes as much room, give or take a pixel
        if as_long:
            self._tighten_soon()
        else:
            self._fit_top()
        if aloud and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._saved, text))

    def saved_text(self) -> str:
        """Return what the top line says about saving."""
        return self._saved.text()

    def set_sync(
        self, text: str, *, leads: bool = False, short: str = "", alarm: bool = False
    ) -> None:
        """Say how dossiers travel now; `leads` makes it the way to the page about it.

        With `alarm` it stays, as `short`, where there is little room.
        """
        self._sync_leads = leads
        self._sync_said = (text, leads, short, alarm)
        self._sync.set_text(text)
        self._sync_link.set_status(text, short=short, alarm=alarm)
        self._show_sync()
        self._fit_top()

    def sync_text(self) -> str:
        """Return what the top line says about sync."""
        return self._sync.text()

    def _show_sync(self) -> None:
        roomy = self._tightness < 1
        alarm = self._sync_link.alarm and self._tightness < _TIGHTEST
        self._sync.setVisible(roomy and not self._sync_leads)
        self._sync_link.setVisible(self._sync_leads and (roomy or alarm))
        self._sync_link.show_short(on=not roomy)
        self._dot.setVisible(roomy or (self._sync_leads and alarm))

    def set_notice(self, text: str) -> None:
        """Say something about the program itself above every page, until somebody closes it."""
        self._notice_text = text
        self._notice.set_notice("warn", text)
        self._notice_holder.setVisible(bool(text))
        if text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._notice, text))

    def notice_text(self) -> str:
        """Return what is said above every page, '' for nothing."""
        return self._notice_text

    def _make_notice(self) -> QWidget:
        theme = self.theme
        close = TextLink(theme, self._tr.gettext("Sluiten"), name="shell-notice-close")
        close.clicked.connect(lambda: self.set_notice(""))
        self._notice = Notice(theme, "warn", "", action=close, name="shell-notice")
        holder = self._notice_holder = QWidget()
        row = QVBoxLayout(holder)
        row.setContentsMargins(theme.gap(24), theme.gap(8), theme.gap(24), theme.gap(8))
        row.addWidget(self._notice)
        self._notice.set_notice("warn", self._notice_text)
        holder.setVisible(bool(self._notice_text))
        return holder

    def interview_mode(self, on: bool) -> None:
        """Fold the rail away during a conversation, or bring it back."""
        self.rail.setVisible(not on)
        if on != self._interview:
            self._interview = on
            self.set_crumbs(self._crumbs)
        self._lay_out()

    def _lay_out(self) -> None:
        """Give everything its place before it is painted: nothing jumps there afterwards."""
        if self.isVisible():
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def event(self, event: QEvent) -> bool:
        """Let Ctrl+L lock also where a dialog keeps the keys from this window."""
        if event.type() is QEvent.Type.WindowBlocked:
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                shortcut = QShortcut(QKeySequence("Ctrl+L"), dialog)
                shortcut.activated.connect(self.lock_requested)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.go_up():
            event.accept()
            return
        super().keyPressEvent(event)

    def go_up(self) -> bool:
        """Go to the nearest crumb that leads somewhere; False when there is none."""
        for crumb in reversed(self._crumbs[:-1]):
            if crumb.go is not None:
                crumb.go()
                return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._refit()

    def _refit(self) -> None:
        """Arrange the top line for the room there is; a part of the window may be the client's."""
        roomy = self.contentsRect().width() >= self.theme.px(900)
        if roomy != self._roomy:
            self._roomy = roomy
            self.set_crumbs(self._crumbs)
        else:
            self._fit_top()

    def _fit_top(self) -> None:
        """Leave out, one by one, what the top line can miss, until nothing of it is clipped."""
        self._tighten(0 if self._roomy else _TIGHT)
        self._tighten_soon()

    def _tighten_soon(self) -> None:
        """Measure once for all that changed in this turn, before anything of it is painted."""
        if self._top.isVisible():
            QCoreApplication.postEvent(self._top, QEvent(QEvent.Type.LayoutRequest))
        else:
            self._tighten_on()

    def _tighten_on(self) -> None:
        room = self.contentsRect().width() - 2 * self._inset
        while self._tightness < _TIGHTEST and self._top_width() > room:
            self._tighten(self._tightness + 1)

    def _top_width(self) -> int:
        layout = self._top.layout()
        if layout is None:
            return 0
        # what is in it may have changed; to invalidate it would ask for a layout again, for ever
        layout.activate()
        return layout.sizeHint().width()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        # an action of the page came, went or got another word
        if watched is self._top and event.type() is QEvent.Type.LayoutRequest:
            self._tighten_on()
        elif watched is self._top and event.type() is QEvent.Type.Resize:
            # the margins of a window change without a resize of the window
            self._refit()
        return super().eventFilter(watched, event)

    def _tighten(self, tightness: int) -> None:
        tr = self._tr
        self._tightness = tightness
        self._show_sync()
        if self._practice_tag is not None:
            long, short = tr.gettext("Oefenen: niemand is echt"), tr.gettext("Oefenen")
            text = long if tightness < 2 else short
            if text != self._practice_tag.text():
                self._practice_tag.set_kind(text, "warn")
        key = "Ctrl L" if tightness < _TIGHT else ""
        if key != self.lock_button.key:
            self.lock_button.set_key(key)
        lengths = _CRUMB_LENGTHS[max(0, tightness - _TIGHT)]
        if lengths != self._crumb_lengths:
            self._draw_crumbs(*lengths)

    def _make_top(self, *, practice: bool) -> QWidget:
        theme, tr = self.theme, self._tr
        top = self._top = _Surface(theme)
        top.setObjectName("top-line")
        row = QHBoxLayout(top)
        row.setContentsMargins(theme.gap(24), theme.gap(8), theme.gap(24), theme.gap(8))
        row.setSpacing(theme.gap(12))
        self._crumb_row = QHBoxLayout()
        row.addLayout(self._crumb_row)
        self._crumb_row.setSpacing(theme.gap(8))
        row.addStretch(1)
        if practice:
            self._practice_tag = Tag(theme, tr.gettext("Oefenen: niemand is echt"), "warn")
            self._practice_tag.setObjectName("practice-tag")
            row.addWidget(self._practice_tag)
        self._saved = Caption(theme, tr.gettext("Alles opgeslagen"), wrap=False)
        self._saved.setObjectName("saved-state")
        self._dot = Caption(theme, "·", wrap=False)
        self._sync = Caption(theme, tr.gettext("Delen per bestand"), wrap=False)
        self._sync.setObjectName("sync-state")
        self._sync_leads = False
        self._sync_said = (self._sync.text(), False, "", False)
        self._sync_link = StatusLink(theme, name="sync-open")
        self._sync_link.clicked.connect(self.sync_requested)
        self._sync_link.hide()
        for widget in (self._saved, self._dot, self._sync, self._sync_link):
            row.addWidget(widget)
        self._action_row = QHBoxLayout()
        row.addLayout(self._action_row)
        self._action_row.setSpacing(theme.gap(12))
        self.lock_button = QuietButton(
            theme, tr.gettext("Vergrendelen"), icon="lock", key="Ctrl L", name="lock"
        )
        self.lock_button.clicked.connect(self.lock_requested)
        row.addWidget(self.lock_button)
        top.setFixedHeight(theme.px(44) + 2 * theme.gap(8))
        return top


def _shortened(label: str, longest: int) -> str:
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


class _Surface(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), self._theme.color("surface"))
