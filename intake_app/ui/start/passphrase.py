"""How good a new passphrase is, told before it is used."""

from __future__ import annotations

from enum import StrEnum

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Kind


class Strength(StrEnum):
    """A rough measure of length; meaning is not measured."""

    NONE = ""
    SHORT = "short"
    FAIR = "fair"
    STRONG = "strong"


def strength(passphrase: str, *, accepted: bool) -> Strength:
    """Return a rough measure; `accepted` is what the rules of the vault say of it."""
    if not passphrase:
        return Strength.NONE
    if not accepted:
        return Strength.SHORT
    words = [word for word in passphrase.split() if len(word) > 2]
    if len(words) >= 5 or len(passphrase) >= 28:
        return Strength.STRONG
    return Strength.FAIR


def hint(tr: UiTexts, measured: Strength) -> tuple[Kind, str]:
    """Return the kind of notice and the sentence that goes with a strength."""
    if measured is Strength.STRONG:
        return "ok", tr.gettext("Sterk. Deze zin is moeilijk te raden.")
    if measured is Strength.FAIR:
        return "info", tr.gettext("Goed genoeg. Een woord erbij maakt hem veel sterker.")
    if measured is Strength.SHORT:
        return "warn", tr.gettext("Nog niet sterk genoeg. Ga door met losse woorden.")
    return "muted", tr.gettext("Neem zes losse woorden die niets met elkaar te maken hebben.")
