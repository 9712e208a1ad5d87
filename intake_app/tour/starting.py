"""First start, keys and address book, and registering somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intake_app.tour.side import Side


@dataclass(frozen=True, slots=True)
class NewVault:
    """What is typed at the first start."""

    profile: str
    organisation: str
    user: str
    passphrase: str
    municipalities: tuple[str, ...] = ()


AZC = NewVault("azc", "Team De Berkenhof", "Jip Oever", "zeven blauwe fietsen wachten buiten")
MUNICIPALITY = NewVault(
    "ontvangst",
    "Dienst Heuvelland",
    "Bo Weide",
    "acht rode bussen rijden voorbij",
    ("0355", "0312"),
)


def first_start(side: Side, new: NewVault, *, pictures: bool = False) -> None:
    """Make a vault through the five steps."""
    hands = side.hands
    side.start()
    if pictures:
        side.picture("welkom")
    hands.click("start-begin")
    hands.pick("start-profile", new.profile)
    hands.click("start-next")
    hands.type("start-organisation", new.organisation)
    for code in new.municipalities:
        hands.click(f"start-municipality-{code}")
    hands.click("start-next")
    hands.type("start-user-name", new.user)
    hands.click("start-next")
    hands.type("start-passphrase", new.passphrase)
    hands.type("start-repeat", new.passphrase)
    if pictures:
        side.picture("wachtwoordzin")
    hands.click("start-next")
    hands.click("start-next")
    hands.wait(lambda: side.program.desk is not None, "the vault was not made")
    side.window.resize(1366, 768)
    hands.find("today-page")
    if pictures:
        side.picture("vandaag-leeg")


def save_key_card(side: Side, path: Path) -> Path:
    """Save the organisation's key card."""
    path.unlink(missing_ok=True)
    side.places.ready.append(path)
    side.hands.click("rail-settings")
    side.hands.click("settings-save-card")
    side.hands.wait(path.is_file, "the key card was not saved")
    return path


def import_book(side: Side, book: Path, number: str) -> None:
    """Take in the first address book, with its control number."""
    hands = side.hands
    side.places.ready.append(book)
    hands.click("rail-settings")
    hands.click("settings-import-book")
    hands.type("settings-root-number", number)
    hands.click("settings-root-ok")
    hands.find("settings-organisations")
    side.picture(f"adresboek-{side.name}")


def register(side: Side, coupled_on: date) -> None:
    """Register a fictional person, linked to a municipality."""
    hands = side.hands
    hands.click("rail-people")
    hands.click("people-register")
    hands.type("register-v-number", "0009001234")
    hands.type("register-given-names", "Layla")
    hands.type("register-family-name", "Darwish")
    hands.type("register-name-in-own-script", "ليلى درويش")
    hands.date("register-birth-date", "1991-04-17")
    hands.pick("register-gender", "V")
    hands.pick("register-contact-language", "ar")
    hands.pick("register-interpreter-needed", "ja")
    hands.pick("register-koppeling", "0355")
    hands.date("register-koppeling-on", coupled_on.isoformat())
    side.picture("registreren")
    hands.click("register-save")
    hands.find("person-page")
    side.picture("persoon-gekoppeld")


def household(side: Side) -> None:
    """Record who belongs together."""
    hands = side.hands
    hands.click("person-household-edit")
    hands.click("household-add")
    hands.type("household-2-name", "Nour")
    hands.pick("household-2-relation", "kind")
    hands.date("household-2-born", "2017-09-02")
    hands.click("household-save")
    hands.find("person-page")
