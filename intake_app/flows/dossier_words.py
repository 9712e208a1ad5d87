"""The Dutch words for the parts of a dossier, the same on the screen and on paper."""

from __future__ import annotations

from intake_app.domain.event import EventKind
from intake_app.domain.handover import HandoverState
from intake_app.domain.interview import AnswerSource, AnswerState, InterpreterMode
from intake_app.domain.person import (
    BirthDateStatus,
    Gender,
    Literacy,
    Relation,
    Reunification,
)
from intake_app.domain.plan import ActionState, ActivityKind, Doer, Leerroute, Vervolgpad

CATEGORY_TITLES: dict[str, str] = {
    "identiteit": "Wie het is",
    "bsn": "BSN",
    "contact": "Telefoon en e-mail",
    "gezin": "Gezin en huishouden",
    "koppeling": "Koppeling en verloop",
    "ambitie": "Ambitie en wensen",
    "opleiding": "Opleiding",
    "werk": "Werk",
    "taal": "Taal",
    "leren": "Leren",
    "digitaal": "Digitale vaardigheden",
    "werkinteresse": "Werk dat past",
    "ondernemen": "Ondernemen",
    "geld": "Geld",
    "gezondheid_signaal": "Gezondheid: signalen",
    "kinderen": "Kinderen",
    "wonen": "Wonen",
    "netwerk": "Netwerk en meedoen",
    "zelfredzaamheid": "Zelfredzaamheid",
    "noa": "NOA-assessment",
    "plan": "Plan van aanpak",
    "activiteit": "Al gedaan",
    "begrip": "Tolk en begrip",
    "notitie": "Notities van collega's",
    "intern": "Alleen voor dit team",
    "medisch": "Medische gegevens",
}
"""Sharing category → title, in the order of the dossier."""

UNKNOWN_CATEGORY = "Zonder afspraak over delen"

PERSON_TITLES: dict[str, str] = {
    "v_number": "V-nummer",
    "family_name": "Geslachtsnaam",
    "given_names": "Voornamen",
    "name_prefix": "Voorvoegsel",
    "call_name": "Roepnaam",
    "name_in_own_script": "Naam in eigen schrift",
    "aliases": "Andere namen",
    "bsn": "BSN",
    "birth_date": "Geboortedatum",
    "birth_date_status": "Hoe zeker de geboortedatum is",
    "gender": "Geslacht",
    "birth_country": "Geboorteland",
    "nationalities": "Nationaliteit",
    "residence_title": "Verblijfstitel",
    "permit_from": "Vergunning vanaf",
    "phone": "Telefoon",
    "email": "E-mail",
    "languages": "Talen",
    "literacy": "Lezen en schrijven",
    "contact_language": "Taal van het gesprek",
    "interpreter_needed": "Tolk nodig",
    "is_nareiziger": "Nareiziger",
    "sponsor_id": "Referent",
    "no_azc_intake_reason": "Waarom geen intake in het AZC",
}
"""Field of `Person` → label, in the order of the dossier; every field but the key."""

EVENT_TITLES: dict[EventKind, str] = {
    EventKind.GEREGISTREERD: "Geregistreerd",
    EventKind.GEKOPPELD: "Gekoppeld",
    EventKind.ONTKOPPELD: "Ontkoppeld",
    EventKind.INTAKE_BEGONNEN: "Intake begonnen",
    EventKind.INTAKE_VASTGESTELD: "Intake vastgesteld",
    EventKind.ASSESSMENT_AFGENOMEN: "NOA-assessment afgenomen",
    EventKind.NIET_IN_AANMERKING: "Niet in aanmerking voor het assessment",
    EventKind.DUO_KENNISGEVING: "Kennisgeving van DUO",
    EventKind.PLAN_VASTGESTELD: "Plan vastgesteld",
    EventKind.OVERDRACHT_AANGEBODEN: "Overdracht aangeboden",
    EventKind.OVERDRACHT_ONTVANGEN: "Overdracht ontvangen",
    EventKind.OVERDRACHT_GEOPEND: "Overdracht geopend",
    EventKind.OVERDRACHT_GEACCEPTEERD: "Overdracht geaccepteerd",
    EventKind.OVERDRACHT_GEWEIGERD: "Overdracht geweigerd",
    EventKind.OVERDRACHT_INGETROKKEN: "Overdracht ingetrokken",
    EventKind.DOSSIER_OVERGENOMEN: "Dossier overgenomen",
}

PATH_TITLES: dict[Vervolgpad, str] = {
    Vervolgpad.GEZONDHEID: "Gezondheid",
    Vervolgpad.ONDERWIJS: "Onderwijs",
    Vervolgpad.LEER_WERK: "Leren en werken",
    Vervolgpad.DIRECT_WERK: "Direct werk",
}

PATH_HINTS: dict[Vervolgpad, str] = {
    Vervolgpad.GEZONDHEID: "Werk kan nu nog niet. Eerst rust, hulp en herstel.",
    Vervolgpad.ONDERWIJS: "Naar een opleiding met een erkend diploma.",
    Vervolgpad.LEER_WERK: "Leren en werkervaring opdoen tegelijk.",
    Vervolgpad.DIRECT_WERK: "Zo snel als het kan naar betaald werk.",
}

