"""A small form with everything an interview can meet, and a person to hold it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from support.vaults import actor_of

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.person import Person
from intake_app.flows.interview import InterviewFlow
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, ShownText, TextRef, parse_form

SMALL_FORM = Path(__file__).with_name("small_form.xml")

STAFF_MARK = "GEHEIM-STAF"
"""Every text of the small form that the client may not see holds this."""


def small_form() -> FormDefinition:
    """Return the small form, parsed."""
    return parse_form(SMALL_FORM.read_bytes(), name="klein")


@dataclass(frozen=True)
class OneForm:
    """A library of one form, under whatever id is asked for."""

    form: FormDefinition

    def load(self, form_id: str) -> FormDefinition:
        del form_id
        return self.form


class MarkedTexts:
    """Translations that can be told from Dutch: the language before the text."""

    def __init__(self, missing: Callable[[TextRef], bool] = lambda _ref: False) -> None:
        self._missing = missing

    def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
        """Return `[ar] text`, or the source where it is said to be missing."""
        del form_id
        if language == "nl" or not source:
            return ShownText(source, "nl")
        if self._missing(ref):
            return ShownText(source, "nl", "missing")
        return ShownText(f"[{language}] {source}", language, "unreviewed")


def add_person(vault: Vault, *, language: str = "ar") -> Person:
    """Store somebody who does not exist and return the record."""
    person = Person(
        person_id=vault.env.uuid(),
        v_number="0001234567",
        family_name="Voorbeeld",
        given_names="Sara",
        contact_language=language,
    )
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(person)
    return person


def start_small(
    vault: Vault, *, language: str = "ar", form_id: str = "klein", person_id: UUID | None = None
) -> InterviewFlow:
    """Start an interview with the small form."""
    return InterviewFlow.start(
        vault,
        OneForm(small_form()),
        MarkedTexts(),
        person_id or add_person(vault, language=language).person_id,
        form_id,
        language,
        Interpretation(InterpreterMode.TELEFOON, "dienst 12", language),
        actor_of(vault),
    )


def resume(vault: Vault, flow: InterviewFlow) -> InterviewFlow:
    """Open the same interview again from the vault alone."""
    return InterviewFlow.resume(vault, MarkedTexts(), flow.interview.interview_id, actor_of(vault))


def key(name: str, repeat: UUID | None = None) -> NodeKey:
    """Return the key of a question of the small form by its name."""
    return NodeKey(PATHS[name], repeat)


PATHS = {
    "welkom": "/data/start_groep/welkom",
    "naam_tolk": "/data/start_groep/naam_tolk",
    "gewerkt": "/data/werk/gewerkt",
    "baan": "/data/werk/baan",
    "functie": "/data/werk/baan/functie",
    "jaren": "/data/werk/baan/jaren",
    "talen": "/data/werk/talen",
    "oordeel": "/data/werk/oordeel",
    "kort": "/data/kort",
    "leeftijd": "/data/kort/leeftijd",
    "dubbel": "/data/kort/dubbel",
    "opmerking": "/data/kort/opmerking",
}


def answers_in(vault: Vault, interview_id: UUID) -> dict[tuple[str, UUID | None], str]:
    """Return the stored values of an interview."""
    with vault.read() as records:
        rows = records.answers.of_interview(interview_id)
    return {(row.path, row.repeat): row.value for row in rows}
