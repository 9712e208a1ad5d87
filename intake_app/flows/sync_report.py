"""What a pass of sync says afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from intake_app.sync.errors import Reason


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What came of sending and of asking for receipts."""

    offered: tuple[UUID, ...] = ()
    """Handovers that the relay confirmed in this pass."""
    moved: tuple[UUID, ...] = ()
    """Handovers that a verified receipt brought further."""
    failed: int = 0
    """Items that have to wait for another try."""
    bytes_sent: int = 0
    paused: Reason | None = None
    """Why the relay could not be used at all."""
    cancelled: bool = False
    next_at: datetime | None = None
    """When there is something to do again, None for nothing that waits."""


@dataclass(frozen=True, slots=True)
class ReceiveReport:
    """What came of emptying a box."""

    arrived: tuple[str, ...] = ()
    """The zids that came in, verified and durable."""
    withdrawn: tuple[str, ...] = ()
    again: int = 0
    """Zendingen that were here already; they were answered again."""
    answered: int = 0
    """Receipts that were put on the relay."""
    refused: int = 0
    """What lies there and is not what it says it is."""
    failed: int = 0
    bytes_received: int = 0
    paused: Reason | None = None
    trouble: Reason | None = None
    """Why the last thing that has to be tried again did not go, None when all went."""
    cancelled: bool = False
    next_at: datetime | None = None

    @property
    def received(self) -> int:
        """How many zendingen came in."""
        return len(self.arrived)


@dataclass(slots=True)
class Tally:
    """Counts while a pass runs."""

    offered: list[UUID] = field(default_factory=list)
    moved: list[UUID] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    again: int = 0
    answered: int = 0
    refused: int = 0
    failed: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    paused: Reason | None = None
    cancelled: bool = False
    wait_until: datetime | None = None
    """The relay asked everybody to wait until then."""
