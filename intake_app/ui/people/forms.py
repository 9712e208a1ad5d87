"""Short forms about one person: koppeling, household, stay, notice of DUO."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from intake_app.domain.partial_date import DateProblem
from intake_app.domain.person import (
    AzcStay,
    DecouplingReason,
    Household,
    HouseholdMember,
    Relation,
    Reunification,
)
from intake_app.domain.routing import MUNICIPALITIES, municipality_name
from intake_app.flows import case, desk, register
from intake_app.flows.dossier_words import RELATIONS, REUNIFICATIONS
from intake_app.flows.register import RegistrationRefused
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
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
    TextLink,
)


class ShortForm(Page):
    """A page with a few fields, one button that stores, and the problem where it belongs."""

    def __init__(
        self,
        context: AppContext,
        title: str,
        subtitle: str,
        verb: str,
        *,
        name: str,
        done: Callable[[], None],
    ) -> None:
        super().__init__(context.theme, title, subtitle=subtitle, name=f"{name}-page")
        self._context, self._name, self._done = context, name, done
        self.notice = Notice(context.theme, "err", "", name=f"{name}-problem")
        self.notice.hide()
        self.add(self.notice)
        back = LinkButton(context.theme, context.tr.gettext("Niet bewaren"), name=f"{name}-cancel")
        back.clicked.connect(done)
        save = PrimaryButton(context.theme, verb, name=f"{name}-save")
        save.clicked.connect(self.save)
        self.set_footer((back,), save)

    def store(self) -> bool:
        """Store what is filled in; False when a field shows a problem. May raise a refusal."""
        raise NotImplementedError

    def save(self) -> None:
        """Store and go back, or say what is wrong."""
        try:
            stored = self.store()
        except RegistrationRefused as error:
            self.notice.set_notice("err", self._context.tr.said(error))
            self.scroll_to(self.notice)
            return
        if stored:
            self._done()

    def date_input(self, part: str) -> PartialDateInput:
        """Return a new date of three boxes."""
        tr = self._context.tr
        labels = (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar"))
        return PartialDateInput(self.theme, labels, name=f"{self._name}-{part}")

    def day_of(self, field: Field, missing: str = "") -> date | None:
        """Return the day of a date field; None with the problem shown when it will not do."""
        control = field.control
        if not isinstance(control, PartialDateInput):
            raise TypeError("not a date field")
        field.set_problem("")
        try:
            day = control.date()
        except DateProblem as error:
            field.set_problem(self._context.tr.said(error))
            return None
        if day is None and missing:
            field.set_problem(missing)
        return day


class CouplePage(ShortForm):
    """Link somebody to a municipality, or end the link that runs."""

    def __init__(self, context: AppContext, person_id: UUID, *, done: Callable[[], None]) -> None:
        tr = context.tr
        overview = case.overview(context.vault, person_id)
        self._person_id, self._current = person_id, overview.koppeling
        name = overview.person.short_name
        ending = self._current is not None
        super().__init__(
            context,
            tr.gettext("Koppeling van {name}").format(name=name),
            tr.gettext("Het COA koppelt. Leg hier vast wat het COA heeft besloten."),
            tr.gettext("Koppeling beëindigen") if ending else tr.gettext("Koppelen"),
            name="couple",
            done=done,
        )
        card = Card(context.theme)
        card.body.setSpacing(context.theme.gap(16))
        if self._current is not None:
            where = municipality_name(self._current.municipality_code)
            since = words.long_date(tr, self._current.linked_on)
            text = tr.gettext("{name} is sinds {day} gekoppeld aan {municipality}.").format(
                name=name, day=since, municipality=where
            )
            card.body.addWidget(Body(context.theme, text))
            self.reason = ChoiceInput(
                context.theme,
                [
                    (DecouplingReason.HERKOPPELD.value, tr.gettext("aan een andere gemeente")),
                    (DecouplingReason.UITRUIL.value, tr.gettext("geruild met een andere gemeente")),
                    (DecouplingReason.INGETROKKEN.value, tr.gettext("de koppeling is ingetrokken")),
                    (DecouplingReason.ANDERS.value, tr.gettext("iets anders")),
                ],
                value=DecouplingReason.HERKOPPELD.value,
                name="couple-reason",
            )
            card.body.addWidget(
                Field(context.theme, tr.gettext("Waarom eindigt de koppeling?"), self.reason)
            )
            self.day = Field(context.theme, tr.gettext("Geëindigd op"), self.date_input("on"))
        else:
            options = sorted(MUNICIPALITIES.items(), key=lambda pair: pair[1])
            self.municipality = ChoiceInput(
                context.theme,
                options,
                placeholder=tr.gettext("Kies een gemeente"),
                name="couple-municipality",
            )
            self.where = Field(context.theme, tr.gettext("Gemeente"), self.municipality)
            card.body.addWidget(self.where)
            self.day = Field(context.theme, tr.gettext("Gekoppeld op"), self.date_input("on"))
            self.why = TextInput(context.theme, name="couple-why")
        card.body.addWidget(self.day)
        if self._current is None:
            card.body.addWidget(
                Field(
                    context.theme,
                    tr.gettext("Waarom past deze gemeente?"),
                    self.why,
                    optional=tr.gettext("mag leeg blijven"),
                )
            )
        self.add(card)

    def store(self) -> bool:
        """Couple or decouple."""
        tr, vault = self._context.tr, self._context.vault
        day = self.day_of(self.day, tr.gettext("Vul in op welke dag dit gebeurde."))
        if self._current is not None:
            if day is None:
                return False
            reason = DecouplingReason(self.reason.value())
            register.decouple(vault, self._person_id, day, reason)
            return True
        code = self.municipality.value()
        self.where.set_problem("" if code else tr.gettext("Kies een gemeente uit de lijst."))
        if day is None or not code:
            return False
        register.couple(vault, self._person_id, code, day, self.why.text().strip())
        return True


class StayPage(ShortForm):
    """Where somebody stays now; a new stay when they moved."""

    def __init__(self, context: AppContext, person_id: UUID, *, done: Callable[[], None]) -> None:
        tr, theme = context.tr, context.theme
        overview = case.overview(context.vault, person_id)
        self._person_id = person_id
        running = [stay for stay in overview.stays if stay.left is None]
        self._stay = running[-1] if running else None
        super().__init__(
            context,
            tr.gettext("Verblijf van {name}").format(name=overview.person.short_name),
            "",
            tr.gettext("Bewaren"),
            name="stay",
            done=done,
        )
        card = Card(theme)
        card.body.setSpacing(theme.gap(16))
        known = self._stay
        self.location = TextInput(theme, name="stay-location", text=known.location if known else "")
        self.where = Field(theme, tr.gettext("Locatie"), self.location)
        self.room = TextInput(theme, name="stay-room", text=known.room if known else "")
        self.contact = TextInput(
            theme, name="stay-contact", text=known.coa_contact if known else ""
        )
        optional = tr.gettext("mag leeg blijven")
        room = Field(theme, tr.gettext("Kamer"), self.room, optional=optional)
        contact = Field(
            theme, tr.gettext("Contactpersoon bij het COA"), self.contact, optional=optional
        )
        self.arrived = Field(
            theme, tr.gettext("Aangekomen op"), self.date_input("arrived"), optional=optional
        )
        self.left = Field(
            theme, tr.gettext("Vertrokken op"), self.date_input("left"), optional=optional
        )
        for field, day in (
            (self.arrived, known.arrived if known else None),
            (self.left, known.left if known else None),
        ):
            if isinstance(field.control, PartialDateInput):
                field.control.set_value(day)
        card.body.addWidget(self.where)
        card.body.addWidget(Columns(theme, room, contact, stack_below=520))
        card.body.addWidget(Columns(theme, self.arrived, self.left, stack_below=520))
        self.add(card)
        self.location.setFocus()

    def store(self) -> bool:
        """Store the stay that runs, or a new one."""
        tr, context = self._context.tr, self._context
        location = self.location.text().strip()
        self.where.set_problem("" if location else tr.gettext("Vul in waar de persoon verblijft."))
        arrived, left = self.day_of(self.arrived), self.day_of(self.left)
        if not location or self.arrived.problem() or self.left.problem():
            return False
        stay_id = self._stay.stay_id if self._stay else context.env.uuid()
        register.save_stay(
            context.vault,
            AzcStay(
                stay_id,
                self._person_id,
                location,
                self.room.text().strip(),
                arrived,
                left,
                self.contact.text().strip(),
            ),
        )
        return True


class NoticePage(ShortForm):
    """The day of DUO's notice, from which the term of the PIP is counted."""

    def __init__(self, context: AppContext, person_id: UUID, *, done: Callable[[], None]) -> None:
        tr = context.tr
        self._person_id = person_id
        overview = case.overview(context.vault, person_id)
        super().__init__(
            context,
            tr.gettext("Kennisgeving van DUO"),
            tr.gettext("Vanaf de dag van de brief telt de termijn van tien weken voor de PIP."),
            tr.gettext("Bewaren"),
            name="notice",
            done=done,
        )
        label = tr.gettext("Datum op de brief aan {name}").format(name=overview.person.short_name)
        self.day = Field(context.theme, label, self.date_input("on"))
        card = Card(context.theme)
        card.body.addWidget(self.day)
        self.add(card)
        self.day.control.setFocus()

    def store(self) -> bool:
        """Record the notice."""
        tr = self._context.tr
        day = self.day_of(self.day, tr.gettext("Vul de datum van de brief in."))
        if day is None:
            return False
        register.record_notice(self._context.vault, self._person_id, day)
        return True


