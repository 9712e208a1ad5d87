"""Back-ups: making, checking, ending old ones, putting one back, and when to remind somebody.

Backups of a month end together: when its term is over the key of that month is destroyed, in the
vault and in every `maandsleutels.json` that can be reached, and wherever a copy of such a backup
lies, it is noise from then on. Never by a clock that was set ahead, and never the latest that was
made. A weekend or a week off does not hold it up.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.flows.acting import actor_of

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.vault import Vault
    from intake_app.vault.backup import MadeBackup
    from intake_app.vault.backup_file import BackupHead
    from intake_app.vault.restore import Opener, Restored
    from intake_app.vault.stores.backups import BackupRecord
    from intake_app.vault.transaction import Records

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

DEFAULT_MONTHS: Final = 3
MONTHS: Final = (1, 2, 3, 6, 12)
DEFAULT_REMIND: Final = 7
REMINDERS: Final = (1, 3, 7, 14, 30)
_MONTHS: Final = "back-up.maanden"
_REMIND: Final = "back-up.herinnering"
_FOLDERS: Final = "back-up.mappen"
_KEYS: Final = "back-up.sleutels"
"""The setting with the generation of the key file that went into the latest backup."""
_MOST_FOLDERS: Final = 8


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup that was made, with until when it can be opened."""

    record: BackupRecord
    until: date
    ended: bool
    """True when the key of its month was destroyed."""


@dataclass(frozen=True, slots=True)
class BackupReminder:
    """The last verified backup is older than agreed, lacks a change of keys, or there is none."""

    latest: datetime | None
    days: int
    """Whole days since the latest; 0 when there never was one."""
    keys_changed: bool = False
    """True when who opens the vault, or how, changed since: the latest opens as it was before."""


@dataclass(frozen=True, slots=True)
class BackupView:
    """Everything the page shows."""

    rows: tuple[BackupRow, ...]
    """The newest first."""
    months: int
    remind_after: int
    folder: Path | None
    """Where the last one went."""
    reminder: BackupReminder | None
    restored: Restored | None
    """Set when this vault itself was put back from a backup."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Which months were ended, and which known folders could not be reached to end them there."""

    months: tuple[str, ...]
    not_reached: tuple[Path, ...]


def look(vault: Vault) -> BackupView:
    """Return what exists, where the last one went and whether it is time for another."""
    from intake_app.vault.restore import restored_from

    with vault.read("back-ups bekijken") as records:
        months = _number(records, _MONTHS, DEFAULT_MONTHS)
        gone = {key.name for key in records.backups.months() if key.destroyed_at is not None}
        rows = tuple(
            BackupRow(record, _until(record.month, months), ended=record.key_name in gone)
            for record in records.backups.all()
        )
        folders = _folders(records)
        return BackupView(
            rows=rows,
            months=months,
            remind_after=_number(records, _REMIND, DEFAULT_REMIND),
            folder=folders[0] if folders else None,
            reminder=_reminder(records, vault.env.now()),
            restored=restored_from(records),
        )


def reminder(vault: Vault) -> BackupReminder | None:
    """Return what Vandaag and Instellingen say about the last backup, None when it is recent.

    A vault for practice, or in which there is nobody yet, needs none.
    """
    if vault.info.practice:
        return None
    with vault.read() as records:
        if records.worklist.person_count() == 0:
            return None
        return _reminder(records, vault.env.now())


def set_terms(vault: Vault, *, months: int, remind_after: int) -> None:
    """Keep how long backups open, and after how many days to remind.

    Raises ValueError for what is not offered.
    """
    if months not in MONTHS or remind_after not in REMINDERS:
        raise ValueError("not a term that is offered")
    with vault.transaction(actor_of(vault), "termijnen voor back-ups wijzigen") as tx:
        tx.settings.set(_MONTHS, str(months))
        tx.settings.set(_REMIND, str(remind_after))


