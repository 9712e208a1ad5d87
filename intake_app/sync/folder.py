"""A relay that is a folder: a stick, a share, a folder that something else keeps in step.

Nothing here trusts what else happens to the folder: others write in it, sync clients leave copies
and halves, sticks are pulled out, and file systems forget which letters were capitals. A file
appears under its name only when it is whole and on the disk; every other name is left alone.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.sync import names as naming
from intake_app.sync.driver import Put
from intake_app.sync.errors import Later, Paused, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NOT_ALLOWED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_GONE: Final = frozenset(
    getattr(errno, name)
    for name in (
        "EIO",
        "ENODEV",
        "ENXIO",
        "ESTALE",
        "ENOTCONN",
        "EHOSTDOWN",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ETIMEDOUT",
        "ECONNRESET",
    )
    if hasattr(errno, name)
)
_IN_USE: Final = frozenset({32, 33})
"""What Windows says while a virus scanner or a sync client has the file open."""
_PREFIX: Final = re.compile(r"(v1/(?:in|uit)/[a-z0-9]{4,64})/([a-z0-9.]{0,40})\Z")
_READ: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class Folder:
    """A tree of files below one folder; the whole of `driver.Box`.

    The folder itself has to be there and is never made, so that nothing lands on the disk below a
    stick that is out; the boxes in it are made when something is put in them.
    """

    def __init__(self, address: str) -> None:
        """Work below the folder at `address`; Paused (ADDRESS) unless that is a whole path."""
        self._root = Path(address.strip())
        if not self._root.is_absolute() or "\0" in address:
            raise Paused(Reason.ADDRESS)

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        """See `driver.Relay.put`."""
        target = self._path(name)
        with self._talking():
            if once and _is_there(target):
                return Put.PRESENT
            self._make_box(target.parent)
            # One name for every attempt: what a crash leaves behind is used again by the next.
            temporary = target.with_name(f".{target.name}.deel")
            temporary.unlink(missing_ok=True)
            try:
                # Never through a link that somebody else put there.
                with temporary.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(target)
            except OSError:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
                raise
            _sync_folder(target.parent)
        return Put.NEW

    def size(self, name: str) -> int | None:
        """See `driver.Relay.size`."""
        path = self._path(name)
        with self._talking():
            try:
                return path.stat(follow_symlinks=False).st_size
            except FileNotFoundError:
                return None

    def get(self, name: str, *, limit: int) -> bytes | None:
        """See `driver.Relay.get`. Refused as well for what is no plain file."""
        path = self._path(name)
        with self._talking():
            try:
                handle = os.open(path, _READ)
            except FileNotFoundError:
                return None
            except OSError as error:
                if error.errno in {errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EISDIR}:
                    raise Refused from None
                raise
            with os.fdopen(handle, "rb") as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode):
                    raise Refused
                if about.st_size > limit:
                    raise Refused(Reason.TOO_LARGE)
                data = file.read(limit + 1)
        if len(data) > limit:
            raise Refused(Reason.TOO_LARGE)
        return data

    def names(self, prefix: str) -> tuple[str, ...]:
        """See `driver.Box.names`. Only names of the protocol, in lower case."""
        found = _PREFIX.match(prefix)
        if found is None:
            raise ValueError("not the beginning of a name on a relay")
        with self._talking():
            try:
                entries = [entry.name for entry in (self._root / found[1]).iterdir()]
            except FileNotFoundError:
                return ()
        listed = {f"{found[1]}/{entry.lower()}" for entry in entries}
        return tuple(
            sorted(n for n in listed if n.startswith(prefix) and naming.parse(n) is not None)
        )

    def drop(self, name: str) -> None:
        """See `driver.Box.drop`."""
        path = self._path(name)
        with self._talking():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Do nothing: nothing is held open."""

    def _path(self, name: str) -> Path:
        return self._root / naming.check(name)

    def _make_box(self, box: Path) -> None:
        """Make the folders below the root, never the root itself."""
        if box.is_dir():
            return
        missing = [box, *box.parents]
        for each in reversed(missing[: missing.index(self._root)]):
            each.mkdir(exist_ok=True)

    @contextmanager
    def _talking(self) -> Iterator[None]:
        if not self._root.is_dir():
            raise Later(Reason.FOLDER_GONE)
        try:
            yield
        except OSError as error:
            raise self._meaning(error) from None

    def _meaning(self, error: OSError) -> Exception:
        if getattr(error, "winerror", None) in _IN_USE:
            return Later(Reason.BUSY)
        if error.errno in _GONE or not self._root.is_dir():
            return Later(Reason.FOLDER_GONE)
        if error.errno in _FULL:
            return Paused(Reason.FULL)
        if error.errno in _NOT_ALLOWED:
            return Paused(Reason.NOT_ALLOWED)
        if error.errno in {errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.EEXIST}:
            return Refused(Reason.REFUSED)
        return Later(Reason.SERVER)


def _is_there(path: Path) -> bool:
    try:
        path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Bring the name itself to the disk; shares and sticks that cannot are left as they are."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
