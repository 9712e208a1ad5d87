from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from pages.interview import InterviewObject, StartPanelObject
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import OneForm, add_person, key, small_form, start_small

from intake_app.documents.pages import page_images
from intake_app.documents.pointing_pages import PAGES
from intake_app.domain.event import EventKind
from intake_app.domain.interview import AnswerState, InterpreterMode
from intake_app.flows.interview import InterviewRefused
from intake_app.flows.preferences import preferences
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.context import AppContext
from intake_app.ui.interview.host import InterviewHost, sharing_table
from intake_app.ui.theme import Theme
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, parse_form


class Recorder:
    """Writes down where a page wanted to go."""

    def __init__(self) -> None:
        self.went: list[UUID] = []

    def open_person(self, person_id: UUID) -> None:
        self.went.append(person_id)


class Top:
    """The top line of a window, without the window."""

    def __init__(self) -> None:
        self.saved = ""
        self.actions: Sequence[QWidget] = ()
        self.folded = False
        self.line = QWidget()
        self.row = QHBoxLayout(self.line)

    def set_page_actions(self, actions: Sequence[QWidget]) -> None:
        self.actions = actions
        for action in actions:
            self.row.addWidget(action)

    def set_saved(self, text: str, *, aloud: bool = True) -> None:
        self.saved = text

    def interview_mode(self, on: bool) -> None:
        self.folded = on


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def context(vault: Vault, theme: Theme, tmp_path: Path, recorder: Recorder) -> AppContext:
    return context_with(small_form(), vault, theme, tmp_path, recorder)


def context_with(
    form: FormDefinition, vault: Vault, theme: Theme, folder: Path, recorder: Recorder
) -> AppContext:
    return AppContext(
        vault=vault,
        library=cast("object", OneForm(form)),  # type: ignore[arg-type]
        catalogues=Catalogues(folder / "compiled"),
        tr=UiTexts("nl", None),
        env=vault.env,
        theme=theme,
        navigate=cast("object", recorder),  # type: ignore[arg-type]
        pick=cast("object", None),  # type: ignore[arg-type]
        events=cast("object", None),  # type: ignore[arg-type]
    )


