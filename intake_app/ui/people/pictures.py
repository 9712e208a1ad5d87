"""Pictures of attachments: drawn anew before they are kept, and read with limits to be shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter

from intake_app.flows.attachments import JPEG, PNG

_FORMATS: Final = {JPEG: b"jpeg", PNG: b"png"}
_QUALITY: Final = 90
_MOST_PIXELS: Final = 60_000_000
"""More than any scanner or phone makes; a small file can claim much more."""


def read_picture(data: bytes, media_type: str) -> QImage:
    """Return the picture, turned upright; raises ValueError for what is none or is too large.

    Only the decoder of `media_type` is used, whatever the bytes look like.
    """
    if media_type not in _FORMATS:
        raise ValueError("not a kind of picture")
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_FORMATS[media_type]))
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    if not _fits(reader.size()):
        raise ValueError("size")
    image = reader.read()
    if image.isNull():
        raise ValueError("not a picture")
    return image


def redrawn(data: bytes, media_type: str) -> bytes:
    """Return the same picture as a file of the same type with nothing in it but the picture.

    What cameras and editors write beside it (place, time, device, an earlier version as a small
    picture) is left behind. May run on any thread. Raises ValueError.
    """
    image = read_picture(data, media_type)
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


def _fits(size: QSize) -> bool:
    return size.isValid() and 0 < size.width() * size.height() <= _MOST_PIXELS
