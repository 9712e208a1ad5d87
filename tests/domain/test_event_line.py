from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from intake_app.domain.deadlines import deadlines
from intake_app.domain.event import CaseEvent, EventKind, Station, StationState, line

PERSON = UUID(int=1)
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def story(*kinds: EventKind, detail: str = "") -> list[CaseEvent]:
    return [
        CaseEvent(
            UUID(int=n + 10), PERSON, kind, date(2026, 11, n + 1), START + timedelta(n), "", detail
        )
        for n, kind in enumerate(kinds)
    ]


def states(*kinds: EventKind) -> list[str]:
    return [view.state.value for view in line(story(*kinds))]


def test_begins_at_the_koppeling() -> None:
    assert states() == ["current", "open", "open", "open", "open", "open"]


def test_an_assessment_never_holds_the_line_up() -> None:
    reached = states(EventKind.GEKOPPELD, EventKind.INTAKE_VASTGESTELD)
    assert reached == ["done", "done", "open", "current", "open", "open"]


def test_not_eligible_is_not_the_same_as_not_done() -> None:
    views = line(story(EventKind.NIET_IN_AANMERKING, detail="kind"))
    noa = next(v for v in views if v.station is Station.NOA)
    assert noa.state is StationState.NOT_APPLICABLE
    assert noa.detail == "kind"


def test_only_accepted_is_done_at_the_end() -> None:
    offered = [EventKind.GEKOPPELD, EventKind.OVERDRACHT_AANGEBODEN, EventKind.OVERDRACHT_ONTVANGEN]
    assert states(*offered)[-1] != "done"
    assert states(*offered, EventKind.OVERDRACHT_GEACCEPTEERD)[-1] == "done"
    assert states(*offered, EventKind.OVERDRACHT_GEWEIGERD)[-1] == "failed"


def test_uncoupling_reopens_the_first_station() -> None:
    assert states(EventKind.GEKOPPELD, EventKind.ONTKOPPELD)[0] == "current"


def test_withdrawing_reopens_the_offer() -> None:
    kinds = [EventKind.OVERDRACHT_AANGEBODEN, EventKind.OVERDRACHT_INGETROKKEN]
    assert states(*kinds)[4] != "done"


def test_pip_is_counted_from_the_notice_only() -> None:
    assert deadlines(story(EventKind.GEKOPPELD)) == ()
    (term,) = deadlines(story(EventKind.GEKOPPELD, EventKind.DUO_KENNISGEVING))
    assert term.counted_from == date(2026, 11, 2)
    assert term.due == date(2027, 1, 11)
