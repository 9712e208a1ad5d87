"""Dates: three boxes, unknown parts, other calendars, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel
from support.one_question import Ask, One

from intake_app.i18n.calendars import Calendar, CalendarDate
from intake_app.ui.interview.questions.dates import DateAnswer
from intake_app.xforms import QuestionKind

DATE, TEXT = QuestionKind.DATE, QuestionKind.TEXT
PARTIAL = ("partial-date",)


def fill(one: One, day: str, month: str, year: str) -> None:
    for part, text in (("day", day), ("month", month), ("year", year)):
        field = one.field(f"answer-date-{part}")
        if field.isVisible():
            one.type(text or " ", f"answer-date-{part}")


def said(one: One) -> str:
    label = one.widget.findChild(QLabel, "answer-date-said")
    assert isinstance(label, QLabel)
    return label.text().replace("\u2068", "").replace("\u2069", "") if label.isVisible() else ""


def answer(one: One) -> DateAnswer:
    assert isinstance(one.widget, DateAnswer)
    return one.widget


@pytest.mark.parametrize(
    ("parts", "appearance", "kind", "value"),
    [
        (("3", "2", "2026"), (), DATE, "2026-02-03"),
        (("3", "februari", "2026"), (), DATE, "2026-02-03"),
        (("٣", "٢", "٢٠٢٦"), (), DATE, "2026-02-03"),
        (("", "2", "2026"), ("month-year",), DATE, "2026-02-01"),
        (("", "", "1988"), ("year",), DATE, "1988-01-01"),
        (("", "", "1988"), PARTIAL, TEXT, "1988"),
        (("", "3", "1988"), PARTIAL, TEXT, "1988-03"),
        (("14", "3", "1988"), PARTIAL, TEXT, "1988-03-14"),
    ],
)
def test_what_is_typed_is_said(  # type: ignore[no-untyped-def]
    ask: Ask, parts, appearance, kind, value
) -> None:
    one = ask(kind, appearance=appearance)
    fill(one, *parts)
    one.widget.flush()
    assert one.said == [value]
    assert one.refused == []


@pytest.mark.parametrize(
    ("parts", "appearance", "kind", "words"),
    [
        (("31", "2", "2026"), (), DATE, "Deze dag bestaat niet"),
        (("", "2", "2026"), (), DATE, "hele datum"),
        (("3", "", "2026"), (), DATE, "zonder maand"),
        (("3", "2", ""), (), DATE, "Het jaar ontbreekt"),
        (("3", "2", "26"), (), DATE, "vier cijfers"),
        (("3", "13", "2026"), (), DATE, "maand is niet bekend"),
        (("x", "3", "2026"), (), DATE, "met cijfers"),
        (("5", "7", "1367"), PARTIAL, TEXT, "andere kalender"),
    ],
)
def test_what_can_be_no_date_is_refused_in_words_and_kept(  # type: ignore[no-untyped-def]
    ask: Ask, parts, appearance, kind, words
) -> None:
    one = ask(kind, appearance=appearance)
    fill(one, *parts)
    one.widget.flush()
    assert one.said == []
    assert words in one.refused[-1]
    assert one.refused[-1].endswith((".", "’."))
    one.widget.keep()
    one.show("")
    typed = [box.text().strip() for box in one.boxes()]
    assert typed == list(parts), "what was typed stays"
    one.widget.discard()
    assert [box.text() for box in one.boxes()] == ["", "", ""]
    count = len(one.refused)
    one.widget.flush()
    assert len(one.refused) == count


def test_an_empty_date_takes_the_answer_away(ask: Ask) -> None:
    one = ask(DATE, "2026-02-03")
    fill(one, "", "", "")
    one.widget.flush()
    assert one.said == [""]


def test_a_whole_date_is_spread_over_the_boxes(ask: Ask) -> None:
    one = ask(DATE)
    one.widget.focus_first()
    for char in "14-3-1988":
        one.qtbot.keyClicks(one.window.focusWidget(), char)
    assert [box.text() for box in one.boxes()] == ["14", "3", "1988"]
    one.widget.discard()
    one.field("answer-date-day").setFocus()
    one.field("answer-date-day").setText("1988-03-14")
    assert [box.text() for box in one.boxes()] == ["14", "03", "1988"]
    one.widget.flush()
    assert one.said[-1] == "1988-03-14"


def test_the_date_is_said_in_both_languages(ask: Ask) -> None:
    one = ask(DATE, "2026-11-22", beside="ar")
    assert said(one) == "zondag 22 november 2026"
    client = one.widget.findChild(QLabel, "answer-date-said-client")
    assert client is not None
    assert client.text() == "22 نوفمبر 2026"
    assert client.layoutDirection() is Qt.LayoutDirection.RightToLeft


def test_calendars_follow_language_and_country(ask: Ask) -> None:
    for language, country, words in (
        ("ti", "", "13 Meskerem 1981 (Ethiopische kalender)"),
        ("prs", "", "1 Mizan 1367 (Iraanse en Afghaanse kalender)"),
        ("ckb", "5012", "1 Rezber 1367 (Iraanse en Afghaanse kalender)"),
    ):
        one = ask(DATE, "1988-09-23", beside=language, country=country)
        assert said(one).splitlines() == ["vrijdag 23 september 1988", words]
        assert one.widget.findChild(QComboBox, "answer-date-calendar").isVisible()
    client = one.widget.findChild(QLabel, "answer-date-said-client")
    assert client is not None
    assert "ڕەزبەر" in client.text()


def test_another_calendar_is_one_click_away(ask: Ask) -> None:
    one = ask(DATE, "1988-09-23", beside="ar")
    assert one.widget.findChild(QComboBox, "answer-date-calendar") is None
    one.click(one.find("answer-date-other-calendar"))
    kinds = one.widget.findChild(QComboBox, "answer-date-calendar")
    assert kinds is not None
    assert kinds.hasFocus()
    kinds.setCurrentIndex(2)
    assert [box.text() for box in one.boxes()] == ["1", "7", "1367"]
    one.widget.flush()
    assert one.said == [], "another calendar is no other answer"


def test_a_renewed_page_never_mistakes_one_calendar_for_another(ask: Ask) -> None:
    """What stands in the fields and the list is put into a new widget, in either order."""
    old = ask(DATE, "1988-09-23", beside="ti")
    answer(old).use_calendar(Calendar.ETHIOPIAN)
    texts = [box.text() for box in old.boxes()]
    for list_first in (True, False):
        new = ask(DATE, "1988-09-23", beside="ti")
        kinds = new.widget.findChild(QComboBox, "answer-date-calendar")
        assert kinds is not None
        if list_first:
            kinds.setCurrentIndex(1)
        for box, text in zip(new.boxes(), texts, strict=True):
            box.setText(text)
        kinds.setCurrentIndex(1)
        new.widget.flush()
        same = [box.text() for box in new.boxes()] == texts
        assert same is list_first
        assert new.said in ([], ["1988-09-23"]) or not same


def test_a_date_of_the_staff_has_no_calendar_of_the_client(ask: Ask) -> None:
    one = ask(DATE, "1988-09-23", attributes={"audience": "staff"})
    assert said(one) == "vrijdag 23 september 1988"
    assert one.widget.findChild(QAbstractButton, "answer-date-other-calendar") is None


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_date_typed_in_any_calendar_is_the_same_day(ask: Ask, data: st.DataObject) -> None:
    calendar = data.draw(st.sampled_from(list(Calendar)))
    day = data.draw(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
    there = CalendarDate.of(day, calendar)
    one = ask(DATE, beside="ti")
    answer(one).use_calendar(calendar)
    for box, part in zip(one.boxes(), (there.day, there.month, there.year), strict=True):
        box.setText(str(part))
    one.widget.flush()
    assert one.said == [day.isoformat()]
    one.store()
    assert [box.text() for box in one.boxes()] == [
        str(there.day),
        str(there.month),
        str(there.year),
    ]
    one.window.close()


def test_the_name_of_a_month_will_do(ask: Ask) -> None:
    one = ask(DATE, beside="ti", appearance=("ethiopian",))
    fill(one, "13", "መስከረም", "1981")
    one.widget.flush()
    assert one.said == ["1988-09-23"]


def test_a_day_another_calendar_does_not_have_is_refused(ask: Ask) -> None:
    one = ask(DATE, beside="ti", appearance=("ethiopian",))
    fill(one, "6", "13", "1980")
    one.widget.flush()
    assert one.said == []
    assert "5 dagen" in one.refused[-1]
    fill(one, "1", "1", "1700")
    one.widget.flush()
    assert "Dit jaar kan niet" in one.refused[-1]


def test_an_imperial_year_is_understood(ask: Ask) -> None:
    one = ask(DATE, beside="fa", appearance=("persian",))
    fill(one, "22", "11", "2536")
    one.widget.flush()
    assert one.said == ["1978-02-11"]


def test_half_a_date_of_another_calendar_asks_which_it_is(ask: Ask) -> None:
    one = ask(TEXT, beside="prs", appearance=(*PARTIAL, "persian"))
    fill(one, "", "", "1367")
    assert said(one).startswith("1367 loopt van 21 maart 1988 tot en met 20 maart 1989")
    first, second = one.find("answer-date-which-1988"), one.find("answer-date-which-1989")
    assert first.isChecked()
    assert not second.isChecked()
    one.widget.flush()
    assert one.said == ["1988"]
    one.store()
    assert one.field("answer-date-year").text() == "1367", "what was typed still stands"
    one.click(one.find("answer-date-which-1989"))
    assert one.said == ["1988", "1989"]
    one.store()
    assert one.find("answer-date-which-1989").isChecked()


def test_half_a_date_that_is_opened_again_is_shown_as_stored(ask: Ask) -> None:
    one = ask(TEXT, "1989", beside="prs", appearance=(*PARTIAL, "persian"))
    assert one.field("answer-date-year").text() == "1989"
    assert answer(one).calendar is Calendar.GREGORIAN


def test_a_screen_reader_hears_question_and_part(ask: Ask) -> None:
    one = ask(DATE, beside="ti", label="Wanneer bent u geboren?")
    names = [box.accessibleName() for box in one.boxes()]
    assert names == [f"Wanneer bent u geboren?: {part}" for part in ("dag", "maand", "jaar")]
    assert one.spoken(one.find("answer-date-open"))[0] == "Wanneer bent u geboren?: Kies een dag"


def test_boxes_read_from_left_to_right_everywhere(ask: Ask, qapp: object) -> None:
    one = ask(DATE, "1988-09-23", beside="ar")
    xs = [box.mapTo(one.window, box.rect().topLeft()).x() for box in one.boxes()]
    assert xs == sorted(xs)
