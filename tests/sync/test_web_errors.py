"""What statuses, failures, addresses and proxies mean to the driver, without any server."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys

import pytest
from support.canned import Canned
from support.web import BOX, PART, meanings

from intake_app.sync import connecting, names
from intake_app.sync.errors import SENTENCES, Later, Paused, Reason, Refused, SyncError
from intake_app.sync.proxies import Direct, PlainProxies, is_this_machine, usable
from intake_app.sync.web_errors import LONGEST_WAIT, asked_wait, of_failure, of_status
from intake_app.sync.webdav import WebDav


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (301, Paused, Reason.PORTAL),
        (302, Paused, Reason.PORTAL),
        (307, Paused, Reason.PORTAL),
        (511, Paused, Reason.PORTAL),
        (401, Paused, Reason.NOT_ALLOWED),
        (403, Paused, Reason.NOT_ALLOWED),
        (407, Paused, Reason.PROXY_LOGIN),
        (413, Paused, Reason.TOO_LARGE),
        (507, Paused, Reason.FULL),
        (405, Paused, Reason.ADDRESS),
        (501, Paused, Reason.ADDRESS),
        (408, Later, Reason.SLOW),
        (504, Later, Reason.SLOW),
        (423, Later, Reason.BUSY),
        (425, Later, Reason.BUSY),
        (429, Later, Reason.BUSY),
        (503, Later, Reason.BUSY),
        (500, Later, Reason.SERVER),
        (502, Later, Reason.SERVER),
        (599, Later, Reason.SERVER),
        (400, Refused, Reason.REFUSED),
        (418, Refused, Reason.REFUSED),
    ],
)
def test_what_a_status_means(
    server: Canned, relay: WebDav, status: int, kind: type[SyncError], reason: Reason
) -> None:
    server.say(status, {"Location": "http://inloggen.voorbeeld/"}, b"<html>een pagina</html>")
    assert meanings(relay) == {(kind, reason)}
    assert {path for _, path, _, _ in server.asked} == {
        f"/basis/{PART}",
        f"/basis/{names.inbox(BOX)}",
    }


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": " 7 "}, 7.0),
        ({"Retry-After": "999999999999"}, LONGEST_WAIT),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "straks"}, None),
        ({"Retry-After": "²"}, None),
        ({}, None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT"}, None),
        (
            {
                "Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT",
                "Date": "Wed, 21 Oct 2015 07:28:00 GMT",
            },
            30.0,
        ),
        (
            {
                "Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT",
                "Date": "Wed, 21 Oct 2015 09:28:00 GMT",
            },
            0.0,
        ),
    ],
)
def test_how_long_a_server_asks_to_wait(
    server: Canned, relay: WebDav, headers: dict[str, str], wait: float | None
) -> None:
    server.say(429, headers)
    with pytest.raises(Later) as told:
        relay.size(PART)
    assert told.value.retry_after == wait
    assert asked_wait({name.lower(): value for name, value in headers.items()}) == wait


def failing_tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (failing_tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"), Paused, Reason.NOT_ALLOWED),
        (failing_tls("TLSV1_ALERT_UNKNOWN_CA"), Paused, Reason.NOT_ALLOWED),
        (failing_tls("RECORD_LAYER_FAILURE"), Paused, Reason.PORTAL),
        (failing_tls("HTTP_REQUEST"), Paused, Reason.PORTAL),
        (failing_tls("UNEXPECTED_EOF_WHILE_READING"), Later, Reason.NO_CONNECTION),
        (ssl.SSLEOFError(8, "x"), Later, Reason.NO_CONNECTION),
        (ssl.SSLCertVerificationError("x"), Paused, Reason.CERTIFICATE),
        (ConnectionResetError(104, "x"), Later, Reason.NO_CONNECTION),
        (TimeoutError(), Later, Reason.SLOW),
        (socket.gaierror(-2, "x"), Later, Reason.NO_CONNECTION),
        (OSError(5, "x"), Later, Reason.NO_CONNECTION),
    ],
)
def test_what_a_failure_below_means(
    error: Exception, kind: type[SyncError], reason: Reason
) -> None:
    meant = of_failure(error)
    assert (type(meant), meant.reason) == (kind, reason)


def test_every_status_has_a_meaning() -> None:
    for status in range(100, 1000):
        meant = of_status(status, {})
        assert isinstance(meant, SyncError)
        assert meant.reason in SENTENCES


@pytest.mark.parametrize(
    "address",
    [
        "",
        "postbus",
        "http://postbus.example/",
        "ftp://postbus.example/",
        "https://",
        "https://:443/",
        "https://u:p@postbus.example/",
        "https://postbus.example/?x=1",
        "https://postbus.example/#x",
        "https://postbus.example/a b",
        "https://postbus.example:99999/",
        "https://[::1/",
        "https://postbus.example\\@elders/",
    ],
)
def test_an_address_that_can_never_be_right(address: str) -> None:
    with pytest.raises(Paused) as told:
        connecting.relay(connecting.RelayPlace("webdav", address))
    assert told.value.reason is Reason.ADDRESS


@pytest.mark.parametrize("certificate", ["/bestaat/niet.pem", "-----BEGIN CERTIFICATE-----\nx\n"])
def test_a_certificate_that_cannot_be_read(certificate: str) -> None:
    relay = WebDav("https://postbus.example/", certificate=certificate, proxy=Direct())
    assert meanings(relay) == {(Paused, Reason.ADDRESS)}


def test_the_plain_finder_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    finder = PlainProxies()
    assert finder.proxy_for("https://postbus.example/") is None
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "dichtbij.example")
    assert finder.proxy_for("https://postbus.example/") == "http://proxy.example:3128"
    assert finder.proxy_for("https://dichtbij.example/") is None
    assert finder.proxy_for("https://127.0.0.1:8443/") is None
    monkeypatch.setenv("https_proxy", "socks5://proxy.example:1080")
    assert finder.proxy_for("https://postbus.example/") is None


def test_which_proxies_can_be_used() -> None:
    assert usable("http://a:1") == "http://a:1"
    assert usable("a:1") == "http://a:1"
    assert usable("") is usable("socks5://a:1") is usable("http://") is usable("http://a:x") is None
    assert is_this_machine("localhost")
    assert is_this_machine("::1")
    assert not is_this_machine("localhost.example")
    assert not is_this_machine("10.0.0.1")


def test_starting_the_program_imports_no_web_client() -> None:
    code = (
        "import sys, intake_app.sync.connecting as c, intake_app.sync.webdav, intake_app.sync.s3\n"
        "c.box(c.RelayPlace('webdav', 'https://postbus.example/'))\n"
        "found = {'httpx2', 'httpcore2', 'obstore', 'ssl_', 'defusedxml'} & set(sys.modules)\n"
        "sys.exit(str(found) if found else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
