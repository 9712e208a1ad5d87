"""A session with fixed clock, identities and chance, for the recorded cases."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from intake_app.xforms import FormDefinition, FormSession


@pytest.fixture
def fill() -> Callable[[FormDefinition], FormSession]:
    """Open a session on a form."""
    counter = itertools.count(1)

    def make(form: FormDefinition) -> FormSession:
        return FormSession(
            form,
            now=lambda: datetime(2026, 3, 5, 14, 30, tzinfo=UTC),
            uuid=lambda: UUID(int=next(counter)),
            random=lambda: 0.5,
        )

    return make
