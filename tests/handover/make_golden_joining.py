"""Write the golden files of joining version 1, once; what is there already is never written again.

    PYTHONPATH=. python tests/handover/make_golden_joining.py

The vaults and the organisation are fictional. The secret keys lie beside the files, so that every
later version of the program can be shown to read them.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from intake_app.crypto.age import generate_identity
from intake_app.domain.actor import Organisation, Profile
from intake_app.handover.joining import JoinAnswer, JoinRequest, write_answer, write_request

FOLDER = Path(__file__).parents[1] / "vectors" / "golden"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def drawn(label: str, size: int = 32) -> bytes:
    """Return bytes that follow from a label."""
    return hashlib.shake_256(f"golden/deelname/{label}".encode()).digest(size)


def main() -> None:
    names = ("eenmalig", "nieuw", "oud")
    keys = {each: generate_identity(random=lambda size, e=each: drawn(e, size)) for each in names}  # type: ignore[misc]
    request = JoinRequest(
        vault_id=UUID("5a5a5a5a-1111-4222-8333-444455556666"),
        label="Laptop Samira",
        profile=Profile.ONTVANGST,
        practice=False,
        age_recipient=keys["eenmalig"].recipient.encode(),
        nonce=drawn("nonce").hex(),
        made_at=AT,
    )
    whose = UUID("6e6e6e6e-1111-4222-8333-444455556666")
    answer = JoinAnswer(
        organisation=Organisation(
            whose, "Gemeente Voorbeeldstad", Profile.ONTVANGST, ("0344", "0355")
        ),
        age_identities=(keys["nieuw"].encode(), keys["oud"].encode()),
        signing_seed=drawn("seed"),
        from_vault=UUID("7b7b7b7b-1111-4222-8333-444455556666"),
        made_at=AT.replace(hour=10),
    )
    secret = {
        "one_time": keys["eenmalig"].encode(),
        "number": request.number,
        "organisation_number": answer.number,
        "age": list(answer.age_identities),
        "sign": answer.signing_seed.hex(),
    }
    files = {
        "deelname-verzoek-v1.json": lambda: write_request(request),
        "deelname-antwoord-v1.age": lambda: write_answer(answer, request, random=_system()),
        "deelname-sleutels.json": lambda: json.dumps(secret, indent=1).encode() + b"\n",
    }
    for name, make in files.items():
        path = FOLDER / name
        if not path.exists():
            path.write_bytes(make())
            print(hashlib.sha256(path.read_bytes()).hexdigest(), name)


def _system():  # type: ignore[no-untyped-def]
    """Return bytes that follow from how often was asked; HPKE draws from the system anyway."""
    count = 0

    def random(size: int) -> bytes:
        nonlocal count
        count += 1
        return drawn(f"antwoord/{count}", size)

    return random


if __name__ == "__main__":
    main()
