"""The interview as a person uses it: the start panel, the questions, the look back."""

from __future__ import annotations

from collections.abc import Mapping

from pages.base import PageObject
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from intake_app.domain.interview import AnswerState
from intake_app.ui.interview.block import QuestionBlock
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.choices import ChoiceAnswer
from intake_app.ui.interview.questions.dates import DateAnswer


class StartPanelObject(PageObject):
    """The three things asked before the first question."""

    name = "interview-start"

    def choose_mode(self, mode: str) -> None:
        """Say who interprets: geen, telefoon, video, aanwezig, naaste, kind."""
        self.click(f"interpreter-mode-{mode}")

    def warning(self) -> str:
        """Return the warning that shows about the interpreter, '' for none."""
        return self.notice("interpreter-warning")

    def notice(self, name: str) -> str:
        """Return the words of a notice that shows."""
        box = self.root.findChild(QWidget, name)
        shown = box is not None and box.isVisibleTo(self.root)
        return box.text() if box is not None and shown and hasattr(box, "text") else ""

    def begin(self, *, read: bool = True) -> InterviewObject:
        """Tick that the words were read out, and begin."""
        if read:
            self.click("information-read")
        self.click("start-begin")
        return InterviewObject(self.qtbot, self.root)


class InterviewObject(PageObject):
    """An open interview."""

    name = "interview-page"

    def has(self, name: str) -> bool:
        """True when a widget of that name shows, new ones included."""
        QApplication.processEvents()
        return super().has(name)

    def click(self, name: str) -> None:
        """Click a button, new ones included."""
        QApplication.processEvents()
        super().click(name)

    # ---- where we are --------------------------------------------------------------------------

    @property
    def page(self) -> InterviewPage:
        """Return the page itself."""
        return self.find(self.name, InterviewPage)

    def questions(self) -> tuple[str, ...]:
        """Return the names of the questions that show, in order."""
        return tuple(
            block.objectName().removeprefix("question-") for block in self.page.card.blocks.values()
        )

    def label(self, question: str, language: str = "nl") -> str:
        """Return the words of a question in Dutch ('nl') or beside it ('other')."""
        block = self.block(question)
        found = block.findChild(QLabel, f"question-label-{language}")
        return "" if found is None else found.text()

    def block(self, question: str = "") -> QuestionBlock:
        """Return the block of a question, by default of the only one."""
        blocks = {b.objectName(): b for b in self.page.card.blocks.values()}
        if not question:
            assert len(blocks) == 1, f"{len(blocks)} questions show"
            return next(iter(blocks.values()))
        assert f"question-{question}" in blocks, f"{question} does not show"
        return blocks[f"question-{question}"]

    def problem(self, question: str = "") -> str:
        """Return what is said to be wrong with an answer."""
        return self.block(question).problem_text()

    def is_reviewing(self) -> bool:
        """True while the look back shows."""
        return self.has("interview-review")

    # ---- answering -----------------------------------------------------------------------------

    def choose(self, *values: str, question: str = "") -> None:
        """Click choices by their value; a long list is searched first."""
        block = self.block(question)
        for value in values:
            row = block.findChild(QAbstractButton, f"choice-{value}")
            if row is None:
                self._search(block, value)
                row = block.findChild(QAbstractButton, f"choice-{value}")
            assert row is not None, f"no choice {value}"
            self.qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
            # as Qt does before it paints
            QApplication.sendPostedEvents(None, QEvent.Type.User.value)

    def write(self, text: str, question: str = "") -> None:
        """Type into the field of a question, and leave it."""
        block = self.block(question)
        if isinstance(block.widget, DateAnswer):
            year, month, day = text.split("-")
            boxes = block.widget.findChildren(QLineEdit)
            for box, part in zip(boxes, (day, month, year), strict=True):
                box.setFocus()
                box.selectAll()
                self.qtbot.keyClicks(box, part)
        else:
            field = block.widget.field  # type: ignore[attr-defined]
            field.setFocus()
            field.selectAll()
            if text.isascii():
                self.qtbot.keyClicks(field, text)
            else:
                (field.insert if isinstance(field, QLineEdit) else field.insertPlainText)(text)
        block.widget.flush()

    def say_state(self, state: AnswerState, question: str = "") -> None:
        """Press why there is no answer."""
        block = self.block(question)
        button = block.state_bar.findChild(QAbstractButton, f"state-{state}")
        assert button is not None
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def note(self, text: str, *, share: bool = False, question: str = "") -> None:
        """Write a note with a question."""
        block = self.block(question)
        self.qtbot.mouseClick(block.note_button, Qt.MouseButton.LeftButton)
        block.note.field.setPlainText(text)
        if share:
            block.note.share.click()
        block.note.flush()

    def text_of(self, name: str) -> str:
        """Return the words on a button of the question that shows."""
        button = self.find(name, QAbstractButton)
        return button.text()

    def open_about(self, question: str) -> None:
        """Show all that is known of one answer among several."""
        button = self.block(question).findChild(QAbstractButton, "about-open")
        assert button is not None
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def answer(self, question: str, value: str) -> None:
        """Answer a question that shows, as its kind wants it: choices, a date or text."""
        if isinstance(self.block(question).widget, ChoiceAnswer):
            self.choose(*value.split(), question=question)
        else:
            self.write(value, question)

    # ---- when it is too much -------------------------------------------------------------------

    def rest(self) -> None:
        """Press the button that pauses."""
        self.click("interview-pause")

    def is_resting(self) -> bool:
        """True while both screens are blank."""
        return self.has("interview-paused")

    def is_stopping(self) -> bool:
        """True while it shows how to end the talk for today."""
        return self.has("interview-stop-now")

    def resume(self) -> None:
        """Go on where it was."""
        self.click("interview-resume")

    def skip(self) -> None:
        """Go on without an answer, from the pause."""
        self.click("interview-skip")

    def skip_section(self) -> None:
        """Go on with the next section, from the pause."""
        self.click("interview-skip-section")

    def stop(self) -> None:
        """Ask to stop for today, from the pause."""
        self.click("interview-stop")

    def stop_now(self) -> None:
        """Stop, having read how."""
        self.click("interview-stop-now")

    # ---- pointing ------------------------------------------------------------------------------

    def show_pages(self) -> None:
        """Show the client the pages to point at."""
        self.click("section-pointing")

    def turn_to(self, page: int) -> None:
        """Show another of those pages, counted from 1."""
        self.click(f"pointing-page-{page}")

    def pointed(self) -> str:
        """Return in Dutch what was pointed at, as the colleague reads it."""
        panel = self.page.pointing
        assert panel is not None
        return panel.said.text()

    def back_to_the_question(self) -> None:
        """Put the pages away."""
        self.click("pointing-done")

    # ---- moving --------------------------------------------------------------------------------

    def next(self) -> None:
        """Go on."""
        self.click("interview-next")

    def back(self) -> None:
        """Go back."""
        self.click("interview-back")

    def later(self) -> None:
        """Put this page off."""
        self.click("interview-later")

    def go_to_section(self, name: str) -> None:
        """Go to a section, or to 'review', also where a narrow window has no list of them."""
        if self.has(f"section-{name}"):
            self.click(f"section-{name}")
            return
        # the list is in a popup then, of which the platform of the tests has none
        paths = {each.name: each.path for each in self.page.bridge.flow.outline()}
        self.page.sections.chosen.emit(paths.get(name, name))

    def fill_out(self, answers: Mapping[str, str], *, most: int = 400) -> None:
        """Go through all pages to the look back, giving the answers that are there by name.

        A question that must be answered and is not among them is said to be unknown.
        """
        for _ in range(most):
            if self.is_reviewing():
                return
            for question in self.questions():
                # an answer may have taken a later question of the page away
                if question in answers and question in self.questions():
                    self._unanswered(question, answers[question])
            for question in self.questions():
                flow, block = self.page.bridge.flow, self.block(question)
                if flow.view(block.key).problem is not None:
                    self.say_state(AnswerState.UNKNOWN, question)
            self.next()
        raise AssertionError("the interview does not end")

    def finish(self) -> None:
        """Make it vastgesteld; the confirmation must be answered by the test."""
        self.click("interview-finish")

    # ---- inside --------------------------------------------------------------------------------

    def _unanswered(self, question: str, value: str) -> None:
        if self.page.bridge.flow.view(self.block(question).key).value != value:
            self.answer(question, value)

    def _search(self, block: QuestionBlock, value: str) -> None:
        view = self.page.bridge.flow.view(block.key)
        label = next(c.label.text for c in view.choices if c.value == value)
        field = block.findChild(QLineEdit, "choice-search")
        assert field is not None, f"no choice {value} and nothing to search with"
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, label)
