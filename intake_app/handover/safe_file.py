"""Writing a file so that it is whole or absent, whatever happens in between."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from intake_app.handover.errors import CannotWrite, DiskFull, SealError, TargetExists

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


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
    given to `check` to be read back, renamed, and the folder is synced. When anything fails, and
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
    try:
        with os.fdopen(descriptor, "w+b") as file:
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
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


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
