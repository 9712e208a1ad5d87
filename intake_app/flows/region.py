"""The region's address book: drafted here, signed by two people from two sticks, published.

A draft says what changes since the book in force. Each change takes away the signatures that were
there: they were for other words. When enough people signed, publishing writes the file for
everybody and makes it the book of this vault too; the rules are those of who will read it in.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.crypto.fingerprint import fingerprint, same_fingerprint
from intake_app.domain.handover import FingerprintCheck
from intake_app.flows.acting import actor_of
from intake_app.flows.address_book import CheckRefused, routing_of
from intake_app.flows.recipient import current_book
from intake_app.flows.root_keys import RootRefused, open_root, read_public
from intake_app.handover import address_book as book_format
from intake_app.handover import book_edit, limits
from intake_app.handover.address_book import (
    LEAST_SIGNATURES,
    MAX_ROOTS,
    AddressBook,
    BookRefusal,
    BookRefused,
    Entry,
    SignedBook,
)
from intake_app.handover.book_changes import Change, changes
from intake_app.handover.book_edit import Missing
from intake_app.handover.key_card import KeyCard, read_key_card
from intake_app.handover.safe_file import new_file
from intake_app.sentences import Told

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction

_DRAFT: Final = "regio.concept"
_ROOTS: Final = "regio.ondertekenaars"
_NAMES: Final = "regio.namen"
TERM: Final = timedelta(days=365)
SOON: Final = timedelta(days=30)
"""A book with less than this left is said to end soon."""


class RegionRefused(Told):
    """The draft cannot be changed or published like that; str() is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who may sign: a key with the name of the file it came from, and the control number.

    `of_previous` tells that the key counts as one of the book in force, `of_draft` of the next.
    """

    public: str
    name: str
    has_signed: bool
    of_previous: bool
    of_draft: bool

    @property
    def number(self) -> str:
        """The control number of this key alone."""
        return fingerprint(self.public)


@dataclass(frozen=True, slots=True)
class RegionView:
    """The book in force, the draft, and what is still needed."""

    book: AddressBook | None
    draft: AddressBook | None
    changes: tuple[Change, ...]
    signers: tuple[Signer, ...]
    missing: Missing | None
    days_left: int | None
    """Whole days until the book in force ends; negative when it has ended."""

    @property
    def is_complete(self) -> bool:
        """Whether enough people signed the draft."""
        return self.missing == Missing(0, 0)

    @property
    def still_needed(self) -> int:
        """How many people still have to sign at the least."""
        return max(self.missing.of_own, self.missing.of_previous) if self.missing else 0

    @property
    def shown(self) -> AddressBook | None:
        """The book whose organisations are shown: the draft where there is one."""
        return self.draft if self.draft is not None else self.book


def view(vault: Vault) -> RegionView:
    """Return how the region's address book stands."""
    with vault.read() as records:
        book, signed = current_book(records), _draft(records)
        waiting, names = _list(records, _ROOTS), _names(records)
    draft = signed.book if signed is not None else None
    previous = book.roots if book is not None else ()
    coming = draft.roots if draft is not None else waiting or previous
    signers = tuple(
        Signer(
            public=public,
            name=names.get(public, ""),
            has_signed=signed is not None and book_format.signatures_of(signed, (public,)) == 1,
            of_previous=public in previous,
            of_draft=public in coming,
        )
        for public in dict.fromkeys((*coming, *(previous if draft is not None else ())))
    )
    return RegionView(
        book=book,
        draft=draft,
        changes=changes(book, draft) if draft is not None else (),
        signers=signers,
        missing=book_edit.missing(signed, book) if signed is not None else None,
        days_left=(book.expires - vault.env.now()).days if book is not None else None,
    )


# ---- who signs ---------------------------------------------------------------------------------


