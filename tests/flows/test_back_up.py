"""Reminding of backups, ending old ones, checking one, and putting one back with two cards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.clocks import Clock
from support.vaults import CHEAP, PASSPHRASE, actor_of, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.domain.person import Person
from intake_app.flows import back_up, retention, vault_care
from intake_app.flows.vault_care import Care
from intake_app.vault import Vault, WrongPassphrase, recovery, restore
from intake_app.vault.backup_file import BackupUnreadable, MonthKeyGone, MonthKeys
from intake_app.vault.errors import SecondFactorMissing
from intake_app.vault.restore import RestoreFailed

START = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def vault(tmp_path: Path, clock: Clock) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis", env=clock.env())
    with opened.transaction(actor_of(opened), "begin") as tx:
        tx.persons.save(Person(UUID(int=1), "", "Voorbeeld"))
        tx.moments.believe()
    yield opened
    opened.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def days_pass(vault: Vault, clock: Clock, days: int) -> None:
    """Let days go by with work on each, as a clock that can be believed shows."""
    for _ in range(days * 2):
        clock.at += timedelta(hours=12)
        with vault.transaction(actor_of(vault), "werk") as tx:
            tx.settings.set("werk", clock.at.isoformat())


def test_a_clock_that_was_wrong_does_not_end_the_latest(vault, clock, stick):
    back_up.back_up(vault, stick)
    clock.at += timedelta(days=5 * 365)
    back_up.back_up(vault, stick)
    clock.at = START + timedelta(days=20)
    with vault.transaction(actor_of(vault), "klok") as tx:
        tx.moments.believe()
    latest = back_up.back_up(vault, stick)
    assert back_up.reminder(vault) is None
    clock.at = START + timedelta(days=200)
    with vault.transaction(actor_of(vault), "klok") as tx:
        tx.moments.believe()
    assert back_up.end_old(vault).months == ("2026-03",)
    assert back_up.check(vault, latest.path).backup_id == latest.record.backup_id


def test_reminds_when_the_last_one_is_old(vault, clock, stick):
    assert back_up.reminder(vault) == back_up.BackupReminder(None, 0)
    made = back_up.back_up(vault, stick)
    assert back_up.reminder(vault) is None
    days_pass(vault, clock, 6)
    assert back_up.reminder(vault) is None
    days_pass(vault, clock, 1)
    assert back_up.reminder(vault) == back_up.BackupReminder(made.record.made_at, 7)
    back_up.set_terms(vault, months=3, remind_after=30)
    assert back_up.reminder(vault) is None
    assert back_up.look(vault).folder == made.path.parent
    clock.at -= timedelta(days=60)
    assert back_up.reminder(vault) is not None, "a clock set back does not hide it"


def test_an_empty_or_practice_vault_needs_none(tmp_path):
    empty = prepared_vault(tmp_path / "leeg", number=3)
    assert back_up.reminder(empty) is None
    empty.close()


def test_old_months_end_everywhere(vault, clock, stick, tmp_path):
    other = tmp_path / "schijf"
    other.mkdir()
    march = back_up.back_up(vault, stick)
    also_march = back_up.back_up(vault, other)
    copied = shutil.copy(march.path, tmp_path / "kopie.dlb")
    days_pass(vault, clock, 45)  # 4 May
    may = back_up.back_up(vault, stick)
    assert march.path.exists()
    rows = {row.record.backup_id: row for row in back_up.look(vault).rows}
    assert rows[march.record.backup_id].until.isoformat() == "2026-07-01"
    days_pass(vault, clock, 57)  # 30 June
    assert back_up.end_old(vault).months == ()
    back_up.check(vault, march.path)
    days_pass(vault, clock, 2)  # 2 July
    secret = vault.backup_secret()
    shutil.rmtree(other)
    ended = back_up.end_old(vault)
    assert ended.months == ("2026-03",)
    assert ended.not_reached == ()  # an absent file holds no keys
    assert not march.path.exists()
    assert not also_march.path.exists()
    shutil.move(copied, may.path.parent / "back-up-2026-03-20-00000000.dlb")
    with pytest.raises(MonthKeyGone):
        back_up.check(vault, may.path.parent / "back-up-2026-03-20-00000000.dlb")
    keys = MonthKeys.read(may.path.parent)
    assert keys.open(vault.info.vault_id, march.record.key_name, secret) is None
    back_up.check(vault, may.path)
    rows = {row.record.backup_id: row.ended for row in back_up.look(vault).rows}
    assert rows == {march.record.backup_id: True, also_march.record.backup_id: True,
                    may.record.backup_id: False}  # fmt: skip


def test_nothing_ends_on_a_clock_that_jumped(vault, clock, stick):
    march = back_up.back_up(vault, stick)
    days_pass(vault, clock, 20)
    back_up.back_up(vault, stick)
    clock.at += timedelta(days=3650)
    assert back_up.end_old(vault).months == ()
    back_up.check(vault, march.path)


def weeks_of_work(vault: Vault, clock: Clock, stick: Path, days: int) -> None:
    """Work on weekdays only, with a backup on each Monday."""
    for _ in range(days):
        clock.at += timedelta(days=1)
        if clock.at.weekday() < 5:
            with vault.transaction(actor_of(vault), "werk") as tx:
                tx.settings.set("werk", clock.at.isoformat())
        if clock.at.weekday() == 0:
            back_up.back_up(vault, stick)


def test_a_weekend_does_not_keep_old_backups_alive(vault, clock, stick):
    march = back_up.back_up(vault, stick)
    weeks_of_work(vault, clock, stick, 102)  # 30 June
    assert not any(row.ended for row in back_up.look(vault).rows)
    weeks_of_work(vault, clock, stick, 10)
    rows = {row.record.month: row.ended for row in back_up.look(vault).rows}
    assert rows == {"2026-03": True, "2026-04": False, "2026-05": False, "2026-06": False,
                    "2026-07": False}  # fmt: skip
    assert not march.path.exists()
    assert not back_up.waits_for_clock(vault)


def test_a_clock_set_a_week_ahead_ends_nothing_early(vault, clock, stick):
    back_up.back_up(vault, stick)
    days_pass(vault, clock, 98)  # 26 June
    back_up.back_up(vault, stick)
    clock.at += timedelta(days=7)  # it says 3 July
    back_up.back_up(vault, stick)
    assert not any(row.ended for row in back_up.look(vault).rows)
    days_pass(vault, clock, 7)
    assert back_up.end_old(vault).months == ("2026-03",)


def test_ending_did_not_believe_a_clock_for_removals(vault, clock, stick):
    back_up.back_up(vault, stick)
    weeks_of_work(vault, clock, stick, 112)
    assert any(row.ended for row in back_up.look(vault).rows)
    with vault.read() as records:
        assert not records.moments.clock(clock.at).is_right


def test_a_person_is_asked_before_old_backups_end_after_a_long_rest(vault, clock, stick):
    back_up.back_up(vault, stick)
    days_pass(vault, clock, 20)
    back_up.back_up(vault, stick)
    clock.at += timedelta(days=90)
    assert back_up.waits_for_clock(vault)
    asked = next(i for i in vault_care.items(vault) if i.kind is Care.CLOCK_WAITS)
    assert asked.at.date() == clock.at.date()
    assert retention.look(vault).backups_wait
    back_up.back_up(vault, stick)
    assert not any(row.ended for row in back_up.look(vault).rows)
    retention.believe_clock(vault)
    assert not back_up.waits_for_clock(vault)
    assert Care.CLOCK_WAITS not in [i.kind for i in vault_care.items(vault)]
    assert back_up.end_old(vault).months == ("2026-03",)


def test_a_clock_before_the_day_of_a_backup_is_told(vault, clock, stick):
    back_up.back_up(vault, stick)
    clock.at -= timedelta(days=800)
    assert back_up.waits_for_clock(vault)


def test_the_latest_always_stays(vault, clock, stick):
    march = back_up.back_up(vault, stick)
    days_pass(vault, clock, 200)
    assert back_up.end_old(vault).months == ()
    back_up.check(vault, march.path)


def test_check_refuses(vault, stick, tmp_path):
    made = back_up.back_up(vault, stick)
    assert back_up.check(vault, made.path).backup_id == made.record.backup_id
    content = bytearray(made.path.read_bytes())
    content[9000] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(RestoreFailed):
        back_up.check(vault, made.path)
    with pytest.raises(RestoreFailed):
        back_up.check(vault, made.path.with_name("weg.dlb"))
    other = prepared_vault(tmp_path / "ander", number=2)
    theirs = back_up.back_up(other, stick)
    other.close()
    with pytest.raises(BackupUnreadable):
        back_up.check(vault, theirs.path)


def test_back_with_two_cards(vault, stick, tmp_path, clock):
    first, second, third = recovery.make_cards(vault, passphrase=PASSPHRASE)
    recovery.try_cards(vault, " ".join(first.words), " ".join(second.words))
    made = back_up.back_up(vault, stick)
    clean = tmp_path / "nieuwe laptop"
    opener = restore.with_cards(" ".join(third.words), " ".join(first.words))
    back_up.put_back(made.path, clean, opener, clock.env())
    back = recovery.recover(
        clean,
        " ".join(second.words),
        " ".join(third.words),
        user_id=vault.user.user_id,
        new_passphrase="een heel nieuwe zin met woorden",
        env=clock.env(),
        kdf=CHEAP,
    )
    with back.read() as records:
        assert records.worklist.person_count() == 1
    assert back_up.look(back).restored is not None
    assert Care.RESTORED in [i.kind for i in vault_care.items(back)]
    back.close()


@pytest.fixture
def copy(vault: Vault, stick: Path, tmp_path: Path, clock: Clock) -> Iterator[Vault]:
    """The vault as a backup brought it back."""
    made = back_up.back_up(vault, stick)
    clean = tmp_path / "nieuwe laptop"
    back_up.put_back(made.path, clean, restore.with_passphrase(PASSPHRASE), clock.env())
    opened = Vault.open(clean, passphrase=PASSPHRASE, env=clock.env(), reserve_bytes=4096)
    yield opened
    opened.close()


def kinds(vault: Vault) -> list[Care]:
    return [item.kind for item in vault_care.items(vault)]


def test_a_copy_waits_for_the_clock_with_the_backups_of_before(vault, stick, tmp_path, clock):
    back_up.back_up(vault, stick)
    days_pass(vault, clock, 20)
    made = back_up.back_up(vault, stick)
    clean = tmp_path / "nieuwe laptop"
    back_up.put_back(made.path, clean, restore.with_passphrase(PASSPHRASE), clock.env())
    opened = Vault.open(clean, passphrase=PASSPHRASE, env=clock.env(), reserve_bytes=4096)
    assert not back_up.waits_for_clock(opened)
    clock.at += timedelta(days=90)
    back_up.back_up(opened, stick)
    assert back_up.waits_for_clock(opened)
    retention.believe_clock(opened)
    assert not back_up.waits_for_clock(opened)
    back_up.end_old(opened)
    names = MonthKeys.read(made.path.parent).names(opened.info.vault_id)
    assert not any(name.startswith("2026-03") for name in names)
    opened.close()


def test_who_has_access_to_a_copy_is_asked_until_a_manager_looked(copy):
    (asked,) = (i for i in vault_care.items(copy) if i.kind is Care.RESTORED)
    assert asked.at == back_up.look(copy).restored.made_at
    vault_care.access_checked(copy)
    assert Care.RESTORED not in kinds(copy)
    assert back_up.look(copy).restored is not None


def test_only_a_manager_confirms_it(copy, clock):
    from intake_app.vault import users
    from intake_app.vault.errors import NotAllowed

    theirs = "kurk wolken fietspad rommel zeven"
    users.add_user(
        copy, passphrase=PASSPHRASE, name="Wim", roles=(UserRole.INTAKE,), new_passphrase=theirs
    )
    folder = copy.folder
    copy.close()
    other = Vault.open(folder, passphrase=theirs, env=clock.env(), reserve_bytes=4096)
    assert Care.RESTORED in kinds(other)
    with pytest.raises(NotAllowed):
        vault_care.access_checked(other)
    assert Care.RESTORED in kinds(other)
    other.close()


def test_a_renewed_master_key_answers_it_too(copy):
    from intake_app.vault import users

    users.renew_master_key(copy, passphrase=PASSPHRASE)
    assert Care.RESTORED not in kinds(copy)


def test_another_restore_asks_again(copy, stick, tmp_path, clock):
    vault_care.access_checked(copy)
    made = back_up.back_up(copy, stick)
    again = tmp_path / "nog een laptop"
    back_up.put_back(made.path, again, restore.with_passphrase(PASSPHRASE), clock.env())
    opened = Vault.open(again, passphrase=PASSPHRASE, env=clock.env(), reserve_bytes=4096)
    assert Care.RESTORED in kinds(opened)
    opened.close()


def test_a_change_of_who_opens_the_vault_asks_for_a_backup_at_once(vault, stick):
    from intake_app.vault import users

    back_up.back_up(vault, stick)
    assert back_up.reminder(vault) is None
    users.change_passphrase(vault, old=PASSPHRASE, new="laars tegel komkommer boek zout")
    assert back_up.reminder(vault).keys_changed
    assert Care.BACKUP_WITH_KEYS in kinds(vault)
    back_up.back_up(vault, stick)
    assert back_up.reminder(vault) is None


def test_a_new_master_key_gives_a_new_month_key(vault, stick):
    from intake_app.vault import users

    before = back_up.back_up(vault, stick)
    users.renew_master_key(vault, passphrase=PASSPHRASE)
    after = back_up.back_up(vault, stick)
    assert before.record.month == after.record.month
    assert before.record.key_name != after.record.key_name
    back_up.check(vault, before.path)
    back_up.check(vault, after.path)


class Drawer:
    """A key store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)


