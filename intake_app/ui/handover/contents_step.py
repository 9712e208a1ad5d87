"""Step 2, wat gaat mee: each category with ja, na toestemming or nee, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.flows import consent as consent_flow
from intake_app.flows.consent import ConsentRefused
from intake_app.flows.dossier import counted
from intake_app.flows.hand_over import HandoverPreview, sharing_table
from intake_app.flows.preview import PreviewRow, RowState
from intake_app.flows.record_text import day
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.handover.attachment_rows import TAGS, AttachmentRows
from intake_app.ui.kit import (
    Body,
    Caption,
    CheckInput,
    LangLabel,
    LinkButton,
    Notice,
    QuietButton,
    RowList,
    Tag,
    clear_layout,
)
from intake_app.ui.theme import HELP, Theme
from intake_app.ui.words import language_name
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext

_MOST_NAMES = 12

N_ = str
"""Marks a text that is translated where it is used."""

CONSENT_QUESTION = N_(
    "Mag ik dit delen met de organisatie die uw dossier krijgt? U mag nee zeggen. "
    "Nee heeft geen gevolgen."
)


class ContentsRow(QWidget):
    """One row: title, how much and why; the question mark opens the basis and the names."""

    def __init__(self, theme: Theme, tr: UiTexts, row: PreviewRow, action: QWidget | None) -> None:
        super().__init__()
        self.row = row
        name = f"contents-{row.category or 'other'}-{row.state.value}"
        self.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.gap(3), 0, theme.gap(3))
        column.setSpacing(theme.gap(4))
        top = QHBoxLayout()
        column.addLayout(top)
        top.setSpacing(theme.gap(8))
        words = QVBoxLayout()
        top.addLayout(words, 1)
        words.setSpacing(0)
        title = tr.gettext(row.title)
        words.addWidget(Body(theme, title))
        words.addWidget(Caption(theme, _line(tr, row)))
        word, kind = TAGS[row.state]
        top.addWidget(Tag(theme, tr.gettext(word), kind), 0, Qt.AlignmentFlag.AlignVCenter)
        self.why = LinkButton(theme, "", icon="question", name=f"{name}-why")
        self.why.setAccessibleName(tr.gettext("Waarom: {title}").format(title=title))
        self.why.setToolTip(tr.gettext("Waarom?"))
        self.why.setCheckable(True)
        self.why.toggled.connect(self._open)
        top.addWidget(self.why, 0, Qt.AlignmentFlag.AlignVCenter)
        self.more = QWidget()
        more = QVBoxLayout(self.more)
        more.setContentsMargins(theme.gap(12), 0, 0, theme.gap(4))
        more.setSpacing(theme.gap(4))
        for text in _more(tr, row):
            more.addWidget(Caption(theme, text))
        self.more.hide()
        column.addWidget(self.more)
        if action is not None:
            column.addWidget(action)

    def _open(self, on: bool) -> None:
        self.more.setVisible(on)


def _line(tr: UiTexts, row: PreviewRow) -> str:
    parts = [counted(row)]
    if row.weak:
        weak = tr.ngettext(
            "{n} niet goed begrepen, gemarkeerd", "{n} niet goed begrepen, gemarkeerd", row.weak
        )
        parts.append(weak.format(n=row.weak))
    if row.consent is not None and row.state is RowState.LEAVES:
        parts.append(_consent_words(tr, row))
    else:
        parts.append(tr.gettext(row.reason))
    return " · ".join(parts)


def _consent_words(tr: UiTexts, row: PreviewRow) -> str:
    consent = row.consent
    if consent is None:
        return ""
    whole = (
        tr.gettext("toestemming gegeven op {day}, in het {language}, met tolk")
        if consent.with_interpreter
        else tr.gettext("toestemming gegeven op {day}, in het {language}")
    )
    return whole.format(
        day=day(consent.given_at.astimezone().date()),
        language=language_name(tr, consent.language) or tr.gettext("Nederlands"),
    )


def _more(tr: UiTexts, row: PreviewRow) -> list[str]:
    lines = [tr.gettext("Reden: {reason}").format(reason=tr.gettext(row.reason))]
    if row.basis:
        lines.append(tr.gettext("Grondslag: {basis}").format(basis=row.basis))
    names = list(row.names[:_MOST_NAMES])
    rest = len(row.names) - len(names)
    if rest:
        names.append(tr.ngettext("en nog {n}", "en nog {n}", rest).format(n=rest))
    lines.append(tr.gettext("Het gaat om: {names}").format(names="; ".join(names)))
    return lines


class ConsentAsk(QWidget):
    """Asks the client for one category; `given(with_interpreter)` when the answer is yes."""

    given = Signal(bool)

    def __init__(
        self, theme: Theme, tr: UiTexts, row: PreviewRow, language: str, shown: UiTexts
    ) -> None:
        """Ask for `row`; `shown` are the program's texts in `language`, the client's."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.gap(12), 0, 0, theme.gap(4))
        column.setSpacing(theme.gap(8))
        name = f"consent-{row.category}"
        self.open = QuietButton(theme, _ask_words(tr, language), name=f"{name}-ask")
        self.open.clicked.connect(self._show)
        column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self._panel = QWidget()
        panel = QVBoxLayout(self._panel)
        panel.setContentsMargins(0, 0, 0, 0)
        panel.setSpacing(theme.gap(8))
        panel.addWidget(Caption(theme, tr.gettext("Lees dit voor of laat het lezen")))
        question = Body(theme, tr.gettext(CONSENT_QUESTION))
        question.setObjectName(f"{name}-question")
        panel.addWidget(question)
        other = shown.gettext(CONSENT_QUESTION)
        if other != CONSENT_QUESTION:
            label = LangLabel(theme, other, language, factor=HELP)
            label.setObjectName(f"{name}-question-other")
            panel.addWidget(label)
            # the program's own words have no ledger of reviews: all of them are machine-made
            mark = Caption(theme, tr.gettext("Machinevertaling, niet nagekeken"))
            mark.set_color("warn")
            panel.addWidget(mark)
        self.interpreter = CheckInput(
            theme, tr.gettext("Gevraagd met een tolk"), name=f"{name}-interpreter"
        )
        panel.addWidget(self.interpreter)
        bar = QHBoxLayout()
        panel.addLayout(bar)
        bar.setSpacing(theme.gap(12))
        yes = QuietButton(theme, tr.gettext("De cliënt zegt ja"), icon="check", name=f"{name}-yes")
        yes.clicked.connect(lambda: self.given.emit(self.interpreter.isChecked()))
        no = LinkButton(theme, tr.gettext("Nee, het blijft hier"), name=f"{name}-no")
        no.clicked.connect(self._hide)
        bar.addWidget(yes)
        bar.addWidget(no)
        bar.addStretch(1)
        self._panel.hide()
        column.addWidget(self._panel)

    def _show(self) -> None:
        self.open.hide()
        self._panel.show()
        self.interpreter.setFocus()

    def _hide(self) -> None:
        self._panel.hide()
        self.open.show()


