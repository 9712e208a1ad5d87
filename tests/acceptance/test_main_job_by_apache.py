"""The main job with the handover by a relay: from a person to an accepted receipt, no stick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from support import canaries
from support import relays as servers
from support.relays import Served
from support.vaults import CHEAP, environment

from intake_app import paths
from intake_app.crypto.sshsig import generate_signing_key
from intake_app.domain.actor import Organisation, Profile
from intake_app.domain.handover import HandoverState, InboxState
from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.plan import Doer, Leerroute, Vervolgpad
from intake_app.flows import (
    address_book,
    case,
    hand_over,
    plan,
    receive,
    register,
    relays,
    set_up,
    sync_now,
)
from intake_app.flows.acting import actor_of
from intake_app.flows.desk import today
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.register import PersonDraft
from intake_app.flows.relays import SyncSettings
from intake_app.flows.sync_report import ReceiveReport, SyncReport
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.handover.address_book import read_book, root_fingerprint
from intake_app.i18n.catalogues import Catalogues
from intake_app.sync import connecting
from intake_app.sync.proxies import Direct
from intake_app.vault import Vault

LIBRARY = Library(paths.compiled_dir())
TEXTS = CatalogueTexts(Catalogues(paths.compiled_dir()))


@dataclass
class Line:
    """Two organisations and the relay between them."""

    azc: Vault
    town: Vault
    relay: Served

    def close(self) -> None:
        self.azc.close()
        self.town.close()


def make_vault(folder: Path, seed: int, name: str, profile: Profile, codes=()) -> Vault:
    env = environment(seed)
    words = canaries.PASSPHRASE_AZC
    organisation = Organisation(env.uuid(), name, profile, codes)
    return set_up.create_vault(folder, words, words, "Jip Oever", organisation, env, CHEAP)


def exchange_keys(folder: Path, *vaults: Vault) -> None:
    env = vaults[0].env
    roots = [generate_signing_key(env.random) for _ in range(3)]
    issued = env.now()
    cards = [address_book.own_card(vault) for vault in vaults]
    raw = address_book.make_book(cards, roots, issued=issued, expires=issued + timedelta(days=365))
    path = folder / "adresboek.json"
    path.write_bytes(raw)
    for vault in vaults:
        address_book.import_book(vault, path, root_fingerprint(read_book(raw).book))
    for known in address_book.organisations(vaults[0]):
        if not known.is_ourselves:
            number = known.entry.fingerprint
            address_book.check_number(vaults[0], known.entry.organisation_id, number)


@pytest.fixture(params=["folder", "apache"])
def line(request, tmp_path: Path) -> Iterator[Line]:
    azc = make_vault(tmp_path / "azc", 11, "Team op locatie", Profile.AZC)
    town = make_vault(tmp_path / "gemeente", 12, "Dienst Proefstreek", Profile.ONTVANGST, ("0355",))
    exchange_keys(tmp_path, azc, town)
    boxes = tuple(relays.own_box(vault) for vault in (azc, town))
    try:
        with getattr(servers, request.param)(boxes) as served:
            relays.save(azc, SyncSettings(send=served.laptop(boxes[0])))
            owner = served.owner(boxes[1])
            relays.save(town, SyncSettings(send=owner, receive=owner))
            made = Line(azc, town, served)
            yield made
            made.close()
    except servers.Absent as absent:
        pytest.skip(f"{absent} is not installed")


def connect(place):
    return connecting.box(place, proxy=Direct())


def send(vault: Vault) -> SyncReport:
    report = sync_now.run_once(vault, connect, settings=relays.settings(vault), force=True)
    assert report.paused is None
    return report


def fetch(vault: Vault) -> ReceiveReport:
    place = relays.settings(vault).receive
    assert place is not None
    box = connect(place)
    try:
        report = sync_now.receive_once(vault, box, force=True)
    finally:
        box.close()
    assert report.paused is None
    return report


def prepared(vault: Vault) -> object:
    """Register somebody, interview, and establish a plan; return the person's number."""
    day = today(vault.env)
    person = register.register_person(
        vault,
        PersonDraft(
            v_number=canaries.V_NUMBER,
            given_names=canaries.GIVEN_NAMES,
            family_name=canaries.FAMILY_NAME,
            name_in_own_script=canaries.OWN_SCRIPT,
            phone=canaries.PHONE,
            contact_language="ar",
            birth_date="1990-03",
        ),
    )
    register.couple(vault, person.person_id, "0355", day - timedelta(days=10))
    flow = InterviewFlow.start(
        vault,
        LIBRARY,
        TEXTS,
        person.person_id,
        "intake",
        "ar",
        Interpretation(InterpreterMode.TELEFOON, "tolkdienst", "ar"),
        actor_of(vault),
        information_read=True,
    )
    fill(flow, {"droom": canaries.ANSWER})
    flow.finish()
    goal = plan.new_goal(vault.env, "werk", canaries.GOAL)
    action = plan.new_action(vault.env, "Kennismaken met een bloemist", Doer.CLIENT)
    draft = replace(
        plan.draft(vault, person.person_id),
        main_path=Vervolgpad.LEER_WERK,
        leerroute=Leerroute.B1,
        goals=(replace(goal, actions=(action,)),),
        client_view=canaries.CLIENT_VIEW,
        discussed_on=day,
    )
    plan.establish(vault, plan.save(vault, draft).plan_id)
    return person.person_id


def state(vault: Vault, person_id) -> HandoverState:
    found = hand_over.latest(vault, person_id)
    assert found is not None
    return found.state


@pytest.mark.slow
def test_the_dossier_travels_by_itself_and_everybody_can_prove_it(line: Line, tmp_path: Path):
    azc, town = line.azc, line.town
    assert relays.test(
        relays.settings(azc).send,
        relays.own_box(azc),
        connect=connect,
        random=azc.env.random,
        receives=False,
    ).ok
    person_id = prepared(azc)

    hand_over.seal(azc, person_id, by_sync=True, texts=TEXTS)
    assert state(azc, person_id) is HandoverState.KLAAR
    send(azc)
    assert state(azc, person_id) is HandoverState.AANGEBODEN
    # the relay saw nothing but opaque names and noise
    assert canaries.search([line.relay.post]) == []

    report = fetch(town)
    assert len(report.arrived) == 1
    assert fetch(town).arrived == ()
    send(azc)
    assert state(azc, person_id) is HandoverState.ONTVANGEN

    found = receive.open_arrival(town, report.arrived[0])
    assert canaries.GIVEN_NAMES.split()[0] in found.subject
    item = receive.take_in_arrival(town, report.arrived[0])
    fetch(town)
    send(azc)
    assert state(azc, person_id) is HandoverState.GEOPEND

    talk = today(azc.env) + timedelta(days=7)
    receive.accept(town, item.handover_id, first_talk=talk)
    fetch(town)
    send(azc)
    accepted = hand_over.latest(azc, person_id)
    assert accepted is not None
    assert accepted.state is HandoverState.GEACCEPTEERD
    assert accepted.first_talk == talk
    proof = hand_over.history(azc, accepted.handover_id).receipts
    assert proof[-1].by_organisation == "Dienst Proefstreek"

    (row,) = case.people(town)
    theirs = case.overview(town, row.person.person_id)
    assert theirs.person.v_number == canaries.V_NUMBER
    assert [i.state for i in receive.inbox(town)] == [InboxState.GEACCEPTEERD]
    # nothing is left on the relay but receipts
    left = [path for path in line.relay.post.rglob("*") if path.is_file()]
    assert {path.suffix[:2] for path in left} <= {".r"}
    line.close()
    assert canaries.search([tmp_path]) == []
