"""Questions are counted for whom they are; the time follows from what is said and answered."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from intake_app.formio.compile import compile_form
from intake_app.formio.pace import (
    ANSWER_SECONDS,
    OPEN_ANSWER_SECONDS,
    OTHER_STAFF_SECONDS,
    SETTLING_SECONDS,
    Pace,
    keep_to_the_core,
    pace_of,
)
from intake_app.xforms import FormSession, NodeKey, QuestionKind, parse_form

SURVEY = """\
type,name,label,hint,appearance,relevant,bind::dl:audience
begin_group,deel,Deel,,,,
note,welkom,Welkom bij dit gesprek,,,,client
select_one jn,werkt,Werkt u nu?,Ook thuis,,,client
select_one jn,verdiepen_deel,Praten jullie verder?,,,,staff
begin_group,meer,Meer,,,${verdiepen_deel} = 'ja',
text,droom,Wat wilt u?,,multiline,,client
begin_repeat,kind,Kind,,,,
integer,leeftijd,Hoe oud?,,,,client
end_repeat,,,,,,
end_group,,,,,,
end_group,,,,,,
"""
CHOICES = "list_name,name,label\njn,ja,Ja\njn,nee,Nee\n"
WORD_SECONDS = 2 * 60 / 130


@pytest.fixture
def session(tmp_path: Path) -> FormSession:
    (tmp_path / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (tmp_path / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (tmp_path / "settings.csv").write_text(
        "form_id,form_title,version\nproef,Proef,1\n", encoding="utf-8"
    )
    made = count(1)
    return FormSession(
        parse_form(compile_form(tmp_path)),
        now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
        uuid=lambda: UUID(int=next(made), version=4),
        random=lambda: 0.5,
    )


def test_a_note_is_said_and_a_question_is_said_and_answered(session: FormSession) -> None:
    said = round(SETTLING_SECONDS + (4 + 5) * WORD_SECONDS)
    answered = ANSWER_SECONDS[QuestionKind.SELECT_ONE] + OTHER_STAFF_SECONDS
    assert pace_of(session) == Pace(client=1, staff=1, seconds=said + answered)


def test_going_deeper_counts_every_instance(session: FormSession) -> None:
    before = pace_of(session)
    session.answer(NodeKey("/data/deel/verdiepen_deel"), "ja")
    session.add_repeat("/data/deel/meer/kind")
    deeper = pace_of(session)
    assert (deeper.client, deeper.staff) == (before.client + 3, 1)
    more = OPEN_ANSWER_SECONDS + 2 * ANSWER_SECONDS[QuestionKind.INTEGER] + 7 * WORD_SECONDS
    assert deeper.seconds - before.seconds == pytest.approx(more, abs=1)
    assert deeper.minutes == deeper.seconds / 60
    keep_to_the_core(session)
    assert pace_of(session) == before