def test_a_second_factor_of_before_opens_its_backups_until_they_ended(
    vault, stick, clock, tmp_path
):
    from intake_app.vault import users

    first, second, _ = (
        " ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)
    )
    recovery.try_cards(vault, first, second)
    drawer = Drawer()
    users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=drawer)
    march = back_up.back_up(vault, stick)
    users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=None)
    opener = restore.with_passphrase(PASSPHRASE, drawer)
    back_up.put_back(march.path, tmp_path / "a", opener, clock.env())
    for keystore in (None, Drawer()):
        opener = restore.with_passphrase(PASSPHRASE, keystore)
        with pytest.raises(SecondFactorMissing, match=r"20-03-2026.*tweede sleutel van toen"):
            back_up.put_back(march.path, tmp_path / "b", opener, clock.env())
    opener = restore.with_passphrase("een heel andere zin van later", drawer)
    with pytest.raises(WrongPassphrase):
        back_up.put_back(march.path, tmp_path / "b", opener, clock.env())
    days_pass(vault, clock, 45)
    back_up.back_up(vault, stick)
    assert len(drawer.kept) == 1
    days_pass(vault, clock, 60)  # July
    back_up.back_up(vault, stick)
    assert drawer.kept == {}
    with vault.read() as records:
        assert users.former_secrets(records) == {}


