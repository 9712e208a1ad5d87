"""Meer laptops: letting a second vault join the organisation, or joining one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from intake_app.flows import join
from intake_app.handover.errors import SealError
from intake_app.handover.joining import JoinRefusal, JoinRefused
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    Field,
    Heading,
    Kind,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    TextInput,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.vault.errors import NotAllowed, VaultError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from intake_app.flows.join import JoinedFrom
    from intake_app.handover.joining import JoinRequest
    from intake_app.ui.context import AppContext

_OWN, _OTHER = "own", "other"


class JoiningPage(Page):
    """What this vault can do about it, and which vaults have the organisation's keys.

    No control number that has to be typed is shown here: it has to come from the other side.
    """

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Meer laptops"),
            subtitle=tr.gettext(
                "Elke collega een eigen kluis, met dezelfde sleutels van je organisatie."
            ),
            name="joining-page",
        )
        self._context = context
        self._seen: JoinRequest | None = None
        """The request of a colleague that was opened and waits for its number."""
        self._answer: Path | None = None
        """The answer that was chosen and waits for the number of the organisation."""
        self._said: dict[str, tuple[Kind, str]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the vault again and show what it says."""
        clear_layout(self.body)
        vault = self._context.vault
        if not join.may_decide(vault):
            self.add(Notice(self.theme, "info", str(NotAllowed()), name="joining-not-allowed"))
        joined, waiting = join.joined(vault), join.waiting(vault)
        if joined is not None:
            self.add(self._joined(joined))
        elif waiting is not None:
            self.add(self._waiting(waiting))
            return
        elif join.obstacle(vault) is None and join.wanted_label(vault):
            self.add(self._ask(primary=True))
            return
        self.add(self._others())
        if joined is None and not join.given(vault):
            self.add(self._ask(primary=False))

    # ---- this vault joins ------------------------------------------------------------------------

    def _joined(self, joined: JoinedFrom) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Deze kluis"), name="joining-joined")
        organisation = self._context.vault.info.organisation
        how = {
            "adresboek": tr.gettext("nagegaan met het adresboek"),
            "controlegetal": tr.gettext("nagegaan met het controlegetal"),
        }
        text = tr.gettext("Hoort er sinds {day} bij, door {name} · {how}").format(
            day=self._day(joined.at), name=isolate(joined.by_name), how=how[joined.checked_by]
        )
        card.body.addWidget(Row(theme, isolate(organisation.name), text, strong=True))
        self._add_said(card, _OWN)
        return card

    def _ask(self, *, primary: bool) -> Card:
        tr, theme, vault = self._context.tr, self.theme, self._context.vault
        card = Card(
            theme, tr.gettext("Mijn organisatie heeft al een kluis"), name="joining-ask-card"
        )
        card.body.setSpacing(theme.gap(12))
        stops = join.obstacle(vault)
        if stops is not None:
            card.body.addWidget(Muted(theme, tr.said(JoinRefused(stops))))
            return card
        card.body.addWidget(
            Body(
                theme,
                tr.gettext(
                    "Je maakt hier een verzoek. Een collega met de rol beheer opent het in de "
                    "kluis die jullie al hebben en geeft je een antwoord terug. Daarna opent deze "
                    "kluis wat aan je organisatie is verzegeld."
                ),
            )
        )
        self._label = TextInput(theme, name="joining-label", text=join.wanted_label(vault))
        self._label_field = Field(
            theme,
            tr.gettext("Naam van deze kluis"),
            self._label,
            help_text=tr.gettext("Je collega ziet deze naam. Bijvoorbeeld: laptop Samira."),
        )
        card.body.addWidget(self._label_field)
        kind = PrimaryButton if primary else QuietButton
        make = kind(theme, tr.gettext("Verzoek maken"), icon="save", name="joining-ask")
        make.clicked.connect(self._make_request)
        make.setEnabled(join.may_decide(vault))
        card.body.addWidget(make, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_said(card, _OWN)
        return card

    def _waiting(self, request: JoinRequest) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Wacht op het antwoord"), name="joining-waiting")
        card.body.setSpacing(theme.gap(12))
        steps = (
            tr.gettext("1. Geef het bestand met het verzoek aan een collega met de rol beheer."),
            tr.gettext("2. Bel die collega, op een nummer dat je al kende. Lees dit getal voor:"),
        )
        for step in steps:
            card.body.addWidget(Body(theme, step))
        number = Heading(theme, isolate(request.number, "ltr"), factor=1.3)
        number.setObjectName("joining-number")
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(number)
        card.body.addWidget(
            Body(theme, tr.gettext("3. Lees het bestand in dat je collega je teruggeeft."))
        )
        if self._answer is not None:
            card.body.addWidget(self._organisation_number())
        else:
            read = PrimaryButton(
                theme, tr.gettext("Antwoord inlezen"), icon="import", name="joining-take"
            )
            read.clicked.connect(self._choose_answer)
            again = QuietButton(
                theme, tr.gettext("Verzoek nog eens opslaan"), icon="save", name="joining-save"
            )
            again.clicked.connect(self._save_request)
            end = LinkButton(theme, tr.gettext("Verzoek intrekken"), name="joining-give-up")
            end.clicked.connect(self._give_up)
            for button in (read, end):
                button.setEnabled(join.may_decide(self._context.vault))
            card.body.addWidget(FlowRow(theme.gap(8), read, again, end))
        text = tr.gettext("{label} · gemaakt op {day}, zeven dagen geldig").format(
            label=isolate(request.label), day=self._day(request.made_at)
        )
        card.body.addWidget(Caption(theme, text))
        self._add_said(card, _OWN)
        return card

    def _organisation_number(self) -> Card:
        tr, theme = self._context.tr, self.theme
        form = Card(theme, name="joining-check-form")
        form.body.setSpacing(theme.gap(12))
        self._own_number = TextInput(theme, name="joining-own-number", language="nl")
        self._own_field = Field(
            theme,
            tr.gettext("Controlegetal van je organisatie"),
            self._own_number,
            help_text=tr.gettext(
                "Laat je collega het voorlezen uit Instellingen, Jouw organisatie: zes groepen van "
                "vijf cijfers. Zo weet je dat het antwoord echt van je organisatie is."
            ),
        )
        form.body.addWidget(self._own_field)
        accept = PrimaryButton(
            theme, tr.gettext("Controleren en overnemen"), name="joining-take-over"
        )
        accept.clicked.connect(self._take_over)
        self._own_number.returnPressed.connect(self._take_over)
        cancel = LinkButton(theme, tr.gettext("Niet overnemen"), name="joining-take-cancel")
        cancel.clicked.connect(self._forget_answer)
        form.body.addWidget(FlowRow(theme.gap(8), accept, cancel))
        return form

    def _make_request(self) -> None:
        label = self._label.text().strip()
        try:
            join.check_label(label)
        except JoinRefused as error:
            self._label_field.set_problem(self._context.tr.said(error))
            self._label.setFocus()
            return
        self._save_as(lambda target: join.ask(self._context.vault, label, target))

    def _save_request(self) -> None:
        self._save_as(lambda target: join.save_request(self._context.vault, target))

    def _save_as(self, save: Callable[[Path], object]) -> None:
        tr = self._context.tr
        target = self._context.pick.choose_save(
            tr.gettext("Verzoek opslaan"),
            tr.gettext("deelnameverzoek.json"),
            tr.gettext("Verzoek (*.json)"),
            parent=self,
        )
        if target is None:
            return
        self._do(_OWN, lambda: save(target), tr.gettext("Het verzoek is opgeslagen als {name}."),
                 target)  # fmt: skip

    def _give_up(self) -> None:
        text = self._context.tr.gettext(
            "Het verzoek is ingetrokken. Een antwoord dat nog komt, werkt niet meer."
        )
        self._do(_OWN, lambda: join.give_up(self._context.vault), text)

    def _choose_answer(self) -> None:
        tr = self._context.tr
        path = self._context.pick.choose_file(
            tr.gettext("Antwoord kiezen"), tr.gettext("Antwoord (*.age)"), parent=self
        )
        if path is None:
            return
        try:
            join.take(self._context.vault, path)
        except JoinRefused as error:
            if error.reason is JoinRefusal.NUMBER_NEEDED:
                self._answer, self._said = path, {}
                self.refresh()
                self._own_number.setFocus()
                return
            self._say(_OWN, "err", tr.said(error))
        except VaultError as error:
            self._say(_OWN, "err", tr.said(error))
        else:
            self._done()

    def _take_over(self) -> None:
        assert self._answer is not None  # noqa: S101
        typed = self._own_number.text()
        try:
            join.take(self._context.vault, self._answer, typed)
        except (JoinRefused, VaultError) as error:
            self._own_field.set_problem(self._context.tr.said(error))
            self._own_number.setFocus()
            return
        self._done()

    def _forget_answer(self) -> None:
        self._answer = None
        self._said = {}
        self.refresh()

    def _done(self) -> None:
        self._answer = None
        text = self._context.tr.gettext(
            "Deze kluis hoort nu bij je organisatie en opent wat aan haar is verzegeld. Het "
            "antwoord werkt niet nog een keer: wis het bestand. Maak nu een back-up."
        )
        self._say(_OWN, "ok", text)

    # ---- another vault joins ---------------------------------------------------------------------

    def _others(self) -> Card:
        tr, theme, vault = self._context.tr, self.theme, self._context.vault
        card = Card(theme, tr.gettext("Een kluis van een collega erbij"), name="joining-others")
        card.body.setSpacing(theme.gap(12))
        card.body.addWidget(
            Body(
                theme,
                tr.gettext(
                    "Je collega maakt een nieuwe kluis, kiest daar “Onze organisatie heeft al een "
                    "kluis” en geeft je het verzoek. Die kluis kan daarna alles openen wat aan je "
                    "organisatie is verzegeld, en ondertekent namens je organisatie. Dat is niet "
                    "terug te draaien zonder nieuwe sleutels."
                ),
            )
        )
        if self._seen is not None:
            card.body.addWidget(self._number_form(self._seen))
        else:
            look = PrimaryButton(
                theme, tr.gettext("Verzoek openen"), icon="import", name="joining-look"
            )
            look.clicked.connect(self._choose_request)
            look.setEnabled(join.may_decide(vault))
            card.body.addWidget(look, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_said(card, _OTHER)
        vaults = join.given(vault)
        if vaults:
            card.body.addWidget(Heading(theme, tr.gettext("Hebben onze sleutels gekregen")))
            rows = RowList(theme)
            for each in vaults:
                text = tr.gettext("op {day}, van {name}").format(
                    day=self._day(each.at), name=isolate(each.by_name)
                )
                name = f"joining-given-{each.vault_id}"
                rows.add(Row(theme, isolate(each.label), text, name=name))
            card.body.addWidget(rows)
            card.body.addWidget(
                Caption(
                    theme,
                    tr.gettext(
                        "Is een van deze laptops kwijt? Vraag de projectleider van de regio om de "
                        "sleutels van je organisatie in te trekken. Het blad voor een verloren "
                        "laptop noemt deze kluizen ook."
                    ),
                )
            )
        return card

    def _number_form(self, request: JoinRequest) -> Card:
        tr, theme = self._context.tr, self.theme
        form = Card(theme, name="joining-number-form")
        form.body.setSpacing(theme.gap(12))
        made = tr.gettext("Verzoek van {day}").format(day=self._day(request.made_at))
        form.body.addWidget(Row(theme, isolate(request.label), made, strong=True))
        self._number = TextInput(theme, name="joining-heard", language="nl")
        self._number_field = Field(
            theme,
            tr.gettext("Het getal dat je hoort"),
            self._number,
            help_text=tr.gettext(
                "Bel je collega op een nummer dat je al kende. Laat het getal voorlezen van het "
                "scherm van de nieuwe kluis en typ het hier: zes groepen van vijf cijfers."
            ),
        )
        form.body.addWidget(self._number_field)
        accept = PrimaryButton(
            theme, tr.gettext("Controleren en antwoord opslaan"), name="joining-answer"
        )
        accept.clicked.connect(self._give)
        self._number.returnPressed.connect(self._give)
        cancel = LinkButton(theme, tr.gettext("Niet beantwoorden"), name="joining-answer-cancel")
        cancel.clicked.connect(self._forget_request)
        form.body.addWidget(FlowRow(theme.gap(8), accept, cancel))
        return form

    def _choose_request(self) -> None:
        tr = self._context.tr
        path = self._context.pick.choose_file(
            tr.gettext("Verzoek kiezen"), tr.gettext("Verzoek (*.json)"), parent=self
        )
        if path is None:
            return
        try:
            self._seen = join.look(self._context.vault, path)
        except (JoinRefused, VaultError) as error:
            self._say(_OTHER, "err", tr.said(error))
            return
        self._said = {}
        self.refresh()
        self._number.setFocus()

    def _forget_request(self) -> None:
        self._seen = None
        self._said = {}
        self.refresh()

    def _give(self) -> None:
        tr, seen, typed = self._context.tr, self._seen, self._number.text()
        assert seen is not None  # noqa: S101
        try:
            join.check_number(seen, typed)
        except JoinRefused as error:
            self._number_field.set_problem(tr.said(error))
            self._number.setFocus()
            return
        target = self._context.pick.choose_save(
            tr.gettext("Antwoord opslaan"),
            tr.gettext("antwoord.age"),
            tr.gettext("Antwoord (*.age)"),
            parent=self,
        )
        if target is None:
            return

        def give() -> None:
            join.answer(self._context.vault, seen, typed, target)
            self._seen = None

        text = tr.gettext(
            "Het antwoord is opgeslagen als {name}. Alleen de nieuwe kluis kan het openen. Geef "
            "het aan je collega."
        )
        self._do(_OTHER, give, text, target)

    # ---- shared ----------------------------------------------------------------------------------

    def _do(
        self, part: str, job: Callable[[], object], done: str, target: Path | None = None
    ) -> None:
        try:
            job()
        except (JoinRefused, SealError, VaultError) as error:
            self._say(part, "err", self._context.tr.said(error))
            return
        name = isolate(target.name) if target is not None else ""
        self._say(part, "ok", done.format(name=name))

    def _say(self, part: str, kind: Kind, text: str) -> None:
        self._said = {part: (kind, text)}
        self.refresh()

    def _add_said(self, card: Card, part: str) -> None:
        if part in self._said:
            kind, text = self._said[part]
            card.body.addWidget(Notice(self.theme, kind, text, name=f"joining-{part}-said"))

    def _day(self, at: datetime) -> str:
        return words.long_date(self._context.tr, at.astimezone().date())
