"""The page of the plan: path, goals, the talk, and then vaststellen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.plan import Goal, Leerroute, Plan, PlanState
from intake_app.flows import plan as plan_flow
from intake_app.flows.desk import today
from intake_app.flows.plan import GoalTemplate, Missing, PlanRefused
from intake_app.flows.record_text import day, plan_lines
from intake_app.i18n.formats import format_time
from intake_app.ui.kit import (
    Card,
    EmptyState,
    Heading,
    LangLabel,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    clear_layout,
)
from intake_app.ui.plan.duo import DuoCard
from intake_app.ui.plan.facts import Facts
from intake_app.ui.plan.goals import GoalList
from intake_app.ui.plan.paths import PathChooser
from intake_app.ui.plan.talk import TalkCard
from intake_app.ui.plan.templates import TemplateChooser
from intake_app.ui.plan.words import language_of
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.domain.person import Person
    from intake_app.ui.context import AppContext


class PlanPage(Page):
    """Shows and changes the plan of one person; every change is kept when its field is left.

    `saved(str)` carries the sentence for the top line after each save.
    """

    saved = Signal(str)

    def __init__(self, ctx: AppContext, person_id: UUID, parent: QWidget | None = None) -> None:
        super().__init__(ctx.theme, width="reading", name="plan-page", parent=parent)
        self._ctx = ctx
        self._person_id = person_id
        with ctx.vault.read("plan openen") as records:
            person = records.persons.get(person_id)
        if person is None:
            raise KeyError(person_id)
        self._person: Person = person
        self._plan: Plan | None = plan_flow.current(ctx.vault, person_id)
        self.notice = Notice(ctx.theme, "err", "", name="plan-notice")
        self.notice.hide()
        self.body.addWidget(self.notice)
        self._content = QVBoxLayout()
        self.body.addLayout(self._content)
        self._content.setSpacing(ctx.theme.gap(20))
        self.goals: GoalList | None = None
        self.paths: PathChooser | None = None
        self.talk: TalkCard | None = None
        self.chooser: TemplateChooser | None = None
        if self._plan is None:
            self._begin()
        self._show()

    @property
    def plan(self) -> Plan | None:
        """Return the plan as it is kept."""
        return self._plan

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Keep Enter in a field from closing a version for good; the button itself takes it."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()
            return
        super().keyPressEvent(event)

    def leaving(self) -> None:
        """Keep what is typed; the shell calls this before the page goes."""
        self.before_renewal()

    def before_renewal(self) -> None:
        """Keep what is typed, before the same page is built anew."""
        if self.goals is not None and self.talk is not None:
            self.goals.flush()
            self._talked()

    def _begin(self) -> None:
        try:
            self._plan = plan_flow.draft(self._ctx.vault, self._person_id)
        except PlanRefused as refused:
            self._refusal = self._ctx.tr.said(refused)

    def _show(self) -> None:
        tr, theme = self._ctx.tr, self._ctx.theme
        clear_layout(self._content)
        self.goals = self.paths = self.talk = self.chooser = None
        name = self._person.short_name
        title = tr.gettext("Plan van {name}").format(name=name)
        plan = self._plan
        if plan is None:
            self.set_title(title)
            go = PrimaryButton(theme, tr.gettext("Naar de persoon"), name="plan-to-person")
            go.clicked.connect(lambda: self._ctx.navigate.open_person(self._person_id))
            self._content.addWidget(
                EmptyState(
                    theme, "note", tr.gettext("Nog geen plan"), self._refusal, name="plan-empty"
                )
            )
            self.set_footer((), go)
            return
        self.set_title(title, self._version_line(plan))
        if plan.state is PlanState.VASTGESTELD:
            self._show_fixed(plan)
        else:
            self._show_concept(plan)

    def _version_line(self, plan: Plan) -> str:
        tr = self._ctx.tr
        version = tr.gettext("versie {n}").format(n=plan.version)
        if plan.state is PlanState.CONCEPT:
            return f"{version} · {tr.gettext('concept')}"
        whole = (
            tr.gettext("besproken op {day}, met tolk")
            if plan.discussed_with_interpreter
            else tr.gettext("besproken op {day}")
        )
        talk = whole.format(day=day(plan.discussed_on))
        return f"{version} · {tr.gettext('vastgesteld')} · {talk}"

    def _show_concept(self, plan: Plan) -> None:
        tr, theme = self._ctx.tr, self._ctx.theme
        path_card = Card(theme, tr.gettext("Vervolgpad"), name="plan-paths")
        path_card.body.addWidget(
            Muted(theme, tr.gettext("Kies één hoofdpad. Je kunt het later veranderen."))
        )
        self.paths = PathChooser(theme, tr)
        self.paths.show_plan(plan)
        self.paths.changed.connect(self._chose_path)
        path_card.body.addWidget(self.paths)
        self._content.addWidget(path_card)
        self._content.addWidget(Heading(theme, tr.gettext("Doelen"), factor=1.3))
        self.goals = GoalList(theme, tr, self._ctx.env)
        self.goals.show_goals(plan.goals, fixed=False)
        self.goals.changed.connect(self._goals_changed)
        self._content.addWidget(self.goals)
        # a widget of its own: a bare layout takes room from what stands below it
        place = QWidget()
        self._add_place = QVBoxLayout(place)
        self._add_place.setContentsMargins(0, 0, 0, 0)
        self._add_place.setSpacing(theme.gap(12))
        self._content.addWidget(place)
        self._offer_goal()
        self.talk = TalkCard(theme, tr, self._person.short_name, today(self._ctx.env))
        self.talk.show_plan(plan)
        self.talk.changed.connect(self._talked)
        self._content.addWidget(self.talk)
        self._content.addWidget(DuoCard(self._ctx, self._person_id))
        back = QuietButton(theme, tr.gettext("Terug"), name="plan-back")
        back.clicked.connect(lambda: self._ctx.navigate.open_person(self._person_id))
        fix = PrimaryButton(theme, tr.gettext("Plan vaststellen"), name="plan-establish")
        fix.clicked.connect(self._establish)
        self.set_footer((back,), fix)

    def _show_fixed(self, plan: Plan) -> None:
        tr, theme = self._ctx.tr, self._ctx.theme
        facts = Card(theme, tr.gettext("Afgesproken"), name="plan-facts")
        told = [(tr.gettext(label), value) for label, value in plan_lines(plan)[:-1] if value]
        facts.body.addWidget(Facts(theme, told))
        self._content.addWidget(facts)
        self._content.addWidget(Heading(theme, tr.gettext("Doelen"), factor=1.3))
        self.goals = GoalList(theme, tr, self._ctx.env)
        self.goals.show_goals(plan.goals, fixed=True)
        self._content.addWidget(self.goals)
        if plan.client_view:
            view = Card(theme, tr.gettext("Wat de cliënt ervan vindt"), name="plan-view")
            view.body.addWidget(LangLabel(theme, plan.client_view, language_of(plan.client_view)))
            self._content.addWidget(view)
        self._content.addWidget(DuoCard(self._ctx, self._person_id))
        again = QuietButton(theme, tr.gettext("Nieuwe versie maken"), name="plan-new-version")
        again.clicked.connect(self._new_version)
        on = PrimaryButton(theme, tr.gettext("Overdracht voorbereiden"), name="plan-to-handover")
        on.clicked.connect(lambda: self._ctx.navigate.open_handover(self._person_id))
        self.set_footer((again,), on)

    def _offer_goal(self) -> None:
        clear_layout(self._add_place)
        self.chooser = None
        if self._plan is not None and not self._plan.goals:
            nothing = self._ctx.tr.gettext(
                "Nog geen doelen. Kies een voorbeeld of schrijf er zelf een."
            )
            self._add_place.addWidget(Muted(self._ctx.theme, nothing))
        add = QuietButton(
            self._ctx.theme,
            self._ctx.tr.gettext("Doel toevoegen"),
            icon="plus",
            name="plan-add-goal",
        )
        add.clicked.connect(self._choose_goal)
        self._add_place.addWidget(add)

    def _choose_goal(self) -> None:
        clear_layout(self._add_place)
        path = self._plan.main_path if self._plan else None
        self.chooser = TemplateChooser(self._ctx.theme, self._ctx.tr, path)
        self.chooser.chosen.connect(self._add_template)
        self.chooser.own.connect(self._add_own)
        self.chooser.closed.connect(self._offer_goal)
        self._add_place.addWidget(self.chooser)
        self.chooser.area.setFocus()

    def _add_template(self, template: GoalTemplate) -> None:
        if self._plan is None or self.goals is None:
            return
        goal = plan_flow.from_template(template, self._ctx.env)
        self._save(goals=(*self._plan.goals, goal))
        self.goals.show_goals(self._plan.goals, fixed=False)
        self._offer_goal()

    def _add_own(self, leefgebied: str) -> None:
        if self._plan is None or self.goals is None:
            return
        goal = plan_flow.new_goal(self._ctx.env, leefgebied)
        self.goals.flush()
        self._save(goals=(*self._plan.goals, goal))
        self.goals.show_goals(self._plan.goals, fixed=False)
        self.goals.edit(goal.goal_id)
        self._offer_goal()

    def _goals_changed(self, goals: tuple[Goal, ...]) -> None:
        before = len(self._plan.goals) if self._plan else 0
        self._save(goals=goals)
        if before and not goals and self.chooser is None:
            self._offer_goal()

    def _chose_path(self) -> None:
        if self.paths is not None:
            self._save(main_path=self.paths.main_path(), other_paths=self.paths.other_paths())

    def _talked(self) -> None:
        talk = self.talk
        if talk is not None:
            self._save(
                client_view=talk.view.toPlainText().strip(),
                discussed_on=talk.day.day(),
                discussed_with_interpreter=talk.interpreter.isChecked(),
                leerroute=Leerroute(talk.route.value()),
            )

    def _save(self, **changes: object) -> None:
        if self._plan is None:
            return
        changed = replace(self._plan, **changes)  # type: ignore[arg-type]
        if changed == self._plan:
            return
        if self._try(lambda: plan_flow.save(self._ctx.vault, changed)):
            now = format_time(self._ctx.env.now().astimezone(), "nl", seconds=True)
            self.saved.emit(self._ctx.tr.gettext("Opgeslagen {time}").format(time=now))

    def _try(self, step: Callable[[], Plan]) -> bool:
        try:
            self._plan = step()
        except (PlanRefused, VaultError) as problem:
            self._tell(self._ctx.tr.said(problem))
            return False
        self.notice.hide()
        return True

    def _tell(self, text: str) -> None:
        self.notice.set_notice("err", text)
        self.scroll_to(self.notice)

    def _establish(self) -> None:
        self.leaving()
        plan = self._plan
        if plan is None or self.talk is None:
            return
        if not self.talk.day.check():
            self.scroll_to(self.talk)
            return
        lacking = plan_flow.missing(plan, today(self._ctx.env))
        if lacking:
            self._point_at(lacking[0])
            return
        if self._try(lambda: plan_flow.establish(self._ctx.vault, plan.plan_id)):
            self._show()
            self.area.verticalScrollBar().setValue(0)

    def _point_at(self, lack: Missing) -> None:
        """Say what is missing where it is missing, and bring that into view."""
        sentence = self._ctx.tr.gettext(plan_flow.sentence(lack))
        if lack in {Missing.DISCUSSED_ON, Missing.DISCUSSED_LATER} and self.talk is not None:
            self.talk.day.set_problem(sentence)
            self.scroll_to(self.talk.day)
            self.talk.day.input.setFocus()
            return
        self._tell(sentence)
        if lack is Missing.MAIN_PATH and self.paths is not None:
            next(iter(self.paths.tiles.values())).setFocus()

    def _new_version(self) -> None:
        if self._try(lambda: plan_flow.draft(self._ctx.vault, self._person_id)):
            self._show()
