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
