"""Fifty interviews opened and closed leave nothing behind."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid
from support import filled
from support.interviews import add_person
from support.qt import RecordingNavigator, make_context, make_theme, settle
from support.vaults import actor_of, prepared_vault

from intake_app import paths
from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.ui.context import AppContext
from intake_app.ui.interview.garbage import Garbage
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.interpretation import InterpretationDialog
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.sections import SectionPopup
from intake_app.ui.interview.sharing_line import SharingReasons
from intake_app.ui.interview.shortcuts import ShortcutSheet
from intake_app.ui.shell import Crumb, Shell
from intake_app.vault import Vault
from intake_app.xforms import Page

WARM, TIMES = 6, 50
SLOPE_KIB = 64
"""So much more an interview may take than the one before, on average: caches still fill."""


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def context(qapp: QApplication, vault: Vault) -> AppContext:
    return make_context(vault, make_theme(qapp), navigate=RecordingNavigator())


def ours() -> Counter[str]:
    """Count the living objects of this program by class."""
    gc.collect()
    return Counter(
        type(thing).__qualname__
        for thing in gc.get_objects()
        if str(getattr(type(thing), "__module__", "")).startswith("intake_app")
    )


def widgets() -> Counter[str]:
    """Count the living widgets by class."""
    return Counter(type(widget).__name__ for widget in QApplication.allWidgets())


def qobjects(shell: Shell) -> Counter[str]:
    """Count what hangs under the window and the application: timers, shortcuts, actions."""
    app = QApplication.instance()
    assert app is not None
    return Counter(
        type(thing).__name__ for top in (shell, app) for thing in top.findChildren(QObject)
    )


def resident_kib() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    pytest.skip("the memory of a process is not told here")


def dialogs(page: InterviewPage) -> None:
    """Open and close every dialog of the page."""
    flow, window = page.bridge.flow, page.window()
    for dialog in (
        ShortcutSheet(page.tools, window),
        InterpretationDialog(page.tools, flow.interview.interpretation, flow.outline(), window),
        SharingReasons(page.tools, page.card.sharing._table, "werk", window),
    ):
        dialog.show()
        settle_all()
        dialog.reject()
        dialog.deleteLater()
    popup = SectionPopup(page.tools, page._popup_list, page)
    popup.open_under(page.footer.sections, "")
    settle_all()
    popup.close()
    popup.deleteLater()


def settle_all() -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    settle(app)


def hold(context: AppContext, shell: Shell, flow: InterviewFlow, garbage: Garbage) -> None:
    """Open the interview, look round in it, and close it again."""
    garbage.opened()
    host = InterviewHost.reopen(context, flow.interview.interview_id)
    shell.show_page(host)
    host.attach(shell)
    host.heading_changed.connect(lambda text: shell.set_crumbs((Crumb(text),)))
    page = host.page
    assert page is not None
    page.client_screen.toggle()
    settle_all()
    garbage.rest()
    assert gc.get_freeze_count() > 0
    for _ in range(3):
        page.go_next()
        # anything from nothing to half of a page is ready when the next one is asked for
        for _ in range(25):
            page.card.ahead.turn()
        settle_all()
    repeat = next((p for p in page.bridge.flow.session.pages() if _is_repeat(p)), None)
    if repeat is not None:
        page.bridge.go_to(repeat.key)
        settle_all()
    dialogs(page)
    page.bridge.review()
    settle_all()
    page.bridge.back()
    page.leaving()
    shell.show_page(QWidget())
    garbage.left()
    settle_all()
    garbage.rest()


def _is_repeat(page: Page) -> bool:
    return page.kind == "repeat"


def begun(vault: Vault, language: str) -> InterviewFlow:
    """Begin an intake with somebody who speaks `language`."""
    return InterviewFlow.start(
        vault,
        Library(paths.compiled_dir()),
        filled.texts(),
        add_person(vault, language=language).person_id,
        "intake",
        language,
        Interpretation(InterpreterMode.TELEFOON, "", language),
        actor_of(vault),
    )


@pytest.mark.slow
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_fifty_interviews_leave_nothing_behind(
    qapp: QApplication, vault: Vault, context: AppContext
) -> None:
    flow = begun(vault, "ti")
    shell = Shell(context.theme, context.tr)
    shell.resize(1366, 768)
    shell.show()
    garbage = Garbage()
    for _ in range(WARM):
        hold(context, shell, flow, garbage)
    before, seen, hung = ours(), widgets(), qobjects(shell)
    memory = []
    for _ in range(TIMES - WARM):
        hold(context, shell, flow, garbage)
        # not searched once more: what is searched at rest after the talk has to be enough
        memory.append(resident_kib())
    grown = {
        name: (before[name], now)
        for name, now in ours().items()
        if now >= before[name] + TIMES - WARM
    }
    assert grown == {}, "one more of these for every interview"
    assert widgets() == seen
    more = qobjects(shell) - hung
    assert more == Counter(), "these hang under the window or the application for good"
    half = len(memory) // 2
    slope = (sum(memory[half:]) / (len(memory) - half) - sum(memory[:half]) / half) / half
    print(f"memory: {slope:.0f} KiB more for every interview, {memory[-1] / 1024:.0f} MiB at last")
    assert slope < SLOPE_KIB
    shell.close()
    shell.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_page_that_is_let_go_takes_its_timers_with_it(
    qapp: QApplication, vault: Vault, context: AppContext
) -> None:
    """Python lets go of a page before Qt deletes it; nothing may fire in between."""
    flow = begun(vault, "ar")
    shell = Shell(context.theme, context.tr)
    shell.show()
    host = InterviewHost.reopen(context, flow.interview.interview_id)
    shell.show_page(host)
    host.attach(shell)
    page = host.page
    assert page is not None
    page.card.ahead.turn()
    page.go_next()
    page.leaving()
    shell.show_page(QWidget())
    del page
    gc.collect()
    settle(qapp)
    assert not isValid(host)
    shell.close()
    shell.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
