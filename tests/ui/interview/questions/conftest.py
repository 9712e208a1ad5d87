"""One question on screen: `ask(kind, value, …)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from pytestqt.qtbot import QtBot
from support.one_question import Ask, One, view

from intake_app.ui.interview.questions import Tools
from intake_app.xforms import QuestionKind


@pytest.fixture
def ask(qtbot: QtBot, tools: Tools) -> Iterator[Ask]:
    """Show one question: `ask(kind, value, …, beside="ar", width=700)`."""

    alive: list[One] = []

    def shown(
        kind: QuestionKind,
        value: str = "",
        *,
        beside: str = "",
        missing: bool = False,
        width: int = 700,
        country: str = "",
        **rest: object,
    ) -> One:
        question = view(kind, value, **rest)  # type: ignore[arg-type]
        other = view(kind, value, language=beside, missing=missing, **rest) if beside else None  # type: ignore[arg-type]
        mine = replace(tools, language=beside, country=country, today=lambda: date(2026, 11, 22))
        one = One(qtbot, mine, question, other, width)
        alive.append(one)
        return one

    yield shown
    for one in alive:
        one.window.close()
