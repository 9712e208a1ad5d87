"""One organisation in the tour: its program, its windows and where its files go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QWidget

from intake_app.app import Program, catalogues, library
from intake_app.domain.environment import Environment
from intake_app.tour.hands import Hands, NotThere
from intake_app.ui.theme import Theme


@dataclass
class Places:
    """Answers the dialogs for files and folders with the paths that were laid ready."""

    ready: list[Path] = field(default_factory=list)

    def choose_file(self, title: str, pattern: str = "", *, parent: QWidget) -> Path | None:
        """Return the next path."""
        return self._next(title, pattern, parent)

    def choose_folder(self, title: str, *, parent: QWidget) -> Path | None:
        """Return the next path."""
        return self._next(title, "", parent)

    def choose_save(
        self, title: str, suggested: str, pattern: str = "", *, parent: QWidget
    ) -> Path | None:
        """Return the next path; a folder gets the suggested name."""
        path = self._next(title, pattern, parent)
        return path / suggested if path is not None and path.is_dir() else path

    def _next(self, title: str, _pattern: str, _parent: QWidget) -> Path | None:
        if not self.ready:
            raise NotThere(f"no path was laid ready for '{title}'")
        return self.ready.pop(0)


class Side:
    """A program on a vault of its own, driven by hands."""

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        theme: Theme,
        env: Environment,
        size: tuple[int, int],
        pictures: Callable[[QWidget, str], None],
    ) -> None:
        self.name, self._size, self._pictures = name, size, pictures
        self.hands = Hands()
        self.places = Places()
        self.ended: list[int] = []
        self.program = Program(
            folder,
            theme=theme,
            catalogues=catalogues(),
            library=library(),
            env=env,
            pick=self.places,
            end=self.ended.append,
        )

    @property
    def window(self) -> QWidget:
        """Return the window of this side that is in use."""
        if self.program.desk is not None:
            return self.program.desk.shell
        if self.program.front is not None:
            return self.program.front
        raise NotThere(f"{self.name} has no window")

    def start(self) -> None:
        """Show the first window."""
        self.program.start()
        self.window.resize(*self._size)
        self.hands.settle()

    def step_aside(self) -> None:
        """Hide the window, so that the other side is the only one on screen."""
        self.window.hide()
        self.hands.settle()

    def step_forward(self) -> None:
        """Show the window again."""
        self.window.resize(*self._size)
        self.window.show()
        self.hands.settle()

    def picture(self, title: str, window: QWidget | None = None) -> None:
        """Keep a picture of the window under this title."""
        self.window.resize(*self._size)
        self.hands.settle()
        self._pictures(window or self.window, title)
