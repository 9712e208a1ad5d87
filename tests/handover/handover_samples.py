"""Fictional organisations, keys and a dossier; the same bytes on every run."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from intake_app.crypto import age, sshsig
from intake_app.handover import bag, model
from intake_app.handover.address_book import ACTIVE, AddressBook, Entry
from intake_app.handover.archive import Member, directory, local_header
from intake_app.handover.dossier import (
    Dossier,
    DossierAction,
    DossierActivity,
    DossierAnswer,
    DossierAuthor,
    DossierConsent,
    DossierEvent,
    DossierGoal,
    DossierHousehold,
    DossierInterpretation,
    DossierInterview,
    DossierKoppeling,
    DossierLanguage,
    DossierLeftOut,
    DossierMember,
    DossierPerson,
    DossierPlan,
    DossierRepeat,
    DossierStay,
    to_json,
)
from intake_app.handover.holders import Holder, HolderList, signed_list
from intake_app.handover.model import Attachment, AuditHead, Kind, Party, SealedFile, SealRequest
from intake_app.handover.open import OpenedHandover, open_sealed
from intake_app.handover.seal import seal

NOW = datetime(2026, 3, 2, 14, 32, 7, tzinfo=UTC)
TODAY = NOW.date()
HANDOVER = UUID("0d0e0f10-1111-4222-8333-444455556666")
DOSSIER = UUID("d0551e70-0000-4000-8000-000000000001")
PDF = b"%PDF-1.7 een verzonnen dossier\n%%EOF\n"


def counted_random(label: str) -> Callable[[int], bytes]:
    """Return a source of bytes that is the same on every run for the same label."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{label}/{count}".encode()).digest(size)

    return draw


def uuid_of(label: str) -> UUID:
    return UUID(bytes=hashlib.sha256(label.encode()).digest()[:16], version=4)


@dataclass(frozen=True)
class Organisation:
    """A fictional organisation with its keys."""

    name: str
    kind: str = "gemeente"
    key_kind: str = "hybrid"

    @cached_property
    def identity(self) -> age.Identity:
        random = counted_random(f"age/{self.name}")
        return age.generate_identity(self.key_kind, random=random)  # type: ignore[arg-type]

    @cached_property
    def key(self) -> sshsig.SigningKey:
        return sshsig.generate_signing_key(counted_random(f"sign/{self.name}"))

    @cached_property
    def party(self) -> Party:
        age_key = self.identity.recipient.encode()
        return Party(self.name, uuid_of(self.name), self.key.public, age_key)

    def entry(self, **changes: object) -> Entry:
        made = Entry(
            organisation_id=self.party.organisation_id,
            name=self.name,
            kind=self.kind,
            municipality_codes=("0355",) if self.kind == "gemeente" else (),
            age_recipient=self.party.age_recipient,
            sign_public=self.party.sign_public,
            box=f"box-{self.party.organisation_id.hex[:8]}",
            status=ACTIVE,
            from_date=date(2026, 1, 1),
        )
        return dataclasses.replace(made, **changes)


AZC = Organisation("AZC De Wilg", "azc")
ZEIST = Organisation("Gemeente Voorbeeldstad")
HOUTEN = Organisation("Gemeente Elders")
STRANGER = Organisation("Onbekende afzender", "azc")
CLASSIC = Organisation("Gemeente Klassiek", "gemeente", "x25519")
ROOTS = tuple(sshsig.generate_signing_key(counted_random(f"root/{number}")) for number in range(6))


def book_of(*entries: Entry, **changes: object) -> AddressBook:
    made = AddressBook(
        serial=1,
        issued=datetime(2026, 1, 1, tzinfo=UTC),
        expires=datetime(2027, 1, 1, tzinfo=UTC),
        prev="",
        roots=tuple(root.public for root in ROOTS[:3]),
        threshold=2,
        entries=entries,
    )
    return dataclasses.replace(made, **changes)


BOOK = book_of(AZC.entry(), ZEIST.entry(), HOUTEN.entry(), CLASSIC.entry())


USER, LAPTOP = ROOTS[3], ROOTS[4]
LIST = HolderList(
    AZC.party.organisation_id,
    3,
    NOW - timedelta(days=1),
    NOW + timedelta(days=90),
    (
        Holder(uuid_of("samira"), "gebruiker", USER.public, ACTIVE, date(2026, 1, 1)),
        Holder(uuid_of("laptop 7"), "laptop", LAPTOP.public, ACTIVE, date(2026, 1, 1)),
    ),
)
SIGNED = signed_list(LIST, AZC.key)


