"""The audit log for people: what each entry says in plain words, checking it, and unlocking.

Whom an entry is about is told only to who may see persons in this vault; a user with the role
beheer alone sees that something was done, not to whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.actor import UserRole
from intake_app.flows.acting import actor_of
from intake_app.vault.audit_body import SEARCH, SERIOUS_FAILURE, Fact, Happened, fact_of
from intake_app.vault.errors import VaultError
from intake_app.vault.seals import SealReason, seal_daily

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake_app.domain.person import Person
    from intake_app.vault import AuditEntry, Vault
    from intake_app.vault.audit_check import AuditReport
    from intake_app.vault.transaction import Records

OPENED: Final = "kluis openen"
FAILED: Final = "mislukt ontgrendelen"
PAUSED: Final = "wachttijd na mislukt ontgrendelen"
_LOOKING: Final = "logboek bekijken"
_SEES_PERSONS: Final = frozenset({UserRole.INTAKE, UserRole.MEDISCH, UserRole.PRIVACY})
_PAGE: Final = 50

_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "person": ("persoon", "personen"),
    "household": ("huishouden", "huishoudens"),
    "koppeling": ("koppeling", "koppelingen"),
    "stay": ("verblijf", "verblijven"),
    "event": ("gebeurtenis", "gebeurtenissen"),
    "interview": ("gesprek", "gesprekken"),
    "answer": ("gesprek met antwoorden", "gesprekken met antwoorden"),
    "repeat": ("gesprek met herhaalde vragen", "gesprekken met herhaalde vragen"),
    "plan": ("plan", "plannen"),
    "activity": ("activiteit", "activiteiten"),
    "handover": ("overdracht", "overdrachten"),
    "receipt": ("ontvangstbewijs", "ontvangstbewijzen"),
    "inbox": ("ontvangen dossier", "ontvangen dossiers"),
    "consent": ("toestemming", "toestemmingen"),
    "attachment": ("bijlage", "bijlagen"),
    "medical": ("medisch stuk", "medische stukken"),
    "backup": ("back-up", "back-ups"),
    "removal": ("besluit over wissen", "besluiten over wissen"),
    "user": ("gebruiker", "gebruikers"),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry in plain words."""

    seq: int
    at: datetime
    who: str
    """The name of the user; '' when it is nobody of this vault any more."""
    what: str
    """What was done, as a phrase with a capital: "Plan bewaren"."""
    detail: str
    """How much of what: "2 bijlagen, 1 plan"; '' when there is nothing to add."""
    about: tuple[str, ...]
    """Short names of those it is about; empty when they may not be told."""
    about_count: int
    """How many persons it is about, told or not."""
    changed: bool
    """True when something was changed, False when somebody only looked."""
    failed: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines, newest first; `older_below` asks for the next ones, None when there are none."""

    lines: tuple[LogLine, ...]
    older_below: int | None


@dataclass(frozen=True, slots=True)
class LogUser:
    """Somebody who has, or had, a way into this vault."""

    user_id: UUID
    name: str


def may_see_persons(roles: Iterable[UserRole]) -> bool:
    """True if somebody with these roles may be told whom an entry is about."""
    return not _SEES_PERSONS.isdisjoint(roles)


def page(
    vault: Vault,
    *,
    person_id: UUID | None = None,
    user_id: UUID | None = None,
    below: int | None = None,
    limit: int = _PAGE,
) -> LogPage:
    """Return the latest lines, about one person or by one user where that is asked.

    Looking is logged itself. Raises PermissionError for a `person_id` that the user may not see.
    """
    sees = may_see_persons(vault.user.roles)
    if person_id is not None and not sees:
        raise PermissionError
    with vault.read(_LOOKING) as records:
        found = _found(records, person_id, user_id, below, limit + 1)
        names = records.audit.user_names()
        shown = found[:limit]
        persons = {who for _, fact in shown for who in fact.persons} if sees else set()
        known = {key: each.short_name for key, each in records.persons.of_ids(persons).items()}
        lines = tuple(_line(entry, fact, names, known) for entry, fact in shown)
    more = len(found) > limit
    return LogPage(lines, lines[-1].seq if more and lines else None)


def users(vault: Vault) -> tuple[LogUser, ...]:
    """Return who has or had a way into this vault, by name."""
    with vault.read() as records:
        names = records.audit.user_names()
    return tuple(
        LogUser(user_id, name) for user_id, name in sorted(names.items(), key=lambda u: u[1])
    )


def persons(vault: Vault, query: str, limit: int) -> tuple[Person, ...]:
    """Return at most `limit` persons whose name or V-nummer fits `query`, by name."""
    with vault.read("logboek: persoon zoeken") as records:
        return records.persons.list(query, limit)


def check(vault: Vault, anchors: Iterable[tuple[int, str]] = ()) -> AuditReport:
    """Check the whole log, its seals, and these heads that were kept elsewhere."""
    with vault.read() as records:
        report = records.audit.check(anchors)
    told = "heel" if report.fault is None else f"{report.fault.kind.value} bij {report.fault.seq}"
    # where the log is broken, saying so in it is still worth something
    with suppress(VaultError), vault.transaction(actor_of(vault), "logboek controleren") as tx:
        outcome = 0 if report.fault is None else SERIOUS_FAILURE
        tx.audit.note(Happened("logboek controleren", "audit", detail=told, outcome=outcome))
    return report


def seal(vault: Vault) -> bool:
    """Put this user's seal on the log; False when there is one on its last entry."""
    return vault.seal_log(SealReason.ASKED)


