"""The lost-laptop sheet: whose data the vault held, which keys to revoke, what to do first.

Made from a backup at any time and on any computer; nothing is restored and nothing is written but
the sheet. The backup is read where it lies.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.vault import Vault
    from intake_app.vault.restore import Opener

STEPS: Final = (
    (
        "Schrijf op wanneer de laptop het laatst gezien is, en door wie. Stond hij uit, in de "
        "slaapstand of was de kluis open?"
    ),
    (
        "Bel de beheerder van je organisatie. Die laat de sleutels hieronder intrekken in het "
        "adresboek en wist de laptop op afstand als dat kan."
    ),
    (
        "Bel de functionaris gegevensbescherming (FG). De termijn van 72 uur loopt vanaf het "
        "moment dat de organisatie van het verlies weet (AVG artikel 33)."
    ),
    (
        "Vraag de ontvangende organisaties om niets aan te nemen dat met deze sleutels is "
        "ondertekend, tot er nieuwe zijn."
    ),
    (
        "Zet de jongste back-up terug op een andere laptop, geef de kluis daar een nieuwe "
        "hoofdsleutel en laat iedereen een nieuwe wachtwoordzin kiezen."
    ),
    "Doe aangifte bij de politie als het diefstal is.",
)
FACTS: Final = (
    "De kluis is versleuteld. Zonder wachtwoordzin, of twee herstelkaarten, is zij niet te lezen.",
    (
        "AVG artikel 33: een datalek wordt binnen 72 uur gemeld bij de Autoriteit "
        "Persoonsgegevens, tenzij het niet waarschijnlijk is dat het een risico voor mensen "
        "inhoudt. De FG beslist."
    ),
    (
        "AVG artikel 34: bij een waarschijnlijk hoog risico krijgen de mensen zelf bericht. Dat "
        "hoeft niet als de gegevens onbegrijpelijk zijn voor wie ze heeft, zoals door "
        "versleuteling."
    ),
    "AVG artikel 33 lid 5: elk datalek wordt vastgelegd, ook een dat niet gemeld hoeft te worden.",
    "Wat na deze back-up is geregistreerd of overgedragen, staat niet op dit blad.",
)


@dataclass(frozen=True, slots=True)
class HeldPerson:
    """Somebody whose data was in the vault."""

    name: str
    v_number: str
    koppeling: str
    """The municipality of the present koppeling, '' without one."""
    handover: str
    """How the latest handover stood when the backup was made, '' without one."""


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key to revoke: whose it is and its control number."""

    owner: str
    number: str


@dataclass(frozen=True, slots=True)
class LostLaptopSheet:
    """Everything on the sheet."""

    organisation: str
    vault_id: UUID
    backup_at: datetime
    backup_name: str
    made_at: datetime
    practice: bool
    persons: tuple[HeldPerson, ...]
    """By name."""
    organisation_keys: tuple[HeldKey, ...]
    user_keys: tuple[HeldKey, ...]
    """Of everybody who could open the vault; one without a known key has number ''."""
    audit_seq: int
    audit_hash: str
    elsewhere: tuple[str, ...] = ()
    """Dutch sentences: which other vaults have the organisation's keys, as far as is known here."""


