"""“Mag ik dit delen?” under a question: a word per receiver, the reason on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.sharing import SharingTable, Verdict
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.kit.buttons import PrimaryButton, TextLink
from intake_app.ui.kit.dialogs import fit, run
from intake_app.ui.kit.surfaces import Hairline
from intake_app.ui.kit.text import Body, Caption, Heading, Text
from intake_app.ui.theme import CAPTION, SEMIBOLD

if TYPE_CHECKING:
    # the questions use these words
    from intake_app.ui.interview.questions.base import Tools

SHORT: tuple[ReceiverRole, ...] = (
    ReceiverRole.GEMEENTE,
    ReceiverRole.UITVOERDER,
    ReceiverRole.TAALAANBIEDER,
    ReceiverRole.WERKGEVER,
)
"""The receivers in the line; the others are one click away."""

COLORS = {Verdict.JA: "ok", Verdict.NA_TOESTEMMING: "warn", Verdict.NEE: "err"}


def role_name(tools: Tools, role: ReceiverRole) -> str:
    """Return a receiver as a colleague calls it."""
    return role_word(tools.tr, role)


def role_word(tr: UiTexts, role: ReceiverRole) -> str:
    """Return a receiver as a colleague calls it."""
    return {
        ReceiverRole.COA: tr.gettext("COA"),
        ReceiverRole.GEMEENTE: tr.gettext("gemeente"),
        ReceiverRole.UITVOERDER: tr.gettext("uitvoerder"),
        ReceiverRole.NOA: tr.gettext("NOA"),
        ReceiverRole.VLUCHTELINGENWERK: tr.gettext("VluchtelingenWerk"),
        ReceiverRole.TAALAANBIEDER: tr.gettext("taalaanbieder"),
        ReceiverRole.WERKGEVER: tr.gettext("werkgever"),
        ReceiverRole.ZORGVERLENER: tr.gettext("zorgverlener"),
    }[role]


def verdict_name(tools: Tools, verdict: Verdict) -> str:
    """Return the verdict in words."""
    return verdict_word(tools.tr, verdict)


def verdict_word(tr: UiTexts, verdict: Verdict) -> str:
    """Return the verdict in words."""
    return {
        Verdict.JA: tr.gettext("ja"),
        Verdict.NA_TOESTEMMING: tr.gettext("na toestemming"),
        Verdict.NEE: tr.gettext("nee"),
    }[verdict]


class SharingLine(QWidget):
    """One line for the category of the question with the focus."""

    def __init__(self, tools: Tools, table: SharingTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sharing-line")
        self._tools, self._table = tools, table
        self._category: str | None = None
        self._flow = FlowLayout(tools.theme.gap(8), self)
        self._title = Text(
            tools.theme,
            tools.tr.gettext("Mag ik dit delen?"),
            factor=CAPTION,
            weight=SEMIBOLD,
            wrap=False,
        )
        self._flow.add(self._title)
        self._parts: list[tuple[ReceiverRole, Text]] = []
        for place, role in enumerate(SHORT):
            part = QWidget()
            row = QHBoxLayout(part)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(tools.theme.gap(4))
            if place:
                row.addWidget(Caption(tools.theme, "·", wrap=False))
            row.addWidget(Caption(tools.theme, role_name(tools, role), wrap=False))
            word = Text(tools.theme, "", factor=CAPTION, weight=SEMIBOLD, wrap=False)
            word.setObjectName(f"sharing-{role}")
            row.addWidget(word)
            self._flow.add(part)
            self._parts.append((role, word))
        self._why = TextLink(
            tools.theme, tools.tr.gettext("waarom?"), factor=CAPTION, name="sharing-why"
        )
        self._why.setAccessibleName(tools.tr.gettext("Waarom mag ik dit wel of niet delen?"))
        self._why.clicked.connect(self.explain)
        self._flow.add(self._why)

    def set_category(self, category: str) -> None:
        """Show the verdicts for a category; without one the line is not there."""
        if category == self._category:
            return
        self._category = category
        self.setVisible(bool(category))
        spoken = [self._title.text()]
        for role, word in self._parts:
            verdict = self._table.rule(category, role).verdict
            word.set_text(verdict_name(self._tools, verdict))
            word.set_color(COLORS[verdict])
            spoken.append(f"{role_name(self._tools, role)}: {word.text()}")
        self.setAccessibleName(", ".join(spoken))
        self._flow.invalidate()
        self.updateGeometry()

    def room_for(self, width: int) -> int:
        """Return the height it takes at a width in pixels while it shows."""
        return self._flow.heightForWidth(width)

    def explain(self) -> None:
        """Show every receiver with reason and legal basis."""
        dialog = SharingReasons(self._tools, self._table, self._category or "", self.window())
        run(dialog)


class SharingReasons(QDialog):
    """All receivers with verdict, reason in plain words, and legal basis."""

    def __init__(
        self, tools: Tools, table: SharingTable, category: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self.setObjectName("sharing-reasons")
        self.setWindowTitle(tr.gettext("Mag ik dit delen?"))
        fit(self, theme.gap(620), theme.gap(520))
        column = QVBoxLayout(self)
        side = theme.gap(24)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, tr.gettext("Mag ik dit delen?"), factor=1.3))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(tr.gettext("Redenen per ontvanger"))
        body = QWidget()
        rows = QVBoxLayout(body)
        # the area itself takes the keyboard: its ring needs room beside the words
        rows.setContentsMargins(theme.gap(12), theme.gap(12), theme.gap(12), theme.gap(12))
        rows.setSpacing(theme.gap(8))
        for role in ReceiverRole:
            rule = table.rule(category, role)
            top = QHBoxLayout()
            rows.addLayout(top)
            top.setSpacing(theme.gap(8))
            top.addWidget(Body(theme, role_name(tools, role), strong=True, wrap=False))
            word = Text(theme, verdict_name(tools, rule.verdict), weight=SEMIBOLD, wrap=False)
            word.set_color(COLORS[rule.verdict])
            top.addWidget(word)
            top.addStretch(1)
            rows.addWidget(Body(theme, rule.reason))
            if rule.basis:
                rows.addWidget(Caption(theme, rule.basis))
            rows.addWidget(Hairline(theme))
        rows.addStretch(1)
        area.setWidget(body)
        column.addWidget(area, 1)
        bar = QHBoxLayout()
        column.addLayout(bar)
        bar.addStretch(1)
        close = PrimaryButton(theme, tr.gettext("Terug naar de vraag"), name="sharing-close")
        close.clicked.connect(self.accept)
        bar.addWidget(close)
