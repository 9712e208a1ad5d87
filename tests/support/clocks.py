"""A clock that a test can set."""

from __future__ import annotations

from datetime import datetime, timedelta

from support.vaults import repeatable_environment

from intake_app.domain.environment import Environment


class Clock:
    """Moves a millisecond at each reading, from `at` on; a test may set `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._source = repeatable_environment(3, at)

    def env(self) -> Environment:
        """Return an environment with this clock; all else is repeatable."""

        def now() -> datetime:
            self.at += timedelta(milliseconds=1)
            return self.at

        return Environment(now=now, uuid=self._source.uuid, random=self._source.random)
