"""The settings of the relays: what can be one, what is kept, and the test of a connection."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from support.vaults import START, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import relays
from intake_app.flows.relays import RelayPlace, RelayRefused, SyncSettings, TestStep
from intake_app.sync import names
from intake_app.sync.driver import Put
from intake_app.sync.errors import SENTENCES, Later, Paused, Reason, SyncError

BOX = "vak0123456789"
DAV = RelayPlace("webdav", "https://postbus.voorbeeld.nl/dav", "laptop", "heel geheim")
S3 = RelayPlace("s3", "https://opslag.voorbeeld.nl/in-{box}", "sleutel", "geheim")


@pytest.fixture
def vault(tmp_path):
    made = prepared_vault(tmp_path / "kluis")
    yield made
    made.close()


@pytest.fixture(scope="module")
def pem() -> str:
    """A client certificate with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "laptop")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=9))
        .sign(key, SHA256())
    )
    return (
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    ).decode()


def without_key(pem: str) -> str:
    return pem[: pem.index("-----BEGIN PRIVATE KEY")]


# ---- what is kept --------------------------------------------------------------------------------


def test_nothing_is_set_up_in_a_new_vault(vault):
    assert relays.settings(vault) == SyncSettings()
    assert not relays.settings(vault).is_set_up


def test_what_was_saved_comes_back(vault, pem):
    wanted = SyncSettings(replace(DAV, certificate=pem), S3, while_locked=True, ask_above_bytes=123)
    relays.save(vault, wanted)
    assert relays.settings(vault) == wanted


def test_a_folder_keeps_no_login(vault, tmp_path):
    place = RelayPlace("folder", f" {tmp_path} ", "wie", "geheim", "x")
    relays.save(vault, SyncSettings(send=place))
    assert relays.settings(vault).send == RelayPlace("folder", str(tmp_path))


def test_the_password_is_nowhere_outside_the_vault(vault):
    relays.save(vault, SyncSettings(send=DAV))
    assert "heel geheim" not in repr(relays.settings(vault))
    found = [p for p in vault.folder.rglob("*") if p.is_file()]
    assert not any(b"heel geheim" in p.read_bytes() for p in found)


def test_a_setting_that_this_program_does_not_know_is_no_place(vault):
    relays.save(vault, SyncSettings(send=DAV))
    from intake_app.flows.acting import actor_of

    with vault.transaction(actor_of(vault), "proef") as tx:
        tx.settings.set("sync.postbussen", json.dumps({"send": {"kind": "post", "address": "x"}}))
    assert relays.settings(vault) == SyncSettings()


def test_only_beheer_may_change_it(vault):
    roles = tuple(role for role in vault.user.roles if role is not UserRole.BEHEER)
    vault.user = replace(vault.user, roles=roles)
    with pytest.raises(RelayRefused, match="rol beheer"):
        relays.save(vault, SyncSettings(send=DAV))
    assert not relays.settings(vault).is_set_up


# ---- what can be wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("", "hele adres"),
        ("postbus.voorbeeld.nl", "hele adres"),
        ("ftp://postbus.voorbeeld.nl", "hele adres"),
        ("https://", "hele adres"),
        ("https://[half", "hele adres"),
        ("https://postbus.voorbeeld.nl:http/", "hele adres"),
        ("http://postbus.voorbeeld.nl/dav", "niet beveiligd"),
        ("https://wie:geheim@postbus.voorbeeld.nl", "wachtwoord"),
        ("https://postbus.voorbeeld.nl/?a=b", "te veel"),
        ("https://postbus.voorbeeld.nl/#hier", "te veel"),
    ],
)
def test_an_address_that_will_not_do(address, part):
    (problem,) = relays.check(replace(DAV, address=address))
    assert problem.field == "address"
    assert part in problem.text


@pytest.mark.parametrize(
    "address", ["https://a.nl", "http://localhost:8080/dav", "http://127.0.0.1:1/", "http://[::1]/"]
)
def test_addresses_that_will_do(address):
    assert relays.check(replace(DAV, address=address)) == ()


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (replace(DAV, password=""), "password"),
        (replace(DAV, user=""), "user"),
        (replace(DAV, user="", password=""), "user"),
        (replace(DAV, certificate="niets"), "certificate"),
        (replace(DAV, user="x" * 201), "user"),
        (replace(S3, user="", password="x"), "user"),
        (replace(S3, password=""), "password"),
        (replace(S3, address="https://opslag.voorbeeld.nl"), "address"),
        (RelayPlace("folder", ""), "address"),
        (RelayPlace("folder", "ergens/hier"), "address"),
    ],
)
def test_each_problem_stands_at_its_field(place, field):
    found = relays.check(place)
    assert [problem.field for problem in found] == [field]
    assert found[0].text.endswith(".")


