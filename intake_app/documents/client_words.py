"""What parts of a dossier are called to the client: short words, "u", nothing official.

Colleagues read other words for the same things; those are in `flows.dossier_words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.attachment import AttachmentKind
from intake_app.domain.interview import AnswerState, InterpreterMode
from intake_app.domain.plan import ActionState, ActivityKind, Doer, Leerroute, Vervolgpad
from intake_app.i18n.catalogues import D_

CATEGORIES: Final[Mapping[str, str]] = {
    "identiteit": D_("wie u bent"),
    "bsn": D_("uw BSN"),
    "contact": D_("uw telefoon en e-mail"),
    "gezin": D_("uw gezin"),
    "koppeling": D_("uw gemeente en uw opvang"),
    "ambitie": D_("uw wensen en doelen"),
    "opleiding": D_("uw school en opleiding"),
    "werk": D_("uw werk"),
    "taal": D_("uw talen"),
    "leren": D_("hoe u leert"),
    "digitaal": D_("wat u kunt met telefoon en computer"),
    "werkinteresse": D_("het werk dat u zoekt"),
    "ondernemen": D_("uw eigen bedrijf"),
    "geld": D_("uw geld en schulden"),
    "gezondheid_signaal": D_("wat u aankunt"),
    "kinderen": D_("uw kinderen"),
    "wonen": D_("hoe u wilt wonen"),
    "netwerk": D_("de mensen die u kent"),
    "zelfredzaamheid": D_("wat u zelf regelt"),
    "noa": D_("de uitkomst van het assessment"),
    "plan": D_("uw plan"),
    "activiteit": D_("wat u al heeft gedaan"),
    "begrip": D_("uw tolk en de uitleg"),
    "notitie": D_("een opmerking bij een antwoord"),
    "medisch": D_("medische gegevens"),
}
"""Sharing category → its name within a sentence; every category that may leave has one."""

OTHER_CATEGORY: Final = D_("andere gegevens")
"""For a category of a newer table."""

ROLES: Final[Mapping[ReceiverRole, str]] = {
    ReceiverRole.GEMEENTE: D_("De gemeente waar u gaat wonen"),
    ReceiverRole.UITVOERDER: D_("De organisatie die voor de gemeente werkt"),
    ReceiverRole.COA: D_("COA"),
    ReceiverRole.NOA: D_("NOA, het bureau van het assessment"),
    ReceiverRole.VLUCHTELINGENWERK: D_("VluchtelingenWerk"),
    ReceiverRole.TAALAANBIEDER: D_("Uw taalschool"),
    ReceiverRole.WERKGEVER: D_("Een werkgever"),
    ReceiverRole.ZORGVERLENER: D_("Een dokter of andere zorgverlener"),
}
"""Who may receive something, in the order of the paper."""

INTERPRETERS: Final[Mapping[InterpreterMode, str]] = {
    InterpreterMode.GEEN: D_("zonder tolk"),
    InterpreterMode.AANWEZIG: D_("met een tolk in de kamer"),
    InterpreterMode.TELEFOON: D_("met een tolk aan de telefoon"),
    InterpreterMode.VIDEO: D_("met een tolk op het scherm"),
    InterpreterMode.NAASTE: D_("met hulp van iemand die u kent"),
    InterpreterMode.KIND: D_("met hulp van een kind"),
}

NO_ANSWER: Final[Mapping[AnswerState, str]] = {
    AnswerState.UNKNOWN: D_("U weet het niet."),
    AnswerState.REFUSED: D_("U wilt het niet zeggen."),
}
"""What stands in the place of an answer that was not given."""

PATHS: Final[Mapping[Vervolgpad, str]] = {
    Vervolgpad.GEZONDHEID: D_("Eerst rust, hulp en herstel"),
    Vervolgpad.ONDERWIJS: D_("Naar een opleiding"),
    Vervolgpad.LEER_WERK: D_("Leren en werken tegelijk"),
    Vervolgpad.DIRECT_WERK: D_("Snel naar betaald werk"),
}

ROUTES: Final[Mapping[Leerroute, str]] = {
    Leerroute.B1: D_("B1-route: Nederlands leren en werken"),
    Leerroute.ONDERWIJS: D_("Onderwijsroute: Nederlands leren voor een opleiding"),
    Leerroute.Z: D_("Z-route: Nederlands leren in uw eigen tempo"),
}
"""The advice about the route; 'not yet' is left unsaid."""

DOERS: Final[Mapping[Doer, str]] = {
    Doer.CLIENT: D_("Dit doet u zelf."),
    Doer.COA: D_("Dit doet COA."),
    Doer.GEMEENTE: D_("Dit doet de gemeente."),
    Doer.UITVOERDER: D_("Dit doet de organisatie die voor de gemeente werkt."),
    Doer.VLUCHTELINGENWERK: D_("Dit doet VluchtelingenWerk."),
    Doer.TAALAANBIEDER: D_("Dit doet de taalschool."),
    Doer.WERKGEVER: D_("Dit doet de werkgever."),
    Doer.ZORG: D_("Dit doet de zorgverlener."),
}

ACTION_STATES: Final[Mapping[ActionState, str]] = {
    ActionState.OPEN: D_("Dit moet nog gebeuren."),
    ActionState.BEZIG: D_("Dit is begonnen."),
    ActionState.KLAAR: D_("Dit is klaar."),
    ActionState.VERVALLEN: D_("Dit gaat niet door."),
}

ACTIVITIES: Final[Mapping[ActivityKind, str]] = {
    ActivityKind.TAALLES: D_("Taalles"),
    ActivityKind.KNM: D_("Les over Nederland (KNM)"),
    ActivityKind.NOA: D_("Het assessment van NOA"),
    ActivityKind.DIPLOMAWAARDERING: D_("Uw diploma vergelijken"),
    ActivityKind.PARTICIPATIEVERKLARING: D_("De participatieverklaring"),
    ActivityKind.TIENWEKENPROGRAMMA: D_("Het programma van tien weken"),
    ActivityKind.GEZONDHEIDSCHECK: D_("De gezondheidscheck"),
    ActivityKind.VRIJWILLIGERSWERK: D_("Vrijwilligerswerk"),
    ActivityKind.ANDERS: D_("Iets anders"),
}

ATTACHMENTS: Final[Mapping[AttachmentKind, str]] = {
    AttachmentKind.DIPLOMA: D_("Een diploma"),
    AttachmentKind.CV: D_("Een cv"),
    AttachmentKind.IDENTITEITSDOCUMENT: D_("Een pasje of paspoort"),
    AttachmentKind.BRIEF: D_("Een brief"),
    AttachmentKind.TOETSUITSLAG: D_("De uitslag van een toets"),
    AttachmentKind.OVERIG: D_("Een ander papier"),
}