def add_signer(vault: Vault, path: Path) -> str:
    """Let the key whose public half is in `path` sign; return the public key.

    Before there is a draft it waits for the first one. Raises RootRefused, RegionRefused.
    """
    public = read_public(path)
    with vault.transaction(actor_of(vault), "ondertekenaar toevoegen") as tx:
        signed = _draft(tx)
        roots = signed.book.roots if signed is not None else _list(tx, _ROOTS)
        if public in roots:
            raise RegionRefused("Deze sleutel staat al bij de ondertekenaars.")
        if len(roots) == MAX_ROOTS:
            raise RegionRefused("Meer dan {most} ondertekenaars kan niet.", most=MAX_ROOTS)
        tx.settings.set(_NAMES, json.dumps({**_names(tx), public: _name(path)}))
        _set_roots(vault, tx, (*roots, public))
    return public


def drop_signer(vault: Vault, public: str) -> None:
    """Let a key sign no longer. Raises RegionRefused when fewer than two would be left."""
    with vault.transaction(actor_of(vault), "ondertekenaar weghalen") as tx:
        signed = _draft(tx)
        roots = signed.book.roots if signed is not None else _list(tx, _ROOTS)
        left = tuple(root for root in roots if root != public)
        if signed is not None and len(left) < LEAST_SIGNATURES:
            raise RegionRefused(
                "Er zijn minstens twee ondertekenaars nodig. Voeg eerst een andere sleutel toe."
            )
        _set_roots(vault, tx, left)


def _set_roots(vault: Vault, tx: Transaction, roots: tuple[str, ...]) -> None:
    signed = _draft(tx)
    if signed is None:
        tx.settings.set(_ROOTS, json.dumps(roots))
    else:
        _keep(vault, tx, book_edit.with_roots(signed.book, roots, LEAST_SIGNATURES))


# ---- the draft ---------------------------------------------------------------------------------


def begin(vault: Vault) -> AddressBook:
    """Begin the first book or the one after the book in force; return the draft.

    Raises RegionRefused when there is one already, or fewer than two keys for the first.
    """
    with vault.transaction(actor_of(vault), "adresboek beginnen") as tx:
        if _draft(tx) is not None:
            raise RegionRefused("Er is al een concept. Maak dat af of gooi het weg.")
        now, book = vault.env.now().replace(microsecond=0), current_book(tx)
        if book is not None:
            draft = book_edit.next_book(book, issued=now, expires=now + TERM)
        else:
            roots = _list(tx, _ROOTS)
            if len(roots) < LEAST_SIGNATURES:
                raise RegionRefused(
                    "Een adresboek heeft minstens twee ondertekenaars nodig, elk met een eigen "
                    "sleutel. Voeg eerst hun sleutels toe."
                )
            draft = book_edit.first_book(
                roots, threshold=LEAST_SIGNATURES, issued=now, expires=now + TERM
            )
        tx.settings.set(_DRAFT, book_edit.unsigned(draft).decode())
    return draft


def discard(vault: Vault) -> None:
    """Throw the draft away; the book in force stays."""
    with vault.transaction(actor_of(vault), "concept van adresboek weggooien") as tx:
        tx.settings.set(_DRAFT, "")


def read_card(path: Path) -> KeyCard:
    """Return the key card in a file, to say whose it is before its number is typed.

    Raises `handover.errors.Refusal`.
    """
    try:
        with path.open("rb") as file:
            return read_key_card(file.read(limits.KEY_CARD + 1))
    except OSError:
        from intake_app.handover.errors import Refusal, RefusalReason

        raise Refusal(RefusalReason.UNREADABLE_FILE) from None


def add_card(vault: Vault, card: KeyCard, typed_number: str) -> AddressBook:
    """Put the organisation of a card into the draft; return the draft.

    `typed_number` is what somebody of the organisation read out: the region certifies no key by
    its file alone. Who checked it and when is kept. Raises CheckRefused, RegionRefused.
    """
    if not same_fingerprint(typed_number, card.fingerprint):
        raise CheckRefused(
            "Dit controlegetal hoort niet bij deze sleutelkaart. Er is niets toegevoegd. Laat het "
            "getal opnieuw voorlezen op een nummer dat je al had."
        )
    with vault.transaction(actor_of(vault), "sleutelkaart toevoegen") as tx:
        book = _needed(tx).book
        if book.by_signer(card.sign_public) is not None:
            raise RegionRefused("Deze sleutels staan al in het adresboek.")
        same_key = any(entry.age_recipient == card.age_recipient for entry in book.entries)
        if same_key or len(book.entries) >= limits.ENTRIES:
            raise RegionRefused("Deze kaart past niet in het adresboek. Vraag om een nieuwe kaart.")
        draft = _keep(vault, tx, book_edit.with_card(book, card))
        tx.address_book.save_check(
            FingerprintCheck(
                organisation_id=card.organisation_id,
                fingerprint=card.fingerprint,
                checked_by=vault.user.user_id,
                checked_by_name=vault.user.name,
                checked_at=vault.env.now(),
            )
        )
    return draft


