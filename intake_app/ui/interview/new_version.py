"""A newer version of the form: what would change in this interview, and the answers kept aside."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from intake_app.domain.interview import AsideAnswer
from intake_app.flows.form_move import WORDS, MoveLine, MovePreview, What
from intake_app.formio.moving import OrphanReason
from intake_app.i18n.formats import format_date
from intake_app.ui.interview.block import state_name
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.page import Page
from intake_app.ui.kit.surfaces import Card, Notice, Row, RowList
from intake_app.ui.kit.text import Muted

_ORDER: tuple[What, ...] = ("violating", "required", "aside", "hidden", "moved", "value")


class NewVersionPanel(Page):
    """Lists what moving does, without answers; `wanted` does it, `later` leaves all as it is."""

    wanted = Signal()
    later = Signal()

    def __init__(
        self, tools: Tools, title: str, preview: MovePreview, parent: QWidget | None = None
    ) -> None:
        """Show `preview`; `title` is that of the form."""
        tr = tools.tr
        words = tr.gettext("{form}: van versie {old} naar versie {new}")
        super().__init__(
            tools.theme,
            tr.gettext("Nieuwere versie van dit formulier"),
            subtitle=words.format(form=title, old=preview.from_version, new=preview.to_version),
            name="new-version",
            parent=parent,
        )
        self._tools = tools
        kept = tr.ngettext(
            "{n} antwoord blijft waar het is.", "{n} antwoorden blijven waar ze zijn.", preview.kept
        ).format(n=preview.kept)
        lost = tr.gettext("Er gaat niets verloren: wat geen plaats meer heeft, bewaren we apart.")
        self.add(Muted(tools.theme, f"{kept} {lost}", factor=1.1))
        if not preview.lines:
            self.add(
                Notice(tools.theme, "ok", tr.gettext("Voor dit gesprek verandert er verder niets."))
            )
        for what in _ORDER:
            lines = preview.of(what)
            if lines:
                self.add(self._card(what, lines))
        self.problem = Notice(tools.theme, "err", "", name="new-version-problem")
        self.problem.hide()
        self.add(self.problem)
        later = QuietButton(tools.theme, tr.gettext("Later"), name="new-version-later")
        later.clicked.connect(self.later)
        self.move_button = PrimaryButton(
            tools.theme, tr.gettext("Overzetten"), name="new-version-move"
        )
        self.move_button.clicked.connect(self.wanted)
        self.set_footer([later], self.move_button)

    def fail(self, sentence: str) -> None:
        """Say why the interview could not be moved."""
        self.problem.set_notice("err", sentence)
        self.scroll_to(self.problem)

    def _card(self, what: What, lines: tuple[MoveLine, ...]) -> Card:
        theme = self._tools.theme
        heading, explained = self._words(what)
        card = Card(theme, heading, name=f"new-version-{what}")
        card.body.addWidget(Muted(theme, explained))
        rows = RowList(theme)
        for line in lines:
            rows.add(Row(theme, line.question, self._caption(line)))
        card.body.addWidget(rows)
        return card

    def _caption(self, line: MoveLine) -> str:
        tr = self._tools.tr
        if line.what == "moved":
            if line.detail == line.question:
                return tr.gettext("dezelfde vraag, op een andere plaats")
            return tr.gettext("hoort nu bij: {question}").format(question=line.detail)
        return tr.gettext(line.detail) if line.detail else ""

    def _words(self, what: What) -> tuple[str, str]:
        tr = self._tools.tr
        match what:
            case "violating":
                return tr.gettext("Klopt nu niet"), tr.gettext(
                    "De nieuwe versie stelt andere eisen. Het antwoord blijft staan. "
                    "Kijk het na het overzetten na."
                )
            case "required":
                return tr.gettext("Nu verplicht"), tr.gettext(
                    "Deze vragen hebben een antwoord nodig voor je kunt vaststellen."
                )
            case "aside":
                return tr.gettext("Wordt apart bewaard"), tr.gettext(
                    "Deze antwoorden passen bij geen vraag van de nieuwe versie. Ze blijven bij "
                    "dit gesprek en gaan niet mee in de overdracht."
                )
            case "hidden":
                return tr.gettext("Niet meer aan de orde"), tr.gettext(
                    "Deze vragen worden nu niet gesteld. De antwoorden blijven bewaard."
                )
            case "moved":
                return tr.gettext("Andere plaats"), tr.gettext("De antwoorden gaan mee.")
            case _:
                return tr.gettext("Andere waarde"), tr.gettext(
                    "De keuze heet nu anders. Het antwoord gaat mee."
                )


class AsidePanel(Page):
    """The answers that earlier versions had a question for; `back` goes on with the interview."""

    back = Signal()

    def __init__(
        self, tools: Tools, answers: tuple[AsideAnswer, ...], parent: QWidget | None = None
    ) -> None:
        """Show the answers as they were given."""
        theme, tr = tools.theme, tools.tr
        super().__init__(
            theme,
            tr.gettext("Apart bewaarde antwoorden"),
            subtitle=tr.gettext("Uit een eerdere versie van dit formulier"),
            name="aside-answers",
            parent=parent,
        )
        self.add(
            Muted(
                theme,
                tr.gettext(
                    "Deze antwoorden passen bij geen vraag van deze versie en gaan niet mee in de "
                    "overdracht. Is er iets van belang? Vul het in bij een vraag van nu."
                ),
                factor=1.1,
            )
        )
        card = Card(theme)
        rows = RowList(theme)
        for one in answers:
            row = one.answer
            given = one.shown or state_name(tools, row.state) or tr.gettext("geen antwoord")
            if row.note:
                note = tr.gettext("notitie: {note}").format(note=row.note)
                given = f"{given} · {note}"
            caption = tr.gettext("{question} ({reason}, {day})").format(
                question=one.question,
                reason=tr.gettext(WORDS[OrphanReason(one.reason)]),
                day=format_date(one.moved_at.astimezone(), "nl"),
            )
            rows.add(Row(theme, given, caption))
        card.body.addWidget(rows)
        self.add(card)
        back = PrimaryButton(theme, tr.gettext("Terug naar het gesprek"), name="aside-back")
        back.clicked.connect(self.back)
        self.set_footer([], back)
