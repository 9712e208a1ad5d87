"""The system's key store behind `keyring`: works with a backend, and says so without one."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from intake_app.vault.errors import KeystoreUnusable
from intake_app.vault.keystore import SERVICE, SystemKeystore

keyring = pytest.importorskip("keyring")


class Memory(keyring.backend.KeyringBackend):
    """A backend in memory; `wrong` makes it fail or forget."""

    priority = 1

    def __init__(self, wrong: str = "") -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.wrong = wrong

    def get_password(self, service: str, username: str) -> str | None:
        if self.wrong == "locked":
            raise keyring.errors.KeyringLocked("secret words that must not be told")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.wrong == "full":
            raise keyring.errors.PasswordSetError
        if self.wrong != "forgets":
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.wrong == "keeps":
            raise keyring.errors.PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture
def use() -> Iterator[object]:
    before = keyring.core._keyring_backend
    yield keyring.set_keyring
    keyring.core._keyring_backend = before


def test_a_secret_is_kept_and_forgotten(use):
    backend = Memory()
    use(backend)
    store = SystemKeystore()
    assert store.get("a") is None
    store.put("a", bytes(range(32)))
    assert store.get("a") == bytes(range(32))
    assert list(backend.kept) == [(SERVICE, "a")]
    store.drop("a")
    store.drop("a")
    assert store.get("a") is None
    backend.kept[SERVICE, "a"] = "van een ander programma"
    assert store.get("a") is None


@pytest.mark.parametrize("wrong", ["locked", "full", "forgets"])
def test_a_store_that_fails_is_said_before_it_is_relied_on(use, wrong: str):
    use(Memory(wrong))
    with pytest.raises(KeystoreUnusable) as refused:
        SystemKeystore().put("a", bytes(32))
    assert "secret words" not in str(refused.value)


def test_what_cannot_be_read_or_dropped(use):
    use(Memory("locked"))
    with pytest.raises(KeystoreUnusable):
        SystemKeystore().get("a")
    backend = Memory("keeps")
    use(backend)
    SystemKeystore().put("a", bytes(32))
    with pytest.raises(KeystoreUnusable):
        SystemKeystore().drop("a")


def test_a_system_without_a_store(use):
    from keyring.backends import fail

    use(fail.Keyring())
    for act in (
        lambda store: store.get("a"),
        lambda store: store.put("a", bytes(32)),
        lambda store: store.drop("a"),
    ):
        with pytest.raises(KeystoreUnusable, match="geen sleutelbos"):
            act(SystemKeystore())


def test_without_the_optional_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeystoreUnusable, match="niet geïnstalleerd"):
        SystemKeystore().get("a")
