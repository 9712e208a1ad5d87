"""Receipts: only the true receiver's word about the exact file moves a handover on."""

from __future__ import annotations

import dataclasses
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from handover_samples import AZC, HANDOVER, HOUTEN, NOW, ZEIST, counted_random, uuid_of

from intake_app.crypto import age, sshsig
from intake_app.crypto.strict_json import canonical_json
from intake_app.handover.errors import Refusal, RefusalReason, TargetExists
from intake_app.handover.receipts import (
    FORMAT,
    NAMESPACE,
    Receipt,
    ReceiptKind,
    read_receipt,
    receipt_for,
    write_receipt,
)

R = RefusalReason
DIGEST = "ef" * 32


def receipt(kind: ReceiptKind, minutes: int = 0, **changes: Any) -> Receipt:
    made = Receipt(
        receipt_id=uuid_of(f"bewijs {kind}"),
        handover_id=HANDOVER,
        dossier_digest=DIGEST,
        kind=kind,
        at=NOW + timedelta(minutes=minutes),
        by_organisation=ZEIST.name,
        by_user_name="Kees",
    )
    return dataclasses.replace(made, **changes)


RECEIVED = receipt(ReceiptKind.ONTVANGEN)
OPENED = receipt(ReceiptKind.GEOPEND, 1)
ACCEPTED = receipt(ReceiptKind.GEACCEPTEERD, 9, first_talk=date(2026, 3, 20))
REFUSED = receipt(ReceiptKind.GEWEIGERD, 9, reason="Niet voor ons.\nZie de koppeling.")
CHAIN = (RECEIVED, OPENED, ACCEPTED)


def write(folder: Path, receipts: tuple[Receipt, ...] = CHAIN, signer: Any = ZEIST) -> Path:
    return write_receipt(
        receipts,
        signer.key,
        AZC.party.age_recipient,
        folder,
        random=counted_random("receipt"),
    )


def read(path: Path, **changes: Any) -> tuple[Receipt, ...]:
    given: dict[str, Any] = {
        "identities": [AZC.identity],
        "expected_signer": ZEIST.key.public,
        "handover_id": HANDOVER,
        "dossier_digest": DIGEST,
        "seen": lambda _: False,
    }
    return read_receipt(path, **{**given, **changes})


def reason(path: Path, **changes: Any) -> RefusalReason:
    with pytest.raises(Refusal) as caught:
        read(path, **changes)
    assert str(caught.value).endswith(".")
    return caught.value.reason


@pytest.mark.parametrize("chain", [CHAIN[:1], CHAIN[:2], CHAIN, (RECEIVED, OPENED, REFUSED)])
def test_round_trip(tmp_path: Path, chain: tuple[Receipt, ...]) -> None:
    path = write(tmp_path, chain)
    assert path.name == "ontvangst-0d0e0f10.age"
    assert read(path) == chain
    assert receipt_for(path, identities=[AZC.identity]) == HANDOVER
    for found in read(path):
        proof = json.loads(found.signed)
        data = canonical_json(proof["receipt"])
        sshsig.verify(ZEIST.key.public, NAMESPACE, data, proof["signature"])
        assert proof["receipt"]["file_sha256"] == DIGEST


