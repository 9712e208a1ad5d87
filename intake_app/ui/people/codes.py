"""Choosing codes of the population register: by name, or as a code where the name is not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.ui.kit import ChoiceInput, TextInput, TextLink
from intake_app.ui.theme import Theme

OTHER = "other"


class CodeInput(QWidget):
    """A list of names with one entry for another code, which opens a field to type it in."""

    def __init__(
        self,
        theme: Theme,
        names: Mapping[str, str],
        *,
        none: str,
        other: str,
        code_label: str,
        value: str = "",
        name: str = "",
    ) -> None:
        """Offer `names` (code → name) after `none` (nothing chosen), and `other` at the end."""
        super().__init__()
        self.setObjectName(f"{name}-field")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        self.choice = ChoiceInput(
            theme, [*names.items(), (OTHER, other)], as_radio=False, placeholder=none, name=name
        )
        self.code = TextInput(theme, name=f"{name}-code", width=260)
        self.code.setAccessibleName(code_label)
        self.code.setPlaceholderText(code_label)
        column.addWidget(self.choice)
        column.addWidget(self.code)
        self.setFocusProxy(self.choice)
        if value in names or not value:
            self.choice.set_value(value)
        else:
            self.choice.set_value(OTHER)
            self.code.setText(value)
        self._show_code()
        self.choice.changed.connect(self._chosen)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Name the list inside too, which is what has the focus."""
        super().setAccessibleName(name)
        self.choice.setAccessibleName(name)

    def value(self) -> str:
        """Return the code, '' while there is none."""
        chosen = self.choice.value()
        return self.code.text().strip() if chosen == OTHER else chosen

    def _chosen(self, chosen: str) -> None:
        self._show_code()
        if chosen == OTHER:
            self.code.setFocus()

    def _show_code(self) -> None:
        self.code.setVisible(self.choice.value() == OTHER)


class CodesInput(QWidget):
    """Several codes of one list; there is always one line to choose in."""

    def __init__(
        self,
        theme: Theme,
        names: Mapping[str, str],
        *,
        none: str,
        other: str,
        code_label: str,
        more: str,
        values: Sequence[str] = (),
        name: str = "",
    ) -> None:
        super().__init__()
        self._theme, self._names = theme, names
        self._words = (none, other, code_label)
        self._name = name
        self._label = ""
        self.lines: list[CodeInput] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        self._column = QVBoxLayout()
        column.addLayout(self._column)
        self._column.setSpacing(theme.gap(8))
        for value in values or ("",):
            self._add(value)
        self.more = TextLink(theme, more, icon="plus", name=f"{name}-more")
        self.more.clicked.connect(lambda: self._add("").setFocus())
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.lines[0])

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Name every line, the later ones with their number."""
        super().setAccessibleName(name)
        self._label = name
        for number, line in enumerate(self.lines, start=1):
            line.setAccessibleName(name if number == 1 else f"{name} {number}")

    def grow_for(self, names: Collection[str]) -> None:
        """Make room for codes that were being filled in, see `kept_typing.enter`."""
        while any(name.startswith(f"{self._name}-{len(self.lines) + 1}-") for name in names):
            self._add("")

    def values(self) -> tuple[str, ...]:
        """Return the codes that are filled in."""
        return tuple(value for line in self.lines if (value := line.value()))

    def _add(self, value: str) -> CodeInput:
        number = len(self.lines) + 1
        none, other, code_label = self._words
        line = CodeInput(
            self._theme,
            self._names,
            none=none,
            other=other,
            code_label=code_label,
            value=value,
            name=self._name if number == 1 else f"{self._name}-{number}",
        )
        self.lines.append(line)
        self._column.addWidget(line)
        if self._label:
            self.setAccessibleName(self._label)
        return line
