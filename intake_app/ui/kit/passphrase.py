"""The field for a passphrase."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.inputs import TextInput
from intake_app.ui.kit.text import Caption
from intake_app.ui.theme import Theme


class PassphraseInput(QWidget):
    """A passphrase: hidden, may be shown and pasted, warns of caps lock, names the keyboard.

    `layout_text` holds `{name}` for the language of the keyboard; '' leaves that out.
    """

    entered = Signal()
    changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        *,
        show_text: str,
        hide_text: str,
        caps_text: str,
        layout_text: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(4))
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(theme.gap(8))
        self.edit = _CapsAware(theme, self._caps_seen)
        if name:
            self.setObjectName(name)
            self.edit.setObjectName(f"{name}-text")
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._texts = (show_text, hide_text)
        self.toggle = QuietButton(theme, show_text, icon="eye", name=f"{name}-show" if name else "")
        self.toggle.clicked.connect(self._toggle)
        row.addWidget(self.edit, 1)
        row.addWidget(self.toggle)
        self._caps = Caption(theme, caps_text)
        self._caps.set_color("warn")
        self._caps.hide()
        column.addWidget(self._caps)
        self._layout_text = layout_text
        self._layout = Caption(theme, "")
        column.addWidget(self._layout)
        self._keyboard_changed()
        QGuiApplication.inputMethod().localeChanged.connect(self._keyboard_changed)
        self.setFocusProxy(self.edit)
        self.edit.returnPressed.connect(self.entered)
        self.edit.textChanged.connect(self.changed)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Name the box inside too, which is what has the focus."""
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def text(self) -> str:
        """Return what is typed."""
        return self.edit.text()

    def clear(self) -> None:
        """Forget what is typed, the undo history included."""
        self.edit.clear()

    def caps_warning_shown(self) -> bool:
        """True while the warning of caps lock shows."""
        return not self._caps.isHidden()

    def _caps_seen(self, on: bool) -> None:
        self._caps.setVisible(on)

    def _keyboard_changed(self) -> None:
        locale = QGuiApplication.inputMethod().locale()
        name = locale.nativeLanguageName() or QLocale.languageToString(locale.language())
        known = locale.language() is not QLocale.Language.C
        self._layout.set_text(self._layout_text.format(name=name))
        self._layout.setVisible(known and bool(self._layout_text))

    def _toggle(self) -> None:
        hidden = self.edit.echoMode() is QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.toggle.setText(self._texts[1 if hidden else 0])
        self.toggle.set_icon("eye-off" if hidden else "eye")


class _CapsAware(TextInput):
    """Sees caps lock from a letter in the wrong case: Qt has no question to ask the platform."""

    def __init__(self, theme: Theme, seen: Callable[[bool], None]) -> None:
        super().__init__(theme)
        self._seen = seen

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._seen(text.isupper() != shifted)
        super().keyPressEvent(event)