def test_wiping_an_open_vault_forgets_earlier_second_factors_too(vault):
    from intake_app.flows import wipe
    from intake_app.vault import users

    cards = [" ".join(c.words) for c in recovery.make_cards(vault, passphrase=PASSPHRASE)]
    recovery.try_cards(vault, cards[0], cards[1])
    drawer = Drawer()
    for keystore in (drawer, None, drawer):
        users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=keystore)
    assert len(drawer.kept) == 2
    assert wipe.wipe_open(vault, PASSPHRASE, wipe.WORD).keystore_gone
    assert drawer.kept == {}


def test_restoring_says_which_day_counts(vault, stick, clock, tmp_path):
    first, second, _ = (
        " ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)
    )
    recovery.try_cards(vault, first, second)
    made = back_up.back_up(vault, stick)
    later, also, _ = (
        " ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)
    )
    with pytest.raises(WrongPassphrase, match=r"van 20-03-2026 niet.*herstelkaarten van toen"):
        back_up.put_back(
            made.path, tmp_path / "b", restore.with_passphrase("een zin van later"), clock.env()
        )
    with pytest.raises(recovery.CardsRefused, match="kaarten van de dag") as refused:
        back_up.put_back(made.path, tmp_path / "b", restore.with_cards(later, also), clock.env())
    assert refused.value.reason == "not-this-vault"
    back_up.put_back(made.path, tmp_path / "b", restore.with_cards(first, second), clock.env())
