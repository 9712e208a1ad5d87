"""age: round trips, keys as text, streaming, and other people's implementations."""

from __future__ import annotations

import io
import random as stdlib_random
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.crypto import age, bech32
from intake_app.crypto.age_stream import CHUNK, payload_size
from intake_app.crypto.armor import armor, dearmor

Random = Callable[[int], bytes]
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]
KINDS = ["hybrid", "x25519"]
SPEC_PQ = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
SPEC_X25519 = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"


def sealed(recipient: age.AnyRecipient, data: bytes, random: Random) -> bytes:
    target = io.BytesIO()
    age.encrypt([recipient], io.BytesIO(data), target, random=random)
    return target.getvalue()


def opened(identity: age.AnyIdentity, data: bytes) -> bytes:
    return age.open_decrypted([identity], io.BytesIO(data)).read()


def identity_of(kind: str, random: Random) -> age.Identity:
    return age.generate_identity(kind, random=random)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES)
def test_round_trip(kind: str, size: int, random: Random) -> None:
    identity = identity_of(kind, random)
    data = random(size)
    file = sealed(identity.recipient, data, random)
    assert opened(identity, file) == data
    assert file.endswith(file[-payload_size(size) :])
    assert len(file) - file.index(b"\n--- ") - 49 == payload_size(size)
    with pytest.raises(age.NoMatchError):
        opened(identity_of(kind, random), file)


@pytest.mark.parametrize("kind", KINDS)
def test_keys_as_text(kind: str, random: Random) -> None:
    identity = identity_of(kind, random)
    text = identity.encode()
    assert age.parse_identity(f" {text}\n") == identity
    assert age.parse_identity(text.lower()) == identity
    assert age.parse_recipient(identity.recipient.encode()) == identity.recipient
    assert str(identity.secret) not in repr(identity)
    for wrong in (text[:-1], text.swapcase()[:30] + text[30:], text.replace("1", "2", 1), ""):
        with pytest.raises(age.KeyFormatError):
            age.parse_identity(wrong)
    with pytest.raises(age.KeyFormatError):
        age.parse_recipient(text)
    with pytest.raises(age.KeyFormatError):
        age.parse_identity(identity.recipient.encode())


