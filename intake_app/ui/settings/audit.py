"""The audit log: who looked at what and changed what, and whether the log is still whole."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QTimer

from intake_app.domain.person import Person
from intake_app.flows import audit
from intake_app.flows.audit import LogLine
from intake_app.i18n.bidi import isolate
from intake_app.i18n.formats import format_time
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Card,
    Columns,
    Combo,
    Field,
    Muted,
    Notice,
    Page,
    QuietButton,
    Row,
    RowList,
    Stack,
    Tag,
    TextInput,
)
from intake_app.vault import VaultError

_AT_ONCE = 50
_MOST_FOUND = 20


class AuditPage(Page):
    """The latest entries in plain words, of everybody or of one person or user; and the check."""

    def __init__(self, context: AppContext) -> None:
        theme, tr = context.theme, context.tr
        super().__init__(
            theme,
            tr.gettext("Logboek"),
            subtitle=tr.gettext(
                "Wie wat bekeek en veranderde. Wat in een dossier staat, staat hier niet."
            ),
            name="audit-page",
        )
        self._context = context
        self._person_id: UUID | None = None
        self._older_below: int | None = None
        self.add(self._make_check())
        self.add(self._make_filter())
        card = Card(theme, tr.gettext("Regels, de nieuwste eerst"))
        self._rows = RowList(theme)
        card.body.addWidget(self._rows)
        self._none = Muted(theme, tr.gettext("Er zijn geen regels die hierbij passen."))
        card.body.addWidget(self._none)
        self._older = QuietButton(theme, tr.gettext("Toon oudere regels"), name="audit-older")
        self._older.clicked.connect(lambda: self._show(self._older_below))
        card.body.addWidget(self._older)
        self.add(card)
        self.refresh()

    def refresh(self) -> None:
        """Read the newest lines for what is chosen."""
        self._rows.clear()
        self._show(None)

    def check(self) -> None:
        """Check the whole log and say what was found."""
        tr = self._context.tr
        try:
            report = audit.check(self._context.vault)
        except VaultError as error:
            self._found.set_notice("err", tr.said(error))
            return
        if report.fault is not None:
            self._found.set_notice("err", tr.said(report.fault.sentence))
        else:
            checked = report.last - report.first + 1
            text = tr.ngettext(
                "Het logboek is heel. {n} regel is gecontroleerd.",
                "Het logboek is heel. {n} regels zijn gecontroleerd.",
                checked,
            ).format(n=checked)
            sealed = tr.gettext("Tot en met regel {n} staat er een zegel op.")
            self._found.set_notice("ok", f"{text} {sealed.format(n=report.sealed_until)}")
        self.refresh()

    # ---- the parts ----------------------------------------------------------------------------

    def _make_check(self) -> Card:
        theme, tr = self.theme, self._context.tr
        card = Card(theme, tr.gettext("Klopt het logboek?"))
        about = tr.gettext(
            "Elke regel zit vast aan de regel ervoor, en wie de kluis sluit zet er een zegel op. "
            "Zo is te zien of iemand later iets heeft veranderd of weggehaald."
        )
        card.body.addWidget(Body(theme, about))
        self._found = Notice(theme, "ok", "", name="audit-found")
        self._found.hide()
        card.body.addWidget(self._found)
        button = QuietButton(
            theme, tr.gettext("Controleer het logboek"), icon="check", name="audit-check"
        )
        button.clicked.connect(self.check)
        card.body.addWidget(button)
        return card

    def _make_filter(self) -> Columns | Stack:
        theme, tr = self.theme, self._context.tr
        self._users = Combo(theme)
        self._users.setObjectName("audit-user")
        self._users.addItem(tr.gettext("Iedereen"), None)
        for user in audit.users(self._context.vault):
            self._users.addItem(user.name, user.user_id)
        self._users.currentIndexChanged.connect(lambda _index: self.refresh())
        who = Field(theme, tr.gettext("Door wie"), self._users)
        if not audit.may_see_persons(self._context.vault.user.roles):
            return Stack(theme, who)
        self._search = TextInput(
            theme, name="audit-person", placeholder=tr.gettext("Naam of V-nummer")
        )
        self._search.setClearButtonEnabled(True)
        self._about = Field(theme, tr.gettext("Over wie"), self._search)
        self._choice = Combo(theme)
        self._choice.setObjectName("audit-person-choice")
        self._choice.setAccessibleName(tr.gettext("Kies over wie"))
        self._choice.hide()
        self._choice.currentIndexChanged.connect(self._chosen)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(300)
        self._typed.timeout.connect(self.look_for)
        self._search.textChanged.connect(lambda _text: self._typed.start())
        self._search.returnPressed.connect(self.look_for)
        about = Stack(theme, self._about, self._choice, spacing=8)
        return Columns(theme, who, about)

    def look_for(self) -> None:
        """Find whom the typed words mean; more than one is a choice, nobody a problem."""
        tr = self._context.tr
        self._typed.stop()
        text = self._search.text().strip()
        found = audit.persons(self._context.vault, text, _MOST_FOUND) if text else ()
        missing = tr.gettext("Niemand gevonden. Controleer de spelling.")
        self._about.set_problem(missing if text and not found else "")
        self._choice.blockSignals(True)  # noqa: FBT003
        self._choice.clear()
        for person in found:
            self._choice.addItem(self._named(person), person.person_id)
        self._choice.blockSignals(False)  # noqa: FBT003
        self._choice.setVisible(len(found) > 1)
        self._chosen()

    def _named(self, person: Person) -> str:
        number = words.masked_v_number(self._context.tr, person)
        return f"{person.short_name} ({number})" if number else person.short_name

    def _chosen(self) -> None:
        chosen = self._choice.currentData()
        if chosen != self._person_id:
            self._person_id = chosen
            self.refresh()

    # ---- the lines ----------------------------------------------------------------------------

    def _show(self, below: int | None) -> None:
        page = audit.page(
            self._context.vault,
            person_id=self._person_id,
            user_id=self._users.currentData(),
            below=below,
            limit=_AT_ONCE,
        )
        for line in page.lines:
            self._rows.add(self._row(line))
        self._older_below = page.older_below
        self._older.setVisible(page.older_below is not None)
        self._none.setVisible(below is None and not page.lines)

    def _row(self, line: LogLine) -> Row:
        theme, tr = self.theme, self._context.tr
        what = f"{line.what} ({line.detail})" if line.detail else line.what
        about = ", ".join(isolate(name) for name in line.about) or self._how_many(line)
        at = line.at.astimezone()
        when = f"{words.long_date(tr, at.date())}, {format_time(at, tr.language, seconds=True)}"
        who = isolate(line.who) if line.who else tr.gettext("Onbekend")
        number = tr.gettext("regel {n}").format(n=line.seq)
        tags: tuple[Tag, ...] = ()
        if line.failed:
            tags = (Tag(theme, tr.gettext("Mislukt"), "err"),)
        elif line.changed:
            tags = (Tag(theme, tr.gettext("Veranderd"), "info"),)
        title = f"{what}: {about}" if about else what
        return Row(theme, title, f"{who} · {when} · {number}", trailing=tags)

    def _how_many(self, line: LogLine) -> str:
        if not line.about_count:
            return ""
        words_ = self._context.tr.ngettext("{n} persoon", "{n} mensen", line.about_count)
        return words_.format(n=line.about_count)
