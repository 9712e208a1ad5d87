"""What every step of a handover shares: finding it, what happened, and what it replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.handover import FINAL, Handover, HandoverState, step
from intake_app.flows import queueing
from intake_app.flows.desk import today
from intake_app.sentences import Told

if TYPE_CHECKING:
    from datetime import date

    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction


class HandOverRefused(Told):
    """Sealing, withdrawing or a receipt is not possible now; str() is a Dutch sentence."""


def known(records: Records, handover_id: UUID) -> Handover:
    """Return the handover. Raises KeyError when it is not in this vault."""
    handover = records.handovers.get(handover_id)
    if handover is None:
        raise KeyError(handover_id)
    return handover


def confirmed(vault: Vault, tx: Transaction, handover: Handover) -> Handover:
    """Record that a relay confirmed this handover, and return it; another state stays."""
    if handover.state is not HandoverState.KLAAR:
        return handover
    now = step(handover, HandoverState.AANGEBODEN, vault.env.now())
    record_offered(vault, tx, now)
    return now


def record_offered(vault: Vault, tx: Transaction, handover: Handover) -> None:
    """Keep an offered handover, and end those of the same person that it takes the place of."""
    for other in tx.handovers.of_person(handover.person_id):
        if other.handover_id == handover.handover_id or other.state in FINAL:
            continue
        tx.handovers.save(step(other, HandoverState.VERVANGEN, vault.env.now()))
        if other.recipient_id != handover.recipient_id:
            # The same receiver sees the newer version; another one has to be told.
            queueing.ask_back(vault, tx, other)
        else:
            queueing.stop_unsent(vault, tx, other)
    tx.handovers.save(handover)
    record_event(vault, tx, handover, EventKind.OVERDRACHT_AANGEBODEN, today(vault.env))


def record_event(
    vault: Vault,
    tx: Transaction,
    handover: Handover,
    kind: EventKind,
    on: date,
    source: str = "",
) -> None:
    """Put a step of a handover on the line of the person."""
    tx.events.add(
        CaseEvent(
            event_id=vault.env.uuid(),
            person_id=handover.person_id,
            kind=kind,
            on=on,
            recorded_at=vault.env.now(),
            source=source or vault.info.organisation.name,
            detail=f"v{handover.dossier_version}",
        )
    )
