"""The compiled forms of this program, loaded when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.formio.migrations import Migration
    from intake_app.xforms import FormDefinition

MIGRATIONS = ".migrations.csv"
"""Ending of the migrations of a form beside ``<form_id>.xml``."""

PREPARED = ".prepared"
"""Ending of the prepared form beside ``<form_id>.xml``; see `xforms.compiled`."""


class Library:
    """Reads `forms/<form_id>.xml` below the compiled folder; each form is parsed once.

    A prepared form beside it is used when it was made from that XForm by this engine under this
    Python; otherwise the XForm itself is read. `compiled` must be a folder of the installed
    program: nothing a user can write to or brings may be read this way.
    """

    def __init__(self, compiled: Path) -> None:
        self._folder = compiled / "forms"
        self._loaded: dict[str, FormDefinition] = {}

    def form_ids(self) -> tuple[str, ...]:
        """Return the ids of all forms, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.xml")))

    def xml(self, form_id: str) -> bytes:
        """Return the XForm itself; raises KeyError for a form that is not there."""
        if form_id not in self.form_ids():
            raise KeyError(form_id)
        return (self._folder / f"{form_id}.xml").read_bytes()

    def load(self, form_id: str) -> FormDefinition:
        """Return the form ready for a session; raises KeyError, or FormError if it is no form."""
        loaded = self._loaded.get(form_id)
        if loaded is None:
            from intake_app.xforms import compiled

            xml = self.xml(form_id)
            loaded = compiled.load(xml, self._prepared(form_id), name=form_id)
            self._loaded[form_id] = loaded
        return loaded

    def migrations(self, form_id: str) -> tuple[Migration, ...]:
        """Return where answers of earlier versions of a form go; none when nothing moved."""
        from intake_app.formio.migrations import read_migrations

        return read_migrations(self._folder / f"{form_id}{MIGRATIONS}")

    def _prepared(self, form_id: str) -> bytes:
        try:
            return (self._folder / f"{form_id}{PREPARED}").read_bytes()
        except OSError:
            return b""
