"""What a filled form means for the typed tables: one mapper per form.

Forms collect and answers are the record; a mapper says once, when an interview is vastgesteld,
which facts of it the typed tables keep. A mapper is a pure function: it reads the answers and the
person as they stand and returns what must change; the interview flow writes that in its own
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from intake_app.domain.environment import Environment
from intake_app.domain.event import CaseEvent
from intake_app.domain.interview import Answer, AnswerState, Interview
from intake_app.domain.person import Person
from intake_app.domain.plan import Activity


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The answers of one interview by question name.

    Only relevant questions are in `answers`; names are unique in a whole form, so each question
    outside a repeat has at most one answer. `repeated` holds, per repeat path, one mapping of name
    to answer for each instance, in their order.
    """

    interview: Interview
    answers: Mapping[str, Answer] = field(default_factory=dict)
    repeated: Mapping[str, tuple[Mapping[str, Answer], ...]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return the value of a question outside a repeat, '' when there is none."""
        answer = self.answers.get(name)
        return "" if answer is None else answer.value

    def state(self, name: str) -> AnswerState:
        """Return how a question outside a repeat stands; NONE when it was not reached."""
        answer = self.answers.get(name)
        return AnswerState.NONE if answer is None else answer.state

    def told(self, name: str) -> bool:
        """True when the question has a value; 'weet niet' and its like are no facts to map."""
        return self.value(name) != ""

    def instances(self, *names: str) -> tuple[Mapping[str, Answer], ...]:
        """Return the instances of every repeat that asks one of `names`, in order."""
        return tuple(
            instance
            for instances in self.repeated.values()
            for instance in instances
            if any(name in instance for name in names)
        )


@dataclass(frozen=True, slots=True)
class Mapped:
    """What must be written: the person when it changed, new events, activities to keep.

    `referent` is the V-number of the family member the person follows; the link is made only where
    somebody with that very number is in this vault.
    """

    person: Person | None = None
    events: tuple[CaseEvent, ...] = ()
    activities: tuple[Activity, ...] = ()
    referent: str = ""

    def person_to_save(self, person: Person, find: Callable[[str], Person | None]) -> Person | None:
        """Return the person as it must be stored, None when nothing of it changed.

        `find` gives whoever has a V-number in this vault; nobody is their own referent.
        """
        found = find(self.referent) if self.referent else None
        if found is None or found.person_id == person.person_id:
            return self.person
        return replace(self.person or person, sponsor_id=found.person_id)


class Mapper(Protocol):
    """What one form means. Never raises for an answer that is missing or not understood."""

    def __call__(
        self,
        filled: FilledForm,
        person: Person,
        activities: tuple[Activity, ...],
        env: Environment,
    ) -> Mapped: ...


def mapper_for(form_id: str) -> Mapper | None:
    """Return the mapper of a form, or None for a form that only collects answers."""
    from intake_app.flows.mappers import geen_azc_intake, intake, nareiziger, noa_assessment

    mappers: dict[str, Mapper] = {
        "intake": intake.map_intake,
        "noa_assessment": noa_assessment.map_noa_assessment,
        "geen_azc_intake": geen_azc_intake.map_geen_azc_intake,
        "nareiziger": nareiziger.map_nareiziger,
    }
    return mappers.get(form_id)
