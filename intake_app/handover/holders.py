"""Which users and laptops an organisation vouches for: a list signed by its own key.

The address book certifies organisations; what happens inside one is its own affair and needs no
region. The list names nobody: users and laptops are identifiers with a signing key. A lost laptop
is revoked by the next list, without new keys for the organisation. Lists only go forward: a laptop
that has seen one number never takes a lower one.

Who seals with a key of its own puts the list into the file, in its canonical form, with the
organisation's signature beside it: the receiver finds there who vouches for the seal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from intake_app.crypto import sshsig
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)
from intake_app.handover import limits
from intake_app.handover.address_book import ACTIVE, CLOCK_SLACK, REVOKED, Entry
from intake_app.handover.codec import parse_date, parse_time, time_text
from intake_app.handover.manifest import Unreadable, check_format, sign_key, take, uuid, whole
from intake_app.sentences import Told

FORMAT: Final = "doorgaande-lijn-houders"
VERSION: Final = 1
NAMESPACE: Final = "doorgaande-lijn-houders-v1"
STATEMENT: Final = "doorgaande-lijn-verklaring-v1"
KINDS: Final = ("gebruiker", "laptop")


class ListRefusal(StrEnum):
    """Why a list of holders is not accepted."""

    UNREADABLE = "unreadable"
    UNKNOWN_VERSION = "unknown_version"
    OTHER_ORGANISATION = "other_organisation"
    SIGNATURE_BROKEN = "signature_broken"
    ROLLBACK = "rollback"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"


SENTENCES: Final[dict[ListRefusal, str]] = {
    ListRefusal.UNREADABLE: (
        "Dit bestand is geen lijst van gebruikers en laptops of het is beschadigd. Er is niets "
        "veranderd. Vraag de organisatie om het bestand opnieuw."
    ),
    ListRefusal.UNKNOWN_VERSION: (
        "Deze lijst is gemaakt met een nieuwere versie van het programma. Er is niets veranderd. "
        "Zet eerst de nieuwste versie op deze laptop."
    ),
    ListRefusal.OTHER_ORGANISATION: (
        "Deze lijst is van een andere organisatie. Er is niets veranderd. Kies de goede lijst."
    ),
    ListRefusal.SIGNATURE_BROKEN: (
        "Deze lijst is niet ondertekend met de sleutel van de organisatie. Zij kan vals zijn. Er "
        "is niets veranderd. Bel de organisatie."
    ),
    ListRefusal.ROLLBACK: (
        "Deze lijst is ouder dan de lijst die je al hebt, of anders met hetzelfde nummer. Je "
        "houdt de lijst die je had. Vraag om de nieuwste."
    ),
    ListRefusal.EXPIRED: (
        "De geldigheid van deze lijst is voorbij. Er is niets veranderd. Vraag de organisatie om "
        "een nieuwe lijst."
    ),
    ListRefusal.FROM_THE_FUTURE: (
        "Deze lijst is gemaakt op een dag die nog moet komen. Er is niets veranderd. Kijk of de "
        "klok van deze laptop goed staat."
    ),
}


class ListRefused(Told):
    """A list is not accepted; `reason` says why, `str()` says it in Dutch."""

    def __init__(self, reason: ListRefusal) -> None:
        """Refuse for `reason`."""
        super().__init__(SENTENCES[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Holder:
    """A user or laptop with its signing key; `until_date` is the first day it no longer holds."""

    holder_id: UUID
    kind: str
    sign_public: str
    status: str
    from_date: date
    until_date: date | None = None

    def counts_on(self, day: date) -> bool:
        """Tell whether what it signed on that day counts; never once it is revoked."""
        begun = self.status == ACTIVE and self.from_date <= day
        return begun and (self.until_date is None or day < self.until_date)

    def plain(self) -> dict[str, Any]:
        """Return the holder as it stands in the list."""
        return {
            "id": str(self.holder_id),
            "kind": self.kind,
            "sign": self.sign_public,
            "status": self.status,
            "from": self.from_date.isoformat(),
            "until": self.until_date.isoformat() if self.until_date else None,
        }


@dataclass(frozen=True, slots=True)
class HolderList:
    """Everybody an organisation vouches for, or does no longer."""

    organisation_id: UUID
    serial: int
    issued: datetime
    expires: datetime
    holders: tuple[Holder, ...]

    def counts_at(self, at: datetime) -> bool:
        """Tell whether the list held at `at`; two days of difference in clocks are allowed."""
        return self.issued - CLOCK_SLACK <= at < self.expires + CLOCK_SLACK

    def by_key(self, sign_public: str) -> Holder | None:
        """Return the holder with this key, whatever its status."""
        return next((each for each in self.holders if each.sign_public == sign_public), None)

    def plain(self) -> dict[str, Any]:
        """Return the list as it is signed."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "organisation": str(self.organisation_id),
            "serial": self.serial,
            "issued": time_text(self.issued),
            "expires": time_text(self.expires),
            "holders": [holder.plain() for holder in self.holders],
        }


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list with the organisation's armored signature; `speaks_for` verifies it."""

    holders: HolderList
    signature: str

    @property
    def text(self) -> bytes:
        """The canonical bytes that are signed, as they lie in a sealed file."""
        return canonical_json(self.holders.plain())

    @property
    def file(self) -> bytes:
        """The list as a file of its own, for `accept_list`."""
        return readable_json({"list": self.holders.plain(), "signature": self.signature})

    def speaks_for(self, organisation_id: UUID, sign_public: str) -> bool:
        """Tell whether it is the list of that organisation, under its own signature."""
        if self.holders.organisation_id != organisation_id:
            return False
        try:
            sshsig.verify(sign_public, NAMESPACE, self.text, self.signature)
        except SignatureError:
            return False
        return True


