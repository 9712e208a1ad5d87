"""What is put in the outbox: a frozen zending, the request to destroy one, a receipt.

Everything is made once and kept as it will travel. The ciphertext is durable before its row, and
its row is committed together with what it means for the handover.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.transport import ArrivalState, OutboxItem, OutboxKind, OutboxState
from intake_app.flows.recipient import current_book
from intake_app.sentences import Sentence
from intake_app.sync import names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path

    from intake_app.crypto.age import Identity
    from intake_app.crypto.sshsig import SigningKey
    from intake_app.domain.handover import Handover
    from intake_app.domain.transport import Arrival
    from intake_app.handover.address_book import AddressBook, Entry
    from intake_app.sync.commit import Signer, Signers
    from intake_app.sync.notices import ReceiptKind
    from intake_app.sync.parts import Frozen
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction

OUT: Final = "uitgaand"
IN: Final = "binnengekomen"
ASK_AGAIN: Final = timedelta(days=1)
"""So often a sender is asked to offer all of a zending anew."""
VALID: Final = timedelta(days=30)
"""So long a zending may lie on a relay; the relay itself cleans up after as long."""
_STILL_ON_ITS_WAY: Final = VALID + timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Route:
    """From whom to whom by which boxes."""

    sender: UUID
    recipient: UUID
    age_recipient: str
    box: str
    reply_box: str


@dataclass(frozen=True, slots=True)
class Keys:
    """What our organisation signs and opens with; never printed."""

    signing: SigningKey
    identities: tuple[Identity, ...]
    organisation_id: UUID


def keys_of(vault: Vault) -> Keys:
    """Return the keys of the vault's organisation. Raises VaultLocked when closed."""
    from intake_app.crypto.age import parse_identity
    from intake_app.crypto.sshsig import SigningKey

    held = vault.organisation_keys()
    return Keys(
        SigningKey(held.signing_seed),
        tuple(parse_identity(text) for text in held.age_identities),
        vault.info.organisation.organisation_id,
    )


def out_folder(vault: Vault) -> Path:
    """Return the folder of frozen ciphertexts, made when it is not there. Raises OSError."""
    from intake_app.vault.files import make_folder

    folder = vault.folder / OUT
    make_folder(folder)
    return folder


def in_folder(vault: Vault) -> Path:
    """Return the folder of what came in and is still sealed, made when it is not there."""
    from intake_app.vault.files import make_folder

    folder = vault.folder / IN
    make_folder(folder)
    return folder


def boxes_of(book: AddressBook | None, organisation_id: UUID) -> tuple[str, ...]:
    """Return the boxes of an organisation that the address book names, the current one first."""
    if book is None:
        return ()
    from intake_app.handover.address_book import REVOKED

    mine = [e for e in book.entries if e.organisation_id == organisation_id]
    mine.sort(key=lambda entry: (entry.until_date is not None, entry.status))
    usable = (e.box for e in mine if e.status != REVOKED and names.is_box(e.box))
    return tuple(dict.fromkeys(usable))


def signers_of(book: AddressBook | None, on: date | None = None) -> Signers:
    """Return what gives the keys of an organisation that may be believed: never revoked ones.

    With `on` neither those that ended so long before that day that nothing they signed can be on a
    relay any more. Without, they prove what they signed in their time: receipts.
    """
    from intake_app.handover.address_book import REVOKED
    from intake_app.sync.commit import Signer

    def known(organisation_id: UUID) -> Sequence[Signer]:
        if book is None:
            return ()
        return [
            Signer(e.organisation_id, e.name, e.sign_public, e.age_recipient)
            for e in book.entries
            if e.organisation_id == organisation_id
            and e.status != REVOKED
            and (on is None or e.until_date is None or on <= e.until_date + _STILL_ON_ITS_WAY)
        ]

    return known


def route(records: Records, own_id: UUID, entry: Entry) -> Route | Sentence:
    """Return how a dossier gets to the organisation of `entry`, or a sentence why it cannot."""
    book = current_book(records)
    ours = boxes_of(book, own_id)
    if not ours:
        return Sentence(
            "Jullie organisatie heeft nog geen postbus in het adresboek. Zonder postbus kan het "
            "ontvangstbewijs niet terugkomen. Vraag de regio om een nieuw adresboek, of zet het "
            "dossier op een stick."
        )
    if not names.is_box(entry.box):
        return Sentence(
            "{name} heeft nog geen postbus in het adresboek. Het dossier kan niet vanzelf "
            "worden bezorgd. Zet het op een stick, of vraag de regio om een nieuw adresboek.",
            name=entry.name,
        )
    return Route(own_id, entry.organisation_id, entry.age_recipient, entry.box, ours[0])


