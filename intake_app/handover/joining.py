"""A second vault of an organisation: the request it makes, and the answer that brings the keys.

The request has no signature: who makes it has no key that anybody knows. What is believed is the
control number over all of it, read out by the colleague and typed in. The answer is an age file to
the one-time key of the request, signed by the organisation's key inside. That signature only shows
who has the keys; that they are those of the organisation, the address book or its control number
says. The format is described in resources/schema/join-v1.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from intake_app.crypto import sshsig
from intake_app.crypto.age import AgeError, encrypt, open_decrypted, parse_identity, parse_recipient
from intake_app.crypto.fingerprint import fingerprint
from intake_app.crypto.padding import padded_size
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)
from intake_app.domain.actor import Organisation, Profile
from intake_app.handover.address_book import CLOCK_SLACK, REVOKED, Entry, municipality_codes
from intake_app.handover.codec import parse_time, time_text
from intake_app.handover.manifest import (
    Unreadable,
    age_key_of,
    check_format,
    shaped,
    take,
    uuid,
    words,
)
from intake_app.sentences import Told

REQUEST: Final = "doorgaande-lijn-deelnameverzoek"
ANSWER: Final = "doorgaande-lijn-deelname"
VERSION: Final = 1
NAMESPACE: Final = "doorgaande-lijn-deelname-v1"
VALID: Final = timedelta(days=7)
LABEL: Final = 60
"""The longest name of a vault."""
REQUEST_LIMIT: Final = 16 * 1024
ANSWER_LIMIT: Final = 128 * 1024
IDENTITIES: Final = 16
NONCE_BYTES: Final = 32

_NONCE: Final = re.compile(r"[0-9a-f]{64}\Z")
_LEAST: Final = 4096
_DEPTH: Final = 6
Random = Callable[[int], bytes]


class JoinRefusal(StrEnum):
    """Why a vault does not join, or is not let in."""

    UNREADABLE = "unreadable"
    NOT_A_REQUEST = "not_a_request"
    NOT_AN_ANSWER = "not_an_answer"
    NEWER = "newer"
    WRONG_NUMBER = "wrong_number"
    OTHER_PROFILE = "other_profile"
    PRACTICE = "practice"
    ITSELF = "itself"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"
    NOT_FOR_US = "not_for_us"
    NO_REQUEST = "no_request"
    OTHER_REQUEST = "other_request"
    SIGNATURE_BROKEN = "signature_broken"
    NOT_IN_BOOK = "not_in_book"
    NUMBER_NEEDED = "number_needed"
    NOT_EMPTY = "not_empty"
    ALREADY_KNOWN = "already_known"
    HAS_LET_IN = "has_let_in"
    HAS_JOINED = "has_joined"
    LABEL = "label"


SENTENCES: Final[dict[JoinRefusal, str]] = {
    JoinRefusal.UNREADABLE: (
        "Dit bestand kan niet worden gelezen. Er is niets veranderd. Kies het bestand opnieuw."
    ),
    JoinRefusal.NOT_A_REQUEST: (
        "Dit is geen verzoek van een andere kluis, of het bestand is beschadigd. Er is niets "
        "veranderd. Vraag je collega om het verzoek opnieuw te bewaren."
    ),
    JoinRefusal.NOT_AN_ANSWER: (
        "Dit is geen antwoord op een verzoek, of het bestand is beschadigd. Er is niets "
        "veranderd. Vraag je collega om het antwoord opnieuw te maken."
    ),
    JoinRefusal.NEWER: (
        "Dit bestand is gemaakt met een nieuwere versie van het programma. Er is niets veranderd. "
        "Zet eerst de nieuwste versie op deze laptop."
    ),
    JoinRefusal.WRONG_NUMBER: (
        "Dit is niet het controlegetal dat hierbij hoort. Er is niets gegeven of overgenomen. "
        "Laat het getal opnieuw voorlezen. Klopt het dan nog niet? Stop, en bel je beheerder."
    ),
    JoinRefusal.OTHER_PROFILE: (
        "De andere kluis is voor ander werk gemaakt. Alleen kluizen van dezelfde soort kunnen bij "
        "één organisatie horen. Maak de nieuwe kluis opnieuw en kies daar hetzelfde werk."
    ),
    JoinRefusal.PRACTICE: (
        "Een oefenkluis en een echte kluis kunnen niet bij één organisatie horen. Er is niets "
        "veranderd."
    ),
    JoinRefusal.ITSELF: (
        "Dit verzoek komt uit deze kluis zelf. Open het in de kluis die je organisatie al had."
    ),
    JoinRefusal.EXPIRED: (
        "Dit verzoek is ouder dan zeven dagen. Er is niets veranderd. Maak in de nieuwe kluis een "
        "nieuw verzoek."
    ),
    JoinRefusal.FROM_THE_FUTURE: (
        "Dit verzoek is gemaakt op een dag die nog moet komen. Er is niets veranderd. Kijk of de "
        "klok van beide laptops goed staat."
    ),
    JoinRefusal.NOT_FOR_US: (
        "Dit antwoord is voor een andere kluis. Deze kluis kan het niet openen. Er is niets "
        "veranderd. Vraag je collega om het antwoord op het verzoek van deze kluis."
    ),
    JoinRefusal.NO_REQUEST: (
        "Deze kluis wacht niet op een antwoord. Een antwoord werkt maar één keer. Maak een nieuw "
        "verzoek als deze kluis nog bij een organisatie moet horen."
    ),
    JoinRefusal.OTHER_REQUEST: (
        "Dit antwoord hoort bij een ander verzoek dan het laatste van deze kluis. Er is niets "
        "veranderd. Vraag je collega om het nieuwste verzoek te beantwoorden."
    ),
    JoinRefusal.SIGNATURE_BROKEN: (
        "De handtekening onder dit antwoord klopt niet. Het kan veranderd zijn. Er is niets "
        "overgenomen. Bel je collega."
    ),
    JoinRefusal.NOT_IN_BOOK: (
        "De sleutels in dit antwoord zijn niet die van de organisatie in het adresboek. Er is "
        "niets overgenomen. Bel je collega en vraag de projectleider van de regio."
    ),
    JoinRefusal.NUMBER_NEEDED: (
        "Deze kluis kan nog niet nagaan van wie dit antwoord is: de organisatie staat niet in het "
        "adresboek van deze laptop. Laat je collega het controlegetal van de organisatie voorlezen "
        "(Instellingen, Jouw organisatie) en typ het hier."
    ),
    JoinRefusal.NOT_EMPTY: (
        "In deze kluis staan al mensen of dossiers. Die horen bij de sleutels die deze kluis nu "
        "heeft. Alleen een lege kluis kan bij een andere organisatie gaan horen: maak een nieuwe."
    ),
    JoinRefusal.ALREADY_KNOWN: (
        "Deze kluis staat met haar eigen sleutels in het adresboek. Anderen kunnen er al dossiers "
        "voor verzegelen. Maak een nieuwe kluis en laat die bij de organisatie horen."
    ),
    JoinRefusal.HAS_LET_IN: (
        "Deze kluis heeft haar sleutels al aan een andere kluis gegeven en kan niet meer van "
        "organisatie veranderen. Maak een nieuwe kluis."
    ),
    JoinRefusal.HAS_JOINED: (
        "Deze kluis hoort al bij een organisatie die meer kluizen heeft. Dat kan niet nog een keer."
    ),
    JoinRefusal.LABEL: (
        "Geef de kluis een naam van hoogstens 60 tekens, waaraan je collega haar herkent."
    ),
}


class JoinRefused(Told):
    """Nothing was given or taken over; `reason` says why, `str()` says it in Dutch."""

    def __init__(self, reason: JoinRefusal) -> None:
        """Refuse for `reason`."""
        super().__init__(SENTENCES[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """What a new vault asks for; nothing in it is secret."""

    vault_id: UUID
    label: str
    """How the colleague knows the vault again; on one line."""
    profile: Profile
    practice: bool
    age_recipient: str
    """The one-time key, always a post-quantum one ("age1pq1…")."""
    nonce: str
    """64 hexadecimal digits."""
    made_at: datetime

    @property
    def digest(self) -> str:
        """SHA-256 of the request in its canonical form, in hexadecimal."""
        return hashlib.sha256(canonical_json(self.plain())).hexdigest()

    @property
    def number(self) -> str:
        """The control number over every field: six groups of five digits."""
        return fingerprint(self.age_recipient, f"{REQUEST} {self.digest}")

    def plain(self) -> dict[str, Any]:
        """Return the request as it stands in the file."""
        return {
            "format": REQUEST,
            "version": VERSION,
            "vault": str(self.vault_id),
            "label": self.label,
            "profile": self.profile.value,
            "practice": self.practice,
            "age": self.age_recipient,
            "nonce": self.nonce,
            "made": time_text(self.made_at),
        }


@dataclass(frozen=True, slots=True)
class JoinAnswer:
    """The organisation with all of its keys. Identities and seed are secret and never printed."""

    organisation: Organisation
    age_identities: tuple[str, ...] = field(repr=False)
    """Newest first; the first one's recipient is what others seal to."""
    signing_seed: bytes = field(repr=False)
    from_vault: UUID
    """The vault that answered."""
    made_at: datetime

    @property
    def age_recipient(self) -> str:
        """The public key of the newest identity."""
        return parse_identity(self.age_identities[0]).recipient.encode()

    @property
    def sign_public(self) -> str:
        """The organisation's public signing key."""
        return SigningKey(self.signing_seed).public

    @property
    def number(self) -> str:
        """The control number of the organisation's keys, as its key card and the book have it."""
        return fingerprint(self.age_recipient, self.sign_public)

    def agrees_with(self, entry: Entry) -> bool:
        """Tell whether an entry of the address book certifies these very keys, unrevoked."""
        return (
            entry.status != REVOKED
            and entry.organisation_id == self.organisation.organisation_id
            and (entry.age_recipient, entry.sign_public) == (self.age_recipient, self.sign_public)
        )


