"""Recovery cards: a secret of 32 bytes in three lists of 33 words, of which any two give it back.

SLIP-39 (SatoshiLabs), one group of 2-of-3 without a passphrase, made and combined by
`shamir_mnemonic`. A list has a checksum that finds up to three wrong words; where one word is wrong
it is told which, but never what it should be, as the standard asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from shamir_mnemonic import Share

WORDS: Final = 33
CARDS: Final = 3
NEEDED: Final = 2
SECRET: Final = 32

_BITS: Final = 10
_CHECKSUM: Final = 3
_UNIQUE: Final = 4
"""So many first letters tell every word of the list from the others."""

ShareFault: TypeAlias = Literal["words", "same-card", "other-set", "damaged"]


class SharesRefused(Exception):
    """Two lists of words do not give a secret.

    `fault`: words (of `card`: a wrong number, or a wrong word, at `word` counted from 1 when that
    is known), same-card, other-set, damaged. `card` is 1 or 2, 0 when it is about both.
    """

    def __init__(self, fault: ShareFault, card: int = 0, word: int = 0, count: int = WORDS) -> None:
        """Keep what is known; `count` is the number of words that were typed."""
        super().__init__(fault)
        self.fault = fault
        self.card = card
        self.word = word
        self.count = count


def split(secret: bytes) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return three lists of 33 words. The library draws its randomness from the system.

    Raises ValueError unless the secret has 32 bytes.
    """
    if len(secret) != SECRET:
        raise ValueError("a secret has 32 bytes")
    from shamir_mnemonic import generate_mnemonics

    ((first, second, third),) = generate_mnemonics(1, [(NEEDED, CARDS)], secret)
    return tuple(first.split()), tuple(second.split()), tuple(third.split())


def combine(first: str, second: str) -> bytes:
    """Return the secret of two lists of words as they were typed.

    Case, white space, commas, digits and dots between the words do not matter; of a word its first
    four letters are enough. Raises SharesRefused.
    """
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    one, other = _share(first, 1), _share(second, 2)
    if one.common_parameters() != other.common_parameters():
        raise SharesRefused("other-set")
    if one.index == other.index:
        raise SharesRefused("same-card")
    usual = (one.group_count, one.group_threshold, one.member_threshold)
    if usual != (1, 1, NEEDED) or one.member_threshold != other.member_threshold:
        raise SharesRefused("other-set")
    try:
        secret: bytes = combine_mnemonics([one.mnemonic(), other.mnemonic()])
    except MnemonicError:
        raise SharesRefused("damaged") from None
    if len(secret) != SECRET:
        raise SharesRefused("damaged")
    return secret


def _share(typed: str, card: int) -> Share:
    from shamir_mnemonic import MnemonicError, Share

    indices = _indices(typed, card)
    wrong = _wrong_word(indices)
    if wrong is not None:
        raise SharesRefused("words", card, wrong)
    try:
        return Share.from_mnemonic(_mnemonic(indices))
    except MnemonicError:
        raise SharesRefused("words", card) from None


def _indices(typed: str, card: int) -> list[int]:
    """Return the place in the word list of every word that was typed."""
    from shamir_mnemonic.wordlist import WORDLIST

    places = {word[:_UNIQUE]: at for at, word in enumerate(WORDLIST)}
    words = "".join(char if char.isalpha() else " " for char in typed.casefold()).split()
    found = []
    for number, word in enumerate(words, start=1):
        at = places.get(word[:_UNIQUE])
        if at is None or not WORDLIST[at].startswith(word):
            raise SharesRefused("words", card, number, len(words))
        found.append(at)
    if len(found) != WORDS:
        raise SharesRefused("words", card, 0, len(found))
    return found


def _mnemonic(indices: Sequence[int]) -> str:
    from shamir_mnemonic.wordlist import mnemonic_from_indices

    text: str = mnemonic_from_indices(indices)
    return text


def _wrong_word(indices: Sequence[int]) -> int | None:
    """Return the number of the one word that is wrong, 0 when it cannot be told, None if all fit.

    The checksum is linear over single bits: a wrong word shifts it by something that depends on its
    place and on the wrong bits alone.
    """
    from shamir_mnemonic import rs1024
    from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE

    prefix = list(CUSTOMIZATION_STRING_EXTENDABLE)  # as all lists of `split`
    found = rs1024._polymod([*prefix, *indices]) ^ 1  # noqa: SLF001  (no public name for it)
    if found == 0:
        return None
    zero = rs1024._polymod([0] * (len(prefix) + WORDS))  # noqa: SLF001
    candidates = []
    for at in range(WORDS):
        steps = []
        for bit in range(_BITS):
            unit = [0] * (len(prefix) + WORDS)
            unit[len(prefix) + at] = 1 << bit
            steps.append(rs1024._polymod(unit) ^ zero)  # noqa: SLF001
        if _spans(steps, found):
            candidates.append(at + 1)
    return candidates[0] if len(candidates) == 1 else 0


def _spans(steps: Sequence[int], wanted: int) -> bool:
    """True if some of `steps` give `wanted` by exclusive or."""
    basis: list[int] = []
    for step in steps:
        rest = step
        for each in basis:
            rest = min(rest, rest ^ each)
        if rest:
            basis.append(rest)
    for each in sorted(basis, reverse=True):
        wanted = min(wanted, wanted ^ each)
    return wanted == 0
