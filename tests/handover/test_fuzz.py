"""Every parser under mutation: only its declared refusals, never another exception."""

from __future__ import annotations

import copy
import io
import json
import random as stdlib_random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handover_samples import AZC, ZEIST, files_of, inner_of, uuid_of

from intake_app.crypto import age, sshsig
from intake_app.crypto.armor import armor, dearmor
from intake_app.crypto.slots import KeyFile, KeyFileError
from intake_app.handover import bag, manifest, model, receipts
from intake_app.handover.address_book import BookRefused, read_book
from intake_app.handover.bag import BagError
from intake_app.handover.dossier import DossierRefused, from_json
from intake_app.handover.errors import Refusal
from intake_app.handover.key_card import read_key_card

FOLDER = Path(__file__).parents[1] / "vectors" / "golden"
Parser = Callable[[bytes], object]
HANDOVER_FILE = (FOLDER / "overdracht-v1.zip").read_bytes()
INNER = files_of(inner_of(HANDOVER_FILE, ZEIST))


def golden(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def receipt_body() -> bytes:
    data = io.BytesIO(golden("ontvangst-v1.age"))
    return age.open_decrypted([AZC.identity], data).read().rstrip()


def verify(data: bytes) -> None:
    text = data.decode("latin-1")
    sshsig.verify(AZC.key.public, model.NAMESPACE, b"", text)


JSON_PARSERS: dict[str, tuple[bytes, Parser, type[Exception]]] = {
    "key file": (golden("sleutels-v1.json"), KeyFile.from_bytes, KeyFileError),
    "book": (golden("adresboek-v1.json"), read_book, BookRefused),
    "card": (golden("sleutelkaart-v1.json"), read_key_card, Refusal),
    "dossier": (golden("dossier-v1.json"), from_json, DossierRefused),
    "receipts": (receipt_body(), receipts._parse, Refusal),
    "header": (files_of(HANDOVER_FILE)[model.HEADER], manifest.read_header, manifest.Unreadable),
    "manifest": (INNER[model.MANIFEST], manifest.read_manifest, manifest.Unreadable),
}
BYTE_PARSERS: dict[str, tuple[bytes, Parser, type[Exception]]] = {
    **JSON_PARSERS,
    "digests": (INNER[bag.MANIFEST], bag.read_digests, BagError),
    "signature": (INNER[bag.TAG_SIGNATURE], verify, sshsig.SignatureError),
    "armor": (armor(bytes(range(200))).encode(), dearmor, age.ArmorError),
    "age": (
        golden("ontvangst-v1.age"),
        lambda data: age.open_decrypted([AZC.identity], io.BytesIO(data)).read(),
        age.AgeError,
    ),
}


def mutated(data: bytes, chance: stdlib_random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(changed) or 1)
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + chance.choice([1, 3, 50])]
            case 2:
                changed[at:at] = chance.choice(
                    [b'"', b"{", b"]", b",", b"\\", b"0", b"\xff", b"\n"]
                )
            case _:
                other = chance.randrange(len(changed) or 1)
                changed[at : at + 20] = changed[other : other + 20]
    return bytes(changed)


@pytest.mark.parametrize("name", BYTE_PARSERS)
def test_mutated_bytes(name: str) -> None:
    data, parse, declared = BYTE_PARSERS[name]
    chance = stdlib_random.Random(f"bytes {name}")  # noqa: S311
    refused = 0
    for _ in range(150):
        try:
            parse(mutated(data, chance))
        except declared:
            refused += 1
    assert refused > 50


JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1,
    10**17,
    "",
    "x",
    "\ud800",
    "\x00",
    "ä" * 300,
    "AAAA",
    "2026-02-30",
    "٠٣٥٥",
    [],
    [[]],
    [None] * 3,
    {},
    {"": {}},
    str(uuid_of("x")),
    "age1x",
    "ssh-ed25519 AAAA",
]


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside `value`."""
    found = [way]
    if isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for step, part in steps:
            found += places(part, (*way, step))
    return found


@pytest.mark.parametrize("name", JSON_PARSERS)
def test_every_value_replaced(name: str) -> None:
    data, parse, declared = JSON_PARSERS[name]
    chance = stdlib_random.Random(f"values {name}")  # noqa: S311
    plain = json.loads(data)
    for way in places(plain)[1:]:
        for junk in chance.sample(JUNK, 6 if name == "dossier" else 12):
            spoiled = copy.deepcopy(plain)
            at = spoiled
            for step in way[:-1]:
                at = at[step]
            at[way[-1]] = junk
            try:
                parse(json.dumps(spoiled).encode())
            except declared:
                continue


def test_the_parsers_take_what_is_whole() -> None:
    for name, (data, parse, _) in JSON_PARSERS.items():
        assert parse(data) is not None, name