def zending(
    vault: Vault, handover: Handover, frozen: Frozen, on: Route, zid: str, supersedes: str | None
) -> OutboxItem:
    """Return the item of a frozen zending with its signed commit; nothing is stored yet."""
    from intake_app.sync.commit import Commit, write_commit

    env = vault.env
    now = env.now()
    commit = Commit(
        zid=zid,
        box=on.box,
        sender=on.sender,
        recipient=on.recipient,
        size=frozen.size,
        sha256=frozen.sha256,
        parts=frozen.parts,
        content_size=frozen.content_size,
        content_sha256=frozen.content_sha256,
        handover_id=handover.handover_id,
        dossier_id=handover.person_id,
        dossier_version=handover.dossier_version,
        supersedes=supersedes,
        created=now,
        valid_until=now + VALID,
        reply_box=on.reply_box,
    )
    key = keys_of(vault).signing
    return OutboxItem(
        item_id=env.uuid(),
        kind=OutboxKind.ZENDING,
        subject_id=handover.handover_id,
        recipient_id=on.recipient,
        added_at=now,
        zid=zid,
        name=names.commit(on.box, zid),
        notice=write_commit(commit, key, on.age_recipient, random=env.random),
        box=on.box,
        reply_box=on.reply_box,
        file_name=zid,
        file_size=frozen.size,
        file_sha256=frozen.sha256,
        parts=tuple(part.sha256 for part in frozen.parts),
        valid_until=commit.valid_until,
    )


def standing_zending(records: Records, handover_id: UUID) -> OutboxItem | None:
    """Return the zending of a handover, or None when it did not go by sync."""
    items = records.outbox.of_subject(handover_id)
    return next((each for each in items if each.kind is OutboxKind.ZENDING), None)


def ask_back(vault: Vault, tx: Transaction, handover: Handover) -> bool:
    """End the zending of a handover: stopped when it never left, asked back when it may have.

    Returns True when the receiver has to answer first, False when nothing is out. A second time
    does nothing. Where no key of the receiver may be used any more, nothing is asked.
    """
    item = standing_zending(tx, handover.handover_id)
    if item is None or item.state in {OutboxState.KLAAR, OutboxState.GESTOPT}:
        return False
    if not item.committing:
        from intake_app.vault.stores.outbox import with_attempt

        now = vault.env.now()
        history = with_attempt(item.history, now, OutboxState.GESTOPT.value)
        tx.outbox.save(
            replace(item, state=OutboxState.GESTOPT, reason="", next_try=None, history=history)
        )
        return False
    name = names.withdrawal(item.box, item.zid)
    if tx.outbox.named(name) is None:
        request = _withdrawal(vault, tx, item, handover, name)
        if request is not None:
            tx.outbox.add(request)
    return True


def stop_unsent(vault: Vault, tx: Transaction, handover: Handover) -> None:
    """Stop the zending of a handover where nothing of it can have been taken yet."""
    item = standing_zending(tx, handover.handover_id)
    if item is not None and item.state is OutboxState.WACHT and not item.committing:
        ask_back(vault, tx, handover)


def asked_back(records: Records, handover_id: UUID) -> OutboxItem | None:
    """Return the request to destroy a zending of a handover, or None."""
    items = records.outbox.of_subject(handover_id)
    return next((each for each in items if each.kind is OutboxKind.INTREKKING), None)


def _withdrawal(
    vault: Vault, tx: Transaction, item: OutboxItem, handover: Handover, name: str
) -> OutboxItem | None:
    from intake_app.sync import notices

    env = vault.env
    now = env.now()
    keys = keys_of(vault)
    notice = notices.Withdrawal(
        zid=item.zid,
        box=item.box,
        sender=keys.organisation_id,
        recipient=item.recipient_id,
        sha256=item.file_sha256,
        handover_id=handover.handover_id,
        dossier_id=handover.person_id,
        dossier_version=handover.dossier_version,
        reply_box=item.reply_box,
        at=now,
    )
    recipient = _age_of(current_book(tx), item.recipient_id)
    if recipient is None:
        return None
    return OutboxItem(
        item_id=env.uuid(),
        kind=OutboxKind.INTREKKING,
        subject_id=handover.handover_id,
        recipient_id=item.recipient_id,
        added_at=now,
        zid=item.zid,
        name=name,
        notice=notices.write_withdrawal(notice, keys.signing, recipient, random=env.random),
        box=item.box,
        reply_box=item.reply_box,
    )


def _age_of(book: AddressBook | None, organisation_id: UUID) -> str | None:
    """Return the newest age key of an organisation that is not revoked."""
    if book is None:
        return None
    from intake_app.handover.address_book import REVOKED

    mine = [
        entry
        for entry in book.entries
        if entry.organisation_id == organisation_id and entry.status != REVOKED
    ]
    newest = max(mine, key=lambda e: (e.until_date is None, e.from_date), default=None)
    return None if newest is None else newest.age_recipient


