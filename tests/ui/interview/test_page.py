from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import answers_in, key, resume

from intake_app.domain.interview import AnswerState, InterviewState
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.a11y import check
from intake_app.ui.interview.bridge import InterviewBridge, Place
from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.kit.dialogs import ConfirmDialog
from intake_app.vault import DiskFull, Vault


@contextmanager
def full_disk(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real = vault.transaction

    @contextmanager
    def failing(actor: object, purpose: str) -> Iterator[object]:
        with real(actor, purpose) as tx:  # type: ignore[arg-type]
            yield tx
            raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(vault, "transaction", failing)
        yield


def test_a_question_shows_in_both_languages(interview: InterviewObject) -> None:
    interview.go_to_section("werk")
    assert interview.label("gewerkt") == "Heeft u gewerkt?"
    assert interview.label("gewerkt", "other") == "[ar] Heeft u gewerkt?"
    row = interview.block().findChild(QAbstractButton, "choice-ja")
    assert row is not None
    assert row.accessibleName().startswith("Ja / ")
    assert "[ar] Ja" in row.accessibleName()


def test_unreviewed_translations_are_marked(interview: InterviewObject) -> None:
    assert interview.text("translation-mark") == "Machinevertaling, niet nagekeken"


def test_a_staff_question_has_no_second_language(interview: InterviewObject) -> None:
    interview.page.bridge.go_to(key("oordeel"))
    assert interview.label("oordeel", "other") == ""
    assert not interview.has("translation-mark")


def test_guidance_shows_to_the_colleague(interview: InterviewObject) -> None:
    interview.go_to_section("werk")
    assert "rustig door" in " ".join(interview.words(interview.find("question-guidance")))


def test_choosing_a_row_stores_it_at_once(interview: InterviewObject, vault: Vault) -> None:
    interview.go_to_section("werk")
    interview.choose("ja")
    flow = interview.page.bridge.flow
    assert answers_in(vault, flow.interview.interview_id)[key("gewerkt").path, None] == "ja"
    interview.choose("ja")
    assert flow.session.value(key("gewerkt")) == ""


def test_keys_choose_give_reasons_and_move(interview: InterviewObject, qtbot: QtBot) -> None:
    flow = interview.page.bridge.flow
    interview.go_to_section("werk")
    interview.press(Qt.Key.Key_2)
    assert flow.session.value(key("gewerkt")) == "nee"
    interview.press(Qt.Key.Key_G)
    assert flow.session.state(key("gewerkt")).value == AnswerState.REFUSED.value
    interview.press(Qt.Key.Key_G)
    assert flow.session.state(key("gewerkt")).value == AnswerState.NONE.value
    interview.press(Qt.Key.Key_W)
    interview.press(Qt.Key.Key_Return)
    assert interview.questions() == ("talen",)
    interview.press(Qt.Key.Key_1)
    interview.press(Qt.Key.Key_3)
    assert flow.session.value(key("talen")) == "tir nld"
    qtbot.keyClick(interview.page.focusWidget(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: interview.questions() == ("gewerkt",))


def test_letters_in_a_text_field_are_letters(interview: InterviewObject, qtbot: QtBot) -> None:
    interview.next()
    assert interview.questions() == ("naam_tolk",)
    field = interview.block().widget.field  # type: ignore[attr-defined]
    assert field.hasFocus()
    qtbot.keyClicks(field, "wgn1")
    assert field.text() == "wgn1"
    assert interview.page.bridge.flow.session.state(key("naam_tolk")).value == ""
    qtbot.keyClick(field, Qt.Key.Key_Return)
    flow = interview.page.bridge.flow
    assert flow.session.value(key("naam_tolk")) == "wgn1"
    assert interview.questions() == ("gewerkt",)


def test_what_is_typed_is_stored_before_the_field_is_left(
    interview: InterviewObject, qtbot: QtBot, vault: Vault
) -> None:
    interview.next()
    bridge = interview.page.bridge
    with qtbot.waitSignal(bridge.saved, timeout=2_000):
        qtbot.keyClicks(interview.block().widget.field, "Tigr")  # type: ignore[attr-defined]
    interview_id = bridge.flow.interview.interview_id
    assert answers_in(vault, interview_id)[key("naam_tolk").path, None] == "Tigr"
    assert bridge.flow.typing == {key("naam_tolk")}


def test_leaving_the_page_stores_what_is_typed(interview: InterviewObject, vault: Vault) -> None:
    interview.next()
    interview.block().widget.field.insert("تيغرينيا")  # type: ignore[attr-defined]
    interview.page.leaving()
    interview_id = interview.page.bridge.flow.interview.interview_id
    assert answers_in(vault, interview_id)[key("naam_tolk").path, None] == "تيغرينيا"


def test_an_empty_required_question_is_named_and_may_be_put_off(
    interview: InterviewObject,
) -> None:
    interview.go_to_section("werk")
    assert interview.problem() == ""
    interview.next()
    assert interview.questions() == ("gewerkt",)
    assert interview.problem() == "Kies ja of nee."
    interview.later()
    assert interview.questions() == ("talen",)
    row = interview.page.bridge.flow.row(key("gewerkt"))
    assert row is not None
    assert row.later


def test_a_wrong_number_stays_in_the_field_and_says_what_to_do(
    interview: InterviewObject,
) -> None:
    interview.go_to_section("kort")
    interview.write("een", "leeftijd")
    assert "geen heel getal" in interview.problem("leeftijd")
    field = interview.block("leeftijd").widget.field  # type: ignore[attr-defined]
    assert field.text() == "een"
    interview.next()
    assert interview.questions() == ("leeftijd", "opmerking")
    interview.write("21", "leeftijd")
    assert interview.problem("leeftijd") == ""
    interview.next()
    assert interview.is_reviewing()


def test_a_reason_takes_the_place_of_a_wrong_number(interview: InterviewObject) -> None:
    interview.go_to_section("kort")
    interview.write("een", "leeftijd")
    interview.say_state(AnswerState.UNKNOWN, "leeftijd")
    assert interview.problem("leeftijd") == ""
    field = interview.block("leeftijd").widget.field  # type: ignore[attr-defined]
    assert field.text() == ""
    interview.next()
    assert interview.is_reviewing()


def test_a_full_disk_is_told_and_the_field_keeps_its_text(
    interview: InterviewObject, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview.next()
    field = interview.block().widget.field  # type: ignore[attr-defined]
    with full_disk(vault, monkeypatch):
        interview.write("Tigrinya")
        assert "schijf" in interview.problem()
        assert field.text() == "Tigrinya"
        interview.next()
        assert interview.questions() == ("naam_tolk",)
    interview.next()
    assert interview.questions() == ("gewerkt",)
    assert interview.page.bridge.flow.session.value(key("naam_tolk")) == "Tigrinya"


def test_answers_that_fall_away_are_told_and_can_come_back(interview: InterviewObject) -> None:
    flow = interview.page.bridge.flow
    interview.go_to_section("werk")
    interview.choose("ja")
    (first,) = flow.session.repeats(key("baan").path)
    interview.page.bridge.answer(key("functie", first), "bakker")
    interview.choose("nee")
    assert "1 antwoord vervalt" in interview.text("hidden-notice")
    interview.click("hidden-undo")
    assert not interview.has("hidden-notice")
    assert flow.session.value(key("gewerkt")) == "ja"
    assert flow.session.view(key("functie", first)).relevant


def test_notes_are_stored_and_leave_only_when_ticked(interview: InterviewObject) -> None:
    flow = interview.page.bridge.flow
    interview.go_to_section("werk")
    interview.note("rustig aan")
    row = flow.row(key("gewerkt"))
    assert row is not None
    assert (row.note, row.note_in_handover) == ("rustig aan", False)
    interview.note("rustig aan", share=True)
    row = flow.row(key("gewerkt"))
    assert row is not None
    assert row.note_in_handover


def test_repeat_cards_add_remove_and_move(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    interview.go_to_section("werk")
    interview.choose("ja")
    interview.next()
    assert interview.has("repeat-card-1")
    assert interview.find("interview-next").hasFocus()
    interview.click("repeat-add")
    assert interview.questions() == ("functie",)
    interview.write("chauffeur")
    bridge.go_to(key("baan"))
    assert interview.has("repeat-card-2")
    assert "chauffeur" in " ".join(interview.words(interview.find("repeat-card-2")))
    interview.click("repeat-remove-2")
    assert not interview.has("repeat-card-2")
    assert "1 antwoord vervalt" in interview.text("hidden-notice")
    interview.click("hidden-undo")
    assert interview.has("repeat-card-2")
    assert "chauffeur" in " ".join(interview.words(interview.find("repeat-card-2")))
    interview.click("repeat-move-up-2")
    assert interview.has("repeat-card-1")
    assert "chauffeur" in " ".join(interview.words(interview.find("repeat-card-1")))
    assert interview.find("repeat-move-down-1").hasFocus()
    interview.click("repeat-move-down-1")
    interview.click("repeat-open-1")
    assert interview.questions() == ("functie",)


def test_the_list_of_sections_tells_how_far_each_is(interview: InterviewObject) -> None:
    interview.go_to_section("werk")
    interview.choose("nee")
    interview.next()
    interview.later()
    interview.page.show_outline()
    item = interview.find("section-werk")
    assert item.accessibleName() == "Werk, 1 van 3 beantwoord, 1 vraag voor later"
    flow = interview.page.bridge.flow
    flow.set_interpretation(replace(flow.interview.interpretation, weak=("/data/werk",)))
    interview.page.bridge.set_state(key("talen"), AnswerState.REFUSED)
    interview.page.show_outline()
    assert item.accessibleName().endswith("1 keer wil niet zeggen, weinig begrepen")
    interview.go_to_section("start_groep")
    assert interview.find("section-start_groep").accessibleName().startswith("Begin, 0 van 1")


def test_the_line_says_who_may_have_this(interview: InterviewObject) -> None:
    interview.go_to_section("werk")
    words = {
        role: interview.text(f"sharing-{role}")
        for role in ("gemeente", "taalaanbieder", "werkgever")
    }
    assert words == {"gemeente": "ja", "taalaanbieder": "na toestemming", "werkgever": "nee"}
    interview.page.bridge.go_to(key("talen"))
    assert interview.text("sharing-gemeente") == "nee"


def test_the_look_back_leads_to_what_is_open(interview: InterviewObject) -> None:
    interview.go_to_section("review")
    assert interview.is_reviewing()
    interview.click("review-go-gewerkt")
    assert interview.questions() == ("gewerkt",)
    assert interview.problem() == "Kies ja of nee."


def test_an_interview_is_held_from_begin_to_end(
    interview: InterviewObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_a, **_k: True)
    answers = {
        "naam_tolk": "Tigrinya",
        "gewerkt": "ja",
        "functie": "bakker",
        "jaren": "4",
        "talen": "tir nld",
        "oordeel": "goed",
        "leeftijd": "31",
        "opmerking": "geen",
    }
    interview.fill_out(answers)
    with qtbot.waitSignal(interview.page.closed) as closed:
        interview.finish()
    flow = interview.page.bridge.flow
    assert closed.args == [flow.interview.person_id]
    assert flow.interview.state is InterviewState.VASTGESTELD
    filled = flow.filled()
    given = {name: row.value for name, row in filled.answers.items() if row.value}
    del given["instanceID"]
    assert given == {
        name: value for name, value in answers.items() if name not in {"functie", "jaren"}
    } | {"dubbel": "62"}
    (job,) = filled.instances("functie")
    assert (job["functie"].value, job["jaren"].value) == ("bakker", "4")


def test_finishing_too_early_leads_to_the_question(interview: InterviewObject) -> None:
    interview.go_to_section("review")
    interview.finish()
    assert interview.questions() == ("gewerkt",)
    assert interview.has("save-error")
    assert "Vaststellen kan nog niet" in interview.text("save-error")


def test_escape_twice_blanks_and_resume_brings_back(interview: InterviewObject) -> None:
    interview.next()
    interview.press(Qt.Key.Key_Escape)
    assert not interview.page.bridge.is_paused
    interview.press(Qt.Key.Key_Escape)
    assert interview.page.bridge.is_paused
    assert interview.has("interview-paused")
    assert "Alles is opgeslagen" in " ".join(interview.words(interview.find("interview-paused")))
    interview.click("interview-resume")
    assert not interview.page.bridge.is_paused
    assert interview.block().widget.field.hasFocus()  # type: ignore[attr-defined]


def test_a_resumed_interview_has_the_focus_where_it_was(
    interview: InterviewObject, show: object, vault: Vault
) -> None:
    interview.go_to_section("kort")
    opmerking = interview.block("opmerking").widget.field  # type: ignore[attr-defined]
    interview.write("geen", "opmerking")
    interview.write("31", "leeftijd")
    opmerking.setFocus()
    interview.page.leaving()
    again = show(InterviewBridge(resume(vault, interview.page.bridge.flow)))  # type: ignore[operator]
    assert again.questions() == ("leeftijd", "opmerking")
    field = again.block("opmerking").widget.field
    assert field.toPlainText() == "geen"
    assert field.hasFocus()


def test_a_closed_interview_opens_for_reading(
    flow: InterviewFlow, show: object, vault: Vault
) -> None:
    flow.answer(key("gewerkt"), "nee")
    flow.finish()
    shown = show(InterviewBridge(resume(vault, flow)))  # type: ignore[operator]
    assert "vastgesteld" in shown.text("save-error")
    shown.go_to_section("werk")
    # it looks as it is: nothing here can be changed, and a screen reader says what was answered
    block = shown.block("gewerkt")
    assert not any(choice.isEnabled() for choice in block.widget.findChildren(ChoiceButton))
    assert shown.page.card.spoken().endswith("Nee")
    shown.choose("ja")
    assert shown.page.bridge.flow.session.value(key("gewerkt")) == "nee"
    assert not shown.has("answer-later")
    assert not shown.find("answer-source").isEnabled()
    shown.next()
    assert shown.questions() == ("talen",)
    shown.page.bridge.review()
    assert not shown.has("interview-finish")


def test_narrow_windows_stack_the_languages_and_fold_the_list(
    show: object, bridge: InterviewBridge
) -> None:
    shown = show(bridge, 760, 700)  # type: ignore[operator]
    assert not shown.has("section-list")
    assert shown.has("sections-open")
    bridge.go_to(key("gewerkt"))
    assert shown.has("question-gewerkt")
    dutch = shown.block().findChild(QWidget, "question-label-nl")
    other = shown.block().findChild(QWidget, "question-label-other")
    assert dutch is not None
    assert other is not None
    assert (
        other.mapTo(shown.root, other.rect().topLeft()).y()
        > dutch.mapTo(shown.root, dutch.rect().topLeft()).y()
    )


@pytest.mark.parametrize("size", [(1366, 708), (1280, 740), (760, 700)])
@pytest.mark.parametrize("name", ["welkom", "naam_tolk", "gewerkt", "talen", "opmerking", "baan"])
def test_pages_pass_the_checker(
    show: object, bridge: InterviewBridge, size: tuple[int, int], name: str
) -> None:
    bridge.answer(key("gewerkt"), "ja")
    shown = show(bridge, *size)  # type: ignore[operator]
    bridge.go_to(key(name))
    assert shown.has("question-card")
    assert check(shown.root) == ()


def test_the_look_back_passes_the_checker(interview: InterviewObject) -> None:
    interview.go_to_section("review")
    assert interview.page.bridge.place is Place.REVIEW
    assert interview.has("review-werk")
    assert check(interview.root) == ()


def test_only_one_primary_button_shows(interview: InterviewObject) -> None:
    for section in ("werk", "review"):
        interview.go_to_section(section)
        shown = [n for n in ("interview-next", "interview-finish") if interview.has(n)]
        assert len(shown) == 1


def test_search_finds_in_both_languages(show: object, bridge: InterviewBridge) -> None:
    from intake_app.ui.interview.questions.choices import folded

    assert folded(" Pàsjtoe ") == "pasjtoe"
    shown = show(bridge)  # type: ignore[operator]
    bridge.go_to(key("talen"))
    assert shown.block().findChild(QLineEdit, "choice-search") is None


def test_no_other_window_ever_flashes_by(interview: InterviewObject, qapp: QApplication) -> None:
    """A part that is shown before it has a parent is a window of its own, and takes the focus."""
    seen: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            shows = event.type() is QEvent.Type.Show and isinstance(watched, QWidget)
            if shows and watched.isWindow() and watched is not interview.root:
                seen.append(f"{type(watched).__name__} {watched.objectName()}")
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    bridge = interview.page.bridge
    bridge.answer(key("gewerkt"), "ja")
    for page in bridge.flow.session.pages():
        bridge.go_to(page.key)
        qapp.processEvents()
    bridge.review()
    qapp.processEvents()
    qapp.removeEventFilter(watch)
    assert seen == []
