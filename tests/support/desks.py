"""Whole programs in windows: a team at its desk, with the hands of a person and its own places.

azc = Team(qtbot, folder, theme, seed=1)
azc.start(); azc.first_start(...)          # or azc.open(vault), azc.unlock(passphrase)
azc.person().take_next_step()
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import UUID

from pages.base import PageObject
from pages.handover import HandoverPageObject, HandoversPageObject
from pages.inbox import DossierPageObject, InboxPageObject
from pages.interview import InterviewObject, StartPanelObject
from pages.people import PeoplePageObject, RegisterPageObject
from pages.person import PersonPageObject
from pages.plan import PlanPageObject
from pages.settings import SettingsPageObject
from pages.start import FirstStartPage, UnlockPage
from pages.today import TodayPageObject
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.qt import ScriptedPicker, settle
from support.vaults import CHEAP, START

from intake_app import app
from intake_app.crypto.sshsig import generate_signing_key
from intake_app.domain.actor import Organisation
from intake_app.domain.environment import Environment
from intake_app.flows import set_up
from intake_app.flows.address_book import make_book
from intake_app.handover.address_book import read_book, root_fingerprint
from intake_app.handover.key_card import read_key_card
from intake_app.ui.looks import Looks
from intake_app.ui.start.first import SetUpAnswers
from intake_app.ui.theme import Theme
from intake_app.vault import Vault

P = TypeVar("P", bound=PageObject)
PATIENCE_MS = 20_000


def desk_environment(seed: int, start: datetime = START) -> Environment:
    """Return an environment that repeats itself and moves a hundredth of a second at each reading.

    The clock of `support.vaults` moves a second, by which a busy desk would lock itself.
    """
    source = Random(seed)  # noqa: S311  (never used for real keys)
    readings = iter(range(10**9))
    turn = threading.Lock()

    def now() -> datetime:
        with turn:
            return start + timedelta(milliseconds=10 * next(readings))

    return Environment(
        now=now,
        uuid=lambda: UUID(bytes=source.randbytes(16), version=4),
        random=source.randbytes,
    )


def cheap_vault(folder: Path, answers: SetUpAnswers, env: Environment) -> Vault:
    """Make the vault of the first start as the program does, at the lowest cost."""
    organisation = Organisation(
        env.uuid(), answers.organisation_name.strip(), answers.profile, answers.municipality_codes
    )
    return set_up.create_vault(
        folder, answers.passphrase, answers.repeat, answers.user_name, organisation, env, CHEAP
    )


class Team:
    """One organisation: its program on a vault folder, and the page objects of what shows."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        theme: Theme,
        *,
        seed: int = 1,
        start: datetime = START,
        looks: Looks | None = None,
    ) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.env = desk_environment(seed, start)
        self.pick = ScriptedPicker()
        self.ended: list[int] = []
        self.titles: set[str] = set()
        self.program = app.Program(
            folder,
            theme=theme,
            catalogues=app.catalogues(),
            library=app.library(),
            env=self.env,
            pick=self.pick,
            end=self.ended.append,
            make_vault=cheap_vault,
            looks=looks,
        )

    # ---- the windows ---------------------------------------------------------------------------

    @property
    def window(self) -> QWidget:
        """Return the window in use: the desk, or what comes before it."""
        if self.program.desk is not None:
            return self.program.desk.shell
        assert self.program.front is not None, "no window"
        return self.program.front

    @property
    def vault(self) -> Vault:
        """Return the open vault, for looking only."""
        assert self.program.desk is not None, "the vault is not open"
        return self.program.desk.vault

    def start(self) -> None:
        """Start the program: the first start, or the passphrase."""
        self.program.start()
        self.forward()

    def open(self, vault: Vault) -> None:
        """Go on with a vault that is open already."""
        self.program.open_with(vault)
        self.forward()

    def forward(self) -> None:
        """Bring the window to the front, with the keyboard."""
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def aside(self) -> None:
        """Take the window away, so that the other team's is the only one."""
        self.window.hide()

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the program work until `condition` holds; the titles of windows are noted."""

        def met() -> bool:
            self.note_titles()
            return condition()

        try:
            self.qtbot.waitUntil(met, timeout=PATIENCE_MS)
        except QtBot.TimeoutError as late:
            words = PageObject(self.qtbot, self.window).words()
            raise AssertionError(f"it did not come; on screen: {words}") from late

    def note_titles(self) -> None:
        """Keep the titles of all windows that are there now."""
        self.titles |= {window.windowTitle() for window in QApplication.topLevelWidgets()}

    def go(self, place: str) -> None:
        """Go to a place of the rail: today, people, handover, overview, settings."""
        self.shows("shell").click(f"rail-{place}")

    def shows(self, name: str, kind: type[P] = PageObject) -> P:  # type: ignore[assignment]
        """Wait until the part of this name shows and return the page object on it."""
        page = kind(self.qtbot, self.window)
        # the page before is deleted in the next turn of the event loop, as before human eyes
        settle(app.application())
        self.until(lambda: page.root.objectName() == name or page.has(name))
        return page

    # ---- the pages -----------------------------------------------------------------------------

    def first(self) -> FirstStartPage:
        """Return the first start."""
        return self.shows("first-start", FirstStartPage)

    def unlock(self) -> UnlockPage:
        """Return the unlock window."""
        return self.shows("unlock-window", UnlockPage)

    def today(self) -> TodayPageObject:
        """Return Vandaag."""
        return self.shows("today-page", TodayPageObject)

    def people(self) -> PeoplePageObject:
        """Return the list of people."""
        return self.shows("people-page", PeoplePageObject)

    def register(self) -> RegisterPageObject:
        """Return the form for a person."""
        return self.shows("register-page", RegisterPageObject)

    def person(self) -> PersonPageObject:
        """Return the page of a person."""
        return self.shows("person-page", PersonPageObject)

    def start_panel(self) -> StartPanelObject:
        """Return what is asked before an interview."""
        return self.shows("interview-start", StartPanelObject)

    def interview(self) -> InterviewObject:
        """Return the interview."""
        return self.shows("interview-page", InterviewObject)

    def plan(self) -> PlanPageObject:
        """Return the plan."""
        return self.shows("plan-page", PlanPageObject)

    def handover(self) -> HandoverPageObject:
        """Return the handover of a person."""
        return self.shows("handover-page", HandoverPageObject)

    def handovers(self) -> HandoversPageObject:
        """Return the place Overdracht of a sender."""
        return self.shows("handovers-page", HandoversPageObject)

    def inbox(self) -> InboxPageObject:
        """Return the place Overdracht of a receiver."""
        return self.shows("inbox-page", InboxPageObject)

    def dossier(self) -> DossierPageObject:
        """Return a received dossier."""
        return self.shows("dossier-page", DossierPageObject)

    def settings(self) -> SettingsPageObject:
        """Return the settings."""
        return self.shows("settings-page", SettingsPageObject)

    # ---- what takes several pages --------------------------------------------------------------

    def make_vault(
        self,
        profile: str,
        organisation: str,
        user: str,
        passphrase: str,
        municipalities: tuple[str, ...] = (),
    ) -> None:
        """Go through the first start to the empty Vandaag."""
        self.start()
        first = self.first()
        first.answer_all(
            profile=profile,
            organisation=organisation,
            user=user,
            passphrase=passphrase,
            municipalities=municipalities,
        )
        first.finish()
        self.until(lambda: self.program.desk is not None)
        self.forward()
        self.today()

    def save_card(self, path: Path) -> Path:
        """Save the key card of the organisation."""
        self.pick.answers.append(path)
        self.go("settings")
        self.settings().save_card()
        self.until(path.is_file)
        return path

    def import_book(self, path: Path, number: str) -> None:
        """Take in the first address book, with the typed number of its roots."""
        self.pick.answers.append(path)
        self.go("settings")
        self.settings().import_first_book(number)
        self.shows("settings-organisations")

    def finish_interview(self) -> None:
        """Make the interview on screen vastgesteld, and say yes to the question about it."""
        with answering(self, "confirm-yes"):
            self.interview().finish()

    def close(self) -> None:
        """End the program."""
        self.note_titles()
        self.program.close()


@contextmanager
def answering(team: Team, button: str) -> Iterator[None]:
    """Click `button` in the dialog that opens inside the block; fails when none comes."""
    clicked: list[str] = []
    timer = QTimer()
    timer.setInterval(10)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        found = dialog.findChild(QWidget, button) if dialog is not None else None
        if found is not None and found.isVisible():
            timer.stop()
            team.note_titles()
            clicked.append(button)
            team.qtbot.mouseClick(found, Qt.MouseButton.LeftButton)

    timer.timeout.connect(answer)
    timer.start()
    try:
        yield
        team.until(lambda: bool(clicked))
    finally:
        timer.stop()


def sign_book(cards: list[Path], target: Path, env: Environment) -> str:
    """Do what the region does: certify the cards with three roots; return the number to type."""
    roots = [generate_signing_key(env.random) for _ in range(3)]
    issued = env.now()
    raw = make_book(
        [read_key_card(card.read_bytes()) for card in cards],
        roots,
        issued=issued,
        expires=issued + timedelta(days=365),
    )
    target.write_bytes(raw)
    return root_fingerprint(read_book(raw).book)
