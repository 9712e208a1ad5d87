"""SSHSIG: what OpenSSH makes and reads, byte for byte; nothing else is accepted."""

from __future__ import annotations

import base64
import random as stdlib_random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from intake_app.crypto import sshsig
from intake_app.crypto.sshsig import SignatureError, SigningKey

NAMESPACE = "doorgaande-lijn-overdracht-v1"
Random = Callable[[int], bytes]
needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


@pytest.fixture
def key(random: Random) -> SigningKey:
    return sshsig.generate_signing_key(random)


def write_private_key(key: SigningKey, path: Path) -> None:
    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    path.chmod(0o600)


def test_round_trip_and_signer(key: SigningKey) -> None:
    armored = sshsig.sign(key, NAMESPACE, b"inhoud")
    sshsig.verify(key.public, NAMESPACE, b"inhoud", armored)
    sshsig.verify(f"{key.public} een opmerking", NAMESPACE, b"inhoud", armored)
    assert sshsig.signer_of(armored) == key.public
    assert armored == sshsig.sign(key, NAMESPACE, b"inhoud")


def test_windows_line_ends_are_read(key: SigningKey) -> None:
    armored = sshsig.sign(key, NAMESPACE, b"inhoud").replace("\n", "\r\n")
    sshsig.verify(key.public, NAMESPACE, b"inhoud", armored)


def test_other_bytes_key_or_namespace_are_refused(key: SigningKey, random: Random) -> None:
    armored = sshsig.sign(key, NAMESPACE, b"inhoud")
    other = sshsig.generate_signing_key(random)
    for public, namespace, data in [
        (key.public, NAMESPACE, b"inhoud."),
        (other.public, NAMESPACE, b"inhoud"),
        (key.public, "doorgaande-lijn-ontvangst-v1", b"inhoud"),
        ("", NAMESPACE, b"inhoud"),
        ("ssh-rsa AAAA", NAMESPACE, b"inhoud"),
        (key.public[:-4], NAMESPACE, b"inhoud"),
    ]:
        with pytest.raises(SignatureError, match="handtekening klopt niet"):
            sshsig.verify(public, namespace, data, armored)


def test_every_single_changed_character_is_refused(key: SigningKey) -> None:
    armored = sshsig.sign(key, NAMESPACE, b"inhoud")
    chance = stdlib_random.Random(7)  # noqa: S311
    for at in range(len(armored)):
        changed = chance.choice([c for c in "Aa0+/=\n -é\0" if c != armored[at]])
        with pytest.raises(SignatureError):
            sshsig.verify(
                key.public, NAMESPACE, b"inhoud", armored[:at] + changed + armored[at + 1 :]
            )
        with pytest.raises(SignatureError):
            sshsig.verify(key.public, NAMESPACE, b"inhoud", armored[:at])


def test_no_bit_of_the_blob_can_be_flipped(key: SigningKey) -> None:
    lines = sshsig.sign(key, NAMESPACE, b"inhoud").splitlines()
    blob = base64.b64decode("".join(lines[1:-1]))
    for at in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(SignatureError):
            sshsig.verify(key.public, NAMESPACE, b"inhoud", sshsig._armor(bytes(flipped)))


def test_the_seed_is_never_printed(key: SigningKey) -> None:
    assert key.seed.hex() not in repr(key)
    assert str(key.seed) not in repr(key)
    with pytest.raises(ValueError, match="32 bytes"):
        SigningKey(b"kort")


@needs_ssh_keygen
@pytest.mark.parametrize("size", [0, 1, 1000, 70_000])
def test_identical_to_ssh_keygen(
    key: SigningKey, random: Random, size: int, tmp_path: Path
) -> None:
    data = random(size)
    write_private_key(key, tmp_path / "sleutel")
    (tmp_path / "inhoud").write_bytes(data)
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-q", "-f", "sleutel", "-n", NAMESPACE, "inhoud"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    theirs = (tmp_path / "inhoud.sig").read_text()
    assert theirs == sshsig.sign(key, NAMESPACE, data)


@needs_ssh_keygen
def test_ssh_keygen_verifies_ours(key: SigningKey, tmp_path: Path) -> None:
    (tmp_path / "allowed").write_text(f"afzender {key.public}\n")
    (tmp_path / "sig").write_text(sshsig.sign(key, NAMESPACE, b"inhoud"))
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "afzender", "-n", NAMESPACE]
    for data, code in [(b"inhoud", 0), (b"anders", 255)]:
        done = subprocess.run(
            [*command, "-s", "sig"], input=data, cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == code
