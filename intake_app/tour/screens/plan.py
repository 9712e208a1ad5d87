"""The plan: begun, with goals, with very many, established, and the files for DUO."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from intake_app.tour import world as places
from intake_app.tour.screens.listing import Screen, press, toggle
from intake_app.tour.screens.people import about
from intake_app.tour.studio import Studio
from intake_app.ui.plan.page import PlanPage
from intake_app.ui.rail import Place


def _many(studio: Studio) -> QWidget:
    vault, person_id = (
        studio.vault(places.MANY),
        studio.person("Maximiliaan Alexander", places.MANY),
    )
    places.busy_plan(vault, person_id)
    page = PlanPage(studio.context(places.MANY), person_id)
    return studio.shell(page, ("Mensen", "Amanuel T.", "Plan"), Place.PEOPLE)


SCREENS: tuple[Screen, ...] = (
    Screen("plan-not-yet", about(PlanPage, "Yonas", places.AZC, "Plan")),
    Screen("plan-begun", about(PlanPage, "Rahel", places.TALK, "Plan")),
    Screen("plan-concept", about(PlanPage, "Rima", places.AZC, "Plan")),
    Screen("plan-concept-templates", about(PlanPage, "Rima", places.AZC, "Plan"),
           press("plan-add-goal")),
    Screen("plan-concept-pip", about(PlanPage, "Rima", places.AZC, "Plan"), press("duo-pip")),
    Screen("plan-concept-test", about(PlanPage, "Rima", places.AZC, "Plan"), press("duo-lbt")),
    Screen("plan-goal-open", about(PlanPage, "Rima", places.AZC, "Plan"), toggle("goal-1-")),
    Screen("plan-established", about(PlanPage, "Farid", places.AZC, "Plan")),
)  # fmt: skip
