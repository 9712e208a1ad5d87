"""Interviews in a window, for measuring: the real intake, and forms as long as wanted."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from support import filled
from support.interviews import MarkedTexts, OneForm, add_person
from support.qt import RecordingNavigator, make_context
from support.vaults import actor_of, prepared_vault

from intake_app import paths
from intake_app.domain.interview import AnswerState, Interpretation, InterpreterMode
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.ui.interview.block import QuestionBlock
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.garbage import Garbage
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.text import TextAnswer
from intake_app.ui.memory import forget_sources
from intake_app.ui.shell import Crumb, Shell
from intake_app.ui.theme import Theme
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, QuestionKind, parse_form

SIZE = (1366, 768)
READING = 1.0
"""At most so many seconds a person takes to read a question; what is ready sooner goes on."""


def two_screens(folder: Path) -> str:
    """Return the platform of Qt that paints into memory and has two monitors."""
    config = folder / "screens.json"
    screens = [
        {"name": name, "x": x, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "dpr": 1}
        for name, x in (("laptop", 0), ("client", 1366))
    ]
    config.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    return f"offscreen:configfile={config}"


class Talk:
    """One interview in a window of the program."""

    def __init__(self, app: QApplication, theme: Theme, vault: Vault, flow: InterviewFlow) -> None:
        self.app, self.flow = app, flow
        context = make_context(vault, theme, navigate=RecordingNavigator())
        self.shell = Shell(theme, context.tr)
        self.shell.resize(*SIZE)
        self.shell.show()
        rest(app, 0.05)
        began = time.perf_counter()
        # a host opens only what the library has; a made-up form comes in by the bridge
        host = InterviewHost(context, flow.interview.person_id)
        host._open(flow)
        self.shell.show_page(host)
        host.attach(self.shell)
        painted(app)
        self.opened_ms = (time.perf_counter() - began) * 1000
        host.heading_changed.connect(self._head)
        self._host = host
        # as the desk does when nobody touches the keyboard for a while
        self._garbage = Garbage()
        self._garbage.opened()
        self._garbage.rest()

    @property
    def page(self) -> InterviewPage:
        """Return the page that is shown; another language makes another one."""
        assert self._host.page is not None
        return self._host.page

    @property
    def bridge(self) -> InterviewBridge:
        """Return the bridge of that page."""
        return self.page.bridge

    def _head(self, text: str) -> None:
        self.shell.set_crumbs((Crumb("Sara V.", lambda: None), Crumb(text)))

    def show_client(self) -> None:
        """Open the client's screen and let it settle."""
        self.page.client_screen.toggle()
        rest(self.app, 0.2)

    def client_stands(self) -> str:
        """Return where the client's screen is."""
        window = self.page.client_screen.window
        if window is None:
            return "no client screen"
        whole = window.isFullScreen()
        return "client on a second monitor" if whole else "client in a turned half"

    def read(self) -> None:
        """Wait as somebody who reads the question: until all is ready, or a second."""
        until = time.perf_counter() + READING
        rest(self.app, 0.08)
        while time.perf_counter() < until:
            self.app.processEvents()
            if not self.page.card.ahead.busy and not self.page._review_ahead.isActive():
                break
        rest(self.app, 0.08)

    def close(self) -> None:
        """Leave the interview and let everything of it go."""
        self._garbage.left()
        self.page.leaving()
        self.shell.close()
        self.shell.deleteLater()
        rest(self.app, 0.05)


