"""Choose one or several: rows, columns, two big buttons for yes and no, searched when many.

How the appearances of ODK are read here: `columns`, `columns-2` … `columns-10`, `columns-pack`,
`columns-flex`, `compact`, `horizontal` and their like put the choices in columns where there is
room; `autocomplete` and `search` always offer to search; `minimal` folds to the chosen answer.
`quick` would go on by itself: here that is a setting of the colleague, never of a form.
`no-buttons` and `image-map` are about pictures and show the words. Anything unknown shows rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from intake_app.i18n.folding import folded, found_in
from intake_app.ui.interview.questions.base import TapAnswer, Tools
from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.ui.interview.soon import Soon
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.inputs import mark_problem
from intake_app.ui.kit.text import Caption
from intake_app.ui.pictograms import of_choice
from intake_app.xforms import ChoiceView, QuestionKind, QuestionView

__all__ = [
    "FOUND",
    "FOUND_COMPACT",
    "MANY",
    "ChoiceAnswer",
    "columns_wanted",
    "folded",
    "is_yes_no",
]

MANY = 12
"""More choices than this are found by typing."""
FOUND, FOUND_COMPACT = 8, 3
"""How many of the found choices are shown: for one question, and for one of several."""

MOST_COLUMNS = 10

_YES_NO = (("ja", "nee"), ("yes", "no"), ("1", "0"), ("true", "false"), ("j", "n"), ("y", "n"))
_SEARCHED = frozenset({"autocomplete", "search"})
_IN_COLUMNS = (
    "columns",
    "columns-pack",
    "columns-flex",
    "compact",
    "quickcompact",
    "horizontal",
    "horizontal-compact",
)

Pair = tuple[ChoiceView, ChoiceView | None]


def is_yes_no(choices: Sequence[ChoiceView]) -> bool:
    """Return whether the choices are yes and no, and nothing else."""
    values = tuple(choice.value.casefold() for choice in choices)
    return values in _YES_NO or values[::-1] in _YES_NO


def columns_wanted(appearance: Sequence[str]) -> int:
    """Return how many columns a form asks for at most: 1 unless it says otherwise."""
    for word in appearance:
        name, _, count = word.rpartition("-")
        if name in _IN_COLUMNS and count.isascii() and count.isdigit():
            return min(max(int(count), 1), MOST_COLUMNS)
        if word in _IN_COLUMNS:
            return MOST_COLUMNS
    return 1


class ChoiceAnswer(TapAnswer):
    """Select one or select multiple, numbered for the keys 1–9.

    Choosing the chosen one again takes the answer away.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self.theme.gap(8))
        self._search: QLineEdit | None = None
        self._place = QGridLayout()
        self._column.addLayout(self._place)
        self._place.setSpacing(self.theme.gap(8))
        self._more: Caption | None = None
        self._reopen: TextLink | None = None
        self._rows: list[ChoiceButton] = []
        self._shown: tuple[Pair, ...] = ()
        self._built_as: tuple[object, ...] = ()
        self._made_for: tuple[object, ...] = ()
        self._choices: tuple[Pair, ...] = ()
        self._value: tuple[str, ...] = ()
        self._key: object = None
        self._label = ""
        self._single = True
        self._long = False
        self._folds = False
        self._opened = False
        self._settled = False
        self._wanted_columns = 1
        self._columns = 1
        self._yes_no = False
        self._stacked = False
        self._readonly = False
        self._wrong = False
        self._found = FOUND
        self._soon = Soon(self._fold, self)

    @property
    def rows(self) -> Sequence[ChoiceButton]:
        """Return the choices that are shown, in order."""
        return tuple(self._rows)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        appearance = view.definition.appearance
        if view.key != self._key:
            self._key, self._opened = view.key, False
            if self._search is not None:
                self._search.clear()
        self._single = view.definition.kind is QuestionKind.SELECT_ONE
        self._readonly = view.readonly
        self._label = view.label.text
        translated = {} if other is None else {c.value: c for c in other.choices}
        self._choices = tuple((c, translated.get(c.value)) for c in view.choices)
        # the value of a choice of one may have a space in it
        value = self.standing(view)
        one = (value,) if value else ()
        self._value = one if self._single else tuple(value.split())
        self._long = len(self._choices) > MANY or not _SEARCHED.isdisjoint(appearance)
        self._folds = self._single and (self._long or "minimal" in appearance)
        self._yes_no = self._single and is_yes_no(view.choices)
        self._wanted_columns = 2 if self._yes_no else columns_wanted(appearance)
        self._set_search(self._long and not self._readonly)
        self._show()

    def focus_first(self) -> None:
        on = next((row for row in self._rows if row.isChecked()), None)
        if self._search is not None and self._long and on is None and not self._readonly:
            self._search.setFocus()
        elif self._rows:
            (on or self._rows[0]).setFocus()

    def choose(self, number: int) -> bool:
        if not 1 <= number <= len(self._rows):
            return False
        self._chosen(self._rows[number - 1].choice.value)
        return True

    def set_stacked(self, stacked: bool) -> None:
        self._stacked = stacked
        self._stack_rows()
        self._arrange()

    def set_compact(self, compact: bool) -> None:
        self._found = FOUND_COMPACT if compact else FOUND

    def set_problem(self, wrong: bool) -> None:
        self._wrong = wrong
        for row in self._rows:
            row.set_wrong(wrong)
        if self._search is not None:
            mark_problem(self._search, wrong)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return that of one column: more columns than fit must not keep a page wide."""
        return QSize(self.theme.gap(160), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._search and isinstance(event, QKeyEvent):
            pressed = event.type() is QEvent.Type.KeyPress
            return pressed and self._search_key(event)
        return super().eventFilter(watched, event)

    # ---- what a shape of its own may do differently ----------------------------------------------

    def _shape(self) -> tuple[object, ...]:
        """Return what, beside the choices, the rows are built for: another shape builds anew."""
        return (self._single, self._yes_no)

    def _make(self, index: int, pair: Pair, pictogram: str | None) -> ChoiceButton:
        """Return the button of one choice."""
        choice, other = pair
        return ChoiceRow(
            self.theme,
            choice,
            other,
            # the number a client points at; only 1 to 9 are keys
            number=index + 1 if index < 9 or not self._long else 0,
            single=self._single,
            pictogram=pictogram,
            large=self._yes_no,
            parent=self,
        )

    def _columns_at(self, width: int) -> int:
        """Return how many choices stand beside each other at a width."""
        if self._wanted_columns < 2 or not self._rows:
            return 1
        gap = self._place.horizontalSpacing()
        widths = [row.one_line_width() for row in self._rows if isinstance(row, ChoiceRow)]
        least = max((*widths, self.theme.px(130)))
        fitting = max(1, (width + gap) // (least + gap))
        return min(self._wanted_columns, fitting, len(self._rows))

    def _fit(self) -> None:
        """Follow the width."""
        if self._columns_at(self.width()) != self._columns:
            self._arrange()

    # ---- showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        self._soon.cancel()
        wanted = self._wanted()
        if wanted != self._shown or self._shape() != self._built_as or not self._rows:
            # also in a window that is not in front just now
            at = self.window().focusWidget()
            focused = next((r.choice.value for r in self._rows if r is at), None)
            self._build(wanted)
            if focused is not None:
                self._focus(focused)
        if self._folds and not self._readonly:
            # made with the rest, not when somebody chooses
            self._make_reopen()
        self._set_reopen(self._settled)
        self._tick()
        for row in self._rows:
            row.setEnabled(not self._readonly)

    def _tick(self) -> None:
        """Show which choices are made."""
        for row in self._rows:
            row.set_on(row.choice.value in self._value)

    def _wanted(self) -> tuple[Pair, ...]:
        sought = folded(self._search.text()) if self._search is not None and self._long else ""
        chosen = tuple(pair for pair in self._choices if pair[0].value in self._value)
        settled = self._folds and bool(chosen) and not sought and not self._opened
        self._settled = settled and not self._readonly
        if settled or (self._readonly and self._long):
            self._say_more("")
            return chosen
        if not self._long:
            empty = self.tr_.gettext("Er is nu geen antwoord om uit te kiezen.")
            self._say_more("" if self._choices else empty)
            return self._choices
        ranked = [
            (-rank, index, pair)
            for index, pair in enumerate(self._choices)
            if pair[0].value not in self._value and (rank := _rank(pair, sought))
        ]
        found = [pair for _, _, pair in sorted(ranked, key=lambda each: each[:2])]
        rest = found[: self._found]
        left = len(found) - len(rest)
        if left:
            self._say_more(
                self.tr_.ngettext(
                    "Nog {n} antwoord. Typ een deel van het woord.",
                    "Nog {n} antwoorden. Typ een deel van het woord.",
                    left,
                ).format(n=left)
            )
        elif sought and not found:
            self._say_more(self.tr_.gettext("Niets gevonden. Typ minder letters."))
        else:
            self._say_more("")
        return (*chosen, *rest)

    def _build(self, wanted: tuple[Pair, ...]) -> None:
        """Make the rows; one that is for the same choice in the same place stays."""
        drawings = [of_choice(self.tools.form_id, choice.ref) for choice, _ in wanted]
        made_for = (self._shape(), any(drawings), self._long, len(self._choices))
        there = self._rows if made_for == self._made_for else []
        stays = [
            place < len(there) and place < len(self._shown) and self._shown[place] == pair
            for place, pair in enumerate(wanted)
        ]
        for place, row in enumerate(self._rows):
            if place >= len(stays) or not stays[place]:
                self._place.removeWidget(row)
                row.hide()
                row.deleteLater()
        self._shown, self._built_as, self._made_for = wanted, self._shape(), made_for
        self._rows = []
        for index, pair in enumerate(wanted):
            if stays[index]:
                row = there[index]
                # screen readers go by the order of the children
                row.raise_()
            else:
                row = self._make(index, pair, drawings[index] if any(drawings) else None)
                row.chosen.connect(self._chosen)
                row.step.connect(self._step)
                row.cross.connect(self._cross)
                self.watch(row)
            row.setEnabled(not self._readonly)
            row.set_wrong(self._wrong)
            self._rows.append(row)
        self._stack_rows()
        self._arrange()
        before: QWidget | None = self._search
        for row in self._rows:
            if before is not None:
                QWidget.setTabOrder(before, row)
            before = row
        if self._reopen is not None:
            # made again after the rows: Qt cannot move what is first in a window behind the last
            self._column.removeWidget(self._reopen)
            self._reopen.hide()
            self._reopen.deleteLater()
            self._reopen = None

    def _stack_rows(self) -> None:
        # beside each other there is no room for two languages on one line
        stacked = self._stacked or (self._wanted_columns > 1 and not self._yes_no)
        for row in self._rows:
            row.set_stacked(stacked)

    def _arrange(self) -> None:
        """Give every row its place for the width of now."""
        self._columns = self._columns_at(self.width())
        for row in self._rows:
            self._place.removeWidget(row)
        for index, row in enumerate(self._rows):
            row.across = self._columns > 1
            self._place.addWidget(row, index // self._columns, index % self._columns)
        for column in range(MOST_COLUMNS):
            self._place.setColumnStretch(column, 1 if column < self._columns else 0)
        self.updateGeometry()

    def _set_search(self, on: bool) -> None:
        if self._search is None and on:
            search = self._search = QLineEdit()
            search.setObjectName("choice-search")
            search.setFont(self.theme.font())
            search.setPlaceholderText(self.tr_.gettext("Typ om te zoeken"))
            search.textEdited.connect(self._show)
            self.watch(search)
            self._column.insertWidget(0, search)
        if self._search is not None:
            words = self.tr_.gettext("Zoek in de antwoorden")
            self._search.setAccessibleName(f"{self._label}: {words}")
            self._search.setVisible(on)

    def _say_more(self, words: str) -> None:
        if self._more is None and words:
            self._more = Caption(self.theme, "")
            self._column.addWidget(self._more)
        if self._more is not None:
            changed = self._more.text() != words
            self._more.set_text(words)
            self._more.setVisible(bool(words))
            if changed and words:
                self.announce(words)

    def _make_reopen(self) -> None:
        if self._reopen is None:
            words = self.tr_.gettext("Ander antwoord kiezen")
            self._reopen = TextLink(self.theme, words, name="choice-reopen", parent=self)
            self._reopen.hide()
            self._reopen.clicked.connect(self._open)
            self.watch(self._reopen)
            self._column.addWidget(self._reopen, 0, Qt.AlignmentFlag.AlignLeft)

    def _set_reopen(self, on: bool) -> None:
        if on:
            self._make_reopen()
        if self._reopen is not None:
            self._reopen.setVisible(on)

    # ---- doing -----------------------------------------------------------------------------------

    def _open(self) -> None:
        self._opened = True
        self._show()
        if self._search is not None and self._long:
            self._search.setFocus()
        else:
            self.focus_first()

    def _chosen(self, value: str) -> None:
        if self._readonly:
            return
        if self._single:
            self._value = () if value in self._value else (value,)
            if self._value:
                self._opened = False
                if self._search is not None:
                    self._search.clear()
        else:
            order = [choice.value for choice, _ in self._choices]
            picked = set(self._value) ^ {value}
            self._value = tuple(v for v in order if v in picked)
        if self._folds and any(row.choice.value == value for row in self._rows):
            # the others fold away when the answer is on disk, and not where one goes on at once
            self._tick()
            self._soon.start()
        else:
            self._show()
        self._focus(value)
        self.say(" ".join(self._value))

    def _fold(self) -> None:
        if self.isVisible():
            self._show()

    def _search_key(self, event: QKeyEvent) -> bool:
        """Enter takes the first that was found, Down goes to it; False for any other key."""
        first = next((row for row in self._rows if not row.isChecked()), None)
        if first is None:
            return False
        enters = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enters and not event.modifiers() and self._search is not None and self._search.text():
            self._chosen(first.choice.value)
            return True
        if event.key() == Qt.Key.Key_Down:
            self._rows[0].setFocus()
            return True
        return False

    def _focus(self, value: str) -> None:
        row = next((r for r in self._rows if r.choice.value == value), None)
        if row is not None and self.isVisible():
            row.setFocus()

    def _step(self, by: int) -> None:
        if self._columns == len(self._rows):
            return
        self._go(by * self._columns)

    def _cross(self, by: int) -> None:
        self._go(by)

    def _go(self, by: int) -> None:
        index = next((i for i, row in enumerate(self._rows) if row.hasFocus()), -1) + by
        if 0 <= index < len(self._rows):
            self._rows[index].setFocus()
        elif index < 0 and self._search is not None and self._search.isVisible():
            self._search.setFocus()


def _rank(pair: Pair, sought: str) -> int:
    if not sought:
        return 1
    choice, other = pair
    return found_in(sought, choice.label.text, *([other.label.text] if other is not None else []))
