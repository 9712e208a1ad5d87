"""The composition root: the only place that wires vault, flows and windows together."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app import paths
from intake_app.cli import codes

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from intake_app.domain.environment import Environment
    from intake_app.flows.practice import PracticePlaces
    from intake_app.formio.library import Library
    from intake_app.i18n.catalogues import Catalogues, UiTexts
    from intake_app.ui.desk import Desk
    from intake_app.ui.looks import Looks
    from intake_app.ui.os_lock import SessionWatch
    from intake_app.ui.picker import FilePicker
    from intake_app.ui.start.first import SetUpAnswers
    from intake_app.ui.start.recover import RecoverFlow
    from intake_app.ui.theme import Theme
    from intake_app.vault import Vault

_NO_DISPLAY = """Er is geen beeldscherm. / There is no display.
Zonder beeldscherm: / Without one:
    intake --headless-tour MAP
loopt het hele werk door in echte vensters en laat de schermafbeeldingen, het
overdrachtsbestand, de pdf en het ontvangstbewijs achter in MAP.
"""


class Program:
    """One program on one vault folder: first start or unlocking, then the desk.

    `front` is the window that is shown before the vault is open, `desk` what comes after it.
    `end(code)` is called when the process has to end.
    """

    def __init__(
        self,
        folder: Path,
        *,
        theme: Theme,
        catalogues: Catalogues,
        library: Library,
        env: Environment,
        pick: FilePicker,
        end: Callable[[int], None],
        passphrase_shown: str = "",
        practise: Callable[[], None] | None = None,
        make_vault: Callable[[Path, SetUpAnswers, Environment], Vault] | None = None,
        session: SessionWatch | None = None,
        looks: Looks | None = None,
    ) -> None:
        """With `looks` the windows follow them; `theme` is what they begin with."""
        self._folder, self._theme, self._catalogues = folder, theme, catalogues
        self._library, self._env, self._pick, self._end = library, env, pick, end
        self._passphrase_shown, self._practise = passphrase_shown, practise
        self._make_vault = make_vault or create_vault
        self._session = session
        self._tr: UiTexts = catalogues.ui("nl")
        self.front: QWidget | None = None
        self.desk: Desk | None = None
        self._looks = looks
        self._remake: Callable[[], QWidget] | None = None
        if looks is not None:
            looks.changed.connect(self._renew_front)

    def start(self) -> None:
        """Show the window that opens the vault, or the one that makes it."""
        from intake_app.vault import Vault

        if Vault.exists(self._folder):
            self._ask_passphrase(practice=Vault.describe(self._folder).practice)
        else:
            self._first_start()

    def open_with(self, vault: Vault) -> None:
        """Go on with an open vault; one that was made to join an organisation asks for that."""
        from intake_app.flows import join
        from intake_app.ui.desk import Desk
        from intake_app.ui.memory import forget_sources

        # the database and the desk are imported by now, and no form is loaded yet
        forget_sources()
        self.desk = Desk(
            vault,
            theme=self._theme,
            library=self._library,
            catalogues=self._catalogues,
            tr=self._tr,
            env=self._env,
            pick=self._pick,
            end=self._end,
            errand=leave_errand,
            looks=self._looks,
            session=self._session,
        )
        self.desk.open()
        if join.wanted_label(vault):
            self.desk.open_setting("joining")
        if self.front is not None:
            self.front.close()
            self.front.deleteLater()
            self.front = None

    def close(self) -> None:
        """Close the windows and the vault, as leaving the program does."""
        if self.desk is not None:
            self.desk.leave()
        if self.front is not None:
            self.front.close()

    def _ask_passphrase(self, *, practice: bool) -> None:
        from intake_app.ui.start.unlock import UnlockWindow

        def unlock(words: str) -> Vault:
            from intake_app.flows.unlock import unlock
            from intake_app.vault.keystore import SystemKeystore

            return unlock(self._folder, words, self._env, keystore=SystemKeystore())

        def pause() -> int:
            from intake_app.flows.unlock import wait_left

            return wait_left(self._folder)

        def make() -> QWidget:
            window = UnlockWindow(
                self._theme,
                self._tr,
                unlock=unlock,
                pause_left=pause,
                practice=practice,
                warm_up=_warm_up,
                forgotten=None if practice else self._recover_flow,
            )
            window.opened.connect(self.open_with)
            window.rescue_wanted.connect(self._rescue)
            if practice and self._passphrase_shown:
                window.passphrase.edit.setText(self._passphrase_shown)
            return window

        self._show(make)

    def _generate(self) -> str:
        from intake_app.flows.set_up import generate_passphrase

        return generate_passphrase(self._env.random)

    def _recover_flow(self) -> RecoverFlow:
        from intake_app.ui.start.recover import RecoverFlow
        from intake_app.vault import recovery

        return RecoverFlow(
            self._theme,
            self._tr,
            who=lambda first, second: recovery.open_with_cards(
                self._folder, first, second, env=self._env
            ),
            recover=lambda first, second, user_id, words, lose_roles: recovery.recover(
                self._folder,
                first,
                second,
                user_id=user_id,
                new_passphrase=words,
                env=self._env,
                lose_roles=lose_roles,
            ),
            generate=self._generate,
        )

    def _first_start(self) -> None:
        from intake_app.ui.start.first import FirstStart

        def make() -> QWidget:
            window = FirstStart(
                self._theme,
                self._tr,
                create=self._create,
                generate=self._generate,
                folder=self._folder,
                practise=self._practise,
                restore=self._rescue,
            )
            window.created.connect(self.open_with)
            return window

        self._show(make)

    def _create(self, answers: SetUpAnswers) -> Vault:
        from intake_app.flows import join

        vault = self._make_vault(self._folder, answers, self._env)
        if answers.joins:
            join.want(vault, answers.organisation_name)
        return vault

    def _rescue(self) -> None:
        """Look at a vault that does not open, or put a backup back where there is none."""
        from intake_app.ui.start.rescue import RescueWindow
        from intake_app.vault import Vault

        def make() -> QWidget:
            window = RescueWindow(
                self._theme,
                self._tr,
                folder=self._folder,
                env=self._env,
                pick=self._pick,
                practice=Vault.exists(self._folder) and Vault.describe(self._folder).practice,
            )
            window.cancelled.connect(self.start)
            window.restored.connect(lambda _folder: self.start())
            return window

        self._show(make)

    def _renew_front(self, theme: Theme) -> None:
        """Build the window before the desk anew, unless something on it would be lost."""
        from intake_app.ui.renew import busy, held, lay_out, put_place, put_values

        self._theme = theme
        before, remake = self.front, self._remake
        if before is None or remake is None or self.desk is not None or self._looks is None:
            return
        if busy():
            return
        kept = held(before)
        window = remake()
        lay_out(window, before.size())
        put_values(window, kept)
        if not held(window).same_as(kept):
            window.deleteLater()
            return
        self._looks.apply()
        window.setGeometry(before.geometry())
        self._show(lambda: window)
        self._remake = remake
        put_place(window, kept)

    def _show(self, make: Callable[[], QWidget]) -> None:
        if self._looks is not None:
            self._looks.apply()
        window, self._remake = make(), make
        before, self.front = self.front, window
        window.show()
        if before is not None:
            before.close()
            before.deleteLater()


def create_vault(folder: Path, answers: SetUpAnswers, env: Environment) -> Vault:
    """Make the vault that the first start asked for."""
    from intake_app.domain.actor import Organisation
    from intake_app.flows import set_up

    organisation = Organisation(
        env.uuid(), answers.organisation_name.strip(), answers.profile, answers.municipality_codes
    )
    return set_up.create_vault(
        folder, answers.passphrase, answers.repeat, answers.user_name, organisation, env
    )


def leave_errand(errand: bytes) -> None:
    """Start a process that brings what is sealed already to the relay, while this one is locked.

    The errand goes by a pipe: what is in it stands on no disk and in no list of processes. When
    it cannot be started nothing is lost; the dossiers wait.
    """
    import subprocess
    from contextlib import suppress

    from intake_app import launcher

    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        # else the frozen program takes the new process for a helper of this one
        environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    with suppress(OSError):
        child = subprocess.Popen(  # noqa: S603  (our own program, no shell)
            launcher.program(["sync", "errand"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
            start_new_session=True,
        )
        if child.stdin is not None:
            child.stdin.write(errand)
            child.stdin.close()
        # it outlives this process on purpose; without this Python warns that nobody waited
        child.returncode = 0


def _warm_up() -> None:
    """Import what the desk needs while somebody types the passphrase."""
    import intake_app.flows.unlock
    import intake_app.ui.desk
    import intake_app.vault.opening  # noqa: F401


class Desktop:
    """The program in windows, as the command line starts it.

    `again` is the command line that opens the same vault once more, after a lock.
    """

    def __init__(self) -> None:
        self.again: list[str] = []

    def work(self, vault: Path | None) -> int:
        """Open the program on a vault; return the exit code of the process."""
        if not _display():
            return _say_no_display()
        folder = vault or paths.default_vault_folder()
        self.again = ["run", "--vault", str(folder)]
        asked: list[str] = []
        code = self._run(folder, on_practise=asked.append)
        return self.practice(None, "azc", fresh=False) if asked and code == codes.OK else code

    def practice(self, folder: Path | None, profile: str, *, fresh: bool) -> int:
        """Open the practice vault of a profile, made when it is not there yet or when `fresh`."""
        if not _display():
            return _say_no_display()
        from intake_app.domain.actor import Profile
        from intake_app.flows.practice import PASSPHRASE

        folder = folder or paths.practice_folder()
        self.again = ["practice", "--folder", str(folder), "--profile", profile]
        places = make_practice(folder, fresh=fresh)
        return self._run(places.vault_of(Profile(profile)), passphrase_shown=PASSPHRASE)

    def tour(self, folder: Path) -> int:
        """Drive the windows offscreen through the main job; leave what came of it in `folder`."""
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from intake_app.tour import run

        return int(run(folder))

    def _run(
        self,
        folder: Path,
        *,
        passphrase_shown: str = "",
        on_practise: Callable[[str], None] | None = None,
    ) -> int:
        from intake_app.domain.environment import real_environment
        from intake_app.ui.looks import Looks
        from intake_app.ui.os_lock import session_watch
        from intake_app.ui.picker import NativePicker

        app = application()
        looks = Looks(app)

        def practise() -> None:
            if on_practise is not None:
                on_practise("practice")
            app.exit(codes.OK)

        program = Program(
            folder,
            theme=looks.theme,
            catalogues=catalogues(),
            library=library(),
            env=real_environment(),
            pick=NativePicker(),
            end=app.exit,
            passphrase_shown=passphrase_shown,
            practise=practise if on_practise is not None else None,
            session=session_watch(app),
            looks=looks,
        )
        program.start()
        code = int(app.exec())
        program.close()
        return code


def application() -> QApplication:
    """Return the one application object, with the bundled fonts."""
    from PySide6.QtWidgets import QApplication

    from intake_app.i18n.languages import SOURCE_LANGUAGE
    from intake_app.ui.language import speak
    from intake_app.ui.theme import load_fonts

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(["doorgaande-lijn"])
    app.setApplicationName("Doorgaande Lijn")
    app.setQuitOnLastWindowClosed(True)
    speak(app, SOURCE_LANGUAGE)
    load_fonts(paths.resource("fonts"))
    return app


def theme(app: QApplication, *, scale: float = 1.0) -> Theme:
    """Return the theme as the platform asks (light, dark, contrast), applied to the application."""
    from intake_app.ui.looks import Looks

    looks = Looks(app, scale=scale)
    looks.deleteLater()
    return looks.theme


def catalogues() -> Catalogues:
    """Return the compiled translations, with the ledger of what a person has checked."""
    from intake_app.i18n.catalogues import Catalogues
    from intake_app.i18n.review import ReviewLedger

    ledger = ReviewLedger.read(paths.translations_dir() / "REVIEW.toml")
    return Catalogues(paths.compiled_dir(), ledger)


def library() -> Library:
    """Return the compiled forms."""
    from intake_app.formio.library import Library

    return Library(paths.compiled_dir())


def make_practice(folder: Path, *, fresh: bool) -> PracticePlaces:
    """Make the practice vaults, with a line on the screen per step."""
    from intake_app.domain.environment import real_environment
    from intake_app.flows import practice
    from intake_app.formio.texts import CatalogueTexts

    if fresh:
        practice.start_again(folder)

    def say(line: str) -> None:
        if sys.stdout is not None:
            print(line, flush=True)  # noqa: T201  (the command line's progress)

    return practice.make(folder, real_environment(), library(), CatalogueTexts(catalogues()), say)


def _display() -> bool:
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say_no_display() -> int:
    print(_NO_DISPLAY, file=sys.stderr, end="")  # noqa: T201
    return codes.NO_DISPLAY
