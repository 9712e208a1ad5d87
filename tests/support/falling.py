"""A form in which answers take others with them: hidden, removed, emptied."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from uuid import UUID

from support.interviews import MarkedTexts, OneForm
from support.vaults import actor_of

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.person import Person
from intake_app.flows.interview import InterviewFlow
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, parse_form

FORM = Path(__file__).with_name("falling_form.xml")


@cache
def falling_form() -> FormDefinition:
    """Return the form, parsed; it never changes."""
    return parse_form(FORM.read_bytes(), name="vervalt")


def start_falling(vault: Vault, *, language: str = "ar") -> InterviewFlow:
    """Start an interview with somebody new."""
    number = vault.env.uuid()
    person = Person(
        person_id=number,
        v_number=f"{number.int % 10**10:010d}",
        family_name="Voorbeeld",
        given_names="Sara",
    )
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(person)
    return InterviewFlow.start(
        vault,
        OneForm(falling_form()),
        MarkedTexts(),
        person.person_id,
        "vervalt",
        language,
        Interpretation(InterpreterMode.TELEFOON, "dienst 12", language),
        actor_of(vault),
    )


def place(path: str, repeat: UUID | None = None) -> NodeKey:
    """Return the key of `werk/baan/functie` and the like."""
    return NodeKey(f"/data/{path}", repeat)
