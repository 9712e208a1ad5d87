"""Who acts: people, organisations, and the roles they have inside and outside a vault."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Profile(StrEnum):
    """What a vault is for (DESIGN §1)."""

    AZC = "azc"
    ONTVANGST = "ontvangst"
    ZORG = "zorg"
    REGIO = "regio"


class UserRole(StrEnum):
    """What a user may do inside a vault; the keys in the slot decide, not only screens."""

    INTAKE = "intake"
    MEDISCH = "medisch"
    BEHEER = "beheer"
    PRIVACY = "privacy"


class ReceiverRole(StrEnum):
    """The columns of the sharing table: who may receive something from a dossier."""

    COA = "coa"
    GEMEENTE = "gemeente"
    UITVOERDER = "uitvoerder"
    NOA = "noa"
    VLUCHTELINGENWERK = "vluchtelingenwerk"
    TAALAANBIEDER = "taalaanbieder"
    WERKGEVER = "werkgever"
    ZORGVERLENER = "zorgverlener"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person at the keyboard, as history and audit name them."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whoever sends or receives; one organisation may serve several municipalities."""

    organisation_id: UUID
    name: str
    profile: Profile
    municipality_codes: tuple[str, ...] = ()
    """CBS codes of four digits of the municipalities it acts for; empty for a team in an AZC."""
