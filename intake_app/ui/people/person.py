"""The page of one person: the line, the next step, and all that is known."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.domain.actor import Profile
from intake_app.domain.event import Station
from intake_app.domain.interview import Interview, InterviewState
from intake_app.domain.person import BirthDateStatus, HouseholdMember, Person
from intake_app.domain.routing import municipality_name
from intake_app.flows import case, desk, medical_record
from intake_app.flows.case import CaseOverview, NextStepKind
from intake_app.flows.dossier_words import (
    ACTIVITY_TITLES,
    INTERPRETER_MODES,
    PERSON_TITLES,
    RELATIONS,
    REUNIFICATIONS,
)
from intake_app.flows.forms_offered import FormOffer, offered
from intake_app.flows.record_text import person_value
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    Columns,
    Heading,
    LangLabel,
    Muted,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Stack,
    StationsLine,
    Tag,
    TextLink,
    clear_layout,
)
from intake_app.ui.kit.charts import ProfileChart, with_table
from intake_app.ui.people.attachments import AttachmentsCard
from intake_app.ui.people.dutch import dutch_profile
from intake_app.ui.people.medical import MedicalCard
from intake_app.ui.people.papers import PapersCard, PapersState
from intake_app.ui.refresh import Refresh


class PersonPage(Page):
    """Everything of one case, read in one snapshot; one primary button with the next step.

    `asked(str)` asks for a form about this person: couple, household, stay, notice, medical-note or
    attachment; `file_dropped(Path)` for that last one with a file; `attachment_asked(UUID)` to
    look at one.
    """

    asked = Signal(str)
    file_dropped = Signal(object)
    attachment_asked = Signal(object)

    def __init__(self, context: AppContext, person_id: UUID) -> None:
        super().__init__(context.theme, width="full", name="person-page")
        self._context, self.person_id = context, person_id
        self._narrow = False
        self._papers = PapersState()
        self._offers_open = False
        self.share = QuietButton(
            context.theme, context.tr.gettext("Gegevens wijzigen"), name="person-edit"
        )
        self.share.clicked.connect(lambda: context.navigate.edit_person(person_id))
        self.add_header_action(self.share)
        Refresh(self, context.events, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the vault again and show what it says."""
        context, tr, theme = self._context, self._context.tr, self.theme
        overview = case.overview(context.vault, self.person_id)
        person = overview.person
        self.set_title(person.short_name, self._subtitle(overview))
        clear_layout(self.body)
        self.primary = None
        line = Card(theme, padding=(20, 16), name="person-line")
        marks = words.station_marks(tr, overview.stations, desk.today(context.env))
        self.stations = StationsLine(theme, marks)
        self.stations.chosen.connect(lambda key: self._station(overview, Station(key)))
        line.body.addWidget(self.stations)
        left = [self._conversations(overview), self._attachments(), *self._medical()]
        if overview.dutch:
            left.append(self._dutch(overview))
        left += [PapersCard(context, person, self._papers), self._done(overview)]
        if self._narrow:
            # the line stands upright here; what to do next must not wait below it
            self.add(self._next_step(overview))
        else:
            left.insert(0, self._next_step(overview))
        self.add(line)
        if overview.handovers:
            left.append(self._handovers(overview))
        right = [self._terms(overview), self._household(overview), self._where(overview)]
        right.append(self._facts(person))
        columns = Columns(theme, Stack(theme, *left), Stack(theme, *right), weights=(1.3, 1))
        self.add(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        narrow = event.size().width() < self.theme.px(780)
        if narrow != self._narrow:
            self._narrow = narrow
            self.refresh()

    def _subtitle(self, overview: CaseOverview) -> str:
        tr, person = self._context.tr, overview.person
        coupled = ""
        if overview.koppeling is not None:
            executor = overview.executor
            whole = (
                tr.gettext("gekoppeld aan {municipality}")
                if executor is None
                else tr.gettext("gekoppeld aan {municipality}, uitvoerder {name}")
            )
            coupled = whole.format(
                municipality=overview.municipality, name=executor.executor_name if executor else ""
            )
        parts = [
            words.masked_v_number(tr, person),
            words.language_and_interpreter(tr, person),
            coupled,
        ]
        return "   ".join(part for part in parts if part)

    def _next_step(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        kind = overview.next_step.kind
        name = overview.person.call_name or overview.person.given_names.split(" ")[0]
        name = name or overview.person.display_name
        card = Card(theme, accent=True, name="person-next-step")
        card.body.setSpacing(theme.gap(4))
        card.body.addWidget(Caption(theme, tr.gettext("Volgende stap")))
        card.body.addWidget(Heading(theme, words.next_step_title(tr, kind, name), factor=1.5))
        card.body.addWidget(Muted(theme, self._step_text(overview)))
        card.body.addSpacing(theme.gap(8))
        row = QHBoxLayout()
        card.body.addLayout(row)
        row.setSpacing(theme.gap(12))
        waits = kind in {NextStepKind.WACHTEN, NextStepKind.KLAAR}
        button = (QuietButton if waits else PrimaryButton)(
            theme, words.next_step_verb(tr, kind), name="person-next"
        )
        button.clicked.connect(self._action(overview))
        row.addWidget(button)
        row.addStretch(1)
        if isinstance(button, PrimaryButton):
            self.primary = button
        return card

    def _step_text(self, overview: CaseOverview) -> str:
        tr, kind = self._context.tr, overview.next_step.kind
        if kind in {NextStepKind.PLAN_BESPREKEN, NextStepKind.OVERDRAGEN} and overview.plan:
            goals = len(overview.plan.goals)
            actions = sum(len(goal.actions) for goal in overview.plan.goals)
            count = tr.gettext("Het plan heeft {goals} en {actions}.").format(
                goals=tr.ngettext("{n} doel", "{n} doelen", goals).format(n=goals),
                actions=tr.ngettext("{n} actie", "{n} acties", actions).format(n=actions),
            )
            return f"{count} {words.next_step_text(tr, kind)}"
        if kind is NextStepKind.GEWEIGERD:
            latest = max(overview.handovers, key=lambda h: h.created_at)
            reason = tr.gettext("De reden: {reason}.").format(reason=latest.reason.rstrip("."))
            return f"{reason if latest.reason else ''} {words.next_step_text(tr, kind)}".strip()
        return words.next_step_text(tr, kind)

    def _action(self, overview: CaseOverview) -> Callable[[], None]:
        go, person_id = self._context.navigate, self.person_id
        step = overview.next_step
        if step.kind is NextStepKind.KOPPELEN:
            return lambda: self.asked.emit("couple")
        if step.kind is NextStepKind.INTAKE_BEGINNEN:
            return lambda: go.start_interview(person_id, "intake")
        if step.kind is NextStepKind.INTAKE_VERDER and step.target_id is not None:
            target = step.target_id
            return lambda: go.open_interview(target)
        if step.kind in {
            NextStepKind.PLAN_MAKEN,
            NextStepKind.PLAN_BESPREKEN,
            NextStepKind.UITVOEREN,
        }:
            return lambda: go.open_plan(person_id)
        return lambda: go.open_handover(person_id)

    def _station(self, overview: CaseOverview, station: Station) -> None:
        go = self._context.navigate
        if station is Station.GEKOPPELD:
            self.asked.emit("couple")
        elif station is Station.PLAN:
            go.open_plan(self.person_id)
        elif station in {Station.AANGEBODEN, Station.GEACCEPTEERD}:
            go.open_handover(self.person_id)
        else:
            form_id = "intake" if station is Station.INTAKE else "noa_assessment"
            self._open_form(overview, form_id)

    def _open_form(self, overview: CaseOverview, form_id: str) -> None:
        known = [i for i in overview.interviews if i.form_id == form_id]
        if known:
            latest = max(known, key=lambda i: i.started_at)
            self._context.navigate.open_interview(latest.interview_id)
        else:
            self._context.navigate.start_interview(self.person_id, form_id)

    def _conversations(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Gesprekken"), name="person-conversations")
        rows = [self._conversation(interview) for interview in overview.interviews]
        if rows:
            card.body.addWidget(RowList(theme, *rows))
        else:
            card.body.addWidget(Muted(theme, tr.gettext("Er is nog geen gesprek gevoerd.")))
        if not any(i.form_id == "noa_assessment" for i in overview.interviews):
            noa = TextLink(theme, tr.gettext("NOA vastleggen"), icon="plus", name="person-noa")
            noa.clicked.connect(lambda: self._open_form(overview, "noa_assessment"))
            card.body.addWidget(noa, 0, Qt.AlignmentFlag.AlignLeft)
        offers = offered(self._context.vault.info.organisation.profile)
        if offers:
            more = TextLink(
                theme, tr.gettext("Nieuw gesprek of formulier"), icon="plus", name="person-forms"
            )
            more.clicked.connect(lambda: self._show_offers(card, more, overview, offers))
            card.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
            if self._offers_open:
                self._show_offers(card, more, overview, offers)
        return card

    def _show_offers(
        self,
        card: Card,
        link: TextLink,
        overview: CaseOverview,
        offers: tuple[FormOffer, ...],
    ) -> None:
        """Put what can be begun in the place of the link, in the order in which it comes up."""
        self._offers_open = True
        link.hide()
        title = self._context.tr.gettext("Wat wil je beginnen?")
        card.body.addWidget(Heading(self.theme, title, factor=1.0))
        rows = RowList(self.theme, *(self._offer(overview, offer) for offer in offers))
        rows.setObjectName("person-form-list")
        card.body.addWidget(rows)

    def _offer(self, overview: CaseOverview, offer: FormOffer) -> Row:
        tr, theme = self._context.tr, self.theme
        title = words.form_title(tr, offer.form_id)
        running = any(
            i.form_id == offer.form_id and i.state is InterviewState.OPEN
            for i in overview.interviews
        )
        verb = tr.gettext("Verder") if running else tr.gettext("Beginnen")
        begin = TextLink(theme, verb, name=f"person-form-{offer.form_id}")
        begin.setAccessibleName(f"{verb}: {title}")
        begin.clicked.connect(
            lambda: self._context.navigate.start_interview(self.person_id, offer.form_id)
        )
        time = tr.ngettext("{n} minuut", "{n} minuten", offer.minutes).format(n=offer.minutes)
        purpose = words.form_purpose(tr, offer.form_id)
        return Row(theme, f"{title} · {time}", purpose, trailing=(begin,))

    def _conversation(self, interview: Interview) -> Row:
        tr, theme = self._context.tr, self.theme
        running = interview.state is InterviewState.OPEN
        begun = words.long_date(tr, interview.started_at.astimezone().date())
        parts = [
            begun,
            words.language_name(tr, interview.language),
            tr.gettext(INTERPRETER_MODES[interview.interpretation.mode]),
        ]
        state = Tag(
            theme,
            tr.gettext("loopt") if running else tr.gettext("vastgesteld"),
            "accent" if running else "ok",
        )
        verb = tr.gettext("Verder") if running else tr.gettext("Bekijken")
        title = words.form_title(tr, interview.form_id)
        button = TextLink(theme, verb, name=f"person-interview-{interview.interview_id}")
        button.setAccessibleName(f"{verb}: {title}")
        button.clicked.connect(
            lambda: self._context.navigate.open_interview(interview.interview_id)
        )
        return Row(theme, title, " · ".join(parts), trailing=(state, button))

    def _done(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Al gedaan"), name="person-activities")
        rows = []
        for activity in overview.activities:
            title = ", ".join(
                part
                for part in (tr.gettext(ACTIVITY_TITLES[activity.kind]), activity.amount)
                if part
            )
            parts = [activity.provider]
            if activity.ended or activity.started:
                day = activity.ended or activity.started
                parts.append(words.long_date(tr, day) if day else "")
            if activity.evidence:
                parts.append(activity.evidence)
            proof: tuple[QWidget, ...] = ()
            if activity.evidence:
                proof = (Tag(theme, tr.gettext("bewijs aanwezig"), "ok"),)
            rows.append(Row(theme, title, " · ".join(p for p in parts if p), trailing=proof))
        if rows:
            card.body.addWidget(RowList(theme, *rows))
        else:
            text = tr.gettext(
                "Nog niets vastgelegd. Wat al gedaan is, hoeft de gemeente niet opnieuw te plannen."
            )
            card.body.addWidget(Muted(theme, text))
        return card

    def _dutch(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Nederlands"), name="person-dutch")
        chart = ProfileChart(theme, dutch_profile(tr, overview.dutch), name="person-dutch-chart")
        card.body.addWidget(with_table(theme, tr, chart, name="person-dutch"))
        return card

    def _attachments(self) -> Card:
        card = AttachmentsCard(self._context, self.person_id)
        card.add_asked.connect(lambda: self.asked.emit("attachment"))
        card.dropped.connect(self.file_dropped)
        card.open_asked.connect(self.attachment_asked)
        return card

    def _medical(self) -> list[Card]:
        """Return the medical card, in a vault where somebody has the medical role."""
        if not medical_record.is_possible(self._context.vault):
            return []
        card = MedicalCard(self._context, self.person_id)
        card.add_asked.connect(lambda: self.asked.emit("medical-note"))
        return [card]

    def _handovers(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Overdracht"), name="person-handovers")
        rows = []
        for handover in sorted(overview.handovers, key=lambda h: h.created_at, reverse=True):
            text, kind = words.handover_tag(tr, handover.state)
            title = tr.gettext("Versie {n} naar {recipient}").format(
                n=handover.dossier_version, recipient=isolate(handover.recipient_name)
            )
            caption = words.handover_text(tr, handover)
            rows.append(Row(theme, title, caption, trailing=(Tag(theme, text, kind),)))
        card.body.addWidget(RowList(theme, *rows))
        return card

    def _terms(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Termijnen"), name="person-terms")
        today = desk.today(self._context.env)
        rows = []
        for deadline in overview.deadlines:
            text, kind = words.days_left(tr, (deadline.due - today).days)
            caption = tr.gettext("10 weken na de kennisgeving van {day}").format(
                day=words.long_date(tr, deadline.counted_from)
            )
            day = Body(theme, words.short_date(tr, deadline.due, today), strong=True, wrap=False)
            row = Row(
                theme,
                tr.gettext("PIP"),
                caption,
                trailing=(Tag(theme, text, kind), day),
                why=(tr.gettext("Waarom deze datum?"), f"{deadline.basis}."),
            )
            rows.append(row)
        if rows:
            card.body.addWidget(RowList(theme, *rows))
        else:
            text = tr.gettext("Er loopt geen termijn.")
            card.body.addWidget(Muted(theme, text))
        link = TextLink(
            theme, tr.gettext("Kennisgeving van DUO vastleggen"), icon="plus", name="person-notice"
        )
        link.clicked.connect(lambda: self.asked.emit("notice"))
        card.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _household(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Huishouden"), name="person-household")
        household = overview.household
        if household is None:
            card.body.addWidget(Muted(theme, tr.gettext("Nog niet vastgelegd.")))
        else:
            rows = [self._member(member) for member in household.members]
            card.body.addWidget(RowList(theme, *rows))
            reunion = tr.gettext(REUNIFICATIONS[household.reunification])
            text = tr.gettext("Gezinshereniging: {state}").format(state=reunion)
            if household.expected_persons:
                expected = tr.ngettext(
                    "{n} persoon verwacht", "{n} mensen verwacht", household.expected_persons
                ).format(n=household.expected_persons)
                text = f"{text} · {expected}"
            card.body.addWidget(Caption(theme, text))
        verb = tr.gettext("Vastleggen") if household is None else tr.gettext("Wijzigen")
        link = TextLink(theme, verb, icon="note", name="person-household-edit")
        link.setAccessibleName(f"{verb}: {tr.gettext('Huishouden')}")
        link.clicked.connect(lambda: self.asked.emit("household"))
        card.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _member(self, member: HouseholdMember) -> Row:
        tr = self._context.tr
        parts = [tr.gettext(RELATIONS[member.relation])]
        age = member.birth_date.age_on(desk.today(self._context.env))
        if age is not None:
            years = f"{age[0]}" if age[0] == age[1] else f"{age[0]}-{age[1]}"
            parts.append(tr.gettext("{n} jaar").format(n=years))
        if not member.in_netherlands:
            parts.append(tr.gettext("nog niet in Nederland"))
        return Row(self.theme, member.name, " · ".join(parts))

    def _where(self, overview: CaseOverview) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Koppeling en verblijf"), name="person-where")
        rows = []
        for koppeling in reversed(overview.koppelingen):
            name = municipality_name(koppeling.municipality_code)
            since = words.long_date(tr, koppeling.linked_on)
            if koppeling.ended_on is None:
                caption = tr.gettext("gekoppeld op {day}").format(day=since)
            else:
                caption = tr.gettext("gekoppeld van {day} tot {end}").format(
                    day=since, end=words.long_date(tr, koppeling.ended_on)
                )
            if koppeling.promising_reason:
                caption = f"{caption} · {koppeling.promising_reason}"
            rows.append(Row(theme, name, caption))
        for stay in reversed(overview.stays):
            parts = [tr.gettext("kamer {room}").format(room=stay.room)] if stay.room else []
            if stay.arrived:
                day = words.long_date(tr, stay.arrived)
                parts.append(tr.gettext("sinds {day}").format(day=day))
            if stay.left:
                day = words.long_date(tr, stay.left)
                parts.append(tr.gettext("vertrokken op {day}").format(day=day))
            rows.append(Row(theme, stay.location, " · ".join(parts)))
        if rows:
            card.body.addWidget(RowList(theme, *rows))
        else:
            card.body.addWidget(Muted(theme, tr.gettext("Nog geen koppeling en geen verblijf.")))
        links = QHBoxLayout()
        card.body.addLayout(links)
        links.setSpacing(theme.gap(20))
        couple = TextLink(theme, tr.gettext("Koppeling"), icon="note", name="person-couple")
        couple.clicked.connect(lambda: self.asked.emit("couple"))
        links.addWidget(couple)
        if self._context.vault.info.organisation.profile is Profile.AZC:
            stay_link = TextLink(theme, tr.gettext("Verblijf"), icon="house", name="person-stay")
            stay_link.clicked.connect(lambda: self.asked.emit("stay"))
            links.addWidget(stay_link)
        links.addStretch(1)
        return card

    def _facts(self, person: Person) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Gegevens"), name="person-facts")
        rows = [Row(theme, isolate(person.display_name), tr.gettext("Naam"))]
        if person.name_in_own_script:
            label = LangLabel(
                theme, person.name_in_own_script, person.contact_language or "nl", wrap=False
            )
            label.setObjectName("person-own-script")
            rows.append(Row(theme, tr.gettext("Naam in eigen schrift"), trailing=(label,)))
        if person.birth_date.year:
            from intake_app.i18n.formats import format_date

            day = format_date(person.birth_date.iso(), tr.language)
            if person.birth_date_status is BirthDateStatus.GESCHAT:
                day = tr.gettext("{day} (geschat)").format(day=day)
            rows.append(Row(theme, day, tr.gettext("Geboren")))
        rows += [
            Row(theme, text, tr.gettext(PERSON_TITLES[field]))
            for field in ("birth_country", "nationalities", "residence_title")
            if (text := person_value(person, field))
        ]
        if person.phone:
            rows.append(Row(theme, isolate(person.phone, "ltr"), tr.gettext("Telefoon")))
        if person.email:
            rows.append(Row(theme, isolate(person.email, "ltr"), tr.gettext("E-mail")))
        sponsor = person.sponsor_id
        if sponsor is not None:
            open_ = TextLink(theme, tr.gettext("Bekijken"), name="person-referent")
            title = tr.gettext("Dossier van het familielid")
            open_.setAccessibleName(f"{tr.gettext('Bekijken')}: {title}")
            open_.clicked.connect(lambda: self._context.navigate.open_person(sponsor))
            rows.append(Row(theme, title, tr.gettext("Referent"), trailing=(open_,)))
        card.body.addWidget(RowList(theme, *rows))
        return card