def sample_dossier() -> Dossier:
    """Return a small dossier with something in every part."""
    author = uuid_of("samira")
    job = uuid_of("baan 1")
    answer = DossierAnswer(
        path="/data/werk/baan/functie",
        repeat=job,
        category="werk",
        section="/data/werk",
        section_title="Werk",
        question="Wat voor werk heeft u gedaan?",
        value="zorg",
        answer="Zorg",
        state="ingevuld",
        shown_language="ti",
        shown_question="እንታይ ዓይነት ስራሕ?",
        shown_answer="ክንክን",
        unreviewed=True,
        weak=False,
        source="client",
        note="",
        author_id=author,
        at=NOW,
    )
    unknown = dataclasses.replace(
        answer,
        path="/data/geld/schulden",
        repeat=None,
        category="geld",
        section="/data/geld",
        section_title="Geld",
        question="Heeft u schulden?",
        value="",
        answer="",
        state="weet_niet",
        weak=True,
    )
    interview = DossierInterview(
        interview_id=uuid_of("gesprek"),
        form_id="intake",
        form_title="Brede intake",
        form_version="2026.1",
        form_sha256="ab" * 32,
        language="ti",
        state="vastgesteld",
        started_at=NOW,
        finished_at=NOW.replace(microsecond=123456),
        interpretation=DossierInterpretation("telefoon", "tolk 12345", "ti", ("/data/werk",), ()),
        repeats=(DossierRepeat("/data/werk/baan", job, None, 0),),
        answers=(answer, unknown),
    )
    person = DossierPerson(
        person_id=uuid_of("persoon"),
        v_number="0012345678",
        bsn="",
        family_name="Tesfaye Haile",
        given_names="",
        name_prefix="",
        call_name="Amanuel",
        name_in_own_script="ኣማኑኤል",
        aliases=("Emanuel",),
        birth_date="1988",
        birth_date_status="opgave",
        gender="M",
        birth_country="9003",
        nationalities=("0084",),
        residence_title="26",
        permit_from="2025-11",
        contact_language="ti",
        languages=(DossierLanguage("tir", is_mother_tongue=True, speaks="C2"),),
        literacy="AA",
        interpreter_needed=True,
        phone="",
        email="",
        is_nareiziger=False,
        no_azc_intake_reason="",
    )
    action = DossierAction(
        action_id=uuid_of("actie"),
        what="Taalles volgen in het AZC",
        doer="client",
        where="azc",
        start=date(2026, 3, 9),
        end=None,
        state="bezig",
        result="",
    )
    plan = DossierPlan(
        plan_id=uuid_of("plan"),
        version=1,
        state="vastgesteld",
        created_at=NOW,
        main_path="leer_werk",
        other_paths=("onderwijs",),
        leerroute="B",
        goals=(DossierGoal(uuid_of("doel"), "taal", "Ik spreek A2", None, (action,)),),
        client_view="Ik wil graag in de zorg werken.",
        discussed_on=TODAY,
        discussed_with_interpreter=True,
    )
    return Dossier(
        dossier_id=DOSSIER,
        dossier_version=1,
        created=NOW,
        receiver_role="gemeente",
        person=person,
        household=DossierHousehold(
            uuid_of("huishouden"),
            (DossierMember("Selam", "kind", "2015-06", in_netherlands=False),),
            "aangevraagd",
            2,
        ),
        koppelingen=(DossierKoppeling("0355", date(2026, 2, 1), None, "", ""),),
        stays=(DossierStay("AZC De Wilg", "B12", date(2025, 12, 1), None, "casemanager"),),
        events=(DossierEvent("gekoppeld", date(2026, 2, 1), NOW, "TVS", ""),),
        interviews=(interview,),
        plan=plan,
        activities=(
            DossierActivity(
                uuid_of("les"), "taalles", "COA", None, None, "84 van 121 uur", "lijst"
            ),
        ),
        consents=(
            DossierConsent(uuid_of("ja"), "netwerk", "gemeente", NOW, "ti", with_interpreter=True),
        ),
        left_out=(DossierLeftOut("medisch", "Medische gegevens", "Alleen voor zorg", "AVG 9"),),
        authors=(DossierAuthor(author, "Samira"),),
    )


@dataclass
class Case:
    """One handover from `sender` to `recipient`, and the way to open it."""

    folder: Path
    sender: Organisation = AZC
    recipient: Organisation = ZEIST
    attachments: tuple[Attachment, ...] = ()
    handover_id: UUID = HANDOVER
    dossier_json: bytes = b""
    pdf: bytes = PDF
    changes: dict[str, object] = field(default_factory=dict)

    def request(self) -> SealRequest:
        made = SealRequest(
            handover_id=self.handover_id,
            dossier_id=DOSSIER,
            version=1,
            supersedes=None,
            created=NOW,
            sender=self.sender.party,
            recipient=self.recipient.party,
            dossier_json=self.dossier_json or to_json(sample_dossier()),
            dossier_pdf=self.pdf,
            audit_head=AuditHead(12, "cd" * 32),
            app_version="0.1.0",
            attachments=self.attachments,
        )
        return dataclasses.replace(made, **self.changes)

    def seal(self) -> SealedFile:
        return seal(self.request(), self.sender.key, self.folder, random=counted_random("seal"))


