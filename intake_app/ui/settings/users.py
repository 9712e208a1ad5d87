"""Who may open the vault: letting a colleague in, changing a role, taking access away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.domain.actor import UserRole
from intake_app.flows import vault_care
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Caption,
    Card,
    CheckInput,
    DangerButton,
    Field,
    Heading,
    Kind,
    KitButton,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Stack,
    Tag,
    TextInput,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.start.new_passphrase import NewPassphrase, passphrase_input
from intake_app.ui.start.working import work
from intake_app.vault.model import UserAccess


def role_words(tr: UiTexts, role: UserRole) -> tuple[str, str]:
    """Return the name of a role and what it lets somebody do."""
    return {
        UserRole.INTAKE: (
            tr.gettext("intake"),
            tr.gettext("Gesprekken, plannen en overdrachten."),
        ),
        UserRole.MEDISCH: (
            tr.gettext("medisch"),
            tr.gettext("Leest ook wat alleen voor de zorg is."),
        ),
        UserRole.BEHEER: (
            tr.gettext("beheer"),
            tr.gettext("Laat collega’s toe en maakt herstelkaarten."),
        ),
        UserRole.PRIVACY: (
            tr.gettext("privacy"),
            tr.gettext("Leest het hele logboek en beslist mee over wissen."),
        ),
    }[role]


class UsersPage(Page):
    """The people with a way in, and one form at a time to change that."""

    def __init__(self, context: AppContext) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Wie in de kluis mag"),
            subtitle=tr.gettext("Ieder opent de kluis met een eigen wachtwoordzin."),
            name="users-page",
        )
        self._context = context
        self.show_list()

    def show_list(self, said: str = "") -> None:
        """Show who may open the vault now, and who left."""
        from intake_app.vault import users

        tr, theme = self._context.tr, self.theme
        clear_layout(self.body)
        everybody = users.access(self._context.vault)
        may_change = self._context.vault.has_role(UserRole.BEHEER)
        if said:
            self.add(Notice(theme, "ok", said, name="users-said"))
        self._show_copy(may_confirm=may_change)
        card = Card(theme, name="users-list")
        rows = RowList(theme)
        for each in everybody:
            if each.left_at is None:
                rows.add(self._row(each, may_change=may_change))
        card.body.addWidget(rows)
        self.add(card)
        gone = [(each, each.left_at) for each in everybody if each.left_at is not None]
        if gone:
            former = Card(theme, tr.gettext("Geen toegang meer"), name="users-gone")
            former.body.addWidget(RowList(theme, *(self._former(*each) for each in gone)))
            self.add(former)
        if may_change:
            add = PrimaryButton(
                theme, tr.gettext("Collega toelaten"), icon="plus", name="users-add"
            )
            add.clicked.connect(self._ask_new)
            self.set_footer((), add)
        else:
            self.set_footer((), None)
            text = tr.gettext("Alleen een collega met de rol beheer kan hier iets veranderen.")
            self.add(Muted(theme, text))

    def _show_copy(self, *, may_confirm: bool) -> None:
        """Say that the vault was put back, until a manager looked at who is on this page."""
        tr, theme = self._context.tr, self.theme
        copy = vault_care.unchecked_copy(self._context.vault)
        if copy is None:
            return
        text = tr.gettext(
            "Deze kluis is teruggezet van een back-up van {day}. Wie daarna is weggehaald, kan er "
            "weer in. Kijk wie er hieronder staan."
        ).format(day=words.long_date(tr, copy.made_at.astimezone().date()))
        checked = None
        if may_confirm:
            checked = QuietButton(
                theme, tr.gettext("Dit klopt"), icon="check", name="users-copy-checked"
            )
            checked.clicked.connect(self._confirm_copy)
        self.add(Notice(theme, "warn", text, action=checked, name="users-copy"))

    def _confirm_copy(self) -> None:
        vault_care.access_checked(self._context.vault)
        self.show_list()

    def _row(self, user: UserAccess, *, may_change: bool) -> QWidget:
        tr, theme = self._context.tr, self.theme
        since = words.long_date(tr, user.added_at.astimezone().date())
        caption = tr.gettext("Sinds {day}").format(day=since)
        if user.waiting:
            caption += " · " + tr.gettext("krijgt de nieuwe sleutel bij het volgende openen")
        own = user.user_id == self._context.vault.user.user_id
        parts: list[QWidget] = []
        if own:
            parts.append(Tag(theme, tr.gettext("dit ben jij"), "accent"))
        for role in user.roles:
            kind: Kind = "medical" if role is UserRole.MEDISCH else "muted"
            parts.append(Tag(theme, role_words(tr, role)[0], kind))
        if may_change:
            parts.append(self._link(tr.gettext("Rollen"), "roles", user, self._ask_roles))
        if may_change and not own:
            verb = tr.gettext("Toegang weghalen")
            parts.append(self._link(verb, "remove", user, self._ask_removal))
        flow = FlowRow(theme.gap(8), *parts)
        return Stack(theme, Row(theme, isolate(user.name), caption, strong=True), flow, spacing=4)

    def _link(
        self, verb: str, what: str, user: UserAccess, ask: Callable[[UserAccess], None]
    ) -> LinkButton:
        link = LinkButton(self.theme, verb, name=f"users-{what}-{user.user_id}")
        link.setAccessibleName(f"{verb}: {user.name}")
        link.clicked.connect(partial(ask, user))
        return link

    def _former(self, user: UserAccess, left_at: datetime) -> Row:
        tr = self._context.tr
        day = words.long_date(tr, left_at.astimezone().date())
        caption = tr.gettext("Toegang weggehaald op {day}").format(day=day)
        return Row(self.theme, isolate(user.name), caption)

    # ---- the three forms -----------------------------------------------------------------------

    def _ask_new(self) -> None:
        tr, theme = self._context.tr, self.theme
        name = TextInput(theme, name="users-new-name")
        name_field = Field(theme, tr.gettext("Naam van je collega"), name)
        boxes = self._role_boxes((UserRole.INTAKE,))
        secret = NewPassphrase(
            theme,
            tr,
            generate=self._generate,
            about=lambda: (name.text(), self._context.vault.info.organisation.name),
            name="users-new",
        )
        theirs = Stack(
            theme,
            Heading(theme, tr.gettext("Nu je collega")),
            Muted(
                theme, tr.gettext("Geef de laptop even door. Jij hoeft deze zin niet te kennen.")
            ),
            secret,
            spacing=8,
        )

        def ready() -> bool:
            missing = "" if name.text().strip() else tr.gettext("Vul een naam in.")
            name_field.set_problem(missing)
            if missing:
                name.setFocus()
                return False
            return secret.check()

        def job(mine: str) -> str:
            from intake_app.flows import access

            access.add_user(
                self._context.vault,
                mine,
                name.text().strip(),
                self._chosen(boxes),
                secret.text(),
            )
            secret.forget()
            return tr.gettext("{name} kan de kluis nu openen.").format(
                name=isolate(name.text().strip())
            )

        self._form(
            tr.gettext("Collega toelaten"),
            (name_field, self._roles_card(boxes), theirs),
            tr.gettext("Toelaten"),
            ready,
            job,
        )
        name.setFocus()

    def _ask_roles(self, user: UserAccess) -> None:
        tr = self._context.tr
        boxes = self._role_boxes(user.roles)

        def job(mine: str) -> str:
            from intake_app.flows import access

            access.set_roles(self._context.vault, mine, user.user_id, self._chosen(boxes))
            return tr.gettext(
                "De rollen van {name} zijn gewijzigd. Ze gelden vanaf het volgende openen."
            ).format(name=isolate(user.name))

        self._form(
            tr.gettext("Rollen van {name}").format(name=isolate(user.name)),
            (
                self._roles_card(boxes),
                Muted(
                    self.theme,
                    tr.gettext(
                        "Haal je beheer of medisch weg, dan krijgt de kluis een nieuwe sleutel. "
                        "Een oud sleutelbestand geeft die rol dan niet terug. Wie de medische rol "
                        "had, kan de medische sleutel en wat al gelezen is, wel bewaard hebben."
                    ),
                ),
            ),
            tr.gettext("Wijzigen"),
            lambda: True,
            job,
        )

    def _ask_removal(self, user: UserAccess) -> None:
        tr, theme = self._context.tr, self.theme
        from intake_app.flows import access, holders, join

        name = isolate(user.name)
        lost = CheckInput(
            theme,
            tr.gettext("Iemand anders kan de laptop van deze collega hebben"),
            name="users-lost",
        )
        about_lost = Caption(
            theme,
            tr.gettext(
                "Dan wordt ook de handtekening ingetrokken. Ontvangers openen niets meer dat deze "
                "collega heeft verzegeld, ook niet wat al onderweg is. Zij horen dit bij jullie "
                "volgende overdracht."
            ),
        )
        if join.joined(self._context.vault) is not None:
            # nobody is struck off here: the vault seals as the organisation
            lost.hide()
            about_lost.setText(tr.gettext(holders.NoOwnList.sentence))

        def job(mine: str) -> str:
            access.remove_user(self._context.vault, mine, user.user_id)
            if lost.isChecked():
                holders.strike_off(self._context.vault, user.user_id)
            return tr.gettext(
                "{name} kan de kluis niet meer openen. De kluis heeft een nieuwe sleutel."
            ).format(name=name)

        self._form(
            tr.gettext("Toegang van {name} weghalen").format(name=name),
            (
                Body(
                    theme,
                    tr.gettext(
                        "De kluis krijgt een nieuwe sleutel. Wat deze collega deed, blijft in het "
                        "logboek staan. Een kopie van de kluis van vóór vandaag gaat nog open met "
                        "de oude zin: bewaar oude back-ups veilig, of wis ze."
                    ),
                ),
                Stack(theme, lost, about_lost, spacing=4),
            ),
            tr.gettext("Toegang weghalen"),
            lambda: True,
            job,
            danger=True,
        )

    def _form(
        self,
        title: str,
        parts: tuple[QWidget, ...],
        verb: str,
        ready: Callable[[], bool],
        job: Callable[[str], str],
        *,
        danger: bool = False,
    ) -> None:
        """Show a form that ends with one's own passphrase; `job` returns what to say after it."""
        tr, theme = self._context.tr, self.theme
        clear_layout(self.body)
        card = Card(theme, title, name="users-form")
        card.body.setSpacing(theme.gap(16))
        for part in parts:
            card.body.addWidget(part)
        self.add(card)
        mine = passphrase_input(theme, tr, "users-own")
        own_field = Field(
            theme,
            tr.gettext("Je eigen wachtwoordzin"),
            mine,
            help_text=tr.gettext("Zo weten we dat jij dit doet."),
        )
        self.add(own_field)
        notice = Notice(theme, "err", "", name="users-problem")
        notice.hide()
        self.add(notice)
        kind: type[KitButton] = DangerButton if danger else PrimaryButton
        confirm = kind(theme, verb, name="users-confirm")
        cancel = LinkButton(theme, tr.gettext("Terug"), icon="arrow-left", name="users-cancel")
        cancel.clicked.connect(self._back)

        def go() -> None:
            if not ready():
                return
            missing = "" if mine.text() else tr.gettext("Typ je eigen wachtwoordzin.")
            own_field.set_problem(missing)
            if missing:
                mine.setFocus()
                return
            work(
                notice,
                tr.gettext("Even geduld, de sleutels worden gemaakt."),
                lambda: self.show_list(job(mine.text())),
                buttons=(confirm, cancel),
                refused=lambda _error: mine.setFocus(),
                tr=self._context.tr,
            )

        confirm.clicked.connect(go)
        if isinstance(confirm, PrimaryButton):
            self.set_footer((cancel,), confirm)
        else:
            self.set_footer((cancel, confirm))
            mine.setFocus()

    def _back(self) -> None:
        self.show_list()

    # ---- roles ---------------------------------------------------------------------------------

    def _role_boxes(self, chosen: tuple[UserRole, ...]) -> dict[UserRole, CheckInput]:
        boxes: dict[UserRole, CheckInput] = {}
        for role in UserRole:
            name = role_words(self._context.tr, role)[0]
            box = CheckInput(self.theme, name, name=f"users-role-{role.value}")
            box.setChecked(role in chosen)
            boxes[role] = box
        return boxes

    def _roles_card(self, boxes: dict[UserRole, CheckInput]) -> QWidget:
        tr, theme = self._context.tr, self.theme
        lines: list[QWidget] = []
        widest = max(box.sizeHint().width() for box in boxes.values())
        for role, box in boxes.items():
            box.setFixedWidth(widest)
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.gap(12))
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Caption(theme, role_words(tr, role)[1]), 1)
            lines.append(line)
        return Stack(theme, *lines, spacing=4)

    @staticmethod
    def _chosen(boxes: dict[UserRole, CheckInput]) -> tuple[UserRole, ...]:
        return tuple(role for role, box in boxes.items() if box.isChecked())

    def _generate(self) -> str:
        from intake_app.flows.set_up import generate_passphrase

        return generate_passphrase(self._context.env.random)
