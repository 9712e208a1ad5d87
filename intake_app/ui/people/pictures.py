"""Pictures of attachments: drawn anew before they are kept, and read with limits to be shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter, QTransform

from intake_app.flows.attachments import JPEG, PNG

_FORMATS: Final = {JPEG: b"jpeg", PNG: b"png"}
_QUALITY: Final = 90
_MOST_PIXELS: Final = 60_000_000
"""More than any scanner or phone makes; a small file can claim much more."""


def read_picture(data: bytes, media_type: str) -> QImage:
    """Return the picture, turned upright; raises ValueError for what is none or is too large.

    Only the decoder of `media_type` is used, whatever the bytes look like.
    """
    return _read(data, media_type, None)


def small_picture(data: bytes, media_type: str, room: QSize) -> QImage:
    """Return the picture, upright, no larger than `room`; quicker than reading all of it.

    Raises ValueError as `read_picture`.
    """
    return _read(data, media_type, room)


def redrawn(data: bytes, media_type: str) -> bytes:
    """Return the same picture as a file of the same type with nothing in it but the picture.

    What cameras and editors write beside it (place, time, device, an earlier version as a small
    picture) is left behind. May run on any thread. Raises ValueError.
    """
    return drawn(read_picture(data, media_type), media_type)


def turned(data: bytes, media_type: str) -> bytes:
    """Return the picture a quarter turned to the right, drawn anew. Raises ValueError."""
    quarter = QTransform().rotate(90)
    return drawn(read_picture(data, media_type).transformed(quarter), media_type)


def drawn(image: QImage, media_type: str) -> bytes:
    """Return a file of this type with nothing in it but the picture. Raises ValueError."""
    if image.isNull() or not _fits(image.size()):
        raise ValueError("size")
    keeps_alpha = media_type == PNG and image.hasAlphaChannel()
    kind = QImage.Format.Format_ARGB32 if keeps_alpha else QImage.Format.Format_RGB32
    fresh = QImage(image.size(), kind)
    fresh.fill(0 if keeps_alpha else 0xFFFFFFFF)
    painter = QPainter(fresh)
    painter.drawImage(0, 0, image)
    painter.end()
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(target, QByteArray(_FORMATS[media_type]))
    if media_type == JPEG:
        writer.setQuality(_QUALITY)
    if not writer.write(fresh):
        raise ValueError("not written")
    return bytes(target.data().data())


def _read(data: bytes, media_type: str, room: QSize | None) -> QImage:
    if media_type not in _FORMATS:
        raise ValueError("not a kind of picture")
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_FORMATS[media_type]))
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not _fits(size):
        raise ValueError("size")
    if room is not None and (size.width() > room.width() or size.height() > room.height()):
        # the turn comes after the scaling: a box of two equal sides fits both ways
        side = max(1, min(room.width(), room.height()))
        smaller = size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        # one that is much longer than wide would have no width at all
        reader.setScaledSize(smaller.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise ValueError("not a picture")
    return image


def _fits(size: QSize) -> bool:
    return size.isValid() and 0 < size.width() * size.height() <= _MOST_PIXELS
