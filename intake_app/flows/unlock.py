"""Unlocking a vault, with a growing pause after wrong passphrases.

The pause only slows somebody at this keyboard; whoever has the files is stopped by the passphrase.
It counts with the machine's own running time, so that setting the clock does not help.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.environment import Environment
from intake_app.sentences import Sentence, Told
from intake_app.vault import NotAVault, Vault, VaultError, WrongPassphrase
from intake_app.vault.errors import PassphraseRefused
from intake_app.vault.files import replace_file
from intake_app.vault.keystore import SystemKeystore

if TYPE_CHECKING:
    from intake_app.vault.keystore import Keystore

ATTEMPTS: Final = "pogingen.json"
LAST_USER: Final = "laatste.json"
LONGEST_PAUSE: Final = 300
_MOST_FAILURES: Final = 10**6


class TooSoon(Told):
    """A pause is running; `seconds` (whole, at least 1) tells how long still."""

    sentence = (
        "Er is een paar keer een verkeerde wachtwoordzin ingevuld. "
        "Wacht nog {seconds} {unit} en probeer het dan opnieuw."
    )

    def __init__(self, seconds: int) -> None:
        unit = Sentence("seconde") if seconds == 1 else Sentence("seconden")
        super().__init__(seconds=seconds, unit=unit)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class RunningTime:
    """Seconds that this machine runs, and a name for this run ('' where the system has none)."""

    boot_id: str
    seconds: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong passphrases since the vault was unlocked, and when the latest was."""

    failures: int = 0
    boot_id: str = ""
    at: float = 0.0
    told: int = 0
    """How many of them the audit log knows already."""


def running_time() -> RunningTime:
    """Return the machine's own running time."""
    try:
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot_id = ""
    return RunningTime(boot_id, time.monotonic)


def pause_after(failures: int) -> int:
    """Return the pause in seconds after that many wrong passphrases: 0, 0, 2, 4, 8 … 300."""
    if failures < 3:
        return 0
    return min(LONGEST_PAUSE, 1 << min(failures - 2, 9))


def time_left(attempts: Attempts, clock: RunningTime) -> float:
    """Return the seconds of the pause that are left, 0.0 when it is over.

    After a restart of the machine at least the time since then has passed.
    """
    now = clock.seconds()
    same_run = attempts.boot_id == clock.boot_id and attempts.at <= now
    passed = now - attempts.at if same_run else now
    return max(0.0, pause_after(attempts.failures) - passed)


def wait_left(folder: Path, clock: RunningTime | None = None) -> int:
    """Return the whole seconds before another passphrase may be tried on the vault in `folder`."""
    return math.ceil(time_left(_read(folder), clock or running_time()))


def unlock(
    folder: Path,
    passphrase: str,
    env: Environment,
    clock: RunningTime | None = None,
    keystore: Keystore | None = None,
    *,
    accept_older_keys: bool = False,
) -> Vault:
    """Return the vault in `folder`, open.

    `keystore` gives the second factor of who has one: that of the system when it is None, which is
    not touched for anybody else.

    Whose passphrase opened it the last time is tried first: every other slot costs as much again.
    `accept_older_keys` takes a key file that is older than the vault has seen, when somebody chose
    that after KeyFileOlder.

    An attempt counts before it is made, so that ending the program does not undo it. The audit log
    is told of the opening and of the wrong passphrases before it. Raises TooSoon, and what
    `Vault.open` raises.
    """
    if not Vault.exists(folder):
        raise NotAVault
    with attempt(folder, clock) as before:
        vault = Vault.open(
            folder,
            passphrase=passphrase,
            env=env,
            keystore=keystore or SystemKeystore(),
            user_id=_last_user(folder),
            accept_older_keys=accept_older_keys,
        )
    from intake_app.flows.audit import note_opening
    from intake_app.flows.rescue import tell_taken

    tell_taken(vault)
    note_opening(vault, before.failures - before.told, pause_after(before.failures))
    _keep_last_user(folder, vault.user.user_id)
    return vault


@contextmanager
def attempt(folder: Path, clock: RunningTime | None = None) -> Iterator[Attempts]:
    """Count what the block does as unlocking with a passphrase; hand out the wrong ones before it.

    It counts before it is made, and nothing counts any more once the passphrase was right; another
    error than WrongPassphrase does not count. Raises TooSoon while a pause is running.
    """
    with _counted(folder, clock, told=False) as before:
        yield before
    with suppress(OSError):
        (folder / ATTEMPTS).unlink(missing_ok=True)


@contextmanager
def confirmation(
    folder: Path, clock: RunningTime | None = None, wrong: Callable[[], None] | None = None
) -> Iterator[None]:
    """Count what the block does as a passphrase that is asked for beside unlocking.

    As `attempt`, but a right one forgives no earlier wrong one: with a passphrase of one's own in
    between, somebody could guess at that of a colleague for ever. PassphraseRefused counts too,
    for it may say that the new passphrase is a colleague's. `wrong` tells the audit log.
    """
    try:
        with _counted(folder, clock, told=wrong is not None) as before:
            yield
    except (WrongPassphrase, PassphraseRefused):
        if wrong is not None:
            wrong()
        raise
    if before.failures:
        _write(folder, before)
    else:
        with suppress(OSError):
            (folder / ATTEMPTS).unlink(missing_ok=True)


@contextmanager
def _counted(folder: Path, clock: RunningTime | None, *, told: bool) -> Iterator[Attempts]:
    clock = clock or running_time()
    left = wait_left(folder, clock)
    if left:
        raise TooSoon(left)
    before = _read(folder)

    def count(told: int) -> None:
        _write(folder, Attempts(before.failures + 1, clock.boot_id, clock.seconds(), told))

    count(before.told)
    try:
        yield before
    except (WrongPassphrase, PassphraseRefused):
        count(before.told + told)
        raise
    except Exception:
        _write(folder, before)
        raise


def _last_user(folder: Path) -> UUID | None:
    """Return who unlocked the vault last, None if that is not known; no more than a hint."""
    try:
        return UUID(json.loads((folder / LAST_USER).read_bytes())["user"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _keep_last_user(folder: Path, user_id: UUID) -> None:
    if _last_user(folder) != user_id:
        with suppress(VaultError):
            replace_file(folder / LAST_USER, json.dumps({"user": str(user_id)}).encode())


def _read(folder: Path) -> Attempts:
    try:
        kept = json.loads((folder / ATTEMPTS).read_bytes())
        failures, at = int(kept["failures"]), float(kept["at"])
        if not 0 <= failures <= _MOST_FAILURES or not math.isfinite(at):
            return Attempts()
        told = min(max(0, int(kept.get("told", 0))), failures)
        return Attempts(failures, str(kept["boot_id"]), at, told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Attempts()


def _write(folder: Path, attempts: Attempts) -> None:
    kept = {
        "failures": attempts.failures,
        "boot_id": attempts.boot_id,
        "at": attempts.at,
        "told": attempts.told,
    }
    # A disk that is full must not keep anybody out of their own vault.
    with suppress(VaultError):
        replace_file(folder / ATTEMPTS, json.dumps(kept).encode())
