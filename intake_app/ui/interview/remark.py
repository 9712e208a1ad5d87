"""An icon and words beside a question."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.icons import IconLabel
from intake_app.ui.kit.text import Text


class Remark(QWidget):
    """An icon and words beside a question, made when there is something to say."""

    def __init__(self, tools: Tools, icon: str, color: str, name: str, prefix: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self._tools, self._icon, self._color, self._prefix = tools, icon, color, prefix
        self._text: Text | None = None

    def text(self) -> str:
        return "" if self._text is None else self._text.text().removeprefix(self._prefix)

    def set_text(self, text: str) -> None:
        if self._text is None and text:
            theme = self._tools.theme
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.gap(8))
            icon = IconLabel(theme, self._icon, color=self._color, size=18)
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            self._text = Text(theme, "", color=self._color)
            row.addWidget(self._text, 1)
        if self._text is not None:
            self._text.set_text(f"{self._prefix}{text}" if text else "")
        self.setVisible(bool(text))
