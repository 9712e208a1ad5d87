"""What leaves: the dossier as `dossier.json`, version 1, described field by field.

The values are those of the format and stay as they are, whatever becomes of the program's own
types; a change is a new version beside this one. Field texts are Dutch because they are the
published description for the receiving organisations (`resources/schema`). Text fields are empty
when nothing is known; lists are empty when there is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from intake_app.crypto.strict_json import JsonRefusedError, canonical_json, strict_json
from intake_app.domain import identifiers
from intake_app.domain.partial_date import PartialDate
from intake_app.handover import limits
from intake_app.handover.codec import CodecError, Rule, from_plain, schema_of, to_plain

FORMAT: Final = "doorgaande-lijn-dossier"
VERSION: Final = 1
SCHEMA_ID: Final = "https://doorgaande-lijn.nl/schema/dossier-v1.schema.json"

PARTIAL_DATE: Final = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"
_PARTIAL: Final = "leeg, jaar, jaar-maand of jaar-maand-dag, voor zover bekend"
LEVELS: Final = ("", "pre-A1", "A1min", "A1", "A2", "B1", "B2", "C1", "C2")
STATES: Final = ("", "ingevuld", "weet_niet", "wil_niet_zeggen", "niet_gevraagd", "nvt")
SOURCES: Final = ("client", "coa", "document", "assessor", "staff")
ROLES: Final = (
    "coa",
    "gemeente",
    "uitvoerder",
    "noa",
    "vluchtelingenwerk",
    "taalaanbieder",
    "werkgever",
    "zorgverlener",
)
CATEGORY: Final = r"^[a-z_]{2,32}$"
LANGUAGE: Final = r"^([a-z]{2,3})?$"
SHA256: Final = r"^[0-9a-f]{64}$"
CODED_LISTS: Final = ("ISO 15924", "ISCED 2011", "ISCO-08")
ATTACHMENT_FILE: Final = r"^data/bijlagen/[0-9]{3}\.[a-z0-9]{1,8}$"


def _partial_date(text: str) -> None:
    """Raise ValueError unless the program itself would write this date so."""
    if PartialDate.parse(text).iso() != text:
        raise ValueError("date")


def _v_number(text: str) -> None:
    """Raise ValueError unless the program itself would write this V-nummer so."""
    if text and identifiers.v_number(text) != text:
        raise ValueError("V-nummer")


def _bsn(text: str) -> None:
    """Raise ValueError unless it passes the 11-proef: a wrong BSN may be somebody else's."""
    if text and identifiers.bsn(text) != text:
        raise ValueError("BSN")


class DossierRefused(ValueError):
    """The bytes are no dossier of version 1. `newer` tells that the version is another one."""

    def __init__(self, place: str, *, newer: bool = False) -> None:
        """Keep the place of the fault (names only, no content)."""
        super().__init__(place)
        self.place = place
        self.newer = newer


@dataclass(frozen=True, slots=True)
class DossierLanguage:
    """Een taal die de persoon gebruikt."""

    code: Annotated[str, Rule("Taal", pattern=r"^[a-z]{3}$", codes="ISO 639-3")]
    is_mother_tongue: Annotated[bool, Rule("Of dit de moedertaal is")]
    speaks: Annotated[
        str, Rule("Niveau van spreken, leeg als onbekend", one_of=LEVELS, codes="ERK")
    ]


