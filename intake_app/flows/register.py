"""Register somebody: the person, the household, the stay in the centre, the koppeling.

What comes from a screen comes as text in a `PersonDraft`; `check_draft` says per field what is
wrong and how to mend it, and nothing is stored until it is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain import brp, identifiers, names
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.domain.person import (
    AzcStay,
    BirthDateStatus,
    DecouplingReason,
    Gender,
    Household,
    Koppeling,
    Literacy,
    Person,
)
from intake_app.flows import desk
from intake_app.flows.acting import actor_of
from intake_app.sentences import Sentence, Told

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person as typed; every field is text, empty where nothing was filled in."""

    v_number: str = ""
    family_name: str = ""
    given_names: str = ""
    name_prefix: str = ""
    call_name: str = ""
    name_in_own_script: str = ""
    bsn: str = ""
    birth_date: str = ""
    birth_date_status: str = BirthDateStatus.OPGAVE
    gender: str = Gender.ONBEKEND
    birth_country: str = ""
    nationalities: tuple[str, ...] = ()
    residence_title: str = ""
    permit_from: str = ""
    contact_language: str = ""
    literacy: str = Literacy.ONBEKEND
    interpreter_needed: str = ""
    """'ja', 'nee' or ''."""
    phone: str = ""
    email: str = ""
    is_nareiziger: bool = False
    no_azc_intake_reason: str = ""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a draft, as a Dutch sentence with the way to mend it."""

    field: str
    text: str


class DraftRefused(ValueError):
    """The draft cannot be stored; `problems` says why, field by field."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(p.field for p in problems))
        self.problems = problems


class RegistrationRefused(Told, ValueError):
    """A step that the record does not allow; str() is a Dutch sentence."""


def check_draft(draft: PersonDraft, *, today: date) -> tuple[FieldProblem, ...]:
    """Return what keeps the draft from being stored, in the order of the screen."""
    problems: list[FieldProblem] = []

    def attempt(name: str, read: Callable[[str], object], text: str) -> None:
        if not text.strip():
            return
        try:
            read(text)
        except (identifiers.IdentifierProblem, names.NameProblem, DateProblem) as error:
            problems.append(FieldProblem(name, str(error)))

    attempt("v_number", identifiers.v_number, draft.v_number)
    try:
        names.family_name(draft.family_name, has_other_name=_has_other_name(draft))
    except names.NameProblem as error:
        problems.append(FieldProblem("family_name", str(error)))
    for name in _OTHER_NAMES:
        attempt(name, names.other_name, getattr(draft, name))
    attempt("bsn", identifiers.bsn, draft.bsn)
    problems += _date_problems(draft, today)
    attempt("email", identifiers.email, draft.email)
    attempt("phone", identifiers.phone, draft.phone)
    attempt("birth_country", brp.country, draft.birth_country)
    wrong = [code for code in draft.nationalities if not _is_nationality(code)]
    attempt("nationalities", brp.nationality, wrong[0] if wrong else "")
    attempt("residence_title", brp.residence_title, draft.residence_title)
    return tuple(problems)


_OTHER_NAMES = ("given_names", "name_prefix", "call_name", "name_in_own_script")
_OLDEST = 125
"""Years; nobody in the Netherlands is known to have been older (AVG: data must be plausible)."""


def _has_other_name(draft: PersonDraft) -> bool:
    return any(getattr(draft, name).strip() for name in ("given_names", "call_name"))


def _date_problems(draft: PersonDraft, today: date) -> list[FieldProblem]:
    """Return what is wrong with the dates: unreadable, to come, too long ago, before the birth."""
    problems: list[FieldProblem] = []
    dates: dict[str, PartialDate] = {}
    for name in ("birth_date", "permit_from"):
        try:
            dates[name] = PartialDate.read(getattr(draft, name))
        except DateProblem as error:
            problems.append(FieldProblem(name, str(error)))
    born = dates.get("birth_date", PartialDate())
    permit = dates.get("permit_from", PartialDate())
    if born.is_after(today):
        text = Sentence("Deze geboortedatum ligt in de toekomst. Controleer het jaar.")
        problems.append(FieldProblem("birth_date", text))
    elif born.year and born.year < today.year - _OLDEST:
        text = Sentence(
            "Deze geboortedatum is meer dan {most} jaar geleden. Controleer het jaar.", most=_OLDEST
        )
        problems.append(FieldProblem("birth_date", text))
    if permit.is_after(today):
        text = Sentence(
            "Deze datum van de vergunning ligt in de toekomst. Neem de datum van het pasje over."
        )
        problems.append(FieldProblem("permit_from", text))
    elif permit.year and born.year > permit.year:
        text = Sentence("De vergunning kan niet voor de geboorte liggen. Controleer beide datums.")
        problems.append(FieldProblem("permit_from", text))
    return problems


