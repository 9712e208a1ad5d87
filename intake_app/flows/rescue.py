"""A damaged vault: looking, getting out what is readable; and the check that finds damage early.

The check runs beside the work, at most once a day, and says something only when it finds something.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from intake_app.flows.acting import actor_of
from intake_app.sentences import Told
from intake_app.vault.rows import moment, stamp

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.domain.environment import Environment
    from intake_app.vault import Vault
    from intake_app.vault.rescue import Damage, Rescue

EVERY: Final = timedelta(days=1)
SHORTEST_PASSPHRASE: Final = 14
TAKEN: Final = "leesbare deel buiten de kluis opgeslagen"
"""The entry of the log about a rescue."""
_SETTING: Final = "controle.laatste"


@dataclass(frozen=True, slots=True)
class LastCheck:
    """When the vault was last checked, and what was found; () when it was whole."""

    at: datetime
    damage: tuple[str, ...]


class ExportRefused(Told):
    """The export was not made; str() is a Dutch sentence."""


def last_check(vault: Vault) -> LastCheck | None:
    """Return the last check, None when there never was one."""
    with vault.read() as records:
        kept = records.settings.get(_SETTING)
    if not kept:
        return None
    said = json.loads(kept)
    return LastCheck(moment(said["at"]), tuple(said["damage"]))


def notice(vault: Vault) -> str | None:
    """Return the Dutch sentence that Vandaag shows after a check that found damage, else None."""
    last = last_check(vault)
    if last is None or not last.damage:
        return None
    return (
        "Een deel van de kluis op deze laptop is beschadigd. Wat je ziet, klopt nog. Maak nu geen "
        "nieuwe gesprekken, bewaar de back-ups die er zijn en vraag de beheerder om de jongste "
        "back-up terug te zetten."
    )


def is_due(vault: Vault) -> bool:
    """True when the last check is a day ago, lies in the future, or never was."""
    last = last_check(vault)
    now = vault.env.now()
    return last is None or not last.at <= now < last.at + EVERY


def check(vault: Vault) -> LastCheck | None:
    """Check the vault now and keep what came of it; None when somebody kept reading."""
    from intake_app.vault import rescue

    found = rescue.check(vault)
    if found is None:
        return None
    made = LastCheck(vault.env.now(), found)
    with vault.transaction(actor_of(vault), "kluis nagekeken") as tx:
        said = {"at": stamp(made.at), "damage": list(made.damage)}
        tx.settings.set(_SETTING, json.dumps(said))
    return made


def check_in_background(
    vault: Vault, found: Callable[[LastCheck], None] = lambda _check: None
) -> threading.Thread | None:
    """Start the daily check on a thread of its own when it is due; None when it is not.

    `found` is called on that thread with what came of it. A vault that is locked meanwhile, or
    trouble with the disk, ends the check without a word: the next day brings another.
    """
    from intake_app.vault import VaultError

    if not is_due(vault):
        return None

    def run() -> None:
        with suppress(VaultError):
            made = check(vault)
            if made is not None:
                found(made)

    thread = threading.Thread(target=run, name="kluis nakijken", daemon=True)
    thread.start()
    return thread


def export(
    rescue: Rescue,
    target: Path,
    env: Environment,
    *,
    passphrase: str | None = None,
    damage: Damage | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Write what is readable as lines of JSON into a new age file; return how many rows.

    Only of a damaged vault (`damage` is what `Rescue.examine` said; it is called without), and only
    for the role beheer or two recovery cards. A word is left in the folder of the vault, where that
    can be written: the next unlock puts it in the log and tells every user.

    Encrypted with the passphrase, or without one to the own organisation's key (which a backup, or
    another laptop of the organisation, holds). Raises ExportRefused when there is neither, for a
    whole vault or without the role, when the target is there or inside the vault's folder, or
    cannot be written; nothing is left then.
    """
    from intake_app.crypto.age import PassphraseRecipient, parse_recipient, start_encryption
    from intake_app.vault import VaultError
    from intake_app.vault.rescue import Taken, leave_word

    if not rescue.may_export:
        raise ExportRefused(
            "Alleen een collega met de rol beheer haalt gegevens uit een beschadigde kluis, of "
            "iemand met twee herstelkaarten. Er is niets opgeslagen. Vraag de beheerder."
        )
    if (damage or rescue.examine()).is_whole:
        raise ExportRefused(
            "De kluis is heel, er is niets te redden. Er is niets opgeslagen. Open de kluis zoals "
            "altijd: een dossier gaat eruit bij Overdragen, en een back-up bewaart alles."
        )
    if target.resolve().is_relative_to(rescue.folder.resolve()):
        raise ExportRefused(
            "Deze map hoort bij de beschadigde kluis. Daar wordt niets geschreven. Kies een stick "
            "of een andere map."
        )
    if target.exists():
        raise ExportRefused("Dit bestand bestaat al. Kies een andere naam.")
    if passphrase is not None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise ExportRefused(
                "Deze wachtwoordzin is te kort. Gebruik minstens {least} tekens.",
                least=SHORTEST_PASSPHRASE,
            )
        recipient: PassphraseRecipient = PassphraseRecipient(passphrase)
        recipients = [recipient]
    else:
        own = rescue.recipient()
        if own is None:
            raise ExportRefused(
                "De sleutel van je eigen organisatie is niet meer te lezen. Kies een "
                "wachtwoordzin voor dit bestand."
            )
        recipients = [parse_recipient(own)]  # type: ignore[list-item]
    part = target.with_name(target.name + ".deel")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            writer = start_encryption(recipients, file, random=env.random)
            count = rescue.export(writer, env.now(), progress)
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError:
        raise ExportRefused(
            "Schrijven lukt niet: de plek is vol of de stick is eruit. Er is niets geschreven. "
            "Kies een andere plek."
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    with suppress(VaultError):
        leave_word(rescue.folder, Taken(env.uuid(), env.now(), rescue.user_id, count))
    return count


def tell_taken(vault: Vault) -> None:
    """Put in the log, and tell every user, what was taken out of this vault while it was closed.

    A word that was told already is only removed. A disk that is full keeps nobody out: it is told
    at the next unlock.
    """
    from intake_app.vault import RecordRefused, VaultError, rescue
    from intake_app.vault.audit_body import Happened
    from intake_app.vault.stores.users import RESCUED, RESCUED_WITH_CARDS

    for taken in rescue.words_left(vault.folder):
        kind = RESCUED_WITH_CARDS if taken.user_id is None else RESCUED
        who = taken.user_id or vault.user.user_id
        try:
            with vault.transaction(actor_of(vault), "redding melden") as tx:
                tx.users.add_use(taken.taken_id, who, kind)
                tx.audit.note(Happened(TAKEN, "export", taken.user_id, count=taken.rows))
        except RecordRefused:
            continue
        except VaultError:
            return
    rescue.forget_words(vault.folder)
