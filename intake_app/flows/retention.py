"""Bewaren: what may go, with a warning first, and taking it away for good.

After an accepted receipt the local copy of a dossier becomes removable when its term is over
(DESIGN §4.6); so does a received dossier that was refused here. Where a case ends without a
handover, two users decide. Nothing goes by itself: what comes up is shown with its date a week
before, and somebody says that it may go now. The clock that counts never trusts a jump.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.handover import FINAL, InboxState
from intake_app.flows.acting import actor_of
from intake_app.sentences import Told
from intake_app.vault.stores.removals import BY_TWO, STANDING, Ground, Removal, RemovalState

if TYPE_CHECKING:
    from intake_app.domain.handover import Handover
    from intake_app.domain.person import Person
    from intake_app.vault import Vault
    from intake_app.vault.stores.moments import Clock
    from intake_app.vault.stores.removals import Accepted
    from intake_app.vault.transaction import Records

DEFAULT_TERM: Final = 30
"""Days between acceptance and removal."""
TERMS: Final = (7, 30, 60, 90, 180)
WARNING: Final = timedelta(days=7)
"""So long before somebody can be removed it has been on the screen."""
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500
_MOST_COUNTED: Final = 20
_MOST_LISTED: Final = 300
_TERM: Final = "bewaren.dagen"
_UNCLEAN: Final = "bewaren.opschonen"


class RetentionRefused(Told):
    """Removing, proposing or confirming is not possible now; str() is a Dutch sentence."""


class ClockJumped(RetentionRefused):
    """The clock cannot be believed until somebody says that it is right."""

    sentence = (
        "De klok van deze laptop is versprongen, of er is langer dan een dag niet gewerkt. "
        "Er is niets verwijderd. Kijk of de datum klopt en bevestig dat bij Bewaren."
    )

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock


class Stays(StrEnum):
    """Why the dossier of somebody whose handover was accepted stays."""

    WORKED_SINCE = "worked-since"
    """Something was written after the dossier that was accepted; nobody else has that."""
    MEDICAL = "medical"
    """There are medical notes, which do not travel in the dossier."""
    NEWER_WAITS = "newer-waits"
    """A newer version of the same dossier was received and nobody decided on it."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A person, or a refused received dossier, of which the local copy may go or will."""

    subject_id: UUID
    name: str
    """The short name as on every screen."""
    ground: Ground
    since: datetime
    """When the term began: acceptance, refusal, or the decision of two."""
    removable_on: date
    """The day from which it may be removed: after the term, and a week after the warning."""
    due: bool
    removal: Removal | None
    """The warning or the decision, once it is recorded."""
    stays: Stays | None = None
    """Why it stays although the term runs; then it is never due."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that a second user has to take, or that was taken."""

    removal: Removal
    name: str
    proposed_by_name: str
    mine: bool
    """True when the user at the keyboard proposed it, and so cannot confirm it."""


@dataclass(frozen=True, slots=True)
class RetentionView:
    """Everything the page shows."""

    term: int
    clock: Clock
    upcoming: tuple[Upcoming, ...]
    """In the order in which they may go; those that stay last."""
    proposals: tuple[Proposal, ...]
    needs_scrub: bool
    backups_wait: bool = False
    """True when old backups do not end before a person has looked at the date."""

    @property
    def due(self) -> tuple[Upcoming, ...]:
        """What may go now."""
        return tuple(each for each in self.upcoming if each.due)


@dataclass(frozen=True, slots=True)
class RetentionNotice:
    """What Vandaag says: how many may go, and how many will within a week."""

    due: int
    soon: int
    proposals: int
    """Decisions that wait for this user."""
    clock_waits: bool = False
    """True when what is due does not go before a person has looked at the date."""


def term(records: Records) -> int:
    """Return the term in days."""
    kept = records.settings.get(_TERM)
    return int(kept) if kept is not None else DEFAULT_TERM


