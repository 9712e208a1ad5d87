"""All 143 CCTV vectors: accepted exactly when they should be, for the declared reason."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from intake_app.crypto import age
from intake_app.crypto.armor import dearmor

FOLDER = Path(__file__).parents[1] / "vectors" / "age" / "testdata"
NAMES = sorted(path.name for path in FOLDER.iterdir())
ERRORS: dict[str, type[age.AgeError]] = {
    "no match": age.NoMatchError,
    "HMAC failure": age.HeaderError,
    "header failure": age.HeaderError,
    "payload failure": age.PayloadError,
    "armor failure": age.ArmorError,
}


@dataclass
class Vector:
    expect: str = ""
    payload: str = ""
    armored: bool = False
    compressed: bool = False
    identities: list[age.AnyIdentity] = field(default_factory=list)
    data: bytes = b""


def load(name: str) -> Vector:
    head, _, data = (FOLDER / name).read_bytes().partition(b"\n\n")
    vector = Vector(data=data)
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        match key:
            case "expect":
                vector.expect = value
            case "payload":
                vector.payload = value
            case "armored":
                vector.armored = value == "yes"
            case "compressed":
                assert value == "zlib"
                vector.compressed = True
            case "identity":
                vector.identities.append(age.parse_identity(value))
            case "passphrase":
                vector.identities.append(age.PassphraseIdentity(value))
            case _:
                assert key in {"file key", "comment"}
    if vector.compressed:
        vector.data = zlib.decompress(vector.data)
    return vector


def decrypt(vector: Vector) -> bytes:
    data = dearmor(vector.data) if vector.armored else vector.data
    return age.open_decrypted(vector.identities, io.BytesIO(data)).read()


def test_none_is_missing() -> None:
    assert len(NAMES) == 143


@pytest.mark.parametrize("name", NAMES)
def test_vector(name: str) -> None:
    vector = load(name)
    if vector.expect == "success":
        assert hashlib.sha256(decrypt(vector)).hexdigest() == vector.payload
    else:
        with pytest.raises(ERRORS[vector.expect]):
            decrypt(vector)
