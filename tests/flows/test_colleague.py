"""Somebody at this keyboard for one moment."""

from __future__ import annotations

from pathlib import Path

from support.vaults import PASSPHRASE, make_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import colleague
from intake_app.vault import recovery, users
from intake_app.vault.errors import KeystoreUnusable

OTHER = PASSPHRASE + " twee"


class Store:
    """A key store that may stop working."""

    def __init__(self) -> None:
        self.works = True
        self._kept: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        if not self.works:
            raise KeystoreUnusable
        return self._kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self._kept[name] = secret

    def drop(self, name: str) -> None:
        self._kept.pop(name, None)


def test_a_key_store_that_fails_stops_only_who_needs_it(tmp_path: Path):
    vault, store = make_vault(tmp_path / "kluis"), Store()
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    recovery.try_cards(vault, " ".join(cards[0].words), " ".join(cards[1].words))
    bo = users.add_user(
        vault, passphrase=PASSPHRASE, name="Bo", roles=(UserRole.INTAKE,), new_passphrase=OTHER
    )
    users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=store)
    assert colleague.who_opens(vault.folder, PASSPHRASE, store) == vault.user.user_id
    store.works = False
    assert colleague.who_opens(vault.folder, OTHER, store) == bo.user_id
    vault.close()
