"""What can go wrong with a vault; `str()` of each is a Dutch sentence without personal data."""

from __future__ import annotations


class VaultError(Exception):
    """Base of all. `sentence` says what happened, what it means and what to do."""

    sentence = "Er ging iets mis met de kluis. Sluit het programma en probeer het opnieuw."

    def __init__(self, sentence: str = "") -> None:
        """Use `sentence` where one is given, else the one of the class."""
        super().__init__(sentence or self.sentence)


class WrongPassphrase(VaultError):
    """The key file is whole, and no slot opens with this passphrase."""

    sentence = (
        "Deze wachtwoordzin klopt niet. De kluis blijft dicht. "
        "Probeer het opnieuw en let op Caps Lock en de indeling van het toetsenbord."
    )


class VaultLocked(VaultError):
    """The vault was closed; nothing can be read or written any more."""

    sentence = "De kluis is op slot. Ontgrendel de kluis om verder te gaan."


class VaultDamaged(VaultError):
    """A file of the vault is missing, changed or unreadable."""

    sentence = (
        "De kluis is beschadigd en kan niet open. Wat erin staat is niet weg. "
        "Verander niets in de map van de kluis. "
        "Vraag de beheerder om een back-up terug te zetten."
    )


class VaultNewer(VaultError):
    """The vault was written by a newer version of the program."""

    sentence = (
        "Deze kluis is gemaakt met een nieuwere versie van dit programma. Er is niets veranderd. "
        "Zet eerst de nieuwste versie op deze laptop."
    )


class VaultInUse(VaultError):
    """Another instance has the vault open."""

    sentence = (
        "Deze kluis is al open in een ander venster. Er kan er maar één tegelijk open zijn. "
        "Ga naar dat venster, of sluit het en probeer het opnieuw."
    )


class NotAVault(VaultError):
    """There is no vault in the folder."""

    sentence = "In deze map staat geen kluis. Kies een andere map of maak een nieuwe kluis."


class VaultExists(VaultError):
    """A vault, or part of one, is already in the folder."""

    sentence = (
        "In deze map staat al een kluis. Er is niets veranderd. "
        "Open die kluis, of kies een lege map voor een nieuwe."
    )


class NetworkFolder(VaultError):
    """The folder is on a network drive, where an encrypted database is not safe."""

    sentence = (
        "Deze map staat op een netwerkschijf. Daar kan een kluis kapot gaan. "
        "Kies een map op deze laptop zelf."
    )


class DiskFull(VaultError):
    """The disk is full; the transaction was rolled back."""

    sentence = (
        "De schijf van deze laptop is vol. De laatste wijziging is niet opgeslagen, "
        "alles daarvoor wel. Maak ruimte vrij en probeer het opnieuw."
    )


class StorageFailed(VaultError):
    """The disk or the driver reported an error; the transaction was rolled back."""

    sentence = (
        "De schijf gaf een fout. De laatste wijziging is niet opgeslagen, alles daarvoor wel. "
        "Probeer het opnieuw. Gaat het weer mis, vraag dan de beheerder om hulp."
    )


class RecordRefused(VaultError):
    """A row broke a rule of the database (missing parent, double identifier, unusable text)."""

    sentence = (
        "Deze gegevens passen niet bij wat er al in de kluis staat. Er is niets opgeslagen. "
        "Open het scherm opnieuw en probeer het nog een keer."
    )


class AuditBroken(VaultError):
    """The audit chain is not whole: an entry was changed, removed or put in."""

    sentence = (
        "Het logboek is niet heel: er is een regel veranderd of verdwenen. "
        "Ga niet verder met deze kluis en waarschuw de functionaris gegevensbescherming."
    )


class ReadOnlyError(VaultError):
    """A store was asked to write outside a transaction: a mistake in the program."""

    sentence = "Hier kan alleen gelezen worden. Er is niets opgeslagen. Meld dit aan de beheerder."


class NestedTransaction(VaultError):
    """A transaction was begun inside another: a mistake in the program."""

    sentence = "Er loopt al een wijziging. Er is niets opgeslagen. Meld dit aan de beheerder."
