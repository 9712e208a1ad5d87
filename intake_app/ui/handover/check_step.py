"""Step 3, controle: what is missing, what was weakly understood; none of it stops the dossier."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.flows.preview import Gap, GapKind, gap_sentence
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Body, Caption, IconLabel, Muted, RowList, clear_layout
from intake_app.ui.theme import Theme

_NAMED = frozenset({GapKind.UNANSWERED, GapKind.LATER})
_MOST_NAMES = 5


class CheckStep(QWidget):
    """Shows the gaps of a preview."""

    def __init__(self, theme: Theme, tr: UiTexts) -> None:
        super().__init__()
        self._theme, self._tr = theme, tr
        self._gaps: tuple[Gap, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.gap(4), 0, 0)
        self._column.setSpacing(theme.gap(12))

    def show_gaps(self, gaps: tuple[Gap, ...]) -> None:
        """Show what to look at before sealing."""
        if gaps == self._gaps:
            return
        self._gaps = gaps
        clear_layout(self._column)
        theme, tr = self._theme, self._tr
        if gaps:
            self._column.addWidget(Muted(theme, tr.gettext("Dit houdt het dossier niet tegen.")))
            self._column.addWidget(RowList(theme, *(self._row(gap) for gap in gaps)))
        else:
            self._column.addWidget(Body(theme, tr.gettext("Er ontbreekt niets.")))
        eyes = tr.gettext("Twijfel je? Laat een collega meekijken voordat je verzegelt.")
        self._column.addWidget(Caption(theme, eyes))

    def summary(self) -> str:
        """Return how much there is to look at."""
        count = len(self._gaps or ())
        if not count:
            return self._tr.gettext("Er ontbreekt niets")
        return self._tr.ngettext("{n} punt bekeken", "{n} punten bekeken", count).format(n=count)

    def _row(self, gap: Gap) -> QWidget:
        theme, tr = self._theme, self._tr
        made = QWidget()
        made.setObjectName(f"gap-{gap.kind.value}")
        row = QHBoxLayout(made)
        row.setContentsMargins(0, theme.gap(6), 0, theme.gap(6))
        row.setSpacing(theme.gap(12))
        row.addWidget(IconLabel(theme, "flag", color="warn", size=20), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        row.addLayout(words, 1)
        words.setSpacing(0)
        words.addWidget(Body(theme, tr.said(gap_sentence(gap))))
        if gap.kind in _NAMED:
            shown = list(gap.names[:_MOST_NAMES])
            rest = len(gap.names) - len(shown)
            shown += [tr.ngettext("en nog {n}", "en nog {n}", rest).format(n=rest)] if rest else []
            words.addWidget(Caption(theme, " · ".join(shown)))
        return made
