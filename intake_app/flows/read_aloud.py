"""What may be read aloud of a question: its words, its help and its choices, as the client sees it.

A text for the staff is never among it, in any language: no question the client may not see, no
guidance, no note.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Protocol

from intake_app.speech import Part

if TYPE_CHECKING:
    from intake_app.flows.interview import InterviewFlow
    from intake_app.xforms import NodeKey, ShownText

_HINT = "audio_hint"


class RecordingLibrary(Protocol):
    """Where the recordings of a form are."""

    def form_ids(self) -> tuple[str, ...]: ...
    def xml(self, form_id: str) -> bytes: ...
    def has_recording(self, form_id: str, name: str) -> bool: ...
    def recording(self, form_id: str, name: str) -> bytes | None: ...


class SpokenQuestions:
    """The questions of one interview as they are read aloud.

    Recordings belong to the form the program has now: an interview on another version of it is read
    by a voice, so that nobody hears other words than stand on the screen.
    """

    def __init__(self, flow: InterviewFlow, library: RecordingLibrary | None) -> None:
        self._flow = flow
        form_id = flow.form.form_id
        self._library = library
        if library is not None and not _same_form(flow, library, form_id):
            self._library = None

    def may_be_read(self, key: NodeKey) -> bool:
        """True for a question that the client may see, and so hear."""
        return not self._flow.staff_only(key)

    def parts(self, key: NodeKey, language: str, *, choice: str = "") -> tuple[Part, ...]:
        """Return what is said of a question in a language; only one choice when it is named.

        Empty for a question that is for the staff.
        """
        if not self.may_be_read(key):
            return ()
        view = self._flow.view(key, language)
        media = self._flow.session.media(key)
        parts: list[Part] = []
        if not choice:
            parts.append(self._part(view.label, language, media.get("audio", "")))
            if view.hint is not None:
                file = view.definition.attributes.get(_HINT, "")
                parts.append(self._part(view.hint, language, file))
        for number, each in enumerate(view.choices, start=1):
            if choice in {"", each.value}:
                file = each.media.get("audio", "")
                parts.append(self._part(each.label, language, file, number, each.value))
        return tuple(parts)

    def _part(
        self, shown: ShownText, language: str, file: str, number: int = 0, value: str = ""
    ) -> Part:
        library, form = self._library, self._flow.form
        recording = None
        if file and library is not None:
            own = language == form.model.language
            names = (file, f"{language}/{file}") if own else (f"{language}/{file}",)
            found = next((n for n in names if library.has_recording(form.form_id, n)), None)
            if found is not None:
                recording = partial(library.recording, form.form_id, found)
        return Part(shown.text, shown.language, recording, number, value)


def _same_form(flow: InterviewFlow, library: RecordingLibrary, form_id: str) -> bool:
    if form_id not in library.form_ids():
        return False
    ours = hashlib.sha256(library.xml(form_id)).hexdigest()
    return ours == flow.interview.form_sha256
