"""What can be wrong with a key file; `str()` of each is a Dutch sentence for a person."""

from __future__ import annotations

from intake_app.sentences import Told


class KeyFileError(Told):
    """Something about the key file; `str()` is a Dutch sentence for the person at the screen."""


class WrongPassphrase(KeyFileError):
    """No passphrase slot of this user opens with this passphrase."""

    sentence = (
        "Deze wachtwoordzin klopt niet. De kluis blijft dicht. "
        "Probeer het opnieuw en let op Caps Lock en de indeling van het toetsenbord."
    )


class SecondFactorNeeded(WrongPassphrase):
    """Nothing opens, and a slot needs a second factor that is not at hand."""

    sentence = (
        "De kluis blijft dicht. De wachtwoordzin klopt niet, of de sleutelbos van deze laptop "
        "geeft de tweede sleutel niet. Probeer het opnieuw. Lukt het niet, "
        "laat de beheerder dan herstellen met twee herstelkaarten."
    )


class NoEscrow(KeyFileError):
    """No escrow slot of this file is for these recovery cards."""

    sentence = "Deze herstelkaarten horen niet bij deze kluis. De kluis blijft dicht."


class KeyFileDamaged(KeyFileError):
    """The bytes are no key file of this format."""

    sentence = (
        "Het sleutelbestand is beschadigd. De kluis kan er niet mee open. "
        "Zet de kopie van het sleutelbestand of een back-up terug."
    )


class KeyFileNewer(KeyFileError):
    """The key file is of a version this program does not know."""

    sentence = (
        "Het sleutelbestand is gemaakt met een nieuwere versie van dit programma. "
        "Deze versie kan de kluis niet openen. Zet eerst de nieuwste versie op deze laptop."
    )


class KeyFileTampered(KeyFileError):
    """The passphrase is right, but the file was changed by someone without the master key."""

    sentence = (
        "Het sleutelbestand is veranderd buiten dit programma om. De kluis blijft dicht. "
        "Waarschuw de beheerder en zet een back-up van het sleutelbestand terug."
    )


class SlotChanged(KeyFileTampered):
    """The slot that opens names another user, other roles or another cost than it was made for."""

    sentence = (
        "In het sleutelbestand is jouw toegang veranderd: de gebruiker, de rol of de beveiliging "
        "klopt niet meer. De kluis blijft dicht. "
        "Waarschuw de beheerder en zet een back-up van het sleutelbestand terug."
    )


class ForeignSlot(KeyFileTampered):
    """The slot that opens was made for another vault."""

    sentence = (
        "Deze toegang komt uit een andere kluis en is hier in het sleutelbestand gezet. "
        "De kluis blijft dicht. "
        "Waarschuw de beheerder en zet een back-up van het sleutelbestand terug."
    )


class UsersChanged(KeyFileTampered):
    """A user's slot was added, changed, moved or removed without the master key."""

    sentence = (
        "In het sleutelbestand is een toegang van een gebruiker toegevoegd, veranderd of "
        "weggehaald, buiten dit programma om. De kluis blijft dicht. "
        "Waarschuw de beheerder en zet een back-up van het sleutelbestand terug."
    )


class EscrowChanged(KeyFileTampered):
    """An escrow slot was added, changed or removed without the master key."""

    sentence = (
        "In het sleutelbestand is de noodtoegang voor de herstelkaarten veranderd of weggehaald, "
        "buiten dit programma om. De kluis blijft dicht. "
        "Waarschuw de beheerder en zet een back-up van het sleutelbestand terug."
    )


class FileAltered(KeyFileTampered):
    """No slot opens, and the file is not what this program last wrote."""

    sentence = (
        "De kluis blijft dicht. Het sleutelbestand is veranderd of beschadigd, daarom past ook de "
        "goede wachtwoordzin niet meer. "
        "Waarschuw de beheerder en zet een back-up van het sleutelbestand terug."
    )


class KdfOutOfBounds(KeyFileError):
    """A slot asks for a key derivation that is too weak, or so dear that it blocks the laptop."""

    sentence = (
        "Het sleutelbestand vraagt een beveiliging buiten de toegestane grenzen. "
        "De kluis blijft dicht. Waarschuw de beheerder en zet een back-up terug."
    )


class EarlierSlotLeft(KeyFileError):
    """A user has not unlocked since version 2, so nothing new can be handed to that user yet."""

    sentence = (
        "Een collega heeft de kluis nog niet ontgrendeld sinds de laatste versie van dit "
        "programma. Er is niets veranderd. Laat die collega eerst één keer ontgrendelen, "
        "of verwijder die toegang."
    )
