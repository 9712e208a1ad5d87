"""Write the golden files of sync version 1, once; what is there already is never written again.

    python tests/sync/make_golden.py

Keys and organisations are fictional. The secret keys lie beside the files, so that every later
version of the program can be shown to read them.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from intake_app.crypto.age import generate_identity
from intake_app.crypto.sshsig import SigningKey
from intake_app.sync import notices
from intake_app.sync.commit import Commit, write_commit
from intake_app.sync.notices import ReceiptKind, TransportReceipt, Withdrawal
from intake_app.sync.parts import freeze

FOLDER = Path(__file__).parents[1] / "vectors" / "golden"
SENDER, RECEIVER = UUID(int=0xA2C), UUID(int=0x6E0)
SIGNING = {SENDER: SigningKey(bytes([11]) * 32), RECEIVER: SigningKey(bytes([12]) * 32)}
ZID, BOX, REPLY = "mzxw6ytboi4tcnzrgezdgnbvgy", "ontvangerbox1", "afzenderbox1"
CONTENT = b"PK\x03\x04 een verzegeld bestand, hier alleen als voorbeeld " * 12_000
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def counted(label: str):
    """Return random bytes that follow from a label."""
    count = 0

    def random(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{label}/{count}".encode()).digest(size)

    return random


AGE = {each: generate_identity(random=counted(f"age/{each}")) for each in (SENDER, RECEIVER)}


def main() -> int:
    files: dict[str, bytes] = {}
    keys = {
        "afzender": {"organisation": str(SENDER), "age": AGE[SENDER].encode(),
                     "sign_seed": SIGNING[SENDER].seed.hex(), "sign": SIGNING[SENDER].public},
        "ontvanger": {"organisation": str(RECEIVER), "age": AGE[RECEIVER].encode(),
                      "sign_seed": SIGNING[RECEIVER].seed.hex(), "sign": SIGNING[RECEIVER].public},
        "zid": ZID, "box": BOX, "reply_box": REPLY,
        "content_sha256": hashlib.sha256(CONTENT).hexdigest(),
    }  # fmt: skip
    files["zending-sleutels.json"] = json.dumps(keys, indent=1, sort_keys=True).encode() + b"\n"
    random = counted("zending")
    to, back = AGE[RECEIVER].recipient.encode(), AGE[SENDER].recipient.encode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "zip").write_bytes(CONTENT)
        frozen = freeze(folder / "zip", folder / ZID, to, random=random)
        data = (folder / ZID).read_bytes()
    at = 0
    for number, part in enumerate(frozen.parts):
        files[f"zending-v1.{number:04d}"] = data[at : at + part.size]
        at += part.size
    commit = Commit(
        zid=ZID, box=BOX, sender=SENDER, recipient=RECEIVER, size=frozen.size,
        sha256=frozen.sha256, parts=frozen.parts, content_size=frozen.content_size,
        content_sha256=frozen.content_sha256, handover_id=UUID(int=0x0DE),
        dossier_id=UUID(int=0xD05), dossier_version=2, supersedes="a" * 26, created=AT,
        valid_until=AT + timedelta(days=30), reply_box=REPLY,
    )  # fmt: skip
    files["zending-v1.ok"] = write_commit(commit, SIGNING[SENDER], to, random=random)
    asked = Withdrawal(
        zid=ZID, box=BOX, sender=SENDER, recipient=RECEIVER, sha256=frozen.sha256,
        handover_id=commit.handover_id, dossier_id=commit.dossier_id, dossier_version=2,
        reply_box=REPLY, at=AT + timedelta(hours=1),
    )  # fmt: skip
    files["zending-v1.x"] = notices.write_withdrawal(asked, SIGNING[SENDER], to, random=random)
    told = TransportReceipt(
        receipt_id=UUID(int=0xBE1), zid=ZID, sha256=frozen.sha256, kind=ReceiptKind.ONTVANGEN,
        seq=1, at=AT + timedelta(hours=2), by=RECEIVER,
    )  # fmt: skip
    files["zending-v1.r1"] = notices.write_receipt(told, SIGNING[RECEIVER], back, random=random)
    for name, content in files.items():
        path = FOLDER / name
        if path.exists():
            print(f"is er al: {name}")
        else:
            path.write_bytes(content)
            print(f"{len(content):8d} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
