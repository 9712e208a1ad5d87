"""What a thief, a forwarder, a forger and a broken stick can do: be refused, with the reason."""

from __future__ import annotations

import json
import random as stdlib_random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from handover_samples import (
    AZC,
    BOOK,
    HANDOVER,
    HOUTEN,
    STRANGER,
    ZEIST,
    Case,
    Organisation,
    book_of,
    encrypted,
    files_of,
    inner_of,
    open_as,
    outer_of,
    resealed,
    sample_dossier,
    signed_bag,
    zip_of,
)

from intake_app.handover import bag, model
from intake_app.handover.address_book import RETIRED, REVOKED, AddressBook
from intake_app.handover.dossier import to_json
from intake_app.handover.errors import SENTENCES, Refusal, RefusalReason
from intake_app.handover.open import inspect

R = RefusalReason


def refusal(
    data: bytes, folder: Path, organisation: Organisation = ZEIST, book: AddressBook = BOOK
) -> Refusal:
    path = folder / "file.zip"
    path.write_bytes(data)
    before = sorted(folder.iterdir())
    with pytest.raises(Refusal) as caught:
        open_as(path, organisation, book=book)
    assert sorted(folder.iterdir()) == before
    return caught.value


def test_every_reason_has_its_own_dutch_sentence() -> None:
    assert set(SENTENCES) == set(RefusalReason)
    assert len(set(SENTENCES.values())) == len(RefusalReason)
    for reason in RefusalReason:
        text = str(Refusal(reason))
        assert text.endswith(".")
        assert "{" not in text
        assert text.count(". ") >= 1, reason


def test_another_organisation_is_told_for_whom_it_is(sealed_bytes: bytes, tmp_path: Path) -> None:
    found = refusal(sealed_bytes, tmp_path, HOUTEN)
    assert found.reason is R.FOR_OTHER_RECIPIENT
    assert str(found).startswith("Dit bestand is voor Gemeente Voorbeeldstad.")
    found = refusal(sealed_bytes, tmp_path, HOUTEN, book_of(AZC.entry()))
    assert str(found).startswith("Dit bestand is voor een andere organisatie.")


def test_unknown_sender(sealed_bytes: bytes, tmp_path: Path) -> None:
    found = refusal(sealed_bytes, tmp_path, ZEIST, book_of(ZEIST.entry()))
    assert found.reason is R.UNKNOWN_SENDER


def test_a_stranger_is_unknown(case: Case, tmp_path: Path) -> None:
    case.sender = STRANGER
    assert refusal(case.seal().path.read_bytes(), tmp_path).reason is R.UNKNOWN_SENDER
    inspect(tmp_path / "file.zip")


def test_a_sender_with_another_age_key_in_the_book_is_unknown(
    sealed_bytes: bytes, tmp_path: Path
) -> None:
    book = book_of(AZC.entry(age_recipient=STRANGER.party.age_recipient), ZEIST.entry())
    assert refusal(sealed_bytes, tmp_path, ZEIST, book).reason is R.UNKNOWN_SENDER


def test_revoked_and_retired_senders(sealed_bytes: bytes, tmp_path: Path) -> None:
    for entry, reason in [
        (AZC.entry(status=REVOKED), R.SENDER_REVOKED),
        (AZC.entry(until_date=date(2026, 3, 2)), R.SENDER_KEY_NOT_VALID_THEN),
        (AZC.entry(from_date=date(2026, 3, 4)), R.SENDER_KEY_NOT_VALID_THEN),
    ]:
        assert refusal(sealed_bytes, tmp_path, ZEIST, book_of(entry)).reason is reason
    retired = book_of(AZC.entry(status=RETIRED, until_date=date(2026, 3, 3)))
    assert open_as(tmp_path / "file.zip", book=retired).sender.status == RETIRED


# --- cut off, flipped, mixed ---------------------------------------------------------------------