def back_up(
    vault: Vault,
    folder: Path,
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> MadeBackup:
    """Make and verify a backup below `folder`, remember the folder, and end what is too old.

    May run on a thread of its own while the vault is in use. Raises as `vault.backup.make` does.
    """
    from intake_app.vault import backup

    with vault.read() as records:
        generation = records.users.generation()
    made = backup.make(vault, folder, actor_of(vault), progress=progress, cancelled=cancelled)
    with vault.transaction(actor_of(vault), "map voor back-ups onthouden") as tx:
        known = [made.path.parent, *(f for f in _folders(tx) if f != made.path.parent)]
        tx.settings.set(_FOLDERS, json.dumps([str(f) for f in known[:_MOST_FOLDERS]]))
        tx.settings.set(_KEYS, str(generation))
    end_old(vault)
    return made


def end_old(vault: Vault) -> Ended:
    """Destroy the keys of the months whose term is over, here and in every folder in reach.

    Does nothing on a clock that a person has to look at first (`waits_for_clock`), and takes the
    longest rest off: late by a few days, never early. The month of the latest backup always stays.
    """
    from intake_app.vault.backup_file import MonthKeys
    from intake_app.vault.errors import VaultError
    from intake_app.vault.retention import clear_log
    from intake_app.vault.users import former_secrets

    now = vault.env.now()
    with vault.read() as records:
        months = _number(records, _MONTHS, DEFAULT_MONTHS)
        keys, made, folders = records.backups.months(), records.backups.all(), _folders(records)
        clock = records.moments.clock(now)
        former = former_secrets(records)
    certain = clock.certain
    if certain is None:
        return Ended((), ())
    today = certain.astimezone().date()
    latest = _latest_month(made)
    over = {k.name for k in keys if k.month != latest and _until(k.month, months) <= today}
    new = {k.name for k in keys if k.name in over and k.destroyed_at is None}
    # A restored vault knows backups of which only the file beside them has the key.
    over |= {r.key_name for r in made if r.month != latest and _until(r.month, months) <= today}
    if new:
        with vault.transaction(actor_of(vault), "maandsleutels van back-ups vernietigen") as tx:
            for name in sorted(new):
                tx.backups.destroy(name)
            if clock.is_right:
                tx.moments.believe()
        clear_log(vault)
    _forget_secrets(vault, former, made, months, today)
    names = {record.file_name for record in made if record.key_name in over}
    missed: list[Path] = []
    for folder in folders if over else ():
        try:
            there = MonthKeys.read(folder)
            too_old = {n for n in there.names(vault.info.vault_id) if _is_over(n, months, today)}
            too_old = {n for n in too_old | over if n.partition(".")[0] != latest}
            if too_old & set(there.names(vault.info.vault_id)):
                there.without(vault.info.vault_id, too_old).write(folder)
            _remove_files(folder, names)
        except (VaultError, OSError):
            missed.append(folder)
    return Ended(tuple(sorted({_month_of(n) for n in new})), tuple(missed))


def waits_for_clock(vault: Vault) -> bool:
    """True when backups are past their term and a person has to look at the date before they end.

    Also when the clock stands before the day of a backup: by such a clock none is ever past it.
    Cheap as long as there is nothing to end.
    """
    now = vault.env.now()
    today = now.astimezone().date()
    with vault.read() as records:
        months = _number(records, _MONTHS, DEFAULT_MONTHS)
        made = records.backups.all()
        latest = _latest_month(made)
        keys = records.backups.months()
        # A restored vault knows backups of which only the file beside them has the key.
        known = {k.name for k in keys}
        living = {k.month for k in keys if k.destroyed_at is None}
        living |= {each.month for each in made if each.key_name not in known}
        over = any(_until(month, months) <= today for month in living - {latest})
        ahead = any(each.made_at > now for each in made)
        return (over or ahead) and records.moments.clock(now).certain is None


def check(vault: Vault, path: Path) -> BackupHead:
    """Read a backup of this vault whole, open it as a database, and return what it says it is.

    Raises MonthKeyGone, BackupUnreadable, BackupNewer, and RestoreFailed for a damaged one.
    """
    from intake_app.vault import backup, backup_file
    from intake_app.vault.errors import VaultDamaged
    from intake_app.vault.restore import DAMAGED, GONE, RestoreFailed

    try:
        head = backup_file.read_head(path)
        if head.vault_id != vault.info.vault_id:
            raise backup_file.BackupUnreadable(
                "Dit is een back-up van een andere kluis. Kies een back-up van deze kluis."
            )
        with vault.read() as records:
            secret = records.backups.secret(head.key_name)
        if secret is None:
            keys = backup_file.MonthKeys.read(path.parent)
            secret = keys.open(head.vault_id, head.key_name, vault.backup_secret())
        if secret is None:
            raise backup_file.MonthKeyGone
        backup.verify(path, secret)
    except OSError:
        raise RestoreFailed(GONE) from None
    except VaultDamaged:
        raise RestoreFailed(DAMAGED) from None
    return head


def put_back(
    path: Path,
    folder: Path,
    opener: Opener,
    env: Environment,
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> Restored:
    """Make a vault in the empty `folder` out of a backup; it opens as any other afterwards.

    With cards as `opener`, `vault.recovery.recover` then gives a user a new passphrase. Raises as
    `vault.restore.restore` does.
    """
    from intake_app.vault.restore import restore

    return restore(path, folder, opener, env=env, progress=progress, cancelled=cancelled)


def replace_damaged(
    path: Path,
    folder: Path,
    opener: Opener,
    env: Environment,
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> tuple[Restored, Path | None]:
    """Put a backup back where a vault is that nobody has open; that one is kept beside it.

    The backup is whole in a folder of its own before anything is renamed. Returns where the old
    vault is now, None when there was none. Raises VaultInUse, StorageFailed when a folder cannot
    be renamed (everything is as it was then), and as `put_back` does.
    """
    from intake_app.vault import StorageFailed, Vault
    from intake_app.vault import folder as places
    from intake_app.vault.files import FolderLock, sync_folder

    if not Vault.exists(folder):
        made = put_back(path, folder, opener, env, progress=progress, cancelled=cancelled)
        return made, None
    FolderLock(folder / places.LOCK).release()
    mark = env.random(3).hex()
    new = folder.with_name(f"{folder.name}-terug-{mark}")
    aside = folder.with_name(
        f"{folder.name}-beschadigd-{env.now().astimezone().date().isoformat()}-{mark}"
    )
    try:
        made = put_back(path, new, opener, env, progress=progress, cancelled=cancelled)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    try:
        folder.rename(aside)
        try:
            new.rename(folder)
        except OSError:
            aside.rename(folder)
            raise
        sync_folder(folder.parent)
        with suppress(OSError):  # what was taken out of the old one is told by the new one
            shutil.copyfile(aside / places.RESCUED, folder / places.RESCUED)
    except OSError:
        raise StorageFailed(
            "De map van de oude kluis kan niet opzij. Er is niets veranderd aan die kluis. "
            "De teruggezette kluis staat in {folder}.",
            folder=new.name,
        ) from None
    return made, aside


def _reminder(records: Records, now: datetime) -> BackupReminder | None:
    after = _number(records, _REMIND, DEFAULT_REMIND)
    checked = [r for r in records.backups.all() if r.checked_at is not None]
    if not checked:
        return BackupReminder(None, 0)
    # By the log: one that was made by a clock set ahead would ask for a new one for years.
    latest = max(checked, key=lambda each: each.audit_seq).made_at
    if records.users.generation() > _number(records, _KEYS, records.users.generation()):
        return BackupReminder(latest, max(0, (now - latest).days), keys_changed=True)
    if latest <= now < latest + timedelta(days=after):
        return None
    return BackupReminder(latest, max(0, (now - latest).days))


def _number(records: Records, name: str, default: int) -> int:
    kept = records.settings.get(name)
    return default if kept is None else int(kept)


def _folders(records: Records) -> list[Path]:
    return [Path(each) for each in json.loads(records.settings.get(_FOLDERS) or "[]")]


def _latest_month(made: tuple[BackupRecord, ...]) -> str:
    # By the log: a clock that was wrong for a day would make another one the latest for years.
    return max(made, key=lambda each: each.audit_seq).month if made else ""


def _month_of(name: str) -> str:
    return name.partition(".")[0]


def _until(month: str, months: int) -> date:
    """Return the first day on which backups of a month ("2026-11") do not open any more.

    So many whole months after the month itself: the last one made in it lasts that long.
    """
    year, number = (int(part) for part in month.split("-"))
    later = number + months
    return date(year + later // 12, later % 12 + 1, 1)


def _is_over(name: str, months: int, today: date) -> bool:
    with suppress(ValueError):
        return _until(_month_of(name), months) <= today
    return False


def _forget_secrets(
    vault: Vault,
    former: dict[str, datetime],
    made: tuple[BackupRecord, ...],
    months: int,
    today: date,
) -> None:
    """Drop the second factors of before, once no backup opens with them any more."""
    from intake_app.vault.users import forget_secrets

    latest = max(made, key=lambda each: each.audit_seq).made_at if made else None
    over = {
        name
        for name, at in former.items()
        if latest is not None
        and at < latest
        and _until(f"{at.astimezone().date():%Y-%m}", months) <= today
    }
    if over:
        forget_secrets(vault, over)


def _remove_files(folder: Path, names: set[str]) -> None:
    """Remove the backups that nothing opens any more."""
    for name in names:
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
