from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from intake_app.domain.event import Station, StationState, StationView
from intake_app.domain.handover import HandoverState
from intake_app.domain.person import Person
from intake_app.flows.case import NextStepKind
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words

TR = UiTexts("nl", None)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("days", "text", "kind"),
    [
        (-1, "1 dag te laat", "err"),
        (-9, "9 dagen te laat", "err"),
        (0, "vandaag", "warn"),
        (1, "nog 1 dag", "warn"),
        (14, "nog 14 dagen", "warn"),
        (15, "nog 15 dagen", "muted"),
    ],
)
def test_a_term_counts_down(days, text, kind):
    assert words.days_left(TR, days) == (text, kind)


def test_a_date_names_its_year_only_when_it_is_another():
    assert words.short_date(TR, date(2026, 11, 3), TODAY) == "3 nov"
    assert words.short_date(TR, date(2025, 11, 3), TODAY) == "3 nov 2025"


def test_a_greeting_fits_the_hour_and_uses_the_first_name():
    hours = {5: "Goedemorgen, Samira", 13: "Goedemiddag, Samira", 21: "Goedenavond, Samira"}
    for hour, text in hours.items():
        moment = datetime(2026, 3, 2, hour, tzinfo=UTC).astimezone()
        local = moment.replace(hour=hour)
        assert words.greeting(TR, local, "Samira de Boer") == text


def test_small_numbers_are_words():
    assert [words.number_word(TR, n) for n in (1, 10, 11)] == ["Eén", "Tien", "11"]


def test_a_screen_reader_hears_what_the_line_shows():
    views = (
        StationView(Station.GEKOPPELD, StationState.DONE, date(2026, 11, 3)),
        StationView(Station.INTAKE, StationState.CURRENT),
        StationView(Station.NOA, StationState.NOT_APPLICABLE),
        StationView(Station.GEACCEPTEERD, StationState.FAILED, date(2026, 11, 3)),
        StationView(Station.PLAN, StationState.OPEN),
    )
    spoken = [mark.spoken for mark in words.station_marks(TR, views, TODAY)]
    assert spoken == [
        "Gekoppeld: gedaan, 3 nov",
        "Intake: hier ben je nu",
        "NOA: niet van toepassing",
        "Geaccepteerd: geweigerd",
        "Plan: nog niet",
    ]


@pytest.mark.parametrize("kind", list(NextStepKind))
def test_every_next_step_has_its_words(kind):
    assert "Rima" in words.next_step_title(TR, kind, "Rima")
    assert words.next_step_text(TR, kind).endswith(".")
    assert words.next_step_verb(TR, kind)
    assert words.next_step_short(TR, kind)[0]


@pytest.mark.parametrize("state", list(HandoverState))
def test_every_state_of_a_handover_has_its_words_and_only_one_is_green(state):
    text, kind = words.handover_tag(TR, state)
    assert text
    assert (kind == "ok") is (state is HandoverState.GEACCEPTEERD)


def test_a_number_is_masked_and_its_absence_said(qapp):
    from uuid import UUID

    person = Person(UUID(int=1), "0012345678", "Tesfay")
    assert words.masked_v_number(TR, person) == "V-nummer •••• 5678"
    nobody = person.with_changes(v_number="")
    assert words.masked_v_number(TR, nobody) == "nog geen V-nummer"


def test_a_folder_can_go_on_in_the_next_line_anywhere() -> None:
    folder = Path("/home/een-lange-naam") / ("x" * 70) / "kluis"
    text = words.folder_words(folder)
    assert max(map(len, text.split("\u200b"))) <= 18
    assert "".join(c for c in text if c not in "\u200b\u2066\u2069") == str(folder)
