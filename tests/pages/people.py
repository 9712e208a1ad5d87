"""Mensen: the list and the form for one person."""

from __future__ import annotations

from pages.base import PageObject
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView


class PeoplePageObject(PageObject):
    """The list with search."""

    name = "people-page"

    def names(self) -> list[str]:
        model = self.find("people-list", QListView).model()
        return [
            str(model.index(row, 0).data(Qt.ItemDataRole.DisplayRole))
            for row in range(model.rowCount())
        ]

    def search(self, text: str) -> None:
        """Type a search and wait until the list answers."""
        self.type("people-search", text)
        self.press(Qt.Key.Key_Return, "people-search")

    def open(self, name: str) -> None:
        """Click the row with this name."""
        view = self.find("people-list", QListView)
        index = view.model().index(self.names().index(name), 0)
        centre = view.visualRect(index).center()
        self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)

    def register(self) -> None:
        self.click("people-register")


class RegisterPageObject(PageObject):
    """The form for a new person, or for changing one."""

    name = "register-page"

    def fill(self, **texts: str) -> None:
        """Type into text fields by the names of `PersonDraft`."""
        for name, text in texts.items():
            self.type(f"register-{name.replace('_', '-')}", text)

    def koppeling(self, code: str, day: str, month: str, year: str) -> None:
        self.choose("register-koppeling", code)
        self.date("register-koppeling-on", day, month, year)

    def save(self) -> None:
        self.click("register-save")
