"""After a wipe nothing in the folder opens, whatever went wrong meanwhile."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import pytest
from support.vaults import PASSPHRASE, START, environment, prepared_vault

from intake_app.flows import wipe as flow
from intake_app.flows.unlock import TooSoon
from intake_app.vault import NotAVault, Vault, VaultError, VaultInUse, WrongPassphrase, wipe
from intake_app.vault.errors import KeystoreUnusable


class Store:
    """A key store that may refuse."""

    def __init__(self, *, broken: bool = False) -> None:
        self.kept = {"slot": b"x" * 32, "other": b"y"}
        self._broken = broken

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        if self._broken:
            raise KeystoreUnusable
        self.kept.pop(name, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    vault = prepared_vault(tmp_path / "kluis")
    vault.close()
    folder = tmp_path / "kluis"
    copy = folder / "kopie-van-versie-2"
    copy.mkdir()
    shutil.copy(folder / "sleutels.json", copy)
    (folder / "kluis.db.schoon").write_bytes(b"x")
    (folder / "van iemand anders.txt").write_text("blijft", encoding="utf-8")
    return folder


def test_everything_of_the_vault_goes_and_nothing_else(folder):
    store = Store()
    done = wipe.wipe(folder, random=secrets.token_bytes, keystore=store, secrets=("slot",))
    assert done.complete
    assert store.kept == {"other": b"y"}
    assert [p.name for p in folder.iterdir()] == ["van iemand anders.txt"]
    with pytest.raises(NotAVault):
        wipe.wipe(folder, random=secrets.token_bytes)


def test_the_key_file_is_overwritten_before_it_goes(folder, monkeypatch):
    seen: dict[str, bytes] = {}
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.is_file():
            seen[path.name] = path.read_bytes()
        real(path, missing_ok=missing_ok)

    before = (folder / "sleutels.json").read_bytes()
    monkeypatch.setattr(Path, "unlink", unlink)
    wipe.wipe(folder, random=secrets.token_bytes)
    for name in ("sleutels.json", "sleutels.bak.json"):
        assert len(seen[name]) == len(before)
        assert seen[name] != before
        assert b"doorgaande-lijn" not in seen[name]


def test_goes_on_where_something_fails(folder, monkeypatch):
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == "kluis.db":
            raise PermissionError
        real(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink)
        done = wipe.wipe(
            folder, random=secrets.token_bytes, keystore=Store(broken=True), secrets=("slot",)
        )
    assert done.keys_gone
    assert not done.keystore_gone
    assert done.left == ("kluis.db",)
    with pytest.raises(VaultError):
        Vault.open(folder, passphrase=PASSPHRASE, env=environment())
    again = wipe.wipe(folder, random=secrets.token_bytes)
    assert again.complete


def test_not_while_a_window_has_it_open(tmp_path):
    vault = prepared_vault(tmp_path / "open")
    with pytest.raises(VaultInUse):
        wipe.wipe(vault.folder, random=secrets.token_bytes)
    vault.close()


def test_needs_the_word_and_a_passphrase(tmp_path):
    vault = prepared_vault(tmp_path / "kluis2", env=environment(4, START))
    folder = vault.folder
    with pytest.raises(flow.WordMissing):
        flow.wipe_open(vault, PASSPHRASE, "ja")
    with pytest.raises(WrongPassphrase):
        flow.wipe_open(vault, "iets anders", "wissen")
    assert Vault.exists(folder)
    vault.backup_secret()  # still open
    done = flow.wipe_open(vault, PASSPHRASE, " wissen ")
    assert done.complete
    assert list(folder.iterdir()) == []
    with pytest.raises(NotAVault):
        flow.wipe_closed(folder, PASSPHRASE, "WISSEN", environment())


def test_guessing_makes_it_wait(folder):
    tries = 0
    with pytest.raises(TooSoon):  # noqa: PT012
        while tries < 9:
            tries += 1
            try:
                flow.wipe_closed(folder, "fout", "WISSEN", environment())
            except WrongPassphrase:
                continue
    assert Vault.exists(folder)
