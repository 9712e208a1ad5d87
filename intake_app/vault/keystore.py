"""The system's own key store as a second factor: never the only way in, and never required."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from intake_app.vault.errors import KeystoreUnusable

SERVICE: Final = "Doorgaande Lijn"


class Keystore(Protocol):
    """Keeps small secrets of this user account on this machine. Raises KeystoreUnusable."""

    def get(self, name: str) -> bytes | None:
        """Return the secret of this name, None if there is none."""

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, in place of an earlier one of the same name."""

    def drop(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""


def asking(keystore: Keystore | None) -> Callable[[str], bytes | None] | None:
    """Return how a key file asks for a second factor; a store that fails has none.

    So one user's second factor never stands in the way of another who has none.
    """
    if keystore is None:
        return None

    def ask(name: str) -> bytes | None:
        try:
            return keystore.get(name)
        except KeystoreUnusable:
            return None

    return ask


class SystemKeystore:
    """The key store of the system, through the optional package `keyring`.

    Windows: Credential Manager; macOS: Keychain; Linux: Secret Service or KWallet. Nothing is
    imported before the first use.
    """

    __slots__ = ()

    def get(self, name: str) -> bytes | None:
        """Return the secret of this name, None if there is none or it is not ours."""
        try:
            found = _backend().get_password(SERVICE, name)
        except _errors() as error:
            raise KeystoreUnusable from error
        if found is None:
            return None
        try:
            return bytes.fromhex(found)
        except ValueError:
            return None

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret and read it back, so that a store that forgets is noticed now."""
        try:
            _backend().set_password(SERVICE, name, secret.hex())
            kept = _backend().get_password(SERVICE, name)
        except _errors() as error:
            raise KeystoreUnusable from error
        if kept != secret.hex():
            raise KeystoreUnusable

    def drop(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        backend = _backend()
        try:
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)
        except _errors() as error:
            raise KeystoreUnusable from error


class _Backend(Protocol):
    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def _backend() -> _Backend:
    """Return the store the system offers. Raises KeystoreUnusable where there is none."""
    try:
        import keyring
        from keyring.backends import fail
    except ImportError:
        raise KeystoreUnusable(
            "Het onderdeel voor de sleutelbos van deze laptop is niet geïnstalleerd. Er is niets "
            "veranderd. Gebruik de kluis zonder tweede sleutel, of vraag de beheerder om hulp."
        ) from None
    backend: _Backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring):
        raise KeystoreUnusable(
            "Deze laptop heeft geen sleutelbos waar dit programma bij kan. Er is niets veranderd. "
            "Gebruik de kluis zonder tweede sleutel, of vraag de beheerder om hulp."
        )
    return backend


def _errors() -> tuple[type[Exception], ...]:
    try:
        from keyring.errors import KeyringError
    except ImportError:
        return ()
    return (KeyringError, OSError)
