"""Texts: each is drawn in the script, direction and line height of its own language."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.theme import (
    BODY,
    CAPTION,
    NORMAL,
    SEMIBOLD,
    TITLE,
    Theme,
    layout_direction,
    line_height,
)

_WIDE = 16_000_000.0


class Text(QLabel):
    """A text that wraps at words, with a fixed line height and its own direction.

    Drawn by hand because a QLabel takes its line height from the font, which clips Arabic and
    crowds Latin. `color` names the token; `language` decides font, direction and alignment.
    Without one it is a text of the program's own, which runs as the program itself does.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        factor: float = BODY,
        weight: QFont.Weight = NORMAL,
        color: str = "ink",
        language: str | None = None,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._theme = theme
        self._factor = factor
        self._weight = weight
        self._language = language or SOURCE_LANGUAGE
        self._own = language is None
        self._wraps = wrap
        self._leading = 0.0
        self._token = ""
        self._words, self._side = "", self.alignment()
        self._layouts: dict[tuple[str, str, float, Qt.AlignmentFlag], tuple[QTextLayout, int]] = {}
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed,
            QSizePolicy.Policy.Preferred,
        )
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self._follow_language()
        self.set_color(color)
        self.setText(text)

    @property
    def language(self) -> str:
        """Return the language the text is in."""
        return self._language

    def set_language(self, language: str) -> None:
        """Change the language of the text: font, direction and line height follow."""
        self._language, self._own = language, False
        self._follow_language()

    def _turn(self) -> Qt.LayoutDirection:
        if self._own:
            return QGuiApplication.layoutDirection()
        return layout_direction(self._language)

    def _follow_language(self) -> None:
        language = self._language
        if self._own and self._turn() is Qt.LayoutDirection.RightToLeft:
            # all languages that run this way are in one script here
            language = "ar"
        self.setLayoutDirection(self._turn())
        self.setFont(self._theme.font_for(language, self._factor, self._weight))
        height = line_height(language)
        # large Latin type needs less air than body text
        if self._factor >= 1.4 and height < 1.5:
            height = 1.3
        self._leading = self._theme.text_px(self._factor) * height
        self.updateGeometry()
        self.update()

    def set_text(self, text: str, language: str | None = None) -> None:
        """Change the text, and its language where one is given."""
        if language is not None and language != self._language:
            self.set_language(language)
        if text != self._words:
            self.setText(text)
            self.updateGeometry()

    def setText(self, text: str) -> None:  # noqa: N802
        """Change the text at once; `set_text` leaves alone what stands there already."""
        self._words = text
        super().setText(text)

    def setAlignment(self, side: Qt.AlignmentFlag) -> None:  # noqa: N802
        """Change the side at which the text stands."""
        super().setAlignment(side)
        self._side = self.alignment()

    def set_color(self, color: str) -> None:
        """Change the colour to that of another token."""
        if color == self._token:
            return
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(color))
        self.setPalette(palette)
        self._token = color

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return self._wraps

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._height(float(width)) if self._wraps else -1

    def sizeHint(self) -> QSize:  # noqa: N802
        layout, lines = self._laid_out(_WIDE)
        width = int(layout.maximumWidth()) + 1
        if not self._wraps:
            return QSize(width, self._rows_height(lines))
        comfortable = min(width, self._theme.px(420))
        return QSize(comfortable, self._height(float(comfortable)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        if not self._wraps:
            return self.sizeHint()
        layout, _ = self._laid_out(_WIDE)
        width = min(int(layout.maximumWidth()) + 1, self._longest_word())
        return QSize(width, round(self._leading))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        rect = self.contentsRect()
        layout, lines = self._laid_out(float(rect.width()))
        total = self._rows_height(lines)
        top = rect.top() + max(0, (rect.height() - total) // 2) if lines == 1 else rect.top()
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        layout.draw(painter, QPointF(rect.left(), top))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.update()

    def text_rect(self) -> QRect:
        """Return where the text really is inside this widget; for the checker."""
        rect = self.contentsRect()
        layout, lines = self._laid_out(float(rect.width()))
        width = max((layout.lineAt(i).naturalTextWidth() for i in range(lines)), default=0.0)
        return QRect(rect.left(), rect.top(), round(width), self._rows_height(lines))

    def _longest_word(self) -> int:
        metrics = self.fontMetrics()
        # a line may also end at a zero-width space, as in a long path
        words = self._words.replace("\u200b", " ").split() or [""]
        return max(metrics.horizontalAdvance(word) for word in words) + 2

    def _height(self, width: float) -> int:
        return self._rows_height(self._laid_out(width)[1])

    def _rows_height(self, lines: int) -> int:
        return round(max(1, lines) * self._leading)

    def _laid_out(self, width: float) -> tuple[QTextLayout, int]:
        key = (self._words, self._language, width, self._side)
        found = self._layouts.get(key)
        if found is None:
            if len(self._layouts) > 8:
                self._layouts.clear()
            found = self._layouts[key] = self._lay_out(width)
        return found

    def _lay_out(self, width: float) -> tuple[QTextLayout, int]:
        # A QTextLayout shows "\n" only as a line separator.
        layout = QTextLayout(self._words.replace("\n", "\u2028"), self.font())
        option = QTextOption()
        turn = self._turn()
        # a name in Latin letters keeps its full stop at its end in a mirrored window
        mirrored = self._own and turn is Qt.LayoutDirection.RightToLeft
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto if mirrored else turn)
        option.setWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
            if self._wraps
            else QTextOption.WrapMode.NoWrap
        )
        alignment = self._side & Qt.AlignmentFlag.AlignHorizontal_Mask
        if alignment == Qt.AlignmentFlag.AlignLeft and turn is Qt.LayoutDirection.RightToLeft:
            alignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        option.setAlignment(alignment)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        lines = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            offset = (self._leading - line.height()) / 2
            line.setPosition(QPointF(0.0, lines * self._leading + offset))
            lines += 1
        layout.endLayout()
        return layout, lines


class PageTitle(Text):
    """The one title of a page."""

    def __init__(self, theme: Theme, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(theme, text, factor=TITLE, weight=SEMIBOLD, parent=parent)


class Heading(Text):
    """A heading inside a page, such as the title of a card."""

    def __init__(
        self, theme: Theme, text: str = "", *, factor: float = 1.07, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, text, factor=factor, weight=SEMIBOLD, parent=parent)


class Body(Text):
    """Running text."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        strong: bool = False,
        color: str = "ink",
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        weight = SEMIBOLD if strong else NORMAL
        super().__init__(theme, text, weight=weight, color=color, wrap=wrap, parent=parent)


class Muted(Text):
    """Secondary text at body size or, with `caption`, smaller."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        caption: bool = False,
        factor: float | None = None,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        size = factor if factor is not None else (CAPTION if caption else BODY)
        super().__init__(theme, text, factor=size, color="muted", wrap=wrap, parent=parent)


class Caption(Muted):
    """The smallest text."""

    def __init__(
        self, theme: Theme, text: str = "", *, wrap: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, text, caption=True, wrap=wrap, parent=parent)


class LangLabel(Text):
    """A text in any language: direction, alignment and font come from that language alone."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        language: str,
        *,
        factor: float = BODY,
        weight: QFont.Weight = NORMAL,
        color: str = "ink",
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            text,
            factor=factor,
            weight=weight,
            color=color,
            language=language,
            wrap=wrap,
            parent=parent,
        )
