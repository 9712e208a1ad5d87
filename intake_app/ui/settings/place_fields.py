"""The fields of one relay: a folder, a WebDAV address or an S3 bucket."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.flows import relays
from intake_app.flows.relays import Kind, Problem, RelayPlace, RelayRefused
from intake_app.i18n.bidi import isolate
from intake_app.ui.context import AppContext
from intake_app.ui.kit import Field, LinkButton, Muted, PassphraseInput, QuietButton, TextInput
from intake_app.ui.plan.flow import FlowRow


class PlaceFields(QWidget):
    """Takes one place; `changed` at every change. Names begin with `name`."""

    changed = Signal()

    def __init__(self, context: AppContext, kind: Kind, name: str) -> None:
        super().__init__()
        self._context, self._kind, self._name = context, kind, name
        self._folder = ""
        self._certificate = ""
        self._fields: dict[str, Field] = {}
        self._inputs: dict[str, TextInput | PassphraseInput] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, context.theme.gap(8), 0, 0)
        column.setSpacing(context.theme.gap(16))
        if kind == "folder":
            column.addWidget(self._folder_field())
            return
        tr = context.tr
        words = {
            "webdav": (
                tr.gettext("Adres van de postbus"),
                tr.gettext("Je krijgt dit adres van wie de postbus beheert."),
                tr.gettext("Naam"),
                tr.gettext("Wachtwoord"),
            ),
            "s3": (
                tr.gettext("Adres en naam van de opslag"),
                tr.gettext(
                    "Bijvoorbeeld https://adres/naam. Heeft elke organisatie een eigen opslag, "
                    "schrijf dan {box} in de naam."
                ),
                tr.gettext("Toegangssleutel (access key)"),
                tr.gettext("Geheim van de sleutel (secret key)"),
            ),
        }[kind]
        column.addWidget(self._text_field("address", words[0], words[1]))
        column.addWidget(self._text_field("user", words[2]))
        column.addWidget(self._password_field(words[3]))
        column.addWidget(self._certificate_field())

    def place(self) -> RelayPlace:
        """Return what is filled in; it may still have problems."""
        if self._kind == "folder":
            return RelayPlace("folder", self._folder)
        return RelayPlace(
            self._kind,
            self._inputs["address"].text().strip(),
            self._inputs["user"].text().strip(),
            self._inputs["password"].text(),
            self._certificate,
        )

    def show_place(self, place: RelayPlace) -> None:
        """Fill the fields."""
        self._set_folder(place.address if place.kind == "folder" else "")
        self._set_certificate(place.certificate)
        for name, control in self._inputs.items():
            edit = control.edit if isinstance(control, PassphraseInput) else control
            edit.setText(getattr(place, name))

    def show_problems(self, vault_folder: Path) -> bool:
        """Show what is wrong at the fields, and go to the first; True when nothing is."""
        return self._show(relays.check(self.place(), vault_folder))

    def _show(self, problems: tuple[Problem, ...]) -> bool:
        texts = {problem.field: self._context.tr.said(problem.text) for problem in problems}
        for name, field in self._fields.items():
            field.set_problem(texts.get(name, ""))  # type: ignore[call-overload]
        for name, field in self._fields.items():
            if name in texts:
                field.control.setFocus()
                return False
        return True

    def _text_field(self, name: str, label: str, help_text: str = "") -> Field:
        # addresses and names of accounts are Latin and run left to right in every language
        control = TextInput(self._context.theme, language="en", name=f"{self._name}-{name}")
        control.textEdited.connect(lambda _text: self.changed.emit())
        return self._keep(name, label, control, help_text)

    def _password_field(self, label: str) -> Field:
        tr = self._context.tr
        control = PassphraseInput(
            self._context.theme,
            show_text=tr.gettext("Tonen"),
            hide_text=tr.gettext("Verbergen"),
            caps_text=tr.gettext("Let op: Caps Lock staat aan."),
            name=f"{self._name}-password",
        )
        control.changed.connect(lambda _text: self.changed.emit())
        return self._keep("password", label, control, "")

    def _keep(
        self, name: str, label: str, control: TextInput | PassphraseInput, help_text: str
    ) -> Field:
        self._inputs[name] = control
        field = Field(self._context.theme, label, control, help_text=help_text)
        self._fields[name] = field
        return field

    # ---- what comes from a file or a folder -----------------------------------------------------

    def _folder_field(self) -> Field:
        theme, tr = self._context.theme, self._context.tr
        self._choose = QuietButton(
            theme, tr.gettext("Map kiezen"), icon="folder", name=f"{self._name}-choose"
        )
        self._choose.clicked.connect(self._ask_folder)
        self._where = Muted(theme, tr.gettext("Nog geen map gekozen"))
        self._where.setObjectName(f"{self._name}-folder")
        holder = _Holder(theme.gap(8), self._choose, self._where)
        field = Field(
            theme,
            tr.gettext("Map van de postbus"),
            holder,
            help_text=tr.gettext(
                "Alle organisaties die hier versturen of ontvangen, moeten bij deze map kunnen."
            ),
        )
        self._fields["address"] = field
        return field

    def _ask_folder(self) -> None:
        context = self._context
        title = context.tr.gettext("In welke map staat de postbus?")
        folder = context.pick.choose_folder(title, parent=self)
        if folder is not None:
            self._set_folder(str(folder))
            self._fields["address"].set_problem("")
            self.changed.emit()

    def _set_folder(self, folder: str) -> None:
        self._folder = folder
        if self._kind == "folder":
            none = self._context.tr.gettext("Nog geen map gekozen")
            self._where.set_text(isolate(folder, "ltr") if folder else none)

    def _certificate_field(self) -> Field:
        theme, tr = self._context.theme, self._context.tr
        self._pick = QuietButton(
            theme, tr.gettext("Bestand kiezen"), icon="file", name=f"{self._name}-certificate"
        )
        self._pick.clicked.connect(self._ask_certificate)
        self._remove = LinkButton(
            theme, tr.gettext("Weghalen"), name=f"{self._name}-certificate-remove"
        )
        self._remove.setAccessibleName(tr.gettext("Certificaat weghalen"))
        self._remove.clicked.connect(self._drop_certificate)
        self._known = Muted(theme, "")
        self._known.setObjectName(f"{self._name}-certificate-state")
        self._buttons = FlowRow(theme.gap(8), self._pick, self._remove)
        field = Field(
            theme,
            tr.gettext("Certificaat"),
            _Holder(theme.gap(8), self._buttons, self._known, focus=self._pick),
            optional=tr.gettext("als de beheerder het vraagt"),
        )
        self._fields["certificate"] = field
        self._set_certificate("")
        return field

    def _ask_certificate(self) -> None:
        context, tr = self._context, self._context.tr
        path = context.pick.choose_file(
            tr.gettext("Certificaat kiezen"), tr.gettext("Certificaat (*.pem)"), parent=self
        )
        if path is None:
            return
        try:
            pem = relays.read_certificate(path)
        except RelayRefused as refused:
            self._fields["certificate"].set_problem(tr.said(refused))
            return
        self._fields["certificate"].set_problem("")
        self._set_certificate(pem)
        self.changed.emit()

    def _drop_certificate(self) -> None:
        self._set_certificate("")
        self._pick.setFocus()
        self.changed.emit()

    def _set_certificate(self, pem: str) -> None:
        self._certificate = pem
        if self._kind == "folder":
            return
        tr = self._context.tr
        none, there = tr.gettext("Geen certificaat"), tr.gettext("Er is een certificaat bewaard")
        self._known.set_text(there if pem else none)
        self._remove.setVisible(bool(pem))


class _Holder(QWidget):
    """A button with the words of its state below it, as one control of a field."""

    def __init__(self, gap: int, *widgets: QWidget, focus: QWidget | None = None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        for widget in widgets:
            stays = isinstance(widget, QuietButton)
            side = Qt.AlignmentFlag.AlignLeft if stays else Qt.AlignmentFlag(0)
            column.addWidget(widget, 0, side)
        self.setFocusProxy(focus or widgets[0])
