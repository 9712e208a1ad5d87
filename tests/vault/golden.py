"""Makes the vaults in tests/vault/data that every later version must be able to open.

    python tests/vault/golden.py 1

writes tests/vault/data/versie-1/ with the program as it is now. Run it once for each version of
the database, and never again for an older one.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from intake_app.crypto.age_recipients import HybridIdentity
from intake_app.crypto.slots import KdfCost
from intake_app.domain.actor import Actor, Organisation, Profile, UserRole
from intake_app.domain.attachment import MEDICAL, AnswerPlace
from intake_app.domain.environment import repeatable_environment
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.interview import (
    Answer,
    AnswerState,
    FormVersion,
    Interview,
    InterviewState,
    RepeatInstance,
)
from intake_app.domain.person import Household, HouseholdMember, Koppeling, Person, Relation
from intake_app.domain.plan import Plan, PlanState
from intake_app.domain.transport import Arrival, Attempt, OutboxItem, OutboxKind
from intake_app.vault import Vault, migrations
from intake_app.vault.transaction import Transaction

DATA = Path(__file__).parent / "data"
PASSPHRASE = "golden kluis: vijf oude woorden"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PERSON = Person(UUID(int=101), "0000004711", "Gouden", given_names="Önder", aliases=("Ö.",))
CHANGED = PERSON.with_changes(call_name="Onno")
XML = b"<h:html><h:head><h:title>Proef</h:title></h:head></h:html>"
FORM = FormVersion(hashlib.sha256(XML).hexdigest(), "intake", "1", "structuur", XML)
INTERVIEW = Interview(
    UUID(int=102), PERSON.person_id, "intake", FORM.sha256, "ti", InterviewState.OPEN, START
)
JOB = RepeatInstance(INTERVIEW.interview_id, "/data/werk/baan", UUID(int=103), None, 0)
ANSWER = Answer(
    INTERVIEW.interview_id, "/data/werk/baan/functie", JOB.instance, "ሰራሕተኛ",
    AnswerState.ANSWERED, UUID(int=104), START, note="vertaald",
)  # fmt: skip
KOPPELING = Koppeling(UUID(int=105), PERSON.person_id, "0344", date(2026, 1, 6))
HOUSEHOLD = Household(
    UUID(int=106), (HouseholdMember("Önder", Relation.ZELF, person_id=PERSON.person_id),)
)
EVENT = CaseEvent(UUID(int=107), PERSON.person_id, EventKind.GEKOPPELD, date(2026, 1, 6), START)
MEDICAL_SEED = bytes(range(32))
TITLE, MEDICAL_TITLE, NOTE = "Diploma ሓደ", "Verwijsbrief", "Slaapt slecht."
PAPER = b"Een oud diploma van gouden papier.\n" * 20_000
"""More than one piece of an attachment."""
PHOTO = b"\x89PNG\r\n\x1a\n een gouden foto"
PHOTO_PLACE = AnswerPlace(
    "00000000-0000-0000-0000-000000000115.png", "/data/werk/baan/foto", JOB.instance,
    INTERVIEW.interview_id,
)  # fmt: skip
PLAN = Plan(UUID(int=108), PERSON.person_id, 1, PlanState.CONCEPT, START, UUID(int=104))


SENT = OutboxItem(
    UUID(int=109), OutboxKind.ZENDING, UUID(int=110), UUID(int=111), START,
    zid="a" * 26, name="v1/in/gouden1/" + "a" * 26 + ".ok", notice=b"verzegeld", box="gouden1",
    reply_box="gouden2", file_name="b" * 26, file_size=600_000, file_sha256="1" * 64,
    parts=("2" * 64, "3" * 64), done=1, tries=2, tried_at=START, reason="slow",
    history=(Attempt(START, "slow"),), valid_until=START,
)  # fmt: skip
CAME = Arrival(
    zid="c" * 26, box="gouden2", sender_id=UUID(int=112), sender_recipient="age1pqgouden",
    reply_box="gouden3", inbox_id=UUID(int=113), dossier_id=UUID(int=114), dossier_version=2,
    received_at=START, file_size=700, file_sha256="4" * 64, content_size=650,
    content_sha256="5" * 64, valid_until=START, receipts=1, handed_to="Samira",
    handed_folder="map", raw=b"zoals het kwam",
)  # fmt: skip


def make(folder: Path) -> None:
    """Make the vault: everything follows from the seed."""
    vault = Vault.create(
        folder,
        passphrase=PASSPHRASE,
        user_name="Goud",
        organisation=Organisation(UUID(int=100), "Gouden team", Profile.AZC),
        env=repeatable_environment(4711, START),
        kdf=KdfCost(65_536, 3, 4),
        reserve_bytes=4096,
    )
    actor = Actor(vault.user.user_id, vault.user.name)
    with vault.transaction(actor, "eerste versie") as t:
        t.persons.save(PERSON)
        t.forms.put_version(FORM)
        t.interviews.save(INTERVIEW)
        t.repeats.put(JOB)
        t.answers.put(ANSWER)
        t.koppelingen.save(KOPPELING)
        t.households.save(HOUSEHOLD)
        t.events.add(EVENT)
        t.plans.save(PLAN)
        t.settings.set("naam", "waarde")
        _add_of_version_3(t, vault)
        t.attachments.add(
            PERSON.person_id, (PHOTO,), "Foto van de baan", "image/png", "werk",
            answer=PHOTO_PLACE, env=vault.env,
        )  # fmt: skip
        t.outbox.add(SENT)
        t.arrivals.add(CAME)
    with vault.transaction(actor, "tweede versie") as t:
        t.persons.save(CHANGED)
    vault.close()
    for name in ("reserve.bin", "kluis.lock"):
        (folder / name).unlink()


def _add_of_version_3(t: Transaction, vault: Vault) -> None:
    """Write what came with version 3; closing the vault adds a seal, saving a person an entry."""
    role = UserRole.MEDISCH
    t.role_keys.save(role, HybridIdentity(MEDICAL_SEED).recipient.encode())
    for title, sealed in ((TITLE, ""), (MEDICAL_TITLE, role.value)):
        category = MEDICAL if sealed else "onderwijs"
        t.attachments.add(
            PERSON.person_id, (PAPER,), title, "text/plain", category, role=sealed, env=vault.env
        )
    t.medical.add(PERSON.person_id, "notitie", NOTE.encode(), env=vault.env)


if __name__ == "__main__":
    version = int(sys.argv[1])
    assert version == migrations.LATEST, "only the present version can be written"
    target = DATA / f"versie-{version}"
    assert not target.exists(), "a golden vault is never written again"
    make(target)
    shutil.rmtree(target / "__pycache__", ignore_errors=True)
