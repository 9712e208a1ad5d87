"""A relay that is a folder: a stick, a share, a folder that something else keeps in step."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.sync import names
from intake_app.sync.driver import Put
from intake_app.sync.errors import Later, Paused, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


class Folder:
    """A tree of files below one folder; the folder itself has to be there."""

    def __init__(self, address: str) -> None:
        """Work below the folder at `address`."""
        self._root = Path(address)

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        """See `driver.Relay`."""
        target = self._path(name)
        with self._talking():
            if once and target.exists():
                return Put.PRESENT
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.deel")
            try:
                with temporary.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(target)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        return Put.NEW

    def size(self, name: str) -> int | None:
        """See `driver.Relay`."""
        with self._talking():
            try:
                return self._path(name).stat().st_size
            except FileNotFoundError:
                return None

    def get(self, name: str, *, limit: int) -> bytes | None:
        """See `driver.Relay`."""
        with self._talking():
            try:
                with self._path(name).open("rb") as file:
                    data = file.read(limit + 1)
            except FileNotFoundError:
                return None
        if len(data) > limit:
            raise Refused
        return data

    def names(self, prefix: str) -> tuple[str, ...]:
        """See `driver.Box`."""
        folder, _, start = prefix.rpartition("/")
        with self._talking():
            try:
                found = [each.name for each in (self._root / folder).iterdir()]
            except FileNotFoundError:
                return ()
        return tuple(f"{folder}/{each}" for each in found if each.startswith(start))

    def drop(self, name: str) -> None:
        """See `driver.Box`."""
        with self._talking():
            self._path(name).unlink(missing_ok=True)

    def close(self) -> None:
        """Do nothing: nothing is held open."""

    def _path(self, name: str) -> Path:
        return self._root / names.check(name)

    @contextmanager
    def _talking(self) -> Iterator[None]:
        if not self._root.is_dir():
            raise Paused(Reason.FOLDER_GONE)
        try:
            yield
        except PermissionError:
            raise Paused(Reason.NOT_ALLOWED) from None
        except OSError as error:
            if error.errno in _FULL:
                raise Paused(Reason.FULL) from error
            if not self._root.is_dir():
                raise Paused(Reason.FOLDER_GONE) from error
            raise Later(Reason.SERVER) from error
