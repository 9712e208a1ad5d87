"""What the answer to one question is and was: value, state, who and when, newest first."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.domain.interview import AnswerState
from intake_app.flows.interview_look import Past
from intake_app.i18n.formats import format_date, format_time
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview.about import source_name, state_name
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton
from intake_app.ui.kit.dialogs import fit
from intake_app.ui.kit.surfaces import RowList, Tag
from intake_app.ui.kit.text import Body, Caption, Heading, LangLabel, Muted
from intake_app.ui.theme import SEMIBOLD
from intake_app.xforms import ShownText


class HistoryDialog(QDialog):
    """Lists what stands and what stood; closes with Enter or Esc."""

    def __init__(
        self,
        tools: Tools,
        question: ShownText,
        past: tuple[Past, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self.setObjectName("history-dialog")
        self.setWindowTitle(tr.gettext("Eerdere antwoorden"))
        side = theme.gap(24)
        column = QVBoxLayout(self)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, self.windowTitle(), factor=1.3))
        column.addWidget(LangLabel(theme, question.text, question.language))
        if not past:
            column.addWidget(Muted(theme, tr.gettext("Deze vraag is nog niet beantwoord.")))
        rows = RowList(theme)
        for number, one in enumerate(past, start=1):
            rows.add(_entry(tools, one, f"history-{number}"))
        column.addWidget(rows.scrolling(self.windowTitle()), 1)
        column.addWidget(Caption(theme, tr.gettext("Dat je dit bekijkt, staat in het logboek.")))
        bar = QHBoxLayout()
        column.addLayout(bar)
        bar.addStretch(1)
        close = PrimaryButton(theme, tr.gettext("Terug naar het gesprek"), name="history-close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        bar.addWidget(close)
        fit(self, theme.px(520), theme.px(min(560, 260 + 84 * len(past))))
        close.setFocus()


def _entry(tools: Tools, past: Past, name: str) -> QWidget:
    theme, tr = tools.theme, tools.tr
    box = QWidget()
    box.setObjectName(name)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, theme.gap(8), 0, theme.gap(8))
    column.setSpacing(theme.gap(2))
    first = QHBoxLayout()
    column.addLayout(first)
    first.setSpacing(theme.gap(12))
    words = QVBoxLayout()
    first.addLayout(words, 1)
    words.setSpacing(0)
    for text in past.texts:
        # what was written down has the direction of its own letters
        language = text.language or _language_of(text.text)
        words.addWidget(LangLabel(theme, text.text, language, weight=SEMIBOLD))
    if not past.texts:
        none = tr.gettext("Geen antwoord")
        state = "" if past.state is AnswerState.ANSWERED else state_name(tools, past.state)
        words.addWidget(Body(theme, state or none, strong=True))
    if past.now:
        first.addWidget(Tag(theme, tr.gettext("nu"), "accent"))
    at = past.at.astimezone()
    when = f"{format_date(at.date(), SOURCE_LANGUAGE)} {format_time(at, SOURCE_LANGUAGE)}"
    said = [when, past.by or tr.gettext("een collega van elders")]
    if past.texts or past.state not in {AnswerState.NONE, AnswerState.ANSWERED}:
        said.append(tr.gettext("bron: {source}").format(source=source_name(tools, past.source)))
    column.addWidget(Caption(theme, " · ".join(said)))
    if past.note:
        column.addWidget(Caption(theme, tr.gettext("Notitie: {note}").format(note=past.note)))
    return box


def _language_of(text: str) -> str:
    """Return a language with the script and direction of a text whose language is not known."""
    for char in text:
        if "\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc":
            return "ar"
        if "\u1200" <= char <= "\u139f":
            return "ti"
        if char.isalpha():
            break
    return SOURCE_LANGUAGE
