"""F1: the keys of the interview on one sheet, made from the table that gives them their work."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.keys import DIGITS, GROUPS, Key
from intake_app.ui.interview.painting import Ground, GroundArea
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton
from intake_app.ui.kit.text import Body, Heading, Muted

_TWO_COLUMNS = 760
"""From so many effective pixels the groups stand beside each other."""

_SCROLLS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class ShortcutSheet(QDialog):
    """Lists what each key does; the arrows scroll where it does not fit, Enter and Esc close it.

    Without `single` it names the letters with Alt, as they work then; without `client` it leaves
    out what a form that asks the client nothing does not have.
    """

    def __init__(
        self,
        tools: Tools,
        parent: QWidget | None = None,
        *,
        single: bool = True,
        client: bool = True,
    ) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self.setObjectName("shortcut-sheet")
        self.setWindowTitle(tr.gettext("Toetsen in het gesprek"))
        room = self.screen().availableSize() if parent is None else parent.window().size()
        most = room.width() - theme.gap(32)
        wide = most >= theme.px(_TWO_COLUMNS)
        side = theme.gap(24)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, side, 0, side)
        outer.setSpacing(theme.gap(12))
        head = Heading(theme, tr.gettext("Toetsen in het gesprek"), factor=1.3)
        top = QHBoxLayout()
        outer.addLayout(top)
        top.setContentsMargins(side, 0, side, 0)
        top.addWidget(head)
        content = Ground(theme.color("window"), "shortcut-rows")
        inside = QVBoxLayout(content)
        inside.setContentsMargins(side, theme.gap(8), side, theme.gap(8))
        inside.setSpacing(theme.gap(16))
        columns = QHBoxLayout()
        inside.addLayout(columns)
        columns.setSpacing(theme.gap(40))
        inside.addWidget(Muted(theme, self._about(tr, single=single)))
        places = [QVBoxLayout() for _ in range(2 if wide else 1)]
        for place in places:
            place.setSpacing(theme.gap(4))
            columns.addLayout(place, 1)
        self.rows: list[tuple[str, str]] = []
        """What stands on the sheet: the key as it is shown, and what it does."""
        for number, (title, keys) in enumerate(GROUPS):
            shown = [key for key in keys if client or not key.client]
            place = places[0] if number < 2 else places[-1]
            if place.count():
                place.addSpacing(theme.gap(12))
            place.addWidget(Heading(theme, tr.gettext(title), factor=1.0))
            for key in shown:
                name, words = shown_key(key, single=single), tr.gettext(key.words)
                self.rows.append((name, words))
                place.addWidget(_row(tools, name, words))
        for place in places:
            place.addStretch(1)
        area = GroundArea(theme.color("window"), "shortcut-scroll")
        area.setAccessibleName(tr.gettext("Toetsen in het gesprek"))
        area.setWidget(content)
        outer.addWidget(area, 1)
        bar = QHBoxLayout()
        outer.addLayout(bar)
        bar.setContentsMargins(side, 0, side, 0)
        bar.addStretch(1)
        close = PrimaryButton(theme, tr.gettext("Terug naar het gesprek"), name="shortcuts-close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        bar.addWidget(close)
        tall = content.sizeHint().height() + theme.px(150)
        self.resize(
            min(theme.px(940 if wide else 480), most), min(tall, room.height() - theme.gap(32))
        )
        self._bar = area.verticalScrollBar()
        close.installEventFilter(self)
        close.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        # a button would take the arrows to go to the next one
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            action = _SCROLLS.get(Qt.Key(event.key()))
            if action is not None:
                self._bar.triggerAction(action)
                return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _about(tr: UiTexts, *, single: bool) -> str:
        if single:
            return tr.gettext(
                "Losse letters en cijfers werken buiten de tekstvakken. Met Alt erbij werken ze "
                "overal. Je zet ze uit bij Instellingen, Gesprek."
            )
        return tr.gettext(
            "Losse letters en cijfers staan uit: gebruik ze met Alt. Je zet ze aan bij "
            "Instellingen, Gesprek."
        )


def shown_key(key: Key, *, single: bool) -> str:
    """Return how a key is written on the sheet: 'W', 'Alt W', 'Ctrl F', 'Enter'."""
    return " / ".join(_shown_keys(key, single=single))


def _shown_keys(key: Key, *, single: bool) -> Iterator[str]:
    if key.letter:
        name = f"{key.letter[0]} … {key.letter[-1]}" if key.letter == DIGITS else key.letter
        yield name if single else f"Alt {name}"
    if key.pressed:
        yield key.pressed
    chords = list(dict.fromkeys(_chord(chord) for chord in key.chords))
    if len(chords) > 2:
        # one after the other: Ctrl 1 … 5
        chords = [f"{chords[0]} … {chords[-1].split()[-1]}"]
    yield from chords


def _chord(chord: str) -> str:
    names = {"Left": "←", "Right": "→", "Return": "Enter"}
    return " ".join(names.get(part, part) for part in chord.split("+"))


def _row(tools: Tools, key: str, words: str) -> QWidget:
    theme = tools.theme
    box = QWidget()
    # one name for both: a screen reader reads a row, not two loose texts
    box.setAccessibleName(f"{key}: {words}")
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.gap(16))
    name = Body(theme, key, strong=True)
    name.setFixedWidth(theme.px(150))
    row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Body(theme, words), 1)
    return box