# ---- the request ---------------------------------------------------------------------------------


def write_request(request: JoinRequest) -> bytes:
    """Return the file of a request; what is returned has been read back.

    Raises JoinRefused(LABEL) for a name that nobody would read, NOT_A_REQUEST for the rest.
    """
    if not is_label(request.label):
        raise JoinRefused(JoinRefusal.LABEL)
    data = readable_json(request.plain())
    read_request(data)
    return data


def is_label(text: str) -> bool:
    """Tell whether a vault can be called so: something on one line, of at most 60 characters."""
    try:
        return bool(words(text, LABEL).strip()) and bool(text.encode())
    except ValueError:
        return False


def read_request(data: bytes) -> JoinRequest:
    """Return the request in a file, strictly parsed. Raises JoinRefused."""
    try:
        plain = strict_json(data, max_bytes=REQUEST_LIMIT, max_depth=_DEPTH)
        fields = check_format(plain, REQUEST, VERSION)
        names = "vault label profile practice age nonce made"
        vault, label, profile, practice, age, nonce, made = take(fields, names)
        if not isinstance(practice, bool) or not words(label, LABEL).strip():
            raise Unreadable
        return JoinRequest(
            vault_id=uuid(vault),
            label=label,
            profile=Profile(profile),
            practice=practice,
            age_recipient=_post_quantum(age),
            nonce=shaped(nonce, _NONCE),
            made_at=parse_time(made),
        )
    except Unreadable as error:
        newer = JoinRefusal.NEWER if error.newer else JoinRefusal.NOT_A_REQUEST
        raise JoinRefused(newer) from None
    except (JsonRefusedError, ValueError, TypeError):
        raise JoinRefused(JoinRefusal.NOT_A_REQUEST) from None


