"""A context for one page: records where it navigates, and answers for the file dialogs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QApplication, QWidget

from intake_app import paths
from intake_app.i18n.catalogues import Catalogues
from intake_app.ui import theme as themes
from intake_app.ui.bridge import VaultBridge
from intake_app.ui.context import AppContext
from intake_app.ui.theme import Theme
from intake_app.vault import Vault


@dataclass
class Travels:
    """A navigator that only remembers where it was sent."""

    calls: list[tuple[str, object]] = field(default_factory=list)

    def __getattr__(self, name: str) -> object:
        if not name.startswith(("open_", "edit_", "start_")):
            raise AttributeError(name)

        def go(*arguments: object) -> None:
            self.calls.append((name, arguments[0] if arguments else None))

        return go


@dataclass
class Places:
    """A picker that gives these answers in turn, whatever it is asked."""

    answers: list[Path | None] = field(default_factory=list)

    def _next(self) -> Path | None:
        return self.answers.pop(0) if self.answers else None

    def choose_file(self, title: str, pattern: str = "", *, parent: QWidget) -> Path | None:
        return self._next()

    def choose_folder(self, title: str, *, parent: QWidget) -> Path | None:
        return self._next()

    def choose_save(
        self, title: str, suggested: str, pattern: str = "", *, parent: QWidget
    ) -> Path | None:
        return self._next()


def load_theme(scheme: themes.Scheme = "light", scale: float = 1.0) -> Theme:
    """Load fonts and the default theme and give it to the application."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    themes.load_fonts(paths.resource("fonts"))
    theme = Theme.load(paths.resource("themes", "default.json"), scheme, scale=scale)
    themes.apply(app, theme)
    return theme


def context(vault: Vault, *answers: Path | None, theme: Theme | None = None) -> AppContext:
    """Return a context on this vault; `answers` are what the file dialogs return in turn."""
    from intake_app.formio.library import Library

    catalogues = Catalogues(paths.compiled_dir(), None)
    return AppContext(
        vault=vault,
        library=Library(paths.compiled_dir()),
        catalogues=catalogues,
        tr=catalogues.ui("nl"),
        env=vault.env,
        theme=theme or load_theme(),
        navigate=Travels(),  # type: ignore[arg-type]
        pick=Places(list(answers)),
        events=VaultBridge(vault),
    )


def went(ctx: AppContext) -> list[tuple[str, UUID | None]]:
    """Return where a page navigated."""
    assert isinstance(ctx.navigate, Travels)
    return list(ctx.navigate.calls)  # type: ignore[arg-type]