def set_term(vault: Vault, days: int) -> None:
    """Keep another term. Raises RetentionRefused for one that is not offered."""
    if days not in TERMS:
        raise RetentionRefused("Deze termijn kan niet. Kies een termijn uit de lijst.")
    with vault.transaction(actor_of(vault), "bewaartermijn wijzigen") as tx:
        tx.settings.set(_TERM, str(days))


def look(vault: Vault) -> RetentionView:
    """Return what may go and when. What comes up within a week is warned of from now on."""
    from intake_app.flows import back_up

    _warn(vault)
    with vault.read("bewaartermijnen bekijken") as records:
        view = _view(vault, records)
    return replace(view, backups_wait=back_up.waits_for_clock(vault))


def notice(vault: Vault) -> RetentionNotice | None:
    """Return what Vandaag says of this, None when there is nothing to say.

    Cheap enough for every look at Vandaag: only what is near is read, and it counts to twenty.
    """
    with vault.read() as records:
        now = vault.env.now()
        near = now + WARNING + timedelta(days=1) - timedelta(days=term(records))
        upcoming = _upcoming(vault, records, until=near, at_most=_MOST_COUNTED, name_of=_nobody)
        waiting = [
            r
            for r in _standing(records)
            if r.state is RemovalState.VOORGESTELD and r.proposed_by != vault.user.user_id
        ]
        due = [u for u in upcoming if u.due]
        # Only asked when something is due: it reads the log since the clock was last believed.
        clock_waits = bool(due) and not records.moments.clock(now).is_right
    today = now.astimezone().date()
    soon = [u for u in upcoming if not u.due and u.stays is None]
    soon = [u for u in soon if u.removable_on <= today + WARNING + timedelta(days=1)]
    if not (due or soon or waiting):
        return None
    return RetentionNotice(len(due), len(soon), len(waiting), clock_waits)


def believe_clock(vault: Vault) -> None:
    """Keep that the user looked at the date and says that it is right."""
    with vault.transaction(actor_of(vault), "klok bevestigd") as tx:
        tx.moments.believe()


def remove_due(vault: Vault, only: Iterable[UUID] | None = None) -> tuple[Upcoming, ...]:
    """Remove for good what is due, of `only` these when given; return what was removed.

    Each goes in one transaction with its audit entry; afterwards the files are made clean. Raises
    ClockJumped before anything is removed, and `vault.retention.NotScrubbed` when the rows are
    gone and the files have to be cleaned later (`scrub`).
    """
    from intake_app.vault.retention import scrub as scrub_files

    with vault.read() as records:
        view = _view(vault, records)
    wanted = set(only) if only is not None else None
    chosen = [u for u in view.due if wanted is None or u.subject_id in wanted]
    if not chosen:
        return ()
    if not view.clock.is_right:
        raise ClockJumped(view.clock)
    removed = tuple(each for each in chosen if _remove(vault, each.subject_id))
    if removed:
        scrub_files(vault)
        _cleaned(vault)
    return removed


def scrub(vault: Vault) -> None:
    """Clean the files after a removal that could not; raises `vault.retention.NotScrubbed`."""
    from intake_app.vault.retention import scrub as scrub_files

    scrub_files(vault)
    _cleaned(vault)


def keep_longer(vault: Vault, subject_id: UUID) -> None:
    """Start the term anew for something that would go. Raises KeyError when it would not."""
    now = vault.env.now()
    with vault.transaction(actor_of(vault), "langer bewaren") as tx:
        mine = _upcoming(vault, tx, only=subject_id)
        found = next((u for u in mine if u.subject_id == subject_id), None)
        if found is None or found.ground in BY_TWO:
            raise KeyError(subject_id)
        removal = found.removal or _new(vault, subject_id, found.ground, "", now)
        tx.removals.save(
            replace(
                removal,
                state=RemovalState.UITGESTELD,
                decided_at=now,
                decided_by=vault.user.user_id,
            )
        )


