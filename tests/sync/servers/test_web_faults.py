"""Each thing that goes wrong on the way comes out as the right class, with the right reason."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest
from support.canned import Canned, canned
from support.chaos import Chaos, Faults, Portal
from support.relays import Served, free_port
from support.web import BOX, IMPATIENT, PART, THERE, ZID, every_work, meanings

from intake_app.sync import connecting, names
from intake_app.sync.driver import Put
from intake_app.sync.errors import Later, Paused, Reason, Refused, SyncError
from intake_app.sync.proxies import Direct
from intake_app.sync.webdav import Patience, WebDav


class Through:
    """A finder that always names the same proxy."""

    def __init__(self, port: int) -> None:
        self._port = port

    def proxy_for(self, address: str) -> str | None:
        return f"http://127.0.0.1:{self._port}"


def test_success_with_a_page_is_a_guest_network(server: Canned, relay: WebDav) -> None:
    server.say(200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>Welkom</html>")
    assert meanings(relay) == {(Paused, Reason.PORTAL)}


def test_200_to_an_upload_counts_only_when_it_is_there(server: Canned, relay: WebDav) -> None:
    server.say(200, {"Content-Type": "application/octet-stream"}, b"x" * 10)
    assert relay.put(PART, b"x" * 10, once=False) is Put.NEW
    with pytest.raises(Paused) as told:
        relay.put(PART, b"x" * 11, once=False)
    assert told.value.reason is Reason.PORTAL


def test_a_redirect_never_gets_the_password(server: Canned) -> None:
    with canned() as elsewhere:
        server.say(307, {"Location": f"http://127.0.0.1:{elsewhere.port}/"})
        relay = WebDav(f"http://127.0.0.1:{server.port}", user="u", password="geheim")
        meanings(relay)
        assert server.asked[0][2]["Authorization"].startswith("Basic ")
        assert elsewhere.asked == []


def test_cookies_of_a_guest_network_are_not_kept(server: Canned, relay: WebDav) -> None:
    server.say(404, {"Set-Cookie": "volg=mij"})
    assert relay.size(PART) is None
    assert relay.size(PART) is None
    assert "Cookie" not in server.asked[-1][2]


def test_a_file_is_never_unpacked(server: Canned, relay: WebDav) -> None:
    server.say(200, {"Content-Encoding": "gzip", "Content-Type": "x/y"}, b"geen gzip")
    assert relay.get(PART, limit=99) == b"geen gzip"
    assert server.asked[-1][2]["Accept-Encoding"] == "identity"


def test_a_long_answer_is_not_read_to_its_end(server: Canned, relay: WebDav) -> None:
    server.say(200, {"Content-Type": "x/y"}, b"x" * 200_000)
    with pytest.raises(Refused) as told:
        relay.get(PART, limit=1000)
    assert told.value.reason is Reason.TOO_LARGE
    server.say(500, {}, b"x" * 5_000_000)
    with pytest.raises(Later):
        relay.get(PART, limit=1000)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"geen xml",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><multistatus xmlns="DAV:"/>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><multistatus xmlns="DAV:"/>',
    ],
)
def test_a_list_that_is_none_is_refused(server: Canned, relay: WebDav, body: bytes) -> None:
    server.say(207, {"Content-Type": "application/xml"}, body)
    with pytest.raises(Refused):
        relay.names(names.inbox(BOX))


def test_only_names_of_the_protocol_come_out_of_a_list(server: Canned, relay: WebDav) -> None:
    hrefs = [
        f"/ergens/anders/{ZID}.ok",
        f"http://[/{ZID}.x",
        f"/x/{ZID}.x?a=b",
        f"/x/..%2f..%2f{ZID}.t",
        f"/x/%{ZID}.0001",
        "/x/",
        "/x/naam.pdf",
    ]
    entries = "".join(f"<D:response><D:href>{h}</D:href></D:response>" for h in hrefs)
    folder = (
        f"<D:response><D:href>/x/{ZID}.0000</D:href><D:propstat><D:prop><D:resourcetype>"
        "<D:collection/></D:resourcetype></D:prop></D:propstat></D:response>"
    )
    body = f'<D:multistatus xmlns:D="DAV:">{entries}{folder}</D:multistatus>'
    server.say(207, {"Content-Type": "application/xml"}, body.encode())
    assert set(relay.names(names.inbox(BOX))) == {
        names.commit(BOX, ZID),
        names.withdrawal(BOX, ZID),
        names.probe(BOX, ZID),
    }


def over(link: Chaos, served: Served, *, patience: Patience = IMPATIENT) -> WebDav:
    place = served.through(served.owner(BOX), link.port)
    return WebDav(
        place.address,
        user=place.user,
        password=place.password,
        certificate=place.certificate,
        proxy=Direct(),
        patience=patience,
    )


@pytest.mark.parametrize(
    ("faults", "kind", "reason"),
    [
        (Faults(portal=Portal.REDIRECT), Paused, Reason.PORTAL),
        (Faults(portal=Portal.PAGE), Paused, Reason.PORTAL),
        (Faults(refuse=True), Later, Reason.NO_CONNECTION),
        (Faults(cut_up=50), Later, Reason.NO_CONNECTION),
        (Faults(cut_down=0), Later, Reason.NO_CONNECTION),
        (Faults(cut_down=100), Later, Reason.NO_CONNECTION),
        (Faults(black_hole=True), Later, Reason.NO_CONNECTION),
    ],
    ids=["redirect", "page", "refuse", "cut greeting", "eaten", "cut certificate", "black hole"],
)
def test_what_a_bad_line_means_over_tls(
    apache: Served, faults: Faults, kind: type[SyncError], reason: Reason
) -> None:
    with Chaos(apache.port, faults=faults) as link:
        assert meanings(over(link, apache)) == {(kind, reason)}


def test_an_upload_or_download_that_is_cut(apache: Served) -> None:
    with Chaos(apache.port) as link:
        relay = over(link, apache)
        relay.put(THERE, b"x" * 100_000, once=False)
        up = (Faults(cut_up=30_000), lambda: relay.put(PART, b"y" * 100_000))
        down = (Faults(cut_down=30_000), lambda: relay.get(THERE, limit=100_000))
        for faults, work in (up, down):
            relay.close()
            link.faults = faults
            with pytest.raises(Later) as told:
                work()
            assert told.value.reason is Reason.NO_CONNECTION
            link.faults = Faults()
            assert relay.size(PART) is None
            assert relay.size(THERE) == 100_000
        relay.close()


@pytest.mark.parametrize("portal", [Portal.REDIRECT, Portal.PAGE])
def test_a_guest_network_without_tls(portal: Portal) -> None:
    with Chaos(1, faults=Faults(portal=portal)) as link:
        relay = WebDav(f"http://127.0.0.1:{link.port}", proxy=Direct())
        assert meanings(relay) == {(Paused, Reason.PORTAL)}


def test_a_line_that_falls_silent_is_slow(apache: Served) -> None:
    with Chaos(apache.port) as link:
        relay = over(link, apache)
        assert relay.size(PART) is None
        link.faults = Faults(black_hole=True)
        with pytest.raises(Later) as told:
            relay.size(PART)
        assert told.value.reason is Reason.SLOW
        link.faults = Faults()
        assert relay.size(PART) is None
        relay.close()


def test_a_download_that_drips_ends(server: Canned) -> None:
    server.say(200, {"Content-Type": "x/y"}, b"x" * 200_000)
    ticks = iter(range(0, 10_000, 10))
    relay = WebDav(
        f"http://127.0.0.1:{server.port}",
        patience=Patience(whole=15),
        clock=lambda: float(next(ticks)),
    )
    with pytest.raises(Later) as told:
        relay.get(PART, limit=300_000)
    assert told.value.reason is Reason.SLOW
    relay.close()


@contextmanager
def dripping(*, says: bool) -> Iterator[int]:
    """Run a server that sends one byte of a header now and then, or takes a body bit by bit."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while not done.is_set():
                    link, _ = listening.accept()
                    with link, suppress(OSError):
                        if says:
                            link.recv(4096)
                            link.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
                        while not done.wait(0.05):
                            if says:
                                link.sendall(b"a")
                            else:
                                link.recv(1 << 18)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            done.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", listening.getsockname()[1]), 1).close()
            thread.join()


