"""The desktop's own proxy, as Qt tells it."""

from __future__ import annotations

import sys

import pytest

from intake_app.ui.sync.proxy import SystemProxies

RELAY = "https://postbus.example/basis/"


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_none_means_directly() -> None:
    pytest.importorskip("PySide6.QtNetwork")
    assert SystemProxies().proxy_for(RELAY) is None


def test_what_qt_finds_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    network = pytest.importorskip("PySide6.QtNetwork")
    found: list[object] = []
    monkeypatch.setattr(
        network.QNetworkProxyFactory, "systemProxyForQuery", staticmethod(lambda _: found)
    )
    kinds, finder = network.QNetworkProxy.ProxyType, SystemProxies()
    found[:] = [network.QNetworkProxy(kinds.HttpProxy, "proxy.example", 3128)]
    assert finder.proxy_for(RELAY) == "http://proxy.example:3128"
    assert finder.proxy_for("https://127.0.0.1:8443/") is None
    found.insert(0, network.QNetworkProxy(kinds.Socks5Proxy, "socks.example", 1080))
    assert finder.proxy_for(RELAY) == "http://proxy.example:3128"
    found.insert(0, network.QNetworkProxy(kinds.NoProxy))
    assert finder.proxy_for(RELAY) is None
    found[:] = [network.QNetworkProxy(kinds.HttpCachingProxy, "p.example", 80, "a@b", "c:d/e")]
    assert finder.proxy_for(RELAY) == "http://a%40b:c%3Ad%2Fe@p.example:80"


def test_without_qt_networking_the_environment_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtNetwork", None)
    assert SystemProxies().proxy_for(RELAY) is None
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert SystemProxies().proxy_for(RELAY) == "http://proxy.example:3128"