def answer(
    vault: Vault,
    tx: Transaction,
    arrival: Arrival,
    kind: ReceiptKind,
    *,
    at: datetime,
    reason: str = "",
    chain: bytes = b"",
) -> Arrival:
    """Queue the next receipt of an arrival; return the arrival with its number, to be saved.

    After the eighth nothing is queued any more: there are no more names, and the ninth is kept
    for asking again.
    """
    from intake_app.sync import notices

    seq = arrival.receipts + 1
    if seq >= names.AGAIN:
        return arrival
    env, keys = vault.env, keys_of(vault)
    receipt = notices.TransportReceipt(
        receipt_id=env.uuid(),
        zid=arrival.zid,
        sha256=arrival.file_sha256,
        kind=kind,
        seq=seq,
        at=at,
        by=keys.organisation_id,
        reason=reason[: notices.MAX_REASON],
        chain=chain,
    )
    notice = notices.write_receipt(
        receipt, keys.signing, arrival.sender_recipient, random=env.random
    )
    tx.outbox.add(
        OutboxItem(
            item_id=env.uuid(),
            kind=OutboxKind.BEWIJS,
            subject_id=arrival.inbox_id,
            recipient_id=arrival.sender_id,
            added_at=env.now(),
            zid=arrival.zid,
            name=names.receipt(arrival.reply_box, arrival.zid, seq),
            notice=notice,
            box=arrival.box,
            reply_box=arrival.reply_box,
            receipt=kind.value,
        )
    )
    return replace(arrival, receipts=seq)


def ask_again(vault: Vault, tx: Transaction, arrival: Arrival, *, at: datetime) -> None:
    """Queue the receipt that asks the sender of a zending to offer all of it anew.

    There is one of it for each zending; it is made anew when the last one is a day old, and
    `arrival` need not be stored.
    """
    from intake_app.sync import notices

    env, keys = vault.env, keys_of(vault)
    name = names.receipt(arrival.reply_box, arrival.zid, names.AGAIN)
    held = tx.outbox.named(name)
    stopped = held is not None and held.state is OutboxState.GESTOPT
    if held is not None and not stopped and timedelta() <= at - held.added_at < ASK_AGAIN:
        return
    receipt = notices.TransportReceipt(
        receipt_id=env.uuid(),
        zid=arrival.zid,
        sha256=arrival.file_sha256,
        kind=notices.ReceiptKind.OPNIEUW,
        seq=names.AGAIN,
        at=at,
        by=keys.organisation_id,
    )
    asked = OutboxItem(
        item_id=env.uuid() if held is None else held.item_id,
        kind=OutboxKind.BEWIJS,
        subject_id=arrival.inbox_id,
        recipient_id=arrival.sender_id,
        added_at=at,
        zid=arrival.zid,
        name=name,
        notice=notices.write_receipt(
            receipt, keys.signing, arrival.sender_recipient, random=env.random
        ),
        box=arrival.box,
        reply_box=arrival.reply_box,
        receipt=receipt.kind.value,
    )
    if held is None:
        tx.outbox.add(asked)
    else:
        tx.outbox.save(asked)


def asked_again(records: Records, arrival: Arrival) -> OutboxItem | None:
    """Return the standing question for all of a zending anew, or None."""
    name = names.receipt(arrival.reply_box, arrival.zid, names.AGAIN)
    held = records.outbox.named(name)
    return None if held is None or held.state is OutboxState.GESTOPT else held


def stop_asking(vault: Vault, tx: Transaction, arrival: Arrival) -> None:
    """Put the question for all of a zending anew no more: it is here."""
    from intake_app.vault.stores.outbox import with_attempt

    held = asked_again(tx, arrival)
    if held is not None:
        history = with_attempt(held.history, vault.env.now(), OutboxState.GESTOPT.value)
        stopped = replace(held, state=OutboxState.GESTOPT, next_try=None, history=history)
        tx.outbox.save(stopped)


def is_box_of_another(book: AddressBook | None, organisation_id: UUID, box: str) -> bool:
    """Tell whether a box belongs to others in the address book, and not to this organisation.

    A box that nobody has in our edition of the book may be a new one.
    """
    entries = book.entries if book is not None else ()
    owners = {entry.organisation_id for entry in entries if entry.box == box}
    return bool(owners) and organisation_id not in owners


def ended(arrival: Arrival, state: ArrivalState) -> Arrival:
    """Return an arrival in a state in which it is handed to nobody any more."""
    return replace(arrival, state=state, raw=b"")


def discard(path: Path) -> None:
    """Remove a ciphertext that nobody needs any more; one that cannot be removed goes later."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
