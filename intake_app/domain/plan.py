"""The individual plan, what was really done, and the codes they use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Vervolgpad(StrEnum):
    """The four follow-up paths of the regional plan; one main, others possible."""

    GEZONDHEID = "gezondheid"
    ONDERWIJS = "onderwijs"
    LEER_WERK = "leer_werk"
    DIRECT_WERK = "direct_werk"


class Leerroute(StrEnum):
    """Routes of the Wet inburgering 2021, in DUO's codes."""

    B1 = "B"
    ONDERWIJS = "O"
    Z = "Z"
    NOG_NIET = "nog_niet"


class ActionState(StrEnum):
    """How an action stands."""

    OPEN = "open"
    BEZIG = "bezig"
    KLAAR = "klaar"
    VERVALLEN = "vervallen"


class Doer(StrEnum):
    """Who carries an action."""

    CLIENT = "client"
    COA = "coa"
    GEMEENTE = "gemeente"
    UITVOERDER = "uitvoerder"
    VLUCHTELINGENWERK = "vluchtelingenwerk"
    TAALAANBIEDER = "taalaanbieder"
    WERKGEVER = "werkgever"
    ZORG = "zorg"


LEEFGEBIEDEN: tuple[str, ...] = (
    "ambitie",
    "onderwijs",
    "werk",
    "taal",
    "leren",
    "digitaal",
    "werkinteresse",
    "ondernemen",
    "geld",
    "gezondheid",
    "kinderen",
    "wonen",
    "netwerk",
    "zelfredzaamheid",
)
"""The fourteen life domains, in the order of the intake (section names of that form)."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing somebody does for a goal."""

    action_id: UUID
    what: str
    doer: Doer
    where: str = "azc"
    """'azc' or 'gemeente'."""
    start: date | None = None
    end: date | None = None
    state: ActionState = ActionState.OPEN
    result: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in words the client recognises, with its actions."""

    goal_id: UUID
    leefgebied: str
    text: str
    horizon: date | None = None
    actions: tuple[Action, ...] = ()


class PlanState(StrEnum):
    """Draft, or vastgesteld: discussed with the client."""

    CONCEPT = "concept"
    VASTGESTELD = "vastgesteld"


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan van aanpak; each saved version is kept."""

    plan_id: UUID
    person_id: UUID
    version: int
    state: PlanState
    created_at: datetime
    author_id: UUID
    main_path: Vervolgpad | None = None
    other_paths: tuple[Vervolgpad, ...] = ()
    leerroute: Leerroute = Leerroute.NOG_NIET
    goals: tuple[Goal, ...] = ()
    client_view: str = ""
    """Zienswijze: what the client thinks of it, in the client's words."""
    discussed_on: date | None = None
    discussed_with_interpreter: bool = False


class ActivityKind(StrEnum):
    """What took place, so that nobody plans it twice."""

    TAALLES = "taalles"
    KNM = "knm"
    NOA = "noa"
    DIPLOMAWAARDERING = "diplomawaardering"
    PARTICIPATIEVERKLARING = "participatieverklaring"
    TIENWEKENPROGRAMMA = "tienwekenprogramma"
    GEZONDHEIDSCHECK = "gezondheidscheck"
    VRIJWILLIGERSWERK = "vrijwilligerswerk"
    ANDERS = "anders"


@dataclass(frozen=True, slots=True)
class Activity:
    """What really took place (al gedaan), by whom, with evidence; not an action."""

    activity_id: UUID
    person_id: UUID
    kind: ActivityKind
    provider: str
    started: date | None = None
    ended: date | None = None
    amount: str = ""
    """As counted by the provider, such as '84 van 121 uur'."""
    evidence: str = ""
