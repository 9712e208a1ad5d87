"""What may go, when, who decides, and what is never trusted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.clocks import Clock
from support.vaults import PASSPHRASE, actor_of, make_vault, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.domain.handover import Handover, HandoverState, InboxItem, InboxState
from intake_app.domain.person import Koppeling, Person
from intake_app.flows import retention
from intake_app.flows.retention import ClockJumped, RetentionRefused, Stays
from intake_app.flows.unlock import TooSoon
from intake_app.vault import Vault, WrongPassphrase, users
from intake_app.vault.errors import KeyFileDoesNotFit
from intake_app.vault.stores.removals import Ground, RemovalState

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AMANUEL = Person(UUID(int=1), "2876543210", "Tesfaye", given_names="Amanuel")
LATER = timedelta(days=37, hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def vault(tmp_path: Path, clock: Clock) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis", env=clock.env())
    with opened.transaction(actor_of(opened), "begin") as tx:
        tx.persons.save(AMANUEL)
        tx.moments.believe()
    yield opened
    opened.close()


def accept(vault: Vault, person: Person = AMANUEL, number: int = 1) -> None:
    """Let the dossier of somebody be offered and accepted now."""
    at = vault.env.now()
    with vault.transaction(actor_of(vault), "overdracht") as tx:
        tx.handovers.save(
            Handover(
                UUID(int=50 + number), person.person_id, number, UUID(int=9), "Heuvelland", "0355",
                HandoverState.GEACCEPTEERD, at, actor_of(vault).user_id, changed_at=at,
            )
        )  # fmt: skip


def days_pass(vault: Vault, clock: Clock, span: timedelta) -> None:
    end = clock.at + span
    while clock.at < end:
        clock.at = min(end, clock.at + timedelta(hours=16))
        with vault.transaction(actor_of(vault), "werk") as tx:
            tx.settings.set("werk", clock.at.isoformat())


def is_here(vault: Vault, person: Person = AMANUEL) -> bool:
    with vault.read() as records:
        return records.persons.get(person.person_id) is not None


def test_goes_a_term_after_acceptance_and_a_week_after_the_warning(vault, clock):
    assert retention.look(vault).upcoming == ()
    accept(vault)
    (first,) = retention.look(vault).upcoming
    assert first.name == "Amanuel T."
    assert first.removable_on.isoformat() == "2026-04-02"
    assert not first.due
    days_pass(vault, clock, timedelta(days=24))
    assert retention.notice(vault) == retention.RetentionNotice(0, 1, 0)
    assert retention.look(vault).upcoming[0].removal is not None  # shown, so warned
    days_pass(vault, clock, timedelta(days=6, hours=20))
    assert retention.remove_due(vault) == ()
    days_pass(vault, clock, timedelta(hours=8))
    assert retention.notice(vault) == retention.RetentionNotice(1, 0, 0)
    (gone,) = retention.remove_due(vault)
    assert gone.subject_id == AMANUEL.person_id
    assert not is_here(vault)
    assert retention.look(vault).upcoming == ()
    assert not retention.look(vault).needs_scrub
    with vault.read() as records:
        (removal,) = records.removals.all()
        records.audit.verify()
    assert removal.state is RemovalState.GEDAAN


def test_never_without_a_warning_first(vault, clock):
    accept(vault)
    days_pass(vault, clock, LATER)
    assert retention.remove_due(vault) == ()
    (late,) = retention.look(vault).upcoming
    assert not late.due
    assert late.removable_on == (clock.at + timedelta(days=8)).date()
    assert retention.remove_due(vault) == ()
    days_pass(vault, clock, timedelta(days=7, hours=1))
    assert len(retention.remove_due(vault)) == 1


@pytest.mark.parametrize("jump", [timedelta(days=2), timedelta(days=3650), timedelta(hours=-1)])
def test_never_on_a_clock_that_jumped(vault, clock, jump):
    accept(vault)
    days_pass(vault, clock, timedelta(days=25))
    retention.look(vault)
    days_pass(vault, clock, timedelta(days=12))
    clock.at += jump
    assert not retention.look(vault).clock.is_right
    if jump > timedelta():  # by a clock that was set back nothing is due
        assert retention.notice(vault).clock_waits
    with pytest.raises(ClockJumped) as stopped:
        retention.remove_due(vault)
    assert stopped.value.clock.back is (jump < timedelta())
    assert is_here(vault)
    # work after the jump does not make it right by itself
    with vault.transaction(actor_of(vault), "werk") as tx:
        tx.settings.set("werk", "na de sprong")
    with pytest.raises(ClockJumped):
        retention.remove_due(vault)
    retention.believe_clock(vault)
    assert len(retention.remove_due(vault)) == 1


def test_work_after_the_dossier_stays(vault, clock):
    accept(vault)
    days_pass(vault, clock, timedelta(days=2))
    with vault.transaction(actor_of(vault), "koppeling") as tx:
        tx.koppelingen.save(Koppeling(UUID(int=5), AMANUEL.person_id, "0355", START.date()))
    days_pass(vault, clock, LATER)
    (stays,) = retention.look(vault).upcoming
    assert stays.stays is Stays.WORKED_SINCE
    days_pass(vault, clock, timedelta(days=10))
    assert retention.remove_due(vault) == ()
    accept(vault, number=2)  # a newer version holds it
    (goes,) = retention.look(vault).upcoming
    assert goes.stays is None


def test_a_handover_under_way_stays(vault, clock):
    accept(vault)
    with vault.transaction(actor_of(vault), "overdracht") as tx:
        tx.handovers.save(
            Handover(
                UUID(int=60), AMANUEL.person_id, 2, UUID(int=9), "H", "0355",
                HandoverState.AANGEBODEN, vault.env.now(), actor_of(vault).user_id,
            )
        )  # fmt: skip
    days_pass(vault, clock, LATER)
    assert retention.look(vault).upcoming == ()


def test_kept_longer_on_request(vault, clock):
    accept(vault)
    days_pass(vault, clock, timedelta(days=25))
    retention.look(vault)
    days_pass(vault, clock, timedelta(days=8))
    assert retention.look(vault).due
    retention.keep_longer(vault, AMANUEL.person_id)
    (kept,) = retention.look(vault).upcoming
    assert not kept.due
    assert kept.removable_on > (clock.at + timedelta(days=29)).date()
    assert retention.remove_due(vault) == ()


def test_another_term(vault, clock):
    accept(vault)
    retention.set_term(vault, 90)
    (later,) = retention.look(vault).upcoming
    assert later.removable_on.isoformat() == "2026-06-01"
    with pytest.raises(RetentionRefused):
        retention.set_term(vault, 1)


def test_refused_received_dossier_goes_too(vault, clock):
    item = InboxItem(
        UUID(int=70), UUID(int=8), "Team", "age1", vault.env.now(), "ab" * 32, 1, b"{}", b"%PDF",
        state=InboxState.GEWEIGERD, decided_at=vault.env.now(), reason="niet voor ons",
    )  # fmt: skip
    with vault.transaction(actor_of(vault), "weigeren") as tx:
        tx.inbox.save(item)
    days_pass(vault, clock, timedelta(days=25))
    assert retention.look(vault).upcoming[0].ground is Ground.GEWEIGERD
    days_pass(vault, clock, timedelta(days=8))
    assert len(retention.remove_due(vault)) == 1
    with vault.read() as records:
        assert records.inbox.get(item.handover_id) is None
        assert records.removals.received() == {(item.sender_id, item.handover_id)}


REASON = "Overleden volgens bericht van het COA van 1 maart."


@pytest.fixture(scope="module")
def two_users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of two users; the second one's passphrase is that of the first with 'twee'."""
    folder = tmp_path_factory.mktemp("twee") / "kluis"
    vault = make_vault(folder)
    users.add_user(
        vault, passphrase=PASSPHRASE, name="Bo", roles=(UserRole.INTAKE,),
        new_passphrase=PASSPHRASE + " twee",
    )  # fmt: skip
    with vault.transaction(actor_of(vault), "begin") as tx:
        tx.persons.save(AMANUEL)
    vault.close()
    return folder


