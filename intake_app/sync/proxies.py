"""Which proxy leads to a relay.

The windows ask Qt (`intake_app.ui.sync.proxy`), which knows the settings of the desktop and its
automatic configuration; a server or scheduled task asks what `urllib` knows: the environment on
Linux, the registry on Windows, the system configuration on macOS.
"""

from __future__ import annotations

import ipaddress
import urllib.request
from typing import Protocol
from urllib.parse import urlsplit

_USABLE = frozenset({"http", "https"})


class ProxyFinder(Protocol):
    """Says which proxy leads to an address."""

    def proxy_for(self, address: str) -> str | None:
        """Return `http://host:port` of the proxy for this URL, or None to connect directly.

        Never raises: who cannot tell says None. A login in the URL is used for the proxy.
        """
        ...


class Direct:
    """No proxy, whatever the system says."""

    def proxy_for(self, address: str) -> str | None:  # noqa: ARG002
        """Return None."""
        return None


class PlainProxies:
    """What the standard library finds: no automatic configuration scripts, no Qt."""

    def proxy_for(self, address: str) -> str | None:
        """Return the proxy of the environment or registry for this URL's scheme and host."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        if not host or is_this_machine(host) or urllib.request.proxy_bypass(host):
            return None
        found = urllib.request.getproxies()
        return usable(found.get(parts.scheme) or found.get("all") or "")


def is_this_machine(host: str) -> bool:
    """Return whether the host is this machine itself, which no proxy ever leads to."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def usable(proxy: str) -> str | None:
    """Return the proxy's URL with a scheme, or None when it is of a kind we cannot speak to."""
    proxy = proxy.strip()
    if not proxy:
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    try:
        parts = urlsplit(proxy)
        known = parts.scheme.lower() in _USABLE and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return proxy if known else None
