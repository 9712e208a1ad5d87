"""What can go wrong on the way, in three classes that say what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from intake_app.sentences import Told


class Reason(StrEnum):
    """Why something did not go; each has a sentence for the person at the screen."""

    PORTAL = "portal"
    """Something on the way answered instead of the relay: a login page of guest Wi-Fi."""
    PROXY_LOGIN = "proxy_login"
    CERTIFICATE = "certificate"
    NOT_ALLOWED = "not_allowed"
    BOX_UNKNOWN = "box_unknown"
    FULL = "full"
    TOO_LARGE = "too_large"
    NO_CONNECTION = "no_connection"
    SLOW = "slow"
    BUSY = "busy"
    SERVER = "server"
    FOLDER_GONE = "folder_gone"
    DISK_FULL = "disk_full"
    """The disk of this laptop."""
    FILE_GONE = "file_gone"
    """The frozen ciphertext on this laptop is missing or was changed."""
    REFUSED = "refused"
    """What lies there is not what it should be."""
    ADDRESS = "address"
    """The address, or the certificate beside it, can never work as it was filled in."""
    EXTRA_MISSING = "extra_missing"
    """The part of the program that reaches this kind of relay is not installed."""
    UNKNOWN = "unknown"


SENTENCES: Final[dict[Reason, str]] = {
    Reason.PORTAL: (
        "Het wifi-netwerk wil eerst dat je inlogt. Er is niets verstuurd en niets kwijt. "
        "Open je browser, log in op het netwerk en klik daarna op Nu proberen."
    ),
    Reason.PROXY_LOGIN: (
        "Het netwerk van je organisatie vraagt om een aanmelding bij de proxy. Er is niets kwijt. "
        "Vraag je beheerder hoe dit programma naar buiten mag."
    ),
    Reason.CERTIFICATE: (
        "De postbus kan niet bewijzen dat hij de echte is. Daarom is er niets verstuurd. "
        "Kijk of de klok van de laptop goed staat, probeer een ander netwerk of bel je beheerder."
    ),
    Reason.NOT_ALLOWED: (
        "De postbus kent deze laptop niet of laat hem niet toe. Er is niets kwijt. "
        "Vraag je beheerder om de aanmelding bij de postbus na te kijken."
    ),
    Reason.BOX_UNKNOWN: (
        "De postbus van deze organisatie is er niet. Er is niets kwijt. "
        "Vraag je beheerder of het adresboek en de postbus nog bij elkaar passen."
    ),
    Reason.FULL: (
        "De postbus is vol. Er is niets kwijt; het programma probeert het later weer. "
        "Meld het aan de beheerder van de postbus."
    ),
    Reason.TOO_LARGE: (
        "De postbus neemt zulke grote stukken niet aan. Er is niets kwijt. "
        "Meld het aan de beheerder van de postbus."
    ),
    Reason.NO_CONNECTION: (
        "Er is geen verbinding met de postbus. Er is niets kwijt. "
        "Het programma probeert het vanzelf opnieuw."
    ),
    Reason.SLOW: (
        "De postbus antwoordde niet op tijd. Er is niets kwijt. "
        "Het programma gaat later verder waar het was."
    ),
    Reason.BUSY: (
        "De postbus heeft het druk en vraagt om te wachten. Er is niets kwijt. "
        "Het programma probeert het vanzelf opnieuw."
    ),
    Reason.SERVER: (
        "De postbus heeft een storing. Er is niets kwijt. "
        "Het programma probeert het vanzelf opnieuw."
    ),
    Reason.FOLDER_GONE: (
        "De map van de postbus is er niet. Misschien is de stick eruit of de netwerkschijf weg. "
        "Er is niets kwijt. Sluit hem weer aan en klik op Nu proberen."
    ),
    Reason.DISK_FULL: (
        "De schijf van deze laptop is vol. Alles wat er was, is er nog. "
        "Maak ruimte vrij en klik op Nu proberen."
    ),
    Reason.FILE_GONE: (
        "Het verzegelde bestand op deze laptop is weg of veranderd. Dit dossier kan zo niet "
        "verder. Verzegel het opnieuw."
    ),
    Reason.REFUSED: (
        "Wat er in de postbus ligt, klopt niet. Er is niets overgenomen. "
        "Blijft dit zo, bel dan de andere organisatie."
    ),
    Reason.ADDRESS: (
        "Het adres of het certificaat van de postbus klopt niet. Er is niets verstuurd. "
        "Een adres op internet begint met https://. Kijk de instellingen na of vraag je beheerder."
    ),
    Reason.EXTRA_MISSING: (
        "Dit programma kan deze soort postbus nog niet bereiken: het onderdeel voor S3 ontbreekt. "
        "Er is niets kwijt. Vraag je beheerder om het programma met dat onderdeel te installeren."
    ),
    Reason.UNKNOWN: (
        "Er ging iets mis dat het programma niet kent. Er is niets kwijt en het programma probeert "
        "het opnieuw. Blijft dit zo, meld het dan aan je beheerder."
    ),
}


class SyncError(Told):
    """Something did not go; `str()` is a Dutch sentence without names or addresses."""

    def __init__(self, reason: Reason, **fields: object) -> None:
        """Fail for `reason`; a class with a `sentence` of its own says that, with `fields`."""
        super().__init__(self.sentence or SENTENCES[reason], **fields)
        self.reason = reason


class Later(SyncError):
    """It may go another time: time-outs, 5xx, 408, 423, 425, 429, refused, reset, names unknown."""

    def __init__(self, reason: Reason, retry_after: float | None = None) -> None:
        """Fail for `reason`; the relay asked to wait `retry_after` seconds, or did not say."""
        super().__init__(reason)
        self.retry_after = retry_after


class Paused(SyncError):
    """The whole relay cannot be used until the user or the cause changes something."""


class Refused(SyncError):
    """This item only; others go on."""

    def __init__(self, reason: Reason = Reason.REFUSED, **fields: object) -> None:
        """Fail for `reason`."""
        super().__init__(reason, **fields)
