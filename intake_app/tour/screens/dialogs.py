"""The windows that come up over another: questions that stop, and what explains."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from intake_app.domain.interview import AnswerState, Interpretation, InterpreterMode
from intake_app.flows import attachments
from intake_app.flows.interview_look import FallenAnswer
from intake_app.flows.interview_undo import How
from intake_app.i18n.calendars import Calendar
from intake_app.tour import kinds
from intake_app.tour import world as places
from intake_app.tour.looks import SIZES
from intake_app.tour.screens.listing import Screen
from intake_app.tour.studio import Studio
from intake_app.ui.interview.extra_parts import WordsDialog, missing_words
from intake_app.ui.interview.fallen_notice import FallenDialog
from intake_app.ui.interview.find import FindQuestion
from intake_app.ui.interview.history import HistoryDialog
from intake_app.ui.interview.host import InterviewHost, sharing_table
from intake_app.ui.interview.interpretation import InterpretationDialog
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.calendar_popup import CalendarPopup
from intake_app.ui.interview.questions.file_well import FileDialog
from intake_app.ui.interview.sharing_line import SharingReasons
from intake_app.ui.interview.shortcuts import ShortcutSheet
from intake_app.ui.interview.staff_windows import Veil
from intake_app.ui.kit import ConfirmDialog
from intake_app.xforms import NodeKey, ShownText


def _tools(studio: Studio) -> Tools:
    return Tools(studio.theme, studio.tr)


def _confirm(*, danger: bool) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        tr = studio.tr
        return ConfirmDialog(
            studio.theme,
            tr.gettext("Gesprek vaststellen?"),
            tr.gettext(
                "De antwoorden staan daarna vast. Verandert er iets? Begin dan een nieuw gesprek."
            ),
            confirm=tr.gettext("Vaststellen"),
            cancel=tr.gettext("Nog niet"),
            danger=danger,
        )

    return make


def _interpreter(mode: InterpreterMode) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        host = studio.interview(form="intake")
        page = host.page
        assert page is not None  # noqa: S101  (a reopened interview has its page)
        told = Interpretation(mode, "tolkentelefoon", studio.look.client)
        dialog = InterpretationDialog(_tools(studio), told, page.bridge.flow.outline())
        dialog.destroyed.connect(host.deleteLater)
        return dialog

    return make


def _veiled(studio: Studio) -> QWidget:
    dialog = _interpreter(InterpreterMode.TELEFOON)(studio)
    assert isinstance(dialog, InterpretationDialog)  # noqa: S101  (that is what it makes)
    Veil(studio.theme, studio.tr, dialog)
    return dialog


def _find(sought: str) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        host = studio.interview(form="intake")
        page = host.page
        assert page is not None  # noqa: S101  (a reopened interview has its page)
        dialog = FindQuestion(_tools(studio), page.bridge)
        dialog.field.setText(sought)
        dialog.destroyed.connect(host.deleteLater)
        return dialog

    return make


def _page(studio: Studio) -> tuple[InterviewHost, InterviewPage]:
    host = studio.interview()
    page = host.page
    assert page is not None  # noqa: S101  (a reopened interview has its page)
    return host, page


def _history(studio: Studio) -> QWidget:
    host, page = _page(studio)
    key = NodeKey(kinds.path_of("meer"))
    label = page.bridge.flow.view(key).label
    dialog = HistoryDialog(_tools(studio), label, page.bridge.history(key))
    dialog.destroyed.connect(host.deleteLater)
    return dialog


def _fallen(studio: Studio) -> QWidget:
    host, page = _page(studio)
    names = ("tekst", "verhaal", "getal", "meer", "likert", "schaal", "straat", "plaats")
    keys = [NodeKey(kinds.path_of(name)) for name in names]
    fallen = tuple(
        FallenAnswer(
            key,
            next(iter(How)),
            page.bridge.flow.view(key).label,
            "Baan 2" if number % 2 else "",
            (ShownText("Een antwoord dat is bewaard", "nl"),),
            AnswerState.ANSWERED,
            back=keys[0],
        )
        for number, key in enumerate(keys)
    )
    dialog = FallenDialog(_tools(studio), fallen)
    dialog.destroyed.connect(host.deleteLater)
    return dialog


def _words(studio: Studio) -> QWidget:
    parent = studio.keep(QWidget())
    tools = _tools(studio)
    title = tools.tr.gettext("Foto maken")
    return WordsDialog(tools, title, missing_words(tools.tr, sound=False), parent)


def _file(studio: Studio) -> QWidget:
    vault = studio.vault(places.MANY)
    person = studio.person("Maximiliaan Alexander", places.MANY)
    row = attachments.listed(vault, person, sharing_table())[0]
    content = attachments.content(vault, row.attachment.attachment_id)
    parent = studio.keep(QWidget())
    # the dialog takes no more room than the window it comes from has
    parent.resize(*SIZES[0])
    return FileDialog(_tools(studio), content, row.attachment.title, parent)


def _calendar(calendar: Calendar, beside: Calendar | None) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        parent = studio.keep(QWidget())
        popup = CalendarPopup(
            _tools(studio),
            calendar,
            beside,
            language="nl",
            spoken=studio.look.client,
            parent=parent,
        )
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        popup.open_at(date(2026, 3, 14), date(2026, 3, 2), parent)
        return popup

    return make


SCREENS: tuple[Screen, ...] = (
    Screen("confirm", _confirm(danger=False), free=True),
    Screen("confirm-danger", _confirm(danger=True), free=True),
    Screen("shortcuts", lambda studio: ShortcutSheet(_tools(studio)), free=True),
    Screen("shortcuts-alt", lambda studio: ShortcutSheet(_tools(studio), single=False), free=True),
    Screen("find", _find(""), free=True),
    Screen("find-word", _find("werk"), free=True),
    Screen("find-nothing", _find("qqqq"), free=True),
    Screen("sharing-reasons",
           lambda studio: SharingReasons(_tools(studio), sharing_table(), "werk"), free=True),
    Screen("history", _history, free=True),
    Screen("fallen-answers", _fallen, free=True),
    Screen("extra-missing", _words, free=True),
    Screen("file-dialog", _file, free=True),
    Screen("calendar", _calendar(Calendar.GREGORIAN, None), free=True),
    Screen("calendar-ethiopian", _calendar(Calendar.ETHIOPIAN, Calendar.GREGORIAN), free=True),
    *(Screen(f"interpreter-{mode.value}", _interpreter(mode), free=True)
      for mode in InterpreterMode),
    Screen("dialog-paused", _veiled, free=True),
)  # fmt: skip
