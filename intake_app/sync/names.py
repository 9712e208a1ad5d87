"""How files are called on a relay: nothing in a name says who, where, when or what.

    v1/in/<box>/<zid>.0000 …   ciphertext in parts
    v1/in/<box>/<zid>.ok       commit, written last
    v1/in/<box>/<zid>.x        withdrawal
    v1/in/<box>/<zid>.t        probe of a connection test
    v1/uit/<box>/<zid>.r1 … .r9   receipts

Only lower case and digits: file systems that ignore case must not confuse two names.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_PARTS: Final = 10_000
MAX_RECEIPTS: Final = 9
AGAIN: Final = 9
"""The number of the one receipt that is no step: a receiver that lost a zending asks for it."""
_ZID: Final = re.compile(r"[a-z2-7]{26}\Z")
_BOX: Final = re.compile(r"[a-z0-9]{4,64}\Z")
_NAME: Final = re.compile(
    r"v1/(?:in/(?P<box>[a-z0-9]{4,64})/(?P<zid>[a-z2-7]{26})\.(?P<end>[0-9]{4}|ok|x|t)"
    r"|uit/(?P<reply>[a-z0-9]{4,64})/(?P<rzid>[a-z2-7]{26})\.r(?P<seq>[1-9]))\Z"
)


class Kind(StrEnum):
    """What a file on the relay is."""

    PART = "part"
    COMMIT = "ok"
    WITHDRAWAL = "x"
    PROBE = "t"
    RECEIPT = "r"


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `number` is that of a part (from 0) or receipt (from 1), 0 otherwise."""

    kind: Kind
    box: str
    zid: str
    number: int = 0


def new_zid(random: Callable[[int], bytes]) -> str:
    """Return a new identifier of a zending: 16 random bytes as 26 characters of base32."""
    return base64.b32encode(random(16)).decode("ascii").rstrip("=").lower()


def is_zid(text: str) -> bool:
    """Tell whether `text` has the shape of an identifier."""
    return _ZID.match(text) is not None


def is_box(text: str) -> bool:
    """Tell whether `text` has the shape of a box."""
    return _BOX.match(text) is not None


def inbox(box: str) -> str:
    """Return the prefix of everything that comes in for `box`."""
    return f"v1/in/{_checked(box, _BOX)}/"


def outbox(reply_box: str) -> str:
    """Return the prefix of every receipt for `reply_box`."""
    return f"v1/uit/{_checked(reply_box, _BOX)}/"


def part(box: str, zid: str, number: int) -> str:
    """Return the name of a part, from 0 on. Raises ValueError for what makes no name."""
    if not 0 <= number < MAX_PARTS:
        raise ValueError("number of a part")
    return f"{_stem(box, zid)}.{number:04d}"


def commit(box: str, zid: str) -> str:
    """Return the name of the commit, which is written last."""
    return f"{_stem(box, zid)}.ok"


def withdrawal(box: str, zid: str) -> str:
    """Return the name of the withdrawal."""
    return f"{_stem(box, zid)}.x"


def probe(box: str, zid: str) -> str:
    """Return the name of a probe, put and dropped by a connection test in its own box."""
    return f"{_stem(box, zid)}.t"


def receipt(reply_box: str, zid: str, seq: int) -> str:
    """Return the name of a receipt, from 1 to 9."""
    if not 1 <= seq <= MAX_RECEIPTS:
        raise ValueError("number of a receipt")
    return f"{outbox(reply_box)}{_checked(zid, _ZID)}.r{seq}"


def parse(name: str) -> Name | None:
    """Return what a name says, None for every name that this program does not make."""
    found = _NAME.match(name)
    if found is None:
        return None
    if found["reply"] is not None:
        return Name(Kind.RECEIPT, found["reply"], found["rzid"], int(found["seq"]))
    end = found["end"]
    if end.isdigit():
        return Name(Kind.PART, found["box"], found["zid"], int(end))
    return Name(Kind(end), found["box"], found["zid"])


def check(name: str) -> str:
    """Return `name` if this program could have made it; ValueError otherwise.

    For drivers: nothing else ever becomes a path or an address.
    """
    if parse(name) is None:
        raise ValueError("not a name on a relay")
    return name


def _stem(box: str, zid: str) -> str:
    return f"{inbox(box)}{_checked(zid, _ZID)}"


def _checked(text: str, shape: re.Pattern[str]) -> str:
    if shape.match(text) is None:
        raise ValueError("not part of a name on a relay")
    return text
