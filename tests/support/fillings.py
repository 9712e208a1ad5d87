"""Sessions on forms with a fixed clock, identities that count up, and no chance."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from uuid import UUID

from intake_app.xforms import FormDefinition, FormSession, Snapshot, Texts

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)


def session_of(
    form: FormDefinition,
    *,
    texts: Texts | None = None,
    snapshot: Snapshot | None = None,
    first: int = 1,
) -> FormSession:
    """Open a session; identities count up from `first`."""
    counter = itertools.count(first)
    return FormSession(
        form,
        now=lambda: NOW,
        uuid=lambda: UUID(int=next(counter), version=4),
        random=lambda: 0.5,
        texts=texts,
        snapshot=snapshot,
    )