def rest(app: QApplication, seconds: float) -> None:
    """Let the event loop turn for a while."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def painted(app: QApplication) -> None:
    """Do what Qt had put off for this turn: layouts, then painting; no timers, no deletions."""
    app.sendPostedEvents()
    # what a turned half has to paint anew is only known when the first has been done
    app.sendPostedEvents()


def fill_in(block: QuestionBlock, kind: QuestionKind) -> None:
    """Type something into a text or a number; it is stored when the field is left."""
    if kind in {QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.TEXT}:
        field = block.widget.findChild(QLineEdit)
        if isinstance(block.widget, TextAnswer) and block.widget._area is not None:
            block.widget._area.setPlainText("Sara kookt graag en zoekt werk.")
        elif field is not None and kind is QuestionKind.TEXT and not field.isReadOnly():
            field.setText("Sara")
        elif field is not None:
            field.setText("3")


def leave(talk: Talk) -> None:
    """Leave the question as Enter does; a choice is made in the same breath."""
    bridge, page = talk.bridge, talk.page
    for key, block in tuple(page.card.blocks.items()):
        view = bridge.flow.view(key)
        if not view.definition.kind.askable or view.readonly or view.value:
            continue
        block.widget.flush()
        if not bridge.flow.view(key).value and not block.widget.choose(1):
            bridge.set_state(key, AnswerState.UNKNOWN)
        break
    page.go_next()


@contextmanager
def intake(
    app: QApplication, theme: Theme, folder: Path, language: str, *, client: bool = True
) -> Iterator[Talk]:
    """Hold the real intake with somebody, from an empty vault."""
    vault = prepared_vault(folder)
    # as the program does when the vault is open
    forget_sources()
    flow = InterviewFlow.start(
        vault,
        Library(paths.compiled_dir()),
        filled.texts(),
        add_person(vault, language=language).person_id,
        "intake",
        language,
        Interpretation(InterpreterMode.TELEFOON, "", language),
        actor_of(vault),
    )
    with _held(app, theme, vault, flow, client=client) as talk:
        yield talk


@contextmanager
def long_talk(
    app: QApplication, theme: Theme, folder: Path, questions: int, *, client: bool = True
) -> Iterator[Talk]:
    """Hold an interview with a form of so many questions."""
    vault = prepared_vault(folder)
    # as the program does when the vault is open
    forget_sources()
    flow = InterviewFlow.start(
        vault,
        OneForm(long_form(questions)),
        MarkedTexts(),
        add_person(vault).person_id,
        f"lang{questions}",
        "ar",
        Interpretation(InterpreterMode.TELEFOON, "", "ar"),
        actor_of(vault),
    )
    with _held(app, theme, vault, flow, client=client) as talk:
        yield talk


@contextmanager
def _held(
    app: QApplication, theme: Theme, vault: Vault, flow: InterviewFlow, *, client: bool
) -> Iterator[Talk]:
    talk = Talk(app, theme, vault, flow)
    if client:
        talk.show_client()
    try:
        yield talk
    finally:
        talk.close()
        vault.close()


def long_form(questions: int) -> FormDefinition:
    """Return a form of so many questions in sections of ten, with rules between them."""
    binds, body, nodes = [], [], []
    sections = max(1, questions // 10)
    for section in range(sections):
        names = []
        items = []
        for number in range(10):
            name, path = f"v{number}", f"/data/s{section}/v{number}"
            names.append(f"<{name}/>")
            rule = "" if number or not section else f" relevant=\"/data/s{section - 1}/v9 != 'x'\""
            kind = ("string", "string", "int", "string")[number % 4]
            binds.append(
                f'<bind nodeset="{path}" type="{kind}"{rule} dl:audience="client"'
                ' dl:sharing="werk"/>'
            )
            label = f"<label>Vraag {number + 1} van onderdeel {section + 1}</label>"
            if number % 4 == 3:
                choices = "".join(
                    f"<item><label>Keuze {c}</label><value>c{c}</value></item>" for c in range(5)
                )
                items.append(f'<select1 ref="{path}">{label}{choices}</select1>')
            else:
                long = ' appearance="multiline"' if number % 4 == 1 else ""
                items.append(f'<input ref="{path}"{long}>{label}</input>')
        names.append("<som/>")
        binds.append(
            f'<bind nodeset="/data/s{section}/som" type="int"'
            f' calculate="/data/s{section}/v2 + /data/s{section}/v6" dl:audience="staff"'
            ' dl:sharing="intern"/>'
        )
        nodes.append(f"<s{section}>{''.join(names)}</s{section}>")
        title = f"<label>Onderdeel {section + 1}</label>"
        body.append(f'<group ref="/data/s{section}">{title}{"".join(items)}</group>')
    xml = (
        '<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms"'
        ' xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"'
        ' xmlns:dl="https://doorgaande-lijn.nl/xforms"><h:head><h:title>Lang</h:title><model>'
        f'<instance><data id="lang{questions}" version="1">{"".join(nodes)}'
        "<meta><instanceID/></meta></data></instance>"
        f"{''.join(binds)}"
        '<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>'
        f"</model></h:head><h:body>{''.join(body)}</h:body></h:html>"
    )
    return parse_form(xml.encode(), name=f"lang{questions}")


def text_key(*, long: bool) -> NodeKey:
    """Return a question of a long form that is answered in one line, or in several."""
    return NodeKey("/data/s0/v1" if long else "/data/s0/v0")
