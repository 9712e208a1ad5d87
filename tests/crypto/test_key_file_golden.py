"""A key file of version 2 as it was first written: it opens for ever.

Run this file as a program to write one for a later version; a golden file is never written again.
"""

from __future__ import annotations

import random as pseudo
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from intake_app.crypto import shares
from intake_app.crypto.age import HybridIdentity
from intake_app.crypto.slots import (
    EscrowSlot,
    KdfCost,
    KeyFile,
    SecondFactorNeeded,
    WrongPassphrase,
    with_key,
)

PATH = Path(__file__).parents[1] / "vectors" / "golden" / "sleutels-v2.json"
DB = UUID("0c0ffee0-0000-4000-8000-000000000002")
ANNA = UUID("aaaaaaaa-0000-4000-8000-000000000001")
BRAM = UUID("bbbbbbbb-0000-4000-8000-000000000002")
CARLA = UUID("cccccccc-0000-4000-8000-000000000003")
PHRASES = {
    ANNA: "gouden sleutel met café en ﬁets",
    BRAM: "tweede gouden zin van Bram",
    CARLA: "derde gouden zin van Carla",
}
SECOND = b"2" * 32
SECOND_SLOT = "5" * 32
MEDICAL = b"m" * 32
SEED = bytes(range(32))
CARDS = (
    (
        "blimp aquatic academic acid academic vintage ranked warn founder analysis pupal "
        "making royal scroll escape peaceful inherit photo dynamic knit staff scout verdict "
        "lunch regular group hormone pecan educate else funding endorse victim"
    ),
    (
        "blimp aquatic academic always acne busy marathon building solution threaten floral "
        "adequate usher unwrap tofu leaves texture revenue family smoking owner reunion oasis "
        "ambition sprinkle axle roster junk slim raspy ivory flavor famous"
    ),
)
CHEAP = KdfCost(65_536, 3, 4)


def own_keys(user: UUID) -> dict[str, bytes]:
    return {"ed25519": user.bytes[:1] * 32, "age": user.bytes[:1] * 31 + b"a"}


def make() -> bytes:
    """Anna manages; Bram was away when roles and master key changed; Carla has a second factor."""
    random = pseudo.Random(20261122).randbytes  # noqa: S311  (for a test, the same every time)
    file, master = KeyFile.create(DB, random=random)
    for user, roles in ((ANNA, ("intake", "beheer")), (BRAM, ("intake",)), (CARLA, ("medisch",))):
        extra = {"medisch": MEDICAL} if user == CARLA else {}
        file = file.add_passphrase_slot(
            master,
            user_id=user,
            passphrase=PHRASES[user],
            roles=roles,
            keyring={**own_keys(user), **extra},
            kdf=CHEAP,
            random=random,
        )
    carla = file.open(PHRASES[CARLA], CARLA)
    file = file.with_passphrase(
        carla, PHRASES[CARLA], kdf=CHEAP, random=random, second=SECOND, slot_id=SECOND_SLOT
    )
    escrow = EscrowSlot(
        random(16).hex(),
        "organisatie",
        HybridIdentity(SEED).recipient.encode(),
        "2026-11-22T07:00:00.000000+00:00",
        "2026-11-22T07:05:00.000000+00:00",
        (),
    )
    escrow = with_key(with_key(escrow, "mk", master, random), "medisch", MEDICAL, random)
    proposed = replace(
        with_key(replace(escrow, sealed=()), "mk", master, random),
        slot_id=random(16).hex(),
        recipient=HybridIdentity(SEED[::-1]).recipient.encode(),
        tried=None,
    )
    proposed = with_key(replace(proposed, sealed=()), "mk", master, random)
    file = file.with_escrows(master, (escrow, proposed))
    file = file.with_roles(
        master, BRAM, ("privacy", "medisch"), keys={"medisch": MEDICAL}, random=random
    )
    file, _ = file.rotate(master, random=random)
    anna = file.open(PHRASES[ANNA], ANNA)
    return file.refreshed(anna, random=random).to_bytes()


@pytest.fixture(scope="module")
def golden() -> KeyFile:
    return KeyFile.from_bytes(PATH.read_bytes())


def test_it_is_written_back_byte_for_byte(golden: KeyFile) -> None:
    assert golden.to_bytes() == PATH.read_bytes()
    assert (golden.version, golden.generation, golden.altered) == (2, 8, False)
    assert [len(slot.renewals) for slot in golden.slots] == [0, 2, 1]


def test_everybody_opens_it(golden: KeyFile) -> None:
    anna = golden.open("gouden sleutel met cafe\u0301 en fiets", ANNA)
    bram = golden.open(PHRASES[BRAM], BRAM)
    carla = golden.open(PHRASES[CARLA], CARLA, {SECOND_SLOT: SECOND}.get)
    assert anna.keyring == own_keys(ANNA)
    assert bram.keyring == {**own_keys(BRAM), "medisch": MEDICAL}
    assert carla.keyring == {**own_keys(CARLA), "medisch": MEDICAL}
    assert (anna.roles, bram.roles, carla.roles) == (
        ("intake", "beheer"),
        ("privacy", "medisch"),
        ("medisch",),
    )
    assert anna.master == bram.master == carla.master
    former = golden.former_master(anna.master)
    assert former is not None
    assert former != anna.master
    with pytest.raises(SecondFactorNeeded):
        golden.open(PHRASES[CARLA], CARLA)
    with pytest.raises(WrongPassphrase):
        golden.open(PHRASES[ANNA], BRAM)


def test_the_cards_open_it(golden: KeyFile) -> None:
    slot, keys = golden.open_escrow(shares.combine(*CARDS))
    assert slot.tried == "2026-11-22T07:05:00.000000+00:00"
    assert keys == {"mk": golden.open(PHRASES[BRAM], BRAM).master, "medisch": MEDICAL}
    slot, keys = golden.open_escrow(SEED[::-1])
    assert (slot.tried, set(keys)) == (None, {"mk"})


if __name__ == "__main__":
    assert not PATH.exists(), "a golden file is never written again"
    PATH.write_bytes(make())
