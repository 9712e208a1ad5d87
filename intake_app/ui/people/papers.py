"""Papieren voor de cliënt: privacy notice, information receipt and copy, to print or to save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.documents.information_receipt import SUBJECTS, Subject, Understood
from intake_app.domain.interview import InterpreterMode
from intake_app.flows import client_papers, outside
from intake_app.flows.client_papers import Explained, NothingExplained, Paper
from intake_app.flows.dossier_words import INTERPRETER_MODES
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Caption,
    Card,
    CheckInput,
    ChoiceInput,
    ConfirmDialog,
    Field,
    Hairline,
    Heading,
    LinkButton,
    Notice,
    QuietButton,
    Row,
    RowList,
    TextLink,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.documents.client_page import ClientPage
    from intake_app.domain.person import Person
    from intake_app.i18n.catalogues import UiTexts
    from intake_app.ui.kit import Kind


@dataclass(slots=True)
class PapersState:
    """What is chosen on the card; the page keeps it, because the card is made anew."""

    open: Paper | None = None
    language: str = ""
    """'' until somebody chose: then the language of the person is taken."""
    subjects: set[Subject] = field(default_factory=set)
    """Nothing at first: what was explained is said by whoever explained it."""
    understood: Understood = Understood.JA
    to_be_signed: bool = True
    talk_language: str = ""
    interpreter: str = ""
    given: datetime | None = None
    """When the paper that is open was last given, as the log tells."""
    told: tuple[Kind, str] | None = None


def titles(tr: UiTexts) -> dict[Paper, tuple[str, str]]:
    """Return what each paper is called, and what it is for."""
    return {
        Paper.PRIVACY: (
            tr.gettext("Privacyverklaring"),
            tr.gettext("Wat er met de gegevens gebeurt en wie ze krijgt."),
        ),
        Paper.RECEIPT: (
            tr.gettext("Bewijs van uitleg"),
            tr.gettext("Wat je vandaag hebt uitgelegd, om te tekenen of mee te geven."),
        ),
        Paper.COPY: (
            tr.gettext("Kopie voor de cliënt"),
            tr.gettext("De eigen antwoorden, het plan en de afspraken."),
        ),
    }


class PapersCard(Card):
    """Lists the papers; one at a time is made ready, in Dutch and the person's own language."""

    def __init__(self, context: AppContext, person: Person, state: PapersState) -> None:
        super().__init__(
            context.theme, context.tr.gettext("Papieren voor de cliënt"), name="person-papers"
        )
        self._context, self._person, self._state = context, person, state
        self._titles = titles(context.tr)
        self._offered = client_papers.languages(context.catalogues)
        self._content = QVBoxLayout()
        self.body.addLayout(self._content)
        self._content.setSpacing(context.theme.gap(12))
        self._show()

    def _show(self) -> None:
        theme = self._context.theme
        clear_layout(self._content)
        self.notice = Notice(theme, "ok", "", name="papers-notice")
        self.notice.hide()
        self._content.addWidget(RowList(theme, *(self._row(paper) for paper in Paper)))
        if self._state.open is not None:
            self._content.addWidget(Hairline(theme))
            self._build(self._state.open)
        self._content.addWidget(self.notice)
        if self._state.told is not None:
            self.notice.set_notice(*self._state.told)

    def _row(self, paper: Paper) -> Row:
        tr, theme = self._context.tr, self._context.theme
        title, caption = self._titles[paper]
        chosen = self._state.open is paper
        verb = tr.gettext("Sluiten") if chosen else tr.gettext("Maken")
        link = TextLink(theme, verb, name=f"papers-{paper.value}")
        link.setAccessibleName(f"{verb}: {title}")
        link.clicked.connect(lambda: self._choose(None if chosen else paper))
        return Row(theme, title, caption, trailing=(link,))

    def _choose(self, paper: Paper | None) -> None:
        self._state.open, self._state.told = paper, None
        if paper is not None:
            self._state.given = client_papers.last_given(
                self._context.vault, self._person.person_id, paper
            )
        self._show()
        if paper is not None:
            self._language.setFocus()

    # ---- making one ready ----------------------------------------------------------------------

    def _build(self, paper: Paper) -> None:
        tr, theme = self._context.tr, self._context.theme
        self._content.addWidget(Heading(theme, self._titles[paper][0]))
        if self._state.given is not None:
            day = words.long_date(tr, self._state.given.astimezone().date())
            text = tr.gettext("Al gegeven op {day}.").format(day=day)
            self._content.addWidget(Caption(theme, text))
        known = [
            (code, tr.gettext("alleen Nederlands"))
            if code == SOURCE_LANGUAGE
            else (code, f"{tr.gettext(LANGUAGES[code].dutch_name)}  {LANGUAGES[code].own_name}")
            for code in self._offered
        ]
        self._language = ChoiceInput(
            theme,
            known,
            as_radio=False,
            value=self._language_now(),
            name="papers-language",
        )
        self._language.changed.connect(self._language_chosen)
        self._content.addWidget(
            Field(theme, tr.gettext("Taal naast het Nederlands"), self._language)
        )
        own = self._person.contact_language
        if own and own not in self._offered and own in LANGUAGES:
            text = tr.gettext("Er is nog geen vertaling in het {language}. Lees het papier voor.")
            self._content.addWidget(
                Caption(theme, text.format(language=tr.gettext(LANGUAGES[own].dutch_name)))
            )
        if paper is Paper.RECEIPT:
            self._build_receipt()
        put = QuietButton(theme, tr.gettext("Afdrukken"), icon="print", name="papers-print")
        put.clicked.connect(lambda: self._print(paper))
        save = LinkButton(theme, tr.gettext("Opslaan als PDF"), icon="save", name="papers-save")
        save.clicked.connect(lambda: self._save(paper))
        self._content.addWidget(FlowRow(theme.gap(12), put, save))

    def _language_now(self) -> str:
        wanted = self._state.language or self._person.contact_language
        return wanted if wanted in self._offered else SOURCE_LANGUAGE

    def _language_chosen(self, code: str) -> None:
        self._state.language = code

    def _build_receipt(self) -> None:
        tr, theme, state = self._context.tr, self._context.theme, self._state
        boxes = QWidget()
        column = QVBoxLayout(boxes)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(2))
        for subject in Subject:
            # the colleague reads the very words that go on the paper
            box = CheckInput(theme, SUBJECTS[subject], name=f"papers-subject-{subject.value}")
            box.setChecked(subject in state.subjects)
            box.toggled.connect(lambda on, s=subject: self._subject(s, on=on))
            column.addWidget(box)
        first = boxes.findChild(CheckInput)
        if first is not None:
            boxes.setFocusProxy(first)
        everything = LinkButton(theme, tr.gettext("Alles aanvinken"), name="papers-all")
        everything.clicked.connect(lambda: _check_all(boxes))
        self._content.addWidget(Field(theme, tr.gettext("Wat heb je uitgelegd?"), boxes))
        self._content.addWidget(FlowRow(0, everything))
        spoken = [
            (code, f"{tr.gettext(row.dutch_name)}  {row.own_name}")
            for code, row in LANGUAGES.items()
        ]
        state.talk_language = state.talk_language or self._person.contact_language
        state.talk_language = (
            state.talk_language if state.talk_language in LANGUAGES else SOURCE_LANGUAGE
        )
        talk = ChoiceInput(
            theme, spoken, as_radio=False, value=state.talk_language, name="papers-talk-language"
        )
        talk.changed.connect(lambda code: setattr(state, "talk_language", code))
        self._content.addWidget(Field(theme, tr.gettext("In welke taal?"), talk))
        if not state.interpreter:
            needed = self._person.interpreter_needed
            mode = InterpreterMode.TELEFOON if needed else InterpreterMode.GEEN
            state.interpreter = mode.value
        modes = [(mode.value, tr.gettext(words)) for mode, words in INTERPRETER_MODES.items()]
        how = ChoiceInput(
            theme, modes, as_radio=False, value=state.interpreter, name="papers-interpreter"
        )
        how.changed.connect(lambda mode: setattr(state, "interpreter", mode))
        self._content.addWidget(Field(theme, tr.gettext("Hoe is er vertaald?"), how))
        answers = [
            (Understood.JA.value, tr.gettext("ja, het is duidelijk")),
            (Understood.VRAGEN.value, tr.gettext("er zijn nog vragen")),
            (Understood.NEE.value, tr.gettext("nee, nog niet")),
        ]
        clear = ChoiceInput(theme, answers, value=state.understood.value, name="papers-understood")
        clear.changed.connect(lambda said: setattr(state, "understood", Understood(said)))
        self._content.addWidget(
            Field(
                theme,
                tr.gettext("Is het duidelijk?"),
                clear,
                help_text=tr.gettext("Wat de cliënt zelf zegt."),
            )
        )
        sign = CheckInput(theme, tr.gettext("Met ruimte om te tekenen"), name="papers-sign")
        sign.setChecked(state.to_be_signed)
        sign.toggled.connect(lambda on: setattr(state, "to_be_signed", on))
        self._content.addWidget(sign)

    def _subject(self, subject: Subject, *, on: bool) -> None:
        if on:
            self._state.subjects.add(subject)
        else:
            self._state.subjects.discard(subject)

    # ---- printing and saving -------------------------------------------------------------------

    def _print(self, paper: Paper) -> None:
        from intake_app.ui.printing import print_pdf

        tr, vault = self._context.tr, self._context.vault

        def put() -> str:
            if not print_pdf(self._made(paper), self._titles[paper][0], self):
                return ""
            client_papers.note_given(vault, self._person.person_id, paper)
            return tr.gettext("Het papier is naar de printer gestuurd. Het staat in het logboek.")

        self._try(put)

    def _save(self, paper: Paper) -> None:
        tr = self._context.tr
        sure = ConfirmDialog.ask(
            self._context.theme,
            tr.gettext("Buiten de kluis opslaan?"),
            tr.gettext(
                "Buiten de kluis is het papier niet beschermd: wie bij de map kan, kan het lezen. "
                "Het komt in het logboek. Verwijder het bestand weer als je het niet meer nodig "
                "hebt."
            ),
            confirm=tr.gettext("Toch opslaan"),
            cancel=tr.gettext("Niet opslaan"),
            danger=True,
            parent=self,
        )
        if not sure:
            return
        target = self._context.pick.choose_save(
            tr.gettext("Waar komt het papier?"), f"{paper.value}.pdf", "PDF (*.pdf)", parent=self
        )
        if target is None:
            return

        def keep() -> str:
            made = self._made(paper)
            client_papers.save(self._context.vault, self._person.person_id, paper, made, target)
            return tr.gettext("Het papier is opgeslagen als {file}.").format(file=target.name)

        self._try(keep)

    def _try(self, step: Callable[[], str]) -> None:
        """Do it and keep what to say of it: the card is made anew when the log was written."""
        from intake_app.documents.pages import PdfProblem
        from intake_app.documents.typesetting import DocumentError

        told: tuple[Kind, str] | None = None
        try:
            said = step()
            told = ("ok", said) if said else None
        except (
            DocumentError,
            PdfProblem,
            NothingExplained,
            outside.NotWritten,
            VaultError,
        ) as problem:
            told = ("err", self._context.tr.said(problem))
        self._state.told = told
        if told is not None and told[0] == "ok":
            self._state.given = self._context.env.now()
        self.notice.set_notice(*(told or ("ok", "")))

    def _made(self, paper: Paper) -> bytes:
        return client_papers.pdf(self._page(paper))

    def _page(self, paper: Paper) -> ClientPage:
        from intake_app.flows.hand_over import sharing_table

        vault, catalogues = self._context.vault, self._context.catalogues
        person_id, language = self._person.person_id, self._language_now()
        if paper is Paper.PRIVACY:
            return client_papers.privacy(vault, catalogues, sharing_table(), person_id, language)
        if paper is Paper.COPY:
            return client_papers.client_copy(vault, catalogues, person_id, language)
        state = self._state
        explained = Explained(
            language=state.talk_language,
            interpreter=InterpreterMode(state.interpreter),
            subjects=tuple(subject for subject in Subject if subject in state.subjects),
            understood=state.understood,
            to_be_signed=state.to_be_signed,
        )
        return client_papers.information_receipt(vault, catalogues, person_id, language, explained)


def _check_all(boxes: QWidget) -> None:
    for box in boxes.findChildren(CheckInput):
        box.setChecked(True)
