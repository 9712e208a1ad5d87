"""What a person hears of answers that fall away: how many, which, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.flows.interview_look import FallenAnswer
from intake_app.flows.interview_undo import How
from intake_app.i18n.bidi import isolate
from intake_app.ui.interview.about import state_name
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton, TextLink
from intake_app.ui.kit.dialogs import fit
from intake_app.ui.kit.surfaces import Notice, Row, RowList
from intake_app.ui.kit.text import Body, Heading


class FallenNotice(Notice):
    """Says how many answers fell away on this page; asks to see them, or to have them back."""

    undo_wanted = Signal()
    look_wanted = Signal()

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        tr, theme = tools.tr, tools.theme
        actions = QWidget()
        row = QHBoxLayout(actions)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(16))
        look = TextLink(theme, tr.gettext("Bekijk welke"), name="hidden-look")
        undo = TextLink(theme, tr.gettext("Terugdraaien"), name="hidden-undo")
        undo.setAccessibleName(tr.gettext("Terugdraaien: de antwoorden tellen weer mee"))
        row.addWidget(look)
        row.addWidget(undo)
        super().__init__(theme, "warn", "", action=actions, name="hidden-notice", parent=parent)
        self._tr = tr
        look.clicked.connect(self.look_wanted)
        undo.clicked.connect(self.undo_wanted)
        self.hide()

    def show_count(self, count: int) -> None:
        """Say that so many answers fell away; 0 takes the notice away."""
        text = self._tr.ngettext(
            "{n} antwoord vervalt. Het blijft bewaard en gaat niet mee.",
            "{n} antwoorden vervallen. Ze blijven bewaard en gaan niet mee.",
            count,
        ).format(n=count)
        self.set_notice("warn", text if count else "")


class FallenDialog(QDialog):
    """Names the answers that fell away on this page. Accepted means: have them back."""

    def __init__(
        self, tools: Tools, answers: tuple[FallenAnswer, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self.setObjectName("fallen-dialog")
        self.setWindowTitle(tr.gettext("Welke antwoorden vervallen?"))
        side = theme.gap(24)
        column = QVBoxLayout(self)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, self.windowTitle(), factor=1.3))
        column.addWidget(
            Body(
                theme,
                tr.gettext(
                    "Deze antwoorden blijven bewaard. Ze tellen nu niet mee en gaan niet mee in de "
                    "overdracht. Je vindt ze ook bij Terugkijken."
                ),
            )
        )
        rows = RowList(theme)
        for answer in answers:
            rows.add(fallen_row(tools, answer))
        column.addWidget(rows.scrolling(self.windowTitle()), 1)
        bar = QHBoxLayout()
        column.addLayout(bar)
        bar.setSpacing(theme.gap(12))
        back = QuietButton(theme, tr.gettext("Terugdraaien"), name="fallen-undo")
        back.clicked.connect(self.accept)
        close = PrimaryButton(theme, tr.gettext("Terug naar het gesprek"), name="fallen-close")
        close.setDefault(True)
        close.clicked.connect(self.reject)
        bar.addWidget(back)
        bar.addStretch(1)
        bar.addWidget(close)
        fit(self, theme.px(560), theme.px(min(560, 260 + 64 * len(answers))))
        close.setFocus()


def fallen_row(tools: Tools, answer: FallenAnswer, *trailing: QWidget) -> Row:
    """Return the line of one answer: the question, and in small what was answered and why not."""
    tr = tools.tr
    said = ", ".join(isolate(text.text) for text in answer.texts) or state_name(tools, answer.state)
    why = {
        How.HIDDEN: tr.gettext("vraag is nu niet aan de orde"),
        How.REMOVED: tr.gettext("weggehaald"),
        How.CLEARED: tr.gettext("deze keuze is er nu niet meer"),
    }[answer.how]
    question = f"{answer.part}: {answer.question.text}" if answer.part else answer.question.text
    name = answer.key.path.rpartition("/")[2]
    caption = tr.gettext("Antwoord: {said} · {why}").format(said=said, why=why)
    return Row(tools.theme, question, caption, trailing=trailing, name=f"fallen-{name}")
