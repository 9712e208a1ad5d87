"""Where to mend what keeps a dossier from being sealed, in words instead of names of fields."""

from __future__ import annotations

import re

from intake_app.flows.dossier_words import PERSON_TITLES

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


def where_to_mend(place: str) -> str:
    """Return what keeps the dossier here and on which screen to mend it, in Dutch.

    `place` is that of `DossierRefused`: names of fields, such as "person.nationalities[0]".
    """
    names = re.split(r"[.\[]", place)
    label, remedy = _PLACES.get(names[0], ("", ""))
    if names[0] == "person" and len(names) > 1:
        label = PERSON_TITLES.get(names[1], "")
        remedy = "Open de persoon en kies ‘Gegevens wijzigen’."
        if names[1] == "languages":
            remedy = "Open de intake en kijk de vragen over taal na."
    if not label:
        label = place
        remedy = "Vraag je beheerder om hulp en noem dit woord."
    return f"Er is niets verzegeld. Bij ‘{label}’ staat iets dat niet in een dossier past. {remedy}"
