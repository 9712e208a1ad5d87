"""From a sealed file to a frozen zending in the outbox, without ever lying about how far it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.handover import FINAL, Handover, HandoverState, step
from intake_app.domain.transport import OutboxItem, OutboxKind, OutboxState
from intake_app.flows import queueing, sealing
from intake_app.flows.acting import actor_of
from intake_app.flows.handing import HandOverRefused, known
from intake_app.handover.errors import CannotWrite, DiskFull, SealCancelled, SealError
from intake_app.sentences import Sentence
from intake_app.sync import names
from intake_app.sync.errors import Reason, SyncError
from intake_app.sync.parts import Stopped, freeze

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intake_app.handover.model import SealRequest
    from intake_app.sync.parts import Frozen
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction


def seal_for_sync(
    vault: Vault,
    request: SealRequest,
    ready: Handover,
    on: queueing.Route,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Handover:
    """Seal, freeze and queue a dossier; return its handover, which stays `klaar`.

    The ciphertext is durable before anything is recorded. Raises SealError (SealCancelled, a full
    disk) and VaultError; nothing was queued then and no ciphertext is left.
    """
    try:
        folder = queueing.out_folder(vault)
    except OSError:
        raise CannotWrite from None
    sealed = sealing.write(vault, request, folder, progress, cancelled)
    try:
        handover = replace(
            ready,
            file_name=sealed.path.name,
            file_sha256=sealed.sha256,
            file_size=sealed.size,
        )
        return _queue(vault, handover, sealed.path, folder, on, cancelled)
    finally:
        queueing.discard(sealed.path)


def _queue(
    vault: Vault,
    handover: Handover,
    sealed: Path,
    folder: Path,
    on: queueing.Route,
    cancelled: Callable[[], bool] | None,
) -> Handover:
    zid = names.new_zid(vault.env.random)
    frozen = _frozen(vault, sealed, folder / zid, on.age_recipient, cancelled)
    try:
        with vault.transaction(actor_of(vault), "overdracht klaarzetten voor verzending") as tx:
            supersedes = _earlier(tx, handover)
            item = queueing.zending(vault, handover, frozen, on, zid, supersedes)
            _replace_waiting(vault, tx, handover)
            tx.handovers.save(handover)
            tx.outbox.add(item)
    except BaseException:
        queueing.discard(folder / zid)
        raise
    return handover


def _frozen(
    vault: Vault,
    sealed: Path,
    target: Path,
    recipient: str,
    cancelled: Callable[[], bool] | None,
) -> Frozen:
    try:
        return freeze(
            sealed,
            target,
            recipient,
            random=vault.env.random,
            cancelled=cancelled or (lambda: False),
        )
    except Stopped:
        raise SealCancelled from None
    except SyncError as error:
        failure: SealError = DiskFull() if error.reason is Reason.DISK_FULL else CannotWrite()
        raise failure from None


def _earlier(records: Records, handover: Handover) -> str | None:
    """Return the zid of the newest zending of this person that the same receiver may have."""
    sent = [
        (other.dossier_version, item.zid)
        for other in records.handovers.of_person(handover.person_id)
        if other.recipient_id == handover.recipient_id
        and other.handover_id != handover.handover_id
        and (item := queueing.standing_zending(records, other.handover_id)) is not None
        and item.committing
    ]
    return max(sent)[1] if sent else None


def _replace_waiting(vault: Vault, tx: Transaction, handover: Handover) -> None:
    """End the handovers of this person that wait in the outbox: this one goes instead."""
    for other in tx.handovers.of_person(handover.person_id):
        if other.handover_id == handover.handover_id or other.state is not HandoverState.KLAAR:
            continue
        tx.handovers.save(step(other, HandoverState.VERVANGEN, vault.env.now()))
        if other.recipient_id != handover.recipient_id:
            queueing.ask_back(vault, tx, other)
        else:
            queueing.stop_unsent(vault, tx, other)


def send_file(vault: Vault, handover_id: UUID, sealed: Path) -> OutboxItem:
    """Queue a sealed file that was offered on a stick, so that it goes by sync as well.

    Raises HandOverRefused for another file, a handover that has ended, or a receiver that cannot
    be reached by sync; SealError and VaultError as sealing does. Twice gives the same item.
    """
    from intake_app.flows.recipient import current_book

    own_id = vault.info.organisation.organisation_id
    with vault.read("overdracht verzenden") as records:
        handover = known(records, handover_id)
        there = queueing.standing_zending(records, handover_id)
        book = current_book(records)
        entry = book.current(handover.recipient_id, vault.env.now().date()) if book else None
        way = None if entry is None else queueing.route(records, own_id, entry)
    if there is not None:
        return there
    if handover.state in FINAL:
        raise HandOverRefused(
            "Deze overdracht is al {state}.", state=Sentence(handover.state.value)
        )
    if way is None or isinstance(way, str):
        raise HandOverRefused(
            way
            or Sentence(
                "De ontvanger staat niet in het adresboek. Vraag om het nieuwste adresboek."
            )
        )
    try:
        folder = queueing.out_folder(vault)
    except OSError:
        raise CannotWrite from None
    zid = names.new_zid(vault.env.random)
    frozen = _frozen(vault, sealed, folder / zid, way.age_recipient, None)
    if frozen.content_sha256 != handover.file_sha256:
        queueing.discard(folder / zid)
        raise HandOverRefused(
            "Dit is niet het bestand van deze overdracht. Er is niets verstuurd. "
            "Kies het goede bestand of verzegel opnieuw."
        )
    try:
        with vault.transaction(actor_of(vault), "overdracht klaarzetten voor verzending") as tx:
            item = queueing.zending(vault, handover, frozen, way, zid, _earlier(tx, handover))
            tx.outbox.add(item)
    except BaseException:
        queueing.discard(folder / zid)
        raise
    return item


def sweep(vault: Vault, now: float) -> int:
    """Remove ciphertexts that no row knows or needs; return how many. Never raises OSError.

    One that was received stays until it was decided on, at most 30 days: a receiver that loses it
    asks for it again.
    What is younger than an hour by the clock of the disk stays: its row may be on its way. `now` is
    seconds since 1970.
    """
    folder = vault.folder / queueing.OUT
    with suppress(OSError):
        listed = [path for path in folder.iterdir() if path.is_file()]
        if not listed:
            return 0
        with vault.read() as records:
            needed = {
                item.file_name
                for item in records.outbox.open()
                if item.kind is OutboxKind.ZENDING
                and not (item.state is OutboxState.AANGEBODEN and _is_over(item, vault))
            }
        gone = 0
        for path in listed:
            with suppress(OSError):
                ours = names.is_zid(path.name) or path.name.endswith((".zip", ".deel"))
                if ours and path.name not in needed and abs(now - path.stat().st_mtime) > _YOUNG:
                    path.unlink()
                    gone += 1
        return gone
    return 0


_YOUNG = 3600.0


def _is_over(item: OutboxItem, vault: Vault) -> bool:
    """Tell whether the receiver has had it so long that it is not asked for again."""
    received = next((each.at for each in item.history if each.what == "ontvangen"), None)
    return received is not None and vault.env.now() > received + queueing.VALID
