"""Everything a person, a screen reader or a task bar can get from a window, as text."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QPicture
from PySide6.QtWidgets import QApplication, QWidget

_GETTERS = (
    "text",
    "title",
    "placeholderText",
    "toolTip",
    "whatsThis",
    "statusTip",
    "accessibleName",
    "accessibleDescription",
    "windowTitle",
    "windowIconText",
    "windowFilePath",
    "toPlainText",
    "currentText",
)


def said(window: QWidget) -> list[str]:
    """Return the texts of a window and all that is in it, hidden parts included."""
    found: list[str] = []
    for widget in (window, *window.findChildren(QWidget)):
        for getter in _GETTERS:
            get = getattr(widget, getter, None)
            value = get() if callable(get) else ""
            if isinstance(value, str) and value:
                found.append(value)
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
            found += [text for kind in kinds if (text := interface.text(kind))]
    handle = window.windowHandle()
    if handle is not None and handle.title():
        found.append(handle.title())
    return found


def paints(window: QWidget, words: str) -> bool:
    """Return whether these words (one word, of one script) are drawn anywhere in the window."""
    QApplication.processEvents()
    picture = QPicture()
    window.render(picture)
    data = bytes(picture.data())
    return any(words.encode(code) in data for code in ("utf-16-be", "utf-16-le", "utf-8"))
