"""A disk of which the power can be cut at any recorded call.

The model is stricter than the disks we know. What a process wrote is only certain after a sync of
that file; a name (made, changed or removed) only after a sync of its folder. Of everything else, a
cut keeps what chance keeps: sectors of 512 bytes of each write on their own, so that writes are
torn and change places; changes of length on their own; of the changes of names either the first
few, as a journal keeps them, or each one on its own, as on a disk without.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
_HEADER = struct.Struct("=cqqq")
_FORGOTTEN = ("-shm",)
"""SQLite's shared memory: mapped, not written, and made anew after a crash."""


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded call; see storm.c for what the fields hold for each letter."""

    call: str
    file: int
    number: int
    data: bytes


def events_of(log: Path) -> list[Event]:
    """Return the records of a log, in the order in which they happened."""
    content = log.read_bytes()
    found, at = [], 0
    while at < len(content):
        call, file, number, size = _HEADER.unpack_from(content, at)
        at += _HEADER.size
        found.append(Event(call.decode(), file, number, content[at : at + size]))
        at += size
    return found


@dataclass(eq=False, slots=True)
class File:
    """The content of a file as running processes see it, as is certain, and what is neither."""

    live: bytearray = field(default_factory=bytearray)
    certain: bytearray = field(default_factory=bytearray)
    loose: list[Event] = field(default_factory=list)

    def change(self, event: Event) -> None:
        _apply(self.live, event.call, event.number, event.data)
        self.loose.append(event)

    def sync(self) -> None:
        for event in self.loose:
            _apply(self.certain, event.call, event.number, event.data)
        self.loose.clear()

    def after_cut(self, chance: Random, kept: float) -> bytes:
        """Return what is left: everything certain, and the rest with probability `kept`."""
        content = bytearray(self.certain)
        for event in self.loose:
            if event.call == "T":
                if chance.random() < kept:
                    _apply(content, "T", event.number, b"")
                continue
            for start in range(0, len(event.data), SECTOR):
                if chance.random() < kept:
                    piece = event.data[start : start + SECTOR]
                    _apply(content, "W", event.number + start, piece)
        return bytes(content)


def _apply(content: bytearray, call: str, number: int, data: bytes) -> None:
    end = number if call == "T" else number + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if call == "T":
        del content[number:]
    else:
        content[number:end] = data


@dataclass(eq=False, slots=True)
class Folder:
    """The names in a folder, as running processes see them and as is certain."""

    live: dict[str, Node] = field(default_factory=dict)
    certain: dict[str, Node] = field(default_factory=dict)


Node = File | Folder


@dataclass(frozen=True, slots=True)
class Renaming:
    """A change of names that is not certain yet: what goes from `taken`, and comes at `given`."""

    taken: tuple[Folder, str] | None
    given: tuple[Folder, str, Node] | None

    def touches(self, folder: Folder) -> bool:
        places = (self.taken, self.given)
        return any(place is not None and place[0] is folder for place in places)


class Disk:
    """The folder at `root` as it was when the recording began, and everything since.

    Begins with what is in `start`, a folder with the same content, all of it certain.
    """

    def __init__(self, root: Path, start: Path | None = None) -> None:
        self._root = str(root)
        self._top = Folder()
        self._loose: list[Renaming] = []
        self._open: dict[int, Node] = {}
        if start is not None:
            _load(self._top, start)

    def apply(self, event: Event) -> None:
        """Let one recorded call happen."""
        match event.call:
            case "O":
                self._opened(event)
            case "W" | "T":
                node = self._open[event.file]
                assert isinstance(node, File)
                node.change(event)
            case "S":
                self._synced(self._open[event.file])
            case "M":
                self._name(self._place(event.data), Folder())
            case "U" | "X":
                self._rename(Renaming(self._place(event.data), None))
            case "R" | "L":
                self._moved(event)

    def after_cut(self, chance: Random) -> dict[str, bytes | None]:
        """Return what is left when the power goes now: contents by relative path, None: folder."""
        kept = chance.choice((0.0, 0.3, 0.7, 1.0))
        if chance.random() < 0.5:
            count = chance.randint(0, len(self._loose))
            held = self._loose[:count]
        else:
            held = [change for change in self._loose if chance.random() < kept]
        names = {id(folder): dict(folder.certain) for folder in _folders(self._top)}
        for change in held:
            _rename_in(names, change)
        return dict(_left(self._top, names, chance, kept, ""))

    def live(self) -> dict[str, bytes | None]:
        """Return what running processes see."""
        return dict(_seen(self._top, ""))

    def _opened(self, event: Event) -> None:
        if event.number & os.O_TMPFILE == os.O_TMPFILE:
            self._open[event.file] = File()
            return
        folder, name = self._place(event.data)
        node: Node | None = self._top if name == "" else folder.live.get(name)
        if node is None:
            node = File()
            self._name((folder, name), node)
        elif isinstance(node, File) and event.number & os.O_TRUNC:
            node.change(Event("T", event.file, 0, b""))
        self._open[event.file] = node

    def _moved(self, event: Event) -> None:
        old, new = event.data.split(b"\0")
        if event.call == "L":
            folder, name = self._place(old) if not event.file else (self._top, "")
            node = self._open[event.file] if event.file else folder.live[name]
            self._name(self._place(new), node)
        else:
            folder, name = self._place(old)
            target, becomes = self._place(new)
            node = folder.live[name]
            self._rename(Renaming((folder, name), (target, becomes, node)))

    def _name(self, place: tuple[Folder, str], node: Node) -> None:
        self._rename(Renaming(None, (*place, node)))

    def _rename(self, change: Renaming) -> None:
        if change.taken is not None:
            del change.taken[0].live[change.taken[1]]
        if change.given is not None:
            folder, name, node = change.given
            folder.live[name] = node
        self._loose.append(change)

    def _synced(self, node: Node) -> None:
        if isinstance(node, File):
            node.sync()
            return
        for change in [each for each in self._loose if each.touches(node)]:
            if change.taken is not None:
                change.taken[0].certain.pop(change.taken[1], None)
            if change.given is not None:
                folder, name, held = change.given
                folder.certain[name] = held
            self._loose.remove(change)

    def _place(self, path: bytes) -> tuple[Folder, str]:
        """Return the folder a path is in and its last name, '' for the root itself."""
        parts = [part for part in os.fsdecode(path)[len(self._root) :].split("/") if part]
        folder = self._top
        for part in parts[:-1]:
            inner = folder.live[part]
            assert isinstance(inner, Folder)
            folder = inner
        return folder, parts[-1] if parts else ""


def _load(folder: Folder, source: Path) -> None:
    for path in source.iterdir():
        node: Node
        if path.is_dir():
            node = Folder()
            _load(node, path)
        else:
            content = path.read_bytes()
            node = File(bytearray(content), bytearray(content))
        folder.live[path.name] = folder.certain[path.name] = node


def _folders(folder: Folder) -> Iterator[Folder]:
    """Return every folder that is there, or may be there after a cut."""
    seen = {id(folder): folder}
    waiting = [folder]
    while waiting:
        at = waiting.pop()
        for node in (*at.live.values(), *at.certain.values()):
            if isinstance(node, Folder) and id(node) not in seen:
                seen[id(node)] = node
                waiting.append(node)
    yield from seen.values()


def _rename_in(names: dict[int, dict[str, Node]], change: Renaming) -> None:
    """Let a change of names that survived happen."""
    if change.taken is not None:
        folder, name = change.taken
        held = names.setdefault(id(folder), {})
        # Without what came before it, another file may have that name.
        if change.given is None or held.get(name) is change.given[2]:
            held.pop(name, None)
    if change.given is not None:
        folder, name, node = change.given
        names.setdefault(id(folder), {})[name] = node


def _left(
    folder: Folder, names: dict[int, dict[str, Node]], chance: Random, kept: float, at: str
) -> Iterator[tuple[str, bytes | None]]:
    for name, node in sorted(names.get(id(folder), folder.certain).items()):
        if isinstance(node, Folder):
            yield f"{at}{name}", None
            yield from _left(node, names, chance, kept, f"{at}{name}/")
        elif not name.endswith(_FORGOTTEN):
            yield f"{at}{name}", node.after_cut(chance, kept)


def _seen(folder: Folder, at: str) -> Iterator[tuple[str, bytes | None]]:
    for name, node in sorted(folder.live.items()):
        if isinstance(node, Folder):
            yield f"{at}{name}", None
            yield from _seen(node, f"{at}{name}/")
        elif not name.endswith(_FORGOTTEN):
            yield f"{at}{name}", bytes(node.live)


def content_of(root: Path) -> dict[str, bytes | None]:
    """Return what really is in a folder, in the same form."""
    return {
        path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(root.rglob("*"))
        if not path.name.endswith(_FORGOTTEN)
    }


def put_down(content: dict[str, bytes | None], root: Path) -> None:
    """Make the folder `root` with that content."""
    root.mkdir()
    for name, held in content.items():
        path = root / name
        if held is None:
            path.mkdir()
        else:
            path.write_bytes(held)


def cuts(events: list[Event], count: int, chance: Random) -> list[int]:
    """Return how many calls happened before each cut, in order; any change as likely as another."""
    telling = [at for at, event in enumerate(events, 1) if event.call not in "AO"]
    return sorted(chance.choice(telling) for _ in range(count))