def doubts(draft: PersonDraft) -> tuple[FieldProblem, ...]:
    """Return what may well be right but is worth a second look, before it is stored.

    1 January is what registers write for a birthday that nobody knows; who typed it says if this
    one is known. Never keeps a draft from being stored.
    """
    try:
        born = PartialDate.read(draft.birth_date)
    except DateProblem:
        return ()
    if born.is_first_of_january and draft.birth_date_status == BirthDateStatus.OPGAVE:
        text = Sentence(
            "1 januari is vaak een geschatte datum. Weet de persoon de dag niet? Kies dan "
            "geschat. Staat de dag op een document? Kies vastgesteld."
        )
        return (FieldProblem("birth_date_status", text),)
    return ()


def draft_of(person: Person) -> PersonDraft:
    """Return the person as text, for changing on the same screen."""
    own = {"birth_date", "permit_from", "interpreter_needed"}
    plain = {f.name: getattr(person, f.name) for f in fields(PersonDraft) if f.name not in own}
    return PersonDraft(
        **plain,
        birth_date=person.birth_date.iso(),
        permit_from=person.permit_from.iso(),
        interpreter_needed={True: "ja", False: "nee", None: ""}[person.interpreter_needed],
    )


def register_person(vault: Vault, draft: PersonDraft) -> Person:
    """Store a new person and the event that they were registered; return the record.

    Raises `DraftRefused`, or `RegistrationRefused` when the V-nummer is already in this vault.
    """
    now = vault.env.now()
    _refuse_problems(draft, desk.today(vault.env))
    person = _filled(Person(person_id=vault.env.uuid(), v_number="", family_name=""), draft)
    with vault.transaction(actor_of(vault), "registreren") as tx:
        _refuse_double(tx, person)
        tx.persons.save(person)
        tx.events.add(_event(vault, person.person_id, EventKind.GEREGISTREERD, now.date()))
    return person


def save_person(vault: Vault, person_id: UUID, draft: PersonDraft) -> Person:
    """Store changes to a person; the earlier record stays in the history."""
    _refuse_problems(draft, desk.today(vault.env))
    with vault.transaction(actor_of(vault), "persoon wijzigen") as tx:
        known = tx.persons.get(person_id)
        if known is None:
            raise RegistrationRefused("Deze persoon staat niet (meer) in deze kluis.")
        person = _filled(known, draft)
        _refuse_double(tx, person)
        tx.persons.save(person)
    return person


def save_household(vault: Vault, household: Household) -> Household:
    """Store who belongs together; members with a record of their own are found from it."""
    with vault.transaction(actor_of(vault), "huishouden vastleggen") as tx:
        tx.households.save(household)
    return household


def save_stay(vault: Vault, stay: AzcStay) -> AzcStay:
    """Store a stay in a centre. Raises `RegistrationRefused` when it ends before it begins."""
    if stay.arrived and stay.left and stay.left < stay.arrived:
        raise RegistrationRefused("De datum van vertrek ligt voor de datum van aankomst.")
    with vault.transaction(actor_of(vault), "verblijf vastleggen") as tx:
        tx.stays.save(stay)
    return stay


def couple(
    vault: Vault, person_id: UUID, municipality_code: str, on: date, promising_reason: str = ""
) -> Koppeling:
    """Link the person to a municipality from `on`; an earlier koppeling that still runs must end
    first (`decouple`). Raises `RegistrationRefused`.
    """
    if not (len(municipality_code) == 4 and municipality_code.isascii()):
        raise RegistrationRefused("Kies een gemeente uit de lijst.")
    if on > desk.today(vault.env):
        raise RegistrationRefused("De koppeling kan niet in de toekomst liggen.")
    koppeling = Koppeling(
        koppeling_id=vault.env.uuid(),
        person_id=person_id,
        municipality_code=municipality_code,
        linked_on=on,
        promising_reason=promising_reason,
    )
    with vault.transaction(actor_of(vault), "koppelen") as tx:
        if tx.koppelingen.current(person_id) is not None:
            raise RegistrationRefused(
                "Deze persoon is al gekoppeld. Beëindig eerst de koppeling die nog loopt."
            )
        tx.koppelingen.save(koppeling)
        tx.events.add(_event(vault, person_id, EventKind.GEKOPPELD, on, detail=municipality_code))
    return koppeling


