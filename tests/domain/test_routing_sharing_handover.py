from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.handover import (
    BY_RECEIPT,
    FINAL,
    Handover,
    HandoverState,
    HandoverStep,
    step,
)
from intake_app.domain.interview import AnswerState
from intake_app.domain.routing import MUNICIPALITIES, RoutingRule, executor_on
from intake_app.domain.sharing import (
    Consent,
    SharingTableProblem,
    Verdict,
    read_table,
)
from intake_app.xforms import AnswerState as EngineState

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = RoutingRule("0355", UUID(int=1), "Dienst A", date(2020, 1, 1), date(2026, 1, 1))
SECOND = RoutingRule("0355", UUID(int=2), "Dienst B", date(2026, 1, 1))


def test_the_sixteen_municipalities() -> None:
    assert len(MUNICIPALITIES) == 16
    assert all(len(code) == 4 and code.isdigit() for code in MUNICIPALITIES)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2019, 12, 31), None),
        (date(2020, 1, 1), "Dienst A"),
        (date(2025, 12, 31), "Dienst A"),
        (date(2026, 1, 1), "Dienst B"),
    ],
)
def test_routing_on_the_boundary_days(day: date, name: str | None) -> None:
    rule = executor_on([FIRST, SECOND], "0355", day)
    assert (rule.executor_name if rule else None) == name


TABLE = """category,role,verdict,reason,basis
taal,gemeente,ja,Nodig voor het plan.,Wi2021 art. 14
taal,werkgever,na_toestemming,Alleen als u dat wilt.,AVG 6(1)(a)
bsn,werkgever,nee,Dat mag niet.,UAVG 46
"""


def test_silence_means_no() -> None:
    table = read_table(TABLE)
    assert table.rule("taal", ReceiverRole.GEMEENTE).verdict is Verdict.JA
    assert not table.may_leave("onbekend", ReceiverRole.GEMEENTE, [])
    assert table.rule("onbekend", ReceiverRole.GEMEENTE).reason


def test_consent_counts_for_its_own_cell_and_while_it_stands() -> None:
    table = read_table(TABLE)
    person = UUID(int=9)
    given = Consent(UUID(int=3), person, "taal", ReceiverRole.WERKGEVER, NOW, "ar", True)
    withdrawn = Consent(UUID(int=4), person, "taal", ReceiverRole.WERKGEVER, NOW, "ar", True, NOW)
    elsewhere = Consent(UUID(int=5), person, "bsn", ReceiverRole.WERKGEVER, NOW, "ar", True)
    assert table.may_leave("taal", ReceiverRole.WERKGEVER, [given])
    assert not table.may_leave("taal", ReceiverRole.WERKGEVER, [withdrawn, elsewhere])
    assert not table.may_leave("bsn", ReceiverRole.WERKGEVER, [elsewhere])


@pytest.mark.parametrize(
    "line",
    ["taal,koning,ja,x,y", "taal,coa,misschien,x,y", "taal,coa,ja,,y", "taal,gemeente,nee,x,y"],
)
def test_a_broken_table_names_the_line(line: str) -> None:
    with pytest.raises(SharingTableProblem, match="line 5"):
        read_table(TABLE + line + "\n")


def handover(state: HandoverState) -> Handover:
    return Handover(
        UUID(int=1), UUID(int=2), 1, UUID(int=3), "Dienst A", "0355", state, NOW, UUID(int=4)
    )


@pytest.mark.parametrize("state", sorted(FINAL))
@pytest.mark.parametrize("to", list(HandoverState))
def test_a_final_state_is_final(state: HandoverState, to: HandoverState) -> None:
    with pytest.raises(HandoverStep):
        step(handover(state), to, NOW)


@pytest.mark.parametrize("to", sorted(BY_RECEIPT))
def test_nothing_is_received_that_was_not_offered(to: HandoverState) -> None:
    with pytest.raises(HandoverStep):
        step(handover(HandoverState.KLAAR), to, NOW)


def test_a_late_receipt_may_skip_but_never_go_back() -> None:
    opened = step(handover(HandoverState.AANGEBODEN), HandoverState.GEOPEND, NOW)
    with pytest.raises(HandoverStep):
        step(opened, HandoverState.ONTVANGEN, NOW)
    assert step(opened, HandoverState.GEACCEPTEERD, NOW).state is HandoverState.GEACCEPTEERD


def test_record_and_engine_use_the_same_words_for_states() -> None:
    assert {s.name: s.value for s in AnswerState} == {s.name: s.value for s in EngineState}
