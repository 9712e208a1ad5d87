"""What the broad intake says about a person, in the typed tables."""

from __future__ import annotations

from dataclasses import replace

from intake_app.domain.environment import Environment
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.person import Literacy, Person, PersonLanguage
from intake_app.domain.plan import Activity, ActivityKind
from intake_app.flows.mappers.languages import is_code, with_mother_tongue
from intake_app.flows.mapping import FilledForm, Mapped

DUTCH = "nld"
_NEEDED = {"ja": True, "nee": False}
_ERK = {"pre_A1": "pre-A1", "A1_min": "A1min"}
_ERK_LEVELS = frozenset({"pre-A1", "A1min", "A1", "A2", "B1", "B2", "C1", "C2"})
_KNM = {"deel": "een deel", "alles": "alle lessen"}


def map_intake(
    filled: FilledForm,
    person: Person,
    activities: tuple[Activity, ...],
    env: Environment,
) -> Mapped:
    """Return the person with languages, literacy and interpreter, the event, COA's lessons.

    What was not answered leaves the person as it was. An activity that is already known in the same
    words is not made twice.
    """
    now = env.now()
    changed = replace(
        person,
        languages=_languages(filled, person.languages),
        literacy=_literacy(filled, person.literacy),
        interpreter_needed=_NEEDED.get(filled.value("tolk_nodig"), person.interpreter_needed),
    )
    event = CaseEvent(
        event_id=env.uuid(),
        person_id=person.person_id,
        kind=EventKind.INTAKE_VASTGESTELD,
        on=now.date(),
        recorded_at=now,
        source=str(filled.interview.interview_id),
    )
    known = {(a.kind, a.provider, a.amount) for a in activities}
    made = tuple(
        Activity(
            activity_id=env.uuid(),
            person_id=person.person_id,
            kind=kind,
            provider="COA",
            amount=amount,
            evidence=f"intake {now.date().isoformat()}",
        )
        for kind, amount in _lessons(filled)
        if (kind, "COA", amount) not in known
    )
    return Mapped(None if changed == person else changed, (event,), made)


def _languages(filled: FilledForm, known: tuple[PersonLanguage, ...]) -> tuple[PersonLanguage, ...]:
    told = with_mother_tongue(known, filled.value("moedertaal"))
    by_code = {language.code: language for language in told}
    for instance in filled.instances("taal_naam"):
        code = instance["taal_naam"].value
        if is_code(code):
            by_code.setdefault(code, PersonLanguage(code))
    for code in filled.value("talen_ook").split():
        if is_code(code):
            by_code.setdefault(code, PersonLanguage(code))
    level = filled.value("nederlands_spreken")
    level = _ERK.get(level, level)
    if level in _ERK_LEVELS:
        by_code[DUTCH] = replace(by_code.get(DUTCH, PersonLanguage(DUTCH)), speaks=level)
    return tuple(by_code.values())


def _literacy(filled: FilledForm, known: Literacy) -> Literacy:
    value = filled.value("alfabetisering")
    return Literacy(value) if value in {code.value for code in Literacy} else known


def _lessons(filled: FilledForm) -> tuple[tuple[ActivityKind, str], ...]:
    found: list[tuple[ActivityKind, str]] = []
    hours = filled.value("coa_lesuren")
    if hours and hours != "0":
        found.append((ActivityKind.TAALLES, f"{hours} uur"))
    knm = filled.value("coa_knm")
    if knm in _KNM:
        found.append((ActivityKind.KNM, _KNM[knm]))
    return tuple(found)
