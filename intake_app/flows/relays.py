"""Where sealed dossiers travel by: the relays (postbussen) that a person set up, and trying them.

Nothing touches the network before somebody saved a relay here. The settings live inside the vault,
with their passwords; what leaves the vault of them is only what a driver needs to connect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from urllib.parse import urlsplit

from intake_app.domain.actor import UserRole
from intake_app.flows.acting import actor_of
from intake_app.sentences import Sentence, Told
from intake_app.sync.connecting import Kind, RelayPlace

if TYPE_CHECKING:
    from intake_app.sync.driver import Box
    from intake_app.vault import Vault

__all__ = [
    "ASK_ABOVE",
    "KINDS",
    "MEBIBYTE",
    "ConnectionReport",
    "Kind",
    "Problem",
    "RelayPlace",
    "RelayRefused",
    "SyncSettings",
    "TestStep",
    "certificate_problem",
    "check",
    "may_change",
    "own_box",
    "read_certificate",
    "save",
    "settings",
    "test",
]

KINDS: Final[tuple[Kind, ...]] = ("folder", "webdav", "s3")
MEBIBYTE: Final = 1024 * 1024
ASK_ABOVE: Final = 10 * MEBIBYTE
"""Bytes above which a metered connection is asked about (research of September 2026)."""
_SETTING: Final = "sync.postbussen"
_LONGEST: Final = {"address": 1000, "user": 200, "password": 500, "certificate": 40_000}
_OWN_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PROBE_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """How this vault sends and receives; without places nothing travels by itself."""

    send: RelayPlace | None = None
    receive: RelayPlace | None = None
    while_locked: bool = False
    """True when what is sealed already may go on travelling after the program was locked."""
    ask_above_bytes: int = ASK_ABOVE
    """On a metered connection more than this many bytes need a yes."""

    @property
    def is_set_up(self) -> bool:
        """True when there is anything to connect to."""
        return self.send is not None or self.receive is not None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a place; `text` is a Dutch sentence for a person."""

    field: Literal["address", "user", "password", "certificate"]
    text: str


class RelayRefused(Told):
    """A place that cannot be saved; str() is the first Dutch sentence of what is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].text)
        self.problems = problems


class TestStep(StrEnum):
    """What a test of the connection does, in this order."""

    __test__ = False

    CONNECT = "verbinden"
    WRITE = "schrijven"
    READ_BACK = "teruglezen"
    LIST = "opsommen"
    """Only for who receives."""
    CLEAN_UP = "opruimen"


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What came of a test: the steps that went well, and in words what did not."""

    done: tuple[TestStep, ...]
    problem: str = ""
    """A Dutch sentence, '' when everything went well."""
    reason: str = ""
    """The value of the `sync.errors.Reason`, '' when there is none."""

    @property
    def ok(self) -> bool:
        """True when the relay can be used."""
        return not self.problem


def settings(vault: Vault) -> SyncSettings:
    """Return what was set up; nothing is, in a new vault."""
    with vault.read() as records:
        kept = records.settings.get(_SETTING)
    return SyncSettings() if not kept else _from_json(json.loads(kept))


def save(vault: Vault, wanted: SyncSettings) -> None:
    """Keep the settings.

    Raises `RelayRefused` for a place that cannot be one, and for who has not the role beheer:
    where dossiers go is not for everybody to change.
    """
    if not may_change(vault):
        raise RelayRefused((Problem("address", _NOT_YOURS),))
    cleaned = replace(wanted, send=_clean(wanted.send), receive=_clean(wanted.receive))
    for place in (cleaned.send, cleaned.receive):
        if place is not None and (wrong := check(place, vault.folder)):
            raise RelayRefused(wrong)
    with vault.transaction(actor_of(vault), "postbus instellen") as tx:
        tx.settings.set(_SETTING, json.dumps(asdict(cleaned), sort_keys=True))


def may_change(vault: Vault) -> bool:
    """True when the user at the keyboard may set relays up."""
    return vault.has_role(UserRole.BEHEER)


_NOT_YOURS: Final = Sentence("Alleen een collega met de rol beheer kan de postbus instellen.")


