"""What came beside what was known: every difference is chosen by a person."""

from __future__ import annotations

from PySide6.QtCore import Signal

from intake_app.flows.compare import Choice, ComparedField, Difference
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.inbox.sections import shown
from intake_app.ui.kit import Caption, Card, ChoiceInput, Field, Hairline, Muted
from intake_app.ui.plan.facts import Facts
from intake_app.ui.theme import Theme


class DifferencesCard(Card):
    """Lists differences; `changed` after each choice."""

    changed = Signal()

    def __init__(
        self, theme: Theme, tr: UiTexts, compared: tuple[ComparedField, ...], name: str
    ) -> None:
        title = tr.gettext("{name} was hier al bekend").format(name=name)
        super().__init__(theme, title, accent=True, name="differences")
        self._tr = tr
        self.body.setSpacing(theme.gap(16))
        self._fields: dict[str, Field] = {}
        self._choices: dict[str, ChoiceInput] = {}
        differing = [field for field in compared if field.needs_choice]
        count = len(differing)
        words = tr.ngettext(
            "Bij {n} gegeven staat iets anders. Kies wat klopt. De andere waarde blijft bewaard.",
            "Bij {n} gegevens staat iets anders. Kies wat klopt. De andere waarde blijft bewaard.",
            count,
        )
        same = tr.gettext("Wat hier al stond, komt overeen met wat is ontvangen.")
        self.body.addWidget(Muted(theme, words.format(n=count) if count else same))
        for number, field in enumerate(differing):
            if number:
                self.body.addWidget(Hairline(theme))
            self.body.addWidget(self._choice(theme, field))
        self._list(theme, compared, Difference.ONLY_THEIRS, tr.gettext("Nieuw, wordt overgenomen"))
        self._list(theme, compared, Difference.ONLY_OURS, tr.gettext("Staat alleen hier, blijft"))

    def choices(self) -> dict[str, Choice]:
        """Return what was chosen so far."""
        return {
            name: Choice(control.value())
            for name, control in self._choices.items()
            if control.value()
        }

    def check(self) -> Field | None:
        """Mark what is not chosen yet; return the first of those fields, or None."""
        first: Field | None = None
        for name, field in self._fields.items():
            missing = not self._choices[name].value()
            field.set_problem(self._tr.gettext("Kies wat klopt.") if missing else "")
            if missing and first is None:
                first = field
        return first

    def _choice(self, theme: Theme, field: ComparedField) -> Field:
        tr = self._tr
        options = [
            (
                Choice.OURS.value,
                tr.gettext("Hier: {value}").format(value=_line(field.title, field.ours)),
            ),
            (
                Choice.THEIRS.value,
                tr.gettext("Ontvangen: {value}").format(value=_line(field.title, field.theirs)),
            ),
        ]
        control = ChoiceInput(theme, options, as_radio=True, name=f"choice-{field.field}")
        control.changed.connect(lambda _value: self._chosen(field.field))
        made = Field(theme, tr.gettext(field.title), control)
        self._choices[field.field], self._fields[field.field] = control, made
        return made

    def _chosen(self, name: str) -> None:
        self._fields[name].set_problem("")
        self.changed.emit()

    def _list(
        self, theme: Theme, compared: tuple[ComparedField, ...], kind: Difference, title: str
    ) -> None:
        rows = [
            (self._tr.gettext(field.title), shown(field.title, field.theirs or field.ours))
            for field in compared
            if field.difference is kind
        ]
        if rows:
            self.body.addWidget(Hairline(theme))
            self.body.addWidget(Caption(theme, title))
            self.body.addWidget(Facts(theme, rows))


def _line(title: str, text: str) -> str:
    return shown(title, text).replace("\n", " · ")
