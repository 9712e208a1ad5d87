"""Where to mend what keeps a dossier from being sealed, in words instead of names of fields."""

from __future__ import annotations

import re

from intake_app.flows.dossier_words import PERSON_TITLES
from intake_app.sentences import Sentence

_PLACES: dict[str, tuple[str, str]] = {
    "household": ("Huishouden", "Open de persoon en kies ‘Wijzigen’ bij ‘Huishouden’."),
    "koppelingen": ("Koppeling", "Open de persoon en kies ‘Koppeling’."),
    "stays": ("Verblijf", "Open de persoon en kies ‘Verblijf’."),
    "events": ("Verloop", "Vraag je beheerder om hulp: het verloop kun je niet zelf wijzigen."),
    "interviews": ("Gesprekken", "Open het gesprek en kijk de antwoorden na."),
    "plan": ("Plan van aanpak", "Open het plan en kijk de doelen en acties na."),
    "activities": ("Al gedaan", "Open de persoon en kijk na wat er bij ‘Al gedaan’ staat."),
    "consents": ("Toestemming", "Trek de toestemming in bij ‘Wat gaat mee’ en vraag opnieuw."),
}
_CHANGE = Sentence("Open de persoon en kies ‘Gegevens wijzigen’.")
_LANGUAGES = Sentence("Open de intake en kijk de vragen over taal na.")
_ASK = Sentence("Vraag je beheerder om hulp en noem dit woord.")


def where_to_mend(place: str) -> Sentence:
    """Return what keeps the dossier here and on which screen to mend it, in Dutch.

    `place` is that of `DossierRefused`: names of fields, such as "person.nationalities[0]".
    """
    names = re.split(r"[.\[]", place)
    label, remedy = _PLACES.get(names[0], ("", ""))
    if names[0] == "person" and len(names) > 1:
        label = PERSON_TITLES.get(names[1], "")
        remedy = _CHANGE
        if names[1] == "languages":
            remedy = _LANGUAGES
    if not label:
        label = place
        remedy = _ASK
    return Sentence(
        "Er is niets verzegeld. Bij ‘{label}’ staat iets dat niet in een dossier past. {remedy}",
        label=Sentence(label),
        remedy=Sentence(remedy),
    )