def _ask_words(tr: UiTexts, language: str) -> str:
    if not language or language == "nl":
        return tr.gettext("Nu vragen")
    return tr.gettext("Nu vragen in het {language}").format(language=language_name(tr, language))


class ContentsStep(QWidget):
    """Shows the rows of a preview. `changed` when a consent was given or withdrawn, or when an
    attachment that may go was kept here (`held`) or let go again."""

    changed = Signal()

    def __init__(self, ctx: AppContext) -> None:
        super().__init__()
        self._ctx = ctx
        self._view: HandoverPreview | None = None
        self.held: frozenset[UUID] = frozenset()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(ctx.theme.gap(8))
        self.notice = Notice(ctx.theme, "err", "", name="contents-notice")
        self.notice.hide()
        column.addWidget(self.notice)
        self._rows = QVBoxLayout()
        column.addLayout(self._rows)
        self.attachments = AttachmentRows(ctx.theme, ctx.tr)
        self.attachments.chosen.connect(self._choose)
        column.addWidget(self.attachments)

    def _choose(self, attachment_id: UUID, goes: bool) -> None:
        this = frozenset({attachment_id})
        self.held = self.held - this if goes else self.held | this
        self.changed.emit()

    def show_preview(self, view: HandoverPreview) -> None:
        """Show what goes and what stays; nothing as long as there is no recipient."""
        self.attachments.show_choices(view.attachments)
        if self._view is not None and view.rows == self._view.rows:
            self._view = view
            return
        self._view = view
        clear_layout(self._rows)
        # what has to be asked stands first: it is the only thing to do here
        in_order = sorted(view.rows, key=lambda row: row.state is not RowState.ASK)
        made = [self._row(row) for row in in_order]
        self._rows.addWidget(RowList(self._ctx.theme, *made))

    def summary(self) -> str:
        """Return how much goes and how much stays."""
        tr, view = self._ctx.tr, self._view
        sent, kept = (view.sent, view.kept) if view else (0, 0)
        going = tr.ngettext("{n} gegeven gaat mee", "{n} gegevens gaan mee", sent).format(n=sent)
        staying = tr.ngettext("{n} blijft hier", "{n} blijven hier", kept).format(n=kept)
        return f"{going} · {staying}"

    def _row(self, row: PreviewRow) -> ContentsRow:
        ctx = self._ctx
        action: QWidget | None = None
        language = self._view.case.person.contact_language if self._view else ""
        if row.state is RowState.ASK:
            shown = ctx.catalogues.ui(language or "nl")
            ask = ConsentAsk(ctx.theme, ctx.tr, row, language, shown)
            ask.given.connect(lambda told, r=row: self._give(r, language, with_interpreter=told))
            action = ask
        elif row.consent is not None and row.state is RowState.LEAVES:
            back = LinkButton(
                ctx.theme,
                ctx.tr.gettext("Toestemming intrekken"),
                name=f"consent-{row.category}-withdraw",
            )
            back.clicked.connect(lambda _on=False, r=row: self._withdraw(r))
            action = back
        return ContentsRow(ctx.theme, ctx.tr, row, action)

    def _give(self, row: PreviewRow, language: str, *, with_interpreter: bool) -> None:
        view = self._view
        if view is None or view.choice.role is None:
            return
        role = view.choice.role
        self._try(
            lambda: consent_flow.give(
                self._ctx.vault,
                sharing_table(),
                view.case.person.person_id,
                row.category,
                role,
                language=language or "nl",
                with_interpreter=with_interpreter,
            )
        )

    def _withdraw(self, row: PreviewRow) -> None:
        view = self._view
        if view is None or row.consent is None:
            return
        held = row.consent
        person_id = view.case.person.person_id
        self._try(lambda: consent_flow.withdraw(self._ctx.vault, person_id, held.consent_id))

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (ConsentRefused, VaultError) as refused:
            self.notice.set_notice("err", self._ctx.tr.said(refused))
            return
        self.notice.hide()
        self.changed.emit()
