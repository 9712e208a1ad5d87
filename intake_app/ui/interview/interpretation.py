"""Who interprets and how, and how well the sections were understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.flows.interview import SectionOutline
from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kept_typing import brought_back
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.dialogs import fit
from intake_app.ui.kit.focus import ReadingOrder
from intake_app.ui.kit.inputs import CheckInput, ChoiceInput, Field, TextInput
from intake_app.ui.kit.surfaces import Notice
from intake_app.ui.kit.text import Body, Caption, Heading
from intake_app.ui.theme import Theme


def mode_name(tools: Tools, mode: InterpreterMode) -> str:
    """Return how somebody interprets, in words."""
    tr = tools.tr
    return {
        InterpreterMode.GEEN: tr.gettext("Geen tolk nodig"),
        InterpreterMode.TELEFOON: tr.gettext("Tolk aan de telefoon"),
        InterpreterMode.VIDEO: tr.gettext("Tolk op het scherm"),
        InterpreterMode.AANWEZIG: tr.gettext("Tolk in de kamer"),
        InterpreterMode.NAASTE: tr.gettext("Familie of vriend"),
        InterpreterMode.KIND: tr.gettext("Een kind"),
    }[mode]


def short_interpretation(tools: Tools, interpretation: Interpretation) -> str:
    """Return the interpretation for the top line: 'tolk: telefoon'."""
    tr = tools.tr
    return {
        InterpreterMode.GEEN: tr.gettext("zonder tolk"),
        InterpreterMode.TELEFOON: tr.gettext("tolk: telefoon"),
        InterpreterMode.VIDEO: tr.gettext("tolk: video"),
        InterpreterMode.AANWEZIG: tr.gettext("tolk: in de kamer"),
        InterpreterMode.NAASTE: tr.gettext("naaste tolkt"),
        InterpreterMode.KIND: tr.gettext("kind tolkt"),
    }[interpretation.mode]


class InterpretationForm(QWidget):
    """Mode, service and language of the interpreter; warns when a child or relative interprets."""

    changed = Signal()

    def __init__(self, tools: Tools, shown: Interpretation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self._tools = tools
        self._shown = shown
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(16))
        modes = [(mode.value, mode_name(tools, mode)) for mode in _ORDER]
        self.mode = ChoiceInput(
            theme, modes, as_radio=True, value=shown.mode.value, name="interpreter-mode"
        )
        self.mode.changed.connect(self._changed)
        column.addWidget(Field(theme, tr.gettext("Wie tolkt er?"), self.mode))
        self.warning = Notice(theme, "warn", "", name="interpreter-warning")
        column.addWidget(self.warning)
        self.who = TextInput(theme, name="interpreter-who", text=shown.interpreter)
        self._who = Field(
            theme,
            tr.gettext("Tolkdienst en nummer van de tolk"),
            self.who,
            help_text=tr.gettext("Schrijf geen naam op. Het nummer is genoeg."),
            optional=tr.gettext("mag leeg blijven"),
        )
        column.addWidget(self._who)
        self.bond = TextInput(theme, name="interpreter-bond", text=shown.interpreter)
        self._bond = Field(
            theme,
            tr.gettext("Wat is deze persoon van de cliënt?"),
            self.bond,
            help_text=tr.gettext("Bijvoorbeeld: zus of buurman. Schrijf geen naam op."),
            optional=tr.gettext("mag leeg blijven"),
        )
        column.addWidget(self._bond)
        languages = [("", tr.gettext("Niet ingevuld"))]
        languages += [(row.code, tr.gettext(row.dutch_name)) for row in LANGUAGES.values()]
        self.language = ChoiceInput(
            theme, languages, as_radio=False, value=shown.language, name="interpreter-language"
        )
        self._language = Field(theme, tr.gettext("Taal van de tolk"), self.language)
        column.addWidget(self._language)
        self._changed()

    def set_language(self, code: str) -> None:
        """Propose the interpreter's language."""
        self.language.set_value(code)

    def value(self) -> Interpretation:
        """Return what is filled in, the sections as they were."""
        mode = InterpreterMode(self.mode.value())
        if mode is InterpreterMode.GEEN:
            return replace(self._shown, mode=mode, interpreter="", language="")
        # nothing is kept about a child but that it was one
        who = {InterpreterMode.KIND: "", InterpreterMode.NAASTE: self.bond.text().strip()}
        return replace(
            self._shown,
            mode=mode,
            interpreter=who.get(mode, self.who.text().strip()),
            language=self.language.value(),
        )

    def _changed(self, _value: str = "") -> None:
        tr = self._tools.tr
        mode = InterpreterMode(self.mode.value())
        helped = mode is not InterpreterMode.GEEN
        self._who.setVisible(helped and mode not in _NO_SERVICE)
        self._bond.setVisible(mode is InterpreterMode.NAASTE)
        self._language.setVisible(helped)
        text = ""
        if mode is InterpreterMode.KIND:
            text = tr.gettext(
                "Laat een kind niet tolken. Het is te zwaar voor het kind en de antwoorden zijn "
                "minder zeker. Bel een tolk, of plan het gesprek opnieuw. Gaat het toch door? "
                "Het dossier zegt dan dat een kind heeft getolkt."
            )
        elif mode is InterpreterMode.NAASTE:
            text = tr.gettext(
                "Iemand die de persoon kent, vertaalt soms niet alles. Bel liever een tolk, "
                "zeker bij geld, gezondheid en gezin."
            )
        self.warning.set_notice("warn", text)
        self.changed.emit()


