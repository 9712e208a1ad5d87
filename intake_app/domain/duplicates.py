"""Whether two records may be about one person, and why one would think so.

It is only ever a hint with its reasons: a person decides, and nothing is joined.
"""

from __future__ import annotations

from enum import StrEnum

from intake_app.domain import finding, sounds
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import Person


class Reason(StrEnum):
    """Why two records may be about one person, the strongest first."""

    V_NUMBER = "v_number"
    BSN = "bsn"
    NAME_AND_BIRTH_DATE = "name_and_birth_date"
    NAME_AND_SWAPPED_DATE = "name_and_swapped_date"
    """The same name, and day and month of birth the other way round."""
    PHONE_AND_NAME = "phone_and_name"
    NAME_AND_BIRTH_YEAR = "name_and_birth_year"
    NAME_WITHOUT_DATE = "name_without_date"
    """The same full name; of one of them no birth year is known."""
    PHONE = "phone"
    """Also of a family that shares one telephone: never a reason on its own to think twice."""


def reasons(one: Person, other: Person) -> tuple[Reason, ...]:
    """Return why the two may be one person, the strongest first; empty for no reason at all.

    Names count as the same when they sound alike, in any order and script.
    """
    found = []
    if one.v_number and one.v_number == other.v_number:
        found.append(Reason.V_NUMBER)
    if one.bsn and one.bsn == other.bsn:
        found.append(Reason.BSN)
    named_alike = same_name(one, other)
    here, there = finding.bare_number(one.phone), finding.bare_number(other.phone)
    shared_phone = bool(here) and here == there
    if named_alike:
        about_date = _about_dates(one.birth_date, other.birth_date)
        if about_date is not None:
            found.append(about_date)
        if shared_phone:
            found.append(Reason.PHONE_AND_NAME)
    elif shared_phone:
        found.append(Reason.PHONE)
    return tuple(sorted(found, key=list(Reason).index))


def same_name(one: Person, other: Person) -> bool:
    """True when the family names sound alike and so does a given name, or all words are shared.

    Somebody with one name is the same as another with that one name only.
    """
    some, others = _heard(one), _heard(other)
    if not some or not others:
        return False
    fewest = min(len(some), len(others))
    shared = sum(any(keys & theirs for theirs in others) for keys in some)
    back = sum(any(keys & ours for ours in some) for keys in others)
    return min(shared, back) >= min(2, fewest) and (fewest > 1 or len(some) == len(others))


def _heard(person: Person) -> tuple[frozenset[str], ...]:
    """Return for each word of the name, or of the name in the own script, how it sounds."""
    first = person.given_names or person.call_name
    words = sounds.heard_words(f"{first} {person.family_name}")
    if not words:
        words = sounds.heard_words(person.name_in_own_script)
    heard = [
        frozenset(
            key
            for part in sounds.asked(word)
            for key in (sounds.coarse(part) or {"." + fine for fine in sounds.fine(part)})
        )
        for word in words
        if not sounds.is_article(word)
    ]
    return tuple(keys for keys in heard if keys)


def _about_dates(one: PartialDate, other: PartialDate) -> Reason | None:
    if not one.year or not other.year:
        return Reason.NAME_WITHOUT_DATE
    if one == other and one.is_complete:
        return Reason.NAME_AND_BIRTH_DATE
    swapped = one.is_complete and (one.month, one.day) == (other.day, other.month)
    if swapped and one.year == other.year:
        return Reason.NAME_AND_SWAPPED_DATE
    return Reason.NAME_AND_BIRTH_YEAR if one.year == other.year else None