def open_as(
    path: Path,
    organisation: Organisation = ZEIST,
    *,
    book: AddressBook = BOOK,
    seen: Callable[[UUID, UUID], bool] = lambda _sender, _number: False,
    kinds: Collection[Kind] = (Kind.DOSSIER,),
) -> OpenedHandover:
    return open_sealed(
        path,
        identities=[organisation.identity],
        own_public=organisation.key.public,
        directory=book,
        seen=seen,
        kinds=kinds,
    )


# --- building files that an honest program would never make -------------------------------------


def zip_of(files: dict[str, bytes]) -> bytes:
    """Return an archive in our one form."""
    out = io.BytesIO()
    members: list[Member] = []
    for name, data in files.items():
        member = Member(name, len(data), zlib.crc32(data), out.tell())
        out.write(local_header(member) + data)
        members.append(member)
    return out.getvalue() + directory(members)


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def inner_of(data: bytes, organisation: Organisation) -> bytes:
    """Return the decrypted payload of a sealed file."""
    payload = io.BytesIO(files_of(data)[model.PAYLOAD])
    return age.open_decrypted([organisation.identity], payload).read()


def encrypted(inner: bytes, recipient: Organisation) -> bytes:
    out = io.BytesIO()
    to = recipient.identity.recipient
    age.encrypt([to], io.BytesIO(inner), out, random=counted_random("craft"))
    return out.getvalue()


def outer_of(
    payload: bytes,
    *,
    sender: Organisation = AZC,
    recipient: Organisation = ZEIST,
    handover_id: UUID = HANDOVER,
    header: Callable[[dict[str, Any]], object] = lambda _: None,
    key: sshsig.SigningKey | None = None,
) -> dict[str, bytes]:
    """Return the outer members around `payload`, signed by `sender`; `header` may change it.

    `key` is that of somebody for whom the sender vouches, and signs instead.
    """
    readme = b"lees mij"
    digests = [
        {"file": name, "size": len(data), "sha512": hashlib.sha512(data).hexdigest()}
        for name, data in ((model.PAYLOAD, payload), (model.README, readme))
    ]
    plain: dict[str, Any] = {
        "format": model.FORMAT,
        "version": 1,
        "id": str(handover_id),
        "sender": sender.party.fingerprint,
        "recipient": recipient.party.fingerprint,
        "payload": digests[0],
        "readme": digests[1],
    }
    replaced = header(plain)
    text = replaced if isinstance(replaced, bytes) else json.dumps(plain).encode()
    return {
        model.README: readme,
        model.PAYLOAD: payload,
        model.HEADER: text,
        model.HEADER_SIGNATURE: sshsig.sign(key or sender.key, model.NAMESPACE, text).encode(),
    }


def signed_bag(
    files: dict[str, bytes], sender: Organisation = AZC, key: sshsig.SigningKey | None = None
) -> dict[str, bytes]:
    """Return the files with new digest lists and a new signature over them by `sender` or `key`."""
    digests = {n: hashlib.sha512(d).hexdigest() for n, d in files.items() if n.startswith("data/")}
    made = {**files, bag.MANIFEST: bag.write_digests(digests)}
    names = (*bag.TAG_FILES, *(name for name in bag.HOLDER_FILES if name in files))
    tags = {name: hashlib.sha512(made[name]).hexdigest() for name in names}
    made[bag.TAG_MANIFEST] = bag.write_digests(tags)
    signature = sshsig.sign(key or sender.key, model.NAMESPACE, made[bag.TAG_MANIFEST])
    return {**made, bag.TAG_SIGNATURE: signature.encode()}


def resealed(
    inner: bytes | dict[str, bytes],
    *,
    sender: Organisation = AZC,
    recipient: Organisation = ZEIST,
    handover_id: UUID = HANDOVER,
    key: sshsig.SigningKey | None = None,
) -> bytes:
    """Return a whole file around an inner archive, with an honest outside."""
    data = inner if isinstance(inner, bytes) else zip_of(inner)
    payload = encrypted(data, recipient)
    return zip_of(
        outer_of(payload, sender=sender, recipient=recipient, handover_id=handover_id, key=key)
    )
