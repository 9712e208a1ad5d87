"""Two organisations that know each other: a team in an AZC and a receiving municipality.

chain = make_chain(tmp_path)
chain.azc, chain.town    # open vaults, both with the address book; the sender with routing too
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from support.vaults import START, actor_of, environment, prepared_vault

from intake_app.crypto.sshsig import SigningKey
from intake_app.domain.actor import Profile
from intake_app.domain.handover import FingerprintCheck
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import (
    AzcStay,
    Gender,
    Household,
    HouseholdMember,
    Koppeling,
    Literacy,
    Person,
    PersonLanguage,
    Relation,
)
from intake_app.domain.plan import Activity, ActivityKind
from intake_app.domain.routing import RoutingRule
from intake_app.handover.address_book import ACTIVE, AddressBook, Entry, sign_book
from intake_app.vault import Vault

ROOTS = tuple(SigningKey(bytes([number]) * 32) for number in (201, 202, 203))
ZEIST = "0355"
PERSON = Person(
    person_id=UUID(int=11),
    v_number="0012345678",
    family_name="Tesfay",
    given_names="Amanuel",
    call_name="Aman",
    name_in_own_script="ኣማኑኤል ተስፋይ",
    bsn="123456782",
    birth_date=PartialDate(1994, 3),
    gender=Gender.MAN,
    birth_country="6020",
    nationalities=("0084",),
    contact_language="ti",
    languages=(PersonLanguage("tir", is_mother_tongue=True),),
    literacy=Literacy.ANDERS,
    interpreter_needed=True,
    phone="0600000000",
    no_azc_intake_reason="te_laat_gekoppeld",
)


def entry_of(vault: Vault, kind: str, *, status: str = ACTIVE, until: date | None = None) -> Entry:
    """Return the address book entry of a vault's organisation."""
    keys, organisation = vault.organisation_keys(), vault.info.organisation
    return Entry(
        organisation_id=organisation.organisation_id,
        name=organisation.name,
        kind=kind,
        municipality_codes=organisation.municipality_codes,
        age_recipient=keys.age_recipient,
        sign_public=keys.sign_public,
        box="",
        status=status,
        from_date=START.date() - timedelta(days=30),
        until_date=until,
    )


def save_book(vault: Vault, *entries: Entry, serial: int = 1) -> None:
    """Put an address book with these entries into a vault as if it had been accepted."""
    book = AddressBook(
        serial=serial,
        issued=START - timedelta(days=1),
        expires=START + timedelta(days=300),
        prev="",
        roots=tuple(root.public for root in ROOTS),
        threshold=2,
        entries=entries,
    )
    raw = sign_book(book, ROOTS[:2])
    with vault.transaction(actor_of(vault), "adresboek inlezen") as tx:
        tx.address_book.save(serial, raw, hashlib.sha512(raw).hexdigest())


def check_number(vault: Vault, entry: Entry) -> None:
    """Record that the control number of an entry was read back."""
    with vault.transaction(actor_of(vault), "controlegetal controleren") as tx:
        tx.address_book.save_check(
            FingerprintCheck(
                organisation_id=entry.organisation_id,
                fingerprint=entry.fingerprint,
                checked_by=vault.user.user_id,
                checked_by_name=vault.user.name,
                checked_at=vault.env.now(),
            )
        )


def route(vault: Vault, *executors: Vault, code: str = ZEIST) -> None:
    """Make each executor in turn responsible for a municipality."""
    with vault.transaction(actor_of(vault), "routering inlezen") as tx:
        tx.routing.save_all(
            RoutingRule(
                municipality_code=code,
                executor_id=each.info.organisation.organisation_id,
                executor_name=each.info.organisation.name,
                valid_from=date(2026, 1, 1),
            )
            for each in executors
        )


def add_person(vault: Vault, person: Person = PERSON, *, code: str = ZEIST) -> Person:
    """Register somebody with household, koppeling, stay and something done already."""
    number = person.person_id.int
    with vault.transaction(actor_of(vault), "registreren") as tx:
        tx.persons.save(person)
        tx.households.save(
            Household(
                UUID(int=number + 1000),
                (
                    HouseholdMember("Aman", Relation.ZELF, person_id=person.person_id),
                    HouseholdMember("Sara", Relation.PARTNER, in_netherlands=False),
                ),
                expected_persons=1,
            )
        )
        if code:
            tx.koppelingen.save(
                Koppeling(UUID(int=number + 2000), person.person_id, code, date(2026, 2, 2))
            )
        tx.stays.save(AzcStay(UUID(int=number + 3000), person.person_id, "AZC Voorbeeld", "B12"))
        tx.activities.save(
            Activity(
                UUID(int=number + 4000), person.person_id, ActivityKind.TAALLES, "COA",
                amount="84 van 121 uur",
            )
        )  # fmt: skip
    return person


@dataclass(frozen=True)
class Chain:
    """The two vaults, and folders outside them for what travels."""

    azc: Vault
    town: Vault
    stick: Path

    def close(self) -> None:
        self.azc.close()
        self.town.close()


def make_chain(tmp_path: Path, *, town_kind: str = "uitvoerder") -> Chain:
    """Return two vaults that know each other, the recipient's number checked."""
    azc = prepared_vault(tmp_path / "azc", env=environment(11))
    later = environment(12, START + timedelta(hours=4))
    town = prepared_vault(tmp_path / "gemeente", profile=Profile.ONTVANGST, env=later)
    entries = (entry_of(azc, "azc"), entry_of(town, town_kind))
    for vault in (azc, town):
        save_book(vault, *entries)
    route(azc, town)
    check_number(azc, entries[1])
    stick = tmp_path / "stick"
    stick.mkdir()
    return Chain(azc, town, stick)


def revoked(entry: Entry) -> Entry:
    """Return the entry with its keys withdrawn."""
    return replace(entry, status="revoked")
