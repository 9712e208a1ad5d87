"""The main job from two empty folders to an accepted dossier, through the flows alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support import canaries
from support.vaults import CHEAP, environment

from intake_app import paths
from intake_app.crypto.sshsig import generate_signing_key
from intake_app.domain.actor import Organisation, Profile
from intake_app.domain.event import Station, StationState
from intake_app.domain.handover import HandoverState
from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.person import Household, HouseholdMember, Relation
from intake_app.domain.plan import Doer, Leerroute, Vervolgpad
from intake_app.flows import (
    address_book,
    case,
    hand_over,
    plan,
    receive,
    register,
    set_up,
)
from intake_app.flows.acting import actor_of
from intake_app.flows.desk import today
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.register import PersonDraft
from intake_app.flows.unlock import unlock
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.handover.address_book import read_book, root_fingerprint
from intake_app.i18n.catalogues import Catalogues
from intake_app.vault import Vault, WrongPassphrase

LIBRARY = Library(paths.compiled_dir())
TEXTS = CatalogueTexts(Catalogues(paths.compiled_dir()))


class Line:
    """Two organisations, their vaults and the folder between them."""

    def __init__(self, root: Path) -> None:
        self.root, self.usb = root, root / "usb"
        self.usb.mkdir()
        env = environment(11)
        self.azc = set_up.create_vault(
            root / "azc",
            canaries.PASSPHRASE_AZC,
            canaries.PASSPHRASE_AZC,
            "Jip Oever",
            Organisation(env.uuid(), "Team op locatie", Profile.AZC),
            env,
            CHEAP,
        )
        env = environment(12)
        self.municipality = set_up.create_vault(
            root / "gemeente",
            canaries.PASSPHRASE_MUNICIPALITY,
            canaries.PASSPHRASE_MUNICIPALITY,
            "Bo Weide",
            Organisation(env.uuid(), "Dienst Proefstreek", Profile.ONTVANGST, ("0355",)),
            env,
            CHEAP,
        )

    def exchange_keys(self) -> None:
        env = self.azc.env
        roots = [generate_signing_key(env.random) for _ in range(3)]
        cards = [address_book.own_card(vault) for vault in (self.azc, self.municipality)]
        issued = env.now()
        raw = address_book.make_book(
            cards, roots, issued=issued, expires=issued + timedelta(days=365)
        )
        path = self.usb / "adresboek.json"
        path.write_bytes(raw)
        for vault in (self.azc, self.municipality):
            address_book.import_book(vault, path, root_fingerprint(read_book(raw).book))
        receiver = self.municipality.info.organisation.organisation_id
        known = {k.entry.organisation_id: k for k in address_book.organisations(self.azc)}
        address_book.check_number(self.azc, receiver, known[receiver].entry.fingerprint)

    def close(self) -> None:
        self.azc.close()
        self.municipality.close()


def interview(vault: Vault, person_id: object, form_id: str, answers: dict[str, str]) -> None:
    language = "ar" if form_id == "intake" else "nl"
    flow = InterviewFlow.start(
        vault,
        LIBRARY,
        TEXTS,
        person_id,  # type: ignore[arg-type]
        form_id,
        language,
        Interpretation(InterpreterMode.TELEFOON, "tolkdienst", language),
        actor_of(vault),
        information_read=True,
    )
    assert fill(flow, answers) > (40 if form_id == "intake" else 2)
    flow.finish()


@pytest.mark.parametrize(
    "eligible",
    [
        pytest.param(True, id="assessed"),
        pytest.param(False, id="not-eligible", marks=pytest.mark.slow),
    ],
)
def test_from_empty_folders_to_an_accepted_dossier(tmp_path: Path, *, eligible: bool) -> None:
    line = Line(tmp_path)
    line.exchange_keys()
    azc, municipality = line.azc, line.municipality
    day = today(azc.env)

    person = register.register_person(
        azc,
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
    person_id = person.person_id
    register.save_household(
        azc,
        Household(
            azc.env.uuid(),
            (
                HouseholdMember(person.display_name, Relation.ZELF, person_id=person_id),
                HouseholdMember("Kind", Relation.KIND),
            ),
        ),
    )
    register.couple(azc, person_id, "0355", day - timedelta(days=10))
    interview(azc, person_id, "intake", {"droom": canaries.ANSWER})
    answers = {"in_aanmerking": "ja" if eligible else "nee", "reden_niet": "testtaal"}
    interview(azc, person_id, "noa_assessment", {**answers, "afname_datum": day.isoformat()})
    goal = plan.new_goal(azc.env, "werk", canaries.GOAL)
    action = plan.new_action(azc.env, "Kennismaken met een bloemist", Doer.CLIENT)
    draft = replace(
        plan.draft(azc, person_id),
        main_path=Vervolgpad.LEER_WERK,
        leerroute=Leerroute.B1,
        goals=(replace(goal, actions=(action,)),),
        client_view=canaries.CLIENT_VIEW,
        discussed_on=day,
    )
    plan.establish(azc, plan.save(azc, draft).plan_id)

    sealed = hand_over.seal(azc, person_id, line.usb, texts=TEXTS)
    assert sealed.state is HandoverState.AANGEBODEN
    assert stations(azc, person_id)[Station.GEACCEPTEERD] is not StationState.DONE
    file = line.usb / sealed.file_name

    item = receive.take_in(municipality, file)
    receipt = receive.accept(
        municipality,
        item.handover_id,
        first_talk=day + timedelta(days=7),
        receipt_folder=line.usb,
    )
    accepted = hand_over.import_receipt(azc, receipt)

    assert accepted.state is HandoverState.GEACCEPTEERD
    assert accepted.first_talk == day + timedelta(days=7)
    reached = stations(azc, person_id)
    noa = StationState.DONE if eligible else StationState.NOT_APPLICABLE
    assert reached.pop(Station.NOA) is noa
    assert set(reached.values()) == {StationState.DONE}

    (row,) = case.people(municipality)
    theirs = case.overview(municipality, row.person.person_id)
    assert theirs.person.v_number == canaries.V_NUMBER
    assert theirs.person.name_in_own_script == canaries.OWN_SCRIPT
    assert theirs.plan is not None
    assert theirs.plan.goals[0].text == canaries.GOAL
    assert {i.form_id for i in theirs.interviews} == {"intake", "noa_assessment"}
    with municipality.read() as records:
        values = {
            answer.value
            for i in theirs.interviews
            for answer in records.answers.of_interview(i.interview_id)
        }
    assert canaries.ANSWER in values

    line.close()
    assert canaries.search([tmp_path]) == []


def test_the_receiver_starts_without_an_azc(tmp_path: Path) -> None:
    line = Line(tmp_path)
    vault = line.municipality
    person = register.register_person(
        vault,
        PersonDraft(family_name="Riet", is_nareiziger=True, contact_language="ti"),
    )
    assert case.overview(vault, person.person_id).next_step.kind is (
        case.NextStepKind.INTAKE_BEGINNEN
    )
    interview(vault, person.person_id, "intake", {})
    draft = plan.draft(vault, person.person_id)
    goal = plan.new_goal(vault.env, "taal", "Ik leer lezen.")
    action = plan.new_action(vault.env, "Naar de les", Doer.CLIENT, "gemeente")
    kept = plan.save(
        vault,
        replace(
            draft,
            main_path=Vervolgpad.ONDERWIJS,
            goals=(replace(goal, actions=(action,)),),
            discussed_on=today(vault.env),
        ),
    )
    plan.establish(vault, kept.plan_id)
    found = case.overview(vault, person.person_id)
    assert found.next_step.kind is case.NextStepKind.UITVOEREN
    line.close()


def test_a_wrong_passphrase_changes_nothing(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.close()
    folder = tmp_path / "azc"
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix in {".db", ".json"}}
    with pytest.raises(WrongPassphrase, match="klopt niet"):
        unlock(folder, "een heel andere zin dan deze", environment(3))
    after = {p.name: p.read_bytes() for p in folder.iterdir() if p.name in before}
    before.pop("pogingen.json", None)
    assert {name: after[name] for name in before} == before
    unlock(folder, canaries.PASSPHRASE_AZC, environment(3)).close()


def stations(vault: Vault, person_id: object) -> dict[Station, StationState]:
    found = case.overview(vault, person_id)  # type: ignore[arg-type]
    return {view.station: view.state for view in found.stations}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_search_for_canaries_finds_them(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "diep").mkdir()
    (tmp_path / "diep" / "x.bin").write_bytes(b"\x00\xff" + canaries.OWN_SCRIPT.encode(encoding))
    (hit,) = canaries.search([tmp_path])
    assert (hit.canary, hit.encoding) == (canaries.OWN_SCRIPT, encoding)
