"""The first start: practise first, or five short steps with one question each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from intake_app.domain.actor import Profile
from intake_app.domain.routing import MUNICIPALITIES
from intake_app.flows.set_up import is_label
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import (
    Caption,
    Card,
    CheckInput,
    ChoiceInput,
    Columns,
    Field,
    Heading,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Stack,
    TextInput,
)
from intake_app.ui.start.frame import StartFrame
from intake_app.ui.start.new_passphrase import NewPassphrase
from intake_app.ui.theme import Theme

STEPS = 5


@dataclass(frozen=True, slots=True)
class SetUpAnswers:
    """What the five steps ask."""

    profile: Profile = Profile.AZC
    organisation_name: str = ""
    municipality_codes: tuple[str, ...] = ()
    user_name: str = ""
    passphrase: str = ""
    repeat: str = ""
    joins: bool = False
    """True when the organisation has a vault already: its keys are asked for once this one is made.
    `organisation_name` is then what a colleague knows this vault by."""


class FirstStart(StartFrame):
    """Makes a vault.

    `create` makes it from the answers and raises an error whose str() is a Dutch sentence;
    `generate` offers a passphrase; `practise` starts the practice vault, None where there is none
    to offer. `created(object)` carries what `create` returned. Going back keeps every answer but
    the passphrase.
    """

    created = Signal(object)

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        *,
        create: Callable[[SetUpAnswers], Any],
        generate: Callable[[], str],
        folder: Path,
        practise: Callable[[], None] | None = None,
        restore: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(theme, tr)
        self.setObjectName("first-start")
        self._create, self._folder, self._practise = create, folder, practise
        self._restore = restore
        self._generate = generate
        self.answers = SetUpAnswers()
        self._collect: Callable[[], bool] = lambda: True
        self._step = 0
        self._steps = (
            self._profile_page,
            self._organisation_page,
            self._name_page,
            self._passphrase_page,
            self._summary_page,
        )
        self.show_page(self._welcome_page())

    def go_to(self, step: int) -> None:
        """Show a step, 1 to 5; 0 is the welcome."""
        self._step = step
        page = self._steps[step - 1]() if step else self._welcome_page()
        self.show_page(page)

    def next_step(self) -> None:
        """Keep the answer of this step and go on, if it is right."""
        if self._collect():
            self.go_to(self._step + 1)

    def _welcome_page(self) -> Page:
        theme, tr = self.theme, self._tr
        page = Page(theme, tr.gettext("Welkom"), width="narrow", name="start-welcome")
        page.set_title(
            tr.gettext("Welkom"),
            tr.gettext("Intake in het AZC en een overdracht die aankomt."),
        )
        if self._practise is not None:
            practise = Card(theme, accent=True)
            practise.body.addWidget(Heading(theme, tr.gettext("Eerst oefenen"), factor=1.3))
            practise.body.addWidget(
                Muted(
                    theme,
                    tr.gettext(
                        "Twaalf verzonnen mensen, twee organisaties. Je kunt niets stukmaken en er "
                        "gaat niets de deur uit."
                    ),
                )
            )
            button = PrimaryButton(theme, tr.gettext("Oefenen"), name="start-practise")
            button.clicked.connect(self._practise)
            practise.body.addSpacing(theme.gap(4))
            practise.body.addWidget(button)
            page.add(practise)
        real = Card(theme)
        real.body.addWidget(Heading(theme, tr.gettext("Een echte kluis maken"), factor=1.3))
        real.body.addWidget(
            Muted(
                theme,
                tr.gettext(
                    "Vijf korte stappen, ongeveer drie minuten. Alles wordt versleuteld op deze "
                    "laptop bewaard."
                ),
            )
        )
        kind = QuietButton if self._practise is not None else PrimaryButton
        begin = kind(theme, tr.gettext("Beginnen"), name="start-begin")
        begin.clicked.connect(lambda: self.go_to(1))
        real.body.addSpacing(theme.gap(4))
        real.body.addWidget(begin)
        page.add(real)
        if self._restore is not None:
            text = tr.gettext("Een back-up terugzetten op deze laptop")
            again = LinkButton(theme, text, name="start-restore")
            again.clicked.connect(self._restore)
            page.add(again)
        return page

    def _page(self, step: int, question: str, text: str, collect: Callable[[], bool]) -> Page:
        theme, tr = self.theme, self._tr
        page = Page(theme, "", width="narrow", name=f"start-step-{step}")
        count = tr.gettext("Stap {n} van {total}").format(n=step, total=STEPS)
        head = Stack(theme, Caption(theme, count), Heading(theme, question, factor=1.6), spacing=4)
        if text:
            head.body.addWidget(Muted(theme, text))
        page.add(head)
        back = LinkButton(theme, tr.gettext("Terug"), icon="arrow-left", name="start-back")
        back.clicked.connect(lambda: self.go_to(step - 1))
        words = tr.gettext("Kluis maken") if step == STEPS else tr.gettext("Verder")
        onward = PrimaryButton(theme, words, name="start-next")
        onward.clicked.connect(self._finish if step == STEPS else self.next_step)
        page.set_footer((back,), onward)
        self._collect = collect
        return page

    def _profile_page(self) -> Page:
        tr = self._tr
        choice = ChoiceInput(
            self.theme,
            [
                (Profile.AZC.value, tr.gettext("In een AZC: gesprekken, plan en overdracht")),
                (
                    Profile.ONTVANGST.value,
                    tr.gettext("Bij een gemeente of uitvoerder: dossiers ontvangen"),
                ),
                (Profile.REGIO.value, tr.gettext("Bij de regio: het adresboek ondertekenen")),
            ],
            value=self.answers.profile.value,
            name="start-profile",
        )
        choice.setAccessibleName(tr.gettext("Waar werk je?"))

        def collect() -> bool:
            self.answers = replace(self.answers, profile=Profile(choice.value()))
            return True

        text = tr.gettext("Dit bepaalt welke schermen je ziet.")
        page = self._page(1, tr.gettext("Waar werk je?"), text, collect)
        page.add(choice)
        choice.setFocus()
        return page

    def _organisation_page(self) -> Page:
        theme, tr = self.theme, self._tr
        joins = self.answers.joins
        receives = self.answers.profile is Profile.ONTVANGST and not joins
        name = TextInput(theme, name="start-organisation", text=self.answers.organisation_name)
        text = tr.gettext("Deze naam staat op elk dossier dat je aanbiedt of ontvangt.")
        label = tr.gettext("Naam van de organisatie")
        example = tr.gettext("Bijvoorbeeld: team AZC Zeist, of Regionale Sociale Dienst.")
        if joins:
            text = tr.gettext(
                "Na het maken van de kluis vraag je een collega om haar erbij te laten horen."
            )
            label = tr.gettext("Naam van deze kluis")
            example = tr.gettext("Je collega ziet deze naam. Bijvoorbeeld: laptop Samira.")
        field = Field(theme, label, name, help_text=example)
        known = CheckInput(
            theme, tr.gettext("Onze organisatie heeft al een kluis"), name="start-joins"
        )
        known.setChecked(joins)
        boxes: dict[str, CheckInput] = {}
        problem = Notice(theme, "err", "", name="start-municipalities-problem")
        problem.hide()

        def collect() -> bool:
            chosen = tuple(code for code, box in boxes.items() if box.isChecked())
            self.answers = replace(
                self.answers, organisation_name=name.text().strip(), municipality_codes=chosen
            )
            missing = not self.answers.organisation_name
            empty = tr.gettext("Vul de naam van je organisatie in.")
            if joins:
                empty = tr.gettext("Vul een naam voor deze kluis in.")
                missing = not is_label(self.answers.organisation_name)
                if self.answers.organisation_name and missing:
                    empty = tr.gettext("Kies een naam van hoogstens 60 tekens.")
            field.set_problem(empty if missing else "")
            none = receives and not chosen
            problem.set_notice("err", tr.gettext("Kies ten minste één gemeente.") if none else "")
            if missing:
                name.setFocus()
            return not (missing or none)

        def switch(on: bool) -> None:
            self.answers = replace(self.answers, joins=on, organisation_name=name.text().strip())
            self.go_to(2)
            again = self.findChild(CheckInput, "start-joins")
            if again is not None:
                again.setFocus()

        # the page is made anew: not while the box that asks for it is still at it
        known.toggled.connect(lambda on: QTimer.singleShot(0, self, lambda: switch(on)))
        question = tr.gettext("Hoe heet je organisatie?")
        if joins:
            question = tr.gettext("Hoe heet deze kluis?")
        page = self._page(2, question, text, collect)
        page.add(field)
        page.add(known)
        if receives:
            page.add(Heading(theme, tr.gettext("Voor welke gemeenten werk je?")))
            page.add(self._municipalities(boxes))
            page.add(problem)
        name.setFocus()
        return page

    def _municipalities(self, boxes: dict[str, CheckInput]) -> QWidget:
        theme = self.theme
        by_name = sorted(MUNICIPALITIES.items(), key=lambda pair: pair[1])
        for code, label in by_name:
            box = CheckInput(theme, label, name=f"start-municipality-{code}")
            box.setChecked(code in self.answers.municipality_codes)
            boxes[code] = box
        half = (len(by_name) + 1) // 2
        parts = list(boxes.values())
        left, right = Stack(theme, *parts[:half], spacing=2), Stack(theme, *parts[half:], spacing=2)
        return Columns(theme, left, right, stack_below=400)

    def _name_page(self) -> Page:
        theme, tr = self.theme, self._tr
        name = TextInput(theme, name="start-user-name", text=self.answers.user_name)
        text = tr.gettext("Collega’s zien zo wie een gesprek heeft gevoerd of een dossier maakte.")
        field = Field(theme, tr.gettext("Je naam"), name)

        def collect() -> bool:
            self.answers = replace(self.answers, user_name=name.text().strip())
            missing = not self.answers.user_name
            field.set_problem(tr.gettext("Vul je naam in.") if missing else "")
            return not missing

        page = self._page(3, tr.gettext("Hoe heet je?"), text, collect)
        page.add(field)
        name.setFocus()
        return page

    def _passphrase_page(self) -> Page:
        tr = self._tr
        secret = NewPassphrase(
            self.theme,
            tr,
            generate=self._generate,
            about=lambda: (self.answers.user_name, self.answers.organisation_name),
            name="start",
        )

        def collect() -> bool:
            good = secret.check()
            words = secret.text()
            self.answers = replace(self.answers, passphrase=words, repeat=words if good else "")
            return good

        text = tr.gettext("Met deze zin open je de kluis. Niemand anders kent hem.")
        page = self._page(4, tr.gettext("Kies een wachtwoordzin"), text, collect)
        page.add(secret)
        secret.setFocus()
        return page

    def _summary_page(self) -> Page:
        theme, tr, answers = self.theme, self._tr, self.answers
        text = tr.gettext("Klopt dit? Daarna maakt het programma de kluis.")
        page = self._page(5, tr.gettext("Kijk het na"), text, lambda: True)
        kind = {
            Profile.AZC: tr.gettext("In een AZC"),
            Profile.REGIO: tr.gettext("Regio"),
        }.get(answers.profile, tr.gettext("Gemeente of uitvoerder"))
        rows = RowList(
            theme,
            Row(theme, answers.organisation_name, kind, strong=True),
            Row(theme, answers.user_name, tr.gettext("Jij")),
        )
        if answers.joins:
            title = tr.gettext("Hoort straks bij de organisatie die al een kluis heeft")
            after = tr.gettext("Hierna maak je het verzoek, bij Instellingen, Meer laptops")
            rows.add(Row(theme, title, after, name="start-summary-joins"))
        elif answers.municipality_codes:
            names = ", ".join(MUNICIPALITIES[code] for code in answers.municipality_codes)
            rows.add(Row(theme, names, tr.gettext("Gemeenten")))
        rows.add(Row(theme, str(self._folder), tr.gettext("Map van de kluis op deze laptop")))
        card = Card(theme)
        card.body.addWidget(rows)
        page.add(card)
        page.add(
            Notice(
                theme,
                "warn",
                tr.gettext(
                    "Maak hierna meteen herstelkaarten. Zonder die kaarten kan niemand de kluis "
                    "nog openen als je de wachtwoordzin vergeet."
                ),
            )
        )
        self._problem = Notice(theme, "err", "", name="start-problem")
        self._problem.hide()
        page.add(self._problem)
        return page

    def _finish(self) -> None:
        page = self.page()
        if isinstance(page, Page) and page.primary is not None:
            page.primary.setEnabled(False)
        self._problem.set_notice(
            "info", self._tr.gettext("De kluis wordt gemaakt. Dit duurt even.")
        )
        # let the message appear first: deriving the key takes about a second
        QTimer.singleShot(20, self._make)

    def _make(self) -> None:
        from intake_app.flows.set_up import SetUpRefused
        from intake_app.vault.errors import VaultError

        try:
            result = self._create(self.answers)
        except (VaultError, SetUpRefused) as error:
            self._problem.set_notice("err", self._tr.said(error))
            page = self.page()
            if isinstance(page, Page) and page.primary is not None:
                page.primary.setEnabled(True)
            return
        self.answers = replace(self.answers, passphrase="", repeat="")
        self.created.emit(result)
