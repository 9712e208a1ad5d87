"""The parts of the region's page, each in its own card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.flows.region import SOON, RegionView, Signer
from intake_app.handover.address_book import ACTIVE, REVOKED, AddressBook, Entry, root_fingerprint
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words
from intake_app.ui.kit import (
    Caption,
    Card,
    ChoiceInput,
    Field,
    LinkButton,
    Muted,
    Notice,
    QuietButton,
    Row,
    RowList,
    Stack,
    Tag,
    TextInput,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.region.texts import change_words, entry_caption
from intake_app.ui.theme import Theme

TERMS = (90, 180, 365)
_MOST_ROWS = 40


def changes_list(theme: Theme, tr: UiTexts, view: RegionView) -> QWidget:
    """Return what the draft changes, one row each."""
    if not view.changes:
        text = tr.gettext(
            "De inhoud is dezelfde als van het adresboek in gebruik. Het geldt alleen langer."
        )
        return Muted(theme, text)
    rows = RowList(theme)
    for change in view.changes:
        sentence, about = change_words(tr, view, change)
        rows.add(Row(theme, sentence, about))
    rows.setObjectName("region-changes")
    return rows


class BookCard(Card):
    """The book in force."""

    def __init__(
        self, theme: Theme, tr: UiTexts, view: RegionView, save_again: Callable[[], None]
    ) -> None:
        super().__init__(theme, tr.gettext("In gebruik"), name="region-book")
        if view.book is None:
            text = tr.gettext(
                "Er is nog geen adresboek. Zonder adresboek kan niemand iets aanbieden of "
                "ontvangen. Twee mensen ondertekenen het, ieder met een eigen sleutel op een eigen "
                "stick. Maak drie sleutels: dan kan er één zoekraken."
            )
            self.body.addWidget(Muted(theme, text))
            return
        self._show(theme, tr, view, view.book, save_again)

    def _show(
        self,
        theme: Theme,
        tr: UiTexts,
        view: RegionView,
        book: AddressBook,
        save_again: Callable[[], None],
    ) -> None:
        issued = words.long_date(tr, book.issued.astimezone().date())
        until = words.long_date(tr, book.expires.astimezone().date())
        title = tr.gettext("Nummer {n}, van {day}").format(n=book.serial, day=issued)
        count = len({entry.organisation_id for entry in book.entries})
        caption = " · ".join(
            (
                tr.gettext("Geldig tot {day}").format(day=until),
                tr.ngettext("{n} organisatie", "{n} organisaties", count).format(n=count),
            )
        )
        rows = RowList(theme, Row(theme, title, caption, trailing=(self._tag(theme, tr, view),)))
        rows.add(
            Row(
                theme,
                isolate(root_fingerprint(book), "ltr"),
                tr.gettext(
                    "Controlegetal van het adresboek. Lees het voor aan wie het voor het eerst "
                    "inleest."
                ),
                name="region-root-number",
            )
        )
        self.body.addWidget(rows)
        again = QuietButton(theme, tr.gettext("Nog eens opslaan"), icon="save", name="region-again")
        again.clicked.connect(save_again)
        self.body.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def _tag(self, theme: Theme, tr: UiTexts, view: RegionView) -> Tag:
        left = view.days_left or 0
        if left < 0:
            return Tag(theme, tr.gettext("verlopen"), "err")
        if left < SOON.days:
            text = tr.ngettext("nog {n} dag", "nog {n} dagen", left).format(n=left)
            return Tag(theme, text, "warn")
        return Tag(theme, tr.gettext("geldig"), "ok")


class DraftCard(Card):
    """The draft: what it changes, how long it will hold, and where it can go."""

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        view: RegionView,
        draft: AddressBook,
        *,
        set_term: Callable[[int], None],
        actions: Sequence[QWidget],
    ) -> None:
        title = tr.gettext("Concept van nummer {n}").format(n=draft.serial)
        super().__init__(theme, title, accent=True, name="region-draft")
        self.body.setSpacing(theme.gap(12))
        self.body.addWidget(changes_list(theme, tr, view))
        days = (draft.expires - draft.issued).days
        nearest = min(TERMS, key=lambda term: abs(term - days))
        names = (tr.gettext("3 maanden"), tr.gettext("6 maanden"), tr.gettext("een jaar"))
        pairs = [(str(term), name) for term, name in zip(TERMS, names, strict=True)]
        term = ChoiceInput(theme, pairs, value=str(nearest), horizontal=True, name="region-term")
        term.changed.connect(lambda value: set_term(int(value)))
        self.body.addWidget(Field(theme, tr.gettext("Zo lang geldt het"), term, optional=""))
        self.body.addWidget(FlowRow(theme.gap(8), *actions))


class SignersCard(Card):
    """Who signs, and who did."""

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        view: RegionView,
        *,
        drop: Callable[[Signer], None] | None,
        actions: Sequence[QWidget],
    ) -> None:
        super().__init__(theme, tr.gettext("Ondertekenaars"), name="region-signers")
        self.body.setSpacing(theme.gap(12))
        self._tr, self._view = tr, view
        if view.draft is not None:
            self.body.addWidget(self._needed(theme))
        rows = RowList(theme)
        for number, signer in enumerate(view.signers, 1):
            rows.add(self._row(theme, signer, number, drop))
        if view.signers:
            self.body.addWidget(rows)
        else:
            self.body.addWidget(Muted(theme, tr.gettext("Er zijn nog geen sleutels.")))
        if actions:
            self.body.addWidget(FlowRow(theme.gap(8), *actions))

    def _needed(self, theme: Theme) -> Notice:
        tr, view = self._tr, self._view
        if view.is_complete:
            text = tr.gettext("Er hebben genoeg mensen getekend. Je kunt het adresboek opslaan.")
            return Notice(theme, "ok", text, name="region-needed")
        text = tr.ngettext(
            "Er is nog {n} handtekening nodig. Iedere wijziging hierboven haalt ze weer weg.",
            "Er zijn nog {n} handtekeningen nodig. Iedere wijziging hierboven haalt ze weer weg.",
            view.still_needed,
        ).format(n=view.still_needed)
        return Notice(theme, "info", text, name="region-needed")

    def _row(
        self, theme: Theme, signer: Signer, number: int, drop: Callable[[Signer], None] | None
    ) -> QWidget:
        tr, view = self._tr, self._view
        name = signer.name or tr.gettext("Sleutel {n}").format(n=number)
        trailing: list[QWidget] = []
        if view.draft is not None:
            if signer.has_signed:
                trailing.append(Tag(theme, tr.gettext("getekend"), "ok"))
            elif not signer.of_draft:
                trailing.append(Tag(theme, tr.gettext("gaat weg"), "warn"))
            else:
                trailing.append(Tag(theme, tr.gettext("nog niet getekend"), "muted"))
        if drop is not None and signer.of_draft:
            text = tr.gettext("Weghalen")
            link = LinkButton(theme, text, name=f"region-drop-{number}")
            link.setAccessibleName(f"{text}: {name}")
            link.clicked.connect(partial(drop, signer))
            trailing.append(link)
        caption = isolate(signer.number, "ltr")
        return Row(theme, isolate(name), caption, strong=True, trailing=tuple(trailing))


class OrganisationsCard(Card):
    """The organisations of the book or draft, at most forty at a time, found by name."""

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        book: AddressBook,
        *,
        retire: Callable[[Entry], None] | None,
        revoke: Callable[[Entry], None] | None,
    ) -> None:
        super().__init__(theme, tr.gettext("Organisaties"), name="region-organisations")
        self._theme, self._tr, self._book = theme, tr, book
        self._retire, self._revoke = retire, revoke
        self._rows = QVBoxLayout()
        if len(book.entries) > _MOST_ROWS:
            search = TextInput(theme, name="region-search")
            search.textChanged.connect(self._show)
            self.body.addWidget(Field(theme, tr.gettext("Zoek op naam"), search, optional=""))
        self.body.addLayout(self._rows)
        self._show("")

    def _show(self, typed: str) -> None:
        tr, theme = self._tr, self._theme
        clear_layout(self._rows)
        wanted = typed.strip().casefold()
        order = sorted(self._book.entries, key=lambda e: (e.name.casefold(), e.status != ACTIVE))
        found = [entry for entry in order if wanted in entry.name.casefold()]
        if not found:
            text = tr.gettext("Er staat nog geen organisatie in. Voeg een sleutelkaart toe.")
            if wanted:
                text = tr.gettext("Er is geen organisatie met deze naam.")
            self._rows.addWidget(Muted(theme, text))
            return
        shown = found[:_MOST_ROWS]
        self._rows.addWidget(RowList(theme, *(self._row(entry) for entry in shown)))
        if len(found) > len(shown):
            more = len(found) - len(shown)
            text = tr.ngettext("En nog {n}. Zoek op naam.", "En nog {n}. Zoek op naam.", more)
            self._rows.addWidget(Caption(theme, text.format(n=more)))

    def _row(self, entry: Entry) -> QWidget:
        tr, theme = self._tr, self._theme
        trailing: list[QWidget] = []
        caption = entry_caption(tr, entry)
        if entry.status == REVOKED:
            trailing.append(Tag(theme, tr.gettext("ingetrokken"), "err"))
        elif entry.status != ACTIVE:
            day = words.long_date(tr, entry.until_date) if entry.until_date else ""
            trailing.append(Tag(theme, tr.gettext("oude sleutels"), "muted"))
            caption += " · " + tr.gettext("telt tot {day}").format(day=day)
        row = Row(theme, isolate(entry.name), caption, strong=True, trailing=tuple(trailing))
        links: list[QWidget] = []
        slug = entry.sign_public.rsplit(" ", 1)[-1][-8:]
        if self._retire is not None and entry.status == ACTIVE:
            links.append(self._link(tr.gettext("Stopt"), "retire", slug, entry, self._retire))
        if self._revoke is not None and entry.status != REVOKED:
            verb = tr.gettext("Sleutels intrekken")
            links.append(self._link(verb, "revoke", slug, entry, self._revoke))
        return Stack(theme, row, FlowRow(theme.gap(8), *links), spacing=0) if links else row

    def _link(
        self, verb: str, what: str, slug: str, entry: Entry, act: Callable[[Entry], None]
    ) -> LinkButton:
        link = LinkButton(self._theme, verb, name=f"region-{what}-{slug}")
        link.setAccessibleName(f"{verb}: {entry.name}")
        link.clicked.connect(partial(act, entry))
        return link