class HouseholdPage(ShortForm):
    """Who belongs together now, or after reunification."""

    def __init__(self, context: AppContext, person_id: UUID, *, done: Callable[[], None]) -> None:
        tr, theme = context.tr, context.theme
        overview = case.overview(context.vault, person_id)
        person, known = overview.person, overview.household
        super().__init__(
            context,
            tr.gettext("Huishouden van {name}").format(name=person.short_name),
            tr.gettext("Wie bij elkaar horen, ook wie nog niet in Nederland is."),
            tr.gettext("Bewaren"),
            name="household",
            done=done,
        )
        self._household_id = known.household_id if known else context.env.uuid()
        own = HouseholdMember(
            person.display_name, Relation.ZELF, person.birth_date, person_id=person_id
        )
        self._members: list[MemberForm] = []
        self._list = QVBoxLayout()
        self.body.addLayout(self._list)
        self._list.setSpacing(theme.gap(16))
        for member in known.members if known else (own,):
            self._add(member)
        more = TextLink(theme, tr.gettext("Nog iemand"), icon="plus", name="household-add")
        more.clicked.connect(self.add_member)
        holder = QHBoxLayout()
        self.body.addLayout(holder)
        holder.addWidget(more)
        holder.addStretch(1)
        card = Card(theme, tr.gettext("Gezinshereniging"))
        self.reunification = ChoiceInput(
            theme,
            [(state.value, tr.gettext(REUNIFICATIONS[state])) for state in Reunification],
            value=(known.reunification if known else Reunification.GEEN).value,
            name="household-reunification",
        )
        self.expected = TextInput(
            theme,
            name="household-expected",
            width=88,
            text=str(known.expected_persons) if known and known.expected_persons else "",
        )
        self.expected_field = Field(
            theme, tr.gettext("Hoeveel mensen worden er verwacht?"), self.expected
        )
        card.body.setSpacing(theme.gap(16))
        card.body.addWidget(Field(theme, tr.gettext("Hoe ver is die?"), self.reunification))
        card.body.addWidget(self.expected_field)
        self.add(card)

    def add_member(self) -> None:
        """Add an empty member and put the keyboard in its name."""
        self._add(HouseholdMember("", Relation.KIND)).who.setFocus()

    def grow_for(self, names: Collection[str]) -> None:
        """Make room for members that were being filled in, see `kept_typing.enter`."""
        while f"household-{len(self._members) + 1}-name" in names:
            self._add(HouseholdMember("", Relation.KIND))

    def store(self) -> bool:
        """Store the members that have a name."""
        tr = self._context.tr
        expected = self.expected.text().strip()
        well = not expected or (expected.isascii() and expected.isdigit() and int(expected) <= 30)
        problem = "" if well else tr.gettext("Vul een aantal in met cijfers.")
        self.expected_field.set_problem(problem)
        members = [form.member() for form in self._members if not form.isHidden()]
        if not well or any(member is None for member in members):
            return False
        named = tuple(m for m in members if m is not None and m.name)
        register.save_household(
            self._context.vault,
            Household(
                self._household_id,
                named,
                Reunification(self.reunification.value()),
                int(expected or 0),
            ),
        )
        return True

    def _add(self, member: HouseholdMember) -> MemberForm:
        form = MemberForm(self._context, member, len(self._members) + 1)
        self._members.append(form)
        self._list.addWidget(form)
        return form


