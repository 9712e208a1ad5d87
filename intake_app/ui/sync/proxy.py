"""The proxy that the desktop itself uses, automatic configuration included, as Qt knows it."""

from __future__ import annotations

from urllib.parse import quote

from intake_app.sync.proxies import PlainProxies, is_this_machine


class SystemProxies:
    """A `sync.proxies.ProxyFinder` by Qt; safe to ask from a background thread.

    Asking may take seconds where a script decides, so never ask from the window's own thread.
    Where Qt's networking is left out (a lean frozen program), the standard library answers.
    """

    def proxy_for(self, address: str) -> str | None:
        """See `ProxyFinder.proxy_for`; of several proxies the first that we can speak to."""
        from PySide6.QtCore import QUrl

        url = QUrl(address)
        if is_this_machine(url.host()):
            return None
        try:
            from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery
        except ImportError:
            return PlainProxies().proxy_for(address)
        web = (QNetworkProxy.ProxyType.HttpProxy, QNetworkProxy.ProxyType.HttpCachingProxy)
        for found in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(url)):
            if found.type() == QNetworkProxy.ProxyType.NoProxy:
                return None
            if found.type() in web and found.hostName():
                login = ""
                if found.user():
                    login = f"{quote(found.user(), safe='')}:{quote(found.password(), safe='')}@"
                return f"http://{login}{found.hostName()}:{found.port() or 8080}"
        return None
