"""What was agreed with others: address book, routing, consents; and the settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.handover import FingerprintCheck
from intake_app.domain.routing import RoutingRule
from intake_app.domain.sharing import Consent
from intake_app.vault.rows import (
    date_of,
    date_or_none,
    day,
    moment,
    moment_or_none,
    stamp,
    stamp_or_none,
)
from intake_app.vault.schema import (
    address_book,
    consent,
    fingerprint_check,
    pinned_root,
    routing_rule,
    setting,
)
from intake_app.vault.scope import Store, at_most, upsert

_BOOK: Final = select(address_book).order_by(address_book.c.serial.desc()).limit(at_most(1))
_ADD_BOOK: Final = insert(address_book)
_ROOTS: Final = select(pinned_root).order_by(pinned_root.c.position)
_CHECKS: Final = select(fingerprint_check).order_by(fingerprint_check.c.checked_at)
_ADD_CHECK: Final = upsert(fingerprint_check)
_RULES: Final = select(routing_rule).order_by(routing_rule.c.position)
_SAVE_CONSENT: Final = upsert(consent)
_CONSENTS: Final = (
    select(consent)
    .where(consent.c.person_id == bindparam("person_id"))
    .order_by(consent.c.given_at, consent.c.consent_id)
)
_SETTING: Final = select(setting.c.value).where(setting.c.name == bindparam("name"))
_SET: Final = upsert(setting)
_FORGET_SETTING: Final = delete(setting).where(setting.c.name == bindparam("name"))


class AddressBookStore(Store):
    """The signed address book as it came, the roots that are trusted, and who checked whom."""

    __slots__ = ()

    def current(self) -> bytes | None:
        """Return the raw file of the book with the highest serial, or None."""
        row = self._one(_BOOK)
        return None if row is None else row["raw"]

    def current_serial(self) -> int | None:
        """Return the highest serial there is, or None; a lower one is never taken again."""
        row = self._one(_BOOK)
        return None if row is None else row["serial"]

    def save(self, serial: int, raw: bytes, sha512: str) -> None:
        """Keep a book that was verified and accepted; earlier ones are kept too.

        The same book again changes nothing. Raises ReadOnlyError outside a transaction, ValueError
        for a serial that is not higher than the current one, or a hash (hex) that is not `raw`'s.
        """
        writing = self._scope.writer()
        if hashlib.sha512(raw).hexdigest() != sha512:
            raise ValueError("the hash is not that of the book")
        row = self._one(_BOOK)
        if row is not None and serial <= row["serial"]:
            if (serial, raw) == (row["serial"], row["raw"]):
                return
            raise ValueError("a book with this or a higher serial is already here")
        saved_at = stamp(writing.at)
        self._run(_ADD_BOOK, {"serial": serial, "sha512": sha512, "saved_at": saved_at, "raw": raw})
        self._changed("address_book", None, None)

    def pinned_roots(self) -> tuple[str, ...]:
        """Return the public keys whose signatures make a book valid, in their order."""
        return tuple(row["public"] for row in self._all(_ROOTS))

    def pin(self, roots: Iterable[str]) -> None:
        """Trust exactly these roots from now on. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        self._run(delete(pinned_root))
        rows = [{"position": at, "public": public} for at, public in enumerate(roots)]
        if rows:
            self._run(insert(pinned_root), rows)
        self._changed("address_book", None, None)

    def fingerprint_checks(self) -> tuple[FingerprintCheck, ...]:
        """Return who checked whose control number, oldest first."""
        return tuple(
            FingerprintCheck(
                organisation_id=UUID(row["organisation_id"]),
                fingerprint=row["fingerprint"],
                checked_by=UUID(row["checked_by"]),
                checked_by_name=row["checked_by_name"],
                checked_at=moment(row["checked_at"]),
            )
            for row in self._all(_CHECKS)
        )

    def save_check(self, check: FingerprintCheck) -> None:
        """Keep that a control number was checked. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        row = {
            "organisation_id": str(check.organisation_id),
            "fingerprint": check.fingerprint,
            "checked_by": str(check.checked_by),
            "checked_by_name": check.checked_by_name,
            "checked_at": stamp(check.checked_at),
        }
        self._run(_ADD_CHECK, row)
        self._changed("address_book", check.organisation_id, None)


class Routing(Store):
    """Who executes for which municipality."""

    __slots__ = ()

    def all(self) -> tuple[RoutingRule, ...]:
        """Return the rules in the order in which they were saved."""
        return tuple(
            RoutingRule(
                municipality_code=row["municipality_code"],
                executor_id=UUID(row["executor_id"]),
                executor_name=row["executor_name"],
                valid_from=date_of(row["valid_from"]),
                valid_until=date_or_none(row["valid_until"]),
            )
            for row in self._all(_RULES)
        )

    def save_all(self, rules: Iterable[RoutingRule]) -> None:
        """Replace the whole table. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        self._run(delete(routing_rule))
        rows = [
            {
                "position": at,
                "municipality_code": rule.municipality_code,
                "executor_id": str(rule.executor_id),
                "executor_name": rule.executor_name,
                "valid_from": rule.valid_from.isoformat(),
                "valid_until": day(rule.valid_until),
            }
            for at, rule in enumerate(rules)
        ]
        if rows:
            self._run(insert(routing_rule), rows)
        self._changed("routing", None, None)


class Consents(Store):
    """What clients consented to, and withdrew."""

    __slots__ = ()

    def of_person(self, person_id: UUID) -> tuple[Consent, ...]:
        """Return the consents of the person, withdrawn ones too, oldest first."""
        self._saw(person_id)
        return tuple(
            Consent(
                consent_id=UUID(row["consent_id"]),
                person_id=UUID(row["person_id"]),
                category=row["category"],
                role=ReceiverRole(row["role"]),
                given_at=moment(row["given_at"]),
                language=row["language"],
                with_interpreter=bool(row["with_interpreter"]),
                withdrawn_at=moment_or_none(row["withdrawn_at"]),
            )
            for row in self._all(_CONSENTS, {"person_id": str(person_id)})
        )

    def save(self, saved: Consent) -> None:
        """Insert or replace the consent. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        row = {
            "consent_id": str(saved.consent_id),
            "person_id": str(saved.person_id),
            "category": saved.category,
            "role": saved.role.value,
            "given_at": stamp(saved.given_at),
            "language": saved.language,
            "with_interpreter": int(saved.with_interpreter),
            "withdrawn_at": stamp_or_none(saved.withdrawn_at),
        }
        self._run(_SAVE_CONSENT, {**row, **writing.marks})
        self._changed("consent", saved.consent_id, saved.person_id)


class Settings(Store):
    """Small facts the program keeps for its user, by name."""

    __slots__ = ()

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the value of a setting, `default` where it was never set."""
        row = self._one(_SETTING, {"name": name})
        return default if row is None else row["value"]

    def set(self, name: str, value: str) -> None:
        """Keep a setting. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        self._run(_SET, {"name": name, "value": value})
        self._changed("setting", None, None)

    def forget(self, name: str) -> None:
        """Forget a setting, if it was ever set. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        self._run(_FORGET_SETTING, {"name": name})
        self._changed("setting", None, None)
