"""Gesprek: keys, going on by itself, the languages of the colleague, and reading aloud."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from shiboken6 import isValid

from intake_app.flows.preferences import Preferences, keep_preferences, preferences
from intake_app.i18n.languages import LANGUAGES
from intake_app.speech import Part, Reading, Why, plan, way_of
from intake_app.ui.interview.reading import why_not
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    CheckInput,
    ChoiceInput,
    Field,
    LinkButton,
    Notice,
    Page,
    QuietButton,
    Row,
    RowList,
    Stack,
    Tag,
    clear_layout,
)
from intake_app.ui.speech import Speech, after
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class TalkPage(Page):
    """What is chosen holds from the next interview on; the language of the program at once."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Gesprek"),
            subtitle=tr.gettext("Hoe jij een gesprek voert. Je keuze geldt alleen voor jou."),
            name="talk-page",
        )
        self._context = context
        self._speech = context.speech or Speech()
        self._reading: Reading | None = None
        self._now = preferences(context.vault)
        self.said = Notice(self.theme, "err", "", name="talk-said")
        self.said.hide()
        self.add(self.said)
        self.add(self._keys())
        self.add(self._languages())
        self.aloud = Card(self.theme, tr.gettext("Voorlezen"), name="talk-aloud")
        self.add(self.aloud)
        self._show_aloud()
        back = QuietButton(self.theme, tr.gettext("Terug"), name="talk-back")
        back.clicked.connect(context.navigate.open_settings)
        self.set_footer((back,))

    # ---- keys and languages --------------------------------------------------------------------

    def _keys(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Toetsen"), name="talk-keys")
        card.body.setSpacing(theme.gap(16))
        single = CheckInput(theme, tr.gettext("Losse letters en cijfers"), name="talk-single-keys")
        single.setChecked(self._now.single_keys)
        single.toggled.connect(lambda on: self._keep(replace(self._now, single_keys=on)))
        card.body.addWidget(
            Stack(
                theme,
                single,
                Caption(
                    theme,
                    tr.gettext(
                        "W is weet niet, 1 is het eerste antwoord. Typ je met spraak of druk je "
                        "soms per ongeluk een toets in? Zet dit uit. Met Alt werken ze altijd. F1 "
                        "in een gesprek toont alle toetsen."
                    ),
                ),
                spacing=4,
            )
        )
        onward = CheckInput(
            theme, tr.gettext("Vanzelf verder na een antwoord"), name="talk-auto-advance"
        )
        onward.setChecked(self._now.auto_advance)
        onward.toggled.connect(lambda on: self._keep(replace(self._now, auto_advance=on)))
        card.body.addWidget(
            Stack(
                theme,
                onward,
                Caption(
                    theme,
                    tr.gettext(
                        "Alleen als je één antwoord kiest, en niet als er iets mis is. Alt ← gaat "
                        "terug."
                    ),
                ),
                spacing=4,
            )
        )
        return card

    def _languages(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Jouw talen"), name="talk-languages")
        card.body.setSpacing(theme.gap(16))
        there = self._context.catalogues.interface_languages()
        options = [(code, LANGUAGES[code].own_name) for code in there]
        now = self._now.interface if self._now.interface in there else there[0]
        self.interface = ChoiceInput(theme, options, value=now, name="talk-interface")
        self.interface.changed.connect(
            lambda code: self._keep(replace(self._now, interface=code or now))
        )
        card.body.addWidget(
            Field(
                theme,
                tr.gettext("Taal van het programma"),
                self.interface,
                help_text=tr.gettext(
                    "Geldt meteen. De vragen van een gesprek kies je hieronder. Het venster waarin "
                    "je de kluis opent, blijft Nederlands."
                ),
            )
        )
        self.own = ChoiceInput(
            theme,
            [(code, tr.gettext(each.dutch_name)) for code, each in LANGUAGES.items()],
            as_radio=False,
            value=self._now.own_language,
            name="talk-own-language",
        )
        self.own.changed.connect(lambda code: self._keep(replace(self._now, own_language=code)))
        card.body.addWidget(
            Field(
                theme,
                tr.gettext("Jouw kant van een vraag"),
                self.own,
                help_text=tr.gettext(
                    "In deze taal lees jij de vragen, naast de taal van de cliënt. Wat niet "
                    "vertaald is, staat er in het Nederlands."
                ),
            )
        )
        return card

    def _keep(self, chosen: Preferences) -> None:
        try:
            keep_preferences(self._context.vault, chosen)
        except VaultError as error:
            self.said.set_notice("err", self._context.tr.said(error))
            self.area.verticalScrollBar().setValue(0)
        else:
            self._now = chosen

    # ---- reading aloud -------------------------------------------------------------------------

    def _show_aloud(self) -> None:
        """Say for each language whether there are recordings and, once asked, a voice."""
        tr, theme, body = self._context.tr, self.theme, self.aloud.body
        self._stop()
        clear_layout(body)
        if self.aloud.heading is not None:
            body.addWidget(Body(theme, tr.gettext("Voorlezen"), strong=True))
        if not self._speech.installed:
            body.addWidget(
                Notice(
                    theme,
                    "info",
                    tr.gettext(
                        "Voorlezen staat niet op deze laptop. Vraag je beheerder om het onderdeel "
                        "‘voorlezen’. In het gesprek zegt de knop dan wat wel kan."
                    ),
                    name="talk-not-installed",
                )
            )
        recorded = self._recorded()
        rows = RowList(theme)
        for code in LANGUAGES:
            if self._speech.installed or code in recorded:
                rows.add(self._language_row(code, recorded=code in recorded))
        body.addWidget(rows)
        if self._speech.installed and not self._speech.voices_known:
            look = QuietButton(
                theme,
                tr.gettext("Kijk welke stemmen er zijn"),
                icon="speaker",
                name="talk-look",
            )
            look.clicked.connect(self._look)
            body.addWidget(look, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(
            Caption(
                theme,
                tr.gettext(
                    "Een opname van een mens gaat voor een stem van de laptop. De laptop stuurt "
                    "niets weg om voor te lezen."
                ),
            )
        )

    def _language_row(self, code: str, *, recorded: bool) -> Row:
        tr, theme = self._context.tr, self.theme
        speaks = self._speech.voices_known and self._voice_speaks(code)
        words = [tr.gettext("opnames")] if recorded else []
        words += [tr.gettext("stem")] if speaks else []
        parts: list[LinkButton | Tag] = []
        if words:
            parts.append(Tag(theme, " + ".join(words), "ok"))
        elif self._speech.voices_known:
            parts.append(Tag(theme, tr.gettext("nee"), "muted"))
        else:
            parts.append(Tag(theme, tr.gettext("geen opnames"), "muted"))
        name = tr.gettext(LANGUAGES[code].dutch_name)
        if self._speech.installed and (speaks or recorded):
            test = LinkButton(theme, tr.gettext("Laat horen"), name=f"talk-hear-{code}")
            test.setAccessibleName(f"{tr.gettext('Laat horen')}: {name}")
            test.clicked.connect(partial(self._hear, code))
            parts.append(test)
        return Row(theme, name, trailing=tuple(parts), name=f"talk-language-{code}")

    def _voice_speaks(self, code: str) -> bool:
        voice = self._speech.voice
        return voice is not None and voice.speaks(code)

    def _recorded(self) -> frozenset[str]:
        library = self._context.library
        forms = library.form_ids()
        return frozenset(code for form in forms for code in library.recorded_languages(form))

    def _look(self) -> None:
        look = self.findChild(QuietButton, "talk-look")
        if look is not None:
            look.setEnabled(False)
        words = self._context.tr.gettext("Even geduld: de stem van de laptop wordt gestart.")
        self.said.set_notice("info", words)
        self._speech.find_voices(self._found)

    def _found(self) -> None:
        if not isValid(self):
            return
        self.said.set_notice("info", "")
        self._show_aloud()
        first = self.findChild(LinkButton)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hear(self, code: str) -> None:
        """Let the recording or the voice of a language be heard."""
        tr, library = self._context.tr, self._context.library
        if self._stop():
            return
        sample = next(
            (
                partial(library.recording, form, name)
                for form in library.form_ids()
                for name in library.recordings(form, code)
            ),
            None,
        )
        part = Part(LANGUAGES[code].own_name, code, recording=sample)
        player, voice = self._speech.player, self._speech.voice
        _, why = way_of(part, code, player, voice)
        self.said.set_notice("info", why_not(tr, why, code) if why is not None else "")
        self._reading = Reading(
            player,
            voice,
            after=partial(after, self),
            told=lambda _part: None,
            failed=lambda _part: self.said.set_notice("err", why_not(tr, Why.BROKEN, code)),
        )
        self._reading.start(plan([part], code, player, voice))

    def _stop(self) -> bool:
        return self._reading is not None and self._reading.stop()

    def leaving(self) -> None:
        """Be silent: the page is being left."""
        self._stop()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self._stop()
        super().hideEvent(event)
