"""The page of a repeat: a card per instance, and one button to add."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.flows.interview import InterviewFlow
from intake_app.i18n.bidi import isolate
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.two_languages import TwoLanguages
from intake_app.ui.kit.buttons import LinkButton, QuietButton
from intake_app.ui.kit.dialogs import ConfirmDialog
from intake_app.ui.kit.surfaces import Card, clear_layout
from intake_app.ui.kit.text import Body, Muted
from intake_app.ui.theme import QUESTION, SEMIBOLD
from intake_app.xforms import NodeKey, Page, ShownText

FACTS = 3
"""How many answers say which instance a card is."""


class RepeatCards(QWidget):
    """Shows what is there and asks for more or less; stores nothing itself."""

    add_wanted = Signal()
    remove_wanted = Signal(object)
    open_wanted = Signal(object)

    def __init__(
        self, tools: Tools, title: ShownText, other: ShownText | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tools = tools
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tools.theme.gap(16))
        self.words = TwoLanguages(tools)
        self.words.add(title, other, factor=QUESTION, weight=SEMIBOLD, name="repeat-title")
        column.addWidget(self.words)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(tools.theme.gap(12))
        column.addLayout(self._cards)
        self._title = title.text
        self.add_button = QuietButton(
            tools.theme, tools.tr.gettext("Toevoegen"), icon="plus", name="repeat-add"
        )
        self.add_button.setAccessibleName(f"{tools.tr.gettext('Toevoegen')}: {title.text}")
        self.add_button.clicked.connect(self.add_wanted)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_instances(self, instances: tuple[tuple[UUID, NodeKey | None, str], ...]) -> None:
        """Show the instances: id, first page, and what is known of it in words."""
        clear_layout(self._cards)
        tr, theme = self._tools.tr, self._tools.theme
        if not instances:
            self._cards.addWidget(
                Muted(theme, tr.gettext("Nog niets. Kies Toevoegen, of ga verder."))
            )
        for number, (instance, first, facts) in enumerate(instances, start=1):
            name = f"{self._title} {number}"
            card = Card(theme, padding=(16, 12), name=f"repeat-card-{number}")
            card.setAccessibleName(name)
            row = QHBoxLayout()
            row.setSpacing(theme.gap(12))
            known = QVBoxLayout()
            known.setSpacing(0)
            known.addWidget(Body(theme, name, strong=True))
            known.addWidget(Muted(theme, facts or tr.gettext("Nog niet ingevuld")))
            row.addLayout(known, 1)
            drop = LinkButton(theme, tr.gettext("Weghalen"), name=f"repeat-remove-{number}")
            drop.setAccessibleName(f"{tr.gettext('Weghalen')}: {name}")
            drop.clicked.connect(lambda _=False, i=instance, n=name: self._remove(i, n))
            row.addWidget(drop, 0, Qt.AlignmentFlag.AlignVCenter)
            if first is not None:
                show = QuietButton(theme, tr.gettext("Bekijken"), name=f"repeat-open-{number}")
                show.setAccessibleName(f"{tr.gettext('Bekijken')}: {name}")
                show.clicked.connect(lambda _=False, k=first: self.open_wanted.emit(k))
                row.addWidget(show, 0, Qt.AlignmentFlag.AlignVCenter)
            card.body.addLayout(row)
            self._cards.addWidget(card)

    def _remove(self, instance: UUID, name: str) -> None:
        tr = self._tools.tr
        if ConfirmDialog.ask(
            self._tools.theme,
            tr.gettext("{name} weghalen?").format(name=name),
            tr.gettext("De antwoorden van dit deel gaan dan niet mee. Dit kan niet terug."),
            confirm=tr.gettext("Weghalen"),
            cancel=tr.gettext("Laten staan"),
            danger=True,
            parent=self.window(),
        ):
            self.remove_wanted.emit(instance)


def instances_of(flow: InterviewFlow, page: Page) -> tuple[tuple[UUID, NodeKey | None, str], ...]:
    """Return the instances of a repeat page with their first page and some words on each."""
    found: list[tuple[UUID, NodeKey | None, str]] = []
    pages = flow.session.pages()
    for instance in flow.session.repeats(page.key.path, page.key.repeat):
        own = [p for p in pages if p.key.repeat == instance and p.keys]
        facts = [text for p in own for key in p.keys if (text := _in_words(flow, key))]
        first = own[0].key if own else None
        found.append((instance, first, " · ".join(facts[:FACTS])))
    return tuple(found)


def _in_words(flow: InterviewFlow, key: NodeKey) -> str:
    view = flow.view(key)
    if not view.value:
        return ""
    if view.choices:
        chosen = view.value.split()
        return ", ".join(c.label.text for c in view.choices if c.value in chosen)
    return isolate(view.value)
