"""The settings on one page, each in its own card."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app import VERSION
from intake_app.domain.actor import Profile
from intake_app.domain.routing import municipality_name
from intake_app.flows import address_book, desk
from intake_app.flows.address_book import BookStatus, CheckRefused, KnownOrganisation
from intake_app.handover.address_book import BookRefused
from intake_app.handover.errors import SealError
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Caption,
    Card,
    Field,
    Kind,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Tag,
    TextInput,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.refresh import Refresh
from intake_app.ui.settings.parts import parts_for, purpose_of, title_of
from intake_app.ui.settings.screen import ScreenCard

if TYPE_CHECKING:
    from intake_app.domain.routing import RoutingRule
    from intake_app.vault import Vault

_CHANGES = frozenset({"address_book", "routing", "setting"})


class SettingsPage(Page):
    """Organisation, key card, address book, control numbers, routing, and about the program."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(context.theme, tr.gettext("Instellingen"), name="settings-page")
        self._context = context
        self._waiting_book: Path | None = None
        self._said: dict[str, tuple[Kind, str]] = {}
        Refresh(self, context.events, self.refresh, _CHANGES)
        self.refresh()

    def refresh(self) -> None:
        """Read the vault again and show what it says."""
        clear_layout(self.body)
        status = address_book.status(self._context.vault)
        self.add(self._organisation(status))
        self.add(self._safety())
        self.add(self._book(status))
        if status.book is not None:
            self.add(self._organisations())
            self.add(self._routing())
        self.add(ScreenCard(self._context))
        self.add(self._about())

    def _say(self, part: str, kind: Kind, text: str) -> None:
        """Show what came of an action, in the card it belongs to."""
        self._said = {part: (kind, text)}
        self.refresh()

    def _add_said(self, card: Card, part: str) -> None:
        if part in self._said:
            kind, text = self._said[part]
            card.body.addWidget(Notice(self.theme, kind, text, name=f"settings-{part}-said"))

    def _organisation(self, status: BookStatus) -> Card:
        tr, theme, vault = self._context.tr, self.theme, self._context.vault
        organisation = vault.info.organisation
        card = Card(theme, tr.gettext("Jouw organisatie"), name="settings-organisation")
        kinds = {
            Profile.AZC: tr.gettext("Team in een AZC"),
            Profile.ONTVANGST: tr.gettext("Gemeente of uitvoerder"),
            Profile.ZORG: tr.gettext("Zorgverlener"),
            Profile.REGIO: tr.gettext("Regio"),
        }
        rows = RowList(
            theme,
            Row(theme, isolate(organisation.name), kinds[organisation.profile], strong=True),
            Row(theme, isolate(vault.user.name), tr.gettext("Jij bent ingelogd")),
        )
        if organisation.municipality_codes:
            names = ", ".join(municipality_name(code) for code in organisation.municipality_codes)
            rows.add(Row(theme, names, tr.gettext("Gemeenten waarvoor je werkt")))
        number = address_book.own_card(vault).fingerprint
        known = Tag(theme, tr.gettext("in het adresboek"), "ok")
        if not status.knows_our_keys:
            known = Tag(theme, tr.gettext("nog niet in het adresboek"), "warn")
        rows.add(
            Row(
                theme,
                isolate(number, "ltr"),
                tr.gettext("Jullie controlegetal. Lees het voor als een ander ernaar vraagt."),
                trailing=(known,),
                name="settings-own-number",
            )
        )
        card.body.addWidget(rows)
        save = QuietButton(
            theme, tr.gettext("Sleutelkaart opslaan"), icon="save", name="settings-save-card"
        )
        save.clicked.connect(self._save_card)
        page = QuietButton(
            theme,
            tr.gettext("Sleutelkaart om te printen"),
            icon="print",
            name="settings-save-card-page",
        )
        page.clicked.connect(self._save_card_page)
        card.body.addWidget(FlowRow(theme.gap(8), save, page))
        card.body.addWidget(
            Caption(
                theme,
                tr.gettext(
                    "Op de kaart staat niets geheims. Geef hem aan de projectleider van de regio, "
                    "dan komt je organisatie in het adresboek. De pagina om te printen toont het "
                    "controlegetal, ook als QR-code."
                ),
            )
        )
        self._add_said(card, "organisation")
        return card

    def _save_card(self) -> None:
        tr = self._context.tr
        self._save_as(
            address_book.save_card,
            tr.gettext("sleutelkaart.json"),
            tr.gettext("Sleutelkaart (*.json)"),
        )

    def _save_card_page(self) -> None:
        from intake_app.flows.key_card_page import save_card_page

        tr = self._context.tr
        self._save_as(save_card_page, tr.gettext("sleutelkaart.pdf"), tr.gettext("Pdf (*.pdf)"))

    def _save_as(self, save: Callable[[Vault, Path], object], suggested: str, pattern: str) -> None:
        from intake_app.documents.typesetting import DocumentError

        tr, context = self._context.tr, self._context
        title = tr.gettext("Sleutelkaart opslaan")
        target = context.pick.choose_save(title, suggested, pattern, parent=self)
        if target is None:
            return
        try:
            save(context.vault, target)
        except (SealError, DocumentError) as error:
            self._say("organisation", "err", tr.said(error))
            return
        text = tr.gettext("De sleutelkaart is opgeslagen als {name}.").format(
            name=isolate(target.name)
        )
        self._say("organisation", "ok", text)

    def _safety(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("De kluis"), name="settings-safety")
        rows = RowList(theme)
        for part in parts_for(self._context.vault.info.organisation.profile):
            title = title_of(tr, part)
            go = LinkButton(theme, tr.gettext("Openen"), name=f"settings-part-{part.value}")
            go.setAccessibleName(f"{tr.gettext('Openen')}: {title}")
            go.clicked.connect(partial(self._context.navigate.open_setting, part.value))
            rows.add(Row(theme, title, purpose_of(tr, part), trailing=(go,)))
        card.body.addWidget(rows)
        return card

    def _book(self, status: BookStatus) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Adresboek"), name="settings-book")
        if status.book is None:
            text = tr.gettext(
                "Er is nog geen adresboek. Zonder adresboek kun je niets aanbieden of ontvangen. "
                "Vraag het aan de projectleider van de regio."
            )
            card.body.addWidget(Notice(theme, "info", text, name="settings-no-book"))
        else:
            issued = words.long_date(tr, status.book.issued.astimezone().date())
            until = words.long_date(tr, status.book.expires.astimezone().date())
            title = tr.gettext("Nummer {n}, van {day}").format(n=status.book.serial, day=issued)
            tag = Tag(theme, tr.gettext("verlopen"), "err")
            if not status.expired:
                tag = Tag(theme, tr.gettext("geldig"), "ok")
            caption = tr.gettext("Geldig tot {day}").format(day=until)
            card.body.addWidget(Row(theme, title, caption, trailing=(tag,)))
        if self._waiting_book is not None:
            card.body.addWidget(self._first_book_form())
        else:
            primary = status.book is None
            kind = PrimaryButton if primary else QuietButton
            read = kind(
                theme, tr.gettext("Adresboek inlezen"), icon="import", name="settings-import-book"
            )
            read.clicked.connect(self._choose_book)
            card.body.addWidget(read, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_said(card, "book")
        return card

    def _first_book_form(self) -> QWidget:
        tr, theme = self._context.tr, self.theme
        holder = Card(theme, name="settings-root-form")
        holder.body.setSpacing(theme.gap(12))
        self._root_number = TextInput(theme, name="settings-root-number", language="nl")
        holder.body.addWidget(
            Field(
                theme,
                tr.gettext("Controlegetal van het adresboek"),
                self._root_number,
                help_text=tr.gettext(
                    "Bel de projectleider op een nummer dat je al kende en laat het getal "
                    "voorlezen: zes groepen van vijf cijfers."
                ),
            )
        )
        row = QHBoxLayout()
        holder.body.addLayout(row)
        cancel = LinkButton(theme, tr.gettext("Niet inlezen"), name="settings-root-cancel")
        cancel.clicked.connect(self._forget_book)
        accept = PrimaryButton(theme, tr.gettext("Controleren en inlezen"), name="settings-root-ok")
        accept.clicked.connect(self._import_first)
        self._root_number.returnPressed.connect(self._import_first)
        row.addWidget(cancel)
        row.addStretch(1)
        row.addWidget(accept)
        return holder

    def _choose_book(self) -> None:
        tr, context = self._context.tr, self._context
        path = context.pick.choose_file(
            tr.gettext("Adresboek kiezen"), tr.gettext("Adresboek (*.json)"), parent=self
        )
        if path is None:
            return
        with context.vault.read() as records:
            first = not records.address_book.pinned_roots()
        if first:
            try:
                address_book.root_number(path)
            except BookRefused as error:
                self._say("book", "err", tr.said(error))
                return
            self._waiting_book = path
            self._said = {}
            self.refresh()
            self._root_number.setFocus()
        else:
            self._import(path, "")

    def _forget_book(self) -> None:
        self._waiting_book = None
        self._said = {}
        self.refresh()

    def _import_first(self) -> None:
        if self._waiting_book is not None:
            self._import(self._waiting_book, self._root_number.text())

    def _import(self, path: Path, number: str) -> None:
        tr = self._context.tr
        try:
            book = address_book.import_book(self._context.vault, path, number)
        except (BookRefused, CheckRefused) as error:
            self._say("book", "err", tr.said(error))
            return
        self._waiting_book = None
        text = tr.ngettext(
            "Het adresboek is ingelezen. Er staat {n} organisatie in.",
            "Het adresboek is ingelezen. Er staan {n} organisaties in.",
            len(book.entries),
        )
        self._say("book", "ok", text.format(n=len(book.entries)))

    def _organisations(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Organisaties"), name="settings-organisations")
        card.body.addWidget(
            Muted(
                theme,
                tr.gettext(
                    "Bel de organisatie één keer en laat het controlegetal voorlezen. Dan weet je "
                    "zeker dat het dossier bij hen aankomt."
                ),
            )
        )
        rows = RowList(theme)
        for known in address_book.organisations(self._context.vault):
            rows.add(OrganisationRow(self._context, known))
        card.body.addWidget(rows)
        return card

    def _routing(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Wie voert uit voor welke gemeente"), name="settings-routing")
        today = desk.today(self._context.env)
        with self._context.vault.read() as records:
            rules = records.routing.all()
        rows = RowList(theme)
        for rule in sorted(
            rules, key=lambda r: (municipality_name(r.municipality_code), r.valid_from)
        ):
            rows.add(self._rule(rule, running=rule.valid_until is None or rule.valid_until > today))
        if not rules:
            card.body.addWidget(Muted(theme, tr.gettext("Het adresboek noemt nog geen gemeenten.")))
        card.body.addWidget(rows)
        return card

    def _rule(self, rule: RoutingRule, *, running: bool) -> Row:
        tr = self._context.tr
        since = words.long_date(tr, rule.valid_from)
        caption = tr.gettext("{name}, vanaf {day}").format(
            name=isolate(rule.executor_name), day=since
        )
        if rule.valid_until is not None:
            end = words.long_date(tr, rule.valid_until)
            caption = tr.gettext("{name}, van {day} tot {end}").format(
                name=isolate(rule.executor_name), day=since, end=end
            )
        tags = () if running else (Tag(self.theme, tr.gettext("afgelopen"), "muted"),)
        return Row(self.theme, municipality_name(rule.municipality_code), caption, trailing=tags)

    def _about(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Over dit programma"), name="settings-about")
        card.body.addWidget(
            RowList(
                theme,
                Row(theme, "Doorgaande Lijn", tr.gettext("Versie {n}").format(n=VERSION)),
                Row(
                    theme,
                    words.folder_words(self._context.vault.folder),
                    tr.gettext("Map van de kluis op deze laptop, versleuteld"),
                ),
                Row(theme, "EUPL-1.2", tr.gettext("Licentie: vrij te gebruiken en te verbeteren")),
            )
        )
        return card


class OrganisationRow(QWidget):
    """One organisation of the book, with the check of its control number.

    The number itself is never shown before it is typed: it has to come from the other side.
    """

    def __init__(self, context: AppContext, known: KnownOrganisation) -> None:
        super().__init__()
        self._context, self._known = context, known
        theme, tr = context.theme, context.tr
        entry = known.entry
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.gap(8))
        places = ", ".join(municipality_name(code) for code in entry.municipality_codes)
        kinds = {
            "azc": tr.gettext("team in een AZC"),
            "gemeente": tr.gettext("gemeente"),
            "uitvoerder": tr.gettext("uitvoerder"),
            "zorg": tr.gettext("zorgverlener"),
            "regio": tr.gettext("regio"),
        }
        caption = " · ".join(p for p in (kinds.get(entry.kind, entry.kind), places) if p)
        slug = entry.organisation_id
        trailing: list[QWidget] = []
        if known.is_ourselves:
            trailing.append(Tag(theme, tr.gettext("dit zijn wij"), "muted"))
        elif known.check is not None:
            day = words.long_date(tr, known.check.checked_at.astimezone().date())
            done = tr.gettext("gecontroleerd door {name} op {day}").format(
                name=isolate(known.check.checked_by_name), day=day
            )
            caption = f"{caption} · {done}"
            trailing.append(Tag(theme, tr.gettext("gecontroleerd"), "ok"))
        else:
            check = LinkButton(theme, tr.gettext("Controleren"), name=f"settings-check-{slug}")
            check.setAccessibleName(f"{tr.gettext('Controleren')}: {entry.name}")
            check.clicked.connect(self._ask)
            trailing.append(Tag(theme, tr.gettext("niet gecontroleerd"), "warn"))
            trailing.append(check)
            self._button = check
        row = Row(theme, isolate(entry.name), caption, strong=True, trailing=tuple(trailing))
        self._column.addWidget(row)

    def _ask(self) -> None:
        theme, tr = self._context.theme, self._context.tr
        self._button.setEnabled(False)
        slug = self._known.entry.organisation_id
        self._number = TextInput(theme, name=f"settings-number-{slug}")
        self._field = Field(
            theme,
            tr.gettext("Het getal dat je hoort"),
            self._number,
            help_text=tr.gettext(
                "Bel op een nummer dat je al kende. Laat de ander het getal voorlezen en typ het "
                "hier: zes groepen van vijf cijfers."
            ),
        )
        self._number.returnPressed.connect(self._check)
        self._column.addWidget(self._field)
        row = QHBoxLayout()
        self._column.addLayout(row)
        row.addStretch(1)
        confirm = QuietButton(theme, tr.gettext("Vergelijken"), name=f"settings-compare-{slug}")
        confirm.clicked.connect(self._check)
        row.addWidget(confirm)
        self._number.setFocus()

    def _check(self) -> None:
        context, entry = self._context, self._known.entry
        try:
            address_book.check_number(context.vault, entry.organisation_id, self._number.text())
        except CheckRefused as error:
            self._field.set_problem(self._context.tr.said(error))
            self._number.setFocus()
