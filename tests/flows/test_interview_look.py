"""What an answer was before, and what fell away: in words, and in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from support.falling import place, start_falling
from support.interviews import resume
from support.vaults import prepared_vault

from intake_app.domain.interview import AnswerSource, AnswerState
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.interview_look import all_fallen, fallen, gate_of, history
from intake_app.flows.interview_undo import How
from intake_app.vault import Vault


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path_factory.mktemp("kijken") / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    return start_falling(vault)


def test_history_is_in_words_newest_first(flow: InterviewFlow, vault: Vault) -> None:
    worked = place("werk/gewerkt")
    flow.answer(worked, "ja")
    flow.set_state(worked, AnswerState.REFUSED)
    flow.answer(worked, "nee")
    flow.source(worked, AnswerSource.DOCUMENT)
    flow.later(worked, True)
    told = history(vault, flow, worked)
    assert [(tuple(t.text for t in past.texts), past.state, past.source) for past in told] == [
        (("Nee",), AnswerState.ANSWERED, AnswerSource.DOCUMENT),
        (("Nee",), AnswerState.ANSWERED, AnswerSource.CLIENT),
        ((), AnswerState.REFUSED, AnswerSource.CLIENT),
        (("Ja",), AnswerState.ANSWERED, AnswerSource.CLIENT),
    ]
    assert [past.now for past in told] == [True, False, False, False]
    assert {past.by for past in told} == {vault.user.name}
    (newest, *_) = history(vault, flow, worked, "ar")
    assert [(text.text, text.language) for text in newest.texts] == [("[ar] Nee", "ar")]


def test_a_text_that_was_typed_counts_once(flow: InterviewFlow, vault: Vault) -> None:
    city = place("gezin/kind/voornaam", _child(flow))
    for text in ("A", "Ad", "Ada"):
        flow.save_typing(city, text)
    flow.answer(city, "Bo")
    told = history(vault, flow, city)
    assert [past.texts[0].text for past in told] == ["Bo", "Ada"]


def test_an_unanswered_question_has_no_history(flow: InterviewFlow, vault: Vault) -> None:
    assert history(vault, flow, place("woon/leeftijd")) == ()


def test_looking_at_history_is_in_the_log(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    history(vault, flow, place("werk/gewerkt"))
    with vault.read() as records:
        said = json.loads(records.audit.entries(1)[0].body)
    assert said["EventActionCode"] == "R"
    assert said["users"][0]["purposeOfUse"] == "eerdere antwoorden bekijken"


def test_what_fell_is_told_with_question_part_and_way_back(flow: InterviewFlow) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    flow.answer(place("werk/naam_baas"), "De bakker")
    job, _ = flow.add_repeat("/data/werk/baan")
    flow.answer(place("werk/baan/dag", job), "nee")
    step = flow.answer(place("werk/gewerkt"), "nee").step
    told = fallen(flow, (step,))
    assert [(f.question.text, f.part, f.texts[0].text, f.how) for f in told] == [
        ("Voor wie werkte u?", "", "De bakker", How.HIDDEN),
        ("Hele dagen?", "Baan 1", "Nee", How.HIDDEN),
    ]
    assert [f.back for f in told] == [place("werk/gewerkt")] * 2
    assert fallen(flow, (step,), "ar")[1].texts[0].text == "[ar] Nee"
    flow.answer(place("werk/gewerkt"), "ja")
    assert fallen(flow, (step,)) == ()


def test_everything_that_fell_is_found_after_a_restart(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(place("woon/land"), "nl")
    flow.answer(place("woon/stad"), "zeist")
    flow.answer(place("werk/gewerkt"), "ja")
    jobs = [flow.add_repeat("/data/werk/baan")[0] for _ in range(2)]
    for job, work in zip(jobs, ("kok", "bakker"), strict=True):
        flow.answer(place("werk/baan/functie", job), work)
    flow.remove_repeat("/data/werk/baan", jobs[0])
    step = flow.answer(place("woon/land"), "sy").step
    assert [(f.texts[0].text, f.how) for f in all_fallen(flow, (step,))] == [
        ("kok", How.REMOVED),
        ("Zeist", How.CLEARED),
    ]
    (removed,) = all_fallen(resume(vault, flow))
    assert (removed.part, removed.instance) == ("Baan 1", jobs[0])


def test_nested_parts_come_back_by_the_outer_one(flow: InterviewFlow) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    job, _ = flow.add_repeat("/data/werk/baan")
    task, _ = flow.add_repeat("/data/werk/baan/taak", job)
    flow.answer(place("werk/baan/taak/wat", task), "deeg")
    flow.remove_repeat("/data/werk/baan", job)
    (told,) = all_fallen(flow)
    assert (told.question.text, told.part, told.instance) == ("Welke taak?", "Taak 1", job)


def test_the_way_back_is_a_question_that_shows(flow: InterviewFlow) -> None:
    assert gate_of(flow.session, place("werk/naam_baas")) == place("werk/gewerkt")
    assert gate_of(flow.session, place("woon/leeftijd")) is None


def _child(flow: InterviewFlow):  # type: ignore[no-untyped-def]
    flow.answer(place("gezin/aantal"), "1")
    return flow.session.repeats("/data/gezin/kind")[0]
