"""Zaaksysteem: where accepted dossiers are filed at the municipality itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_app.flows import case_system
from intake_app.flows.case_system import FIELDS, FilingRefused
from intake_app.sync.zgw import CaseSystem
from intake_app.ui.kit import (
    Card,
    Field,
    Kind,
    Muted,
    Notice,
    Page,
    PassphraseInput,
    PrimaryButton,
    QuietButton,
    TextArea,
    TextInput,
)
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class CaseSystemPage(Page):
    """Keeps the addresses and the key of the case system. Only filing a dossier goes there."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Zaaksysteem"),
            subtitle=tr.gettext(
                "Zet een overgenomen dossier in jullie eigen systeem, met één klik per dossier."
            ),
            name="case-system-page",
        )
        self._context = context
        self._inputs: dict[str, TextInput | PassphraseInput] = {}
        self._fields: dict[str, Field] = {}
        self.said = Notice(self.theme, "info", "", name="case-system-said")
        self.said.hide()
        self.add(self.said)
        self.add(self._where())
        self.add(self._who())
        self.add(self._trust())
        back = QuietButton(self.theme, tr.gettext("Terug"), name="case-system-back")
        back.clicked.connect(context.navigate.open_settings)
        keep = PrimaryButton(self.theme, tr.gettext("Bewaren"), name="case-system-save")
        keep.clicked.connect(self.save)
        self.forget = QuietButton(
            self.theme, tr.gettext("Geen zaaksysteem meer"), name="case-system-forget"
        )
        self.forget.clicked.connect(self._forget)
        self.set_footer((back, self.forget), keep)
        self._show(case_system.settings(context.vault))

    def wanted(self) -> CaseSystem:
        """Return what the fields say now."""
        said = {name: control.text().strip() for name, control in self._inputs.items()}
        return CaseSystem(**said, certificate=self.certificate.toPlainText().strip())

    def save(self) -> None:
        """Keep what the fields say; a problem shows at its field and nothing changes."""
        for field in self._fields.values():
            field.set_problem("")
        try:
            case_system.save(self._context.vault, self.wanted())
        except FilingRefused as refused:
            if refused.field not in self._fields:
                self._say("err", self._context.tr.said(refused))
                return
            self._fields[refused.field].set_problem(self._context.tr.said(refused))
            self._inputs[refused.field].setFocus()
            return
        except VaultError as error:
            self._say("err", self._context.tr.said(error))
            return
        self._show(case_system.settings(self._context.vault))
        text = self._context.tr.gettext(
            "Bewaard. Bij een overgenomen dossier staat nu de knop Zet in het zaaksysteem."
        )
        self._say("ok", text)

    def _forget(self) -> None:
        try:
            case_system.save(self._context.vault, None)
        except (FilingRefused, VaultError) as error:
            self._say("err", self._context.tr.said(error))
            return
        self._show(None)
        text = self._context.tr.gettext(
            "Er is geen zaaksysteem meer ingesteld. Wat er al in stond, staat er nog."
        )
        self._say("ok", text)

    def _show(self, system: CaseSystem | None) -> None:
        for name, control in self._inputs.items():
            edit = control.edit if isinstance(control, PassphraseInput) else control
            edit.setText("" if system is None else getattr(system, name))
        self.certificate.setPlainText("" if system is None else system.certificate)
        self.forget.setVisible(system is not None)

    def _say(self, kind: Kind, text: str) -> None:
        self.said.set_notice(kind, text)
        self.area.verticalScrollBar().setValue(0)

    def _where(self) -> Card:
        tr = self._context.tr
        card = Card(self.theme, tr.gettext("Waar"), name="case-system-where")
        text = tr.gettext("Je functioneel beheerder geeft je deze gegevens.")
        card.body.addWidget(Muted(self.theme, text))
        for name in ("documents", "cases", "document_type", "case_type"):
            card.body.addWidget(self._field(name))
        return card

    def _who(self) -> Card:
        tr = self._context.tr
        card = Card(self.theme, tr.gettext("Namens wie"), name="case-system-who")
        for name in ("organisation", "client_id"):
            card.body.addWidget(self._field(name))
        secret = PassphraseInput(
            self.theme,
            show_text=tr.gettext("Tonen"),
            hide_text=tr.gettext("Verbergen"),
            caps_text=tr.gettext("Let op: Caps Lock staat aan."),
            name="case-system-secret",
        )
        self._inputs["secret"] = secret
        label = FIELDS["secret"]
        self._fields["secret"] = Field(self.theme, tr.gettext(label), secret)
        card.body.addWidget(self._fields["secret"])
        return card

    def _trust(self) -> Card:
        tr = self._context.tr
        card = Card(self.theme, tr.gettext("Certificaat"), name="case-system-trust")
        self.certificate = TextArea(self.theme, name="case-system-certificate", rows=3)
        card.body.addWidget(
            Field(
                self.theme,
                tr.gettext("Eigen certificaat"),
                self.certificate,
                optional=tr.gettext("alleen als je beheerder erom vraagt"),
                help_text=tr.gettext(
                    "Plak de tekst die begint met -----BEGIN. Dit blijft in de kluis."
                ),
            )
        )
        return card

    def _field(self, name: str) -> Field:
        # addresses and names of accounts are Latin and run left to right in every language
        control = TextInput(self.theme, language="en", name=f"case-system-{name}")
        field = Field(self.theme, self._context.tr.gettext(FIELDS[name]), control)
        self._inputs[name], self._fields[name] = control, field
        return field
