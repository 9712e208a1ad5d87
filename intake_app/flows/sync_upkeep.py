"""What came in is kept as long as it is of use: swept, asked for anew when lost, ended in time.

Nothing here needs a relay. What has to be said to a sender is queued as any other receipt.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from intake_app.domain.transport import Arrival, ArrivalState
from intake_app.flows import arrived, queueing
from intake_app.flows.acting import actor_of
from intake_app.sync.notices import ReceiptKind

if TYPE_CHECKING:
    from datetime import datetime

    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records

GRACE: Final = timedelta(days=2)
"""So late something ends, so that two clocks may differ; the sender waits as long."""
OVER: Final = "De tijd van deze zending was voorbij. Zij is ongeopend vernietigd."
UNOPENED: Final = "Niemand heeft het dossier op tijd geopend. Het is ongeopend vernietigd."
_COPY: Final = 3600.0
_PARTIAL: Final = 7 * 86400.0
"""In seconds by the clock of the disk: no dossier is being opened for an hour, and a fetch that
nothing was added to for a week does not go on."""
_OF_ZID: Final = re.compile(r"\.?([a-z2-7]{26})(?:\..*)?\Z")


def sweep(vault: Vault) -> None:
    """Remove what lies in `binnengekomen` and is needed no more, left by a crash.

    What another thread is opening at this moment stays: it is young. Never raises OSError.
    """
    folder = vault.folder / queueing.IN
    with suppress(OSError):
        listed = [path for path in folder.iterdir() if path.is_file()]
        if not listed:
            return
        now = _disk_time(vault)
        with vault.read() as records:
            for path in listed:
                found = _OF_ZID.match(path.name)
                if found is None:
                    continue
                there = records.arrivals.get(found[1])
                with suppress(OSError):
                    age = 0.0 if now is None else abs(now - path.stat().st_mtime)
                    if _is_needless(path.name, found[1], there, age):
                        queueing.discard(path)


def _is_needless(name: str, zid: str, there: Arrival | None, age: float) -> bool:
    if there is not None and there.state in _DESTROYED:
        return True
    if name == zid:
        return not _is_held(there) if there is not None else age > _PARTIAL
    return age > (_PARTIAL if name == f".{zid}.deel" else _COPY)


_DESTROYED: Final = frozenset(
    {
        ArrivalState.INGETROKKEN,
        ArrivalState.VERVANGEN,
        ArrivalState.NIET_VOOR_ONS,
        ArrivalState.VERLOPEN,
    }
)


def _is_held(there: Arrival) -> bool:
    """Tell whether the ciphertext of an arrival is still needed here."""
    handing = there.state is ArrivalState.DOORGEGEVEN and bool(there.raw)
    return there.state is ArrivalState.ONTVANGEN or handing


def _disk_time(vault: Vault) -> float | None:
    """Return the time as the file system of the vault tells it, None when it does not."""
    from intake_app.vault import folder as places

    probe = vault.folder / places.LOCK
    try:
        probe.touch()
        return probe.stat().st_mtime
    except OSError:
        return None


def lost(vault: Vault) -> tuple[Arrival, ...]:
    """Return what is said to be here, still sealed, and is not."""
    with vault.read() as records:
        held = (
            *records.arrivals.in_state(ArrivalState.ONTVANGEN),
            *records.arrivals.in_state(ArrivalState.DOORGEGEVEN),
        )
    return tuple(each for each in held if arrived.lost(vault, each))


def ask_for_lost(vault: Vault) -> None:
    """Ask the senders of what was lost here to offer it anew, each once a day."""
    for each in lost(vault):
        with vault.read() as records:
            asked = queueing.asked_again(records, each)
        now = vault.env.now()
        if asked is not None and timedelta() <= now - asked.added_at < queueing.ASK_AGAIN:
            continue
        with vault.transaction(actor_of(vault), "zending opnieuw vragen") as tx:
            there = tx.arrivals.get(each.zid)
            if there is not None and arrived.lost(vault, there):
                queueing.ask_again(vault, tx, there, at=now)


def is_over(vault: Vault, records: Records, until: datetime) -> bool:
    """Tell whether a time is over, two days late and by a clock that the log bears out."""
    now = vault.env.now()
    if now <= until + GRACE:
        return False
    certain = records.moments.clock(now).certain
    return certain is not None and certain > until + GRACE


def end_unopened(vault: Vault) -> None:
    """Destroy what nobody opened in its time, and tell the sender.

    Its time is what the sender signed, and never less than thirty days from when it came.
    """
    with vault.read() as records:
        over = [
            each
            for each in records.arrivals.in_state(ArrivalState.ONTVANGEN)
            if is_over(vault, records, _until(each))
        ]
    for each in over:
        with vault.transaction(actor_of(vault), "zending verlopen") as tx:
            there = tx.arrivals.get(each.zid)
            if there is None or there.state is not ArrivalState.ONTVANGEN:
                continue
            told = queueing.answer(
                vault, tx, there, ReceiptKind.GEWEIGERD, at=vault.env.now(), reason=UNOPENED
            )
            tx.arrivals.save(queueing.ended(told, ArrivalState.VERLOPEN))
        arrived.discard(vault, each.zid)


def _until(arrival: Arrival) -> datetime:
    stayed = arrival.received_at + queueing.VALID
    return stayed if arrival.valid_until is None else max(stayed, arrival.valid_until)
