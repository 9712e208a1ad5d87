"""Every way to tamper with the key file has its own sentence, opens nothing and changes nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.quick_kdf import quick_kdf
from support.vaults import PASSPHRASE, SMALL_RESERVE, environment, make_vault

from intake_app.crypto.slots import KeyFile
from intake_app.crypto.strict_json import canonical_json
from intake_app.domain.actor import UserRole
from intake_app.vault import Vault, VaultDamaged, VaultError, WrongPassphrase, keys, recovery, users
from intake_app.vault import folder as places
from intake_app.vault.errors import KeyFileOlder

BRAM_PHRASE = "bakfiets duinpan lawine oester"
BOTH = (places.KEY_FILE, places.SPARE_KEY_FILE)
Json = dict[str, Any]


@dataclass
class Made:
    folder: Path
    earlier: bytes
    """The key file before Bram's roles were changed."""
    foreign: Json
    """A slot of another vault, with the same passphrase."""


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_kdf():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("kluizen")
    make_vault(root / "ander", env=environment(70)).close()
    foreign = json.loads((root / "ander" / places.KEY_FILE).read_bytes())["slots"][0]
    folder = root / "kluis"
    vault = make_vault(folder)
    bram = users.add_user(
        vault,
        passphrase=PASSPHRASE,
        name="Bram",
        roles=(UserRole.INTAKE,),
        new_passphrase=BRAM_PHRASE,
    )
    cards = [" ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)]
    recovery.try_cards(vault, cards[0], cards[1])
    earlier = (folder / places.KEY_FILE).read_bytes()
    users.set_roles(vault, passphrase=PASSPHRASE, user_id=bram.user_id, roles=(UserRole.PRIVACY,))
    vault.close()
    return Made(folder, earlier, foreign)


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    shutil.copytree(made.folder, tmp_path / "kluis")
    return tmp_path / "kluis"


def reopen(folder: Path, phrase: str = PASSPHRASE) -> Vault:
    return Vault.open(folder, passphrase=phrase, env=environment(61), reserve_bytes=SMALL_RESERVE)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def resummed(whole: Json) -> bytes:
    rest = {name: part for name, part in whole.items() if name != "sum"}
    return json.dumps({**rest, "sum": hashlib.sha256(canonical_json(rest)).hexdigest()}).encode()


def rename(whole: Json, made: Made) -> None:
    whole["slots"][0]["user"] = whole["slots"][1]["user"]


def own_roles(whole: Json, made: Made) -> None:
    whole["slots"][0]["roles"] = ["beheer", "medisch"]


def other_roles(whole: Json, made: Made) -> None:
    whole["slots"][1]["renewals"][0]["roles"] = ["beheer"]


def drop_renewal(whole: Json, made: Made) -> None:
    whole["slots"][1]["renewals"] = []


def weak(whole: Json, made: Made) -> None:
    whole["slots"][0]["kdf"]["m_kib"] = 1024


def huge(whole: Json, made: Made) -> None:
    whole["slots"][0]["kdf"]["m_kib"] = 1 << 30


def long(whole: Json, made: Made) -> None:
    whole["slots"][0]["kdf"]["t"] = 1 << 20


def no_escrow(whole: Json, made: Made) -> None:
    whole["slots"] = [slot for slot in whole["slots"] if slot["type"] != "escrow"]


def never_tried(whole: Json, made: Made) -> None:
    whole["slots"][2]["tried"] = None


def foreign_slot(whole: Json, made: Made) -> None:
    whole["slots"].insert(0, made.foreign)


def instead_of_mine(whole: Json, made: Made) -> None:
    whole["slots"][0] = made.foreign


def generation(whole: Json, made: Made) -> None:
    whole["generation"] += 100


def former(whole: Json, made: Made) -> None:
    whole["former"] = "A" * 80


WAYS: dict[Callable[[Json, Made], None], str] = {
    rename: "is jouw toegang veranderd",
    own_roles: "is jouw toegang veranderd",
    other_roles: "toegang van een gebruiker toegevoegd, veranderd of weggehaald",
    drop_renewal: "toegang van een gebruiker toegevoegd, veranderd of weggehaald",
    weak: "buiten de toegestane grenzen",
    huge: "buiten de toegestane grenzen",
    long: "buiten de toegestane grenzen",
    no_escrow: "noodtoegang voor de herstelkaarten veranderd of weggehaald",
    never_tried: "noodtoegang voor de herstelkaarten veranderd of weggehaald",
    foreign_slot: "komt uit een andere kluis",
    instead_of_mine: "komt uit een andere kluis",
    generation: "veranderd buiten dit programma om",
    former: "veranderd buiten dit programma om",
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("careful", [False, True], ids=["sum left", "sum put right"])
def test_tampering_with_both_copies(
    folder: Path, made: Made, way: Callable[[Json, Made], None], *, careful: bool
):
    whole = json.loads((folder / places.KEY_FILE).read_bytes())
    way(whole, made)
    for name in BOTH:
        (folder / name).write_bytes(resummed(whole) if careful else json.dumps(whole).encode())
    before = content(folder)
    with pytest.raises(VaultDamaged, match=WAYS[way]) as refused:
        reopen(folder)
    assert "kluis blijft dicht" in str(refused.value).casefold()
    assert content(folder) == before


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_tampering_with_one_copy_is_mended_from_the_other(
    folder: Path, made: Made, way: Callable[[Json, Made], None]
):
    right = (folder / places.KEY_FILE).read_bytes()
    whole = json.loads(right)
    way(whole, made)
    (folder / places.KEY_FILE).write_bytes(resummed(whole))
    reopen(folder).close()
    assert {(folder / name).read_bytes() for name in BOTH} == {right}


def test_a_cost_within_the_bounds_is_told_from_a_wrong_passphrase(folder: Path):
    whole = json.loads((folder / places.KEY_FILE).read_bytes())
    whole["slots"][0]["kdf"]["salt"] = "A" * 22 + "=="
    for name in BOTH:
        (folder / name).write_text(json.dumps(whole))
    with pytest.raises(VaultDamaged, match="veranderd of beschadigd"):
        reopen(folder)
    # Who puts the sum right gets no further: nothing opens.
    for name in BOTH:
        (folder / name).write_bytes(resummed(whole))
    with pytest.raises(WrongPassphrase):
        reopen(folder)


def test_an_older_generation_put_back(folder: Path, made: Made):
    newest = (folder / places.KEY_FILE).read_bytes()
    (folder / places.KEY_FILE).write_bytes(made.earlier)
    reopen(folder).close()
    assert (folder / places.KEY_FILE).read_bytes() == newest
    for name in BOTH:
        (folder / name).write_bytes(made.earlier)
    before = content(folder)
    for phrase in (PASSPHRASE, BRAM_PHRASE):
        with pytest.raises(KeyFileOlder, match="ouder sleutelbestand"):
            reopen(folder, phrase)
    assert content(folder) == before


def test_a_copy_that_waits_for_nobody_is_current(folder: Path):
    key_file = KeyFile.from_bytes((folder / places.KEY_FILE).read_bytes())
    master = key_file.open(PASSPHRASE).master
    assert keys.current(folder, master) == key_file
    with pytest.raises(VaultError):
        keys.current(folder, bytes(32))
