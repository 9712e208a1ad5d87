"""Locked: a second process of the program itself brings what was sealed, and needs no key."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from support.by_post import know_boxes, set_relay
from support.chain import PERSON, add_person, make_chain

from intake_app import app
from intake_app.domain.handover import HandoverState
from intake_app.flows import hand_over, relays, sync_locked, sync_now
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.connecting import box as connection


@pytest.mark.slow
def test_what_was_sealed_arrives_while_the_vault_is_closed(qtbot: QtBot, tmp_path: Path):
    chain = make_chain(tmp_path)
    know_boxes(chain.azc, chain.town)
    add_person(chain.azc)
    post = tmp_path / "post"
    post.mkdir()
    place = RelayPlace("folder", str(post))
    set_relay(chain.azc, send=place, while_locked=True)
    set_relay(chain.town, send=place, receive=place)
    hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)
    errand = sync_locked.prepare(chain.azc)
    assert errand is not None
    app.leave_errand(sync_locked.to_bytes(errand))
    # the other process has the files of the vault before it, and the lock of the folder is ours
    qtbot.waitUntil(lambda: any(post.rglob("*.ok")), timeout=60_000)

    assert len(sync_now.receive_once(chain.town, connection(place)).arrived) == 1
    sync_locked.call_back(chain.azc)
    wanted = relays.settings(chain.azc)
    sync_now.run_once(chain.azc, connection, settings=wanted, force=True)
    sync_now.run_once(chain.azc, connection, settings=wanted, force=True)
    found = hand_over.latest(chain.azc, PERSON.person_id)
    assert found is not None
    assert found.state is HandoverState.ONTVANGEN
    chain.close()
