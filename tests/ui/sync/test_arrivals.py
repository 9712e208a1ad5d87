"""What came in by the relay opens exactly as a file does, and is answered the same way back."""

from __future__ import annotations

import pytest
from pages.inbox import DossierPageObject, InboxPageObject
from support.by_post import set_relay
from support.chain import PERSON
from support.qt import settle

from intake_app.domain.handover import HandoverState
from intake_app.flows import arrived, hand_over, receive, relays, sync_now
from intake_app.sync.connecting import box as connection
from intake_app.ui.a11y import check
from intake_app.ui.inbox.dossier import DossierPage
from intake_app.ui.inbox.page import InboxPage
from intake_app.ui.kit import ConfirmDialog


@pytest.fixture
def show(qtbot, qapp):
    def shown(context, size=(1100, 760)) -> InboxPageObject:
        widget = InboxPage(context)
        qtbot.addWidget(widget)
        widget.resize(*size)
        widget.show()
        settle(qapp)
        return InboxPageObject(qtbot, widget)

    return shown


@pytest.fixture
def sent(chain, post, sealed):
    """The dossier lies on the relay."""
    sync_now.run_once(chain.azc, connection, settings=relays.settings(chain.azc))
    set_relay(chain.town, send=post.place, receive=post.place)
    return sealed


def came(chain, post) -> str:
    """Let it arrive without a window; return its number."""
    report = sync_now.receive_once(chain.town, connection(post.place))
    return report.arrived[0]


def sender_state(chain) -> HandoverState:
    sync_now.run_once(chain.azc, connection, settings=relays.settings(chain.azc), force=True)
    found = hand_over.latest(chain.azc, PERSON.person_id)
    assert found is not None
    return found.state


def sound(page) -> None:
    page.settle()
    assert [str(finding) for finding in check(page.root)] == []


def test_it_comes_by_itself_and_opens_as_a_file_does(show, desk, chain, post, sent, qtbot):
    context = desk(chain.town)
    page = show(context)
    qtbot.waitUntil(lambda: page.has("inbox-arrived"), timeout=20_000)
    assert "Team op locatie" in page.text("inbox-arrived")
    assert page.has("sync-line")
    qtbot.waitUntil(lambda: "binnengekomen" in page.text("sync-line"), timeout=20_000)
    sound(page)
    (row,) = sync_now.arrivals(chain.town)
    page.click(f"inbox-arrival-{row.arrival.zid[:8]}")
    assert "zegel heel" in page.envelope()
    assert "Aman" in page.envelope()
    assert sender_state(chain) is HandoverState.ONTVANGEN
    sound(page)
    page.take_in()
    (item,) = receive.inbox(chain.town)
    assert context.navigate.calls == [("open_inbox", item.handover_id)]
    qtbot.waitUntil(lambda: sender_state(chain) is HandoverState.GEOPEND, timeout=20_000)
    page.settle()
    assert not page.has("inbox-arrived")
    page.click("sync-line-open")
    assert context.navigate.calls[-1] == ("open_sync",)


def test_not_for_us_is_destroyed_unread_and_said(show, desk, chain, post, sent, qtbot, monkeypatch):
    zid = came(chain, post)
    page = show(desk(chain.town))
    page.click(f"inbox-arrival-{zid[:8]}")
    asked: list[str] = []

    def answer(_theme, title, _text, **_more):
        asked.append(title)
        return len(asked) > 1

    monkeypatch.setattr(ConfirmDialog, "ask", answer)
    page.click("inbox-not-for-us")
    assert "zegel heel" in page.envelope()
    page.click("inbox-not-for-us")
    assert len(asked) == 2
    assert "ongelezen vernietigd" in page.text("inbox-notice")
    assert "niet voor ons" in page.text("inbox-ended")
    sound(page)
    qtbot.waitUntil(lambda: sender_state(chain) is HandoverState.GEWEIGERD, timeout=20_000)


def test_what_was_withdrawn_meanwhile_does_not_open(show, desk, chain, post, sent):
    zid = came(chain, post)
    page = show(desk(chain.town, begin=False))
    page.click(f"inbox-arrival-{zid[:8]}")
    hand_over.withdraw(chain.azc, sent.handover_id, "Verkeerde gemeente")
    sync_now.run_once(chain.azc, connection, settings=relays.settings(chain.azc))
    sync_now.receive_once(chain.town, connection(post.place))
    page.settle()
    page.take_in()
    assert "ingetrokken" in page.text("inbox-notice")
    assert receive.inbox(chain.town) == ()
    assert "ingetrokken" in page.text("inbox-ended")
    sound(page)


def test_a_damaged_arrival_says_so_and_shows_no_envelope(show, desk, chain, post, sent):
    zid = came(chain, post)
    (chain.town.folder / "binnengekomen" / zid).write_bytes(b"kapot")
    page = show(desk(chain.town, begin=False))
    page.click(f"inbox-arrival-{zid[:8]}")
    assert page.text("inbox-notice")
    assert not page.has("envelope")
    sound(page)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_lists_can_be_read_by_everybody(show, desk, chain, post, sent, scale):
    zid = came(chain, post)
    page = show(desk(chain.town, scale=scale, begin=False), size=(1180, 700))
    sound(page)
    arrived.not_for_us(chain.town, zid)
    page.settle()
    sound(page)


# ---- deciding ------------------------------------------------------------------------------------


@pytest.fixture
def dossier(qtbot, qapp, desk, chain, post, sent):
    def shown(scale: float = 1.0) -> DossierPageObject:
        item = receive.take_in_arrival(chain.town, came(chain, post))
        widget = DossierPage(desk(chain.town, scale=scale), item.handover_id)
        qtbot.addWidget(widget)
        widget.resize(1180, 700)
        widget.show()
        settle(qapp)
        return DossierPageObject(qtbot, widget)

    return shown


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_taking_over_answers_by_itself_without_a_file(dossier, chain, qtbot, scale):
    page = dossier(scale)
    assert "dat gaat vanzelf terug" in page.text("accept-card")
    sound(page)
    page.to_decision()
    assert page.text("inbox-accept") == "Overnemen"
    page.accept()
    page.settle()
    assert any("gaat vanzelf naar" in words for words in page.words())
    sound(page)
    qtbot.waitUntil(lambda: sender_state(chain) is HandoverState.GEACCEPTEERD, timeout=20_000)


def test_refusing_answers_by_itself_with_the_reason(dossier, chain, qtbot):
    page = dossier()
    page.refuse("Gekoppeld aan een andere gemeente")
    qtbot.waitUntil(lambda: sender_state(chain) is HandoverState.GEWEIGERD, timeout=20_000)
    found = hand_over.latest(chain.azc, PERSON.person_id)
    assert found is not None
    assert found.reason == "Gekoppeld aan een andere gemeente"
