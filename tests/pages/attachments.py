"""The attachments of a person: the card, adding one, and looking at one."""

from __future__ import annotations

from pages.base import PageObject


class AddAttachmentObject(PageObject):
    """The page that takes a file."""

    name = "attachment-page"

    def choose_file(self) -> None:
        self.click("attachment-choose")
        self.wait()

    def wait(self) -> None:
        """Wait until nothing is under way."""
        self.qtbot.waitUntil(lambda: not self.has("attachment-progress"), timeout=20_000)

    def file(self) -> str:
        return self.text("attachment-file")

    def fill(self, kind: str, category: str = "", title: str = "") -> None:
        self.choose("attachment-kind", kind)
        if category:
            self.choose("attachment-category", category)
        if title:
            self.type("attachment-title", title)

    def save(self) -> None:
        self.click("attachment-save")

    def refusal(self) -> str:
        return self.text("attachment-problem") if self.has("attachment-problem") else ""


class AttachmentObject(PageObject):
    """The page that shows one attachment."""

    name = "attachment-view-page"
