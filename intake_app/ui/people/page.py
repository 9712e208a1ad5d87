"""The list of people, with search."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView

from intake_app.domain.actor import Profile
from intake_app.flows import desk, find
from intake_app.flows.find import Among, Only
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Caption,
    Card,
    ChoiceInput,
    Columns,
    EmptyState,
    Page,
    PrimaryButton,
    QuietButton,
    TextInput,
)
from intake_app.ui.people.rows import PeopleModel, PersonDelegate
from intake_app.ui.refresh import Refresh

SHOWN_AT_MOST = 500
FOUND_AT_MOST = 50
_BY_TAB = frozenset({Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason})


def narrowings(tr: UiTexts) -> list[tuple[str, str]]:
    """Return what a list of people can be narrowed to, '' for everybody."""
    return [
        ("", tr.gettext("Iedereen")),
        (Only.ZONDER_KOPPELING.value, tr.gettext("Zonder koppeling")),
        (Only.GESPREK_LOOPT.value, tr.gettext("Gesprek loopt")),
        (Only.OVERGEDRAGEN.value, tr.gettext("Overgedragen")),
        (Only.NIET_VERSCHENEN.value, tr.gettext("Niet gekomen bij het assessment")),
    ]


class PeopleList(QListView):
    """As high as its rows; Enter opens the row that has the focus."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Mark a row at once: until an arrow is pressed the focus would show nowhere."""
        if not self.currentIndex().isValid() and event.reason() in _BY_TAB:
            self.setCurrentIndex(self.model().index(0, 0))
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)


class PeoplePage(Page):
    """Everybody in this vault, found however the name was heard; a row opens the person."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(
            context.theme, context.tr.gettext("Mensen"), width="full", name="people-page"
        )
        self._context = context
        theme, tr = context.theme, context.tr
        receives = context.vault.info.organisation.profile is Profile.ONTVANGST
        kind = QuietButton if receives else PrimaryButton
        self.register = kind(
            theme, tr.gettext("Iemand registreren"), icon="plus", name="people-register"
        )
        self.register.clicked.connect(context.navigate.open_register)
        self.add_header_action(self.register)
        self.search = TextInput(
            theme, name="people-search", placeholder=tr.gettext("Zoek op naam of V-nummer")
        )
        self.search.setAccessibleName(tr.gettext("Zoek op naam of V-nummer"))
        self.search.setClearButtonEnabled(True)
        self.only = ChoiceInput(theme, narrowings(tr), as_radio=False, name="people-only")
        self.only.setAccessibleName(tr.gettext("Wie je wilt zien"))
        places = [("", tr.gettext("Alle gemeenten")), *find.municipalities(context.vault)]
        self.municipality = ChoiceInput(theme, places, as_radio=False, name="people-municipality")
        self.municipality.setAccessibleName(tr.gettext("Gemeente van de koppeling"))
        narrowed = Columns(theme, self.only, self.municipality, stack_below=420)
        self.filters = Columns(theme, self.search, narrowed, weights=(1, 1.25), stack_below=620)
        self.add(self.filters)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(150)
        self._typed.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._typed.start())
        self.search.returnPressed.connect(self._open_only)
        for chosen in (self.only, self.municipality):
            chosen.changed.connect(lambda _value: self.refresh())
        self.card = Card(theme, padding=(0, 0))
        self.list = PeopleList()
        self.list.setObjectName("people-list")
        self.list.setAccessibleName(tr.gettext("Mensen"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setStyleSheet("QListView { background: transparent; border: 0; }")
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setProperty("noFocusRing", "true")
        self.model = PeopleModel(tr)
        self._delegate = PersonDelegate(theme, tr, desk.today(context.env))
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.selectionModel().currentChanged.connect(self._bring_into_view)
        self.card.body.addWidget(self.list)
        self.add(self.card)
        self.count = Caption(theme, "")
        self.count.setObjectName("people-count")
        self.add(self.count)
        self._empty: EmptyState | None = None
        Refresh(self, context.events, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the vault again for what is typed in the search field."""
        tr, theme = self._context.tr, self.theme
        query = self.search.text().strip()
        chosen = self.only.value()
        among = Among(Only(chosen) if chosen else None, self.municipality.value())
        limit = FOUND_AT_MOST if query else SHOWN_AT_MOST
        rows = find.people(self._context.vault, query, among=among, limit=limit)
        narrowed = bool(query) or among != find.EVERYBODY
        self.model.set_rows(rows)
        self._fit()
        self.card.setVisible(bool(rows))
        self.filters.setVisible(bool(rows) or narrowed)
        if len(rows) == limit:
            words = tr.gettext("De eerste {n} mensen. Zoek om iemand anders te vinden.")
            if query:
                words = tr.gettext("De eerste {n} mensen. Typ meer van de naam.")
        else:
            words = tr.ngettext("{n} persoon", "{n} mensen", len(rows))
        self.count.set_text(words.format(n=len(rows)) if rows else "")
        if self._empty is not None:
            self._empty.hide()
            self._empty.deleteLater()
            self._empty = None
        if not rows:
            title, text = (
                tr.gettext("Niemand gevonden"),
                tr.gettext("Controleer de spelling, of zoek op een deel van de naam."),
            )
            if among != find.EVERYBODY:
                text = tr.gettext("Kies bij de lijst weer iedereen en alle gemeenten.")
            if not narrowed:
                title = tr.gettext("Hier is nog niemand")
                text = tr.gettext("Registreer iemand, of ontvang een dossier bij Overdracht.")
            self._empty = EmptyState(theme, "people", title, text, name="people-empty")
            self.body.insertWidget(1, self._empty)
            self._empty.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        narrow = event.size().width() < self.theme.px(720)
        if narrow != self._delegate.narrow:
            self._delegate.narrow = narrow
            self._fit()

    def _fit(self) -> None:
        rows = self.model.rowCount()
        self.list.setFixedHeight(max(1, rows) * self._delegate.row_height())
        self.list.scheduleDelayedItemsLayout()

    def _open(self, index: QModelIndex) -> None:
        self._context.navigate.open_person(self.model.row(index).person.person_id)

    def _open_only(self) -> None:
        self._typed.stop()
        self.refresh()
        if self.model.rowCount() == 1:
            self._open(self.model.index(0, 0))
        elif self.model.rowCount():
            self.list.setFocus()
            self.list.setCurrentIndex(self.model.index(0, 0))

    def _bring_into_view(self, current: QModelIndex, _previous: QModelIndex) -> None:
        rect = self.list.visualRect(current)
        content = self.area.widget()
        if content is None:
            return
        centre = self.list.mapTo(content, rect.center())
        self.area.ensureVisible(centre.x(), centre.y(), 0, rect.height())
