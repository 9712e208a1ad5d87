"""The program's own words on the client's screen."""

from __future__ import annotations

from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE

N_ = str
"""Marks a text that is translated where it is used."""

PAUSE = N_("Pauze")
HEAR = N_("Hardop voorlezen")
WAIT = N_("Een ogenblik")
RESTING = N_("Even pauze")
AS_YOU_WISH = N_("We gaan verder als u dat wilt.")
BACK = N_("Vorig blad")
ON = N_("Volgend blad")


class OwnWords:
    """These words in the language of the client."""

    def __init__(self, texts: UiTexts, language: str) -> None:
        self._texts, self.language = texts, language

    def seen(self, dutch: str) -> str:
        """Return what is shown; '' where there is no translation and a picture must do."""
        found = self._texts.gettext(dutch)
        return found if found != dutch or self.language == SOURCE_LANGUAGE else ""

    def heard(self, dutch: str) -> str:
        """Return what a screen reader says: something is better than nothing."""
        return self.seen(dutch) or dutch
