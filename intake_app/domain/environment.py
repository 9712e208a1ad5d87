"""Clock, identifiers and randomness, handed in from outside so that every run can be repeated."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random, SystemRandom
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class Environment:
    """The three things the program may not invent for itself.

    `now` returns an aware time in UTC; `uuid` a fresh random UUID; `random` that many random bytes.
    """

    now: Callable[[], datetime]
    uuid: Callable[[], UUID]
    random: Callable[[int], bytes]

    def fraction(self) -> float:
        """Return a float in [0, 1) drawn from `random`; forms use it for random()."""
        return int.from_bytes(self.random(7), "big") / 2**56


def real_environment() -> Environment:
    """Return the machine's own clock and cryptographic randomness."""
    SystemRandom()  # fails here, at the root, where the platform has no source of entropy
    return Environment(now=lambda: datetime.now(UTC), uuid=uuid4, random=secrets.token_bytes)


def repeatable_environment(seed: int, start: datetime) -> Environment:
    """Return an environment whose every answer follows from `seed`; for practice and tests only.

    The clock begins at `start` and moves one second at each reading.
    """
    source = Random(seed)  # noqa: S311  (never used for real keys)
    seconds = iter(range(10**9))

    def now() -> datetime:
        return datetime.fromtimestamp(start.timestamp() + next(seconds), tz=UTC)

    return Environment(
        now=now,
        uuid=lambda: UUID(bytes=source.randbytes(16), version=4),
        random=source.randbytes,
    )