def check_age(made_at: datetime, now: datetime) -> None:
    """Refuse a request that is older than seven days by the clock of who judges, or too new.

    The time in the file is a label that its maker wrote: the control number covers it, no clock.
    """
    if made_at > now + CLOCK_SLACK:
        raise JoinRefused(JoinRefusal.FROM_THE_FUTURE)
    if now - made_at > VALID:
        raise JoinRefused(JoinRefusal.EXPIRED)


def _post_quantum(value: Any) -> str:
    found = age_key_of(value)
    if not found.startswith("age1pq1"):
        raise Unreadable
    return found


# ---- the answer ----------------------------------------------------------------------------------


def write_answer(answer: JoinAnswer, request: JoinRequest, *, random: Random) -> bytes:
    """Return the answer to a request: signed by the organisation, sealed to the one-time key.

    White space behind the JSON hides how many keys are in it: at least 4 KiB, then a Padmé size.
    """
    body = canonical_json(_body(answer, request))
    signature = sshsig.sign(SigningKey(answer.signing_seed), NAMESPACE, body)
    plain = canonical_json({"body": _body(answer, request), "signature": signature})
    plain += b" " * (padded_size(max(len(plain), _LEAST)) - len(plain))
    if len(plain) > ANSWER_LIMIT:
        raise ValueError("too many keys")
    out = BytesIO()
    encrypt([parse_recipient(request.age_recipient)], BytesIO(plain), out, random=random)
    return out.getvalue()


