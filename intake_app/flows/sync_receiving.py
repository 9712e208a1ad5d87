"""Empty our own box: verify, keep, answer, and only then clear up.

For every zending the order is: commit verified, ciphertext durable in `binnengekomen`, row and
receipt in one transaction, receipt on the relay, parts dropped, commit dropped last. Stopped
anywhere, the next pass goes on; what comes again gets the same receipts again.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from intake_app.domain.transport import Arrival, ArrivalState, OutboxItem, OutboxKind, OutboxState
from intake_app.flows import arrived, queueing, removed_stub, sync_arriving, sync_upkeep
from intake_app.flows.acting import actor_of
from intake_app.flows.recipient import current_book
from intake_app.flows.sync_outcome import PURPOSE, Passing
from intake_app.flows.sync_report import ReceiveReport, Tally
from intake_app.sync import backoff, names, receiver, sender
from intake_app.sync.commit import Commit, Signer, Signers, read_commit
from intake_app.sync.errors import Later, Paused, Reason, Refused, SyncError
from intake_app.sync.notices import Withdrawal, read_withdrawal
from intake_app.vault.stores.outbox import with_attempt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from intake_app.sync.driver import Box
    from intake_app.sync.receiver import Found
    from intake_app.vault import Vault

HEAL_TIMES: Final = 3
HEAL_AFTER: Final = timedelta(hours=1)
"""So often and so long a verified commit may lack its parts before it is dropped: the sender then
finds it gone without a receipt, and offers everything anew."""
MOST_REFUSED_IN_A_PASS: Final = 100
"""After so many that are not what they say they are, a pass leaves what it does not know yet: each
may cost half a megabyte, and whoever may write in the box can put any number of them there."""
ROOM: Final = 64 * 1024 * 1024
"""In bytes: what has to stay free on the disk for the vault itself."""


def run(
    vault: Vault,
    box: Box,
    *,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None] | None,
    force: bool,
) -> ReceiveReport:
    """See `sync_now.receive_once`."""
    tally = Tally()
    passing = Passing(vault, tally)
    receiving = _Receiving(vault, box, tally, passing, cancelled, progress, force=force)
    sync_upkeep.sweep(vault)
    sync_upkeep.end_unopened(vault)
    sync_upkeep.ask_for_lost(vault)
    receiving.all()
    return ReceiveReport(
        arrived=tuple(tally.arrived),
        withdrawn=tuple(tally.withdrawn),
        again=tally.again,
        answered=tally.answered,
        refused=tally.refused,
        failed=tally.failed,
        bytes_received=tally.bytes_done,
        paused=tally.paused or receiving.full,
        trouble=receiving.trouble,
        cancelled=tally.cancelled,
        next_at=receiving.next_at(),
    )


class _Receiving:
    """One pass over one relay."""

    def __init__(
        self,
        vault: Vault,
        box: Box,
        tally: Tally,
        passing: Passing,
        cancelled: Callable[[], bool],
        progress: Callable[[int, int], None] | None,
        *,
        force: bool,
    ) -> None:
        self._box, self._passing = box, passing
        self._vault, self._tally, self._force = vault, tally, force
        self._cancelled, self._progress = cancelled, progress
        self._keys = queueing.keys_of(vault)
        with vault.read() as records:
            self._book = book = current_book(records)
        self._refused = 0
        self._verified: tuple[Commit, Signer] | None = None
        self.full: Reason | None = None
        """DISK_FULL when a zending did not fit on this disk; the others came."""
        self.trouble: Reason | None = None
        self._signers: Signers = queueing.signers_of(book, vault.env.now().date())
        self._own_boxes = queueing.boxes_of(book, self._keys.organisation_id)

    def all(self) -> None:
        """Take in what there is, then put the receipts that still wait."""
        if not self._own_boxes:
            self._tally.paused = Reason.BOX_UNKNOWN
            return
        for own_box in self._own_boxes:
            if not self._empty(own_box):
                return
        for item in self._due_receipts():
            if self._stopped() or not self._passing.go(partial(self._put, item), item):
                return

    def _empty(self, own_box: str) -> bool:
        found: list[Found] = []

        def look() -> None:
            found.extend(receiver.look(self._box, own_box))

        if not self._passing.go(partial(self._noting, look), None):
            return False
        for each, is_known in self._in_turn(found):
            if not is_known and self._refused >= MOST_REFUSED_IN_A_PASS:
                continue
            if self._stopped() or not self._passing.go(
                partial(self._noting, partial(self._take, each)), None
            ):
                return False
        return True

    def _noting(self, what: Callable[[], None]) -> None:
        try:
            what()
        except Later as error:
            self.trouble = error.reason
            raise

    def _in_turn(self, found: list[Found]) -> list[tuple[Found, bool]]:
        """Return what this pass looks at, in its order, and whether it came in before.

        What somebody put there to be in the way comes last: what came in before goes first, then
        what has parts and was never refused. Of many that look alike others come first each time.
        """
        with self._vault.read() as records:
            known = records.arrivals.zids()
            refused = {each.zid: each for each in records.arrivals.refused()}
        now = self._vault.env.now()
        groups: list[list[Found]] = [[], [], [], []]
        for each in found:
            before = refused.get(each.zid)
            waits = before is not None and not backoff.is_due(before.last_at, before.next_try, now)
            if each.zid in known:
                groups[0].append(each)
            elif not waits or self._force:
                at = (2 if before is not None else 1) if each.parts else 3
                groups[at].append(each)
        for group in groups[1:]:
            if len(group) > MOST_REFUSED_IN_A_PASS:
                group.sort(key=lambda _each: self._vault.env.random(4))
        ordered = [each for group in groups for each in group]
        return [(each, each.zid in known) for each in ordered[: receiver.MOST_AT_ONCE]]

    def _stopped(self) -> bool:
        self._tally.cancelled = self._tally.cancelled or self._cancelled()
        return self._tally.cancelled

    # ---- one zending -----------------------------------------------------------------------------

    def _take(self, found: Found) -> None:
        """Take in one zending or withdrawal; raises what a relay and the vault raise."""
        with self._vault.read() as records:
            there = records.arrivals.get(found.zid)
            refused = records.arrivals.refusal(found.zid)
        now = self._vault.env.now()
        waits = refused is not None and not backoff.is_due(refused.last_at, refused.next_try, now)
        if waits and not self._force:
            return
        try:
            if there is None or self._is_of_another(found, there):
                self._new(found)
            else:
                self._again(found, there)
        except (Refused, receiver.DamagedPart) as error:
            self._refuse(found, error)

    def _is_of_another(self, found: Found, there: Arrival) -> bool:
        """Tell whether only a withdrawal was seen under this zid, and a commit now is by another.

        Whoever knows a zid may sign a withdrawal of their own for it: that must not keep the
        real zending out.
        """
        if not found.has_commit or not sync_arriving.is_phantom(there):
            return False
        try:
            commit, _by, _raw = self._commit(found)
        except Refused:
            return False
        return commit is not None and commit.sender != there.sender_id

    def _new(self, found: Found) -> None:
        notice = self._withdrawal(found) if found.has_withdrawal else None
        if notice is not None and not found.has_commit:
            self._withdrawn_unseen(found, *notice)
            return
        if not found.has_commit:
            raise Refused
        commit, by, raw = self._commit(found)
        if commit is None or by is None:
            return  # it was dropped between looking and asking
        if notice is not None and self._is_about(notice[0], commit):
            self._withdrawn_unseen(found, *notice)
            return
        self._verified = commit, by
        with self._vault.read() as records:
            stub = records.removals.received_from(commit.sender, commit.handover_id)
        if stub is not None:
            # It was here, was decided on, and its term is over: nothing is kept of it again.
            removed_stub.answer(self._vault, self._box, commit, by, stub)
            receiver.clear(self._box, found)
            return
        state = self._state_on_arrival(commit)
        path = None
        if state is ArrivalState.ONTVANGEN:
            path = self._fetch(commit)
            if path is None:
                self._tally.cancelled = True
                return
        before = self._answered_before(commit, by)
        came = sync_arriving.arrive(self._vault, commit, by, state, raw, answered=before)
        if came and state is not ArrivalState.VERLOPEN:
            self._tally.arrived.append(commit.zid)
        if state is not ArrivalState.ONTVANGEN and path is not None:
            queueing.discard(path)
        self._answer_and_clear(found)

    def _answered_before(self, commit: Commit, by: Signer) -> int:
        """Return how many receipts lie there that this vault knows nothing of: it was put back.

        The sender heard those and listens for the next number.
        """
        now = self._vault.env.now()
        with self._vault.read() as records:
            asked = queueing.asked_again(records, sync_arriving.arrival_of(commit, by, now))
        if asked is None:
            return 0
        for number in range(1, removed_stub.MOST_BEFORE + 1):
            name = names.receipt(commit.reply_box, commit.zid, number)
            if self._box.size(name) is None:
                return number - 1
        return removed_stub.MOST_BEFORE

    def _commit(self, found: Found) -> tuple[Commit | None, Signer | None, bytes]:
        """Return the verified commit, None when it is gone; raises Refused for any other."""
        data = receiver.commit_file(self._box, found)
        if data is None:
            return None, None, b""
        commit, by = read_commit(
            data,
            self._keys.identities,
            zid=found.zid,
            box=found.box,
            own=self._keys.organisation_id,
            signers=self._signers,
        )
        if queueing.is_box_of_another(self._book, commit.sender, commit.reply_box):
            raise Refused
        return commit, by, data

    def _withdrawal(self, found: Found) -> tuple[Withdrawal, Signer] | None:
        """Return the verified withdrawal, None for one that is not: it changes nothing."""
        data = receiver.withdrawal_file(self._box, found)
        if data is None:
            return None
        try:
            notice, by = read_withdrawal(
                data,
                self._keys.identities,
                zid=found.zid,
                box=found.box,
                own=self._keys.organisation_id,
                signers=self._signers,
            )
        except Refused:
            return None
        if queueing.is_box_of_another(self._book, notice.sender, notice.reply_box):
            return None
        return notice, by

    def _state_on_arrival(self, commit: Commit) -> ArrivalState:
        """Return what it will be: new, overtaken by a newer version, or here already by stick."""
        with self._vault.read() as records:
            return sync_arriving.state_of(self._vault, records, commit)

    def _fetch(self, commit: Commit) -> Path | None:
        from intake_app.sync.parts import disk

        with disk():
            folder = queueing.in_folder(self._vault)
            free = shutil.disk_usage(folder).free
            there = sum(path.stat().st_size for path in folder.glob(f".{commit.zid}.deel"))
        if free < commit.size - there + ROOM:
            raise self._does_not_fit(folder, commit.zid)
        self._tally.bytes_total += commit.size
        try:
            return receiver.fetch(
                self._box, commit, folder, cancelled=self._cancelled, progress=self._came
            )
        except Paused as error:
            if error.reason is not Reason.DISK_FULL:
                raise
            raise self._does_not_fit(folder, commit.zid) from None

    def _does_not_fit(self, folder: Path, zid: str) -> Later:
        """Return what to raise for a zending that is too large for this disk; half of it goes."""
        receiver.forget(folder, zid)
        self.full = Reason.DISK_FULL
        return Later(Reason.DISK_FULL)

    def _came(self, count: int) -> None:
        self._tally.bytes_done += count
        if self._progress is not None:
            self._progress(self._tally.bytes_done, self._tally.bytes_total)

    # ---- seen before, and withdrawals ------------------------------------------------------------

    def _again(self, found: Found, there: Arrival) -> None:
        """Answer again with the same receipts, then clear up; a withdrawal is looked at first."""
        if found.has_withdrawal:
            notice = self._withdrawal(found)
            if notice is not None and self._is_of(notice[0], there):
                self._withdrawn(there.zid)
        if found.has_commit:
            self._tally.again += 1
            if arrived.lost(self._vault, there) and found.parts and not self._found_again(found):
                return
            self._put_again(there.zid)
        if there.state is ArrivalState.DOORGEGEVEN:
            # A withdrawal stays for whoever passes it on: the colleague's vault has to answer it.
            found = replace(found, has_withdrawal=False)
        self._answer_and_clear(found)

    def _found_again(self, found: Found) -> bool:
        """Fetch what was lost here and is offered anew; False when it has to wait."""
        commit, by, _raw = self._commit(found)
        with self._vault.read() as records:
            there = records.arrivals.get(found.zid)
        if commit is None or by is None or there is None:
            return False
        if (commit.sender, commit.sha256) != (there.sender_id, there.file_sha256):
            raise Refused
        self._verified = commit, by
        if self._fetch(commit) is None:
            self._tally.cancelled = True
            return False
        with self._vault.transaction(actor_of(self._vault), "zending ontvangen") as tx:
            queueing.stop_asking(self._vault, tx, there)
            tx.arrivals.forgive(found.zid)
        return True

    @staticmethod
    def _is_of(notice: Withdrawal, there: Arrival) -> bool:
        return (notice.sender, notice.sha256) == (there.sender_id, there.file_sha256)

    @staticmethod
    def _is_about(notice: Withdrawal, commit: Commit) -> bool:
        return (notice.sender, notice.sha256) == (commit.sender, commit.sha256)

    def _withdrawn(self, zid: str) -> None:
        if sync_arriving.withdrawn(self._vault, zid):
            self._tally.withdrawn.append(zid)

    def _withdrawn_unseen(self, found: Found, notice: Withdrawal, by: Signer) -> None:
        sync_arriving.withdrawn_unseen(self._vault, notice, by, was_offered=found.has_commit)
        self._tally.withdrawn.append(found.zid)
        self._answer_and_clear(found)

    # ---- receipts --------------------------------------------------------------------------------

    def _answer_and_clear(self, found: Found) -> None:
        """Put the receipts that wait, then drop the parts, the commit last."""
        for item in self._receipts(found.zid, OutboxState.WACHT):
            try:
                self._put(item)
            except (Later, Refused) as error:
                asked = error.retry_after if isinstance(error, Later) else None
                self._passing.failed(item, error.reason, asked)
                raise
        receiver.clear(self._box, found)
        receiver.clear_withdrawal(self._box, found)

    def _put_again(self, zid: str) -> None:
        for item in self._receipts(zid, OutboxState.KLAAR):
            sender.put_notice(self._box, item.name, item.notice)

    def _receipts(self, zid: str, state: OutboxState) -> list[OutboxItem]:
        with self._vault.read() as records:
            there = records.arrivals.get(zid)
            if there is None:
                return []
            mine = records.outbox.of_subject(there.inbox_id)
        return sorted(
            (i for i in mine if i.zid == zid and i.kind is OutboxKind.BEWIJS and i.state is state),
            key=lambda item: item.name,
        )

    def _put(self, item: OutboxItem) -> None:
        """Put one receipt and keep that it is there."""
        sender.put_notice(self._box, item.name, item.notice)
        vault = self._vault
        with vault.transaction(actor_of(vault), "bewijs verstuurd") as tx:
            held = tx.outbox.get(item.item_id)
            if held is None or held.state is not OutboxState.WACHT:
                return
            now = vault.env.now()
            history = with_attempt(held.history, now, OutboxState.KLAAR.value)
            done = replace(held, state=OutboxState.KLAAR, reason="", next_try=None, history=history)
            tx.outbox.save(replace(done, offered_at=now, offers=held.offers + 1))
        self._tally.answered += 1

    def _due_receipts(self) -> list[OutboxItem]:
        now = self._vault.env.now()
        with self._vault.read() as records:
            return [
                item
                for item in records.outbox.open()
                if item.kind is OutboxKind.BEWIJS
                and (self._force or backoff.is_due(item.tried_at, item.next_try, now))
            ]

    def next_at(self) -> datetime | None:
        """Return when a receipt is due again, None when none waits."""
        with self._vault.read() as records:
            waits = [
                item.next_try or self._vault.env.now()
                for item in records.outbox.open()
                if item.kind is OutboxKind.BEWIJS
            ]
        return min(waits, default=None)

    # ---- refused ---------------------------------------------------------------------------------

    def _refuse(self, found: Found, error: Refused | receiver.DamagedPart) -> None:
        """Remember that something is not what it says it is; nothing of it was taken.

        A verified commit whose parts stay wrong is dropped in the end, with those parts: then the
        sender offers it anew. What is not verified stays for whoever runs the relay.
        """
        vault = self._vault
        self._tally.refused += 1
        reason = error.reason if isinstance(error, SyncError) else Reason.REFUSED
        damaged = isinstance(error, receiver.DamagedPart)
        self._refused += not damaged
        with vault.transaction(actor_of(vault), PURPOSE) as tx:
            before = tx.arrivals.refusal(found.zid)
            now = vault.env.now()
            times = (before.times if before is not None else 0) + 1
            wait = backoff.wait(times, vault.env.fraction())
            tx.arrivals.refuse(found.zid, now, reason.value, now + wait)
            since = now if before is None else before.first_at
            long = now - since >= HEAL_AFTER or now < since
            heals = damaged and times >= HEAL_TIMES and long
            if heals and self._verified is not None and self._verified[0].zid == found.zid:
                # A sender that heard from us before this vault was put back offers it only when
                # we say that we have nothing.
                queueing.ask_again(
                    vault, tx, sync_arriving.arrival_of(*self._verified, now), at=now
                )
        if heals and isinstance(error, receiver.DamagedPart):
            wrong = frozenset(error.numbers)
            if self._verified is not None and self._verified[0].zid == found.zid:
                wrong |= receiver.damaged(
                    self._box, self._verified[0], max(wrong) + 1, cancelled=self._cancelled
                )
            receiver.clear(self._box, replace(found, parts=wrong & found.parts))
