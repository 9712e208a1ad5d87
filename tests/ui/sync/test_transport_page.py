"""Overdracht, Onderweg: the status in words, the list with a history each, and what can be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pages.sync import TransportPageObject
from PySide6.QtWidgets import QLabel
from support.by_post import set_relay
from support.chain import PERSON
from support.vaults import actor_of

from intake_app.domain.handover import HandoverState
from intake_app.domain.transport import OutboxState
from intake_app.flows import hand_over, relays, sync_now
from intake_app.flows.relays import SyncSettings
from intake_app.sync.connecting import box as connection
from intake_app.sync.errors import SENTENCES, Later, Paused, Reason
from intake_app.ui.a11y import check
from intake_app.ui.sync.page import TransportPage
from intake_app.ui.sync.words import top_line


@pytest.fixture
def show(qtbot):
    def shown(context, size=(1100, 760)) -> TransportPageObject:
        widget = TransportPage(context)
        qtbot.addWidget(widget)
        widget.resize(*size)
        widget.show()
        page = TransportPageObject(qtbot, widget)
        page.settle()
        return page

    return shown


def sound(page: TransportPageObject) -> None:
    page.settle()
    assert [str(finding) for finding in check(page.root)] == []


def state_of(chain) -> HandoverState:
    found = hand_over.latest(chain.azc, PERSON.person_id)
    assert found is not None
    return found.state


def test_without_a_relay_it_says_how_it_would_be(show, desk, chain, post):
    context = desk(chain.azc)
    page = show(context)
    assert page.has("transport-none")
    assert not page.find("transport-try").isEnabled()
    assert top_line(context).text == "Delen per bestand"
    assert not top_line(context).leads
    page.click("transport-set-up")
    assert context.navigate.calls == [("open_setting", "sync")]
    assert post.connected == 0
    sound(page)


def test_what_was_sealed_goes_by_itself_and_is_only_offered(show, desk, chain, post, sealed):
    assert state_of(chain) is HandoverState.KLAAR
    context = desk(chain.azc)
    page = show(context)
    page.until_group("offered")
    assert state_of(chain) is HandoverState.AANGEBODEN
    page.until_state("nog niet opgehaald")
    assert top_line(context).text == "Postbus: aangeboden"
    page.unfold(sealed.handover_id)
    newest, oldest = page.history(sealed.handover_id)
    assert "aangeboden" in newest
    assert "Verzegeld" in oldest
    sound(page)
    # what is folded out stays so, and the way to the handover is there
    page.root.refresh()
    page.click(f"transport-open-{sealed.handover_id.hex[:8]}")
    assert context.navigate.calls == [("open_handover", PERSON.person_id)]


@pytest.mark.parametrize(
    "reason",
    [
        Reason.PORTAL,
        Reason.PROXY_LOGIN,
        Reason.CERTIFICATE,
        Reason.NOT_ALLOWED,
        Reason.BOX_UNKNOWN,
        Reason.FULL,
    ],
)
def test_what_keeps_the_relay_away_is_said_in_words(show, desk, chain, post, sealed, reason):
    post.error = Paused(reason)
    context = desk(chain.azc)
    page = show(context)
    page.until_state(SENTENCES[reason])
    said = top_line(context)
    assert (said.text, said.short, said.alarm) == ("Postbus: let op", "Let op", True)
    assert page.group("waiting")
    sound(page)
    post.error = None
    page.try_now()
    page.until_group("offered")
    assert not top_line(context).alarm


def test_a_stick_that_is_out_is_no_alarm(show, desk, chain, post, sealed):
    post.error = Paused(Reason.FOLDER_GONE)
    context = desk(chain.azc)
    page = show(context)
    page.until_state("Misschien is de stick eruit")
    assert top_line(context).text == "Postbus: wacht op verbinding"
    assert not top_line(context).alarm


def test_a_hint_of_the_platform_wakes_it(show, desk, chain, post, sealed, qtbot):
    post.error = Later(Reason.NO_CONNECTION)
    context = desk(chain.azc)
    page = show(context)
    qtbot.waitUntil(lambda: post.connected > 0, timeout=20_000)
    post.error = None
    # a hint does not shorten a waiting time, but what never was tried is due at once
    post.reach.back.emit()
    page.until_group("offered")


def test_progress_in_bytes_and_stopping_between_two_parts(show, desk, chain, post, sealed, qtbot):
    post.hold = True
    context = desk(chain.azc)
    page = show(context)
    assert post.holding.wait(20)
    qtbot.waitUntil(lambda: "van" in page.how_far(), timeout=20_000)
    assert "doorwerken" in page.how_far()
    assert top_line(context).text == "Postbus: bezig"
    sound(page)
    page.stop()
    assert "gestopt" in page.state()
    assert top_line(context).text == "Postbus: gestopt"
    post.hold = False
    post.go.set()
    post.reach.back.emit()
    page.settle()
    assert not any(name.endswith(".ok") for name in post.files())
    page.try_now()
    page.until_group("offered")
    assert page.how_far() == ""


def test_a_metered_connection_needs_a_yes(show, desk, chain, post, sealed):
    wanted = relays.settings(chain.azc)
    relays.save(chain.azc, SyncSettings(wanted.send, ask_above_bytes=10))
    post.metered = True
    context = desk(chain.azc)
    page = show(context)
    page.until_state("heeft een limiet")
    assert top_line(context).alarm
    assert page.next_step() == "Nu toch versturen"
    assert post.files() == set()
    sound(page)
    page.try_now()
    page.until_group("offered")
    assert page.next_step() == "Nu proberen"


def test_below_the_limit_nobody_is_asked(show, desk, chain, post, sealed):
    post.metered = True
    page = show(desk(chain.azc))
    page.until_group("offered")


def test_withdrawing_what_never_left_just_stops_it(show, desk, chain, post, sealed):
    post.error = Paused(Reason.FOLDER_GONE)
    page = show(desk(chain.azc))
    page.until_group("waiting")
    page.unfold(sealed.handover_id)
    assert page.ask_withdraw(sealed.handover_id) == "Intrekken"
    page.withdraw(sealed.handover_id, "")
    assert "waarom" in page.problem(f"transport-reason-{sealed.handover_id.hex[:8]}")
    page.withdraw(sealed.handover_id, "Verkeerde gemeente")
    page.until_group("done")
    assert state_of(chain) is HandoverState.INGETROKKEN
    assert "ingetrokken" in page.group("done")


def test_withdrawing_what_is_out_is_a_request(show, desk, chain, post, sealed, qtbot):
    context = desk(chain.azc)
    page = show(context)
    page.until_group("offered")
    page.unfold(sealed.handover_id)
    assert page.ask_withdraw(sealed.handover_id) == "Verzoek versturen"
    assert "Dit is een verzoek" in " ".join(page.words())
    sound(page)
    page.withdraw(sealed.handover_id, "Verkeerde gemeente")
    qtbot.waitUntil(lambda: "je vroeg om in te trekken" in page.group("offered"), timeout=20_000)
    qtbot.waitUntil(lambda: any(n.endswith(".x") for n in post.files()), timeout=20_000)
    assert state_of(chain) is HandoverState.AANGEBODEN
    assert not page.has(f"transport-back-{sealed.handover_id.hex[:8]}")
    # the receiver destroys it unopened and says so
    sync_now.receive_once(chain.town, connection(post.place))
    page.try_now()
    qtbot.waitUntil(lambda: state_of(chain) is HandoverState.INGETROKKEN, timeout=20_000)


def test_what_is_being_typed_is_not_swept_away(show, desk, chain, post, sealed):
    post.error = Paused(Reason.FOLDER_GONE)
    page = show(desk(chain.azc))
    page.until_group("waiting")
    page.unfold(sealed.handover_id)
    page.ask_withdraw(sealed.handover_id)
    name = f"transport-reason-{sealed.handover_id.hex[:8]}"
    page.type(name, "Omdat")
    with chain.azc.transaction(_actor(chain), "proef") as tx:
        (item,) = tx.outbox.open()
        tx.outbox.save(_later(item))
    page.settle()
    page.root.refresh()
    page.settle()
    assert page.text(name) == "Omdat"
    page.click(f"transport-keep-{sealed.handover_id.hex[:8]}")
    assert "3 keer geprobeerd" in page.group("waiting")


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_can_be_read_by_everybody(show, desk, chain, post, sealed, scale, scheme):
    post.error = Paused(Reason.FOLDER_GONE)
    context = desk(chain.azc, scale=scale, scheme=scheme)
    page = show(context, size=(1180, 700))
    page.until_group("waiting")
    page.unfold(sealed.handover_id)
    page.ask_withdraw(sealed.handover_id)
    sound(page)


def test_something_for_a_person_stands_under_let_op(show, desk, chain, post, sealed, qtbot):
    for path in sync_now.outgoing(chain.azc).iterdir():
        path.unlink()
    context = desk(chain.azc)
    page = show(context)
    page.until_group("attention")
    page.unfold(sealed.handover_id)
    assert SENTENCES[Reason.FILE_GONE] in page.words()
    qtbot.waitUntil(lambda: top_line(context).alarm, timeout=20_000)
    with chain.azc.read() as records:
        (item,) = records.outbox.of_subject(sealed.handover_id)
    assert item.state is OutboxState.WACHT


def test_setting_the_relay_up_starts_it_and_nothing_before(show, desk, chain, post):
    context = desk(chain.azc)
    page = show(context)
    assert context.sync._worker is None
    set_relay(chain.azc, send=post.place)
    page.settle()
    assert context.sync.is_set_up
    assert page.find("transport-try").isEnabled()
    page.qtbot.waitUntil(lambda: page.has("transport-empty"), timeout=20_000)


def _actor(chain):
    from intake_app.flows.acting import actor_of

    return actor_of(chain.azc)


def _later(item):
    from dataclasses import replace

    return replace(item, tries=3)


def test_what_stays_unopened_asks_for_a_call(show, desk, chain, post, sealed):
    wanted = relays.settings(chain.azc)
    sync_now.run_once(chain.azc, connection, settings=wanted)
    sync_now.receive_once(chain.town, connection(post.place))
    sync_now.run_once(chain.azc, connection, settings=wanted, force=True)
    with chain.azc.transaction(actor_of(chain.azc), "acht dagen later") as tx:
        (item,) = tx.outbox.of_subject(sealed.handover_id)
        past = tuple(replace(each, at=each.at - timedelta(days=8)) for each in item.history)
        tx.outbox.save(replace(item, history=past))
    page = show(desk(chain.azc, begin=False))
    assert "8 dagen niet geopend" in words(page)
    page.unfold(sealed.handover_id)
    assert "Misschien is het daar zoekgeraakt" in words(page)
    sound(page)


def words(page: TransportPageObject) -> str:
    """Return what labels of the page show now."""
    return " ".join(each.text() for each in page.root.findChildren(QLabel) if each.isVisible())
