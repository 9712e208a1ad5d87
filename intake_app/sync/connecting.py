"""From a place in the settings to a driver. Nothing here touches the network or imports a client.

relay(place)    the sender's side: put, size, get by exact name
box(place)      the receiver's side of its own box: names and drop as well
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from intake_app.sync.driver import Box, Relay

if TYPE_CHECKING:
    from intake_app.sync.proxies import ProxyFinder

Kind = Literal["folder", "webdav", "s3"]


@dataclass(frozen=True, slots=True)
class RelayPlace:
    """Where a relay is and how to get in; kept inside the vault.

    address      folder: its path · webdav: `https://host/base`, the tree `v1/…` hangs below it ·
                 s3: `https://endpoint/bucket`, in which `{box}` becomes the name of the box
    user         account; for s3 the access key
    password     for s3 the secret key
    certificate  PEM text, or the path of a PEM file: a client certificate with its private key,
                 authorities to trust besides those of the system, or both; not for folders
    """

    kind: Kind
    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)


def relay(place: RelayPlace, *, proxy: ProxyFinder | None = None) -> Relay:
    """Return the driver of a place, for a sender.

    Without `proxy` the standard library says which proxy leads there. Raises `Paused` when the
    address or certificate can never work, or when the extra that reaches it is not installed.
    """
    return box(place, proxy=proxy)


def box(place: RelayPlace, *, proxy: ProxyFinder | None = None) -> Box:
    """Return the driver of a place, for the receiver of a box; otherwise as `relay`."""
    if place.kind == "folder":
        from intake_app.sync.folder import Folder

        return Folder(place.address)
    from intake_app.sync.proxies import PlainProxies

    finder = proxy if proxy is not None else PlainProxies()
    if place.kind == "webdav":
        from intake_app.sync.webdav import WebDav

        return WebDav(
            place.address,
            user=place.user,
            password=place.password,
            certificate=place.certificate,
            proxy=finder,
        )
    from intake_app.sync.s3 import S3

    return S3(
        place.address,
        access_key=place.user,
        secret_key=place.password,
        certificate=place.certificate,
        proxy=finder,
    )
