from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.vault import DiskFull, StorageFailed
from intake_app.vault.files import filesystem_of, is_remote, replace_file
from intake_app.vault.reserve import Reserve

MOUNTS = """\
/dev/vda / ext4 rw 0 0
tmpfs /home/noor/met\\040spatie tmpfs rw 0 0
//server/deel /home/noor/net cifs rw 0 0
server:/deel /mnt/nfs nfs4 rw 0 0
kees@server: /home/noor/ssh fuse.sshfs rw 0 0
/dev/sdb1 /media/stick fuseblk rw 0 0
/dev/sdc1 /mnt/nfs/lokaal ext4 rw 0 0
portal /run/user/1000/doc fuse.portal rw 0 0
half
"""


@pytest.mark.parametrize(
    ("folder", "kind", "remote"),
    [
        ("/home/noor/kluis", "ext4", False),
        ("/home/noor/met spatie/kluis", "tmpfs", False),
        ("/home/noor/net", "cifs", True),
        ("/home/noor/net/diep/kluis", "cifs", True),
        ("/home/noor/netjes", "ext4", False),
        ("/mnt/nfs/kluis", "nfs4", True),
        ("/mnt/nfs/lokaal/kluis", "ext4", False),
        ("/home/noor/ssh/kluis", "fuse.sshfs", True),
        ("/media/stick/kluis", "fuseblk", False),
        ("/run/user/1000/doc/kluis", "fuse.portal", False),
    ],
)
def test_network_file_systems(folder: str, kind: str, remote: bool):
    assert filesystem_of(Path(folder), MOUNTS) == kind
    assert is_remote(kind) is remote


def test_the_later_mount_on_one_point_counts():
    mounts = "auto /net autofs rw 0 0\nserver:/x /net nfs rw 0 0\n"
    assert filesystem_of(Path("/net/kluis"), mounts) == "nfs"


@given(st.text())
def test_any_text_of_mounts_can_be_read(mounts: str):
    assert isinstance(filesystem_of(Path("/a/b"), mounts), str)


def test_replacing_leaves_only_the_new_file(tmp_path: Path):
    target = tmp_path / "a.json"
    replace_file(target, b"een")
    replace_file(target, b"twee")
    assert target.read_bytes() == b"twee"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("code", "error"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EIO, StorageFailed)],
)
def test_a_failing_disk_leaves_the_old_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    code: int,
    error: type[Exception],
):
    target = tmp_path / "a.json"
    replace_file(target, b"oud")

    def fail(*_args: object) -> None:
        raise OSError(code, "nee")

    where = "intake_app.vault.files.os.fsync" if call == "fsync" else "pathlib.Path.replace"
    monkeypatch.setattr(where, fail)
    with pytest.raises(error):
        replace_file(target, b"nieuw")
    assert target.read_bytes() == b"oud"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_the_reserve_takes_real_room_and_is_given_up_once(tmp_path: Path):
    reserve = Reserve(tmp_path / "reserve.bin", 300_000)
    reserve.keep()
    found = (tmp_path / "reserve.bin").stat()
    assert found.st_size == 300_000
    assert found.st_blocks * 512 >= 300_000
    assert not reserve.make_room()
    assert reserve.give_up()
    assert not reserve.give_up()


def test_no_reserve_where_it_would_take_too_much(tmp_path: Path):
    Reserve(tmp_path / "reserve.bin", 10**18).keep()
    assert list(tmp_path.iterdir()) == []


def test_room_is_made_when_little_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    reserve = Reserve(tmp_path / "reserve.bin", 300_000)
    reserve.keep()
    monkeypatch.setattr(
        "intake_app.vault.reserve.shutil.disk_usage", lambda _: type("U", (), {"free": 1000})
    )
    assert reserve.make_room()
    assert not reserve.make_room()
