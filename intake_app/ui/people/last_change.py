"""The last change of somebody's data, with what comes back when it is undone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from intake_app.flows import undo
from intake_app.flows.undo import PersonChange, UndoRefused
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import Caption, Card, Notice, QuietButton, Row, RowList

SHOWN_AT_MOST = 6


class LastChangeCard(Card):
    """Says what was changed last and when; one quiet button brings it back, then calls `done`."""

    def __init__(
        self, context: AppContext, change: PersonChange, *, done: Callable[[], None]
    ) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(theme, tr.gettext("Laatste wijziging"), name="person-last-change")
        self._context, self._change, self._done = context, change, done
        self.body.setSpacing(theme.gap(8))
        day = words.long_date(tr, change.at.astimezone().date())
        told = tr.gettext("Gewijzigd op {day}. Dit komt terug als je het ongedaan maakt:")
        self.body.addWidget(Caption(theme, told.format(day=day)))
        nothing = tr.gettext("niet ingevuld")
        rows = []
        for each in change.differences[:SHOWN_AT_MOST]:
            now, before = (isolate(text) if text else nothing for text in (each.now, each.before))
            caption = tr.gettext("wordt weer: {before} · nu: {now}")
            told = caption.format(before=before, now=now)
            rows.append(Row(theme, tr.gettext(each.title), told))
        more = len(change.differences) - len(rows)
        if more > 0:
            text = tr.ngettext("en nog {n} gegeven", "en nog {n} gegevens", more)
            rows.append(Row(theme, text.format(n=more)))
        self.body.addWidget(RowList(theme, *rows))
        self.problem = Notice(theme, "err", "", name="person-undo-problem")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.button = QuietButton(theme, tr.gettext("Ongedaan maken"), name="person-undo")
        self.button.clicked.connect(self._undo)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def _undo(self) -> None:
        try:
            undo.undo_change(self._context.vault, self._change)
        except UndoRefused as error:
            self.problem.set_notice("err", self._context.tr.said(error))
            return
        self._done()
