"""A QR code of a short text (ISO/IEC 18004, byte mode, error correction level M, versions 1 to 6).

Up to 106 bytes of UTF-8: enough for a control number, small enough to be read from a wall. Larger
versions need version information and more alignment patterns, which is why they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

# Per version: error correction bytes per block, blocks, data bytes per block (level M).
_BLOCKS: Final = ((10, 1, 16), (16, 1, 28), (26, 1, 44), (18, 2, 32), (24, 2, 43), (16, 4, 27))
_ALIGNMENT: Final = (0, 18, 22, 26, 30, 34)
_MASKS: Final[tuple[Callable[[int, int], bool], ...]] = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, _: r % 2 == 0,
    lambda _, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)
Grid = list[list[bool]]


class TooLong(ValueError):
    """The text does not fit in the largest version made here."""


def qr_code(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the rows of the code, True for dark, without the quiet zone of four modules.

    The same text always gives the same code. Raises TooLong beyond 106 bytes of UTF-8.
    """
    data = text.encode()
    version = next(
        (v for v, (_, blocks, size) in enumerate(_BLOCKS, 1) if blocks * size - 2 >= len(data)), 0
    )
    if not version:
        raise TooLong
    bits = _stream(_codewords(data, version))
    made = [_drawn(version, bits, mask) for mask in range(8)]
    best = min(made, key=_penalty)
    return tuple(map(tuple, best))


def _codewords(data: bytes, version: int) -> bytes:
    """Return data and error correction, interleaved as they are placed."""
    correction, blocks, size = _BLOCKS[version - 1]
    number = int.from_bytes(bytes([0x40 | len(data) >> 4]), "big")
    packed = bytes([number]) + bytes(
        (left & 0x0F) << 4 | right >> 4
        for left, right in zip(bytes([len(data)]) + data, data + b"\0", strict=True)
    )
    room = blocks * size
    padded = (packed + b"\xec\x11" * room)[:room]
    parts = [padded[at : at + size] for at in range(0, room, size)]
    checks = [_reed_solomon(part, correction) for part in parts]
    mixed = [byte for column in zip(*parts, strict=True) for byte in column]
    return bytes(mixed + [byte for column in zip(*checks, strict=True) for byte in column])


def _multiplied(left: int, right: int) -> int:
    """Return the product in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left = left << 1 ^ (0x11D if left & 0x80 else 0)
        right >>= 1
    return product


def _reed_solomon(data: bytes, count: int) -> bytes:
    generator, power = [1], 1
    for _ in range(count):
        shifted = [*generator, 0]
        scaled = [0, *(_multiplied(each, power) for each in generator)]
        generator = [one ^ other for one, other in zip(shifted, scaled, strict=True)]
        power = _multiplied(power, 2)
    rest = [0] * count
    for byte in data:
        factor = byte ^ rest[0]
        rest = [
            each ^ _multiplied(factor, term)
            for each, term in zip([*rest[1:], 0], generator[1:], strict=True)
        ]
    return bytes(rest)


def _stream(data: bytes) -> list[bool]:
    return [bool(byte >> bit & 1) for byte in data for bit in range(7, -1, -1)]


def _drawn(version: int, bits: Sequence[bool], mask: int) -> Grid:
    size = 17 + 4 * version
    grid = [[False] * size for _ in range(size)]
    taken = [[False] * size for _ in range(size)]

    def put(row: int, column: int, dark: bool) -> None:
        grid[row][column], taken[row][column] = dark, True

    for at in range(size):
        put(6, at, at % 2 == 0)
        put(at, 6, at % 2 == 0)
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for row in range(max(0, top - 1), min(size, top + 8)):
            for column in range(max(0, left - 1), min(size, left + 8)):
                ring = max(abs(row - top - 3), abs(column - left - 3))
                put(row, column, ring in {0, 1, 3})
    centre = _ALIGNMENT[version - 1]
    if centre:
        for row in range(centre - 2, centre + 3):
            for column in range(centre - 2, centre + 3):
                put(row, column, max(abs(row - centre), abs(column - centre)) != 1)
    _put_format(put, size, mask)
    waiting = iter(bits)
    masked = _MASKS[mask]
    for row, column in _zigzag(size):
        if not taken[row][column]:
            # Bits beyond the code words are light before the mask.
            grid[row][column] = next(waiting, False) != masked(row, column)
    return grid


def _put_format(put: Callable[[int, int, bool], None], size: int, mask: int) -> None:
    """Write level M and the mask, with their BCH code, twice; and the one dark module."""
    code = rest = mask << 10
    for bit in range(14, 9, -1):
        if rest >> bit & 1:
            rest ^= 0x537 << bit - 10
    code = (code | rest) ^ 0x5412
    first = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    second = [(size - 1 - n, 8) for n in range(7)] + [(8, size - 8 + n) for n in range(8)]
    for places in (first, second):
        for bit, (row, column) in enumerate(places):
            put(row, column, bool(code >> 14 - bit & 1))
    put(size - 8, 8, True)  # noqa: FBT003


def _zigzag(size: int) -> list[tuple[int, int]]:
    """Return every place in the order of the bits: pairs of columns from the right, up and down."""
    rights = [column for column in range(size - 1, 0, -2) if column > 6]
    rights += [5, 3, 1]
    places: list[tuple[int, int]] = []
    for number, right in enumerate(rights):
        rows = range(size) if number % 2 else range(size - 1, -1, -1)
        places += [(row, column) for row in rows for column in (right, right - 1)]
    return places


def _penalty(grid: Grid) -> int:
    """Return how hard the code is to read, by the four rules of the standard."""
    size = len(grid)
    lines = [*grid, *([row[at] for row in grid] for at in range(size))]
    score = 0
    for line in lines:
        text = "".join("1" if dark else "0" for dark in line)
        run = 1
        for one, other in zip(text, text[1:] + "x", strict=True):
            if one == other:
                run += 1
            else:
                score += run - 2 if run >= 5 else 0
                run = 1
        for pattern in ("10111010000", "00001011101"):
            score += 40 * sum(text.startswith(pattern, at) for at in range(size - 10))
    for row in range(size - 1):
        for column in range(size - 1):
            four = {grid[r][c] for r in (row, row + 1) for c in (column, column + 1)}
            score += 3 if len(four) == 1 else 0
    dark = sum(map(sum, grid))
    return score + 10 * (abs(dark * 20 - size * size * 10) // (size * size))
