"""The pages about the vault itself, each on a real vault."""

from __future__ import annotations

import pytest
from pages.base import PageObject
from PySide6.QtWidgets import QLabel
from support.qt import make_context, make_theme, settle
from support.vaults import PASSPHRASE, environment, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import back_up, holders, vault_care
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.settings.backup import BackupPage
from intake_app.ui.settings.emergency import EmergencyPage
from intake_app.ui.settings.passphrase import PassphrasePage
from intake_app.ui.settings.recovery import RecoveryPage
from intake_app.ui.settings.users import UsersPage
from intake_app.ui.start.wiped import WipedWindow
from intake_app.vault import Vault, WrongPassphrase, recovery, restore, users
from intake_app.vault.wipe import Wiped

NEW = "laars tegel komkommer boekenlegger zout"
THEIRS = "kurk wolken fietspad rommel zeven"


@pytest.fixture
def vault(tmp_path):
    made = prepared_vault(tmp_path / "kluis")
    yield made
    made.close()


class Shown:
    """A page on screen, with the hands of a person."""

    def __init__(self, qtbot, qapp, vault, kind, scale: float = 1.0) -> None:
        self.qtbot, self.qapp = qtbot, qapp
        self.widget = kind(make_context(vault, make_theme(qapp, scale=scale)))
        qtbot.addWidget(self.widget)
        self.widget.resize(1100, 760)
        self.widget.show()
        settle(qapp)
        self.page = PageObject(qtbot, self.widget)

    def until(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: self.page.has(name), timeout=20_000)

    def says(self, name: str, part: str) -> None:
        self.qtbot.waitUntil(
            lambda: self.page.has(name) and part in self.page.text(name), timeout=20_000
        )

    def sound(self) -> None:
        settle(self.qapp)
        assert [str(finding) for finding in check(self.widget)] == []


# ---- one's own passphrase ------------------------------------------------------------------------


def test_a_new_passphrase_opens_and_the_old_one_does_not(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, PassphrasePage)
    shown.page.type("passphrase-old-text", PASSPHRASE)
    shown.page.type("passphrase-new-passphrase-text", NEW)
    shown.page.type("passphrase-new-repeat-text", NEW)
    shown.page.click("passphrase-save")
    shown.says("passphrase-problem", "geldt vanaf nu")
    shown.sound()
    folder = vault.folder
    vault.close()
    with pytest.raises(WrongPassphrase):
        Vault.open(folder, passphrase=PASSPHRASE, env=environment())
    Vault.open(folder, passphrase=NEW, env=environment()).close()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(
    ("kind", "name"), [(PassphrasePage, "passphrase-of-then"), (BackupPage, "backup-of-then")]
)
def test_it_is_said_that_old_backups_open_as_they_did_then(qtbot, qapp, vault, kind, name, scale):
    shown = Shown(qtbot, qapp, vault, kind, scale)
    said = shown.widget.findChild(QLabel, name).text()
    assert "van die dag" in said
    assert "Bewaar oude kaarten" in said
    shown.sound()


def test_the_old_one_must_be_right(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, PassphrasePage)
    shown.page.type("passphrase-old-text", "iets heel anders dan dat")
    shown.page.type("passphrase-new-passphrase-text", NEW)
    shown.page.type("passphrase-new-repeat-text", NEW)
    shown.page.click("passphrase-save")
    shown.says("passphrase-problem", str(WrongPassphrase())[:20])
    folder = vault.folder
    vault.close()
    Vault.open(folder, passphrase=PASSPHRASE, env=environment()).close()


def test_a_weak_or_different_sentence_is_stopped_at_its_field(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, PassphrasePage)
    shown.page.click("passphrase-save")
    assert "nu opent" in " ".join(shown.page.words())
    shown.page.type("passphrase-old-text", PASSPHRASE)
    shown.page.type("passphrase-new-passphrase-text", "wachtwoord123")
    shown.page.click("passphrase-save")
    assert any("te kort" in words for words in shown.page.words())
    shown.sound()