def test_the_size_does_not_tell_which_steps(tmp_path: Path) -> None:
    sizes = set()
    for number, chain in enumerate([CHAIN[:1], CHAIN[:2], CHAIN, (RECEIVED, OPENED, REFUSED)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        sizes.add(write(folder, chain).stat().st_size)
    assert len(sizes) == 1


def test_only_what_is_new_comes_back(tmp_path: Path) -> None:
    path = write(tmp_path)
    known = {RECEIVED.receipt_id, OPENED.receipt_id}
    assert read(path, seen=known.__contains__) == (ACCEPTED,)
    assert reason(path, seen=lambda _: True) is R.RECEIPT_ALREADY_KNOWN


def test_wrong_keys_handover_or_file(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert reason(path, identities=[HOUTEN.identity]) is R.RECEIPT_FOR_OTHER
    assert reason(path, expected_signer=HOUTEN.key.public) is R.RECEIPT_SIGNATURE_BROKEN
    assert reason(path, handover_id=uuid_of("ander")) is R.RECEIPT_OTHER_HANDOVER
    assert reason(path, dossier_digest="00" * 32) is R.RECEIPT_OTHER_FILE
    assert reason(tmp_path / "weg.age") is R.UNREADABLE_FILE
    assert reason(tmp_path) is R.UNREADABLE_FILE


def test_signed_by_somebody_else(tmp_path: Path) -> None:
    assert reason(write(tmp_path, signer=HOUTEN)) is R.RECEIPT_SIGNATURE_BROKEN


def crafted(folder: Path, items: list[Any], **changes: Any) -> Path:
    body = {"format": FORMAT, "version": 1, "receipts": items, **changes}
    out = io.BytesIO()
    source = io.BytesIO(json.dumps(body).encode())
    age.encrypt([AZC.identity.recipient], source, out, random=counted_random("c"))
    path = folder / "gemaakt.age"
    path.write_bytes(out.getvalue())
    return path


def signed(made: Receipt, key: Any = ZEIST, namespace: str = NAMESPACE) -> dict[str, Any]:
    plain = made.plain()
    return {
        "receipt": plain,
        "signature": sshsig.sign(key.key, namespace, canonical_json(plain)),
    }


def test_one_forged_step_spoils_the_chain(tmp_path: Path) -> None:
    forged = signed(RECEIVED)
    forged["receipt"]["kind"] = "geaccepteerd"
    assert reason(crafted(tmp_path, [forged])) is R.RECEIPT_SIGNATURE_BROKEN
    chain = [signed(RECEIVED), signed(OPENED), signed(ACCEPTED, HOUTEN)]
    assert reason(crafted(tmp_path, chain)) is R.RECEIPT_SIGNATURE_BROKEN
    other = [signed(RECEIVED, namespace="doorgaande-lijn-overdracht-v1")]
    assert reason(crafted(tmp_path, other)) is R.RECEIPT_SIGNATURE_BROKEN


@pytest.mark.parametrize(
    "chain",
    [
        (RECEIVED, ACCEPTED, REFUSED),
        (OPENED, RECEIVED),
        (RECEIVED, dataclasses.replace(RECEIVED, receipt_id=uuid_of("nog een"))),
        (RECEIVED, dataclasses.replace(OPENED, receipt_id=RECEIVED.receipt_id)),
        (RECEIVED, dataclasses.replace(OPENED, at=NOW - timedelta(minutes=1))),
    ],
)
def test_a_chain_that_contradicts_itself(tmp_path: Path, chain: tuple[Receipt, ...]) -> None:
    path = crafted(tmp_path, [signed(each) for each in chain])
    assert reason(path) is R.RECEIPT_CONTRADICTS
    with pytest.raises(ValueError, match="contradict"):
        write(tmp_path, chain)


def test_a_chain_about_two_files(tmp_path: Path) -> None:
    other = dataclasses.replace(OPENED, dossier_digest="00" * 32)
    assert reason(crafted(tmp_path, [signed(RECEIVED), signed(other)])) is R.RECEIPT_OTHER_FILE
    other = dataclasses.replace(OPENED, handover_id=uuid_of("ander"))
    path = crafted(tmp_path, [signed(RECEIVED), signed(other)])
    assert reason(path) is R.RECEIPT_OTHER_HANDOVER


def test_other_shapes(tmp_path: Path) -> None:
    assert reason(crafted(tmp_path, [signed(RECEIVED)], version=2)) is R.RECEIPT_VERSION
    for items in ([], [1], [{}], [signed(RECEIVED)] * 9):
        assert reason(crafted(tmp_path, items)) is R.NOT_A_RECEIPT
    for change in (
        {"kind": "gelezen"},
        {"at": "gisteren"},
        {"first_talk": "2026-02-30"},
        {"reason": "x" * 2001},
        {"user": "a\nb"},
        {"extra": 1},
        {"file_sha256": "xyz"},
        {"handover": 5},
    ):
        item = signed(RECEIVED)
        item["receipt"].update(change)
        assert reason(crafted(tmp_path, [item])) is R.NOT_A_RECEIPT


def test_junk_and_damage(tmp_path: Path) -> None:
    path = tmp_path / "x.age"
    for junk in (b"", b"PK\3\4", b"hallo" * 100, bytes(300_000)):
        path.write_bytes(junk)
        assert reason(path) is R.NOT_A_RECEIPT
    good = write(tmp_path / "goed.age").read_bytes()
    for at in [*range(22), *range(40, len(good), 61)]:
        changed = bytearray(good)
        changed[at] ^= 4
        path.write_bytes(changed)
        assert reason(path) in {R.RECEIPT_DAMAGED, R.NOT_A_RECEIPT, R.RECEIPT_FOR_OTHER}
        path.write_bytes(good[:at])
        assert reason(path) in {R.RECEIPT_DAMAGED, R.NOT_A_RECEIPT}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(TargetExists):
        write(tmp_path)
    with pytest.raises(ValueError, match="no receipts"):
        write(tmp_path, ())


def test_an_unusable_receipt_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        write(tmp_path, (dataclasses.replace(RECEIVED, by_user_name="a\x00b"),))
    assert not list(tmp_path.iterdir())