def sheet(path: Path, opener: Opener, env: Environment) -> LostLaptopSheet:
    """Read a backup and return what the sheet says.

    Raises MonthKeyGone, BackupUnreadable, BackupNewer, RestoreFailed, and what `opener` raises
    (WrongPassphrase, CardsRefused).
    """
    from intake_app.vault import backup_file, sealed_copy
    from intake_app.vault import folder as places
    from intake_app.vault.errors import VaultDamaged
    from intake_app.vault.restore import DAMAGED, GONE, RestoreFailed, secret_for

    try:
        head = backup_file.read_head(path)
        # Only the key file goes there, as sealed as it lies in the backup.
        with tempfile.TemporaryDirectory(prefix="verloren-laptop-") as folder:
            (Path(folder) / places.KEY_FILE).write_bytes(head.key_file)
            unlocked = opener(Path(folder))
        secret = secret_for(path, head, unlocked)
    except OSError:
        raise RestoreFailed(GONE) from None
    try:
        key = backup_file.database_key(secret, head.backup_id)
        connection = sealed_copy.open_whole(path, key)
    except VaultDamaged:
        raise RestoreFailed(DAMAGED) from None
    from sqlcipher3 import dbapi2

    try:
        whose = connection.execute("SELECT organisation_name FROM vault").fetchone()[0]
        return LostLaptopSheet(
            organisation=whose,
            vault_id=head.vault_id,
            backup_at=head.made_at,
            backup_name=path.name,
            made_at=env.now(),
            practice=head.practice,
            persons=_persons(connection),
            organisation_keys=_organisation_keys(connection, whose),
            user_keys=_user_keys(connection),
            audit_seq=head.audit_seq,
            audit_hash=head.audit_hash,
            elsewhere=_elsewhere(connection),
        )
    except dbapi2.DatabaseError:
        raise RestoreFailed(DAMAGED) from None
    finally:
        connection.close()


def sheet_of_open(vault: Vault, path: Path) -> LostLaptopSheet:
    """Return the sheet of a backup of the open vault, to practise with; it goes into the log.

    Raises as `sheet` does.
    """
    from intake_app.flows.acting import actor_of
    from intake_app.vault import keys
    from intake_app.vault.restore import Unlocked

    master = vault.unlocked().master

    def opener(folder: Path) -> Unlocked:
        return Unlocked(keys.current(folder, master), master, vault.user.user_id)

    made = sheet(path, opener, vault.env)
    with vault.transaction(actor_of(vault), "blad voor een verloren laptop maken") as tx:
        tx.settings.set("back-up.blad", made.made_at.isoformat())
    return made


