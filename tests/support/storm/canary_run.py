"""Goes through every feature with canaries in what is typed; run as a script in one folder.

    python -m support.storm.canary_run FOLDER

Everything that may hold no canary is made below FOLDER; what lies outside the vault readable by
its nature (a scan that is about to be imported) is in FOLDER/../buiten.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from support import canaries
from support.chain import PERSON, add_person, make_chain
from support.interviews import key, start_small
from support.storm.keeping import COLLEAGUE
from support.vaults import PASSPHRASE, environment

from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import AttachmentKind
from intake_app.flows import (
    attachments,
    audit,
    back_up,
    duplicates,
    find,
    hand_over,
    inzage,
    medical_record,
    plan,
    receive,
    retention,
    undo,
)
from intake_app.flows.register import PersonDraft
from intake_app.flows.unlock import unlock
from intake_app.vault import Vault, VaultError, recovery, rescue, restore, users
from intake_app.vault.stores.removals import Ground

SCAN = "Scankanarie onder aan de bladzijde"
TITLE = "Titelkanarie van de brief"
MEDICAL = "Medischekanarie hoort alleen de arts"
USER = "Gebruikerkanarie Jansen"
WRONG = "verkeerdekanarie die nergens op past"
REASON = "Redenkanarie: vertrokken volgens de opvang"
TYPED = (
    *canaries.TYPED, SCAN, TITLE, MEDICAL, USER, WRONG, REASON, PASSPHRASE, COLLEAGUE,
    PERSON.v_number, PERSON.family_name,
)  # fmt: skip


def main(folder: Path) -> None:
    outside = folder.parent / "buiten"
    chain = make_chain(folder)
    azc = chain.azc
    known = add_person(azc)
    users.set_roles(
        azc,
        passphrase=PASSPHRASE,
        user_id=azc.user.user_id,
        roles=(UserRole.INTAKE, UserRole.BEHEER, UserRole.MEDISCH),
    )
    with azc.transaction(actor(azc), "persoon wijzigen") as tx:
        tx.persons.save(
            replace(
                known,
                given_names=canaries.GIVEN_NAMES,
                call_name=canaries.FAMILY_NAME,
                name_in_own_script=canaries.OWN_SCRIPT,
                phone=canaries.PHONE,
            )
        )
    interviewing(azc)
    searching(azc)
    papers(azc, outside)
    goals(azc)
    hand_over.seal(azc, known.person_id, chain.stick)
    receiving(chain.town, chain.stick)
    keeping(azc, folder)
    leaving(azc)
    for vault in (azc, chain.town):
        vault.close()
    locking(folder / "azc")


def actor(vault: Vault) -> users.Actor:
    return users.Actor(vault.user.user_id, vault.user.name)


def interviewing(vault: Vault) -> None:
    flow = start_small(vault, person_id=PERSON.person_id)
    flow.answer(key("gewerkt"), "ja")
    (first,) = flow.session.repeats(key("baan").path)
    for end in range(5, len(canaries.ANSWER)):
        flow.save_typing(key("functie", first), canaries.ANSWER[:end])
    flow.answer(key("functie", first), canaries.ANSWER)
    flow.note(key("gewerkt"), canaries.NOTE, in_handover=True)


def searching(vault: Vault) -> None:
    for sought in (canaries.FAMILY_NAME, canaries.OWN_SCRIPT, "Kanarigeel", PERSON.v_number):
        find.people(vault, sought)
    duplicates.of_draft(vault, PersonDraft(family_name=PERSON.family_name, v_number=""))
    with vault.transaction(actor(vault), "persoon wijzigen") as tx:
        now = tx.persons.get(PERSON.person_id)
        assert now is not None
        tx.persons.save(replace(now, email=f"{canaries.FAMILY_NAME}@voorbeeld.nl"))
    change = undo.last_change(vault, PERSON.person_id)
    assert change is not None
    undo.undo_change(vault, change)


def papers(vault: Vault, outside: Path) -> None:
    scan = outside / "scan.txt"
    scan.write_text(f"{SCAN}\n" * 20_000, encoding="utf-8")
    for category in ("werk", "medisch"):
        added = attachments.add(
            vault,
            PERSON.person_id,
            attachments.look_at(scan),
            title=TITLE,
            kind=AttachmentKind.BRIEF,
            category=category,
            clean=lambda data, _type: data,
        )
        assert SCAN.encode() in attachments.content(vault, added.attachment_id).data
    medical_record.note(vault, PERSON.person_id, next(iter(medical_record.NOTE_KINDS)), MEDICAL)
    assert medical_record.entries(vault, PERSON.person_id)


def goals(vault: Vault) -> None:
    concept = plan.draft(vault, PERSON.person_id)
    goal = plan.new_goal(vault.env, "werk", canaries.GOAL)
    plan.save(vault, replace(concept, goals=(goal,), client_view=canaries.CLIENT_VIEW))


def receiving(town: Vault, stick: Path) -> None:
    (path,) = stick.glob("overdracht-*.zip")
    item = receive.take_in(town, path)
    receive.look(town, item.handover_id)
    receive.accept(town, item.handover_id, first_talk=None, receipt_folder=stick)


def keeping(vault: Vault, folder: Path) -> None:
    first, second, _ = recovery.make_cards(vault, passphrase=PASSPHRASE)
    recovery.try_cards(vault, " ".join(first.words), " ".join(second.words))
    users.add_user(
        vault,
        passphrase=PASSPHRASE,
        name=USER,
        roles=(UserRole.INTAKE,),
        new_passphrase=COLLEAGUE,
    )
    (folder / "schijf").mkdir()
    made = back_up.back_up(vault, folder / "schijf")
    back_up.check(vault, made.path)
    back_up.put_back(
        made.path, folder / "terug", restore.with_passphrase(PASSPHRASE), environment(3)
    )
    inzage.inzage(vault, PERSON.person_id)
    audit.check(vault)
    rescue.check(vault)
    users.renew_master_key(vault, passphrase=PASSPHRASE)


def leaving(vault: Vault) -> None:
    gone = add_person(vault, replace(PERSON, person_id=vault.env.uuid(), v_number="0012345679"))
    proposed = retention.propose(vault, gone.person_id, Ground.VERTROKKEN, REASON)
    retention.confirm_with_passphrase(vault, proposed.removal_id, COLLEAGUE)
    retention.believe_clock(vault)
    assert retention.remove_due(vault)


def locking(folder: Path) -> None:
    with suppress(VaultError):
        unlock(folder, WRONG, environment(4))
    again = unlock(folder, PASSPHRASE, environment(4))
    find.people(again, canaries.FAMILY_NAME)
    again.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    print("klaar")
