from __future__ import annotations

from pathlib import Path

import pytest
from pages.start import FirstStartPage, UnlockPage
from PySide6.QtCore import Qt
from support.qt import make_theme, settle
from support.vaults import CHEAP, PASSPHRASE, environment, prepared_vault

from intake_app.domain.actor import Organisation, Profile
from intake_app.flows import set_up, unlock
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.start.first import FirstStart, SetUpAnswers
from intake_app.ui.start.passphrase import Strength, strength
from intake_app.ui.start.unlock import UnlockWindow
from intake_app.vault.errors import DiskFull, VaultDamaged, WrongPassphrase

TR = UiTexts("nl", None)
GOOD = "vijver stapel koffie lantaarn mosterd"


class Starts:
    def __init__(self, qtbot, qapp) -> None:
        self.made: list[SetUpAnswers] = []
        self.refusal: Exception | None = None
        self.practised = 0
        self.window = FirstStart(
            make_theme(qapp),
            TR,
            create=self.create,
            generate=lambda: GOOD,
            folder=Path("/kluis"),
            practise=self.practise,
        )
        qtbot.addWidget(self.window)
        self.window.show()
        self.page = FirstStartPage(qtbot, self.window)

    def create(self, answers: SetUpAnswers) -> str:
        if self.refusal is not None:
            raise self.refusal
        self.made.append(answers)
        return "vault"

    def practise(self) -> None:
        self.practised += 1


@pytest.fixture
def start(qtbot, qapp):
    return Starts(qtbot, qapp)


def test_practice_is_offered_first(start):
    start.page.practise()
    assert start.practised == 1


@pytest.mark.parametrize(
    ("step", "name"), [(2, "start-organisation"), (3, "start-user-name"), (4, "start-passphrase")]
)
def test_the_keyboard_is_in_the_field_to_fill(start, qapp, step, name):
    start.window.activateWindow()
    start.window.go_to(step)
    settle(qapp)
    focused = qapp.focusWidget()
    assert focused is not None
    assert focused.objectName().removesuffix("-text") == name


def test_five_steps_make_a_vault(start, qtbot, qapp):
    start.page.answer_all(
        profile="ontvangst",
        organisation="Regionale Sociale Dienst",
        user="Samira Jansen",
        passphrase=GOOD,
        municipalities=("0355", "0310"),
    )
    shown = " ".join(start.page.words())
    assert "Regionale Sociale Dienst" in shown
    assert "De Bilt, Zeist" in shown or "Zeist, De Bilt" in shown
    with qtbot.waitSignal(start.window.created) as told:
        start.page.finish()
    assert told.args == ["vault"]
    (made,) = start.made
    assert made.profile is Profile.ONTVANGST
    assert set(made.municipality_codes) == {"0355", "0310"}
    assert made.user_name == "Samira Jansen"
    assert made.passphrase == made.repeat == GOOD
    assert start.window.answers.passphrase == ""


def test_a_team_in_an_azc_is_not_asked_for_municipalities(start):
    start.page.begin()
    start.page.choose("start-profile", "azc")
    start.page.next()
    assert not start.page.has("start-municipality-0355")


def test_an_empty_answer_stays_with_its_sentence(start):
    start.page.begin()
    start.page.choose("start-profile", "ontvangst")
    start.page.next()
    start.page.next()
    start.page.assert_on_page("start-step-2")
    assert start.page.problem("start-organisation")
    assert "gemeente" in start.page.text("start-municipalities-problem")


def test_going_back_keeps_the_answers(start):
    start.page.begin()
    start.page.next()
    start.page.type("start-organisation", "Team Zeist")
    start.page.next()
    start.page.back()
    assert start.page.text("start-organisation") == "Team Zeist"


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("kort", "kort", "start-passphrase"),
        (GOOD, GOOD + "x", "start-repeat"),
        ("", "", "start-passphrase"),
        ("samira jansen team zeist", "samira jansen team zeist", "start-passphrase"),
    ],
)
def test_a_passphrase_that_will_not_do_is_refused_at_its_field(start, first, second, field):
    start.page.begin()
    start.page.next()
    start.page.type("start-organisation", "Team Zeist")
    start.page.next()
    start.page.type("start-user-name", "Samira Jansen")
    start.page.next()
    start.page.type("start-passphrase-text", first)
    start.page.type("start-repeat-text", second)
    start.page.next()
    start.page.assert_on_page("start-step-4")
    assert start.page.problem(field)


def test_a_full_disk_is_told_and_can_be_tried_again(start, qtbot):
    start.refusal = DiskFull()
    start.page.answer_all(profile="azc", organisation="Team", user="Noor", passphrase=GOOD)
    start.page.finish()
    qtbot.waitUntil(lambda: start.page.text("start-problem") == str(DiskFull()))
    start.refusal = None
    with qtbot.waitSignal(start.window.created):
        start.page.finish()