def as_text(made: LostLaptopSheet) -> str:
    """Return the sheet as plain text, for a screen without a printer."""
    lines = [
        "LAPTOP KWIJT: WAT ERIN STOND EN WAT NU MOET",
        "",
        f"Organisatie    {made.organisation}",
        f"Stand van      {_moment(made.backup_at)}  ({made.backup_name})",
        f"Blad gemaakt   {_moment(made.made_at)}",
        f"Kluis          {made.vault_id}",
        f"Logboek        regel {made.audit_seq}, {made.audit_hash[:16]}",
        *(["", "Dit is een OEFENKLUIS: niemand hieronder bestaat."] if made.practice else []),
        "",
        "EERST",
        *(f" {number}. {step}" for number, step in enumerate(STEPS, 1)),
        "",
        "SLEUTELS OM IN TE TREKKEN",
        *(f" {k.owner}: {k.number or 'geen sleutel bekend'}" for k in _keys(made)),
        "",
        *(["OOK IN ANDERE KLUIZEN"] if made.elsewhere else []),
        *(f" - {sentence}" for sentence in made.elsewhere),
        *([""] if made.elsewhere else []),
        f"VAN WIE ER GEGEVENS IN STONDEN ({len(made.persons)})",
        *(
            " " + " | ".join((p.name, p.v_number or "zonder V-nummer", p.koppeling or "-",
                              p.handover or "niet overgedragen"))
            for p in made.persons
        ),
        "",
        "FEITEN",
        *(f" - {fact}" for fact in FACTS),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def as_pdf(made: LostLaptopSheet) -> bytes:
    """Return the sheet as PDF/A-3a and PDF/UA-1. Raises `DocumentError`."""
    from intake_app import paths
    from intake_app.documents.lost_laptop import LostLaptopPage, render_lost_laptop

    page = LostLaptopPage(
        organisation=made.organisation,
        practice=made.practice,
        backup_at=_moment(made.backup_at),
        backup_name=made.backup_name,
        made_at=made.made_at,
        made_words=_moment(made.made_at),
        vault_id=str(made.vault_id),
        audit=f"regel {made.audit_seq}, {made.audit_hash[:16]}",
        steps=STEPS,
        facts=(*made.elsewhere, *FACTS),
        keys=tuple((key.owner, key.number) for key in _keys(made)),
        persons=tuple((p.name, p.v_number, p.koppeling, p.handover) for p in made.persons),
    )
    return render_lost_laptop(page, paths.resource("fonts"))


def save(made: LostLaptopSheet, target: Path, random: Callable[[int], bytes]) -> None:
    """Write the sheet as a PDF to a new file. Raises `handover.errors.SealError`."""
    from intake_app.handover.safe_file import new_file

    pdf = as_pdf(made)
    with new_file(target, random) as out:
        out.write(pdf)


def _keys(made: LostLaptopSheet) -> tuple[HeldKey, ...]:
    return (*made.organisation_keys, *made.user_keys)


def _persons(connection: Any) -> tuple[HeldPerson, ...]:
    from intake_app.domain.routing import municipality_name

    linked: dict[str, str] = {}
    for person_id, code in connection.execute(
        "SELECT person_id, municipality_code FROM koppeling WHERE ended_on IS NULL "
        "ORDER BY linked_on, changed_at"
    ):
        with suppress(KeyError):
            linked[person_id] = municipality_name(code)
    handed: dict[str, str] = {}
    for person_id, state, to in connection.execute(
        "SELECT person_id, state, recipient_name FROM handover ORDER BY dossier_version, created_at"
    ):
        handed[person_id] = f"{state} ({to})"
    found = []
    for row in connection.execute(
        "SELECT person_id, v_number, given_names, name_prefix, family_name, call_name, "
        "name_in_own_script, aliases FROM person ORDER BY sort_name, person_id"
    ):
        person_id, v_number, given, prefix, family, call, own_script, aliases = row
        name = " ".join(part for part in (given or call, prefix, family) if part)
        also = [each for each in (own_script, *json.loads(aliases)) if each]
        shown = f"{name} ({', '.join(also)})" if also else name
        found.append(
            HeldPerson(shown, v_number, linked.get(person_id, ""), handed.get(person_id, ""))
        )
    return tuple(found)


def _organisation_keys(connection: Any, organisation: str) -> tuple[HeldKey, ...]:
    from intake_app.crypto.fingerprint import fingerprint

    rows = connection.execute(
        "SELECT kind, public FROM organisation_key ORDER BY key_id DESC"
    ).fetchall()
    ages = [public for kind, public in rows if kind == "age"]
    signs = [public for kind, public in rows if kind == "sign"]
    return tuple(
        HeldKey(f"{organisation} (organisatie)", fingerprint(age, sign))
        for age in ages
        for sign in signs
    )


def _elsewhere(connection: Any) -> tuple[str, ...]:
    from intake_app.flows.join import given_of, joined_of

    kept = dict(connection.execute("SELECT name, value FROM setting WHERE name LIKE 'deelname.%'"))
    found = []
    if (source := joined_of(kept.get)) is not None:
        found.append(
            f"Deze kluis kreeg de sleutels van de organisatie op {_moment(source.at)} van een "
            f"andere kluis ({source.vault_id}). Worden ze ingetrokken, dan heeft ook die kluis "
            "nieuwe sleutels nodig."
        )
    found += [
        f"De sleutels van de organisatie gingen op {_moment(each.at)} ook naar de kluis "
        f"“{each.label}” (door {each.by_name}). Worden ze ingetrokken, dan heeft ook die kluis "
        "nieuwe sleutels nodig."
        for each in given_of(kept.get)
    ]
    return tuple(found)


def _user_keys(connection: Any) -> tuple[HeldKey, ...]:
    from intake_app.crypto.fingerprint import fingerprint

    known = {row[1] for row in connection.execute("PRAGMA table_info(vault_user)")}
    if "sign_public" not in known:
        rows = connection.execute("SELECT name, '' FROM vault_user ORDER BY created_at").fetchall()
    else:
        rows = connection.execute(
            "SELECT name, sign_public FROM vault_user WHERE left_at IS NULL ORDER BY created_at"
        ).fetchall()
    return tuple(HeldKey(name, fingerprint(public) if public else "") for name, public in rows)


def _moment(at: datetime) -> str:
    return at.astimezone().strftime("%d-%m-%Y %H:%M")
