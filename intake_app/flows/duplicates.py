"""Who is in this vault already and may be the person somebody is about to register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.duplicates import Reason, reasons
from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.domain.person import Person
from intake_app.domain.typed import plain_digits

if TYPE_CHECKING:
    from intake_app.flows.register import PersonDraft
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records

__all__ = ["Lookalike", "Reason", "of_draft", "of_person", "sentence"]

_AT_MOST = 5
_SENTENCES = {
    Reason.V_NUMBER: "hetzelfde V-nummer",
    Reason.BSN: "hetzelfde BSN",
    Reason.NAME_AND_BIRTH_DATE: "de naam klinkt hetzelfde en de geboortedatum is gelijk",
    Reason.NAME_AND_SWAPPED_DATE: (
        "de naam klinkt hetzelfde; dag en maand van de geboortedatum zijn omgewisseld"
    ),
    Reason.PHONE_AND_NAME: "de naam klinkt hetzelfde en het telefoonnummer is gelijk",
    Reason.NAME_AND_BIRTH_YEAR: "de naam klinkt hetzelfde en het geboortejaar is gelijk",
    Reason.NAME_WITHOUT_DATE: (
        "de naam klinkt hetzelfde; van een van beiden is het geboortejaar niet bekend"
    ),
    Reason.PHONE: "hetzelfde telefoonnummer",
}
_SECONDARY = frozenset({Reason.PHONE})


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Somebody who may be the same person, and why; the strongest reason first."""

    person: Person
    reasons: tuple[Reason, ...]


def sentence(reason: Reason) -> str:
    """Return the reason in Dutch, to follow a name."""
    return _SENTENCES[reason]


def of_draft(
    vault: Vault, draft: PersonDraft, *, person_id: UUID | None = None
) -> tuple[Lookalike, ...]:
    """Return who in this vault may be the person of `draft`, at most five, strongest first.

    `person_id` is whose record is being changed: nobody looks like themselves. A field that cannot
    be read counts as empty.
    """
    try:
        born = PartialDate.read(draft.birth_date)
    except DateProblem:
        born = PartialDate()
    digits = "".join(c for c in plain_digits(draft.v_number) if c.isascii() and c.isdigit())
    asked = Person(
        person_id=person_id or UUID(int=0),
        v_number=digits.zfill(10) if digits else "",
        family_name=draft.family_name.strip(),
        given_names=draft.given_names.strip(),
        name_prefix=draft.name_prefix.strip(),
        call_name=draft.call_name.strip(),
        name_in_own_script=draft.name_in_own_script.strip(),
        bsn="".join(c for c in plain_digits(draft.bsn) if c.isascii() and c.isdigit()),
        birth_date=born,
        phone=plain_digits(draft.phone),
    )
    return of_person(vault, asked)


def of_person(vault: Vault, asked: Person) -> tuple[Lookalike, ...]:
    """Return who else in this vault may be this person, at most five, strongest first."""
    with vault.read("dubbele registratie zoeken") as records:
        candidates = _candidates(records, asked)
    found = [Lookalike(other, reasons(asked, other)) for other in candidates]
    worth = [each for each in found if set(each.reasons) - _SECONDARY]
    order = list(Reason)
    worth.sort(key=lambda each: (order.index(each.reasons[0]), -len(each.reasons)))
    return tuple(worth[:_AT_MOST])


def _candidates(records: Records, asked: Person) -> list[Person]:
    """Return who shares a number with, or has a name that resembles, the person asked for."""
    near = records.search.resembling(asked)
    known = records.persons.of_ids(near, listed=False)
    return [p for key, p in known.items() if key != asked.person_id]
