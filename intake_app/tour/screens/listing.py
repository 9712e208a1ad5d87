"""What a screen in the list is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from intake_app.tour.studio import Studio, settle


@dataclass(frozen=True)
class Screen:
    """One screen in one state; `make` returns its window, not yet shown.

    `after` is called once it is shown and laid out, for what a person does next. `for_client`
    marks what the client touches: targets are larger there. A `free` window has its own size and
    is looked at in that.
    """

    name: str
    make: Callable[[Studio], QWidget]
    after: Callable[[QWidget], None] | None = None
    for_client: bool = False
    free: bool = False


def press(*names: str) -> Callable[[QWidget], None]:
    """Return an `after` that presses these buttons one by one, as far as they can be used."""

    def after(window: QWidget) -> None:
        for name in names:
            found = [
                button
                for button in window.findChildren(QAbstractButton, name)
                if button.isVisible() and button.isEnabled()
            ]
            if not found:
                raise LookupError(f"{name} cannot be pressed")
            found[0].click()
            settle(_application())

    return after


def toggle(name: str) -> Callable[[QWidget], None]:
    """Return an `after` that presses the first button whose name begins so, where there is one."""

    def after(window: QWidget) -> None:
        for button in window.findChildren(QAbstractButton):
            if button.objectName().startswith(name) and button.isVisible():
                button.click()
                settle(_application())
                return
        raise LookupError(f"{name}… is not there")

    return after


def write(**texts: str) -> Callable[[QWidget], None]:
    """Return an `after` that types in fields; `_` in a name stands for `-`.

    It is done when what waits for the typing to stop, such as a search, has run.
    """

    def after(window: QWidget) -> None:
        for name, text in texts.items():
            field = window.findChild(QLineEdit, name.replace("_", "-"))
            if field is None:
                raise LookupError(name)
            field.setText(text)
            field.textEdited.emit(text)
        end = time.monotonic() + 5
        while time.monotonic() < end and any(map(_is_soon, window.findChildren(QTimer))):
            settle(_application(), 1)
        settle(_application())

    return after


def _is_soon(timer: QTimer) -> bool:
    return timer.isActive() and timer.isSingleShot() and timer.interval() < 1_000


def drawn(name: str) -> Callable[[QWidget], None]:
    """Return an `after` that waits until a picture is drawn beside the window."""

    def after(window: QWidget) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            settle(_application(), 1)
            label = window.findChild(QLabel, name)
            if label is not None and not label.pixmap().isNull():
                settle(_application())
                return
        raise LookupError(f"{name} is not drawn")

    return after


def in_turn(*steps: Callable[[QWidget], None]) -> Callable[[QWidget], None]:
    """Return an `after` that does one thing after the other."""

    def after(window: QWidget) -> None:
        for step in steps:
            step(window)

    return after


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # noqa: S101  (there is no window without one)
    return app
