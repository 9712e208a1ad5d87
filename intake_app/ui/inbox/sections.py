"""The parts of a dossier to read: facts, the plan, and answers section by section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.domain.identifiers import masked
from intake_app.domain.interview import AnswerState
from intake_app.flows import dossier_words, take_over
from intake_app.flows.dossier_document import fact_groups, introduction
from intake_app.flows.record_text import plan_lines
from intake_app.handover.dossier import Dossier, DossierAnswer
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    Columns,
    Hairline,
    LangLabel,
    LinkButton,
    Stack,
    Tag,
)
from intake_app.ui.plan.facts import Facts
from intake_app.ui.plan.goals import GoalCard
from intake_app.ui.plan.words import language_of
from intake_app.ui.theme import CAPTION, Theme


class Fold(QWidget):
    """A title that opens and closes what is under it; the contents are made when first opened."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        count: str,
        make: Callable[[], QWidget],
        *,
        name: str,
        mark: str = "",
    ) -> None:
        super().__init__()
        self._make, self._held = make, QVBoxLayout()
        self.made: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(4))
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(theme.gap(12))
        self.button = LinkButton(theme, title, icon="chevron-right", name=name)
        self.button.setCheckable(True)
        self.button.toggled.connect(self._open)
        row.addWidget(self.button)
        if mark:
            row.addWidget(Tag(theme, mark, "warn"))
        row.addStretch(1)
        row.addWidget(Caption(theme, count, wrap=False))
        column.addLayout(self._held)

    def _open(self, on: bool) -> None:
        self.button.set_icon("chevron-down" if on else "chevron-right")
        if on and self.made is None:
            self.made = self._make()
            self._held.addWidget(self.made)
        if self.made is not None:
            self.made.setVisible(on)


def shown(label: str, value: str) -> str:
    """Return a value as the screen shows it: a BSN with its last four digits only."""
    return masked(value) if label == dossier_words.PERSON_TITLES["bsn"] else value


def fact_cards(theme: Theme, tr: UiTexts, dossier: Dossier) -> list[QWidget]:
    """Return a card for each group of facts."""
    cards: list[QWidget] = []
    for number, group in enumerate(fact_groups(dossier), start=1):
        card = Card(theme, tr.gettext(group.title), name=f"dossier-facts-{number}")
        rows = [(tr.gettext(fact.label), shown(fact.label, fact.value)) for fact in group.facts]
        card.body.addWidget(Facts(theme, rows))
        cards.append(card)
    return cards


def plan_part(theme: Theme, tr: UiTexts, dossier: Dossier) -> list[QWidget]:
    """Return the plan as cards, nothing where there is none."""
    plan = take_over.plan(dossier)
    if plan is None:
        return []
    told = [(tr.gettext(label), value) for label, value in plan_lines(plan) if value]
    card = Card(theme, tr.gettext("Plan van aanpak"), name="dossier-plan")
    card.body.addWidget(Facts(theme, told))
    if plan.client_view:
        card.body.addWidget(Hairline(theme))
        card.body.addWidget(Caption(theme, tr.gettext("Wat de cliënt ervan vindt")))
        card.body.addWidget(LangLabel(theme, plan.client_view, language_of(plan.client_view)))
    goals = [
        GoalCard(theme, tr, goal, fixed=True, number=n) for n, goal in enumerate(plan.goals, 1)
    ]
    return [card, *goals]


Look = Callable[[str], QWidget | None]
"""Returns what opens a file that is an answer, by where it lies in the handover; None for none."""


def answer_cards(
    theme: Theme, tr: UiTexts, dossier: Dossier, look: Look = lambda _file: None
) -> list[QWidget]:
    """Return one card for each interview, its sections folded."""
    cards: list[QWidget] = []
    for place, interview in enumerate(dossier.interviews, start=1):
        title = tr.gettext("Gesprek: {form}").format(form=interview.form_title)
        card = Card(theme, title, name=f"dossier-interview-{place}")
        # in which language, who interpreted, and a child that did
        card.body.addWidget(Caption(theme, introduction(interview)))
        grouped = groupby(interview.answers, key=lambda answer: answer.section)
        for number, (_, held) in enumerate(grouped, start=1):
            answers = tuple(held)
            count = tr.ngettext("{n} antwoord", "{n} antwoorden", len(answers))
            weak = any(answer.weak for answer in answers)
            fold = Fold(
                theme,
                answers[0].section_title or interview.form_title,
                count.format(n=len(answers)),
                partial(_answers, theme, tr, answers, look),
                name=f"dossier-section-{place}-{number}",
                mark=tr.gettext("niet goed begrepen") if weak else "",
            )
            card.body.addWidget(fold)
        cards.append(card)
    return cards


def _answers(theme: Theme, tr: UiTexts, answers: Sequence[DossierAnswer], look: Look) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(theme.gap(12), 0, 0, theme.gap(8))
    column.setSpacing(theme.gap(8))
    for number, answer in enumerate(answers):
        if number:
            column.addWidget(Hairline(theme))
        column.addWidget(_answer(theme, tr, answer, look))
    return made


def _answer(theme: Theme, tr: UiTexts, answer: DossierAnswer, look: Look) -> QWidget:
    state = dossier_words.ANSWER_STATES[AnswerState(answer.state)]
    dutch = Stack(
        theme,
        Caption(theme, answer.question),
        Body(theme, answer.answer or (tr.gettext(state) if state else "–")),
        spacing=0,
    )
    for file in answer.files:
        link = look(file)
        if link is not None:
            link.setAccessibleName(f"{tr.gettext('Bekijken')}: {answer.question}")
            dutch.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
    if answer.note:
        note = tr.gettext("Notitie: {note}").format(note=answer.note)
        dutch.body.addWidget(Caption(theme, note))
    if not answer.shown_question:
        return dutch
    language = answer.shown_language
    shown = Stack(
        theme,
        LangLabel(theme, answer.shown_question, language, factor=CAPTION, color="muted"),
        spacing=0,
    )
    if answer.shown_answer:
        shown.body.addWidget(LangLabel(theme, answer.shown_answer, language))
    return Columns(theme, dutch, shown, stack_below=520)


def left_out_card(theme: Theme, tr: UiTexts, dossier: Dossier) -> list[QWidget]:
    """Return what the sender kept, and why; nothing where all of it came."""
    if not dossier.left_out:
        return []
    card = Card(theme, tr.gettext("Wat de afzender niet meegaf"), name="dossier-left-out")
    for number, left in enumerate(dossier.left_out):
        if number:
            card.body.addWidget(Hairline(theme))
        card.body.addWidget(
            Stack(theme, Body(theme, left.what), Caption(theme, left.reason), spacing=0)
        )
    return [card]