def test_what_is_offered_can_be_another(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, PassphrasePage)
    before = shown.page.find("passphrase-new-offered").text()
    shown.page.click("passphrase-new-offer-again")
    after = shown.page.find("passphrase-new-offered").text()
    assert before != after
    assert len(after.split()) >= 5


# ---- who may open it -----------------------------------------------------------------------------


def add(shown: Shown, name: str, *, roles: tuple[UserRole, ...] = ()) -> None:
    shown.page.click("users-add")
    shown.page.type("users-new-name", name)
    for role in roles:
        shown.page.click(f"users-role-{role.value}")
    shown.page.type("users-new-passphrase-text", THEIRS)
    shown.page.type("users-new-repeat-text", THEIRS)
    shown.page.type("users-own-text", PASSPHRASE)
    shown.page.click("users-confirm")
    shown.until("users-list")


def test_a_colleague_comes_in_and_goes_again(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, UsersPage)
    add(shown, "Wim")
    new = next(user for user in users.access(vault) if user.name == "Wim")
    assert new.roles == (UserRole.INTAKE,)
    shown.sound()
    folder = vault.folder
    shown.page.click(f"users-remove-{new.user_id}")
    shown.page.type("users-own-text", PASSPHRASE)
    shown.page.click("users-confirm")
    shown.until("users-gone")
    shown.sound()
    vault.close()
    with pytest.raises(WrongPassphrase):
        Vault.open(folder, passphrase=THEIRS, env=environment())
    again = Vault.open(folder, passphrase=PASSPHRASE, env=environment())
    assert next(u for u in users.access(again) if u.name == "Wim").left_at is not None
    again.close()


def test_a_lost_laptop_takes_the_signature_along(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, UsersPage)
    add(shown, "Wim")
    new = next(user for user in users.access(vault) if user.name == "Wim")
    shown.page.click(f"users-remove-{new.user_id}")
    shown.page.click("users-lost")
    shown.sound()
    shown.page.type("users-own-text", PASSPHRASE)
    shown.page.click("users-confirm")
    shown.until("users-gone")
    found = {h.holder_id: h.status for h in holders.own_list(vault).holders.holders}
    assert found == {new.user_id: "revoked", vault.user.user_id: "active"}


def test_the_only_one_who_reads_medical_parts_cannot_be_sent_away(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, UsersPage)
    add(shown, "Wim", roles=(UserRole.MEDISCH,))
    new = next(user for user in users.access(vault) if user.name == "Wim")
    assert set(new.roles) == {UserRole.INTAKE, UserRole.MEDISCH}
    shown.page.click(f"users-remove-{new.user_id}")
    shown.page.type("users-own-text", PASSPHRASE)
    shown.page.click("users-confirm")
    shown.says("users-problem", "niets veranderd")
    assert all(user.left_at is None for user in users.access(vault))


def test_roles_change_and_wait_for_the_next_time(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, UsersPage)
    add(shown, "Wim")
    new = next(user for user in users.access(vault) if user.name == "Wim")
    shown.page.click(f"users-roles-{new.user_id}")
    shown.page.click("users-role-privacy")
    shown.page.type("users-own-text", PASSPHRASE)
    shown.page.click("users-confirm")
    shown.until("users-list")
    now = next(user for user in users.access(vault) if user.name == "Wim")
    assert UserRole.PRIVACY in now.roles
    assert now.waiting


def test_a_manager_confirms_who_may_open_a_restored_vault(qtbot, qapp, vault, tmp_path):
    (tmp_path / "stick").mkdir()
    made = back_up.back_up(vault, tmp_path / "stick")
    back = tmp_path / "terug"
    back_up.put_back(made.path, back, restore.with_passphrase(PASSPHRASE), environment(6))
    copy = Vault.open(back, passphrase=PASSPHRASE, env=environment(8))
    shown = Shown(qtbot, qapp, copy, UsersPage)
    assert "teruggezet van een back-up van 2 maart 2026" in shown.page.text("users-copy")
    shown.sound()
    shown.page.click("users-copy-checked")
    qtbot.waitUntil(lambda: not shown.page.has("users-copy"))
    assert vault_care.unchecked_copy(copy) is None
    copy.close()


