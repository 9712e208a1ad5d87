"""Before the first question: language, interpreter, and what the client is told first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.flows.prefill import Prefill, Proposal
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.ui.interview.block import mark_text
from intake_app.ui.interview.interpretation import InterpretationForm
from intake_app.ui.interview.prefill_card import PrefillCard
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.two_languages import TwoLanguages
from intake_app.ui.kept_typing import brought_back
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.inputs import CheckInput, ChoiceInput, Field
from intake_app.ui.kit.page import Page
from intake_app.ui.kit.surfaces import Card, Notice
from intake_app.ui.theme import HELP, layout_direction
from intake_app.xforms import ShownText

N_ = str
"""Marks a text that is translated where it is used."""

INFORMATION = N_(
    "Dit gesprek gaat over wat u kunt, wat u wilt en wat u nodig heeft. De gemeente waar u gaat "
    "wonen krijgt bijna alle antwoorden. Zo hoeft u niet alles opnieuw te vertellen. U mag een "
    "vraag overslaan en u mag altijd een pauze vragen."
)

EXPLANATIONS: dict[str, str] = {
    "noa_assessment": N_(
        "Dit gesprek gaat over een test. De test laat zien wat u goed kunt en wat u kunt leren. "
        "Meedoen mag, het hoeft niet. U leest de uitslag als eerste. U beslist of de gemeente die "
        "krijgt. U mag altijd een pauze vragen."
    ),
    "medische_overdracht": N_(
        "Dit gesprek gaat over uw dokter. Een nieuwe dokter wil soms iets weten van de dokter in "
        "het azc. U beslist of dat mag. De gemeente krijgt het nooit. U mag nee zeggen en u mag "
        "altijd een pauze vragen."
    ),
    "nareiziger": N_(
        "Dit is een kort gesprek over uw eerste weken in Nederland. We regelen samen wat nu nodig "
        "is. Ik schrijf uw antwoorden op voor de gemeente. U mag een vraag overslaan en u mag "
        "altijd een pauze vragen."
    ),
    "overdrachtsgesprek": N_(
        "De gemeente gaat u verder helpen. In dit gesprek vertellen we wat er al is gedaan. U zegt "
        "zelf wat belangrijk is. Wat u al heeft verteld, hoeft niet opnieuw. U mag een vraag "
        "overslaan en u mag altijd een pauze vragen."
    ),
}
"""Form → what is read out instead of `INFORMATION`, where other people get the answers."""


NARROW = 700
"""Below this many effective pixels the two languages stand below each other."""


class StartPanel(Page):
    """Asks three short things; `begin(language, interpretation)` goes on.

    With a `prefill` it also shows what COA knows already; `chosen()` is what was ticked. Nothing is
    ticked beforehand.
    """

    begin = Signal(str, object)
    back = Signal()

    def __init__(
        self,
        tools: Tools,
        title: str,
        *,
        language: str,
        translated: tuple[str, ...],
        interpreter_needed: bool | None,
        texts: Callable[[str], UiTexts],
        form_id: str = "",
        prefill: Prefill | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Show the panel; `translated` are the languages the form has texts in."""
        super().__init__(
            tools.theme,
            title,
            subtitle=tools.tr.gettext("Voor je begint"),
            name="interview-start",
            parent=parent,
        )
        self._tools, self._texts = tools, texts
        self._translated = translated
        self._information = EXPLANATIONS.get(form_id, INFORMATION)
        self._stacked = False
        theme, tr = tools.theme, tools.tr
        names = [(code, self._name(code)) for code in LANGUAGES]
        self.language = ChoiceInput(
            theme,
            names,
            as_radio=False,
            value=language if language in LANGUAGES else SOURCE_LANGUAGE,
            name="client-language",
        )
        self.language.changed.connect(self._language_chosen)
        self._kept = Notice(theme, "info", "")
        self._kept.hide()
        self.add(self._kept)
        card = Card(theme)
        card.body.setSpacing(theme.gap(16))
        card.body.addWidget(
            Field(theme, tr.gettext("In welke taal is het gesprek?"), self.language)
        )
        self._untranslated = Notice(theme, "info", "", name="language-notice")
        card.body.addWidget(self._untranslated)
        mode = InterpreterMode.TELEFOON if interpreter_needed else InterpreterMode.GEEN
        self.interpretation = InterpretationForm(tools, Interpretation(mode=mode))
        card.body.addWidget(self.interpretation)
        self.add(card)
        self.prefill = None if prefill is None else PrefillCard(tools, prefill)
        if self.prefill is not None:
            self.add(self.prefill)
        told = Card(theme, tr.gettext("Lees dit voor"))
        told.body.setSpacing(theme.gap(12))
        self._words = TwoLanguages(tools)
        self._told = told
        told.body.addWidget(self._words)
        self.read = CheckInput(
            theme, tr.gettext("Ik heb dit voorgelezen en het is duidelijk"), name="information-read"
        )
        told.body.addWidget(self.read)
        self.problem = Notice(theme, "err", "", name="start-problem")
        self.problem.hide()
        told.body.addWidget(self.problem)
        self.add(told)
        cancel = QuietButton(theme, tr.gettext("Nog niet"), name="start-cancel")
        cancel.clicked.connect(self.back)
        start = PrimaryButton(theme, tr.gettext("Gesprek beginnen"), name="start-begin")
        start.clicked.connect(self._begin)
        self.set_footer([cancel], start)
        self._language_chosen()

    def chosen(self) -> tuple[Proposal, ...]:
        """Return the answers of COA that were ticked, in the order of the form."""
        return () if self.prefill is None else self.prefill.chosen()

    def fail(self, sentence: str) -> None:
        """Say why the interview could not begin."""
        self.problem.set_notice("err", sentence)
        # it gets its place in the next turn
        QTimer.singleShot(0, self.problem, lambda: self.scroll_to(self.problem))

    def tell_brought_back(self) -> None:
        """Say that what stands here was filled in before."""
        self._kept.set_notice("info", brought_back(self._tools.tr))

    def tell_unkept(self, sentence: str) -> None:
        """Say why what is filled in cannot be kept until the talk begins; '' once it can."""
        self._kept.set_notice("err", self._tools.tr.said(sentence))

    def _begin(self) -> None:
        if not self.read.isChecked():
            self.fail(
                self._tools.tr.gettext(
                    "Lees eerst de uitleg voor en vraag of die duidelijk is. Zet dan het vinkje."
                )
            )
            self.read.setFocus()
            return
        self.begin.emit(self.language.value(), self.interpretation.value())

    def _language_chosen(self, _value: str = "") -> None:
        code = self.language.value()
        self.interpretation.set_language("" if code == SOURCE_LANGUAGE else code)
        missing = code not in self._translated
        text = self._tools.tr.gettext(
            "Dit formulier is nog niet vertaald in het {language}. Je ziet de vragen alleen in "
            "het Nederlands. Een tolk vertaalt ze."
        )
        name = self._tools.tr.gettext(LANGUAGES[code].dutch_name)
        self._untranslated.set_notice("info", text.format(language=name) if missing else "")
        told = self._information
        other = self._texts(code).gettext(told) if code != SOURCE_LANGUAGE else told
        words = TwoLanguages(self._tools)
        second = None if other == told else ShownText(other, code, "unreviewed")
        words.add(ShownText(self._tools.tr.gettext(told), SOURCE_LANGUAGE), second, factor=HELP)
        if second is not None:
            # the program's own words have no ledger of reviews: all of them are machine-made
            words.add_mark(
                mark_text(self._tools, "unreviewed", code),
                icon="info",
                color="warn",
                direction=layout_direction(code),
            )
        words.set_stacked(self._stacked)
        self._told.body.replaceWidget(self._words, words)
        self._words.hide()
        self._words.deleteLater()
        self._words = words

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._stacked = event.size().width() < self.theme.px(NARROW)
        self._words.set_stacked(self._stacked)

    def _name(self, code: str) -> str:
        row = LANGUAGES[code]
        name = self._tools.tr.gettext(row.dutch_name)
        return name if code == SOURCE_LANGUAGE else f"{name} · {row.own_name}"
