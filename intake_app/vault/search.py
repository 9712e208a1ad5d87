"""Questions to the full-text index over persons.

The index stands beside `search_entry`, one row a person, and follows it by triggers: what is
committed with a person is found from then on, what is deleted leaves nothing behind in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from intake_app.domain.finding import AskedWord, asked_word

_SHORTEST_HEARD: Final = 3
"""With fewer letters a prefix of sounds is met by nearly everybody."""


class Nearness(IntEnum):
    """How near a person comes to what was asked, the nearest first."""

    WHOLE = 0
    """Every word is a word of the name, or the whole number."""
    BEGINS = 1
    """Every word begins a word of the name, or the number."""
    SOUNDS = 2
    """Some word is only spelled otherwise."""
    RESEMBLES = 3
    """Some word has the same consonants, as far as they can be told apart."""
    HOUSEHOLD = 4
    """Somebody of the household has the name."""


class Only(StrEnum):
    """Which persons a list is narrowed to."""

    ZONDER_KOPPELING = "zonder_koppeling"
    GESPREK_LOOPT = "gesprek_loopt"
    OVERGEDRAGEN = "overgedragen"
    """The latest handover is at the receiver or was accepted there."""
    NIET_VERSCHENEN = "niet_verschenen"
    """The assessment was not held because the person did not come."""


@dataclass(frozen=True, slots=True)
class Among:
    """The persons to choose from; both conditions hold."""

    only: Only | None = None
    municipality: str = ""
    """CBS code of the koppeling that stands, '' for any or none."""

    def condition(self, person: str) -> tuple[str, dict[str, object]]:
        """Return a condition of SQL on the column `person`, and its values."""
        parts = [] if self.only is None else [_ONLY[self.only].format(person=person)]
        values: dict[str, object] = {}
        if self.municipality:
            parts.append(_IN_MUNICIPALITY.format(person=person))
            values["municipality"] = self.municipality
        return " AND ".join(parts), values


_COUPLED: Final = "SELECT 1 FROM koppeling k WHERE k.person_id = {person} AND k.ended_on IS NULL"
_IN_MUNICIPALITY: Final = f"EXISTS ({_COUPLED} AND k.municipality_code = :municipality)"
_ONLY: Final = {
    Only.ZONDER_KOPPELING: f"NOT EXISTS ({_COUPLED})",
    Only.GESPREK_LOOPT: (
        "{person} IN (SELECT i.person_id FROM interview i INDEXED BY interview_open "
        "WHERE i.state = 'open')"
    ),
    Only.OVERGEDRAGEN: (
        "coalesce((SELECT h.state FROM handover h INDEXED BY handover_by_time "
        "WHERE h.person_id = {person} ORDER BY h.created_at DESC LIMIT 1), '') "
        "IN ('aangeboden', 'ontvangen', 'geopend', 'geaccepteerd')"
    ),
    Only.NIET_VERSCHENEN: (
        "EXISTS (SELECT 1 FROM case_event n WHERE n.person_id = {person} "
        "AND n.kind = 'niet_in_aanmerking' AND n.detail = 'niet_verschenen')"
    ),
}


def question(words: tuple[AskedWord, ...], nearness: Nearness) -> str:
    """Return the MATCH expression for persons who are as near as `nearness`.

    Two neighbouring words may also have been written as one. `words` is not empty.
    """
    ways = [words]
    for place in range(len(words) - 1):
        first, second = words[place], words[place + 1]
        if not first.number and not second.number:
            ways.append((*words[:place], _together(first, second), *words[place + 2 :]))
    return " OR ".join(f"({' AND '.join(_word(word, nearness) for word in way)})" for way in ways)


def _together(first: AskedWord, second: AskedWord) -> AskedWord:
    return asked_word(first.written + second.written, first.heard + second.heard)


def _word(word: AskedWord, nearness: Nearness) -> str:
    """Return how a word may occur; what is met at a nearer step need not be met again here."""
    name = f'"n{word.written}"'
    if nearness is Nearness.WHOLE:
        found = [name, *_number(word, "")]
    elif word.number or nearness is Nearness.BEGINS:
        found = [f"{name} *", *_number(word, " *")]
    elif nearness is Nearness.SOUNDS:
        found = [f'"f{key}"{_open(key)}' for key in word.fine]
        if len(word.written) <= _SHORTEST_HEARD:
            found.append(f"{name} *")
    else:
        found = [f"{name} *", *(f'"c{key}"' for key in word.coarse)]
        if not word.coarse:
            found += [f'"f{key}"' for key in word.fine]
    if nearness is Nearness.HOUSEHOLD and not word.number:
        found += [f'"h{word.written}" *', *(f'"k{key}"' for key in word.coarse)]
    return f"({' OR '.join(found)})"


def _number(word: AskedWord, begins: str) -> list[str]:
    return [f'"d{word.number}"{begins}'] if word.number else []


def _open(key: str) -> str:
    return " *" if len(key) >= _SHORTEST_HEARD else ""


def nearest(words: tuple[AskedWord, ...]) -> tuple[Nearness, ...]:
    """Return the questions to put, the nearest first.

    Numbers have nothing to sound like, and one letter sounds like everybody.
    """
    if all(word.number or len(word.written) < 2 for word in words):
        return (Nearness.WHOLE, Nearness.BEGINS)
    return tuple(Nearness)
