"""What an open interview has in the top line of the window: interpreter, client screen, saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.interpretation import short_interpretation
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import QuietButton, TextLink


class Frame(Protocol):
    """What the window round the page offers; see `ui.shell.Shell`."""

    def set_page_actions(self, actions: Sequence[QWidget]) -> None: ...
    def set_saved(self, text: str, *, aloud: bool = True) -> None: ...
    def interview_mode(self, on: bool) -> None: ...


class ShrinkingButton(QuietButton):
    """Gives way in the top line when the window is narrow; the page has its own then."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, self.sizeHint().height())


class ShrinkingLink(TextLink):
    """The same, as a link."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, self.sizeHint().height())


class TopLine:
    """The interview's own part of the top line, for as long as a window lends it.

    Without a window, or in a form that asks the client nothing, its buttons are hidden.
    """

    def __init__(self, tools: Tools, bridge: InterviewBridge, page: QWidget) -> None:
        """Make the buttons, hidden, as children of `page` until a window takes them."""
        self._tools, self._bridge = tools, bridge
        self._frame: Frame | None = None
        theme, tr = tools.theme, tools.tr
        self.interpreter = ShrinkingLink(theme, "", name="interview-interpreter", parent=page)
        self.client_screen = ShrinkingButton(
            theme,
            tr.gettext("Scherm cliënt"),
            icon="screen",
            name="client-screen-toggle",
            parent=page,
        )
        self.client_screen.setCheckable(True)
        for button in (self.interpreter, self.client_screen):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            button.hide()
        self.show_interpreter()

    def attach(self, frame: Frame) -> None:
        """Use the top line of this window."""
        self._frame = frame
        frame.interview_mode(on=True)
        actions: list[QWidget] = []
        if self._bridge.flow.client_facing:
            actions = [self.interpreter, self.client_screen]
        frame.set_page_actions(actions)

    def detach(self) -> None:
        """Give the top line back to the window."""
        if self._frame is not None:
            self._frame.interview_mode(on=False)
            self._frame = None

    def set_narrow(self, narrow: bool) -> None:
        """Leave the buttons out where a narrow window has no room for them."""
        if self._frame is not None and self._bridge.flow.client_facing:
            self.interpreter.setVisible(not narrow)
            self.client_screen.setVisible(not narrow)

    def say_saved(self, text: str) -> None:
        """Show whether the last answer is stored, and since when; it is said aloud elsewhere."""
        if self._frame is not None:
            self._frame.set_saved(text, aloud=False)

    def show_interpreter(self) -> None:
        """Show in which language the talk is, and who interprets."""
        flow, tr = self._bridge.flow, self._tools.tr
        name = tr.gettext(LANGUAGES[flow.interview.language].dutch_name)
        words = short_interpretation(self._tools, flow.interview.interpretation)
        spoken = f"{tr.gettext('Tolk en begrip')}: {name}, {words}"
        self.interpreter.setText(f"{name} · {words}")
        self.interpreter.setAccessibleName(spoken)
        self.interpreter.updateGeometry()
