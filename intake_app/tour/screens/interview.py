"""The interview: before it, every kind of question in every state, its panels, the review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from intake_app.domain.interview import AnswerState
from intake_app.tour import kinds
from intake_app.tour import world as places
from intake_app.tour.screens.listing import Screen
from intake_app.tour.studio import Studio
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.new_version import AsidePanel
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.rail import Place
from intake_app.xforms import NodeKey

Prepare = Callable[[InterviewPage], None]


def at(name: str) -> Prepare:
    """Return what goes to a question of the form with every kind."""

    def go(page: InterviewPage) -> None:
        key = NodeKey(kinds.path_of(name))
        if not page.bridge.go_to(key):
            raise LookupError(name)

    return go


def talk(*steps: Prepare, **which: Any) -> Callable[[Studio], QWidget]:
    """Return what makes the window with an interview on which these steps were taken."""

    def make(studio: Studio) -> QWidget:
        def prepare(page: InterviewPage) -> None:
            for step in steps:
                step(page)

        return studio.talk(prepare, **which)

    return make


def _start(form: str) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        context = studio.context(places.TALK)
        host = InterviewHost.begin(context, studio.person("Rahel", places.TALK), form)
        return studio.shell(host, ("Mensen", "Amanuel T.", "Gesprek"), Place.PEOPLE)

    return make


def _aside(studio: Studio) -> QWidget:
    panel = AsidePanel(Tools(studio.theme, studio.tr), ())
    return studio.shell(panel, ("Mensen", "Amanuel T.", "Gesprek"), Place.PEOPLE)


def _failed(page: InterviewPage) -> None:
    page.bridge.failed.emit(
        page.bridge.focus,
        "De schijf is vol. Dit antwoord is nog niet opgeslagen. Maak ruimte vrij en ga verder.",
    )


def _fell_away(page: InterviewPage) -> None:
    page.bridge.hidden.emit(3)


def _in_repeat(page: InterviewPage) -> None:
    pages = page.bridge.flow.session.pages()
    inside = [each for each in pages if each.key.repeat is not None]
    page.bridge.go_to(inside[0].key)


def _over_repeats(page: InterviewPage) -> None:
    pages = page.bridge.flow.session.pages()
    before = [each for each in pages if "baan" in each.key.path and each.key.repeat is None]
    page.bridge.go_to(before[0].key if before else pages[-1].key)


def _problem(page: InterviewPage) -> None:
    at("een")(page)
    page.go_next()


def _state(state: AnswerState) -> Prepare:
    def set_it(page: InterviewPage) -> None:
        key = NodeKey(kinds.path_of("moment"))
        page.bridge.go_to(key)
        if page.bridge.flow.session.state(key).value != state.value:
            page.bridge.set_state(key, state)

    return set_it


_ALL = (*kinds.QUESTIONS, *kinds.FACTS[:1], *kinds.MATRIX[:1])

SCREENS: tuple[Screen, ...] = (
    Screen("start-intake", _start("intake")),
    Screen("start-noa", _start("noa_assessment")),
    *(Screen(f"question-{asked.name}", talk(at(asked.name))) for asked in _ALL),
    *(Screen(f"state-{state.name.lower()}", talk(_state(state)))
      for state in (AnswerState.UNKNOWN, AnswerState.REFUSED, AnswerState.NOT_ASKED,
                    AnswerState.NOT_APPLICABLE)),
    Screen("question-required-missing", talk(_problem)),
    Screen("repeat-inside", talk(_in_repeat)),
    Screen("repeat-cards", talk(_over_repeats)),
    Screen("not-saved", talk(at("tekst"), _failed)),
    Screen("fell-away", talk(at("tekst"), _fell_away)),
    Screen("review", talk(lambda page: page.bridge.review())),
    Screen("pause", talk(lambda page: page.pausing.rest())),
    Screen("strayed", talk(lambda page: page.pausing.rest(),
                           lambda page: page.pausing.say_strayed())),
    Screen("strayed-offer", talk(lambda page: page.client_screen.offer.ask_after_straying())),
    Screen("stopping", talk(lambda page: page.pausing.ask_to_stop())),
    Screen("pointing-page", talk(at("tekst"), lambda page: page.bridge.show_pointing(0))),
    Screen("aside-answers", _aside),
    Screen("intake-first", talk(form="intake")),
    Screen("intake-review", talk(lambda page: page.bridge.review(), form="intake")),
)  # fmt: skip
