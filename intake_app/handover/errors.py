"""Every way a file from outside is refused, and every way sealing fails: one sentence each.

The sentences say what happened, what it means and what to do. They never hold content of a file;
at most the name of an organisation from the address book.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from intake_app.sentences import Sentence, Told


class RefusalReason(StrEnum):
    """Why a handover, receipt or key card is refused. Closed: a new reason is a new sentence."""

    NOT_A_HANDOVER = "not_a_handover"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    HOSTILE_ZIP = "hostile_zip"
    HEADER_UNREADABLE = "header_unreadable"
    UNKNOWN_VERSION = "unknown_version"
    SIGNATURE_BROKEN = "signature_broken"
    UNKNOWN_SENDER = "unknown_sender"
    SENDER_REVOKED = "sender_revoked"
    SENDER_KEY_NOT_VALID_THEN = "sender_key_not_valid_then"
    HOLDER_UNKNOWN = "holder_unknown"
    HOLDER_REVOKED = "holder_revoked"
    HOLDER_NOT_VALID_THEN = "holder_not_valid_then"
    FOR_OTHER_RECIPIENT = "for_other_recipient"
    PAYLOAD_DAMAGED = "payload_damaged"
    NO_KEY_FITS = "no_key_fits"
    CONTENT_HOSTILE = "content_hostile"
    CONTENT_SIGNATURE_BROKEN = "content_signature_broken"
    MANIFEST_MISMATCH = "manifest_mismatch"
    OTHER_SENDER_INSIDE = "other_sender_inside"
    RECIPIENT_NOT_LISTED = "recipient_not_listed"
    MEDICAL_NOT_HERE = "medical_not_here"
    MEDICAL_IN_DOSSIER = "medical_in_dossier"
    ALREADY_RECEIVED = "already_received"
    NUMBER_OF_ANOTHER = "number_of_another"
    DOSSIER_UNREADABLE = "dossier_unreadable"
    DOSSIER_VERSION = "dossier_version"
    UNREADABLE_FILE = "unreadable_file"
    NOT_A_RECEIPT = "not_a_receipt"
    RECEIPT_VERSION = "receipt_version"
    RECEIPT_FOR_OTHER = "receipt_for_other"
    RECEIPT_DAMAGED = "receipt_damaged"
    RECEIPT_SIGNATURE_BROKEN = "receipt_signature_broken"
    RECEIPT_OTHER_HANDOVER = "receipt_other_handover"
    RECEIPT_OTHER_FILE = "receipt_other_file"
    RECEIPT_CONTRADICTS = "receipt_contradicts"
    RECEIPT_ALREADY_KNOWN = "receipt_already_known"
    NOT_A_KEY_CARD = "not_a_key_card"
    KEY_CARD_VERSION = "key_card_version"
    KEY_CARD_SIGNATURE_BROKEN = "key_card_signature_broken"


SENTENCES: Final[dict[RefusalReason, str]] = {
    RefusalReason.NOT_A_HANDOVER: (
        "Dit bestand is geen overdracht. Er is niets geopend. "
        "Kies het bestand dat begint met “overdracht-” en eindigt op “.zip”."
    ),
    RefusalReason.TRUNCATED: (
        "Dit bestand is niet compleet: het einde ontbreekt of er is iets achter gezet. "
        "Er is niets geopend. Kopieer het opnieuw of vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.TOO_LARGE: (
        "Dit bestand is groter dan een overdracht kan zijn. Er is niets geopend. "
        "Vraag de afzender of dit het goede bestand is."
    ),
    RefusalReason.HOSTILE_ZIP: (
        "Dit bestand zit anders in elkaar dan een overdracht van dit programma. Dat kan een "
        "aanval zijn. Er is niets geopend. Meld het bij je beheerder. "
        "Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.HEADER_UNREADABLE: (
        "De gegevens op de buitenkant van dit bestand zijn niet te lezen. Er is niets geopend. "
        "Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.UNKNOWN_VERSION: (
        "Deze overdracht is gemaakt met een nieuwere versie van het programma. Deze versie kan "
        "haar niet lezen. Zet eerst de nieuwste versie op deze laptop en probeer het dan opnieuw."
    ),
    RefusalReason.SIGNATURE_BROKEN: (
        "Het zegel op de buitenkant is verbroken. Het bestand is veranderd nadat de afzender het "
        "verzegelde. Er is niets geopend. Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.UNKNOWN_SENDER: (
        "De afzender staat niet in je adresboek. We weten dus niet van wie dit bestand komt. "
        "Er is niets geopend. Vraag je beheerder om het nieuwste adresboek."
    ),
    RefusalReason.SENDER_REVOKED: (
        "De sleutel van deze afzender is ingetrokken: hij kan in verkeerde handen zijn. "
        "Er is niets geopend. Bel de afzender op een nummer dat je al had."
    ),
    RefusalReason.SENDER_KEY_NOT_VALID_THEN: (
        "De sleutel van deze afzender was niet geldig op de dag van verzegelen. "
        "Er is niets overgenomen. Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.HOLDER_UNKNOWN: (
        "Dit bestand zegt dat het van {name} komt, maar die organisatie staat niet in voor de "
        "sleutel waarmee het is verzegeld. Er is niets overgenomen. Bel de afzender op een nummer "
        "dat je al had."
    ),
    RefusalReason.HOLDER_REVOKED: (
        "De sleutel van de collega of laptop die dit verzegelde is ingetrokken door {name}. De "
        "laptop kan gestolen zijn. Er is niets overgenomen. Bel de afzender op een nummer dat je "
        "al had."
    ),
    RefusalReason.HOLDER_NOT_VALID_THEN: (
        "De collega of laptop die dit verzegelde mocht dat op die dag niet voor {name}. Er is "
        "niets overgenomen. Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.FOR_OTHER_RECIPIENT: (
        "Dit bestand is voor {name}. Je kunt het hier niet openen. "
        "Vraag de afzender om een nieuw dossier voor jouw organisatie."
    ),
    RefusalReason.PAYLOAD_DAMAGED: (
        "De inhoud van dit bestand is beschadigd of veranderd. Er is niets van overgenomen. "
        "Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.NO_KEY_FITS: (
        "Dit bestand is aan jouw organisatie gericht, maar geen van de sleutels in deze kluis "
        "past erop. De afzender gebruikte misschien een oude sleutel. "
        "Vraag de afzender om zijn adresboek bij te werken en opnieuw te verzegelen."
    ),
    RefusalReason.CONTENT_HOSTILE: (
        "De inhoud van dit bestand zit anders in elkaar dan een overdracht van dit programma. "
        "Er is niets van overgenomen. Meld het bij je beheerder en bel de afzender."
    ),
    RefusalReason.CONTENT_SIGNATURE_BROKEN: (
        "Het zegel op de inhoud is niet van de afzender op de buitenkant. Iemand kan de inhoud "
        "hebben verwisseld. Er is niets van overgenomen. Bel de afzender."
    ),
    RefusalReason.MANIFEST_MISMATCH: (
        "De inhoud is niet wat de afzender heeft verzegeld: er ontbreekt iets, er is iets bij of "
        "er is iets veranderd. Er is niets van overgenomen. Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.OTHER_SENDER_INSIDE: (
        "Binnenin staat een andere afzender dan op de buitenkant. Er is niets van overgenomen. "
        "Bel de afzender."
    ),
    RefusalReason.RECIPIENT_NOT_LISTED: (
        "De afzender heeft dit dossier niet voor jouw organisatie gemaakt: iemand heeft het "
        "doorgestuurd. Er is niets van overgenomen. "
        "Vraag de oorspronkelijke afzender om een dossier voor jouw organisatie."
    ),
    RefusalReason.ALREADY_RECEIVED: (
        "Deze overdracht heb je al ontvangen. Er is niets veranderd. "
        "Je vindt het dossier bij Overdracht."
    ),
    RefusalReason.NUMBER_OF_ANOTHER: (
        "Deze overdracht heeft hetzelfde nummer als een overdracht die je van een andere "
        "organisatie hebt. Er is niets van overgenomen. Bel de afzender en vraag om een nieuw "
        "bestand."
    ),
    RefusalReason.MEDICAL_NOT_HERE: (
        "Dit is een medische envelop. Alleen een zorgverlener mag die openen. Er is niets van "
        "overgenomen. Bel de afzender: hij heeft het bestand aan de verkeerde gestuurd."
    ),
    RefusalReason.MEDICAL_IN_DOSSIER: (
        "In dit bestand staat medische informatie op een plek waar die niet hoort. Er is niets "
        "van overgenomen. Bel de afzender. Medische informatie gaat in een eigen envelop naar "
        "de zorgverlener."
    ),
    RefusalReason.DOSSIER_UNREADABLE: (
        "Het zegel klopt, maar het dossier zelf is niet te lezen. Er is niets van overgenomen. "
        "Meld het bij je beheerder. Vraag de afzender om een nieuw bestand."
    ),
    RefusalReason.DOSSIER_VERSION: (
        "Het dossier is gemaakt met een nieuwere versie van het programma. Deze versie kan het "
        "niet lezen. Zet eerst de nieuwste versie op deze laptop en probeer het dan opnieuw."
    ),
    RefusalReason.UNREADABLE_FILE: (
        "Dit bestand kan niet worden gelezen. Misschien is de stick eruit gehaald of mag je er "
        "niet bij. Zet het bestand op deze laptop en probeer het opnieuw."
    ),
    RefusalReason.NOT_A_RECEIPT: (
        "Dit bestand is geen ontvangstbewijs. Er is niets veranderd. "
        "Kies het bestand dat begint met “ontvangst-” en eindigt op “.age”."
    ),
    RefusalReason.RECEIPT_VERSION: (
        "Dit ontvangstbewijs is gemaakt met een nieuwere versie van het programma. Er is niets "
        "veranderd. Zet eerst de nieuwste versie op deze laptop en probeer het dan opnieuw."
    ),
    RefusalReason.RECEIPT_FOR_OTHER: (
        "Dit ontvangstbewijs is voor een andere organisatie. Er is niets veranderd. "
        "Vraag de ontvanger om het bewijs dat voor jou is."
    ),
    RefusalReason.RECEIPT_DAMAGED: (
        "Dit ontvangstbewijs is beschadigd of veranderd. Er is niets veranderd aan de overdracht. "
        "Vraag de ontvanger om het bewijs opnieuw te maken."
    ),
    RefusalReason.RECEIPT_SIGNATURE_BROKEN: (
        "Dit ontvangstbewijs is niet ondertekend door de ontvanger van je overdracht. Er is niets "
        "veranderd. Bel de ontvanger op een nummer dat je al had."
    ),
    RefusalReason.RECEIPT_OTHER_HANDOVER: (
        "Dit ontvangstbewijs hoort bij een andere overdracht. Er is niets veranderd. "
        "Vraag de ontvanger om het goede bewijs."
    ),
    RefusalReason.RECEIPT_OTHER_FILE: (
        "Dit ontvangstbewijs gaat over een ander bestand dan jij hebt verzegeld. Er is niets "
        "veranderd. Bel de ontvanger en vergelijk wat hij heeft gekregen."
    ),
    RefusalReason.RECEIPT_CONTRADICTS: (
        "De stappen in dit ontvangstbewijs spreken elkaar tegen. Er is niets veranderd. "
        "Vraag de ontvanger om het bewijs opnieuw te maken."
    ),
    RefusalReason.RECEIPT_ALREADY_KNOWN: (
        "Dit ontvangstbewijs is al verwerkt. Er is niets veranderd. Je hoeft niets te doen."
    ),
    RefusalReason.NOT_A_KEY_CARD: (
        "Dit bestand is geen sleutelkaart. Er is niets overgenomen. "
        "Vraag de organisatie om haar sleutelkaart opnieuw te maken."
    ),
    RefusalReason.KEY_CARD_VERSION: (
        "Deze sleutelkaart is gemaakt met een nieuwere versie van het programma. Er is niets "
        "overgenomen. Zet eerst de nieuwste versie op deze laptop."
    ),
    RefusalReason.KEY_CARD_SIGNATURE_BROKEN: (
        "De handtekening onder deze sleutelkaart klopt niet: de kaart is veranderd. Er is niets "
        "overgenomen. Vraag de organisatie om een nieuwe kaart en controleer het controlegetal."
    ),
}


class Refusal(Told):
    """A file from outside is refused; `reason` says which of the closed list, `str()` the rest."""

    def __init__(self, reason: RefusalReason, *, name: str = "") -> None:
        """Refuse for `reason`; `name` is an organisation of the address book, where it helps."""
        super().__init__(SENTENCES[reason], name=name or Sentence("een andere organisatie"))
        self.reason = reason
        self.name = name


class SealError(Told):
    """Sealing failed; nothing that looks like a whole file was left behind."""


class DiskFull(SealError):
    """No room left on the disk or stick."""

    sentence = (
        "De schijf of stick is vol. Er is geen bestand gemaakt. "
        "Maak ruimte vrij of kies een andere plek en probeer het opnieuw."
    )


class TargetExists(SealError):
    """There is already something with that name."""

    sentence = (
        "Op deze plek staat al een bestand met deze naam. Het is niet overschreven. "
        "Kies een andere plek of haal het oude bestand eerst weg."
    )


class CannotWrite(SealError):
    """The place cannot be written to, or disappeared."""

    sentence = (
        "Op deze plek kan niet worden geschreven. Er is geen bestand gemaakt. "
        "Kijk of de stick er nog in zit of kies een andere map."
    )


class WrittenWrong(SealError):
    """What was read back is not what was written."""

    sentence = (
        "Het bestand is niet goed op de schijf of stick gekomen en is weer weggehaald. "
        "Gebruik een andere plek of een andere stick en probeer het opnieuw."
    )


class ContentTooLarge(SealError):
    """Dossier and attachments together are more than a receiver accepts."""

    sentence = (
        "Dit dossier is te groot om te verzegelen: samen hoogstens 600 MB, en 60 MB per bijlage. "
        "Er is geen bestand gemaakt. Haal een bijlage weg of maak haar kleiner."
    )


class SealedTooEarly(SealError):
    """By the clock, the person who seals was no colleague yet."""

    sentence = (
        "De klok van deze laptop staat op een dag dat jij nog niet bij deze organisatie hoorde. "
        "Niemand zou dit bestand aannemen, dus er is geen bestand gemaakt. "
        "Zet de klok goed en probeer het opnieuw."
    )


class SealCancelled(SealError):
    """Somebody stopped it."""

    sentence = (
        "Je hebt het verzegelen gestopt. Er is geen bestand gemaakt. "
        "Begin opnieuw als je het dossier toch wilt overdragen."
    )
