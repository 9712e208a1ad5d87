"""What every way of answering on the client's screen has in common, and its keys."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from intake_app.documents.client_page import Speaker
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview.painting import Laid
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.pictograms import of_choice
from intake_app.ui.theme import SEMIBOLD, Theme
from intake_app.xforms import QuestionView, ShownText

SMALLEST_TARGET = 64
"""Design pixels of the smallest thing to tap: well over the 44 that a finger needs."""


@dataclass(frozen=True, slots=True)
class ClientTools:
    """What the parts of the client's screen share: how things look, and the client's language.

    `say` says the program's own words in `language`.
    """

    theme: Theme
    language: str
    say: Speaker
    form_id: str = ""
    texts: UiTexts | None = None
    """The program's texts on screen; `say` are those on paper."""

    def words(self, dutch: str) -> ShownText | None:
        """Return words of the program in the client's language; None where only a picture can."""
        if self.language == SOURCE_LANGUAGE:
            return ShownText(dutch, SOURCE_LANGUAGE)
        own = self.say(dutch).own
        if own is not None:
            return ShownText(own.text, own.language)
        shown = dutch if self.texts is None else self.texts.gettext(dutch)
        return None if shown == dutch else ShownText(shown, self.language)

    def digits(self, text: str) -> str:
        """Return a number in the digits the client reads."""
        from intake_app.i18n.formats import localise_digits

        return localise_digits(text, self.language)

    def pictogram(self, ref: str) -> str:
        """Return the pictogram of a choice of this form, '' for none."""
        return of_choice(self.form_id, ref)


class ClientInput(QWidget):
    """Where the client answers a question by pointing.

    `answered` carries the XForms lexical string, '' for no answer. It shows what is stored: a tap
    that is not stored leaves no mark. `rearranged` says that other tiles are shown now.
    """

    answered = Signal(str)
    rearranged = Signal()

    def __init__(self, tools: ClientTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tools, self.theme = tools, tools.theme
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fit(self, width: int, height: int) -> None:
        """Arrange for this much room in device-independent pixels."""

    def show_value(self, view: QuestionView) -> None:
        """Show the answer that is stored."""

    def flush(self) -> None:
        """Say what was entered and not yet said: the question is about to go."""

    def texts(self) -> tuple[str, ...]:
        """Return every text that is shown now."""
        return ()


class Key(QPushButton):
    """A large key with a digit, a word or an icon on it; `tapped` carries its value."""

    tapped = Signal(str)

    def __init__(
        self,
        tools: ClientTools,
        value: str,
        shown: ShownText,
        *,
        name: str,
        icon: str = "",
        trailing: str = "",
        factor: float = 2.2,
        strong: bool = False,
    ) -> None:
        """Show `icon` instead of the words, or `trailing` after them; the words are heard."""
        super().__init__()
        theme = self._theme = tools.theme
        self.value, self._icon, self._strong = value, icon, strong
        self._factor, self._trailing = factor, trailing
        self._words = Laid(theme, shown.text, shown.language, factor=factor, weight=SEMIBOLD)
        self.setObjectName(name)
        self.setAccessibleName(shown.text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: self.tapped.emit(self.value))

    @property
    def text_shown(self) -> str:
        """Return the words on the key, '' for an icon."""
        return "" if self._icon else self._words.text

    def set_words(self, shown: ShownText, trailing: str = "") -> None:
        """Show other words, and another icon after them."""
        self._trailing = trailing
        theme, factor = self._theme, self._factor
        self._words = Laid(theme, shown.text, shown.language, factor=factor, weight=SEMIBOLD)
        self.setAccessibleName(shown.text)
        self.updateGeometry()
        self.update()

    def set_on(self, on: bool) -> None:
        """Show the key as chosen or not."""
        self.setCheckable(True)
        self.setChecked(on)
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802
        """Stay as it is: only what was stored shows."""

    def sizeHint(self) -> QSize:  # noqa: N802
        theme = self._theme
        side = theme.px(SMALLEST_TARGET)
        words = round(self._words.natural_width) + 2 * theme.gap(16)
        return QSize(side if self._icon else max(side, words), side)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(48), self._theme.px(SMALLEST_TARGET))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "accent" if self._strong else "accent_soft" if on else "surface"
        edge = "accent" if on or self._strong else "border"
        if not self.isEnabled():
            painter.setOpacity(0.45)
        painter.setPen(QPen(theme.color(edge), 4 if on else 2.5))
        painter.setBrush(theme.color(ground))
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(box, theme.px(14), theme.px(14))
        ink = theme.color("accent_on" if self._strong else "ink")
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = float(theme.px(34))
        spot = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        if not self._icon:
            words = self._words.natural_width
            place = QRectF((self.width() - words) / 2, 0, words, self.height())
            if self._trailing:
                shift = (side + theme.gap(10)) / 2
                place.translate(shift if rtl else -shift, 0)
                gap = theme.gap(10)
                spot.moveLeft(place.left() - gap - side if rtl else place.right() + gap)
            self._words.draw(painter, place, ink, side="center")
        if self._icon or self._trailing:
            draw_icon(painter, self._icon or self._trailing, ink, spot, rtl=rtl)