def propose(vault: Vault, person_id: UUID, ground: Ground, reason: str) -> Removal:
    """Propose to remove somebody without a handover; another user has to confirm it.

    Raises RetentionRefused without a usable reason, while a handover is under way, or when there
    is a proposal already; KeyError for an unknown person.
    """
    now, said = vault.env.now(), reason.strip()
    if ground not in BY_TWO:
        raise ValueError("not a ground for two")
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise RetentionRefused(
            "Schrijf in {least} tot {most} tekens waarom dit dossier weg mag "
            "zonder overdracht, en waar dat uit blijkt.",
            least=SHORTEST_REASON,
            most=LONGEST_REASON,
        )
    with vault.transaction(actor_of(vault), "verwijdering voorstellen") as tx:
        person = tx.persons.get(person_id)
        if person is None:
            raise KeyError(person_id)
        if _names_somebody(said, person):
            raise RetentionRefused(
                "De reden blijft bewaard nadat het dossier weg is. Noem daarin geen naam, "
                "V-nummer of telefoonnummer."
            )
        if any(r.subject_id == person_id and r.ground in BY_TWO for r in _standing(tx)):
            raise RetentionRefused("Er is al een voorstel om dit dossier te verwijderen.")
        if any(h.person_id == person_id for h in _under_way(tx)):
            raise RetentionRefused(
                "Er loopt nog een overdracht van deze persoon. Wacht op het ontvangstbewijs of "
                "trek die overdracht eerst in."
            )
        made = _new(vault, person_id, ground, said, now)
        made = replace(made, state=RemovalState.VOORGESTELD)
        tx.removals.save(made)
    return made


def confirm(vault: Vault, removal_id: UUID) -> Removal:
    """Confirm another user's proposal, as the user who unlocked the vault.

    From then on it is due; until it is done anybody may undo it. Raises RetentionRefused for the
    proposer, or when it does not wait any more.
    """
    return _confirm(vault, removal_id, vault.user.user_id)


def confirm_with_passphrase(vault: Vault, removal_id: UUID, passphrase: str) -> Removal:
    """Confirm a proposal as a colleague who types the passphrase at this keyboard.

    A wrong one counts for the growing pause, as at unlocking. Raises TooSoon, WrongPassphrase,
    and as `confirm` does.
    """
    from intake_app.flows.colleague import who_has

    return _confirm(vault, removal_id, who_has(vault, passphrase))


def undo(vault: Vault, removal_id: UUID) -> None:
    """Take back a proposal or decision that is not done yet. Raises RetentionRefused otherwise."""
    with vault.transaction(actor_of(vault), "verwijdering intrekken") as tx:
        removal = tx.removals.get(removal_id)
        if removal is None or removal.state not in STANDING:
            raise RetentionRefused("Dit is al verwijderd of ingetrokken. Er is niets veranderd.")
        tx.removals.save(replace(removal, state=RemovalState.INGETROKKEN))


def _confirm(vault: Vault, removal_id: UUID, user_id: UUID) -> Removal:
    from intake_app.domain.actor import Actor

    with vault.transaction(Actor(user_id, ""), "verwijdering bevestigen") as tx:
        removal = tx.removals.get(removal_id)
        if removal is None or removal.state is not RemovalState.VOORGESTELD:
            raise RetentionRefused("Dit voorstel wacht niet meer. Er is niets veranderd.")
        if removal.proposed_by == user_id:
            raise RetentionRefused(
                "Dit voorstel heb je zelf gedaan. Een collega moet het bevestigen met de eigen "
                "wachtwoordzin."
            )
        decided = replace(
            removal, state=RemovalState.BESLOTEN, decided_at=vault.env.now(), decided_by=user_id
        )
        tx.removals.save(decided)
    return decided


def _view(vault: Vault, records: Records) -> RetentionView:
    names = {user.user_id: user.name for user in records.users.all()}
    proposals = [
        Proposal(
            removal=removal,
            name=_name_of(records, removal.subject_id),
            proposed_by_name=names.get(removal.proposed_by, ""),
            mine=removal.proposed_by == vault.user.user_id,
        )
        for removal in _standing(records)
        if removal.ground in BY_TWO
    ]
    return RetentionView(
        term=term(records),
        clock=records.moments.clock(vault.env.now()),
        upcoming=_upcoming(vault, records),
        proposals=tuple(proposals),
        needs_scrub=records.settings.get(_UNCLEAN, "") == "1",
    )


