"""What a colleague chose stays, is one's own, and never stops the program when it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.vaults import prepared_vault

from intake_app.flows.acting import actor_of
from intake_app.flows.preferences import Preferences, keep_preferences, preferences
from intake_app.vault import Vault


def _setting(vault: Vault) -> str:
    return f"ui.preferences.{vault.user.user_id}"


def test_who_chose_nothing_has_the_defaults_and_what_is_chosen_stays(tmp_path: Path) -> None:
    vault = prepared_vault(tmp_path / "kluis")
    assert preferences(vault) == Preferences(single_keys=True, auto_advance=False)
    chosen = Preferences(single_keys=False, auto_advance=True, own_language="en", interface="en")
    keep_preferences(vault, chosen)
    assert preferences(vault) == chosen
    vault.close()


@pytest.mark.parametrize(
    "kept", ["", "{", "[1]", '"nl"', '{"single_keys": "nee", "own_language": "xx"}', "null"]
)
def test_what_is_not_understood_counts_as_not_chosen(tmp_path: Path, kept: str) -> None:
    vault = prepared_vault(tmp_path / "kluis")
    with vault.transaction(actor_of(vault), "proef") as tx:
        tx.settings.set(_setting(vault), kept)
    assert preferences(vault) == Preferences()
    vault.close()


def test_the_choices_of_another_colleague_are_not_mine(tmp_path: Path) -> None:
    vault = prepared_vault(tmp_path / "kluis")
    with vault.transaction(actor_of(vault), "proef") as tx:
        tx.settings.set("ui.preferences.iemand-anders", '{"interface": "en"}')
    assert preferences(vault).interface == "nl"
    vault.close()
