from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from intake_app.documents import render_child
from intake_app.documents.dossier_pdf import render
from intake_app.documents.model import DossierDocument
from intake_app.documents.pages import Limits, PdfProblem, in_separate_process, page_images


@pytest.fixture(scope="module")
def locked_pdf() -> bytes:
    """A PDF 1.4 with the standard security handler and a user password nobody knows."""
    body = [
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>\nendobj\n",
        b"4 0 obj\n<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"41" * 32
        + b">/U<"
        + b"42" * 32
        + b">>>\nendobj\n",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for part in body:
        offsets.append(len(out))
        out += part
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n"
    return out + b"%d\n%%%%EOF\n" % start


@pytest.fixture
def pdf(dossier: DossierDocument, fonts: Path) -> bytes:
    return render(dossier, fonts)


def test_draws_the_pages_with_their_text(pdf: bytes) -> None:
    pages = page_images(pdf, 72)
    first = pages[0]
    assert [page.number for page in pages] == list(range(first.of))
    assert (first.width, first.height) == (596, 842)
    assert len(first.pixels) == 596 * 842 * 4
    assert first.pixels[:4] == b"\xff\xff\xff\xff"
    assert set(first.pixels[3::4]) == {255}
    assert len(set(first.pixels)) > 50  # there is something on it
    assert "Overdrachtsdossier" in first.text


def test_the_other_process_draws_the_same(pdf: bytes) -> None:
    assert in_separate_process(pdf, 72) == page_images(pdf, 72)


@pytest.mark.parametrize("draw", [page_images, in_separate_process])
def test_draws_only_what_is_asked(pdf: bytes, draw: object) -> None:
    assert callable(draw)
    (second,) = draw(pdf, 40, first=1, count=1)
    assert (second.number, second.of) == (1, 2)
    assert draw(pdf, 40, first=9, count=1) == ()


@pytest.mark.parametrize("draw", [page_images, in_separate_process])
@pytest.mark.parametrize(
    "damage",
    [
        lambda pdf: b"",
        lambda pdf: b"geen pdf",
        lambda pdf: pdf[:200],
        lambda pdf: b"%PDF-1.7\n" + bytes(5000),
    ],
    ids=["empty", "other", "cut", "zeros"],
)
def test_a_damaged_pdf_is_a_clear_refusal(pdf: bytes, draw: object, damage: object) -> None:
    assert callable(draw)
    assert callable(damage)
    with pytest.raises(PdfProblem, match="beschadigd"):
        draw(damage(pdf))


def test_a_flipped_byte_never_takes_the_program_down(pdf: bytes) -> None:
    for place in range(0, len(pdf), len(pdf) // 6):
        broken = bytearray(pdf)
        broken[place] ^= 0xFF
        try:
            pages = in_separate_process(bytes(broken), 20)
        except PdfProblem as problem:
            assert "De PDF" in str(problem)  # noqa: PT017 - either outcome is right
        else:
            assert all(page.of >= 1 for page in pages)


@pytest.mark.parametrize("draw", [page_images, in_separate_process])
def test_a_locked_pdf_is_named_as_such(locked_pdf: bytes, draw: object) -> None:
    assert callable(draw)
    with pytest.raises(PdfProblem, match="wachtwoord"):
        draw(locked_pdf)


@pytest.mark.skipif(sys.platform == "win32", reason="no memory limits there")
def test_too_little_memory_is_a_refusal_not_a_crash(pdf: bytes) -> None:
    with pytest.raises(PdfProblem):
        in_separate_process(pdf, 600, limits=Limits(memory=150 * 1024 * 1024))


def test_too_little_time_is_a_refusal(pdf: bytes) -> None:
    with pytest.raises(PdfProblem, match="te veel tijd"):
        in_separate_process(pdf, 96, limits=Limits(seconds=0))


def test_a_pdf_that_is_far_too_big_is_refused_unread() -> None:
    with pytest.raises(PdfProblem, match="te groot"):
        in_separate_process(bytes(64 * 1024 * 1024 + 1))


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
def test_the_other_process_cannot_write_a_file(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from render_child import limit; limit(1 << 30, 5);"
        "file = open(sys.argv[2], 'w'); file.write('x'); file.close()"
    )
    folder = str(Path(render_child.__file__).parent)
    target = tmp_path / "x"
    done = subprocess.run(
        [sys.executable, "-c", script, folder, str(target)], capture_output=True, check=False
    )
    assert done.returncode != 0
    assert not target.exists() or target.read_bytes() == b""


def test_the_other_process_gets_no_environment(pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    real = subprocess.run

    def run(command: list[str], **options: object) -> object:
        seen.update(options)
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("INTAKE_SECRET", "x")
    in_separate_process(pdf, 20)
    environment = seen["env"]
    assert isinstance(environment, dict)
    assert "INTAKE_SECRET" not in environment
    assert "PATH" not in environment or os.name == "nt"


def test_frozen_the_program_starts_itself(pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/nergens/intake")
    with pytest.raises(FileNotFoundError, match="/nergens/intake"):
        in_separate_process(pdf, 20)


def test_wrong_use_is_told_by_the_exit_code() -> None:
    done = subprocess.run(
        [sys.executable, "-I", render_child.__file__, "x"],
        input=b"",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2


def test_the_hidden_argument_leads_to_the_same_drawing(pdf: bytes) -> None:
    numbers = ["20", "0", "1", str(1 << 30), "9"]
    plain, hidden = (
        subprocess.run(
            [sys.executable, "-I", render_child.__file__, *extra, *numbers],
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout
        for extra in ([], ["--render-child"])
    )
    assert plain == hidden
    assert plain.startswith(render_child.MAGIC)