def _upcoming(
    vault: Vault,
    records: Records,
    *,
    until: datetime | None = None,
    at_most: int = _MOST_LISTED,
    only: UUID | None = None,
    name_of: Callable[[Records, UUID], str] | None = None,
) -> tuple[Upcoming, ...]:
    called = name_of or _name_of
    now = vault.env.now()
    days = timedelta(days=term(records))
    own: dict[UUID, list[Removal]] = {}
    for removal in records.removals.all():
        own.setdefault(removal.subject_id, []).append(removal)
    found = [
        _one(called(records, each[1]), now, days, each, own.get(each[1], []))
        for each in _running(records, until, at_most, only)
        if only in {None, each[1]}
    ]
    by_two = [r for rs in own.values() for r in rs if r.state is RemovalState.BESLOTEN]
    found += [
        Upcoming(
            subject_id=removal.subject_id,
            name=called(records, removal.subject_id),
            ground=removal.ground,
            since=removal.decided_at or removal.proposed_at,
            removable_on=(removal.decided_at or now).astimezone().date(),
            due=True,
            removal=removal,
        )
        for removal in by_two
    ]
    decided = {removal.subject_id for removal in by_two}
    found = [u for u in found if u.ground in BY_TWO or u.subject_id not in decided]
    return tuple(sorted(found, key=lambda u: (u.stays is not None, u.removable_on, u.name)))


def _one(
    name: str,
    now: datetime,
    days: timedelta,
    running: tuple[Ground, UUID, datetime, Stays | None],
    removals: list[Removal],
) -> Upcoming:
    ground, subject_id, since, stays = running
    own = [r for r in removals if r.ground is ground]
    postponed = [r.decided_at for r in own if r.state is RemovalState.UITGESTELD and r.decided_at]
    ends = max([since, *postponed]) + days
    warned = next((r for r in own if r.state is RemovalState.GEWAARSCHUWD), None)
    if warned is not None:
        ends = max(ends, warned.proposed_at + WARNING)
    elif ends < now + WARNING:
        ends = now + WARNING
    return Upcoming(
        subject_id=subject_id,
        name=name,
        ground=ground,
        since=since,
        removable_on=_first_day_after(ends),
        due=warned is not None and stays is None and now >= ends,
        removal=warned,
        stays=stays,
    )


def _first_day_after(moment: datetime) -> date:
    day = moment.astimezone()
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return day.date() if day == midnight else day.date() + timedelta(days=1)


def _nobody(_records: Records, _subject_id: UUID) -> str:
    return ""


def _running(
    records: Records, until: datetime | None, at_most: int, only: UUID | None
) -> Iterable[tuple[Ground, UUID, datetime, Stays | None]]:
    accepted = records.removals.accepted(until, at_most, only)
    waiting = _waiting_persons(records) if accepted else frozenset()
    for each in accepted:
        yield Ground.GEACCEPTEERD, each.person_id, each.accepted_at, _stays(each, waiting)
    for handover_id, refused_at in records.removals.refused():
        yield Ground.GEWEIGERD, handover_id, refused_at, None


def _stays(accepted: Accepted, waiting: frozenset[UUID]) -> Stays | None:
    if accepted.person_id in waiting:
        return Stays.NEWER_WAITS
    if accepted.worked_at is not None and accepted.worked_at > accepted.offered_at:
        return Stays.WORKED_SINCE
    return Stays.MEDICAL if accepted.medical else None


def _waiting_persons(records: Records) -> frozenset[UUID]:
    """Return who is here of the received dossiers that nobody decided on."""
    found: set[UUID] = set()
    for dossier_json in records.removals.waiting():
        found |= _persons_of(records, dossier_json)
    return frozenset(found)


def _persons_of(records: Records, dossier_json: bytes) -> set[UUID]:
    from intake_app.flows import take_over
    from intake_app.handover.dossier import DossierRefused, from_json

    try:
        theirs = take_over.person(from_json(dossier_json))
    except DossierRefused:
        return set()
    here = records.persons.find_by_v_number(theirs.v_number) if theirs.v_number else None
    return {theirs.person_id} | ({here.person_id} if here is not None else set())


