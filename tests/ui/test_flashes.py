"""No page shows a part as a window of its own on its way to the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from support.people import add_people
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.flows.practice_people import Stage
from intake_app.ui.desk import Desk


class Watch(QObject):
    """Notes every widget that is shown as a window."""

    def __init__(self, allowed: QWidget) -> None:
        super().__init__()
        self.allowed = allowed
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        shows = event.type() is QEvent.Type.Show and isinstance(watched, QWidget)
        if shows and watched.isWindow() and watched is not self.allowed:
            self.seen.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


PLACES: dict[str, Callable[[Desk, dict], None]] = {
    "today": lambda d, _p: d.open_today(),
    "people": lambda d, _p: d.open_people(),
    "register": lambda d, _p: d.open_register(),
    "person": lambda d, p: d.open_person(p[Stage.REFUSED][0].person_id),
    "edit": lambda d, p: d.edit_person(p[Stage.COUPLED][0].person_id),
    "plan": lambda d, p: d.open_plan(p[Stage.COUPLED][0].person_id),
    "handover": lambda d, p: d.open_handover(p[Stage.COUPLED][0].person_id),
    "handovers": lambda d, _p: d.open_handovers(),
    "overview": lambda d, _p: d.open_overview(),
    "settings": lambda d, _p: d.open_settings(),
}


@pytest.fixture
def desk(tmp_path: Path, qtbot, qapp: QApplication):
    vault = prepared_vault(tmp_path / "kluis")
    people = add_people(vault)
    context = make_context(vault, make_theme(qapp))
    made = Desk(
        vault,
        theme=context.theme,
        library=context.library,
        catalogues=context.catalogues,
        tr=context.tr,
        env=vault.env,
        pick=ScriptedPicker(),
        end=lambda _code: None,
    )
    qtbot.addWidget(made.shell)
    made.shell.show()
    yield made, people
    vault.close()


@pytest.mark.parametrize("place", PLACES)
def test_no_page_flashes(place: str, desk, qapp: QApplication) -> None:
    made, people = desk
    watch = Watch(made.shell)
    qapp.installEventFilter(watch)
    PLACES[place](made, people)
    settle(qapp)
    qapp.removeEventFilter(watch)
    assert watch.seen == []
