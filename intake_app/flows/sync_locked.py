"""Sending on while the program is locked: only what is sealed already, without the vault.

Locking ends the process, so that no key stays in memory. Where a person allowed it, a second small
process gets an errand just before: the address and login of the relay, and for each zending the
name of its frozen ciphertext on disk and its signed commit. It has no key of the vault and can open
nothing. What it brought to the relay is found there by the next turn after unlocking; whatever both
put is the same bytes under the same names.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intake_app.flows import queueing, relays
from intake_app.flows.acting import actor_of
from intake_app.sync import backoff, names, sender
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.errors import Later, Refused, SyncError
from intake_app.sync.parts import PART, Part

if TYPE_CHECKING:
    from intake_app.domain.transport import OutboxItem
    from intake_app.sync.driver import Relay
    from intake_app.vault import Vault

LONGEST: Final = 4 * 3600.0
"""Seconds that an errand lasts; what is left then waits for the unlocked program."""
LIMIT: Final = 64 * 1024 * 1024
"""Bytes of an errand; the ciphertext itself stays on disk."""
_MARK: Final = ".onderweg"

Wait = Callable[[float], bool]
"""Waits so many seconds; True when it has to end."""


@dataclass(frozen=True, slots=True)
class ErrandItem:
    """One zending: where its ciphertext lies and what was signed about it."""

    box: str
    zid: str
    file: str
    size: int
    parts: tuple[str, ...]
    """SHA-256 (hex) of each part in order."""
    done: int
    commit: bytes = field(repr=False)
    reply_box: str = ""
    """Where a receiver that is quicker than we are answers; '' asks nothing."""

    def cut(self) -> tuple[Part, ...]:
        """Return the parts with their lengths."""
        whole = len(self.parts) - 1
        lengths = [PART] * whole + [self.size - whole * PART]
        return tuple(Part(size, digest) for size, digest in zip(lengths, self.parts, strict=True))


@dataclass(frozen=True, slots=True)
class Errand:
    """All there is to bring, the smallest first. It ends when the mark on disk is another one."""

    place: RelayPlace
    mark: str
    token: str
    items: tuple[ErrandItem, ...]


def prepare(vault: Vault, *, is_metered: bool = False) -> Errand | None:
    """Return what may go on while locked, None for nothing; to be called before the vault closes.

    On a metered connection only what needs no question. From here on each commit may be on the
    relay, and the vault remembers so.
    """
    wanted = relays.settings(vault)
    if wanted.send is None or not wanted.while_locked:
        return None
    with vault.read() as records:
        waiting = [item for item in records.outbox.open() if _may_go(item)]
    waiting.sort(key=lambda item: (item.file_size, item.item_id))
    if not waiting or (
        is_metered and sum(item.file_size for item in waiting) > wanted.ask_above_bytes
    ):
        return None
    folder = queueing.out_folder(vault)
    mark = folder / _MARK
    token = vault.env.random(16).hex()
    with vault.transaction(actor_of(vault), "versturen gaat vergrendeld door") as tx:
        for item in waiting:
            tx.outbox.note(replace(item, committing=True))
    mark.write_text(token, encoding="ascii")
    items = tuple(
        ErrandItem(
            box=item.box,
            zid=item.zid,
            file=str(folder / item.file_name),
            size=item.file_size,
            parts=item.parts,
            done=item.done,
            commit=item.notice,
            reply_box=item.reply_box,
        )
        for item in waiting
    )
    return Errand(wanted.send, str(mark), token, items)


def _may_go(item: OutboxItem) -> bool:
    from intake_app.domain.transport import OutboxKind, OutboxState

    return item.kind is OutboxKind.ZENDING and item.state is OutboxState.WACHT


def call_back(vault: Vault) -> None:
    """Have an errand of before end between two parts: the vault is open again."""
    with suppress(OSError):
        (queueing.out_folder(vault) / _MARK).unlink(missing_ok=True)


def to_bytes(errand: Errand) -> bytes:
    """Return the errand for the pipe to the other process; it never touches a disk."""
    plain = asdict(errand)
    for item in plain["items"]:
        item["commit"] = base64.b64encode(item["commit"]).decode("ascii")
    return json.dumps(plain).encode()


def from_bytes(raw: bytes) -> Errand:
    """Return the errand of a pipe. Raises ValueError for anything else."""
    try:
        plain: dict[str, Any] = json.loads(raw)
        place = RelayPlace(**plain["place"])
        items = tuple(
            ErrandItem(
                **{
                    **each,
                    "parts": tuple(each["parts"]),
                    "commit": base64.b64decode(each["commit"], validate=True),
                }
            )
            for each in plain["items"]
        )
        return Errand(place, plain["mark"], plain["token"], items)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an errand") from error


def carry(
    errand: Errand,
    connect: Callable[[RelayPlace], Relay],
    *,
    fraction: Callable[[], float],
    wait: Wait | None = None,
    longest: float = LONGEST,
) -> int:
    """Bring everything to the relay, trying again as long as it takes; return how many are there.

    Ends when all is there, when the mark says so, when `wait` says so, or after `longest` seconds
    of waiting. One bad item never holds up the others. Raises nothing a network or disk can do.
    """
    pause = wait or threading.Event().wait
    left, brought, tries, waited = list(errand.items), 0, 0, 0.0
    while left and not _ended(errand):
        round_ = _Round(errand, connect)
        round_.go(left)
        brought += round_.brought
        tries = 0 if len(round_.left) < len(left) else tries + 1
        left = round_.left
        if not left:
            break
        delay = backoff.wait(max(tries, 1), fraction(), round_.asked)
        seconds = max(1.0, delay.total_seconds())
        waited += seconds
        if waited > longest or pause(seconds):
            break
    return brought


class _Round:
    """One try of each item on one connection."""

    def __init__(self, errand: Errand, connect: Callable[[RelayPlace], Relay]) -> None:
        self._errand, self._connect = errand, connect
        self.left: list[ErrandItem] = []
        self.brought = 0
        self.asked: float | None = None

    def go(self, items: list[ErrandItem]) -> None:
        """Try; what has to be tried again is in `left` afterwards."""
        self.left = list(items)
        with suppress(SyncError):
            relay = self._connect(self._errand.place)
            try:
                for item in items:
                    if _ended(self._errand):
                        return
                    self._try(relay, item)
            finally:
                relay.close()

    def _try(self, relay: Relay, item: ErrandItem) -> None:
        try:
            if _offer(self._errand, relay, item):
                self.brought += 1
                self.left.remove(item)
        except Refused:
            # the open vault finds out too, and says so
            self.left.remove(item)
        except Later as error:
            self.asked = max(self.asked or 0.0, error.retry_after or 0.0) or None


def _offer(errand: Errand, relay: Relay, item: ErrandItem) -> bool:
    return sender.offer(
        relay,
        box=item.box,
        zid=item.zid,
        source=Path(item.file),
        parts=item.cut(),
        commit=item.commit,
        done=item.done,
        journal=_NoJournal(),
        cancelled=lambda: _ended(errand),
        answered=lambda: _is_answered(relay, item),
    )


def _is_answered(relay: Relay, item: ErrandItem) -> bool:
    if not item.reply_box:
        return False
    return relay.size(names.receipt(item.reply_box, item.zid, 1)) is not None


class _NoJournal:
    """Nothing is remembered: the open vault looks at what is there."""

    def part_there(self, number: int) -> None:
        """See `sender.Journal`."""

    def may_commit(self) -> bool:
        """See `sender.Journal`; the vault remembered it when the errand was made."""
        return True


def _ended(errand: Errand) -> bool:
    try:
        return Path(errand.mark).read_text(encoding="ascii") != errand.token
    except OSError:
        return True


def is_sound(errand: Errand) -> bool:
    """True when every name in it is one this program makes; for who read it from a pipe."""
    return all(
        names.is_box(item.box)
        and names.is_zid(item.zid)
        and (not item.reply_box or names.is_box(item.reply_box))
        for item in errand.items
    )
