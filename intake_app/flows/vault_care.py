"""What the vault itself asks of its users: recovery, backup, removal. Read once per look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake_app.domain.actor import UserRole

if TYPE_CHECKING:
    from intake_app.vault import Vault


class Care(StrEnum):
    """A kind of thing to look after, the most urgent first."""

    OLDER_KEYS = "older-keys"
    CARDS_USED = "cards-used"
    CLOCK_WAITS = "clock-waits"
    REMOVAL_WAITS = "removal-waits"
    NO_CARDS = "no-cards"
    CARDS_UNTRIED = "cards-untried"
    NO_BACKUP = "no-backup"
    OLD_BACKUP = "old-backup"
    REMOVAL_DUE = "removal-due"
    REMOVAL_SOON = "removal-soon"


@dataclass(frozen=True, slots=True)
class CareItem:
    """One thing to look after: `count` persons or days, `at` when, `name` of whom it was."""

    kind: Care
    count: int = 0
    at: datetime | None = None
    name: str = ""


def items(vault: Vault) -> tuple[CareItem, ...]:
    """Return what asks for attention, the most urgent first; nothing in a practice vault.

    Recovery cards are asked of who can make them; that they were used is told to everybody.
    """
    if vault.info.practice:
        return ()
    found = [*_uses(vault), *_cards(vault), *_backup(vault), *_removals(vault)]
    order = list(Care)
    return tuple(sorted(found, key=lambda item: order.index(item.kind)))


def seen(vault: Vault) -> None:
    """Keep that this user read that recovery was used."""
    from intake_app.vault import recovery

    recovery.mark_seen(vault)


def _uses(vault: Vault) -> list[CareItem]:
    from intake_app.vault import recovery

    return [
        CareItem(
            Care.CARDS_USED if use.kind == "herstelkaarten" else Care.OLDER_KEYS,
            at=use.at,
            name=use.user_name,
        )
        for use in recovery.unseen_uses(vault)
    ]


def _cards(vault: Vault) -> list[CareItem]:
    from intake_app.vault import recovery

    if not vault.has_role(UserRole.BEHEER):
        return []
    state = recovery.card_state(vault)
    if state.proposed:
        return [CareItem(Care.CARDS_UNTRIED)]
    return [] if state.has_cards else [CareItem(Care.NO_CARDS)]


def _backup(vault: Vault) -> list[CareItem]:
    from intake_app.flows import back_up

    late = back_up.reminder(vault)
    if late is None:
        return []
    if late.latest is None:
        return [CareItem(Care.NO_BACKUP)]
    return [CareItem(Care.OLD_BACKUP, count=late.days, at=late.latest)]


def _removals(vault: Vault) -> list[CareItem]:
    from intake_app.flows import back_up, retention

    notice = retention.notice(vault)
    found: list[CareItem] = []
    if (notice is not None and notice.clock_waits) or back_up.waits_for_clock(vault):
        found.append(CareItem(Care.CLOCK_WAITS, at=vault.env.now()))
    if notice is not None:
        counted = (
            (Care.REMOVAL_WAITS, notice.proposals),
            (Care.REMOVAL_DUE, notice.due),
            (Care.REMOVAL_SOON, notice.soon),
        )
        found += [CareItem(kind, count=count) for kind, count in counted if count]
    return found
