from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.vaults import PASSPHRASE, environment, make_vault

from intake_app.flows import unlock
from intake_app.flows.unlock import Attempts, RunningTime, TooSoon
from intake_app.vault import NotAVault, VaultInUse, WrongPassphrase


class Machine:
    """A machine whose running time the test decides."""

    def __init__(self) -> None:
        self.boot_id = "eerste"
        self.now = 1000.0

    @property
    def clock(self) -> RunningTime:
        return RunningTime(self.boot_id, lambda: self.now)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    make_vault(tmp_path / "kluis").close()
    return tmp_path / "kluis"


def fail(folder: Path, machine: Machine) -> None:
    with pytest.raises(WrongPassphrase):
        unlock.unlock(folder, "niet deze wachtwoordzin", environment(), machine.clock)


def test_pauses_double_up_to_five_minutes():
    pauses = [unlock.pause_after(n) for n in range(14)]
    assert pauses == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_a_pause_after_three_wrong_ones_and_none_after_a_right_one(folder: Path, machine: Machine):
    for _ in range(3):
        fail(folder, machine)
    assert unlock.wait_left(folder, machine.clock) == 2
    with pytest.raises(TooSoon) as too_soon:
        unlock.unlock(folder, PASSPHRASE, environment(), machine.clock)
    assert too_soon.value.seconds == 2
    assert "nog 2 seconden" in str(too_soon.value)
    machine.now += 2
    vault = unlock.unlock(folder, PASSPHRASE, environment(), machine.clock)
    vault.close()
    assert unlock.wait_left(folder, machine.clock) == 0
    assert not (folder / unlock.ATTEMPTS).exists()


def test_an_attempt_that_is_killed_counts(
    folder: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        pass

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    monkeypatch.setattr("intake_app.flows.unlock.Vault.open", killed)
    for _ in range(3):
        with pytest.raises(Killed):
            unlock.unlock(folder, "geraden", environment(), machine.clock)
    assert unlock.wait_left(folder, machine.clock) == 2


def test_a_vault_in_use_is_no_wrong_passphrase(folder: Path, machine: Machine):
    vault = unlock.unlock(folder, PASSPHRASE, environment(), machine.clock)
    for _ in range(4):
        with pytest.raises(VaultInUse):
            unlock.unlock(folder, "geraden", environment(), machine.clock)
    vault.close()
    assert unlock.wait_left(folder, machine.clock) == 0


def test_a_restart_of_the_machine_counts_from_the_restart(folder: Path, machine: Machine):
    for _ in range(3):
        fail(folder, machine)
    machine.boot_id, machine.now = "tweede", 0.5
    assert unlock.wait_left(folder, machine.clock) == 2
    machine.now = 2.0
    assert unlock.wait_left(folder, machine.clock) == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"failures": -1, "at": 0, "boot_id": ""}', b'{"failures": 9}',
     b'{"failures": 9, "at": 1e999, "boot_id": ""}', b"\xff"],
)  # fmt: skip
def test_a_damaged_file_keeps_nobody_out(folder: Path, machine: Machine, content: bytes):
    (folder / unlock.ATTEMPTS).write_bytes(content)
    assert unlock.wait_left(folder, machine.clock) == 0


def test_nothing_is_written_where_there_is_no_vault(tmp_path: Path, machine: Machine):
    with pytest.raises(NotAVault):
        unlock.unlock(tmp_path, PASSPHRASE, environment(), machine.clock)
    assert list(tmp_path.iterdir()) == []


def test_the_file_holds_no_passphrase(folder: Path, machine: Machine):
    fail(folder, machine)
    kept = json.loads((folder / unlock.ATTEMPTS).read_bytes())
    assert kept == {"failures": 1, "boot_id": "eerste", "at": 1000.0, "told": 0}


@given(
    failures=st.integers(0, 10**6),
    at=st.floats(0, 1e9),
    now=st.floats(0, 1e9),
    same=st.booleans(),
)
def test_the_pause_is_never_longer_than_its_length(
    failures: int, at: float, now: float, same: bool
):
    clock = RunningTime("a", lambda: now)
    left = unlock.time_left(Attempts(failures, "a" if same else "b", at), clock)
    assert 0 <= left <= unlock.pause_after(failures)
