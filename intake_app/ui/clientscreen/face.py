"""One question as the client sees it: the words, and under them where to point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from intake_app.flows.answer_files import is_signed
from intake_app.ui.clientscreen.choices import ChoiceTiles, RankTiles
from intake_app.ui.clientscreen.inputs import ClientInput, ClientTools
from intake_app.ui.clientscreen.pad import MOST_STEPS, NumberPad, ScaleKeys
from intake_app.ui.clientscreen.signing import SigningPad
from intake_app.ui.clientscreen.yes import YesTile
from intake_app.ui.interview.painting import Ground
from intake_app.ui.interview.questions.scale import scale_steps
from intake_app.ui.interview.still import Picture, Still, picture_of
from intake_app.ui.kit.text import LangLabel
from intake_app.ui.theme import NORMAL, SEMIBOLD
from intake_app.xforms import QuestionKind, QuestionView, ShownText

QUESTION_FACTORS: Final = (3.0, 2.6)
"""How large a question is written: the first that leaves room for its answers."""

READ_FACTORS: Final = (2.25, 1.95)
"""The same for what is only read, and for long questions."""

HINT_FACTOR, MARK_FACTOR = 1.75, 1.2
TITLE_PART = 0.63
"""How large the title over a question is written, as a part of the question."""
LONG = 90
"""From so many characters on a question is written as what is only read."""

MACHINE_MADE = "Een computer heeft deze vertaling gemaakt."


class QuestionFace(Ground):
    """Label, hint and the way to answer of one question, arranged for the room there is."""

    def __init__(
        self,
        tools: ClientTools,
        view: QuestionView,
        width: int,
        height: int,
        *,
        title: ShownText | None = None,
    ) -> None:
        """Show `view` in a room of so many device-independent pixels.

        `title` stands over it: what the questions of its page have in common.
        """
        theme = tools.theme
        super().__init__(theme.color("client_ground"), "client-question")
        self._tools, self._title = tools, title
        self._labels: list[LangLabel] = []
        self._size = (0, 0)
        column = self._column = QVBoxLayout(self)
        side = theme.gap(8)
        column.setContentsMargins(side, 0, side, side)
        column.setSpacing(theme.gap(12))
        note = view.definition.kind is QuestionKind.NOTE or len(view.label.text) > LONG
        self._factors = READ_FACTORS if note else QUESTION_FACTORS
        self._factor = self._factors[0]
        self._view = view
        self._picture: Picture | None = None
        self.input = input_for(tools, view)
        self._build(width, height)

    def take_picture(self, height: int) -> Iterator[None]:
        """Paint it while it is hidden, a little at a time, for the first time it is seen."""
        for picture in picture_of(self, self._tools.theme.color("client_ground"), height):
            self._picture = picture
            yield

    def forget_picture(self) -> None:
        """Do without a picture."""
        self._picture = None

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        picture, self._picture = self._picture, None
        if picture is not None and picture.size.width() == self.width():
            Still(picture, self._tools.theme.color("client_ground"), self)

    @property
    def view(self) -> QuestionView:
        """Return what is shown."""
        return self._view

    @property
    def title(self) -> ShownText | None:
        """Return what stands over it."""
        return self._title

    def texts(self) -> tuple[str, ...]:
        """Return every text that is shown now."""
        own = tuple(label.text() for label in self._labels)
        return own if self.input is None else (*own, *self.input.texts())

    def show_value(self, view: QuestionView) -> None:
        """Show the answer that is stored; the words are the same."""
        if view != self._view:
            self._picture = None
        self._view = view
        if self.input is not None:
            self.input.show_value(view)

    def fit(self, width: int, height: int) -> None:
        """Arrange anew for a room of another size."""
        if (width, height) != self._size:
            self._build(width, height)

    # ---- inside --------------------------------------------------------------------------------

    def _build(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._picture = None
        theme, side = self._tools.theme, self._tools.theme.gap(8)
        inner = width - 2 * side
        labels: list[LangLabel] = []
        room = height
        for factor in self._factors:
            for label in labels:
                label.deleteLater()
            labels = self._made_labels(factor)
            used = sum(label.heightForWidth(inner) for label in labels)
            room = height - used - side - theme.gap(12) * len(labels)
            # half the room is for the answers; a question that takes more is written smaller
            if room >= (0 if self.input is None else height // 2):
                break
        while self._column.count():
            self._column.takeAt(0)
        for label in self._labels:
            label.hide()
            label.deleteLater()
        self._labels = labels
        for label in labels:
            self._column.addWidget(label)
        if self.input is not None:
            self.input.fit(inner, max(room - theme.gap(4), height // 3))
            self.input.show_value(self._view)
            self._column.addSpacing(theme.gap(4))
            self._column.addWidget(self.input)
        self._column.addStretch(1)

    def _made_labels(self, factor: float) -> list[LangLabel]:
        view = self._view
        labels = [self._label(view.label, factor, SEMIBOLD, "ink")]
        if self._title is not None:
            labels.insert(0, self._label(self._title, factor * TITLE_PART, SEMIBOLD, "muted"))
            labels[0].setObjectName("client-title")
        if view.hint is not None and view.hint.text:
            labels.append(self._label(view.hint, HINT_FACTOR, NORMAL, "muted"))
        unchecked = is_machine_made(view, self._title)
        mark = self._tools.words(MACHINE_MADE) if unchecked else None
        if mark is not None:
            labels.append(self._label(mark, MARK_FACTOR, NORMAL, "muted"))
            labels[-1].setObjectName("client-mark")
        return labels

    def _label(
        self, shown: ShownText, factor: float, weight: QFont.Weight, color: str
    ) -> LangLabel:
        return LangLabel(
            self._tools.theme,
            shown.text,
            shown.language,
            factor=factor,
            weight=weight,
            color=color,
        )


def is_machine_made(view: QuestionView, title: ShownText | None = None) -> bool:
    """Return whether any text of a question is a translation that nobody has checked."""
    shown = [view.label, *(choice.label for choice in view.choices)]
    if title is not None:
        shown.append(title)
    if view.hint is not None:
        shown.append(view.hint)
    return any(text.status == "unreviewed" for text in shown)


def input_for(tools: ClientTools, view: QuestionView) -> ClientInput | None:
    """Return where the client points to answer; None for what has to be said out loud.

    Texts, dates, times and files other than a signature are told: there is no keyboard on the
    client's side, and a day may be known in another calendar than ours.
    """
    match view.definition.kind:
        case QuestionKind.SELECT_ONE | QuestionKind.SELECT_MULTIPLE if view.choices:
            return ChoiceTiles(tools, view)
        case QuestionKind.RANK if view.choices:
            return RankTiles(tools, view)
        case QuestionKind.RANGE:
            steps = scale_steps(view.definition.parameters)
            return (
                ScaleKeys(tools, view) if 0 < len(steps) <= MOST_STEPS else NumberPad(tools, view)
            )
        case QuestionKind.INTEGER | QuestionKind.DECIMAL:
            return NumberPad(tools, view)
        case QuestionKind.ACKNOWLEDGE:
            return YesTile(tools, view)
        case QuestionKind.UPLOAD if is_signed(view.definition):
            return SigningPad(tools, view)
        case _:
            return None
