"""A dossier goes by sync from one vault to another, and every receipt comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.post import Pair, make_pair

from intake_app.domain.handover import HandoverState
from intake_app.domain.transport import ArrivalState
from intake_app.flows import receive, sync_now
from intake_app.flows.sync_now import SyncState, SyncStatus


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = make_pair(tmp_path)
    yield made
    made.close()


def test_from_sealing_to_accepted(pair: Pair):
    person = pair.person()
    offered = pair.offer(person)
    assert offered.state is HandoverState.KLAAR
    assert sync_now.summary(pair.azc).status is SyncStatus.WACHT
    assert pair.files() == set()

    report = pair.send()
    assert report.offered == (offered.handover_id,)
    assert pair.handover(offered.handover_id).state is HandoverState.AANGEBODEN
    assert sync_now.summary(pair.azc).status is SyncStatus.AANGEBODEN

    came = pair.receive()
    assert len(came.arrived) == 1
    (row,) = sync_now.arrivals(pair.town)
    assert row.sender == pair.azc.info.organisation.name
    assert {name.split("/")[1] for name in pair.files()} == {"uit"}
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.ONTVANGEN
    assert sync_now.summary(pair.azc).status is SyncStatus.ONTVANGEN

    zid = row.arrival.zid
    assert receive.open_arrival(pair.town, zid).handover_id == offered.handover_id
    item = receive.take_in_arrival(pair.town, zid)
    assert not (pair.town.folder / "binnengekomen" / zid).exists()
    pair.receive()
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.GEOPEND

    receive.accept(pair.town, item.handover_id, first_talk=None)
    pair.receive()
    pair.send(force=True)
    assert pair.handover(offered.handover_id).state is HandoverState.GEACCEPTEERD
    (line,) = sync_now.transport(pair.azc)
    assert line.state is SyncState.KLAAR
    assert [each.what for each in line.history] == [
        "aangeboden", "ontvangen", "geopend", "geaccepteerd",
    ]  # fmt: skip
    assert sync_now.summary(pair.azc).status is SyncStatus.NIETS_TE_DOEN
    with pair.town.read() as records:
        assert records.arrivals.get(zid).state is ArrivalState.GEACCEPTEERD  # type: ignore[union-attr]
