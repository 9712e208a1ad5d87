"""Both ways with typage: hybrid and X25519, armored and not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from support.typage import Typage, TypageError, start

from intake_app.crypto import age
from intake_app.crypto.age_stream import CHUNK
from intake_app.crypto.armor import armor, dearmor

pytestmark = pytest.mark.slow
Random = Callable[[int], bytes]
KINDS = ["hybrid", "x25519"]
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7]


@pytest.fixture(scope="module")
def typage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typage]:
    oracle = start(tmp_path_factory.mktemp("typage"))
    yield oracle
    oracle.close()


def sealed(recipients: list[age.AnyRecipient], data: bytes, random: Random) -> bytes:
    target = io.BytesIO()
    age.encrypt(recipients, io.BytesIO(data), target, random=random)
    return target.getvalue()


def opened(identity: age.Identity, data: bytes) -> bytes:
    return age.open_decrypted([identity], io.BytesIO(data)).read()


@pytest.mark.parametrize("armored", [False, True], ids=["binary", "armored"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_both_ways(typage: Typage, kind: str, size: int, armored: bool, random: Random) -> None:
    data = random(size)
    ours = age.generate_identity(kind, random=random)  # type: ignore[arg-type]
    file = sealed([ours.recipient], data, random)
    sent = armor(file).encode() if armored else file
    assert typage.decrypt(ours.encode(), sent, armored=armored) == data
    back = typage.encrypt([ours.recipient.encode()], data, armored=armored)
    assert opened(ours, dearmor(back) if armored else back) == data


@pytest.mark.parametrize("kind", KINDS)
def test_keys_made_there(typage: Typage, kind: str, random: Random) -> None:
    made = typage.ask("keys", kind=kind)
    theirs = age.parse_identity(made["identity"])
    assert theirs.recipient.encode() == made["recipient"]
    assert typage.ask("recipient", identity=theirs.encode())["recipient"] == made["recipient"]
    file = sealed([age.parse_recipient(made["recipient"])], b"inhoud", random)
    assert typage.decrypt(made["identity"], file) == b"inhoud"


@pytest.mark.parametrize("kind", KINDS)
def test_more_recipients(typage: Typage, kind: str, random: Random) -> None:
    identities = [age.generate_identity(kind, random=random) for _ in range(3)]  # type: ignore[arg-type]
    file = sealed([each.recipient for each in identities], b"inhoud", random)
    back = typage.encrypt([each.recipient.encode() for each in identities], b"terug")
    for each in identities:
        assert typage.decrypt(each.encode(), file) == b"inhoud"
        assert opened(each, back) == b"terug"


@pytest.mark.parametrize("kind", KINDS)
def test_both_refuse_the_same(typage: Typage, kind: str, random: Random) -> None:
    identity = age.generate_identity(kind, random=random)  # type: ignore[arg-type]
    file = sealed([identity.recipient], random(CHUNK + 100), random)
    flipped = [
        file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        for at in (5, 40, 120, -CHUNK - 200, -120, -50, -1)
    ]
    cut = [file[:at] for at in (0, 20, 200, -117, -116, -1)]
    for wrong in (*flipped, *cut, file + b"\0"):
        with pytest.raises(age.AgeError):
            opened(identity, wrong)
        with pytest.raises(TypageError):
            typage.decrypt(identity.encode(), wrong)
