"""Handing over: the four steps, the history, and the place Overdracht."""

from __future__ import annotations

from pages.settling import SettlingPageObject

from intake_app.ui.kit import StationsLine


class HandoverPageObject(SettlingPageObject):
    """The four steps, and afterwards the history on the same page."""

    name = "handover-page"

    def problem_sentence(self) -> str:
        return self.text("recipient-problem")

    def check_number(self, number: str) -> None:
        self.type("recipient-number", number)
        self.go_on()

    def go_on(self) -> None:
        """Press the primary button; where that seals, wait until it is done."""
        self.begin()
        self.wait_for_sealing()

    def begin(self) -> None:
        """Press the primary button and wait for nothing."""
        self.click("handover-next")

    def wait_for_sealing(self) -> None:
        self.qtbot.waitUntil(lambda: not self.has("seal-progress"), timeout=20_000)
        self.settle()

    def stop(self) -> None:
        self.click("seal-stop")

    def how_far(self) -> str:
        return self.text("seal-how-far")

    def next_step(self) -> str:
        return self.text("handover-next")

    def row(self, category: str, state: str) -> str:
        """Return all the words of one row of 'wat gaat mee'."""
        return self.text(f"contents-{category}-{state}")

    def open_why(self, category: str, state: str) -> None:
        self.click(f"contents-{category}-{state}-why")

    def give_consent(self, category: str, *, with_interpreter: bool = True) -> None:
        self.click(f"consent-{category}-ask")
        if with_interpreter:
            self.click(f"consent-{category}-interpreter")
        self.click(f"consent-{category}-yes")

    def choose_folder(self) -> None:
        """Ask for the folder; the picker of the test answers."""
        self.click("seal-choose")

    def state_sentence(self) -> str:
        return self.text("history-state")

    def line(self) -> dict[str, str]:
        """Return the state of each station of the history."""
        found = self.root.findChildren(StationsLine)
        return {mark.key: mark.state for mark in found[-1].marks()}

    def import_receipt(self) -> None:
        self.click("handover-import-receipt")

    def withdraw(self, reason: str) -> None:
        self.click("handover-withdraw")
        self.type("withdraw-reason", reason)
        self.click("withdraw-confirm")

    def notice(self) -> str:
        shown = [n for n in ("handover-notice", "history-notice") if self.has(n)]
        return self.text(shown[0]) if shown else ""


class HandoversPageObject(SettlingPageObject):
    """The place Overdracht of a sender."""

    name = "handovers-page"

    def import_receipt(self) -> None:
        self.click("handovers-import-receipt")

    def notice(self) -> str:
        return self.text("handovers-notice")
