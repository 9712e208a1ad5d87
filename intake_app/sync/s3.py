"""A relay on an S3 engine, by the optional extra `s3` (obstore).

One bucket for everything, or one for each organisation: `{box}` in the address becomes the name of
the box. A file is created only once by the conditional PUT of S3; versioned buckets and buckets
with an object lock ignore that condition, so a relay must have neither (see packaging/relay).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from intake_app.sync import names as naming
from intake_app.sync.driver import Put
from intake_app.sync.errors import Later, Paused, Reason, Refused, SyncError
from intake_app.sync.proxies import ProxyFinder
from intake_app.sync.web_errors import of_status
from intake_app.sync.webdav import checked_address

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import ClientConfig, S3Store

_Result = TypeVar("_Result")

_CONNECT: Final = timedelta(seconds=15)
_PIECE: Final = timedelta(seconds=30)
_WHOLE: Final = timedelta(minutes=15)
_PREFIX: Final = re.compile(r"(v1/(?:in|uit)/([a-z0-9]{4,64}))/[a-z0-9.]{0,40}\Z")
_STATUS: Final = re.compile(r"\b(?:status(?: code)?:?|error with status)\s+([1-5]\d\d)\b")
_REGION: Final = re.compile(r"s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.")
_BOX_MARK: Final = "{box}"


class S3:
    """A relay on S3; the whole of `driver.Box`. Safe to use from several threads."""

    def __init__(
        self,
        address: str,
        *,
        access_key: str,
        secret_key: str,
        certificate: str = "",
        proxy: ProxyFinder | None = None,
    ) -> None:
        """Prepare for `address`, `https://endpoint/bucket`; nothing is sent yet.

        Raises `Paused`: EXTRA_MISSING without obstore, ADDRESS for what can never be right.
        """
        try:
            import obstore.store  # noqa: F401
        except ImportError as error:
            raise Paused(Reason.EXTRA_MISSING) from error
        from intake_app.sync import trust

        endpoint, _, bucket = checked_address(address).rstrip("/").rpartition("/")
        if not urlsplit(endpoint).hostname or not re.fullmatch(
            r"[a-z0-9.-]{3,63}", bucket.replace(_BOX_MARK, "box0")
        ):
            raise Paused(Reason.ADDRESS)
        self._endpoint = endpoint
        self._bucket = bucket
        self._keys = (access_key, secret_key)
        self._authorities = trust.authorities(certificate)
        self._proxy = proxy
        self._stores: dict[str, S3Store] = {}
        self._lock = threading.Lock()

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        """See `driver.Relay.put`. Raises Refused (BOX_UNKNOWN) where there is no such bucket."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, NotFoundError

        store = self._store(name)

        def send() -> Put:
            try:
                obstore.put(
                    store,
                    name,
                    data,
                    mode="create" if once else "overwrite",
                    use_multipart=False,
                )
            except AlreadyExistsError:
                return Put.PRESENT
            except (NotFoundError, FileNotFoundError) as error:
                raise Refused(Reason.BOX_UNKNOWN) from error
            return Put.NEW

        return _classified(send)

    def size(self, name: str) -> int | None:
        """See `driver.Relay.size`.

        S3 says "not allowed" for what is not there to whoever may not list, as a sender may not.
        """
        import obstore
        from obstore.exceptions import NotFoundError, PermissionDeniedError

        store = self._store(name)

        def ask() -> int | None:
            try:
                return int(obstore.head(store, name)["size"])
            except (NotFoundError, FileNotFoundError):
                return None
            except PermissionDeniedError:
                # The answer to HEAD has no words; those to GET tell this from a wrong key.
                found = _fetched(store, name)
                return None if found is None else int(found.meta["size"])

        return _classified(ask)

    def get(self, name: str, *, limit: int) -> bytes | None:
        """See `driver.Relay.get`; what `size` says of names that are not there holds here too."""
        store = self._store(name)

        def fetch() -> bytes | None:
            found = _fetched(store, name)
            if found is None:
                return None
            if found.meta["size"] > limit:
                raise Refused(Reason.TOO_LARGE)
            return bytes(found.bytes())

        return _classified(fetch)

    def names(self, prefix: str) -> tuple[str, ...]:
        """See `driver.Box.names`. Raises Refused (BOX_UNKNOWN) where there is no such bucket."""
        import obstore
        from obstore.exceptions import NotFoundError

        found = _PREFIX.match(prefix)
        if found is None:
            raise ValueError("not the beginning of a name on a relay")
        store = self._store_of(found[2])

        def ask() -> tuple[str, ...]:
            try:
                listed = [one["path"] for page in obstore.list(store, found[1]) for one in page]
            except (NotFoundError, FileNotFoundError) as error:
                raise Refused(Reason.BOX_UNKNOWN) from error
            return tuple(n for n in listed if n.startswith(prefix) and naming.parse(n) is not None)

        return _classified(ask)

    def drop(self, name: str) -> None:
        """See `driver.Box.drop`."""
        import obstore
        from obstore.exceptions import NotFoundError

        store = self._store(name)

        def remove() -> None:
            try:
                obstore.delete(store, name)
            except (NotFoundError, FileNotFoundError):
                return

        _classified(remove)

    def close(self) -> None:
        """See `driver.Relay.close`; a later call connects anew."""
        with self._lock:
            self._stores.clear()

    def _store(self, name: str) -> S3Store:
        return self._store_of(naming.check(name).split("/")[2])

    def _store_of(self, box: str) -> S3Store:
        bucket = self._bucket.replace(_BOX_MARK, box)
        with self._lock:
            if bucket not in self._stores:
                self._stores[bucket] = self._new_store(bucket)
            return self._stores[bucket]

    def _new_store(self, bucket: str) -> S3Store:
        from obstore.store import S3Store

        options: ClientConfig = {
            "connect_timeout": _CONNECT,
            "read_timeout": _PIECE,
            "timeout": _WHOLE,
            "allow_http": self._endpoint.startswith("http://"),
            "user_agent": "doorgaande-lijn",
        }
        if self._authorities:
            options["root_certificate"] = self._authorities
        through = self._proxy.proxy_for(self._endpoint) if self._proxy is not None else None
        if through is not None:
            options["proxy_url"] = through
        region = _REGION.search(self._endpoint)
        return S3Store(
            bucket,
            endpoint=self._endpoint,
            region=region[1] if region else "us-east-1",
            access_key_id=self._keys[0],
            secret_access_key=self._keys[1],
            disable_bulk_delete=True,  # asks for rights on the whole bucket on some engines
            client_options=options,
            retry_config={"max_retries": 1, "retry_timeout": _WHOLE},
        )