def test_truncated_anywhere(sealed_bytes: bytes, tmp_path: Path) -> None:
    size = len(sealed_bytes)
    for at in [0, 1, 3, 4, 22, 100, size // 3, size // 2, *range(size - 400, size, 7)]:
        wanted = R.NOT_A_HANDOVER if at < 4 else R.TRUNCATED
        assert refusal(sealed_bytes[:at], tmp_path).reason is wanted
    assert refusal(sealed_bytes + b"\0", tmp_path).reason is R.TRUNCATED


def test_every_flipped_byte_is_refused(sealed_bytes: bytes, tmp_path: Path) -> None:
    size = len(sealed_bytes)
    chance = stdlib_random.Random(11)  # noqa: S311
    tail = range(size - 3200, size, 17)
    places = {*range(0, 400, 7), *tail, *(chance.randrange(size) for _ in range(100))}
    seen = set()
    for at in sorted(places):
        changed = bytearray(sealed_bytes)
        changed[at] ^= 1 << chance.randrange(8)
        seen.add(refusal(bytes(changed), tmp_path).reason)
    assert {R.PAYLOAD_DAMAGED, R.HOSTILE_ZIP, R.NOT_A_HANDOVER, R.TRUNCATED} <= seen


def test_a_changed_header_or_signature_with_a_right_checksum(
    sealed_bytes: bytes, tmp_path: Path
) -> None:
    files = files_of(sealed_bytes)
    seen = set()
    for name in (model.HEADER, model.HEADER_SIGNATURE):
        for at in range(len(files[name])):
            changed = bytearray(files[name])
            changed[at] ^= 1
            found = refusal(zip_of({**files, name: bytes(changed)}), tmp_path)
            seen.add(found.reason)
    assert seen == {R.SIGNATURE_BROKEN, R.HEADER_UNREADABLE}


def test_every_flipped_byte_inside_is_refused(sealed_bytes: bytes, tmp_path: Path) -> None:
    """Even when somebody with the sender's outer key wraps it again."""
    inner = inner_of(sealed_bytes, ZEIST)
    chance = stdlib_random.Random(12)  # noqa: S311
    seen = set()
    for at in sorted({*range(0, 200, 11), *(chance.randrange(len(inner)) for _ in range(80))}):
        changed = bytearray(inner)
        changed[at] ^= 1 << chance.randrange(8)
        seen.add(refusal(resealed(bytes(changed)), tmp_path).reason)
    assert {R.CONTENT_HOSTILE} <= seen


def test_resealing_honestly_is_accepted(sealed_bytes: bytes, tmp_path: Path) -> None:
    """The tools of this test make good files; so what they spoil is what is refused."""
    inner = files_of(inner_of(sealed_bytes, ZEIST))
    (tmp_path / "a").write_bytes(resealed(inner_of(sealed_bytes, ZEIST)))
    assert open_as(tmp_path / "a").dossier == sample_dossier()
    (tmp_path / "b").write_bytes(resealed(signed_bag(inner)))
    assert open_as(tmp_path / "b").dossier == sample_dossier()


def test_forwarded(sealed_bytes: bytes, tmp_path: Path) -> None:
    """The municipality opens it and passes the content on to another, in every way it can."""
    inner = inner_of(sealed_bytes, ZEIST)
    forwarded = resealed(inner, sender=ZEIST, recipient=HOUTEN)
    assert refusal(forwarded, tmp_path, HOUTEN).reason is R.CONTENT_SIGNATURE_BROKEN
    resigned = signed_bag(files_of(inner), ZEIST)
    forwarded = resealed(resigned, sender=ZEIST, recipient=HOUTEN)
    assert refusal(forwarded, tmp_path, HOUTEN).reason is R.OTHER_SENDER_INSIDE


def test_content_for_another_is_refused_even_from_the_true_sender(
    sealed_bytes: bytes, tmp_path: Path
) -> None:
    inner = inner_of(sealed_bytes, ZEIST)
    found = refusal(resealed(inner, recipient=HOUTEN), tmp_path, HOUTEN)
    assert found.reason is R.RECIPIENT_NOT_LISTED


def test_old_outside_around_new_encryption(sealed_bytes: bytes, tmp_path: Path) -> None:
    files = files_of(sealed_bytes)
    files[model.PAYLOAD] = encrypted(inner_of(sealed_bytes, ZEIST), HOUTEN)
    assert refusal(zip_of(files), tmp_path).reason is R.PAYLOAD_DAMAGED


def test_encrypted_to_a_key_we_do_not_have(sealed_bytes: bytes, tmp_path: Path) -> None:
    files = outer_of(encrypted(inner_of(sealed_bytes, ZEIST), HOUTEN))
    assert refusal(zip_of(files), tmp_path).reason is R.NO_KEY_FITS


def test_swapped_parts(sealed_bytes: bytes, tmp_path: Path) -> None:
    other_id = UUID("99999999-1111-4222-8333-444455556666")
    folder = tmp_path / "ander"
    folder.mkdir()
    other = Case(folder, handover_id=other_id).seal().path.read_bytes()
    mine, theirs = files_of(sealed_bytes), files_of(other)
    for name in (model.PAYLOAD, model.README):
        mixed = {**mine, name: theirs[name]}
        assert refusal(zip_of(mixed), tmp_path).reason is R.PAYLOAD_DAMAGED
    for name in (model.HEADER, model.HEADER_SIGNATURE):
        mixed = {**mine, name: theirs[name]}
        assert refusal(zip_of(mixed), tmp_path).reason is R.SIGNATURE_BROKEN
    # The whole signed content of one handover under the outside of another.
    payload = encrypted(inner_of(other, ZEIST), ZEIST)
    assert refusal(zip_of(outer_of(payload)), tmp_path).reason is R.MANIFEST_MISMATCH
    # A dossier of another handover in this bag, with its own digests but the old signature.
    bag_files = files_of(inner_of(sealed_bytes, ZEIST))
    bag_files[model.MANIFEST] = files_of(inner_of(other, ZEIST))[model.MANIFEST]
    assert refusal(resealed(bag_files), tmp_path).reason is R.MANIFEST_MISMATCH


def test_replay(sealed_bytes: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(sealed_bytes)
    with pytest.raises(Refusal) as caught:
        open_as(
            path,
            seen=lambda sender, number: (sender, number) == (AZC.party.organisation_id, HANDOVER),
        )
    assert caught.value.reason is R.ALREADY_RECEIVED


def test_a_signature_for_something_else_does_not_count(sealed_bytes: bytes, tmp_path: Path) -> None:
    from intake_app.crypto import sshsig

    files = files_of(sealed_bytes)
    other = sshsig.sign(AZC.key, "doorgaande-lijn-ontvangst-v1", files[model.HEADER])
    files[model.HEADER_SIGNATURE] = other.encode()
    assert refusal(zip_of(files), tmp_path).reason is R.SIGNATURE_BROKEN
    inner = files_of(inner_of(sealed_bytes, ZEIST))
    inner[bag.TAG_SIGNATURE] = files[model.HEADER_SIGNATURE]
    assert refusal(resealed(inner), tmp_path).reason is R.CONTENT_SIGNATURE_BROKEN


def test_a_missing_file_or_folder_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "weg.zip", tmp_path):
        with pytest.raises(Refusal) as caught:
            open_as(path)
        assert caught.value.reason is R.UNREADABLE_FILE


# --- content that the true sender's own key signed ----------------------------------------------


def change_json(files: dict[str, bytes], name: str, change: Callable[[Any], object]) -> None:
    plain = json.loads(files[name])
    replaced = change(plain)
    files[name] = json.dumps(plain if replaced is None else replaced).encode()


BAG_CHANGES: list[tuple[str, Callable[[dict[str, bytes]], object], RefusalReason]] = [
    ("extra file", lambda f: f.update({"extra.txt": b"x"}), R.MANIFEST_MISMATCH),
    ("extra data file", lambda f: f.update({"data/extra.txt": b"x"}), R.MANIFEST_MISMATCH),
    ("no pdf", lambda f: f.pop(model.PDF), R.MANIFEST_MISMATCH),
    ("no dossier", lambda f: f.pop(model.DOSSIER), R.MANIFEST_MISMATCH),
    ("no manifest", lambda f: f.pop(model.MANIFEST), R.MANIFEST_MISMATCH),
    ("other bag version", lambda f: f.update({bag.DECLARATION: b"2"}), R.MANIFEST_MISMATCH),
    (
        "unlisted attachment",
        lambda f: f.update({"data/bijlagen/001.pdf": b"x"}),
        R.MANIFEST_MISMATCH,
    ),
    (
        "listed attachment missing",
        lambda f: change_json(
            f,
            model.MANIFEST,
            lambda m: m["attachments"].append(
                {"file": "data/bijlagen/001.pdf", "title": "x", "media_type": "a/b"}
            ),
        ),
        R.MANIFEST_MISMATCH,
    ),
    (
        "attachment elsewhere",
        lambda f: change_json(
            f,
            model.MANIFEST,
            lambda m: m["attachments"].append(
                {"file": "data/dossier.pdf", "title": "x", "media_type": "a/b"}
            ),
        ),
        R.MANIFEST_MISMATCH,
    ),
    (
        "other id",
        lambda f: change_json(f, model.MANIFEST, lambda m: m.update(id=str(UUID(int=1 << 70)))),
        R.MANIFEST_MISMATCH,
    ),
    (
        "newer manifest",
        lambda f: change_json(f, model.MANIFEST, lambda m: m.update(version=2)),
        R.UNKNOWN_VERSION,
    ),
    (
        "extra manifest field",
        lambda f: change_json(f, model.MANIFEST, lambda m: m.update(extra=1)),
        R.MANIFEST_MISMATCH,
    ),
    (
        "another dossier version",
        lambda f: change_json(f, model.MANIFEST, lambda m: m["dossier"].update(version=2)),
        R.MANIFEST_MISMATCH,
    ),
    (
        "recipient's other key",
        lambda f: change_json(
            f, model.MANIFEST, lambda m: m["recipient"].update(sign=HOUTEN.key.public)
        ),
        R.RECIPIENT_NOT_LISTED,
    ),
    (
        "sender's other age key",
        lambda f: change_json(
            f, model.MANIFEST, lambda m: m["sender"].update(age=HOUTEN.party.age_recipient)
        ),
        R.OTHER_SENDER_INSIDE,
    ),
    (
        "sender another organisation",
        lambda f: change_json(
            f, model.MANIFEST, lambda m: m["sender"].update(organisation=str(UUID(int=1 << 70)))
        ),
        R.OTHER_SENDER_INSIDE,
    ),
    (
        "newer dossier",
        lambda f: change_json(f, model.DOSSIER, lambda d: d.update(version=2)),
        R.DOSSIER_VERSION,
    ),
    (
        "other dossier",
        lambda f: change_json(
            f, model.DOSSIER, lambda d: d.update(dossier_id=str(UUID(int=1 << 70)))
        ),
        R.MANIFEST_MISMATCH,
    ),
]


@pytest.mark.parametrize(
    ("change", "reason"), [pytest.param(c, r, id=name) for name, c, r in BAG_CHANGES]
)
def test_signed_content_that_is_not_right(
    sealed_bytes: bytes,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], object],
    reason: RefusalReason,
) -> None:
    files = files_of(inner_of(sealed_bytes, ZEIST))
    change(files)
    assert refusal(resealed(signed_bag(files)), tmp_path).reason is reason


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"  ", b" ", 1),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text + text,
        lambda text: b"\n".join(reversed(text.split(b"\n"))),
        lambda text: text.upper(),
        lambda text: text.replace(b"bagit.txt", b"../bagit.txt"),
        lambda text: text[:-1],
        lambda text: b"",
        lambda text: b"\xff" + text,
    ],
)
def test_digest_lists_have_one_form(
    sealed_bytes: bytes, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    from intake_app.crypto import sshsig

    files = files_of(inner_of(sealed_bytes, ZEIST))
    text = change(files[bag.TAG_MANIFEST])
    files[bag.TAG_MANIFEST] = text
    files[bag.TAG_SIGNATURE] = sshsig.sign(AZC.key, model.NAMESPACE, text).encode()
    assert refusal(resealed(files), tmp_path).reason is R.MANIFEST_MISMATCH


def dossier_with(change: Callable[[Any], object]) -> bytes:
    plain = json.loads(to_json(sample_dossier()))
    replaced = change(plain)
    return replaced if isinstance(replaced, bytes) else json.dumps(plain).encode()


HOSTILE_DOSSIERS: dict[str, Callable[[Any], object]] = {
    "empty": lambda d: b"",
    "not JSON": lambda d: b"{" * 20,
    "deep": lambda d: b"[" * 100_000 + b"]" * 100_000,
    "double key": lambda d: json.dumps(d).encode()[:-1] + b',"version":1}',
    "NaN": lambda d: json.dumps(d).encode().replace(b'"expected_persons": 2', b'"x": NaN'),
    "fraction": lambda d: d["household"].update(expected_persons=2.0),
    "negative": lambda d: d["household"].update(expected_persons=-1),
    "huge number": lambda d: d["household"].update(expected_persons=10**30),
    "true for a number": lambda d: d.update(dossier_version=True),
    "UTF-16": lambda d: json.dumps(d).encode("utf-16"),
    "byte order mark": lambda d: b"\xef\xbb\xbf" + json.dumps(d).encode(),
    "lone surrogate": lambda d: d["person"].update(family_name="\ud800"),
    "NUL in a name": lambda d: d["person"].update(family_name="a\0b"),
    "escape in a name": lambda d: d["person"].update(family_name="\x1b[2J"),
    "endless name": lambda d: d["person"].update(family_name="a" * 100_001),
    "endless list": lambda d: d["person"].update(aliases=["a"] * 20_001),
    "null name": lambda d: d["person"].update(family_name=None),
    "list for a name": lambda d: d["person"].update(family_name=["a"]),
    "unknown code": lambda d: d["person"].update(gender="X"),
    "V-number of letters": lambda d: d["person"].update(v_number="012345678A"),
    "V-number of Arabic digits": lambda d: d["person"].update(v_number="٠١٢٣٤٥٦٧٨٩"),
    "V-number of noughts": lambda d: d["person"].update(v_number="0000000000"),
    "BSN that fails the 11-proef": lambda d: d["person"].update(bsn="111222334"),
    "BSN of noughts": lambda d: d["person"].update(bsn="000000000"),
    "impossible date": lambda d: d["koppelingen"][0].update(linked_on="2026-02-30"),
    "month thirteen": lambda d: d["person"].update(birth_date="1988-13"),
    "30 February": lambda d: d["person"].update(birth_date="1988-02-30"),
    "year nought": lambda d: d["person"].update(permit_from="0000"),
    "time without zone": lambda d: d.update(created="2026-03-02T14:32:07"),
    "UUID in braces": lambda d: d["person"].update(person_id="{" + d["dossier_id"] + "}"),
    "missing field": lambda d: d["person"].pop("bsn"),
    "extra field": lambda d: d["person"].update(religie="x"),
    "extra top field": lambda d: d.update(extra=1),
    "an array": lambda d: b"[]",
    "other format": lambda d: d.update(format="iets-anders"),
    "version nought": lambda d: d.update(version=0),
}


@pytest.mark.parametrize("name", HOSTILE_DOSSIERS)
def test_a_hostile_dossier_with_a_good_seal(sealed_bytes: bytes, tmp_path: Path, name: str) -> None:
    files = files_of(inner_of(sealed_bytes, ZEIST))
    files[model.DOSSIER] = dossier_with(HOSTILE_DOSSIERS[name])
    found = refusal(resealed(signed_bag(files)), tmp_path)
    assert found.reason is R.DOSSIER_UNREADABLE


HOSTILE_HEADERS: list[tuple[str, Callable[[dict[str, Any]], object], RefusalReason]] = [
    ("newer", lambda h: h.update(version=2), R.UNKNOWN_VERSION),
    ("version text", lambda h: h.update(version="1"), R.HEADER_UNREADABLE),
    ("version nought", lambda h: h.update(version=0), R.HEADER_UNREADABLE),
    ("other format", lambda h: h.update(format="x"), R.HEADER_UNREADABLE),
    ("extra field", lambda h: h.update(naam="x"), R.HEADER_UNREADABLE),
    ("no id", lambda h: h.pop("id"), R.HEADER_UNREADABLE),
    ("odd id", lambda h: h.update(id=h["id"].upper()), R.HEADER_UNREADABLE),
    ("other file", lambda h: h["payload"].update(file="LEESMIJ.txt"), R.HEADER_UNREADABLE),
    ("short digest", lambda h: h["payload"].update(sha512="ab"), R.HEADER_UNREADABLE),
    ("other size", lambda h: h["payload"].update(size=1), R.PAYLOAD_DAMAGED),
    ("fingerprint", lambda h: h.update(recipient="1" * 30), R.HEADER_UNREADABLE),
    ("deep", lambda h: b"[" * 5000, R.HEADER_UNREADABLE),
    ("large", lambda h: b'"' + b"a" * 20_000 + b'"', R.TOO_LARGE),
    ("not JSON", lambda h: b"hallo", R.HEADER_UNREADABLE),
]


@pytest.mark.parametrize(
    ("change", "reason"), [pytest.param(c, r, id=name) for name, c, r in HOSTILE_HEADERS]
)
def test_a_hostile_header_with_a_good_signature(
    sealed_bytes: bytes,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], object],
    reason: RefusalReason,
) -> None:
    payload = files_of(sealed_bytes)[model.PAYLOAD]
    data = zip_of(outer_of(payload, header=change))
    assert refusal(data, tmp_path).reason is reason
