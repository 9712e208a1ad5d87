"""Names in other scripts written in Latin letters, for finding them: never for showing.

Arabic letters as in Arabic, Persian, Dari, Pashto, Urdu and Sorani; Ethiopic as in Tigrinya and
Amharic; Cyrillic as in Ukrainian and Russian. Arabic script has no short vowels, so those are
missing from what comes out; `sounds` knows how to live with that. Nothing here follows one
published standard: each letter becomes what most registers in Europe make of it, and the spelling
that differs between registers is folded together in `sounds`.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_ARABIC: Final = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ى": "a", "ة": "a", "ء": "", "ئ": "y",
    "ؤ": "w", "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh",
    "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "dh",
    "ط": "t", "ظ": "dh", "ع": "a", "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "ک": "k",
    "گ": "g", "ګ": "g", "ل": "l", "ڵ": "l", "م": "m", "ن": "n", "ں": "n", "ڼ": "n", "ه": "h",
    "ھ": "h", "ہ": "h", "ۀ": "a", "ە": "e", "و": "w", "ۆ": "o", "ۇ": "u", "ۈ": "u", "ۋ": "v",
    "ي": "y", "ی": "y", "ې": "e", "ێ": "e", "ۍ": "ai", "ے": "e", "ړ": "r", "ڕ": "r", "ڑ": "r",
    "ټ": "t", "ٹ": "t", "ډ": "d", "ڈ": "d", "ږ": "g", "ښ": "kh", "څ": "ts", "ځ": "dz",
}  # fmt: skip
_CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "yo", "є": "ye",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "w", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "ʼ": "", "\N{RIGHT SINGLE QUOTATION MARK}": "",
}  # fmt: skip
_UKRAINIAN: Final = frozenset("іїєґ")
_AS_UKRAINIAN: Final = {"г": "h", "и": "y"}
_LATIN: Final = {
    "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ə": "e", "ŋ": "n", "ħ": "h", "ɓ": "b", "ɗ": "d", "ƙ": "k",
}  # fmt: skip
_ETHIOPIC_FIRST: Final = 0x1200
_ETHIOPIC_ROWS: Final = (
    "h", "l", "h", "m", "s", "r", "s", "sh", "q", "qw", "q", "qw", "b", "v", "t", "ch", "h", "hw",
    "n", "ny", "", "k", "kw", "kh", "khw", "w", "", "z", "zh", "y", "d", "d", "j", "g", "gw", "g",
    "t", "ch", "p", "ts", "ts", "f", "p",
)  # fmt: skip
"""The consonant of each eight code points from U+1200; '' stands for the two glottal rows."""
_ETHIOPIC_VOWELS: Final = ("e", "u", "i", "a", "e", "", "o", "wa")
"""The seven orders and the labialised one; the sixth has a short vowel or none, here none."""
_GLOTTAL_VOWELS: Final = ("a", "u", "i", "a", "e", "e", "o", "wa")


def latin(text: str) -> str:
    """Return `text` in small Latin letters without diacritics; what is unknown stays.

    Case, width, vowel signs and joining marks make no difference.
    """
    composed = unicodedata.normalize("NFKC", text).casefold()
    if composed.isascii():
        return composed
    ukrainian = not _UKRAINIAN.isdisjoint(composed)
    written = "".join(_letter(c, ukrainian=ukrainian) for c in composed)
    apart = unicodedata.normalize("NFKD", written)
    return "".join(c for c in apart if not unicodedata.combining(c) and c not in _LEFT_OUT)


_LEFT_OUT: Final = frozenset("\u0640\u200b\u200c\u200d\u200e\u200f\u02bb\u02bc\u02be\u02bf")
"""Tatweel, joiners, direction marks, and the half rings for hamza and ayn."""


def _letter(letter: str, *, ukrainian: bool) -> str:
    for table in (_AS_UKRAINIAN if ukrainian else {}, _ARABIC, _CYRILLIC, _LATIN):
        found = table.get(letter)
        if found is not None:
            return found
    place = ord(letter) - _ETHIOPIC_FIRST
    if 0 <= place < 8 * len(_ETHIOPIC_ROWS):
        row, order = divmod(place, 8)
        consonant = _ETHIOPIC_ROWS[row]
        return consonant + (_ETHIOPIC_VOWELS if consonant else _GLOTTAL_VOWELS)[order]
    return letter
