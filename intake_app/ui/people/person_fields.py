"""The questions about a person: what a colleague may fill in, card by card, as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtWidgets import QWidget

from intake_app.domain.brp import COUNTRIES, NATIONALITIES, RESIDENCE_TITLES
from intake_app.domain.partial_date import DateProblem
from intake_app.domain.person import BirthDateStatus, Gender, Literacy
from intake_app.domain.routing import MUNICIPALITIES
from intake_app.flows import desk
from intake_app.flows.dossier_words import BIRTH_DATE_STATES, GENDERS, LITERACIES
from intake_app.flows.register import FieldProblem, PersonDraft
from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Card,
    CheckInput,
    ChoiceInput,
    Columns,
    Field,
    Page,
    PartialDateInput,
    TextInput,
)
from intake_app.ui.people.codes import CodeInput, CodesInput


class PersonFields:
    """Puts the cards with questions on a page and reads them back as a `PersonDraft`.

    `texts`, `choices` and `dates` are the controls and `fields` all questions, by field name.
    Every `ask_` but `ask_koppeling` is needed before `draft`.
    """

    def __init__(self, context: AppContext, page: Page) -> None:
        self._page, self._theme, self._tr = page, context.theme, context.tr
        self._env = context.env
        self.texts: dict[str, TextInput] = {}
        self.choices: dict[str, ChoiceInput] = {}
        self.dates: dict[str, PartialDateInput] = {}
        self._codes: dict[str, CodeInput] = {}
        self.fields: dict[str, Field] = {}
        self._optional = self._tr.gettext("mag leeg blijven")

    def draft(self) -> PersonDraft:
        """Return the form as text; raises `DateProblem` for a date that cannot be."""
        texts = {name: control.text() for name, control in self.texts.items()}
        choices = {name: control.value() for name, control in self.choices.items()}
        choices.pop("koppeling", None)
        codes = {name: control.value() for name, control in self._codes.items()}
        return PersonDraft(
            **texts,
            **choices,
            **codes,
            birth_date=self.dates["birth_date"].value().iso(),
            permit_from=self.dates["permit_from"].value().iso(),
            nationalities=self._nationalities.values(),
            is_nareiziger=self._nareiziger.isChecked(),
        )

    def date_problems(self) -> tuple[FieldProblem, ...]:
        """Return the dates that cannot be."""
        found = []
        for name, control in self.dates.items():
            try:
                control.value()
            except DateProblem as error:
                found.append(FieldProblem(name, self._tr.said(error)))
        return tuple(found)

    def koppeling_day(self) -> tuple[date | None, tuple[FieldProblem, ...]]:
        """Return the day of the koppeling, None without one, and what is wrong with it."""
        if "koppeling" not in self.choices or not self.choices["koppeling"].value():
            return None, ()
        tr = self._tr
        try:
            day = self.dates["koppeling_on"].date()
        except DateProblem as error:
            return None, (FieldProblem("koppeling_on", tr.said(error)),)
        if day is None:
            text = tr.gettext("Vul in op welke dag de koppeling bekend werd.")
            return None, (FieldProblem("koppeling_on", text),)
        if day > desk.today(self._env):
            text = tr.gettext("De koppeling kan niet in de toekomst liggen.")
            return None, (FieldProblem("koppeling_on", text),)
        return day, ()

    def ask_name(self, draft: PersonDraft) -> None:
        """Ask who it is: number and names."""
        tr = self._tr
        card = self._card(tr.gettext("Wie"))
        card.body.addWidget(
            self._text(
                "v_number",
                tr.gettext("V-nummer"),
                draft.v_number,
                help_text=tr.gettext("Tien cijfers, op het pasje of in TVS."),
                width=220,
            )
        )
        card.body.addWidget(
            self._text(
                "family_name",
                tr.gettext("Achternaam"),
                draft.family_name,
                help_text=tr.gettext("Zoals op het document. Iemand met één naam: zet die hier."),
                required=True,
            )
        )
        card.body.addWidget(
            self._beside(
                self._text("given_names", tr.gettext("Voornamen"), draft.given_names),
                self._text("name_prefix", tr.gettext("Voorvoegsel"), draft.name_prefix),
            )
        )
        card.body.addWidget(
            self._text(
                "call_name",
                tr.gettext("Roepnaam"),
                draft.call_name,
                help_text=tr.gettext("Zoals je iemand aanspreekt."),
            )
        )
        card.body.addWidget(
            self._text(
                "name_in_own_script",
                tr.gettext("Naam in eigen schrift"),
                draft.name_in_own_script,
                language=draft.contact_language or "nl",
            )
        )

    def ask_birth(self, draft: PersonDraft) -> None:
        """Ask about the birth, and the gender."""
        tr = self._tr
        card = self._card(tr.gettext("Geboren"))
        card.body.addWidget(
            self._date(
                "birth_date",
                tr.gettext("Geboortedatum"),
                draft.birth_date,
                help_text=tr.gettext("Laat leeg wat niet bekend is: de dag, de maand of alles."),
            )
        )
        card.body.addWidget(
            self._choice(
                "birth_date_status",
                tr.gettext("Hoe zeker is die datum?"),
                [(s.value, tr.gettext(BIRTH_DATE_STATES[s])) for s in BirthDateStatus],
                draft.birth_date_status,
            )
        )
        card.body.addWidget(
            self._choice(
                "gender",
                tr.gettext("Geslacht"),
                [(g.value, tr.gettext(GENDERS[g])) for g in Gender],
                draft.gender,
                horizontal=True,
            )
        )

    def ask_language(self, draft: PersonDraft) -> None:
        """Ask in which language to talk, and how the person reads."""
        tr = self._tr
        card = self._card(tr.gettext("Taal"))
        languages = [
            (language.code, f"{tr.gettext(language.dutch_name)}  {language.own_name}")
            for language in LANGUAGES.values()
        ]
        card.body.addWidget(
            self._choice(
                "contact_language",
                tr.gettext("In welke taal voer je het gesprek?"),
                languages,
                draft.contact_language,
            )
        )
        self.choices["contact_language"].changed.connect(
            self.texts["name_in_own_script"].set_language
        )
        card.body.addWidget(
            self._choice(
                "interpreter_needed",
                tr.gettext("Is er een tolk nodig?"),
                [
                    ("ja", tr.gettext("ja")),
                    ("nee", tr.gettext("nee")),
                    ("", tr.gettext("weet ik nog niet")),
                ],
                draft.interpreter_needed,
                horizontal=True,
            )
        )
        card.body.addWidget(
            self._choice(
                "literacy",
                tr.gettext("Kan de persoon lezen en schrijven?"),
                [(code.value, tr.gettext(LITERACIES[code])) for code in Literacy],
                draft.literacy,
            )
        )

    def ask_koppeling(self) -> None:
        """Ask to which municipality somebody new was coupled, and since when."""
        tr = self._tr
        card = self._card(tr.gettext("Koppeling"))
        by_name = sorted(MUNICIPALITIES.items(), key=lambda pair: pair[1])
        card.body.addWidget(
            self._choice(
                "koppeling",
                tr.gettext("Aan welke gemeente is de persoon gekoppeld?"),
                by_name,
                "",
                help_text=tr.gettext("Nog niet bekend? Laat het leeg en vul het later aan."),
            )
        )
        card.body.addWidget(self._date("koppeling_on", tr.gettext("Gekoppeld op"), ""))

    def ask_contact(self, draft: PersonDraft) -> None:
        """Ask how the person can be reached."""
        tr = self._tr
        card = self._card(tr.gettext("Bereikbaar"))
        card.body.addWidget(
            self._beside(
                self._text("phone", tr.gettext("Telefoon"), draft.phone),
                self._text("email", tr.gettext("E-mail"), draft.email),
            )
        )

    def ask_residence(self, draft: PersonDraft) -> None:
        """Ask what the registers know: BSN, permit, nationality, title."""
        tr = self._tr
        card = self._card(tr.gettext("Verblijf en burgerzaken"))
        card.body.addWidget(
            self._text(
                "bsn",
                tr.gettext("BSN"),
                draft.bsn,
                help_text=tr.gettext("Alleen als het er is. Gaat alleen mee naar de gemeente."),
                width=220,
            )
        )
        card.body.addWidget(
            self._date("permit_from", tr.gettext("Vergunning vanaf"), draft.permit_from)
        )
        card.body.addWidget(
            self._beside(
                self._code(
                    "birth_country",
                    tr.gettext("Geboorteland"),
                    COUNTRIES,
                    draft.birth_country,
                    tr.gettext("een ander land"),
                ),
                self._nationalities_field(draft.nationalities),
            )
        )
        card.body.addWidget(
            self._code(
                "residence_title",
                tr.gettext("Verblijfstitel"),
                RESIDENCE_TITLES,
                draft.residence_title,
                tr.gettext("een andere titel"),
                code_label=tr.gettext("code van twee cijfers"),
            )
        )
        self._nareiziger = CheckInput(
            self._theme, tr.gettext("Deze persoon is nareiziger"), name="register-nareiziger"
        )
        self._nareiziger.setChecked(draft.is_nareiziger)
        card.body.addWidget(self._nareiziger)
        card.body.addWidget(
            self._text(
                "no_azc_intake_reason",
                tr.gettext("Waarom was er geen intake in het AZC?"),
                draft.no_azc_intake_reason,
                help_text=tr.gettext("Alleen invullen als er geen intake komt."),
            )
        )

    def _card(self, title: str) -> Card:
        card = Card(self._theme, title)
        card.body.setSpacing(self._theme.gap(16))
        self._page.add(card)
        return card

    def _text(
        self,
        name: str,
        label: str,
        value: str,
        *,
        help_text: str = "",
        language: str = "nl",
        required: bool = False,
        width: float = 0,
    ) -> Field:
        slug = name.replace("_", "-")
        control = TextInput(
            self._theme, name=f"register-{slug}", text=value, language=language, width=width
        )
        self.texts[name] = control
        optional = "" if required else self._optional
        return self._keep(
            name, Field(self._theme, label, control, help_text=help_text, optional=optional)
        )

    def _choice(
        self,
        name: str,
        label: str,
        options: list[tuple[str, str]],
        value: str,
        *,
        horizontal: bool = False,
        help_text: str = "",
    ) -> Field:
        control = ChoiceInput(
            self._theme,
            options,
            value=value,
            horizontal=horizontal,
            placeholder=self._tr.gettext("Kies") if len(options) > 4 else "",
            name=f"register-{name.replace('_', '-')}",
        )
        self.choices[name] = control
        return self._keep(name, Field(self._theme, label, control, help_text=help_text))

    def _date(self, name: str, label: str, value: str, *, help_text: str = "") -> Field:
        from intake_app.domain.partial_date import PartialDate

        tr = self._tr
        control = PartialDateInput(
            self._theme,
            (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar")),
            name=f"register-{name.replace('_', '-')}",
        )
        control.set_value(PartialDate.parse(value))
        self.dates[name] = control
        return self._keep(name, Field(self._theme, label, control, help_text=help_text))

    def _code(
        self,
        name: str,
        label: str,
        names: Mapping[str, str],
        value: str,
        other: str,
        *,
        code_label: str = "",
    ) -> Field:
        tr = self._tr
        control = CodeInput(
            self._theme,
            {code: tr.gettext(word) for code, word in names.items()},
            none=tr.gettext("niet ingevuld"),
            other=other,
            code_label=code_label or tr.gettext("code van vier cijfers"),
            value=value,
            name=f"register-{name.replace('_', '-')}",
        )
        self._codes[name] = control
        return self._keep(
            name, Field(self._theme, label, control, help_text=self._code_help(), optional="")
        )

    def _code_help(self) -> str:
        return self._tr.gettext("Staat het er niet bij? Neem de code uit de BRP-tabel.")

    def _nationalities_field(self, values: tuple[str, ...]) -> Field:
        tr = self._tr
        self._nationalities = CodesInput(
            self._theme,
            {code: tr.gettext(word) for code, word in NATIONALITIES.items()},
            none=tr.gettext("niet ingevuld"),
            other=tr.gettext("een andere nationaliteit"),
            code_label=tr.gettext("code van vier cijfers"),
            more=tr.gettext("Nog een nationaliteit"),
            values=values,
            name="register-nationality",
        )
        label = tr.gettext("Nationaliteit")
        field = Field(self._theme, label, self._nationalities, help_text=self._code_help())
        return self._keep("nationalities", field)

    def _keep(self, name: str, field: Field) -> Field:
        self.fields[name] = field
        return field

    def _beside(self, *fields: QWidget) -> Columns:
        return Columns(self._theme, *fields, stack_below=520)
