"""What the vault itself asks for, on Vandaag."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pages.today import TodayPageObject
from PySide6.QtWidgets import QAbstractButton, QLabel
from support.qt import make_context, make_theme, settle
from support.vaults import PASSPHRASE, environment, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import register, vault_care
from intake_app.flows.register import PersonDraft
from intake_app.flows.vault_care import Care, CareItem
from intake_app.ui.a11y import check
from intake_app.ui.today import TodayPage
from intake_app.ui.today.care import alarms, care_card
from intake_app.vault import Vault, recovery, users


@pytest.fixture
def vault(tmp_path):
    made = prepared_vault(tmp_path / "kluis")
    yield made
    made.close()


def shown(qtbot, qapp, vault, scale: float = 1.0) -> TodayPageObject:
    page = TodayPage(make_context(vault, make_theme(qapp, scale=scale)))
    qtbot.addWidget(page)
    page.resize(1100, 760)
    page.show()
    settle(qapp)
    return TodayPageObject(qtbot, page)


def kinds(vault) -> list[Care]:
    return [item.kind for item in vault_care.items(vault)]


def test_a_new_vault_asks_for_cards_and_later_for_a_backup(vault):
    assert kinds(vault) == [Care.NO_CARDS]
    register.register_person(vault, PersonDraft(family_name="Alkhatib"))
    assert kinds(vault) == [Care.NO_CARDS, Care.NO_BACKUP]


def test_cards_without_a_trial_are_not_forgotten(vault):
    first, second, _ = recovery.make_cards(vault, passphrase=PASSPHRASE)
    assert kinds(vault) == [Care.CARDS_UNTRIED]
    recovery.try_cards(vault, " ".join(first.words), " ".join(second.words))
    assert kinds(vault) == []


def test_a_practice_vault_asks_for_nothing(tmp_path):
    vault = prepared_vault(tmp_path / "oefenen", practice=True)
    register.register_person(vault, PersonDraft(family_name="Alkhatib"))
    assert kinds(vault) == []
    vault.close()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_lines_lead_to_their_pages(qtbot, qapp, vault, scale):
    register.register_person(vault, PersonDraft(family_name="Alkhatib"))
    page = shown(qtbot, qapp, vault, scale)
    assert [str(finding) for finding in check(page.root)] == []
    page.click("today-care-no-cards")
    page.click("today-care-no-backup")
    calls = page.root._context.navigate.calls
    assert calls == [("open_setting", "recovery"), ("open_setting", "backup")]


def test_that_cards_were_used_is_told_until_it_is_read(qtbot, qapp, vault):
    first, second, third = (
        " ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)
    )
    recovery.try_cards(vault, first, second)
    folder, user = vault.folder, vault.user.user_id
    vault.close()
    new = "laars tegel komkommer boekenlegger zout"
    recovery.recover(
        folder, second, third, user_id=user, new_passphrase=new, env=environment()
    ).close()
    again = Vault.open(folder, passphrase=new, env=environment())
    page = shown(qtbot, qapp, again)
    assert "herstelkaarten zijn gebruikt" in page.text("today-alarm")
    page.click("today-alarm-read")
    qtbot.waitUntil(lambda: not page.has("today-alarm"))
    assert kinds(again) == []
    again.close()


def test_a_clock_that_waits_names_the_day_and_leads_to_where_it_is_confirmed(qtbot, qapp, vault):
    at = datetime(2026, 3, 9, 10, tzinfo=UTC)
    context = make_context(vault, make_theme(qapp))
    card = care_card(context, (CareItem(Care.CLOCK_WAITS, at=at),))
    qtbot.addWidget(card)
    shown_text = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "Kijk of de datum klopt: 9 maart 2026" in shown_text
    assert "lopen oude back-ups niet af" in shown_text
    card.findChild(QAbstractButton, "today-care-clock-waits").click()
    assert context.navigate.calls == [("open_setting", "retention")]


def test_cards_without_the_medical_key_are_named(qtbot, qapp, vault):
    colleague = "laars tegel komkommer boekenlegger zout"
    users.add_user(
        vault, passphrase=PASSPHRASE, name="Samira",
        roles=(UserRole.INTAKE, UserRole.MEDISCH), new_passphrase=colleague,
    )  # fmt: skip
    first, second, _ = recovery.make_cards(vault, passphrase=PASSPHRASE)
    recovery.try_cards(vault, " ".join(first.words), " ".join(second.words))
    assert kinds(vault) == [Care.CARDS_INCOMPLETE]
    page = shown(qtbot, qapp, vault)
    qtbot.waitUntil(lambda: page.has("today-care-cards-incomplete"))
    assert [str(finding) for finding in check(page.root)] == []
    page.click("today-care-cards-incomplete")
    assert page.root._context.navigate.calls == [("open_setting", "recovery")]
    folder = vault.folder
    vault.close()
    Vault.open(folder, passphrase=colleague, env=environment()).close()
    again = Vault.open(folder, passphrase=PASSPHRASE, env=environment())
    assert kinds(again) == []
    again.close()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Care.ROLE_KEY_REPLACED, "medische sleutel van deze kluis vervangen"),
        (Care.ROLE_KEY_LOST, "medische sleutel ging verloren"),
    ],
)
def test_what_happened_to_the_medical_key_is_an_alarm(qtbot, qapp, vault, kind, text):
    item = CareItem(kind, at=datetime(2026, 3, 9, 10, tzinfo=UTC), name="Samira")
    context = make_context(vault, make_theme(qapp))
    notice, button = alarms(context, (item,))
    for widget in (notice, button):
        qtbot.addWidget(widget)
    said = " ".join(label.text() for label in notice.findChildren(QLabel))
    assert text in said
    assert "9 maart 2026" in said
    assert care_card(context, (item,)) is None


@pytest.mark.parametrize(
    ("kind", "part", "says"),
    [
        (Care.RESTORED, "users", "teruggezet van een back-up van 9 maart 2026"),
        (Care.BACKUP_WITH_KEYS, "backup", "maak een nieuwe back-up"),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_what_a_restore_or_a_change_of_keys_asks_for(qtbot, qapp, vault, kind, part, says, scale):
    context = make_context(vault, make_theme(qapp, scale=scale))
    card = care_card(context, (CareItem(kind, at=datetime(2026, 3, 9, 10, tzinfo=UTC)),))
    qtbot.addWidget(card)
    card.resize(1000, 400)
    card.show()
    settle(qapp)
    assert says in " ".join(label.text() for label in card.findChildren(QLabel))
    assert [str(finding) for finding in check(card)] == []
    card.findChild(QAbstractButton, f"today-care-{kind.value}").click()
    assert context.navigate.calls == [("open_setting", part)]
