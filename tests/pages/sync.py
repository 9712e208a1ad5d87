"""The pages of sync: setting relays up, and what is on its way."""

from __future__ import annotations

from pages.settling import SettlingPageObject


class SyncSettingsPageObject(SettlingPageObject):
    """Instellingen, Postbus."""

    name = "sync-settings-page"

    def choose_kind(self, side: str, kind: str) -> None:
        """Choose off, same, folder, webdav or s3 for the side send or receive."""
        self.choose(f"sync-{side}-kind", kind)
        self.settle()

    def choose_folder(self, side: str) -> None:
        """Let the picker answer with a folder."""
        self.click(f"sync-{side}-choose")

    def fill(self, side: str, *, address: str, user: str = "", password: str = "") -> None:
        """Fill the fields of a relay on the internet."""
        self.type(f"sync-{side}-address", address)
        self.type(f"sync-{side}-user", user)
        self.type(f"sync-{side}-password-text", password)

    def save(self) -> None:
        """Keep it."""
        self.click("sync-save")

    def test(self) -> None:
        """Try the connection and wait for what comes of it."""
        self.click("sync-test")
        self.qtbot.waitUntil(lambda: "…" not in self.said(), timeout=20_000)

    def said(self) -> str:
        """Return what the page says, '' for nothing."""
        return self.text("sync-said") if self.has("sync-said") else ""
