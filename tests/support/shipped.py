"""The shipped forms and catalogues as their sources have them now, made once in a process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from intake_app.formio.build import build


@cache
def compiled() -> Path:
    """Return the folder they were compiled to; only to be read."""
    folder = Path(tempfile.mkdtemp(prefix="formulieren-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    build(folder)
    return folder
