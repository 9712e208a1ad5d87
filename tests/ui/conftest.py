"""Windows on the offscreen platform, which complains of every size hint it is given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let that one message of the platform pass; all others still fail a test."""
    item.add_marker(
        pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)
    )


@pytest.fixture(autouse=True)
def no_window_left() -> Iterator[None]:
    """Delete the windows a test made: setting a theme styles every widget there is once more."""
    # by address, for references would keep alive what is about to go
    before = {shiboken6.getCppPointer(window) for window in _windows()}
    yield
    app = QApplication.instance()
    if app is not None:
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for window in _windows():
        new = shiboken6.isValid(window) and shiboken6.getCppPointer(window) not in before
        if new and window.parent() is None:
            shiboken6.delete(window)


def _windows() -> list[QWidget]:
    return QApplication.topLevelWidgets() if QApplication.instance() is not None else []