def retire(vault: Vault, entry: Entry) -> AddressBook:
    """End these keys today; what they signed before stays readable. Raises RegionRefused."""
    return _change(vault, entry, "sleutels beëindigen", book_edit.retired)


def revoke(vault: Vault, entry: Entry) -> AddressBook:
    """Withdraw these keys for ever: they may be in wrong hands. Raises RegionRefused."""
    return _change(vault, entry, "sleutels intrekken", book_edit.revoked)


def _change(vault: Vault, entry: Entry, purpose: str, edit: book_edit.Edit) -> AddressBook:
    with vault.transaction(actor_of(vault), purpose) as tx:
        book = _needed(tx).book
        if book.by_signer(entry.sign_public) is None:
            raise RegionRefused("Deze sleutels staan niet in het concept.")
        return _keep(vault, tx, edit(book, entry.sign_public))


def set_term(vault: Vault, days: int) -> AddressBook:
    """Let the draft hold for so many days from now. Raises RegionRefused."""
    with vault.transaction(actor_of(vault), "geldigheid van adresboek kiezen") as tx:
        book = _needed(tx).book
        return _keep(vault, tx, replace(book, expires=book.issued + timedelta(days=days)))


# ---- signing and publishing --------------------------------------------------------------------


def sign(vault: Vault, key_file: Path, passphrase: str) -> RegionView:
    """Sign the draft with the key on somebody's stick; return how it stands then.

    The first signature fixes the day of the book: today. Takes about a second of key derivation.
    Raises RootRefused for a file or passphrase that does not open or a key that may not sign,
    RegionRefused without a draft.
    """
    key = open_root(key_file, passphrase)
    with vault.transaction(actor_of(vault), "adresboek ondertekenen") as tx:
        signed = _needed(tx)
        book = current_book(tx)
        may = {*signed.book.roots, *(book.roots if book is not None else ())}
        if key.public not in may:
            raise RootRefused(
                "Deze sleutel hoort niet bij de ondertekenaars van dit adresboek. Er is niets "
                "ondertekend. Kies de sleutel van een van de ondertekenaars."
            )
        if not signed.signatures:
            signed = SignedBook(_dated(vault, signed.book), ())
        made = book_edit.add_signature(_file(signed), key)
        tx.settings.set(_DRAFT, made.decode())
    return view(vault)


def save_draft(vault: Vault, target: Path) -> None:
    """Write the draft with its signatures to a new file, for a signer who is elsewhere.

    Raises `handover.errors.SealError`, RegionRefused without a draft.
    """
    with vault.read() as records:
        signed = _needed(records)
    with new_file(target, vault.env.random) as out:
        out.write(_file(signed))


def read_draft(vault: Vault, path: Path) -> RegionView:
    """Take in a draft from elsewhere: its signatures where it is ours, else the draft itself.

    Raises BookRefused for a file that is no book or does not follow on the book in force, and
    RegionRefused when there is another draft here already.
    """
    found = book_format.read_book(_read(path))
    with vault.transaction(actor_of(vault), "concept van adresboek inlezen") as tx:
        book_edit.missing(found, current_book(tx))
        ours = _draft(tx)
        if ours is not None:
            if not _same(ours, found.book):
                raise RegionRefused(
                    "Dit is een ander concept dan het concept hier. Er is niets veranderd. Gooi "
                    "eerst het concept weg dat je niet meer wilt."
                )
            both = tuple(dict.fromkeys((*ours.signatures, *found.signatures)))
            found = SignedBook(found.book, both)
        tx.settings.set(_DRAFT, _file(_honest(found, current_book(tx))).decode())
    return view(vault)