def note_opening(vault: Vault, failures: int, pause: int) -> None:
    """Tell the log that the vault was opened, after how many failed tries and which pause.

    Also puts on the seal of the day. A disk that is full keeps nobody out.
    """
    told = []
    if failures:
        told.append(Happened(FAILED, "unlock", outcome=SERIOUS_FAILURE, count=failures))
    if pause:
        told.append(Happened(PAUSED, "unlock", outcome=SERIOUS_FAILURE, count=pause))
    told.append(Happened(OPENED, "unlock", vault.user.user_id))
    with suppress(VaultError), vault.transaction(actor_of(vault), OPENED) as tx:
        for happened in told:
            tx.audit.note(happened)
    seal_daily(vault)


def note_refusal(vault: Vault) -> None:
    """Tell the log that a wrong passphrase was typed in the open vault of this user.

    A disk that is full stops nobody.
    """
    with suppress(VaultError), vault.transaction(actor_of(vault), FAILED) as tx:
        tx.audit.note(Happened(FAILED, "unlock", outcome=SERIOUS_FAILURE))


def _found(
    records: Records, person_id: UUID | None, user_id: UUID | None, below: int | None, limit: int
) -> list[tuple[AuditEntry, Fact]]:
    """Return entries with what they say; one that mentions a user as an object is not by them."""
    mentions = [each for each in (person_id, user_id) if each is not None]
    found: list[tuple[AuditEntry, Fact]] = []
    while len(found) < limit:
        start = {} if below is None else {"below": below}
        some = records.audit.entries(limit, mentions=mentions, **start)
        for entry in some:
            fact = _fact(entry)
            if user_id in {None, fact.user_id}:
                found.append((entry, fact))
        if len(some) < limit:
            break
        below = some[-1].seq
    return found[:limit]


def _fact(entry: AuditEntry) -> Fact:
    try:
        return fact_of(entry.body)
    except ValueError:
        # somebody changed it; the check says so, and the list must still be readable
        return Fact(None, "", "", SERIOUS_FAILURE, "onleesbare regel", (), (), 0)


def _line(
    entry: AuditEntry, fact: Fact, names: Mapping[UUID, str], persons: Mapping[UUID, str]
) -> LogLine:
    who = "" if fact.user_id is None else names.get(fact.user_id, "")
    return LogLine(
        seq=entry.seq,
        at=entry.at,
        who=who,
        what=fact.purpose[:1].upper() + fact.purpose[1:],
        detail=_detail(fact),
        about=tuple(persons[each] for each in fact.persons if each in persons),
        about_count=len(fact.persons),
        changed=fact.action in {"C", "U", "D"},
        failed=fact.outcome != 0,
    )


def _detail(fact: Fact) -> str:
    if fact.purpose == FAILED:
        return f"{fact.count} keer"
    if fact.purpose == PAUSED:
        return f"{fact.count} seconden"
    if any(kind == SEARCH for kind, _, _ in fact.objects) and not fact.persons:
        return "1 naam in een lijst" if fact.count == 1 else f"{fact.count} namen in een lijst"
    counts: dict[str, int] = {}
    for kind, _, _ in fact.objects:
        if kind in _KINDS and kind != "person":
            counts[kind] = counts.get(kind, 0) + 1
    return ", ".join(f"{n} {_KINDS[kind][n != 1]}" for kind, n in counts.items())
