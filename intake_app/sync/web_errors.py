"""What an answer, or the lack of one, means: HTTP, TLS, proxies and guest networks.

of_status(status, headers)   for an answer that is no success (RFC 9110, 4918, 6585)
of_failure(error)            for an exception of the client or the system below it

Nothing of the address or the answer itself gets into the error that comes out.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from intake_app.sync.errors import Later, Paused, Reason, Refused, SyncError

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_WAIT: Final = 86_400.0
"""Seconds. A relay that asks for more is taken to mean this."""

_NOT_TLS: Final = frozenset(
    {
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "HTTPS_PROXY_REQUEST",
        "UNKNOWN_PROTOCOL",
        "RECORD_LAYER_FAILURE",
        "PACKET_LENGTH_TOO_LONG",
    }
)
_BROKEN_OFF: Final = frozenset(
    {"UNEXPECTED_EOF_WHILE_READING", "DECRYPTION_FAILED_OR_BAD_RECORD_MAC"}
)
_OUR_CERTIFICATE: Final = frozenset(
    {
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV1_ALERT_ACCESS_DENIED",
    }
)


def of_status(status: int, headers: Mapping[str, str]) -> SyncError:
    """Return what a status that is no success means for any request.

    A redirect is a guest network until shown otherwise: a relay never sends anyone elsewhere, and
    following one would give the password to a stranger.
    """
    if 300 <= status < 400 or status == 511:
        return Paused(Reason.PORTAL)
    if status == 407:
        return Paused(Reason.PROXY_LOGIN)
    if status in {401, 403}:
        return Paused(Reason.NOT_ALLOWED)
    if status == 413:
        return Paused(Reason.TOO_LARGE)
    if status == 507:
        return Paused(Reason.FULL)
    if status in {405, 501}:
        return Paused(Reason.ADDRESS)  # a server, but none that keeps files here
    wait = asked_wait(headers)
    if status in {408, 504}:
        return Later(Reason.SLOW, wait)
    if status in {423, 425, 429, 503}:
        return Later(Reason.BUSY, wait)
    if status >= 500:
        return Later(Reason.SERVER, wait)
    return Refused(Reason.REFUSED)


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for, None when it asks nothing sensible.

    A moment is counted from the server's own `Date`: the clock of a laptop may be days off.
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(float(asked[:9]), LONGEST_WAIT)
    until, now = _moment(asked), _moment(headers.get("date", ""))
    if until is None or now is None:
        return None
    return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT)


def of_failure(error: Exception) -> SyncError:
    """Return what an exception of httpx2, TLS or the system means.

    Raises nothing; what it does not know is a connection that failed, to be tried again.
    """
    import httpx2

    if isinstance(error, httpx2.ProxyError):
        return _of_proxy(str(error))
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Paused(Reason.CERTIFICATE)
        if isinstance(cause, ssl.SSLError):
            return _of_tls(cause, shaking_hands=isinstance(error, httpx2.ConnectError))
    if isinstance(error, httpx2.ConnectTimeout):
        return Later(Reason.NO_CONNECTION)
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return Later(Reason.SLOW)
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return Paused(Reason.ADDRESS)
    return Later(Reason.NO_CONNECTION)


def _of_proxy(said: str) -> SyncError:
    """Return what a proxy means that did not lead on; it says so by a status."""
    status = said[:3]
    if status in {"407", "401", "403", "405"}:
        return Paused(Reason.PROXY_LOGIN)
    if status.startswith("3") or status == "511":
        return Paused(Reason.PORTAL)
    return Later(Reason.NO_CONNECTION)


def _of_tls(error: ssl.SSLError, *, shaking_hands: bool) -> SyncError:
    reason = getattr(error, "reason", None) or ""
    if reason in _NOT_TLS:
        return Paused(Reason.PORTAL)
    if reason in _OUR_CERTIFICATE:
        return Paused(Reason.NOT_ALLOWED)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError) or reason in _BROKEN_OFF:
        return Later(Reason.NO_CONNECTION)
    return Paused(Reason.CERTIFICATE) if shaking_hands else Later(Reason.NO_CONNECTION)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
