"""Times, dates with times, and confirming."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.one_question import Ask

from intake_app.ui.interview.questions.moment import read_time
from intake_app.xforms import QuestionKind

TIME, DATETIME = QuestionKind.TIME, QuestionKind.DATETIME


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("9:30", "09:30:00.000"),
        ("9.30", "09:30:00.000"),
        ("9u30", "09:30:00.000"),
        ("9 uur", "9 uur"),
        ("0930", "09:30:00.000"),
        ("٩:٣٠", "09:30:00.000"),
        ("9", "09:00:00.000"),
        ("24:00", "24:00"),
        ("9:75", "9:75"),
        ("straks", "straks"),
        ("", ""),
    ],
)
def test_typed_times(typed: str, stored: str) -> None:
    assert read_time(typed) == stored


@given(st.times())
def test_every_time_that_is_shown_can_be_typed(time) -> None:  # type: ignore[no-untyped-def]
    assert read_time(f"{time:%H:%M}") == f"{time:%H:%M}:00.000"


def test_a_time_is_said_when_it_is_left(ask: Ask) -> None:
    one = ask(TIME, "08:15:00.000+01:00", data_type="time")
    assert one.field().text() == "08:15"
    one.type("9:30")
    one.widget.flush()
    assert one.said == ["09:30:00.000"]


def test_a_date_with_a_time_is_both_or_neither(ask: Ask) -> None:
    one = ask(DATETIME, data_type="dateTime")
    for part, text in (("day", "22"), ("month", "11"), ("year", "2026")):
        one.type(text, f"answer-date-{part}")
    one.field("answer-time").setFocus()
    assert one.said == []
    one.widget.flush()
    assert one.said == []
    assert one.refused == ["De tijd ontbreekt nog. Vul ook de tijd in."]
    one.widget.keep()
    one.show("")
    assert one.field("answer-date-year").text() == "2026", "half an answer stays"
    one.type("9:30", "answer-time")
    one.widget.flush()
    assert one.said == ["2026-11-22T09:30:00.000"]
    one.store()
    one.widget.flush()
    assert len(one.said) == 1


def test_a_date_with_a_time_is_taken_away_whole(ask: Ask) -> None:
    one = ask(DATETIME, "2026-11-22T09:30:00.000+01:00", data_type="dateTime")
    for part in ("day", "month", "year"):
        one.field(f"answer-date-{part}").clear()
    one.field("answer-time").clear()
    one.widget.flush()
    assert one.said == [""]


def test_only_a_time_is_refused_too(ask: Ask) -> None:
    one = ask(DATETIME, data_type="dateTime")
    one.type("9:30", "answer-time")
    one.widget.flush()
    assert one.refused == ["De datum ontbreekt nog. Vul ook de datum in."]
    one.widget.discard()
    one.widget.flush()
    assert one.said == []
    assert len(one.refused) == 1
    assert one.field("answer-time").text() == ""


def test_confirming_and_taking_it_back(ask: Ask) -> None:
    one = ask(QuestionKind.ACKNOWLEDGE, label="Ik heb dit voorgelezen.")
    row = one.find("choice-OK")
    assert one.spoken(row)[0] == "Ik heb dit voorgelezen.: Gedaan"
    assert one.widget.choose(1)
    one.store()
    assert row.isChecked()
    one.click(row)
    assert one.said == ["OK", ""]
    assert not one.widget.choose(2)
