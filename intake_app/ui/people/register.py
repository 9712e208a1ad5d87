"""The form for one person: new, or what is known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from intake_app.domain.brp import COUNTRIES, NATIONALITIES, RESIDENCE_TITLES
from intake_app.domain.partial_date import DateProblem
from intake_app.domain.person import BirthDateStatus, Gender, Literacy
from intake_app.domain.routing import MUNICIPALITIES
from intake_app.flows import case, desk, duplicates, register, undo
from intake_app.flows.dossier_words import BIRTH_DATE_STATES, GENDERS, LITERACIES
from intake_app.flows.register import DraftRefused, FieldProblem, PersonDraft, RegistrationRefused
from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Card,
    CheckInput,
    ChoiceInput,
    Columns,
    Field,
    LinkButton,
    Notice,
    Page,
    PartialDateInput,
    PrimaryButton,
    TextInput,
)
from intake_app.ui.people.codes import CodeInput, CodesInput
from intake_app.ui.people.last_change import LastChangeCard
from intake_app.ui.people.lookalikes import LookalikesCard
from intake_app.vault.errors import VaultLocked

_TELLING = (
    "v_number",
    "family_name",
    "given_names",
    "call_name",
    "name_in_own_script",
    "bsn",
    "phone",
)
_COMPARED = (*_TELLING, "birth_date")


class RegisterPage(Page):
    """Asks what `flows.register` stores of a person; problems stand at their field.

    `person_id` is None for somebody new. `done` is called with the person's id once stored.
    """

    def __init__(
        self,
        context: AppContext,
        person_id: UUID | None,
        *,
        done: Callable[[UUID], None],
        cancel: Callable[[], None],
    ) -> None:
        tr = context.tr
        new = person_id is None
        title = tr.gettext("Iemand registreren") if new else tr.gettext("Gegevens wijzigen")
        super().__init__(context.theme, title, name="register-page")
        if new:
            self.set_title(
                title, tr.gettext("Alleen de achternaam is nodig. De rest mag je later aanvullen.")
            )
        self._context, self._person_id, self._done = context, person_id, done
        draft = PersonDraft()
        if person_id is not None:
            draft = register.draft_of(case.overview(context.vault, person_id).person)
        self._before = draft
        self._doubted: set[tuple[FieldProblem, tuple[str, str]]] = set()
        self._texts: dict[str, TextInput] = {}
        self._choices: dict[str, ChoiceInput] = {}
        self._dates: dict[str, PartialDateInput] = {}
        self._codes: dict[str, CodeInput] = {}
        self.fields: dict[str, Field] = {}
        self._optional = tr.gettext("mag leeg blijven")
        self.notice = Notice(context.theme, "err", "", name="register-problem")
        self.notice.hide()
        self.add(self.notice)
        self._build_name(draft)
        self._build_birth(draft)
        # below what makes somebody known: nothing that is being typed in moves
        self.lookalikes = LookalikesCard(context, opened=context.navigate.open_person)
        self.add(self.lookalikes)
        self._build_language(draft)
        if new:
            self._build_koppeling()
        self._build_contact(draft)
        self._build_residence(draft)
        change = None if person_id is None else undo.last_change(context.vault, person_id)
        if person_id is not None and change is not None:
            self.add(LastChangeCard(context, change, done=lambda: done(person_id)))
        back = LinkButton(context.theme, tr.gettext("Niet bewaren"), name="register-cancel")
        back.clicked.connect(cancel)
        words = tr.gettext("Registreren") if new else tr.gettext("Bewaren")
        save = PrimaryButton(context.theme, words, name="register-save")
        save.clicked.connect(self.save)
        self.set_footer((back,), save)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(400)
        self._typed.timeout.connect(self._look_while_typing)
        for name in _TELLING:
            self._texts[name].textChanged.connect(lambda _text: self._typed.start())
        self._dates["birth_date"].changed.connect(self._typed.start)
        self._texts["v_number" if new else "family_name"].setFocus()

    def draft(self) -> PersonDraft:
        """Return the form as text; raises `DateProblem` for a date that cannot be."""
        texts = {name: control.text() for name, control in self._texts.items()}
        choices = {name: control.value() for name, control in self._choices.items()}
        choices.pop("koppeling", None)
        codes = {name: control.value() for name, control in self._codes.items()}
        return PersonDraft(
            **texts,
            **choices,
            **codes,
            birth_date=self._dates["birth_date"].value().iso(),
            permit_from=self._dates["permit_from"].value().iso(),
            nationalities=self._nationalities.values(),
            is_nareiziger=self._nareiziger.isChecked(),
        )

    def save(self) -> None:
        """Store the form, or show at each field what is wrong."""
        vault = self._context.vault
        problems = self._date_problems()
        if not problems:
            problems = register.check_draft(self.draft(), today=desk.today(self._context.env))
        coupled_on, more = self._koppeling_day()
        problems += more
        self._show(problems)
        if problems or self._doubt():
            return
        if self._look_for_lookalikes() and not self.lookalikes.refused():
            self.scroll_to(self.lookalikes)
            return
        try:
            if self._person_id is not None:
                person = register.save_person(vault, self._person_id, self.draft())
            else:
                person = register.register_person(vault, self.draft())
            if coupled_on is not None:
                code = self._choices["koppeling"].value()
                register.couple(vault, person.person_id, code, coupled_on)
        except DraftRefused as error:
            self._show(error.problems)
        except RegistrationRefused as error:
            self.notice.set_notice("err", str(error))
            self.scroll_to(self.notice)
        else:
            self._done(person.person_id)

    def _doubt(self) -> bool:
        """Ask once about what may be right but often is not; True while it is asked."""
        draft, before = self.draft(), self._before
        told = (draft.birth_date, draft.birth_date_status)
        if told == (before.birth_date, before.birth_date_status):
            return False
        new = tuple(each for each in register.doubts(draft) if (each, told) not in self._doubted)
        self._doubted |= {(each, told) for each in new}
        if new:
            self._show(new)
            text = self._context.tr.gettext(
                "Er is nog niets bewaard. Klopt het zo? Kies dan nog een keer de knop onderaan."
            )
            self.notice.set_notice("warn", text)
        return bool(new)

    def _look_while_typing(self) -> None:
        with suppress(VaultLocked):
            self._look_for_lookalikes()

    def _look_for_lookalikes(self) -> bool:
        """Show who may be the same person; True when somebody was not shown before."""
        self._typed.stop()
        try:
            draft = self.draft()
        except DateProblem:
            return False
        if all(getattr(draft, name) == getattr(self._before, name) for name in _COMPARED):
            return False
        vault = self._context.vault
        found = duplicates.of_draft(vault, draft, person_id=self._person_id)
        return self.lookalikes.show_people(found)

    def _date_problems(self) -> tuple[FieldProblem, ...]:
        found = []
        for name, control in self._dates.items():
            try:
                control.value()
            except DateProblem as error:
                found.append(FieldProblem(name, str(error)))
        return tuple(found)

    def _koppeling_day(self) -> tuple[date | None, tuple[FieldProblem, ...]]:
        if "koppeling" not in self._choices or not self._choices["koppeling"].value():
            return None, ()
        tr = self._context.tr
        try:
            day = self._dates["koppeling_on"].date()
        except DateProblem as error:
            return None, (FieldProblem("koppeling_on", str(error)),)
        if day is None:
            text = tr.gettext("Vul in op welke dag de koppeling bekend werd.")
            return None, (FieldProblem("koppeling_on", text),)
        if day > desk.today(self._context.env):
            text = tr.gettext("De koppeling kan niet in de toekomst liggen.")
            return None, (FieldProblem("koppeling_on", text),)
        return day, ()

    def _show(self, problems: tuple[FieldProblem, ...]) -> None:
        by_name = {problem.field: problem.text for problem in problems}
        for name, field in self.fields.items():
            field.set_problem(by_name.get(name, ""))
        if not problems:
            self.notice.set_notice("err", "")
            return
        count = len(problems)
        text = self._context.tr.ngettext(
            "Er is nog niets bewaard. {n} vraag klopt nog niet.",
            "Er is nog niets bewaard. {n} vragen kloppen nog niet.",
            count,
        )
        self.notice.set_notice("err", text.format(n=count))
        first = next((f for name, f in self.fields.items() if name in by_name), None)
        if first is not None:
            self.scroll_to(first)
            first.control.setFocus()

    def _card(self, title: str) -> Card:
        card = Card(self.theme, title)
        card.body.setSpacing(self.theme.gap(16))
        self.add(card)
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
            self.theme, name=f"register-{slug}", text=value, language=language, width=width
        )
        self._texts[name] = control
        optional = "" if required else self._optional
        return self._keep(
            name, Field(self.theme, label, control, help_text=help_text, optional=optional)
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
            self.theme,
            options,
            value=value,
            horizontal=horizontal,
            placeholder=self._context.tr.gettext("Kies") if len(options) > 4 else "",
            name=f"register-{name.replace('_', '-')}",
        )
        self._choices[name] = control
        return self._keep(name, Field(self.theme, label, control, help_text=help_text))

    def _date(self, name: str, label: str, value: str, *, help_text: str = "") -> Field:
        from intake_app.domain.partial_date import PartialDate

        tr = self._context.tr
        control = PartialDateInput(
            self.theme,
            (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar")),
            name=f"register-{name.replace('_', '-')}",
        )
        control.set_value(PartialDate.parse(value))
        self._dates[name] = control
        return self._keep(name, Field(self.theme, label, control, help_text=help_text))

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
        tr = self._context.tr
        control = CodeInput(
            self.theme,
            {code: tr.gettext(word) for code, word in names.items()},
            none=tr.gettext("niet ingevuld"),
            other=other,
            code_label=code_label or tr.gettext("code van vier cijfers"),
            value=value,
            name=f"register-{name.replace('_', '-')}",
        )
        self._codes[name] = control
        return self._keep(
            name, Field(self.theme, label, control, help_text=self._code_help(), optional="")
        )

    def _code_help(self) -> str:
        return self._context.tr.gettext("Staat het er niet bij? Neem de code uit de BRP-tabel.")

    def _nationalities_field(self, values: tuple[str, ...]) -> Field:
        tr = self._context.tr
        self._nationalities = CodesInput(
            self.theme,
            {code: tr.gettext(word) for code, word in NATIONALITIES.items()},
            none=tr.gettext("niet ingevuld"),
            other=tr.gettext("een andere nationaliteit"),
            code_label=tr.gettext("code van vier cijfers"),
            more=tr.gettext("Nog een nationaliteit"),
            values=values,
            name="register-nationality",
        )
        label = tr.gettext("Nationaliteit")
        field = Field(self.theme, label, self._nationalities, help_text=self._code_help())
        return self._keep("nationalities", field)

    def _keep(self, name: str, field: Field) -> Field:
        self.fields[name] = field
        return field

    def _beside(self, *fields: QWidget) -> Columns:
        return Columns(self.theme, *fields, stack_below=520)

    def _build_name(self, draft: PersonDraft) -> None:
        tr = self._context.tr
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

    def _build_birth(self, draft: PersonDraft) -> None:
        tr = self._context.tr
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

    def _build_language(self, draft: PersonDraft) -> None:
        tr = self._context.tr
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
        self._choices["contact_language"].changed.connect(
            self._texts["name_in_own_script"].set_language
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

    def _build_koppeling(self) -> None:
        tr = self._context.tr
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

    def _build_contact(self, draft: PersonDraft) -> None:
        tr = self._context.tr
        card = self._card(tr.gettext("Bereikbaar"))
        card.body.addWidget(
            self._beside(
                self._text("phone", tr.gettext("Telefoon"), draft.phone),
                self._text("email", tr.gettext("E-mail"), draft.email),
            )
        )

    def _build_residence(self, draft: PersonDraft) -> None:
        tr = self._context.tr
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
            self.theme, tr.gettext("Deze persoon is nareiziger"), name="register-nareiziger"
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
