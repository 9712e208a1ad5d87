"""Instellingen."""

from __future__ import annotations

from uuid import UUID

from pages.settling import SettlingPageObject

from intake_app.sync.zgw import CaseSystem
from intake_app.ui.kit import PassphraseInput


class SettingsPageObject(SettlingPageObject):
    """Organisation, address book, control numbers."""

    name = "settings-page"

    def save_card(self) -> None:
        """Press the button; the picker of the test says where."""
        self.click("settings-save-card")

    def import_first_book(self, number: str) -> None:
        """Press the button (the picker says which file) and type the number of its roots."""
        self.click("settings-import-book")
        self.type("settings-root-number", number)
        self.click("settings-root-ok")

    def import_next_book(self) -> None:
        self.click("settings-import-book")

    def check_number(self, organisation_id: UUID, number: str) -> None:
        self.click(f"settings-check-{organisation_id}")
        self.type(f"settings-number-{organisation_id}", number)
        self.click(f"settings-compare-{organisation_id}")


class CaseSystemPageObject(SettlingPageObject):
    """Zaaksysteem, below Instellingen."""

    name = "case-system-page"

    def fill(self, system: CaseSystem) -> None:
        """Type all of it."""
        for name in ("documents", "cases", "document_type", "case_type"):
            self.type(f"case-system-{name}", getattr(system, name))
        self.type("case-system-organisation", system.organisation)
        self.type("case-system-client_id", system.client_id)
        secret = self.find("case-system-secret", PassphraseInput)
        secret.edit.setText(system.secret)


class JoiningPageObject(SettlingPageObject):
    """Meer laptops, below Instellingen. The picker of the test says which files."""

    name = "joining-page"

    def ask(self, label: str) -> None:
        """Call this vault `label` and save the request."""
        self.type("joining-label", label)
        self.click("joining-ask")

    def number(self) -> str:
        """Return the control number to read out, as digits and spaces."""
        return "".join(c for c in self.text("joining-number") if c.isdigit() or c == " ")

    def look(self) -> None:
        """Open the request of a colleague."""
        self.click("joining-look")

    def answer(self, number: str) -> None:
        """Type the number that was heard and save the answer."""
        self.type("joining-heard", number)
        self.click("joining-answer")

    def take(self) -> None:
        """Read the answer."""
        self.click("joining-take")

    def take_over(self, number: str) -> None:
        """Type the number of the organisation and take its keys over."""
        self.type("joining-own-number", number)
        self.click("joining-take-over")

    def said(self, part: str) -> str:
        """Return what the card `own` or `other` says, '' for nothing."""
        name = f"joining-{part}-said"
        return self.text(name) if self.has(name) else ""