def _refused_of(records: Records, person_id: UUID) -> tuple[UUID, ...]:
    """Return the refused received dossiers about this person."""
    return tuple(
        item.handover_id
        for item in records.inbox.in_state(InboxState.GEWEIGERD)
        if person_id in _persons_of(records, item.dossier_json)
    )


def _warn(vault: Vault) -> None:
    """Record a warning for what comes up within a week; nothing is due without one."""
    with vault.read() as records:
        now = vault.env.now()
        if not records.moments.clock(now).is_right:
            return
        new = [u for u in _upcoming(vault, records) if _is_new(u, now)]
    if not new:
        return
    with vault.transaction(actor_of(vault), "waarschuwen voor verwijdering") as tx:
        for each in new:
            tx.removals.save(_new(vault, each.subject_id, each.ground, "", now))


def _is_new(each: Upcoming, now: datetime) -> bool:
    near = each.removable_on <= (now + WARNING).astimezone().date() + timedelta(days=1)
    return each.removal is None and each.stays is None and near


def _remove(vault: Vault, subject_id: UUID) -> bool:
    """Remove one subject if it is still due inside the transaction; True when done."""
    with vault.transaction(actor_of(vault), "gegevens verwijderen") as tx:
        mine = _upcoming(vault, tx, only=subject_id)
        found = next((u for u in mine if u.subject_id == subject_id), None)
        if found is None or not found.due or found.removal is None:
            return False
        now = vault.env.now()
        done = replace(found.removal, state=RemovalState.GEDAAN, done_at=now)
        tx.removals.save(done)
        if found.ground is Ground.GEWEIGERD:
            tx.removals.erase_received(done)
        else:
            tx.removals.erase_person(done, _refused_of(tx, subject_id))
            for other in tx.removals.all():
                if other.subject_id == subject_id and other.state in STANDING:
                    tx.removals.save(replace(other, state=RemovalState.INGETROKKEN))
        tx.settings.set(_UNCLEAN, "1")
        tx.moments.believe()
    return True


def _cleaned(vault: Vault) -> None:
    with vault.transaction(actor_of(vault), "kluis opgeschoond") as tx:
        tx.settings.set(_UNCLEAN, "0")


def _new(vault: Vault, subject_id: UUID, ground: Ground, reason: str, now: datetime) -> Removal:
    return Removal(
        removal_id=vault.env.uuid(),
        subject_id=subject_id,
        ground=ground,
        reason=reason,
        proposed_at=now,
        proposed_by=vault.user.user_id,
        state=RemovalState.GEWAARSCHUWD,
    )


def _standing(records: Records) -> tuple[Removal, ...]:
    return tuple(r for r in records.removals.all() if r.state in STANDING)


def _under_way(records: Records) -> tuple[Handover, ...]:
    return tuple(h for h in records.handovers.all() if h.state not in FINAL)


def _names_somebody(text: str, person: Person) -> bool:
    """True if the text holds a name, the V-nummer or the telephone number of the person."""
    from intake_app.vault.stores.persons import folded

    words = set(re.findall(r"\w+", folded(text)))
    names = (person.family_name, person.given_names, person.call_name, person.name_in_own_script)
    parts = {word for name in (*names, *person.aliases) for word in folded(name).split()}
    digits = "".join(re.findall(r"\d", text))
    numbers = {re.sub(r"\D", "", number) for number in (person.v_number, person.phone, person.bsn)}
    return any(len(part) > 1 and part in words for part in parts) or any(
        len(number) > 5 and number in digits for number in numbers
    )


def _name_of(records: Records, subject_id: UUID) -> str:
    person = records.persons.get(subject_id)
    if person is not None:
        return person.short_name
    item = records.inbox.get(subject_id)
    if item is None:
        return ""
    from intake_app.flows.receive import subject
    from intake_app.handover.dossier import DossierRefused

    try:
        return subject(item)
    except DossierRefused:
        return ""