def signed_list(holders: HolderList, organisation: SigningKey) -> SignedList:
    """Return the list signed; raises ListRefused(UNREADABLE) for one that nobody would read."""
    text = canonical_json(holders.plain())
    return read_parts(text, sshsig.sign(organisation, NAMESPACE, text).encode())


def sign_list(holders: HolderList, organisation: SigningKey) -> bytes:
    """Return the file; what is returned has been read back. Raises ListRefused(UNREADABLE)."""
    return signed_list(holders, organisation).file


def read_file(data: bytes) -> SignedList:
    """Return the list in a file, strictly parsed and not verified. Raises ListRefused."""
    try:
        plain = strict_json(data, max_bytes=limits.ADDRESS_BOOK, max_depth=6)
        body, signature = take(plain, "list signature")
        if not isinstance(signature, str):
            raise Unreadable
    except (JsonRefusedError, Unreadable):
        raise ListRefused(ListRefusal.UNREADABLE) from None
    return SignedList(_list(body), signature)


def read_parts(text: bytes, armored: bytes) -> SignedList:
    """Return the list as it lies in a sealed file, not verified. Raises ListRefused.

    `text` is taken only in its one canonical form: what is signed is what was read.
    """
    try:
        plain = strict_json(text, max_bytes=limits.TAG_FILE, max_depth=6)
        made = SignedList(_list(plain), armored.decode("ascii"))
    except (JsonRefusedError, UnicodeDecodeError):
        raise ListRefused(ListRefusal.UNREADABLE) from None
    if made.text != text:
        raise ListRefused(ListRefusal.UNREADABLE)
    return made


def accept_list(
    current: HolderList | None, data: bytes, organisation: Entry, now: datetime
) -> HolderList:
    """Return the list in a file if it may take the place of `current`.

    `organisation` is the entry of the address book; a revoked one vouches for nobody. The same
    list again is fine. Raises ListRefused.
    """
    signed = read_file(data)
    found = signed.holders
    if found.organisation_id != organisation.organisation_id:
        raise ListRefused(ListRefusal.OTHER_ORGANISATION)
    if organisation.status == REVOKED or not signed.speaks_for(
        organisation.organisation_id, organisation.sign_public
    ):
        raise ListRefused(ListRefusal.SIGNATURE_BROKEN)
    if current is not None and found != current and found.serial <= current.serial:
        raise ListRefused(ListRefusal.ROLLBACK)
    if now >= found.expires:
        raise ListRefused(ListRefusal.EXPIRED)
    if found.issued > now + CLOCK_SLACK:
        raise ListRefused(ListRefusal.FROM_THE_FUTURE)
    return found


def _list(body: Any) -> HolderList:
    try:
        fields = check_format(body, FORMAT, VERSION)
        names = "organisation serial issued expires holders"
        organisation, serial, issued, expires, holders = take(fields, names)
        if not isinstance(holders, list) or len(holders) > limits.ENTRIES:
            raise Unreadable
        found = HolderList(
            organisation_id=uuid(organisation),
            serial=whole(serial, 1),
            issued=parse_time(issued),
            expires=parse_time(expires),
            holders=tuple(map(_holder, holders)),
        )
    except Unreadable as error:
        newer = ListRefusal.UNKNOWN_VERSION
        raise ListRefused(newer if error.newer else ListRefusal.UNREADABLE) from None
    except ValueError:
        raise ListRefused(ListRefusal.UNREADABLE) from None
    if len({holder.sign_public for holder in found.holders}) != len(found.holders):
        raise ListRefused(ListRefusal.UNREADABLE)
    return found


def _holder(plain: Any) -> Holder:
    holder_id, kind, sign, status, begin, end = take(plain, "id kind sign status from until")
    if kind not in KINDS or status not in {ACTIVE, REVOKED}:
        raise Unreadable
    until = None if end is None else parse_date(end)
    return Holder(uuid(holder_id), kind, sign_key(sign), status, parse_date(begin), until)


def declare(key: SigningKey, file: bytes) -> str:
    """Return a holder's signature that it made `file`, to lie beside that file."""
    return sshsig.sign(key, STATEMENT, _about(file))


def made_by(
    holders: HolderList, file: bytes, armored: Sequence[str], on: date
) -> tuple[Holder, ...]:
    """Return the holders whose declarations about `file` count on that day; broken ones do not."""
    found: list[Holder] = []
    for holder in holders.holders:
        for each in armored:
            try:
                sshsig.verify(holder.sign_public, STATEMENT, _about(file), each)
            except SignatureError:
                continue
            if holder.counts_on(on) and holder not in found:
                found.append(holder)
    return tuple(found)


def _about(file: bytes) -> bytes:
    return hashlib.sha512(file).hexdigest().encode()
