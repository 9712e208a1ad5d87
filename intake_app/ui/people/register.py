"""Registering one person or changing what is known: doubts, lookalikes, storing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from PySide6.QtCore import QTimer

from intake_app.domain.partial_date import DateProblem
from intake_app.flows import case, desk, duplicates, register, undo
from intake_app.flows.register import DraftRefused, FieldProblem, PersonDraft, RegistrationRefused
from intake_app.ui.context import AppContext
from intake_app.ui.kit import LinkButton, Notice, Page, PrimaryButton
from intake_app.ui.people.last_change import LastChangeCard
from intake_app.ui.people.lookalikes import LookalikesCard
from intake_app.ui.people.person_fields import PersonFields
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
        self._questions = PersonFields(context, self)
        self.fields = self._questions.fields
        self.notice = Notice(context.theme, "err", "", name="register-problem")
        self.notice.hide()
        self.add(self.notice)
        self._questions.ask_name(draft)
        self._questions.ask_birth(draft)
        # below what makes somebody known: nothing that is being typed in moves
        self.lookalikes = LookalikesCard(context, opened=context.navigate.open_person)
        self.add(self.lookalikes)
        self._questions.ask_language(draft)
        if new:
            self._questions.ask_koppeling()
        self._questions.ask_contact(draft)
        self._questions.ask_residence(draft)
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
            self._questions.texts[name].textChanged.connect(lambda _text: self._typed.start())
        self._questions.dates["birth_date"].changed.connect(self._typed.start)
        self._questions.texts["v_number" if new else "family_name"].setFocus()

    def save(self) -> None:
        """Store the form, or show at each field what is wrong."""
        vault = self._context.vault
        problems = self._questions.date_problems()
        if not problems:
            problems = register.check_draft(
                self._questions.draft(), today=desk.today(self._context.env)
            )
        coupled_on, more = self._questions.koppeling_day()
        problems += more
        self._show(problems)
        if problems or self._doubt():
            return
        if self._look_for_lookalikes() and not self.lookalikes.refused():
            self.scroll_to(self.lookalikes)
            return
        try:
            if self._person_id is not None:
                person = register.save_person(vault, self._person_id, self._questions.draft())
            else:
                person = register.register_person(vault, self._questions.draft())
            if coupled_on is not None:
                code = self._questions.choices["koppeling"].value()
                register.couple(vault, person.person_id, code, coupled_on)
        except DraftRefused as error:
            self._show(error.problems)
        except RegistrationRefused as error:
            self.notice.set_notice("err", self._context.tr.said(error))
            self.scroll_to(self.notice)
        else:
            self._done(person.person_id)

    def _doubt(self) -> bool:
        """Ask once about what may be right but often is not; True while it is asked."""
        draft, before = self._questions.draft(), self._before
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
            draft = self._questions.draft()
        except DateProblem:
            return False
        if all(getattr(draft, name) == getattr(self._before, name) for name in _COMPARED):
            return False
        vault = self._context.vault
        found = duplicates.of_draft(vault, draft, person_id=self._person_id)
        return self.lookalikes.show_people(found)

    def _show(self, problems: tuple[FieldProblem, ...]) -> None:
        by_name = {problem.field: self._context.tr.said(problem.text) for problem in problems}
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
