"""What a place may bring along: authorities, and a certificate of its own."""

from __future__ import annotations

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from intake_app.sync import trust
from intake_app.sync.errors import Paused, Reason

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(key: PrivateKey, subject: str, by: PrivateKey, issuer: str) -> bytes:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(subject == issuer, None), critical=True)
        .sign(by, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def pem(key: PrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


ROOT_KEY = ec.generate_private_key(ec.SECP256R1())
CLIENT_KEY = ec.generate_private_key(ec.SECP256R1())
ROOT = certificate(ROOT_KEY, "uitgever", ROOT_KEY, "uitgever")
CLIENT = certificate(CLIENT_KEY, "laptop", ROOT_KEY, "uitgever")


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "tijdelijk"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def test_names_and_chains_are_always_checked() -> None:
    for text in ("", ROOT.decode(), (pem(CLIENT_KEY) + CLIENT).decode()):
        made = trust.context(text)
        assert made.check_hostname
        assert made.verify_mode is ssl.CERT_REQUIRED
        assert made.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_an_authority_is_trusted_besides_those_of_the_system() -> None:
    before = {c["serialNumber"] for c in trust.context("").get_ca_certs()}
    after = {c["serialNumber"] for c in trust.context(ROOT.decode()).get_ca_certs()}
    assert before < after


@pytest.mark.parametrize(
    "text",
    [
        pem(CLIENT_KEY) + CLIENT,
        CLIENT + pem(CLIENT_KEY),
        pem(CLIENT_KEY, PrivateFormat.TraditionalOpenSSL) + CLIENT + ROOT,
        (b"een regel vooraf\n" + pem(CLIENT_KEY) + b"\n" + ROOT + CLIENT).replace(b"\n", b"\r\n"),
    ],
    ids=["key first", "key last", "older form", "other line ends"],
)
def test_a_client_certificate_in_any_order(text: bytes, own_temporary_folder: Path) -> None:
    trust.context(text.decode())
    assert list(own_temporary_folder.iterdir()) == []


def test_the_key_never_lies_readable_on_the_disk(
    own_temporary_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    class Watching(ssl.SSLContext):
        def load_cert_chain(self, certfile: object, *rest: object, **more: object) -> None:
            seen.append(Path(str(certfile)).read_bytes())
            super().load_cert_chain(certfile, *rest, **more)  # type: ignore[arg-type]

    import httpx2

    monkeypatch.setattr(httpx2, "create_ssl_context", lambda: Watching(ssl.PROTOCOL_TLS_CLIENT))
    trust.context((pem(CLIENT_KEY) + CLIENT).decode())
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in seen[0]
    assert b"BEGIN PRIVATE KEY" not in seen[0]
    assert list(own_temporary_folder.iterdir()) == []


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "postbus.pem"
    path.write_bytes(ROOT)
    assert trust.authorities(str(path)) == ROOT
    assert trust.authorities(f"  {path}\n") == ROOT


def test_only_the_authorities_are_told_apart() -> None:
    assert trust.authorities("") == b""
    assert trust.authorities(ROOT.decode()) == ROOT
    assert trust.authorities((pem(CLIENT_KEY) + CLIENT + ROOT).decode()) == ROOT


@pytest.mark.parametrize(
    "text",
    [
        "/bestaat/niet.pem",
        "-----BEGIN CERTIFICATE-----\nniets\n-----END CERTIFICATE-----\n",
        pem(CLIENT_KEY).decode(),
        (pem(CLIENT_KEY) + ROOT).decode(),
        (
            CLIENT_KEY.private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"wachtwoord")
            )
            + CLIENT
        ).decode(),
        "-----BEGIN é",
    ],
    ids=["no file", "broken", "only a key", "another's key", "locked key", "no ASCII"],
)
def test_what_cannot_be_used_is_an_address_that_is_wrong(
    text: str, own_temporary_folder: Path
) -> None:
    with pytest.raises(Paused) as told:
        trust.context(text)
    assert told.value.reason is Reason.ADDRESS
    assert list(own_temporary_folder.iterdir()) == []