AREA_TITLES: dict[str, str] = {
    "ambitie": "Ambitie en wensen",
    "onderwijs": "Onderwijs",
    "werk": "Werk",
    "taal": "Taal",
    "leren": "Leren",
    "digitaal": "Digitaal",
    "werkinteresse": "Werkinteresse",
    "ondernemen": "Ondernemen",
    "geld": "Geld",
    "gezondheid": "Gezondheid",
    "kinderen": "Kinderen",
    "wonen": "Wonen",
    "netwerk": "Netwerk en meedoen",
    "zelfredzaamheid": "Zelfredzaamheid",
}

DOER_TITLES: dict[Doer, str] = {
    Doer.CLIENT: "Cliënt",
    Doer.COA: "COA",
    Doer.GEMEENTE: "Gemeente",
    Doer.UITVOERDER: "Uitvoerder",
    Doer.VLUCHTELINGENWERK: "VluchtelingenWerk",
    Doer.TAALAANBIEDER: "Taalaanbieder",
    Doer.WERKGEVER: "Werkgever",
    Doer.ZORG: "Zorg",
}

PLACE_TITLES: dict[str, str] = {"azc": "in het AZC", "gemeente": "in de gemeente"}

LEERROUTE_TITLES: dict[Leerroute, str] = {
    Leerroute.B1: "B1-route",
    Leerroute.ONDERWIJS: "Onderwijsroute",
    Leerroute.Z: "Z-route",
    Leerroute.NOG_NIET: "Nog niet te zeggen",
}

ACTION_STATES: dict[ActionState, str] = {
    ActionState.OPEN: "open",
    ActionState.BEZIG: "bezig",
    ActionState.KLAAR: "klaar",
    ActionState.VERVALLEN: "vervallen",
}

ACTIVITY_TITLES: dict[ActivityKind, str] = {
    ActivityKind.TAALLES: "Taalles",
    ActivityKind.KNM: "Kennis van de Nederlandse maatschappij (KNM)",
    ActivityKind.NOA: "NOA-assessment",
    ActivityKind.DIPLOMAWAARDERING: "Diplomawaardering",
    ActivityKind.PARTICIPATIEVERKLARING: "Participatieverklaring",
    ActivityKind.TIENWEKENPROGRAMMA: "Tienwekenprogramma",
    ActivityKind.GEZONDHEIDSCHECK: "Gezondheidscheck",
    ActivityKind.VRIJWILLIGERSWERK: "Vrijwilligerswerk",
    ActivityKind.ANDERS: "Iets anders",
}

GENDERS: dict[Gender, str] = {
    Gender.MAN: "man",
    Gender.VROUW: "vrouw",
    Gender.ONBEKEND: "onbekend",
}

BIRTH_DATE_STATES: dict[BirthDateStatus, str] = {
    BirthDateStatus.VASTGESTELD: "vastgesteld",
    BirthDateStatus.OPGAVE: "volgens eigen opgave",
    BirthDateStatus.GESCHAT: "geschat",
}

LITERACIES: dict[Literacy, str] = {
    Literacy.LATIJN: "in Latijns schrift",
    Literacy.ANDERS: "in een ander schrift",
    Literacy.ANALFABEET: "nog niet",
    Literacy.ONBEKEND: "onbekend",
}

RELATIONS: dict[Relation, str] = {
    Relation.ZELF: "zelf",
    Relation.PARTNER: "partner",
    Relation.KIND: "kind",
    Relation.OUDER: "ouder",
    Relation.BROER_ZUS: "broer of zus",
    Relation.ANDER: "anders",
}

REUNIFICATIONS: dict[Reunification, str] = {
    Reunification.GEEN: "geen",
    Reunification.OVERWEEGT: "overweegt het",
    Reunification.AANGEVRAAGD: "aangevraagd",
    Reunification.INGEWILLIGD: "ingewilligd",
    Reunification.AFGEWEZEN: "afgewezen",
    Reunification.AANGEKOMEN: "aangekomen",
}

INTERPRETER_MODES: dict[InterpreterMode, str] = {
    InterpreterMode.GEEN: "zonder tolk",
    InterpreterMode.AANWEZIG: "met een tolk in de kamer",
    InterpreterMode.TELEFOON: "met een tolk per telefoon",
    InterpreterMode.VIDEO: "met een tolk via video",
    InterpreterMode.NAASTE: "met een naaste die vertaalde",
    InterpreterMode.KIND: "met een kind dat vertaalde",
}

ANSWER_STATES: dict[AnswerState, str] = {
    AnswerState.NONE: "",
    AnswerState.ANSWERED: "",
    AnswerState.UNKNOWN: "weet niet",
    AnswerState.REFUSED: "wil niet zeggen",
    AnswerState.NOT_ASKED: "niet gevraagd",
    AnswerState.NOT_APPLICABLE: "niet van toepassing",
}

ANSWER_SOURCES: dict[AnswerSource, str] = {
    AnswerSource.CLIENT: "",
    AnswerSource.COA: "COA",
    AnswerSource.DOCUMENT: "uit een document",
    AnswerSource.ASSESSOR: "van de assessor",
    AnswerSource.STAFF: "van de collega",
}

HANDOVER_STATES: dict[HandoverState, str] = {
    HandoverState.KLAAR: "klaar, nog niet aangeboden",
    HandoverState.AANGEBODEN: "aangeboden",
    HandoverState.ONTVANGEN: "ontvangen",
    HandoverState.GEOPEND: "geopend",
    HandoverState.GEACCEPTEERD: "geaccepteerd",
    HandoverState.GEWEIGERD: "geweigerd",
    HandoverState.INGETROKKEN: "ingetrokken",
    HandoverState.VERLOPEN: "verlopen",
    HandoverState.VERVANGEN: "vervangen door een nieuwe versie",
}
