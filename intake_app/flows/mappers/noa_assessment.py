"""What the NOA assessment record says: taken with an advice, or not eligible with a reason."""

from __future__ import annotations

from intake_app.domain.environment import Environment
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.person import Person
from intake_app.domain.plan import Activity, ActivityKind
from intake_app.flows.mappers.days import day_of
from intake_app.flows.mapping import FilledForm, Mapped


def map_noa_assessment(
    filled: FilledForm,
    person: Person,
    activities: tuple[Activity, ...],
    env: Environment,
) -> Mapped:
    """Return the event, and the assessment as an activity where it took place.

    "Not eligible" is a fact of its own with a reason code, never "not done". Without an answer on
    eligibility nothing is concluded.
    """
    eligible = filled.value("in_aanmerking")
    now = env.now()
    source = str(filled.interview.interview_id)
    if eligible == "nee":
        event = CaseEvent(
            event_id=env.uuid(),
            person_id=person.person_id,
            kind=EventKind.NIET_IN_AANMERKING,
            on=now.date(),
            recorded_at=now,
            source=source,
            detail=filled.value("reden_niet"),
        )
        return Mapped(events=(event,))
    taken = day_of(filled.value("afname_datum"))
    if eligible != "ja" or taken is None:
        return Mapped()
    event = CaseEvent(
        event_id=env.uuid(),
        person_id=person.person_id,
        kind=EventKind.ASSESSMENT_AFGENOMEN,
        on=taken,
        recorded_at=now,
        source=source,
        detail=filled.value("advies_leerroute"),
    )
    if any(a.kind is ActivityKind.NOA and a.started == taken for a in activities):
        return Mapped(events=(event,))
    activity = Activity(
        activity_id=env.uuid(),
        person_id=person.person_id,
        kind=ActivityKind.NOA,
        provider="NOA",
        started=taken,
        ended=taken,
        evidence=f"assessment {taken.isoformat()}",
    )
    return Mapped(events=(event,), activities=(activity,))
