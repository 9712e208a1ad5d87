"""The windows that come up over another: questions that stop, and what explains."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.tour.screens.listing import Screen
from intake_app.tour.studio import Studio
from intake_app.ui.interview.host import sharing_table
from intake_app.ui.interview.interpretation import InterpretationDialog
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.sharing_line import SharingReasons
from intake_app.ui.interview.shortcuts import ShortcutSheet
from intake_app.ui.kit import ConfirmDialog


def _tools(studio: Studio) -> Tools:
    return Tools(studio.theme, studio.tr)


def _confirm(*, danger: bool) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        tr = studio.tr.gettext
        return ConfirmDialog(
            studio.theme,
            tr("Gesprek vaststellen?"),
            tr("De antwoorden staan daarna vast. Verandert er iets? Begin dan een nieuw gesprek."),
            confirm=tr("Vaststellen"),
            cancel=tr("Nog niet"),
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


SCREENS: tuple[Screen, ...] = (
    Screen("confirm", _confirm(danger=False), free=True),
    Screen("confirm-danger", _confirm(danger=True), free=True),
    Screen("shortcuts", lambda studio: ShortcutSheet(_tools(studio)), free=True),
    Screen("sharing-reasons",
           lambda studio: SharingReasons(_tools(studio), sharing_table(), "werk"), free=True),
    *(Screen(f"interpreter-{mode.value}", _interpreter(mode), free=True)
      for mode in InterpreterMode),
)  # fmt: skip
