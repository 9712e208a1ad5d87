"""A TCP proxy on loopback that fails in the ways that networks fail.

with Chaos(server_port, seed=1) as link:
    link.faults = Faults(cut_up=300_000)      # from now on; also for connections that are open
    ... talk to link.port ...
    link.faults = Faults()
    link.counts                               # what went over the line so far

It runs in a thread with its own event loop. `rate` is one line for all connections together, as a
phone is; what waits in the sender's own buffers has not been sent and is not counted.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

_PIECE = 16_384
_BUFFER = 65_536
_LATE = 0.1


class Portal(StrEnum):
    """How a guest network answers whoever has not logged in yet; it never speaks TLS."""

    REDIRECT = "302"
    PAGE = "200"
    PROXY_LOGIN = "407"


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the line.

    cut_up, cut_down  each connection is reset once this many bytes went that way; `cut_down=0`
                      lets the request through and eats the answer
    rate              bytes a second, each way
    latency           seconds, each way
    life              mean seconds that a connection lives, exponentially spread
    black_hole        connections are made, nothing is ever passed on
    refuse            connections are reset at once
    portal            everything is answered by the guest network itself
    proxy             the line is a web proxy: CONNECT leads to the server, whatever it names
    """

    cut_up: int | None = None
    cut_down: int | None = None
    rate: float | None = None
    latency: float = 0.0
    life: float | None = None
    black_hole: bool = False
    refuse: bool = False
    portal: Portal | None = None
    proxy: bool = False


@dataclass(slots=True)
class Counts:
    """What went over the line: connections, connections cut on purpose, bytes each way."""

    connections: int = 0
    cuts: int = 0
    up: int = 0
    down: int = 0


class _Cut(Exception):
    """This connection ends here, by our hand."""


class Chaos:
    """The proxy; a context manager. `port` is where to connect, `faults` may change any time."""

    def __init__(self, server_port: int, *, seed: int = 0, faults: Faults | None = None) -> None:
        """Prepare a proxy to `server_port` on loopback; the seed rules every random choice."""
        self.faults = faults or Faults()
        self.counts = Counts()
        self.port = 0
        self._server_port = server_port
        self._random = random.Random(seed)  # noqa: S311
        self._line_free = {"up": 0.0, "down": 0.0}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="chaos", daemon=True)
        self._open: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def cut_all(self) -> None:
        """Reset every connection that is open now."""

        def cut() -> None:
            for task in tuple(self._open):
                task.cancel()

        self._loop.call_soon_threadsafe(cut)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self.port = listener.getsockname()[1]
        server = await asyncio.start_server(self._accept, sock=listener, limit=_BUFFER)
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.counts.connections += 1
        try:
            await self._serve_one(reader, writer)
        except (_Cut, asyncio.CancelledError):
            self.counts.cuts += 1
            _reset(writer)
        except OSError:
            _reset(writer)
        finally:
            writer.close()
            self._open.discard(task)

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.faults.refuse:
            raise _Cut
        if self.faults.portal is not None:
            await _answer_as_portal(self.faults.portal, reader, writer)
            return
        if self.faults.proxy:
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"CONNECT "):
                raise _Cut
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while self.faults.black_hole:
            await asyncio.sleep(0.02)
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError as error:
            raise _Cut from error
        life = self.faults.life
        tasks = (
            asyncio.ensure_future(self._pump("up", reader, up_writer)),
            asyncio.ensure_future(self._pump("down", up_reader, writer)),
        )
        try:
            done, alive = await asyncio.wait(
                tasks,
                timeout=self._random.expovariate(1 / life) if life else None,
                return_when=asyncio.FIRST_EXCEPTION,
            )
            if alive or any(task.exception() for task in done):
                raise _Cut
        except (_Cut, asyncio.CancelledError):
            _reset(up_writer)
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            up_writer.close()

    async def _pump(
        self, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)
        delivery = asyncio.ensure_future(_deliver(waiting, writer))
        passed = 0
        try:
            while piece := await reader.read(_PIECE):
                while self.faults.black_hole:
                    await asyncio.sleep(0.05)
                cut = self.faults.cut_up if way == "up" else self.faults.cut_down
                allowed = len(piece) if cut is None else max(0, min(len(piece), cut - passed))
                await self._wait_for_the_line(way, allowed)
                passed += allowed
                setattr(self.counts, way, getattr(self.counts, way) + allowed)
                if allowed:
                    due = self._loop.time() + self.faults.latency
                    await waiting.put((due, piece[:allowed]))
                if allowed < len(piece):
                    await waiting.put((0.0, b""))
                    await delivery
                    raise _Cut
            await waiting.put((0.0, b""))
            await delivery
            if writer.can_write_eof():
                with suppress(OSError):
                    writer.write_eof()
        finally:
            delivery.cancel()
            with suppress(OSError, asyncio.CancelledError):
                await delivery

    async def _wait_for_the_line(self, way: str, size: int) -> None:
        rate = self.faults.rate
        if not rate:
            return
        now = self._loop.time()
        # Waking up late must not slow the line down: it catches up what it missed, and no more.
        start = max(now - _LATE, self._line_free[way])
        self._line_free[way] = start + size / rate
        await asyncio.sleep(max(0.0, self._line_free[way] - now))


async def _deliver(
    waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due, piece = await waiting.get()
        if not piece:
            return
        if (left := due - loop.time()) > 0:
            await asyncio.sleep(left)
        writer.write(piece)
        await writer.drain()


_LOGIN_PAGE = b"<!DOCTYPE html><title>Gastnetwerk</title><form>Log in</form>"


async def _answer_as_portal(
    portal: Portal, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one request, or a TLS greeting, with plain HTTP."""
    first = await reader.read(1)
    is_tls = first == b"\x16"
    if not is_tls:
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await reader.readuntil(b"\r\n\r\n")
    status = {
        Portal.REDIRECT: b"302 Found\r\nLocation: http://login.example/",
        Portal.PAGE: b"200 OK\r\nContent-Type: text/html",
        Portal.PROXY_LOGIN: b'407 Login\r\nProxy-Authenticate: Basic realm="x"',
    }[portal]
    length = str(len(_LOGIN_PAGE)).encode()
    writer.write(
        b"HTTP/1.1 " + status + b"\r\nContent-Length: " + length + b"\r\nConnection: close\r\n\r\n"
    )
    writer.write(_LOGIN_PAGE)
    await writer.drain()
    writer.write_eof()
    with suppress(OSError):
        while await reader.read(_BUFFER):  # a close with unread bytes would reset the answer
            pass


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a RST instead of a polite end."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
