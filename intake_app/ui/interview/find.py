"""Ctrl+F: find a question by its words, in either language, and go there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from intake_app.i18n.folding import folded
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.inputs import TextInput
from intake_app.ui.kit.text import Caption, Heading
from intake_app.ui.theme import CAPTION, SEMIBOLD, Theme, layout_direction
from intake_app.xforms import AnswerState, NodeKey, QuestionKind, QuestionView, ShownText

FEW_CHOICES = 40
"""The words of so many choices are searched too; a longer list would be found by anything."""

_SIDE_BY_SIDE = 700
"""From so many effective pixels the two languages stand beside each other."""

AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Findable:
    """A question that can be found: its words, where it stands, and whether it is asked now."""

    key: NodeKey
    own: ShownText
    other: ShownText | None
    where: str
    asked: bool
    label_words: str = field(repr=False)
    """Folded: the label in both languages."""
    words: str = field(repr=False)
    """Folded: help, section, and the choices."""


def findables(tools: Tools, bridge: InterviewBridge) -> tuple[Findable, ...]:
    """Return every question of an interview in the order of the form, those not asked now last.

    A question of a repeat is there once for each instance; a repeat itself is there too.
    """
    flow = bridge.flow
    found: list[Findable] = []
    paths: set[str] = set()
    for page in flow.session.pages():
        section = flow.session.title(page.section, bridge.own_language).text if page.section else ""
        if page.kind == "repeat":
            found.append(_repeat(bridge, page.key, section))
        for key in page.keys:
            paths.add(key.path)
            if flow.form.questions[key.path].kind is not QuestionKind.CALCULATED:
                found.append(_findable(tools, bridge, key, section, asked=True))
    for path, question in flow.form.questions.items():
        hidden = path not in paths and question.repeat is None
        if hidden and question.kind.askable:
            found.append(_findable(tools, bridge, NodeKey(path), "", asked=False))
    return tuple(found)


def _repeat(bridge: InterviewBridge, key: NodeKey, section: str) -> Findable:
    title = bridge.flow.session.title(key.path, bridge.own_language, key.repeat)
    other = None
    if bridge.bilingual:
        other = bridge.flow.session.title(key.path, bridge.language, key.repeat)
    words = folded(" ".join((title.text, "" if other is None else other.text)))
    return Findable(
        key, title, other, section, asked=True, label_words=words, words=folded(section)
    )


def _findable(
    tools: Tools, bridge: InterviewBridge, key: NodeKey, section: str, *, asked: bool
) -> Findable:
    own, other = bridge.views(key)
    views = [own] if other is None else [own, other]
    where = [section] if section else []
    place = None if key.repeat is None else bridge.flow.place_of(key.repeat)
    if place is not None:
        path, number = place
        title = bridge.flow.session.title(path, bridge.own_language, key.repeat).text
        where.append(f"{title} {number}")
    if not asked:
        where.append(tools.tr.gettext("Nu niet aan de orde"))
    elif own.state is not AnswerState.NONE:
        where.append(tools.tr.gettext("beantwoord"))
    row = bridge.flow.row(key)
    if asked and row is not None and row.later:
        where.append(tools.tr.gettext("later"))
    return Findable(
        key,
        own.label,
        None if other is None or other.label.status == "missing" else other.label,
        " · ".join(where),
        asked,
        folded(" ".join(view.label.text for view in views)),
        folded(" ".join((*where, *_more_words(views)))),
    )


def _more_words(views: list[QuestionView]) -> Iterator[str]:
    for view in views:
        if view.hint is not None:
            yield view.hint.text
        if len(view.choices) <= FEW_CHOICES:
            yield from (choice.label.text for choice in view.choices)


def search(among: tuple[Findable, ...], sought: str) -> tuple[Findable, ...]:
    """Return what holds every word that is sought, best first; all of it when nothing is.

    A question whose label begins with it comes first, then one with a word that does, then one
    with it in its label, in its help, its section or its choices; as the form has them.
    """
    words = folded(sought).split()
    if not words:
        return among

    def rank(each: Findable) -> int:
        if not all(word in each.label_words or word in each.words for word in words):
            return -1
        whole = " ".join(words)
        if each.label_words.startswith(whole):
            best = 0
        elif all(f" {word}" in f" {each.label_words}" for word in words):
            best = 1
        elif all(word in each.label_words for word in words):
            best = 2
        else:
            best = 3
        return best if each.asked else best + 4

    ranked = [(rank(each), number, each) for number, each in enumerate(among)]
    return tuple(each for place, _, each in sorted(ranked, key=lambda r: r[:2]) if place >= 0)


class FindQuestion(QDialog):
    """A field, and under it the questions found; arrows choose, Enter goes there, Esc does not.

    `chosen(key)` when somebody wants to go to a question that is asked now. One that is not says
    so and why, and the dialog stays.
    """

    chosen = Signal(object)

    def __init__(
        self, tools: Tools, bridge: InterviewBridge, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self._tr = tr
        self.setObjectName("find-question")
        self.setWindowTitle(tr.gettext("Zoek een vraag"))
        self._all = findables(tools, bridge)
        side = theme.gap(20)
        column = QVBoxLayout(self)
        column.setContentsMargins(side, theme.gap(16), side, theme.gap(16))
        column.setSpacing(theme.gap(8))
        column.addWidget(Heading(theme, tr.gettext("Zoek een vraag"), factor=1.3))
        self.field = TextInput(
            theme,
            name="find-field",
            placeholder=tr.gettext("Woorden uit de vraag, of een antwoord"),
        )
        # Qt reads the placeholder as its description
        self.field.setAccessibleName(tr.gettext("Zoek een vraag"))
        self.field.setMinimumHeight(theme.px(44))
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        column.addWidget(self.field)
        self.model = _Found(self)
        self.list = QListView()
        self.list.setObjectName("find-list")
        self.list.setAccessibleName(tr.gettext("Gevonden vragen"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setModel(self.model)
        self._row = _Row(theme, self.list)
        self.list.setItemDelegate(self._row)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.activated.connect(lambda _index: self._go())
        self.list.clicked.connect(lambda _index: self._go())
        self.list.selectionModel().currentChanged.connect(self._announce_current)
        column.addWidget(self.list, 1)
        self.said = Caption(theme, "")
        self.said.setObjectName("find-said")
        column.addWidget(self.said)
        bar = QHBoxLayout()
        column.addLayout(bar)
        bar.setSpacing(theme.gap(12))
        close = QuietButton(theme, tr.gettext("Terug"), key="Esc", name="find-close")
        close.clicked.connect(self.reject)
        self.go = PrimaryButton(theme, tr.gettext("Ga naar de vraag"), key="Enter", name="find-go")
        self.go.clicked.connect(self._go)
        bar.addWidget(close)
        bar.addStretch(1)
        bar.addWidget(self.go)
        room = self.screen().availableSize() if parent is None else parent.window().size()
        self.resize(
            min(theme.gap(760), room.width() - theme.gap(32)),
            min(theme.gap(620), room.height() - theme.gap(32)),
        )
        self._row.stacked = self.width() < theme.px(_SIDE_BY_SIDE)
        self._here = bridge.focus
        self._search("")
        self.field.setFocus()

    def found(self) -> tuple[Findable, ...]:
        """Return the questions that show, in order."""
        return self.model.found

    def current(self) -> Findable | None:
        """Return the question that Enter goes to."""
        index = self.list.currentIndex()
        return self.model.found[index.row()] if index.isValid() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self.field and isinstance(event, QKeyEvent):
            moves = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
            if event.type() is QEvent.Type.KeyPress and event.key() in moves:
                # the letters stay in the field while the arrows walk through what was found
                self.list.event(event)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go()
            return
        super().keyPressEvent(event)

    def _search(self, sought: str) -> None:
        found = search(self._all, sought)
        self.model.show_found(found)
        keys = [each.key for each in found]
        at = keys.index(self._here) if not sought and self._here in keys else 0
        if found:
            index = self.model.index(at)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
        self.go.setEnabled(bool(found))
        why = "" if found else self._tr.gettext("Er is niets gevonden om naartoe te gaan.")
        self.go.setAccessibleDescription(why)
        if not found:
            said = self._tr.gettext("Niets gevonden. Typ minder letters, of een ander woord.")
        else:
            said = self._tr.ngettext("{n} vraag", "{n} vragen", len(found)).format(n=len(found))
        self._say(said)

    def _go(self) -> None:
        current = self.current()
        if current is None:
            return
        if not current.asked:
            self._say(
                self._tr.gettext(
                    "Deze vraag is nu niet aan de orde: dat hangt af van een ander antwoord."
                )
            )
            return
        self.accept()
        self.chosen.emit(current.key)

    def _announce_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        # the keyboard stays in the field, so a screen reader does not see the list move
        if current.isValid() and self.field.hasFocus():
            self._announce(str(current.data(Qt.ItemDataRole.AccessibleTextRole)))

    def _say(self, text: str) -> None:
        self.said.set_text(text)
        self._announce(text)

    def _announce(self, text: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))


class _Found(QAbstractListModel):
    """The questions found, as rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: tuple[Findable, ...] = ()

    def show_found(self, found: tuple[Findable, ...]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        each = self.found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return each.own.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{each.own.text}. {each.where}"
        return each if role == Qt.ItemDataRole.UserRole else None


class _Row(QStyledItemDelegate):
    """A row: the question in the colleague's language and the client's, and where it stands."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.stacked = False
        """The languages stand one under the other."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        del option, index
        return QSize(self._theme.px(200), self._theme.px(80 if self.stacked else 56))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme = self._theme
        each: Findable = index.data(Qt.ItemDataRole.UserRole)
        rtl = option.direction is Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(2, 2, -2, -2)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(box, theme.px(8), theme.px(8))
            painter.setBrush(theme.color("accent"))
            bar = QRectF(box.left(), box.top(), theme.px(4), box.height())
            if rtl:
                bar.moveRight(box.right())
            painter.drawRoundedRect(bar, 2, 2)
        side = theme.gap(14)
        inner = box.adjusted(side, theme.px(4), -side, -theme.px(4))
        upper = QRectF(inner)
        upper.setHeight(inner.height() * (0.72 if self.stacked else 0.58))
        lower = QRectF(inner)
        lower.setTop(upper.bottom())
        ink = "ink" if each.asked else "muted"
        own, other = upper, upper
        if each.other is not None and self.stacked:
            own = QRectF(upper.left(), upper.top(), upper.width(), upper.height() / 2)
            self._text(painter, own.translated(0, own.height()), each.other, ink)
        elif each.other is not None:
            half = (upper.width() - theme.gap(16)) / 2
            first = QRectF(upper.left(), upper.top(), half, upper.height())
            second = QRectF(upper.right() - half, upper.top(), half, upper.height())
            own, other = (second, first) if rtl else (first, second)
            self._text(painter, other, each.other, ink)
        self._text(painter, own, each.own, ink)
        painter.setFont(theme.font(CAPTION))
        painter.setPen(theme.color("muted"))
        where = QFontMetricsF(painter.font()).elidedText(
            each.where, Qt.TextElideMode.ElideRight, lower.width()
        )
        start = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = start | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(lower, flags, where)
        painter.restore()

    def _text(self, painter: QPainter, rect: QRectF, shown: ShownText, color: str) -> None:
        towards = layout_direction(shown.language)
        rtl = towards is Qt.LayoutDirection.RightToLeft
        painter.setLayoutDirection(towards)
        painter.setFont(self._theme.font_for(shown.language, 1.0, SEMIBOLD))
        painter.setPen(self._theme.color(color))
        text = QFontMetricsF(painter.font()).elidedText(
            " ".join(shown.text.split()), Qt.TextElideMode.ElideRight, rect.width()
        )
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(rect, flags, text)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
