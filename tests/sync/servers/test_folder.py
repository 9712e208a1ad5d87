"""A folder on a stick or a share: what only happens there."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from intake_app.sync import connecting, names
from intake_app.sync.driver import Put
from intake_app.sync.errors import Later, Paused, Reason, Refused
from intake_app.sync.folder import Folder

BOX = "ontvanger1"
ZID = "b" * 26
PART = names.part(BOX, ZID, 0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def folder(root: Path) -> Folder:
    return Folder(str(root))


def fails_with(number: int):
    def fail(*_: object) -> None:
        raise OSError(number, "made up")

    return fail


def test_a_stick_that_is_out_waits_and_nothing_is_made(folder: Folder, root: Path) -> None:
    root.rmdir()
    for work in (
        lambda: folder.put(PART, b"x"),
        lambda: folder.size(PART),
        lambda: folder.get(PART, limit=1),
        lambda: folder.names(names.inbox(BOX)),
        lambda: folder.drop(PART),
    ):
        with pytest.raises(Later) as told:
            work()
        assert told.value.reason is Reason.FOLDER_GONE
    assert not root.exists()


def test_a_stick_pulled_out_while_writing_waits(
    folder: Folder, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled_out(_: int) -> None:
        shutil.rmtree(root)
        raise OSError(errno.EIO, "made up")

    monkeypatch.setattr(os, "fsync", pulled_out)
    with pytest.raises(Later) as told:
        folder.put(PART, b"x")
    assert told.value.reason is Reason.FOLDER_GONE
    assert not root.exists()


@pytest.mark.parametrize(
    ("number", "kind", "reason"),
    [
        (errno.ENOSPC, Paused, Reason.FULL),
        (errno.EACCES, Paused, Reason.NOT_ALLOWED),
        (errno.EROFS, Paused, Reason.NOT_ALLOWED),
        (errno.ESTALE, Later, Reason.FOLDER_GONE),
        (errno.ETIMEDOUT, Later, Reason.FOLDER_GONE),
        (errno.EBUSY, Later, Reason.SERVER),
    ],
)
def test_a_disk_that_fails_leaves_no_half_file(
    folder: Folder,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: type[Exception],
    reason: Reason,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails_with(number))
        with pytest.raises(kind) as told:
            folder.put(PART, b"x" * 1000)
    assert told.value.reason is reason  # type: ignore[attr-defined]
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert folder.put(PART, b"x" * 1000) is Put.NEW


def test_no_sentence_names_the_folder(folder: Folder, root: Path) -> None:
    root.rmdir()
    with pytest.raises(Later) as told:
        folder.size(PART)
    assert "stick" in str(told.value)
    assert str(root) not in str(told.value)
    assert told.value.__suppress_context__ or told.value.__context__ is None


def test_an_upload_that_died_is_invisible_and_is_taken_over(folder: Folder, root: Path) -> None:
    box = root / names.inbox(BOX)
    box.mkdir(parents=True)
    left = box / f".{ZID}.0000.deel"
    left.write_bytes(b"half")
    assert folder.names(names.inbox(BOX)) == ()
    assert folder.size(PART) is None
    assert folder.put(PART, b"heel") is Put.NEW
    assert [path.name for path in box.iterdir()] == [f"{ZID}.0000"]


def test_a_half_file_of_a_sync_client_is_replaced_on_request(folder: Folder, root: Path) -> None:
    folder.put(PART, b"hele inhoud")
    (root / PART).write_bytes(b"hele")
    assert folder.put(PART, b"hele inhoud") is Put.PRESENT
    assert folder.size(PART) == 4
    assert folder.put(PART, b"hele inhoud", once=False) is Put.NEW
    assert folder.get(PART, limit=99) == b"hele inhoud"


def test_capitals_of_an_old_file_system_are_read_as_small_letters(
    folder: Folder, root: Path
) -> None:
    box = root / names.inbox(BOX)
    box.mkdir(parents=True)
    (box / f"{ZID.upper()}.OK").write_bytes(b"x")
    (box / f"{ZID}.ok").write_bytes(b"x")
    assert folder.names(names.inbox(BOX)) == (names.commit(BOX, ZID),)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name on this system")
def test_a_pipe_or_link_is_no_file(folder: Folder, root: Path, tmp_path: Path) -> None:
    box = root / names.inbox(BOX)
    box.mkdir(parents=True)
    os.mkfifo(root / PART)
    with pytest.raises(Refused):
        folder.get(PART, limit=10)
    secret = tmp_path / "geheim"
    secret.write_bytes(b"van de gebruiker")
    (root / names.commit(BOX, ZID)).symlink_to(secret)
    with pytest.raises(Refused):
        folder.get(names.commit(BOX, ZID), limit=99)
    folder.put(names.commit(BOX, ZID), b"commit", once=False)
    assert secret.read_bytes() == b"van de gebruiker"
    assert folder.get(names.commit(BOX, ZID), limit=99) == b"commit"


def test_a_link_in_the_place_of_a_half_file_is_not_followed(
    folder: Folder, root: Path, tmp_path: Path
) -> None:
    box = root / names.inbox(BOX)
    box.mkdir(parents=True)
    mine = tmp_path / "van mij"
    mine.write_bytes(b"blijft")
    (box / f".{ZID}.0000.deel").symlink_to(mine)
    folder.put(PART, b"part")
    assert mine.read_bytes() == b"blijft"
    assert folder.get(PART, limit=9) == b"part"


def test_a_folder_in_the_place_of_a_file_is_refused(folder: Folder, root: Path) -> None:
    (root / PART).mkdir(parents=True)
    with pytest.raises(Refused):
        folder.put(PART, b"x", once=False)
    with pytest.raises(Refused):
        folder.get(PART, limit=9)


@pytest.mark.parametrize("address", ["", "  ", "postbus", "./postbus", "/stick\0"])
def test_only_a_whole_path_is_an_address(address: str) -> None:
    with pytest.raises(Paused) as told:
        connecting.relay(connecting.RelayPlace("folder", address))
    assert told.value.reason is Reason.ADDRESS
