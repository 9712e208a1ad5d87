"""Gegevens voor DUO: what is known is there already, what is missing is typed, then saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.duo import TestResult
from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.flows import duo_export, duo_known, outside
from intake_app.flows.duo_export import DuoRefused, Kind
from intake_app.flows.duo_typed import FIELD_OF, LbtText, PipText
from intake_app.ui.kit import (
    Card,
    ChoiceInput,
    ConfirmDialog,
    Field,
    LinkButton,
    Muted,
    Notice,
    PartialDateInput,
    QuietButton,
    TextInput,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake_app.ui.context import AppContext
    from intake_app.vault import Vault

Control = TextInput | ChoiceInput | PartialDateInput


class DuoCard(Card):
    """Offers the two files for DUO; opened, it asks what the vault does not know."""

    def __init__(self, context: AppContext, person_id: UUID) -> None:
        super().__init__(context.theme, context.tr.gettext("Gegevens voor DUO"), name="plan-duo")
        self._context, self._person_id = context, person_id
        self._controls: dict[str, Control] = {}
        self.fields: dict[str, Field] = {}
        self._sources: dict[str, str] = {}
        self._content = QVBoxLayout()
        self.body.addLayout(self._content)
        self._content.setSpacing(context.theme.gap(16))
        self.close_form()

    def close_form(self) -> None:
        """Show only what can be made here."""
        tr, theme = self._context.tr, self._context.theme
        self._clear()
        text = tr.gettext("Een bestand met het PIP of de leerbaarheidstoets, zoals DUO het vraagt.")
        self._content.addWidget(Muted(theme, text))
        pip = QuietButton(theme, tr.gettext("PIP voor DUO"), icon="file", name="duo-pip")
        pip.clicked.connect(lambda: self.open_form(Kind.PIP))
        lbt = QuietButton(theme, tr.gettext("Toets voor DUO"), icon="file", name="duo-lbt")
        lbt.clicked.connect(lambda: self.open_form(Kind.LBT))
        self._content.addWidget(FlowRow(theme.gap(12), pip, lbt))

    def open_form(self, kind: Kind) -> None:
        """Ask for one of the files, filled in as far as the vault knows."""
        tr, theme, vault = self._context.tr, self._context.theme, self._context.vault
        self._clear()
        look: Callable[[Vault, UUID], duo_known.Filled] = (
            duo_known.known_pip if kind is Kind.PIP else duo_known.known_lbt
        )
        try:
            known = look(vault, self._person_id)
        except VaultError as problem:
            self.close_form()
            self._tell("err", tr.said(problem))
            return
        from_decision = tr.gettext(
            "Kijk na wat er al staat en vul aan. Het plan is nog geen PIP: neem de beschikking."
        )
        from_result = tr.gettext("Kijk na wat er al staat en vul aan vanaf de uitslag.")
        text = from_decision if kind is Kind.PIP else from_result
        self._content.addWidget(Muted(theme, text))
        self._sources = dict(known.sources)
        (self._pip if kind is Kind.PIP else self._lbt)()
        for name, control in self._controls.items():
            self._fill(control, getattr(known.text, name))
        save = QuietButton(theme, tr.gettext("Bestand opslaan"), icon="save", name="duo-save")
        save.clicked.connect(lambda: self.save(kind))
        close = LinkButton(theme, tr.gettext("Sluiten"), name="duo-close")
        close.clicked.connect(self.close_form)
        self._content.addWidget(FlowRow(theme.gap(12), save, close))
        next(iter(self._controls.values())).setFocus()

    def _clear(self) -> None:
        clear_layout(self._content)
        self._controls, self.fields = {}, {}
        self.notice = Notice(self._context.theme, "err", "", name="duo-notice")
        self.notice.hide()
        self._content.addWidget(self.notice)

    def _pip(self) -> None:
        tr = self._context.tr
        yes_no = [("ja", tr.gettext("ja")), ("nee", tr.gettext("nee"))]
        self._day("dated", tr.gettext("Datum van het PIP"))
        self._choice("first", tr.gettext("Is dit het eerste PIP?"), yes_no)
        routes = [
            ("B", tr.gettext("B1-route")),
            ("O", tr.gettext("Onderwijsroute")),
            ("Z", tr.gettext("Z-route")),
        ]
        self._choice("route", tr.gettext("Leerroute"), routes)
        help_text = tr.gettext(
            "Onderwijsroute: B1. Z-route: A2. B1-route: B1; A2 pas in een later PIP."
        )
        self._choice("level", tr.gettext("Niveau"), [("A2", "A2"), ("B1", "B1")], help_text)
        self._number(
            "intensity",
            tr.gettext("Geschatte intensiteit van de B1-route"),
            tr.gettext("Alleen bij de B1-route van een asielstatushouder: 1 tot en met 9999."),
        )
        self._choice(
            "may_finish_education", tr.gettext("Mag de persoon een opleiding afmaken?"), yes_no
        )
        literacy = [
            ("A", tr.gettext("A: analfabeet")),
            ("AA", tr.gettext("AA: leest een ander schrift")),
            ("NVT", tr.gettext("NVT: niet nodig")),
        ]
        self._choice("literacy", tr.gettext("Alfabetisering"), literacy)
        self._day("duty_from", tr.gettext("Inburgeringsplichtig vanaf"), optional=True)
        self._day("settled_on", tr.gettext("In de gemeente gevestigd op"), optional=True)
        self._number("language_and_knm_hours", tr.gettext("Uren taalles en KNM samen"))
        self._number("participation_hours", tr.gettext("Uren participatie"))
        self._day("pvt_on", tr.gettext("Participatieverklaring getekend op"), optional=True)
        self._day("map_on", tr.gettext("MAP afgerond op"), optional=True)
        self._day("z_route_on", tr.gettext("Eindgesprek van de Z-route op"), optional=True)

    def _lbt(self) -> None:
        tr = self._context.tr
        results = [
            (TestResult.FEASIBLE.value, tr.gettext("B1-route haalbaar")),
            (TestResult.NOT_FEASIBLE.value, tr.gettext("B1-route niet haalbaar")),
            (TestResult.UNKNOWN.value, tr.gettext("Onbekend")),
        ]
        self._choice("result", tr.gettext("Resultaat van de toets"), results)
        self._number("achieved", tr.gettext("Behaalde score"), optional=False)
        self._number("needed", tr.gettext("Benodigde score"), optional=False)
        self._day("taken_on", tr.gettext("Datum van de toets"))

    def _day(self, name: str, label: str, *, optional: bool = False) -> None:
        tr = self._context.tr
        labels = (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar"))
        control = PartialDateInput(self._context.theme, labels, name=self._name(name))
        self._keep(name, label, control, optional=optional)

    def _choice(
        self, name: str, label: str, options: Sequence[tuple[str, str]], help_text: str = ""
    ) -> None:
        control = ChoiceInput(
            self._context.theme,
            options,
            as_radio=True,
            horizontal=len(options) == 2 and name != "level",
            name=self._name(name),
        )
        self._keep(name, label, control, help_text)

    def _number(self, name: str, label: str, help_text: str = "", *, optional: bool = True) -> None:
        control = TextInput(self._context.theme, name=self._name(name), width=120)
        self._keep(name, label, control, help_text, optional=optional)

    def _keep(
        self,
        name: str,
        label: str,
        control: Control,
        help_text: str = "",
        *,
        optional: bool = False,
    ) -> None:
        tr = self._context.tr
        word = tr.gettext("mag leeg blijven") if optional else ""
        if name in self._sources:
            known = tr.gettext("Al bekend uit: {source}.").format(source=self._sources[name])
            help_text = f"{help_text} {known}".strip()
        field = Field(self._context.theme, label, control, help_text=help_text, optional=word)
        self._controls[name], self.fields[name] = control, field
        self._content.addWidget(field)

    @staticmethod
    def _name(name: str) -> str:
        return f"duo-{name.replace('_', '-')}"

    @staticmethod
    def _fill(control: Control, text: str) -> None:
        if isinstance(control, PartialDateInput):
            control.set_value(PartialDate.parse(text))
        elif isinstance(control, ChoiceInput):
            if text:
                control.set_value(text)
        else:
            control.setText(text)

    # ---- saving --------------------------------------------------------------------------------

    def save(self, kind: Kind) -> None:
        """Make the file and ask where it goes, or show at each field what DUO would refuse."""
        typed = self._typed()
        if typed is None:
            return
        vault, cls = self._context.vault, PipText if kind is Kind.PIP else LbtText
        text = cls(**{name: value for name, value in typed.items() if name in _names(cls)})
        try:
            content = (
                duo_export.make_pip(vault, self._person_id, text)
                if isinstance(text, PipText)
                else duo_export.make_lbt(vault, self._person_id, text)
            )
        except DuoRefused as refused:
            self._refused(refused)
            return
        except VaultError as problem:
            self._tell("err", self._context.tr.said(problem))
            return
        self._save(kind, content)

    def _typed(self) -> dict[str, str] | None:
        """Return what stands in the fields as text; None with the problem shown at a date."""
        found, wrong = {}, False
        for name, control in self._controls.items():
            self.fields[name].set_problem("")
            try:
                found[name] = _text_of(control)
            except DateProblem as problem:
                self.fields[name].set_problem(self._context.tr.said(problem))
                wrong = True
        if wrong:
            self._tell(
                "err", self._context.tr.gettext("Er is nog niets gemaakt. Kijk de datum na.")
            )
            return None
        return found

    def _refused(self, refused: DuoRefused) -> None:
        tr = self._context.tr
        elsewhere = []
        for violation in refused.violations:
            name = next((n for n in self.fields if FIELD_OF[n] == violation.field), None)
            if name is None:
                elsewhere.append(tr.said(violation.sentence))
            elif not self.fields[name].problem():
                said = f"{tr.said(violation.rule)} {tr.said(violation.fix)}"
                self.fields[name].set_problem(said)
        count = len(refused.violations)
        text = tr.ngettext(
            "Er is nog niets gemaakt. DUO zou {n} gegeven weigeren.",
            "Er is nog niets gemaakt. DUO zou {n} gegevens weigeren.",
            count,
        ).format(n=count)
        self._tell("err", " ".join([text, *elsewhere]))
        first = next((field for field in self.fields.values() if field.problem()), None)
        if first is not None:
            first.control.setFocus()

    def _save(self, kind: Kind, content: bytes) -> None:
        tr, context = self._context.tr, self._context
        sure = ConfirmDialog.ask(
            context.theme,
            tr.gettext("Buiten de kluis opslaan?"),
            tr.gettext(
                "Buiten de kluis is het bestand niet beschermd. Het komt in het logboek. Wis het "
                "als DUO het heeft."
            ),
            confirm=tr.gettext("Toch opslaan"),
            cancel=tr.gettext("Niet opslaan"),
            danger=True,
            parent=self,
        )
        if not sure:
            return
        target = context.pick.choose_save(
            tr.gettext("Waar komt het bestand?"),
            duo_export.suggested_name(kind),
            "JSON (*.json)",
            parent=self,
        )
        if target is None:
            return
        try:
            duo_export.save(context.vault, self._person_id, kind, content, target)
        except (outside.NotWritten, VaultError) as problem:
            self._tell("err", tr.said(problem))
            return
        self.close_form()
        self._tell(
            "ok", tr.gettext("Het bestand is opgeslagen als {file}.").format(file=target.name)
        )

    def _tell(self, kind: str, text: str) -> None:
        self.notice.set_notice("ok" if kind == "ok" else "err", text)
        page: QWidget | None = self.parentWidget()
        while page is not None and not hasattr(page, "scroll_to"):
            page = page.parentWidget()
        if page is not None:
            page.scroll_to(self.notice)


def _text_of(control: Control) -> str:
    if isinstance(control, PartialDateInput):
        return control.value().iso()
    if isinstance(control, ChoiceInput):
        return control.value()
    return control.text()


def _names(cls: type[PipText | LbtText]) -> frozenset[str]:
    return frozenset(field.name for field in fields(cls))
