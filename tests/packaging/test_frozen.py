"""The frozen program, built once: it must do the whole main job without Python or network."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("objdump") is None, reason="binutils is absent"),
    pytest.mark.skipif(sys.platform == "win32", reason="freeze.sh needs bash"),
]


@pytest.fixture(scope="module")
def bundle(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if not (root / "resources" / "compiled").is_dir():
        pytest.skip("forms and translations are not compiled")
    folder = tmp_path_factory.mktemp("frozen")
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"),
            *("--distpath", str(folder / "dist"), "--workpath", str(folder / "build")),
            str(root / "packaging" / "intake.spec"),
        ],
        check=True,
        cwd=root,
        timeout=600,
    )
    yield folder / "dist" / "intake"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def run(bundle: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the bundle where it finds nothing of the checkout or the environment."""

    def start(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        environment = {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
        return subprocess.run(
            [str(bundle / "intake"), *arguments],
            input=given,
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            check=False,
            timeout=280,
        )

    return start


def test_it_is_small_and_talks_tls_in_one_way_only(bundle: Path) -> None:
    files = [path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) <= 250 * 1024 * 1024
    names = [path.name.lower() for path in files]
    # Of Qt's networking only proxies and reachability are used; sync brings TLS of its own.
    assert not [path for path in files if "plugins/tls" in path.as_posix()]
    assert not [name for name in names if name.endswith((".po", ".jar"))]
    tables = [path for path in files if path.suffix == ".csv"]
    known = ("sharing", "pictograms", "words")
    assert all(p.parent.name in known or p.name.endswith(".migrations.csv") for p in tables)


def test_doctor_finds_everything(run: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    told = run("doctor")
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()


def test_it_compiles_a_form(
    run: Callable[..., subprocess.CompletedProcess[bytes]], root: Path
) -> None:
    told = run("form", "lint", str(root / "forms" / "intake"))
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()


def test_it_draws_a_pdf_in_a_process_of_its_own(
    run: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    told = run("--render-child", "72", "0", "1", str(1 << 30), "9", given=b"geen pdf")
    assert told.returncode == 3


def test_it_does_the_whole_main_job(
    run: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    target = tmp_path / "rondleiding"
    told = run("--headless-tour", str(target))
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()
    made = [path for path in target.rglob("*") if path.is_file()]
    shots = [path for path in made if path.suffix == ".png"]
    assert len(shots) >= 30
    for shot in shots:
        wide, high = struct.unpack_from(">II", shot.read_bytes(), 16)
        # on one screen the client's is a half of the colleague's
        half = shot.stem.endswith("scherm-client")
        assert wide >= (600 if half else 1024)
        assert high >= 600
    assert any(path.read_bytes().startswith(b"%PDF-1.7") for path in made)
    assert any(path.suffix == ".zip" and path.stat().st_size > 10_000 for path in made)
    assert any(path.name.startswith("ontvangst-") and path.suffix == ".age" for path in made)
