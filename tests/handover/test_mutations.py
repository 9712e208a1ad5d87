"""Random damage at every layer: only declared refusals, and nothing signed changes unnoticed.

600 files in the fast tier, 6,000 in the slow one, 100,000 in the soak; half of them signed by a
user for whom the organisation vouches.
"""

from __future__ import annotations

import random as stdlib_random
import resource
import struct
import time
from collections import Counter
from pathlib import Path

import pytest
from handover_samples import (
    BOOK,
    HANDOVER,
    LIST,
    USER,
    ZEIST,
    files_of,
    inner_of,
    open_as,
    resealed,
    signed_bag,
    zip_of,
)
from test_vouching import sealed_by

from intake_app.crypto.sshsig import SigningKey
from intake_app.handover import bag, model
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.open import inspect

SLOWEST = 1.0
"""Processor seconds that one file of 56 KB may take; a good one takes a few milliseconds."""
LARGEST = 64 << 10
"""KiB that the whole run may add to the peak of memory."""


def mutated(data: bytes, chance: stdlib_random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        at = chance.randrange(len(changed) or 1)
        size = chance.choice([1, 2, 4, 16, 200])
        match chance.randrange(7):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + size]
            case 2:
                changed[at:at] = chance.randbytes(size)
            case 3:
                other = chance.randrange(len(changed) or 1)
                changed[at : at + size] = changed[other : other + size]
            case 4:
                changed[at : at + 4] = struct.pack("<I", chance.choice([0, 1, 2**31, 2**32 - 1]))
            case 5:
                bit = 1 << chance.randrange(8)
                changed[at : at + 1] = bytes(byte ^ bit for byte in changed[at : at + 1])
            case _:
                changed[at:] = b""
    return bytes(changed)


class Attacker:
    """Damages one sealed file in ever new ways; knows the keys of all, to get past each layer."""

    def __init__(self, sealed: bytes, seed: str, key: SigningKey | None = None) -> None:
        self.chance = stdlib_random.Random(seed)  # noqa: S311
        self.key = key
        self.sealed, self.inner = sealed, inner_of(sealed, ZEIST)
        self.files, self.bag = files_of(sealed), files_of(self.inner)

    def next(self) -> tuple[bytes, dict[str, bytes]]:
        """Return a damaged file and the content that its signature over the bag covers."""
        chance = self.chance
        match chance.randrange(5):
            case 0:
                return mutated(self.sealed, chance), self.bag
            case 1:
                name = chance.choice(sorted(self.files))
                changed = {**self.files, name: mutated(self.files[name], chance)}
                return zip_of(changed), self.bag
            case 2:
                return resealed(mutated(self.inner, chance), key=self.key), self.bag
            case 3:
                return resealed(self._spoiled(), key=self.key), self.bag
            case _:
                spoiled = signed_bag(self._spoiled(), key=self.key)
                return resealed(spoiled, key=self.key), spoiled

    def _spoiled(self) -> dict[str, bytes]:
        name = self.chance.choice(sorted(n for n in self.bag if n != bag.PADDING))
        return {**self.bag, name: mutated(self.bag[name], self.chance)}


def run(
    sealed: bytes, folder: Path, number: int, seed: str, key: SigningKey | None = None
) -> Counter[str]:
    attacker, path = Attacker(sealed, seed, key), folder / "file.zip"
    seen: Counter[str] = Counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(number):
        data, signed = attacker.next()
        path.write_bytes(data)
        began = time.process_time()
        try:
            opened = open_as(path)
        except Refusal as refusal:
            seen[refusal.reason.value] += 1
        else:
            seen["accepted"] += 1
            # What passes is what the sender's key signed, to the last byte.
            assert opened.manifest.handover_id == HANDOVER
            assert opened.sender == BOOK.entries[0]
            assert (opened.holder is not None) is (key is not None)
            assert opened.holder in (None, LIST.holders[0])
            assert opened.dossier_json == signed[model.DOSSIER]
            assert opened.pdf == signed[model.PDF]
        try:
            inspect(path)
        except Refusal:
            seen["not inspected"] += 1
        assert time.process_time() - began < SLOWEST
    assert sorted(folder.iterdir()) == [path]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < LARGEST
    return seen


Attacked = tuple[bytes, SigningKey | None]


@pytest.fixture(scope="module", params=[None, USER], ids=["organisation", "user"])
def attacked(
    request: pytest.FixtureRequest, sealed_bytes: bytes, tmp_path_factory: pytest.TempPathFactory
) -> Attacked:
    """The sealed file, and the key that signed it where that is a user's."""
    if request.param is None:
        return sealed_bytes, None
    folder = tmp_path_factory.mktemp("houder")
    return sealed_by(request.param, folder).path.read_bytes(), request.param


def test_a_few_hundred(attacked: Attacked, tmp_path: Path) -> None:
    sealed, key = attacked
    seen = run(sealed, tmp_path, 300, "fast", key)
    assert len(seen) > 8


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_thousands(attacked: Attacked, tmp_path: Path, seed: int) -> None:
    sealed, key = attacked
    seen = run(sealed, tmp_path, 1500, f"slow {seed}", key)
    assert len(seen) > 10
    assert seen["accepted"] < 400


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_thousand(attacked: Attacked, tmp_path: Path, seed: int) -> None:
    sealed, key = attacked
    seen = run(sealed, tmp_path, 10_000, f"soak {seed}", key)
    print(dict(seen))
    known = {each.value for each in RefusalReason} | {"accepted", "not inspected"}
    assert set(seen) <= known