@pytest.fixture
def shared(two_users: Path, tmp_path: Path, clock: Clock) -> Iterator[Vault]:
    import shutil

    folder = shutil.copytree(two_users, tmp_path / "kluis")
    opened = Vault.open(folder, passphrase=PASSPHRASE, env=clock.env(), reserve_bytes=4096)
    retention.believe_clock(opened)
    yield opened
    opened.close()


def test_two_users_decide(shared: Vault):
    made = retention.propose(shared, AMANUEL.person_id, Ground.OVERLEDEN, REASON)
    (proposal,) = retention.look(shared).proposals
    assert proposal.mine
    assert retention.look(shared).due == ()
    with pytest.raises(RetentionRefused, match="zelf"):
        retention.confirm(shared, made.removal_id)
    with pytest.raises(RetentionRefused, match="zelf"):
        retention.confirm_with_passphrase(shared, made.removal_id, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        retention.confirm_with_passphrase(shared, made.removal_id, "iets heel anders")
    decided = retention.confirm_with_passphrase(shared, made.removal_id, PASSPHRASE + " twee")
    assert decided.state is RemovalState.BESLOTEN
    assert decided.decided_by not in {None, decided.proposed_by}
    with shared.read() as records:
        assert str(decided.decided_by) in records.audit.entries(1)[0].body
    assert [u.subject_id for u in retention.look(shared).due] == [AMANUEL.person_id]
    retention.undo(shared, made.removal_id)
    assert retention.look(shared).due == ()
    again = retention.propose(shared, AMANUEL.person_id, Ground.OVERLEDEN, REASON)
    retention.confirm_with_passphrase(shared, again.removal_id, PASSPHRASE + " twee")
    assert len(retention.remove_due(shared)) == 1
    assert not is_here(shared)
    with pytest.raises(RetentionRefused):
        retention.undo(shared, again.removal_id)


def test_a_key_file_that_was_put_there_confirms_nothing(shared: Vault):
    made = retention.propose(shared, AMANUEL.person_id, Ground.VERTROKKEN, REASON)
    other = next(u for u in users.access(shared) if u.user_id != made.proposed_by)
    before = [
        (shared.folder / name).read_bytes() for name in ("sleutels.json", "sleutels.bak.json")
    ]
    users.remove_user(shared, passphrase=PASSPHRASE, user_id=other.user_id)
    for name, content in zip(("sleutels.json", "sleutels.bak.json"), before, strict=True):
        (shared.folder / name).write_bytes(content)
    with pytest.raises(KeyFileDoesNotFit):
        retention.confirm_with_passphrase(shared, made.removal_id, PASSPHRASE + " twee")
    assert retention.look(shared).due == ()


def test_wrong_passphrases_make_it_wait(shared: Vault):
    made = retention.propose(shared, AMANUEL.person_id, Ground.VERTROKKEN, REASON)

    def try_on() -> None:
        for _ in range(9):
            with contextlib.suppress(WrongPassphrase):
                retention.confirm_with_passphrase(shared, made.removal_id, "iets heel anders")

    with pytest.raises(TooSoon):
        try_on()


def test_confirmed_at_the_own_unlock(shared: Vault, clock):
    made = retention.propose(shared, AMANUEL.person_id, Ground.TERUGGEKEERD, REASON)
    folder = shared.folder
    shared.close()
    bo = Vault.open(folder, passphrase=PASSPHRASE + " twee", env=clock.env(), reserve_bytes=4096)
    assert retention.notice(bo) == retention.RetentionNotice(0, 0, 1)
    retention.confirm(bo, made.removal_id)
    assert len(retention.remove_due(bo)) == 1
    bo.close()


def test_what_cannot_be_proposed(shared: Vault):
    with pytest.raises(RetentionRefused, match="naam"):
        retention.propose(
            shared, AMANUEL.person_id, Ground.OVERLEDEN, "Amanuel is overleden in maart."
        )
    with pytest.raises(RetentionRefused, match="naam"):
        retention.propose(shared, AMANUEL.person_id, Ground.ANDERS, "Nummer 2876543210 kan weg.")
    with pytest.raises(RetentionRefused):
        retention.propose(shared, AMANUEL.person_id, Ground.OVERLEDEN, "weg")
    with pytest.raises(KeyError):
        retention.propose(shared, UUID(int=404), Ground.OVERLEDEN, REASON)
    retention.propose(shared, AMANUEL.person_id, Ground.OVERLEDEN, REASON)
    with pytest.raises(RetentionRefused, match="al een voorstel"):
        retention.propose(shared, AMANUEL.person_id, Ground.VERHUISD, REASON)
