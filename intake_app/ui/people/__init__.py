"""Mensen: the list, the person, and the forms that change what is known of somebody."""

from __future__ import annotations

from intake_app.ui.people.forms import CouplePage, HouseholdPage, NoticePage, StayPage
from intake_app.ui.people.page import PeoplePage
from intake_app.ui.people.person import PersonPage
from intake_app.ui.people.register import RegisterPage

__all__ = [
    "CouplePage",
    "HouseholdPage",
    "NoticePage",
    "PeoplePage",
    "PersonPage",
    "RegisterPage",
    "StayPage",
]
