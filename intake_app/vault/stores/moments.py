"""Whether the clock can be believed: what removes things never trusts one that jumped.

The audit log is the witness: as long as each entry is at most a day after the one before it, and
never before it, time went by as it does. Where it did not (the laptop lay in a cupboard, the
battery ran out, somebody set the clock), a person looks at the date and says that it is right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select, text

from intake_app.vault.rows import moment, stamp
from intake_app.vault.schema import audit, setting
from intake_app.vault.scope import Store, upsert

LONGEST_GAP: Final = timedelta(days=1)
"""So long may nothing be written before the removal of somebody's data asks a person."""
LONGEST_REST: Final = timedelta(days=8)
"""So long a laptop lies still in ordinary work: a week off, from one Friday to the next Saturday,
or a weekend with public holidays. For ending backups, of which the latest always stays."""
_SETTING: Final = "klok.vertrouwd"
_BELIEVED: Final = select(setting.c.value).where(setting.c.name == bindparam("name"))
_SET: Final = upsert(setting)
_LAST: Final = select(func.max(audit.c.seq))
_SINCE: Final = text(
    """
    SELECT max(ts) AS latest, coalesce(sum(ts < before), 0) AS back,
           coalesce(max((julianday(ts) - julianday(before)) * 86400.0), 0.0) AS gap
    FROM (SELECT ts, lag(ts, 1, :at) OVER (ORDER BY seq) AS before
          FROM audit WHERE seq > :seq)
    """
)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock says, and what the vault has seen before."""

    now: datetime
    latest: datetime | None
    """The latest moment in the audit log or at which a person said that the clock is right."""
    back: bool
    """The clock goes back somewhere since it was last believed."""
    forward: timedelta
    """The longest time nothing was written since, up to now."""

    @property
    def is_right(self) -> bool:
        """True when nobody needs to be asked before something is removed."""
        return not self.back and self.forward <= LONGEST_GAP

    @property
    def certain(self) -> datetime | None:
        """A moment that has come even if the longest rest was a clock that was set ahead.

        Up to `LONGEST_REST` before now: what goes by it is late by that at most, never early. None
        when the clock goes back or nothing was written for longer: a person is asked first.
        """
        if self.back or self.forward > LONGEST_REST:
            return None
        return self.now if self.is_right else self.now - self.forward


class Moments(Store):
    """The clock beside the audit log."""

    __slots__ = ()

    def clock(self, now: datetime) -> Clock:
        """Compare `now` with what the vault has seen since the clock was last believed."""
        kept = self._one(_BELIEVED, {"name": _SETTING})
        said = json.loads(kept["value"]) if kept else {"seq": 0, "at": ""}
        since = {"seq": said["seq"], "at": said["at"] or None}
        row = self._scope.connection.execute(_SINCE, since).one()
        seen = [moment(str(each)) for each in (row.latest, said["at"]) if each]
        latest = max(seen, default=None)
        if latest is None:
            return Clock(now, None, back=False, forward=timedelta())
        gap = max(timedelta(seconds=row.gap), now - latest)
        return Clock(now, latest, back=bool(row.back) or now < latest, forward=gap)

    def believe(self) -> None:
        """Keep that the clock is right in this transaction: it was, or a person said so.

        Raises ReadOnlyError outside a transaction.
        """
        at = stamp(self._scope.writer().at)
        seq = self._scope.connection.execute(_LAST).scalar() or 0
        self._run(_SET, {"name": _SETTING, "value": json.dumps({"seq": seq, "at": at})})
        self._changed("setting", None, None)
