"""Text as it is compared when somebody searches: no case, no accents, one letter for its variants.

Unicode decomposition (NFKD) takes the accents off; the table below adds what readers of a script
take for the same letter when they type it on another keyboard.
"""

from __future__ import annotations

import unicodedata

_ARABIC = {
    "\u0649\u06cc\u06d0\u06ce\u06cd": "\u064a",  # yeh without dots, Farsi, Pashto, Kurdish
    "\u06a9\u06aa\u06ab\u06af": "\u0643",  # keheh, Pashto and Persian gaf
    "\u0629\u06d5\u06c1\u06be\u06c0": "\u0647",  # teh marbuta, Kurdish ae, other heh
    "\u06c6\u06c7\u06cb": "\u0648",
    "\u0671": "\u0627",
    "\u0693\u0695": "\u0631",
    "\u06b5": "\u0644",
    "\u069a": "\u0633",
    "\u06bc": "\u0646",
    "\u0689\u0688": "\u062f",
    "\u067c\u0679": "\u062a",
    "\u0640\u200c\u200d": "",  # tatweel and joiners only shape the word
}
_LATIN = {"\u0131": "i", "\u00f8": "o", "\u0142": "l", "\u00e6": "ae", "\u0153": "oe"}
_SILENT = "'\u2019\u2018\u02bc\u0060\u00b4\u2010\u2011-\u05f3"
# Ethiopic letters that sound, or once sounded, alike: seven forms each
_ETHIOPIC = (
    (0x1210, 0x1200),
    (0x1280, 0x1200),
    (0x1220, 0x1230),
    (0x12D0, 0x12A0),
    (0x1340, 0x1338),
)

_TABLE: dict[int, str] = {ord(other): letter for other, letter in _LATIN.items()}
_TABLE.update({ord(other): letter for others, letter in _ARABIC.items() for other in others})
_TABLE.update(dict.fromkeys(map(ord, _SILENT), ""))
_TABLE.update(
    {other + form: chr(letter + form) for other, letter in _ETHIOPIC for form in range(7)}
)


def folded(text: str) -> str:
    """Return text as it is compared when searching; digits of any script become ASCII.

    Folding twice changes nothing. The result is for comparing only, never for showing.
    """
    # decomposed first: a sign such as U+2121 falls apart into capitals
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    kept = letters.translate(_TABLE)
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in kept)
    return " ".join("".join(digits).split())


def found_in(sought: str, *texts: str) -> int:
    """Return how well a folded search matches texts: 3, 2, 1, or 0 for not at all.

    3: a text begins with it; 2: a word does; 1: it stands somewhere, or each of its words does.
    """
    best = 0
    for text in texts:
        whole = folded(text)
        if whole.startswith(sought):
            return 3
        if f" {sought}" in whole.replace("(", " ").replace("/", " "):
            best = max(best, 2)
        elif sought in whole or all(word in whole for word in sought.split()):
            best = max(best, 1)
    return best