@pytest.mark.parametrize("says", [True, False], ids=["headers", "upload"])
def test_a_relay_that_drips_does_not_hold_a_request_for_ever(says: bool) -> None:
    patience = Patience(connect=1.0, piece=2.0, whole=0.8)
    with dripping(says=says) as port:
        relay = WebDav(f"http://127.0.0.1:{port}", proxy=Direct(), patience=patience)
        started = time.monotonic()
        work = (
            partial(relay.get, PART, limit=100)
            if says
            else partial(relay.put, PART, bytes(64 << 20))
        )
        with pytest.raises(Later) as told:
            work()
        assert told.value.reason is Reason.SLOW
        assert time.monotonic() - started < 4
        relay.close()


def test_after_one_that_was_cut_off_the_driver_goes_on(server: Canned) -> None:
    server.say(200, {"Content-Type": "x/y"}, b"alles")
    relay = WebDav(f"http://127.0.0.1:{server.port}", patience=Patience(whole=0.0))
    with suppress(SyncError):
        relay.get(PART, limit=100)
    relay._patience = Patience()
    assert relay.get(PART, limit=100) == b"alles"
    relay.close()


@pytest.mark.parametrize(
    "entry",
    [
        b"<D:response><D:href>/x/%s</D:href></D:response>" % f"{ZID}.ok".encode(),
        b"<D:response><D:href/></D:response>",
        b"<D:x>" + b"y" * 500 + b"</D:x>",
    ],
    ids=["names", "nothing", "words"],
)
def test_a_list_without_end_costs_no_memory(server: Canned, relay: WebDav, entry: bytes) -> None:
    head = b'<D:multistatus xmlns:D="DAV:">'
    first = b"<D:response><D:href>/x/%s</D:href></D:response>" % f"{ZID}.x".encode()
    body = head + first + entry * ((20 << 20) // len(entry))
    server.say(207, {"Content-Type": "application/xml"}, body)
    relay.names(names.inbox(BOX))
    tracemalloc.start()
    try:
        found = relay.names(names.inbox(BOX))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert names.withdrawal(BOX, ZID) in found, "what came before the limit counts"
    assert len(found) <= 50_000
    assert peak < 24 << 20


def test_a_list_that_broke_off_is_asked_for_anew_and_not_taken_twice(
    server: Canned, relay: WebDav
) -> None:
    one = f"<D:response><D:href>/x/{ZID}.ok</D:href></D:response>"
    body = f'<D:multistatus xmlns:D="DAV:">{one}</D:multistatus>'.encode()
    server.say(207, {"Content-Type": "application/xml", "Content-Length": "9999"}, body)
    with pytest.raises(SyncError):
        WebDav(f"http://127.0.0.1:{server.port}", patience=IMPATIENT).names(names.inbox(BOX))
    server.say(207, {"Content-Type": "application/xml"}, body)
    assert relay.names(names.inbox(BOX)) == (names.commit(BOX, ZID),)


def test_what_lies_too_deep_is_no_list(server: Canned, relay: WebDav) -> None:
    body = b'<D:multistatus xmlns:D="DAV:">' + b"<D:a>" * 100_000
    server.say(207, {"Content-Type": "application/xml"}, body)
    with pytest.raises(Refused):
        relay.names(names.inbox(BOX))


def test_a_line_that_mends_goes_on_with_the_same_driver(apache: Served) -> None:
    with Chaos(apache.port, faults=Faults(refuse=True)) as link:
        relay = over(link, apache, patience=Patience())
        with pytest.raises(Later):
            relay.put(PART, b"x")
        link.faults = Faults()
        assert relay.put(PART, b"x") is Put.NEW
        link.cut_all()
        assert relay.size(PART) == 1, "an old connection that broke is made anew at once"
        relay.drop(PART)
        relay.close()


def test_a_server_of_a_stranger_is_not_believed(apache: Served) -> None:
    place = apache.owner(BOX)
    relay = WebDav(place.address, user=place.user, password=place.password, proxy=Direct())
    assert meanings(relay) == {(Paused, Reason.CERTIFICATE)}


def test_a_certificate_for_another_name_is_not_believed(apache: Served) -> None:
    place = apache.owner(BOX)
    relay = WebDav(
        place.address.replace("localhost", "127.0.0.1"),
        certificate=place.certificate,
        proxy=Direct(),
    )
    assert meanings(relay) == {(Paused, Reason.CERTIFICATE)}


def test_names_nobody_knows() -> None:
    relay = WebDav("https://bestaat-niet.invalid/", proxy=Direct(), patience=IMPATIENT)
    assert meanings(relay) == {(Later, Reason.NO_CONNECTION)}


def test_a_proxy_that_wants_a_login() -> None:
    with Chaos(1, faults=Faults(portal=Portal.PROXY_LOGIN)) as link:
        for address in ("https://postbus.example/", "http://localhost:9/"):
            relay = WebDav(address, proxy=Through(link.port))
            assert meanings(relay) == {(Paused, Reason.PROXY_LOGIN)}


def test_a_proxy_that_is_gone() -> None:
    relay = WebDav("https://postbus.example/", proxy=Through(free_port()))
    assert meanings(relay) == {(Later, Reason.NO_CONNECTION)}


def test_by_way_of_a_proxy(apache: Served) -> None:
    place = apache.owner(BOX)
    with Chaos(apache.port, faults=Faults(proxy=True)) as link:
        relay = connecting.box(place, proxy=Through(link.port))
        assert relay.size(PART) is None
        relay.close()
        assert link.counts.up > 0


def test_an_error_tells_no_address_name_or_password(apache: Served) -> None:
    place = apache.owner(BOX)
    relay = WebDav(place.address, user=place.user, password=place.password, proxy=Direct())
    for work in every_work(relay):
        with pytest.raises(SyncError) as told:
            work()
        shown: BaseException | None = told.value
        while shown is not None:
            for secret in ("localhost", str(apache.port), place.password, ZID, BOX):
                assert secret not in str(shown)
                assert secret not in repr(shown)
            shown = None if shown.__suppress_context__ else shown.__context__
    assert place.password not in repr(place)
    relay.close()
