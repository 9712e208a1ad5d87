"""The sender's half: parts, then the commit, by PUT alone; receipts by exact name.

Nothing is deleted, listed or moved, and everything may be done again after a crash: what is there
with the right length is left alone, what has another length is put again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from intake_app.sync import names
from intake_app.sync.driver import Put, Relay
from intake_app.sync.errors import Later, Reason, Refused
from intake_app.sync.notices import RECEIPT_LIMIT
from intake_app.sync.parts import Part, read_part


class Journal(Protocol):
    """What is remembered durably of a zending while it goes."""

    def part_there(self, number: int) -> None:
        """Remember that the parts up to and with `number` (from 0) are on the relay."""
        ...

    def may_commit(self) -> bool:
        """Remember that the commit may be there from now on; False when it ended meanwhile."""
        ...


def offer(
    relay: Relay,
    *,
    box: str,
    zid: str,
    source: Path,
    parts: Sequence[Part],
    commit: bytes,
    done: int,
    journal: Journal,
    cancelled: Callable[[], bool],
    answered: Callable[[], bool] = lambda: False,
    ask_each: bool = False,
) -> bool:
    """Bring a frozen file to the relay and confirm its commit; `done` parts are there already.

    With `ask_each` every part is asked for first, because some of them may be there.
    A quick receiver may take the commit away before it is looked for: `answered` tells whether
    there is an answer of any kind instead. Returns True when the commit is there with its length,
    or was answered; False when `cancelled` said so between two parts or the journal ended it.
    Raises what a relay raises, and Refused(FILE_GONE).
    """
    look_first = True
    for number in range(done, len(parts)):
        if cancelled():
            return False
        data = read_part(source, number, parts[number])
        # A connection that broke may have left this one: asking is cheaper than sending it again.
        put_whole(relay, names.part(box, zid, number), data, look_first=look_first)
        look_first = ask_each
        journal.part_there(number)
    if cancelled() or not journal.may_commit():
        return False
    put_anew(relay, names.commit(box, zid), commit)
    if not is_there(relay, names.commit(box, zid), len(commit)) and not answered():
        raise Later(Reason.SERVER)
    return True


def restart(
    relay: Relay, *, box: str, zid: str, parts: Sequence[Part], cancelled: Callable[[], bool]
) -> int:
    """Return how many parts, from the first on, are still there with their lengths."""
    for number, part in enumerate(parts):
        if cancelled() or relay.size(names.part(box, zid, number)) != part.size:
            return number
    return len(parts)


def put_whole(relay: Relay, name: str, data: bytes, *, look_first: bool = False) -> None:
    """Put a file unless it is there with the right length; one of another length is replaced."""
    if look_first:
        there = relay.size(name)
        if there == len(data):
            return
        if there is not None:
            relay.put(name, data, once=False)
            return
    if relay.put(name, data) is Put.PRESENT and relay.size(name) != len(data):
        relay.put(name, data, once=False)


def put_anew(relay: Relay, name: str, data: bytes) -> None:
    """Put a small file over whatever is there: a right length says nothing about the bytes.

    Nobody but the relay, or who may write in the whole of it, can put something under a name that
    nobody can guess. It has to heal all the same, and few bytes cost as much as asking does.
    """
    if relay.put(name, data) is Put.PRESENT:
        relay.put(name, data, once=False)


def put_notice(relay: Relay, name: str, data: bytes) -> None:
    """Put a commit, withdrawal or receipt, whatever is there, and confirm its length.

    Raises what a relay raises.
    """
    put_anew(relay, name, data)
    if not is_there(relay, name, len(data)):
        raise Later(Reason.SERVER)


def is_there(relay: Relay, name: str, size: int) -> bool:
    """Tell whether a file of that length is on the relay."""
    return relay.size(name) == size


def receipt(relay: Relay, reply_box: str, zid: str, seq: int) -> bytes | None:
    """Return what lies where a receipt would, None where nothing does; nothing is verified.

    What is larger than any receipt comes as b"".
    """
    try:
        return relay.get(names.receipt(reply_box, zid, seq), limit=RECEIPT_LIMIT)
    except Refused:
        return b""
