"""Choose one, choose several, put in order, or confirm."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from intake_app.i18n.bidi import isolate
from intake_app.i18n.languages import direction
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.ui.kit.buttons import LinkButton, QuietButton
from intake_app.ui.kit.surfaces import clear_layout
from intake_app.ui.kit.text import Caption, LangLabel
from intake_app.ui.pictograms import of_choice
from intake_app.xforms import ChoiceView, QuestionKind, QuestionView, ShownText

MANY = 12
"""More choices than this are found by typing."""
FOUND, FOUND_COMPACT = 8, 3
"""How many of the found choices are shown: for one question, and for one of several."""


class ChoiceAnswer(AnswerWidget):
    """Select one or select multiple as numbered rows; a long list is searched.

    Choosing the chosen one again takes the answer away.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self.theme.gap(8))
        self._search = QLineEdit()
        self._search.setObjectName("choice-search")
        self._search.setFont(self.theme.font())
        self._search.setPlaceholderText(self.tr_.gettext("Typ om te zoeken"))
        self._search.setAccessibleName(self.tr_.gettext("Zoek in de antwoorden"))
        self._search.textEdited.connect(self._searched)
        self._search.setVisible(False)
        self.watch(self._search)
        self._column.addWidget(self._search)
        self._rows_box = QVBoxLayout()
        self._rows_box.setSpacing(self.theme.gap(8))
        self._column.addLayout(self._rows_box)
        self._more = Caption(self.theme, "")
        self._more.setVisible(False)
        self._column.addWidget(self._more)
        self._rows: list[ChoiceRow] = []
        self._shown: tuple[tuple[ChoiceView, ChoiceView | None], ...] = ()
        self._choices: tuple[tuple[ChoiceView, ChoiceView | None], ...] = ()
        self._value: tuple[str, ...] = ()
        self._single = True
        self._long = False
        self._stacked = False
        self._readonly = False
        self._found = FOUND

    @property
    def rows(self) -> Sequence[ChoiceRow]:
        """Return the rows that are shown, in order."""
        return tuple(self._rows)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        self._single = view.definition.kind is QuestionKind.SELECT_ONE
        self._readonly = view.readonly
        translated = {} if other is None else {c.value: c for c in other.choices}
        self._choices = tuple((c, translated.get(c.value)) for c in view.choices)
        self._value = tuple(view.value.split())
        self._long = len(self._choices) > MANY
        self._search.setVisible(self._long)
        self._show()

    def focus_first(self) -> None:
        on = next((row for row in self._rows if row.isChecked()), None)
        if self._long and on is None:
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
        for row in self._rows:
            row.set_stacked(stacked)

    def set_compact(self, compact: bool) -> None:
        self._found = FOUND_COMPACT if compact else FOUND

    def _searched(self) -> None:
        self._show()

    def _show(self) -> None:
        wanted = self._wanted()
        if wanted != self._shown or not self._rows:
            focused = next((r.choice.value for r in self._rows if r.hasFocus()), None)
            self._build(wanted)
            if focused is not None:
                self._focus(focused)
        for row in self._rows:
            row.set_on(row.choice.value in self._value)

    def _wanted(self) -> tuple[tuple[ChoiceView, ChoiceView | None], ...]:
        if not self._long:
            self._more.setVisible(False)
            return self._choices
        sought = folded(self._search.text())
        chosen = [pair for pair in self._choices if pair[0].value in self._value]
        found = [
            pair
            for pair in self._choices
            if pair[0].value not in self._value and _matches(pair, sought)
        ]
        settled = self._single and chosen and not sought
        rest = () if settled else tuple(found[: self._found])
        left = 0 if settled else len(found) - len(rest)
        self._more.setVisible(bool(left) or (bool(sought) and not found))
        if left:
            self._more.set_text(
                self.tr_.ngettext(
                    "Nog {n} antwoord. Typ een deel van het woord.",
                    "Nog {n} antwoorden. Typ een deel van het woord.",
                    left,
                ).format(n=left)
            )
        elif sought and not found:
            self._more.set_text(self.tr_.gettext("Niets gevonden. Typ minder letters."))
        return (*chosen, *rest)

    def _build(self, wanted: tuple[tuple[ChoiceView, ChoiceView | None], ...]) -> None:
        clear_layout(self._rows_box)
        self._rows = []
        self._shown = wanted
        drawings = [of_choice(self.tools.form_id, choice.ref) for choice, _ in wanted]
        for index, (choice, other) in enumerate(wanted):
            row = ChoiceRow(
                self.theme,
                choice,
                other,
                # the number a client points at; only 1 to 9 are keys
                number=index + 1 if index < 9 or not self._long else 0,
                single=self._single,
                pictogram=drawings[index] if any(drawings) else None,
                parent=self,
            )
            row.setEnabled(not self._readonly)
            row.set_stacked(self._stacked)
            row.chosen.connect(self._chosen)
            row.step.connect(self._step)
            self.watch(row)
            self._rows_box.addWidget(row)
            self._rows.append(row)
        before: QWidget = self._search
        for row in self._rows:
            QWidget.setTabOrder(before, row)
            before = row

    def _chosen(self, value: str) -> None:
        if self._readonly:
            return
        if self._single:
            self._value = () if value in self._value else (value,)
            if self._value:
                self._search.clear()
        else:
            order = [choice.value for choice, _ in self._choices]
            picked = set(self._value) ^ {value}
            self._value = tuple(v for v in order if v in picked)
        self._show()
        self._focus(value)
        self.answer_changed.emit(" ".join(self._value))

    def _focus(self, value: str) -> None:
        row = next((r for r in self._rows if r.choice.value == value), None)
        if row is not None and self.isVisible():
            row.setFocus()

    def _step(self, by: int) -> None:
        index = next((i for i, row in enumerate(self._rows) if row.hasFocus()), -1) + by
        if 0 <= index < len(self._rows):
            self._rows[index].setFocus()


