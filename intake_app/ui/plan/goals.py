"""Goals with their actions: read as a list, changed in place one goal at a time."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.domain.environment import Environment
from intake_app.domain.plan import LEEFGEBIEDEN, Action, ActionState, Doer, Goal
from intake_app.flows import plan as plan_flow
from intake_app.flows.dossier_words import (
    ACTION_STATES,
    AREA_TITLES,
    DOER_TITLES,
    PLACE_TITLES,
)
from intake_app.flows.record_text import action_period, day
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.free_text import FreeTextHint
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    ChoiceInput,
    Field,
    Hairline,
    Heading,
    Kind,
    LinkButton,
    QuietButton,
    Tag,
    TextInput,
    TextLink,
    clear_layout,
)
from intake_app.ui.plan.fields import DayField, KeptTextArea
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.theme import Theme

_STATE_KINDS: dict[ActionState, Kind] = {
    ActionState.OPEN: "muted",
    ActionState.BEZIG: "info",
    ActionState.KLAAR: "ok",
    ActionState.VERVALLEN: "muted",
}


class GoalCard(Card):
    """One goal to read. `edit` and `remove` tell what the person asked for."""

    edit = Signal(object)

    def __init__(self, theme: Theme, tr: UiTexts, goal: Goal, *, fixed: bool, number: int) -> None:
        super().__init__(theme, padding=(20, 14), name=f"goal-{number}")
        top = QHBoxLayout()
        self.body.addLayout(top)
        top.setSpacing(theme.gap(12))
        top.addWidget(
            Tag(theme, tr.gettext(AREA_TITLES.get(goal.leefgebied, goal.leefgebied)), "accent")
        )
        if goal.horizon:
            when = tr.gettext("voor {day}").format(day=day(goal.horizon))
            top.addWidget(Caption(theme, when, wrap=False))
        top.addStretch(1)
        if not fixed:
            change = TextLink(theme, tr.gettext("Wijzigen"), name=f"goal-{number}-edit")
            change.setAccessibleName(tr.gettext("Doel wijzigen: {text}").format(text=goal.text))
            change.clicked.connect(lambda: self.edit.emit(goal.goal_id))
            top.addWidget(change)
        self.body.addWidget(Heading(theme, goal.text or tr.gettext("Nog geen tekst")))
        self.setAccessibleName(goal.text)
        for action in goal.actions:
            self.body.addWidget(Hairline(theme))
            self.body.addWidget(_ActionRow(theme, tr, action))


class _ActionRow(QWidget):
    def __init__(self, theme: Theme, tr: UiTexts, action: Action) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.gap(2), 0, theme.gap(2))
        row.setSpacing(theme.gap(16))
        words = QVBoxLayout()
        row.addLayout(words, 1)
        words.setSpacing(0)
        words.addWidget(Body(theme, action.what))
        who = f"{tr.gettext(DOER_TITLES[action.doer])} · {action_period(action)}"
        words.addWidget(Caption(theme, f"{who} · {action.result}" if action.result else who))
        state = Tag(theme, tr.gettext(ACTION_STATES[action.state]), _STATE_KINDS[action.state])
        row.addWidget(state, 0, Qt.AlignmentFlag.AlignVCenter)


class ActionEditor(QWidget):
    """What, who, where and how it stands of one action."""

    changed = Signal()
    remove = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, action: Action, name: str) -> None:
        super().__init__()
        self._action = action
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.gap(4), 0, theme.gap(4))
        column.setSpacing(theme.gap(8))
        self.what = TextInput(
            theme,
            name=f"{name}-what",
            text=action.what,
            placeholder=tr.gettext("Wat gaat er gebeuren?"),
        )
        self.what.setAccessibleName(tr.gettext("Actie"))
        self.what.editingFinished.connect(self.changed)
        column.addWidget(self.what)
        column.addWidget(FreeTextHint(theme, tr, self.what))
        self.doer = _combo(
            theme,
            [(d.value, tr.gettext(DOER_TITLES[d])) for d in Doer],
            action.doer.value,
            f"{name}-doer",
            tr.gettext("Wie doet het"),
        )
        self.where = _combo(
            theme,
            [(k, tr.gettext(v)) for k, v in PLACE_TITLES.items()],
            action.where,
            f"{name}-where",
            tr.gettext("Waar"),
        )
        self.state = _combo(
            theme,
            [(s.value, tr.gettext(ACTION_STATES[s])) for s in ActionState],
            action.state.value,
            f"{name}-state",
            tr.gettext("Stand"),
        )
        for combo in (self.doer, self.where, self.state):
            combo.changed.connect(lambda _v: self.changed.emit())
        gone = LinkButton(theme, tr.gettext("Actie weghalen"), icon="trash", name=f"{name}-remove")
        gone.clicked.connect(self.remove)
        column.addWidget(FlowRow(theme.gap(8), self.doer, self.where, self.state, gone))

    @property
    def action_id(self) -> UUID:
        """Return which action this is."""
        return self._action.action_id

    def value(self) -> Action:
        """Return the action as it is typed now."""
        return replace(
            self._action,
            what=self.what.text().strip(),
            doer=Doer(self.doer.value()),
            where=self.where.value(),
            state=ActionState(self.state.value()),
        )


def _combo(
    theme: Theme, options: list[tuple[str, str]], value: str, name: str, spoken: str
) -> ChoiceInput:
    made = ChoiceInput(theme, options, as_radio=False, value=value, name=name)
    made.setAccessibleName(spoken)
    return made


class GoalEditor(Card):
    """Changes one goal in place; every change is told at once, so that it is kept at once.

    `changed(Goal)` carries the goal as it stands; actions without words are left out of it.
    """

    changed = Signal(object)
    done = Signal()
    remove = Signal(object)

    def __init__(self, theme: Theme, tr: UiTexts, env: Environment, goal: Goal) -> None:
        super().__init__(theme, accent=True, padding=(20, 16), name="goal-editor")
        self._theme, self._tr, self._env, self._goal = theme, tr, env, goal
        self.setAccessibleName(tr.gettext("Doel wijzigen"))
        self.area = _combo(
            theme,
            [(code, tr.gettext(AREA_TITLES[code])) for code in LEEFGEBIEDEN],
            goal.leefgebied,
            "goal-area",
            tr.gettext("Leefgebied"),
        )
        self.area.changed.connect(lambda _v: self._tell())
        self.text = KeptTextArea(theme, name="goal-text", text=goal.text, rows=2)
        self.text.left.connect(self._tell)
        self.horizon = DayField(
            theme,
            tr,
            tr.gettext("Wanneer bereikt?"),
            "goal-horizon",
            optional=tr.gettext("mag leeg blijven"),
        )
        self.horizon.set_day(goal.horizon)
        self.horizon.changed.connect(self._tell)
        help_text = tr.gettext("Schrijf het zo dat de cliënt het zelf zou zeggen.")
        self.body.setSpacing(theme.gap(16))
        self.body.addWidget(Field(theme, tr.gettext("Doel"), self.text, help_text=help_text))
        self.body.addWidget(FreeTextHint(theme, tr, self.text))
        self.body.addWidget(Field(theme, tr.gettext("Leefgebied"), self.area))
        self.body.addWidget(self.horizon)
        self.body.addWidget(Heading(theme, tr.gettext("Acties")))
        self._actions = QVBoxLayout()
        self.body.addLayout(self._actions)
        self._actions.setSpacing(theme.gap(12))
        self.editors: list[ActionEditor] = []
        self._made = 0
        for action in goal.actions:
            self._add_editor(action)
        add = LinkButton(theme, tr.gettext("Actie toevoegen"), icon="plus", name="goal-add-action")
        add.clicked.connect(self.add_action)
        self.body.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(Hairline(theme))
        gone = LinkButton(theme, tr.gettext("Doel weghalen"), icon="trash", name="goal-remove")
        gone.clicked.connect(lambda: self.remove.emit(goal.goal_id))
        close = QuietButton(theme, tr.gettext("Klaar met dit doel"), icon="check", name="goal-done")
        close.clicked.connect(self._close)
        self.body.addWidget(FlowRow(theme.gap(8), gone, close, apart=True))

    def value(self) -> Goal:
        """Return the goal as it is typed now."""
        actions = tuple(editor.value() for editor in self.editors)
        return replace(
            self._goal,
            leefgebied=self.area.value(),
            text=self.text.toPlainText().strip(),
            horizon=self.horizon.day(),
            actions=tuple(action for action in actions if action.what),
        )

    def add_action(self) -> None:
        """Add an empty action and go there."""
        self._add_editor(plan_flow.new_action(self._env, "", Doer.CLIENT))
        self.editors[-1].what.setFocus()

    def flush(self) -> None:
        """Tell what is typed but not told yet."""
        self._tell()

    def _add_editor(self, action: Action) -> None:
        self._made += 1
        editor = ActionEditor(self._theme, self._tr, action, f"action-{self._made}")
        editor.changed.connect(self._tell)
        editor.remove.connect(lambda: self._remove(editor))
        self.editors.append(editor)
        self._actions.addWidget(editor)

    def _remove(self, editor: ActionEditor) -> None:
        self.editors.remove(editor)
        self._actions.removeWidget(editor)
        editor.hide()
        editor.deleteLater()
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.value())

    def _close(self) -> None:
        if self.horizon.check():
            self._tell()
            self.done.emit()


class GoalList(QWidget):
    """All goals of a plan, one of which may be an editor. `changed(goals)` after each change."""

    changed = Signal(object)

    def __init__(self, theme: Theme, tr: UiTexts, env: Environment) -> None:
        super().__init__()
        self._theme, self._tr, self._env = theme, tr, env
        self._goals: tuple[Goal, ...] = ()
        self._fixed = False
        self._editing: UUID | None = None
        self.editor: GoalEditor | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.gap(12))

    def show_goals(self, goals: tuple[Goal, ...], *, fixed: bool) -> None:
        """Show these goals; an editor that is open stays open when its goal is still there."""
        self._fixed = fixed
        if self.editor is not None and not fixed and goals == self._goals:
            return
        self._goals = goals
        if fixed or self._editing not in {goal.goal_id for goal in goals}:
            self._editing = None
        self._rebuild()

    def edit(self, goal_id: UUID) -> None:
        """Open the editor of one goal."""
        self.flush()
        self._editing = goal_id
        self._rebuild()
        if self.editor is not None:
            self.editor.text.setFocus()

    def flush(self) -> None:
        """Tell what is typed in an open editor but not told yet."""
        if self.editor is not None:
            self.editor.flush()

    def _rebuild(self) -> None:
        clear_layout(self._column)
        self.editor = None
        self.setVisible(bool(self._goals))
        for number, goal in enumerate(self._goals, start=1):
            if goal.goal_id == self._editing:
                self.editor = GoalEditor(self._theme, self._tr, self._env, goal)
                self.editor.changed.connect(self._edited)
                self.editor.done.connect(self._closed)
                self.editor.remove.connect(self._removed)
                self._column.addWidget(self.editor)
            else:
                card = GoalCard(self._theme, self._tr, goal, fixed=self._fixed, number=number)
                card.edit.connect(self.edit)
                self._column.addWidget(card)

    def _edited(self, changed: Goal) -> None:
        self._set(tuple(changed if g.goal_id == changed.goal_id else g for g in self._goals))

    def _closed(self) -> None:
        self._editing = None
        self._rebuild()

    def _removed(self, goal_id: UUID) -> None:
        self._editing = None
        goals = tuple(goal for goal in self._goals if goal.goal_id != goal_id)
        self.editor = None
        self._set(goals)
        self._rebuild()

    def _set(self, goals: tuple[Goal, ...]) -> None:
        if goals != self._goals:
            self._goals = goals
            self.changed.emit(goals)
