"""Write the golden files of version 1, once; what is there already is never written again.

    python tests/handover/make_golden.py

All keys, persons and organisations are fictional. The secret keys lie beside the files so that
every later version of the program can be shown to open them.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent))

from handover_samples import (
    AZC,
    BOOK,
    HANDOVER,
    NOW,
    ROOTS,
    SIGNED,
    USER,
    ZEIST,
    Case,
    counted_random,
    sample_dossier,
    uuid_of,
)
from test_medical import CARE, medical_dossier

from intake_app.crypto.slots import KdfCost, KeyFile
from intake_app.handover.address_book import sign_book
from intake_app.handover.dossier import Dossier, DossierCode, to_json
from intake_app.handover.key_card import KeyCard, sign_key_card
from intake_app.handover.model import Kind
from intake_app.handover.receipts import Receipt, ReceiptKind, write_receipt
from intake_app.handover.seal import seal

FOLDER = Path(__file__).parents[1] / "vectors" / "golden"
DB = UUID("11111111-2222-4333-8444-555555555555")
ANNA = UUID("aaaaaaaa-0000-4000-8000-000000000001")
BRAM = UUID("bbbbbbbb-0000-4000-8000-000000000002")
PHRASES = {ANNA: "kaars fiets molen dijk regen", BRAM: "Café ﬁets – één zin voor Bram"}


def key_file() -> bytes:
    random = counted_random("golden/sleutels")
    file, master = KeyFile.create(DB, random=random)
    for user, phrase in PHRASES.items():
        file = file.add_passphrase_slot(
            master,
            user_id=user,
            passphrase=phrase,
            roles=("intake", "beheer") if user == ANNA else ("intake",),
            keyring={"ed25519": bytes([user.bytes[0]]) * 32},
            kdf=KdfCost(65_536, 3, 4),
            random=random,
        )
    return file.to_bytes()


def key_card() -> bytes:
    entry = ZEIST.entry()
    card = KeyCard(
        organisation_id=entry.organisation_id,
        name=entry.name,
        kind=entry.kind,
        municipality_codes=entry.municipality_codes,
        age_recipient=entry.age_recipient,
        sign_public=entry.sign_public,
        box=entry.box,
        issued=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return sign_key_card(card, ZEIST.key)


def test_keys() -> bytes:
    people = {
        org.name: {"age": org.identity.encode(), "sign_seed": org.key.seed.hex()}
        for org in (AZC, ZEIST)
    }
    phrases = {str(user): phrase for user, phrase in PHRASES.items()}
    roots = list(BOOK.roots)
    made = {"organisations": people, "passphrases": phrases, "roots": roots}
    return json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"


def later_dossier() -> Dossier:
    """Return the dossier with what came into version 1 after its first files."""
    plain = sample_dossier()
    talk = plain.interviews[0]
    answer = dataclasses.replace(talk.answers[0], codes=(DossierCode("ISCED 2011", "1"),))
    talk = dataclasses.replace(talk, answers=(answer, *talk.answers[1:]))
    person = dataclasses.replace(plain.person, scripts=("Ethi",))
    return dataclasses.replace(plain, person=person, interviews=(talk,))


def receipts(digest: str) -> tuple[Receipt, ...]:
    steps = [
        (ReceiptKind.ONTVANGEN, None),
        (ReceiptKind.GEOPEND, None),
        (ReceiptKind.GEACCEPTEERD, date(2026, 3, 20)),
    ]
    return tuple(
        Receipt(
            receipt_id=uuid_of(f"golden {kind}"),
            handover_id=HANDOVER,
            dossier_digest=digest,
            kind=kind,
            at=NOW + timedelta(minutes=number),
            by_organisation=ZEIST.name,
            by_user_name="Kees",
            first_talk=talk,
        )
        for number, (kind, talk) in enumerate(steps)
    )


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, make in {
        "testsleutels.json": test_keys,
        "sleutels-v1.json": key_file,
        "sleutelkaart-v1.json": key_card,
        "adresboek-v1.json": lambda: sign_book(BOOK, ROOTS[:2]),
        "dossier-v1.json": lambda: to_json(sample_dossier()),
        "houders-v1.json": lambda: SIGNED.file,
    }.items():
        path = FOLDER / name
        if not path.exists():
            path.write_bytes(make())
            print("made", name)
    medical = FOLDER / "medisch-v1.zip"
    if not medical.exists():
        envelope = Case(
            FOLDER,
            recipient=CARE,
            dossier_json=to_json(medical_dossier()),
            changes={"kind": Kind.MEDICAL},
        )
        seal(envelope.request(), AZC.key, medical, random=counted_random("golden/medisch"))
        print("made", medical.name)
    held = FOLDER / "overdracht-houder-v1.zip"
    if not held.exists():
        request = Case(FOLDER, dossier_json=to_json(later_dossier()), changes={"holders": SIGNED})
        seal(request.request(), USER, held, random=counted_random("golden/houder"))
        print("made", held.name)
    sealed, proof = FOLDER / "overdracht-v1.zip", FOLDER / "ontvangst-v1.age"
    if not sealed.exists():
        random = counted_random("golden/overdracht")
        made = seal(Case(FOLDER).request(), AZC.key, sealed, random=random)
        proof.unlink(missing_ok=True)
        write_receipt(
            receipts(made.sha256), ZEIST.key, AZC.party.age_recipient, proof, random=random
        )
        print("made", sealed.name, proof.name)


if __name__ == "__main__":
    main()
