"""The desk with sync: the top line, the way to the page, and locking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pages.handover import HandoverPageObject
from support.by_post import set_relay
from support.chain import PERSON
from support.qt import ScriptedPicker, make_theme, settle

from intake_app import app
from intake_app.domain.handover import HandoverState
from intake_app.flows import hand_over, queueing, sync_locked, sync_now
from intake_app.sync.errors import Paused, Reason
from intake_app.ui import a11y
from intake_app.ui.desk import Desk
from intake_app.ui.handover.page import HandoverPage
from intake_app.ui.sync import bridge as bridges
from intake_app.ui.sync.page import TransportPage


@pytest.fixture
def opened(qtbot, qapp, chain, post, monkeypatch):
    """A desk on the sender's vault; returns it and what it left for another process."""
    left: list[bytes] = []
    ended: list[int] = []
    monkeypatch.setattr(bridges, "connect_place", post.connect)
    monkeypatch.setattr(bridges, "_reachability", post.make_reach)
    desk = Desk(
        chain.azc,
        theme=make_theme(qapp),
        library=app.library(),
        catalogues=app.catalogues(),
        tr=app.catalogues().ui("nl"),
        env=chain.azc.env,
        pick=ScriptedPicker(),
        end=ended.append,
        errand=left.append,
    )
    desk.locker.stop()
    qtbot.addWidget(desk.shell)
    desk.open()
    settle(qapp)
    yield desk, left
    post.go.set()
    desk.leave()
    worker = desk.sync._worker
    assert worker is None or worker.stop(20)
    settle(qapp)


def lock(desk: Desk) -> None:
    # the locker of this desk sleeps, as its clock runs fast
    desk._save()
    desk._close_locked()


def test_without_a_relay_nothing_works_beside_the_windows(opened, post, qapp):
    desk, _left = opened
    assert desk.shell.sync_text() == "Delen per bestand"
    assert desk.sync._worker is None
    assert post.connected == 0
    assert not desk.shell.findChild(object, "sync-open").isVisible()


def test_the_top_line_follows_and_leads_to_the_page(opened, chain, post, qtbot, qapp):
    desk, _left = opened
    set_relay(chain.azc, send=post.place)
    settle(qapp)
    assert desk.shell.sync_text() == "Postbus: niets te doen"
    hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)
    desk.sync.wake()
    qtbot.waitUntil(lambda: desk.shell.sync_text() == "Postbus: aangeboden", timeout=20_000)
    desk.shell.findChild(object, "sync-open").click()
    settle(qapp)
    assert isinstance(desk.shell.page, TransportPage)
    assert [str(finding) for finding in a11y.check(desk.shell)] == []


def test_locking_ends_it_and_nothing_goes_on(opened, chain, post, qtbot):
    desk, left = opened
    set_relay(chain.azc, send=post.place)
    post.error = Paused(Reason.FOLDER_GONE)
    hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)
    desk.sync.wake()
    qtbot.waitUntil(lambda: post.connected > 0, timeout=20_000)
    lock(desk)
    assert left == []
    assert not desk.sync._worker._thread.is_alive()


def test_with_the_setting_what_is_sealed_goes_on_without_the_vault(opened, chain, post, qtbot):
    desk, left = opened
    set_relay(chain.azc, send=post.place, while_locked=True)
    post.error = Paused(Reason.FOLDER_GONE)
    sealed = hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)
    desk.sync.wake()
    qtbot.waitUntil(lambda: post.connected > 0, timeout=20_000)
    lock(desk)
    (raw,) = left
    errand = sync_locked.from_bytes(raw)
    assert sync_locked.is_sound(errand)
    # nothing in it opens the vault or says whose dossier it is
    assert set(json.loads(raw)) == {"place", "mark", "token", "items"}
    assert str(sealed.handover_id) not in raw.decode()
    post.error = None
    brought = sync_locked.carry(errand, post.connect, fraction=lambda: 0.5)
    assert brought == 1
    assert any(name.endswith(".ok") for name in post.files())


def test_the_next_turn_finds_what_went_while_locked(chain, post, desk, sealed, qtbot):
    set_relay(chain.azc, send=post.place, while_locked=True)
    errand = sync_locked.prepare(chain.azc)
    assert errand is not None
    assert Path(errand.mark).exists()
    assert sync_locked.carry(errand, post.connect, fraction=lambda: 0.5) == 1
    before = post.files()
    desk(chain.azc)
    assert not Path(errand.mark).exists()
    qtbot.waitUntil(
        lambda: hand_over.latest(chain.azc, PERSON.person_id).state is HandoverState.AANGEBODEN,
        timeout=20_000,
    )
    assert post.files() == before


