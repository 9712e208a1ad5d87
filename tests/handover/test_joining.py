"""The request and the answer of a vault that joins an organisation."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from handover_samples import AZC, HOUTEN, NOW, ZEIST, counted_random

from intake_app.crypto import sshsig
from intake_app.crypto.age import encrypt, generate_identity, open_decrypted, parse_recipient
from intake_app.crypto.sshsig import SigningKey
from intake_app.crypto.strict_json import canonical_json
from intake_app.domain.actor import Organisation, Profile
from intake_app.handover.address_book import REVOKED
from intake_app.handover.joining import (
    ANSWER_LIMIT,
    NAMESPACE,
    REQUEST_LIMIT,
    SENTENCES,
    VALID,
    JoinAnswer,
    JoinRefusal,
    JoinRefused,
    JoinRequest,
    check_age,
    read_answer,
    read_request,
    write_answer,
    write_request,
)

R = JoinRefusal
RANDOM = counted_random("deelname")
ONE_TIME = generate_identity(random=RANDOM)
OTHER = generate_identity(random=RANDOM)
REQUEST = JoinRequest(
    vault_id=UUID(int=5),
    label="Laptop Samira",
    profile=Profile.ONTVANGST,
    practice=False,
    age_recipient=ONE_TIME.recipient.encode(),
    nonce="5a" * 32,
    made_at=NOW,
)
OLD, NEW = (generate_identity(random=RANDOM).encode() for _ in range(2))
ANSWER = JoinAnswer(
    organisation=Organisation(UUID(int=9), "Gemeente Proef", Profile.ONTVANGST, ("0355", "0344")),
    age_identities=(NEW, OLD),
    signing_seed=ZEIST.key.seed,
    from_vault=UUID(int=6),
    made_at=NOW,
)
FILE = write_answer(ANSWER, REQUEST, random=RANDOM)


def plain_of(file: bytes) -> dict[str, Any]:
    found = json.loads(open_decrypted([ONE_TIME], BytesIO(file)).read())
    assert isinstance(found, dict)
    return found


def sealed(plain: object, recipient: str = REQUEST.age_recipient) -> bytes:
    out = BytesIO()
    text = plain if isinstance(plain, bytes) else canonical_json(plain)
    encrypt([parse_recipient(recipient)], BytesIO(text), out, random=RANDOM)
    return out.getvalue()


def signed(body: dict[str, Any], key: SigningKey = ZEIST.key, space: str = NAMESPACE) -> bytes:
    signature = sshsig.sign(key, space, canonical_json(body))
    return sealed({"body": body, "signature": signature})


def refused(data: bytes, request: JoinRequest = REQUEST, key: str = "") -> JoinRefusal:
    with pytest.raises(JoinRefused) as caught:
        read_answer(data, request, key or ONE_TIME.encode())
    return caught.value.reason


def request_refused(data: bytes) -> JoinRefusal:
    with pytest.raises(JoinRefused) as caught:
        read_request(data)
    return caught.value.reason


def changed(body: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    copy = json.loads(json.dumps(body))
    inside = copy
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    return copy


# ---- the request ---------------------------------------------------------------------------------


def test_a_request_comes_back_and_its_number_covers_every_field() -> None:
    assert read_request(write_request(REQUEST)) == REQUEST
    others = (
        {"vault_id": UUID(int=6)},
        {"label": "Laptop samira"},
        {"profile": Profile.AZC},
        {"practice": True},
        {"age_recipient": OTHER.recipient.encode()},
        {"nonce": "5b" + "5a" * 31},
        {"made_at": NOW + timedelta(microseconds=1)},
    )
    assert {name for each in others for name in each} == {
        field.name for field in dataclasses.fields(REQUEST)
    }
    numbers = {dataclasses.replace(REQUEST, **each).number for each in others}  # type: ignore[arg-type]
    assert len(numbers | {REQUEST.number}) == 8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "doorgaande-lijn-deelname"),
        ("version", "1"),
        ("version", True),
        ("vault", "5"),
        ("vault", str(UUID(int=5)).replace("-", "")),
        ("label", ""),
        ("label", "  "),
        ("label", "x" * 61),
        ("label", "twee\nregels"),
        ("label", None),
        ("profile", "gemeente"),
        ("profile", []),
        ("practice", 0),
        ("practice", "false"),
        ("age", "age1"),
        ("age", REQUEST.age_recipient.upper()),
        ("age", generate_identity("x25519", random=RANDOM).recipient.encode()),
        ("nonce", "5A" * 32),
        ("nonce", "5a" * 31),
        ("made", "gisteren"),
        ("made", 3),
        ("extra", 1),
    ],
)
def test_a_request_with_another_field_is_refused(name: str, value: object) -> None:
    plain = REQUEST.plain() | {name: value}
    assert request_refused(json.dumps(plain).encode()) is R.NOT_A_REQUEST


@pytest.mark.parametrize("name", list(REQUEST.plain()))
def test_a_request_that_lacks_a_field_is_refused(name: str) -> None:
    plain = {key: value for key, value in REQUEST.plain().items() if key != name}
    assert request_refused(json.dumps(plain).encode()) is R.NOT_A_REQUEST


def test_what_is_no_request_is_refused() -> None:
    good = write_request(REQUEST)
    for bad in (b"", b"{}", b"[]", b"\xff", good[:-5], good + b" " * REQUEST_LIMIT, FILE):
        assert request_refused(bad) is R.NOT_A_REQUEST
    newer = json.dumps(REQUEST.plain() | {"version": 2}).encode()
    assert request_refused(newer) is R.NEWER


@pytest.mark.parametrize("label", ["", "   ", "x" * 61, "twee\nregels", "half\ud800"])
def test_a_name_that_nobody_can_read_is_not_written(label: str) -> None:
    with pytest.raises(JoinRefused) as caught:
        write_request(dataclasses.replace(REQUEST, label=label))
    assert caught.value.reason is R.LABEL


def test_a_request_holds_seven_days_by_the_clock_of_who_judges() -> None:
    check_age(NOW, NOW + VALID)
    check_age(NOW + timedelta(days=1), NOW)
    for made, reason in ((NOW - VALID - timedelta(seconds=1), R.EXPIRED),
                         (NOW + timedelta(days=3), R.FROM_THE_FUTURE)):  # fmt: skip
        with pytest.raises(JoinRefused) as caught:
            check_age(made, NOW)
        assert caught.value.reason is reason


# ---- the answer ----------------------------------------------------------------------------------


def test_an_answer_comes_back_whole() -> None:
    found = read_answer(FILE, REQUEST, ONE_TIME.encode())
    assert found == ANSWER
    assert found.sign_public == ZEIST.key.public
    assert len(FILE) < 16 * 1024


def test_the_size_says_nothing_of_how_many_keys_there_are() -> None:
    one = dataclasses.replace(ANSWER, age_identities=(NEW,))
    assert len(write_answer(one, REQUEST, random=RANDOM)) == len(FILE)


def test_nothing_secret_shows_in_a_repr_or_a_refusal() -> None:
    shown = repr(ANSWER) + repr(REQUEST)
    with pytest.raises(JoinRefused) as caught:
        read_answer(signed(changed(plain_of(FILE)["body"], ("keys", "sign"), "x")), REQUEST,
                    ONE_TIME.encode())  # fmt: skip
    shown += repr(caught.value) + str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    for secret in (NEW, OLD, ONE_TIME.encode(), ZEIST.key.seed.hex(), repr(ZEIST.key.seed)):
        assert secret not in shown
        assert secret.encode() not in FILE


def test_another_vault_cannot_open_it() -> None:
    assert refused(FILE, key=OTHER.encode()) is R.NOT_FOR_US


@pytest.mark.parametrize(
    "change",
    [
        {"vault_id": UUID(int=7)},
        {"label": "Laptop Wim"},
        {"profile": Profile.AZC},
        {"practice": True},
        {"nonce": "00" * 32},
        {"made_at": NOW + timedelta(seconds=1)},
        {"age_recipient": OTHER.recipient.encode()},
    ],
)
def test_it_answers_one_request_only(change: dict[str, Any]) -> None:
    assert refused(FILE, dataclasses.replace(REQUEST, **change)) is R.OTHER_REQUEST


PATHS = [
    ("format",), ("version",), ("nonce",), ("request",), ("age",), ("vault",), ("from",),
    ("organisation", "id"), ("organisation", "name"), ("organisation", "profile"),
    ("organisation", "municipality_codes"), ("keys", "age"), ("keys", "sign"), ("made",),
]  # fmt: skip
GOOD_VALUES: dict[tuple[str, ...], object] = {
    ("nonce",): "00" * 32,
    ("request",): "00" * 32,
    ("age",): OTHER.recipient.encode(),
    ("vault",): str(UUID(int=77)),
    ("from",): str(UUID(int=77)),
    ("organisation", "id"): str(UUID(int=77)),
    ("organisation", "name"): "Gemeente Anders",
    ("organisation", "profile"): "azc",
    ("organisation", "municipality_codes"): ["0518"],
    ("keys", "age"): [OLD, NEW],
    ("keys", "sign"): HOUTEN.key.seed.hex(),
    ("made",): "2020-01-01T00:00:00Z",
}


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_no_field_can_be_changed_under_the_signature(path: tuple[str, ...]) -> None:
    plain = plain_of(FILE)
    if path in GOOD_VALUES:
        body = changed(plain["body"], path, GOOD_VALUES[path])
        assert refused(sealed(plain | {"body": body})) is R.SIGNATURE_BROKEN
    for wrong in (None, "", [], {}, "x", 1.5 if path == ("made",) else 99):
        body = changed(plain["body"], path, wrong)
        if body == plain["body"] or isinstance(wrong, float):
            continue
        reason = refused(sealed(plain | {"body": body}))
        assert reason in {R.NOT_AN_ANSWER, R.NEWER, R.SIGNATURE_BROKEN}, wrong


def test_every_field_is_named_in_the_tamper_test() -> None:
    body = plain_of(FILE)["body"]
    found = set()
    for name, value in body.items():
        found |= {(name, each) for each in value} if isinstance(value, dict) else {(name,)}
    assert found == set(PATHS)


@pytest.mark.parametrize("path", [("nonce",), ("request",), ("age",), ("vault",)], ids=".".join)
def test_an_honest_signature_on_another_binding_does_not_help(path: tuple[str, ...]) -> None:
    body = changed(plain_of(FILE)["body"], path, GOOD_VALUES[path])
    assert refused(signed(body)) is R.OTHER_REQUEST


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("organisation", "name"), "x" * 201),
        (("organisation", "name"), "twee\nregels"),
        (("organisation", "profile"), "gemeente"),
        (("organisation", "municipality_codes"), ["355"]),
        (("organisation", "extra"), 1),
        (("keys", "age"), []),
        (("keys", "age"), [NEW, NEW]),
        (("keys", "age"), [NEW.lower()]),
        (("keys", "age"), [NEW] * 17),
        (("keys", "age"), [REQUEST.age_recipient]),
        (("keys", "sign"), ZEIST.key.seed.hex().upper()),
        (("keys", "extra"), 1),
        (("extra",), 1),
        (("made",), "2026-11-22"),
    ],
)
def test_signed_nonsense_is_refused(path: tuple[str, ...], value: object) -> None:
    assert refused(signed(changed(plain_of(FILE)["body"], path, value))) is R.NOT_AN_ANSWER


def test_another_key_namespace_version_or_wrapping_is_refused() -> None:
    plain = plain_of(FILE)
    body = plain["body"]
    assert refused(signed(body, AZC.key)) is R.SIGNATURE_BROKEN
    assert refused(signed(body, space="doorgaande-lijn-zending-v1")) is R.SIGNATURE_BROKEN
    assert refused(signed(changed(body, ("version",), 2))) is R.NEWER
    for bad in (
        b"",
        FILE[:-1],
        FILE[: len(FILE) // 2],
        b"\x00" + FILE,
        b"x" * (ANSWER_LIMIT + REQUEST_LIMIT + 1),
        sealed(b"[]"),
        sealed({"body": body}),
        sealed(plain | {"extra": 1}),
        sealed(canonical_json(plain) + b"x"),
        write_request(REQUEST),
    ):
        assert refused(bad) is R.NOT_AN_ANSWER
    assert refused(sealed(plain | {"signature": 3})) is R.SIGNATURE_BROKEN


def test_every_flipped_byte_is_refused() -> None:
    for at in range(0, len(FILE), 97):
        bad = bytearray(FILE)
        bad[at] ^= 1
        assert refused(bytes(bad)) in {R.NOT_AN_ANSWER, R.NOT_FOR_US}


def test_the_book_has_to_have_these_very_keys() -> None:
    entry = dataclasses.replace(
        ZEIST.entry(),
        organisation_id=ANSWER.organisation.organisation_id,
        age_recipient=ANSWER.age_recipient,
    )
    assert ANSWER.agrees_with(entry)
    for change in (
        {"status": REVOKED},
        {"organisation_id": UUID(int=1)},
        {"age_recipient": OTHER.recipient.encode()},
        {"sign_public": HOUTEN.key.public},
    ):
        assert not ANSWER.agrees_with(dataclasses.replace(entry, **change))  # type: ignore[arg-type]


def test_each_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(JoinRefusal)
    for reason, sentence in SENTENCES.items():
        assert str(JoinRefused(reason)) == sentence
        assert sentence.endswith(".")
