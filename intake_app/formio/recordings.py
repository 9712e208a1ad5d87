"""Recordings of a form's texts: in `media/` beside its sheets, one folder per other language.

The column `media::audio` of a question or choice names a file, `bind::dl:audio_hint` the one of its
help. `media/naam.ogg` says the text in Dutch, `media/ar/naam.ogg` the same text in Arabic, as the
catalogues hold it. Recordings travel with the compiled form, never with a filled one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.i18n.languages import LANGUAGES
from intake_app.speech import MOST_TOGETHER, RecordingRefused, check_recording, is_recording_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intake_app.formio.sheets import Workbook

FOLDER = "media"
AUDIO, HINT = "media::audio", "bind::dl:audio_hint"
_AUDIENCE = "bind::dl:audience"


def recordings_of(folder: Path) -> dict[str, Path]:
    """Return the recordings of a form by name (`naam.ogg`, `ar/naam.ogg`), sorted.

    A link that leads out of the folder is left out.
    """
    home = folder / FOLDER
    found: dict[str, Path] = {}
    for place in (home, *(home / code for code in LANGUAGES)):
        for file in sorted(place.glob("*.*")):
            name = file.relative_to(home).as_posix()
            inside = file.resolve().parent == place.resolve()
            if is_recording_name(name) and inside and file.is_file():
                found[name] = file
    return found


def read_recording(folder: Path, name: str) -> bytes:
    """Return a recording for the compiled form; raises FormSourceError when it cannot go along."""
    files = recordings_of(folder)
    data = files[name].read_bytes()
    try:
        check_recording(name, data)
    except RecordingRefused as error:
        raise FormSourceError(_finding(str(error), "Neem de tekst opnieuw op.")) from None
    if sum(file.stat().st_size for file in files.values()) > MOST_TOGETHER:
        raise FormSourceError(
            _finding(
                f"De opnames van dit formulier zijn samen groter dan {MOST_TOGETHER // 10**6} MB.",
                "Sla ze op als ogg (Opus), dan worden ze veel kleiner.",
            )
        )
    return data


def check_recordings(book: Workbook, folder: Path) -> Iterator[Finding]:
    """Yield what is wrong with the recordings a form names."""
    there = recordings_of(folder)
    files = {name.rpartition("/")[2] for name in there}
    for name in ("survey", "choices"):
        sheet = book.sheet(name)
        for row in sheet.rows:
            for column in (AUDIO, HINT):
                wanted = row.get(column)
                if wanted and wanted not in files:
                    yield Finding(
                        name,
                        row.number,
                        column,
                        "warning",
                        f"De opname ‘{wanted}’ is er niet.",
                        "Zet het bestand in de map media naast het formulier, of in media/ar voor "
                        "Arabisch. Zonder opname leest een stem van de laptop voor.",
                    )
                if wanted and row.get(_AUDIENCE) == "staff":
                    yield Finding(
                        name,
                        row.number,
                        column,
                        "warning",
                        "Een tekst die alleen voor collega’s is, wordt nooit voorgelezen.",
                        "Haal de opname weg.",
                    )
    for path in there:
        try:
            check_recording(path, there[path].read_bytes())
        except RecordingRefused as error:
            yield _finding(str(error), "Neem de tekst opnieuw op.")


def _finding(message: str, fix: str) -> Finding:
    return Finding("", 0, "", "error", message, fix)
