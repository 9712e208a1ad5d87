"""A relay on any WebDAV server, by PUT, HEAD, GET, PROPFIND and DELETE alone.

Measured on Apache (mod_dav), nginx, wsgidav and rclone: no MOVE, range, lock or MKCOL is used,
because each of them fails somewhere. Redirects are never followed, cookies never kept, and what
comes back is never decompressed. The address and everything in an answer stay out of errors.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from intake_app.sync import names as naming
from intake_app.sync.driver import Put
from intake_app.sync.errors import Later, Paused, Reason, Refused, SyncError
from intake_app.sync.proxies import ProxyFinder, is_this_machine
from intake_app.sync.web_errors import of_failure, of_status

if TYPE_CHECKING:
    import ssl

    import httpx2

_ASK_NAMES: Final = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>'
)
_LIST_LIMIT: Final = 16 << 20
_MOST_NAMES: Final = 50_000
"""Bytes and names of a list that are read; where there is more, what came before counts."""
_DEEPEST: Final = 32
_LONGEST_PATH: Final = 4096
"""Elements in one another and characters of a path; what has more is none of ours."""
_WORDS_LIMIT: Final = 65_536
"""Bytes of an answer that nobody reads, taken in to keep the connection."""
_PREFIX: Final = re.compile(r"(v1/(?:in|uit)/[a-z0-9]{4,64}/)([a-z0-9.]{0,40})\Z")
_GONE: Final = frozenset({404, 410})
_ATTEMPTS: Final = 3
"""Times that one request is sent when its connection was made and then broke."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for each piece sent or received, for a whole request."""

    connect: float = 15.0
    piece: float = 30.0
    whole: float = 900.0


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx2.Headers
    body: bytes
    listed: tuple[str, ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether a person was meant to read it: no relay answers with a page of HTML."""
        return self.headers.get("content-type", "").partition(";")[0].strip() == "text/html"


class WebDav:
    """A relay by WebDAV; the whole of `driver.Box`. Safe to use from several threads."""

    def __init__(
        self,
        address: str,
        *,
        user: str = "",
        password: str = "",
        certificate: str = "",
        proxy: ProxyFinder | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare for `address`, `https://host/base`; nothing is sent yet.

        Raises `Paused` (ADDRESS) for what can never be one, plain http included unless it stays
        on this machine: the password would be readable on the way.
        """
        self._base = checked_address(address)
        self._login = (user, password) if user else None
        self._certificate = certificate
        self._proxy = proxy
        self._patience = patience or Patience()
        self._clock = clock
        self._client: httpx2.Client | None = None
        self._tls: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        """See `driver.Relay.put`. Raises Refused (BOX_UNKNOWN) where there is no such box."""
        headers = {"Content-Type": "application/octet-stream"}
        if once:
            headers["If-None-Match"] = "*"
        answer = self._ask("PUT", naming.check(name), data=data, headers=headers)
        if answer.status in {201, 204}:
            return Put.NEW
        if answer.status == 412 and once:
            return Put.PRESENT
        if answer.status == 200:
            # RFC 9110 allows it for a file that was replaced; a guest network says it to anything.
            if not answer.is_page and self.size(name) == len(data):
                return Put.NEW
            raise Paused(Reason.PORTAL)
        if answer.status in _GONE | {409}:
            raise Refused(Reason.BOX_UNKNOWN)
        raise of_status(answer.status, answer.headers)

    def size(self, name: str) -> int | None:
        """See `driver.Relay.size`."""
        answer = self._ask("HEAD", naming.check(name))
        if answer.status in _GONE:
            return None
        self._expect(answer, 200)
        length = answer.headers.get("content-length")
        if length is None and "transfer-encoding" not in answer.headers:
            return 0  # Apache leaves the length of an empty file out
        if length is None or not (length.isascii() and length.isdigit()):
            raise Refused(Reason.REFUSED)
        return int(length)

    def get(self, name: str, *, limit: int) -> bytes | None:
        """See `driver.Relay.get`."""
        answer = self._ask("GET", naming.check(name), limit=limit)
        if answer.status in _GONE:
            return None
        self._expect(answer, 200)
        return answer.body

    def names(self, prefix: str) -> tuple[str, ...]:
        """See `driver.Box.names`. Raises Refused (BOX_UNKNOWN) where there is no such box."""
        found = _PREFIX.match(prefix)
        if found is None:
            raise ValueError("not the beginning of a name on a relay")
        folder = found[1]
        answer = self._ask(
            "PROPFIND",
            folder,
            data=_ASK_NAMES,
            headers={"Depth": "1", "Content-Type": "application/xml; charset=utf-8"},
            limit=_LIST_LIMIT,
            is_list=True,
        )
        if answer.status in _GONE | {409}:
            raise Refused(Reason.BOX_UNKNOWN)
        self._expect(answer, 207)
        listed = (folder + last for last in answer.listed)
        return tuple(n for n in listed if n.startswith(prefix) and naming.parse(n) is not None)

    def drop(self, name: str) -> None:
        """See `driver.Box.drop`."""
        answer = self._ask("DELETE", naming.check(name))
        if answer.status not in _GONE:
            self._expect(answer, 200 if answer.status == 200 else 204)

    def close(self) -> None:
        """See `driver.Relay.close`; a later call connects anew."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _expect(self, answer: _Answer, status: int) -> None:
        if answer.status == status and not answer.is_page:
            return
        if 200 <= answer.status < 300:
            raise Paused(Reason.PORTAL)
        raise of_status(answer.status, answer.headers)

    def _ask(
        self,
        method: str,
        name: str,
        *,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        limit: int | None = None,
        is_list: bool = False,
    ) -> _Answer:
        """Send one request and take in the answer, up to three times when connections break.

        More than `limit` bytes are Refused; without one the body is left alone. A list
        is taken in piece by piece, and cut off there. Every request may
        be repeated: the second of two equal ones changes nothing, and a file
        that the first one made counts as PRESENT.
        """
        return _in_spite_of_breaks(
            lambda: self._send(method, name, data, headers or {}, limit, is_list=is_list)
        )

    def _send(
        self,
        method: str,
        name: str,
        data: bytes | None,
        headers: dict[str, str],
        limit: int | None,
        *,
        is_list: bool,
    ) -> _Answer:
        client = self._connected()
        started = self._clock()
        with (
            self._in_time(client),
            client.stream(method, self._base + name, content=data, headers=headers) as answer,
        ):
            met = _Answer(answer.status_code, answer.headers, b"")
            kept = limit is not None and met.status in {200, 207} and not met.is_page
            most = limit if kept and limit is not None else _WORDS_LIMIT
            if kept and is_list:
                listed = Listed(_MOST_NAMES)
                _take_in(answer.iter_raw(), listed, most)
                return _Answer(met.status, met.headers, b"", tuple(listed.names()))
            length = met.headers.get("content-length", "")
            if kept and length.isdigit() and int(length) > most:
                raise Refused(Reason.TOO_LARGE)
            body = bytearray()
            for piece in answer.iter_raw():
                body += piece
                if len(body) > most:
                    if kept:
                        raise Refused(Reason.TOO_LARGE)
                    break  # the connection closes; nobody reads a page that long
                if self._clock() - started > self._patience.whole:
                    raise Later(Reason.SLOW)
            return _Answer(met.status, met.headers, bytes(body) if kept else b"")

    @contextmanager
    def _in_time(self, client: httpx2.Client) -> Iterator[None]:
        """Cut what runs in the block off when it takes longer than a whole request may.

        At the latest one piece later, where the system sleeps in one.
        A relay that sends a byte now and then, or takes one, never runs into the limit of a piece.
        Only closing the connection under it ends that; others on this client begin anew.
        """
        is_late = threading.Event()

        def cut_off() -> None:
            is_late.set()
            with self._lock:
                if self._client is client:
                    self._client = None
            client.close()

        timer = threading.Timer(self._patience.whole, cut_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if is_late.is_set():
                raise Later(Reason.SLOW) from error
            raise
        finally:
            timer.cancel()

    def _connected(self) -> httpx2.Client:
        with self._lock:
            if self._client is None:
                self._client = self._new_client()
            return self._client

    def _new_client(self) -> httpx2.Client:
        from http.cookiejar import DefaultCookiePolicy

        import httpx2

        patience = self._patience
        through = self._proxy.proxy_for(self._base) if self._proxy is not None else None
        # No trust_env: it would also read logins from .netrc and proxies that the finder left out.
        client = httpx2.Client(
            auth=self._login,
            headers={"Accept-Encoding": "identity", "User-Agent": "doorgaande-lijn"},
            verify=self._trusted(),
            trust_env=False,
            proxy=through,
            timeout=httpx2.Timeout(patience.piece, connect=patience.connect),
            limits=httpx2.Limits(max_connections=8, keepalive_expiry=4.0),
            follow_redirects=False,
        )
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
        return client

    def _trusted(self) -> ssl.SSLContext:
        """Return whom to trust, read once: a connection that is made anew costs no disk."""
        import ssl

        from intake_app.sync import trust

        if self._tls is None:
            secure = self._base.startswith("https:")
            # Without TLS nobody is asked for a certificate, so nobody needs to be trusted.
            self._tls = (
                trust.context(self._certificate)
                if secure
                else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            )
        return self._tls


def checked_address(address: str) -> str:
    """Return the address with one slash at its end; `Paused` (ADDRESS) for what can never be one.

    https only, except to this machine; no login, question mark or fragment in it.
    """
    text = address.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        fine = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(host))
        fine = fine and parts.port != 0
    except ValueError:
        fine, host = False, ""
    clean = fine and text.isascii() and not any(c in text for c in " \t\r\n?#@\\")
    if not (clean and host):
        raise Paused(Reason.ADDRESS)
    return text.rstrip("/") + "/"


def _in_spite_of_breaks(send: Callable[[], _Answer]) -> _Answer:
    import httpx2

    broken = (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError, httpx2.CloseError)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return send()
        except SyncError:
            raise
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            meaning = of_failure(error)
            if (
                attempt == _ATTEMPTS
                or not isinstance(error, broken)
                or not isinstance(meaning, Later)
            ):
                raise meaning from None
    raise AssertionError("unreachable")


def _take_in(pieces: Iterator[bytes], listed: Listed, most: int) -> None:
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > most or not listed.feed(piece):
            listed.cut()
            return  # the connection closes


class Listed:
    """The files of a multi-status (RFC 4918), taken in piece by piece: no tree is ever made.

    DTDs and entities are never expanded. Only the last part of a path is kept, and of no folder.
    """

    def __init__(self, most: int) -> None:
        """Take in at most so many files."""
        from defusedxml.ElementTree import DefusedXMLParser

        self._target = _Responses()
        self._parser = DefusedXMLParser(target=self._target, forbid_dtd=True)
        self._most = most
        self._is_cut = False

    def feed(self, piece: bytes) -> bool:
        """Take in a piece; False when there are enough. Raises Refused for what is no list."""
        with _as_refused():
            self._parser.feed(piece)
        return len(self._target.found) < self._most

    def cut(self) -> None:
        """Take what came for the whole list."""
        self._is_cut = True

    def names(self) -> list[str]:
        """Return the last part of the path of every file. Raises Refused for what is no list."""
        if not self._is_cut:
            with _as_refused():
                self._parser.close()
        if not self._target.is_list:
            raise Refused(Reason.REFUSED)
        return self._target.found[: self._most]


@contextmanager
def _as_refused() -> Iterator[None]:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException

    try:
        yield
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Refused(Reason.REFUSED) from error


class _Responses:
    """What the parser tells its target; see `xml.etree.ElementTree.XMLParser`."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.is_list = False
        self._path: list[str] = []
        self._href: list[str] | None = None
        self._length = 0
        self._is_folder = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self._path) >= _DEEPEST:
            raise ValueError("too deep")
        if not self._path:
            self.is_list = tag == "{DAV:}multistatus"
        self._path.append(tag)
        if tag == "{DAV:}response":
            self._href, self._length, self._is_folder = None, 0, False
        elif tag == "{DAV:}href" and self._path[-2:-1] == ["{DAV:}response"]:
            self._href = []
        elif tag == "{DAV:}collection" and self._path[-2:-1] == ["{DAV:}resourcetype"]:
            self._is_folder = True

    def data(self, text: str) -> None:
        """Text comes in, in pieces."""
        if self._href is not None and self._path[-1] == "{DAV:}href":
            self._length += len(text)
            if self._length <= _LONGEST_PATH:
                self._href.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._path.pop()
        if tag != "{DAV:}response" or self._href is None or self._is_folder:
            return
        if self._length <= _LONGEST_PATH:
            with suppress(ValueError):
                path = urlsplit("".join(self._href).strip()).path
                self.found.append(unquote(path).rpartition("/")[2])

    def close(self) -> None:
        """Nothing is made of it."""
