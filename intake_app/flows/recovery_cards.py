"""Recovery cards on paper: the page of a card, its code, and reading either back.

The words are those of SLIP-39. The code of a card is the same 33 numbers of ten bits in base32,
short enough for a QR code that a hand scanner types in.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake_app.vault.recovery import RecoveryCard

WORDS: Final = 33
_MARK: Final = "HERSTEL1-"
_BITS: Final = 10
_BYTES: Final = -(-WORDS * _BITS // 8)
_SPARE: Final = _BYTES * 8 - WORDS * _BITS


@dataclass(frozen=True, slots=True)
class ReadCard:
    """What was typed or scanned of one card."""

    words: tuple[str, ...] = field(repr=False)
    unknown: tuple[int, ...]
    """Positions, from 1, of what is no word of the list."""

    @property
    def complete(self) -> bool:
        """True when every word is there and in the list; the card itself may still be wrong."""
        return len(self.words) == WORDS and not self.unknown


def code_of(words: Sequence[str]) -> str:
    """Return the code of a card. Raises ValueError unless these are 33 words of the list."""
    from shamir_mnemonic.wordlist import WORD_INDEX_MAP

    if len(words) != WORDS or any(word not in WORD_INDEX_MAP for word in words):
        raise ValueError("not the words of a card")
    number = 0
    for word in words:
        number = number << _BITS | WORD_INDEX_MAP[word]
    packed = (number << _SPARE).to_bytes(_BYTES, "big")
    return _MARK + base64.b32encode(packed).decode().rstrip("=")


def read_card(text: str) -> ReadCard:
    """Return what stands in `text`: words in any case with anything between them, or a code.

    Four letters are enough for a word, as the list promises. A code that is not whole counts as
    one unknown word.
    """
    from shamir_mnemonic.wordlist import WORDLIST

    if text.strip().upper().startswith(_MARK):
        return _read_code(text.strip().upper().removeprefix(_MARK))
    by_start = {word[:4]: word for word in WORDLIST}
    words, unknown = [], []
    for position, typed in enumerate(re.findall(r"[^\W\d_]+", text.casefold()), 1):
        word = by_start.get(typed[:4], "")
        if not word.startswith(typed):
            unknown.append(position)
            word = typed
        words.append(word)
    return ReadCard(tuple(words), tuple(unknown))


def _read_code(code: str) -> ReadCard:
    from shamir_mnemonic.wordlist import WORDLIST

    try:
        packed = base64.b32decode(code + "=" * (-len(code) % 8))
    except binascii.Error:
        packed = b""
    number = int.from_bytes(packed, "big") >> _SPARE
    numbers = [number >> _BITS * (WORDS - 1 - at) & ((1 << _BITS) - 1) for at in range(WORDS)]
    words = tuple(WORDLIST[each] for each in numbers)
    # written anew, so that a code has one spelling only
    whole = len(packed) == _BYTES and code_of(words) == _MARK + code
    return ReadCard(words, ()) if whole else ReadCard((code,), (1,))


def card_pdf(card: RecoveryCard) -> bytes:
    """Return the page of one card. It is secret: it is meant for paper. Raises DocumentError."""
    from intake_app import paths
    from intake_app.documents.recovery_card import RecoveryCardPage, render_recovery_card

    page = RecoveryCardPage(
        organisation=card.label,
        number=card.number,
        words=card.words,
        code=code_of(card.words),
        check=card.check,
        made_at=card.made_at,
    )
    return render_recovery_card(page, paths.resource("fonts"))
