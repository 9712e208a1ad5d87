"""The names of the users, and what the database remembers of the key file and its recovery cards.

Who may open the vault stands in the key file alone; here is who that is, and who it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, insert, select, update

from intake_app.vault.model import RecoveryUse
from intake_app.vault.rows import moment, moment_or_none, stamp
from intake_app.vault.schema import recovery_seen, recovery_use, setting, vault_user
from intake_app.vault.scope import Store, upsert

GENERATION: Final = "sleutels.generatie"
"""The setting with the latest generation of the key file that was seen."""
CARDS: Final = "herstelkaarten"
"""The kind of a use of the recovery cards."""
OLDER_KEY_FILE: Final = "ouder sleutelbestand"
"""The kind of use when a vault was opened on purpose with an older key file."""

ROLE_KEY_LOST: Final = "medische sleutel kwijt"
"""The kind of use when recovering was chosen although the last medical key went with it."""
ROLE_KEY_REPLACED: Final = "medische sleutel vervangen"
"""The kind when the database sealed to a medical key that no user has; put right by the user."""
RESCUED: Final = "redding"
"""The kind when what could be read of the damaged vault was saved elsewhere with a passphrase."""
RESCUED_WITH_CARDS: Final = "redding met kaarten"
"""As `RESCUED`, with two recovery cards; the user is who unlocked the vault after it."""

_USERS: Final = select(vault_user).order_by(vault_user.c.created_at, vault_user.c.user_id)
_ADD: Final = insert(vault_user)
_ONE: Final = vault_user.c.user_id == bindparam("which")
_LEFT: Final = update(vault_user).where(_ONE).values(left_at=bindparam("at"))
_SIGN: Final = update(vault_user).where(_ONE).values(sign_public=bindparam("public"))
_SETTING: Final = select(setting.c.value).where(setting.c.name == GENERATION)
_SET: Final = upsert(setting)
_ADD_USE: Final = insert(recovery_use)
_USES: Final = select(recovery_use).order_by(recovery_use.c.at, recovery_use.c.use_id)
_UNSEEN: Final = (
    select(recovery_use, vault_user.c.name)
    .outerjoin(vault_user, vault_user.c.user_id == recovery_use.c.user_id)
    .outerjoin(
        recovery_seen,
        and_(
            recovery_seen.c.use_id == recovery_use.c.use_id,
            recovery_seen.c.user_id == bindparam("reader"),
        ),
    )
    .where(recovery_seen.c.use_id.is_(None))
    .order_by(recovery_use.c.at, recovery_use.c.use_id)
)
_ADD_SEEN: Final = insert(recovery_seen)


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as the database knows one."""

    user_id: UUID
    name: str
    added_at: datetime
    left_at: datetime | None
    sign_public: str


class Users(Store):
    """Names of users, uses of the recovery cards, the generation of the key file."""

    __slots__ = ()

    def all(self) -> tuple[UserRow, ...]:
        """Return everybody who may open the vault or once could, in the order of coming."""
        return tuple(
            UserRow(
                UUID(row["user_id"]),
                row["name"],
                moment(row["created_at"]),
                moment_or_none(row["left_at"]),
                row["sign_public"],
            )
            for row in self._all(_USERS)
        )

    def add(self, user_id: UUID, name: str, sign_public: str) -> None:
        """Add a user, who is not told of uses before. ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        row = {
            "user_id": str(user_id),
            "name": name,
            "created_at": stamp(writing.at),
            "left_at": None,
            "added_by": str(writing.actor_id),
            "sign_public": sign_public,
        }
        self._run(_ADD, row)
        self._changed("user", user_id, None)
        if before := self.unseen_uses(user_id):
            self.mark_seen(user_id, before)

    def leave(self, user_id: UUID) -> None:
        """Note that this user left, now. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        self._run(_LEFT, {"which": str(user_id), "at": stamp(writing.at)})
        self._changed("user", user_id, None)

    def touched(self, user_id: UUID) -> None:
        """Note in the log that something about this user's way in changes."""
        self._scope.writer()
        self._changed("user", user_id, None)

    def set_sign_public(self, user_id: UUID, public: str) -> None:
        """Keep the public key that belongs to the user's own signing key."""
        self._scope.writer()
        self._run(_SIGN, {"which": str(user_id), "public": public})
        self._changed("user", user_id, None)

    def generation(self) -> int:
        """Return the latest generation of the key file that was seen, 0 if none was."""
        row = self._one(_SETTING)
        return 0 if row is None else int(row["value"])

    def saw_generation(self, generation: int) -> None:
        """Keep the generation of the key file, never a lower one than before."""
        self._scope.writer()
        if generation > self.generation():
            self._run(_SET, {"name": GENERATION, "value": str(generation)})
            self._changed("keys", None, None)

    def add_use(self, use_id: UUID, user_id: UUID, kind: str) -> None:
        """Note that the recovery cards are used for this user, now."""
        writing = self._scope.writer()
        row = {
            "use_id": str(use_id),
            "at": stamp(writing.at),
            "kind": kind,
            "user_id": str(user_id),
        }
        self._run(_ADD_USE, row)
        self._changed("recovery", use_id, None)

    def last_use(self) -> datetime | None:
        """Return when the cards were used last, None if never."""
        uses = [row for row in self._all(_USES) if row["kind"] == CARDS]
        return moment(uses[-1]["at"]) if uses else None

    def unseen_uses(self, reader: UUID) -> tuple[RecoveryUse, ...]:
        """Return the uses that this user has not seen yet, oldest first."""
        return tuple(
            RecoveryUse(
                UUID(row["use_id"]),
                moment(row["at"]),
                UUID(row["user_id"]),
                row["name"] or "",
                row["kind"],
            )
            for row in self._all(_UNSEEN, {"reader": str(reader)})
        )

    def mark_seen(self, reader: UUID, uses: tuple[RecoveryUse, ...]) -> None:
        """Note that this user has seen these uses. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        rows = [
            {"use_id": str(use.use_id), "user_id": str(reader), "seen_at": stamp(writing.at)}
            for use in uses
        ]
        if rows:
            self._run(_ADD_SEEN, rows)
            self._changed("recovery", None, None)
