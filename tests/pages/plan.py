"""The page of the plan."""

from __future__ import annotations

from pages.settling import SettlingPageObject


class PlanPageObject(SettlingPageObject):
    """Paths, goals, the talk, vaststellen."""

    name = "plan-page"

    def choose_path(self, path: str) -> None:
        self.click(f"plan-path-{path}")

    def also(self, path: str) -> None:
        self.click(f"plan-also-{path}")

    def add_goal_from_template(self, number: int = 1) -> None:
        self.click("plan-add-goal")
        self.click(f"goal-template-{number}")

    def write_own_goal(self, text: str) -> None:
        self.click("plan-add-goal")
        self.click("goal-chooser-own")
        self.type("goal-text", text)
        self.click("goal-done")

    def tell_view(self, text: str) -> None:
        self.type("plan-client-view", text)

    def discussed_today(self, *, with_interpreter: bool = False) -> None:
        self.click("plan-discussed-today")
        if with_interpreter:
            self.click("plan-interpreter")

    def establish(self) -> None:
        self.click("plan-establish")

    def is_established(self) -> bool:
        return self.has("plan-to-handover")

    def notice(self) -> str:
        return self.text("plan-notice") if self.has("plan-notice") else ""
