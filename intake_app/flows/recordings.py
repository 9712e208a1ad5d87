"""Sound recordings as files: the sound kept, everything written beside it left behind.

Only two kinds, which every phone and computer can make and which hold sound and nothing that runs:
WAV with samples, and MP3. What a recorder adds (place, device, name of the maker, a picture) lies
outside the sound in both and is dropped; the sound itself is not changed.
"""

from __future__ import annotations

from typing import Final

WAV: Final = "audio/wav"
MP3: Final = "audio/mpeg"
RECORDINGS: Final = frozenset({WAV, MP3})

_SAMPLES: Final = frozenset({1, 3, 0xFFFE})
"""Format codes of WAV that are plain samples: whole numbers, fractions, and either, described."""
_RATES: Final = {
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
    0: (11_025, 12_000, 8_000),
}
_BIT_RATES_1: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BIT_RATES_2: Final = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_FEWEST_FRAMES: Final = 2
"""One that happens to look like a frame is no sound."""


def kind_of(head: bytes) -> str:
    """Return the media type of a recording by its first bytes (at least 12), '' for none."""
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    if head.startswith(b"ID3") or _frame_length(head[:4]):
        return MP3
    return ""


def only_sound(data: bytes, media_type: str) -> bytes:
    """Return the recording with nothing in it but the sound. Raises ValueError for what is none."""
    if media_type == WAV:
        return _only_samples(data)
    if media_type == MP3:
        return _only_frames(data)
    raise ValueError("not a kind of recording")


def _only_samples(data: bytes) -> bytes:
    if kind_of(data[:12]) != WAV:
        raise ValueError("not WAV")
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in {b"fmt ", b"data"} and name not in found:
            # a recorder that was stopped may not have written how long it is
            found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    layout, samples = found.get(b"fmt ", b""), found.get(b"data", b"")
    if len(layout) not in {16, 18, 40} or not samples:
        raise ValueError("no samples")
    if int.from_bytes(layout[:2], "little") not in _SAMPLES:
        raise ValueError("not plain samples")
    body = b"".join(_chunk(name, part) for name, part in ((b"fmt ", layout), (b"data", samples)))
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WAVE" + body


def _chunk(name: bytes, part: bytes) -> bytes:
    return name + len(part).to_bytes(4, "little") + part + bytes(len(part) % 2)


def _only_frames(data: bytes) -> bytes:
    at = 0
    while data[at : at + 3] == b"ID3" and at + 10 <= len(data):
        size = data[at + 6 : at + 10]
        if any(byte > 127 for byte in size):
            raise ValueError("length of a label")
        at += 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    frames: list[bytes] = []
    while (length := _frame_length(data[at : at + 4])) and at + length <= len(data):
        frames.append(data[at : at + length])
        at += length
    if len(frames) < _FEWEST_FRAMES:
        raise ValueError("no frames")
    return b"".join(frames)


def _frame_length(head: bytes) -> int:
    """Return the length in bytes of the MPEG layer III frame that begins so, 0 for none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, bit_rate = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or not 0 < bit_rate < 15:
        return 0
    bits = (_BIT_RATES_1 if version == 3 else _BIT_RATES_2)[bit_rate - 1] * 1000
    samples = 144 if version == 3 else 72
    return samples * bits // _RATES[version][rate] + (head[2] >> 1 & 1)
