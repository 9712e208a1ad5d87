"""Writing a file so that it is whole or absent, whatever happens in between."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from intake_app.handover.errors import CannotWrite, DiskFull, SealError, TargetExists

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PART: Final = re.compile(r"\.(overdracht|ontvangst)-.{1,200}\.[0-9a-f]{8}\.deel\Z")


def _as_seal_error(error: OSError) -> SealError:
    return DiskFull() if error.errno in _FULL else CannotWrite()


@contextlib.contextmanager
def new_file(
    target: Path,
    random: Callable[[int], bytes],
    check: Callable[[Path], None] = lambda _written: None,
) -> Iterator[BinaryIO]:
    """Open a new file that becomes `target` only when the block ends well.

    It is written under a temporary name in the same folder (readable by the owner only), synced,
    given to `check` to be read back, renamed, and the folder is synced. What a killed process left
    in the folder under such a temporary name is removed. When anything fails, and
    also when the block or `check` raises, the temporary file is removed and there is no `target`.
    Raises TargetExists, DiskFull, CannotWrite; what the block or `check` raises passes through,
    an OSError as one of these.
    """
    part = target.with_name(f".{target.name}.{random(4).hex()}.deel")
    try:
        if target.exists():
            raise TargetExists
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | _binary(), 0o600)
    except OSError as error:
        raise _as_seal_error(error) from error
    claim: int | None = None
    try:
        with os.fdopen(descriptor, "w+b") as file:
            claim = _claim(descriptor)
            _sweep(part)
            yield file
            file.flush()
            os.fsync(file.fileno())
        check(part)
        if target.exists():
            raise TargetExists
        part.replace(target)
        try:
            sync_folder(target.parent)
        except OSError:
            target.unlink()
            raise
    except OSError as error:
        raise _as_seal_error(error) from error
    finally:
        if claim is not None:
            os.close(claim)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _claim(descriptor: int) -> int | None:
    """Lock a file that is being written as long as this process lives.

    The lock hangs on the returned duplicate, so it outlasts the file object. None where files are
    not locked: on Windows an open file cannot be removed anyway.
    """
    if os.name == "nt":
        return None
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return os.dup(descriptor)


def _sweep(own: Path) -> None:
    """Remove the temporary files that dead processes left in this folder; never a living one's.

    Only names that this module makes are looked at. What cannot be removed stays.
    """
    for other in list(own.parent.iterdir()):
        if other.name != own.name and _PART.match(other.name) and _is_abandoned(other):
            with contextlib.suppress(OSError):
                other.unlink()


def _is_abandoned(part: Path) -> bool:
    if os.name == "nt":
        return True
    import fcntl

    try:
        descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


def _binary() -> int:
    return int(getattr(os, "O_BINARY", 0))


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where the platform can: Windows does it by itself, and
    some network drives cannot."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)
