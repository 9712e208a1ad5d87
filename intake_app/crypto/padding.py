"""Padmé: the size of a file says little about what is in it (PURBs, Nikitin et al. 2019)."""

from __future__ import annotations


def padded_size(size: int) -> int:
    """Return the smallest Padmé size that is at least `size` (at most 12 % more).

    Only O(log log size) bits of the size remain visible.
    """
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << max(0, low_bits)) - 1
    return (size + mask) & ~mask
