"""Results of the NOA stay until the client has released the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support import filled
from support.chain import PERSON, add_person, make_chain
from support.vaults import actor_of

from intake_app import paths
from intake_app.domain.actor import ReceiverRole
from intake_app.domain.interview import Interpretation
from intake_app.domain.sharing import SharingRule, SharingTable, Verdict
from intake_app.flows import hand_over, receive
from intake_app.flows.dossier_words import CATEGORY_TITLES
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.preview import RowState
from intake_app.flows.selection import RESULTS, Why
from intake_app.formio.library import Library
from intake_app.handover.dossier import Dossier, from_json

EVERYTHING = SharingTable(
    {
        (category, role): SharingRule(category, role, Verdict.JA, "Daarom.", "AVG")
        for category in CATEGORY_TITLES
        for role in ReceiverRole
    }
)


@pytest.fixture
def azc(tmp_path: Path):
    chain = make_chain(tmp_path)
    add_person(chain.azc)
    yield chain
    chain.close()


def assess(vault, released: str, **more: str) -> None:
    flow = InterviewFlow.start(
        vault,
        Library(paths.compiled_dir()),
        filled.texts(),
        PERSON.person_id,
        "noa_assessment",
        "nl",
        Interpretation(),
        actor_of(vault),
    )
    fill(flow, {"in_aanmerking": "ja", "rapport_vrijgegeven": released} | more)
    flow.finish()


def sections(view: hand_over.HandoverPreview) -> dict[str, set[bool]]:
    """Return section name → whether its answers go (True), stay (False) or both."""
    (file,) = view.case.interviews
    assert view.selection is not None
    going = {(key.field, key.repeat) for key in view.selection.leaving_keys() if key.id}
    found: dict[str, set[bool]] = {}
    for question in file.questions:
        if question.relevant:
            goes = (question.answer.path, question.answer.repeat) in going
            found.setdefault(question.section.rpartition("/")[2], set()).add(goes)
    return found


@pytest.mark.parametrize(("answer", "goes"), [("nee", False), ("nog_niet", False), ("ja", True)])
def test_what_somebody_says_of_the_report_stays_with_it(azc, answer: str, goes: bool) -> None:
    assess(azc.azc, answer)
    view = hand_over.preview(azc.azc, PERSON.person_id, table=EVERYTHING)
    assert view.selection is not None
    going = {key.field.rpartition("/")[2] for key in view.selection.leaving_keys()}
    assert ("reactie_kandidaat" in going) is goes
    assert "rapport_vrijgegeven" in going


def dossier_of(azc, table: SharingTable) -> Dossier:
    """Seal for the town and return what it gets."""
    hand_over.seal(azc.azc, PERSON.person_id, azc.stick, table=table)
    (sealed,) = azc.stick.iterdir()
    return from_json(receive.take_in(azc.town, sealed).dossier_json)


@pytest.mark.parametrize(("released", "told"), [("nee", ""), ("nog_niet", ""), ("ja", "B")])
def test_the_event_tells_the_advice_of_a_released_report_only(azc, released, told) -> None:
    assess(azc.azc, released, advies_leerroute="B", afname_datum="2026-02-10")
    (event,) = (e for e in dossier_of(azc, EVERYTHING).events if e.kind == "assessment_afgenomen")
    assert event.detail == told


@pytest.mark.parametrize(("verdict", "told"), [(Verdict.NEE, ""), (Verdict.JA, "zintuig")])
def test_why_somebody_is_not_eligible_goes_as_far_as_a_health_signal(azc, verdict, told) -> None:
    assess(azc.azc, "nee", in_aanmerking="nee", reden_niet="zintuig")
    health = {
        key: replace(rule, verdict=verdict if key[0] == "gezondheid_signaal" else rule.verdict)
        for key, rule in EVERYTHING.rules.items()
    }
    (event,) = (
        e for e in dossier_of(azc, SharingTable(health)).events if e.kind == "niet_in_aanmerking"
    )
    assert event.detail == told


@pytest.mark.parametrize("answer", ["nee", "nog_niet"])
def test_results_that_are_not_released_stay_whatever_the_table_says(azc, answer: str) -> None:
    assess(azc.azc, answer)
    view = hand_over.preview(azc.azc, PERSON.person_id, table=EVERYTHING)
    found = sections(view)
    for section in RESULTS["noa_assessment"]:
        assert found[section] == {False}, section
    assert True in found["geschiktheid"]
    (row,) = (row for row in view.rows if row.why is Why.RELEASE)
    assert row.state is RowState.STAYS
    assert "niet vrijgegeven" in row.reason
    assert row.answers > 5


def test_what_stays_is_not_in_the_file_and_the_receiver_reads_why(azc) -> None:
    assess(azc.azc, "nee")
    hand_over.seal(azc.azc, PERSON.person_id, azc.stick, table=EVERYTHING)
    (sealed,) = azc.stick.iterdir()
    item = receive.take_in(azc.town, sealed)
    dossier = item.dossier_json.decode()
    assert "/data/geschiktheid/" in dossier
    for section in RESULTS["noa_assessment"]:
        assert f"/data/{section}/" not in dossier
    assert "niet vrijgegeven" in dossier


def test_a_released_report_goes(azc) -> None:
    assess(azc.azc, "ja")
    view = hand_over.preview(azc.azc, PERSON.person_id, table=EVERYTHING)
    found = sections(view)
    for section in RESULTS["noa_assessment"]:
        assert found[section] == {True}, section
    assert not [row for row in view.rows if row.why is Why.RELEASE]
