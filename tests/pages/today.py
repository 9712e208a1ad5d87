"""Vandaag."""

from __future__ import annotations

from uuid import UUID

from pages.base import PageObject


class TodayPageObject(PageObject):
    """A greeting and three short lists."""

    name = "today-page"

    def register(self) -> None:
        self.click("today-register")

    def open_person(self, person_id: UUID) -> None:
        self.click(f"today-open-{person_id}")

    def continue_conversation(self, person_id: UUID) -> None:
        self.click(f"today-continue-{person_id}")