def test_what_may_be_out_while_locked_is_asked_back(chain, post, sealed):
    set_relay(chain.azc, send=post.place, while_locked=True)
    assert sync_locked.prepare(chain.azc) is not None
    still = hand_over.withdraw(chain.azc, sealed.handover_id, "Verkeerde gemeente")
    assert still.state is HandoverState.KLAAR
    with chain.azc.read() as records:
        assert queueing.asked_back(records, sealed.handover_id) is not None


def test_a_metered_connection_is_not_asked_while_locked(chain, post, sealed):
    from intake_app.flows import relays
    from intake_app.flows.relays import SyncSettings

    relays.save(chain.azc, SyncSettings(post.place, while_locked=True, ask_above_bytes=10))
    assert sync_locked.prepare(chain.azc, is_metered=True) is None
    assert sync_locked.prepare(chain.azc, is_metered=False) is not None


# ---- handing over --------------------------------------------------------------------------------


@pytest.fixture
def handing(qtbot, qapp, desk, chain):
    def shown(*answers, scale: float = 1.0, width: int = 1200, begin: bool = True):
        context = desk(chain.azc, pick=ScriptedPicker(*answers), scale=scale, begin=begin)
        widget = HandoverPage(context, PERSON.person_id)
        qtbot.addWidget(widget)
        widget.resize(width, 700)
        widget.show()
        settle(qapp)
        return HandoverPageObject(qtbot, widget), context

    return shown


def sound(page) -> None:
    page.settle()
    assert [str(finding) for finding in a11y.check(page.root)] == []


def test_without_a_relay_only_a_file_is_offered(handing, chain):
    page, _ = handing()
    page.go_on()
    page.go_on()
    assert not page.has("seal-way")
    assert page.next_step() == "Map of stick kiezen"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_relay_is_the_first_choice_and_one_button_does_it(handing, chain, post, qtbot, scale):
    set_relay(chain.azc, send=post.place)
    page, context = handing(scale=scale)
    page.go_on()
    page.go_on()
    assert page.next_step() == "Verzegelen en versturen"
    assert not page.has("seal-choose")
    sound(page)
    page.go_on()
    qtbot.waitUntil(lambda: page.has("history-state"), timeout=20_000)
    qtbot.waitUntil(lambda: "staat klaar in de postbus" in page.state_sentence(), timeout=20_000)
    assert page.line()["aangeboden"] == "done"
    assert not page.has("history-what-now")
    sound(page)
    page.click("handover-travel")
    assert context.navigate.calls[-1] == ("open_sync",)


def test_it_waits_for_a_connection_and_says_so(handing, chain, post, qtbot):
    set_relay(chain.azc, send=post.place)
    post.error = Paused(Reason.FOLDER_GONE)
    page, _ = handing()
    for _step in range(3):
        page.go_on()
    qtbot.waitUntil(lambda: page.has("history-state"), timeout=20_000)
    assert "ligt klaar" in page.state_sentence()
    assert page.line()["aangeboden"] != "done"
    assert page.text("handover-withdraw") == "Intrekken"
    sound(page)
    page.withdraw("Verkeerde gemeente")
    page.settle()
    found = hand_over.latest(chain.azc, PERSON.person_id)
    assert found.state is HandoverState.INGETROKKEN


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_withdrawing_what_is_out_is_a_request_here_too(handing, chain, post, sealed, qtbot, scale):
    page, _ = handing(scale=scale, width=1100)
    qtbot.waitUntil(lambda: "staat klaar in de postbus" in page.state_sentence(), timeout=20_000)
    assert page.text("handover-withdraw") == "Verzoek tot intrekken"
    sound(page)
    page.withdraw("Verkeerde gemeente")
    qtbot.waitUntil(lambda: "gevraagd" in page.state_sentence(), timeout=20_000)
    assert not page.has("handover-withdraw")
    sound(page)


def test_a_file_stays_possible(handing, chain, post):
    set_relay(chain.azc, send=post.place)
    page, _ = handing(chain.stick)
    page.go_on()
    page.go_on()
    page.choose("seal-way", "file")
    assert page.next_step() == "Map of stick kiezen"
    page.choose_folder()
    sound(page)
    page.go_on()
    assert page.has("history-what-now")
    assert sync_now.transport(chain.azc) == ()


def test_a_receiver_without_a_box_gets_a_file_and_it_is_said_why(handing, chain, post):
    from support.chain import entry_of, save_book

    set_relay(chain.azc, send=post.place)
    save_book(chain.azc, entry_of(chain.azc, "azc"), entry_of(chain.town, "uitvoerder"), serial=3)
    page, _ = handing()
    page.go_on()
    page.go_on()
    assert not page.has("seal-way")
    assert page.text("seal-no-relay")
    assert page.next_step() == "Map of stick kiezen"
    sound(page)
