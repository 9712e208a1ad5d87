"""Files beside the database: replacing one so that the old or the new is there, never neither."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from intake_app.vault.errors import DiskFull, NetworkFolder, StorageFailed, VaultInUse

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_REMOTE = frozenset(
    {
        "9p", "afs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gfs2", "lustre", "ncpfs",
        "nfs", "nfs4", "ocfs2", "smb3", "smbfs", "vboxsf", "vmhgfs",
    }
)  # fmt: skip
_REMOTE_FUSE = ("davfs", "gvfsd", "s3fs", "sshfs", "rclone", "curlftpfs", "glusterfs", "smb")
_WINDOWS_REMOTE_DRIVE = 4
# A virus scanner may hold a file that was just closed, for a moment (Windows only).
_PAUSES = (0.05,) * 20 if os.name == "nt" else ()


def replace_file(target: Path, content: bytes) -> None:
    """Put `content` at `target` durably: temporary name, fsync, rename, fsync of the folder.

    Raises DiskFull or StorageFailed; `target` is then as it was.
    """
    temporary = target.with_name(target.name + ".nieuw")
    try:
        with temporary.open("wb") as file:
            if sys.platform != "win32":
                os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        rename(temporary, target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise storage_error(error) from None


def rename(source: Path, target: Path) -> None:
    """Rename a file over another and make that durable."""
    for pause in _PAUSES:
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(pause)
        else:
            break
    else:
        source.replace(target)
    sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make `folder`, for its owner only, and what is missing above it, durably.

    Raises OSError. One that is there already stays as it is.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700 if each == folder else 0o777, exist_ok=True)
        # A folder that may be entered but not listed cannot be opened either.
        with suppress(PermissionError):
            sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; Windows has no such call and needs none."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def storage_error(error: OSError) -> DiskFull | StorageFailed:
    """Return the error for a person that stands for this one of the system."""
    return DiskFull() if error.errno in _FULL else StorageFailed()


class FolderLock:
    """Held by the one instance that has the vault open; the system lets go when that one dies."""

    __slots__ = ("_descriptor",)

    def __init__(self, path: Path) -> None:
        """Take the lock file at `path`.

        Raises VaultInUse when another instance holds it, DiskFull or StorageFailed when there can
        be no such file.
        """
        try:
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise storage_error(error) from None
        try:
            _lock(self._descriptor)
        except OSError:
            self.release()
            raise VaultInUse from None

    def release(self) -> None:
        """Let go; a second time does nothing. The file stays: removing it would be a race."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":  # pragma: no cover
    import ctypes
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def refuse_network_folder(folder: Path) -> None:
        """Raise NetworkFolder for a UNC path or a drive letter of a network share."""
        anchor = folder.resolve().anchor
        if anchor.startswith("\\\\"):
            raise NetworkFolder
        if ctypes.windll.kernel32.GetDriveTypeW(anchor) == _WINDOWS_REMOTE_DRIVE:
            raise NetworkFolder

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def refuse_network_folder(folder: Path) -> None:
        """Raise NetworkFolder when `folder` is on a network file system, as /proc/mounts says."""
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return
        if is_remote(filesystem_of(folder.resolve(), mounts)):
            raise NetworkFolder


def filesystem_of(folder: Path, mounts: str) -> str:
    """Return the type of the file system that holds `folder`, '' if `mounts` does not tell.

    `folder` is absolute and resolved; `mounts` is the text of /proc/mounts.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_unescaped(fields[1]))
        depth = len(point.parts)
        # A later mount on the same point hides the earlier one.
        if depth >= best and (folder == point or point in folder.parents):
            best, kind = depth, fields[2]
    return kind


def is_remote(filesystem: str) -> bool:
    """True for file systems that another machine serves."""
    name = filesystem.removeprefix("fuse.")
    fuse = name != filesystem and name.startswith(_REMOTE_FUSE)
    return fuse or name in _REMOTE


def _unescaped(text: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, char)
    return text
