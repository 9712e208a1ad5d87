"""Which version of a dossier comes next, also in a vault that was put back from a backup.

A receiver keeps only the highest version. A vault that was put back forgot the versions that it
made since, so it has to begin above them: it leaves out as many as it can have made.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.handover import HandoverState

if TYPE_CHECKING:
    from intake_app.domain.handover import Handover
    from intake_app.vault.transaction import Records

GAP: Final = 100
"""Versions that are left out when some were forgotten; and one for each hour that was."""
_HOUR: Final = timedelta(hours=1)


def next_version(records: Records, person_id: UUID) -> int:
    """Return the version that a dossier sealed now gets: above every one that anybody may have."""
    made = records.handovers.of_person(person_id)
    newest = max(made, key=lambda handover: handover.dossier_version, default=None)
    version = 1 if newest is None else newest.dossier_version + 1
    return version + _forgotten(records, person_id, newest)


def _forgotten(records: Records, person_id: UUID, newest: Handover | None) -> int:
    from intake_app.vault.restore import restored_from

    copy = restored_from(records)
    if copy is not None:
        if newest is not None:
            is_older = newest.created_at < copy.restored_at
        else:
            events = records.events.of_person(person_id)
            is_older = any(event.recorded_at < copy.restored_at for event in events)
        if is_older:
            return GAP + max(0, int((copy.restored_at - copy.made_at) / _HOUR))
    return GAP if newest is not None and _was_overtaken(records, newest) else 0


def _was_overtaken(records: Records, newest: Handover) -> bool:
    """Tell whether a receiver signed that it has a newer version than our newest."""
    return any(
        receipt.kind is HandoverState.VERVANGEN
        for receipt in records.receipts.of_handover(newest.handover_id)
    )


def is_newest(records: Records, handover_id: UUID) -> bool:
    """Tell whether no later version of the same dossier was made here."""
    handover = records.handovers.get(handover_id)
    if handover is None:
        return False
    made = records.handovers.of_person(handover.person_id)
    return all(other.dossier_version <= handover.dossier_version for other in made)
