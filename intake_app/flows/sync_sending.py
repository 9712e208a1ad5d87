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
from intake_app.flows.sync_receipts import asked_again, poll
from intake_app.flows.sync_report import SyncReport, Tally
from intake_app.sync import backoff, names, sender
from intake_app.sync.errors import SyncError
from intake_app.sync.notices import ReceiptKind
from intake_app.sync.parts import PART, Part
from intake_app.vault.stores.outbox import with_attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

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
LISTEN: Final = timedelta(days=60)
"""So long after its time it is still asked, once a day, whether a receipt came after all."""
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
    # The disk's own clock: nothing of the vault depends on it.
    freezing.sweep(vault, _disk_time(vault))
    if settings.send is None:
        return SyncReport()
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
            for item in (*records.outbox.open(), *_late(records.outbox.stopped(), now))
            if item.kind is not OutboxKind.BEWIJS
            and (only is None or only in {item.item_id, item.subject_id})
            and (force or only is not None or is_due(item, now))
        ]
    return sorted(found, key=lambda item: (_cost(item), item.item_id))


def _late(stopped: Iterable[OutboxItem], now: datetime) -> list[OutboxItem]:
    """Return those whose time was over without an answer, and whose answer may come yet."""
    return [
        item
        for item in stopped
        if item.valid_until is not None and now <= item.valid_until + GRACE + LISTEN
    ]


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
    return _bytes_left(item) if item.state is OutboxState.WACHT else _POLL_COST


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
        if held is None or (held.state not in OPEN and not _is_stopped_out_there(held)):
            return
        self._item = held
        if held.kind is OutboxKind.INTREKKING:
            self._ask_back()
        elif held.state is OutboxState.GESTOPT:
            self._listen()
        elif _is_over(self._vault, held) and not self._is_answered_late():
            _end(self._vault, held)
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
        source = queueing.out_folder(self._vault) / item.file_name
        if self._is_out_already(source):
            return
        with self._vault.read() as records:
            asked = queueing.asked_back(records, item.subject_id)
        if asked is not None:
            self._send_nothing_more()
            return
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
            ask_each=bool(item.offers),
        )
        if there:
            self._confirm()
        elif self._cancelled():
            self._tally.cancelled = True

    def _is_out_already(self, source: Path) -> bool:
        """Tell whether the receiver has it or can take it, and keep that; nothing is sent.

        Asked when the commit may have gone before, and when the ciphertext is not here: a vault
        that was put back does not remember what it sent.
        """
        item = self._item
        is_here = source.exists()
        if not item.committing and is_here:
            return False
        if self._polled():
            self._confirm()
            return True
        with self._vault.read() as records:
            is_asked_back = queueing.asked_back(records, item.subject_id) is not None
        if is_here and not is_asked_back:
            return False  # to be offered: what is there is left alone
        if self._relay.size(names.commit(item.box, item.zid)) is None:
            return False
        self._confirm()
        return True

    def _polled(self) -> bool:
        if not poll(self._vault, self._relay, self._item):
            return False
        self._tally.moved.append(self._item.subject_id)
        return True

    def _send_nothing_more(self) -> None:
        """It was withdrawn while its commit may have been out, and it is not: leave it so.

        The request to destroy it stays on the relay for whoever finds parts, and is answered.
        """
        vault = self._vault
        with vault.transaction(actor_of(vault), "wacht op antwoord na intrekken") as tx:
            held = tx.outbox.get(self._item.item_id)
            if held is None or held.state is not OutboxState.WACHT:
                return
            now = vault.env.now()
            later = now + _spread(vault, POLL)
            still = replace(held, state=OutboxState.AANGEBODEN, tries=0, reason="", tried_at=now)
            tx.outbox.save(replace(still, offered_at=now, next_try=later))

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
                    committing=True,
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

    def _is_answered_late(self) -> bool:
        """Ask once more before it is over: a laptop may have been away longer than its time."""
        if not self._polled():
            return False
        with self._vault.read() as records:
            self._item = records.outbox.get(self._item.item_id) or self._item
        if self._item.state is OutboxState.WACHT:
            self._confirm()
        return True

    def _listen(self) -> None:
        """Ask after a zending whose time is over: a receipt is worth more than our clock."""
        self._polled()
        vault = self._vault
        with vault.transaction(actor_of(vault), PURPOSE) as tx:
            held = tx.outbox.get(self._item.item_id)
            if held is not None and held.state is OutboxState.GESTOPT:
                now = vault.env.now()
                next_try = now + _spread(vault, ASK_AGAIN)
                tx.outbox.note(replace(held, tried_at=now, next_try=next_try, reason=""))

    def _look(self) -> None:
        self._polled()
        vault = self._vault
        with vault.read() as records:
            held = records.outbox.get(self._item.item_id)
        if held is None or held.state is not OutboxState.AANGEBODEN:
            return
        lost = not held.seen and self._is_lost(held)
        wanted = self._wanted_again(held)
        asked = wanted is None and self._repeat(held, lost=lost)
        with vault.transaction(actor_of(vault), PURPOSE) as tx:
            held = tx.outbox.get(held.item_id)
            if held is None or held.state is not OutboxState.AANGEBODEN:
                return
            now = vault.env.now()
            next_try = now + _spread(vault, POLL)
            looked = replace(held, tries=0, reason="", tried_at=now, next_try=next_try)
            if asked:
                tx.outbox.save(replace(looked, offered_at=now))
            elif lost or wanted is not None:
                what = ReceiptKind.OPNIEUW.value if wanted is not None else "kwijt"
                history = with_attempt(held.history, wanted or now, what)
                again = replace(looked, state=OutboxState.WACHT, done=0, next_try=None)
                tx.outbox.save(replace(again, history=history))
            else:
                tx.outbox.note(looked)

    def _repeat(self, item: OutboxItem, *, lost: bool) -> bool:
        """Put a question again that a relay may have lost; True when one was put.

        A request to destroy that was not answered goes before anything is offered anew. Once a day
        the commit alone is put again where nothing was heard: a receiver that has the zending
        answers with all its receipts, so that what a relay lost comes after all, and one that
        found other bytes under that name finds the right ones.
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
        if silent and not lost and handover is not None and handover.state not in FINAL:
            sender.put_notice(self._relay, item.name, item.notice)
            return True
        return False

    def _wanted_again(self, item: OutboxItem) -> datetime | None:
        """Return when a receiver that had it asked for all of it again, None when it did not."""
        if not item.seen:
            return None
        with self._vault.read() as records:
            handover = records.handovers.get(item.subject_id)
            asked = queueing.asked_back(records, item.subject_id)
        if handover is None or handover.state in FINAL or asked is not None:
            return None
        return asked_again(self._vault, self._relay, item)

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


def _is_stopped_out_there(item: OutboxItem) -> bool:
    """Tell whether an ended zending may have reached the receiver all the same."""
    is_zending = item.kind is OutboxKind.ZENDING
    return is_zending and item.state is OutboxState.GESTOPT and item.committing


def _is_over(vault: Vault, item: OutboxItem) -> bool:
    """Tell whether the time of a zending is over without any answer that we know.

    Only by a clock that the log bears out, and two days late.
    """
    if item.valid_until is None or item.seen:
        return False
    if vault.env.now() <= item.valid_until + GRACE:
        return False
    with vault.read() as records:
        certain = records.moments.clock(vault.env.now()).certain
    return certain is not None and certain > item.valid_until + GRACE


def _end(vault: Vault, item: OutboxItem) -> None:
    """End a zending whose time is over; the relay was asked and has no receipt."""
    with vault.transaction(actor_of(vault), "overdracht verlopen") as tx:
        held = tx.outbox.get(item.item_id)
        handover = tx.handovers.get(item.subject_id)
        if held is None or held.state not in OPEN or held.seen or handover is None:
            return
        if handover.state not in FINAL:
            tx.handovers.save(step(handover, HandoverState.VERLOPEN, vault.env.now()))
        queueing.ask_back(vault, tx, handover)
        held = tx.outbox.get(item.item_id) or held
        now = vault.env.now()
        history = with_attempt(held.history, now, HandoverState.VERLOPEN.value)
        ended = replace(held, state=OutboxState.GESTOPT, reason="", history=history)
        tx.outbox.save(replace(ended, tried_at=now, next_try=now + _spread(vault, ASK_AGAIN)))
