"""The rights on the relay that packaging/relay sets up, tried on that very configuration."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from support import relays
from support.relays import RELAY_SCRIPT, Served, new_account, relay_script

from intake_app.sync import connecting, names, trust
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.driver import Put
from intake_app.sync.errors import Paused, Reason
from intake_app.sync.proxies import Direct
from intake_app.sync.webdav import WebDav

TOWN, AZC = "ontvanger1", "afzender1"
ZID = "e" * 26
PART = names.part(TOWN, ZID, 0)
COMMIT = names.commit(TOWN, ZID)
RECEIPT = names.receipt(AZC, ZID, 1)
PROBE = names.probe(TOWN, ZID)


@pytest.fixture(scope="module", params=["password", "certificate"])
def relay(request: pytest.FixtureRequest) -> Iterator[Served]:
    """The relay with each way to log in."""
    try:
        with relays.apache((TOWN, AZC), certificates=request.param == "certificate") as served:
            yield served
    except relays.Absent as missing:
        pytest.skip(f"{missing} is not installed")


def client(place: RelayPlace) -> httpx2.Client:
    return httpx2.Client(
        base_url=place.address,
        auth=(place.user, place.password) if place.user else None,
        verify=trust.context(place.certificate),
        trust_env=False,
    )


def statuses(place: RelayPlace, *asked: tuple[str, str]) -> list[int]:
    with client(place) as web:
        return [
            web.request(
                method,
                name,
                headers={"Destination": f"{place.address}{PART}x"}
                | ({"Depth": "1"} if method == "PROPFIND" else {}),
                content=b"x" if method == "PUT" else None,
            ).status_code
            for method, name in asked
        ]


@pytest.fixture
def filled(relay: Served) -> Iterator[Served]:
    """A zending in the box of the town and its receipt in the box of the sender."""
    laptop = connecting.relay(relay.laptop(AZC), proxy=Direct())
    town = connecting.box(relay.owner(TOWN), proxy=Direct())
    for name in (PART, COMMIT, PROBE):
        assert laptop.put(name, name.encode()) is Put.NEW
    assert town.put(RECEIPT, b"receipt") is Put.NEW
    yield relay
    sender = connecting.box(relay.owner(AZC), proxy=Direct())
    for name in (PART, COMMIT, PROBE):
        town.drop(name)
    sender.drop(RECEIPT)
    for driver in (laptop, town, sender):
        driver.close()


def test_a_sender_puts_and_looks_and_nothing_else(filled: Served) -> None:
    laptop = filled.laptop(AZC)
    assert statuses(laptop, ("HEAD", PART), ("HEAD", COMMIT)) == [200, 200]
    never = [
        ("GET", PART),
        ("GET", COMMIT),
        ("DELETE", PART),
        ("PROPFIND", names.inbox(TOWN)),
        ("PROPFIND", f"v1/in/{TOWN}"),
        ("PROPFIND", names.outbox(AZC)),
        ("PROPFIND", names.inbox(AZC)),
        ("PROPFIND", "v1/in/"),
        ("PROPFIND", "v1/"),
        ("PROPFIND", ""),
        ("PROPFIND", PART),
        ("GET", names.inbox(TOWN)),
        ("MOVE", PART),
        ("COPY", PART),
        ("LOCK", PART),
        ("PROPPATCH", PART),
        ("MKCOL", "v1/in/nieuw1/"),
        ("MKCOL", f"{names.inbox(TOWN)}map/"),
        ("PUT", f"{names.inbox(TOWN)}naam.pdf"),
        ("PUT", f"{names.inbox(TOWN)}.htaccess"),
        ("PUT", f"v1/in/{TOWN}/map/{ZID}.0000"),
        ("PUT", f"v1/in/{TOWN}/{ZID}.00000"),
        ("PUT", f"v1/in/{TOWN}/{ZID}.r1"),
        ("PUT", f"v1/uit/{TOWN}/{ZID}.0000"),
        ("GET", "access/accounts"),
        ("GET", "../access/accounts"),
        ("GET", "%2e%2e/access/groups"),
        ("POST", PART),
        ("OPTIONS", PART),
        ("GET", f"v1/in/{TOWN}/%2e%2e/../uit/{TOWN}/"),
    ]
    refused = statuses(laptop, *never)
    wrong = [
        (what, got)
        for what, got in zip(never, refused, strict=True)
        if got not in {400, 403, 404, 405}
    ]
    assert wrong == []
    assert statuses(filled.owner(TOWN), ("GET", PART), ("GET", COMMIT)) == [200, 200]
    assert not (filled.post / "v1" / "in" / "nieuw1").exists()


def test_a_receipt_is_fetched_by_the_laptops_of_its_sender_only(filled: Served) -> None:
    assert statuses(filled.laptop(TOWN), ("GET", RECEIPT), ("DELETE", RECEIPT)) == [403, 403]
    assert statuses(filled.owner(TOWN), ("GET", RECEIPT), ("DELETE", RECEIPT)) == [403, 403]
    assert statuses(filled.laptop(AZC), ("GET", RECEIPT), ("DELETE", RECEIPT)) == [200, 204]


def test_an_owner_empties_its_own_box_and_no_other(filled: Served) -> None:
    town, other = filled.owner(TOWN), filled.owner(AZC)
    assert statuses(other, ("PROPFIND", names.inbox(TOWN)), ("GET", PART), ("DELETE", PART)) == [
        403,
        403,
        403,
    ]
    box = connecting.box(town, proxy=Direct())
    assert set(box.names(names.inbox(TOWN))) == {PART, COMMIT, PROBE}
    assert box.get(PART, limit=99) == PART.encode()
    box.drop(PART)
    assert box.size(PART) is None
    box.close()


def test_everybody_may_try_a_probe(filled: Served) -> None:
    for place in (filled.laptop(AZC), filled.laptop(TOWN), filled.owner(TOWN)):
        assert statuses(place, ("PUT", PROBE), ("HEAD", PROBE), ("GET", PROBE)) == [204, 200, 200]
    assert statuses(filled.laptop(AZC), ("DELETE", PROBE), ("DELETE", PROBE)) == [204, 404]


def test_a_file_that_is_there_is_never_replaced_by_a_put_once(filled: Served) -> None:
    laptop = connecting.relay(filled.laptop(AZC), proxy=Direct())
    assert laptop.put(PART, b"anders") is Put.PRESENT
    assert laptop.size(PART) == len(PART)
    laptop.close()


def test_more_than_a_mebibyte_at_once_is_not_taken(filled: Served) -> None:
    laptop = connecting.relay(filled.laptop(AZC), proxy=Direct())
    with pytest.raises(Paused) as told:
        laptop.put(names.part(TOWN, ZID, 7), bytes((1 << 20) + 1))
    assert told.value.reason is Reason.TOO_LARGE
    laptop.close()


def test_who_has_no_account_does_nothing(filled: Served) -> None:
    place = filled.laptop(AZC)
    roots = trust.authorities(place.certificate).decode("ascii")
    if not place.user:  # the authority of the laptops is that of the server
        assert roots.count("BEGIN CERTIFICATE") == 1
    nobody = WebDav(place.address, certificate=roots, proxy=Direct())
    for work in (
        lambda: nobody.put(PART, b"x"),
        lambda: nobody.size(PART),
        lambda: nobody.names(names.inbox(TOWN)),
        lambda: nobody.get(PROBE, limit=99),
    ):
        with pytest.raises(Paused) as told:
            work()
        assert told.value.reason is Reason.NOT_ALLOWED
    nobody.close()


def test_an_account_that_is_revoked_does_nothing_any_more(relay: Served) -> None:
    home = relay.post.parent
    place = new_account(home, relay.port, AZC, "laptop", "laptop-weg")
    driver = connecting.relay(place, proxy=Direct())
    assert driver.size(PART) is None
    relay_script(home, "revoke", "laptop-weg")
    with pytest.raises(Paused) as told:
        driver.size(PART)
    assert told.value.reason is Reason.NOT_ALLOWED
    driver.close()


def test_nobody_reads_secrets_or_names_on_the_server(filled: Served) -> None:
    home = filled.post.parent
    for path in (home / "access").iterdir():
        assert not path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH), path.name
        if path.suffix in {".key", ".pem"}:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    accounts = (home / "access" / "accounts").read_text(encoding="ascii")
    for place in (filled.laptop(AZC), filled.owner(TOWN)):
        assert not place.password or place.password not in accounts
    log = (home / "log" / "access.log").read_text(encoding="ascii")
    assert log
    for secret in ("127.0.0.1", TOWN, AZC, ZID, "laptop"):
        assert secret not in log


def test_the_test_of_the_script_passes_and_leaves_nothing(relay: Served) -> None:
    try:
        relays.needed("curl")
    except relays.Absent:
        pytest.skip("curl is not installed")
    home = relay.post.parent
    before = (
        sorted(p for p in home.rglob("*") if "log" not in p.parts),
        (home / "access" / "groups").read_text(),
    )
    relay_script(home, "test")
    after = (
        sorted(p for p in home.rglob("*") if "log" not in p.parts),
        (home / "access" / "groups").read_text(),
    )
    assert after == before


def test_the_test_of_the_script_fails_when_a_right_is_wrong(relay: Served) -> None:
    try:
        relays.needed("curl")
    except relays.Absent:
        pytest.skip("curl is not installed")
    home = relay.post.parent
    rules = home / "apache" / "relay.conf"
    good = rules.read_text(encoding="ascii")
    relay.stop()
    try:
        rules.write_text(good.replace("{ 'PUT', 'HEAD' }", "{ 'PUT', 'HEAD', 'GET' }"))
        relay.start()
        with pytest.raises(RuntimeError, match=r"FOUT\s+kan het niet terughalen"):
            relay_script(home, "test")
    finally:
        relay.stop()
        rules.write_text(good, encoding="ascii")
        relay.start()


def test_what_lies_too_long_is_cleaned_and_nothing_else(relay: Served) -> None:
    home = relay.post.parent
    box = relay.post / "v1" / "in" / TOWN
    ages = {
        f"{'f' * 26}.0000": 31,
        f"{'g' * 26}.ok": 29,
        f"{'h' * 26}.x": 400,
        ".davfs.tmpAbC123": 2,
        ".davfs.tmpDeF456": 0.5,
    }
    for name, days in ages.items():
        (box / name).write_bytes(b"x")
        then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
        os.utime(box / name, (then, then))
    relay_script(home, "clean")
    left = {path.name for path in box.iterdir()}
    assert left == {f"{'g' * 26}.ok", ".davfs.tmpDeF456"}
    assert (relay.post / "v1" / "uit" / AZC).is_dir()
    relay_script(home, "clean", "0")
    for path in box.iterdir():
        path.unlink()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("iets",),
        ("set-up",),
        ("set-up", "--name", "bad name", "--user", "--plain"),
        ("set-up", "--name", "localhost", "--plain"),
        ("set-up", "--name", "localhost", "--user"),
        ("box", "Te Lang!"),
        ("account", "ontvanger1"),
        ("account", "../x", "laptop"),
        ("account", "ontvanger1", "laptop", "a b"),
        ("clean", "-1; true"),
        ("revoke",),
    ],
)
def test_a_wrong_command_changes_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [str(RELAY_SCRIPT), *arguments],
        env={**os.environ, "RELAY_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {1, 2}
    assert done.stderr
    assert list(tmp_path.iterdir()) == []
