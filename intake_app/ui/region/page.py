"""The region's address book: what is in force, the draft, who signs, and the organisations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from intake_app.flows import region
from intake_app.flows.address_book import CheckRefused
from intake_app.flows.region import RegionRefused, RegionView, Signer
from intake_app.flows.root_keys import RootRefused, make_root, public_file
from intake_app.handover.address_book import BookRefused, Entry
from intake_app.handover.errors import Refusal, SealError
from intake_app.handover.key_card import KeyCard
from intake_app.i18n.bidi import isolate
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Card,
    ConfirmDialog,
    Field,
    Kind,
    KitButton,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    TextInput,
    clear_layout,
)
from intake_app.ui.refresh import Refresh
from intake_app.ui.region.cards import (
    BookCard,
    DraftCard,
    OrganisationsCard,
    SignersCard,
    changes_list,
)
from intake_app.ui.region.task import Task
from intake_app.ui.region.texts import organisation_caption
from intake_app.ui.start.new_passphrase import NewPassphrase, passphrase_input
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.handover.address_book import AddressBook

_CHANGES: Final = frozenset({"address_book", "setting"})
_REFUSED: Final = (
    RegionRefused,
    RootRefused,
    CheckRefused,
    BookRefused,
    Refusal,
    SealError,
    VaultError,
)


class RegionPage(Page):
    """The place of the profile regio. One form at a time takes the page over."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Adresboek"),
            subtitle=tr.gettext("Wie elkaar dossiers mag sturen, en met welke sleutels."),
            name="region-page",
        )
        self._context = context
        self._task: Task | None = None
        self._in_form = False
        self._said: tuple[Kind, str] | None = None
        Refresh(self, context.events, self._follow, _CHANGES)
        self.show_book()

    def leaving(self) -> None:
        """Let a signature that is being made be finished before the vault closes."""
        if self._task is not None:
            self._task.close()

    def show_book(self, kind: Kind = "ok", said: str = "") -> None:
        """Show how the book stands; `said` is what came of the last action."""
        self._in_form = False
        self._said = (kind, said) if said else None
        self._show()

    def _follow(self) -> None:
        if not self._in_form:
            self._show()

    def _show(self) -> None:
        theme, tr, vault = self.theme, self._context.tr, self._context.vault
        at = self.area.verticalScrollBar().value()
        clear_layout(self.body)
        view = region.view(vault)
        if self._said is not None:
            self.add(Notice(theme, *self._said, name="region-said"))
        self.add(BookCard(theme, tr, view, self._save_again))
        if view.draft is not None:
            self.add(
                DraftCard(
                    theme,
                    tr,
                    view,
                    view.draft,
                    set_term=lambda days: self._do(lambda: region.set_term(vault, days)),
                    actions=self._draft_actions(),
                )
            )
        may_change = view.draft is not None or view.book is None
        self.add(
            SignersCard(
                theme,
                tr,
                view,
                drop=self._drop if may_change else None,
                actions=self._signer_actions() if may_change else (),
            )
        )
        if view.shown is not None:
            self.add(self._organisations(view.shown, may_change=view.draft is not None))
        self._show_footer(view)
        self.area.verticalScrollBar().setValue(at)

    def _organisations(self, book: AddressBook, *, may_change: bool) -> Card:
        return OrganisationsCard(
            self.theme,
            self._context.tr,
            book,
            retire=self._retire if may_change else None,
            revoke=self._ask_revoke if may_change else None,
        )

    def _show_footer(self, view: RegionView) -> None:
        theme, tr = self.theme, self._context.tr
        read = self._button(tr.gettext("Concept inlezen"), "import", "read-draft", self._read_draft)
        if view.draft is None:
            words = tr.gettext("Nieuw nummer beginnen")
            if view.book is None:
                words = tr.gettext("Adresboek beginnen")
            begin = PrimaryButton(theme, words, name="region-begin")
            begin.clicked.connect(self._begin)
            self.set_footer((read,), begin)
        elif view.is_complete:
            save = PrimaryButton(theme, tr.gettext("Adresboek opslaan"), name="region-publish")
            save.clicked.connect(self._publish)
            self.set_footer((read,), save)
        else:
            sign = PrimaryButton(theme, tr.gettext("Ondertekenen"), name="region-sign")
            sign.clicked.connect(self._ask_signature)
            self.set_footer((read,), sign)

    def _button(
        self, words: str, icon: str, name: str, act: Callable[[], None], *, link: bool = False
    ) -> KitButton:
        kind: type[KitButton] = LinkButton if link else QuietButton
        button = kind(self.theme, words, icon=icon, name=f"region-{name}")
        button.clicked.connect(act)
        return button

    def _draft_actions(self) -> tuple[QWidget, ...]:
        tr = self._context.tr
        return (
            self._button(tr.gettext("Sleutelkaart toevoegen"), "plus", "add-card", self._ask_card),
            self._button(
                tr.gettext("Concept opslaan voor een ander"), "save", "save-draft", self._save_draft
            ),
            self._button(
                tr.gettext("Concept weggooien"), "trash", "discard", self._ask_discard, link=True
            ),
        )

    def _signer_actions(self) -> tuple[QWidget, ...]:
        tr = self._context.tr
        return (
            self._button(tr.gettext("Nieuwe sleutel maken"), "key", "new-key", self._ask_key),
            self._button(
                tr.gettext("Openbare sleutel toevoegen"), "plus", "add-signer", self._add_signer
            ),
        )

    # ---- what happens at once ------------------------------------------------------------------

    def _do(self, act: Callable[[], object], said: str = "") -> None:
        try:
            act()
        except _REFUSED as error:
            self.show_book("err", self._context.tr.said(error))
            self.area.verticalScrollBar().setValue(0)
            return
        self.show_book("ok", said)

    def _begin(self) -> None:
        self._do(lambda: region.begin(self._context.vault))

    def _drop(self, signer: Signer) -> None:
        self._do(lambda: region.drop_signer(self._context.vault, signer.public))

    def _add_signer(self) -> None:
        tr, context = self._context.tr, self._context
        path = context.pick.choose_file(
            tr.gettext("Openbare sleutel kiezen"),
            tr.gettext("Openbare sleutel (*.pub)"),
            parent=self,
        )
        if path is not None:
            self._do(lambda: region.add_signer(context.vault, path))

    def _retire(self, entry: Entry) -> None:
        self._do(lambda: region.retire(self._context.vault, entry))

    def _ask_revoke(self, entry: Entry) -> None:
        tr = self._context.tr
        sure = ConfirmDialog.ask(
            self.theme,
            tr.gettext("Sleutels van {name} intrekken?").format(name=isolate(entry.name)),
            tr.gettext(
                "Doe dit als de sleutels in verkeerde handen kunnen zijn. Niemand opent daarna nog "
                "iets dat ermee is verzegeld, ook niet wat al onderweg is."
            ),
            confirm=tr.gettext("Intrekken"),
            cancel=tr.gettext("Niet intrekken"),
            danger=True,
            parent=self,
        )
        if sure:
            self._do(lambda: region.revoke(self._context.vault, entry))

    def _ask_discard(self) -> None:
        tr = self._context.tr
        sure = ConfirmDialog.ask(
            self.theme,
            tr.gettext("Concept weggooien?"),
            tr.gettext("Het adresboek in gebruik blijft zoals het is."),
            confirm=tr.gettext("Weggooien"),
            cancel=tr.gettext("Bewaren"),
            danger=True,
            parent=self,
        )
        if sure:
            self._do(lambda: region.discard(self._context.vault))

    # ---- files ---------------------------------------------------------------------------------

    def _choose_save(self, title: str, suggested: str) -> Path | None:
        pattern = self._context.tr.gettext("Adresboek (*.json)")
        return self._context.pick.choose_save(title, suggested, pattern, parent=self)

    def _save(self, title: str, suggested: str, act: Callable[[Path], object], said: str) -> None:
        target = self._choose_save(title, suggested)
        if target is not None:
            self._do(lambda: act(target), said.format(name=isolate(target.name)))

    def _publish(self) -> None:
        tr, vault = self._context.tr, self._context.vault
        draft = region.view(vault).draft
        number = draft.serial if draft is not None else 0
        self._save(
            tr.gettext("Adresboek opslaan"),
            tr.gettext("adresboek-{n}.json").format(n=number),
            lambda target: region.publish(vault, target),
            tr.gettext(
                "Het adresboek is opgeslagen als {name}. Geef het aan alle organisaties; er staat "
                "niets geheims in."
            ),
        )

    def _save_again(self) -> None:
        tr, vault = self._context.tr, self._context.vault
        self._save(
            tr.gettext("Adresboek opslaan"),
            tr.gettext("adresboek.json"),
            lambda target: region.save_again(vault, target),
            tr.gettext("Het adresboek is opgeslagen als {name}."),
        )

    def _save_draft(self) -> None:
        tr, vault = self._context.tr, self._context.vault
        self._save(
            tr.gettext("Concept opslaan"),
            tr.gettext("adresboek-concept.json"),
            lambda target: region.save_draft(vault, target),
            tr.gettext(
                "Het concept is opgeslagen als {name}. De ander leest het in, ondertekent en geeft "
                "het terug."
            ),
        )

    def _read_draft(self) -> None:
        tr, context = self._context.tr, self._context
        path = context.pick.choose_file(
            tr.gettext("Concept kiezen"), tr.gettext("Adresboek (*.json)"), parent=self
        )
        if path is not None:
            said = tr.gettext("Het concept is ingelezen.")
            self._do(lambda: region.read_draft(context.vault, path), said)

    # ---- forms ---------------------------------------------------------------------------------

    def _ask_card(self) -> None:
        tr, context = self._context.tr, self._context
        path = context.pick.choose_file(
            tr.gettext("Sleutelkaart kiezen"), tr.gettext("Sleutelkaart (*.json)"), parent=self
        )
        if path is None:
            return
        try:
            card = region.read_card(path)
        except Refusal as error:
            self.show_book("err", tr.said(error))
            return
        self._card_form(card)

    def _card_form(self, card: KeyCard) -> None:
        tr, theme, vault = self._context.tr, self.theme, self._context.vault
        caption = organisation_caption(tr, card.kind, card.municipality_codes)
        number = TextInput(theme, name="region-card-number")
        field = Field(
            theme,
            tr.gettext("Het getal dat je hoort"),
            number,
            help_text=tr.gettext(
                "Bel de organisatie op een nummer dat je al kende. Laat de ander het controlegetal "
                "voorlezen en typ het hier: zes groepen van vijf cijfers."
            ),
        )

        def add() -> None:
            try:
                region.add_card(vault, card, number.text())
            except CheckRefused as error:
                field.set_problem(self._context.tr.said(error))
                number.setFocus()
                return
            except _REFUSED as error:
                self.show_book("err", self._context.tr.said(error))
                return
            said = tr.gettext("{name} staat in het concept.").format(name=isolate(card.name))
            self.show_book("ok", said)

        row = Row(theme, isolate(card.name), caption, strong=True, name="region-card-whose")
        self._form(tr.gettext("Sleutelkaart toevoegen"), (row, field), tr.gettext("Toevoegen"), add)
        self._type_in(number)

    def _ask_signature(self) -> None:
        tr, context = self._context.tr, self._context
        path = context.pick.choose_file(
            tr.gettext("Jouw sleutel op de stick"), tr.gettext("Sleutel (*.age)"), parent=self
        )
        if path is None:
            return
        theme, vault = self.theme, context.vault
        secret = passphrase_input(theme, tr, "region-passphrase")
        field = Field(theme, tr.gettext("Wachtwoordzin van deze sleutel"), secret)

        def sign() -> None:
            words = secret.text()
            if not words:
                field.set_problem(tr.gettext("Typ hier de wachtwoordzin."))
                secret.setFocus()
                return
            self._work(
                lambda: region.sign(vault, path, words),
                lambda: self.show_book("ok", tr.gettext("De handtekening staat eronder.")),
            )
            secret.clear()

        said = Muted(
            theme,
            tr.gettext("Lees eerst wat er verandert. Alleen wie dat klopt vindt, ondertekent."),
        )
        key = Row(theme, isolate(path.name, "ltr"), tr.gettext("Jouw sleutel"))
        parts = (said, changes_list(theme, tr, region.view(vault)), key, field)
        self._form(tr.gettext("Ondertekenen"), parts, tr.gettext("Ondertekenen"), sign)
        self._type_in(secret)

    def _ask_key(self) -> None:
        tr, theme, context = self._context.tr, self.theme, self._context

        def generate() -> str:
            from intake_app.flows.set_up import generate_passphrase

            return generate_passphrase(context.env.random)

        secret = NewPassphrase(theme, tr, generate=generate, name="region-key")

        def make() -> None:
            if not secret.check():
                return
            target = context.pick.choose_save(
                tr.gettext("Sleutel op een stick bewaren"),
                tr.gettext("sleutel.age"),
                tr.gettext("Sleutel (*.age)"),
                parent=self,
            )
            if target is not None:
                self._make_key(target, secret.text())
                secret.forget()

        text = tr.gettext(
            "Deze sleutel is van één mens. Geef de laptop aan wie hem bewaart: die kiest de zin, "
            "steekt een eigen stick in en neemt die daarna mee."
        )
        self._form(
            tr.gettext("Nieuwe sleutel maken"),
            (Muted(theme, text), secret),
            tr.gettext("Op de stick bewaren"),
            make,
        )
        secret.setFocus()

    def _make_key(self, target: Path, words: str) -> None:
        tr, context = self._context.tr, self._context

        def work() -> object:
            make_root(target, words, random=context.env.random)
            return region.add_signer(context.vault, public_file(target))

        said = tr.gettext(
            "De sleutel is bewaard als {name}. Neem de stick mee en bewaar hem op een veilige plek."
        ).format(name=isolate(target.name, "ltr"))
        self._work(work, lambda: self.show_book("ok", said))

    def _type_in(self, field: QWidget) -> None:
        """Put the keyboard in a field, and the field in view."""
        field.setFocus()
        QTimer.singleShot(0, field, lambda: self.scroll_to(field))

    def _back(self) -> None:
        self.show_book()

    def _form(
        self, title: str, parts: tuple[QWidget, ...], verb: str, act: Callable[[], None]
    ) -> None:
        """Show a form in place of the page; Terug and Esc lead back to it."""
        tr, theme = self._context.tr, self.theme
        self._in_form = True
        clear_layout(self.body)
        card = Card(theme, title, name="region-form")
        card.body.setSpacing(theme.gap(16))
        for part in parts:
            card.body.addWidget(part)
        self.add(card)
        self._problem = Notice(theme, "err", "", name="region-problem")
        self._problem.hide()
        self.add(self._problem)
        cancel = LinkButton(theme, tr.gettext("Terug"), icon="arrow-left", name="region-cancel")
        cancel.clicked.connect(self._back)
        confirm = PrimaryButton(theme, verb, name="region-confirm")
        confirm.clicked.connect(act)
        self._buttons = (cancel, confirm)
        self.set_footer((cancel,), confirm)
        self.area.verticalScrollBar().setValue(0)

    def _work(self, work: Callable[[], object], done: Callable[[], None]) -> None:
        """Do `work` on a thread of its own; a refusal is shown in the form."""
        for button in self._buttons:
            button.setEnabled(False)
        text = self._context.tr.gettext("Even geduld, de sleutel wordt berekend.")
        self._problem.set_notice("info", text)
        task = self._task = Task(work, self)
        task.ended.connect(partial(self._worked, done))
        task.start()

    def _worked(self, done: Callable[[], None], outcome: object) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        if isinstance(outcome, _REFUSED):
            for button in self._buttons:
                button.setEnabled(True)
            self._problem.set_notice("err", self._context.tr.said(outcome))
        elif isinstance(outcome, Exception):
            raise outcome
        else:
            done()
