"""Two organisations that know each other's boxes, and the one that sends by a relay.

chain = make_chain(tmp_path); know_boxes(chain.azc, chain.town)
set_relay(chain.azc, send=place); set_relay(chain.town, send=place, receive=place)
"""

from __future__ import annotations

from dataclasses import replace

from support.chain import entry_of, save_book

from intake_app.domain.actor import Profile
from intake_app.flows import relays
from intake_app.flows.relays import SyncSettings
from intake_app.sync.connecting import RelayPlace
from intake_app.vault import Vault

_KINDS = {Profile.AZC: "azc", Profile.ONTVANGST: "uitvoerder", Profile.ZORG: "zorg"}


def know_boxes(*vaults: Vault) -> None:
    """Put a newer address book in each vault, in which every organisation has its own box."""
    entries = tuple(
        replace(entry_of(vault, _KINDS[vault.info.organisation.profile]), box=relays.own_box(vault))
        for vault in vaults
    )
    for vault in vaults:
        save_book(vault, *entries, serial=2)


def set_relay(
    vault: Vault,
    *,
    send: RelayPlace | None = None,
    receive: RelayPlace | None = None,
    while_locked: bool = False,
) -> SyncSettings:
    """Set relays up as a person does, and return the settings."""
    relays.save(vault, SyncSettings(send, receive, while_locked=while_locked))
    return relays.settings(vault)