def _clean(place: RelayPlace | None) -> RelayPlace | None:
    """Return the place without what its kind has no use for."""
    if place is None:
        return None
    address = place.address.strip()
    if place.kind == "folder":
        return RelayPlace("folder", address)
    return replace(place, address=address.rstrip("/"), user=place.user.strip())


def _from_json(plain: Mapping[str, Any]) -> SyncSettings:
    return SyncSettings(
        send=_place(plain.get("send")),
        receive=_place(plain.get("receive")),
        while_locked=bool(plain.get("while_locked", False)),
        ask_above_bytes=int(plain.get("ask_above_bytes", ASK_ABOVE)),
    )


def _place(plain: Mapping[str, str] | None) -> RelayPlace | None:
    if plain is None or plain.get("kind") not in KINDS:
        return None
    kept = {name: str(plain.get(name, "")) for name in _LONGEST}
    return RelayPlace(cast("Kind", plain["kind"]), **kept)


# ---- what can be wrong with a place -------------------------------------------------------------


def check(place: RelayPlace, vault_folder: Path | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with a place before anything is tried; nothing is connected to."""
    for name, longest in _LONGEST.items():
        if len(getattr(place, name)) > longest:
            text = Sentence("Dit is te lang. Gebruik hoogstens {most} tekens.", most=longest)
            return (Problem(cast("Any", name), text),)
    if place.kind == "folder":
        return _check_folder(place, vault_folder)
    return (*_check_url(place), *_check_login(place))


def _check_folder(place: RelayPlace, vault_folder: Path | None) -> tuple[Problem, ...]:
    folder = Path(place.address)
    if not place.address.strip() or not folder.is_absolute():
        return (Problem("address", Sentence("Kies de map waarin de postbus staat.")),)
    if vault_folder is not None and _inside(folder, vault_folder):
        text = Sentence(
            "Deze map hoort bij de kluis zelf. Daar kan geen ander bij. "
            "Kies een gedeelde map of een stick."
        )
        return (Problem("address", text),)
    return ()


def _inside(folder: Path, parent: Path) -> bool:
    try:
        return folder.resolve().is_relative_to(parent.resolve())
    except OSError:
        return False


def _check_url(place: RelayPlace) -> tuple[Problem, ...]:
    try:
        found = urlsplit(place.address.strip())
        host, _port = found.hostname or "", found.port
    except ValueError:
        found, host = urlsplit(""), ""
    if not host or found.scheme not in {"http", "https"}:
        text = Sentence("Vul het hele adres in, zoals je het kreeg. Het begint met “https://”.")
        return (Problem("address", text),)
    if found.scheme == "http" and host not in _OWN_MACHINE:
        text = Sentence(
            "Dit adres is niet beveiligd: iedereen op het netwerk kan het wachtwoord lezen. "
            "Gebruik een adres dat begint met “https://”."
        )
        return (Problem("address", text),)
    if found.username or found.password:
        text = Sentence("In het adres staat een wachtwoord. Zet dat in het veld eronder.")
        return (Problem("address", text),)
    if found.fragment or (found.query and place.kind == "webdav"):
        text = Sentence("Er staat iets te veel achter het adres. Neem alles vanaf “?” of “#” weg.")
        return (Problem("address", text),)
    if place.kind == "s3" and not found.path.strip("/"):
        text = Sentence("Zet de naam van de opslag (bucket) achter het adres: https://adres/naam.")
        return (Problem("address", text),)
    return ()


def _check_login(place: RelayPlace) -> tuple[Problem, ...]:
    if place.certificate and (wrong := certificate_problem(place.certificate)):
        return (Problem("certificate", wrong),)
    if place.kind == "s3":
        problems = []
        if not place.user.strip():
            problems.append(Problem("user", Sentence("Vul de toegangssleutel in (access key).")))
        if not place.password:
            problems.append(
                Problem("password", Sentence("Vul het geheim van de toegangssleutel in."))
            )
        return tuple(problems)
    if place.user.strip() and not place.password:
        return (Problem("password", Sentence("Vul het wachtwoord van de postbus in.")),)
    if place.password and not place.user.strip():
        return (Problem("user", Sentence("Vul de naam in die bij het wachtwoord hoort.")),)
    if not place.user.strip() and not place.certificate:
        text = Sentence("Vul een naam en wachtwoord in, of kies een certificaat.")
        return (Problem("user", text),)
    if not place.user.strip() and not _has_key(place.certificate):
        text = Sentence(
            "In dit bestand staat alleen een certificaat, niet de sleutel die erbij hoort. "
            "Vraag om een PEM-bestand met allebei, of vul een naam en wachtwoord in."
        )
        return (Problem("certificate", text),)
    return ()


def _has_key(pem: str) -> bool:
    return "PRIVATE KEY-----" in pem


def certificate_problem(pem: str) -> str:
    """Return in a Dutch sentence why this PEM will not do, '' when it will.

    It holds a client certificate with its key, authorities to trust, or both.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return (
            "In dit bestand staat geen certificaat. "
            "Vraag de beheerder van de postbus om een PEM-bestand."
        )
    if not _has_key(pem):
        return ""
    try:
        load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        return (
            "De sleutel in dit bestand is met een wachtwoord versleuteld. "
            "Vraag om een bestand zonder wachtwoord: de kluis beschermt het."
        )
    except ValueError:
        return "De sleutel in dit bestand is niet te lezen. Vraag om een nieuw PEM-bestand."
    return ""


def read_certificate(path: Path) -> str:
    """Return the text of a PEM file that will do; raises `RelayRefused` for any other."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LONGEST["certificate"] + 1)
        pem = raw.decode("ascii")
    except (OSError, UnicodeDecodeError):
        pem = ""
    wrong = certificate_problem(pem)
    if not wrong and len(pem) > _LONGEST["certificate"]:
        wrong = "Dit bestand is te groot voor een certificaat. Kies een ander bestand."
    if wrong:
        raise RelayRefused((Problem("certificate", wrong),))
    return pem


# ---- trying a place -----------------------------------------------------------------------------


def own_box(vault: Vault) -> str:
    """Return the name of this organisation's box, as its key card and the address book say it."""
    from intake_app.flows.address_book import own_card

    return own_card(vault).box


def test(
    place: RelayPlace,
    box_name: str,
    *,
    connect: Callable[[RelayPlace], Box],
    random: Callable[[int], bytes],
    receives: bool,
) -> ConnectionReport:
    """Write a probe into our own box, read it back and clean it up; say in words what is wrong.

    Who only sends may not be allowed to clean up: that is no problem, the relay does so itself.
    With `receives` it must be, and to list what lies in our box. Never raises for what a network,
    a server or a folder can do.
    """
    from intake_app.sync.errors import SyncError

    wrong = check(place)
    if wrong:
        return ConnectionReport((), wrong[0].text)
    done: list[TestStep] = []
    try:
        box = connect(place)
    except SyncError as error:
        return ConnectionReport((), str(error), error.reason.value)
    try:
        _try(box, box_name, random, done, receives=receives)
    except SyncError as error:
        return ConnectionReport(tuple(done), str(error), error.reason.value)
    except _NotTheSame:
        return ConnectionReport(
            tuple(done),
            "Wat er in de postbus is gezet, komt er anders uit. Gebruik deze postbus niet en "
            "meld het aan de beheerder ervan.",
        )
    finally:
        box.close()
    return ConnectionReport(tuple(done))


test.__test__ = False  # type: ignore[attr-defined]


class _NotTheSame(Exception):
    """What came back is not what was written."""


def _try(
    box: Box,
    box_name: str,
    random: Callable[[int], bytes],
    done: list[TestStep],
    *,
    receives: bool,
) -> None:
    from intake_app.sync import names
    from intake_app.sync.errors import Paused, Refused

    name = names.probe(box_name, names.new_zid(random))
    probe = random(_PROBE_BYTES)
    if box.size(name) is not None:
        raise _NotTheSame
    done.append(TestStep.CONNECT)
    box.put(name, probe)
    done.append(TestStep.WRITE)
    if box.size(name) != len(probe) or box.get(name, limit=2 * len(probe)) != probe:
        raise _NotTheSame
    done.append(TestStep.READ_BACK)
    if receives:
        if name not in box.names(names.inbox(box_name)):
            raise _NotTheSame
        done.append(TestStep.LIST)
    try:
        box.drop(name)
    except (Paused, Refused):
        if receives:
            raise
    else:
        done.append(TestStep.CLEAN_UP)