@dataclass(frozen=True, slots=True)
class DossierPerson:
    """De persoon over wie het dossier gaat; namen volgens de regels van de BRP."""

    person_id: Annotated[UUID, Rule("Sleutel van de persoon bij de afzender")]
    v_number: Annotated[
        str, Rule("V-nummer: tien cijfers of leeg", pattern=r"^(\d{10})?$", check=_v_number)
    ]
    bsn: Annotated[
        str,
        Rule(
            "Burgerservicenummer: negen cijfers of leeg; alleen voor gemeente en uitvoerder",
            pattern=r"^(\d{9})?$",
            check=_bsn,
        ),
    ]
    family_name: Annotated[
        str, Rule("Geslachtsnaam; bij één naam de hele naamketen, '.' als onbekend", codes="BRP")
    ]
    given_names: Annotated[str, Rule("Voornamen", codes="BRP")]
    name_prefix: Annotated[str, Rule("Voorvoegsel", codes="BRP")]
    call_name: Annotated[str, Rule("Roepnaam")]
    name_in_own_script: Annotated[str, Rule("Naam in het eigen schrift, Unicode")]
    aliases: Annotated[tuple[str, ...], Rule("Andere namen en schrijfwijzen")]
    birth_date: Annotated[
        str, Rule(f"Geboortedatum: {_PARTIAL}", pattern=PARTIAL_DATE, check=_partial_date)
    ]
    birth_date_status: Annotated[
        str,
        Rule(
            "Hoe de geboortedatum bekend is; 'geschat' is ook de fictieve 1 januari",
            one_of=("vastgesteld", "opgave", "geschat"),
        ),
    ]
    gender: Annotated[str, Rule("Geslacht", one_of=("M", "V", "O"), codes="BRP")]
    birth_country: Annotated[str, Rule("Geboorteland", pattern=r"^(\d{4})?$", codes="BRP tabel 34")]
    nationalities: Annotated[
        tuple[str, ...], Rule("Nationaliteiten", pattern=r"^\d{4}$", codes="BRP tabel 32")
    ]
    residence_title: Annotated[
        str, Rule("Verblijfstitel", pattern=r"^(\d{2})?$", codes="BRP tabel 56")
    ]
    permit_from: Annotated[
        str, Rule(f"Vergunning per: {_PARTIAL}", pattern=PARTIAL_DATE, check=_partial_date)
    ]
    contact_language: Annotated[
        str,
        Rule(
            "Taal waarin vragen zijn getoond, leeg als onbekend", pattern=LANGUAGE, codes="ISO 639"
        ),
    ]
    languages: Annotated[tuple[DossierLanguage, ...], Rule("Talen van de persoon")]
    literacy: Annotated[
        str,
        Rule(
            "Alfabetisering: Latijns schrift, ander schrift (AA), niet (A)",
            one_of=("latijn", "AA", "A", "onbekend"),
            codes="DUO",
        ),
    ]
    interpreter_needed: Annotated[bool | None, Rule("Of een tolk nodig is; leeg als onbekend")]
    phone: Annotated[str, Rule("Telefoonnummer")]
    email: Annotated[str, Rule("E-mailadres")]
    is_nareiziger: Annotated[bool, Rule("Of de persoon is nagereisd")]
    no_azc_intake_reason: Annotated[str, Rule("Waarom er geen intake in een AZC was; anders leeg")]
    scripts: Annotated[
        tuple[str, ...],
        Rule(
            "Schriften van de naam in eigen schrift",
            pattern=r"^[A-Z][a-z]{3}$",
            codes="ISO 15924",
            later=True,
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class DossierMember:
    """Een lid van het huishouden."""

    name: Annotated[str, Rule("Naam")]
    relation: Annotated[
        str,
        Rule(
            "Relatie tot de eerste persoon",
            one_of=("zelf", "partner", "kind", "ouder", "broer_zus", "ander"),
        ),
    ]
    birth_date: Annotated[
        str, Rule(f"Geboortedatum: {_PARTIAL}", pattern=PARTIAL_DATE, check=_partial_date)
    ]
    in_netherlands: Annotated[bool, Rule("Of dit lid in Nederland is")]


@dataclass(frozen=True, slots=True)
class DossierHousehold:
    """Wie bij elkaar hoort, nu of na gezinshereniging."""

    household_id: Annotated[UUID, Rule("Sleutel van het huishouden bij de afzender")]
    members: Annotated[tuple[DossierMember, ...], Rule("De leden, de eerste persoon voorop")]
    reunification: Annotated[
        str,
        Rule(
            "Stand van de gezinshereniging",
            one_of=("geen", "overweegt", "aangevraagd", "ingewilligd", "afgewezen", "aangekomen"),
        ),
    ]
    expected_persons: Annotated[int, Rule("Aantal personen dat nog wordt verwacht", least=0)]


@dataclass(frozen=True, slots=True)
class DossierKoppeling:
    """Een koppeling aan een gemeente; ook beëindigde koppelingen gaan mee."""

    municipality_code: Annotated[
        str, Rule("Gemeente", pattern=r"^\d{4}$", codes="CBS gemeentecode")
    ]
    linked_on: Annotated[date, Rule("Datum van koppeling")]
    ended_on: Annotated[date | None, Rule("Datum van ontkoppeling")]
    end_reason: Annotated[
        str,
        Rule(
            "Reden van ontkoppeling",
            one_of=("", "herkoppeld", "uitruil", "ingetrokken", "anders"),
        ),
    ]
    promising_reason: Annotated[str, Rule("Waarom deze gemeente past (kansrijke koppeling)")]


@dataclass(frozen=True, slots=True)
class DossierStay:
    """Een verblijf in een AZC."""

    location: Annotated[str, Rule("Locatie")]
    room: Annotated[str, Rule("Kamer")]
    arrived: Annotated[date | None, Rule("Datum van aankomst")]
    left: Annotated[date | None, Rule("Datum van vertrek")]
    coa_contact: Annotated[str, Rule("Contactpersoon of functie bij COA")]


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """Een gedateerd feit met bron."""

    kind: Annotated[str, Rule("Soort gebeurtenis", pattern=r"^[a-z_]{2,40}$")]
    on: Annotated[date, Rule("Datum van het feit")]
    recorded_at: Annotated[datetime, Rule("Wanneer het is vastgelegd")]
    source: Annotated[str, Rule("Waar het feit vandaan komt")]
    detail: Annotated[str, Rule("Code bij het feit, zoals de reden van niet in aanmerking komen")]


@dataclass(frozen=True, slots=True)
class DossierCode:
    """Een code van een standaard bij een antwoord."""

    code_list: Annotated[str, Rule("Naam van de codelijst", one_of=CODED_LISTS)]
    code: Annotated[str, Rule("De code in die lijst", pattern=r"^[A-Za-z0-9]{1,4}$")]


@dataclass(frozen=True, slots=True)
class DossierAnswer:
    """Een antwoord op een vraag, zoals gegeven en zoals leesbaar in het Nederlands."""

    path: Annotated[str, Rule("Vaste naam van de vraag in het formulier", pattern=r"^(/[^/]+)+$")]
    repeat: Annotated[UUID | None, Rule("Herhaling waarin de vraag staat")]
    category: Annotated[str, Rule("Categorie van de deeltabel", pattern=CATEGORY)]
    section: Annotated[str, Rule("Vaste naam van het onderdeel", pattern=r"^(/[^/]+)*$")]
    section_title: Annotated[str, Rule("Titel van het onderdeel")]
    question: Annotated[str, Rule("De vraag in het Nederlands")]
    value: Annotated[str, Rule("Waarde volgens ODK XForms; leeg als de stand niet 'ingevuld' is")]
    answer: Annotated[str, Rule("Het antwoord leesbaar in het Nederlands")]
    state: Annotated[str, Rule("Stand van het antwoord", one_of=STATES)]
    shown_language: Annotated[str, Rule("Taal op het scherm van de cliënt", pattern=LANGUAGE)]
    shown_question: Annotated[str, Rule("De vraag zoals getoond in die taal")]
    shown_answer: Annotated[str, Rule("Het antwoord zoals getoond in die taal")]
    unreviewed: Annotated[
        bool, Rule("Of de getoonde vertaling nog niet door een mens is nagekeken")
    ]
    weak: Annotated[bool, Rule("Of het begrip bij dit onderdeel zwak was")]
    source: Annotated[str, Rule("Bron van het antwoord", one_of=SOURCES)]
    note: Annotated[str, Rule("Notitie van de medewerker die mee mag")]
    author_id: Annotated[UUID, Rule("Wie het antwoord vastlegde; zie authors")]
    at: Annotated[datetime, Rule("Wanneer het antwoord is vastgelegd")]
    codes: Annotated[
        tuple[DossierCode, ...],
        Rule("Wat het antwoord betekent in een codelijst, waar dat vaststaat", later=True),
    ] = ()
    files: Annotated[
        tuple[str, ...],
        Rule(
            "Het bestand dat het antwoord is; een naam uit attachments",
            pattern=ATTACHMENT_FILE,
            later=True,
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class DossierRepeat:
    """Een herhaling in een formulier, zoals één baan of één opleiding."""

    path: Annotated[str, Rule("Vaste naam van de herhaalde groep", pattern=r"^(/[^/]+)+$")]
    instance: Annotated[UUID, Rule("Sleutel van deze herhaling")]
    parent: Annotated[UUID | None, Rule("Omvattende herhaling")]
    position: Annotated[int, Rule("Plaats, vanaf 0", least=0)]


@dataclass(frozen=True, slots=True)
class DossierLanguageUse:
    """Vanaf wanneer het gesprek in een taal was."""

    language: Annotated[str, Rule("Taal van het gesprek", pattern=LANGUAGE, codes="ISO 639")]
    since: Annotated[datetime, Rule("Vanaf wanneer")]


@dataclass(frozen=True, slots=True)
class DossierInterpretation:
    """Wie er tolkte en hoe goed het is begrepen."""

    mode: Annotated[
        str,
        Rule(
            "Hoe er is getolkt",
            one_of=("geen", "aanwezig", "telefoon", "video", "naaste", "kind"),
        ),
    ]
    interpreter: Annotated[str, Rule("Naam of nummer bij de tolkdienst")]
    language: Annotated[str, Rule("Taal van de tolk", pattern=LANGUAGE, codes="ISO 639")]
    told_back: Annotated[
        tuple[str, ...], Rule("Onderdelen die de cliënt in eigen woorden navertelde")
    ]
    weak: Annotated[tuple[str, ...], Rule("Onderdelen met zwak begrip")]
    languages: Annotated[
        tuple[DossierLanguageUse, ...],
        Rule(
            "De talen van het gesprek op volgorde; leeg als het één taal was, de taal van het "
            "gesprek",
            later=True,
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class DossierInterview:
    """Een gesprek aan de hand van een formulier."""

    interview_id: Annotated[UUID, Rule("Sleutel van het gesprek bij de afzender")]
    form_id: Annotated[str, Rule("Formulier", pattern=r"^[a-z0-9_]{1,64}$")]
    form_title: Annotated[str, Rule("Titel van het formulier")]
    form_version: Annotated[str, Rule("Versie van het formulier")]
    form_sha256: Annotated[str, Rule("SHA-256 van het formulier (ODK XForm)", pattern=SHA256)]
    language: Annotated[str, Rule("Taal van het gesprek", pattern=LANGUAGE, codes="ISO 639")]
    state: Annotated[str, Rule("Stand", one_of=("open", "vastgesteld"))]
    started_at: Annotated[datetime, Rule("Begin")]
    finished_at: Annotated[datetime | None, Rule("Wanneer vastgesteld")]
    interpretation: Annotated[DossierInterpretation, Rule("Tolk en begrip")]
    repeats: Annotated[tuple[DossierRepeat, ...], Rule("Herhalingen")]
    answers: Annotated[tuple[DossierAnswer, ...], Rule("Antwoorden die mee mogen")]


@dataclass(frozen=True, slots=True)
class DossierAction:
    """Een actie bij een doel."""

    action_id: Annotated[UUID, Rule("Sleutel van de actie")]
    what: Annotated[str, Rule("Wat er gebeurt")]
    doer: Annotated[
        str,
        Rule(
            "Wie het doet",
            one_of=(
                "client",
                "coa",
                "gemeente",
                "uitvoerder",
                "vluchtelingenwerk",
                "taalaanbieder",
                "werkgever",
                "zorg",
            ),
        ),
    ]
    where: Annotated[str, Rule("Waar", one_of=("azc", "gemeente"))]
    start: Annotated[date | None, Rule("Begin")]
    end: Annotated[date | None, Rule("Einde")]
    state: Annotated[str, Rule("Stand", one_of=("open", "bezig", "klaar", "vervallen"))]
    result: Annotated[str, Rule("Resultaat")]


@dataclass(frozen=True, slots=True)
class DossierGoal:
    """Een doel met acties."""

    goal_id: Annotated[UUID, Rule("Sleutel van het doel")]
    leefgebied: Annotated[str, Rule("Leefgebied", pattern=r"^[a-z_]{2,32}$")]
    text: Annotated[str, Rule("Het doel in woorden")]
    horizon: Annotated[date | None, Rule("Wanneer het doel bereikt moet zijn")]
    actions: Annotated[tuple[DossierAction, ...], Rule("Acties")]


@dataclass(frozen=True, slots=True)
class DossierPlan:
    """Het plan van aanpak, de laatste versie."""

    plan_id: Annotated[UUID, Rule("Sleutel van het plan")]
    version: Annotated[int, Rule("Versie van het plan", least=1)]
    state: Annotated[str, Rule("Stand", one_of=("concept", "vastgesteld"))]
    created_at: Annotated[datetime, Rule("Wanneer gemaakt")]
    main_path: Annotated[
        str,
        Rule("Hoofdvervolgpad", one_of=("", "gezondheid", "onderwijs", "leer_werk", "direct_werk")),
    ]
    other_paths: Annotated[
        tuple[str, ...],
        Rule("Andere vervolgpaden", one_of=("gezondheid", "onderwijs", "leer_werk", "direct_werk")),
    ]
    leerroute: Annotated[
        str, Rule("Advies leerroute", one_of=("B", "O", "Z", "nog_niet"), codes="DUO leerroute")
    ]
    goals: Annotated[tuple[DossierGoal, ...], Rule("Doelen")]
    client_view: Annotated[str, Rule("Zienswijze van de cliënt")]
    discussed_on: Annotated[date | None, Rule("Wanneer besproken met de cliënt")]
    discussed_with_interpreter: Annotated[bool, Rule("Of er een tolk bij was")]


@dataclass(frozen=True, slots=True)
class DossierActivity:
    """Wat al gedaan is, zodat niemand het opnieuw plant."""

    activity_id: Annotated[UUID, Rule("Sleutel")]
    kind: Annotated[str, Rule("Soort", pattern=r"^[a-z_]{2,40}$")]
    provider: Annotated[str, Rule("Wie het gaf")]
    started: Annotated[date | None, Rule("Begin")]
    ended: Annotated[date | None, Rule("Einde")]
    amount: Annotated[str, Rule("Omvang, zoals de aanbieder telt")]
    evidence: Annotated[str, Rule("Bewijs")]


@dataclass(frozen=True, slots=True)
class DossierAttachment:
    """Een bijlage die meegaat, zoals een diploma; het bestand zelf ligt ernaast."""

    attachment_id: Annotated[UUID, Rule("Sleutel van de bijlage bij de afzender")]
    file: Annotated[str, Rule("Naam van het bestand naast dit dossier", pattern=ATTACHMENT_FILE)]
    title: Annotated[str, Rule("Wat het is, in woorden")]
    kind: Annotated[
        str,
        Rule("Soort, zoals diploma, cv, brief of toetsuitslag", pattern=r"^[a-z_]{2,40}$"),
    ]
    category: Annotated[str, Rule("Categorie van de deeltabel", pattern=CATEGORY)]
    media_type: Annotated[
        str, Rule("Soort bestand (media type)", pattern=r"^[a-z0-9]+/[a-z0-9.+-]{1,80}$")
    ]
    size: Annotated[int, Rule("Grootte in bytes", least=0)]
    sha256: Annotated[str, Rule("SHA-256 van het bestand", pattern=SHA256)]
    added_at: Annotated[datetime, Rule("Wanneer toegevoegd bij de afzender")]
    source: Annotated[str, Rule("Van welke organisatie het komt; leeg als van de afzender zelf")]


@dataclass(frozen=True, slots=True)
class DossierConsent:
    """Een toestemming waarop een deel van dit dossier rust."""

    consent_id: Annotated[UUID, Rule("Sleutel")]
    category: Annotated[str, Rule("Categorie van de deeltabel", pattern=CATEGORY)]
    role: Annotated[str, Rule("Soort ontvanger", one_of=ROLES)]
    given_at: Annotated[datetime, Rule("Wanneer gegeven")]
    language: Annotated[str, Rule("Taal waarin uitgelegd", pattern=LANGUAGE, codes="ISO 639")]
    with_interpreter: Annotated[bool, Rule("Of er een tolk bij was")]


@dataclass(frozen=True, slots=True)
class DossierLeftOut:
    """Iets wat de afzender heeft en niet meegeeft, met de reden."""

    category: Annotated[str, Rule("Categorie van de deeltabel", pattern=CATEGORY)]
    what: Annotated[str, Rule("Wat er blijft, zonder inhoud")]
    reason: Annotated[str, Rule("Waarom")]
    basis: Annotated[str, Rule("Grondslag")]


@dataclass(frozen=True, slots=True)
class DossierAuthor:
    """Een medewerker die iets vastlegde."""

    user_id: Annotated[UUID, Rule("Sleutel")]
    name: Annotated[str, Rule("Naam zoals bekend bij de ontvanger van dit dossier")]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Het dossier van één persoon voor één ontvangende organisatie."""

    dossier_id: Annotated[UUID, Rule("Sleutel van het dossier; gelijk over alle versies")]
    dossier_version: Annotated[int, Rule("Versie van het dossier, vanaf 1", least=1)]
    created: Annotated[datetime, Rule("Wanneer samengesteld")]
    receiver_role: Annotated[str, Rule("Waarvoor de deeltabel is toegepast", one_of=ROLES)]
    person: Annotated[DossierPerson, Rule("De persoon")]
    household: Annotated[DossierHousehold | None, Rule("Het huishouden")]
    koppelingen: Annotated[tuple[DossierKoppeling, ...], Rule("Koppelingen, de oudste eerst")]
    stays: Annotated[tuple[DossierStay, ...], Rule("Verblijven in AZC's")]
    events: Annotated[tuple[DossierEvent, ...], Rule("Gebeurtenissen")]
    interviews: Annotated[tuple[DossierInterview, ...], Rule("Gesprekken met antwoorden")]
    plan: Annotated[DossierPlan | None, Rule("Het plan van aanpak")]
    activities: Annotated[tuple[DossierActivity, ...], Rule("Al gedaan")]
    consents: Annotated[tuple[DossierConsent, ...], Rule("Toestemmingen waarop dit rust")]
    left_out: Annotated[tuple[DossierLeftOut, ...], Rule("Wat niet meegaat en waarom")]
    authors: Annotated[tuple[DossierAuthor, ...], Rule("Medewerkers die iets vastlegden")]
    attachments: Annotated[
        tuple[DossierAttachment, ...],
        Rule("Bijlagen die meegaan, behalve de formulieren", later=True),
    ] = ()


def to_json(dossier: Dossier) -> bytes:
    """Return the dossier as canonical JSON: the same dossier always gives the same bytes.

    What is written has been read back. Raises DossierRefused if a value breaks its own
    description, UnicodeEncodeError for text that is no Unicode.
    """
    plain = {"format": FORMAT, "version": VERSION, **to_plain(dossier)}
    data = canonical_json(plain)
    from_json(data)
    return data


def from_json(data: bytes) -> Dossier:
    """Return the dossier in `data`; raises DossierRefused for anything that is not version 1.

    Refused are unknown, missing and double fields, other types and codes, control characters,
    and more or deeper content than the limits allow.
    """
    try:
        plain = strict_json(data, max_bytes=limits.DOSSIER_JSON, max_depth=limits.DOSSIER_DEPTH)
    except JsonRefusedError as error:
        raise DossierRefused(error.code) from None
    if not isinstance(plain, dict) or plain.pop("format", None) != FORMAT:
        raise DossierRefused("format")
    version = plain.pop("version", None)
    if type(version) is not int or version < 1:
        raise DossierRefused("version")
    if version != VERSION:
        raise DossierRefused("version", newer=True)
    try:
        return from_plain(Dossier, plain)
    except CodecError as error:
        raise DossierRefused(error.place) from None


def schema() -> dict[str, Any]:
    """Return the published JSON Schema of `dossier.json`, version 1."""
    definitions: dict[str, Any] = {}
    body = schema_of(Dossier, definitions)
    fixed = {
        "format": {"const": FORMAT, "description": "Naam van het formaat"},
        "version": {"const": VERSION, "description": "Versie van het formaat"},
    }
    body["properties"] = {**fixed, **body["properties"]}
    body["required"] = [*fixed, *body["required"]]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return {**head, "title": "Dossier van Doorgaande Lijn", **body, "$defs": definitions}
