"""The first start and the unlock window."""

from __future__ import annotations

from pages.base import PageObject


class FirstStartPage(PageObject):
    """Five steps after a welcome."""

    name = "first-start"

    def begin(self) -> None:
        self.click("start-begin")

    def practise(self) -> None:
        self.click("start-practise")

    def next(self) -> None:
        self.click("start-next")

    def back(self) -> None:
        self.click("start-back")

    def answer_all(
        self,
        *,
        profile: str,
        organisation: str,
        user: str,
        passphrase: str,
        municipalities: tuple[str, ...] = (),
    ) -> None:
        """Go through all five steps up to and not including the last button."""
        self.begin()
        self.choose("start-profile", profile)
        self.next()
        self.type("start-organisation", organisation)
        for code in municipalities:
            self.click(f"start-municipality-{code}")
        self.next()
        self.type("start-user-name", user)
        self.next()
        self.type("start-passphrase-text", passphrase)
        self.type("start-repeat-text", passphrase)
        self.next()
        self.assert_on_page("start-step-5")

    def finish(self) -> None:
        self.next()


class UnlockPage(PageObject):
    """One field, one button."""

    name = "unlock-window"

    def unlock(self, passphrase: str) -> None:
        self.type("unlock-passphrase-text", passphrase)
        self.click("unlock-open")

    def says(self) -> str:
        return self.text("unlock-problem")
