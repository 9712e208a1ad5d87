"""Uiterlijk: light, dark or high contrast, the size of text, and colours of the organisation."""

from __future__ import annotations

import json
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from intake_app import paths
from intake_app.flows import looks
from intake_app.flows.looks import LARGEST_TEXT, SMALLEST_TEXT, Look
from intake_app.i18n.bidi import isolate
from intake_app.i18n.formats import format_number
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    ChoiceInput,
    Field,
    Muted,
    Notice,
    Page,
    QuietButton,
    Row,
    RowList,
    Tag,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.tokens import (
    EXAMPLE,
    MOST_BYTES,
    Fault,
    TokenFile,
    TokenFileProblem,
    read_tokens,
    worst_of_each,
)
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.i18n.catalogues import UiTexts
    from intake_app.ui.context import AppContext

STEP: Final = 10
"""Percents between one size of text and the next."""

_MOST_FAULTS = 12
"""More would be read by nobody; who mends these sees the rest the next time."""


class LooksPage(Page):
    """What is chosen holds at once, and for this user; the colours hold for everybody here."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Uiterlijk"),
            subtitle=tr.gettext("Hoe het programma eruitziet. Je keuze geldt meteen."),
            name="looks-page",
        )
        self._context = context
        wishes = looks.wishes(context.vault)
        self.said = Notice(self.theme, "err", "", name="looks-said")
        self.said.hide()
        self.add(self.said)
        self.add(self._colours(wishes.look))
        self.add(self._size(wishes.text_percent))
        self.own_card = Card(self.theme, name="looks-own")
        self.add(self.own_card)
        self._show_own()
        back = QuietButton(self.theme, tr.gettext("Terug"), name="looks-back")
        back.clicked.connect(context.navigate.open_settings)
        self.set_footer((back,))

    def _colours(self, look: Look) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, name="looks-colours")
        options = [
            (Look.PLATFORM.value, tr.gettext("Zoals deze laptop")),
            (Look.LIGHT.value, tr.gettext("Licht")),
            (Look.DARK.value, tr.gettext("Donker")),
            (Look.CONTRAST.value, tr.gettext("Hoog contrast")),
        ]
        self.look = ChoiceInput(theme, options, value=look.value, name="looks-look")
        self.look.changed.connect(self._choose_look)
        field = Field(
            theme,
            tr.gettext("Kleuren"),
            self.look,
            help_text=tr.gettext(
                "Zoals deze laptop: het programma volgt licht, donker en hoog contrast van de "
                "laptop, ook als dat verandert terwijl je werkt."
            ),
            optional="",
        )
        card.body.addWidget(field)
        return card

    def _size(self, percent: int) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, name="looks-size")
        sizes = range(SMALLEST_TEXT, LARGEST_TEXT + 1, STEP)
        options = [(str(size), tr.gettext("{n} procent").format(n=size)) for size in sizes]
        nearest = str(min(sizes, key=lambda size: abs(size - percent)))
        self.size_input = ChoiceInput(
            theme, options, value=nearest, as_radio=False, name="looks-text"
        )
        self.size_input.changed.connect(self._choose_size)
        field = Field(
            theme,
            tr.gettext("Tekstgrootte"),
            self.size_input,
            help_text=tr.gettext(
                "100 procent is zo groot als de laptop vraagt. Het scherm van de cliënt heeft een "
                "eigen grootte."
            ),
            optional="",
        )
        card.body.addWidget(field)
        return card

    # ---- the colours of the organisation -------------------------------------------------------

    def _show_own(self) -> None:
        """Say which colours hold and what can be done about it."""
        tr, theme, card = self._context.tr, self.theme, self.own_card
        clear_layout(card.body)
        card.body.addWidget(Body(theme, tr.gettext("Kleuren van je organisatie"), strong=True))
        text = looks.wishes(self._context.vault).own_colours
        own = _read(text)
        if own is None:
            card.body.addWidget(self._which(tr.gettext("Standaard"), "", "in use"))
        else:
            wrong = own.faults()
            name = isolate(own.name) if own.name else tr.gettext("Eigen kleuren")
            state = "broken" if wrong else "in use"
            card.body.addWidget(self._which(name, _schemes(tr, own), state))
            if wrong:
                intro = tr.gettext("Deze kleuren kloppen niet meer. De standaardkleuren gelden.")
                card.body.addWidget(self._fault_list(intro, wrong))
        choose = QuietButton(
            theme, tr.gettext("Bestand kiezen"), icon="import", name="looks-choose"
        )
        choose.clicked.connect(self._choose_file)
        example = QuietButton(
            theme, tr.gettext("Voorbeeld opslaan"), icon="save", name="looks-example"
        )
        example.clicked.connect(self._save_example)
        buttons = [choose, example]
        if text:
            revert = QuietButton(
                theme, tr.gettext("Terug naar standaard"), icon="restart", name="looks-revert"
            )
            revert.clicked.connect(self._revert)
            buttons.append(revert)
        card.body.addWidget(FlowRow(theme.gap(8), *buttons))
        card.body.addWidget(
            Caption(
                theme,
                tr.gettext(
                    "Eigen kleuren gelden voor iedereen in deze kluis, bij licht en donker. Bij "
                    "hoog contrast niet, en ook niet in het venster waarin je de kluis opent."
                ),
            )
        )

    def _which(self, name: str, caption: str, state: str) -> Row:
        tr, theme = self._context.tr, self.theme
        tag = Tag(theme, tr.gettext("in gebruik"), "ok")
        if state == "broken":
            tag = Tag(theme, tr.gettext("klopt niet"), "err")
        return Row(theme, name, caption, trailing=(tag,), name="looks-which")

    def _fault_list(self, intro: str, wrong: tuple[Fault, ...]) -> Card:
        """Return what is wrong with a file: each token, what was measured, and what would do."""
        tr, theme = self._context.tr, self.theme
        wrong = worst_of_each(wrong)
        card = Card(theme, padding=(16, 12), name="looks-faults")
        card.body.addWidget(Notice(theme, "err", intro))
        rows = RowList(theme)
        for fault in wrong[:_MOST_FAULTS]:
            what, mend = fault_words(tr, fault)
            rows.add(Row(theme, what, mend))
        card.body.addWidget(rows)
        more = len(wrong) - _MOST_FAULTS
        if more > 0:
            text = tr.ngettext("En nog {n} fout.", "En nog {n} fouten.", more).format(n=more)
            card.body.addWidget(Muted(theme, text))
        return card

    def _choose_file(self) -> None:
        tr, context = self._context.tr, self._context
        path = context.pick.choose_file(
            tr.gettext("Kleuren kiezen"), tr.gettext("Kleuren (*.json)"), parent=self
        )
        if path is None:
            return
        self.said.set_notice("err", "")
        self._show_own()
        try:
            file = read_tokens(_bytes_of(path))
        except OSError:
            self._say(tr.gettext("Dit bestand kan niet worden gelezen. Kies het opnieuw."))
            return
        except TokenFileProblem as problem:
            self._say(no_tokens_words(tr, problem))
            return
        wrong = file.faults()
        if wrong:
            intro = tr.gettext(
                "{name} kan zo niet worden gebruikt: niet alles zou leesbaar zijn. Er is niets "
                "veranderd. Pas het bestand aan en kies het opnieuw."
            ).format(name=isolate(path.name, "ltr"))
            self.own_card.body.insertWidget(2, self._fault_list(intro, wrong))
            self._announce(intro)
            return
        plain = {"name": file.name, **{k: dict(v) for k, v in file.schemes.items()}}
        self._use(json.dumps(plain, ensure_ascii=False))

    def _save_example(self) -> None:
        tr, context = self._context.tr, self._context
        target = context.pick.choose_save(
            tr.gettext("Voorbeeld opslaan"),
            tr.gettext("kleuren.json"),
            tr.gettext("Kleuren (*.json)"),
            parent=self,
        )
        if target is None:
            return
        try:
            save_example(target)
        except OSError:
            self._say(tr.gettext("Opslaan is niet gelukt. Kies een andere map."))
            return
        said = tr.gettext(
            "Het voorbeeld is opgeslagen als {name}. Verander de kleuren en kies het bestand hier."
        )
        self.said.set_notice("ok", said.format(name=isolate(target.name, "ltr")))

    def _revert(self) -> None:
        self._use("")

    def _use(self, text: str) -> None:
        try:
            looks.use_own_colours(self._context.vault, text)
        except VaultError as error:
            self._say(self._context.tr.said(error))
            return
        self._show_own()
        button = self.findChild(QuietButton, "looks-choose")
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what holds at once --------------------------------------------------------------------

    def _choose_look(self, value: str) -> None:
        try:
            looks.choose_look(self._context.vault, Look(value))
        except VaultError as error:
            self._say(self._context.tr.said(error))

    def _choose_size(self, value: str) -> None:
        try:
            looks.choose_text_size(self._context.vault, int(value))
        except VaultError as error:
            self._say(self._context.tr.said(error))

    def _say(self, text: str) -> None:
        self.said.set_notice("err", text)
        self.area.verticalScrollBar().setValue(0)
        self._announce(text)

    def _announce(self, text: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))


def fault_words(tr: UiTexts, fault: Fault) -> tuple[str, str]:
    """Return what is wrong with a token, and what would mend it, in two sentences."""
    scheme = _scheme(tr, fault.scheme)
    token = isolate(fault.token, "ltr")
    if fault.kind == "missing":
        return (
            tr.gettext("{scheme}: de kleur {token} ontbreekt.").format(scheme=scheme, token=token),
            tr.gettext("Voeg de kleur toe. Kijk in het voorbeeld hoe dat staat."),
        )
    if fault.kind == "no_colour":
        said = tr.gettext("{scheme}: bij {token} staat {value}. Dat is geen kleur.")
        value = isolate(fault.value[:24] or "…")
        return (
            said.format(scheme=scheme, token=token, value=value),
            tr.gettext("Schrijf een kleur als {example}.").format(example=isolate(EXAMPLE, "ltr")),
        )
    said = tr.gettext("{scheme}: {token} op {ground} heeft te weinig verschil: {ratio} op 1.")
    if fault.text_pair:
        need = tr.gettext("Voor tekst is minstens {least} op 1 nodig.")
    else:
        need = tr.gettext("Voor een rand of teken is minstens {least} op 1 nodig.")
    mend = need.format(least=format_number(fault.least, tr.language))
    if fault.instead:
        example = tr.gettext("Neem voor {token} bijvoorbeeld {color}.")
        mend += " " + example.format(token=token, color=isolate(fault.instead, "ltr"))
    # rounded down: 4,499 must not read as the 4,5 that is asked
    ratio = format_number(floor(fault.ratio * 100) / 100, tr.language)
    ground = isolate(fault.ground, "ltr")
    return said.format(scheme=scheme, token=token, ground=ground, ratio=ratio), mend


def no_tokens_words(tr: UiTexts, problem: TokenFileProblem) -> str:
    """Return why a file holds no colours, in words."""
    if problem.reason == "size":
        return tr.gettext("Dit bestand is te groot voor een bestand met kleuren. Kies een ander.")
    if problem.reason == "json":
        return tr.gettext(
            "Dit bestand is geen JSON. Sla het voorbeeld op, verander alleen de kleuren en kies "
            "dat bestand."
        )
    return tr.gettext(
        "In dit bestand staan geen kleuren voor licht of donker. Sla het voorbeeld op om te zien "
        "hoe ze erin horen."
    )


def save_example(target: Path) -> None:
    """Write the standard colours of light and dark to a file, to be changed; raises OSError."""
    raw = paths.resource("themes", "default.json").read_bytes()
    file = read_tokens(raw, all_of_them=True)
    plain = {"name": file.name, **{k: dict(v) for k, v in file.schemes.items()}}
    target.write_text(json.dumps(plain, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _read(text: str) -> TokenFile | None:
    if not text:
        return None
    try:
        return read_tokens(text.encode())
    except TokenFileProblem:
        return TokenFile("", {"light": {}})


def _scheme(tr: UiTexts, scheme: str) -> str:
    return tr.gettext("Licht") if scheme == "light" else tr.gettext("Donker")


def _schemes(tr: UiTexts, own: TokenFile) -> str:
    if len(own.schemes) == 1:
        (only,) = own.schemes
        text = tr.gettext("Alleen voor {scheme}; anders gelden de standaardkleuren.")
        return text.format(scheme=_scheme(tr, only).lower())
    return tr.gettext("Voor licht en donker")
