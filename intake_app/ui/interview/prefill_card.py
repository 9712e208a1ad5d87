"""What COA knows already, to be taken over answer by answer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from intake_app.flows.prefill import Prefill, Proposal
from intake_app.ui import words
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.inputs import CheckInput
from intake_app.ui.kit.surfaces import Card
from intake_app.ui.kit.text import Caption, Muted


class PrefillCard(Card):
    """Says how much COA knows; opened, it has a check box for each answer.

    Nothing is ticked beforehand: what is taken over is somebody's choice.
    """

    def __init__(self, tools: Tools, prefill: Prefill, parent: QWidget | None = None) -> None:
        super().__init__(
            tools.theme, tools.tr.gettext("COA weet al iets"), name="prefill", parent=parent
        )
        theme, tr = tools.theme, tools.tr
        self._tools, self._prefill = tools, prefill
        self.body.setSpacing(theme.gap(12))
        count = len(prefill.proposals)
        told = tr.ngettext(
            "In het klantprofiel van {day} staat {n} antwoord. Kies zelf of je het overneemt.",
            "In het klantprofiel van {day} staan {n} antwoorden. Kies zelf welke je overneemt.",
            count,
        )
        day = words.long_date(tr, prefill.taken_on)
        self.body.addWidget(Muted(theme, told.format(day=day, n=count)))
        self.open = TextLink(
            theme, tr.gettext("Bekijken en kiezen"), icon="search", name="prefill-open"
        )
        self.open.clicked.connect(self._show_answers)
        self.body.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self._checks: list[tuple[CheckInput, Proposal]] = []

    def chosen(self) -> tuple[Proposal, ...]:
        """Return what is ticked, in the order of the form."""
        return tuple(proposal for check, proposal in self._checks if check.isChecked())

    def _show_answers(self) -> None:
        if not self._checks:
            self._fill()
        self.every.setFocus()
        self.open.hide()

    def _fill(self) -> None:
        theme, tr = self._tools.theme, self._tools.tr
        column = self.body
        column.setSpacing(theme.gap(4))
        column.addWidget(
            Muted(
                theme,
                tr.gettext(
                    "Vraag bij twijfel of het nog klopt. Wat je niet kiest, vraag je in het "
                    "gesprek. Wat je overneemt, houdt COA als bron."
                ),
            )
        )
        self.every = TextLink(theme, tr.gettext("Alles kiezen"), icon="check", name="prefill-all")
        self.every.clicked.connect(self._choose_all)
        column.addWidget(self.every, 0, Qt.AlignmentFlag.AlignLeft)
        section = ""
        for number, proposal in enumerate(self._prefill.proposals):
            if proposal.section != section:
                section = proposal.section
                column.addSpacing(theme.gap(8))
                column.addWidget(Caption(theme, section))
            question = proposal.question
            if proposal.number:
                question = tr.gettext("{question} (nummer {n})").format(
                    question=question, n=proposal.number
                )
            check = CheckInput(theme, f"{question} {proposal.shown}", name=f"prefill-{number}")
            self._checks.append((check, proposal))
            column.addWidget(check)

    def _choose_all(self) -> None:
        for check, _ in self._checks:
            check.setChecked(True)
