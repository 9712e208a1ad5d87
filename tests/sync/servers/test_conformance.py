"""What every driver does on every relay: one suite, whatever is on the other side."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.chaos import Chaos, Faults
from support.relays import Served

from intake_app.sync import connecting, names
from intake_app.sync.driver import Box, Put, Relay
from intake_app.sync.errors import Later, Paused, Reason, Refused
from intake_app.sync.proxies import Direct
from intake_app.sync.sender import put_whole

RECEIVER, SENDER = "ontvanger1", "afzender1"
PART = 512 * 1024

_counter = itertools.count(1)


def new_zid() -> str:
    number = next(_counter)
    return names.new_zid(lambda size: number.to_bytes(size, "big"))


@pytest.fixture
def zid() -> str:
    return new_zid()


@pytest.fixture
def sender(served: Served) -> Iterator[Relay]:
    relay = connecting.relay(served.laptop(SENDER), proxy=Direct())
    yield relay
    relay.close()


@pytest.fixture
def receiver(served: Served) -> Iterator[Box]:
    box = connecting.box(served.owner(RECEIVER), proxy=Direct())
    yield box
    box.close()


@pytest.mark.parametrize("size", [0, 1, 65_537, PART])
def test_what_is_put_comes_back(sender: Relay, receiver: Box, zid: str, size: int) -> None:
    data = os.urandom(size)
    name = names.part(RECEIVER, zid, 0)
    assert sender.put(name, data) is Put.NEW
    assert sender.size(name) == size
    assert receiver.get(name, limit=size) == data


@pytest.mark.parametrize(
    "name_of",
    [
        lambda zid: names.part(RECEIVER, zid, 9_999),
        lambda zid: names.commit(RECEIVER, zid),
        lambda zid: names.withdrawal(RECEIVER, zid),
        lambda zid: names.probe(RECEIVER, zid),
        lambda zid: names.receipt(RECEIVER, zid, 9),
    ],
    ids=["part", "commit", "withdrawal", "probe", "receipt"],
)
def test_every_kind_of_name_is_a_file_like_another(
    sender: Relay, receiver: Box, zid: str, name_of: Callable[[str], str]
) -> None:
    name = name_of(zid)
    sender.put(name, b"inhoud")
    assert sender.size(name) == 6
    assert receiver.get(name, limit=6) == b"inhoud"
    folder = name.rpartition("/")[0] + "/"
    assert name in receiver.names(folder)
    receiver.drop(name)
    assert sender.size(name) is None


def test_a_second_put_says_so_and_changes_nothing(
    served: Served, sender: Relay, receiver: Box, zid: str
) -> None:
    name = names.commit(RECEIVER, zid)
    assert sender.put(name, b"eerste") is Put.NEW
    second = sender.put(name, b"eerste")
    assert second is (Put.PRESENT if served.keeps_first else Put.NEW)
    assert receiver.get(name, limit=99) == b"eerste"


def test_a_server_that_keeps_the_first_keeps_it(
    served: Served, sender: Relay, receiver: Box, zid: str
) -> None:
    name = names.commit(RECEIVER, zid)
    sender.put(name, b"eerste")
    answer = sender.put(name, b"tweede, langer")
    if served.keeps_first:
        assert answer is Put.PRESENT
        assert receiver.get(name, limit=99) == b"eerste"
    else:
        assert answer is Put.NEW
        assert receiver.get(name, limit=99) == b"tweede, langer"


def test_put_again_replaces(sender: Relay, receiver: Box, zid: str) -> None:
    name = names.part(RECEIVER, zid, 3)
    sender.put(name, b"een half bestand")
    assert sender.put(name, b"heel", once=False) is Put.NEW
    assert sender.size(name) == 4
    assert receiver.get(name, limit=4) == b"heel"


def test_what_is_not_there_is_not_there(sender: Relay, receiver: Box, zid: str) -> None:
    name = names.part(RECEIVER, zid, 0)
    assert sender.size(name) is None
    assert receiver.get(name, limit=10) is None
    receiver.drop(name)


def test_a_file_over_the_limit_is_not_taken_in(sender: Relay, receiver: Box, zid: str) -> None:
    name = names.part(RECEIVER, zid, 0)
    sender.put(name, b"x" * 1000)
    with pytest.raises(Refused):
        receiver.get(name, limit=999)
    assert receiver.get(name, limit=1000) == b"x" * 1000


def test_a_list_holds_the_box_and_nothing_else(
    served: Served, sender: Relay, receiver: Box
) -> None:
    one, other = new_zid(), new_zid()
    mine = {names.part(RECEIVER, one, n) for n in range(3)} | {names.commit(RECEIVER, one)}
    also = names.part(RECEIVER, other, 0)
    elsewhere = names.receipt(SENDER, one, 1)
    for name in (*mine, also, elsewhere):
        sender.put(name, b"x")
    everything = set(receiver.names(names.inbox(RECEIVER)))
    assert mine | {also} <= everything
    assert elsewhere not in everything
    assert set(receiver.names(f"{names.inbox(RECEIVER)}{one}")) == mine
    assert receiver.names(f"{names.inbox(RECEIVER)}{new_zid()}") == ()


def test_files_of_others_in_the_box_do_no_harm(
    served: Served, sender: Relay, receiver: Box, zid: str
) -> None:
    folder = served.post / "v1" / "in" / RECEIVER
    if not folder.is_dir():
        pytest.skip("this relay has no folder that others could reach")
    strange = [folder / n for n in ("LEES MIJ.txt", "é%2e.ok", ".davfs.tmp0000", "~$x", "A.0000")]
    for path in strange:
        path.write_bytes(b"iets van een ander")
    (folder / "een map").mkdir()
    try:
        name = names.commit(RECEIVER, zid)
        sender.put(name, b"x")
        found = receiver.names(names.inbox(RECEIVER))
        assert name in found
        assert [n for n in found if names.parse(n) is None] == []
    finally:
        (folder / "een map").rmdir()
        for path in strange:
            path.unlink()


def test_dropping_twice_is_fine(sender: Relay, receiver: Box, zid: str) -> None:
    name = names.part(RECEIVER, zid, 0)
    sender.put(name, b"x")
    receiver.drop(name)
    receiver.drop(name)
    assert receiver.get(name, limit=1) is None


def test_a_box_that_nobody_made(served: Served, sender: Relay, zid: str) -> None:
    name = names.part("onbekend1", zid, 0)
    if served.makes_boxes:
        assert sender.put(name, b"x") is Put.NEW
        return
    with pytest.raises(Refused) as told:
        sender.put(name, b"x")
    assert told.value.reason is Reason.BOX_UNKNOWN


@pytest.mark.parametrize(
    "name",
    [
        "v1/in/ontvanger1/../afzender1/aaaaaaaaaaaaaaaaaaaaaaaaaa.ok",
        "v1/in/ontvanger1/naam.ok",
        "v1/in/ontvanger1/AAAAAAAAAAAAAAAAAAAAAAAAAA.ok",
        "/etc/passwd",
        "v1/in/ontvanger1/aaaaaaaaaaaaaaaaaaaaaaaaaa.ok\n",
        "v1/in/ontvanger1/aaaaaaaaaaaaaaaaaaaaaaaaaa.ok?x",
    ],
)
def test_no_other_name_ever_reaches_a_relay(receiver: Box, name: str) -> None:
    for work in (
        lambda: receiver.put(name, b"x"),
        lambda: receiver.size(name),
        lambda: receiver.get(name, limit=1),
        lambda: receiver.drop(name),
    ):
        with pytest.raises(ValueError, match="name"):
            work()


@pytest.mark.parametrize("prefix", ["", "v1/in/", "v1/in/../", "/", "v1/in/ontvanger1/../"])
def test_no_other_list_is_ever_asked_for(receiver: Box, prefix: str) -> None:
    with pytest.raises(ValueError, match="name"):
        receiver.names(prefix)


def test_many_at_once(sender: Relay, receiver: Box) -> None:
    data = {names.part(RECEIVER, new_zid(), n): os.urandom(20_000 + n) for n in range(24)}
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda item: sender.put(*item), data.items())) == {Put.NEW}
        got = dict(
            zip(data, pool.map(lambda name: receiver.get(name, limit=30_000), data), strict=True)
        )
    assert got == data


def test_closed_is_not_broken(sender: Relay, zid: str) -> None:
    name = names.part(RECEIVER, zid, 0)
    sender.put(name, b"x")
    sender.close()
    sender.close()
    assert sender.size(name) == 1


def test_a_stranger_pauses_the_relay(served: Served, zid: str) -> None:
    if served.port == 0:
        pytest.skip("a folder knows no accounts")
    place = served.laptop(SENDER)
    stranger = connecting.box(
        connecting.RelayPlace(place.kind, place.address, "vreemd", "geraden", place.certificate),
        proxy=Direct(),
    )
    name = names.part(RECEIVER, zid, 0)
    for work in (
        lambda: stranger.put(name, b"x"),
        lambda: stranger.size(name),
        lambda: stranger.get(name, limit=1),
        lambda: stranger.names(names.inbox(RECEIVER)),
        lambda: stranger.drop(name),
    ):
        with pytest.raises(Paused) as told:
            work()
        assert told.value.reason is Reason.NOT_ALLOWED
    stranger.close()


def test_killed_and_started_again(served: Served, sender: Relay, receiver: Box, zid: str) -> None:
    if served.port == 0:
        pytest.skip("nothing runs")
    before, after = names.part(RECEIVER, zid, 0), names.part(RECEIVER, zid, 1)
    sender.put(before, b"voor")
    served.kill()
    try:
        with pytest.raises(Later) as told:
            sender.put(after, b"na")
        assert told.value.reason is Reason.NO_CONNECTION
    finally:
        served.start()
    assert sender.put(after, b"na") is Put.NEW
    assert receiver.get(before, limit=9) == b"voor"
    assert receiver.get(after, limit=9) == b"na"


@pytest.mark.parametrize("cut_at", [3_000, 200_000, 500_000])
def test_a_broken_upload_ends_whole(served: Served, receiver: Box, zid: str, cut_at: int) -> None:
    if served.port == 0:
        pytest.skip("nothing runs")
    name, data = names.part(RECEIVER, zid, 0), os.urandom(PART)
    with Chaos(served.port, faults=Faults(cut_up=cut_at)) as link:
        relay = connecting.relay(served.through(served.laptop(SENDER), link.port), proxy=Direct())
        with pytest.raises(Later):
            relay.put(name, data)
        if not served.tears:
            assert receiver.get(name, limit=PART) is None
        link.faults = Faults()
        put_whole(relay, name, data, look_first=True)
        if served.tears and receiver.get(name, limit=PART) != data:
            # Such a server may still be writing what was cut off, over what came after it; in sync
            # the receiver finds the wrong digest and the sender puts the part again.
            relay.put(name, data, once=False)
        relay.close()
    assert receiver.get(name, limit=PART) == data


def test_an_answer_that_is_eaten_loses_nothing(served: Served, receiver: Box, zid: str) -> None:
    if served.port == 0:
        pytest.skip("nothing runs")
    name, data = names.part(RECEIVER, zid, 0), os.urandom(100_000)
    with Chaos(served.port, faults=Faults(cut_down=0)) as link:
        relay = connecting.relay(served.through(served.laptop(SENDER), link.port), proxy=Direct())
        with pytest.raises(Later):
            relay.put(name, data)
        link.faults = Faults()
        put_whole(relay, name, data)
        relay.close()
    assert receiver.get(name, limit=100_000) == data
