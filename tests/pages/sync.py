"""The pages of sync: setting relays up, and what is on its way."""

from __future__ import annotations

from uuid import UUID

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


class TransportPageObject(SettlingPageObject):
    """Overdracht, Onderweg."""

    name = "transport-page"

    def state(self) -> str:
        """Return what stands above the list, '' for nothing."""
        return self.text("transport-state") if self.has("transport-state") else ""

    def group(self, name: str) -> str:
        """Return the words of a group: attention, waiting, offered, done; '' when it is empty."""
        return self.text(f"transport-{name}") if self.has(f"transport-{name}") else ""

    def next_step(self) -> str:
        """Return the words of the primary button."""
        return self.text("transport-try")

    def try_now(self) -> None:
        """Press the primary button."""
        self.click("transport-try")

    def stop(self) -> None:
        """Stop between two parts."""
        self.click("transport-stop")

    def how_far(self) -> str:
        """Return the bytes, '' when nothing is sent now."""
        return self.text("transport-how-far") if self.has("transport-running") else ""

    def unfold(self, handover_id: UUID) -> None:
        """Show or hide the history of one."""
        self.click(f"transport-more-{handover_id.hex[:8]}")

    def history(self, handover_id: UUID) -> list[str]:
        """Return the lines of a history, the newest first."""
        return self.words(self.find(f"transport-history-{handover_id.hex[:8]}"))

    def ask_withdraw(self, handover_id: UUID) -> str:
        """Ask to withdraw it; return the words of the button that does."""
        slug = handover_id.hex[:8]
        self.click(f"transport-back-{slug}")
        return self.text(f"transport-withdraw-{slug}")

    def withdraw(self, handover_id: UUID, reason: str) -> None:
        """Give the reason and send the request."""
        slug = handover_id.hex[:8]
        self.type(f"transport-reason-{slug}", reason)
        self.click(f"transport-withdraw-{slug}")

    def until_state(self, part: str) -> None:
        """Wait until the words above the list hold this part."""
        self.qtbot.waitUntil(lambda: part in self.state(), timeout=20_000)

    def until_group(self, name: str) -> None:
        """Wait until a group has something."""
        self.qtbot.waitUntil(lambda: bool(self.group(name)), timeout=20_000)
