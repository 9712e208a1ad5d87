"""The region's page: the address book."""

from __future__ import annotations

from pages.settling import SettlingPageObject


class RegionPageObject(SettlingPageObject):
    """Draft, signers, organisations; the picker of the test says which files."""

    name = "region-page"

    def begin(self) -> None:
        self.click("region-begin")

    def add_signer(self) -> None:
        self.click("region-add-signer")

    def add_card(self, number: str) -> None:
        """Choose a card and type its number."""
        self.click("region-add-card")
        self.type("region-card-number", number)
        self.click("region-confirm")

    def sign(self, passphrase: str) -> None:
        """Choose the key on the stick and type its passphrase; wait for the signature."""
        self.click("region-sign")
        self.type("region-passphrase-text", passphrase)
        self.click("region-confirm")
        self.wait_for_work()

    def make_key(self, passphrase: str) -> None:
        self.click("region-new-key")
        self.type("region-key-passphrase-text", passphrase)
        self.type("region-key-repeat-text", passphrase)
        self.click("region-confirm")
        self.wait_for_work()

    def wait_for_work(self) -> None:
        def told() -> bool:
            return not self.has("region-form") or self.find("region-confirm").isEnabled()

        self.qtbot.waitUntil(told, timeout=20_000)
        self.settle()

    def publish(self) -> None:
        self.click("region-publish")

    def said(self) -> str:
        return self.text("region-said") if self.has("region-said") else ""
