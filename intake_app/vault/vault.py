"""The vault: one encrypted database per laptop and organisation, and the only way to write in it.

Light to import: what opening needs is loaded when a vault is made or opened, so that the window
that asks for the passphrase need not wait for it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.actor import Actor, Organisation, UserRole
from intake_app.domain.environment import Environment
from intake_app.sentences import Sentence
from intake_app.vault import folder as places
from intake_app.vault.errors import DiskFull, NestedTransaction, VaultBusy, VaultError, VaultLocked
from intake_app.vault.gate import Gate
from intake_app.vault.model import OrganisationKeys, VaultEvent, VaultPublicInfo
from intake_app.vault.reserve import DEFAULT_BYTES

if TYPE_CHECKING:
    from datetime import datetime

    from intake_app.crypto.slots import KdfCost
    from intake_app.vault.keystore import Keystore
    from intake_app.vault.opening import Opened
    from intake_app.vault.scope import Scope
    from intake_app.vault.seals import Sealer, SealReason
    from intake_app.vault.transaction import Records, Transaction

Listener = Callable[[VaultEvent], None]

_MAX_PURPOSE: Final = 80
_ROOM_MADE: Final = Sentence(
    "De schijf van deze laptop is vol. De laatste wijziging is niet opgeslagen, alles daarvoor "
    "wel. De noodreserve is vrijgegeven: probeer het nu opnieuw en maak daarna ruimte vrij."
)


class Vault:
    """An open vault. Made by `create` or `open`; ends with `close`.

    May be used from several threads; writing is done by one at a time.
    """

    def __init__(self, opened: Opened, env: Environment) -> None:
        """Use `create` or `open` instead."""
        self.env = env
        self.info = opened.info
        self.user = opened.user
        self._opened: Opened | None = opened
        self._turn = threading.Lock()
        self._gate = Gate()
        self._keys_turn = threading.Lock()
        self._swapping = threading.Lock()
        self._writing_thread: int | None = None
        self._listeners: list[Listener] = []

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        passphrase: str,
        user_name: str,
        organisation: Organisation,
        env: Environment,
        kdf: KdfCost | None = None,
        practice: bool = False,
        reserve_bytes: int = DEFAULT_BYTES,
    ) -> Vault:
        """Make a vault in `folder` with one user, and return it open.

        The organisation gets an age identity and a signing key, kept inside. Half of a vault, made
        when the machine stopped, is made anew. `reserve_bytes` is the room kept free for a full
        disk. Raises VaultExists, NetworkFolder, VaultInUse, DiskFull or StorageFailed; ValueError
        for a passphrase that cannot be one (empty, over 1,024 characters). Without `kdf` the cost
        is measured: 0.7 seconds on this machine.
        """
        from intake_app.crypto.slots_calibration import calibrated
        from intake_app.vault import opening

        made = opening.make(
            folder,
            passphrase=passphrase,
            user_name=user_name,
            organisation=organisation,
            env=env,
            kdf=kdf or calibrated(),
            practice=practice,
            reserve_bytes=reserve_bytes,
        )
        return cls(made, env)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        passphrase: str,
        env: Environment,
        reserve_bytes: int = DEFAULT_BYTES,
        keystore: Keystore | None = None,
        user_id: UUID | None = None,
        accept_older_keys: bool = False,
    ) -> Vault:
        """Open the vault in `folder`; an older one is migrated, after a copy was kept beside it.

        A change of the master key that was interrupted is finished first. `keystore` gives the
        second factor where a user has one; `user_id` tells whose passphrase it probably is, which
        is tried first. `accept_older_keys` takes a key file that is older than the database has
        seen, and tells every user of it. Raises WrongPassphrase (nothing is changed then),
        NotAVault, VaultDamaged, KeyFileOlder, VaultNewer, VaultInUse, NetworkFolder, DiskFull or
        StorageFailed.
        """
        from intake_app.vault import opening

        opened = opening.unlock(
            folder,
            passphrase=passphrase,
            env=env,
            reserve_bytes=reserve_bytes,
            keystore=keystore,
            user_id=user_id,
            accept_older_keys=accept_older_keys,
        )
        return cls._settled(opened, env)

    @classmethod
    def _settled(cls, opened: Opened, env: Environment) -> Vault:
        """Return the vault, after the database was told what the key file says."""
        from intake_app.vault import users

        vault = cls(opened, env)
        try:
            users.settle(vault)
        except BaseException:
            vault.close()
            raise
        return vault

    @staticmethod
    def exists(folder: Path) -> bool:
        """True if a vault, or what is left of one, is in `folder`."""
        return places.exists(folder)

    @staticmethod
    def describe(folder: Path) -> VaultPublicInfo:
        """Return what can be known before unlocking. Raises NotAVault."""
        return places.describe(folder)

    @property
    def folder(self) -> Path:
        """The folder the vault is in."""
        return self._open().folder

    def organisation_keys(self) -> OrganisationKeys:
        """Return the organisation's keys. Raises VaultLocked when closed."""
        from intake_app.vault import opening

        with self._gate.reading():
            return opening.organisation_keys(self._open().readers)

    def read_organisation(self) -> None:
        """Take `info` from the database again, after a transaction changed the organisation.

        Raises VaultLocked when closed, StorageFailed or VaultDamaged.
        """
        from dataclasses import replace

        from intake_app.vault import opening
        from intake_app.vault.transaction import TRANSLATED, translated

        try:
            with self._gate.reading():
                info = opening.info_of(self._open().readers)
        except TRANSLATED as error:
            raise translated(error) from None
        with self._swapping:
            self._opened = replace(self._open(), info=info)
            self.info = info

    def user_signing_seed(self) -> bytes:
        """Return the 32-byte Ed25519 seed of the user's own key, from the user's slot."""
        return self._open().signing_seed

    def has_role(self, role: UserRole) -> bool:
        """True if the user at the keyboard has this role."""
        return role in self.user.roles

    def role_seed(self, role: UserRole) -> bytes | None:
        """Return the 32-byte seed of the age identity of a role, None without that key.

        Only the role `medisch` has one, once it was given to somebody.
        """
        return self._open().keyring.get(role.value)

    def backup_secret(self) -> bytes:
        """Return the 32-byte key that wraps the keys of the back-ups; changes with the master key.

        `VaultEvent("keys")` tells when it may have changed.
        """
        from intake_app.crypto.slots import subkey

        return subkey(self._open().master, self.info.vault_id, "backup")

    @contextmanager
    def transaction(self, actor: Actor, purpose: str) -> Iterator[Transaction]:
        """Write: everything in the block is committed and synced together when it ends, or nothing.

        An audit entry with `purpose` (1 to 80 characters about the work, never about a person) is
        part of it when something was written. Listeners hear of it after the commit. An exception
        in the block rolls everything back and goes on; those of the database come as RecordRefused,
        DiskFull, StorageFailed or VaultDamaged. Raises NestedTransaction inside another one of the
        same thread, VaultLocked when closed.
        """
        from intake_app.vault import audit
        from intake_app.vault.transaction import Transaction

        _check_purpose(purpose)
        self._refuse_nesting()
        events: list[VaultEvent] = []
        with self._turn:
            opened = self._open()
            self._writing_thread = threading.get_ident()
            try:
                if opened.reserve.make_room():
                    events.append(VaultEvent("space"))
                with self._appending(opened, actor.user_id) as scope:
                    yield Transaction(scope)
                    if scope.changes:
                        body = audit.write_body(
                            self.info.vault_id, scope.writer(), purpose, scope.changes
                        )
                        audit.append(scope, body)
                        self._seal_after(scope)
                events.extend(VaultEvent(c.kind, c.id, c.person_id) for c in scope.changes)
            finally:
                self._writing_thread = None
        self._tell(events)

    @contextmanager
    def read(self, purpose: str | None = None) -> Iterator[Records]:
        """Read one consistent snapshot; what is committed meanwhile does not show.

        With a `purpose`, the persons looked at go into the audit log when the block ends. Raises
        VaultLocked when closed, VaultBusy when eight others read for half a minute.
        """
        from sqlalchemy.exc import DBAPIError
        from sqlalchemy.exc import TimeoutError as NoConnection

        from intake_app.vault.scope import Scope
        from intake_app.vault.transaction import Records, translated

        if purpose is not None:
            _check_purpose(purpose)
            self._refuse_nesting()
        try:
            with (
                self._gate.reading(),
                self._open().readers.connect() as connection,
                connection.begin(),
            ):
                connection.exec_driver_sql("SELECT only_row FROM vault")
                scope = Scope(connection, None)
                yield Records(scope)
        except (DBAPIError, UnicodeEncodeError) as error:
            raise translated(error) from None
        except NoConnection:
            raise VaultBusy from None
        if purpose is not None and scope.looked:
            self._note_reading(purpose, scope)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each event after a commit, on the thread that wrote.

        Returns a function that ends it. What a listener raises goes to `sys.excepthook`: the
        commit stands.
        """
        self._listeners.append(listener)

        def unsubscribe() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    def close(self) -> None:
        """Close the vault and let go of its folder; a second time does nothing.

        The audit log is sealed first. What was in memory is only gone for certain when the process
        ends. Waits for a transaction of another thread; raises NestedTransaction inside one.
        """
        self._refuse_nesting()
        self._seal_at_end()
        with self._turn:
            with self._swapping:
                opened, self._opened = self._opened, None
            if opened is not None:
                opened.readers.dispose()
                opened.writer.dispose()
                opened.lock.release()

    def seal_log(self, reason: SealReason) -> bool:
        """Sign the head of the audit log as this user; False when this user's seal is on it.

        Raises NestedTransaction inside a transaction, VaultLocked when closed, DiskFull,
        StorageFailed or VaultDamaged.
        """
        from intake_app.vault import seals

        self._refuse_nesting()
        with self._turn, self._appending(self._open(), self.user.user_id) as scope:
            return seals.add(scope, self._sealer(), reason)

    def prune_log(self, before: datetime) -> int:
        """Remove the entries of the audit log from before `before`, under a signed seal.

        Returns how many went. Raises TooYoung unless that is at least five years ago, and what
        `seal_log` raises.
        """
        from intake_app.vault import seals

        self._refuse_nesting()
        with self._turn, self._appending(self._open(), self.user.user_id) as scope:
            return seals.prune(scope, self._sealer(), before)

    def _seal_at_end(self) -> None:
        from intake_app.vault.seals import SealReason

        # a disk that is full or broken must not keep the vault open
        with suppress(VaultError):
            self.seal_log(SealReason.CLOSED)

    @contextmanager
    def alone(self) -> Iterator[Opened]:
        """Nobody reads or writes inside this block, nor keeps a connection; for changing keys.

        Raises VaultBusy when a reader does not end within ten seconds, NestedTransaction inside a
        transaction or a read of the same thread.
        """
        self._refuse_nesting()
        with self._turn, self._gate.alone():
            opened = self._open()
            opened.readers.dispose()
            opened.writer.dispose()
            yield opened

    def drop(self) -> None:
        """Close at once, inside `alone`: nobody can tell which key the database has now.

        The next unlock finds out, with the key file that knows both.
        """
        with self._swapping:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.lock.release()

    @contextmanager
    def changing_keys(self) -> Iterator[None]:
        """Change the key file in this block: one thread at a time, not inside a transaction."""
        self._refuse_nesting()
        with self._keys_turn:
            yield

    def unlocked(self) -> Opened:
        """Return what the open vault works with; for changing keys. Raises VaultLocked."""
        return self._open()

    def tell_keys_changed(self) -> None:
        """Tell the listeners that the key file was changed."""
        self._tell([VaultEvent("keys")])

    def replace_keys(self, opened: Opened) -> None:
        """Work with other keys, roles or engines from now on; for changing keys.

        Raises VaultLocked when another thread closed the vault meanwhile: it stays closed.
        """
        with self._swapping:
            self._open()
            self.user = opened.user
            self._opened = opened

    def _open(self) -> Opened:
        if self._opened is None:
            raise VaultLocked
        return self._opened

    def _refuse_nesting(self) -> None:
        if self._writing_thread == threading.get_ident():
            raise NestedTransaction

    @contextmanager
    def _appending(self, opened: Opened, actor_id: UUID) -> Iterator[Scope]:
        """Open a transaction of the database; its errors come as those for a person."""
        from sqlalchemy.exc import DBAPIError

        from intake_app.vault.scope import Scope, Writing
        from intake_app.vault.transaction import translated

        try:
            with opened.writer.connect() as connection, connection.begin():
                # a colleague who confirms beside the user has roles of their own, not known here
                own = actor_id == self.user.user_id
                roles = tuple(role.value for role in self.user.roles) if own else ()
                yield Scope(connection, Writing(actor_id, self.env.now(), roles))
        except (DBAPIError, UnicodeEncodeError) as error:
            failure = translated(error)
            if isinstance(failure, DiskFull) and opened.reserve.give_up():
                failure = DiskFull(_ROOM_MADE)
            raise failure from None

    def _seal_after(self, scope: Scope) -> None:
        """Seal the log in the transaction itself, when what it wrote asks for that."""
        from intake_app.vault import seals

        reason = seals.reason_after(scope.changes)
        if reason is not None:
            seals.add(scope, self._sealer(), reason)

    def _sealer(self) -> Sealer:
        from intake_app.vault.seals import Sealer

        return Sealer(self.info.vault_id, self.user.user_id, self._open().signing_seed)

    def _note_reading(self, purpose: str, seen: Scope) -> None:
        try:
            self._append_reading(purpose, seen)
        except DiskFull:
            # giving up the reserve made room, so that looking goes on where writing did not
            self._append_reading(purpose, seen)
            self._tell([VaultEvent("space")])

    def _append_reading(self, purpose: str, seen: Scope) -> None:
        from intake_app.vault import audit

        with self._turn, self._appending(self._open(), self.user.user_id) as scope:
            vault_id = self.info.vault_id
            body = audit.read_body(vault_id, scope.writer(), purpose, seen)
            audit.append(scope, body)

    def _tell(self, events: list[VaultEvent]) -> None:
        for event in events:
            for listener in tuple(self._listeners):
                try:
                    listener(event)
                except Exception:  # noqa: BLE001  (the commit stands, so its caller must not fail)
                    sys.excepthook(*sys.exc_info())


def _check_purpose(purpose: str) -> None:
    if not 0 < len(purpose) <= _MAX_PURPOSE:
        raise ValueError("a purpose has 1 to 80 characters")
