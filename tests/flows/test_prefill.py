"""What COA knows is proposed to the intake, and only what was chosen is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from support import shipped
from support.interviews import add_person
from support.vaults import actor_of, prepared_vault

from intake_app import paths
from intake_app.domain.interview import AnswerSource, AnswerState, Interpretation
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.prefill import Prefill, Proposal, prefill_for, take_over
from intake_app.formio.library import Library
from intake_app.vault import Vault
from intake_app.xforms import NodeKey

KNOWN = {
    "bron_soort": "tvs",
    "bron_datum": "2026-01-12",
    "moedertaal": "tir",
    "tolk_nodig": "ja",
    "huishouden_straks": "4",
    "gezinshereniging": "aangevraagd",
    "gezin_verwacht": "3",
    "school_gevolgd": "ja",
    "school_jaren": "9",
    "gewerkt": "ja",
    "werk_laatst": "Lasser",
    "meer_banen": "ja",
    "functie": "Kok",
    "baan_sector": "horeca",
    "taalles_nu": "coa zelf",
    "coa_lesuren": "84",
    "zichtbaar": "geen",
}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shipped.compiled())


@pytest.fixture
def vault(tmp_path: Path):
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def person_id(vault: Vault) -> UUID:
    return add_person(vault).person_id


def start(vault: Vault, library: Library, person_id: UUID, form_id: str) -> InterviewFlow:
    return InterviewFlow.start(
        vault, library, None, person_id, form_id, "nl", Interpretation(), actor_of(vault)
    )


def profile(vault: Vault, library: Library, person_id: UUID, **answers: str) -> InterviewFlow:
    flow = start(vault, library, person_id, "klantprofiel")
    fill(flow, {**KNOWN, **answers}, choose=False)
    flow.add_repeat("/data/kp_werk/baan")
    first = flow.session.repeats("/data/kp_werk/baan")[0]
    for name in ("functie", "baan_sector"):
        (path,) = (p for p in flow.form.questions if p.endswith(f"/{name}"))
        from intake_app.xforms import NodeKey

        flow.answer(NodeKey(path, first), KNOWN[name])
    flow.finish()
    return flow


def offered(vault: Vault, library: Library, person_id: UUID) -> Prefill:
    found = prefill_for(vault, library, person_id, "intake")
    assert found is not None
    return found


def named(prefill: Prefill) -> dict[str, Proposal]:
    return {proposal.path.rpartition("/")[2]: proposal for proposal in prefill.proposals}


def test_nothing_is_proposed_without_a_profile(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    assert prefill_for(vault, library, person_id, "intake") is None


def test_a_profile_that_is_still_being_filled_in_proposes_nothing(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    flow = start(vault, library, person_id, "klantprofiel")
    fill(flow, KNOWN, choose=False)
    assert prefill_for(vault, library, person_id, "intake") is None


def test_the_profile_proposes_by_concept_in_the_words_of_the_intake(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    source = profile(vault, library, person_id)
    found = offered(vault, library, person_id)
    assert found.interview_id == source.interview.interview_id
    assert found.taken_on.isoformat() == "2026-01-12"
    proposals = named(found)
    assert {"moedertaal", "huishouden_straks", "school_jaren", "werk_laatst"} <= proposals.keys()
    assert proposals["moedertaal"].shown == "Tigrinya"
    assert proposals["moedertaal"].question == "Wat is uw moedertaal?"
    assert proposals["taalles_nu"].shown == "In de les van COA, Zelf, met een app of boek"
    job = proposals["functie"]
    assert (job.value, job.number, job.repeat.endswith("/baan")) == ("Kok", 1, True)
    assert not {"bron_soort", "bron_datum", "zichtbaar"} & proposals.keys()
    order = list(library.load("intake").questions)
    places = [order.index(p.path) for p in found.proposals if not p.repeat]
    assert places == sorted(places)


def test_what_is_not_known_is_not_proposed(vault: Vault, library: Library, person_id: UUID) -> None:
    profile(vault, library, person_id)
    assert "herkomst_land" not in named(offered(vault, library, person_id))
    assert "woning_eis" not in named(offered(vault, library, person_id))


def test_only_what_was_chosen_is_stored_and_coa_is_its_source(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    profile(vault, library, person_id)
    proposals = named(offered(vault, library, person_id))
    flow = start(vault, library, person_id, "intake")
    chosen = [proposals[name] for name in ("moedertaal", "school_gevolgd", "school_jaren")]
    first = flow.position
    assert take_over(flow, chosen) == ()
    assert flow.position == first
    again = InterviewFlow.resume(vault, None, flow.interview.interview_id, actor_of(vault))
    stored = {
        path.rpartition("/")[2]: row
        for path in (p.path for p in proposals.values())
        for row in (again.row(_key(again, path)),)
        if row is not None and row.state is AnswerState.ANSWERED
    }
    assert {name: row.value for name, row in stored.items()} == {
        "moedertaal": "tir",
        "school_gevolgd": "ja",
        "school_jaren": "9",
    }
    assert {row.source for row in stored.values()} == {AnswerSource.COA}


def _key(flow: InterviewFlow, path: str):
    from intake_app.xforms import NodeKey

    del flow
    return NodeKey(path)


def test_an_answer_that_is_there_stays_as_it_is(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    profile(vault, library, person_id)
    proposals = named(offered(vault, library, person_id))
    flow = start(vault, library, person_id, "intake")
    mother, school = proposals["moedertaal"], proposals["school_gevolgd"]
    flow.answer(_key(flow, mother.path), "ara")
    flow.set_state(_key(flow, school.path), AnswerState.REFUSED)
    assert take_over(flow, [mother, school]) == (mother, school)
    assert flow.session.value(_key(flow, mother.path)) == "ara"
    assert flow.row(_key(flow, mother.path)).source is AnswerSource.CLIENT
    assert flow.row(_key(flow, school.path)).state is AnswerState.REFUSED


def test_work_waits_below_the_deepening_until_that_is_opened(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    from intake_app.xforms import NodeKey

    profile(vault, library, person_id)
    found = offered(vault, library, person_id)
    flow = start(vault, library, person_id, "intake")
    assert take_over(flow, found.proposals) == ()
    job = named(found)["functie"]
    (instance,) = flow.session.repeats(job.repeat)
    key = NodeKey(job.path, instance)
    assert flow.session.value(key) == "Kok"
    if not flow.session.view(key).relevant:
        assert key in flow.hidden_answers
        (gate,) = (p for p in flow.form.questions if p.endswith("/verdiepen_werk"))
        flow.answer(NodeKey(gate), "ja")
    assert flow.session.view(key).relevant
    assert [p for p in flow.session.problems() if p.key == key] == []


def test_a_job_that_was_told_gets_no_part_of_another(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    profile(vault, library, person_id)
    found = offered(vault, library, person_id)
    job = named(found)["functie"]
    flow = start(vault, library, person_id, "intake")
    if not flow.session.repeats(job.repeat):
        flow.add_repeat(job.repeat)
    (instance,) = flow.session.repeats(job.repeat)
    (country,) = (p for p in flow.form.questions if p.endswith("/baan_land"))
    flow.answer(NodeKey(country, instance), "Sudan")
    of_job = [p for p in found.proposals if p.repeat == job.repeat]
    assert set(take_over(flow, found.proposals)) == set(of_job)
    assert flow.session.value(NodeKey(job.path, instance)) == ""
    assert flow.session.value(NodeKey(country, instance)) == "Sudan"


def test_what_the_client_corrects_is_no_longer_the_word_of_coa(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    profile(vault, library, person_id)
    found = named(offered(vault, library, person_id))
    flow = start(vault, library, person_id, "intake")
    names = ("school_jaren", "moedertaal", "werk_laatst", "school_gevolgd")
    assert take_over(flow, [found[name] for name in names]) == ()
    years, mother, work, school = (NodeKey(found[name].path) for name in names)
    flow.answer(years, "9")  # said again as it was
    flow.answer(mother, "ara")
    flow.save_typing(work, "Lasser in de haven")
    flow.set_state(school, AnswerState.REFUSED)
    sources = {key: row.source for key in (years, mother, work, school) if (row := flow.row(key))}
    assert sources.pop(years) is AnswerSource.COA
    assert set(sources.values()) == {AnswerSource.CLIENT}
    assert len(sources) == 3


def test_what_does_not_fit_leaves_no_source_behind(
    vault: Vault, library: Library, person_id: UUID
) -> None:
    profile(vault, library, person_id)
    years = replace(named(offered(vault, library, person_id))["school_jaren"], value="negen")
    flow = start(vault, library, person_id, "intake")
    assert take_over(flow, [years]) == (years,)
    key = NodeKey(years.path)
    flow.answer(key, "4")
    row = flow.row(key)
    assert row is not None
    assert (row.value, row.source) == ("4", AnswerSource.CLIENT)


def test_the_newest_profile_counts(vault: Vault, library: Library, person_id: UUID) -> None:
    profile(vault, library, person_id)
    second = profile(vault, library, person_id, moedertaal="ara", bron_datum="2026-02-09")
    found = offered(vault, library, person_id)
    assert found.interview_id == second.interview.interview_id
    assert named(found)["moedertaal"].value == "ara"


def test_every_shared_fact_of_the_profile_fits_the_intake(library: Library) -> None:
    """Same concept: same kind, and no choice that the intake does not have."""
    from intake_app.xforms import FormSession, NodeKey

    profile_form, intake = library.load("klantprofiel"), library.load("intake")
    by_concept = {
        q.attributes["concept"]: q
        for q in intake.questions.values()
        if q.attributes.get("concept") and q.kind.askable
    }
    own = _session(profile_form)
    theirs = _session(intake)
    shared = [
        (q, by_concept[q.attributes["concept"]])
        for q in profile_form.questions.values()
        if q.attributes.get("concept") in by_concept
    ]
    assert len(shared) >= 30
    for mine, other in shared:
        assert (mine.kind, bool(mine.repeat)) == (other.kind, bool(other.repeat)), mine.name

        def offers(session: FormSession, question) -> set[str]:
            key = NodeKey(question.path)
            if question.repeat:
                rows = session.repeats(question.repeat)
                key = NodeKey(
                    question.path, rows[0] if rows else session.add_repeat(question.repeat)[0]
                )
            return {choice.value for choice in session.view(key).choices}

        assert offers(own, mine) <= offers(theirs, other), mine.name


def _session(form):
    from itertools import count

    from intake_app.formio.scripts import NOW
    from intake_app.xforms import FormSession

    made = count(1)
    return FormSession(
        form, now=lambda: NOW, uuid=lambda: UUID(int=next(made), version=4), random=lambda: 0.5
    )


def test_codes_of_reasons_are_those_of_the_form() -> None:
    import csv

    from intake_app.flows.mappers.geen_azc_intake import REASONS

    file = paths.forms_dir() / "geen_azc_intake" / "choices.csv"
    with file.open(encoding="utf-8", newline="") as read:
        rows = {r["name"]: r["label"] for r in csv.DictReader(read) if r["list_name"] == "reden"}
    assert rows == REASONS