def test_a_certificate_logs_in_by_itself(pem):
    place = replace(DAV, user="", password="")
    assert relays.check(replace(place, certificate=pem)) == ()
    (problem,) = relays.check(replace(place, certificate=without_key(pem)))
    assert problem.field == "certificate"
    # an authority to trust may stand beside a name and password
    assert relays.check(replace(DAV, certificate=without_key(pem))) == ()


def test_the_vault_itself_is_no_relay(vault):
    inside = RelayPlace("folder", str(vault.folder / "uitgaand"))
    with pytest.raises(RelayRefused, match="kluis zelf"):
        relays.save(vault, SyncSettings(receive=inside))


def test_certificates_are_read_and_refused_in_words(tmp_path, pem):
    path = tmp_path / "laptop.pem"
    path.write_text(pem, encoding="ascii")
    assert relays.read_certificate(path) == pem
    for raw in (b"", b"\xff\xfe", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"):
        path.write_bytes(raw)
        with pytest.raises(RelayRefused, match="certificaat"):
            relays.read_certificate(path)
    with pytest.raises(RelayRefused):
        relays.read_certificate(tmp_path / "nergens.pem")


def test_a_locked_key_is_refused(pem):
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"x"),
    ).decode()
    assert "wachtwoord" in relays.certificate_problem(without_key(pem) + locked)


# ---- trying it -----------------------------------------------------------------------------------


class FakeBox:
    """A box in memory that fails where it is told to."""

    def __init__(self, fails: dict[str, SyncError] | None = None, *, eats: bool = False) -> None:
        self.files: dict[str, bytes] = {}
        self.fails, self.eats = fails or {}, eats
        self.seen: list[str] = []
        self.closed = False

    def _do(self, what: str, name: str) -> None:
        self.seen.append(name)
        if what in self.fails:
            raise self.fails[what]

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        self._do("put", name)
        self.files[name] = data[:-1] if self.eats else data
        return Put.NEW

    def size(self, name: str) -> int | None:
        self._do("size", name)
        return len(self.files[name]) if name in self.files else None

    def get(self, name: str, *, limit: int) -> bytes | None:
        self._do("get", name)
        return self.files.get(name)

    def drop(self, name: str) -> None:
        self._do("drop", name)
        self.files.pop(name, None)

    def names(self, prefix: str) -> tuple[str, ...]:
        self._do("names", next(iter(self.files)))
        return tuple(name for name in self.files if name.startswith(prefix))

    def close(self) -> None:
        self.closed = True


def tried(box: FakeBox, vault, *, receives: bool = False):
    return relays.test(
        DAV, BOX, connect=lambda _place: box, random=vault.env.random, receives=receives
    )


def test_a_good_connection_leaves_nothing_behind(vault):
    box = FakeBox()
    report = tried(box, vault, receives=True)
    assert report.ok
    assert report.done == tuple(TestStep)
    assert box.files == {}
    assert box.closed
    assert {names.check(name) for name in box.seen} == {box.seen[0]}
    assert names.parse(box.seen[0]).kind is names.Kind.PROBE


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("kind", [Later, Paused])
def test_every_reason_is_said_in_words(vault, kind, reason):
    report = tried(FakeBox({"put": kind(reason)}), vault)
    assert report.problem == SENTENCES[reason]
    assert report.reason == reason
    assert report.done == (TestStep.CONNECT,)


def test_a_connection_that_cannot_even_be_made(vault):
    def connect(_place):
        raise Paused(Reason.FOLDER_GONE)

    report = relays.test(DAV, BOX, connect=connect, random=vault.env.random, receives=False)
    assert (report.done, report.reason) == ((), Reason.FOLDER_GONE)


def test_who_only_sends_need_not_clean_up(vault):
    refuses = {"drop": Paused(Reason.NOT_ALLOWED)}
    report = tried(FakeBox(refuses), vault)
    assert report.ok
    assert not {TestStep.CLEAN_UP, TestStep.LIST} & set(report.done)
    assert tried(FakeBox(refuses), vault, receives=True).reason == Reason.NOT_ALLOWED


def test_who_receives_must_see_its_own_box(vault):
    refuses = {"names": Paused(Reason.NOT_ALLOWED)}
    assert tried(FakeBox(refuses), vault).ok
    assert tried(FakeBox(refuses), vault, receives=True).reason == Reason.NOT_ALLOWED


def test_a_relay_that_changes_what_it_keeps_is_not_used(vault):
    report = tried(FakeBox(eats=True), vault)
    assert "komt er anders uit" in report.problem


def test_a_place_with_a_problem_is_not_connected_to(vault):
    def connect(_place):
        raise AssertionError("the network was touched")

    place = replace(DAV, address="http://postbus.voorbeeld.nl")
    report = relays.test(place, BOX, connect=connect, random=vault.env.random, receives=False)
    assert "niet beveiligd" in report.problem


def test_our_box_is_a_name_a_relay_takes(vault):
    assert names.is_box(relays.own_box(vault))
    assert Path(names.inbox(relays.own_box(vault))).parts[0] == "v1"