def test_without_ones_own_passphrase_nothing_changes(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, UsersPage)
    shown.page.click("users-add")
    shown.page.type("users-new-name", "Wim")
    shown.page.type("users-new-passphrase-text", THEIRS)
    shown.page.type("users-new-repeat-text", THEIRS)
    shown.page.click("users-confirm")
    assert any("eigen wachtwoordzin" in words for words in shown.page.words())
    shown.page.type("users-own-text", "iets heel anders dan dat")
    shown.page.click("users-confirm")
    shown.says("users-problem", str(WrongPassphrase())[:20])
    shown.page.click("users-cancel")
    assert len(users.access(vault)) == 1


def test_the_last_who_lets_people_in_keeps_that_role(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, UsersPage)
    shown.page.click(f"users-roles-{vault.user.user_id}")
    shown.page.click("users-role-beheer")
    shown.page.type("users-own-text", PASSPHRASE)
    shown.page.click("users-confirm")
    shown.qtbot.waitUntil(lambda: bool(shown.page.text("users-problem")), timeout=20_000)
    shown.qtbot.waitUntil(
        lambda: "Even geduld" not in shown.page.text("users-problem"), timeout=20_000
    )
    assert UserRole.BEHEER in users.access(vault)[0].roles


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_form_of_it_is_sound(qtbot, qapp, vault, scale):
    shown = Shown(qtbot, qapp, vault, UsersPage, scale)
    shown.sound()
    shown.page.click("users-add")
    shown.sound()


# ---- recovery cards ------------------------------------------------------------------------------


def make_cards(shown: Shown) -> list[str]:
    shown.page.click("recovery-make")
    shown.page.type("recovery-own-text", PASSPHRASE)
    shown.page.click("recovery-confirm")
    cards = []
    for number in (1, 2, 3):
        shown.until(f"recovery-card-{number}")
        shown.sound()
        cards.append(shown.page.find("recovery-words").accessibleName())
        shown.page.click("recovery-next")
    shown.until("recovery-first")
    return cards


def test_cards_work_after_a_trial_and_open_the_vault(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, RecoveryPage)
    cards = make_cards(shown)
    assert not recovery.card_state(vault).has_cards
    shown.page.find("recovery-first").setPlainText(cards[2])
    shown.page.find("recovery-second").setPlainText(cards[0])
    shown.page.click("recovery-try")
    shown.until("recovery-said")
    assert recovery.card_state(vault).has_cards
    shown.sound()
    folder, mine = vault.folder, vault.user.user_id
    vault.close()
    again = recovery.recover(
        folder, cards[1], cards[2], user_id=mine, new_passphrase=NEW, env=environment()
    )
    again.close()


def test_one_card_twice_is_no_trial(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, RecoveryPage)
    cards = make_cards(shown)
    for name in ("recovery-first", "recovery-second"):
        shown.page.find(name).setPlainText(cards[0])
    shown.page.click("recovery-try")
    assert shown.page.text("recovery-problem")
    assert not recovery.card_state(vault).has_cards
    assert recovery.card_state(vault).proposed


def test_a_trial_can_be_done_another_day(qtbot, qapp, vault):
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    shown = Shown(qtbot, qapp, vault, RecoveryPage)
    assert shown.page.has("recovery-untried")
    shown.sound()
    shown.page.click("recovery-trial")
    shown.sound()
    shown.page.find("recovery-first").setPlainText(" ".join(cards[0].words))
    shown.page.find("recovery-second").setPlainText(" ".join(cards[1].words))
    shown.page.click("recovery-try")
    shown.until("recovery-said")


def test_a_wrong_passphrase_makes_no_cards(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, RecoveryPage)
    shown.page.click("recovery-make")
    shown.page.type("recovery-own-text", "iets heel anders dan dat")
    shown.page.click("recovery-confirm")
    shown.says("recovery-problem", str(WrongPassphrase())[:20])
    assert not recovery.card_state(vault).proposed


