"""A file that a user or laptop signed: the organisation vouches for it inside, or it is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import bagit
import pytest
from handover_samples import (
    AZC,
    BOOK,
    CLASSIC,
    HOUTEN,
    LAPTOP,
    LIST,
    NOW,
    ROOTS,
    SIGNED,
    TODAY,
    USER,
    ZEIST,
    Case,
    Organisation,
    book_of,
    counted_random,
    encrypted,
    files_of,
    inner_of,
    open_as,
    outer_of,
    zip_of,
)
from test_medical import CARE, medical_dossier

from intake_app.crypto import sshsig
from intake_app.crypto.sshsig import SigningKey
from intake_app.handover import bag, model
from intake_app.handover.address_book import REVOKED, AddressBook
from intake_app.handover.dossier import to_json
from intake_app.handover.errors import Refusal, RefusalReason, SealedTooEarly
from intake_app.handover.holders import HolderList, SignedList, signed_list
from intake_app.handover.model import Kind, SealedFile
from intake_app.handover.open import OpenedHandover, open_alone, open_sealed
from intake_app.handover.seal import seal

R = RefusalReason


def later(**changes: Any) -> HolderList:
    """Return a newer list in which the first holder is changed."""
    first = dataclasses.replace(LIST.holders[0], **changes)
    return dataclasses.replace(LIST, serial=4, holders=(first, LIST.holders[1]))


def sealed_by(
    key: SigningKey, folder: Path, holders: SignedList | None = SIGNED, **changes: Any
) -> SealedFile:
    request = Case(folder, changes={"holders": holders, **changes}).request()
    return seal(request, key, folder, random=counted_random("holder"))


def opened(path: Path, known: HolderList | None = None, book: AddressBook = BOOK) -> OpenedHandover:
    asked: list[UUID] = []

    def newest(organisation: UUID) -> HolderList | None:
        asked.append(organisation)
        return known

    found = open_sealed(
        path,
        identities=[ZEIST.identity],
        own_public=ZEIST.key.public,
        directory=book,
        seen=lambda _sender, _number: False,
        known_holders=newest,
    )
    assert asked == [AZC.party.organisation_id]
    return found


def refused(path: Path, known: HolderList | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        opened(path, known)
    return caught.value


def forged(
    folder: Path,
    *,
    key: SigningKey = USER,
    holders: bytes | None = SIGNED.text,
    signature: bytes = SIGNED.signature.encode(),
    tagged: bool = True,
    sender: Organisation = AZC,
) -> Path:
    """Return a file as a thief with `key` would make it around an honest content."""
    good = files_of(inner_of(Case(folder).seal().path.read_bytes(), ZEIST))
    files = {name: data for name, data in good.items() if name not in bag.HOLDER_FILES}
    tags = list(bag.TAG_FILES)
    if holders is not None:
        files |= {bag.HOLDERS: holders, bag.HOLDERS_SIGNATURE: signature}
        tags += bag.HOLDER_FILES if tagged else ()
    digest = {name: hashlib.sha512(files[name]).hexdigest() for name in tags}
    files[bag.TAG_MANIFEST] = bag.write_digests(digest)
    files[bag.TAG_SIGNATURE] = sshsig.sign(key, model.NAMESPACE, files[bag.TAG_MANIFEST]).encode()
    outer = outer_of(encrypted(zip_of(files), ZEIST), sender=sender)
    text = outer[model.HEADER]
    outer[model.HEADER_SIGNATURE] = sshsig.sign(key, model.NAMESPACE, text).encode()
    path = folder / "vals.zip"
    path.write_bytes(zip_of(outer))
    return path


@pytest.mark.parametrize(("key", "number"), [(USER, 0), (LAPTOP, 1)])
def test_opened_and_said_who_signed(tmp_path: Path, key: SigningKey, number: int) -> None:
    found = opened(sealed_by(key, tmp_path).path)
    assert found.holder == LIST.holders[number]
    assert found.holders == SIGNED
    assert found.sender == AZC.entry()
    assert found.manifest.sender == AZC.party


def test_the_organisations_own_key_needs_no_list(case: Case) -> None:
    found = opened(case.seal().path)
    assert (found.holder, found.holders) == (None, None)


def test_without_a_vault_too(tmp_path: Path) -> None:
    path = sealed_by(USER, tmp_path).path
    for directory in (BOOK, None):
        found = open_alone(path, identities=[ZEIST.identity], directory=directory)
        assert found.holder == LIST.holders[0]
        assert found.sender.fingerprint == AZC.party.fingerprint


def test_nothing_of_the_list_stands_outside(tmp_path: Path) -> None:
    outside = files_of(sealed_by(USER, tmp_path).path.read_bytes())
    outside.pop(model.PAYLOAD)
    whole = b"".join(outside.values())
    for holder in LIST.holders:
        assert str(holder.holder_id).encode() not in whole
    assert b"2026" not in whole


def test_a_revoked_holder_is_refused_by_name(tmp_path: Path) -> None:
    path = sealed_by(USER, tmp_path).path
    found = refused(path, later(status=REVOKED))
    assert found.reason is R.HOLDER_REVOKED
    assert "ingetrokken door AZC De Wilg" in str(found)
    # Revoked stays revoked, whatever serial the list in the file has.
    old = dataclasses.replace(later(status=REVOKED), serial=1)
    assert refused(path, old).reason is R.HOLDER_REVOKED
    # The other one on the same list is not touched by it.
    (tmp_path / "b").mkdir()
    other = sealed_by(LAPTOP, tmp_path / "b").path
    assert opened(other, later(status=REVOKED)).holder == LIST.holders[1]


def test_a_revoked_one_is_refused_before_anything_is_decrypted(tmp_path: Path) -> None:
    path = sealed_by(USER, tmp_path).path
    with pytest.raises(Refusal) as caught:
        open_sealed(
            path,
            identities=(),
            own_public="",
            directory=BOOK,
            seen=lambda _sender, _number: False,
            known_holders=lambda _organisation: later(status=REVOKED),
        )
    assert caught.value.reason is R.HOLDER_REVOKED


def test_a_thief_with_an_old_list_is_refused(tmp_path: Path) -> None:
    """The list in the file still names the laptop; a newer one does not."""
    gone = dataclasses.replace(LIST, serial=4, holders=LIST.holders[1:])
    assert refused(sealed_by(USER, tmp_path).path, gone).reason is R.HOLDER_REVOKED


def test_an_older_list_of_ours_takes_nothing_away(tmp_path: Path) -> None:
    older = dataclasses.replace(LIST, serial=2, holders=LIST.holders[1:])
    assert opened(sealed_by(USER, tmp_path).path, older).holder == LIST.holders[0]


def test_who_left_before_that_day(tmp_path: Path) -> None:
    path = sealed_by(USER, tmp_path).path
    assert refused(path, later(until_date=TODAY)).reason is R.HOLDER_NOT_VALID_THEN
    # What was signed while it held is read for ever.
    after = later(until_date=TODAY + timedelta(days=1))
    assert opened(path, after).holder == LIST.holders[0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: {"holders": None},
        lambda: {"signature": signed_list(LIST, HOUTEN.key).signature.encode()},
        lambda: {"signature": b"x"},
        lambda: {"signature": b"\xff"},
        lambda: {"holders": SIGNED.text + b"\n"},
        lambda: {"holders": b"{}"},
        lambda: {"holders": json.dumps(LIST.plain()).encode()},
        lambda: {"holders": SIGNED.text.replace(b'"serial":3', b'"serial":9')},
        lambda: {"key": ROOTS[5]},
        lambda: _of(HOUTEN),
    ],
    ids=["none", "other key", "junk", "bytes", "form", "empty", "spaces", "edited", "thief", "org"],
)
def test_nobody_vouches(tmp_path: Path, spoil: Callable[[], dict[str, Any]]) -> None:
    assert refused(forged(tmp_path, **spoil())).reason is R.HOLDER_UNKNOWN


def _of(organisation: Organisation) -> dict[str, Any]:
    other = dataclasses.replace(LIST, organisation_id=organisation.party.organisation_id)
    made = signed_list(other, AZC.key)
    return {"holders": made.text, "signature": made.signature.encode()}


def test_the_forger_is_honest_otherwise(tmp_path: Path) -> None:
    """The control of the test above: with the right list the same file opens."""
    assert opened(forged(tmp_path)).holder == LIST.holders[0]


def test_a_list_that_the_bag_does_not_name(tmp_path: Path) -> None:
    assert refused(forged(tmp_path, tagged=False)).reason is R.MANIFEST_MISMATCH


def test_a_list_where_the_organisation_signed_itself(tmp_path: Path) -> None:
    assert refused(forged(tmp_path, key=AZC.key)).reason is R.MANIFEST_MISMATCH


def test_a_list_of_another_time(tmp_path: Path) -> None:
    over = dataclasses.replace(
        LIST, issued=NOW - timedelta(days=9), expires=NOW - timedelta(days=3)
    )
    made = signed_list(over, AZC.key)
    path = forged(tmp_path, holders=made.text, signature=made.signature.encode())
    assert refused(path).reason is R.HOLDER_NOT_VALID_THEN


def test_a_revoked_organisation_vouches_for_nobody(tmp_path: Path) -> None:
    path = sealed_by(USER, tmp_path).path
    with pytest.raises(Refusal) as caught:
        open_as(path, book=book_of(AZC.entry(status=REVOKED), ZEIST.entry()))
    assert caught.value.reason is R.SENDER_REVOKED


@pytest.mark.parametrize(
    ("key", "holders"),
    [
        (ROOTS[5], SIGNED),
        (USER, None),
        (USER, signed_list(LIST, HOUTEN.key)),
        (USER, signed_list(later(status=REVOKED), AZC.key)),
        (USER, signed_list(later(until_date=TODAY), AZC.key)),
        (USER, signed_list(dataclasses.replace(LIST, expires=NOW - timedelta(hours=50)), AZC.key)),
    ],
    ids=["not on it", "no list", "of another", "revoked", "left", "expired"],
)
def test_the_writer_seals_nothing_that_is_refused(
    tmp_path: Path, key: SigningKey, holders: SignedList | None
) -> None:
    with pytest.raises(ValueError, match="vouches"):
        sealed_by(key, tmp_path, holders)
    assert not list(tmp_path.iterdir())


def test_padded_to_the_byte(tmp_path: Path) -> None:
    """The list counts in the size that is padded; validated by another reader of bags."""
    inner = inner_of(sealed_by(USER, tmp_path).path.read_bytes(), ZEIST)
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "zak")
    bagit.Bag(str(tmp_path / "zak")).validate()
    assert (tmp_path / "zak" / bag.HOLDERS).read_bytes() == SIGNED.text


@pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("age", "unzip", "ssh-keygen", "sha512sum")),
    reason="needs age, unzip, ssh-keygen and sha512sum",
)
@pytest.mark.parametrize("vouched", [True, False], ids=["vouched for", "not vouched for"])
def test_the_commands_of_the_readme_as_they_stand(tmp_path: Path, vouched: bool) -> None:
    """Without us the chain is checked too: organisation, list, colleague, content."""
    request = Case(tmp_path, recipient=CLASSIC, changes={"holders": SIGNED}).request()
    path = seal(request, USER, tmp_path, random=counted_random("holder")).path
    readme = zipfile.ZipFile(path).read(model.README).decode().replace("\r\n", "\n")
    commands = [
        line.strip()
        for line in readme.split("\n")
        if line.startswith("     ")
        and line.split()[0] in {"unzip", "cd", "ssh-keygen", "sha512sum", "age", "grep"}
    ]
    assert len(commands) == 13
    organisation = AZC if vouched else HOUTEN
    (tmp_path / "afzenders").write_text(f"afzender {organisation.key.public}\n")
    (tmp_path / "sleutel.txt").write_text(CLASSIC.identity.encode() + "\n")
    done = subprocess.run(
        ["bash", "-eux", "-o", "pipefail", "-c", "\n".join(commands)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is vouched, done.stderr
    assert done.stdout.count("Good") == (4 if vouched else 1)


def test_a_medical_envelope_by_a_holder_is_still_one(tmp_path: Path) -> None:
    changes = {"holders": SIGNED, "kind": Kind.MEDICAL, "recipient": CARE.party}
    case = Case(tmp_path, dossier_json=to_json(medical_dossier()), changes=changes)
    path = seal(case.request(), USER, tmp_path, random=counted_random("m")).path
    found = open_alone(path, identities=[CARE.identity], directory=BOOK)
    assert found.manifest.kind is Kind.MEDICAL
    assert found.holder == LIST.holders[0]


@pytest.mark.parametrize("days", [1, 400])
def test_a_clock_before_the_colleagues_day_is_said_in_words(tmp_path: Path, days: int) -> None:
    day = LIST.holders[0].from_date
    early = NOW.replace(year=day.year, month=day.month, day=day.day) - timedelta(days=days)
    with pytest.raises(SealedTooEarly, match="klok"):
        sealed_by(USER, tmp_path, created=early)
    assert list(tmp_path.glob("*.zip")) == []
