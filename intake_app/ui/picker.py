"""Choosing files and folders, so that tests need no dialogs of the platform."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget


class FilePicker(Protocol):
    """Asks for a place on disk; None when the person decided not to."""

    def choose_file(self, title: str, pattern: str = "", *, parent: QWidget) -> Path | None:
        """Return an existing file. `pattern` is a Qt name filter such as "Overdracht (*.zip)"."""
        ...

    def choose_folder(self, title: str, *, parent: QWidget) -> Path | None:
        """Return an existing folder."""
        ...

    def choose_save(
        self, title: str, suggested: str, pattern: str = "", *, parent: QWidget
    ) -> Path | None:
        """Return a path to write to; `suggested` is the file name to begin with."""
        ...


class NativePicker:
    """The dialogs of the platform. They begin where the last one ended."""

    def __init__(self, start: Path | None = None) -> None:
        self._last = start or Path.home()

    def choose_file(self, title: str, pattern: str = "", *, parent: QWidget) -> Path | None:
        """Ask for an existing file."""
        name, _ = QFileDialog.getOpenFileName(parent, title, str(self._last), pattern)
        return self._remember(name)

    def choose_folder(self, title: str, *, parent: QWidget) -> Path | None:
        """Ask for an existing folder."""
        return self._remember(QFileDialog.getExistingDirectory(parent, title, str(self._last)))

    def choose_save(
        self, title: str, suggested: str, pattern: str = "", *, parent: QWidget
    ) -> Path | None:
        """Ask where to write; the platform asks before it overwrites."""
        start = str(self._last / suggested)
        name, _ = QFileDialog.getSaveFileName(parent, title, start, pattern)
        return self._remember(name)

    def _remember(self, name: str) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self._last = path if path.is_dir() else path.parent
        return path
