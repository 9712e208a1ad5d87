"""Receive a dossier: verify, compare, accept or refuse, and sign for it.

Verification is whole before anything is stored, and what is stored is stored in one transaction; a
refused file changes nothing. Accepting is durable before the receipt file is written, and the
receipts are fixed in the same transaction, so that the same receipts can be written again to any
folder at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, overload
from uuid import UUID

from intake_app.domain.actor import Profile
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.handover import InboxItem, InboxState
from intake_app.domain.interview import FormVersion
from intake_app.domain.person import Person
from intake_app.flows import arrived, holders, received_attachments, take_over
from intake_app.flows.acting import actor_of
from intake_app.flows.arrived import ReceiveRefused
from intake_app.flows.compare import (
    HOUSEHOLD,
    KOPPELING,
    Choice,
    ComparedField,
    compare,
    merge,
    takes_theirs,
)
from intake_app.flows.desk import today
from intake_app.flows.medical_record import seed_of
from intake_app.flows.recipient import current_book
from intake_app.sentences import Sentence

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.domain.attachment import Attachment
    from intake_app.domain.transport import Arrival
    from intake_app.handover.dossier import Dossier
    from intake_app.handover.open import OpenedHandover
    from intake_app.handover.receipts import Receipt
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction


__all__ = [
    "LONGEST_REASON",
    "ReceiveRefused",
    "ReceivedDossier",
    "ReceivedPreview",
    "accept",
    "came_by_sync",
    "document",
    "inbox",
    "inspect",
    "look",
    "open_arrival",
    "refuse",
    "subject",
    "take_in",
    "take_in_arrival",
    "verified",
    "write_receipt",
]

LONGEST_REASON = 2000
"""In characters; what a receipt takes."""


@dataclass(frozen=True, slots=True)
class ReceivedPreview:
    """A file that was verified whole, before it is taken in."""

    handover_id: UUID
    sender: str
    recipient: str
    created: datetime
    version: int
    subject: str
    """Short name of the person, as shown on screens."""
    answers: int
    left_out: int
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class ReceivedDossier:
    """A received dossier beside what this vault knew already."""

    item: InboxItem
    dossier: Dossier
    theirs: Person
    known: Person | None
    compared: tuple[ComparedField, ...]
    """Empty when the person is new here."""
    newer: InboxItem | None
    """A later version of the same dossier in this inbox."""
    attachments: tuple[Attachment, ...] = ()
    """What came along, to be looked at before the decision."""


def inspect(vault: Vault, path: Path) -> ReceivedPreview:
    """Verify a file whole and say what it is; nothing is stored.

    Raises `handover.errors.Refusal`, a distinct reason and Dutch sentence for each kind of fault.
    """
    opened = verified(vault, path)
    dossier = opened.dossier
    return ReceivedPreview(
        handover_id=opened.manifest.handover_id,
        sender=opened.manifest.sender.name,
        recipient=opened.manifest.recipient.name,
        created=opened.manifest.created,
        version=opened.manifest.version,
        subject=take_over.person(dossier).short_name,
        answers=sum(len(interview.answers) for interview in dossier.interviews),
        left_out=len(dossier.left_out),
        attachments=len(received_attachments.came_along(opened)),
    )


def open_arrival(vault: Vault, zid: str) -> ReceivedPreview:
    """Verify what came in by sync whole and say what it is; nothing is stored.

    Raises as `inspect`, ReceiveRefused when it is not there to be opened, and SyncError for the
    disk.
    """
    with arrived.unwrapped(vault, zid) as (path, arrival):
        preview = inspect(vault, path)
        if preview.handover_id != arrival.inbox_id:
            raise _mismatch()
        return preview


def take_in_arrival(vault: Vault, zid: str) -> InboxItem:
    """Take in what came in by sync, as `take_in` does; the receipt `geopend` is queued with it.

    From here on the sender can no longer take it back. The ciphertext is removed afterwards.
    """
    with arrived.unwrapped(vault, zid) as (path, arrival):
        item = _take_in(vault, path, arrival)
    arrived.discard(vault, zid)
    return item


def _mismatch() -> Exception:
    from intake_app.handover.errors import Refusal, RefusalReason

    return Refusal(RefusalReason.MANIFEST_MISMATCH)


def take_in(vault: Vault, path: Path) -> InboxItem:
    """Verify a file whole and keep its dossier, document and attachments inside the vault.

    Raises `handover.errors.Refusal`, also for a handover that is here already, and VaultError (a
    full disk; medical attachments in a vault where nobody has the medical role); nothing is stored
    then.
    """
    return _take_in(vault, path, None)


def _take_in(vault: Vault, path: Path, arrival: Arrival | None) -> InboxItem:
    from intake_app.handover.errors import Refusal, RefusalReason

    opened = verified(vault, path)
    item = InboxItem(
        handover_id=opened.manifest.handover_id,
        sender_id=opened.manifest.sender.organisation_id,
        sender_name=opened.manifest.sender.name,
        sender_age_recipient=opened.manifest.sender.age_recipient,
        received_at=vault.env.now(),
        file_sha256=opened.digest,
        dossier_version=opened.manifest.version,
        dossier_json=opened.dossier_json,
        dossier_pdf=opened.pdf,
    )
    if arrival is not None and (item.handover_id, item.sender_id) != (
        arrival.inbox_id,
        arrival.sender_id,
    ):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    forms = _forms(opened)
    with vault.transaction(actor_of(vault), "dossier ontvangen") as tx:
        if arrival is not None:
            arrived.opened(vault, tx, arrival.zid)
        there = tx.inbox.get(item.handover_id)
        if there is not None:
            same = there.sender_id == item.sender_id
            raise Refusal(
                RefusalReason.ALREADY_RECEIVED if same else RefusalReason.NUMBER_OF_ANOTHER
            )
        tx.inbox.save(item)
        arrived.came_otherwise(vault, tx, item)
        holders.keep(tx, opened)
        for version in forms:
            tx.forms.put_version(version)
        received_attachments.keep(vault, tx, opened)
    return item


def verified(vault: Vault, path: Path) -> OpenedHandover:
    """Return a sealed file with everything about it verified; nothing is stored. Raises Refusal."""
    from intake_app.crypto import age
    from intake_app.handover.model import Kind
    from intake_app.handover.open import open_sealed

    keys = vault.organisation_keys()
    with vault.read() as records:
        book = current_book(records)
        seen = {(item.sender_id, item.handover_id) for item in records.inbox.all()}
        seen |= records.removals.received()
    is_care = vault.info.organisation.profile is Profile.ZORG
    return open_sealed(
        path,
        identities=[age.parse_identity(text) for text in keys.age_identities],
        own_public=keys.sign_public,
        directory=book if book is not None else _Nobody(),
        seen=lambda sender, handover_id: (sender, handover_id) in seen,
        kinds=tuple(Kind) if is_care else (Kind.DOSSIER,),
        known_holders=holders.known(vault),
    )


class _Nobody:
    """A directory without entries: a vault without an address book knows no sender."""

    def by_signer(self, sign_public: str) -> None:
        """Know nobody with this signing key."""

    def by_fingerprint(self, number: str) -> None:
        """Know nobody with this control number."""


def _forms(opened: OpenedHandover) -> tuple[FormVersion, ...]:
    """Return the form versions that came along and that an interview is really pinned to."""
    needed = {interview.form_sha256 for interview in opened.dossier.interviews}
    # a form is XML; scans of tens of megabytes need not be read for this
    came = (each.read() for each in opened.attachments if each.file.endswith(".xml"))
    wanted = (xml for xml in came if hashlib.sha256(xml).hexdigest() in needed)
    return tuple(version for xml in wanted if (version := _form_version(xml)) is not None)


def _form_version(xml: bytes) -> FormVersion | None:
    """Return the form version, None for one this engine cannot load; the answers stay readable."""
    from intake_app.xforms import FormError, parse_form

    try:
        form = parse_form(xml)
    except FormError:
        return None
    return FormVersion(
        sha256=hashlib.sha256(xml).hexdigest(),
        form_id=form.form_id,
        version=form.version,
        structure_hash=form.structure_hash,
        xml=xml,
    )


def inbox(vault: Vault) -> tuple[InboxItem, ...]:
    """Return what was received, the newest first."""
    with vault.read("ontvangen dossiers bekijken") as records:
        return tuple(sorted(records.inbox.all(), key=lambda i: i.received_at, reverse=True))


def document(vault: Vault, handover_id: UUID) -> bytes:
    """Return the document of a received dossier, to be shown; the log is told that it was.

    Raises `KeyError` for something that was never received.
    """
    with vault.read("document van het dossier tonen") as records:
        item = records.inbox.get(handover_id)
    if item is None:
        raise KeyError(handover_id)
    return item.dossier_pdf


def subject(item: InboxItem) -> str:
    """Return the short name of the person a received dossier is about."""
    from intake_app.handover.dossier import from_json

    return take_over.person(from_json(item.dossier_json)).short_name


def look(vault: Vault, handover_id: UUID) -> ReceivedDossier:
    """Return a received dossier beside what is known here.

    Raises `KeyError` for something that was never received.
    """
    with vault.read("ontvangen dossier bekijken") as records:
        return _look(records, handover_id, seed_of(vault))


def _look(records: Records, handover_id: UUID, seed: bytes | None = None) -> ReceivedDossier:
    from intake_app.handover.dossier import from_json

    item = records.inbox.get(handover_id)
    if item is None:
        raise KeyError(handover_id)
    dossier = from_json(item.dossier_json)
    theirs = take_over.person(dossier)
    known = _known_person(records, theirs)
    compared: tuple[ComparedField, ...] = ()
    if known is not None:
        compared = compare(
            known,
            theirs,
            records.households.of_person(known.person_id),
            take_over.household(dossier),
            records.koppelingen.current(known.person_id),
            take_over.current_koppeling(dossier),
        )
    newer = _newer(records, item, dossier)
    attachments = records.attachments.of_inbox(handover_id, seed)
    return ReceivedDossier(item, dossier, theirs, known, compared, newer, attachments)


def _known_person(records: Records, theirs: Person) -> Person | None:
    """Return who this is here: by V-nummer, or by the identifier of an earlier version."""
    if theirs.v_number:
        found = records.persons.find_by_v_number(theirs.v_number)
        if found is not None:
            return found
    return records.persons.get(theirs.person_id)


def _newer(records: Records, item: InboxItem, dossier: Dossier) -> InboxItem | None:
    from intake_app.handover.dossier import from_json

    later = [
        other
        for other in records.inbox.all()
        if other.sender_id == item.sender_id
        and other.dossier_version > item.dossier_version
        and from_json(other.dossier_json).dossier_id == dossier.dossier_id
    ]
    return max(later, key=lambda other: other.dossier_version, default=None)


@overload
def accept(
    vault: Vault,
    handover_id: UUID,
    *,
    first_talk: date | None,
    receipt_folder: Path,
    choices: Mapping[str, Choice] | None = None,
) -> Path: ...
@overload
def accept(
    vault: Vault,
    handover_id: UUID,
    *,
    first_talk: date | None,
    receipt_folder: None = None,
    choices: Mapping[str, Choice] | None = None,
) -> None: ...
def accept(
    vault: Vault,
    handover_id: UUID,
    *,
    first_talk: date | None,
    receipt_folder: Path | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> Path | None:
    """Take the dossier over into the record and write the signed receipt; return its path.

    What came by sync is answered by sync, in the same transaction; then `receipt_folder` may be
    None, and nothing is written.

    Where the person is known here, `choices` decides every difference; raises `ChoiceMissing` for
    one that is not decided, `ReceiveRefused` for a dossier that was decided on already, has a
    newer version here, or a folder that is not there. Nothing is stored then. When only writing
    the receipt fails (errors of `handover.errors`), the dossier has been accepted and
    `write_receipt` writes the same receipts again.
    """
    _check_answer(vault, handover_id, receipt_folder)
    if first_talk is not None and first_talk < today(vault.env):
        raise ReceiveRefused("De dag van het eerste gesprek is al voorbij. Kies een andere dag.")
    env = vault.env
    with vault.transaction(actor_of(vault), "dossier overnemen") as tx:
        received = _undecided(tx, handover_id)
        if received.newer is not None:
            raise ReceiveRefused(
                "Er is een nieuwere versie van dit dossier: versie "
                "{version}. Open en beoordeel die versie.",
                version=received.newer.dossier_version,
            )
        target = _target(received, choices or {})
        came = tx.attachments.of_inbox(handover_id)
        known = take_over.write(tx, received.dossier, target, env.uuid, came)
        tx.attachments.adopt(handover_id, target.person.person_id, leave=known)
        tx.events.add(
            CaseEvent(
                event_id=env.uuid(),
                person_id=target.person.person_id,
                kind=EventKind.DOSSIER_OVERGENOMEN,
                on=today(env),
                recorded_at=env.now(),
                source=received.item.sender_name,
                detail=f"v{received.item.dossier_version}",
            )
        )
        decided = replace(
            received.item,
            state=InboxState.GEACCEPTEERD,
            person_id=target.person.person_id,
            decided_at=env.now(),
            first_talk=first_talk,
        )
        tx.inbox.save(decided)
        _fix_receipts(vault, tx, decided)
    return None if receipt_folder is None else write_receipt(vault, handover_id, receipt_folder)


def _target(received: ReceivedDossier, choices: Mapping[str, Choice]) -> take_over.Target:
    source = received.item.sender_name
    if received.known is None:
        return take_over.Target(
            received.theirs, takes_household=True, takes_koppeling=True, source=source
        )
    taken = {field.field: takes_theirs(field, choices) for field in received.compared}
    return take_over.Target(
        merge(received.known, received.theirs, received.compared, choices),
        takes_household=taken.get(HOUSEHOLD, False),
        takes_koppeling=taken.get(KOPPELING, False),
        source=source,
    )


@overload
def refuse(vault: Vault, handover_id: UUID, reason: str, receipt_folder: Path) -> Path: ...
@overload
def refuse(vault: Vault, handover_id: UUID, reason: str, receipt_folder: None = None) -> None: ...
def refuse(
    vault: Vault, handover_id: UUID, reason: str, receipt_folder: Path | None = None
) -> Path | None:
    """Refuse the dossier with a reason for the sender and write the signed receipt.

    What came by sync is answered by sync; then `receipt_folder` may be None.

    Raises `ReceiveRefused` without a reason or for a dossier that was decided on already.
    """
    if not reason.strip():
        raise ReceiveRefused(
            "Schrijf eerst waarom je het dossier weigert. De afzender leest deze reden."
        )
    if len(reason.strip()) > LONGEST_REASON:
        raise ReceiveRefused(
            "De reden is te lang. Gebruik hoogstens {most} tekens.", most=LONGEST_REASON
        )
    _check_answer(vault, handover_id, receipt_folder)
    with vault.transaction(actor_of(vault), "dossier weigeren") as tx:
        received = _undecided(tx, handover_id)
        decided = replace(
            received.item,
            state=InboxState.GEWEIGERD,
            decided_at=vault.env.now(),
            reason=reason.strip(),
        )
        tx.inbox.save(decided)
        _fix_receipts(vault, tx, decided)
    return None if receipt_folder is None else write_receipt(vault, handover_id, receipt_folder)


def came_by_sync(vault: Vault, handover_id: UUID) -> bool:
    """Tell whether the answer to a received dossier goes by sync."""
    with vault.read() as records:
        return arrived.of_handover(records, handover_id) is not None


def _check_answer(vault: Vault, handover_id: UUID, folder: Path | None) -> None:
    if folder is not None:
        _check_folder(vault, folder)
    elif not came_by_sync(vault, handover_id):
        raise ReceiveRefused("Kies eerst een map of stick voor het ontvangstbewijs.")


def _undecided(tx: Transaction, handover_id: UUID) -> ReceivedDossier:
    received = _look(tx, handover_id)
    if received.item.state is not InboxState.GEOPEND:
        raise ReceiveRefused(
            "Dit dossier is al {state}. Er is niets veranderd. "
            "Je kunt het ontvangstbewijs opnieuw opslaan.",
            state=Sentence(received.item.state.value),
        )
    return received


def _check_folder(vault: Vault, folder: Path) -> None:
    if not folder.is_dir():
        raise ReceiveRefused(
            "Deze map is er niet. Misschien is de stick eruit gehaald. Kies een andere map."
        )
    if folder.resolve().is_relative_to(vault.folder.resolve()):
        raise ReceiveRefused(
            "Deze map hoort bij de kluis zelf. Daar mag geen ander bestand komen. "
            "Kies een andere map of een stick."
        )


def _setting(handover_id: UUID) -> str:
    return f"ontvangstbewijs/{handover_id}"


def _fix_receipts(vault: Vault, tx: Transaction, item: InboxItem) -> None:
    """Keep the receipts as they will be signed, now and every time they are written again."""
    # a clock that was set back must not make the steps contradict each other
    decided_at = max(item.decided_at or item.received_at, item.received_at)
    steps = (
        ("ontvangen", item.received_at),
        ("geopend", item.received_at),
        (item.state.value, decided_at),
    )
    last = len(steps) - 1
    plain = [
        {
            "receipt_id": str(vault.env.uuid()),
            "kind": kind,
            "at": at.isoformat(),
            "by_user": vault.user.name,
            "reason": item.reason if number == last else "",
            "first_talk": item.first_talk.isoformat() if number == last and item.first_talk else "",
        }
        for number, (kind, at) in enumerate(steps)
    ]
    tx.settings.set(_setting(item.handover_id), json.dumps(plain))
    chain = [_receipt(each, item, vault.info.organisation.name) for each in plain]
    arrived.decided(vault, tx, item, chain)


def write_receipt(vault: Vault, handover_id: UUID, folder: Path) -> Path:
    """Write the receipt of a decided dossier into `folder`; always the same receipts.

    Raises `ReceiveRefused` while nothing was decided, and the errors of `handover.errors` when
    the file cannot be written.
    """
    from intake_app.crypto.sshsig import SigningKey
    from intake_app.handover.receipts import write_receipt as write_file

    _check_folder(vault, folder)
    with vault.read() as records:
        item = records.inbox.get(handover_id)
        kept = records.settings.get(_setting(handover_id))
    if item is None or kept is None:
        raise ReceiveRefused(
            "Er is nog niets besloten over dit dossier. Neem het over of weiger het eerst."
        )
    chain = _chain(vault, item, kept)
    key = SigningKey(vault.organisation_keys().signing_seed)
    return write_file(chain, key, item.sender_age_recipient, folder, random=vault.env.random)


def chain_of(vault: Vault, records: Records, item: InboxItem) -> list[Receipt]:
    """Return the receipts of a decided dossier as they were fixed, none while it is undecided."""
    kept = records.settings.get(_setting(item.handover_id))
    return [] if kept is None else _chain(vault, item, kept)


def _chain(vault: Vault, item: InboxItem, kept: str) -> list[Receipt]:
    return [_receipt(plain, item, vault.info.organisation.name) for plain in json.loads(kept)]


def _receipt(plain: Mapping[str, str], item: InboxItem, organisation: str) -> Receipt:
    from intake_app.handover.receipts import Receipt, ReceiptKind

    talk = plain["first_talk"]
    return Receipt(
        receipt_id=UUID(plain["receipt_id"]),
        handover_id=item.handover_id,
        dossier_digest=item.file_sha256,
        kind=ReceiptKind(plain["kind"]),
        at=datetime.fromisoformat(plain["at"]),
        by_organisation=organisation,
        by_user_name=plain["by_user"],
        reason=plain["reason"],
        first_talk=date.fromisoformat(talk) if talk else None,
    )
