"""How good a new passphrase is, told before it is used."""

from __future__ import annotations

from enum import StrEnum

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Kind


class Strength(StrEnum):
    """A rough measure of length; only guessing at random is measured, not meaning."""

    NONE = ""
    SHORT = "short"
    FAIR = "fair"
    STRONG = "strong"


def strength(passphrase: str) -> Strength:
    """Return how long it would take to guess, in three steps.

    Counts different characters too: "aaaaaaaaaaaaaaaa" is short, whatever its length.
    """
    if not passphrase:
        return Strength.NONE
    length, different = len(passphrase), len(set(passphrase.lower()))
    if length < 12 or different < 6:
        return Strength.SHORT
    words = [word for word in passphrase.split() if len(word) > 2]
    if length >= 20 and different >= 8 and (len(words) >= 4 or length >= 24):
        return Strength.STRONG
    return Strength.FAIR


def hint(tr: UiTexts, measured: Strength) -> tuple[Kind, str]:
    """Return the kind of notice and the sentence that goes with a strength."""
    if measured is Strength.STRONG:
        return "ok", tr.gettext("Sterk. Deze zin is moeilijk te raden.")
    if measured is Strength.FAIR:
        return "info", tr.gettext("Redelijk. Een woord erbij maakt de zin veel sterker.")
    if measured is Strength.SHORT:
        return "warn", tr.gettext("Te kort. Neem vier of meer losse woorden.")
    return "muted", tr.gettext("Neem vier of meer losse woorden, zoals een zin die niemand kent.")
