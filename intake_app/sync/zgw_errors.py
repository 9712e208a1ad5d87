"""What a case system objects to, and what it means for the person at the screen.

Nothing of an answer gets into an error but the names of fields the system minds.
"""

from __future__ import annotations

import json
import re
from typing import Final

from intake_app.sentences import Sentence
from intake_app.sync.errors import Reason, Refused, SyncError

_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]-]{0,59}\Z")
_NOT_UNIQUE: Final = "identificatie-niet-uniek"


class Objection(Refused):
    """The case system does not take what was sent; `fields` are the names of what it minds."""

    sentence = (
        "Het zaaksysteem neemt dit niet aan. Het gaat om: {named}. Er is niets kwijt. "
        "Kijk de instellingen van het zaaksysteem na of bel je functioneel beheerder."
    )

    def __init__(self, fields: tuple[str, ...], *, taken: bool = False) -> None:
        """Object to `fields`; `taken` when a document or case of that name is there already."""
        named = ", ".join(f"‘{each}’" for each in fields)
        super().__init__(named=named or Sentence("iets dat het niet noemt"))
        self.fields = fields
        self.taken = taken


class Gone(Refused):
    """The document or case that is asked for is not there (any more)."""

    sentence = (
        "Het zaaksysteem kent deze zaak of dit document niet. Er is niets kwijt. "
        "Kijk het adres na of bel je functioneel beheerder."
    )


class Misfit(Refused):
    """The system answered something else than the API says."""

    sentence = (
        "Het zaaksysteem gaf een antwoord dat niet klopt. Er is niets kwijt. "
        "Probeer het later opnieuw of bel je functioneel beheerder."
    )


SENTENCES: Final[dict[Reason, str]] = {
    Reason.CERTIFICATE: (
        "Het zaaksysteem kan niet bewijzen dat het het echte is. Daarom is er niets verstuurd. "
        "Probeer een ander netwerk of bel je beheerder."
    ),
    Reason.NOT_ALLOWED: (
        "Het zaaksysteem laat dit programma niet toe. Er is niets kwijt. "
        "Kijk de client-id en de sleutel na, en of de klok van de laptop goed staat."
    ),
    Reason.NO_CONNECTION: (
        "Er is geen verbinding met het zaaksysteem. Er is niets kwijt. Probeer het later opnieuw."
    ),
    Reason.SLOW: (
        "Het zaaksysteem antwoordde niet op tijd. Er is niets kwijt. "
        "Probeer het opnieuw; het programma gaat verder waar het was."
    ),
    Reason.BUSY: (
        "Het zaaksysteem heeft het druk. Er is niets kwijt. Probeer het over een paar minuten."
    ),
    Reason.SERVER: (
        "Het zaaksysteem heeft een storing. Er is niets kwijt. Probeer het later opnieuw."
    ),
    Reason.TOO_LARGE: (
        "Het zaaksysteem neemt zulke grote bestanden niet aan. Er is niets kwijt. "
        "Bel je functioneel beheerder."
    ),
    Reason.FULL: "Het zaaksysteem is vol. Er is niets kwijt. Bel je functioneel beheerder.",
    Reason.ADDRESS: (
        "Het adres van het zaaksysteem klopt niet. Er is niets verstuurd. "
        "Kijk de instellingen van het zaaksysteem na."
    ),
}


def sentence(error: SyncError) -> str:
    """Return the Dutch sentence for an error on the way to a case system."""
    if isinstance(error, Objection | Gone | Misfit):
        return str(error)
    return SENTENCES.get(error.reason) or str(error)


def objection(body: bytes) -> Objection:
    """Read the names of the fields a validation error is about (ValidatieFout)."""
    try:
        said = json.loads(body)
        minded = said["invalidParams"]
        names = [str(each["name"]) for each in minded]
        codes = [str(each["code"]) for each in minded]
    except (ValueError, TypeError, KeyError):
        return Objection(())
    fields = tuple(dict.fromkeys(name for name in names if _FIELD.match(name)))
    return Objection(fields, taken=bool(codes) and set(codes) == {_NOT_UNIQUE})
