"""Setting a page: every document of the program is made here, in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from intake_app import paths

STANDARDS: tuple[Literal["a-3a"], Literal["ua-1"]] = ("a-3a", "ua-1")
"""ISO 19005-3 level A (keeps for decades) and ISO 14289-1 (reads aloud), both at once."""


class DocumentError(Exception):
    """The document could not be made; str() is a Dutch sentence without personal data."""


def typeset(
    template: str, inputs: Mapping[str, str], fonts: Path, *, at: datetime, failure: str
) -> bytes:
    """Return the PDF that a template of `resources/documents` makes of `inputs`.

    `fonts` is the folder of the bundled fonts; no other font is used. `at`, an aware time, is the
    moment the PDF bears. Nothing is written to disk, and the same inputs give the same bytes.
    Raises DocumentError with the sentence `failure` when the typesetter refuses, which includes
    anything the two standards do not allow.
    """
    import typst

    file = paths.resource("documents", template)
    try:
        return typst.compile(
            str(file),
            root=str(file.parent),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=dict(inputs),
            pdf_standards=list(STANDARDS),
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError:
        # Its message may quote the text it stumbled over, so it goes no further.
        raise DocumentError(failure) from None
