"""Hypothesis strategies for the dataclasses of the domain, with every field filled."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from intake_app.domain.interview import Answer, AnswerState
from intake_app.domain.partial_date import PartialDate

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
partial_dates = st.one_of(
    st.just(PartialDate()),
    st.builds(PartialDate, st.integers(1850, 2200)),
    st.builds(PartialDate, st.integers(1850, 2200), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(1850, 2200), st.integers(1, 12), st.integers(1, 28)),
)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    UUID: st.uuids(version=4),
    datetime: moments,
    date: st.dates(),
    int: st.integers(0, 2**53),
    bool: st.booleans(),
    bytes: st.binary(max_size=40),
    type(None): st.none(),
    PartialDate: partial_dates,
}


def made_up(kind: type, **fixed: Any) -> st.SearchStrategy[Any]:
    """Return instances of the dataclass `kind`: any value that each field's type allows.

    `fixed` gives values, or strategies, for some fields.
    """
    if kind is Answer and "value" not in fixed and "state" not in fixed:
        states = st.sampled_from(AnswerState)
        return states.flatmap(
            lambda state: made_up(
                Answer,
                state=state,
                value=texts if state is AnswerState.ANSWERED else "",
                **fixed,
            )
        )
    hints = get_type_hints(kind)
    parts = {field.name: _of(hints[field.name]) for field in fields(kind)}
    for name, value in fixed.items():
        parts[name] = value if isinstance(value, st.SearchStrategy) else st.just(value)
    return st.builds(kind, **parts)


def _of(kind: Any) -> st.SearchStrategy[Any]:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if get_origin(kind) in {types.UnionType, Union}:
        return st.one_of(*(_of(part) for part in get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(_of(get_args(kind)[0]), max_size=3).map(tuple)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert is_dataclass(kind), kind
    return made_up(kind)
