"""One turn: what it does, what it tells, and when the next one is due."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.by_post import know_boxes, set_relay
from support.chain import PERSON, add_person, make_chain

from intake_app.domain.handover import HandoverState
from intake_app.flows import deliveries, hand_over, relays, sync_now, sync_turn
from intake_app.flows.relays import SyncSettings
from intake_app.flows.sync_turn import News, Phase, VaultTurn
from intake_app.flows.sync_worker import Cause
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.connecting import box as connection
from intake_app.sync.errors import Paused, Reason
from intake_app.vault import VaultLocked


@pytest.fixture
def chain(tmp_path):
    made = make_chain(tmp_path)
    know_boxes(made.azc, made.town)
    add_person(made.azc)
    yield made
    made.close()


@pytest.fixture
def post(tmp_path) -> RelayPlace:
    (tmp_path / "post").mkdir()
    return RelayPlace("folder", str(tmp_path / "post"))


def never() -> bool:
    return False


class Turns:
    """A turn with everything it told."""

    def __init__(self, vault, connect=connection, *, metered: bool = False) -> None:
        self.news: list[News] = []
        self.metered = metered
        self.turn = VaultTurn(
            vault, connect=connect, is_metered=lambda: self.metered, told=self.news.append
        )

    def go(self, cause: Cause = Cause.TIMER) -> float | None:
        return self.turn(cause, never)


def sealed(chain, place: RelayPlace) -> None:
    set_relay(chain.azc, send=place)
    hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)


def state(chain) -> HandoverState:
    found = hand_over.latest(chain.azc, PERSON.person_id)
    assert found is not None
    return found.state


def refuse_network(_place):
    raise AssertionError("the network was touched")


def test_without_a_relay_there_is_nothing_to_do_ever(chain):
    turns = Turns(chain.azc, refuse_network)
    assert turns.go() is None
    assert turns.news == [News()]


def test_with_nothing_to_do_nothing_is_connected_to(chain, post):
    set_relay(chain.azc, send=post)
    wait = Turns(chain.azc, refuse_network).go()
    assert 0.8 * sync_turn.POLL_SECONDS <= wait <= 1.2 * sync_turn.POLL_SECONDS


def test_it_sends_and_tells_how_far_it_is(chain, post):
    sealed(chain, post)
    turns = Turns(chain.azc)
    wait = turns.go()
    assert state(chain) is HandoverState.AANGEBODEN
    busy = [news for news in turns.news if news.phase is Phase.BUSY]
    assert busy[0].done == 0
    assert busy[-1].done == busy[-1].total > 0
    assert turns.news[-1] == News()
    # receipts are asked for again, and not all laptops at the same moment
    assert 0.7 * sync_turn.POLL_SECONDS <= wait <= 1.2 * sync_turn.POLL_SECONDS


def test_it_receives_too(chain, post):
    sealed(chain, post)
    Turns(chain.azc).go()
    set_relay(chain.town, receive=post)
    Turns(chain.town).go()
    assert len(sync_now.arrivals(chain.town)) == 1


def test_what_a_colleague_handed_on_is_found_without_any_setting_of_its_own(chain, post):
    sealed(chain, post)
    Turns(chain.azc).go()
    drop = chain.town.folder / deliveries.DROP
    shutil.copytree(post.address, drop)
    set_relay(chain.town, send=post)
    Turns(chain.town).go()
    assert len(sync_now.arrivals(chain.town)) == 1


@pytest.mark.parametrize("reason", [Reason.PORTAL, Reason.NOT_ALLOWED])
def test_a_relay_that_cannot_be_used_waits_for_somebody(chain, post, reason):
    sealed(chain, post)

    def connect(_place):
        raise Paused(reason)

    turns = Turns(chain.azc, connect)
    wait = turns.go()
    assert turns.news[-1].reason is reason
    assert wait == pytest.approx(sync_turn.PAUSED_SECONDS, abs=30)
    # and costs the dossier no try
    assert sync_now.transport(chain.azc)[0].tries == 0


def test_a_stick_that_comes_back_is_seen_without_a_click(chain, post):
    sealed(chain, post)
    Path(post.address).rename(f"{post.address}-uit")
    turns = Turns(chain.azc)
    assert turns.go() <= sync_turn.FOLDER_SECONDS
    assert state(chain) is HandoverState.KLAAR
    Path(f"{post.address}-uit").rename(post.address)
    turns.go()
    assert state(chain) is HandoverState.AANGEBODEN


def test_a_metered_connection_is_asked_about_once(chain, post):
    sealed(chain, post)
    relays.save(chain.azc, SyncSettings(post, ask_above_bytes=10))
    turns = Turns(chain.azc, metered=True)
    turns.go()
    assert turns.news[-1].phase is Phase.ASKING
    assert turns.news[-1].asks_for == sync_now.summary(chain.azc).waiting_bytes
    assert list(Path(post.address).iterdir()) == []
    turns.turn.allow_metered()
    turns.go(Cause.CLICK)
    assert state(chain) is HandoverState.AANGEBODEN
    turns.go()
    # the next dossier is asked about anew
    hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)
    turns.go()
    assert turns.news[-1].phase is Phase.ASKING


def test_a_closed_vault_ends_it(chain, post):
    set_relay(chain.azc, send=post)
    turns = Turns(chain.azc)
    chain.azc.close()
    with pytest.raises(VaultLocked):
        turns.go()


def test_cancelled_before_it_began_it_does_nothing(chain, post):
    sealed(chain, post)
    turn = VaultTurn(chain.azc, connect=connection)
    turn(Cause.CLICK, lambda: True)
    assert state(chain) is HandoverState.KLAAR