def decouple(vault: Vault, person_id: UUID, on: date, reason: DecouplingReason) -> Koppeling:
    """End the running koppeling on `on`; it stays in the history. Raises `RegistrationRefused`."""
    with vault.transaction(actor_of(vault), "ontkoppelen") as tx:
        current = tx.koppelingen.current(person_id)
        if current is None:
            raise RegistrationRefused("Deze persoon is niet gekoppeld.")
        if on < current.linked_on:
            raise RegistrationRefused("De koppeling kan niet eindigen voordat zij begon.")
        ended = replace(current, ended_on=on, end_reason=reason)
        tx.koppelingen.save(ended)
        tx.events.add(_event(vault, person_id, EventKind.ONTKOPPELD, on, detail=reason))
    return ended


def record_notice(vault: Vault, person_id: UUID, on: date) -> CaseEvent:
    """Record the day of DUO's notice, from which the term of the PIP is counted.

    Raises `RegistrationRefused` for a day in the future.
    """
    if on > desk.today(vault.env):
        raise RegistrationRefused("De kennisgeving kan niet in de toekomst liggen.")
    event = _event(vault, person_id, EventKind.DUO_KENNISGEVING, on, source="DUO")
    with vault.transaction(actor_of(vault), "kennisgeving vastleggen") as tx:
        tx.events.add(event)
    return event


def _refuse_problems(draft: PersonDraft, today: date) -> None:
    problems = check_draft(draft, today=today)
    if problems:
        raise DraftRefused(problems)


def _is_nationality(text: str) -> bool:
    try:
        brp.nationality(text)
    except identifiers.IdentifierProblem:
        return not text.strip()
    return True


def _refuse_double(tx: Transaction, person: Person) -> None:
    known = tx.persons.find_by_v_number(person.v_number) if person.v_number else None
    if known is not None and known.person_id != person.person_id:
        raise RegistrationRefused(
            "Er is al iemand met dit V-nummer. Zoek deze persoon op en ga daar verder."
        )


def _filled(person: Person, draft: PersonDraft) -> Person:
    return replace(
        person,
        v_number=identifiers.v_number(draft.v_number) if draft.v_number.strip() else "",
        family_name=names.family_name(draft.family_name, has_other_name=_has_other_name(draft)),
        given_names=names.other_name(draft.given_names),
        name_prefix=names.other_name(draft.name_prefix),
        call_name=names.other_name(draft.call_name),
        name_in_own_script=names.other_name(draft.name_in_own_script),
        bsn=identifiers.bsn(draft.bsn) if draft.bsn.strip() else "",
        birth_date=PartialDate.read(draft.birth_date),
        birth_date_status=BirthDateStatus(draft.birth_date_status),
        gender=Gender(draft.gender),
        birth_country=draft.birth_country.strip(),
        nationalities=tuple(
            dict.fromkeys(code.strip() for code in draft.nationalities if code.strip())
        ),
        residence_title=draft.residence_title.strip(),
        permit_from=PartialDate.read(draft.permit_from),
        contact_language=draft.contact_language,
        literacy=Literacy(draft.literacy),
        interpreter_needed={"ja": True, "nee": False}.get(draft.interpreter_needed),
        phone=identifiers.phone(draft.phone) if draft.phone.strip() else "",
        email=identifiers.email(draft.email) if draft.email.strip() else "",
        is_nareiziger=draft.is_nareiziger,
        no_azc_intake_reason=draft.no_azc_intake_reason,
    )


def _event(
    vault: Vault, person_id: UUID, kind: EventKind, on: date, *, source: str = "", detail: str = ""
) -> CaseEvent:
    return CaseEvent(
        event_id=vault.env.uuid(),
        person_id=person_id,
        kind=kind,
        on=on,
        recorded_at=vault.env.now(),
        source=source or vault.info.organisation.name,
        detail=detail,
    )
