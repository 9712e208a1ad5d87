"""What goes on while locked: sealed parts and signed commits, by a process without a key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from intake_app.flows import sync_locked
from intake_app.flows.sync_locked import Errand, ErrandItem
from intake_app.sync import names
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.errors import Later, Paused, Reason
from intake_app.sync.folder import Folder
from intake_app.sync.parts import PART

BOX = "vak0123456789"


def zid(number: int) -> str:
    return names.new_zid(lambda size: bytes([number]) * size)


def item(folder: Path, number: int, size: int) -> ErrandItem:
    data = bytes([number]) * size
    path = folder / zid(number)
    path.write_bytes(data)
    pieces = [data[at : at + PART] for at in range(0, size, PART)]
    digests = tuple(hashlib.sha256(piece).hexdigest() for piece in pieces)
    return ErrandItem(BOX, zid(number), str(path), size, digests, 0, b"getekend %d" % number)


@pytest.fixture
def errand(tmp_path):
    (tmp_path / "post").mkdir()
    (tmp_path / "uitgaand").mkdir()
    mark = tmp_path / "uitgaand" / ".onderweg"
    mark.write_text("a1", encoding="ascii")
    items = (item(tmp_path / "uitgaand", 1, 700), item(tmp_path / "uitgaand", 2, PART + 9))
    return Errand(RelayPlace("folder", str(tmp_path / "post")), str(mark), "a1", items)


def folder_of(place: RelayPlace) -> Folder:
    return Folder(place.address)


def no_wait(_seconds: float) -> bool:
    return False


def carry(errand: Errand, connect=folder_of, **more) -> int:
    return sync_locked.carry(errand, connect, fraction=lambda: 0.5, wait=no_wait, **more)


def on_relay(errand: Errand) -> dict[str, bytes]:
    root = Path(errand.place.address)
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_it_survives_the_pipe_and_shows_no_password(errand):
    place = RelayPlace("webdav", "https://a.nl", "wie", "heel geheim", "PEM")
    sent = replace(errand, place=place)
    raw = sync_locked.to_bytes(sent)
    assert sync_locked.from_bytes(raw) == sent
    assert "heel geheim" not in repr(sent)
    assert sync_locked.is_sound(sent)


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b"{}", b"\xff", json.dumps({"place": {}, "items": []}).encode()],
)
def test_anything_else_is_no_errand(raw):
    with pytest.raises(ValueError):  # noqa: PT011  (of json, of base64 or ours)
        sync_locked.from_bytes(raw)


def test_a_name_that_is_none_is_not_sound(errand):
    odd = replace(errand, items=(replace(errand.items[0], box="../../etc"),))
    assert not sync_locked.is_sound(odd)


def test_all_of_it_comes_to_the_relay(errand):
    assert carry(errand) == 2
    there = on_relay(errand)
    first, second = errand.items
    assert there[names.part(BOX, first.zid, 0)] == bytes([1]) * 700
    assert there[names.part(BOX, second.zid, 1)] == bytes([2]) * 9
    assert there[names.commit(BOX, second.zid)] == second.commit
    assert len(there) == 5


def test_what_does_not_go_is_tried_again(errand):
    tries: list[int] = []

    class Flaky(Folder):
        def put(self, name, data, *, once=True):
            tries.append(1)
            if len(tries) in {1, 3}:
                raise Later(Reason.NO_CONNECTION)
            return super().put(name, data, once=once)

    assert carry(errand, lambda place: Flaky(place.address)) == 2
    assert len(on_relay(errand)) == 5


def test_one_whose_file_is_gone_holds_nothing_up(errand):
    Path(errand.items[0].file).unlink()
    assert carry(errand) == 1
    assert names.commit(BOX, errand.items[1].zid) in on_relay(errand)


@pytest.mark.parametrize("error", [Paused(Reason.PORTAL), Later(Reason.SLOW)])
def test_without_a_connection_it_ends_in_the_end(errand, error):
    waited: list[float] = []

    def connect(_place):
        raise error

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return False

    brought = sync_locked.carry(errand, connect, fraction=lambda: 0.99, wait=wait, longest=3600)
    assert brought == 0
    assert 2700 <= sum(waited) <= 3600
    assert max(waited) <= 900
    assert on_relay(errand) == {}


@pytest.mark.parametrize("mark", [None, "b2"])
def test_the_vault_that_opens_calls_it_back(errand, mark):
    path = Path(errand.mark)
    if mark is None:
        path.unlink()
    else:
        path.write_text(mark, encoding="ascii")
    assert carry(errand) == 0
    assert on_relay(errand) == {}


def test_it_is_called_back_between_two_parts(errand):
    class Opened(Folder):
        def put(self, name, data, *, once=True):
            Path(errand.mark).unlink(missing_ok=True)
            return super().put(name, data, once=once)

    only = replace(errand, items=errand.items[1:])
    assert carry(only, lambda place: Opened(place.address)) == 0
    assert list(on_relay(only)) == [names.part(BOX, errand.items[1].zid, 0)]


def test_asked_to_end_it_ends(errand):
    def connect(_place):
        raise Later(Reason.NO_CONNECTION)

    asked = sync_locked.carry(errand, connect, fraction=lambda: 0.5, wait=lambda _s: True)
    assert asked == 0


def test_a_receiver_that_is_quicker_than_the_look_back_is_no_failure(errand):
    reply = "terug0123456"
    only = replace(errand, items=(replace(errand.items[0], reply_box=reply),))
    puts: list[str] = []

    class Taken(Folder):
        def put(self, name, data, *, once=True):
            puts.append(name)
            done = super().put(name, data, once=once)
            if name.endswith(".ok"):
                super().put(names.receipt(reply, only.items[0].zid, 1), b"ontvangen")
                for each in puts:
                    super().drop(each)
            return done

    assert sync_locked.is_sound(only)
    assert carry(only, lambda place: Taken(place.address)) == 1
    assert len(puts) == 2, "it was brought once"
    odd = replace(only, items=(replace(only.items[0], reply_box="../.."),))
    assert not sync_locked.is_sound(odd)
