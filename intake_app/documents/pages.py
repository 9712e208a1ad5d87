"""Pages of a PDF as pictures in memory; no temporary file is ever written."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from intake_app.documents import render_child
from intake_app.sentences import Sentence, Told

CHILD_ARGUMENT = "--render-child"
"""First argument by which the frozen program turns into the drawing process."""

_MAX_PDF = 64 * 1024 * 1024


class PdfProblem(Told):
    """The PDF cannot be shown; str() is a Dutch sentence without personal data."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One drawn page: `pixels` holds `width * height` RGBA pixels of four bytes, no padding.

    `number` is 0-based, `of` how many pages the PDF has, `text` what the page says (for a screen
    reader, and for searching).
    """

    number: int
    of: int
    width: int
    height: int
    pixels: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What drawing a PDF from outside may cost before it is stopped."""

    seconds: int = 20
    memory: int = 1024 * 1024 * 1024
    """Bytes of address space, of which the interpreter and PDFium themselves take about 200 MB."""


def page_images(
    pdf: bytes, dpi: float = 96, *, first: int = 0, count: int = 20
) -> tuple[PageImage, ...]:
    """Draw pages of a PDF this program made itself; see `in_separate_process` for any other.

    An A4 page takes 3.6 MB at 96 dpi, so ask for the pages in view only. Pages beyond the end are
    left out. Raises `PdfProblem`.
    """
    try:
        drawn = render_child.draw(pdf, dpi, first, count)
        return tuple(
            PageImage(first + index, total, width, height, pixels, text)
            for index, (total, width, height, text, pixels) in enumerate(drawn)
        )
    except render_child.PasswordNeeded:
        raise _problem(render_child.EXIT_PASSWORD) from None
    except render_child.Damaged:
        raise _problem(render_child.EXIT_DAMAGED) from None


def in_separate_process(
    pdf: bytes,
    dpi: float = 96,
    *,
    first: int = 0,
    count: int = 20,
    limits: Limits | None = None,
) -> tuple[PageImage, ...]:
    """Draw pages of a PDF from outside in a process of its own, with limits.

    The process gets the PDF and nothing else: no environment, no files, no keys. Same result as
    `page_images`. Raises `PdfProblem`, also when a limit is reached or the process dies.
    """
    limits = limits or Limits()
    if len(pdf) > _MAX_PDF:
        raise PdfProblem("De PDF is te groot om te tonen. Sla hem op en open hem zelf.")
    numbers = (first, count, limits.memory, limits.seconds)
    command = [*_child(), str(dpi), *(str(number) for number in numbers)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter or program, fixed arguments
            command,
            input=pdf,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=limits.seconds * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _problem(-1) from None
    if done.returncode != 0:
        raise _problem(done.returncode)
    try:
        return tuple(_pages(done.stdout, first))
    except (struct.error, UnicodeDecodeError, ValueError):
        raise _problem(render_child.EXIT_DAMAGED) from None


def _child() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_ARGUMENT]
    # Isolated mode: neither the working folder nor the environment decides what gets imported.
    return [sys.executable, "-I", render_child.__file__]


def _environment() -> dict[str, str]:
    if sys.platform == "win32":
        from os import environ

        # Without it Windows cannot load the system's own libraries.
        return {"SYSTEMROOT": environ.get("SYSTEMROOT", r"C:\Windows")}
    return {}


def _pages(answer: bytes, first: int) -> Iterator[PageImage]:
    if answer[: len(render_child.MAGIC)] != render_child.MAGIC:
        return  # nothing drawn: no page was asked for that exists
    total, following = struct.unpack_from(">II", answer, len(render_child.MAGIC))
    at = len(render_child.MAGIC) + 8
    for index in range(following):
        width, height, length = struct.unpack_from(">III", answer, at)
        at += 12
        text = answer[at : at + length].decode("utf-8")
        at += length
        pixels = answer[at : at + width * height * 4]
        if len(pixels) != width * height * 4:
            raise ValueError("the answer stops before its end")
        at += len(pixels)
        yield PageImage(first + index, total, width, height, pixels, text)


def _problem(code: int) -> PdfProblem:
    if code == render_child.EXIT_PASSWORD:
        return PdfProblem(
            Sentence(
                "Op de PDF zit een wachtwoord, dus hij kan hier niet getoond worden. "
                "Vraag de afzender om een PDF zonder wachtwoord."
            )
        )
    if code in (render_child.EXIT_DAMAGED, 2):
        return PdfProblem(
            Sentence(
                "De PDF is beschadigd en kan niet getoond worden. De gegevens van het dossier zelf "
                "kun je wel lezen. Vraag de afzender om een nieuwe PDF."
            )
        )
    return PdfProblem(
        Sentence(
            "Het tonen van de PDF is gestopt: het kostte te veel tijd of geheugen. De gegevens van "
            "het dossier zelf kun je wel lezen. Vraag de afzender om een nieuwe PDF."
        )
    )
