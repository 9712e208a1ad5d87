"""Handing out what came in: to one vault, with the signed bytes, and with its answers back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hostile import Memory
from support.post import AZC_BOX, TOWN_BOX, Pair, make_pair

from intake_app.domain.transport import Arrival, ArrivalState, OutboxItem, OutboxKind
from intake_app.flows import arrived, deliveries, hand_over, receive
from intake_app.sync import names
from intake_app.sync.folder import Folder
from intake_app.vault import Vault


class Killed(BaseException):
    """The machine stopped."""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = make_pair(tmp_path)
    relay = Memory()
    made.relay = lambda: relay
    yield made
    made.close()


def rule(pair: Pair, name: str) -> Path:
    """Hand everything to the folder of somebody; return it."""
    folder = pair.root.parent / f"map-{name}"
    folder.mkdir()
    deliveries.add_rule(pair.town, deliveries.Rule(name, str(folder)))
    return folder


def came_in(pair: Pair) -> Arrival:
    pair.offer(pair.person())
    pair.send()
    pair.receive()
    return arrival(pair.town)


def arrival(vault: Vault) -> Arrival:
    with vault.read() as records:
        (found,) = records.arrivals.all()
    return found


def hand_out(pair: Pair) -> deliveries.HandedOut:
    return deliveries.hand_out(pair.town, pair.relay())


def answers(pair: Pair) -> set[str]:
    return set(pair.relay().names(names.outbox(AZC_BOX)))


def test_what_any_pass_brought_in_is_handed_out_as_it_was_signed(pair: Pair):
    """The window of the inbox receives as a command does: nothing has to keep anything for it."""
    folder = rule(pair, "Samira")
    came = came_in(pair)
    signed = came.raw
    assert hand_out(pair).handed == 1
    drop = Folder(str(folder))
    assert drop.get(names.commit(TOWN_BOX, came.zid), limit=1 << 20) == signed
    now = arrival(pair.town)
    assert (now.state, now.handed_to, now.raw) == (ArrivalState.DOORGEGEVEN, "Samira", b"")
    assert not (pair.town.folder / "binnengekomen" / came.zid).exists()
    assert hand_out(pair) == deliveries.HandedOut()


@pytest.mark.parametrize("step", range(6))
def test_stopped_anywhere_with_other_rules_since_one_has_it(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, step: int
):
    first = rule(pair, "Samira")
    came_in(pair)
    left = [step]

    def counting(function):
        def run(*given, **more):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return function(*given, **more)

        return run

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", counting(Folder.put))
        patch.setattr(Folder, "size", counting(Folder.size))
        patch.setattr(Vault, "transaction", counting(Vault.transaction))
        with pytest.raises(Killed):
            hand_out(pair)
    deliveries.remove_rule(pair.town, "Samira")
    second = rule(pair, "Wim")
    hand_out(pair)
    commits = [path for folder in (first, second) for path in folder.rglob("*.ok")]
    assert len(commits) == 1
    assert arrival(pair.town).raw == b""


def test_what_is_being_handed_out_nobody_here_opens_or_ends(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    """It may be in the folder of the colleague already, who answers."""
    rule(pair, "Samira")
    came = came_in(pair)

    def stopped(*_given, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", stopped)
        with pytest.raises(Killed):
            hand_out(pair)
    with pytest.raises(receive.ReceiveRefused, match="collega"):
        receive.open_arrival(pair.town, came.zid)
    with pytest.raises(receive.ReceiveRefused, match="collega"):
        arrived.not_for_us(pair.town, came.zid)
    hand_over.withdraw(pair.azc, came.inbox_id, "Verkeerde gemeente")
    pair.send(force=True)
    pair.receive(force=True)
    assert arrival(pair.town).state is ArrivalState.DOORGEGEVEN
    assert (pair.town.folder / "binnengekomen" / came.zid).exists(), "still to be copied"
    assert hand_out(pair).handed == 1
    assert names.withdrawal(TOWN_BOX, came.zid) not in pair.relay().names(names.inbox(TOWN_BOX))


def test_a_colleague_who_is_away_keeps_it_open_for_another(pair: Pair):
    rule(pair, "Samira").rmdir()
    came_in(pair)
    assert hand_out(pair).problems
    assert arrival(pair.town).state is ArrivalState.ONTVANGEN
    deliveries.remove_rule(pair.town, "Samira")
    rule(pair, "Wim")
    assert hand_out(pair).handed == 1
    assert arrival(pair.town).handed_to == "Wim"


def test_answers_are_passed_on_after_the_rule_is_gone(pair: Pair):
    folder = rule(pair, "Samira")
    came = came_in(pair)
    hand_out(pair)
    deliveries.remove_rule(pair.town, "Samira")
    second = names.receipt(AZC_BOX, came.zid, 2)
    Folder(str(folder)).put(second, b"geopend, by Samira")
    assert hand_out(pair).answered == 1
    assert pair.relay().get(second, limit=100) == b"geopend, by Samira"
    assert not list(folder.rglob("*.r2"))


def test_answers_of_a_colleague_come_again_when_a_relay_lost_them(pair: Pair):
    folder = rule(pair, "Samira")
    came = came_in(pair)
    hand_out(pair)
    pair.send(force=True)
    second = names.receipt(AZC_BOX, came.zid, 2)
    Folder(str(folder)).put(second, b"geopend, by Samira")
    hand_out(pair)
    for name in answers(pair):
        pair.relay().drop(name)
    for _ in range(3):
        pair.later(days=1)
        pair.send(force=True)
        pair.receive(force=True)
        hand_out(pair)
    assert pair.relay().get(second, limit=100) == b"geopend, by Samira"


def test_the_last_answer_under_a_name_counts_and_ours_stays(pair: Pair):
    """Anybody who may write in the folder can be first; the colleague's own vault comes again."""
    folder = rule(pair, "Samira")
    came = came_in(pair)
    hand_out(pair)
    drop = Folder(str(folder))
    first, second = (names.receipt(AZC_BOX, came.zid, number) for number in (1, 2))
    ours = pair.relay().get(first, limit=1 << 20)
    drop.put(first, b"ontvangen, by Samira")
    drop.put(second, b"junk")
    hand_out(pair)
    drop.put(second, b"geopend, by Samira")
    assert hand_out(pair).answered == 1
    assert pair.relay().get(second, limit=100) == b"geopend, by Samira"
    assert pair.relay().get(first, limit=1 << 20) == ours
    assert _receipts(pair.town)[second].receipt == ""


def _receipts(vault: Vault) -> dict[str, OutboxItem]:
    with vault.read() as records:
        return {i.name: i for i in records.outbox.all() if i.kind is OutboxKind.BEWIJS}


def test_junk_in_the_box_leaves_nothing_behind(pair: Pair):
    for _ in range(20):
        zid = names.new_zid(pair.town.env.random)
        pair.relay().put(names.commit(TOWN_BOX, zid), bytes(100_000))
    before = {path for path in pair.town.folder.rglob("*") if path.is_file()}
    pair.receive()
    hand_out(pair)
    new = {path for path in pair.town.folder.rglob("*") if path.is_file()} - before
    assert sum(path.stat().st_size for path in new) < 100_000