class AcknowledgeAnswer(AnswerWidget):
    """One row to confirm with; the value is OK, as XForms has it."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        words = ShownText(self.tr_.gettext("Gedaan"), "nl")
        self._row = ChoiceRow(
            self.theme, ChoiceView("OK", words, ""), None, number=1, single=False, parent=self
        )
        self._row.chosen.connect(self._chosen)
        self.watch(self._row)
        column.addWidget(self._row)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        self._row.setEnabled(not view.readonly)
        self._row.set_on(view.value == "OK")

    def focus_first(self) -> None:
        self._row.setFocus()

    def choose(self, number: int) -> bool:
        if number == 1:
            self._chosen()
        return number == 1

    def _chosen(self, _value: str = "") -> None:
        self._row.set_on(not self._row.isChecked())
        self.answer_changed.emit("OK" if self._row.isChecked() else "")


class RankAnswer(AnswerWidget):
    """Put choices in order with two buttons per row; nothing is stored until one is moved."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self.theme.gap(8))
        self._order: list[str] = []
        self._texts: dict[str, tuple[ChoiceView, ChoiceView | None]] = {}
        self._ranked = False
        self._buttons: list[QuietButton] = []

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        translated = {} if other is None else {c.value: c for c in other.choices}
        self._texts = {c.value: (c, translated.get(c.value)) for c in view.choices}
        given = [value for value in view.value.split() if value in self._texts]
        self._ranked = bool(given)
        self._order = given + [value for value in self._texts if value not in given]
        self._build()

    def focus_first(self) -> None:
        if self._buttons:
            self._buttons[0].setFocus()

    def _build(self) -> None:
        clear_layout(self._column)
        self._buttons = []
        for place, value in enumerate(self._order, start=1):
            choice, other = self._texts[value]
            box = QWidget(self)
            row = QHBoxLayout(box)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(Caption(self.theme, str(place) if self._ranked else "–", wrap=False))
            row.addWidget(LangLabel(self.theme, choice.label.text, choice.label.language), 1)
            if other is not None and other.label.status != "missing":
                row.addWidget(LangLabel(self.theme, other.label.text, other.label.language), 1)
            for by, icon, words in (
                (-1, "chevron-up", self.tr_.gettext("Omhoog")),
                (1, "chevron-down", self.tr_.gettext("Omlaag")),
            ):
                button = QuietButton(self.theme, words, name=f"rank-{value}-{icon}")
                label = isolate(choice.label.text, direction(choice.label.language))
                button.setAccessibleName(f"{words}: {label}")
                button.setEnabled(0 < place + by <= len(self._order))
                button.clicked.connect(lambda _=False, v=value, b=by: self._move(v, b))
                self.watch(button)
                self._buttons.append(button)
                row.addWidget(button)
            self._column.addWidget(box)
        if not self._ranked:
            keep = LinkButton(self.theme, self.tr_.gettext("Deze volgorde klopt"), name="rank-keep")
            keep.clicked.connect(self._say)
            self._column.addWidget(keep)

    def _move(self, value: str, by: int) -> None:
        at = self._order.index(value)
        self._order.insert(at + by, self._order.pop(at))
        self._say()

    def _say(self) -> None:
        self._ranked = True
        self._build()
        self.answer_changed.emit(" ".join(self._order))


def folded(text: str) -> str:
    """Return text as it is compared when searching: no case, no accents."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _matches(pair: tuple[ChoiceView, ChoiceView | None], sought: str) -> bool:
    if not sought:
        return True
    choice, other = pair
    texts = [choice.label.text] + ([other.label.text] if other is not None else [])
    return any(sought in folded(text) for text in texts)
