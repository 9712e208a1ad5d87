from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from support.people import add_people
from support.qt import make_context, make_theme, settle
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.domain.person import Person
from intake_app.flows import case
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.kit import Combo, Notice, Row, TextInput
from intake_app.ui.settings.audit import AuditPage
from intake_app.ui.shell import Crumb, Shell
from intake_app.vault import Vault
from intake_app.vault.model import VaultUser

LOOKS = [("light", 1.0, (1280, 800)), ("light", 2.0, (1366, 768)), ("dark", 1.0, (1366, 768))]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Vault, list[Person]]]:
    vault = prepared_vault(tmp_path_factory.mktemp("log") / "kluis")
    people = [p for group in add_people(vault).values() for p in group]
    for person in people:
        case.overview(vault, person.person_id)
    yield vault, people
    vault.close()


@pytest.fixture
def page(qtbot, qapp, desk) -> AuditPage:
    made = AuditPage(make_context(desk[0], make_theme(qapp)))
    qtbot.addWidget(made)
    made.show()
    settle(qapp)
    return made


def titles(page: AuditPage) -> list[str]:
    return [row.title.text() for row in page.findChildren(Row) if not row.isHidden()]


def part(page: AuditPage, kind: type, name: str) -> Any:
    return page.findChild(kind, name)


def test_the_newest_lines_say_who_and_what(page, desk):
    vault, people = desk
    opened = [title for title in titles(page) if title.startswith("Persoon openen")]
    assert any(people[-1].short_name in title for title in opened)
    assert vault.user.name in page.findChildren(Row)[0].caption.text()


def test_older_lines_come_when_asked_for(page, desk, qapp):
    before = len(titles(page))
    assert before == 50
    part(page, QPushButton, "audit-older").click()
    settle(qapp)
    assert len(titles(page)) > before


def test_only_about_one_person(page, desk, qapp):
    _, people = desk
    part(page, TextInput, "audit-person").setText(people[0].v_number)
    page.look_for()
    settle(qapp)
    assert titles(page)
    assert all(people[0].short_name in title for title in titles(page))
    part(page, TextInput, "audit-person").setText("zzzzqqq")
    page.look_for()
    assert page._about.problem() == "Niemand gevonden. Controleer de spelling."
    part(page, TextInput, "audit-person").setText("")
    page.look_for()
    settle(qapp)
    assert len(titles(page)) == 50


def test_more_than_one_person_is_a_choice(page, desk, qapp):
    part(page, TextInput, "audit-person").setText("a")
    page.look_for()
    settle(qapp)
    choice = part(page, Combo, "audit-person-choice")
    assert choice.isVisible()
    assert choice.count() > 1
    choice.setCurrentIndex(1)
    settle(qapp)
    name = choice.currentText().rsplit(" (", 1)[0]
    assert all(name in title for title in titles(page))


def test_the_check_says_that_it_is_whole_and_where_it_is_not(tmp_path, qtbot, qapp):
    vault = prepared_vault(tmp_path / "kluis")
    with vault.transaction(actor_of(vault), "instelling") as tx:
        tx.settings.set("n", "1")
    page = AuditPage(make_context(vault, make_theme(qapp)))
    qtbot.addWidget(page)
    part(page, QPushButton, "audit-check").click()
    found = part(page, Notice, "audit-found")
    assert found.text().startswith("Het logboek is heel.")
    assert vault._opened is not None
    with vault._opened.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE seq = 3")
    page.check()
    assert "ontbreekt regel 3" in found.text()
    vault.close()


def test_somebody_with_beheer_alone_sees_no_names(desk, qtbot, qapp, monkeypatch):
    vault, people = desk
    manager = VaultUser(vault.user.user_id, vault.user.name, (UserRole.BEHEER,))
    monkeypatch.setattr(vault, "user", manager)
    page = AuditPage(make_context(vault, make_theme(qapp)))
    qtbot.addWidget(page)
    assert part(page, TextInput, "audit-person") is None
    shown = " ".join(titles(page))
    assert "Persoon openen: 1 persoon" in shown
    assert not any(person.family_name in shown for person in people)


@pytest.mark.parametrize("look", LOOKS, ids=["light-100", "light-200", "dark-100"])
def test_it_can_be_read_and_used_by_everybody(look, desk, qtbot, qapp):
    scheme, scale, size = look
    theme = make_theme(qapp, scheme, scale)
    page = AuditPage(make_context(desk[0], theme))
    shell = Shell(theme, UiTexts("nl", None))
    qtbot.addWidget(shell)
    shell.show_page(page, [Crumb("Instellingen", lambda: None), Crumb("Logboek")])
    page.check()
    part(page, TextInput, "audit-person").setText("a")
    page.look_for()
    shell.resize(*size)
    shell.show()
    settle(qapp)
    assert [str(finding) for finding in check(shell)] == []
