"""Mensen: the list, the person, and the forms that change what is known of somebody.

The pages are imported when they are asked for: the interview uses the pictures and words of
attachments, and the pages use the interview.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_HOME = {"PeoplePage": "page", "PersonPage": "person", "RegisterPage": "register"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'forms')}"), name)
