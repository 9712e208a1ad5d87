"""The two copies of the key file when writing one of them fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.quick_kdf import quick_kdf
from support.vaults import PASSPHRASE, SMALL_RESERVE, environment, make_vault

from intake_app.vault import DiskFull, Vault, WrongPassphrase, keys, users
from intake_app.vault.files import replace_file

OTHER = PASSPHRASE + " twee"


@pytest.mark.parametrize("failing", [keys.FIRST, keys.SECOND])
def test_what_was_said_not_to_be_changed_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
):
    def replacing(target: Path, content: bytes) -> None:
        if target.name == failing:
            raise DiskFull
        replace_file(target, content)

    with quick_kdf():
        folder = tmp_path / "kluis"
        vault = make_vault(folder)
        before = (folder / keys.FIRST).read_bytes()
        with monkeypatch.context() as full:
            full.setattr(keys, "replace_file", replacing)
            with pytest.raises(DiskFull):
                users.change_passphrase(vault, old=PASSPHRASE, new=OTHER)
        vault.close()
        assert {(folder / name).read_bytes() for name in (keys.FIRST, keys.SECOND)} == {before}
        with pytest.raises(WrongPassphrase):
            Vault.open(folder, passphrase=OTHER, env=environment(3), reserve_bytes=SMALL_RESERVE)
        Vault.open(
            folder, passphrase=PASSPHRASE, env=environment(3), reserve_bytes=SMALL_RESERVE
        ).close()