def _fetched(store: S3Store, name: str) -> GetResult | None:
    """Start to fetch a file; None when it is not there, or nobody will tell us that it is."""
    import obstore
    from obstore.exceptions import NotFoundError, PermissionDeniedError

    try:
        return obstore.get(store, name)
    except (NotFoundError, FileNotFoundError):
        return None
    except PermissionDeniedError as error:
        if "<Code>AccessDenied</Code>" in str(error):
            return None
        raise


def _classified(work: Callable[[], _Result]) -> _Result:
    """Do `work` with every error of obstore turned into one of ours, without its text."""
    from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

    try:
        return work()
    except SyncError:
        raise
    except (PermissionDeniedError, UnauthenticatedError):
        raise Paused(Reason.NOT_ALLOWED) from None
    except (BaseError, OSError) as error:
        raise of_engine(str(error)) from None


def of_engine(said: str) -> SyncError:
    """Return what a text of obstore means: it has no classes for what goes wrong on the way."""
    found = _STATUS.search(said)
    if found is not None:
        return of_status(int(found[1]), {})
    if "certificate" in said.lower():
        return Paused(Reason.CERTIFICATE)
    if "InvalidContentType" in said or "corrupt message" in said:
        return Paused(Reason.PORTAL)
    if "ProxyAuthRequired" in said or "proxy authorization required" in said.lower():
        return Paused(Reason.PROXY_LOGIN)
    if "TimedOut" in said or "timed out" in said:
        return Later(Reason.SLOW)
    return Later(Reason.NO_CONNECTION)
