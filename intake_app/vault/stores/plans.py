"""Plans, with every version, and what was really done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select

from intake_app.domain.plan import (
    Action,
    ActionState,
    Activity,
    ActivityKind,
    Doer,
    Goal,
    Leerroute,
    Plan,
    PlanState,
    Vervolgpad,
)
from intake_app.vault.model import Overwritten
from intake_app.vault.rows import date_or_none, day, moment, pack, stamp, unpack
from intake_app.vault.schema import activity, plan, plan_history
from intake_app.vault.scope import Store, at_most, upsert

_SAVE_PLAN: Final = upsert(plan)
_PLAN: Final = (
    select(plan)
    .where(plan.c.plan_id == bindparam("plan_id"))
    .order_by(plan.c.version.desc())
    .limit(at_most(1))
)
_PLANS: Final = (
    select(plan)
    .where(plan.c.person_id == bindparam("person_id"))
    .order_by(plan.c.created_at, plan.c.version, plan.c.plan_id)
)
_PLANS_OF_MANY: Final = (
    select(plan)
    .where(plan.c.person_id.in_(bindparam("person_ids", expanding=True)))
    .order_by(plan.c.created_at, plan.c.version, plan.c.plan_id)
)
_PLAN_HISTORY: Final = (
    select(plan_history)
    .where(plan_history.c.plan_id == bindparam("plan_id"))
    .order_by(plan_history.c.history_id)
)
_SAVE_ACTIVITY: Final = upsert(activity)
_ACTIVITIES: Final = (
    select(activity)
    .where(activity.c.person_id == bindparam("person_id"))
    .order_by(activity.c.started, activity.c.activity_id)
)


class Plans(Store):
    """Plans van aanpak. Each version is a row of its own; what is overwritten in one is kept."""

    __slots__ = ()

    def get(self, plan_id: UUID) -> Plan | None:
        """Return the highest version of the plan, or None."""
        row = self._one(_PLAN, {"plan_id": str(plan_id)})
        if row is None:
            return None
        found = _plan(row)
        self._saw(found.person_id)
        return found

    def of_person(self, person_id: UUID) -> tuple[Plan, ...]:
        """Return every version of every plan of the person, oldest first."""
        self._saw(person_id)
        return tuple(_plan(row) for row in self._all(_PLANS, {"person_id": str(person_id)}))

    def of_persons(self, persons: Iterable[UUID]) -> dict[UUID, tuple[Plan, ...]]:
        """Return for each of these persons what `of_person` returns, read together."""
        return self._by_person(_PLANS_OF_MANY, persons, _plan)

    def history(self, plan_id: UUID) -> tuple[Overwritten[Plan], ...]:
        """Return the overwritten rows of all versions of the plan, oldest first."""
        return tuple(
            Overwritten(_plan(row), moment(row["replaced_at"]), UUID(row["replaced_by"]))
            for row in self._all(_PLAN_HISTORY, {"plan_id": str(plan_id)})
        )

    def save(self, saved: Plan) -> None:
        """Insert or replace this version of the plan.

        Raises ReadOnlyError outside a transaction.
        """
        writing = self._scope.writer()
        row = {
            "plan_id": str(saved.plan_id),
            "version": saved.version,
            "person_id": str(saved.person_id),
            "state": saved.state.value,
            "created_at": stamp(saved.created_at),
            "author_id": str(saved.author_id),
            "main_path": None if saved.main_path is None else saved.main_path.value,
            "other_paths": pack(path.value for path in saved.other_paths),
            "leerroute": saved.leerroute.value,
            "goals": pack(_goal_parts(goal) for goal in saved.goals),
            "client_view": saved.client_view,
            "discussed_on": day(saved.discussed_on),
            "discussed_with_interpreter": int(saved.discussed_with_interpreter),
        }
        self._run(_SAVE_PLAN, {**row, **writing.marks})
        self._changed("plan", saved.plan_id, saved.person_id)


class Activities(Store):
    """What took place, by whom, with evidence."""

    __slots__ = ()

    def of_person(self, person_id: UUID) -> tuple[Activity, ...]:
        """Return the activities of the person by first day, those without one first."""
        self._saw(person_id)
        rows = self._all(_ACTIVITIES, {"person_id": str(person_id)})
        return tuple(_activity(row) for row in rows)

    def save(self, saved: Activity) -> None:
        """Insert or replace the activity. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        row = {
            "activity_id": str(saved.activity_id),
            "person_id": str(saved.person_id),
            "kind": saved.kind.value,
            "provider": saved.provider,
            "started": day(saved.started),
            "ended": day(saved.ended),
            "amount": saved.amount,
            "evidence": saved.evidence,
        }
        self._run(_SAVE_ACTIVITY, {**row, **writing.marks})
        self._changed("activity", saved.activity_id, saved.person_id)


def _goal_parts(goal: Goal) -> dict[str, Any]:
    actions = [
        {
            "id": str(action.action_id),
            "what": action.what,
            "doer": action.doer.value,
            "where": action.where,
            "start": day(action.start),
            "end": day(action.end),
            "state": action.state.value,
            "result": action.result,
        }
        for action in goal.actions
    ]
    return {
        "id": str(goal.goal_id),
        "leefgebied": goal.leefgebied,
        "text": goal.text,
        "horizon": day(goal.horizon),
        "actions": actions,
    }


def _goal(parts: dict[str, Any]) -> Goal:
    actions = tuple(
        Action(
            action_id=UUID(each["id"]),
            what=each["what"],
            doer=Doer(each["doer"]),
            where=each["where"],
            start=date_or_none(each["start"]),
            end=date_or_none(each["end"]),
            state=ActionState(each["state"]),
            result=each["result"],
        )
        for each in parts["actions"]
    )
    return Goal(
        goal_id=UUID(parts["id"]),
        leefgebied=parts["leefgebied"],
        text=parts["text"],
        horizon=date_or_none(parts["horizon"]),
        actions=actions,
    )


def _plan(row: RowMapping) -> Plan:
    main = row["main_path"]
    return Plan(
        plan_id=UUID(row["plan_id"]),
        person_id=UUID(row["person_id"]),
        version=row["version"],
        state=PlanState(row["state"]),
        created_at=moment(row["created_at"]),
        author_id=UUID(row["author_id"]),
        main_path=None if main is None else Vervolgpad(main),
        other_paths=tuple(Vervolgpad(path) for path in unpack(row["other_paths"])),
        leerroute=Leerroute(row["leerroute"]),
        goals=tuple(_goal(parts) for parts in unpack(row["goals"])),
        client_view=row["client_view"],
        discussed_on=date_or_none(row["discussed_on"]),
        discussed_with_interpreter=bool(row["discussed_with_interpreter"]),
    )


def _activity(row: RowMapping) -> Activity:
    return Activity(
        activity_id=UUID(row["activity_id"]),
        person_id=UUID(row["person_id"]),
        kind=ActivityKind(row["kind"]),
        provider=row["provider"],
        started=date_or_none(row["started"]),
        ended=date_or_none(row["ended"]),
        amount=row["amount"],
        evidence=row["evidence"],
    )
