"""Taking back: what fell away is named, and comes back exactly."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.falling import place, start_falling
from support.interviews import resume
from support.vaults import prepared_vault

from intake_app.domain.interview import AnswerSource, AnswerState
from intake_app.flows.interview import InterviewFlow, InterviewRefused
from intake_app.flows.interview_parts import Saved
from intake_app.flows.interview_undo import How
from intake_app.vault import Vault
from intake_app.xforms import NodeKey, Snapshot

BAAN, TAAK, KIND = "/data/werk/baan", "/data/werk/baan/taak", "/data/gezin/kind"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path_factory.mktemp("ongedaan") / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    return start_falling(vault)


def add_job(flow: InterviewFlow, work: str, years: str = "2") -> UUID:
    job, _ = flow.add_repeat(BAAN)
    flow.answer(place("werk/baan/functie", job), work)
    flow.answer(place("werk/baan/jaren", job), years)
    return job


def content(flow: InterviewFlow) -> Snapshot:
    return flow.session.snapshot()


def resumed(flow: InterviewFlow, vault: Vault) -> InterviewFlow:
    again = resume(vault, flow)
    assert {a for a in content(again).answers if a.value or a.state.value} == {
        a for a in content(flow).answers if a.value or a.state.value
    }
    assert content(again).repeats == content(flow).repeats
    return again


def test_hidden_answers_are_named_and_come_back(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    flow.answer(place("werk/naam_baas"), "De bakker")
    job = add_job(flow, "bakker")
    before = content(flow)
    saved = flow.answer(place("werk/gewerkt"), "nee")
    assert [(fell.key, fell.how) for fell in saved.step.fell] == [
        (place("werk/naam_baas"), How.HIDDEN),
        (place("werk/baan/functie", job), How.HIDDEN),
        (place("werk/baan/jaren", job), How.HIDDEN),
    ]
    assert flow.still_fallen(saved.step) == saved.step.fell
    flow.take_back(saved.step)
    assert flow.still_fallen(saved.step) == ()
    assert content(flow) == before
    resumed(flow, vault)


def test_a_choice_that_is_none_any_more_comes_back(flow: InterviewFlow) -> None:
    flow.answer(place("woon/land"), "nl")
    flow.answer(place("woon/stad"), "zeist")
    before = content(flow)
    saved = flow.answer(place("woon/land"), "sy")
    assert [(fell.key, fell.how) for fell in saved.step.fell] == [(place("woon/stad"), How.CLEARED)]
    flow.take_back(saved.step)
    assert content(flow) == before


def test_a_removed_part_comes_back_with_all_that_was_in_it(
    flow: InterviewFlow, vault: Vault
) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    first, second, third = (add_job(flow, work) for work in ("bakker", "kok", "kapper"))
    task, _ = flow.add_repeat(TAAK, second)
    flow.answer(place("werk/baan/taak/wat", task), "deeg")
    flow.note(place("werk/baan/functie", second), "vroeg beginnen", in_handover=True)
    flow.source(place("werk/baan/functie", second), AnswerSource.DOCUMENT)
    before = content(flow)
    saved = flow.remove_repeat(BAAN, second)
    assert {fell.how for fell in saved.step.fell} == {How.REMOVED}
    assert len(saved.step.fell) == 3
    assert flow.session.repeats(BAAN) == (first, third)
    flow.take_back(saved.step)
    assert content(flow) == before
    again = resumed(flow, vault)
    row = again.row(place("werk/baan/functie", second))
    assert row is not None
    assert (row.note, row.source) == ("vroeg beginnen", AnswerSource.DOCUMENT)
    assert again.removed == ()


def test_a_removed_part_comes_back_after_a_restart(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    first, second = add_job(flow, "bakker"), add_job(flow, "kok")
    task, _ = flow.add_repeat(TAAK, first)
    gone, _ = flow.add_repeat(TAAK, first)
    flow.answer(place("werk/baan/taak/wat", task), "deeg")
    flow.remove_repeat(TAAK, gone)
    before = content(flow)
    flow.remove_repeat(BAAN, first)
    again = resume(vault, flow)
    assert again.session.repeats(BAAN) == (second,)
    whole = again.with_removed()
    assert whole.value(place("werk/baan/functie", first)) == "bakker"
    again.restore_repeat(first)
    assert {(r.id, r.position) for r in content(again).repeats} == {
        (r.id, r.position) for r in before.repeats
    }
    assert again.session.value(place("werk/baan/taak/wat", task)) == "deeg"
    # what had been removed before stays removed
    assert [one.row.instance for one in again.removed] == [gone]
    with pytest.raises(InterviewRefused):
        again.restore_repeat(first)


def test_parts_that_follow_a_number_come_back(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(place("gezin/aantal"), "3")
    children = flow.session.repeats(KIND)
    for name, child in zip(("Ada", "Bo", "Cis"), children, strict=True):
        flow.answer(place("gezin/kind/voornaam", child), name)
    before = content(flow)
    saved = flow.answer(place("gezin/aantal"), "1")
    assert [fell.key.repeat for fell in saved.step.fell] == list(children[1:])
    flow.take_back(saved.step)
    assert content(flow) == before
    resumed(flow, vault)


def test_notes_stay_with_a_part_that_the_number_brings_back(flow: InterviewFlow) -> None:
    flow.answer(place("gezin/aantal"), "1")
    (child,) = flow.session.repeats(KIND)
    flow.answer(place("gezin/kind/voornaam", child), "Ada")
    flow.note(place("gezin/kind/voornaam", child), "tweelingzus", in_handover=False)
    flow.answer(place("gezin/aantal"), "0")
    assert flow.row(place("gezin/kind/voornaam", child)) is None
    flow.answer(place("gezin/aantal"), "1")
    row = flow.row(place("gezin/kind/voornaam", child))
    assert row is not None
    assert row.note == "tweelingzus"


def test_what_was_answered_since_stays(flow: InterviewFlow) -> None:
    flow.answer(place("woon/land"), "nl")
    flow.answer(place("woon/stad"), "zeist")
    saved = flow.answer(place("woon/land"), "sy")
    flow.answer(place("woon/stad"), "homs")
    flow.answer(place("woon/leeftijd"), "30")
    flow.note(place("woon/land"), "zegt het zelf", in_handover=False)
    flow.take_back(saved.step)
    assert flow.session.value(place("woon/land")) == "nl"
    assert flow.session.value(place("woon/leeftijd")) == "30"
    assert flow.session.value(place("woon/stad")) == ""  # homs is no choice in this land
    row = flow.row(place("woon/land"))
    assert row is not None
    assert row.note == "zegt het zelf"


def test_the_source_comes_back_with_the_answer(flow: InterviewFlow) -> None:
    land = place("woon/land")
    flow.answer(land, "nl")
    flow.source(land, AnswerSource.COA)
    flow.later(land, True)
    saved = flow.answer(land, "sy")
    row = flow.row(land)
    assert row is not None
    assert (row.source, row.later) == (AnswerSource.CLIENT, False)
    flow.take_back(saved.step)
    row = flow.row(land)
    assert row is not None
    assert (row.value, row.source, row.later) == ("nl", AnswerSource.COA, True)


def test_moving_is_kept_and_taken_back(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    jobs = [add_job(flow, work) for work in ("bakker", "kok", "kapper")]
    before = content(flow)
    saved = flow.move_repeat(BAAN, jobs[2], 0)
    assert flow.session.repeats(BAAN) == (jobs[2], jobs[0], jobs[1])
    assert resume(vault, flow).session.repeats(BAAN) == (jobs[2], jobs[0], jobs[1])
    flow.take_back(saved.step)
    assert content(flow) == before
    resumed(flow, vault)


def test_taking_back_can_be_taken_back(flow: InterviewFlow) -> None:
    flow.answer(place("werk/gewerkt"), "ja")
    job = add_job(flow, "bakker")
    saved = flow.remove_repeat(BAAN, job)
    after = content(flow)
    undone = flow.take_back(saved.step)
    flow.take_back(undone.step)
    assert content(flow) == after


def test_a_full_disk_takes_nothing_back(
    flow: InterviewFlow, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    from intake_app.vault import DiskFull

    flow.answer(place("werk/gewerkt"), "ja")
    job = add_job(flow, "bakker")
    saved = flow.remove_repeat(BAAN, job)
    before = content(flow)
    real = vault.transaction

    @contextmanager
    def failing(actor: object, purpose: str) -> Iterator[object]:
        with real(actor, purpose) as tx:  # type: ignore[arg-type]
            yield tx
            raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(vault, "transaction", failing)
        with pytest.raises(DiskFull):
            flow.take_back(saved.step)
    assert content(flow) == before
    flow.take_back(saved.step)
    assert flow.session.value(place("werk/baan/functie", job)) == "bakker"


ANSWERS = {
    "woon/land": ("nl", "sy", ""),
    "woon/stad": ("zeist", "houten", "homs", ""),
    "woon/leeftijd": ("3", "200", ""),
    "gezin/aantal": ("0", "1", "3", ""),
    "werk/gewerkt": ("ja", "nee", ""),
    "werk/naam_baas": ("Bakker", ""),
}
INSIDE = {"werk/baan/functie": ("kok", "bakker", ""), "gezin/kind/voornaam": ("Ada", "")}
CHOSEN = {"woon/land", "woon/stad", "werk/gewerkt"}
STATES = (AnswerState.UNKNOWN, AnswerState.REFUSED, AnswerState.NOT_ASKED, AnswerState.NONE)


def rows(flow: InterviewFlow) -> dict[NodeKey, tuple[object, ...]]:
    """Return what is kept beside each answer."""
    keys = [answer.key for answer in content(flow).answers]
    found = {key: row for key in keys if (row := flow.row(key)) is not None}
    return {key: (r.value, r.state, r.source, r.later, r.note) for key, r in found.items()}


def any_step(flow: InterviewFlow, data: st.DataObject) -> Saved | None:
    """Do one thing a person can do; None where it is not possible now."""
    jobs = flow.session.repeats(BAAN)
    kind = data.draw(st.sampled_from(("answer", "state", "inside", "add", "remove", "move")))
    if kind in {"answer", "state"}:
        path = data.draw(st.sampled_from(sorted(ANSWERS)))
        if not flow.view(place(path)).relevant:
            return None
        if kind == "state":
            return flow.set_state(place(path), data.draw(st.sampled_from(STATES)))
        value = data.draw(st.sampled_from(ANSWERS[path]))
        offered = {choice.value for choice in flow.view(place(path)).choices}
        if value and path in CHOSEN and value not in offered:
            return None
        return flow.answer(place(path), value)
    if kind == "inside":
        path = data.draw(st.sampled_from(sorted(INSIDE)))
        instances = flow.session.repeats(f"/data/{path}".rpartition("/")[0])
        if not instances:
            return None
        key = place(path, data.draw(st.sampled_from(instances)))
        if not flow.view(key).relevant:
            return None
        return flow.answer(key, data.draw(st.sampled_from(INSIDE[path])))
    if not flow.view(place("werk/naam_baas")).relevant or (kind != "add" and not jobs):
        return None
    if kind == "add":
        return flow.add_repeat(BAAN)[1]
    job = data.draw(st.sampled_from(jobs))
    if kind == "remove":
        return flow.remove_repeat(BAAN, job)
    return flow.move_repeat(BAAN, job, data.draw(st.integers(0, 3)))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_undo_after_anything_gives_back_what_was(vault: Vault, data: st.DataObject) -> None:
    flow = start_falling(vault)
    flow.answer(place("werk/gewerkt"), "ja")
    for work in ("kok", "bakker", "kapper"):
        add_job(flow, work)
    for _ in range(data.draw(st.integers(1, 10))):
        before, kept = content(flow), rows(flow)
        saved = any_step(flow, data)
        if saved is None:
            continue
        if data.draw(st.booleans()):
            flow.take_back(saved.step)
            assert [a for a in content(flow).answers if a.value or a.state.value] == [
                a for a in before.answers if a.value or a.state.value
            ]
            assert content(flow).repeats == before.repeats
            assert {key: row for key, row in rows(flow).items() if key in kept} == kept
    resumed(flow, vault)
