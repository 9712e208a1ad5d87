"""External instances of a form: only from the files that came with it, only by plain name."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intake_app.formio.sheets import Workbook

MAX_BYTES = 32_000_000
_URI = re.compile(r"jr://(?:file|file-csv|instance|images|audio|video)/([^/\\:\x00-\x1f]+)\Z")


def with_external_choices(
    resolve: Callable[[str], bytes | None], book: Workbook
) -> Callable[[str], bytes | None]:
    """Let the sheet external_choices stand in for an ``itemsets.csv`` that is not in the media."""
    sheet = book.sheet("external_choices")
    if not sheet.rows:
        return resolve

    def resolve_sheet(uri: str) -> bytes | None:
        found = resolve(uri)
        if found is not None or not uri.endswith("/itemsets.csv"):
            return found
        out = io.StringIO()
        writer = csv.writer(out)
        names = {"list name": "list_name", "value": "name"}
        header = [column for column in sheet.header if column]
        writer.writerow([names.get(column.lower(), column) for column in header])
        writer.writerows([row.get(column) for column in header] for row in sheet.rows)
        return out.getvalue().encode()

    return resolve_sheet


def resolver(form: Path) -> Callable[[str], bytes | None]:
    """Return what gives the engine the bytes of an external instance, or None.

    The files of a form stand in the folder `media` beside it (for a form in a folder: inside it),
    or in `<name>-media`, as ODK has it. A URI with anything but one plain file name, a link that
    leads out of that folder, and a file over 32 MB are not there for the form.
    """
    home = form if form.is_dir() else form.parent
    folders = [home / "media"]
    if not form.is_dir():
        folders.insert(0, home / f"{form.stem}-media")

    def resolve(uri: str) -> bytes | None:
        match = _URI.match(uri)
        if match is None or match[1] in (".", ".."):
            return None
        for folder in folders:
            place = folder / match[1]
            try:
                real = place.resolve(strict=True)
                inside = real.parent == folder.resolve()
                if inside and real.is_file() and real.stat().st_size <= MAX_BYTES:
                    return real.read_bytes()
            except (OSError, RuntimeError):
                continue
        return None

    return resolve
