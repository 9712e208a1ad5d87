"""A relay over the web that answers as a test says, and what the driver makes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intake_app.sync import names
from intake_app.sync.errors import Reason, SyncError
from intake_app.sync.webdav import Patience, WebDav

BOX, ZID = "ontvanger1", "c" * 26
PART = names.part(BOX, ZID, 0)
THERE = names.part(BOX, "d" * 26, 0)
"""Lies on the relay of this file, 100,000 bytes long."""
IMPATIENT = Patience(connect=0.4, piece=0.4, whole=2.0)


def every_work(relay: WebDav) -> list[Callable[[], object]]:
    return [
        lambda: relay.put(PART, b"x" * 5000),
        lambda: relay.size(PART),
        lambda: relay.get(PART, limit=10),
        lambda: relay.names(names.inbox(BOX)),
        lambda: relay.drop(PART),
    ]


def meanings(relay: WebDav) -> set[tuple[type[SyncError], Reason]]:
    """Do all five and return what came out; an answer without error fails the test."""
    found = set()
    for work in every_work(relay):
        with pytest.raises(SyncError) as told:
            work()
        found.add((type(told.value), told.value.reason))
    relay.close()
    return found
