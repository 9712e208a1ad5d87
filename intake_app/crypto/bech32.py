"""Bech32 (BIP 173) without its limit on length, as age uses it for keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from intake_app.crypto.age_errors import KeyFormatError

_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_TO_DIGITS: Final = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_VALUES: Final = {char: value for value, char in enumerate(_ALPHABET)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
MAX_LENGTH: Final = 4096


def _mix(top: int) -> int:
    check = 0
    for bit, generator in enumerate(_GENERATOR):
        if top >> bit & 1:
            check ^= generator
    return check


_MIXED: Final = tuple(_mix(top) for top in range(32))


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _MIXED[check >> 25]
    return check


def _expand(hrp: str) -> list[int]:
    return [ord(char) >> 5 for char in hrp] + [0] + [ord(char) & 31 for char in hrp]


def encode(hrp: str, data: bytes) -> str:
    """Return the lower-case Bech32 text of `data` under the lower-case prefix `hrp`."""
    count = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << count * 5 - len(data) * 8
    values = [number >> 5 * (count - 1 - at) & 31 for at in range(count)]
    check = _polymod(_expand(hrp) + values + [0] * 6) ^ 1
    values += [check >> 5 * (5 - at) & 31 for at in range(6)]
    return f"{hrp}1{''.join(_ALPHABET[value] for value in values)}"


def decode(text: str) -> tuple[str, bytes]:
    """Return the lower-case prefix and the data of a Bech32 text of either case.

    Raises KeyFormatError for mixed case, a wrong checksum, left-over bits that are not zero, or
    more than 4096 characters.
    """
    lower = text.lower()
    if not text.isascii() or len(text) > MAX_LENGTH or text not in (lower, text.upper()):
        raise KeyFormatError("case, alphabet or length")
    hrp, one, rest = lower.rpartition("1")
    if not hrp or not one or len(rest) < 6 or not all(33 <= ord(char) <= 126 for char in hrp):
        raise KeyFormatError("prefix")
    try:
        values = [_VALUES[char] for char in rest]
    except KeyError:
        raise KeyFormatError("alphabet") from None
    if _polymod(_expand(hrp) + values) != 1:
        raise KeyFormatError("checksum")
    count = len(values) - 6
    left_over = count * 5 % 8
    # A power of two as base: linear, and far quicker than regrouping bit by bit.
    number = int("0" + rest[:count].translate(_TO_DIGITS), 32)
    if left_over > 4 or number & ((1 << left_over) - 1):
        raise KeyFormatError("left-over bits")
    return hrp, (number >> left_over).to_bytes(count * 5 // 8, "big")
