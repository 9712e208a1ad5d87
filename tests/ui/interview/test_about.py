"""Later, source and past of one answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pages.interview import InterviewObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from support.interviews import key

from intake_app.domain.interview import AnswerSource, AnswerState
from intake_app.ui.a11y import check
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.history import HistoryDialog


def row(shown: InterviewObject, question: str = "gewerkt"):  # type: ignore[no-untyped-def]
    found = shown.page.bridge.flow.row(key(question))
    assert found is not None
    return found


@pytest.fixture
def asked(interview: InterviewObject) -> InterviewObject:
    interview.go_to_section("werk")
    return interview


def test_one_question_is_put_off_and_taken_on_again(asked: InterviewObject) -> None:
    asked.click("answer-later")
    assert row(asked).later
    assert asked.questions() == ("gewerkt",)
    assert asked.text_of("answer-later") == "Staat op later"
    asked.click("answer-later")
    assert not row(asked).later


def test_one_question_of_several_is_put_off(interview: InterviewObject) -> None:
    interview.go_to_section("kort")
    about = interview.block("leeftijd").about
    assert about.isHidden()
    interview.open_about("leeftijd")
    about.later.click()
    flow = interview.page.bridge.flow
    assert row(interview, "leeftijd").later
    assert flow.row(key("opmerking")) is None
    assert check(interview.root) == ()
    interview.page.bridge.go_to(key("gewerkt"))
    interview.go_to_section("kort")
    # what is unusual shows without asking
    assert not interview.block("leeftijd").about.later.isHidden()
    assert interview.block("opmerking").about.isHidden()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_answer_has_a_source_that_can_be_changed(asked: InterviewObject) -> None:
    assert not asked.has("answer-source")
    asked.choose("ja")
    assert asked.text_of("answer-source") == "Bron: de cliënt"
    asked.click("answer-source")
    menu = asked.block().about.menu
    assert menu is not None
    document = menu.findChild(QAction, "source-document")
    assert document is not None
    document.trigger()
    menu.close()
    assert row(asked).source is AnswerSource.DOCUMENT
    assert asked.text_of("answer-source") == "Bron: een document"


def test_the_past_of_an_answer_is_told_in_words(
    asked: InterviewObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.choose("ja")
    asked.say_state(AnswerState.REFUSED)
    asked.note("later nog eens vragen")
    seen: list[list[str]] = []
    faults: list[object] = []

    def looked(dialog: HistoryDialog) -> int:
        dialog.show()
        seen.append([label.text() for label in dialog.findChildren(QLabel) if label.text()])
        faults.extend(check(dialog))
        return 0

    monkeypatch.setattr(HistoryDialog, "exec", looked)
    asked.click("answer-history")
    words = seen[0]
    assert "Heeft u gewerkt?" in words
    refused = [i for i, word in enumerate(words) if word == "Wil niet zeggen"]
    assert refused
    assert max(refused) < words.index("Ja")
    assert "Notitie: later nog eens vragen" in words
    assert faults == []
    asked.page.show_history()
    assert len(seen) == 2


def test_a_question_nobody_changes_has_no_reasons(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    bridge.go_to(key("welkom"))
    assert not interview.has("state-weet_niet")
    assert interview.block().about.isHidden()


def test_going_on_asks_once_about_a_doubtful_answer(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    bridge.answer(key("gewerkt"), "ja")
    (job,) = bridge.flow.session.repeats(key("baan").path)
    bridge.go_to(key("jaren", job))
    interview.write("70")
    interview.next()
    assert interview.questions() == ("jaren",)
    assert interview.problem() == "Vul 0 tot en met 60 in."
    field = interview.block().widget.field  # type: ignore[attr-defined]
    assert field.hasFocus()
    assert field.accessibleDescription() == "Vul 0 tot en met 60 in."
    interview.next()
    assert interview.questions() != ("jaren",)
    assert bridge.flow.session.value(key("jaren", job)) == "70"


def test_going_on_asks_once_for_a_required_answer(asked: InterviewObject) -> None:
    asked.next()
    assert asked.problem() == "Kies ja of nee."
    asked.next()
    assert asked.questions() == ("talen",)


def test_a_doubtful_answer_is_said_when_its_field_is_left(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    bridge.answer(key("gewerkt"), "ja")
    (job,) = bridge.flow.session.repeats(key("baan").path)
    bridge.go_to(key("jaren", job))
    said: list[str] = []
    interview.page.live.said.connect(said.append)
    interview.write("70")
    assert said == ["Vul 0 tot en met 60 in."]
    interview.write("71")
    assert len(said) == 1
    interview.write("7")
    assert interview.problem() == ""
    interview.write("70")
    assert len(said) == 2


def test_what_does_not_fit_keeps_nobody_from_putting_it_off(interview: InterviewObject) -> None:
    interview.go_to_section("kort")
    interview.write("een", "leeftijd")
    interview.later()
    assert interview.is_reviewing()
    assert row(interview, "leeftijd").later
    assert row(interview, "leeftijd").value == ""


def test_one_word_for_one_thing_and_the_foot_goes_on_too(
    asked: InterviewObject, show: Callable[..., InterviewObject], bridge: InterviewBridge
) -> None:
    """The flag and the foot do the same: the question is on later; the foot goes on as well."""
    foot = asked.page.footer.later
    assert asked.text_of("answer-later") == "Zet op later"
    assert foot.text() == "Zet op later en ga verder"
    asked.later()
    assert asked.questions() == ("talen",)
    assert row(asked).later
    asked.page.go_back()
    assert asked.text_of("answer-later") == "Staat op later"
    narrow = show(bridge, 760, 700).page.footer.later
    # what is seen is part of what is heard (WCAG 2.2, 2.5.3)
    assert narrow.text().lower() in narrow.accessibleName().lower()


def test_the_foot_puts_an_answered_question_on_later_too(asked: InterviewObject) -> None:
    asked.choose("nee")
    asked.later()
    assert row(asked).later
    assert asked.page.bridge.flow.session.value(key("gewerkt")) == "nee"


def test_of_several_questions_only_those_without_an_answer_are_put_on_later(
    interview: InterviewObject,
) -> None:
    interview.go_to_section("kort")
    interview.write("31", "leeftijd")
    interview.later()
    flow = interview.page.bridge.flow
    assert not row(interview, "leeftijd").later
    found = flow.row(key("opmerking"))
    assert found is not None
    assert found.later
