"""The dossier of a real intake: it holds what the table allows, nothing else, and arrives whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import filled
from support.chain import PERSON, Chain, add_person, make_chain
from support.vaults import actor_of

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.interview import AnswerState, InterviewState
from intake_app.domain.sharing import SharingRule, SharingTable, Verdict
from intake_app.flows import hand_over, receive
from intake_app.flows.case_file import CaseFile, read_case_file, restore
from intake_app.flows.dossier import assemble
from intake_app.flows.dossier_words import CATEGORY_TITLES
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.preview import rows
from intake_app.flows.selection import ItemKind, items, select
from intake_app.handover.dossier import Dossier, from_json, to_json
from intake_app.xforms import parse_form

NOTE_OUT = "alleen-voor-ons-notitie"
NOTE_IN = "mee-in-overdracht-notitie"


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    made = make_chain(tmp_path_factory.mktemp("keten"))
    add_person(made.azc)
    flow = filled.interview(made.azc, PERSON.person_id, finish=False)
    first, second, *_ = (
        key
        for page in flow.session.pages()
        for key in page.keys
        if flow.view(key).state.value == AnswerState.ANSWERED.value
        and flow.view(key).definition.attributes.get("sharing") == "taal"
    )
    flow.note(first, NOTE_OUT, in_handover=False)
    flow.note(second, NOTE_IN, in_handover=True)
    flow.finish()
    yield made
    made.close()


@pytest.fixture(scope="module")
def case(chain: Chain) -> CaseFile:
    return read_case_file(chain.azc, PERSON.person_id, filled.texts())


def dossier_for(case: CaseFile, table: SharingTable, role: ReceiverRole) -> Dossier:
    chosen = select(items(case), table, role, ())
    return assemble(
        case,
        chosen.leaving_keys(),
        rows(chosen, role, ()),
        dossier_id=case.person.person_id,
        version=1,
        created=case.interviews[0].interview.started_at,
        role=role,
        authors=(),
        unknown_author="Team",
    )


def table_of(verdicts: dict[str, Verdict], role: ReceiverRole) -> SharingTable:
    return SharingTable(
        {(c, role): SharingRule(c, role, v, "Daarom.", "AVG") for c, v in verdicts.items()}
    )


def categories_in(dossier: Dossier) -> set[str]:
    """Return the categories of everything that is really in the dossier."""
    found = {answer.category for i in dossier.interviews for answer in i.answers if answer.state}
    found |= {"notitie"} if any(a.note for i in dossier.interviews for a in i.answers) else set()
    found |= {"bsn"} if dossier.person.bsn else set()
    found |= {"identiteit"} if dossier.person.family_name else set()
    found |= {"contact"} if dossier.person.phone else set()
    found |= {"gezin"} if dossier.household else set()
    found |= {"koppeling"} if dossier.koppelingen or dossier.stays else set()
    found |= {"activiteit"} if dossier.activities else set()
    found |= {"plan"} if dossier.plan else set()
    found |= {"taal"} if dossier.person.languages else set()
    told = any(i.interpretation.interpreter for i in dossier.interviews)
    found |= {"begrip"} if dossier.person.contact_language or told else set()
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    allowed=st.sets(st.sampled_from(sorted(CATEGORY_TITLES))),
    role=st.sampled_from(list(ReceiverRole)),
)
def test_the_dossier_holds_exactly_the_allowed_set(
    case: CaseFile, allowed: set[str], role: ReceiverRole
) -> None:
    dossier = dossier_for(case, table_of(dict.fromkeys(allowed, Verdict.JA), role), role)
    everything = {item.category for item in items(case) if item.relevant and item.ticked}
    expected = everything & allowed
    if not {"notitie"} & allowed:
        expected -= {"notitie"}
    noted = next(i for i in items(case) if i.key.kind is ItemKind.NOTE and i.ticked)
    if noted.also not in allowed:
        expected -= {"notitie"}
    events_only = {"noa"}
    assert categories_in(dossier) - events_only == expected - events_only
    told = to_json(dossier).decode()
    assert (PERSON.bsn in told) is ("bsn" in allowed)
    assert NOTE_OUT not in told
    assert from_json(to_json(dossier)) == dossier


@pytest.mark.parametrize("role", list(ReceiverRole))
def test_the_shipped_table_lets_nothing_else_through(case: CaseFile, role: ReceiverRole) -> None:
    table = hand_over.sharing_table()
    dossier = dossier_for(case, table, role)
    for category in categories_in(dossier):
        assert table.rule(category, role).verdict is Verdict.JA, (category, role)
    if role not in {ReceiverRole.GEMEENTE, ReceiverRole.UITVOERDER}:
        assert PERSON.bsn not in to_json(dossier).decode()


def test_irrelevant_answers_are_known_and_stay(case: CaseFile) -> None:
    (file,) = case.interviews
    hidden = [question for question in file.questions if not question.relevant]
    assert hidden
    dossier = dossier_for(
        case,
        table_of(dict.fromkeys(CATEGORY_TITLES, Verdict.JA), ReceiverRole.GEMEENTE),
        ReceiverRole.GEMEENTE,
    )
    sent = {(a.path, a.repeat) for i in dossier.interviews for a in i.answers}
    assert not sent & {(q.answer.path, q.answer.repeat) for q in hidden}


def test_answers_carry_their_words_in_both_languages(case: CaseFile) -> None:
    (file,) = case.interviews
    chosen = [q for q in file.questions if q.shown_answer is not None and q.relevant]
    assert chosen
    for question in chosen:
        assert question.answer_text
        assert question.answer_text != question.answer.value or question.answer_text.isdigit()
        assert question.shown_answer is not None
        assert question.shown_answer.language == "ti"
    weak = {q.section for q in file.questions if q.weak}
    assert weak == {"/data/geld"}
    assert not any(q.answer.path.endswith("instanceID") for q in file.questions)


def test_answers_of_one_repeat_instance_stand_together(case: CaseFile) -> None:
    (file,) = case.interviews
    inside = [q.answer.repeat for q in file.questions if q.answer.repeat]
    assert len(set(inside)) == sum(
        1 for place, each in enumerate(inside) if place == 0 or inside[place - 1] != each
    )


def test_the_receiver_gets_the_interview_as_it_was(chain: Chain) -> None:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, texts=filled.texts())
    receive.take_in(chain.town, chain.stick / handover.file_name)
    receive.accept(chain.town, handover.handover_id, first_talk=None, receipt_folder=chain.stick)
    with chain.azc.read() as sent, chain.town.read() as got:
        (ours,) = sent.interviews.of_person(PERSON.person_id)
        (theirs,) = got.interviews.of_person(PERSON.person_id)
        assert theirs == replace(ours, position_path="", position_repeat=None)
        mine = {(a.path, a.repeat): a for a in sent.answers.of_interview(ours.interview_id)}
        taken = got.answers.of_interview(theirs.interview_id)
        version = got.forms.get(theirs.form_sha256)
        repeats = got.repeats.of_interview(theirs.interview_id)
        (item,) = got.inbox.all()
    assert len(taken) > 60
    for answer in taken:
        before = mine[answer.path, answer.repeat]
        assert (answer.value, answer.state, answer.author_id, answer.at) == (
            before.value,
            before.state,
            before.author_id,
            before.at,
        )
    assert [a.note for a in taken if a.note] == [NOTE_IN]
    assert version is not None
    session = restore(parse_form(version.xml), taken, repeats, chain.town.env)
    assert session.pages()
    assert NOTE_OUT.encode() not in item.dossier_json


def test_the_receiver_can_finish_an_intake_that_was_still_open(tmp_path: Path) -> None:
    made = make_chain(tmp_path)
    somebody = replace(PERSON, person_id=UUID(int=21), no_azc_intake_reason="")
    add_person(made.azc, somebody)
    filled.interview(made.azc, somebody.person_id, finish=False)
    handover = hand_over.seal(made.azc, somebody.person_id, made.stick)
    receive.take_in(made.town, made.stick / handover.file_name)
    receive.accept(made.town, handover.handover_id, first_talk=None, receipt_folder=made.stick)
    with made.town.read() as records:
        (interview,) = records.interviews.of_person(somebody.person_id)
    assert interview.state is InterviewState.OPEN
    flow = InterviewFlow.resume(
        made.town, filled.texts(), interview.interview_id, actor_of(made.town)
    )
    flow.finish()
    with made.town.read() as records:
        (interview,) = records.interviews.of_person(somebody.person_id)
    assert interview.state is InterviewState.VASTGESTELD
    made.close()
