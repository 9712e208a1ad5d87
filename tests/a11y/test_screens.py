"""Every screen of start, today, people and settings: two scales, two schemes, Arabic contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from support.chain import make_chain
from support.people import add_people
from support.qt import make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.domain.actor import Profile
from intake_app.domain.person import Person
from intake_app.flows.practice_people import Stage
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.context import AppContext
from intake_app.ui.people import (
    CouplePage,
    HouseholdPage,
    NoticePage,
    PeoplePage,
    PersonPage,
    RegisterPage,
    StayPage,
)
from intake_app.ui.settings import SettingsPage
from intake_app.ui.settings.parts import Part, page_of
from intake_app.ui.shell import Crumb, Shell
from intake_app.ui.start.first import FirstStart, SetUpAnswers
from intake_app.ui.start.unlock import UnlockWindow
from intake_app.ui.sync.page import TransportPage
from intake_app.ui.theme import Theme
from intake_app.ui.today import TodayPage
from intake_app.vault import Vault

TR = UiTexts("nl", None)
LOOKS = [("light", 1.0, (1280, 800)), ("light", 2.0, (1366, 768)), ("dark", 1.0, (1366, 768))]
IDS = ["light-100", "light-200", "dark-100"]

Make = Callable[[AppContext, dict[Stage, list[Person]]], QWidget]


def nothing(*_args: object) -> None:
    pass


def words() -> str:
    return "vijf losse woorden op papier"


def arabic(people: dict[Stage, list[Person]]) -> Person:
    everyone = [p for group in people.values() for p in group]
    return next(p for p in everyone if p.contact_language == "ar" and p.name_in_own_script)


PAGES: dict[str, Make] = {
    "today": lambda c, _p: TodayPage(c),
    "people": lambda c, _p: PeoplePage(c),
    "register": lambda c, _p: RegisterPage(c, None, done=nothing, cancel=nothing),
    "change-arabic": lambda c, p: RegisterPage(
        c, arabic(p).person_id, done=nothing, cancel=nothing
    ),
    "person-arabic": lambda c, p: PersonPage(c, arabic(p).person_id),
    **{
        f"person-{stage.name.lower()}": (
            lambda c, p, s=stage: PersonPage(c, p[s][0].person_id)  # type: ignore[misc]
        )
        for stage in (Stage.REGISTERED, Stage.INTAKE_OPEN, Stage.PLAN_DRAFT, Stage.REFUSED)
    },
    "couple": lambda c, p: CouplePage(c, p[Stage.REGISTERED][0].person_id, done=nothing),
    "decouple": lambda c, p: CouplePage(c, p[Stage.COUPLED][0].person_id, done=nothing),
    "household": lambda c, p: HouseholdPage(c, p[Stage.COUPLED][0].person_id, done=nothing),
    "stay": lambda c, p: StayPage(c, p[Stage.COUPLED][0].person_id, done=nothing),
    "notice": lambda c, p: NoticePage(c, p[Stage.COUPLED][0].person_id, done=nothing),
    "settings": lambda c, _p: SettingsPage(c),
    "sync": lambda c, _p: TransportPage(c),
    **{f"settings-{part.value}": (lambda c, _p, p=part: page_of(p, c)) for part in Part},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[tuple[Vault, dict[Stage, list[Person]]]]:
    vault = prepared_vault(tmp_path_factory.mktemp("desk") / "kluis")
    yield vault, add_people(vault)
    vault.close()


@pytest.fixture(params=LOOKS, ids=IDS)
def look(request, qapp) -> tuple[Theme, tuple[int, int]]:
    scheme, scale, size = request.param
    return make_theme(qapp, scheme, scale), size


def assert_sound(window: QWidget, size: tuple[int, int], app: QApplication) -> None:
    window.resize(*size)
    window.show()
    settle(app)
    assert (window.width(), window.height()) == size, "does not fit the screen"
    assert [str(finding) for finding in check(window)] == []


@pytest.mark.parametrize("name", PAGES)
def test_page(qtbot, qapp, look, desk, name):
    theme, size = look
    vault, people = desk
    page = PAGES[name](make_context(vault, theme), people)
    shell = Shell(theme, TR)
    qtbot.addWidget(shell)
    shell.show_page(page, [Crumb("Mensen", nothing), Crumb("Amanuel T.", nothing), Crumb("Hier")])
    assert_sound(shell, size, qapp)


def test_page_with_every_problem_shown(qtbot, qapp, look, desk):
    theme, size = look
    page = RegisterPage(make_context(desk[0], theme), None, done=nothing, cancel=nothing)
    shell = Shell(theme, TR, practice=True)
    qtbot.addWidget(shell)
    shell.show_page(page, [Crumb("Mensen", nothing), Crumb("Iemand registreren")])
    page.save()
    for field in page.fields.values():
        field.set_problem("Dit klopt niet. Kijk het na op het document en vul het opnieuw in.")
    assert_sound(shell, size, qapp)


def test_empty_vault_and_address_book(qtbot, qapp, look, tmp_path: Path):
    theme, size = look
    empty = prepared_vault(tmp_path / "leeg", profile=Profile.ONTVANGST, number=2)
    chain = make_chain(tmp_path)
    for vault, kind in (
        (empty, TodayPage),
        (empty, PeoplePage),
        (empty, SettingsPage),
        (chain.town, SettingsPage),
    ):
        shell = Shell(theme, TR)
        qtbot.addWidget(shell)
        shell.show_page(kind(make_context(vault, theme)), [Crumb("Hier")])
        assert_sound(shell, size, qapp)
        shell.close()
    empty.close()
    chain.close()


@pytest.mark.parametrize("step", range(6))
def test_first_start(qtbot, qapp, look, step):
    theme, size = look
    window = FirstStart(
        theme, TR, create=nothing, generate=words, folder=Path("/kluis"), practise=nothing
    )
    qtbot.addWidget(window)
    window.answers = SetUpAnswers(
        Profile.ONTVANGST, "Sociale Dienst", ("0355", "0310"), user_name="Samira"
    )
    window.go_to(step)
    if 0 < step < 5:
        window.next_step()
        window.go_to(step)
    assert_sound(window, size, qapp)


def test_unlock(qtbot, qapp, look):
    theme, size = look
    window = UnlockWindow(theme, TR, unlock=nothing, pause_left=lambda: 30, practice=True)
    qtbot.addWidget(window)
    assert_sound(window, size, qapp)


def test_mirrored(qtbot, qapp, desk, look):
    """A right-to-left interface must hold together too, long before one is offered."""
    from PySide6.QtCore import Qt

    theme, size = look
    vault, people = desk
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        shell = Shell(theme, TR)
        qtbot.addWidget(shell)
        page = PersonPage(make_context(vault, theme), people[Stage.PLAN_DRAFT][0].person_id)
        shell.show_page(page, [Crumb("Mensen", nothing), Crumb("Hier")])
        assert_sound(shell, size, qapp)
        rail = shell.rail
        assert rail.mapTo(shell, rail.rect().topLeft()).x() > shell.width() / 2
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
