"""The key file: opens for its users, refuses every change made without the master key."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.crypto.age import HybridIdentity
from intake_app.crypto.slots import (
    EarlierSlotLeft,
    EscrowChanged,
    EscrowSlot,
    FileAltered,
    ForeignSlot,
    KdfCost,
    KdfOutOfBounds,
    KeyFile,
    KeyFileDamaged,
    KeyFileError,
    KeyFileNewer,
    KeyFileTampered,
    NoEscrow,
    SecondFactorNeeded,
    SlotChanged,
    UsersChanged,
    WrongPassphrase,
    subkey,
    with_key,
)
from intake_app.crypto.strict_json import canonical_json

DB = UUID("11111111-2222-4333-8444-555555555555")
ANNA = UUID("aaaaaaaa-0000-4000-8000-000000000001")
BRAM = UUID("bbbbbbbb-0000-4000-8000-000000000002")
CHEAP = KdfCost(65_536, 3, 4)
PHRASE = "kaars fiets molen dijk regen"
OTHER = HybridIdentity(b"o" * 32).recipient.encode()
GOLDEN = Path(__file__).parents[1] / "vectors" / "golden"
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


def escrow(master: bytes, random: Random, seed: bytes = b"e" * 32) -> EscrowSlot:
    recipient = HybridIdentity(seed).recipient.encode()
    made = "2026-03-02T09:00:00.000000+00:00"
    bare = EscrowSlot(random(16).hex(), "organisatie", recipient, made, None, ())
    return with_key(bare, "mk", master, random)


@pytest.fixture(scope="module")
def made() -> tuple[KeyFile, bytes]:
    count = iter(range(1, 1000))

    def random(size: int) -> bytes:
        return next(count).to_bytes(size, "big")

    file, master = KeyFile.create(DB, random=random)
    file = with_slot(file, master, random)
    file = with_slot(file, master, random, BRAM, "een andere zin voor bram")
    return file.with_escrows(master, (escrow(master, random),)), master


def test_every_user_opens_with_their_own_sentence(made: tuple[KeyFile, bytes]) -> None:
    file, master = made
    opened = KeyFile.from_bytes(file.to_bytes()).open(PHRASE)
    assert opened.master == master
    assert opened.user_id == ANNA
    assert opened.roles == ("intake", "beheer")
    assert set(opened.keyring) == {"ed25519", "age"}
    assert opened.keyring["ed25519"] == b"s" * 32
    assert file.open("een andere zin voor bram", BRAM).user_id == BRAM
    assert "master" not in repr(opened)
    assert file.generation == 3


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
    assert (opened.master, opened.keyring) == (master, file.open(PHRASE, ANNA).keyring)
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
    ("newer version", _set("version", 3), KeyFileNewer),
    ("earlier version", _set("version", 1), KeyFileDamaged),
    ("version as text", _set("version", "1"), KeyFileDamaged),
    ("version true", _set("version", True), KeyFileDamaged),
    ("other format", _set("format", "doorgaande-lijn-adresboek"), KeyFileDamaged),
    ("extra field", _set("extra", 1), KeyFileDamaged),
    ("extra slot field", _set("slots.0.extra", 1), KeyFileDamaged),
    ("unknown slot type", _set("slots.0.type", "open"), KeyFileDamaged),
    ("unknown kdf", _set("slots.0.kdf.name", "pbkdf2"), KeyFileDamaged),
    ("unknown wrap", _set("slots.0.wrap", "none"), KeyFileDamaged),
    ("unknown second factor", _set("slots.0.second", "yubikey"), KeyFileDamaged),
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
TAMPER_OPEN: list[tuple[str, Callable[[Json], None], type[KeyFileError], str]] = [
    ("own role raised", _set("slots.0.roles", ["beheer"]), SlotChanged, "jouw toegang"),
    ("user renamed", _set("slots.0.user", str(DB)), SlotChanged, "jouw toegang"),
    ("slot id", _set("slots.0.id", "0" * 32), SlotChanged, "jouw toegang"),
    ("recipient", _set("slots.0.recipient", lambda _: OTHER), SlotChanged, "jouw toegang"),
    ("other database", _set("db", str(ANNA)), ForeignSlot, "andere kluis"),
    ("dearer within bounds", _set("slots.0.kdf.t", 4), FileAltered, "veranderd of beschadigd"),
    ("second factor", _set("slots.0.second", "os-keystore"), FileAltered, "veranderd of besch"),
    ("nonce", _set("slots.0.nonce", _b64flip), FileAltered, "veranderd of beschadigd"),
    ("salt", _set("slots.0.kdf.salt", _b64flip), FileAltered, "veranderd of beschadigd"),
    ("ciphertext", _set("slots.0.ct", _b64flip), FileAltered, "veranderd of beschadigd"),
    ("empty ciphertext", _set("slots.0.ct", ""), FileAltered, "veranderd of beschadigd"),
    ("other's role raised", _set("slots.1.roles", ["medisch"]), UsersChanged, "een gebruiker"),
    ("other slot removed", lambda whole: whole["slots"].pop(1), UsersChanged, "een gebruiker"),
    ("slots swapped", lambda whole: _swap(whole["slots"]), UsersChanged, "een gebruiker"),
    ("escrow slot removed", lambda whole: whole["slots"].pop(2), EscrowChanged, "herstelkaarten"),
    ("escrow in force", _set("slots.2.tried", "2026-01-01T00:00:00+00:00"), EscrowChanged, "herst"),
    ("escrow to another", _set("slots.2.recipient", lambda _: OTHER), EscrowChanged, "herstelk"),
    ("escrow key", _set("slots.2.sealed.mk", _b64flip), EscrowChanged, "herstelkaarten"),
    ("former key", _set("former", base64.b64encode(bytes(60)).decode()), KeyFileTampered, "buiten"),
    ("generation rolled back", _set("generation", 1), KeyFileTampered, "buiten dit programma"),
    ("mac", _set("mac.file", _b64flip), KeyFileTampered, "buiten dit programma om"),
    ("mac of a part", _set("mac.users", _b64flip), KeyFileTampered, "buiten dit programma om"),
]


def _swap(slots: list[Json]) -> None:
    slots[0], slots[1] = slots[1], slots[0]


def _resummed(whole: Json) -> bytes:
    """Return the file as somebody writes it who knows everything but the master key."""
    rest = {name: part for name, part in whole.items() if name != "sum"}
    return json.dumps({**rest, "sum": hashlib.sha256(canonical_json(rest)).hexdigest()}).encode()


@pytest.mark.parametrize(("change", "error"), [pytest.param(c, e, id=n) for n, c, e in TAMPER_READ])
def test_tampering_refused_when_read(
    made: tuple[KeyFile, bytes], change: Callable[[Json], None], error: type[KeyFileError]
) -> None:
    whole = json.loads(made[0].to_bytes())
    change(whole)
    with pytest.raises(error) as caught:
        KeyFile.from_bytes(json.dumps(whole).encode())
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("change", "error", "said"), [pytest.param(c, e, t, id=n) for n, c, e, t in TAMPER_OPEN]
)
def test_tampering_is_told_when_opened(
    made: tuple[KeyFile, bytes],
    change: Callable[[Json], None],
    error: type[KeyFileError],
    said: str,
) -> None:
    whole = json.loads(made[0].to_bytes())
    change(whole)
    users = [slot.get("user") for slot in whole["slots"]]
    who = ANNA if str(ANNA) in users else None
    with pytest.raises(error, match=said) as caught:
        KeyFile.from_bytes(json.dumps(whole).encode()).open(PHRASE, who)
    assert type(caught.value) is error
    # Who puts the sum right as well is still refused; only the wrapping cannot be told from a
    # wrong passphrase then.
    with pytest.raises(WrongPassphrase if error is FileAltered else error):
        KeyFile.from_bytes(_resummed(whole)).open(PHRASE, who)


def test_a_slot_of_another_vault_does_not_open(made: tuple[KeyFile, bytes], random: Random) -> None:
    other, master = KeyFile.create(ANNA, random=random)
    other = with_slot(other, master, random, phrase="zin van een ander")
    mixed = copy.deepcopy(json.loads(made[0].to_bytes()))
    mixed["slots"].append(json.loads(other.to_bytes())["slots"][0])
    with pytest.raises(ForeignSlot, match="andere kluis"):
        KeyFile.from_bytes(_resummed(mixed)).open("zin van een ander")


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b"1" * 9])
def test_junk_is_damage(data: bytes) -> None:
    with pytest.raises(KeyFileDamaged, match="beschadigd"):
        KeyFile.from_bytes(data)


def test_one_flipped_byte_is_refused_or_changes_nothing(made: tuple[KeyFile, bytes]) -> None:
    file, master = made
    data = file.to_bytes()
    for at in range(0, len(data), 7):
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


# --- renewals, a new master key, recovery cards ------------------------------------------------


def test_a_renewal_reaches_a_user_who_was_away(made: tuple[KeyFile, bytes], random: Random) -> None:
    file, master = made
    given = file.with_roles(master, BRAM, ("medisch",), keys={"medisch": b"m" * 32}, random=random)
    assert given.slot_of(BRAM).effective_roles == ("medisch",)
    renewed, new = KeyFile.from_bytes(given.to_bytes()).rotate(master, random=random)
    taken = renewed.with_roles(new, BRAM, ("intake",), keys={}, drop=("medisch",), random=random)

    between = KeyFile.from_bytes(renewed.to_bytes()).open("een andere zin voor bram")
    assert (between.master, between.roles, between.stale) == (new, ("medisch",), True)
    assert between.keyring["medisch"] == b"m" * 32
    after = KeyFile.from_bytes(taken.to_bytes()).open("een andere zin voor bram")
    assert (after.roles, "medisch" in after.keyring) == (("intake",), False)

    own = taken.refreshed(after, random=random)
    again = KeyFile.from_bytes(own.to_bytes()).open("een andere zin voor bram", BRAM)
    assert (again.master, again.roles, again.stale) == (new, ("intake",), False)
    assert (own.slot_of(BRAM).renewals, own.slot_of(BRAM).roles) == ((), ("intake",))
    assert own.open(PHRASE, ANNA).master == new


def test_who_left_reads_no_renewal_and_opens_no_later_file(
    made: tuple[KeyFile, bytes], random: Random
) -> None:
    file, master = made
    after, new = file.remove_user(master, BRAM).rotate(master, random=random)
    assert new != master
    with pytest.raises(WrongPassphrase):
        after.open("een andere zin voor bram")
    # The former master key opens the outer layer of a renewal only.
    slot = after.slot_of(ANNA)
    forged = replace(slot, slot_id=slot.slot_id, user_id=BRAM)
    with pytest.raises(UsersChanged):
        replace(after, slots=(forged,)).verify_mac(new)
    with pytest.raises(KeyFileTampered):
        after.verify_mac(master)


def test_a_renewal_of_another_place_or_file_is_refused(
    made: tuple[KeyFile, bytes], random: Random
) -> None:
    file, master = made
    given = file.with_roles(master, ANNA, ("intake",), keys={}, random=random)
    given = given.with_roles(master, ANNA, ("beheer",), keys={}, random=random)
    whole = json.loads(given.to_bytes())
    whole["slots"][0]["renewals"].reverse()
    with pytest.raises(SlotChanged):
        KeyFile.from_bytes(_resummed(whole)).open(PHRASE, ANNA)
    whole["slots"][0]["renewals"] = whole["slots"][0]["renewals"][1:]
    with pytest.raises(UsersChanged):
        KeyFile.from_bytes(_resummed(whole)).open(PHRASE, ANNA)


def test_too_many_renewals_are_refused(made: tuple[KeyFile, bytes], random: Random) -> None:
    file, master = made
    for _ in range(32):
        file = file.with_roles(master, BRAM, ("intake",), keys={}, random=random)
    assert len(file.open("een andere zin voor bram", BRAM).roles) == 1
    with pytest.raises(ValueError, match="renewal"):
        file.with_roles(master, BRAM, ("intake",), keys={}, random=random)


def test_a_new_master_key_keeps_the_old_one_until_the_database_has_it(
    made: tuple[KeyFile, bytes], random: Random
) -> None:
    file, master = made
    between, new = file.rotate(master, random=random)
    assert KeyFile.from_bytes(between.to_bytes()).former_master(new) == master
    with pytest.raises(ValueError, match="under way"):
        between.rotate(new, random=random)
    after = between.without_former(new)
    assert after.former_master(new) is None
    assert after.generation == file.generation + 2
    with pytest.raises(KeyFileTampered):
        between.former_master(master)


def test_the_cards_open_what_they_were_given(made: tuple[KeyFile, bytes], random: Random) -> None:
    file, master = made
    slot, found = KeyFile.from_bytes(file.to_bytes()).open_escrow(b"e" * 32)
    assert (slot.tried, found) == (None, {"mk": master})
    rotated, new = file.rotate(master, random=random)
    assert rotated.open_escrow(b"e" * 32)[1] == {"mk": new}
    with pytest.raises(NoEscrow):
        file.open_escrow(b"f" * 32)
    trimmed = file.with_escrows(master, (replace(slot, sealed=()),))
    with pytest.raises(NoEscrow):
        trimmed.open_escrow(b"e" * 32)


def test_a_second_factor_is_needed_beside_the_passphrase(
    made: tuple[KeyFile, bytes], random: Random
) -> None:
    file, master = made
    opened = file.open(PHRASE, ANNA)
    bound = file.with_passphrase(
        opened, PHRASE, kdf=CHEAP, random=random, second=b"2" * 32, slot_id="a" * 32
    )
    secrets = {"a" * 32: b"2" * 32}
    assert bound.open(PHRASE, second=secrets.get).master == master
    with pytest.raises(SecondFactorNeeded):
        bound.open(PHRASE)
    with pytest.raises(SecondFactorNeeded):
        bound.open(PHRASE, second={}.get)
    with pytest.raises(WrongPassphrase):
        bound.open(PHRASE, second={"a" * 32: b"3" * 32}.get)
    assert bound.open("een andere zin voor bram").user_id == BRAM
    changed = bound.change_passphrase(
        PHRASE, "een nieuwe zin", kdf=CHEAP, random=random, second=secrets.get
    )
    assert changed.open("een nieuwe zin", second=secrets.get).master == master
    with pytest.raises(SecondFactorNeeded):
        changed.open("een nieuwe zin")


# --- version 1 -----------------------------------------------------------------------------------

FIRST_PHRASES = json.loads((GOLDEN / "testsleutels.json").read_bytes())["passphrases"]


def first() -> KeyFile:
    return KeyFile.from_bytes((GOLDEN / "sleutels-v1.json").read_bytes())


def test_a_file_of_version_1_becomes_one_of_2_slot_by_slot(random: Random) -> None:
    (anna, phrase), (bram, other) = FIRST_PHRASES.items()
    file = first()
    opened = file.open(phrase)
    assert opened.stale
    second = KeyFile.from_bytes(file.refreshed(opened, random=random).to_bytes())
    assert (second.version, second.generation) == (2, file.generation + 1)
    assert [slot.earlier for slot in second.slots] == [False, True]
    assert second.open(phrase, UUID(anna)).stale is False
    still = second.open(other, UUID(bram))
    assert (still.master, still.stale) == (opened.master, True)
    for change in (
        lambda: second.rotate(opened.master, random=random),
        lambda: second.with_roles(opened.master, UUID(bram), ("intake",), keys={}, random=random),
    ):
        with pytest.raises(EarlierSlotLeft):
            change()
    both = second.refreshed(still, random=random)
    assert both.rotate(opened.master, random=random)[0].open(other).user_id == UUID(bram)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_set("slots.0.user", str(DB)), WrongPassphrase),
        (_set("slots.0.roles", ["medisch"]), WrongPassphrase),
        (_set("slots.1.roles", ["medisch"]), KeyFileTampered),
        (_set("generation", 9), KeyFileTampered),
    ],
)
def test_a_changed_file_of_version_1_is_refused(
    change: Callable[[Json], None], error: type[KeyFileError]
) -> None:
    whole = json.loads(first().to_bytes())
    change(whole)
    with pytest.raises(error):
        KeyFile.from_bytes(json.dumps(whole).encode()).open(next(iter(FIRST_PHRASES.values())))


def test_a_slot_of_version_1_cannot_pass_for_one_of_2(random: Random) -> None:
    whole = json.loads(
        first()
        .refreshed(first().open(next(iter(FIRST_PHRASES.values()))), random=random)
        .to_bytes()
    )
    whole["slots"][1]["type"] = "passphrase"
    with pytest.raises(KeyFileDamaged):
        KeyFile.from_bytes(_resummed(whole))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_change_to_the_json_is_refused_or_read(
    made: tuple[KeyFile, bytes], data: st.DataObject
) -> None:
    """Whatever stands where something else should stand: a declared error, or a file."""
    whole = json.loads(made[0].to_bytes())
    at: Any = whole
    while True:
        last = data.draw(
            st.sampled_from(sorted(at)) if isinstance(at, dict) else st.integers(0, len(at) - 1)
        )
        if not isinstance(at[last], dict | list) or not at[last] or data.draw(st.booleans()):
            break
        at = at[last]
    at[last] = data.draw(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=40),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.text(max_size=5), inner, max_size=2)
            ),
            max_leaves=4,
        )
    )
    try:
        read = KeyFile.from_bytes(_resummed(whole))
        read.verify_mac(made[1])
    except KeyFileError:
        return
    assert read == made[0]
