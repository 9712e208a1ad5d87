"""Recordings that come with a form: which sounds they may be, how large, and how they are named."""

from __future__ import annotations

import re
from enum import StrEnum

from intake_app.i18n.languages import LANGUAGES

LARGEST = 2_000_000
"""Bytes of one recording: over eight minutes of Opus, over a minute of plain speech in WAV."""

MOST_TOGETHER = 200_000_000
"""Bytes of all recordings of one form, in all its languages."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}\.(?:ogg|oga|opus|mp3|wav|m4a)")
_M4A = frozenset({b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"dash"})


class Sound(StrEnum):
    """What a recording may be."""

    OGG = "ogg"
    MP3 = "mp3"
    WAV = "wav"
    M4A = "m4a"


class RecordingRefused(ValueError):
    """A file that is no recording for a form; str() says in Dutch what is wrong and what to do."""


def sound_of(data: bytes) -> Sound | None:
    """Return which sound the first bytes say it is, whatever the file is called; None for another.

    Ogg only with Opus or Vorbis in it (RFC 7845, RFC 5334), MP3 with or without an ID3 tag, WAV
    (RIFF) and MPEG-4 audio (ISO 14496-12).
    """
    head = data[:64]
    if head.startswith(b"OggS") and (b"OpusHead" in head or b"\x01vorbis" in head):
        return Sound.OGG
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Sound.WAV
    if head[4:8] == b"ftyp" and head[8:12] in _M4A:
        return Sound.M4A
    if head.startswith(b"ID3") or _is_frame(head):
        return Sound.MP3
    return None


def is_recording_name(name: str) -> bool:
    """True for a plain file name, or one in the folder of a language: `naam.ogg`, `ar/naam.ogg`."""
    folder, slash, file = name.rpartition("/")
    return (not slash or folder in LANGUAGES) and _NAME.fullmatch(file) is not None


def check_recording(name: str, data: bytes) -> Sound:
    """Return what sound a recording is. Raises RecordingRefused when it cannot come with a form."""
    if not is_recording_name(name):
        raise RecordingRefused(
            f"De opname ‘{name}’ heeft geen goede naam. Gebruik letters, cijfers, - en _, en "
            "een naam op .ogg, .opus, .mp3, .wav of .m4a."
        )
    if len(data) > LARGEST:
        raise RecordingRefused(
            f"De opname ‘{name}’ is groter dan {LARGEST // 1_000_000} MB. Maak er een korte "
            "opname van, als ogg (Opus)."
        )
    sound = sound_of(data)
    if sound is None:
        raise RecordingRefused(
            f"De opname ‘{name}’ is geen geluid dat het programma kent. Sla hem op als ogg "
            "(Opus), mp3, wav of m4a."
        )
    return sound


def _is_frame(head: bytes) -> bool:
    """True for the header of an MPEG audio frame of layer III (ISO 11172-3, 2.4.2.3)."""
    return (
        len(head) > 3
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[2] >> 4 not in (0, 15)
        and head[2] >> 2 & 3 != 3
    )
