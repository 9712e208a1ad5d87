"""Postbus: where sealed dossiers travel by, who receives, and a test of the connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from intake_app.flows import relays
from intake_app.flows.relays import ConnectionReport, RelayRefused, SyncSettings, TestStep
from intake_app.i18n.bidi import isolate
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Caption,
    Card,
    CheckInput,
    ChoiceInput,
    Kind,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    clear_layout,
)
from intake_app.ui.settings.job import Cancelled, Job, Progress
from intake_app.ui.settings.place_fields import PlaceFields
from intake_app.ui.sync.bridge import connect_place
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.flows.relays import RelayPlace
    from intake_app.sync.driver import Box

OFF, SAME = "off", "same"


class SyncPage(Page):
    """Sets sending and receiving up. Only the test, and what was saved, touch the network.

    `connect` makes a connection out of a place; by default the one of this machine.
    """

    def __init__(
        self, context: AppContext, *, connect: Callable[[RelayPlace], Box] | None = None
    ) -> None:
        tr = context.tr
        super().__init__(
            context.theme,
            tr.gettext("Postbus"),
            subtitle=tr.gettext(
                "Laat dossiers vanzelf reizen zodra er verbinding is. "
                "Alleen wat verzegeld is, gaat de deur uit."
            ),
            name="sync-settings-page",
        )
        self._context = context
        self._connect = connect or connect_place
        self._job: Job | None = None
        self._may_change = relays.may_change(context.vault)
        found = relays.settings(context.vault)
        theme = self.theme
        self.said = Notice(theme, "info", "", name="sync-said")
        self.said.hide()
        self.add(self.said)
        if not self._may_change:
            text = tr.gettext("Alleen een collega met de rol beheer kan de postbus instellen.")
            self.add(Muted(theme, text))
        self.send = PlaceCard(
            context,
            "send",
            tr.gettext("Versturen"),
            tr.gettext("Kies hoe een verzegeld dossier bij de ontvanger komt."),
            [(OFF, tr.gettext("Niet vanzelf: ik geef het bestand zelf")), *_kinds(context)],
        )
        self.receive = PlaceCard(
            context,
            "receive",
            tr.gettext("Ontvangen"),
            tr.gettext("Kies waar dossiers voor jullie binnenkomen."),
            [
                (OFF, tr.gettext("Niet vanzelf: ik open het bestand zelf")),
                (SAME, tr.gettext("In dezelfde postbus als bij versturen")),
                *_kinds(context),
            ],
        )
        self.send.show_place(found.send)
        same = found.receive is not None and found.receive == found.send
        self.receive.show_place(found.receive, SAME if same else "")
        for card in (self.send, self.receive):
            card.changed.connect(self._changed)
            card.setEnabled(self._may_change)
            self.add(card)
        self.add(self._when(found))
        self.add(self._own_box())
        self._make_actions()

    def wanted(self) -> SyncSettings:
        """Return what the fields say now."""
        send = self.send.place()
        receive = send if self.receive.kind() == SAME else self.receive.place()
        return SyncSettings(send, receive, while_locked=self.while_locked.isChecked())

    def save(self) -> None:
        """Keep what the fields say; a problem shows at its field."""
        tr = self._context.tr
        if not self._sound():
            return
        try:
            relays.save(self._context.vault, self.wanted())
        except (RelayRefused, VaultError) as error:
            self._say("err", tr.said(error))
            return
        if self.wanted().is_set_up:
            text = tr.gettext(
                "De postbus is bewaard. Wat verzegeld is, reist vanaf nu zodra er verbinding is."
            )
        else:
            text = tr.gettext("Bewaard. Er reist niets vanzelf: je geeft bestanden zelf.")
        self._say("ok", text)

    def test_connection(self) -> None:
        """Try each place that was filled in, on a thread of its own."""
        if self._job is not None or not self._sound():
            return
        wanted, vault, connect = self.wanted(), self._context.vault, self._connect
        box_name, random = relays.own_box(vault), self._context.env.random
        places = [place for place in (wanted.send, wanted.receive) if place is not None]

        def work(_progress: Progress, cancelled: Cancelled) -> object:
            report = ConnectionReport(())
            for place in dict.fromkeys(places):
                if report.ok and not cancelled():
                    receives = place == wanted.receive
                    report = relays.test(
                        place, box_name, connect=connect, random=random, receives=receives
                    )
            return report

        job = self._job = Job(work)
        job.done.connect(self._tested_place)
        job.refused.connect(self._refused)
        self._say("info", self._context.tr.gettext("De verbinding wordt geprobeerd …"))
        self._show_actions()
        job.start()

    def leaving(self) -> None:
        """Have a test that is under way stop as soon as it can; nobody hears of it."""
        if self._job is not None:
            self._job.cancel()

    def _tested_place(self, report: object) -> None:
        assert isinstance(report, ConnectionReport)  # noqa: S101  (what the job returns)
        self._job = None
        tr = self._context.tr
        if report.ok:
            cleaned = TestStep.CLEAN_UP in report.done
            text = tr.gettext("De verbinding werkt: schrijven en teruglezen zijn gelukt.")
            if not cleaned:
                text += " " + tr.gettext("Opruimen mag dit account niet; dat doet de postbus zelf.")
            self._say("ok", text)
        else:
            self._say("err", tr.said(report.problem))
        self._show_actions()

    def _refused(self, told: object) -> None:
        self._job = None
        self._say("err", self._context.tr.said(told))
        self._show_actions()

    def _sound(self) -> bool:
        """Show what is wrong at the fields; True when nothing is."""
        folder = self._context.vault.folder
        good = [card.show_problems(folder) for card in (self.send, self.receive)]
        if self.receive.kind() == SAME and self.send.kind() == OFF:
            text = self._context.tr.gettext(
                "Kies eerst bij Versturen welke postbus het is, of kies hier een eigen postbus."
            )
            self._say("err", text)
            return False
        return all(good)

    def _changed(self) -> None:
        if self._job is None:
            self.said.hide()
        self._show_actions()

    def _say(self, kind: Kind, text: str) -> None:
        self.said.set_notice(kind, text)
        self.area.verticalScrollBar().setValue(0)

    def _when(self, found: SyncSettings) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Wanneer"), name="sync-when")
        self.while_locked = CheckInput(
            theme,
            tr.gettext("Doorgaan met versturen als het programma vergrendeld is"),
            name="sync-while-locked",
        )
        self.while_locked.setChecked(found.while_locked)
        self.while_locked.setEnabled(self._may_change)
        self.while_locked.toggled.connect(lambda _on: self._changed())
        card.body.addWidget(self.while_locked)
        card.body.addWidget(
            Caption(
                theme,
                tr.gettext(
                    "Alleen wat al verzegeld is en op de laptop klaarligt. De kluis blijft dicht. "
                    "Staat dit uit, dan gaat er bij vergrendelen niets meer weg."
                ),
            )
        )
        asked = tr.gettext(
            "Op een verbinding met een limiet, zoals een telefoon, vraagt het programma het "
            "eerst als er meer dan {n} MB wacht."
        ).format(n=found.ask_above_bytes // relays.MEBIBYTE)
        card.body.addWidget(Caption(theme, asked))
        return card

    def _own_box(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Jullie postbus"), name="sync-own-box")
        box = relays.own_box(self._context.vault)
        card.body.addWidget(
            Row(
                theme,
                isolate(box, "ltr"),
                tr.gettext(
                    "Zo heet jullie vak op elke postbus. De naam zegt niets over wie jullie zijn. "
                    "Wie de postbus beheert, heeft hem nodig."
                ),
                name="sync-box-name",
            )
        )
        return card

    def _make_actions(self) -> None:
        tr, theme = self._context.tr, self.theme
        self._test = QuietButton(theme, tr.gettext("Verbinding testen"), name="sync-test")
        self._test.clicked.connect(self.test_connection)
        save = None
        if self._may_change:
            save = PrimaryButton(theme, tr.gettext("Bewaren"), icon="save", name="sync-save")
            save.clicked.connect(self.save)
        self.set_footer((self._test,), save)
        self._show_actions()

    def _show_actions(self) -> None:
        testable = self.send.kind() != OFF or self.receive.kind() not in {OFF, SAME}
        self._test.setEnabled(testable and self._job is None)


def _kinds(context: AppContext) -> list[tuple[str, str]]:
    tr = context.tr
    return [
        ("folder", tr.gettext("Een gedeelde map, een schijf op het netwerk of een stick")),
        ("webdav", tr.gettext("Een postbus op internet (WebDAV)")),
        ("s3", tr.gettext("Opslag in een datacentrum (S3)")),
    ]


class PlaceCard(Card):
    """The choice between nothing, a folder, WebDAV and S3, and the fields of what was chosen."""

    changed = Signal()

    def __init__(
        self,
        context: AppContext,
        name: str,
        title: str,
        text: str,
        options: list[tuple[str, str]],
    ) -> None:
        theme = context.theme
        super().__init__(theme, title, name=f"sync-{name}")
        self._context, self._name = context, name
        self.body.addWidget(Muted(theme, text))
        self.choice = ChoiceInput(
            theme, options, as_radio=True, value=OFF, name=f"sync-{name}-kind"
        )
        self.choice.setAccessibleName(title)
        self.body.addWidget(self.choice)
        self._holder = QVBoxLayout()
        self.body.addLayout(self._holder)
        self.fields: PlaceFields | None = None
        self.choice.changed.connect(self._chosen)

    def kind(self) -> str:
        """Return what is chosen: off, same, folder, webdav or s3."""
        return self.choice.value()

    def place(self) -> RelayPlace | None:
        """Return the place as the fields say it, None where none is chosen here."""
        return self.fields.place() if self.fields is not None else None

    def show_place(self, place: RelayPlace | None, chosen: str = "") -> None:
        """Show what was set up."""
        kind = chosen or (OFF if place is None else place.kind)
        self.choice.set_value(kind)
        if place is not None and self.fields is not None:
            self.fields.show_place(place)

    def show_problems(self, vault_folder: Path) -> bool:
        """Show what is wrong at the fields; True when nothing is."""
        return self.fields is None or self.fields.show_problems(vault_folder)

    def _chosen(self, kind: str) -> None:
        clear_layout(self._holder)
        self.fields = None
        if kind in relays.KINDS:
            self.fields = PlaceFields(self._context, kind, f"sync-{self._name}")
            self.fields.changed.connect(self.changed)
            self._holder.addWidget(self.fields)
        self.changed.emit()