def publish(vault: Vault, target: Path) -> AddressBook:
    """Write the signed book for everybody, make it the book of this vault, and end the draft.

    It has to pass what every reader of it demands. Raises RegionRefused when signatures are
    missing, BookRefused, `handover.errors.SealError`; the draft stays then.
    """
    with vault.read() as records:
        signed, current = _needed(records), current_book(records)
    if book_edit.missing(signed, current) != Missing(0, 0):
        raise RegionRefused("Er zijn nog niet genoeg handtekeningen. Er is niets opgeslagen.")
    pinned = current.roots if current is not None else signed.book.roots
    book = book_format.accept(current, signed, vault.env.now(), pinned)
    raw = _file(signed)
    with new_file(target, vault.env.random) as out:
        out.write(raw)
    with vault.transaction(actor_of(vault), "adresboek vaststellen") as tx:
        tx.address_book.pin(book.roots)
        tx.address_book.save(book.serial, raw, hashlib.sha512(raw).hexdigest())
        tx.routing.save_all(routing_of(book, tx.routing.all()))
        tx.settings.set(_DRAFT, "")
        tx.settings.set(_ROOTS, "[]")
    return book


def save_again(vault: Vault, target: Path) -> None:
    """Write the book in force once more. Raises `handover.errors.SealError`, RegionRefused."""
    with vault.read() as records:
        raw = records.address_book.current()
    if raw is None:
        raise RegionRefused("Er is nog geen adresboek.")
    with new_file(target, vault.env.random) as out:
        out.write(raw)


# ---- how it is kept ----------------------------------------------------------------------------


def _draft(records: Records) -> SignedBook | None:
    text = records.settings.get(_DRAFT)
    return book_format.read_book(text.encode()) if text else None


def _needed(records: Records) -> SignedBook:
    signed = _draft(records)
    if signed is None:
        raise RegionRefused("Er is geen concept. Begin eerst met een nieuw adresboek.")
    return signed


def _keep(vault: Vault, tx: Transaction, book: AddressBook) -> AddressBook:
    """Keep a changed draft; what was signed before is signed no longer."""
    dated = _dated(vault, book)
    try:
        tx.settings.set(_DRAFT, book_edit.unsigned(dated).decode())
    except BookRefused:
        raise RegionRefused("Zo wordt het geen geldig adresboek. Er is niets veranderd.") from None
    return dated


def _dated(vault: Vault, book: AddressBook) -> AddressBook:
    now = vault.env.now().replace(microsecond=0)
    return replace(book, issued=now, expires=now + (book.expires - book.issued))


def _file(signed: SignedBook) -> bytes:
    from intake_app.crypto.strict_json import readable_json

    return readable_json({"book": signed.book.plain(), "signatures": list(signed.signatures)})


def _same(ours: SignedBook, found: AddressBook) -> bool:
    """Tell whether it is our draft; the first signature elsewhere may have given it another day."""
    if ours.signatures:
        return book_format.book_bytes(ours.book) == book_format.book_bytes(found)
    dated = replace(ours.book, issued=found.issued, expires=found.expires)
    return book_format.book_bytes(dated) == book_format.book_bytes(found)


def _honest(signed: SignedBook, book: AddressBook | None) -> SignedBook:
    """Return the book with only the signatures of its own roots and of those in force."""
    may = {*signed.book.roots, *(book.roots if book is not None else ())}
    good = tuple(
        armored
        for armored in signed.signatures
        if book_format.signatures_of(SignedBook(signed.book, (armored,)), tuple(may)) == 1
    )
    return SignedBook(signed.book, good)


def _list(records: Records, name: str) -> tuple[str, ...]:
    return tuple(json.loads(records.settings.get(name) or "[]"))


def _names(records: Records) -> dict[str, str]:
    found: dict[str, str] = json.loads(records.settings.get(_NAMES) or "{}")
    return found


def _name(path: Path) -> str:
    name = path.name.removesuffix(".pub")
    return name.removesuffix(".age")[:60]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.ADDRESS_BOOK + 1)
    except OSError:
        raise BookRefused(BookRefusal.UNREADABLE) from None
