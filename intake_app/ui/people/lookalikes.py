"""Who may be registered already: shown while somebody is being registered, never in the way."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from intake_app.flows import duplicates
from intake_app.flows.duplicates import Lookalike, Reason
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import Card, Notice, Row, RowList, TextLink, clear_layout


class LookalikesCard(Card):
    """People who may be the same person, each with the reasons and a way to their page.

    `opened(person_id)` is called when one of them is chosen instead. Hidden while there is nobody,
    and for those of whom was said that they are somebody else.
    """

    def __init__(self, context: AppContext, *, opened: Callable[[UUID], None]) -> None:
        super().__init__(context.theme, name="register-lookalikes")
        self._context, self._opened = context, opened
        self._others: set[UUID] = set()
        self.shown: tuple[Lookalike, ...] = ()
        self.body.setSpacing(context.theme.gap(8))
        text = context.tr.gettext("Misschien staat deze persoon al in de kluis. Kijk eerst even.")
        self.body.addWidget(Notice(context.theme, "warn", text, name="register-lookalikes-notice"))
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)
        self.other = TextLink(
            context.theme, context.tr.gettext("Toch een ander"), name="register-lookalikes-other"
        )
        self.other.clicked.connect(self._set_aside)
        self.body.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_people(self, found: tuple[Lookalike, ...]) -> bool:
        """Show these people; True when one of them was not shown before."""
        fresh = tuple(each for each in found if each.person.person_id not in self._others)
        known = {each.person.person_id for each in self.shown}
        if fresh != self.shown:
            clear_layout(self._rows)
            rows = [self._row(each) for each in fresh]
            if rows:
                self._rows.addWidget(RowList(self._context.theme, *rows))
        self.shown = fresh
        self.setVisible(bool(fresh))
        return any(each.person.person_id not in known for each in fresh)

    def refused(self) -> bool:
        """True when one of them has the same V-nummer: storing will say so itself."""
        return any(Reason.V_NUMBER in each.reasons for each in self.shown)

    def _row(self, found: Lookalike) -> Row:
        tr, theme, person = self._context.tr, self._context.theme, found.person
        verb = tr.gettext("Open die persoon")
        link = TextLink(theme, verb, name=f"register-lookalike-{person.person_id}")
        link.setAccessibleName(f"{verb}: {person.display_name}")
        link.clicked.connect(lambda: self._opened(person.person_id))
        why = "; ".join(tr.gettext(duplicates.sentence(reason)) for reason in found.reasons)
        caption = f"{words.masked_v_number(tr, person)} · {why}"
        return Row(theme, isolate(person.display_name), caption, trailing=(link,))

    def _set_aside(self) -> None:
        self._others |= {each.person.person_id for each in self.shown}
        self.show_people(())
