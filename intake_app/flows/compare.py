"""A received person beside the one this vault knows already: every difference, field by field.

Nothing is merged silently (DESIGN §4.5): what both sides fill in differently has to be chosen by a
person, and the value that was not chosen stays in the received dossier or in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from intake_app.domain.person import Household, Koppeling, Person
from intake_app.flows.dossier_words import PERSON_TITLES
from intake_app.flows.record_text import household_lines, koppeling_line, person_value
from intake_app.sentences import Sentence, Told

HOUSEHOLD = "household"
KOPPELING = "koppeling"

_NEVER_TAKEN = frozenset({"sponsor_id"})


class Difference(StrEnum):
    """How the two sides of a field relate."""

    SAME = "same"
    ONLY_THEIRS = "only_theirs"
    ONLY_OURS = "only_ours"
    DIFFERENT = "different"


class Choice(StrEnum):
    """Whose value stands in the record from now on."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field with the text of both sides; `field` names it for a choice."""

    field: str
    title: str
    ours: str
    theirs: str
    difference: Difference

    @property
    def needs_choice(self) -> bool:
        """True when a person has to say which value stands."""
        return self.difference is Difference.DIFFERENT


class ChoiceMissing(Told, ValueError):
    """A difference has not been decided; `field` names it, str() is a Dutch sentence."""

    sentence = "Kies eerst wat klopt bij ‘{title}’."

    def __init__(self, field: ComparedField) -> None:
        super().__init__(title=Sentence(field.title))
        self.field = field


def compare(
    ours: Person,
    theirs: Person,
    our_household: Household | None = None,
    their_household: Household | None = None,
    our_koppeling: Koppeling | None = None,
    their_koppeling: Koppeling | None = None,
) -> tuple[ComparedField, ...]:
    """Return every field that either side fills in, in the order of the dossier."""
    found = [
        _field(name, PERSON_TITLES[name], _text(ours, name), _text(theirs, name))
        for name in PERSON_TITLES
        if name not in _NEVER_TAKEN
    ]
    households = (_household(our_household), _household(their_household))
    koppelingen = (_koppeling(our_koppeling), _koppeling(their_koppeling))
    found.append(_field(HOUSEHOLD, "Huishouden", *households))
    found.append(_field(KOPPELING, "Koppeling", *koppelingen))
    return tuple(field for field in found if field.ours or field.theirs)


def _text(person: Person, field: str) -> str:
    blank = Person(person.person_id, "", "")
    filled = getattr(person, field) != getattr(blank, field)
    return person_value(person, field) if filled else ""


def _household(household: Household | None) -> str:
    return "" if household is None else "\n".join(household_lines(household))


def _koppeling(koppeling: Koppeling | None) -> str:
    return "" if koppeling is None else koppeling_line(koppeling)


def _field(name: str, title: str, ours: str, theirs: str) -> ComparedField:
    if ours == theirs:
        difference = Difference.SAME
    elif not ours:
        difference = Difference.ONLY_THEIRS
    elif not theirs:
        difference = Difference.ONLY_OURS
    else:
        difference = Difference.DIFFERENT
    return ComparedField(name, title, ours, theirs, difference)


def takes_theirs(field: ComparedField, choices: Mapping[str, Choice]) -> bool:
    """True when the received value goes into the record; raises `ChoiceMissing`."""
    if field.needs_choice and field.field not in choices:
        raise ChoiceMissing(field)
    if field.needs_choice:
        return choices[field.field] is Choice.THEIRS
    return field.difference is Difference.ONLY_THEIRS


def merge(
    ours: Person,
    theirs: Person,
    compared: tuple[ComparedField, ...],
    choices: Mapping[str, Choice],
) -> Person:
    """Return our person with what was empty here filled in and what was chosen taken over.

    Raises `ChoiceMissing` for a difference nobody decided on.
    """
    changes = {
        field.field: getattr(theirs, field.field)
        for field in compared
        if takes_theirs(field, choices) and field.field not in {HOUSEHOLD, KOPPELING}
    }
    return replace(ours, **changes)
