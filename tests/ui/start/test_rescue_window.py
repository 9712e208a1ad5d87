"""The rescue window on vaults that are whole, damaged, or not there."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from pages.base import PageObject
from support.qt import ScriptedPicker, make_theme, settle
from support.vaults import PASSPHRASE, actor_of, environment, prepared_vault

from intake_app import app
from intake_app.crypto.age import PassphraseIdentity, open_decrypted
from intake_app.domain.person import Person
from intake_app.flows import back_up
from intake_app.ui.a11y import check
from intake_app.ui.start.rescue import RescueWindow
from intake_app.vault import Vault
from intake_app.vault.rescue import Rescue
from intake_app.vault.restore import with_passphrase

PATIENCE = 30_000
OTHER = "een andere zin voor het bestand"


@pytest.fixture(scope="module")
def master(tmp_path_factory) -> Path:
    """A closed vault with a person, and a stick with a backup of it."""
    root = tmp_path_factory.mktemp("redding")
    vault = prepared_vault(root / "kluis")
    with vault.transaction(actor_of(vault), "vullen") as tx:
        tx.persons.save(Person(UUID(int=1), "", "Tesfaye"))
    (root / "stick").mkdir()
    back_up.back_up(vault, root / "stick")
    with vault.transaction(actor_of(vault), "later") as tx:
        tx.persons.save(Person(UUID(int=2), "", "Later"))
    vault.close()
    return root


@pytest.fixture
def root(master, tmp_path) -> Path:
    return shutil.copytree(master, tmp_path / "alles")


def damage(folder: Path) -> None:
    with Rescue(folder, with_passphrase(PASSPHRASE)) as rescue:
        page = rescue._source.connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'activity'"
        ).fetchone()[0]
    content = bytearray((folder / "kluis.db").read_bytes())
    content[(page - 1) * 4096 + 9] ^= 1
    (folder / "kluis.db").write_bytes(content)


class Shown:
    def __init__(self, qtbot, qapp, folder, *answers, scale=1.0):
        self.qtbot, self.qapp = qtbot, qapp
        self.window = RescueWindow(
            make_theme(qapp, scale=scale),
            app.catalogues().ui("nl"),
            folder=folder,
            env=environment(40),
            pick=ScriptedPicker(*answers),
        )
        qtbot.addWidget(self.window)
        self.window.show()
        settle(qapp)
        self.page = PageObject(qtbot, self.window)

    def until(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: self.page.has(name), timeout=PATIENCE)
        settle(self.qapp)

    def sound(self) -> None:
        settle(self.qapp)
        assert [str(finding) for finding in check(self.window)] == []


def backup_in(root: Path) -> Path:
    return next((root / "stick").rglob("*.dlb"))


def test_a_whole_vault(qtbot, qapp, root):
    shown = Shown(qtbot, qapp, root / "kluis")
    shown.sound()
    shown.page.type("rescue-passphrase-text", PASSPHRASE)
    shown.page.click("rescue-look")
    shown.until("rescue-verdict")
    assert "heel" in shown.page.text("rescue-verdict")
    assert not shown.page.has("rescue-restore")


@pytest.mark.parametrize("scale", [1.0, pytest.param(2.0, marks=pytest.mark.slow)])
def test_a_damaged_one_is_exported_and_replaced(qtbot, qapp, root, scale):
    damage(root / "kluis")
    before = (root / "kluis" / "kluis.db").read_bytes()
    out = root / "redding.age"
    shown = Shown(qtbot, qapp, root / "kluis", out, backup_in(root), scale=scale)
    shown.page.type("rescue-passphrase-text", PASSPHRASE)
    shown.page.click("rescue-look")
    shown.until("rescue-verdict")
    assert "beschadigd" in shown.page.text("rescue-verdict")
    shown.sound()
    shown.page.type("rescue-export-passphrase-text", OTHER)
    shown.page.click("rescue-export")
    assert "opgeslagen" in shown.page.text("rescue-saved")
    plain = open_decrypted([PassphraseIdentity(OTHER)], io.BytesIO(out.read_bytes())).read()
    assert b'"Later"' in plain
    assert (root / "kluis" / "kluis.db").read_bytes() == before
    opened: list[Path] = []
    shown.window.restored.connect(opened.append)
    shown.page.click("rescue-restore")
    shown.until("rescue-copy-of")
    shown.sound()
    shown.page.click("rescue-open")
    assert opened == [root / "kluis"]
    vault = Vault.open(root / "kluis", passphrase=PASSPHRASE, env=environment(), reserve_bytes=4096)
    with vault.read() as records:
        assert records.worklist.person_count() == 1
    vault.close()
    (aside,) = root.glob("kluis-beschadigd-*")
    assert (aside / "kluis.db").read_bytes() == before


def test_a_wrong_passphrase_is_said(qtbot, qapp, root):
    shown = Shown(qtbot, qapp, root / "kluis")
    shown.page.click("rescue-look")
    assert "Typ eerst" in shown.page.text("rescue-problem")
    shown.page.type("rescue-passphrase-text", "iets heel anders")
    shown.page.click("rescue-look")
    shown.until("rescue-problem")
    assert "klopt niet" in shown.page.text("rescue-problem")
    shown.page.click("rescue-swap")
    settle(qapp)
    assert shown.page.has("rescue-card-1")
    shown.sound()


def test_on_a_clean_laptop(qtbot, qapp, root):
    shown = Shown(qtbot, qapp, root / "nieuw", backup_in(root))
    shown.sound()
    shown.page.type("rescue-passphrase-text", PASSPHRASE)
    shown.page.click("rescue-restore")
    shown.until("rescue-copy-of")
    assert Vault.exists(root / "nieuw")


def test_a_damaged_backup_leaves_the_vault_alone(qtbot, qapp, root):
    path = backup_in(root)
    content = bytearray(path.read_bytes())
    content[20_000] ^= 1
    path.write_bytes(content)
    damage(root / "kluis")
    shown = Shown(qtbot, qapp, root / "kluis", path)
    shown.page.type("rescue-passphrase-text", PASSPHRASE)
    shown.page.click("rescue-look")
    shown.until("rescue-restore")
    shown.page.click("rescue-restore")
    shown.until("rescue-problem")
    assert "beschadigd" in shown.page.text("rescue-problem")
    assert sorted(p.name for p in root.iterdir()) == ["kluis", "stick"]


def program(qapp, folder, *answers):
    return app.Program(
        folder,
        theme=make_theme(qapp),
        catalogues=app.catalogues(),
        library=app.library(),
        env=environment(41),
        pick=ScriptedPicker(*answers),
        end=lambda _code: None,
    )


def test_a_vault_that_does_not_open_leads_here_and_back(qtbot, qapp, root):
    content = bytearray((root / "kluis" / "kluis.db").read_bytes())
    content[100] ^= 1
    (root / "kluis" / "kluis.db").write_bytes(content)
    started = program(qapp, root / "kluis", backup_in(root))
    started.start()
    page = PageObject(qtbot, started.front)
    settle(qapp)
    assert not page.has("unlock-rescue")
    page.type("unlock-passphrase-text", PASSPHRASE)
    page.click("unlock-open")
    qtbot.waitUntil(lambda: page.has("unlock-rescue"), timeout=PATIENCE)
    settle(qapp)
    assert [str(finding) for finding in check(started.front)] == []
    page.click("unlock-rescue")
    settle(qapp)
    window = started.front
    assert window.objectName() == "rescue-window"
    page = PageObject(qtbot, window)
    page.type("rescue-passphrase-text", PASSPHRASE)
    page.click("rescue-look")
    qtbot.waitUntil(lambda: page.has("rescue-verdict"), timeout=PATIENCE)
    assert "niets meer te lezen" in page.text("rescue-verdict")
    settle(qapp)
    page.click("rescue-restore")
    qtbot.waitUntil(lambda: page.has("rescue-open"), timeout=PATIENCE)
    settle(qapp)
    page.click("rescue-open")
    settle(qapp)
    assert started.front.objectName() == "unlock-window"
    started.close()


def test_the_first_start_offers_a_backup(qtbot, qapp, root):
    started = program(qapp, root / "leeg")
    started.start()
    settle(qapp)
    PageObject(qtbot, started.front).click("start-restore")
    settle(qapp)
    assert started.front.objectName() == "rescue-window"
    PageObject(qtbot, started.front).click("rescue-back")
    settle(qapp)
    assert started.front.objectName() == "first-start"
    started.close()
