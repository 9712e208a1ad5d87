"""What leaves is exactly what the sharing table allows: no vault, no form engine involved."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.interview import (
    Answer,
    AnswerState,
    FormVersion,
    Interpretation,
    InterpreterMode,
    Interview,
    InterviewState,
)
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import (
    AzcStay,
    Gender,
    Household,
    HouseholdMember,
    Koppeling,
    Literacy,
    Person,
    PersonLanguage,
    Relation,
)
from intake_app.domain.plan import Activity, ActivityKind, Goal, Plan, PlanState, Vervolgpad
from intake_app.domain.sharing import Consent, SharingRule, SharingTable, Verdict
from intake_app.flows.case_file import AnsweredQuestion, CaseFile, InterviewFile
from intake_app.flows.dossier_words import CATEGORY_TITLES, EVENT_TITLES, PERSON_TITLES
from intake_app.flows.preview import GapKind, RowState, gap_sentence, gaps, rows
from intake_app.flows.selection import (
    PERSON_CATEGORIES,
    ItemKey,
    ItemKind,
    Why,
    items,
    select,
)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
PID = UUID(int=1)
IID = UUID(int=20)
CATEGORIES = (*CATEGORY_TITLES, "bestaat_niet", "")

PERSON = Person(
    person_id=PID,
    v_number="0012345678",
    family_name="Tesfay",
    given_names="Amanuel",
    call_name="Aman",
    name_in_own_script="ኣማኑኤል",
    bsn="123456782",
    birth_date=PartialDate(1994),
    gender=Gender.MAN,
    nationalities=("0084",),
    contact_language="ti",
    languages=(PersonLanguage("tir", is_mother_tongue=True),),
    literacy=Literacy.ANDERS,
    interpreter_needed=True,
    phone="0600000000",
    sponsor_id=UUID(int=77),
)


def question(
    number: int,
    category: str,
    *,
    relevant: bool = True,
    note: str = "",
    ticked: bool = False,
    weak: bool = False,
    state: AnswerState = AnswerState.ANSWERED,
) -> AnsweredQuestion:
    answer = Answer(
        interview_id=IID,
        path=f"/data/deel/vraag{number}",
        repeat=None,
        value="ja" if state is AnswerState.ANSWERED else "",
        state=state,
        author_id=UUID(int=3),
        at=AT,
        note=note,
        note_in_handover=ticked,
    )
    return AnsweredQuestion(
        answer=answer,
        category=category,
        section="/data/deel",
        section_title="Deel",
        question=f"Vraag {number}?",
        answer_text="Ja",
        shown_question=None,
        shown_answer=None,
        relevant=relevant,
        weak=weak,
    )


def case(*questions: AnsweredQuestion, person: Person = PERSON) -> CaseFile:
    interview = Interview(
        interview_id=IID,
        person_id=PID,
        form_id="intake",
        form_sha256="ab" * 32,
        language="ti",
        state=InterviewState.VASTGESTELD,
        started_at=AT,
        interpretation=Interpretation(InterpreterMode.TELEFOON, "Tolkdienst", "ti"),
    )
    form = FormVersion("ab" * 32, "intake", "1", "cd" * 32, b"<x/>")
    plan = Plan(
        plan_id=UUID(int=30),
        person_id=PID,
        version=1,
        state=PlanState.VASTGESTELD,
        created_at=AT,
        author_id=UUID(int=3),
        main_path=Vervolgpad.ONDERWIJS,
        goals=(Goal(UUID(int=31), "taal", "Oefenen."),),
    )
    return CaseFile(
        person=person,
        household=Household(UUID(int=10), (HouseholdMember("Sara", Relation.PARTNER),)),
        koppelingen=(Koppeling(UUID(int=11), PID, "0355", DAY),),
        stays=(AzcStay(UUID(int=12), PID, "AZC Voorbeeld"),),
        events=tuple(
            CaseEvent(UUID(int=100 + place), PID, kind, DAY, AT)
            for place, kind in enumerate(EventKind)
        ),
        interviews=(InterviewFile(interview, form, "Intake", questions, (), ()),),
        plan=plan,
        newer_concept=False,
        activities=(Activity(UUID(int=40), PID, ActivityKind.KNM, "COA"),),
        consents=(),
    )


FULL = case(
    *(
        question(number, category, note="let op", ticked=bool(number % 2))
        for number, category in enumerate(CATEGORIES)
    )
)


def table(verdicts: dict[tuple[str, ReceiverRole], Verdict]) -> SharingTable:
    return SharingTable(
        {
            (category, role): SharingRule(category, role, verdict, "Daarom.", "AVG")
            for (category, role), verdict in verdicts.items()
        }
    )


def all_yes() -> SharingTable:
    return table({(c, r): Verdict.JA for c in CATEGORY_TITLES for r in ReceiverRole})


def consent(category: str, role: ReceiverRole) -> Consent:
    return Consent(UUID(int=50), PID, category, role, AT, "ti", with_interpreter=True)


def test_every_field_of_a_person_has_a_category_and_a_title() -> None:
    named = {field.name for field in fields(Person)} - {"person_id"}
    assert set(PERSON_CATEGORIES) == named
    assert set(PERSON_TITLES) == named
    assert set(PERSON_CATEGORIES.values()) <= set(CATEGORY_TITLES)


def test_every_kind_of_event_has_a_title() -> None:
    assert set(EVENT_TITLES) == set(EventKind)


verdict_tables = st.dictionaries(
    st.tuples(st.sampled_from(list(CATEGORY_TITLES)), st.sampled_from(list(ReceiverRole))),
    st.sampled_from(list(Verdict)),
)


@given(
    verdicts=verdict_tables,
    role=st.sampled_from(list(ReceiverRole)),
    consented=st.sets(st.sampled_from(list(CATEGORY_TITLES))),
)
def test_the_selection_is_exactly_what_the_table_allows(
    verdicts: dict[tuple[str, ReceiverRole], Verdict], role: ReceiverRole, consented: set[str]
) -> None:
    everything = items(FULL)
    consents = [consent(category, role) for category in consented]
    chosen = select(everything, table(verdicts), role, consents)

    def allowed(category: str) -> bool:
        verdict = verdicts.get((category, role), Verdict.NEE)
        asked = verdict is Verdict.NA_TOESTEMMING and category in consented
        return verdict is Verdict.JA or asked

    expected = {
        item.key
        for item in everything
        if allowed(item.category)
        and (item.key.kind is not ItemKind.NOTE or (item.ticked and allowed(item.also)))
    }
    assert chosen.leaving_keys() == expected
    staying = {staying.item.key for staying in chosen.staying}
    assert staying == {item.key for item in everything} - expected
    assert len(chosen.leaving) + len(chosen.staying) == len(everything)


@pytest.mark.parametrize("category", ["bestaat_niet", ""])
def test_an_unknown_category_stays(category: str) -> None:
    chosen = select(items(case(question(1, category))), all_yes(), ReceiverRole.GEMEENTE, ())
    (staying,) = [s for s in chosen.staying if s.item.key.kind is ItemKind.ANSWER]
    assert staying.why is Why.TABLE
    assert staying.rule.reason


def test_a_consent_for_another_role_or_a_withdrawn_one_does_not_count() -> None:
    role = ReceiverRole.GEMEENTE
    asks = table({("netwerk", role): Verdict.NA_TOESTEMMING})
    everything = items(case(question(1, "netwerk")))
    withdrawn = replace(consent("netwerk", role), withdrawn_at=AT)
    for consents in ([], [consent("netwerk", ReceiverRole.COA)], [withdrawn]):
        chosen = select(everything, asks, role, consents)
        assert chosen.leaving == ()
        assert [s.why for s in chosen.staying if s.item.category == "netwerk"] == [Why.CONSENT]
    assert len(select(everything, asks, role, [consent("netwerk", role)]).leaving) == 1


def test_an_irrelevant_answer_stays_and_is_named() -> None:
    chosen = select(
        items(case(question(1, "werk", relevant=False))), all_yes(), ReceiverRole.GEMEENTE, ()
    )
    (row,) = [r for r in rows(chosen, ReceiverRole.GEMEENTE, ()) if r.why is Why.IRRELEVANT]
    assert (row.state, row.names, row.answers) == (RowState.STAYS, ("Vraag 1?",), 1)


def test_a_note_goes_only_when_ticked_and_never_without_its_question() -> None:
    role = ReceiverRole.GEMEENTE
    ticked = question(1, "werk", note="handig", ticked=True)
    unticked = question(2, "werk", note="voor ons")
    hidden = question(3, "intern", note="nee", ticked=True)
    allowed = table({("werk", role): Verdict.JA, ("notitie", role): Verdict.JA})
    chosen = select(items(case(ticked, unticked, hidden)), allowed, role, ())
    notes = {key for key in chosen.leaving_keys() if key.kind is ItemKind.NOTE}
    assert notes == {ItemKey(ItemKind.NOTE, IID, "/data/deel/vraag1")}
    why = {s.item.key.field[-1]: s.why for s in chosen.staying if s.item.key.kind is ItemKind.NOTE}
    assert why == {"2": Why.NOTE, "3": Why.TABLE}


def test_empty_fields_are_no_items_and_states_without_a_value_are() -> None:
    bare = Person(PID, "", "Tesfay")
    asked = question(1, "werk", state=AnswerState.REFUSED)
    keys = {item.key for item in items(case(asked, person=bare))}
    assert {key.field for key in keys if key.kind is ItemKind.PERSON} == {"family_name"}
    assert ItemKey(ItemKind.ANSWER, IID, "/data/deel/vraag1") in keys


def test_rows_are_ordered_and_count_everything_once() -> None:
    role = ReceiverRole.GEMEENTE
    verdicts = {(c, role): Verdict.JA for c in CATEGORY_TITLES}
    verdicts["netwerk", role] = Verdict.NA_TOESTEMMING
    verdicts["intern", role] = Verdict.NEE
    chosen = select(items(FULL), table(verdicts), role, ())
    made = rows(chosen, role, ())
    states = [row.state for row in made]
    assert states == sorted(states, key=list(RowState).index)
    assert sum(row.count for row in made) == len(items(FULL))
    assert all(row.reason and row.title for row in made)
    asked = [row for row in made if row.state is RowState.ASK]
    assert {row.category for row in asked} == {"netwerk"}


def test_weak_answers_are_counted_on_their_row() -> None:
    chosen = select(
        items(case(question(1, "taal", weak=True), question(2, "taal"))),
        all_yes(),
        ReceiverRole.GEMEENTE,
        (),
    )
    made = rows(chosen, ReceiverRole.GEMEENTE, ())
    (row,) = [r for r in made if r.category == "taal" and r.state is RowState.LEAVES]
    assert (row.answers, row.weak) == (2, 1)


def test_gaps_name_what_to_look_at_and_have_a_sentence() -> None:
    bare = replace(
        case(question(1, "taal", weak=True), person=Person(PID, "", "Tesfay")),
        plan=None,
        events=(),
    )
    assert [gap.kind for gap in gaps(bare)] == [
        GapKind.WEAK,
        GapKind.NO_ASSESSMENT,
        GapKind.NO_PLAN,
        GapKind.NO_CONTACT,
    ]
    assert gaps(replace(FULL, interviews=()))[0].kind is GapKind.NO_INTAKE
    for gap in gaps(bare):
        assert gap_sentence(gap).endswith(".")
        assert "{" not in gap_sentence(gap)
