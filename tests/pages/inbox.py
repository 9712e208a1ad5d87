"""Receiving: the envelope, and the dossier with its decision."""

from __future__ import annotations

from pages.settling import SettlingPageObject


class InboxPageObject(SettlingPageObject):
    """The place Overdracht of a receiver."""

    name = "inbox-page"

    def open_file(self) -> None:
        """Open a sealed file; the picker of the test answers."""
        self.click("inbox-open-file")

    def envelope(self) -> str:
        return self.text("envelope")

    def take_in(self) -> None:
        self.click("inbox-take-in")


class DossierPageObject(SettlingPageObject):
    """A received dossier."""

    name = "dossier-page"

    def to_decision(self) -> None:
        if self.has("inbox-decide"):
            self.click("inbox-decide")

    def plan_talk(self, day: str, month: str, year: str) -> None:
        self.date("accept-talk", day, month, year)

    def accept(self) -> None:
        """Take the dossier over; the picker of the test says where the receipt goes."""
        self.to_decision()
        self.click("inbox-accept")

    def refuse(self, reason: str) -> None:
        self.to_decision()
        self.click("inbox-refuse")
        if reason:
            self.type("refuse-reason", reason)
        self.click("inbox-refuse-confirm")

    def choose_side(self, field: str, side: str) -> None:
        """Say which value of a difference stands: 'ours' or 'theirs'."""
        self.choose(f"choice-{field}", side)

    def open_section(self, interview: int, section: int) -> None:
        self.click(f"dossier-section-{interview}-{section}")

    def notice(self) -> str:
        return self.text("dossier-notice") if self.has("dossier-notice") else ""
