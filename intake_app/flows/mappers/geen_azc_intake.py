"""What the record of a missing AZC intake says: the reason, and what COA had done already."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from intake_app.domain.environment import Environment
from intake_app.domain.person import Person
from intake_app.domain.plan import Activity, ActivityKind
from intake_app.flows.mappers.days import day_of
from intake_app.flows.mapping import FilledForm, Mapped

REASONS: Final[dict[str, str]] = {
    "te_laat_gekoppeld": "Te laat gekoppeld",
    "azc_buiten_regio": "Het AZC ligt buiten de regio",
    "niet_bereikbaar": "De persoon was niet bereikbaar",
    "capaciteit": "Het team had geen tijd",
    "geen_tolk": "Er was geen tolk",
    "anders": "Een andere reden",
}
"""Code of the form → its own words, as the person's record shows them."""

_STILL_COMES: Final = frozenset({"zelf_intake", "aanvullen"})
_KNM: Final = {"deel": "een deel", "alles": "alle lessen"}


def map_geen_azc_intake(
    filled: FilledForm,
    person: Person,
    activities: tuple[Activity, ...],
    env: Environment,
) -> Mapped:
    """Return the person with the reason, and KNM and assessment as done where COA has the proof.

    The person's field says that no intake comes. Where one still may (an own intake, or waiting for
    papers), it stays empty, so that the intake remains the next step; the answer keeps the reason.
    An activity that is known already in the same words, or an assessment on the same day, is not
    made twice.
    """
    reason = filled.value("reden_anders") or REASONS.get(filled.value("reden"), "")
    if filled.value("vervolg_stap") in _STILL_COMES:
        changed = replace(person, no_azc_intake_reason="")
    else:
        changed = replace(person, no_azc_intake_reason=reason) if reason else person
    made: list[Activity] = []
    amount = _KNM.get(filled.value("knm_gevolgd"), "")
    if amount and not any(
        (a.kind, a.provider, a.amount) == (ActivityKind.KNM, "COA", amount) for a in activities
    ):
        made.append(
            Activity(
                activity_id=env.uuid(),
                person_id=person.person_id,
                kind=ActivityKind.KNM,
                provider="COA",
                amount=amount,
                evidence="bewijs van COA",
            )
        )
    taken = day_of(filled.value("assessment_datum"))
    if taken is not None and not any(
        a.kind is ActivityKind.NOA and a.started == taken for a in activities
    ):
        made.append(
            Activity(
                activity_id=env.uuid(),
                person_id=person.person_id,
                kind=ActivityKind.NOA,
                provider="NOA",
                started=taken,
                ended=taken,
                evidence=f"assessment {taken.isoformat()}",
            )
        )
    return Mapped(None if changed == person else changed, (), tuple(made))
