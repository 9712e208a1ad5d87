"""How one colleague works: keys, reading aloud, languages. Kept per person in the vault."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from intake_app.flows.acting import actor_of
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE

if TYPE_CHECKING:
    from intake_app.vault import Vault

_SETTING = "ui.preferences."


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one colleague chose; the defaults are those of somebody who chose nothing.

    `single_keys`: letters and digits alone do something outside text fields (WCAG 2.2, 2.1.4: they
    can be switched off; with Alt they always work). `auto_advance`: go on by itself after a choice
    of one. `own_language`: the language of the colleague's side of a question. `interface`: the
    language of the program's own words. Both are codes of `i18n.languages`.
    """

    single_keys: bool = True
    auto_advance: bool = False
    own_language: str = SOURCE_LANGUAGE
    interface: str = SOURCE_LANGUAGE
    repeats_as_table: bool = False


def preferences(vault: Vault) -> Preferences:
    """Return what the colleague who opened this vault chose.

    A value that this program does not know counts as not chosen.
    """
    with vault.read() as records:
        kept = records.settings.get(_name(vault))
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        found = {}
    return _known(found if isinstance(found, dict) else {})


def keep_preferences(vault: Vault, chosen: Preferences) -> None:
    """Keep what this colleague chose; raises a VaultError when it cannot be written."""
    with vault.transaction(actor_of(vault), "voorkeuren van een collega") as tx:
        tx.settings.set(_name(vault), json.dumps(asdict(chosen), sort_keys=True))


def _name(vault: Vault) -> str:
    return f"{_SETTING}{vault.user.user_id}"


def _known(found: dict[str, object]) -> Preferences:
    usual = Preferences()

    def flag(name: str, default: bool) -> bool:
        value = found.get(name)
        return value if isinstance(value, bool) else default

    def language(name: str, default: str) -> str:
        value = found.get(name)
        return value if isinstance(value, str) and value in LANGUAGES else default

    return Preferences(
        single_keys=flag("single_keys", usual.single_keys),
        auto_advance=flag("auto_advance", usual.auto_advance),
        own_language=language("own_language", usual.own_language),
        interface=language("interface", usual.interface),
        repeats_as_table=flag("repeats_as_table", usual.repeats_as_table),
    )
