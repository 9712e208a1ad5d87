"""The compiled forms of this program, loaded when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.formio.migrations import Migration
    from intake_app.xforms import FormDefinition

MIGRATIONS = ".migrations.csv"
"""Ending of the migrations of a form beside ``<form_id>.xml``."""

PREPARED = ".prepared"
"""Ending of the prepared form beside ``<form_id>.xml``; see `xforms.compiled`."""

RECORDINGS = ".recordings"
"""Ending of the folder with recordings beside ``<form_id>.xml``: ``naam.ogg``, ``ar/naam.ogg``."""


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

    def recording(self, form_id: str, name: str) -> bytes | None:
        """Return a recording of a form (`naam.ogg`, `ar/naam.ogg`); None where there is none.

        What is too large or no sound is not there either.
        """
        from intake_app.speech import LARGEST, sound_of

        path = self._recording(form_id, name)
        try:
            if path is None or path.stat().st_size > LARGEST:
                return None
            data = path.read_bytes()
        except OSError:
            return None
        return data if sound_of(data) is not None else None

    def has_recording(self, form_id: str, name: str) -> bool:
        """True when a form has a recording of this name."""
        path = self._recording(form_id, name)
        return path is not None and path.is_file()

    def recorded_languages(self, form_id: str) -> tuple[str, ...]:
        """Return the languages, by code, in which at least one text of a form was recorded."""
        return tuple(code for code in LANGUAGES if self.recordings(form_id, code))

    def recordings(self, form_id: str, language: str) -> tuple[str, ...]:
        """Return the names of a form's recordings in a language, sorted."""
        home = self._folder / f"{form_id}{RECORDINGS}"
        places = [home / language] + ([home] if language == SOURCE_LANGUAGE else [])
        files = (file for place in places for file in place.glob("*.*") if file.is_file())
        return tuple(sorted(file.relative_to(home).as_posix() for file in files))

    def _recording(self, form_id: str, name: str) -> Path | None:
        from intake_app.speech import is_recording_name

        if not is_recording_name(name) or form_id not in self.form_ids():
            return None
        return self._folder / f"{form_id}{RECORDINGS}" / name

    def _prepared(self, form_id: str) -> bytes:
        try:
            return (self._folder / f"{form_id}{PREPARED}").read_bytes()
        except OSError:
            return b""
