"""A sealed file opens and checks with common tools only, none of them ours."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import bagit
import pyrage
import pytest
from handover_samples import AZC, CLASSIC, PDF, ZEIST, Case, Organisation, inner_of, sample_dossier
from support.typage import start
from test_medical import medical_dossier

from intake_app.handover.dossier import to_json
from intake_app.handover.model import Kind

NAMESPACE = "doorgaande-lijn-overdracht-v1"


def needs(*tools: str) -> pytest.MarkDecorator:
    absent = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(absent), reason=f"not installed: {', '.join(absent)}")


def run(folder: Path, *command: str, given: Path | None = None) -> str:
    data = given.read_bytes() if given else None
    done = subprocess.run(command, cwd=folder, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return done.stdout.decode()


def verify(folder: Path, allowed: Path, signature: str, signed: str) -> None:
    command = ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", "afzender", "-n", NAMESPACE]
    run(folder, *command, "-s", signature, given=folder / signed)


def check_outside(path: Path, folder: Path, allowed: Path) -> Path:
    """Do steps 1 and 2 of LEESMIJ.txt; return the encrypted payload."""
    run(folder, "unzip", "-q", str(path), "-d", "overdracht")
    outer = folder / "overdracht"
    verify(outer, allowed, "overdracht.json.sig", "overdracht.json")
    said = json.loads((outer / "overdracht.json").read_text())
    found = run(outer, "sha512sum", "dossier.age", "LEESMIJ.txt").split()
    assert found[0::2] == [said["payload"]["sha512"], said["readme"]["sha512"]]
    return outer / "dossier.age"


def check_inside(folder: Path, archive: Path, allowed: Path, recipient: Organisation) -> None:
    """Do steps 3 (after decryption) and 4 of LEESMIJ.txt."""
    run(folder, "unzip", "-q", str(archive), "-d", "inhoud")
    inner = folder / "inhoud"
    verify(inner, allowed, "tagmanifest-sha512.txt.sig", "tagmanifest-sha512.txt")
    run(inner, "sha512sum", "-c", "--strict", "tagmanifest-sha512.txt")
    checked = run(inner, "sha512sum", "-c", "--strict", "manifest-sha512.txt")
    assert "data/dossier.json: OK" in checked
    manifest = json.loads((inner / "data" / "overdracht.json").read_text())
    assert manifest["sender"]["name"] == AZC.name
    assert manifest["recipient"]["age"] == recipient.party.age_recipient
    assert (inner / "data" / "dossier.pdf").read_bytes() == PDF
    assert (inner / "data" / "dossier.json").read_bytes() == to_json(sample_dossier())
    bagit.Bag(str(inner)).validate()


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    path = tmp_path / "afzenders"
    path.write_text(f"afzender {AZC.key.public}\n")
    return path


@needs("unzip", "ssh-keygen", "sha512sum")
def test_x25519_with_pyrage(case: Case, allowed: Path, tmp_path: Path) -> None:
    case.recipient = CLASSIC
    payload = check_outside(case.seal().path, tmp_path, allowed)
    identity = pyrage.x25519.Identity.from_str(CLASSIC.identity.encode())
    pyrage.decrypt_file(str(payload), str(tmp_path / "inhoud.zip"), [identity])
    check_inside(tmp_path, tmp_path / "inhoud.zip", allowed, CLASSIC)


@needs("age", "unzip", "ssh-keygen", "sha512sum")
@pytest.mark.parametrize("recipient", [CLASSIC, ZEIST], ids=["x25519", "hybrid"])
def test_with_the_age_tool(
    case: Case, allowed: Path, tmp_path: Path, recipient: Organisation
) -> None:
    version = run(tmp_path, "age", "--version").strip().lstrip("v")
    if recipient is ZEIST and tuple(map(int, version.split(".")[:2])) < (1, 3):
        pytest.skip("this age tool has no hybrid keys")
    case.recipient = recipient
    payload = check_outside(case.seal().path, tmp_path, allowed)
    (tmp_path / "sleutel.txt").write_text(recipient.identity.encode() + "\n")
    run(tmp_path, "age", "-d", "-i", "sleutel.txt", "-o", "inhoud.zip", str(payload))
    check_inside(tmp_path, tmp_path / "inhoud.zip", allowed, recipient)


@pytest.mark.slow
@needs("unzip", "ssh-keygen", "sha512sum")
def test_the_hybrid_file_with_typage(case: Case, allowed: Path, tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    typage = start(tmp_path / "node")
    payload = check_outside(case.seal().path, tmp_path, allowed)
    inner = typage.decrypt(ZEIST.identity.encode(), payload.read_bytes())
    typage.close()
    (tmp_path / "inhoud.zip").write_bytes(inner)
    check_inside(tmp_path, tmp_path / "inhoud.zip", allowed, ZEIST)


@needs("unzip", "ssh-keygen", "sha512sum")
def test_the_hybrid_file_once_decrypted(case: Case, allowed: Path, tmp_path: Path) -> None:
    sealed = case.seal()
    check_outside(sealed.path, tmp_path, allowed)
    (tmp_path / "inhoud.zip").write_bytes(inner_of(sealed.path.read_bytes(), ZEIST))
    check_inside(tmp_path, tmp_path / "inhoud.zip", allowed, ZEIST)


@needs("age", "unzip", "ssh-keygen", "sha512sum", "bash")
@pytest.mark.parametrize("medical", [False, True], ids=["dossier", "medical"])
def test_the_commands_of_the_readme_as_they_stand(
    case: Case, allowed: Path, tmp_path: Path, medical: bool
) -> None:
    case.recipient = CLASSIC
    if medical:
        case.dossier_json = to_json(medical_dossier())
        case.changes = {"kind": Kind.MEDICAL}
    path = case.seal().path
    readme = zipfile.ZipFile(path).read("LEESMIJ.txt").decode().replace("\r\n", "\n")
    commands = [line for line in readme.split("\n") if line.startswith("     ")]
    commands = [line.strip() for line in commands if not line.strip().startswith(("(", '"'))]
    assert len(commands) == 10
    (tmp_path / "sleutel.txt").write_text(CLASSIC.identity.encode() + "\n")
    if medical:
        # What the readme says to do when the format inside is another one.
        number = max(n for n, line in enumerate(commands) if "-Y verify" in line)
        commands[number] = commands[number].replace(NAMESPACE, f"{Kind.MEDICAL}-v1")
    done = run(tmp_path, "bash", "-euxc", "\n".join(commands))
    assert done.count("Good") == 2
    inner = tmp_path / "overdracht" / "inhoud"
    manifest = json.loads((inner / "data" / "overdracht.json").read_text())
    assert manifest["format"] == (Kind.MEDICAL if medical else Kind.DOSSIER)
    assert (inner / "data" / "dossier.pdf").read_bytes() == PDF


@needs("bsdtar")
def test_bsdtar_reads_it(case: Case, tmp_path: Path) -> None:
    listed = run(tmp_path, "bsdtar", "-tf", str(case.seal().path)).split()
    assert "dossier.age" in listed


def test_the_seed_of_the_payload_is_not_reused(tmp_path: Path) -> None:
    """Two sealings with real chance never look alike."""
    import secrets

    from intake_app.handover.seal import seal

    seen = set()
    for name in ("a.zip", "b.zip"):
        sealed = seal(
            Case(tmp_path).request(), AZC.key, tmp_path / name, random=secrets.token_bytes
        )
        seen.add(sealed.sha512_payload)
        assert hashlib.sha256(sealed.path.read_bytes()).hexdigest() == sealed.sha256
    assert len(seen) == 2
