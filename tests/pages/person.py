"""The page of one person and its short forms."""

from __future__ import annotations

from pages.base import PageObject

from intake_app.ui.kit import StationsLine


class PersonPageObject(PageObject):
    """The line, the next step, and what is known."""

    name = "person-page"

    def next_step(self) -> str:
        return self.text("person-next-step")

    def take_next_step(self) -> None:
        self.click("person-next")

    def stations(self) -> dict[str, str]:
        """Return the state of each station by its key."""
        lines = self.root.findChildren(StationsLine)
        return {mark.key: mark.state for mark in lines[-1].marks()}

    def go_to_station(self, key: str) -> None:
        self.click(f"station-{key}")

    def edit(self) -> None:
        self.click("person-edit")


class CouplePageObject(PageObject):
    """The koppeling to a municipality."""

    name = "couple-page"

    def couple(self, code: str, day: str, month: str, year: str) -> None:
        self.choose("couple-municipality", code)
        self.date("couple-on", day, month, year)
        self.click("couple-save")