def test_keys_of_the_specification() -> None:
    classic = age.parse_identity(SPEC_X25519)
    assert (
        classic.recipient.encode()
        == "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    )
    hybrid = age.parse_identity(SPEC_PQ).recipient.encode()
    assert len(hybrid) == 1959
    assert hybrid.startswith("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pz")
    assert hybrid.endswith("q0d3fzv49zc0k")


def test_a_hybrid_key_with_coefficients_out_of_range_is_refused() -> None:
    with pytest.raises(age.KeyFormatError):
        age.parse_recipient(bech32.encode("age1pq", b"\xff" * 1216))


@given(st.binary(max_size=80), st.sampled_from(["age", "age1pq", "a1b"]))
def test_bech32_round_trip(data: bytes, hrp: str) -> None:
    assert bech32.decode(bech32.encode(hrp, data)) == (hrp, data)


@given(st.text(max_size=90))
def test_bech32_refuses_only_with_its_own_error(text: str) -> None:
    with pytest.raises(age.KeyFormatError):
        bech32.decode(text)


def test_rules_for_recipients(random: Random) -> None:
    hybrid = age.generate_identity(random=random).recipient
    classic = age.generate_identity("x25519", random=random).recipient
    phrase = age.PassphraseRecipient("zin", 10)
    assert isinstance(hybrid, age.HybridRecipient)
    for wrong in ([], [hybrid, classic], [hybrid, phrase], [phrase, phrase], [hybrid] * 65):
        with pytest.raises(ValueError, match="recipient"):
            age.encrypt(wrong, io.BytesIO(), io.BytesIO(), random=random)


def test_more_recipients(random: Random) -> None:
    identities = [age.generate_identity(random=random) for _ in range(3)]
    target = io.BytesIO()
    recipients = [identity.recipient for identity in identities]
    age.encrypt(recipients, io.BytesIO(b"inhoud"), target, random=random)
    for identity in identities:
        assert opened(identity, target.getvalue()) == b"inhoud"


def test_passphrase(random: Random) -> None:
    file = sealed(age.PassphraseRecipient("een zin", 10), b"inhoud", random)
    assert opened(age.PassphraseIdentity("een zin"), file) == b"inhoud"
    with pytest.raises(age.NoMatchError):
        opened(age.PassphraseIdentity("een andere zin"), file)
    assert pyrage.passphrase.decrypt(file, "een zin") == b"inhoud"
    theirs = file.replace(b" 10\n", b" 21\n")
    with pytest.raises(age.HeaderError):
        opened(age.PassphraseIdentity("een zin"), theirs)


class Dribble(io.RawIOBase):
    """A source that gives at most 1000 bytes at a time."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self.inner.read(min(1000, len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)


def test_short_reads_do_not_end_the_payload(random: Random) -> None:
    identity = age.generate_identity("x25519", random=random)
    data = random(3 * CHUNK)
    target = io.BytesIO()
    source = cast("BinaryIO", Dribble(data))
    age.encrypt([identity.recipient], source, target, random=random)
    assert opened(identity, target.getvalue()) == data


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 150_000), max_size=8),
    st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 70_000)), max_size=10),
)
def test_any_writes_any_seeks(pieces: list[int], reads: list[tuple[int, int]]) -> None:
    chance = stdlib_random.Random(3)  # noqa: S311
    identity = age.X25519Identity(b"i" * 32)
    target, plain = io.BytesIO(), io.BytesIO()
    writer = age.start_encryption([identity.recipient], target, random=chance.randbytes)
    for size in pieces:
        data = chance.randbytes(size)
        assert writer.write(data) == size
        plain.write(data)
    writer.finish()
    target.seek(0)
    reader = age.open_decrypted([identity], target)
    assert reader.seek(0, 2) == plain.tell()
    for at, size in reads:
        reader.seek(at)
        plain.seek(at)
        assert reader.read(size) == plain.read(size)
    reader.seek(0)
    assert reader.read() == plain.getvalue()


def test_without_finish_nobody_accepts_it(random: Random) -> None:
    identity = age.generate_identity("x25519", random=random)
    for size in (0, 10, CHUNK, CHUNK + 1, 3 * CHUNK):
        target = io.BytesIO()
        writer = age.start_encryption([identity.recipient], target, random=random)
        writer.write(random(size))
        writer.close()
        with pytest.raises(age.PayloadError):
            opened(identity, target.getvalue())
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(target.getvalue(), [pyrage.x25519.Identity.from_str(identity.encode())])


def test_cut_off_or_flipped_anywhere_is_refused(random: Random) -> None:
    identity = age.generate_identity("x25519", random=random)
    data = random(CHUNK + 1000)
    file = sealed(identity.recipient, data, random)
    chance = stdlib_random.Random(5)  # noqa: S311
    for at in [*range(0, 300, 3), *(chance.randrange(len(file)) for _ in range(100))]:
        with pytest.raises(age.AgeError):
            opened(identity, file[:at])
        changed = bytearray(file)
        changed[at] ^= 1 << at % 8
        with pytest.raises(age.AgeError):
            opened(identity, bytes(changed))
    with pytest.raises(age.PayloadError):
        opened(identity, file + b"\0")
    with pytest.raises(age.PayloadError):
        age.open_decrypted([identity], io.BytesIO(file[: -1000 - 16]))


def test_chunks_cannot_be_swapped(random: Random) -> None:
    identity = age.generate_identity("x25519", random=random)
    file = sealed(identity.recipient, random(4 * CHUNK), random)
    start, size = len(file) - 4 * (CHUNK + 16), CHUNK + 16
    swapped = file[:start] + file[start + size : start + 2 * size] + file[start : start + size]
    with pytest.raises(age.PayloadError):
        opened(identity, swapped + file[start + 2 * size :])


def test_memory_stays_constant(random: Random, tmp_path: Path) -> None:
    identity = age.generate_identity(random=random)
    with (tmp_path / "plain").open("wb") as plain:
        for _ in range(32):
            plain.write(bytes(1 << 20))
    tracemalloc.start()
    try:
        with (tmp_path / "plain").open("rb") as plain, (tmp_path / "age").open("wb") as target:
            age.encrypt([identity.recipient], plain, target, random=random)
        total = 0
        with (tmp_path / "age").open("rb") as source:
            reader = age.open_decrypted([identity], source)
            while piece := reader.read(CHUNK):
                total += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == 32 << 20
    assert peak < 4 << 20


@pytest.mark.parametrize("size", SIZES)
def test_pyrage_both_ways(size: int, random: Random) -> None:
    ours = age.generate_identity("x25519", random=random)
    theirs = pyrage.x25519.Identity.from_str(ours.encode())
    assert str(theirs.to_public()) == ours.recipient.encode()
    data = random(size)
    assert pyrage.decrypt(sealed(ours.recipient, data, random), [theirs]) == data
    assert opened(ours, pyrage.encrypt(data, [theirs.to_public()])) == data
    armored = pyrage.encrypt(data, [theirs.to_public()], armored=True)
    assert opened(ours, dearmor(armored)) == data
    assert pyrage.decrypt(armor(sealed(ours.recipient, data, random)).encode(), [theirs]) == data


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 1000])
def test_armor_round_trip(size: int, random: Random) -> None:
    data = random(size)
    if size:
        assert dearmor(armor(data).encode()) == data
        assert dearmor(b"\n " + armor(data).replace("\n", "\r\n").encode() + b" ") == data
    for wrong in (b"", b"-" * 40, armor(data).encode()[:-3], armor(data).lower().encode()):
        with pytest.raises(age.ArmorError):
            dearmor(wrong)


@pytest.mark.skipif(shutil.which("age") is None, reason="the age tool is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_age_tool_both_ways(kind: str, random: Random, tmp_path: Path) -> None:
    version = subprocess.run(["age", "--version"], capture_output=True, text=True, check=True)
    numbers = version.stdout.strip().lstrip("v").split(".")
    if kind == "hybrid" and tuple(map(int, numbers[:2])) < (1, 3):
        pytest.skip("this age tool has no hybrid keys")
    identity = identity_of(kind, random)
    data = random(100_000)
    (tmp_path / "sleutel.txt").write_text(identity.encode() + "\n")
    (tmp_path / "ours.age").write_bytes(sealed(identity.recipient, data, random))
    run = ["age", "-d", "-i", str(tmp_path / "sleutel.txt"), str(tmp_path / "ours.age")]
    assert subprocess.run(run, capture_output=True, check=True).stdout == data
    run = ["age", "-r", identity.recipient.encode()]
    theirs = subprocess.run(run, input=data, capture_output=True, check=True).stdout
    assert opened(identity, theirs) == data
    theirs = subprocess.run([*run, "-a"], input=data, capture_output=True, check=True).stdout
    assert opened(identity, dearmor(theirs)) == data
    (tmp_path / "ours.age").write_text(armor(sealed(identity.recipient, data, random)))
    run = ["age", "-d", "-i", str(tmp_path / "sleutel.txt"), str(tmp_path / "ours.age")]
    assert subprocess.run(run, capture_output=True, check=True).stdout == data
