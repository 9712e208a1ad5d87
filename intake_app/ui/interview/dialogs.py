"""What opens over an interview page and closes again: history, what fell away, interpreter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from intake_app.domain.interview import Interpretation
from intake_app.flows.unsaved import unsaved
from intake_app.ui.interview.bridge import Place
from intake_app.ui.interview.fallen_notice import FallenDialog
from intake_app.ui.interview.find import FindQuestion
from intake_app.ui.interview.history import HistoryDialog
from intake_app.ui.interview.interpretation import InterpretationDialog
from intake_app.ui.kept_typing import KeptTyping
from intake_app.ui.kit.dialogs import ConfirmDialog, run
from intake_app.vault.errors import VaultLocked
from intake_app.xforms import NodeKey

if TYPE_CHECKING:
    from intake_app.ui.interview.page import InterviewPage


def show_history(page: InterviewPage, key: NodeKey | None = None) -> None:
    """Show what the answer to a question was before; by default that with the focus."""
    bridge = page.bridge
    wanted = bridge.focus if key is None else key
    if wanted is None or not bridge.flow.view(wanted).definition.kind.askable:
        return
    page.settled()
    question = bridge.views(wanted)[0].label
    dialog = HistoryDialog(page.tools, question, bridge.history(wanted), page.window())
    run(dialog)


def show_fallen(page: InterviewPage) -> None:
    """Name the answers that fell away on this page, and offer to have them back."""
    shown = page.bridge.fallen_here()
    if not run(FallenDialog(page.tools, shown, page.window())):
        return
    now = page.bridge.fallen_here()
    if now == shown:
        page.undo()
    elif now:
        # the client answered meanwhile: nothing is taken back that was not named
        show_fallen(page)


def find_question(page: InterviewPage) -> None:
    """Look for a question by its words, and go there."""

    def found(key: NodeKey) -> None:
        if page.bridge.place is Place.REVIEW or page.settled():
            page.bridge.go_to(key)

    dialog = FindQuestion(page.tools, page.bridge, page.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.chosen.connect(found)
    # not every window manager gives the keyboard back to the window a dialog stood over
    dialog.finished.connect(page.window().activateWindow)
    dialog.open()


def edit_interpretation(page: InterviewPage) -> None:
    """Change who interprets and what was understood.

    What was filled in before a lock or a crash, and not stored, is there again.
    """
    bridge, flow = page.bridge, page.bridge.flow
    dialog = InterpretationDialog(
        page.tools,
        flow.interview.interpretation,
        flow.outline(),
        page.window(),
        language=flow.interview.language if flow.is_open and flow.client_facing else "",
    )
    typing = KeptTyping(flow.vault, _interpretation_place(page), dialog.body)
    typing.told.connect(dialog.tell_problem)
    # not when it is only hidden: a lock hides it
    dialog.rejected.connect(typing.forget)
    if typing.bring_back():
        dialog.tell_brought_back()

    def store(value: Interpretation) -> bool:
        if not bridge.set_interpretation(value):
            return False
        typing.forget()
        return True

    told: list[str] = []

    def failed(_key: object, sentence: str) -> None:
        told.append(sentence)
        dialog.tell_problem(sentence)

    dialog.store = store
    bridge.failed.connect(failed)
    try:
        accepted = run(dialog)
    finally:
        bridge.failed.disconnect(failed)
    language = dialog.talk_language()
    if accepted:
        if told:
            page.error.set_notice("err", "")
        page.top_line.show_interpreter()
        page.show_outline()
        if bridge.place is Place.REVIEW:
            page.show_review()
    if accepted and language and page.settled():
        # last: the page is built anew in the other language
        bridge.change_language(language)


def bring_back(page: InterviewPage) -> None:
    """Open again what was open with something in it that is not stored."""
    try:
        kept = unsaved(page.bridge.flow.vault, _interpretation_place(page))
    except VaultLocked:
        # locked again before the window had its first turn
        return
    if kept:
        edit_interpretation(page)


def _interpretation_place(page: InterviewPage) -> str:
    return f"interpretation:{page.bridge.flow.interview.interview_id}"


def finish(page: InterviewPage) -> None:
    """Ask once, then make the interview vastgesteld; what stands in the way is shown instead."""
    tr = page.tools.tr
    problems = page.bridge.flow.session.problems()
    if problems:
        words = tr.gettext(
            "Vaststellen kan nog niet. Vul deze vraag in, of kies waarom er geen antwoord is."
        )
        page.go_to_question(problems[0].key)
        page.error.set_notice("err", words)
        page.announce(words)
        return
    if ConfirmDialog.ask(
        page.tools.theme,
        tr.gettext("Gesprek vaststellen?"),
        tr.gettext(
            "De antwoorden staan daarna vast. Verandert er iets? Begin dan een nieuw gesprek."
        ),
        confirm=tr.gettext("Vaststellen"),
        cancel=tr.gettext("Nog niet"),
        parent=page.window(),
    ):
        page.bridge.finish()
