"""One pass of the sender: what is due goes, receipts are asked for by exact name.

No transaction is open while a relay is talked to. Before a commit may be on the relay that is
written down, so that nothing that may be out is ever taken for something that never left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.handover import FINAL, HandoverState, step
from intake_app.domain.transport import OPEN, OutboxItem, OutboxKind, OutboxState
from intake_app.flows import freezing, queueing
from intake_app.flows.acting import actor_of
from intake_app.flows.handing import confirmed
from intake_app.flows.sync_outcome import PURPOSE, Passing
from intake_app.flows.sync_receipts import poll
from intake_app.flows.sync_report import SyncReport, Tally
from intake_app.sync import backoff, names, sender
from intake_app.sync.errors import SyncError
from intake_app.sync.parts import PART, Part
from intake_app.vault.stores.outbox import with_attempt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from intake_app.flows.relays import RelayPlace, SyncSettings
    from intake_app.sync.driver import Relay
    from intake_app.vault import Vault

POLL: Final = timedelta(minutes=10)
"""About how often receipts of an offered zending are asked for."""
MISSED_AFTER: Final = timedelta(hours=4)
"""A zending that is neither on the relay nor answered so long after it was offered is lost."""
ASK_AGAIN: Final = timedelta(days=1)
"""After so long without a word the receiver is asked for its receipts again."""
GRACE: Final = timedelta(days=2)
"""Clocks differ: only so long after its time a zending is over."""
_POLL_COST: Final = 64 * 1024
_SMALL_COST: Final = 16 * 1024


def run(
    vault: Vault,
    relay_of: Callable[[RelayPlace], Relay],
    *,
    settings: SyncSettings,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None] | None,
    only: UUID | None,
    force: bool,
) -> SyncReport:
    """See `sync_now.run_once`."""
    tally = Tally()
    if settings.send is None:
        return SyncReport()
    # The disk's own clock: nothing of the vault depends on it.
    freezing.sweep(vault, _disk_time(vault))
    items = _due(vault, only, force=force)
    if items:
        tally.bytes_total = sum(_bytes_left(item) for item in items)
        try:
            relay = relay_of(settings.send)
        except SyncError as error:
            tally.paused = error.reason
        else:
            try:
                _all(vault, relay, items, tally, cancelled, progress)
            finally:
                relay.close()
    return SyncReport(
        offered=tuple(tally.offered),
        moved=tuple(tally.moved),
        failed=tally.failed,
        bytes_sent=tally.bytes_done,
        paused=tally.paused,
        cancelled=tally.cancelled,
        next_at=_next_at(vault, tally),
    )


def _disk_time(vault: Vault) -> float:
    """Return the time as the file system of the vault tells it, in seconds since 1970."""
    from intake_app.vault import folder as places

    probe = vault.folder / places.LOCK
    try:
        probe.touch()
        return probe.stat().st_mtime
    except OSError:
        return 0.0


def _due(vault: Vault, only: UUID | None, *, force: bool) -> list[OutboxItem]:
    """Return what there is to do now, the least work first."""
    now = vault.env.now()
    with vault.read() as records:
        found = [
            item
            for item in records.outbox.open()
            if item.kind is not OutboxKind.BEWIJS
            and (only is None or only in {item.item_id, item.subject_id})
            and (force or only is not None or is_due(item, now))
        ]
    return sorted(found, key=lambda item: (_cost(item), item.item_id))


def is_due(item: OutboxItem, now: datetime) -> bool:
    """Tell whether it is time for an item."""
    return backoff.is_due(item.tried_at, item.next_try, now)


def _bytes_left(item: OutboxItem) -> int:
    if item.kind is not OutboxKind.ZENDING or item.state is not OutboxState.WACHT:
        return 0
    return max(0, item.file_size - item.done * PART)


def _cost(item: OutboxItem) -> int:
    if item.kind is not OutboxKind.ZENDING:
        return _SMALL_COST
    return _POLL_COST if item.state is OutboxState.AANGEBODEN else _bytes_left(item)


def _next_at(vault: Vault, tally: Tally) -> datetime | None:
    with vault.read() as records:
        waits = [
            item.next_try or vault.env.now()
            for item in records.outbox.open()
            if item.kind is not OutboxKind.BEWIJS
        ]
    if not waits:
        return None
    soonest = min(waits)
    return soonest if tally.wait_until is None else max(soonest, tally.wait_until)


def _all(
    vault: Vault,
    relay: Relay,
    items: list[OutboxItem],
    tally: Tally,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None] | None,
) -> None:
    passing = Passing(vault, tally)
    for item in items:
        if cancelled():
            tally.cancelled = True
            return
        work = _Work(vault, relay, item, tally, cancelled, progress)
        if not passing.go(work.do, item):
            return


class _Work:
    """What one item needs: to be sent, or to be asked after."""

    def __init__(
        self,
        vault: Vault,
        relay: Relay,
        item: OutboxItem,
        tally: Tally,
        cancelled: Callable[[], bool],
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._vault, self._relay, self._tally = vault, relay, tally
        self._item, self._cancelled, self._progress = item, cancelled, progress

    def do(self) -> None:
        """Do it; raises what a relay and the vault raise."""
        with self._vault.read() as records:
            held = records.outbox.get(self._item.item_id)
        if held is None or held.state not in OPEN:
            return
        self._item = held
        if held.kind is OutboxKind.INTREKKING:
            self._ask_back()
        elif _end_if_over(self._vault, held):
            return
        elif held.state is OutboxState.WACHT:
            self._send()
        else:
            self._look()

    # ---- journal of the sender ------------------------------------------------------------------

    def part_there(self, number: int) -> None:
        """See `sender.Journal`. Progress ends a series of failures."""
        size = self._parts()[number].size
        with self._vault.transaction(actor_of(self._vault), PURPOSE) as tx:
            held = tx.outbox.get(self._item.item_id)
            if held is not None and held.state is OutboxState.WACHT:
                self._item = replace(held, done=number + 1, tries=0, reason="", next_try=None)
                tx.outbox.note(self._item)
        self._tally.bytes_done += size
        if self._progress is not None:
            self._progress(self._tally.bytes_done, self._tally.bytes_total)

    def may_commit(self) -> bool:
        """See `sender.Journal`. From here on withdrawing is a request."""
        with self._vault.transaction(actor_of(self._vault), PURPOSE) as tx:
            held = tx.outbox.get(self._item.item_id)
            if held is None or held.state is not OutboxState.WACHT:
                return False
            self._item = replace(held, committing=True)
            tx.outbox.note(self._item)
        return True

    def _ended(self) -> bool:
        """Tell whether to stop between two parts: cancelled, or withdrawn meanwhile."""
        if self._cancelled():
            return True
        with self._vault.read() as records:
            held = records.outbox.get(self._item.item_id)
        return held is None or held.state is not OutboxState.WACHT

    # ---- sending ---------------------------------------------------------------------------------

    def _parts(self) -> tuple[Part, ...]:
        return parts_of(self._item)

    def _send(self) -> None:
        item, parts = self._item, self._parts()
        if item.committing and poll(self._vault, self._relay, item):
            # The commit was there all the time, and the receiver has it already.
            self._tally.moved.append(item.subject_id)
            self._confirm()
            return
        source = queueing.out_folder(self._vault) / item.file_name
        done = item.done
        if item.offers:
            # It was all there once and something is not any more: ask after each part.
            done = sender.restart(
                self._relay, box=item.box, zid=item.zid, parts=parts, cancelled=self._ended
            )
        there = sender.offer(
            self._relay,
            box=item.box,
            zid=item.zid,
            source=source,
            parts=parts,
            commit=item.notice,
            done=min(done, len(parts)),
            journal=self,
            cancelled=self._ended,
            answered=self._is_answered,
        )
        if there:
            self._confirm()
        elif self._cancelled():
            self._tally.cancelled = True

    def _is_answered(self) -> bool:
        """Tell whether something lies where the first receipt comes; what it says is for later."""
        name = names.receipt(self._item.reply_box, self._item.zid, 1)
        return self._relay.size(name) is not None

    def _confirm(self) -> None:
        """Keep in one go that it is on the relay and what that means for the handover."""
        vault = self._vault
        with vault.transaction(actor_of(vault), "overdracht aangeboden") as tx:
            held = tx.outbox.get(self._item.item_id)
            if held is None or held.state is not OutboxState.WACHT:
                return
            now = vault.env.now()
            tx.outbox.save(
                replace(
                    held,
                    state=OutboxState.AANGEBODEN,
                    done=len(held.parts),
                    offers=held.offers + 1,
                    offered_at=now,
                    tries=0,
                    reason="",
                    tried_at=now,
                    next_try=now + _spread(vault, POLL),
                    history=with_attempt(held.history, now, OutboxState.AANGEBODEN.value),
                )
            )
            handover = tx.handovers.get(held.subject_id)
            if handover is not None:
                confirmed(vault, tx, handover)
        self._tally.offered.append(self._item.subject_id)

    def _ask_back(self) -> None:
        item, vault = self._item, self._vault
        sender.put_notice(self._relay, item.name, item.notice)
        with vault.transaction(actor_of(vault), "verzoek tot intrekken verstuurd") as tx:
            held = tx.outbox.get(item.item_id)
            if held is None or held.state is not OutboxState.WACHT:
                return
            now = vault.env.now()
            history = with_attempt(held.history, now, OutboxState.KLAAR.value)
            sent = replace(held, state=OutboxState.KLAAR, reason="", next_try=None, history=history)
            tx.outbox.save(replace(sent, offered_at=now, offers=held.offers + 1))

    # ---- receipts --------------------------------------------------------------------------------

    def _look(self) -> None:
        moved = poll(self._vault, self._relay, self._item)
        if moved:
            self._tally.moved.append(self._item.subject_id)
        vault = self._vault
        with vault.read() as records:
            held = records.outbox.get(self._item.item_id)
        if held is None or held.state is not OutboxState.AANGEBODEN:
            return
        lost = not held.seen and self._is_lost(held)
        asked = self._repeat(held, lost=lost)
        with vault.transaction(actor_of(vault), PURPOSE) as tx:
            held = tx.outbox.get(held.item_id)
            if held is None or held.state is not OutboxState.AANGEBODEN:
                return
            now = vault.env.now()
            next_try = now + _spread(vault, POLL)
            looked = replace(held, tries=0, reason="", tried_at=now, next_try=next_try)
            if asked:
                tx.outbox.save(replace(looked, offered_at=now))
            elif lost:
                history = with_attempt(held.history, now, "kwijt")
                again = replace(looked, state=OutboxState.WACHT, done=0, next_try=None)
                tx.outbox.save(replace(again, history=history))
            else:
                tx.outbox.note(looked)

    def _repeat(self, item: OutboxItem, *, lost: bool) -> bool:
        """Put a question again that a relay may have lost; True when one was put.

        A request to destroy that was not answered goes before anything is offered anew. Once a day
        the commit alone is put again where the receiver has the zending and was silent since:
        it answers with all its receipts, so that a receipt that a relay lost comes after all.
        """
        with self._vault.read() as records:
            asked = queueing.asked_back(records, item.subject_id)
            handover = records.handovers.get(item.subject_id)
        unanswered = asked is not None and asked.state is OutboxState.KLAAR and not asked.receipt
        silent = item.offered_at is not None and backoff.is_due(
            item.offered_at, item.offered_at + ASK_AGAIN, self._vault.env.now()
        )
        if asked is not None and unanswered and (lost or silent):
            sender.put_notice(self._relay, asked.name, asked.notice)
            return True
        if item.seen and silent and handover is not None and handover.state not in FINAL:
            sender.put_notice(self._relay, item.name, item.notice)
            return True
        return False

    def _is_lost(self, item: OutboxItem) -> bool:
        """Tell whether the relay lost it: no commit and no receipt, long after it was offered."""
        if item.offered_at is None:
            return False
        due = item.offered_at + MISSED_AFTER
        if not backoff.is_due(item.offered_at, due, self._vault.env.now()):
            return False
        name = names.commit(item.box, item.zid)
        return not sender.is_there(self._relay, name, len(item.notice))


def parts_of(item: OutboxItem) -> tuple[Part, ...]:
    """Return the parts of a zending with their lengths."""
    last = item.file_size - PART * (len(item.parts) - 1)
    lengths = [PART] * (len(item.parts) - 1) + [last]
    return tuple(Part(size, digest) for size, digest in zip(lengths, item.parts, strict=True))


def _spread(vault: Vault, about: timedelta) -> timedelta:
    """Return between 80 % and 120 % of a time, so that laptops do not come all at once."""
    return about * (0.8 + 0.4 * vault.env.fraction())


def _end_if_over(vault: Vault, item: OutboxItem) -> bool:
    """End a zending whose time is over without any answer; True when it did.

    Its time is over only by a clock that the log bears out, and two days late.
    """
    if item.valid_until is None or item.seen:
        return False
    if vault.env.now() <= item.valid_until + GRACE:
        return False
    with vault.read() as records:
        certain = records.moments.clock(vault.env.now()).certain
    if certain is None or certain <= item.valid_until + GRACE:
        return False
    with vault.transaction(actor_of(vault), "overdracht verlopen") as tx:
        held = tx.outbox.get(item.item_id)
        handover = tx.handovers.get(item.subject_id)
        if held is None or held.state not in OPEN or handover is None:
            return False
        if handover.state not in FINAL:
            tx.handovers.save(step(handover, HandoverState.VERLOPEN, vault.env.now()))
        queueing.ask_back(vault, tx, handover)
        held = tx.outbox.get(item.item_id) or held
        now = vault.env.now()
        history = with_attempt(held.history, now, HandoverState.VERLOPEN.value)
        tx.outbox.save(
            replace(held, state=OutboxState.GESTOPT, reason="", next_try=None, history=history)
        )
    return True
