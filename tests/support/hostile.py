"""Relays that misbehave: in memory, counting, failing, lying, forgetting."""

from __future__ import annotations

from collections.abc import Callable

from intake_app.sync.driver import Box, Put
from intake_app.sync.errors import Refused


class Memory:
    """A relay in memory that follows the rules; `files` is open to whoever does not."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.puts = 0
        self.bytes_in = 0

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        self.puts += 1
        self.bytes_in += len(data)
        if once and name in self.files:
            return Put.PRESENT
        self.files[name] = data
        return Put.NEW

    def size(self, name: str) -> int | None:
        data = self.files.get(name)
        return None if data is None else len(data)

    def get(self, name: str, *, limit: int) -> bytes | None:
        data = self.files.get(name)
        if data is not None and len(data) > limit:
            raise Refused
        return data

    def names(self, prefix: str) -> tuple[str, ...]:
        return tuple(name for name in self.files if name.startswith(prefix))

    def drop(self, name: str) -> None:
        self.files.pop(name, None)

    def close(self) -> None:
        pass


class Between:
    """Passes every call on after telling `before` what it is: (what, name)."""

    def __init__(self, relay: Box, before: Callable[[str, str], None]) -> None:
        self._relay, self._before = relay, before

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        self._before("put", name)
        return self._relay.put(name, data, once=once)

    def size(self, name: str) -> int | None:
        self._before("size", name)
        return self._relay.size(name)

    def get(self, name: str, *, limit: int) -> bytes | None:
        self._before("get", name)
        return self._relay.get(name, limit=limit)

    def names(self, prefix: str) -> tuple[str, ...]:
        self._before("names", prefix)
        return self._relay.names(prefix)

    def drop(self, name: str) -> None:
        self._before("drop", name)
        self._relay.drop(name)

    def close(self) -> None:
        self._relay.close()


class Deaf(Memory):
    """Ignores `once` and overwrites, as some WebDAV servers do."""

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        del once
        return super().put(name, data, once=False)