class MemberForm(Card):
    """One member of the household; the first person cannot be taken away."""

    def __init__(self, context: AppContext, member: HouseholdMember, number: int) -> None:
        super().__init__(context.theme, name=f"household-member-{number}")
        theme, tr = context.theme, context.tr
        self._tr = context.tr
        self._before, self._today = member, desk.today(context.env)
        self.body.setSpacing(theme.gap(12))
        prefix = f"household-{number}"
        self.who = TextInput(theme, name=f"{prefix}-name", text=member.name)
        self.relation = ChoiceInput(
            theme,
            [(r.value, tr.gettext(RELATIONS[r])) for r in Relation],
            value=member.relation.value,
            name=f"{prefix}-relation",
        )
        labels = (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar"))
        self.born = PartialDateInput(theme, labels, name=f"{prefix}-born")
        self.born.set_value(None)
        if member.birth_date.year:
            self.born.set_value(member.birth_date)
        self.born_field = Field(theme, tr.gettext("Geboortedatum"), self.born)
        self.here = CheckInput(theme, tr.gettext("is in Nederland"), name=f"{prefix}-here")
        self.here.setChecked(member.in_netherlands)
        name_field = Field(theme, tr.gettext("Naam"), self.who)
        relation_field = Field(theme, tr.gettext("Is voor de eerste persoon"), self.relation)
        self.body.addWidget(Columns(theme, name_field, relation_field, stack_below=520))
        self.body.addWidget(self.born_field)
        row = QHBoxLayout()
        self.body.addLayout(row)
        row.addWidget(self.here, 1)
        if member.person_id is None:
            remove = TextLink(theme, tr.gettext("Weghalen"), icon="trash", name=f"{prefix}-remove")
            remove.setAccessibleName(f"{tr.gettext('Weghalen')}: {member.name or number}")
            remove.clicked.connect(self.hide)
            row.addWidget(remove)

    def member(self) -> HouseholdMember | None:
        """Return the member as filled in; None when the date cannot be, which then shows."""
        self.born_field.set_problem("")
        try:
            born = self.born.value()
        except DateProblem as error:
            self.born_field.set_problem(self._tr.said(error))
            return None
        return replace(
            self._before,
            name=self.who.text().strip(),
            relation=Relation(self.relation.value()),
            birth_date=born,
            in_netherlands=self.here.isChecked(),
        )
