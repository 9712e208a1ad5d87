"""What tests of windows share: the theme, a context without a desk, and stand-ins for people.

theme = make_theme(qapp)
context = make_context(vault, theme)
context.navigate.calls   # what the page asked for, in order
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from intake_app import paths
from intake_app.formio.library import Library
from intake_app.i18n.catalogues import Catalogues
from intake_app.ui import theme as themes
from intake_app.ui.bridge import VaultBridge
from intake_app.ui.context import AppContext
from intake_app.ui.stylesheet import stylesheet
from intake_app.ui.theme import Scheme, Theme
from intake_app.vault import Vault


@cache
def _fonts() -> tuple[str, ...]:
    return themes.load_fonts(paths.resource("fonts"))


def make_theme(app: QApplication, scheme: Scheme = "light", scale: float = 1.0) -> Theme:
    """Return the default theme, applied to the application."""
    _fonts()
    theme = Theme.load(paths.resource("themes", "default.json"), scheme, scale=scale)
    # applying costs more than most tests; only another theme needs it
    if app.styleSheet() != stylesheet(theme):
        themes.apply(app, theme)
    return theme


class RecordingNavigator:
    """Remembers where a page wanted to go: ('open_person', id)."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def open_today(self) -> None:
        self.calls.append(("open_today",))

    def open_people(self) -> None:
        self.calls.append(("open_people",))

    def open_register(self) -> None:
        self.calls.append(("open_register",))

    def open_person(self, person_id: UUID) -> None:
        self.calls.append(("open_person", person_id))

    def edit_person(self, person_id: UUID) -> None:
        self.calls.append(("edit_person", person_id))

    def start_interview(self, person_id: UUID, form_id: str) -> None:
        self.calls.append(("start_interview", person_id, form_id))

    def open_interview(self, interview_id: UUID) -> None:
        self.calls.append(("open_interview", interview_id))

    def open_plan(self, person_id: UUID) -> None:
        self.calls.append(("open_plan", person_id))

    def open_handover(self, person_id: UUID) -> None:
        self.calls.append(("open_handover", person_id))

    def open_handovers(self) -> None:
        self.calls.append(("open_handovers",))

    def open_inbox(self, handover_id: UUID) -> None:
        self.calls.append(("open_inbox", handover_id))

    def open_sync(self) -> None:
        self.calls.append(("open_sync",))

    def open_settings(self) -> None:
        self.calls.append(("open_settings",))

    def open_setting(self, name: str) -> None:
        self.calls.append(("open_setting", name))

    def lock(self) -> None:
        self.calls.append(("lock",))

    def show_wiped(self, wiped: Any) -> None:
        self.calls.append(("show_wiped", wiped))


class ScriptedPicker:
    """Answers each question with the next path; None is "not now"."""

    def __init__(self, *answers: Path | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def choose_file(self, title: str, pattern: str = "", *, parent: QWidget) -> Path | None:
        self.asked.append(title)
        return self.answers.pop(0)

    def choose_folder(self, title: str, *, parent: QWidget) -> Path | None:
        self.asked.append(title)
        return self.answers.pop(0)

    def choose_save(
        self, title: str, suggested: str, pattern: str = "", *, parent: QWidget
    ) -> Path | None:
        self.asked.append(title)
        return self.answers.pop(0)


def make_context(
    vault: Vault,
    theme: Theme,
    *,
    pick: ScriptedPicker | None = None,
    navigate: RecordingNavigator | None = None,
) -> AppContext:
    """Return a context around an open vault, with Dutch texts and the compiled forms."""
    catalogues = Catalogues(paths.compiled_dir())
    return AppContext(
        vault=vault,
        library=Library(paths.compiled_dir()),
        catalogues=catalogues,
        tr=catalogues.ui("nl"),
        env=vault.env,
        theme=theme,
        navigate=navigate or RecordingNavigator(),
        pick=pick or ScriptedPicker(),
        events=VaultBridge(vault),
    )


def settle(app: QApplication) -> None:
    """Let layouts, single shots of zero length and deletions happen."""
    for _ in range(4):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