# ---- the second factor ---------------------------------------------------------------------------


class Drawer:
    """A key store in memory."""

    kept: dict[str, bytes] = {}  # noqa: RUF012  (one for the whole test, as a laptop has)

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)


def tried_cards(vault: Vault) -> None:
    first, second, _ = recovery.make_cards(vault, passphrase=PASSPHRASE)
    recovery.try_cards(vault, " ".join(first.words), " ".join(second.words))


def test_the_key_store_of_the_laptop_beside_the_passphrase(qtbot, qapp, vault, monkeypatch):
    monkeypatch.setattr("intake_app.vault.keystore.SystemKeystore", Drawer)
    tried_cards(vault)
    shown = Shown(qtbot, qapp, vault, PassphrasePage)
    shown.page.type("second-own-text", PASSPHRASE)
    shown.page.click("second-change")
    shown.says("second-problem", "Gewijzigd")
    assert users.has_second_factor(vault)
    shown.sound()
    folder = vault.folder
    vault.close()
    with pytest.raises(WrongPassphrase):
        Vault.open(folder, passphrase=PASSPHRASE, env=environment())
    again = Vault.open(folder, passphrase=PASSPHRASE, env=environment(), keystore=Drawer())
    again.close()


def test_without_cards_there_is_no_second_key(qtbot, qapp, vault, monkeypatch):
    monkeypatch.setattr("intake_app.vault.keystore.SystemKeystore", Drawer)
    shown = Shown(qtbot, qapp, vault, PassphrasePage)
    shown.page.type("second-own-text", PASSPHRASE)
    shown.page.click("second-change")
    shown.says("second-problem", "kaarten")
    assert not users.has_second_factor(vault)


# ---- in need -------------------------------------------------------------------------------------


def test_wiping_asks_for_the_word_and_the_passphrase(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, EmergencyPage)
    shown.sound()
    shown.page.click("emergency-wipe")
    shown.page.type("emergency-word", "wissen")
    shown.page.click("emergency-wipe")
    assert any("wachtwoordzin" in words for words in shown.page.words())
    shown.page.type("emergency-own-text", "iets heel anders dan dat")
    shown.page.click("emergency-wipe")
    shown.says("emergency-problem", str(WrongPassphrase())[:20])
    assert Vault.exists(vault.folder)
    assert users.access(vault)


def test_after_wiping_nothing_opens(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, EmergencyPage)
    folder = vault.folder
    shown.page.type("emergency-word", "WISSEN")
    shown.page.type("emergency-own-text", PASSPHRASE)
    shown.page.click("emergency-wipe")
    calls = shown.widget._context.navigate.calls
    qtbot.waitUntil(lambda: bool(calls), timeout=20_000)
    ((name, wiped),) = calls
    assert name == "show_wiped"
    assert wiped.complete
    assert not Vault.exists(folder)


@pytest.mark.parametrize(
    "wiped",
    [Wiped(True, True, ()), Wiped(True, False, ("kluis.db",)), Wiped(False, True, ("a", "b"))],
    ids=["all", "rest", "nothing"],
)
def test_the_last_window_says_what_is_left(qtbot, qapp, wiped):
    ended: list[bool] = []
    window = WipedWindow(
        make_theme(qapp), UiTexts("nl", None), wiped, close=lambda: ended.append(True)
    )
    qtbot.addWidget(window)
    window.show()
    settle(qapp)
    assert [str(finding) for finding in check(window)] == []
    page = PageObject(qtbot, window)
    assert all(any(name in words for words in page.words()) for name in wiped.left)
    page.click("wiped-close")
    assert ended


def test_locking_from_here(qtbot, qapp, vault):
    shown = Shown(qtbot, qapp, vault, EmergencyPage)
    shown.page.click("emergency-lock")
    assert shown.widget._context.navigate.calls == [("lock",)]
