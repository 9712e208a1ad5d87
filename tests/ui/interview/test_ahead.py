"""Pages that are built ahead: never stale, never in the way, gone when both screens are blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages.interview import InterviewObject
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import answers_in, key, start_small
from support.qt import settle

from intake_app import paths
from intake_app.domain.interview import AnswerState
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.interview.bridge import InterviewBridge, Place
from intake_app.ui.interview.card import QuestionCard
from intake_app.ui.interview.painting import Ground
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.sheet import PageSheet
from intake_app.ui.theme import Scheme, Theme
from intake_app.vault import Vault
from intake_app.xforms import NodeKey, QuestionKind


def ready(qtbot: QtBot, interview: InterviewObject) -> QuestionCard:
    """Wait until everything that was wanted lies ready."""
    card = interview.page.card
    qtbot.waitUntil(lambda: not card.ahead.busy)
    return card


def turn_on(card: QuestionCard, times: int = 3) -> None:
    for _ in range(times):
        card.ahead.turn()


def seen(sheet: PageSheet) -> list[tuple[object, ...]]:
    """Return everything on a sheet that a person or a screen reader can tell apart."""
    found: list[tuple[object, ...]] = []
    for top in (sheet.widget(), sheet.foot):
        for widget in (top, *top.findChildren(QWidget)):
            inside = widget is top or widget.isVisibleTo(top)
            # the ring round the focus, and what a scrolling field makes for itself
            if not inside or widget.objectName().startswith(("focus-ring", "qt_")):
                continue
            text = widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""
            on = widget.isChecked() if isinstance(widget, QAbstractButton) else None
            place = widget.mapTo(top, QPoint(0, 0)) if top is not sheet.foot else QPoint()
            size = widget.size() if top is not sheet.foot else QSize()
            found.append(
                (
                    type(widget).__name__,
                    widget.objectName(),
                    text,
                    on,
                    widget.isEnabled(),
                    widget.accessibleName(),
                    widget.accessibleDescription(),
                    (place.x(), place.y(), size.width(), size.height()),
                )
            )
    return sorted(found, key=repr)


def looks(sheet: PageSheet) -> list[int]:
    """Return the colour of the ground and of every question: they come from the theme."""
    inside = sheet.widget()
    assert inside is not None
    return [sheet._color.rgba(), *(w._color.rgba() for w in inside.findChildren(Ground))]


def fresh(card: QuestionCard, size: QSize) -> Iterator[PageSheet]:
    """Yield the sheet of the same page, built now and laid out as if it were shown."""
    page = card.bridge.page
    assert page is not None
    sheet = card.sheet_of(page)
    sheet.finish()
    for _ in sheet.lay_out(size):
        pass
    yield sheet
    card.drop(sheet)


def assert_as_fresh(app: QApplication, card: QuestionCard) -> None:
    settle(app)
    shown = card.area
    assert shown is not None
    for other in fresh(card, shown.size()):
        assert seen(shown) == seen(other)
        assert looks(shown) == looks(other)


def test_the_next_page_is_shown_as_it_was_built_ahead(
    qtbot: QtBot, interview: InterviewObject
) -> None:
    interview.go_to_section("werk")
    card = ready(qtbot, interview)
    assert key("talen") in card.ahead.ready
    waiting = card.ahead.peek(key("talen"))
    interview.page.bridge.go_to(key("talen"))
    assert card.area is waiting


def test_a_page_lies_ready_in_the_size_it_gets(
    qtbot: QtBot, qapp: QApplication, interview: InterviewObject
) -> None:
    bridge, sizes = interview.page.bridge, set()
    bridge.go_to(bridge.flow.session.pages()[0].key)
    while bridge.page is not None and bridge.flow.session.next_page(bridge.page.key) is not None:
        card = ready(qtbot, interview)
        following = bridge.flow.session.next_page(bridge.page.key)
        assert following is not None
        waiting = card.ahead.peek(following.key)
        assert waiting is not None
        size = waiting.size()
        bridge.next()
        settle(qapp)
        assert card.area is waiting
        assert waiting.size() == size, following.key
        sizes.add(size.height())
    assert len(sizes) > 1, "the feet of these pages must differ"


def test_a_hidden_page_takes_no_part_in_the_keyboard(
    qtbot: QtBot, interview: InterviewObject
) -> None:
    interview.go_to_section("werk")
    card = ready(qtbot, interview)
    waiting = card.ahead.peek(key("talen"))
    assert waiting is not None
    assert not waiting.isVisible()
    assert not any(child.isVisible() for child in waiting.findChildren(QWidget))
    focus = QApplication.focusWidget()
    for _ in range(60):
        interview.root.focusNextChild()
        now = QApplication.focusWidget()
        assert now is None or not waiting.isAncestorOf(now)
        if now is focus:
            break


def test_an_answer_that_opens_a_page_shows_that_page(
    qtbot: QtBot, interview: InterviewObject
) -> None:
    interview.go_to_section("werk")
    ready(qtbot, interview)
    bridge = interview.page.bridge
    bridge.answer(key("gewerkt"), "ja")
    bridge.next()
    assert bridge.page is not None
    assert bridge.page.key.path == key("baan").path
    assert interview.page.card.cards is not None


def test_a_page_that_an_answer_would_open_lies_ready(
    qtbot: QtBot, interview: InterviewObject
) -> None:
    interview.go_to_section("werk")
    card = ready(qtbot, interview)
    bridge = interview.page.bridge
    assert bridge.flow.session.page(key("baan")) is None
    waiting = card.ahead.peek(key("baan"))
    assert waiting is not None
    assert not waiting.isVisible()
    bridge.answer(key("gewerkt"), "ja")
    bridge.next()
    assert card.area is waiting
    assert_as_fresh(QApplication.instance(), card)  # type: ignore[arg-type]


def test_the_client_would_see_no_question_that_is_not_asked(
    qtbot: QtBot, falling: InterviewObject
) -> None:
    """What is made ahead for the client is shown by the bridge alone, when it is asked."""
    bridge, made = falling.page.bridge, set[NodeKey]()
    for page in bridge.flow.session.pages():
        bridge.go_to(page.key)
        keys = bridge.client_keys_ahead()
        made.update(keys)
        assert len(keys) == len(set(keys))
        assert not any(bridge.flow.staff_only(k) for k in keys)
        shown = bridge.client_key()
        assert shown is None or bridge.flow.view(shown).relevant
    assert any(not bridge.flow.view(k).relevant for k in made)


def test_nothing_waits_behind_blank_screens(qtbot: QtBot, interview: InterviewObject) -> None:
    interview.go_to_section("werk")
    card = ready(qtbot, interview)
    assert card.ahead.ready
    interview.page.bridge.pause(on=True)
    assert not card.ahead.ready
    assert not card.ahead.busy
    interview.page.bridge.pause(on=False)
    ready(qtbot, interview)
    assert card.ahead.ready


def test_an_error_while_preparing_loses_nothing(
    qtbot: QtBot, interview: InterviewObject, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview.go_to_section("werk")
    card, bridge = interview.page.card, interview.page.bridge
    bridge.answer(key("gewerkt"), "nee")
    card.ahead.clear()

    def broken(_sheet: PageSheet) -> bool:
        raise RuntimeError("half way")

    with monkeypatch.context() as patch:
        patch.setattr(PageSheet, "work", broken)
        with pytest.raises(RuntimeError, match="half way"):
            # begun in one slice and worked on in the next, or both in one
            turn_on(card)
    assert not card.ahead.ready
    assert answers_in(vault, bridge.flow.interview.interview_id)[key("gewerkt").path, None] == "nee"
    bridge.next()
    assert card.blocks
    bridge.answer(key("talen"), "ara")
    stored = answers_in(vault, bridge.flow.interview.interview_id)
    assert stored[key("talen").path, None] == "ara"


def test_typing_puts_building_off(qtbot: QtBot, interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    bridge.go_to(key("naam_tolk"))
    card = ready(qtbot, interview)
    bridge.answer(key("naam_tolk"), "Tigrinya")
    card.ahead.clear()
    interview.write("Tig", "naam_tolk")
    assert card.ahead.waiting


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("next", "back", "jump", "answer", "state", "note", "later", "language", "repeat"),
                *("branch", "theme"),
            )
        ),
        st.integers(0, 7),
        st.integers(0, 40),
    ),
    min_size=3,
    max_size=14,
)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=ACTIONS)
def test_a_page_built_ahead_is_what_a_fresh_one_is(
    actions: list[tuple[str, int, int]],
    vault: Vault,
    show: object,
    tools: Tools,
    qapp: QApplication,
) -> None:
    flow = start_small(vault, form_id=f"klein-{len(PASSED)}")
    PASSED.append(None)
    shown = show(InterviewBridge(flow))  # type: ignore[operator]
    card, bridge = shown.page.card, shown.page.bridge
    for what, number, turns in actions:
        # anything from nothing to all of it is ready when the next thing happens
        for _ in range(turns):
            card.ahead.turn()
        before = card.area
        if what == "theme":
            # as the desk does: the same talk is shown anew with the same bookmark
            bridge.remember()
            shown.root.close()
            theme = Theme.load(paths.resource("themes", "default.json"), SCHEMES[number % 2])
            other = replace(tools, theme=theme)
            shown = show(InterviewBridge(flow), tools=other)  # type: ignore[operator]
            card, bridge = shown.page.card, shown.page.bridge
        else:
            do(bridge, flow, what, number)
        if bridge.place is Place.PAGE and card.area is not before:
            assert_as_fresh(qapp, card)
    shown.root.close()


PASSED: list[None] = []
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LANGUAGES = ("ar", "ti", "nl", "fr")
TEXTS = ("", "Sara", "12", "سارة", "een\nlange tekst " * 8)


def do(bridge: InterviewBridge, flow: InterviewFlow, what: str, number: int) -> None:
    """Do one thing a person could do."""
    pages = flow.session.pages()
    # not only here: undoing, the client and the history change answers of pages that wait
    asked = [k for page in pages for k in page.keys if flow.view(k).definition.kind.askable]
    chosen = asked[(number * 5 + len(what)) % len(asked)]
    if what == "next":
        bridge.next()
    elif what == "back":
        bridge.back()
    elif what == "branch":
        # what is answered here may open the page that is shown next
        for here in bridge.page.keys if bridge.page is not None else ():
            change(bridge, flow, here, "answer", number)
        bridge.next()
    elif what == "jump":
        bridge.go_to(pages[number % len(pages)].key)
    elif what == "language":
        bridge.change_language(LANGUAGES[number % len(LANGUAGES)])
    elif what == "repeat":
        if flow.session.page(key("baan")) is not None:
            bridge.add_repeat(key("baan").path, None)
    else:
        change(bridge, flow, chosen, what, number)


def change(
    bridge: InterviewBridge, flow: InterviewFlow, chosen: NodeKey, what: str, number: int
) -> None:
    view = flow.view(chosen)
    if what == "answer":
        if view.choices:
            bridge.answer(chosen, view.choices[number % len(view.choices)].value)
        elif view.definition.kind is QuestionKind.INTEGER:
            bridge.answer(chosen, str(number * 13))
        else:
            bridge.answer(chosen, TEXTS[number % len(TEXTS)])
    elif what == "state":
        bridge.set_state(chosen, (AnswerState.UNKNOWN, AnswerState.REFUSED)[number % 2])
    elif what == "note":
        bridge.note(chosen, TEXTS[number % len(TEXTS)].strip(), in_handover=bool(number % 2))
    elif what == "later":
        bridge.later(chosen, flag=bool(number % 2))
