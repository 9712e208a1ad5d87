"""Who receives the dossier: koppeling → routing rule on the day → address book → checked number.

Nothing is typed in here: the municipality follows from the koppeling, its executor from the routing
table, the executor's keys from the signed address book. Sealing stays blocked until a person has
checked the control number of those very keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.handover import FingerprintCheck
from intake_app.domain.person import Koppeling
from intake_app.domain.routing import RoutingRule, executor_on, municipality_name
from intake_app.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake_app.handover.address_book import AddressBook, Entry
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records


class RecipientProblem(StrEnum):
    """Why there is nobody to seal for yet."""

    NO_KOPPELING = "no_koppeling"
    NO_RULE = "no_rule"
    NO_BOOK = "no_book"
    NOT_IN_BOOK = "not_in_book"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NO_ROLE = "no_role"
    OURSELVES = "ourselves"
    NOT_CHECKED = "not_checked"


_SENTENCES: dict[RecipientProblem, str] = {
    RecipientProblem.NO_KOPPELING: (
        "Deze persoon is nog niet gekoppeld aan een gemeente. Daardoor is er nog geen ontvanger. "
        "Leg eerst de koppeling vast bij de persoon."
    ),
    RecipientProblem.NO_RULE: (
        "Voor gemeente {municipality} staat er op deze dag geen uitvoerder in de routering. "
        "Vraag de projectleider om de routering aan te vullen."
    ),
    RecipientProblem.NO_BOOK: (
        "Er is nog geen adresboek op deze laptop. Zonder adresboek kennen we de sleutels van "
        "{executor} niet. Lees eerst het adresboek in bij Instellingen."
    ),
    RecipientProblem.NOT_IN_BOOK: (
        "{executor} staat niet in het adresboek. We kennen dus geen sleutel om het dossier voor te "
        "verzegelen. Vraag om het nieuwste adresboek."
    ),
    RecipientProblem.REVOKED: (
        "De sleutel van {executor} is ingetrokken: hij kan in verkeerde handen zijn. "
        "Verzegelen kan niet. Vraag om het nieuwste adresboek."
    ),
    RecipientProblem.EXPIRED: (
        "De sleutel van {executor} is vandaag niet geldig. Verzegelen kan niet. "
        "Vraag om het nieuwste adresboek."
    ),
    RecipientProblem.NO_ROLE: (
        "{executor} staat in het adresboek als organisatie die geen dossiers ontvangt. "
        "Vraag de projectleider of de routering klopt."
    ),
    RecipientProblem.OURSELVES: (
        "De ontvanger is je eigen organisatie. Dan hoeft het dossier nergens heen."
    ),
    RecipientProblem.NOT_CHECKED: (
        "Het controlegetal van {executor} is nog niet gecontroleerd. Bel op een nummer dat je al "
        "had, laat het getal voorlezen en typ het hier in."
    ),
}

_ROLES: dict[str, ReceiverRole] = {
    "azc": ReceiverRole.COA,
    "gemeente": ReceiverRole.GEMEENTE,
    "uitvoerder": ReceiverRole.UITVOERDER,
    "zorg": ReceiverRole.ZORGVERLENER,
}
"""Kind of organisation in the address book → column of the sharing table."""


@dataclass(frozen=True, slots=True)
class RecipientChoice:
    """As far as the way to a recipient is known; complete when `problem` is None."""

    koppeling: Koppeling | None = None
    rule: RoutingRule | None = None
    entry: Entry | None = None
    role: ReceiverRole | None = None
    check: FingerprintCheck | None = None
    problem: RecipientProblem | None = None

    @property
    def municipality(self) -> str:
        """Name of the municipality of the koppeling, '' without one."""
        return municipality_name(self.koppeling.municipality_code) if self.koppeling else ""

    @property
    def name(self) -> str:
        """Name of the organisation that receives, as far as it is known."""
        if self.entry is not None:
            return self.entry.name
        return self.rule.executor_name if self.rule else ""

    @property
    def fingerprint(self) -> str:
        """Control number of the recipient's keys, '' where there are none."""
        return self.entry.fingerprint if self.entry else ""

    @property
    def sentence(self) -> Sentence:
        """What is in the way and how to mend it, in Dutch; '' when nothing is."""
        if self.problem is None:
            return Sentence()
        return Sentence(
            _SENTENCES[self.problem],
            municipality=self.municipality,
            executor=self.name or Sentence("de ontvanger"),
        )


def recipient(vault: Vault, person_id: UUID, on: date) -> RecipientChoice:
    """Return who receives this person's dossier on that day, or what is in the way."""
    with vault.read("ontvanger bepalen") as records:
        return find(records, person_id, on, vault.info.organisation.organisation_id)


def find(records: Records, person_id: UUID, on: date, own_id: UUID) -> RecipientChoice:
    """Return the same from a snapshot that is open already."""
    koppeling = records.koppelingen.current(person_id)
    if koppeling is None:
        return RecipientChoice(problem=RecipientProblem.NO_KOPPELING)
    rule = executor_on(records.routing.all(), koppeling.municipality_code, on)
    if rule is None:
        return RecipientChoice(koppeling, problem=RecipientProblem.NO_RULE)
    if rule.executor_id == own_id:
        return RecipientChoice(koppeling, rule, problem=RecipientProblem.OURSELVES)
    book = current_book(records)
    if book is None:
        return RecipientChoice(koppeling, rule, problem=RecipientProblem.NO_BOOK)
    entry, problem = find_entry(book, rule.executor_id, on)
    if entry is None:
        return RecipientChoice(koppeling, rule, problem=problem)
    role = _ROLES.get(str(entry.kind))
    if role is None:
        return RecipientChoice(koppeling, rule, entry, problem=RecipientProblem.NO_ROLE)
    check = standing_check(records.address_book.fingerprint_checks(), entry)
    problem = None if check else RecipientProblem.NOT_CHECKED
    return RecipientChoice(koppeling, rule, entry, role, check, problem)


def current_book(records: Records) -> AddressBook | None:
    """Return the address book that was verified when it was taken in, or None."""
    from intake_app.handover.address_book import read_book

    raw = records.address_book.current()
    return None if raw is None else read_book(raw).book


def find_entry(
    book: AddressBook, organisation_id: UUID, on: date
) -> tuple[Entry | None, RecipientProblem | None]:
    """Return the entry whose keys may be used on that day, or why there is none."""
    entry = book.current(organisation_id, on)
    if entry is not None:
        return entry, None
    listed = [e for e in book.entries if e.organisation_id == organisation_id]
    if not listed:
        return None, RecipientProblem.NOT_IN_BOOK
    if any(str(e.status) == "revoked" for e in listed):
        return None, RecipientProblem.REVOKED
    return None, RecipientProblem.EXPIRED


def standing_check(checks: Iterable[FingerprintCheck], entry: Entry) -> FingerprintCheck | None:
    """Return the newest check of exactly these keys, or None: new keys need a new check."""
    from intake_app.crypto.fingerprint import same_fingerprint

    standing = [
        check
        for check in checks
        if check.organisation_id == entry.organisation_id
        and same_fingerprint(check.fingerprint, entry.fingerprint)
    ]
    return max(standing, key=lambda check: check.checked_at, default=None)
