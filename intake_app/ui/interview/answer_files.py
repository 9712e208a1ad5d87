"""What a question that is answered with a file needs of the window and the vault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from intake_app.flows import answer_files
from intake_app.flows.answer_files import PreparedFile
from intake_app.flows.attachments import JPEG, PICTURES, PNG, AttachmentRefused
from intake_app.ui.people.pictures import drawn, small_picture
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from datetime import date

    from intake_app.domain.attachment import Attachment
    from intake_app.ui.interview.bridge import InterviewBridge
    from intake_app.ui.picker import FilePicker
    from intake_app.vault import Vault
    from intake_app.xforms import NodeKey

_LARGE_PNG: Final = 1_500_000
"""Bytes; a pasted picture that would be larger without loss is a photo."""
_REMEMBERED: Final = 8
"""Small pictures of so many answers are kept, so that a page that is shown again is quick."""


class AnswerFiles:
    """The files of one open interview. Looks things up, and has the bridge write."""

    def __init__(self, vault: Vault, bridge: InterviewBridge, pick: FilePicker) -> None:
        self._vault, self._bridge, self._pick = vault, bridge, pick
        self._known: dict[str, Attachment] = {}
        self._small: dict[str, QImage] = {}

    @property
    def witness(self) -> str:
        """Return the name of the colleague at this program."""
        return self._vault.user.name

    @property
    def today(self) -> date:
        """Return the day of today."""
        return self._vault.env.now().astimezone().date()

    def stored(self, name: str) -> Attachment | None:
        """Return what is known of the file with this name, None where it is gone or never came."""
        found = self._known.get(name)
        if found is None:
            kept = answer_files.kept(self._vault, self._bridge.flow.interview.interview_id)
            by_name = {each.answer.name: each for each in kept if each.answer is not None}
            found = by_name.get(name)
            if found is not None and not found.is_sealed:
                self._known[name] = found
        return found

    def content(self, attachment: Attachment) -> bytes:
        """Return the bytes. Raises AttachmentRefused and VaultError."""
        return answer_files.content(self._vault, attachment)

    def small(self, attachment: Attachment, room: QSize) -> QImage | None:
        """Return the picture no larger than `room`; None for what is none, and for a medical one.

        A medical one is looked at on purpose or not at all.
        """
        name = "" if attachment.answer is None else attachment.answer.name
        if attachment.role or attachment.media_type not in PICTURES:
            return None
        found = self._small.get(name)
        if found is None:
            try:
                data = self.content(attachment)
                found = small_picture(data, attachment.media_type, room)
            except (AttachmentRefused, VaultError, ValueError):
                return None
            while len(self._small) >= _REMEMBERED:
                self._small.pop(next(iter(self._small)))
            self._small[name] = found
        return found

    def keep(self, key: NodeKey, file: PreparedFile, *, instead: bool = False) -> bool:
        """Store the file as the answer; False when it could not be, which the bridge then told."""
        return self._bridge.answer_file(key, file, instead=instead)

    def remove(self, key: NodeKey) -> bool:
        """Clear the answer and delete the file."""
        self._known.clear()
        self._small.clear()
        return self._bridge.remove_file(key)

    def refuse(self, key: NodeKey, sentence: str) -> None:
        """Say at the question that what was chosen is not stored."""
        self._bridge.failed.emit(key, sentence)

    def choose(self, title: str, pattern: str, parent: QWidget) -> Path | None:
        """Ask for a file on this computer."""
        return self._pick.choose_file(title, pattern, parent=parent)


def picture_file(image: QImage, mediatype: str) -> PreparedFile:
    """Return a picture from the clipboard or a camera as an answer: sharp, or small where large.

    Raises AttachmentRefused where the question asks for something else, ValueError for no picture.
    """
    data, media_type = drawn(image, PNG), PNG
    if len(data) > _LARGE_PNG:
        data, media_type = drawn(image, JPEG), JPEG
    return answer_files.prepare_data(data, media_type, mediatype, clean=lambda made, _type: made)
