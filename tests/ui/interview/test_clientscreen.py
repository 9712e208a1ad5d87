from __future__ import annotations

import pytest
from pages.clientscreen import ClientScreenObject
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from support.interviews import STAFF_MARK, add_person, key
from support.vaults import actor_of

from intake_app import paths
from intake_app.domain.interview import Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.clientscreen.window import ClientWindow, other_screen
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.base import Tools
from intake_app.vault import Vault


def client_screen(
    qtbot: QtBot, tools: Tools, bridge: InterviewBridge, texts: UiTexts | None = None
) -> ClientScreenObject:
    window = ClientWindow(tools.theme, bridge, texts or UiTexts(bridge.language, None))
    window.resize(1366, 768)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=20_000):
        window.show()
    return ClientScreenObject(qtbot, window)


@pytest.fixture
def screen(qtbot: QtBot, tools: Tools, bridge: InterviewBridge) -> ClientScreenObject:
    bridge.go_to(key("gewerkt"))
    return client_screen(qtbot, tools, bridge)


def test_it_shows_one_question_in_the_clients_language(screen: ClientScreenObject) -> None:
    assert screen.texts()[:4] == (
        "[ar] Heeft u gewerkt?",
        "[ar] Ook onbetaald telt mee.",
        "[ar] Ja",
        "[ar] Nee",
    )


def test_a_tap_is_an_answer_on_both_screens(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    screen.tap("ja")
    assert bridge.flow.session.value(key("gewerkt")) == "ja"
    assert screen.chosen() == ("ja",)
    bridge.answer(key("gewerkt"), "nee")
    assert screen.chosen() == ("nee",)
    screen.tap("nee")
    assert screen.chosen() == ()


def test_several_may_be_tapped_where_the_question_allows(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    bridge.go_to(key("talen"))
    screen.tap("nld")
    screen.tap("tir")
    assert bridge.flow.session.value(key("talen")) == "tir nld"
    assert screen.chosen() == ("tir", "nld")


def test_a_staff_question_shows_a_calm_card(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    bridge.go_to(key("oordeel"))
    assert screen.is_waiting()
    assert screen.texts() == ()
    bridge.go_to(key("talen"))
    assert not screen.is_waiting()


def test_on_a_page_of_several_it_shows_the_one_with_the_focus(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    bridge.go_to(key("leeftijd"))
    assert screen.texts()[0] == "[ar] Hoe oud bent u?"
    bridge.touch(key("opmerking"))
    assert screen.is_waiting()
    bridge.touch(key("leeftijd"))
    assert screen.texts()[0] == "[ar] Hoe oud bent u?"


def test_pause_blanks_at_once_and_only_the_colleague_resumes(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    screen.pause()
    assert bridge.is_paused
    assert screen.is_waiting()
    assert screen.texts() == ()
    bridge.pause(on=False)
    assert not screen.is_waiting()


def test_the_look_back_is_not_shown(screen: ClientScreenObject, bridge: InterviewBridge) -> None:
    bridge.review()
    assert screen.is_waiting()


def test_tiles_are_large_and_follow_the_direction(screen: ClientScreenObject) -> None:
    assert screen.window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    first, second = screen.window.tiles
    assert first.geometry().left() > second.geometry().left()
    assert all(tile.height() >= 44 and tile.width() >= 44 for tile in screen.window.tiles)


def test_the_window_names_nobody(screen: ClientScreenObject) -> None:
    assert screen.window.windowTitle() == "Doorgaande Lijn"
    assert check(screen.window) == ()


def test_closing_is_told(screen: ClientScreenObject, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.window.gone):
        screen.window.close()


def test_without_a_second_monitor_it_is_a_window(screen: ClientScreenObject) -> None:
    assert other_screen(screen.window) is None


def test_no_text_for_the_staff_ever_shows_on_the_small_form(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    bridge.answer(key("gewerkt"), "ja")
    for page in bridge.flow.session.pages():
        for question in page.keys:
            bridge.note(question, f"{STAFF_MARK} notitie", in_handover=True)
            bridge.go_to(question)
            assert not [text for text in screen.texts() if STAFF_MARK in text]


@pytest.mark.slow
@pytest.mark.parametrize("form_id", ["intake", "noa_assessment"])
@pytest.mark.parametrize("language", ["nl", "en", "ar", "ti", "fa"])
def test_no_text_for_the_staff_ever_shows(
    qtbot: QtBot, tools: Tools, vault: Vault, form_id: str, language: str
) -> None:
    """For all questions and languages: nothing but label, hint and choices of client questions."""
    catalogues = Catalogues(paths.compiled_dir())
    texts = CatalogueTexts(catalogues)
    flow = InterviewFlow.start(
        vault,
        Library(paths.compiled_dir()),
        texts,
        add_person(vault, language=language).person_id,
        form_id,
        language,
        Interpretation(),
        actor_of(vault),
    )
    bridge = InterviewBridge(flow)
    screen = client_screen(qtbot, tools, bridge, catalogues.ui(language))
    own = {screen.window.pause_button.text()} | set(_waiting(screen))
    seen = 0
    for question in flow.form.questions.values():
        if question.repeat is not None and not flow.session.repeats(question.repeat):
            continue
        instance = None if question.repeat is None else flow.session.repeats(question.repeat)[0]
        where = type(key("gewerkt"))(question.path, instance)
        view = flow.view(where, language)
        _show(bridge, where)
        shown = set(screen.texts()) - own
        if question.attributes.get("audience") == "staff":
            assert shown == set(), question.name
            continue
        allowed = {view.label.text, *(choice.label.text for choice in view.choices)}
        allowed |= {view.hint.text} if view.hint is not None else set()
        assert shown <= allowed, question.name
        guidance = view.guidance.text if view.guidance is not None else ""
        assert guidance not in shown or not guidance
        seen += bool(shown)
    assert seen > 40 or form_id != "intake"


def _waiting(screen: ClientScreenObject) -> list[str]:
    return screen.words(screen.find("client-wait"))


def _show(bridge: InterviewBridge, where: object) -> None:
    """Show a question whether or not it is relevant now: the screen must be safe for each."""
    from intake_app.xforms import NodeKey, Page

    assert isinstance(where, NodeKey)
    bridge.page = Page(where, "", (where,), "question")
    bridge.moved.emit()
