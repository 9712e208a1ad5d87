"""Whose vault this is: its organisation, the organisation's keys, and joining another one.

The secret of a one-time key stands in the table of the organisation's keys under a kind of its own,
so that whatever keeps those secrets in keeps this one in too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, literal, select, union_all, update

from intake_app.crypto.age import parse_identity
from intake_app.crypto.sshsig import SigningKey
from intake_app.domain.actor import Organisation
from intake_app.vault.rows import pack, stamp
from intake_app.vault.schema import arrival, handover, inbox, organisation_key, person, vault
from intake_app.vault.scope import Store, at_most

_ONE_TIME: Final = "deelname"
_AGE, _SIGN = "age", "sign"
_ADD: Final = insert(organisation_key)
_OF_KIND: Final = select(organisation_key.c.secret).where(
    organisation_key.c.kind == bindparam("which")
)
_DROP: Final = delete(organisation_key).where(organisation_key.c.kind == bindparam("which"))
_WHOSE: Final = update(vault).values(
    organisation_id=bindparam("ident"),
    organisation_name=bindparam("name"),
    municipality_codes=bindparam("codes"),
)
_DEPENDENT: Final = union_all(
    *(
        select(literal(1).label("one")).select_from(table).limit(at_most(1)).subquery().select()
        for table in (person, handover, inbox, arrival)
    )
)


class OrganisationStore(Store):
    """The one organisation of the vault."""

    __slots__ = ()

    def has_dependents(self) -> bool:
        """True when there is a person, a handover or something that came, past or present."""
        return bool(self._all(_DEPENDENT))

    def one_time(self) -> str | None:
        """Return the secret one-time key that waits for an answer, or None."""
        row = self._one(_OF_KIND, {"which": _ONE_TIME})
        return None if row is None else row["secret"].decode()

    def keep_one_time(self, identity: str) -> None:
        """Keep a new one-time key in the place of any before. ReadOnlyError when reading."""
        self._scope.writer()
        self._run(_DROP, {"which": _ONE_TIME})
        self._add(_ONE_TIME, identity.encode(), parse_identity(identity).recipient.encode())
        self._changed("organisation", None, None)

    def drop_one_time(self) -> None:
        """Destroy the one-time key: deleted rows are overwritten. ReadOnlyError when reading."""
        self._scope.writer()
        self._run(_DROP, {"which": _ONE_TIME})
        self._changed("organisation", None, None)

    def note_given(self, vault_id: UUID) -> None:
        """Have the log say that the keys were given to this vault. ReadOnlyError when reading."""
        self._scope.writer()
        self._changed("organisation", vault_id, None)

    def take_over(
        self, organisation: Organisation, age_identities: Sequence[str], signing_seed: bytes
    ) -> None:
        """Be a vault of `organisation` with its keys; those of before, and a one-time key, go.

        `age_identities` are newest first. The profile is not changed: the caller compares it. What
        others sealed to the keys of before cannot be opened any more. `Vault.read_organisation`
        has to follow the commit. Raises ReadOnlyError outside a transaction.
        """
        self._scope.writer()
        for kind in (_ONE_TIME, _AGE, _SIGN):
            self._run(_DROP, {"which": kind})
        for identity in reversed(age_identities):
            self._add(_AGE, identity.encode(), parse_identity(identity).recipient.encode())
        self._add(_SIGN, signing_seed, SigningKey(signing_seed).public)
        row = {
            "ident": str(organisation.organisation_id),
            "name": organisation.name,
            "codes": pack(organisation.municipality_codes),
        }
        self._run(_WHOSE, row)
        self._changed("organisation", organisation.organisation_id, None)

    def _add(self, kind: str, secret: bytes, public: str) -> None:
        made = stamp(self._scope.writer().at)
        row = {"kind": kind, "secret": secret, "public": public, "created_at": made}
        self._run(_ADD, row)
