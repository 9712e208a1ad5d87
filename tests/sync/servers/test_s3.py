"""What is particular to S3: the extra, its words for what goes wrong, and the policy."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import relays, rgw
from support.canned import Canned, canned
from support.chaos import Chaos, Faults, Portal

from intake_app.sync import connecting, names
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.driver import Box, Put
from intake_app.sync.errors import Later, Paused, Reason, Refused, SyncError
from intake_app.sync.proxies import Direct
from intake_app.sync.s3 import of_engine

GENERATOR = relays.RELAY_SCRIPT.with_name("s3_policy.py")
BOX, ZID = "gm7k2abcd", "k" * 26
PART, PROBE = names.part(BOX, ZID, 0), names.probe(BOX, ZID)
RECEIPT = names.receipt(BOX, ZID, 1)


@pytest.fixture
def server() -> Iterator[Canned]:
    pytest.importorskip("obstore")
    with canned() as made:
        yield made


@pytest.fixture
def relay(server: Canned) -> Iterator[Box]:
    place = RelayPlace("s3", f"http://127.0.0.1:{server.port}/dl-{{box}}", "sleutel", "geheim")
    made = connecting.box(place, proxy=Direct())
    yield made
    made.close()


def test_without_the_extra_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(Paused) as told:
        connecting.relay(RelayPlace("s3", "https://s3.example/postbus", "a", "b"))
    assert told.value.reason is Reason.EXTRA_MISSING
    assert "S3" in str(told.value)


@pytest.mark.parametrize(
    "address", ["", "https://s3.example", "https://s3.example/A B", "http://s3.example/postbus"]
)
def test_an_address_names_a_bucket(address: str) -> None:
    pytest.importorskip("obstore")
    with pytest.raises(Paused) as told:
        connecting.relay(RelayPlace("s3", address, "a", "b"))
    assert told.value.reason is Reason.ADDRESS


def test_the_box_names_its_bucket_and_a_put_asks_not_to_replace(server: Canned, relay: Box) -> None:
    server.say(200, {"ETag": '"x"'})
    assert relay.put(PART, b"inhoud") is Put.NEW
    method, path, headers, body = server.asked[-1]
    sent = {name.lower(): value for name, value in headers.items()}
    assert (method, path, body) == ("PUT", f"/dl-{BOX}/{PART}", b"inhoud")
    assert sent["if-none-match"] == "*"
    assert "geheim" not in str(headers)
    assert relay.put(PART, b"inhoud", once=False) is Put.NEW
    assert "if-none-match" not in {name.lower() for name in server.asked[-1][2]}


def test_a_drop_asks_for_one_file_by_name(server: Canned, relay: Box) -> None:
    server.say(204)
    relay.drop(PART)
    assert server.asked[-1][:2] == ("DELETE", f"/dl-{BOX}/{PART}")


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>", Paused, Reason.NOT_ALLOWED),
        (401, b"", Paused, Reason.NOT_ALLOWED),
        (503, b"<Error><Code>SlowDown</Code></Error>", Later, Reason.BUSY),
        (500, b"", Later, Reason.SERVER),
        (429, b"", Later, Reason.BUSY),
        (507, b"", Paused, Reason.FULL),
        (302, b"", Paused, Reason.PORTAL),
        (407, b"", Paused, Reason.PROXY_LOGIN),
        (404, b"<Error><Code>NoSuchBucket</Code></Error>", Refused, Reason.BOX_UNKNOWN),
    ],
)
def test_what_an_answer_to_a_put_means(
    server: Canned, relay: Box, status: int, body: bytes, kind: type[SyncError], reason: Reason
) -> None:
    server.say(status, {"Location": "http://127.0.0.1:9/"} if status == 302 else {}, body)
    with pytest.raises(kind) as told:
        relay.put(PART, b"x")
    assert told.value.reason is reason
    assert "127.0.0.1" not in str(told.value)
    assert told.value.__suppress_context__ or reason is Reason.BOX_UNKNOWN


def test_who_may_not_list_hears_not_allowed_for_what_is_not_there(
    server: Canned, relay: Box
) -> None:
    server.say(403, {}, b"<Error><Code>AccessDenied</Code></Error>")
    assert relay.size(PART) is None
    assert relay.get(PART, limit=9) is None
    with pytest.raises(Paused):
        relay.put(PART, b"x")
    server.say(403, {}, b"<Error><Code>InvalidAccessKeyId</Code></Error>")
    for work in (lambda: relay.size(PART), lambda: relay.get(PART, limit=9)):
        with pytest.raises(Paused) as told:
            work()
        assert told.value.reason is Reason.NOT_ALLOWED


def test_an_engine_that_is_not_there(server: Canned) -> None:
    for faults, kind, reason in (
        (Faults(refuse=True), Later, Reason.NO_CONNECTION),
        (Faults(portal=Portal.REDIRECT), Paused, Reason.PORTAL),
    ):
        with Chaos(server.port, faults=faults) as link:
            place = RelayPlace("s3", f"http://127.0.0.1:{link.port}/postbus", "a", "b")
            relay = connecting.relay(place, proxy=Direct())
            with pytest.raises(kind) as told:
                relay.put(PART, b"x")
            assert told.value.reason is reason
            relay.close()


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        ("invalid peer certificate: UnknownIssuer", Paused, Reason.CERTIFICATE),
        ("HttpError { kind: Connect, InvalidContentType }", Paused, Reason.PORTAL),
        ("operation timed out", Later, Reason.SLOW),
        ("dns error: failed to lookup address", Later, Reason.NO_CONNECTION),
        ("iets heel anders", Later, Reason.NO_CONNECTION),
    ],
)
def test_what_the_engine_says_means(said: str, kind: type[SyncError], reason: Reason) -> None:
    meant = of_engine(said)
    assert (type(meant), meant.reason) == (kind, reason)


def generated(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(GENERATOR), "--folder", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def arn(user: str) -> str:
    return f"arn:aws:iam:::user/{user}"


def made_policy(folder: Path) -> dict[str, object]:
    done = generated(
        folder,
        *("--bucket", f"dl-{BOX}", "--box", BOX, "--owner", arn("eigenaar")),
        *("--laptop", arn("laptop"), "--sender", arn("afzender")),
    )
    assert done.returncode == 0, done.stderr
    assert f"--bucket dl-{BOX}" in done.stdout
    read: dict[str, object] = json.loads((folder / "policy.json").read_text(encoding="utf-8"))
    return read


def test_the_policy_is_narrow(tmp_path: Path) -> None:
    statements = made_policy(tmp_path)["Statement"]
    text = json.dumps(statements)
    assert '"*"' not in text
    assert "s3:*" not in text
    assert isinstance(statements, list)
    lists = [s for s in statements if "s3:ListBucket" in s["Action"]]
    assert [s["Principal"]["AWS"] for s in lists] == [[arn("eigenaar")]]
    assert all("Condition" in s for s in lists)
    rule = json.loads((tmp_path / "lifecycle.json").read_text(encoding="utf-8"))["Rules"][0]
    assert (rule["Status"], rule["Expiration"]) == ("Enabled", {"Days": 30})


@pytest.mark.parametrize("who", ["*", "arn:aws:iam:::user/*", "afzender", 'x","y'])
def test_no_policy_lets_everybody_in(tmp_path: Path, who: str) -> None:
    done = generated(tmp_path, "--bucket", "abc", "--box", BOX, "--owner", who)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.soak
def test_the_policy_is_a_blind_drop_on_a_real_engine(tmp_path: Path) -> None:
    try:
        with rgw.cluster() as (cluster, served):
            keys = {name: cluster.new_user(name) for name in ("eigenaar", "laptop", "afzender")}
            stranger, root = cluster.new_user("vreemd"), cluster.new_user("beheer")
            rgw.new_bucket(served.port, f"dl-{BOX}", *root)
            policy = json.dumps(made_policy(tmp_path)).encode()
            rgw.signed(served.port, "PUT", f"/dl-{BOX}", *root, body=policy, query="policy")
            _try_rights(served.port, {**keys, "vreemd": stranger})
    except relays.Absent as missing:
        pytest.skip(f"{missing} is not installed")


def _try_rights(port: int, keys: dict[str, tuple[str, str]]) -> None:
    address = f"http://127.0.0.1:{port}/dl-{{box}}"
    as_ = {
        who: connecting.box(RelayPlace("s3", address, *pair), proxy=Direct())
        for who, pair in keys.items()
    }
    inbox = names.inbox(BOX)
    assert as_["afzender"].size(PART) is None
    assert as_["afzender"].put(PART, b"deel") is Put.NEW
    assert as_["afzender"].put(PART, b"anders") is Put.PRESENT
    assert as_["afzender"].size(PART) == 4
    assert as_["eigenaar"].put(RECEIPT, b"bewijs") is Put.NEW
    assert as_["laptop"].get(RECEIPT, limit=9) == b"bewijs"
    assert as_["afzender"].get(RECEIPT, limit=9) is None
    for who in ("afzender", "laptop", "vreemd"):
        for work in (
            lambda who=who: as_[who].names(inbox),
            lambda who=who: as_[who].drop(PART),
        ):
            with pytest.raises(Paused) as told:
                work()
            assert told.value.reason is Reason.NOT_ALLOWED
    with pytest.raises(Paused):
        as_["vreemd"].put(names.part(BOX, ZID, 1), b"x")
    assert as_["vreemd"].get(PART, limit=9) is None
    assert as_["afzender"].put(PROBE, b"proef") is Put.NEW
    as_["afzender"].drop(PROBE)
    assert as_["eigenaar"].names(inbox) == (PART,)
    assert as_["eigenaar"].get(PART, limit=9) == b"deel"
    as_["eigenaar"].drop(PART)
    assert as_["eigenaar"].names(inbox) == ()
