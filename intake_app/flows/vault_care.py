"""What the vault itself asks of its users: recovery, backup, removal. Read once per look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake_app.domain.actor import UserRole

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.restore import Restored


class Care(StrEnum):
    """A kind of thing to look after, the most urgent first."""

    ROLE_KEY_REPLACED = "role-key-replaced"
    ROLE_KEY_LOST = "role-key-lost"
    OLDER_KEYS = "older-keys"
    CARDS_USED = "cards-used"
    RESCUED = "rescued"
    RESCUED_WITH_CARDS = "rescued-with-cards"
    RESTORED = "restored"
    CLOCK_WAITS = "clock-waits"
    REMOVAL_WAITS = "removal-waits"
    NO_CARDS = "no-cards"
    CARDS_UNTRIED = "cards-untried"
    CARDS_INCOMPLETE = "cards-incomplete"
    NO_BACKUP = "no-backup"
    BACKUP_WITH_KEYS = "backup-with-keys"
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
    found = [*_uses(vault), *_restored(vault), *_cards(vault), *_backup(vault), *_removals(vault)]
    order = list(Care)
    return tuple(sorted(found, key=lambda item: order.index(item.kind)))


def seen(vault: Vault) -> None:
    """Keep that this user read that recovery was used."""
    from intake_app.vault import recovery

    recovery.mark_seen(vault)


def unchecked_copy(vault: Vault) -> Restored | None:
    """Return of when this vault is a copy, while nobody looked at who may open it since.

    Who lost access after that day has it again. None once a manager confirmed it, or the master key
    was renewed.
    """
    from intake_app.vault.restore import unchecked

    secret = vault.backup_secret()
    with vault.read() as records:
        return unchecked(records, secret)


def access_checked(vault: Vault) -> None:
    """Keep that a manager looked at who may open this restored vault. NotAllowed for others."""
    from intake_app.flows.acting import actor_of
    from intake_app.vault.errors import NotAllowed
    from intake_app.vault.restore import keep_checked

    if not vault.has_role(UserRole.BEHEER):
        raise NotAllowed
    with vault.transaction(actor_of(vault), "toegang nagekeken na terugzetten") as tx:
        keep_checked(tx)


def _uses(vault: Vault) -> list[CareItem]:
    from intake_app.vault import recovery
    from intake_app.vault.stores import users

    kinds = {
        users.CARDS: Care.CARDS_USED,
        users.OLDER_KEY_FILE: Care.OLDER_KEYS,
        users.RESCUED: Care.RESCUED,
        users.RESCUED_WITH_CARDS: Care.RESCUED_WITH_CARDS,
        users.ROLE_KEY_LOST: Care.ROLE_KEY_LOST,
        users.ROLE_KEY_REPLACED: Care.ROLE_KEY_REPLACED,
    }
    return [
        CareItem(kinds[use.kind], at=use.at, name=use.user_name)
        for use in recovery.unseen_uses(vault)
        if use.kind in kinds
    ]


def _restored(vault: Vault) -> list[CareItem]:
    copy = unchecked_copy(vault)
    return [] if copy is None else [CareItem(Care.RESTORED, at=copy.made_at)]


def _cards(vault: Vault) -> list[CareItem]:
    from intake_app.vault import recovery

    if not vault.has_role(UserRole.BEHEER):
        return []
    state = recovery.card_state(vault)
    if state.proposed:
        return [CareItem(Care.CARDS_UNTRIED)]
    if not state.has_cards:
        return [CareItem(Care.NO_CARDS)]
    return [] if state.complete else [CareItem(Care.CARDS_INCOMPLETE)]


def _backup(vault: Vault) -> list[CareItem]:
    from intake_app.flows import back_up

    late = back_up.reminder(vault)
    if late is None:
        return []
    if late.latest is None:
        return [CareItem(Care.NO_BACKUP)]
    if late.keys_changed:
        return [CareItem(Care.BACKUP_WITH_KEYS)]
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
