"""The desk: the window of an open vault, and the way from page to page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from intake_app.domain.actor import Profile
from intake_app.domain.environment import Environment
from intake_app.flows.interview import InterviewRefused
from intake_app.flows.looks import wishes
from intake_app.formio.library import Library
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.ui.bridge import VaultBridge
from intake_app.ui.capture import CaptureGuard
from intake_app.ui.clipboard import ClipboardGuard
from intake_app.ui.context import AppContext
from intake_app.ui.desk_forms import form_page, is_kept
from intake_app.ui.desk_interview import InterviewOnScreen
from intake_app.ui.desk_renewal import Made, Renewal
from intake_app.ui.interview.garbage import Garbage, GarbageAtRest
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.kept_typing import KeptTyping
from intake_app.ui.language import wanted_words
from intake_app.ui.lock import Locker
from intake_app.ui.lock_warning import LockWarning
from intake_app.ui.looks import Looks
from intake_app.ui.os_lock import SessionWatch
from intake_app.ui.picker import FilePicker
from intake_app.ui.rail import Place
from intake_app.ui.shell import Crumb, Shell
from intake_app.ui.speech import Speech
from intake_app.ui.sync.bridge import SyncBridge
from intake_app.ui.theme import Theme
from intake_app.vault import Vault, VaultEvent

if TYPE_CHECKING:
    from intake_app.vault.wipe import Wiped

_CHECK_AFTER_MS = 60_000
_P = ParamSpec("_P")


def _way(
    go: Callable[Concatenate[Desk, _P], None],
) -> Callable[Concatenate[Desk, _P], None]:
    """Remember how the page that is shown was reached, so that it can be made again."""

    @wraps(go)
    def going(desk: Desk, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        desk.way = partial(go, desk, *args, **kwargs)
        go(desk, *args, **kwargs)

    return going


class Desk(QObject):
    """Shows the pages of one open vault in one window; the `Navigator` of every page.

    `end(code)` is called once, when the vault is closed and the process has to end.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        theme: Theme,
        library: Library,
        catalogues: Catalogues,
        tr: UiTexts,
        env: Environment,
        pick: FilePicker,
        end: Callable[[int], None],
        errand: Callable[[bytes], None] | None = None,
        looks: Looks | None = None,
        session: SessionWatch | None = None,
    ) -> None:
        """Make the window; `errand` starts a process that sends on while locked, without a key.

        With `looks` the windows follow the platform and the user; the theme is theirs then.
        """
        super().__init__()
        self._looks = looks
        self.way: Callable[[], None] | None = None
        if looks is not None:
            looks.wish(wishes(vault))
            looks.apply()
            theme = looks.theme
        self._catalogues = catalogues
        tr = wanted_words(vault, catalogues, tr)
        self.vault, self.words, self._end = vault, tr, end
        self._errand = errand
        self.shell = Shell(theme, tr, practice=vault.info.practice)
        self.events = VaultBridge(vault, self)
        self.sync = SyncBridge(vault, self.events, parent=self)
        self.context = AppContext(
            vault=vault,
            library=library,
            catalogues=catalogues,
            tr=tr,
            env=env,
            theme=theme,
            navigate=self,
            pick=pick,
            events=self.events,
            sync=self.sync,
            speech=Speech(library),
        )
        self.left = False
        self.shell.place_chosen.connect(self._go)
        self.locker = Locker(
            save=self._save, close=self._close_locked, end=end, now=env.now, parent=self
        )
        self.locker.watch(self.shell)
        self._on_screen = InterviewOnScreen(
            vault,
            self.shell,
            lambda: self.words,
            lambda person: self._leave_for(partial(self.open_person, person)),
        )
        self._garbage = GarbageAtRest(Garbage(), lambda: self.locker.resting_ms, self)
        if session is not None:
            session.watch(self.shell)
            session.locking.connect(self.locker.lock)
        self.clipboard = ClipboardGuard(QApplication.clipboard(), self)
        self._capture = CaptureGuard(vault, self)
        self.shell.lock_requested.connect(self.locker.lock)
        self.shell.sync_requested.connect(lambda: self._leave_for(self.open_sync))
        self.shell.set_saved(tr.gettext("Alles opgeslagen"))
        self.sync.changed.connect(self.show_sync)
        LockWarning(self.shell, self.locker, lambda: self.words)
        self.events.changed.connect(self._heard)
        self._renewal = Renewal(self, looks, self)
        if looks is not None and looks.problem:
            self.shell.set_notice(_own_colours_problem(tr))

    def open(self) -> None:
        """Show the window, in the interview that was open when the program ended, if any.

        Somebody who was about to begin one, or was filling in a form, is back at that.
        """
        left_open, beginning = self._on_screen.left_open(), self._on_screen.left_beginning()
        form = self._on_screen.left_form()
        if beginning is not None and beginning[1] in self.context.library.form_ids():
            self.start_interview(*beginning)
        elif form is not None:
            self._resume_form(*form)
        elif left_open is None or not self._resume(left_open):
            self.open_today()
        self.shell.show()
        if isinstance(self.shell.page, InterviewHost):
            self.shell.page.come_back()
        QTimer.singleShot(0, self, self._begin_sync)
        # not at once: who just unlocked has something to do
        QTimer.singleShot(_CHECK_AFTER_MS, self, self._check_vault)

    def _begin_sync(self) -> None:
        if not self.left:
            self.sync.begin()
            self.show_sync()

    def show_sync(self) -> None:
        """Say in the top line how sync stands."""
        from intake_app.ui.sync.words import top_line

        if self.left:
            return
        said = top_line(self.context)
        self.shell.set_sync(said.text, leads=said.leads, short=said.short, alarm=said.alarm)

    def _check_vault(self) -> None:
        """Have the pages of the vault checked beside the work, at most once a day."""
        from intake_app.flows import rescue

        if not self.left:
            rescue.check_in_background(self.vault)

    def _resume(self, interview_id: UUID) -> bool:
        try:
            self.open_interview(interview_id)
        except InterviewRefused:
            return False
        return True

    def _resume_form(self, person_id: UUID | None, form: str) -> None:
        if person_id is None:
            self.open_register()
        else:
            self._open_form(person_id, form)

    # ---- the pages ----------------------------------------------------------------------------

    @_way
    def open_today(self) -> None:
        """Go to Vandaag; at the region that is its address book."""
        if self.vault.info.organisation.profile is Profile.REGIO:
            self._open_region()
            return
        from intake_app.ui.today.page import TodayPage

        self._show_place(TodayPage(self.context), self.words.gettext("Vandaag"), Place.TODAY)

    def _open_region(self) -> None:
        from intake_app.ui.region.page import RegionPage

        self._show_place(RegionPage(self.context), self.words.gettext("Adresboek"), Place.TODAY)

    @_way
    def open_people(self) -> None:
        """Go to the list of people."""
        from intake_app.ui.people.page import PeoplePage

        self._show_place(PeoplePage(self.context), self.words.gettext("Mensen"), Place.PEOPLE)

    @_way
    def open_register(self) -> None:
        """Go to the form for a new person."""
        page = form_page(
            self.context, None, "register", stored=self.open_person, aside=self.open_people
        )
        crumbs = self._crumbs(
            (self.words.gettext("Mensen"), self.open_people), (page.title.text(), None)
        )
        self._put(Made(page, crumbs, Place.PEOPLE, (None, "register")))

    @_way
    def open_person(self, person_id: UUID) -> None:
        """Go to a person."""
        from intake_app.ui.people.person import PersonPage

        crumbs = self._crumbs(
            (self.words.gettext("Mensen"), self.open_people), (self._name(person_id), None)
        )
        page = PersonPage(self.context, person_id)
        page.asked.connect(lambda form: self._open_form(person_id, form))
        page.file_dropped.connect(lambda path: self._open_form(person_id, "attachment", path))
        page.attachment_asked.connect(lambda which: self._open_attachment(person_id, which))
        self._show(page, crumbs, Place.PEOPLE)

    @_way
    def _open_attachment(self, person_id: UUID, attachment_id: UUID) -> None:
        from intake_app.ui.people.attachment_page import AttachmentPage

        back = partial(self.open_person, person_id)
        page = AttachmentPage(self.context, attachment_id, done=back)
        crumb = self.words.gettext("Bijlage")
        self._show(page, self._person_crumbs(person_id, crumb), Place.PEOPLE)

    @_way
    def _open_form(self, person_id: UUID, form: str, path: Path | None = None) -> None:
        page = form_page(
            self.context,
            person_id,
            form,
            stored=self.open_person,
            aside=partial(self.open_person, person_id),
            path=path,
        )
        crumbs = self._person_crumbs(person_id, page.title.text())
        self._put(Made(page, crumbs, Place.PEOPLE, (person_id, form) if is_kept(form) else None))

    def edit_person(self, person_id: UUID) -> None:
        """Go to the form of a person who is known already."""
        self._open_form(person_id, "person")

    @_way
    def start_interview(self, person_id: UUID, form_id: str) -> None:
        """Go to the start of an interview, or into the one that is still open."""
        self._show_interview(InterviewHost.begin(self.context, person_id, form_id))

    @_way
    def open_interview(self, interview_id: UUID) -> None:
        """Go into an interview. Raises `InterviewRefused` when it is not in this vault."""
        self._show_interview(InterviewHost.reopen(self.context, interview_id))

    @_way
    def open_plan(self, person_id: UUID) -> None:
        """Go to a person's plan."""
        from intake_app.ui.plan.page import PlanPage

        crumbs = self._person_crumbs(person_id, self.words.gettext("Plan"))
        page = PlanPage(self.context, person_id)
        page.saved.connect(self.shell.set_saved)
        self._show(page, crumbs, Place.PEOPLE)

    @_way
    def open_handover(self, person_id: UUID) -> None:
        """Go to handing a person over, or to what became of it."""
        from intake_app.ui.handover.page import HandoverPage

        crumbs = self._crumbs(
            (self.words.gettext("Overdracht"), self.open_handovers),
            (self._name(person_id), lambda: self.open_person(person_id)),
            (self.words.gettext("Overdragen"), None),
        )
        self._show(HandoverPage(self.context, person_id), crumbs, Place.HANDOVER)

    @_way
    def open_handovers(self) -> None:
        """Go to the place Overdracht: the inbox where dossiers arrive, else what was offered."""
        page: QWidget
        if self.vault.info.organisation.profile is Profile.ONTVANGST:
            from intake_app.ui.inbox.page import InboxPage

            page = InboxPage(self.context)
        else:
            from intake_app.ui.handover.list import HandoversPage

            page = HandoversPage(self.context)
        self._show_place(page, self.words.gettext("Overdracht"), Place.HANDOVER)

    @_way
    def open_sync(self) -> None:
        """Go to what travels by the relay."""
        from intake_app.ui.sync.page import TransportPage

        crumbs = self._crumbs(
            (self.words.gettext("Overdracht"), self.open_handovers),
            (self.words.gettext("Onderweg"), None),
        )
        self._show(TransportPage(self.context), crumbs, Place.HANDOVER)

    @_way
    def open_inbox(self, handover_id: UUID) -> None:
        """Go to a received dossier."""
        from intake_app.ui.inbox.dossier import DossierPage

        crumbs = self._crumbs(
            (self.words.gettext("Overdracht"), self.open_handovers),
            (self.words.gettext("Ontvangen dossier"), None),
        )
        self._show(DossierPage(self.context, handover_id), crumbs, Place.HANDOVER)

    @_way
    def open_overview(self) -> None:
        """Go to Overzicht: how many people are at which station."""
        from intake_app.ui.overview.page import OverviewPage

        self._show_place(
            OverviewPage(self.context), self.words.gettext("Overzicht"), Place.OVERVIEW
        )

    @_way
    def open_settings(self) -> None:
        """Go to the settings."""
        from intake_app.ui.settings.page import SettingsPage

        self._show_place(
            SettingsPage(self.context), self.words.gettext("Instellingen"), Place.SETTINGS
        )

    @_way
    def open_setting(self, name: str) -> None:
        """Go to a page below Instellingen."""
        from intake_app.ui.settings.parts import Part, page_of, title_of

        part = Part(name)
        crumbs = self._crumbs(
            (self.words.gettext("Instellingen"), self.open_settings),
            (title_of(self.words, part), None),
        )
        self._show(page_of(part, self.context), crumbs, Place.SETTINGS)

    def lock(self) -> None:
        """Lock, as Ctrl+L does."""
        self.locker.lock()

    def show_wiped(self, wiped: Wiped) -> None:
        """Leave the desk for the window that says what came of an emergency wipe."""
        from intake_app.ui.start.wiped import WipedWindow

        self.locker.stop()
        self._close()
        self._last = WipedWindow(self.context.theme, self.words, wiped, close=lambda: self._end(0))
        self._last.show()
        self.shell.hide()

    # ---- how ----------------------------------------------------------------------------------

    def _leave_for(self, go: Callable[[], None]) -> None:
        """Go, unless the page keeps somebody for something that could not be stored."""
        ask = getattr(self.shell.page, "may_leave", None)
        if not callable(ask) or ask() is not False:
            go()

    def _go(self, place: str) -> None:
        go = {
            Place.TODAY: self.open_today,
            Place.PEOPLE: self.open_people,
            Place.HANDOVER: self.open_handovers,
            Place.OVERVIEW: self.open_overview,
            Place.SETTINGS: self.open_settings,
        }[Place(place)]
        self._leave_for(go)

    def _show_place(self, page: QWidget, title: str, place: Place) -> None:
        self._show(page, self._crumbs((title, None)), place)

    def _show(self, page: QWidget, crumbs: tuple[Crumb, ...], place: Place) -> None:
        self._put(Made(page, crumbs, place))

    def _show_interview(self, host: InterviewHost) -> None:
        self._put(Made(host))

    def _put(self, made: Made) -> None:
        """Show what a way led to, unless it was only gone to make the page anew."""
        if not self._renewal.catches(made):
            self.put(made)

    def put(self, made: Made) -> None:
        """Show a page instead of the one before."""
        if isinstance(made.page, InterviewHost):
            host = made.page
            crumbs = self._person_crumbs(host.person_id, host.heading)
            self.shell.show_page(host, crumbs, place=Place.PEOPLE)
            self._garbage.show(interview=True)
            self._on_screen.show(host, self._name(host.person_id))
            return
        self.shell.show_page(made.page, made.crumbs, place=made.place)
        self.shell.interview_mode(on=False)
        self._garbage.show(interview=False)
        if made.form is None:
            self._on_screen.remember(None)
        else:
            self._on_screen.remember_form(*made.form)

    def _crumbs(self, *parts: tuple[str, Callable[[], None] | None]) -> tuple[Crumb, ...]:
        return tuple(Crumb(label, go) for label, go in parts)

    def _person_crumbs(self, person_id: UUID, last: str) -> tuple[Crumb, ...]:
        name = Crumb(self._name(person_id), lambda: self.open_person(person_id))
        first = Crumb(self.words.gettext("Mensen"), self.open_people)
        return (first, name, Crumb(last, None))

    def _name(self, person_id: UUID) -> str:
        with self.vault.read() as records:
            person = records.persons.get(person_id)
        return person.short_name if person is not None else ""

    def _heard(self, event: VaultEvent) -> None:
        if event.kind == "setting":
            self._capture.refresh()
            if self._looks is not None:
                self._looks.wish(wishes(self.vault))
            words = wanted_words(self.vault, self._catalogues, self.words)
            if words is not self.words:
                self.words = words
                self.shell.set_saved(words.gettext("Alles opgeslagen"))
                self._renewal.soon()
        if event.kind == "space":
            text = self.words.gettext(
                "De schijf is vol. De noodreserve is vrijgegeven: maak nu ruimte vrij."
            )
            self.shell.set_saved(text)

    def leave(self) -> None:
        """Store what the page holds, close the vault and the window; a second time does nothing."""
        if self.left:
            return
        self.left = True
        self.locker.stop()
        self._save()
        self._close()
        self.shell.close()

    def _save(self) -> None:
        blank = getattr(self.shell.page, "blank", None)
        if callable(blank):
            blank()
        self.shell.leave_page()
        page = self.shell.page
        for typing in () if page is None else page.findChildren(KeptTyping):
            typing.flush()

    def _close_locked(self) -> None:
        """Close the vault; what is sealed already may go on where somebody allowed that."""
        errand = self.sync.errand() if self._errand is not None else None
        self._close()
        if errand is not None and self._errand is not None:
            self._errand(errand)

    def _close(self) -> None:
        self.left = True
        self._garbage.stop()
        self.clipboard.stop()
        self.sync.stop()
        self.events.stop()
        if self.context.speech is not None:
            self.context.speech.close()
        self.vault.close()


def _own_colours_problem(tr: UiTexts) -> str:
    return tr.gettext(
        "De eigen kleuren van je organisatie kloppen niet meer. Het programma gebruikt nu de "
        "standaardkleuren. Kijk bij Instellingen, Uiterlijk wat er mis is."
    )
