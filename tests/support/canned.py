"""A web server that says what a test tells it to say, and keeps what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Canned:
    """The answer to everything, and the requests so far as (method, path, headers, body)."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    port: int = 0
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = field(default_factory=list)

    def say(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        """Answer like this from now on."""
        self.status, self.headers, self.body = status, headers or {}, body


@contextmanager
def canned() -> Iterator[Canned]:
    """Run the server on a free port of loopback."""
    state = Canned()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            state.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(size)))
            self.send_response_only(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in state.headers:
                self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(state.body)

        do_GET = do_HEAD = do_PUT = do_DELETE = do_PROPFIND = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
