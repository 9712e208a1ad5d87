"""What the vault itself hands out, beside the dataclasses of the domain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from intake_app.domain.actor import Organisation, UserRole


@dataclass(frozen=True, slots=True)
class VaultPublicInfo:
    """What can be known of a vault before it is unlocked: no names."""

    vault_id: UUID
    practice: bool


@dataclass(frozen=True, slots=True)
class VaultInfo:
    """The vault and the organisation it belongs to."""

    vault_id: UUID
    organisation: Organisation
    practice: bool


@dataclass(frozen=True, slots=True)
class VaultUser:
    """The user whose passphrase opened the vault."""

    user_id: UUID
    name: str
    roles: tuple[UserRole, ...]


@dataclass(frozen=True, slots=True)
class UserAccess:
    """Somebody who may open the vault, or could once."""

    user_id: UUID
    name: str
    roles: tuple[UserRole, ...]
    """The roles that count now; () for somebody who left."""
    added_at: datetime
    left_at: datetime | None
    waiting: bool
    """True when new keys or roles wait for the user's next unlock."""


@dataclass(frozen=True, slots=True)
class RecoveryUser:
    """Somebody who can get a new passphrase with two recovery cards."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RecoveryUse:
    """A use of the recovery cards, shown to every user at the next unlock."""

    use_id: UUID
    at: datetime
    user_id: UUID
    user_name: str
    """Who got a new passphrase, or who opened the vault."""
    kind: str = "herstelkaarten"
    """'herstelkaarten'; 'ouder sleutelbestand' when an older key file was taken on purpose;
    'medische sleutel kwijt' when recovery gave up the last medical key; 'medische sleutel
    vervangen' when a foreign one stood in its place, and this user's was put back."""


@dataclass(frozen=True, slots=True)
class RecoveryCard:
    """One of three cards, of which any two open the vault; the words are secret."""

    number: int
    words: tuple[str, ...] = field(repr=False)
    """33 words of SLIP-39."""
    label: str
    """The name of the organisation."""
    check: str
    """The control number of this set of cards: the same on all three."""
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """How it stands with the recovery cards."""

    has_cards: bool
    """True when two cards of a set in force open the vault."""
    proposed: bool
    """True when a set was made and not tried yet."""
    made_at: datetime | None
    """When the set in force was made, or the proposed one where none is in force."""
    tried_at: datetime | None
    last_use: datetime | None
    complete: bool = True
    """False as long as the medical key is not on the cards: it comes there at the next unlock of
    somebody with the medical role."""


@dataclass(frozen=True, slots=True)
class OrganisationKeys:
    """The organisation's keys. Identities and seed are secret and never printed."""

    age_identities: tuple[str, ...] = field(repr=False)
    """Newest first; older ones open files made for an earlier key card."""
    age_recipient: str
    signing_seed: bytes = field(repr=False)
    sign_public: str


@dataclass(frozen=True, slots=True)
class VaultEvent:
    """Something of this kind was committed; listeners read again what they show.

    `kind` is the name of the store's row: person, household, koppeling, stay, event, interview,
    answer, repeat, form, plan, activity, handover, receipt, inbox, outbox, arrival, address_book,
    routing, consent, setting, user, recovery; `organisation` when another vault joined or this one
    did; `keys` when the key file was changed; or `space` when the disk ran full and the reserve was
    given up. For an answer or a repeat, `id` is the
    interview's; for an arrival, the handover's as its sender numbers it.
    """

    kind: str
    id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the audit chain; `body` is canonical JSON with NEN 7513 names."""

    seq: int
    at: datetime
    body: str
    hash: str


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Overwritten(Generic[T]):
    """An earlier value, with who replaced it and when."""

    value: T
    replaced_at: datetime
    replaced_by: UUID