def test_the_flow_of_the_vault_takes_these_answers(start, qtbot, tmp_path):
    start.page.answer_all(profile="azc", organisation="Team Zeist", user="Noor", passphrase=GOOD)
    env = environment()

    def create(answers: SetUpAnswers):
        organisation = Organisation(env.uuid(), answers.organisation_name, answers.profile)
        return set_up.create_vault(
            tmp_path / "kluis",
            answers.passphrase,
            answers.repeat,
            answers.user_name,
            organisation,
            env,
            CHEAP,
        )

    start.window._create = create
    with qtbot.waitSignal(start.window.created) as told:
        start.page.finish()
    vault = told.args[0]
    assert vault.user.name == "Noor"
    vault.close()


@pytest.mark.parametrize(
    ("words", "accepted", "measured"),
    [
        ("", True, Strength.NONE),
        ("kort", False, Strength.SHORT),
        ("twaalf tekens!!", True, Strength.FAIR),
        (GOOD, True, Strength.STRONG),
    ],
)
def test_strength_has_three_steps(words, accepted, measured):
    assert strength(words, accepted=accepted) is measured


class Unlocks:
    def __init__(self, qtbot, qapp, **more) -> None:
        self.tried: list[str] = []
        self.answer: Exception | str = "vault"
        self.left = 0
        self.window = UnlockWindow(
            make_theme(qapp), TR, unlock=self.unlock, pause_left=lambda: self.left, **more
        )
        qtbot.addWidget(self.window)
        self.page = UnlockPage(qtbot, self.window)
        self.window.show()
        settle(qapp)

    def unlock(self, words: str) -> str:
        self.tried.append(words)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def door(qtbot, qapp):
    return Unlocks(qtbot, qapp)


def test_the_right_passphrase_opens_and_is_forgotten(door, qtbot):
    with qtbot.waitSignal(door.window.opened) as told:
        door.page.unlock(PASSPHRASE)
    assert told.args == ["vault"]
    assert door.tried == [PASSPHRASE]
    assert door.window.passphrase.text() == ""


def test_enter_in_the_field_opens_once(door, qtbot):
    door.page.type("unlock-passphrase-text", PASSPHRASE)
    with qtbot.waitSignal(door.window.opened):
        door.page.press(Qt.Key.Key_Return, "unlock-passphrase-text")
    assert door.tried == [PASSPHRASE]


def test_an_empty_field_tries_nothing(door, qapp):
    door.page.click("unlock-open")
    settle(qapp)
    assert door.tried == []


def test_a_wrong_passphrase_says_so_and_clears_the_field(door, qtbot):
    door.answer = WrongPassphrase()
    door.page.unlock("verkeerd")
    qtbot.waitUntil(lambda: door.page.says() == str(WrongPassphrase()))
    assert door.window.passphrase.text() == ""
    assert door.window.button.isEnabled()


def test_a_pause_counts_down_and_then_lets_try_again(door, qtbot):
    door.answer, door.left = WrongPassphrase(), 2
    door.page.unlock("verkeerd")
    qtbot.waitUntil(lambda: "Wacht nog 2 seconden" in door.page.says())
    assert not door.window.button.isEnabled()
    door.window.attempt()
    assert len(door.tried) == 1
    door.window.second_passed()
    assert "Wacht nog 1 seconde " in door.page.says()
    door.window.second_passed()
    assert door.window.button.isEnabled()
    assert door.window.waiting() == 0


def test_a_pause_that_runs_from_before_shows_at_once(qtbot, qapp):
    door = Unlocks.__new__(Unlocks)
    door.left = 30
    door.tried, door.answer = [], "vault"
    window = UnlockWindow(make_theme(qapp), TR, unlock=door.unlock, pause_left=lambda: door.left)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.waiting() > 0)
    assert not window.button.isEnabled()


def test_damage_is_told_in_its_own_words(door, qtbot):
    door.answer = VaultDamaged()
    door.page.unlock(PASSPHRASE)
    qtbot.waitUntil(lambda: door.page.says() == str(VaultDamaged()))


def test_what_unlocking_needs_is_imported_after_the_window_is_painted(qtbot, qapp):
    order: list[str] = []
    door = Unlocks(qtbot, qapp, warm_up=lambda: order.append("warm"))
    assert order == ["warm"]
    door.window.hide()
    door.window.show()
    settle(qapp)
    assert order == ["warm"]


def test_the_unlock_window_is_painted_without_vault_or_cryptography():
    import subprocess
    import sys

    code = (
        "import sys\n"
        "import intake_app.ui.start.unlock\n"
        "heavy = [m for m in sys.modules if m.split('.')[0] in "
        "('sqlalchemy', 'sqlcipher3', 'cryptography', 'babel', 'pyxform', 'typst')]\n"
        "ours = [m for m in sys.modules if m.startswith(('intake_app.vault', 'intake_app.crypto', "
        "'intake_app.flows'))]\n"
        "sys.exit(repr(heavy + ours) if heavy or ours else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_flow_of_the_vault_is_what_it_speaks_with(qtbot, qapp, tmp_path):
    prepared_vault(tmp_path / "kluis").close()
    env = environment()
    window = UnlockWindow(
        make_theme(qapp),
        TR,
        unlock=lambda words: unlock.unlock(tmp_path / "kluis", words, env),
        pause_left=lambda: unlock.wait_left(tmp_path / "kluis"),
    )
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.opened, timeout=20_000) as told:
        UnlockPage(qtbot, window).unlock(PASSPHRASE)
    told.args[0].close()
