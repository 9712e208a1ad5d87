"""A platform whose looks a test changes, and what is seen of it."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget
from support.desks import Team

from intake_app.flows import register
from intake_app.flows.register import PersonDraft
from intake_app.ui.looks import Platform
from intake_app.ui.theme import Scheme, Theme
from intake_app.vault import Vault

ISOLATES = {chr(code) for code in (0x2066, 0x2068, 0x2069)}
HALF = "Ik wil graag weer als bloem"


class FakePlatform(Platform):
    """A desktop that changes its mind when a test says so."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.dark = self.contrast = False
        self.body = 15.0
        self.colors = QPalette()

    def scheme(self) -> Scheme:
        return "dark" if self.dark else "light"

    def wants_contrast(self) -> bool:
        return self.contrast

    def palette(self) -> QPalette:
        return self.colors

    def body_px(self) -> float:
        return self.body

    def say(self, **what: object) -> None:
        for name, value in what.items():
            setattr(self, name, value)
        self.changed.emit()


def page(team: Team) -> QWidget:
    assert team.program.desk is not None
    found = team.program.desk.shell.page
    assert found is not None
    return found


def theme_of(team: Team) -> Theme:
    shown: Theme = page(team).theme  # type: ignore[attr-defined]
    return shown


def sara(vault: Vault) -> UUID:
    person = register.register_person(
        vault, PersonDraft(family_name="Riet", given_names="Sara", contact_language="ar")
    )
    return person.person_id
