"""A small form with everything an interview can meet, and a person to hold it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from support.vaults import actor_of

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.person import Person
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.migrations import Migration
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


def _row(source: str, target: str, values: dict[str, str] | None = None) -> Migration:
    return Migration(2, "1", "2", source, target, MappingProxyType(values or {}))


SECOND_ROWS = (
    _row("/data/kort/leeftijd", "/data/kort/leeftijd_jaren"),
    _row("/data/start_groep/naam_tolk", ""),
    _row("/data/werk/oordeel", "/data/werk/oordeel", {"zorg": "zorgelijk"}),
)


def second_small_form() -> FormDefinition:
    """The small form, changed: a name, a question less, a code, a limit, a requirement."""
    xml = small_form().xml.decode()
    for old, new in (
        ('id="klein" version="1"', 'id="klein" version="2"'),
        ("/data/kort/leeftijd", "/data/kort/leeftijd_jaren"),
        ("<leeftijd/>", "<leeftijd_jaren/>"),
        ("<naam_tolk/>", ""),
        (
            (
                '<input ref="/data/start_groep/naam_tolk">'
                "<label>Welke taal spreekt u thuis?</label></input>\n"
            ),
            "",
        ),
        ("<value>zorg</value>", "<value>zorgelijk</value>"),
        (". &lt;= 60", ". &lt;= 40"),
        (
            '"/data/kort/opmerking" type="string"',
            '"/data/kort/opmerking" type="string" required="true()"',
        ),
        ("<item><name>ara</name><label>Arabisch</label></item>\n", ""),
    ):
        assert old in xml
        xml = xml.replace(old, new)
    start = xml.index('<bind nodeset="/data/start_groep/naam_tolk"')
    xml = xml[:start] + xml[xml.index("\n", start) + 1 :]
    return parse_form(xml.encode(), name="klein")


@dataclass(frozen=True)
class Program:
    """The library of a program that has one form, and knows how answers get to it."""

    form: FormDefinition
    rows: tuple[Migration, ...] = SECOND_ROWS

    def load(self, form_id: str) -> FormDefinition:
        """Return the form; raises KeyError for another id."""
        if form_id != self.form.form_id:
            raise KeyError(form_id)
        return self.form

    def migrations(self, form_id: str) -> tuple[Migration, ...]:
        """Return the rows, whatever the form."""
        del form_id
        return self.rows
