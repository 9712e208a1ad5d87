"""The key file: opens for its users, refuses every change made without the master key."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from intake_app.crypto.slots import (
    KdfCost,
    KdfOutOfBounds,
    KeyFile,
    KeyFileDamaged,
    KeyFileError,
    KeyFileNewer,
    KeyFileTampered,
    WrongPassphrase,
    subkey,
)

DB = UUID("11111111-2222-4333-8444-555555555555")
ANNA = UUID("aaaaaaaa-0000-4000-8000-000000000001")
BRAM = UUID("bbbbbbbb-0000-4000-8000-000000000002")
CHEAP = KdfCost(65_536, 3, 4)
PHRASE = "kaars fiets molen dijk regen"
Random = Callable[[int], bytes]
Json = dict[str, Any]


def with_slot(
    file: KeyFile, master: bytes, random: Random, user: UUID = ANNA, phrase: str = PHRASE
) -> KeyFile:
    return file.add_passphrase_slot(
        master,
        user_id=user,
        passphrase=phrase,
        roles=("intake", "beheer"),
        keyring={"ed25519": b"s" * 32},
        kdf=CHEAP,
        random=random,
    )


@pytest.fixture(scope="module")
def made() -> tuple[KeyFile, bytes]:
    count = iter(range(1, 1000))

    def random(size: int) -> bytes:
        return next(count).to_bytes(size, "big")

    file, master = KeyFile.create(DB, random=random)
    file = with_slot(file, master, random)
    return with_slot(file, master, random, BRAM, "een andere zin voor bram"), master


def test_every_user_opens_with_their_own_sentence(made: tuple[KeyFile, bytes]) -> None:
    file, master = made
    opened = KeyFile.from_bytes(file.to_bytes()).open(PHRASE)
    assert opened.master == master
    assert opened.user_id == ANNA
    assert opened.roles == ("intake", "beheer")
    assert opened.keyring == {"ed25519": b"s" * 32}
    assert file.open("een andere zin voor bram", BRAM).user_id == BRAM
    assert "master" not in repr(opened)
    assert file.generation == 2


def test_wrong_passphrase(made: tuple[KeyFile, bytes]) -> None:
    file, _ = made
    for phrase in (PHRASE + " ", PHRASE.upper(), "", "\ud800", "x" * 5000):
        with pytest.raises(WrongPassphrase, match="wachtwoordzin klopt niet"):
            file.open(phrase, ANNA)
    with pytest.raises(WrongPassphrase):
        file.open(PHRASE, BRAM)
    with pytest.raises(WrongPassphrase):
        file.open(PHRASE, DB)


def test_the_same_sentence_typed_on_another_keyboard_opens(random: Random) -> None:
    file, master = KeyFile.create(DB, random=random)
    file = with_slot(file, master, random, phrase="café ﬁets")
    assert file.open("cafe\u0301 fiets").master == master


def test_changing_a_passphrase_rewrites_one_slot(
    made: tuple[KeyFile, bytes], random: Random
) -> None:
    file, master = made
    changed = file.change_passphrase(PHRASE, "nieuw nieuw", user_id=ANNA, kdf=CHEAP, random=random)
    assert changed.slots[1] == file.slots[1]
    assert changed.slots[0].salt != file.slots[0].salt
    assert changed.generation == file.generation + 1
    opened = changed.open("nieuw nieuw", ANNA)
    assert (opened.master, dict(opened.keyring)) == (master, {"ed25519": b"s" * 32})
    with pytest.raises(WrongPassphrase):
        changed.open(PHRASE, ANNA)
    with pytest.raises(WrongPassphrase):
        file.change_passphrase("fout", "nieuw", user_id=ANNA, kdf=CHEAP, random=random)


def test_removing_a_user(made: tuple[KeyFile, bytes]) -> None:
    file, master = made
    left = file.remove_user(master, BRAM)
    assert [slot.user_id for slot in left.slots] == [ANNA]
    left.verify_mac(master)
    for user in (ANNA, DB):
        with pytest.raises(ValueError, match="no slot would remain"):
            left.remove_user(master, user)


def test_a_foreign_master_key_changes_nothing(made: tuple[KeyFile, bytes], random: Random) -> None:
    file, _ = made
    with pytest.raises(KeyFileTampered):
        with_slot(file, b"x" * 32, random)
    with pytest.raises(KeyFileTampered):
        file.remove_user(b"x" * 32, BRAM)


def test_an_empty_key_file_is_not_written(random: Random) -> None:
    with pytest.raises(ValueError, match="needs a slot"):
        KeyFile.create(DB, random=random)[0].to_bytes()


def _b64flip(text: str) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[0] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def _set(path: str, value: object) -> Callable[[Json], None]:
    def change(whole: Json) -> None:
        *way, last = path.split(".")
        at: Any = whole
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        at[int(last) if isinstance(at, list) else last] = (
            value(at[last]) if callable(value) else value
        )

    return change


TAMPER_READ: list[tuple[str, Callable[[Json], None], type[KeyFileError]]] = [
    ("weaker memory", _set("slots.0.kdf.m_kib", 1024), KdfOutOfBounds),
    ("huge memory", _set("slots.0.kdf.m_kib", 4_194_304), KdfOutOfBounds),
    ("fewer passes", _set("slots.0.kdf.t", 1), KdfOutOfBounds),
    ("many passes", _set("slots.0.kdf.t", 10_000), KdfOutOfBounds),
    ("no lanes", _set("slots.0.kdf.p", 0), KdfOutOfBounds),
    ("newer version", _set("version", 2), KeyFileNewer),
    ("version as text", _set("version", "1"), KeyFileDamaged),
    ("version true", _set("version", True), KeyFileDamaged),
    ("other format", _set("format", "doorgaande-lijn-adresboek"), KeyFileDamaged),
    ("extra field", _set("extra", 1), KeyFileDamaged),
    ("extra slot field", _set("slots.0.extra", 1), KeyFileDamaged),
    ("unknown slot type", _set("slots.0.type", "open"), KeyFileDamaged),
    ("unknown kdf", _set("slots.0.kdf.name", "pbkdf2"), KeyFileDamaged),
    ("unknown wrap", _set("slots.0.wrap", "none"), KeyFileDamaged),
    ("second factor dropped in", _set("slots.0.second", "os-keystore"), KeyFileDamaged),
    ("short salt", _set("slots.0.kdf.salt", "AAAA"), KeyFileDamaged),
    ("salt with white space", _set("slots.0.kdf.salt", lambda t: t + "\n"), KeyFileDamaged),
    ("no slots", _set("slots", []), KeyFileDamaged),
    ("slots a number", _set("slots", 3), KeyFileDamaged),
    ("negative generation", _set("generation", -1), KeyFileDamaged),
    ("number as db", _set("db", 5), KeyFileDamaged),
    ("db in capitals", _set("db", str(DB).upper().replace("1", "A")), KeyFileDamaged),
    ("role not text", _set("slots.0.roles", [1]), KeyFileDamaged),
    ("role twice", _set("slots.0.roles", ["intake", "intake"]), KeyFileDamaged),
    ("mac missing", lambda whole: whole.pop("mac"), KeyFileDamaged),
]
TAMPER_OPEN: list[tuple[str, Callable[[Json], None], type[KeyFileError]]] = [
    ("own role raised", _set("slots.0.roles", ["beheer", "intake"]), WrongPassphrase),
    ("user swapped", _set("slots.0.user", str(DB)), WrongPassphrase),
    ("dearer within bounds", _set("slots.0.kdf.t", 4), WrongPassphrase),
    ("other database", _set("db", str(ANNA)), WrongPassphrase),
    ("slot id", _set("slots.0.id", "0" * 32), WrongPassphrase),
    ("nonce", _set("slots.0.nonce", _b64flip), WrongPassphrase),
    ("salt", _set("slots.0.kdf.salt", _b64flip), WrongPassphrase),
    ("ciphertext", _set("slots.0.ct", _b64flip), WrongPassphrase),
    ("empty ciphertext", _set("slots.0.ct", ""), WrongPassphrase),
    ("other user's role raised", _set("slots.1.roles", ["medisch"]), KeyFileTampered),
    ("other slot removed", lambda whole: whole["slots"].pop(1), KeyFileTampered),
    ("slots swapped", lambda whole: whole["slots"].reverse(), KeyFileTampered),
    ("generation rolled back", _set("generation", 1), KeyFileTampered),
    ("mac", _set("mac", _b64flip), KeyFileTampered),
]


@pytest.mark.parametrize(("change", "error"), [pytest.param(c, e, id=n) for n, c, e in TAMPER_READ])
def test_tampering_refused_when_read(
    made: tuple[KeyFile, bytes], change: Callable[[Json], None], error: type[KeyFileError]
) -> None:
    whole = json.loads(made[0].to_bytes())
    change(whole)
    with pytest.raises(error) as caught:
        KeyFile.from_bytes(json.dumps(whole).encode())
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(("change", "error"), [pytest.param(c, e, id=n) for n, c, e in TAMPER_OPEN])
def test_tampering_refused_when_opened(
    made: tuple[KeyFile, bytes], change: Callable[[Json], None], error: type[KeyFileError]
) -> None:
    whole = json.loads(made[0].to_bytes())
    change(whole)
    file = KeyFile.from_bytes(json.dumps(whole).encode())
    with pytest.raises(error):
        file.open(PHRASE)


def test_a_slot_of_another_vault_does_not_open(made: tuple[KeyFile, bytes], random: Random) -> None:
    other, master = KeyFile.create(ANNA, random=random)
    other = with_slot(other, master, random, phrase="zin van een ander")
    mixed = copy.deepcopy(json.loads(made[0].to_bytes()))
    mixed["slots"].append(json.loads(other.to_bytes())["slots"][0])
    with pytest.raises(WrongPassphrase):
        KeyFile.from_bytes(json.dumps(mixed).encode()).open("zin van een ander")


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b"1" * 9])
def test_junk_is_damage(data: bytes) -> None:
    with pytest.raises(KeyFileDamaged, match="beschadigd"):
        KeyFile.from_bytes(data)


def test_one_flipped_byte_is_refused_or_changes_nothing(made: tuple[KeyFile, bytes]) -> None:
    file, master = made
    data = file.to_bytes()
    for at in range(0, len(data), 3):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 7
        try:
            read = KeyFile.from_bytes(bytes(changed))
            read.verify_mac(master)
        except KeyFileError:
            continue
        assert read == file


@pytest.mark.parametrize("cost", [(65_535, 3, 4), (65_536, 2, 4), (65_536, 17, 4), (65_536, 3, 17)])
def test_cost_has_bounds(cost: tuple[int, int, int]) -> None:
    with pytest.raises(KdfOutOfBounds):
        KdfCost(*cost)
    assert KdfCost() == KdfCost(262_144, 3, 4)


@pytest.mark.parametrize(
    ("phrase", "keyring", "roles"),
    [
        ("", {}, ()),
        ("x" * 1025, {}, ()),
        (PHRASE, {"mk": b"k" * 32}, ()),
        (PHRASE, {"kort": b"k"}, ()),
        (PHRASE, {"Met Hoofdletter": b"k" * 32}, ()),
        (PHRASE, {}, ("intake", "intake")),
        (PHRASE, {}, ("Intake",)),
    ],
)
def test_unusable_input_is_refused(
    random: Random, phrase: str, keyring: dict[str, bytes], roles: tuple[str, ...]
) -> None:
    file, master = KeyFile.create(DB, random=random)
    with pytest.raises(ValueError, match=r"."):
        file.add_passphrase_slot(
            master,
            user_id=ANNA,
            passphrase=phrase,
            roles=roles,
            keyring=keyring,
            kdf=CHEAP,
            random=random,
        )


def test_subkeys_differ_per_purpose_and_database() -> None:
    master = b"m" * 32
    keys = {
        subkey(master, DB, "sqlcipher"),
        subkey(master, DB, "slots-mac"),
        subkey(master, ANNA, "sqlcipher"),
    }
    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)
    for purpose in ("", "Met Hoofdletter", "a/b"):
        with pytest.raises(ValueError, match="purpose"):
            subkey(master, DB, purpose)
    with pytest.raises(ValueError, match="master"):
        subkey(b"kort", DB, "sqlcipher")