class Windows:
    """Puts pages in windows that live as long as the test."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._open: list[QWidget] = []

    def show(self, host: InterviewHost) -> QWidget:
        window = QWidget()
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(host)
        window.resize(1366, 700)
        self._open.append(window)
        self._qtbot.addWidget(window)
        with self._qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window


@pytest.fixture
def windows(qtbot: QtBot) -> Windows:
    return Windows(qtbot)


def test_the_wish_for_tables_is_remembered(
    windows: Windows, context: AppContext, vault: Vault
) -> None:
    flow = start_small(vault)
    host = InterviewHost.reopen(context, flow.interview.interview_id)
    windows.show(host)
    assert host.page is not None
    assert not host.page.bridge.as_table
    host.page.bridge.show_tables(True)
    assert preferences(vault).repeats_as_table
    again = InterviewHost.reopen(context, flow.interview.interview_id)
    windows.show(again)
    assert again.page is not None
    assert again.page.bridge.as_table


def test_the_start_asks_language_and_interpreter(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault
) -> None:
    person = add_person(vault, language="ti")
    host = InterviewHost.begin(context, person.person_id, "intake")
    start = StartPanelObject(qtbot, windows.show(host))
    assert host.start is not None
    assert host.start.language.value() == "ti"
    start.choose_mode("kind")
    assert "Laat een kind niet tolken" in start.warning()
    start.choose_mode("telefoon")
    assert start.warning() == ""
    start.type("interpreter-who", "dienst 12")
    QApplication.processEvents()
    assert check(start.root) == ()
    shown = start.begin()
    assert shown.questions() == ("welkom",)
    interview = shown.page.bridge.flow.interview
    told = interview.interpretation
    assert (interview.language, told.mode, told.interpreter, told.language) == (
        "ti",
        InterpreterMode.TELEFOON,
        "dienst 12",
        "ti",
    )
    with vault.read() as records:
        (event,) = records.events.of_person(person.person_id)
    assert (event.kind, event.detail) == (EventKind.INTAKE_BEGONNEN, "uitleg_gelezen")


def test_the_words_are_read_out_first(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault
) -> None:
    host = InterviewHost.begin(context, add_person(vault).person_id, "intake")
    start = StartPanelObject(qtbot, windows.show(host))
    start.begin(read=False)
    assert "Lees eerst de uitleg voor" in start.notice("start-problem")
    assert host.page is None


def test_enter_at_the_start_is_heard_where_the_window_puts_the_keyboard(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault
) -> None:
    host = InterviewHost.begin(context, add_person(vault).person_id, "intake")
    start = StartPanelObject(qtbot, windows.show(host))
    host.setFocus()
    focus = QApplication.focusWidget()
    assert focus is host.start
    qtbot.keyClick(focus, Qt.Key.Key_Return)
    assert "Lees eerst de uitleg voor" in start.notice("start-problem")
    shown = start.begin()
    assert host.focusProxy() is None
    qtbot.waitUntil(lambda: shown.page.isAncestorOf(QApplication.focusWidget()))


def test_an_open_interview_is_resumed(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault
) -> None:
    person = add_person(vault)
    host = InterviewHost.begin(context, person.person_id, "intake")
    StartPanelObject(qtbot, windows.show(host)).begin()
    assert host.page is not None
    host.page.bridge.go_to(key("talen"))
    host.leaving()
    again = InterviewHost.begin(context, person.person_id, "intake")
    assert again.start is None
    assert InterviewObject(qtbot, windows.show(again)).questions() == ("talen",)


def test_a_form_for_the_staff_begins_at_once_in_dutch(
    qtbot: QtBot, windows: Windows, vault: Vault, theme: Theme, tmp_path: Path, recorder: Recorder
) -> None:
    xml = small_form().xml.replace(b'audience="client"', b'audience="staff"')
    form = parse_form(xml, name="staf")
    context = context_with(form, vault, theme, tmp_path, recorder)
    person = add_person(vault, language="ar")
    host = InterviewHost.begin(context, person.person_id, "noa_assessment")
    top = Top()
    shown = InterviewObject(qtbot, windows.show(host))
    host.attach(top)
    assert top.actions == []
    assert host.page is not None
    assert not host.page.bridge.bilingual
    shown.go_to_section("werk")
    assert shown.label("gewerkt", "other") == ""


def test_the_top_line_tells_what_was_saved(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault
) -> None:
    host = InterviewHost.begin(context, add_person(vault).person_id, "intake")
    window = windows.show(host)
    top = Top()
    host.attach(top)
    assert not top.folded
    shown = StartPanelObject(qtbot, window).begin()
    assert top.folded
    assert [action.objectName() for action in top.actions] == [
        "interview-interpreter",
        "client-screen-toggle",
    ]
    shown.go_to_section("werk")
    qtbot.waitUntil(lambda: host.heading == "Werk · vraag 1 van 3")
    shown.choose("ja")
    qtbot.waitUntil(lambda: top.saved.startswith("Opgeslagen "))
    assert len(top.saved.removeprefix("Opgeslagen ").split(":")) == 3
    host.leaving()
    assert not top.folded


def test_the_client_screen_opens_and_goes_with_the_page(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault
) -> None:
    host = InterviewHost.begin(context, add_person(vault).person_id, "intake")
    StartPanelObject(qtbot, windows.show(host)).begin()
    assert host.page is not None
    host.page.client_screen.toggle()
    window = host.page.client_screen.window
    assert window is not None
    assert window.isVisible()
    assert host.page.top_line.client_screen.isChecked()
    host.blank()
    assert window.texts_shown() == ()
    host.leaving()
    assert host.page.client_screen.window is None
    assert not window.isVisible()


def test_going_back_from_the_start_goes_to_the_person(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault, recorder: Recorder
) -> None:
    person = add_person(vault)
    host = InterviewHost.begin(context, person.person_id, "intake")
    StartPanelObject(qtbot, windows.show(host)).click("start-cancel")
    assert recorder.went == [person.person_id]


def test_an_interview_that_is_not_here_is_refused(context: AppContext, vault: Vault) -> None:
    with pytest.raises(InterviewRefused):
        InterviewHost.reopen(context, vault.env.uuid())


def test_the_sharing_table_of_the_program_can_be_read() -> None:
    assert sharing_table().rules


def test_stopping_for_today_goes_to_the_person_and_keeps_the_interview(
    context: AppContext, vault: Vault, windows: Windows, qtbot: QtBot, recorder: Recorder
) -> None:
    person = add_person(vault, language="ar").person_id
    window = windows.show(InterviewHost.begin(context, person, "klein"))
    talk = StartPanelObject(qtbot, window).begin()
    talk.rest()
    talk.stop()
    talk.stop_now()
    assert recorder.went == [person]
    assert talk.page.bridge.flow.is_open


def test_the_pages_to_point_at_are_printed_without_a_name(
    context: AppContext,
    vault: Vault,
    windows: Windows,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed: list[tuple[bytes, str]] = []

    def print_pdf(pdf: bytes, title: str, _parent: QWidget) -> bool:
        printed.append((pdf, title))
        return True

    monkeypatch.setattr("intake_app.ui.printing.print_pdf", print_pdf)
    person = add_person(vault, language="ar")
    window = windows.show(InterviewHost.begin(context, person.person_id, "klein"))
    talk = StartPanelObject(qtbot, window).begin()
    talk.show_pages()
    talk.click("pointing-print")
    talk.page.client_screen.close()
    ((pdf, title),) = printed
    assert title == "Aanwijsbladen"
    pages = page_images(pdf, 20)
    assert len(pages) == len(PAGES)
    assert not any(person.family_name in page.text for page in pages)


def test_what_is_taken_over_by_another_look_is_what_is_stored(
    qtbot: QtBot, windows: Windows, context: AppContext, vault: Vault
) -> None:
    host = InterviewHost.begin(context, add_person(vault).person_id, "intake")
    window = windows.show(host)
    shown = StartPanelObject(qtbot, window).begin()
    shown.go_to_section("kort")
    asked = shown.block("leeftijd")
    shown.page.bridge.set_state(asked.key, AnswerState.UNKNOWN)
    field = asked.widget.field  # type: ignore[attr-defined]
    field.setFocus()
    qtbot.keyClicks(field, "7")
    assert host.before_renewal()
    # the answer took the place of the reason why there was none
    assert not any(button.isChecked() for button in asked._states.values())
