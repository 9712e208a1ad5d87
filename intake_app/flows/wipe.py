"""In nood: wiping the vault of this laptop, on purpose and by somebody who may open it.

The passphrase of any user and a typed word are asked for. Without the passphrase somebody with only
the laptop could destroy the records of a whole team; whoever has the laptop and no passphrase can
delete the folder with the system's own means, and reads nothing either way. Recovery cards are no
way to wipe: they are for getting in, and somebody who stole two of them should not gain this too.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from intake_app.sentences import Told

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.domain.environment import Environment
    from intake_app.flows.unlock import RunningTime
    from intake_app.vault import Vault
    from intake_app.vault.keystore import Keystore
    from intake_app.vault.wipe import Wiped

WORD: Final = "WISSEN"
PROMISE: Final = (
    "Na het wissen gaat deze kluis op deze laptop niet meer open, ook niet met een wachtwoordzin "
    "of herstelkaarten."
)
LIMITS: Final = (
    (
        "Back-ups op een stick of schijf blijven bestaan en gaan nog open. Wil je die ook kwijt, "
        "vernietig dan de stick of verwijder daar het bestand maandsleutels.json."
    ),
    (
        "Op een SSD kan het overschreven sleutelbestand nog ergens in het geheugen liggen. Wie dat "
        "vindt, heeft ook nog een wachtwoordzin nodig. Met BitLocker of een ander versleuteld "
        "systeem is ook dat gedekt."
    ),
    (
        "Wie eerder een kopie van de kluis maakte, houdt die. Een kopie gaat alleen open met een "
        "wachtwoordzin van toen."
    ),
    "Dossiers die al zijn overgedragen, blijven bij de ontvanger.",
)


class WordMissing(Told):
    """The word was not typed; str() is a Dutch sentence."""

    sentence = "Typ het woord {word} om te bevestigen. Er is niets gewist."

    def __init__(self) -> None:
        super().__init__(word=WORD)


def wipe_open(vault: Vault, passphrase: str, word: str, clock: RunningTime | None = None) -> Wiped:
    """Close the open vault and wipe it. The passphrase is that of any of its users.

    Raises WordMissing, TooSoon, WrongPassphrase, and what `vault.wipe.wipe` raises; nothing is
    wiped then.
    """
    from intake_app.flows.colleague import who_opens

    _check_word(word)
    folder, env, keystore = vault.folder, vault.env, vault.unlocked().keystore
    who_opens(folder, passphrase, keystore, clock)
    former = _former(vault)
    vault.close()
    return _wipe(folder, env, keystore, former)


def wipe_closed(
    folder: Path,
    passphrase: str,
    word: str,
    env: Environment,
    *,
    keystore: Keystore | None = None,
    clock: RunningTime | None = None,
) -> Wiped:
    """Wipe a vault that is not open. Raises as `wipe_open`, and NotAVault."""
    from intake_app.flows.colleague import who_opens
    from intake_app.vault import NotAVault, Vault

    _check_word(word)
    if not Vault.exists(folder):
        raise NotAVault
    who_opens(folder, passphrase, keystore, clock)
    return _wipe(folder, env, keystore)


def _wipe(
    folder: Path, env: Environment, keystore: Keystore | None, former: tuple[str, ...] = ()
) -> Wiped:
    from intake_app.vault.wipe import wipe

    return wipe(folder, random=env.random, keystore=keystore, secrets=(*_secrets(folder), *former))


def _former(vault: Vault) -> tuple[str, ...]:
    """Return the names of earlier second factors, none where the database cannot tell.

    Only an open vault knows them; after wiping a closed one they stay, and open nothing without a
    passphrase and a backup of then.
    """
    from intake_app.vault import VaultError
    from intake_app.vault.users import former_secrets

    with suppress(VaultError), vault.read() as records:
        return tuple(former_secrets(records))
    return ()


def _secrets(folder: Path) -> tuple[str, ...]:
    """Return the names under which second factors of this vault lie in the key store."""
    from intake_app.crypto.slots import KeyFile
    from intake_app.vault import folder as places

    found: set[str] = set()
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        try:
            key_file = KeyFile.from_bytes((folder / name).read_bytes())
        except Exception:  # noqa: BLE001, S112  (a copy that cannot be read names nothing)
            continue
        found |= {slot.slot_id for slot in key_file.slots if slot.second}
    return tuple(sorted(found))


def _check_word(word: str) -> None:
    if unicodedata.normalize("NFKC", word).strip().upper() != WORD:
        raise WordMissing
