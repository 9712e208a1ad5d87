"""What can go wrong with a vault; `str()` of each is a Dutch sentence without personal data."""

from __future__ import annotations

from intake_app.sentences import Told


class VaultError(Told):
    """Base of all. `sentence` says what happened, what it means and what to do."""

    sentence = "Er ging iets mis met de kluis. Sluit het programma en probeer het opnieuw."


class WrongPassphrase(VaultError):
    """The key file is whole, and no slot opens with this passphrase."""

    sentence = (
        "Deze wachtwoordzin klopt niet. De kluis blijft dicht. "
        "Probeer het opnieuw en let op Caps Lock en de indeling van het toetsenbord."
    )


class SecondFactorMissing(WrongPassphrase):
    """Nothing opens, and the second factor of a slot is not at hand; counts as a wrong one."""

    sentence = (
        "De kluis blijft dicht. De wachtwoordzin klopt niet, of de sleutelbos van deze laptop "
        "geeft de tweede sleutel niet. Probeer het opnieuw. Lukt het niet, "
        "laat de beheerder dan herstellen met twee herstelkaarten."
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


class KeyFileDoesNotFit(VaultDamaged):
    """The key file is whole and opens, but the database does not open with its key."""

    sentence = (
        "Het sleutelbestand is heel, maar past niet op deze kluis. Er is niets veranderd. "
        "Het is een ouder sleutelbestand, of de kluis zelf is beschadigd. "
        "Vraag de beheerder om het nieuwste sleutelbestand of een back-up terug te zetten."
    )


class KeyFileOlder(VaultError):
    """The key file is of an earlier generation than the database has seen."""

    sentence = (
        "Er staat een ouder sleutelbestand bij deze kluis dan de vorige keer. "
        "Misschien is er een back-up van dat bestand teruggezet. De kluis blijft dicht en er is "
        "niets veranderd. Zet het nieuwste sleutelbestand terug, of herstel met twee "
        "herstelkaarten."
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


class VaultBusy(VaultError):
    """Something else still reads, so the keys of the database cannot be changed now."""

    sentence = (
        "De kluis is nog bezig met iets anders. Er is niets veranderd. "
        "Wacht tot dat klaar is en probeer het opnieuw."
    )


class NotAllowed(VaultError):
    """The user at the keyboard does not have the role for this."""

    sentence = (
        "Dit mag alleen iemand met de rol beheer. Er is niets veranderd. Vraag het een beheerder."
    )


class LastWayIn(VaultError):
    """Afterwards nobody could manage the vault, or nobody could read a part of it."""

    sentence = (
        "Dit kan niet, want daarna kan niemand meer bij alles in deze kluis. Er is niets "
        "veranderd. Geef eerst een collega deze rol, of maak herstelkaarten en probeer ze uit."
    )


class NoMedicalKey(VaultError):
    """The medical key exists, and the user at the keyboard does not hold it."""

    sentence = (
        "Alleen iemand die zelf de medische rol heeft, kan die rol aan een ander geven. "
        "Er is niets veranderd. Vraag het een beheerder met de medische rol."
    )


class RolesWouldBeLost(VaultError):
    """Recovering this user destroys the last copy of a role's key: the cards do not hold it."""

    sentence = (
        "Deze collega is de laatste die bij het medische deel kan, en deze kaarten openen dat deel "
        "nog niet. Met een nieuwe wachtwoordzin is wat alleen de medische rol kon lezen, voorgoed "
        "weg. Er is niets veranderd. Probeer eerst de oude wachtwoordzin van deze collega, of "
        "andere kaarten van deze kluis."
    )


class UserUnknown(VaultError):
    """Nobody with this identifier may open the vault."""

    sentence = (
        "Deze collega heeft geen toegang meer tot deze kluis. Er is niets veranderd. "
        "Open het scherm opnieuw."
    )


class NoRole(VaultError):
    """A user needs at least one role."""

    sentence = "Kies minstens één rol voor deze collega. Er is niets veranderd."


class PassphraseRefused(VaultError):
    """This passphrase cannot be used here; it does not say why, for it could give one away."""

    sentence = (
        "Deze wachtwoordzin kan hier niet gebruikt worden. Er is niets veranderd. "
        "Kies zes andere woorden."
    )


class NotUnlockedYet(VaultError):
    """A user did not unlock since the key file of version 2, or too many renewals wait."""

    sentence = (
        "Een collega heeft deze kluis te lang niet ontgrendeld, dus de nieuwe sleutel kan daar "
        "niet komen. Er is niets veranderd. Laat die collega eerst één keer ontgrendelen, "
        "of haal die toegang weg."
    )


class TooManyUsers(VaultError):
    """There is no room for one more slot."""

    sentence = (
        "Er kunnen niet meer collega's bij deze kluis. Er is niets veranderd. "
        "Haal eerst een toegang weg die niemand meer gebruikt."
    )


class NoRecoveryCards(VaultError):
    """A second factor without recovery cards could lock everybody out."""

    sentence = (
        "Er zijn nog geen herstelkaarten die zijn uitgeprobeerd. Zonder kaarten kan een kapotte "
        "laptop je buitensluiten. Er is niets veranderd. Maak eerst herstelkaarten."
    )


class KeystoreUnusable(VaultError):
    """The system has no key store that works, or it refused."""

    sentence = (
        "De sleutelbos van deze laptop werkt niet. Er is niets veranderd. "
        "Gebruik de kluis zonder tweede sleutel, of vraag de beheerder om hulp."
    )


class CardsRefused(VaultError):
    """Two recovery cards do not open this; `reason` and, when known, `card` and `word` say why.

    `reason` is one of words, same-card, other-set, not-this-vault, damaged. `card` is 1 for the
    one typed first and 2 for the other, 0 when it is about both. `word` counts from 1; 0 when it
    is not known.
    """

    sentence = (
        "Deze herstelkaarten openen de kluis niet. Er is niets veranderd. "
        "Controleer of het twee verschillende kaarten van deze kluis zijn."
    )

    def __init__(
        self, reason: str = "not-this-vault", sentence: str = "", *, card: int = 0, word: int = 0
    ) -> None:
        """Keep what is known about the refusal."""
        super().__init__(sentence)
        self.reason = reason
        self.card = card
        self.word = word
