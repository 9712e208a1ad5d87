"""What a plan needs, and the goals to start from: no vault involved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from intake_app.domain.environment import repeatable_environment
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.interview import Interview, InterviewState
from intake_app.domain.person import Person
from intake_app.domain.plan import LEEFGEBIEDEN, Goal, Plan, PlanState, Vervolgpad
from intake_app.flows import plan

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = Person(UUID(int=1), "0012345678", "Tesfay")
COMPLETE = Plan(
    plan_id=UUID(int=2),
    person_id=PERSON.person_id,
    version=1,
    state=PlanState.CONCEPT,
    created_at=AT,
    author_id=UUID(int=3),
    main_path=Vervolgpad.ONDERWIJS,
    goals=(Goal(UUID(int=4), "taal", "Ik oefen elke week."),),
    discussed_on=DAY,
)


def event(kind: EventKind) -> CaseEvent:
    return CaseEvent(UUID(int=9), PERSON.person_id, kind, DAY, AT)


def interview(form_id: str) -> Interview:
    return Interview(
        UUID(int=8), PERSON.person_id, form_id, "0" * 64, "ti", InterviewState.OPEN, AT
    )


def test_a_plan_needs_a_begun_intake() -> None:
    assert not plan.may_begin(PERSON, (), ())
    assert not plan.may_begin(PERSON, (interview("noa_assessment"),), (event(EventKind.GEKOPPELD),))
    assert plan.may_begin(PERSON, (interview("intake"),), ())
    assert plan.may_begin(PERSON, (), (event(EventKind.INTAKE_VASTGESTELD),))


def test_a_reason_for_no_azc_intake_is_enough() -> None:
    assert plan.may_begin(PERSON.with_changes(no_azc_intake_reason="te_laat_gekoppeld"), (), ())


def test_a_complete_plan_lacks_nothing_and_never_asks_for_an_assessment() -> None:
    assert plan.missing(COMPLETE, DAY) == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (replace(COMPLETE, main_path=None), plan.Missing.MAIN_PATH),
        (replace(COMPLETE, goals=()), plan.Missing.GOAL),
        (replace(COMPLETE, goals=(Goal(UUID(int=5), "taal", "  "),)), plan.Missing.GOAL_TEXT),
        (replace(COMPLETE, discussed_on=None), plan.Missing.DISCUSSED_ON),
        (
            replace(COMPLETE, discussed_on=DAY + timedelta(days=1)),
            plan.Missing.DISCUSSED_LATER,
        ),
    ],
)
def test_each_thing_missing_is_named(changed: Plan, expected: plan.Missing) -> None:
    assert plan.missing(changed, DAY) == (expected,)
    assert plan.sentence(expected).endswith(".")


def test_there_is_a_template_for_every_leefgebied_and_every_path() -> None:
    templates = plan.templates()
    assert {template.leefgebied for template in templates} == set(LEEFGEBIEDEN)
    for path in Vervolgpad:
        assert path in plan.templates(path)[0].paths
        assert set(plan.templates(path)) == set(templates)


def test_a_goal_from_a_template_has_its_own_identity_each_time() -> None:
    env = repeatable_environment(1, AT)
    template = plan.templates()[0]
    first, second = (plan.from_template(template, env) for _ in range(2))
    assert first.text == template.text
    assert [a.what for a in first.actions] == [a.what for a in template.actions]
    ids = [first.goal_id, second.goal_id, *(a.action_id for a in first.actions + second.actions)]
    assert len(set(ids)) == len(ids)


def test_changing_one_goal_leaves_the_others() -> None:
    env = repeatable_environment(1, AT)
    other = plan.new_goal(env, "werk", "Ik zoek werk.")
    both = replace(COMPLETE, goals=(*COMPLETE.goals, other))
    changed = plan.change_goal(both, other.goal_id, lambda goal: replace(goal, text="Anders."))
    assert [goal.text for goal in changed.goals] == ["Ik oefen elke week.", "Anders."]
    assert plan.without_goal(changed, other.goal_id) == COMPLETE
