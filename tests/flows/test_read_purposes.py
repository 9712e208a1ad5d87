"""Whatever shows personal data says why it reads, so that the log can tell who looked."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from support.chain import make_chain
from support.people import add_people
from support.vaults import prepared_vault

import intake_app
from intake_app.domain.person import Person
from intake_app.flows import case, hand_over, inzage, plan, receive
from intake_app.vault import Vault

PACKAGE = Path(intake_app.__file__).parent
NO_PERSON_SHOWN = {
    "cli/audit.py:_seal": "the head of the log",
    "flows/address_book.py:organisations": "organisations",
    "flows/address_book.py:status": "organisations",
    "flows/answer_files.py:content": "files of the interview that was opened; medical ones say why",
    "flows/answer_files.py:kept": "files of the interview that was opened",
    "flows/attachments.py:known": "files beside the person that was opened",
    "flows/attachments.py:save_outside": "noted in the log by a transaction of its own",
    "flows/arrived.py:unwrapped": "a number; what is opened is logged by the transaction",
    "flows/audit.py:check": "the log, not what it is about; noted by a transaction of its own",
    "flows/audit.py:users": "colleagues",
    "flows/back_up.py:back_up": "back-ups",
    "flows/back_up.py:check": "back-ups",
    "flows/back_up.py:end_old": "back-ups",
    "flows/back_up.py:reminder": "a count",
    "flows/back_up.py:waits_for_clock": "a date",
    "flows/figures.py:figures": "counts",
    "flows/file_onward.py:__init__": "how far a filing is; numbers and addresses",
    "flows/case_system.py:settings": "where the case system is",
    "flows/file_onward.py:standing": "how far a filing is",
    "flows/find.py:municipalities": "places, to choose from",
    "flows/freezing.py:sweep": "names of ciphertexts",
    "flows/holders.py:known": "colleagues of other organisations",
    "flows/holders.py:newest": "colleagues of other organisations",
    "flows/holders.py:own_list": "colleagues",
    "flows/holders.py:strike_off": "colleagues",
    "flows/join.py:given": "vaults",
    "flows/join.py:joined": "vaults",
    "flows/join.py:obstacle": "whether there is anything at all; nothing is shown",
    "flows/join.py:waiting": "a request of this vault",
    "flows/preferences.py:preferences": "how a colleague works",
    "ui/interview/left_at.py:take": "a field and a caret; the talk is opened with a purpose",
    "flows/join.py:wanted_label": "the name of this vault",
    "flows/medical_record.py:is_possible": "whether there is a key; no person",
    "flows/medical_record.py:count": "a count, beside the person that was opened",
    "flows/receive.py:verified": "which files came already; nothing is shown",
    "flows/receive.py:write_receipt": "which decision; nothing is shown",
    "flows/receipts.py:import_receipt": "followed by the transaction that names the person",
    "flows/receive.py:came_by_sync": "how something came",
    "flows/looks.py:wishes": "how windows look",
    "flows/region.py:publish": "organisations",
    "flows/region.py:save_again": "organisations",
    "flows/region.py:save_draft": "organisations",
    "flows/region.py:view": "organisations",
    "flows/rescue.py:last_check": "a setting",
    "flows/retention.py:_warn": "followed by the transaction that names the persons",
    "flows/retention.py:notice": "counts",
    "flows/retention.py:remove_due": "followed by the transactions that name the persons",
    "flows/sealing.py:__init__": "bytes for the file, within the reading that is logged",
    "flows/sync_now.py:refused": "random numbers",
    "flows/sync_now.py:summary": "counts",
    "flows/sync_receipts.py:_verified": "organisations",
    "flows/sync_receiving.py:__init__": "organisations, and numbers of what was removed",
    "flows/sync_receiving.py:_due_receipts": "receipts that wait; nothing is shown",
    "flows/sync_receiving.py:_receipts": "receipts that wait; nothing is shown",
    "flows/sync_receiving.py:_state_on_arrival": "what came already; nothing is shown",
    "flows/sync_receiving.py:_take": "numbers of what came already",
    "flows/sync_receiving.py:next_at": "a time",
    "flows/sync_receiving.py:_answered_before": "numbers of what was asked for",
    "flows/sync_receiving.py:_found_again": "numbers of what came already",
    "flows/sync_receiving.py:_in_turn": "numbers of what came already",
    "flows/sync_receiving.py:_new": "what is left of what was removed",
    "flows/sync_upkeep.py:ask_for_lost": "numbers of what came",
    "flows/sync_upkeep.py:end_unopened": "numbers of what came; logged by the transaction",
    "flows/sync_upkeep.py:lost": "numbers of what came",
    "flows/sync_upkeep.py:sweep": "numbers of what came already",
    "flows/sync_sending.py:_due": "numbers of what waits",
    "flows/sync_sending.py:_end_if_over": "the clock",
    "flows/sync_sending.py:_ended": "how far a number is",
    "flows/sync_sending.py:_is_answered_late": "how far a number is",
    "flows/sync_sending.py:_is_out_already": "how far a number is",
    "flows/sync_sending.py:_is_over": "the clock",
    "flows/sync_sending.py:_look": "how far a number is",
    "flows/sync_sending.py:_send": "how far a number is",
    "flows/sync_sending.py:_wanted_again": "how far a number is, and organisations",
    "flows/sync_sending.py:_next_at": "a time",
    "flows/sync_sending.py:_repeat": "how far a number is",
    "flows/sync_sending.py:do": "how far a number is",
    "flows/deliveries.py:_by_folder": "numbers of what came",
    "flows/deliveries.py:_put_answers": "receipts that wait; nothing is shown",
    "flows/deliveries.py:hand_out": "numbers of what came",
    "flows/deliveries.py:rules": "a setting",
    "flows/deliveries.py:sender_named": "organisations",
    "flows/relays.py:settings": "a setting",
    "flows/sync_locked.py:prepare": "numbers of what waits",
    "flows/unsaved.py:unsaved": "what this colleague typed on a form that is open",
    "flows/vault_care.py:unchecked_copy": "a date",
    "ui/capture.py:is_allowed": "a setting",
    "ui/desk.py:_name": "the crumb of a page that logs the person itself",
    "ui/desk_interview.py:_left_with": "an identifier, and whether it is still known",
    "ui/desk_interview.py:_left": "a setting",
    "ui/handover/page.py:__init__": "the title of a page that logs the person itself",
    "ui/settings/page.py:_choose_book": "organisations",
    "ui/settings/page.py:_routing": "organisations",
    "flows/wipe.py:_former": "names in the key store of the system",
}


@cache
def silent_reads() -> set[str]:
    """Return each function above the vault that reads it without saying why."""
    found = set()
    for folder in ("flows", "ui", "cli"):
        for path in (PACKAGE / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if ".read(" not in source:
                continue
            tree = ast.parse(source)
            functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
            for function in functions:
                for call in (n for n in ast.walk(function) if isinstance(n, ast.Call)):
                    if is_silent(call):
                        found.add(f"{path.relative_to(PACKAGE).as_posix()}:{function.name}")
    return found


def is_silent(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "read"
        and "vault" in ast.unparse(call.func.value).lower()
        and not call.args
        and not call.keywords
    )


def test_who_reads_without_a_purpose_shows_nobody():
    """A new one is named here with its reason, or is given a purpose."""
    assert silent_reads() - set(NO_PERSON_SHOWN) == set()


def test_the_search_bites():
    assert is_silent(ast.parse("vault.read()", mode="eval").body)
    assert not is_silent(ast.parse("vault.read('plan')", mode="eval").body)
    assert len(silent_reads()) > 10


# ---- each screen -------------------------------------------------------------------------------

LOOKS: dict[str, Callable[[Vault, Person], object]] = {
    "vandaag bekijken": lambda v, _p: case.today(v),
    "mensen bekijken": lambda v, _p: case.people(v),
    "mensen zoeken": lambda v, p: case.people(v, p.family_name),
    "persoon openen": lambda v, p: case.overview(v, p.person_id),
    "plan": lambda v, p: plan.current(v, p.person_id),
    "overdracht voorbereiden": lambda v, p: hand_over.preview(v, p.person_id),
    "overdrachten bekijken": lambda v, _p: hand_over.overview(v),
    "overdracht bekijken": lambda v, p: hand_over.latest(v, p.person_id),
    "inzage maken": lambda v, p: inzage.inzage(v, p.person_id),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Vault, Person]]:
    vault = prepared_vault(tmp_path_factory.mktemp("doel") / "kluis")
    people = [p for group in add_people(vault).values() for p in group]
    with vault.read() as records:
        # the forms of these are not real, which the handover would want
        person = next(p for p in people if not records.interviews.of_person(p.person_id))
    yield vault, person
    vault.close()


def newest(vault: Vault) -> tuple[str, str]:
    with vault.read() as records:
        said = json.loads(records.audit.entries(1)[0].body)
    return said["EventActionCode"], said["users"][0]["purposeOfUse"]


@pytest.mark.parametrize("purpose", LOOKS)
def test_looking_is_in_the_log(desk: tuple[Vault, Person], purpose: str):
    vault, person = desk
    with vault.read() as records:
        before = records.audit.head()[0]
    LOOKS[purpose](vault, person)
    with vault.read() as records:
        assert records.audit.head()[0] > before
    assert newest(vault) == ("R", purpose)


def test_a_dossier_that_came_and_its_document(tmp_path: Path):
    from support.chain import add_person

    chain = make_chain(tmp_path)
    person = add_person(chain.azc)
    offered = hand_over.seal(chain.azc, person.person_id, chain.stick)
    item = receive.take_in(chain.town, chain.stick / offered.file_name)
    receive.inbox(chain.town)
    assert newest(chain.town) == ("R", "ontvangen dossiers bekijken")
    receive.look(chain.town, item.handover_id)
    assert newest(chain.town) == ("R", "ontvangen dossier bekijken")
    assert receive.document(chain.town, item.handover_id).startswith(b"%PDF")
    assert newest(chain.town) == ("R", "document van het dossier tonen")
    chain.close()
