"""What the vault knows already of a file for DUO, and from where. Nothing is made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain import duo
from intake_app.domain.duo import TestResult
from intake_app.domain.event import EventKind
from intake_app.domain.interview import AnswerState
from intake_app.domain.plan import ActivityKind, Leerroute, PlanState
from intake_app.flows import case_file
from intake_app.flows.duo_typed import LbtText, PipText

if TYPE_CHECKING:
    from intake_app.domain.person import Person
    from intake_app.domain.plan import Plan
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records


@dataclass(frozen=True, slots=True)
class Filled:
    """What the vault knows already, and where each part of it comes from.

    `sources` has a Dutch phrase by field name ('uit het plan'); a field without one is not known.
    """

    text: PipText | LbtText
    sources: Mapping[str, str]


def known_pip(vault: Vault, person_id: UUID) -> Filled:
    """Return the PIP as far as the vault knows it. Raises `KeyError` for nobody."""
    with vault.read("bestand voor DUO voorbereiden") as records:
        person = _person(records, person_id)
        told = _answers(vault, records, person_id)
        plan = _plan(records.plans.of_person(person_id))
        notices = [
            event
            for event in records.events.of_person(person_id)
            if event.kind is EventKind.DUO_KENNISGEVING
        ]
        signed = [
            each.ended
            for each in records.activities.of_person(person_id)
            if each.kind is ActivityKind.PARTICIPATIEVERKLARING and each.ended is not None
        ]
    found: dict[str, tuple[str, str]] = {}
    if plan is not None and plan.leerroute is not Leerroute.NOG_NIET:
        found["route"] = (plan.leerroute.value, "advies in het plan van aanpak")
        possible = duo.levels(plan.leerroute, first=True)
        if len(possible) == 1:
            found["level"] = (possible[0].value, "volgt uit de leerroute, in een eerste PIP")
    literacy = duo.literacy_lessons(person.literacy)
    if literacy is not None:
        found["literacy"] = (literacy.value, "gegevens van de persoon")
    if notices:
        latest = max(notices, key=lambda event: (event.recorded_at, event.on))
        found["duty_from"] = (latest.on.isoformat(), "kennisgeving van DUO")
    hours = told.get("coa.les.uren", "")
    if hours.isascii() and hours.isdigit():
        found["language_and_knm_hours"] = (hours, "intake, alleen de taalles: tel KNM erbij")
    if signed:
        found["pvt_on"] = (max(signed).isoformat(), "al gedaan")
    return _filled(PipText, found)


def known_lbt(vault: Vault, person_id: UUID) -> Filled:
    """Return the LBT as far as the intake tells of it. Raises `KeyError` for nobody."""
    with vault.read("bestand voor DUO voorbereiden") as records:
        _person(records, person_id)
        told = _answers(vault, records, person_id)
    found: dict[str, tuple[str, str]] = {}
    results = {
        "haalbaar": TestResult.FEASIBLE,
        "niet_haalbaar": TestResult.NOT_FEASIBLE,
        "onbekend": TestResult.UNKNOWN,
    }
    result = results.get(told.get("lbt.uitslag", ""))
    if result is not None:
        found["result"] = (result.value, "intake")
    for name, concept in (("achieved", "lbt.score"), ("needed", "lbt.nodig")):
        if told.get(concept):
            found[name] = (told[concept].replace(".", ","), "intake")
    if told.get("lbt.datum"):
        taken_on = told["lbt.datum"][:10]
        found["taken_on"] = (taken_on, "intake")
        if "needed" not in found:
            mark = duo.pass_mark(date.fromisoformat(taken_on))
            found["needed"] = (str(mark), "de grens op de dag van de toets")
    return _filled(LbtText, found)


def _filled(cls: type[PipText | LbtText], found: Mapping[str, tuple[str, str]]) -> Filled:
    return Filled(
        cls(**{name: value for name, (value, _) in found.items()}),
        {name: source for name, (_, source) in found.items()},
    )


_OLD_NAMES: Final[Mapping[str, str]] = {
    "coa_lesuren": "coa.les.uren",
    "lbt_datum": "lbt.datum",
    "lbt_score": "lbt.score",
    "lbt_nodig": "lbt.nodig",
    "lbt_uitslag": "lbt.uitslag",
}
"""Question → concept, for interviews held with a form that did not name concepts yet."""


def _answers(vault: Vault, records: Records, person_id: UUID) -> Mapping[str, str]:
    """Return the values of the concepts used here; the latest interview that tells one counts."""
    from intake_app.xforms import parse_form

    told: dict[str, str] = {}
    wanted = frozenset(_OLD_NAMES.values())
    interviews = records.interviews.of_person(person_id)
    for interview in sorted(interviews, key=lambda each: each.started_at):
        version = records.forms.get(interview.form_sha256)
        if version is None:
            continue
        form = parse_form(version.xml, name=version.form_id)
        concepts = {
            path: _OLD_NAMES.get(question.name, "")
            if question.attributes.get("concept", "") not in wanted
            else question.attributes["concept"]
            for path, question in form.questions.items()
        }
        if not any(concepts.values()):
            continue
        file = case_file.interview_file(
            interview,
            version,
            form,
            tuple(records.answers.of_interview(interview.interview_id)),
            tuple(records.repeats.of_interview(interview.interview_id)),
            vault.env,
            None,
        )
        for question in file.questions:
            answer = question.answer
            if question.relevant and answer.state is AnswerState.ANSWERED and answer.value:
                told[concepts[answer.path]] = answer.value
    return told


def _plan(plans: Iterable[Plan]) -> Plan | None:
    in_order = sorted(plans, key=lambda plan: (plan.state is PlanState.VASTGESTELD, plan.version))
    return in_order[-1] if in_order else None


def _person(records: Records, person_id: UUID) -> Person:
    found = records.persons.get(person_id)
    if found is None:
        raise KeyError(person_id)
    return found
