"""The receiver's half on its own: going on where it was, and stopping between parts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from support.hostile import Between, Memory

from intake_app.sync import names, receiver, sender
from intake_app.sync.commit import Commit
from intake_app.sync.driver import Put
from intake_app.sync.errors import Later, Reason
from intake_app.sync.parts import PART, Part

BOX, ZID = "ontvangerbox", "c" * 26
DATA = hashlib.shake_256(b"zending").digest(2 * PART + 4321)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def cut(data: bytes) -> tuple[Part, ...]:
    pieces = [data[at : at + PART] for at in range(0, len(data), PART)]
    return tuple(Part(len(piece), hashlib.sha256(piece).hexdigest()) for piece in pieces)


COMMIT = Commit(
    zid=ZID, box=BOX, sender=UUID(int=1), recipient=UUID(int=2), size=len(DATA),
    sha256=hashlib.sha256(DATA).hexdigest(), parts=cut(DATA), content_size=100,
    content_sha256="0" * 64, handover_id=UUID(int=3), dossier_id=UUID(int=4), dossier_version=1,
    supersedes=None, created=AT, valid_until=AT, reply_box="afzenderbox",
)  # fmt: skip


def relay_with_it() -> Memory:
    relay = Memory()
    for number, _ in enumerate(COMMIT.parts):
        relay.put(names.part(BOX, ZID, number), DATA[number * PART : (number + 1) * PART])
    relay.put(names.commit(BOX, ZID), b"commit")
    return relay


def fetch(relay: Memory | Between, folder: Path, *, stop_after: int = 99) -> Path | None:
    asked = iter(range(1000))
    return receiver.fetch(relay, COMMIT, folder, cancelled=lambda: next(asked) >= stop_after)


@pytest.mark.parametrize("parts", [0, 1, 2])
def test_it_goes_on_where_it_was(tmp_path: Path, parts: int):
    relay = relay_with_it()
    assert fetch(relay, tmp_path, stop_after=parts) is None
    asked: list[str] = []
    again = Between(relay, lambda _what, name: asked.append(name))
    path = fetch(again, tmp_path)
    assert path is not None
    assert path.read_bytes() == DATA
    assert len(asked) == 3 - parts
    assert [each.name for each in tmp_path.iterdir()] == [ZID]


@pytest.mark.parametrize("extra", [b"", b"rommel", bytes(PART)])
def test_all_parts_there_but_not_named_yet(tmp_path: Path, extra: bytes):
    """Killed between the last part and the name, with whatever behind it."""
    (tmp_path / f".{ZID}.deel").write_bytes(DATA + extra)
    path = fetch(Memory(), tmp_path)
    assert path is not None
    assert path.read_bytes() == DATA


def test_a_start_that_was_damaged_is_fetched_again(tmp_path: Path):
    damaged = bytearray(DATA)
    damaged[PART + 5] ^= 1
    (tmp_path / f".{ZID}.deel").write_bytes(damaged)
    asked: list[str] = []
    path = fetch(Between(relay_with_it(), lambda _what, name: asked.append(name)), tmp_path)
    assert path is not None
    assert path.read_bytes() == DATA
    assert asked == [names.part(BOX, ZID, number) for number in (1, 2)]


def test_a_whole_file_that_is_there_is_not_fetched(tmp_path: Path):
    (tmp_path / ZID).write_bytes(DATA)
    assert fetch(Memory(), tmp_path) == tmp_path / ZID
    (tmp_path / ZID).write_bytes(DATA[:-1])
    assert fetch(relay_with_it(), tmp_path) == tmp_path / ZID
    assert (tmp_path / ZID).read_bytes() == DATA


def test_parts_in_another_order_are_damage(tmp_path: Path):
    relay = relay_with_it()
    first, second = (names.part(BOX, ZID, number) for number in (0, 1))
    relay.files[first], relay.files[second] = relay.files[second], relay.files[first]
    with pytest.raises(receiver.DamagedPart) as damage:
        fetch(relay, tmp_path)
    assert damage.value.numbers == (0,)
    assert not (tmp_path / ZID).exists()


def test_parts_that_are_right_and_a_whole_that_is_not(tmp_path: Path):
    lying = replace(COMMIT, sha256="f" * 64)
    with pytest.raises(receiver.DamagedPart):
        receiver.fetch(relay_with_it(), lying, tmp_path, cancelled=lambda: False)
    assert not (tmp_path / ZID).exists()


def test_small_ones_come_first_and_the_commit_goes_last():
    relay = relay_with_it()
    for letter in "ab":
        relay.put(names.commit(BOX, letter * 26), b"x")
    found = receiver.look(relay, BOX)
    assert [each.zid[0] for each in found] == ["a", "b", "c"]
    dropped: list[str] = []
    receiver.clear(Between(relay, lambda _what, name: dropped.append(name)), found[2])
    assert dropped == [*(names.part(BOX, ZID, n) for n in range(3)), names.commit(BOX, ZID)]


# ---- the sender's half ---------------------------------------------------------------------------


class Notes:
    """A journal in memory."""

    def __init__(self) -> None:
        self.done = 0

    def part_there(self, number: int) -> None:
        self.done = number + 1

    def may_commit(self) -> bool:
        return True


def offer(relay: Memory | Between, source: Path, journal: Notes) -> bool:
    return sender.offer(
        relay,
        box=BOX,
        zid=ZID,
        source=source,
        parts=COMMIT.parts,
        commit=b"commit",
        done=journal.done,
        journal=journal,
        cancelled=lambda: False,
    )


class Cutting(Memory):
    """Keeps half of a file and breaks the connection, as servers without atomic writes do."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self.every = every

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        if self.puts % self.every == self.every - 1 and name not in self.files:
            self.puts += 1
            self.files[name] = data[: len(data) // 2]
            raise Later(Reason.NO_CONNECTION)
        return super().put(name, data, once=once)


@pytest.mark.parametrize("every", [2, 3])
def test_what_has_the_wrong_length_is_put_again(tmp_path: Path, every: int):
    source = tmp_path / ZID
    source.write_bytes(DATA)
    relay, journal, tries = Cutting(every), Notes(), 0
    while tries < 20:
        tries += 1
        try:
            assert offer(relay, source, journal)
        except Later:
            continue
        break
    assert 1 < tries < 20
    assert relay.files == relay_with_it().files
    assert relay.bytes_in <= 1.01 * len(DATA) + 1000, "what was there whole was not sent again"


def test_an_answer_that_was_eaten_costs_one_question(tmp_path: Path):
    source = tmp_path / ZID
    source.write_bytes(DATA)
    relay, journal = Memory(), Notes()
    eaten = iter((False, True, False, False, False, True, False))

    class Eating(Memory):
        def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
            answer = relay.put(name, data, once=once)
            if next(eaten, False):
                raise Later(Reason.SLOW)
            return answer

        def size(self, name: str) -> int | None:
            return relay.size(name)

    for _ in range(20):
        try:
            assert offer(Eating(), source, journal)
        except Later:
            continue
        break
    assert relay.puts == 4


def test_present_with_other_bytes_of_the_right_length_is_for_the_receiver_to_see(tmp_path: Path):
    """A length is all a sender can ask for; the signed hash is what finds it out."""
    source = tmp_path / "bron"
    source.write_bytes(DATA)
    relay = Memory()
    relay.files[names.part(BOX, ZID, 1)] = bytes(PART)
    assert offer(relay, source, Notes())
    with pytest.raises(receiver.DamagedPart):
        fetch(relay, tmp_path)
