from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.interviews import (
    MarkedTexts,
    OneForm,
    add_person,
    answers_in,
    key,
    resume,
    small_form,
    start_small,
)
from support.vaults import actor_of, prepared_vault

from intake_app.domain.event import EventKind
from intake_app.domain.interview import (
    AnswerSource,
    AnswerState,
    Interpretation,
    InterpreterMode,
    InterviewState,
)
from intake_app.flows.interview import InterviewFlow, InterviewRefused, NotReady
from intake_app.vault import DiskFull, Vault
from intake_app.xforms import AnswerRefused


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    return start_small(vault)


@contextmanager
def full_disk(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the commit fail after everything was written, as a full disk does."""
    real = vault.transaction

    @contextmanager
    def failing(actor: object, purpose: str) -> Iterator[object]:
        with real(actor, purpose) as tx:  # type: ignore[arg-type]
            yield tx
            raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(vault, "transaction", failing)
        yield


def test_start_stores_the_form_version_the_interview_and_the_event(vault: Vault) -> None:
    person = add_person(vault)
    flow = start_small(vault, form_id="intake", person_id=person.person_id)
    with vault.read() as records:
        stored = records.interviews.get(flow.interview.interview_id)
        assert stored == flow.interview
        version = records.forms.get(stored.form_sha256)
        events = records.events.of_person(person.person_id)
    assert version is not None
    assert version.xml == small_form().xml
    assert [event.kind for event in events] == [EventKind.INTAKE_BEGONNEN]
    assert flow.position == key("welkom")


def test_only_the_intake_makes_an_event(vault: Vault) -> None:
    flow = start_small(vault, form_id="klein")
    with vault.read() as records:
        assert records.events.of_person(flow.interview.person_id) == ()


def test_a_second_open_interview_with_the_same_form_is_refused(
    flow: InterviewFlow, vault: Vault
) -> None:
    with pytest.raises(InterviewRefused):
        start_small(vault, person_id=flow.interview.person_id)


def test_an_acknowledged_answer_is_in_the_vault(flow: InterviewFlow, vault: Vault) -> None:
    saved = flow.answer(key("gewerkt"), "ja")
    assert saved.at.tzinfo is not None
    assert key("gewerkt") in saved.changes.values
    assert answers_in(vault, flow.interview.interview_id)[key("gewerkt").path, None] == "ja"
    again = resume(vault, flow)
    assert again.session.value(key("gewerkt")) == "ja"
    assert again.current_page() == flow.page_of(key("gewerkt"))


def test_calculated_values_are_stored_with_the_answer(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(key("leeftijd"), "21")
    stored = answers_in(vault, flow.interview.interview_id)
    assert stored[key("dubbel").path, None] == "42"


def test_every_question_takes_a_state_also_a_required_one(
    flow: InterviewFlow, vault: Vault
) -> None:
    flow.answer(key("gewerkt"), "ja")
    for state in (
        AnswerState.UNKNOWN,
        AnswerState.REFUSED,
        AnswerState.NOT_ASKED,
        AnswerState.NOT_APPLICABLE,
    ):
        flow.set_state(key("gewerkt"), state)
        row = resume(vault, flow).row(key("gewerkt"))
        assert row is not None
        assert (row.state, row.value) == (state, "")
    assert all(problem.key != key("gewerkt") for problem in flow.session.problems())


def test_note_later_and_source_stay_with_the_answer(flow: InterviewFlow, vault: Vault) -> None:
    flow.note(key("naam_tolk"), "spreekt zacht", in_handover=True)
    flow.later(key("naam_tolk"), flag=True)
    flow.source(key("naam_tolk"), AnswerSource.DOCUMENT)
    row = resume(vault, flow).row(key("naam_tolk"))
    assert row is not None
    assert (row.note, row.note_in_handover, row.later) == ("spreekt zacht", True, True)
    assert (row.source, row.state) == (AnswerSource.DOCUMENT, AnswerState.NONE)
    flow.answer(key("naam_tolk"), "Tigrinya")
    row = resume(vault, flow).row(key("naam_tolk"))
    assert row is not None
    assert (row.note, row.later, row.value) == ("spreekt zacht", False, "Tigrinya")


def test_an_empty_note_never_leaves(flow: InterviewFlow) -> None:
    flow.note(key("naam_tolk"), "", in_handover=True)
    row = flow.row(key("naam_tolk"))
    assert row is None or not row.note_in_handover


def test_the_source_is_the_one_the_form_names(flow: InterviewFlow) -> None:
    flow.answer(key("gewerkt"), "nee")
    flow.answer(key("oordeel"), "goed")
    rows = [flow.row(key("gewerkt")), flow.row(key("oordeel"))]
    assert [row.source for row in rows if row] == [AnswerSource.CLIENT, AnswerSource.STAFF]


def test_repeats_are_stored_with_their_answers(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(key("gewerkt"), "ja")
    first, *_ = flow.session.repeats(key("baan").path)
    second, saved = flow.add_repeat(key("baan").path)
    assert saved.changes.repeats_added
    flow.answer(key("functie", first), "bakker")
    flow.answer(key("functie", second), "chauffeur")
    assert flow.place_of(second) == (key("baan").path, 2)
    again = resume(vault, flow)
    assert again.session.repeats(key("baan").path) == (first, second)
    assert again.session.value(key("functie", second)) == "chauffeur"
    again.remove_repeat(key("baan").path, first)
    once_more = resume(vault, again)
    assert once_more.session.repeats(key("baan").path) == (second,)
    assert once_more.row(key("functie", first)) is None
    assert once_more.place_of(second) == (key("baan").path, 1)


def test_hidden_answers_are_kept_and_come_back(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(key("gewerkt"), "ja")
    (first,) = flow.session.repeats(key("baan").path)
    flow.answer(key("functie", first), "bakker")
    saved = flow.answer(key("gewerkt"), "nee")
    assert saved.changes.hidden_answers == (key("functie", first),)
    assert flow.hidden_answers == (key("functie", first),)
    again = resume(vault, flow)
    assert again.hidden_answers == (key("functie", first),)
    assert "functie" not in {n for i in again.filled().instances("functie") for n in i}
    again.answer(key("gewerkt"), "ja")
    assert again.session.value(key("functie", first)) == "bakker"
    assert again.hidden_answers == ()
    assert [i["functie"].value for i in again.filled().instances("functie")] == ["bakker"]


def test_text_that_is_being_typed_is_stored_in_the_same_row(
    flow: InterviewFlow, vault: Vault
) -> None:
    flow.save_typing(key("naam_tolk"), "Tigr")
    assert flow.typing == {key("naam_tolk")}
    assert answers_in(vault, flow.interview.interview_id)[key("naam_tolk").path, None] == "Tigr"
    flow.answer(key("naam_tolk"), "Tigrinya")
    assert flow.typing == frozenset()
    with pytest.raises(ValueError, match="only text"):
        flow.save_typing(key("leeftijd"), "1")


def test_an_answer_of_the_wrong_type_changes_nothing(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(key("leeftijd"), "21")
    before = answers_in(vault, flow.interview.interview_id)
    with pytest.raises(AnswerRefused):
        flow.answer(key("leeftijd"), "eenentwintig")
    assert flow.session.value(key("leeftijd")) == "21"
    assert answers_in(vault, flow.interview.interview_id) == before


def test_a_violated_constraint_is_stored_and_reported(flow: InterviewFlow) -> None:
    flow.answer(key("gewerkt"), "ja")
    (first,) = flow.session.repeats(key("baan").path)
    flow.answer(key("jaren", first), "99")
    problems = {problem.key: problem.text.text for problem in flow.session.problems()}
    assert problems[key("jaren", first)] == "Vul 0 tot en met 60 in."
    with pytest.raises(NotReady):
        flow.finish()


@pytest.mark.parametrize("step", ["answer", "state", "note", "repeat", "remove", "move", "finish"])
def test_a_full_disk_leaves_session_and_vault_as_they_were(
    flow: InterviewFlow, vault: Vault, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    flow.answer(key("gewerkt"), "ja")
    (first,) = flow.session.repeats(key("baan").path)
    flow.answer(key("functie", first), "bakker")
    before, position = answers_in(vault, flow.interview.interview_id), flow.position
    steps = {
        "answer": lambda: flow.answer(key("gewerkt"), "nee"),
        "state": lambda: flow.set_state(key("gewerkt"), AnswerState.REFUSED),
        "note": lambda: flow.note(key("gewerkt"), "tekst", in_handover=False),
        "repeat": lambda: flow.add_repeat(key("baan").path),
        "remove": lambda: flow.remove_repeat(key("baan").path, first),
        "move": lambda: flow.move_to(key("talen")),
        "finish": flow.finish,
    }
    with full_disk(vault, monkeypatch), pytest.raises(DiskFull):
        steps[step]()
    assert answers_in(vault, flow.interview.interview_id) == before
    assert flow.session.value(key("gewerkt")) == "ja"
    assert flow.session.repeats(key("baan").path) == (first,)
    assert flow.session.value(key("functie", first)) == "bakker"
    assert flow.row(key("gewerkt")).note == ""  # type: ignore[union-attr]
    assert flow.position == position
    assert flow.is_open
    steps[step]()
    assert resume(vault, flow).session.snapshot() == flow.session.snapshot()


def test_the_position_is_the_question_with_the_focus(flow: InterviewFlow, vault: Vault) -> None:
    page = flow.page_of(key("opmerking"))
    assert page is not None
    flow.move_to(page.key, key("opmerking"))
    again = resume(vault, flow)
    assert again.position == key("opmerking")
    assert again.current_page() == page


def test_a_position_that_is_gone_leads_to_the_first_page(flow: InterviewFlow, vault: Vault) -> None:
    flow.answer(key("gewerkt"), "ja")
    (first,) = flow.session.repeats(key("baan").path)
    flow.move_to(key("functie", first))
    with pytest.raises(InterviewRefused):
        flow.move_to(key("functie"))
    flow.answer(key("gewerkt"), "nee")
    assert resume(vault, flow).current_page() == flow.page_of(key("gewerkt"))


def test_the_outline_counts_what_is_answered_and_put_off(flow: InterviewFlow) -> None:
    flow.answer(key("gewerkt"), "nee")
    flow.later(key("talen"), flag=True)
    flow.set_state(key("oordeel"), AnswerState.REFUSED)
    work = next(s for s in flow.outline() if s.name == "werk")
    assert (work.title.text, work.later, work.refused) == ("Werk", 1, 1)
    assert (work.answered, work.total) == (2, 3)
    assert not work.done


def test_open_ends_name_what_deserves_a_look(flow: InterviewFlow) -> None:
    ends = {end.key: end for end in flow.open_ends()}
    assert ends[key("gewerkt")].problem is not None
    flow.answer(key("gewerkt"), "nee")
    flow.set_state(key("talen"), AnswerState.UNKNOWN)
    ends = {end.key: end for end in flow.open_ends()}
    assert key("gewerkt") not in ends
    assert ends[key("talen")].state is AnswerState.UNKNOWN
    assert key("welkom") not in ends


def test_interpretation_is_stored(flow: InterviewFlow, vault: Vault) -> None:
    told = Interpretation(InterpreterMode.KIND, "", "ar", ("/data/werk",), ("/data/kort",))
    flow.set_interpretation(told)
    assert resume(vault, flow).interview.interpretation == told


def test_finish_asks_for_every_problem_to_be_settled(flow: InterviewFlow, vault: Vault) -> None:
    with pytest.raises(NotReady) as refused:
        flow.finish()
    assert [problem.key for problem in refused.value.problems] == [key("gewerkt")]
    flow.set_state(key("gewerkt"), AnswerState.REFUSED)
    done = flow.finish()
    assert done.state is InterviewState.VASTGESTELD
    assert done.finished_at is not None
    again = resume(vault, flow)
    assert not again.is_open
    with pytest.raises(InterviewRefused):
        again.answer(key("gewerkt"), "ja")
    assert again.session.state(key("gewerkt")).value == AnswerState.REFUSED.value


def test_staff_questions_are_known(flow: InterviewFlow) -> None:
    assert flow.staff_only(key("oordeel"))
    assert not flow.staff_only(key("gewerkt"))
    assert flow.client_facing


def test_an_interview_keeps_its_form_version(vault: Vault) -> None:
    flow = start_small(vault)
    changed = small_form().xml.replace(b"Heeft u gewerkt?", b"Werkte u?")
    from intake_app.xforms import parse_form

    other = InterviewFlow.start(
        vault,
        OneForm(parse_form(changed, name="klein")),
        MarkedTexts(),
        flow.interview.person_id,
        "anders",
        "ar",
        Interpretation(),
        actor_of(vault),
    )
    assert resume(vault, flow).view(key("gewerkt")).label.text == "Heeft u gewerkt?"
    assert resume(vault, other).view(key("gewerkt")).label.text == "Werkte u?"


def test_an_unknown_interview_is_refused_in_words(vault: Vault) -> None:
    with pytest.raises(InterviewRefused, match="kluis"):
        InterviewFlow.resume(vault, MarkedTexts(), vault.env.uuid(), actor_of(vault))
