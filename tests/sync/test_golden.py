"""Files of version 1, read for ever. Never change a golden file."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from intake_app import paths
from intake_app.crypto.age import Identity, parse_identity
from intake_app.sync import commit, notices
from intake_app.sync.commit import Commit, Signer
from intake_app.sync.notices import ReceiptKind
from intake_app.sync.parts import PART, read_part, thaw

FOLDER = Path(__file__).parents[1] / "vectors" / "golden"
DIGESTS = {
    "zending-sleutels.json": "2c20d4df93f64fc5e6f325052e9ff6c253543780b20c20754b15c2c4c6c599f6",
    "zending-v1.0000": "e657b9a2dcc411ebeff505b78a84f96fe1b1e2a8e91c89a91c2536d7e4ffceaf",
    "zending-v1.0001": "1b65720f3f661acb1a01c2d0d4d847a5f33ef95709a30d504b21168961d273df",
    "zending-v1.ok": "9d599aa373f402af9c763278fc5c79cef78501898d6ed14fc78afd58c88f3c3a",
    "zending-v1.x": "d0c636c25d0d80b710364a03779a6e14e7336ce15971f38cd3c3017a379bcf99",
    "zending-v1.r1": "51f8eb372e59770428bbcbd0522f2c024f17d9cc7abd5a54b768072e736797a6",
}


@pytest.fixture(scope="module")
def keys() -> Any:
    return json.loads((FOLDER / "zending-sleutels.json").read_text())


def identity(keys: Any, who: str) -> list[Identity]:
    return [parse_identity(keys[who]["age"])]


def organisation(keys: Any, who: str) -> UUID:
    return UUID(keys[who]["organisation"])


def signers(keys: Any):
    def known(wanted: UUID) -> list[Signer]:
        return [
            Signer(wanted, who, keys[who]["sign"], "")
            for who in ("afzender", "ontvanger")
            if organisation(keys, who) == wanted
        ]

    return known


def read_ok(keys: Any) -> Commit:
    return commit.read_commit(
        (FOLDER / "zending-v1.ok").read_bytes(),
        identity(keys, "ontvanger"),
        zid=keys["zid"],
        box=keys["box"],
        own=organisation(keys, "ontvanger"),
        signers=signers(keys),
    )[0]


@pytest.mark.parametrize("name", DIGESTS)
def test_a_golden_file_is_what_it_was(name: str):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_the_commit_and_its_parts_give_the_sealed_file(keys: Any, tmp_path: Path):
    found = read_ok(keys)
    assert found.dossier_version == 2
    assert found.supersedes == "a" * 26
    assert found.valid_until == datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    assert found.reply_box == keys["reply_box"]
    whole = tmp_path / keys["zid"]
    whole.write_bytes(
        b"".join((FOLDER / f"zending-v1.{number:04d}").read_bytes() for number in (0, 1))
    )
    for number, part in enumerate(found.parts):
        assert len(read_part(whole, number, part)) == part.size <= PART
    thaw(
        whole,
        tmp_path / "zip",
        identity(keys, "ontvanger"),
        content_size=found.content_size,
        content_sha256=found.content_sha256,
    )
    content = (tmp_path / "zip").read_bytes()
    assert hashlib.sha256(content).hexdigest() == keys["content_sha256"]


def test_the_withdrawal_and_the_receipt_are_read(keys: Any):
    found = read_ok(keys)
    asked, _ = notices.read_withdrawal(
        (FOLDER / "zending-v1.x").read_bytes(),
        identity(keys, "ontvanger"),
        zid=keys["zid"],
        box=keys["box"],
        own=organisation(keys, "ontvanger"),
        signers=signers(keys),
    )
    assert (asked.sha256, asked.handover_id) == (found.sha256, found.handover_id)
    told = notices.read_receipt(
        (FOLDER / "zending-v1.r1").read_bytes(),
        identity(keys, "afzender"),
        zid=keys["zid"],
        sha256=found.sha256,
        seq=1,
        by=organisation(keys, "ontvanger"),
        signers=signers(keys),
    )
    assert told.kind is ReceiptKind.ONTVANGEN


def test_the_document_names_every_field_and_kind(keys: Any):
    text = (paths.resource("schema", "sync-v1.md")).read_text(encoding="utf-8")
    for name in read_ok(keys).plain():
        assert f"`{name}`" in text, name
    for kind in ReceiptKind:
        assert f"`{kind.value}`" in text
    spaces = (commit.NAMESPACE, notices.RECEIPT_NAMESPACE, notices.WITHDRAWAL_NAMESPACE)
    for namespace in spaces:
        assert namespace in text
