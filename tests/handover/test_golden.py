"""Files of every version of every format, opened for ever. Never change a golden file."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from handover_samples import AZC as AZC_SAMPLE
from handover_samples import book_of, open_as
from test_medical import CARE

from intake_app.crypto import age, sshsig
from intake_app.crypto.slots import KeyFile
from intake_app.handover.address_book import accept, read_book
from intake_app.handover.dossier import from_json, to_json
from intake_app.handover.holders import accept_list
from intake_app.handover.key_card import read_key_card
from intake_app.handover.model import Kind
from intake_app.handover.open import open_sealed
from intake_app.handover.receipts import ReceiptKind, read_receipt

FOLDER = Path(__file__).parents[1] / "vectors" / "golden"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HANDOVER = UUID("0d0e0f10-1111-4222-8333-444455556666")
AZC, MUNICIPALITY = "AZC De Wilg", "Gemeente Voorbeeldstad"


@pytest.fixture(scope="module")
def keys() -> Any:
    return json.loads((FOLDER / "testsleutels.json").read_text())


def signer(keys: Any, name: str) -> sshsig.SigningKey:
    return sshsig.SigningKey(bytes.fromhex(keys["organisations"][name]["sign_seed"]))


def identity(keys: Any, name: str) -> age.Identity:
    return age.parse_identity(keys["organisations"][name]["age"])


def test_key_file_v1(keys: Any) -> None:
    file = KeyFile.from_bytes((FOLDER / "sleutels-v1.json").read_bytes())
    assert (file.generation, len(file.slots)) == (2, 2)
    masters = set()
    for user, phrase in keys["passphrases"].items():
        opened = file.open(phrase, UUID(user))
        assert opened.keyring == {"ed25519": UUID(user).bytes[:1] * 32}
        masters.add(opened.master)
    assert len(masters) == 1
    assert file.to_bytes() == (FOLDER / "sleutels-v1.json").read_bytes()


def test_address_book_v1(keys: Any) -> None:
    signed = read_book((FOLDER / "adresboek-v1.json").read_bytes())
    book = accept(None, signed, NOW, keys["roots"])
    assert (book.serial, len(book.entries), book.threshold) == (1, 4, 2)
    assert book.by_signer(signer(keys, AZC).public) is not None


def test_key_card_v1(keys: Any) -> None:
    card = read_key_card((FOLDER / "sleutelkaart-v1.json").read_bytes())
    assert card.name == MUNICIPALITY
    assert card.municipality_codes == ("0355",)
    assert card.sign_public == signer(keys, MUNICIPALITY).public
    assert card.age_recipient == identity(keys, MUNICIPALITY).recipient.encode()
    assert card.fingerprint == "11499 20811 54890 15959 37400 14895"


def test_dossier_v1() -> None:
    data = (FOLDER / "dossier-v1.json").read_bytes()
    dossier = from_json(data)
    assert dossier.person.name_in_own_script == "ኣማኑኤል"
    assert dossier.interviews[0].answers[0].shown_language == "ti"
    assert dossier.plan is not None
    assert dossier.plan.goals[0].actions[0].start == date(2026, 3, 9)
    assert to_json(dossier) == data


def test_handover_and_receipt_v1(keys: Any) -> None:
    path = FOLDER / "overdracht-v1.zip"
    book = read_book((FOLDER / "adresboek-v1.json").read_bytes()).book
    opened = open_sealed(
        path,
        identities=[identity(keys, MUNICIPALITY)],
        own_public=signer(keys, MUNICIPALITY).public,
        directory=book,
        seen=lambda _sender, _number: False,
    )
    assert opened.manifest.handover_id == HANDOVER
    assert (opened.manifest.sender.name, opened.manifest.recipient.name) == (AZC, MUNICIPALITY)
    assert opened.dossier_json == (FOLDER / "dossier-v1.json").read_bytes()
    assert opened.pdf.startswith(b"%PDF-1.7")
    assert opened.digest == hashlib.sha256(path.read_bytes()).hexdigest()

    received = read_receipt(
        FOLDER / "ontvangst-v1.age",
        identities=[identity(keys, AZC)],
        expected_signer=signer(keys, MUNICIPALITY).public,
        handover_id=HANDOVER,
        dossier_digest=opened.digest,
        seen=lambda _: False,
    )
    assert [each.kind for each in received] == [
        ReceiptKind.ONTVANGEN,
        ReceiptKind.GEOPEND,
        ReceiptKind.GEACCEPTEERD,
    ]
    assert received[-1].first_talk == date(2026, 3, 20)


def test_medical_envelope_v1() -> None:
    """The keys of the care provider are those of the tests; the sender is the one above."""
    book = book_of(AZC_SAMPLE.entry(), CARE.entry())
    opened = open_as(FOLDER / "medisch-v1.zip", CARE, book=book, kinds=(Kind.MEDICAL,))
    assert opened.manifest.kind is Kind.MEDICAL
    assert opened.manifest.recipient.name == "Huisartsen Voorbeeldstad"
    (answer,) = opened.dossier.interviews[0].answers
    assert (answer.category, answer.value) == ("medisch", "insuline")


def test_handover_by_a_user_and_its_list_v1(keys: Any) -> None:
    """Signed by a user; the dossier has the lists that came into version 1 later."""
    book = read_book((FOLDER / "adresboek-v1.json").read_bytes()).book
    sender = book.by_signer(signer(keys, AZC).public)
    assert sender is not None
    accepted = accept_list(None, (FOLDER / "houders-v1.json").read_bytes(), sender, NOW)
    assert (accepted.serial, [holder.kind for holder in accepted.holders]) == (
        3,
        ["gebruiker", "laptop"],
    )
    opened = open_sealed(
        FOLDER / "overdracht-houder-v1.zip",
        identities=[identity(keys, MUNICIPALITY)],
        own_public=signer(keys, MUNICIPALITY).public,
        directory=book,
        seen=lambda _sender, _number: False,
        known_holders=lambda _organisation: accepted,
    )
    assert opened.holder == accepted.holders[0]
    assert opened.manifest.sender.name == AZC
    assert opened.dossier.person.scripts == ("Ethi",)
    assert [code.code for code in opened.dossier.interviews[0].answers[0].codes] == ["1"]


DIGESTS = {
    "adresboek-v1.json": "d2136733f732a920083f52f9229aec5484218c1f0602e89fda54004a6d78e44f",
    "deelname-antwoord-v1.age": "f6801432a8edefa7c7103994c9306559b60e4b177fa325e52ddbe16772f3b1f6",
    "deelname-sleutels.json": "52bc4446512e72d5b9173190a6dddf47563acfcf2ce5c8c15351f13da46e2dd3",
    "deelname-verzoek-v1.json": "df650fa9121a5d995fb1a386cc04ac2c9440f3623db5e0504d3b99ee0f9a44be",
    "dossier-v1.json": "3a803e660ec82e64103df19e48cc400334d52c21b6582748eeb3a9015a5808fa",
    "houders-v1.json": "9e4dd4e1208e809214808160748d33f7b1e208f1bdc44aec176f315bcb858f6d",
    "medisch-v1.zip": "43cc9078e9550c40e42d0668cf8d54702d500fd097365f991841602eb06c0718",
    "ontvangst-v1.age": "26da72343be6014910588f83303f29e023ae7566d1472028721b70a0e5dcadcc",
    "overdracht-houder-v1.zip": "3dfcc1263771be6db39d7e8ca74352f1dfe4def472110fc695f74ae75d3f3736",
    "overdracht-v1.zip": "a42f1acdf78f01ce2f588c884a7bf14b35aa9184dad09ff5ac6194b9ab86cede",
    "sleutelkaart-v1.json": "c446cc54f6d5334b02cd80ca32d50c03db4cf2e8c074705da3f7ea5a446a174e",
    "sleutels-v1.json": "b73b3f457983d58f3ee219046af8ccdd88aa7e72ebb0baf603a7882d502105e5",
    "sleutels-v2.json": "040dd54a7398f6f82329178b9a1605d138a7b4f37029909bdb4c7afbe102ab0e",
    "testsleutels.json": "248007811552a0ec1c8f32eb9d0da54a774ca15645ae2cc3f0cd52ba03773a10",
    "zending-sleutels.json": "2c20d4df93f64fc5e6f325052e9ff6c253543780b20c20754b15c2c4c6c599f6",
    "zending-v1.0000": "e657b9a2dcc411ebeff505b78a84f96fe1b1e2a8e91c89a91c2536d7e4ffceaf",
    "zending-v1.0001": "1b65720f3f661acb1a01c2d0d4d847a5f33ef95709a30d504b21168961d273df",
    "zending-v1.ok": "9d599aa373f402af9c763278fc5c79cef78501898d6ed14fc78afd58c88f3c3a",
    "zending-v1.r1": "51f8eb372e59770428bbcbd0522f2c024f17d9cc7abd5a54b768072e736797a6",
    "zending-v1.x": "d0c636c25d0d80b710364a03779a6e14e7336ce15971f38cd3c3017a379bcf99",
}


def test_no_golden_file_was_changed() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.iterdir()}
    assert found == DIGESTS
