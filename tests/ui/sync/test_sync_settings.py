"""Instellingen, Postbus: choosing, what is wrong, testing and keeping."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from pages.sync import SyncSettingsPageObject
from PySide6.QtWidgets import QLineEdit
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import relays
from intake_app.flows.relays import RelayPlace, SyncSettings
from intake_app.sync.driver import Put
from intake_app.sync.errors import SENTENCES, Paused, Reason
from intake_app.ui.a11y import check
from intake_app.ui.settings.sync import SyncPage

DAV = RelayPlace("webdav", "https://postbus.voorbeeld.nl/dav", "laptop", "heel geheim")


class MemoryBox:
    """A relay in memory, or one that says no."""

    def __init__(self, error: Exception | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.error = error

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        if self.error is not None:
            raise self.error
        self.files[name] = data
        return Put.NEW

    def size(self, name: str) -> int | None:
        return len(self.files[name]) if name in self.files else None

    def get(self, name: str, *, limit: int) -> bytes | None:
        return self.files.get(name)

    def drop(self, name: str) -> None:
        self.files.pop(name, None)

    def names(self, prefix: str) -> tuple[str, ...]:
        return tuple(name for name in self.files if name.startswith(prefix))

    def close(self) -> None:
        pass


@pytest.fixture
def vault(tmp_path):
    made = prepared_vault(tmp_path / "kluis")
    yield made
    made.close()


@pytest.fixture
def show(qtbot, qapp, vault):
    def shown(*, connect=None, pick=None, scale=1.0, size=(1100, 760)):
        context = make_context(vault, make_theme(qapp, scale=scale), pick=pick)
        widget = SyncPage(context, connect=connect)
        qtbot.addWidget(widget)
        widget.resize(*size)
        widget.show()
        settle(qapp)
        return SyncSettingsPageObject(qtbot, widget)

    return shown


def sound(page) -> None:
    page.settle()
    assert [str(finding) for finding in check(page.root)] == []


def refuse_network(_place):
    raise AssertionError("the network was touched")


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("kind", ["off", "folder", "webdav", "s3"])
def test_every_choice_can_be_used_by_everybody(show, kind, scale):
    page = show(scale=scale, connect=refuse_network, size=(1180, 700))
    page.choose_kind("send", kind)
    page.choose_kind("receive", "same" if kind == "off" else kind)
    sound(page)


def test_what_was_saved_is_there_the_next_time(show, vault):
    page = show(connect=refuse_network)
    page.choose_kind("send", "webdav")
    page.fill("send", address=DAV.address + "/", user=DAV.user, password=DAV.password)
    page.choose_kind("receive", "same")
    page.click("sync-while-locked")
    page.save()
    assert "zodra er verbinding is" in page.said()
    assert relays.settings(vault) == SyncSettings(DAV, DAV, while_locked=True)
    again = show(connect=refuse_network)
    assert again.root.wanted() == SyncSettings(DAV, DAV, while_locked=True)
    assert again.root.receive.kind() == "same"
    secret = again.find("sync-send-password-text", QLineEdit)
    assert secret.echoMode() is QLineEdit.EchoMode.Password
    sound(again)


def test_a_problem_stands_at_its_field_and_nothing_is_kept(show, vault):
    page = show(connect=refuse_network)
    page.choose_kind("send", "webdav")
    page.fill("send", address="http://postbus.voorbeeld.nl", user="laptop", password="x")
    page.save()
    assert "niet beveiligd" in page.problem("sync-send-address")
    sound(page)
    assert not relays.settings(vault).is_set_up


def test_a_folder_is_chosen_not_typed(show, vault, tmp_path):
    page = show(pick=ScriptedPicker(None, tmp_path), connect=refuse_network)
    page.choose_kind("send", "folder")
    page.save()
    assert "Kies de map" in " ".join(page.words())
    page.choose_folder("send")
    page.choose_folder("send")
    page.save()
    assert relays.settings(vault).send == RelayPlace("folder", str(tmp_path))


def test_receiving_in_the_same_needs_a_relay_to_send_by(show, vault):
    page = show(connect=refuse_network)
    page.choose_kind("receive", "same")
    page.save()
    assert "Kies eerst bij Versturen" in page.said()
    assert not relays.settings(vault).is_set_up


def test_switching_it_off_again(show, vault):
    relays.save(vault, SyncSettings(DAV, DAV))
    page = show(connect=refuse_network)
    page.choose_kind("send", "off")
    page.choose_kind("receive", "off")
    page.save()
    assert "reist niets vanzelf" in page.said()
    assert not relays.settings(vault).is_set_up


def test_a_test_says_that_it_works(show, vault):
    relays.save(vault, SyncSettings(send=DAV))
    box = MemoryBox()
    page = show(connect=lambda _place: box)
    page.test()
    assert "De verbinding werkt" in page.said()
    assert box.files == {}
    sound(page)


@pytest.mark.parametrize("reason", [Reason.PORTAL, Reason.CERTIFICATE, Reason.BOX_UNKNOWN])
def test_a_test_says_what_is_wrong(show, vault, reason):
    relays.save(vault, SyncSettings(send=DAV))
    page = show(connect=lambda _place: MemoryBox(Paused(reason)))
    page.test()
    assert page.said() == SENTENCES[reason]
    sound(page)


def test_the_page_may_be_left_while_the_network_is_silent(show, vault, qtbot):
    relays.save(vault, SyncSettings(send=DAV))
    begun, go = threading.Event(), threading.Event()

    class Silent(MemoryBox):
        def size(self, name):
            begun.set()
            assert go.wait(20)
            return super().size(name)

    page = show(connect=lambda _place: Silent())
    page.click("sync-test")
    assert begun.wait(20)
    assert not page.find("sync-test").isEnabled()
    job = page.root._job
    page.root.leaving()
    page.root.close()
    go.set()
    job.wait(20)
    page.settle()


def test_who_has_not_the_role_looks_only(show, vault):
    relays.save(vault, SyncSettings(send=DAV))
    roles = tuple(role for role in vault.user.roles if role is not UserRole.BEHEER)
    vault.user = replace(vault.user, roles=roles)
    page = show(connect=lambda _place: MemoryBox())
    assert not page.has("sync-save")
    assert not page.find("sync-send-address").isEnabled()
    assert "rol beheer" in " ".join(page.words())
    page.test()
    assert "De verbinding werkt" in page.said()


def test_our_own_box_is_there_to_read(show, vault):
    assert relays.own_box(vault) in page_words(show(connect=refuse_network))


def page_words(page) -> str:
    return page.text("sync-box-name")