def read_answer(data: bytes, request: JoinRequest, one_time: str) -> JoinAnswer:
    """Return the organisation that answers exactly this request; `one_time` is its secret key.

    The signature is verified and every binding compared. That the keys are the organisation's
    must still be checked with the address book or a control number. Raises JoinRefused.
    """
    if len(data) > ANSWER_LIMIT + REQUEST_LIMIT:
        raise JoinRefused(JoinRefusal.NOT_AN_ANSWER)
    try:
        plain = open_decrypted([parse_identity(one_time)], BytesIO(data)).read()
    except AgeError as error:
        from intake_app.crypto.age_errors import NoMatchError

        strange = isinstance(error, NoMatchError)
        reason = JoinRefusal.NOT_FOR_US if strange else JoinRefusal.NOT_AN_ANSWER
        raise JoinRefused(reason) from None
    try:
        found = strict_json(plain, max_bytes=ANSWER_LIMIT, max_depth=_DEPTH)
        body, signature = take(found, "body signature")
        fields = check_format(body, ANSWER, VERSION)
        names = "nonce request age vault from organisation keys made"
        nonce, digest, age, vault, from_vault, whose, keys, made = take(fields, names)
        bound = (nonce, digest, age, vault)
        answer = JoinAnswer(
            organisation=_organisation(whose),
            **_keys(keys),
            from_vault=uuid(from_vault),
            made_at=parse_time(made),
        )
    except Unreadable as error:
        newer = JoinRefusal.NEWER if error.newer else JoinRefusal.NOT_AN_ANSWER
        raise JoinRefused(newer) from None
    except (JsonRefusedError, ValueError, TypeError):
        raise JoinRefused(JoinRefusal.NOT_AN_ANSWER) from None
    try:
        sshsig.verify(answer.sign_public, NAMESPACE, canonical_json(body), str(signature))
    except SignatureError:
        raise JoinRefused(JoinRefusal.SIGNATURE_BROKEN) from None
    wanted = (request.nonce, request.digest, request.age_recipient, str(request.vault_id))
    if bound != wanted:
        raise JoinRefused(JoinRefusal.OTHER_REQUEST)
    return answer


def _body(answer: JoinAnswer, request: JoinRequest) -> dict[str, Any]:
    whose = answer.organisation
    return {
        "format": ANSWER,
        "version": VERSION,
        "nonce": request.nonce,
        "request": request.digest,
        "age": request.age_recipient,
        "vault": str(request.vault_id),
        "from": str(answer.from_vault),
        "organisation": {
            "id": str(whose.organisation_id),
            "name": whose.name,
            "profile": whose.profile.value,
            "municipality_codes": list(whose.municipality_codes),
        },
        "keys": {"age": list(answer.age_identities), "sign": answer.signing_seed.hex()},
        "made": time_text(answer.made_at),
    }


def _organisation(plain: Any) -> Organisation:
    ident, name, profile, codes = take(plain, "id name profile municipality_codes")
    if not words(name).strip():
        raise Unreadable
    return Organisation(uuid(ident), name, Profile(profile), municipality_codes(codes))


def _keys(plain: Any) -> dict[str, Any]:
    ages, seed = take(plain, "age sign")
    if not isinstance(ages, list) or not 0 < len(ages) <= IDENTITIES:
        raise Unreadable
    found = tuple(_identity(each) for each in ages)
    if len(set(found)) != len(found):
        raise Unreadable
    return {"age_identities": found, "signing_seed": bytes.fromhex(shaped(seed, _NONCE))}


def _identity(value: Any) -> str:
    try:
        # one text for a key: what is kept is what was signed
        if isinstance(value, str) and parse_identity(value).encode() == value:
            return value
    except AgeError:
        pass
    raise Unreadable
