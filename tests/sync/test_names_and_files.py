"""Names, parts, commits, notices and waiting times, each on its own."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.crypto.age import generate_identity, open_decrypted
from intake_app.crypto.sshsig import SigningKey
from intake_app.sync import backoff, fields, names, notices
from intake_app.sync.commit import Commit, Signer, read_commit, write_commit
from intake_app.sync.errors import SENTENCES, Paused, Reason, Refused
from intake_app.sync.notices import ReceiptKind, TransportReceipt, Withdrawal
from intake_app.sync.parts import PART, Part, Stopped, freeze, read_part, thaw

SOURCE = Random(5)  # noqa: S311
US, THEM = (generate_identity(random=SOURCE.randbytes) for _ in range(2))
KEY, STRANGER = SigningKey(bytes([3]) * 32), SigningKey(bytes([4]) * 32)
SENDER, RECEIVER = UUID(int=1), UUID(int=2)
ZID, BOX, REPLY = "a" * 26, "ontvangerbox", "afzenderbox"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
COMMIT = Commit(
    zid=ZID, box=BOX, sender=SENDER, recipient=RECEIVER, size=PART + 10, sha256="a" * 64,
    parts=(Part(PART, "b" * 64), Part(10, "c" * 64)), content_size=PART, content_sha256="d" * 64,
    handover_id=UUID(int=3), dossier_id=UUID(int=4), dossier_version=2, supersedes="b" * 26,
    created=AT, valid_until=AT + timedelta(days=30), reply_box=REPLY,
)  # fmt: skip


def signers(organisation: UUID) -> list[Signer]:
    if organisation not in {SENDER, RECEIVER}:
        return []
    return [Signer(organisation, "Een team", KEY.public, US.recipient.encode())]


# ---- names ---------------------------------------------------------------------------------------


@given(st.binary(min_size=16, max_size=16))
def test_a_zid_survives_file_systems_that_ignore_case(raw: bytes):
    zid = names.new_zid(lambda _count: raw)
    assert names.is_zid(zid)
    assert zid == zid.lower()
    for name in (
        names.part(BOX, zid, 0), names.part(BOX, zid, 9999), names.commit(BOX, zid),
        names.withdrawal(BOX, zid), names.probe(BOX, zid), names.receipt(REPLY, zid, 9),
    ):  # fmt: skip
        found = names.parse(name)
        assert found is not None
        assert found.zid == zid
        assert names.check(name) == name
        assert names.parse(name.upper()) is None


@given(st.text(max_size=80))
def test_no_other_name_is_ever_made(text: str):
    shapes = (text, f"v1/in/{BOX}/{text}", f"v1/in/{text}/{ZID}.ok", f"v1/in/{BOX}/{ZID}.{text}")
    for name in shapes:
        found = names.parse(name)
        if found is None:
            with pytest.raises(ValueError, match="name"):
                names.check(name)
        else:
            assert names.is_box(found.box)
            assert ".." not in name


@pytest.mark.parametrize("box", ["", "abc", "a" * 65, "A" * 8, "../../etc", "bo x1", "böx12345"])
def test_what_is_no_box_makes_no_name(box: str):
    assert not names.is_box(box)
    with pytest.raises(ValueError, match="name"):
        names.commit(box, ZID)


def test_numbers_stop_where_the_names_do():
    with pytest.raises(ValueError, match="part"):
        names.part(BOX, ZID, 10_000)
    for seq in (0, 10):
        with pytest.raises(ValueError, match="receipt"):
            names.receipt(REPLY, ZID, seq)


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)
    for sentence in SENTENCES.values():
        assert sentence.endswith((".", "?"))


# ---- parts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 1000, PART - 200, PART, 3 * PART + 17])
def test_frozen_and_thawed_is_the_same(tmp_path: Path, size: int):
    content = hashlib.shake_256(b"x").digest(size)
    sealed, frozen_at, again = (tmp_path / name for name in ("zip", ZID, "terug.zip"))
    sealed.write_bytes(content)
    to = THEM.recipient.encode()
    frozen = freeze(sealed, frozen_at, to, random=SOURCE.randbytes)
    data = frozen_at.read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (frozen.size, frozen.sha256)
    assert {part.size for part in frozen.parts[:-1]} <= {PART}
    cut = [read_part(frozen_at, number, part) for number, part in enumerate(frozen.parts)]
    assert b"".join(cut) == data
    told = {"content_size": frozen.content_size, "content_sha256": frozen.content_sha256}
    thaw(frozen_at, again, [THEM], **told)  # type: ignore[arg-type]
    assert again.read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["zip", ZID, "terug.zip"])


def test_sizes_on_the_relay_are_padded(tmp_path: Path):
    sizes = set()
    for size in range(100_000, 103_000, 250):
        (tmp_path / "zip").write_bytes(bytes(size))
        target = tmp_path / f"f{size}"
        frozen = freeze(tmp_path / "zip", target, THEM.recipient.encode(), random=SOURCE.randbytes)
        sizes.add(frozen.size)
    assert len(sizes) <= 3


def test_a_wrap_that_is_stopped_leaves_nothing(tmp_path: Path):
    (tmp_path / "zip").write_bytes(bytes(3 * PART))
    asked = iter((False, True))
    with pytest.raises(Stopped):
        freeze(
            tmp_path / "zip",
            tmp_path / ZID,
            THEM.recipient.encode(),
            random=SOURCE.randbytes,
            cancelled=lambda: next(asked),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["zip"]


def test_what_was_changed_on_our_own_disk_is_not_sent(tmp_path: Path):
    (tmp_path / "zip").write_bytes(bytes(PART))
    target = tmp_path / ZID
    frozen = freeze(tmp_path / "zip", target, THEM.recipient.encode(), random=SOURCE.randbytes)
    data = bytearray(target.read_bytes())
    data[700] ^= 1
    target.write_bytes(data)
    with pytest.raises(Refused) as refused:
        read_part(target, 0, frozen.parts[0])
    assert refused.value.reason is Reason.FILE_GONE
    with pytest.raises(Refused):
        thaw(target, tmp_path / "t", [THEM], content_size=PART, content_sha256="0" * 64)
    assert not (tmp_path / "t").exists()


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import errno
    import os

    (tmp_path / "zip").write_bytes(bytes(PART))

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "vol")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Paused) as paused:
        freeze(tmp_path / "zip", tmp_path / ZID, THEM.recipient.encode(), random=SOURCE.randbytes)
    assert paused.value.reason is Reason.DISK_FULL
    assert [path.name for path in tmp_path.iterdir()] == ["zip"]


# ---- commits and notices -------------------------------------------------------------------------


def commit_bytes(commit: Commit = COMMIT, key: SigningKey = KEY) -> bytes:
    return write_commit(commit, key, THEM.recipient.encode(), random=SOURCE.randbytes)


def read(data: bytes, *, zid: str = ZID, box: str = BOX, own: UUID = RECEIVER) -> Commit:
    return read_commit(data, [THEM], zid=zid, box=box, own=own, signers=signers)[0]


def test_a_commit_comes_back_as_it_was():
    assert read(commit_bytes()) == COMMIT


@pytest.mark.parametrize(
    "change",
    [
        {"zid": "b" * 26}, {"box": "anderebox"}, {"own": SENDER},
    ],
)  # fmt: skip
def test_a_commit_counts_only_where_it_says(change: dict[str, object]):
    with pytest.raises(Refused):
        read(commit_bytes(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": PART + 11}, {"parts": ()},
        {"parts": (Part(PART - 1, "b" * 64), Part(11, "c" * 64))},
        {"parts": (Part(PART, "b" * 64), Part(PART + 1, "c" * 64)), "size": 2 * PART + 1},
        {"sha256": "A" * 64}, {"content_size": PART + 10}, {"dossier_version": 0},
        {"reply_box": "../"}, {"supersedes": "kort"}, {"zid": "0" * 26},
    ],
)  # fmt: skip
def test_a_commit_that_nobody_would_read_is_not_written(wrong: dict[str, object]):
    with pytest.raises(Refused):
        commit_bytes(replace(COMMIT, **wrong))  # type: ignore[arg-type]


def test_a_commit_by_another_key_or_person_is_refused():
    for data in (
        commit_bytes(key=STRANGER),
        commit_bytes(replace(COMMIT, sender=UUID(int=9))),
        b"",
        b"age-encryption.org/v1\n",
        commit_bytes()[:-1],
    ):
        with pytest.raises(Refused):
            read(data)


@given(st.data())
def test_no_changed_byte_gets_through(data: st.DataObject):
    whole = bytearray(WRITTEN)
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused):
        read(bytes(whole))


WRITTEN = commit_bytes()


def test_a_signature_of_one_kind_is_none_of_another():
    """A receipt cannot be passed off as a commit, nor the other way round."""
    body = COMMIT.plain()
    to = THEM.recipient.encode()
    namespaces = (notices.RECEIPT_NAMESPACE, notices.WITHDRAWAL_NAMESPACE)
    for namespace in namespaces:
        with pytest.raises(Refused):
            read(fields.sealed(body, namespace, KEY, to, SOURCE.randbytes))


def test_extra_and_missing_fields_are_refused():
    to = THEM.recipient.encode()
    body = COMMIT.plain()
    missing = {key: value for key, value in body.items() if key != "dossier"}
    for wrong in ({**body, "nieuw": 1}, missing, {**body, "version": 2}, {**body, "size": True}):
        with pytest.raises(Refused):
            read(fields.sealed(wrong, "doorgaande-lijn-zending-v1", KEY, to, SOURCE.randbytes))


RECEIPT = TransportReceipt(
    receipt_id=UUID(int=7), zid=ZID, sha256="a" * 64, kind=ReceiptKind.GEACCEPTEERD, seq=3,
    at=AT, by=RECEIVER, reason="", chain=b"age-encryption.org/v1\nketen",
)  # fmt: skip
NOTICE = Withdrawal(
    zid=ZID, box=BOX, sender=SENDER, recipient=RECEIVER, sha256="a" * 64,
    handover_id=UUID(int=3), dossier_id=UUID(int=4), dossier_version=2, reply_box=REPLY, at=AT,
)  # fmt: skip


def test_receipts_and_withdrawals_come_back_as_they_were():
    to = THEM.recipient.encode()
    data = notices.write_receipt(RECEIPT, KEY, to, random=SOURCE.randbytes)
    told = {"zid": ZID, "sha256": "a" * 64, "seq": 3, "by": RECEIVER, "signers": signers}
    back = notices.read_receipt(data, [THEM], **told)  # type: ignore[arg-type]
    assert back == RECEIPT
    assert b"SSH SIGNATURE" in back.proof
    for change in ({"zid": "b" * 26}, {"sha256": "b" * 64}, {"seq": 2}, {"by": SENDER}):
        with pytest.raises(Refused):
            notices.read_receipt(data, [THEM], **{**told, **change})  # type: ignore[arg-type]
    asked = notices.write_withdrawal(NOTICE, KEY, to, random=SOURCE.randbytes)
    where = {"zid": ZID, "box": BOX, "own": RECEIVER, "signers": signers}
    assert notices.read_withdrawal(asked, [THEM], **where)[0] == NOTICE  # type: ignore[arg-type]
    with pytest.raises(Refused):
        notices.read_withdrawal(data, [THEM], **where)  # type: ignore[arg-type]


def test_a_receipt_does_not_show_its_kind_by_its_length():
    to = THEM.recipient.encode()
    lengths = {
        len(
            notices.write_receipt(
                replace(RECEIPT, kind=kind, chain=b"", reason="r" * count),
                KEY,
                to,
                random=SOURCE.randbytes,
            )
        )
        for kind in ReceiptKind
        for count in (0, 900)
    }
    assert len(lengths) == 1


def test_giant_contents_of_a_small_file_are_refused():
    """What is inside is limited apart from what lies on the relay."""
    out = io.BytesIO()
    from intake_app.crypto.age import encrypt

    encrypt([THEM.recipient], io.BytesIO(b" " * 2_000_000), out, random=SOURCE.randbytes)
    assert open_decrypted([THEM], io.BytesIO(out.getvalue())).read(1) == b" "
    with pytest.raises(Refused):
        read(out.getvalue())


# ---- waiting -------------------------------------------------------------------------------------


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_waiting_is_full_jitter_with_a_cap(tries: int, fraction: float):
    waited = backoff.wait(tries, fraction).total_seconds()
    ceiling = min(900.0, 5.0 * 2 ** min(tries - 1, 20))
    assert 0 <= waited <= ceiling
    assert abs(waited - ceiling * fraction) < 1e-3


def test_what_the_relay_asks_for_is_waited_up_to_a_day():
    assert backoff.wait(1, 0.5, 120).total_seconds() == 120
    assert backoff.wait(1, 0.5, 10**9).total_seconds() == backoff.LONGEST
    assert backoff.wait(9, 0.99, 1).total_seconds() > 800
    assert backoff.wait(1, 0.0, -5).total_seconds() == 0


def test_a_clock_that_was_set_back_does_not_make_anything_wait():
    later = AT + timedelta(minutes=10)
    assert not backoff.is_due(AT, later, AT + timedelta(minutes=1))
    assert backoff.is_due(AT, later, AT - timedelta(hours=1))
    assert backoff.is_due(AT, later, later)
    assert backoff.is_due(None, None, AT)