_ORDER = (
    InterpreterMode.GEEN,
    InterpreterMode.TELEFOON,
    InterpreterMode.VIDEO,
    InterpreterMode.AANWEZIG,
    InterpreterMode.NAASTE,
    InterpreterMode.KIND,
)


_SHARES = (5, 4, 5)
"""How the width of a section is shared by its name and the two ticks."""

_BESIDE = 520
"""Below this many effective pixels the ticks stand under the name."""

_NO_SERVICE = frozenset({InterpreterMode.NAASTE, InterpreterMode.KIND})


class InterpretationDialog(ReadingOrder, QDialog):
    """The same during the interview, with per section: told back, weakly understood."""

    def __init__(
        self,
        tools: Tools,
        shown: Interpretation,
        sections: tuple[SectionOutline, ...],
        parent: QWidget | None = None,
        *,
        language: str = "",
    ) -> None:
        """Show what is known; with the `language` of the talk, that can be changed too."""
        super().__init__(parent)
        self.store: Callable[[Interpretation], bool] | None = None
        """Stores what is filled in, False where that failed; without it the dialog just closes."""
        theme, tr = tools.theme, tools.tr
        self.setObjectName("interpretation-dialog")
        self.setWindowTitle(tr.gettext("Tolk en begrip"))
        fit(self, theme.px(720), theme.gap(600))
        side = theme.gap(24)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(side, side, side, side)
        outer.setSpacing(theme.gap(12))
        self._shown = shown
        self._tools = tools
        outer.addWidget(Heading(theme, tr.gettext("Tolk en begrip"), factor=1.3))
        area = QScrollArea()
        area.setObjectName("interpretation-scroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        # it scrolls with what has the focus inside it
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = self.body = QWidget()
        """Holds every field, and stays as it is when a pause takes it out of sight."""
        column = QVBoxLayout(body)
        # room for the ring of the focus on either side
        column.setContentsMargins(theme.gap(8), theme.gap(8), theme.gap(16), theme.gap(8))
        column.setSpacing(theme.gap(16))
        self._area = area
        self._notice = Notice(theme, "info", "")
        self._notice.hide()
        column.addWidget(self._notice)
        self.talk: ChoiceInput | None = None
        if language:
            column.addWidget(self._talk_language(tools, language))
        self.form = InterpretationForm(tools, shown)
        column.addWidget(self.form)
        column.addWidget(Body(theme, tr.gettext("Hoe is het begrepen?"), strong=True))
        column.addWidget(
            Caption(
                theme,
                tr.gettext(
                    "Vraag: ‘Wilt u mij vertellen wat ik net heb uitgelegd?’ Zo toets je je eigen "
                    "uitleg, niet de persoon."
                ),
            )
        )
        rows = QVBoxLayout()
        column.addLayout(rows)
        rows.setSpacing(theme.gap(4))
        self._told: dict[str, CheckInput] = {}
        self._weak: dict[str, CheckInput] = {}
        for section in (each for each in sections if each.relevant):
            told = CheckInput(theme, tr.gettext("Terugverteld"), name=f"told-{section.name}")
            told.setAccessibleName(f"{section.title.text}: {tr.gettext('Terugverteld')}")
            told.setChecked(section.path in shown.told_back)
            weak = CheckInput(theme, tr.gettext("Niet goed begrepen"), name=f"weak-{section.name}")
            weak.setAccessibleName(f"{section.title.text}: {tr.gettext('Niet goed begrepen')}")
            weak.setChecked(section.path in shown.weak)
            rows.addWidget(_Ticks(theme, Body(theme, section.title.text), told, weak))
            self._told[section.path], self._weak[section.path] = told, weak
        column.addStretch(1)
        area.setWidget(body)
        outer.addWidget(area, 1)
        bar = QHBoxLayout()
        outer.addLayout(bar)
        cancel = QuietButton(theme, tr.gettext("Niet bewaren"), name="interpretation-cancel")
        cancel.clicked.connect(self.reject)
        keep = PrimaryButton(theme, tr.gettext("Bewaren"), name="interpretation-save")
        keep.clicked.connect(self.accept)
        bar.addWidget(cancel)
        bar.addStretch(1)
        bar.addWidget(keep)

    def accept(self) -> None:
        """Close once it is stored; what could not be stored stays on screen, with the reason."""
        if self.store is None or self.store(self.value()):
            super().accept()

    def tell_brought_back(self) -> None:
        """Say that what stands here was filled in before."""
        self._notice.set_notice("info", brought_back(self._tools.tr))

    def tell_problem(self, sentence: str) -> None:
        """Say why what is filled in could not be kept; '' once it can."""
        self._notice.set_notice("err", self._tools.tr.said(sentence))
        # it gets its place in the next turn
        QTimer.singleShot(0, self._notice, lambda: self._area.ensureWidgetVisible(self._notice))

    def talk_language(self) -> str:
        """Return the language to go on in, '' where that was not asked."""
        return "" if self.talk is None else self.talk.value()

    def _talk_language(self, tools: Tools, language: str) -> Field:
        theme, tr = tools.theme, tools.tr
        names = []
        for row in LANGUAGES.values():
            name = tr.gettext(row.dutch_name)
            names.append((row.code, name if row.code == "nl" else f"{name} · {row.own_name}"))
        self.talk = ChoiceInput(theme, names, as_radio=False, value=language, name="talk-language")
        return Field(
            theme,
            tr.gettext("Taal van het gesprek"),
            self.talk,
            help_text=tr.gettext(
                "Beide schermen gaan meteen verder in deze taal. De antwoorden blijven staan."
            ),
        )

    def value(self) -> Interpretation:
        """Return what is filled in."""
        return replace(
            self.form.value(),
            told_back=_ticked(self._told, self._shown.told_back),
            weak=_ticked(self._weak, self._shown.weak),
        )


class _Ticks(QWidget):
    """What was understood of one section: its name, and the two ticks beside or under it."""

    def __init__(self, theme: Theme, title: Body, *ticks: CheckInput) -> None:
        super().__init__()
        self._theme = theme
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.gap(16))
        self._parts = (title, *ticks)
        for part, share in zip(self._parts, _SHARES, strict=True):
            self._box.addWidget(part, share)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        # that of the ticks under the name, or no window could become narrow enough for it
        least = [part.minimumSizeHint() for part in self._parts]
        return QSize(max(size.width() for size in least), max(size.height() for size in least))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        under = event.size().width() < self._theme.px(_BESIDE)
        way = QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        if way != self._box.direction():
            self._box.setDirection(way)
            self._box.setSpacing(self._theme.gap(4 if under else 16))
            self._box.setContentsMargins(0, self._theme.gap(12) if under else 0, 0, 0)
            self.updateGeometry()


def _ticked(boxes: dict[str, CheckInput], before: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sections that are ticked; one that is not asked now stays as it was."""
    return (
        *(path for path, box in boxes.items() if box.isChecked()),
        *(path for path in before if path not in boxes),
    )
