"""Words that several screens share: dates, languages, next steps, states of a handover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from intake_app.domain.event import Station, StationState, StationView
from intake_app.domain.handover import Handover, HandoverState
from intake_app.domain.identifiers import masked
from intake_app.domain.person import Person
from intake_app.flows.case import NextStepKind
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.formats import format_date
from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.kit import Kind, StationMark

LINE_KEYS: tuple[Station, ...] = tuple(Station)


_MOST_IN_ONE = 16
"""So many letters of a path may stand together; a line at 200 % holds more."""


def folder_words(folder: Path) -> str:
    """Return a folder as a text that can go on in the next line anywhere, left to right."""
    pieces: list[str] = []
    together = 0
    for letter in str(folder):
        together += 1
        pieces.append(letter)
        if letter in "/\\-_. " or together >= _MOST_IN_ONE:
            pieces.append("\u200b")
            together = 0
    return isolate("".join(pieces), "ltr")


def long_date(tr: UiTexts, day: date) -> str:
    """Return '3 november 2026'."""
    return format_date(day, tr.language)


def short_date(tr: UiTexts, day: date, today: date) -> str:
    """Return '3 nov', with the year where it is another one."""
    from babel.dates import format_skeleton

    language = LANGUAGES[tr.language].cldr if tr.language in LANGUAGES else "nl"
    skeleton = "dMMM" if day.year == today.year else "yMMMd"
    return str(format_skeleton(skeleton, day, locale=language))


def greeting(tr: UiTexts, now: datetime, name: str) -> str:
    """Return the greeting that fits the hour, with the first word of the name."""
    first = name.split(" ", maxsplit=1)[0]
    hour = now.astimezone().hour
    if hour < 12:
        return tr.gettext("Goedemorgen, {name}").format(name=first)
    if hour < 18:
        return tr.gettext("Goedemiddag, {name}").format(name=first)
    return tr.gettext("Goedenavond, {name}").format(name=first)


def number_word(tr: UiTexts, number: int) -> str:
    """Return a small number as the first word of a sentence, 'Drie'; larger ones in digits."""
    small = {
        1: tr.gettext("Eén"),
        2: tr.gettext("Twee"),
        3: tr.gettext("Drie"),
        4: tr.gettext("Vier"),
        5: tr.gettext("Vijf"),
        6: tr.gettext("Zes"),
        7: tr.gettext("Zeven"),
        8: tr.gettext("Acht"),
        9: tr.gettext("Negen"),
        10: tr.gettext("Tien"),
    }
    return small.get(number, str(number))


def language_name(tr: UiTexts, code: str) -> str:
    """Return the name of a language of the program, '' for none."""
    found = LANGUAGES.get(code)
    return tr.gettext(found.dutch_name) if found else code


def masked_v_number(tr: UiTexts, person: Person) -> str:
    """Return 'V-nummer •••• 4821', or that there is none yet."""
    if not person.v_number:
        return tr.gettext("nog geen V-nummer")
    return tr.gettext("V-nummer {number}").format(number=masked(person.v_number))


def language_and_interpreter(tr: UiTexts, person: Person) -> str:
    """Return 'Tigrinya · tolk nodig', as far as it is known."""
    parts = [language_name(tr, person.contact_language)] if person.contact_language else []
    if person.interpreter_needed:
        parts.append(tr.gettext("tolk nodig"))
    elif person.interpreter_needed is False:
        parts.append(tr.gettext("geen tolk nodig"))
    return " · ".join(parts)


def form_title(tr: UiTexts, form_id: str) -> str:
    """Return what a form is called in a list; reading the form itself takes too long there."""
    known = {
        "intake": tr.gettext("Intake"),
        "noa_assessment": tr.gettext("NOA"),
        "klantprofiel": tr.gettext("Klantprofiel van COA"),
        "medische_overdracht": tr.gettext("Medische overdracht"),
        "geen_azc_intake": tr.gettext("Geen intake in het AZC"),
        "nareiziger": tr.gettext("Nareiziger"),
        "overdrachtsgesprek": tr.gettext("Overdrachtsgesprek"),
    }
    return known.get(form_id, form_id)


def form_purpose(tr: UiTexts, form_id: str) -> str:
    """Return in one sentence what a form is for; '' for a form of somebody else."""
    known = {
        "intake": tr.gettext("Wat iemand wil, kan en nodig heeft. Samen met de persoon."),
        "noa_assessment": tr.gettext("Of een assessment past, en wat het advies is."),
        "klantprofiel": tr.gettext(
            "Wat COA al weet, één keer overgenomen. De intake vraagt het dan niet opnieuw."
        ),
        "medische_overdracht": tr.gettext(
            "Vragen of een zorgverlener gegevens mag krijgen, en volgen of het is gelukt. Zonder "
            "medische inhoud."
        ),
        "geen_azc_intake": tr.gettext(
            "Waarom er geen intake in het AZC was, en wat COA nog kan geven."
        ),
        "nareiziger": tr.gettext(
            "Eerste gesprek met een gezinslid dat niet in een AZC was. Samen met de persoon."
        ),
        "overdrachtsgesprek": tr.gettext(
            "Wat afzender, ontvanger en persoon tegen elkaar zeggen en afspreken."
        ),
    }
    return known.get(form_id, "")


def station_name(tr: UiTexts, station: Station) -> str:
    """Return the word under a station."""
    return {
        Station.GEKOPPELD: tr.gettext("Gekoppeld"),
        Station.INTAKE: tr.gettext("Intake"),
        Station.NOA: tr.gettext("NOA"),
        Station.PLAN: tr.gettext("Plan"),
        Station.AANGEBODEN: tr.gettext("Aangeboden"),
        Station.GEACCEPTEERD: tr.gettext("Geaccepteerd"),
    }[station]


def station_marks(
    tr: UiTexts, views: Iterable[StationView], today: date
) -> tuple[StationMark, ...]:
    """Return the line of a person as the kit draws it, with what a screen reader says."""
    marks = []
    for view in views:
        label = station_name(tr, view.station)
        note = short_date(tr, view.on, today) if view.on else ""
        if view.state is StationState.CURRENT:
            note = tr.gettext("nu")
        elif view.state is StationState.NOT_APPLICABLE:
            note = tr.gettext("niet van toepassing")
        elif view.state is StationState.FAILED:
            note = tr.gettext("geweigerd")
        spoken = {
            StationState.DONE: tr.gettext("{station}: gedaan, {note}"),
            StationState.CURRENT: tr.gettext("{station}: hier ben je nu"),
            StationState.OPEN: tr.gettext("{station}: nog niet"),
            StationState.NOT_APPLICABLE: tr.gettext("{station}: niet van toepassing"),
            StationState.FAILED: tr.gettext("{station}: geweigerd"),
        }[view.state].format(station=label, note=note)
        marks.append(StationMark(view.station.value, label, view.state.value, note, spoken))
    return tuple(marks)


def next_step_title(tr: UiTexts, kind: NextStepKind, name: str) -> str:
    """Return the one thing to do next as a sentence with the person's name."""
    return {
        NextStepKind.KOPPELEN: tr.gettext("Leg de koppeling van {name} vast"),
        NextStepKind.INTAKE_BEGINNEN: tr.gettext("Begin het gesprek met {name}"),
        NextStepKind.INTAKE_VERDER: tr.gettext("Ga verder met het gesprek met {name}"),
        NextStepKind.PLAN_MAKEN: tr.gettext("Maak een plan voor {name}"),
        NextStepKind.PLAN_BESPREKEN: tr.gettext("Bespreek het plan met {name}"),
        NextStepKind.OVERDRAGEN: tr.gettext("Draag het dossier van {name} over"),
        NextStepKind.WACHTEN: tr.gettext("Het dossier van {name} is aangeboden"),
        NextStepKind.GEWEIGERD: tr.gettext("Het dossier van {name} is geweigerd"),
        NextStepKind.UITVOEREN: tr.gettext("Voer het plan met {name} uit"),
        NextStepKind.KLAAR: tr.gettext("Het dossier van {name} is geaccepteerd"),
    }[kind].format(name=name)


def next_step_text(tr: UiTexts, kind: NextStepKind) -> str:
    """Return what the next step means and what comes of it."""
    return {
        NextStepKind.KOPPELEN: tr.gettext(
            "Zonder koppeling weet je niet naar wie het dossier straks gaat."
        ),
        NextStepKind.INTAKE_BEGINNEN: tr.gettext(
            "Je vraagt naar werk, taal, gezin en wensen. Je kunt op elk moment stoppen en later "
            "verdergaan."
        ),
        NextStepKind.INTAKE_VERDER: tr.gettext(
            "Alles wat is ingevuld, is bewaard. Je gaat verder waar je was."
        ),
        NextStepKind.PLAN_MAKEN: tr.gettext(
            "Het gesprek is vastgesteld. Zet de doelen op een rij."
        ),
        NextStepKind.PLAN_BESPREKEN: tr.gettext(
            "Het plan is een concept. Bespreek het en schrijf op wat de cliënt ervan vindt."
        ),
        NextStepKind.OVERDRAGEN: tr.gettext(
            "Het plan is vastgesteld. Kijk wat meegaat en bied het dossier verzegeld aan."
        ),
        NextStepKind.WACHTEN: tr.gettext(
            "De ontvanger heeft het nog niet geaccepteerd. Je hoeft nu niets te doen."
        ),
        NextStepKind.GEWEIGERD: tr.gettext(
            "Lees waarom, vul aan wat ontbreekt en bied het dossier opnieuw aan."
        ),
        NextStepKind.UITVOEREN: tr.gettext("Het plan loopt. Werk de acties bij en voeg toe."),
        NextStepKind.KLAAR: tr.gettext(
            "De ontvanger werkt ermee verder. Hier is niets meer te doen."
        ),
    }[kind]


def next_step_verb(tr: UiTexts, kind: NextStepKind) -> str:
    """Return the word on the button of the next step."""
    return {
        NextStepKind.KOPPELEN: tr.gettext("Koppelen"),
        NextStepKind.INTAKE_BEGINNEN: tr.gettext("Gesprek beginnen"),
        NextStepKind.INTAKE_VERDER: tr.gettext("Verder"),
        NextStepKind.PLAN_MAKEN: tr.gettext("Plan maken"),
        NextStepKind.PLAN_BESPREKEN: tr.gettext("Plan openen"),
        NextStepKind.OVERDRAGEN: tr.gettext("Overdracht voorbereiden"),
        NextStepKind.WACHTEN: tr.gettext("Overdracht bekijken"),
        NextStepKind.GEWEIGERD: tr.gettext("Reden lezen"),
        NextStepKind.UITVOEREN: tr.gettext("Plan openen"),
        NextStepKind.KLAAR: tr.gettext("Overdracht bekijken"),
    }[kind]


def next_step_short(tr: UiTexts, kind: NextStepKind) -> tuple[str, Kind]:
    """Return a word or two for a tag, and its kind."""
    words: dict[NextStepKind, tuple[str, Kind]] = {
        NextStepKind.KOPPELEN: (tr.gettext("nog koppelen"), "warn"),
        NextStepKind.INTAKE_BEGINNEN: (tr.gettext("gesprek beginnen"), "accent"),
        NextStepKind.INTAKE_VERDER: (tr.gettext("gesprek loopt"), "accent"),
        NextStepKind.PLAN_MAKEN: (tr.gettext("plan maken"), "accent"),
        NextStepKind.PLAN_BESPREKEN: (tr.gettext("plan bespreken"), "accent"),
        NextStepKind.OVERDRAGEN: (tr.gettext("klaar voor overdracht"), "accent"),
        NextStepKind.WACHTEN: (tr.gettext("wacht op ontvanger"), "info"),
        NextStepKind.GEWEIGERD: (tr.gettext("geweigerd"), "err"),
        NextStepKind.UITVOEREN: (tr.gettext("plan loopt"), "muted"),
        NextStepKind.KLAAR: (tr.gettext("geaccepteerd"), "ok"),
    }
    return words[kind]


def handover_tag(tr: UiTexts, state: HandoverState) -> tuple[str, Kind]:
    """Return the state of a handover and its kind; only accepted is green."""
    from intake_app.flows.dossier_words import HANDOVER_STATES

    kinds: dict[HandoverState, Kind] = {
        HandoverState.AANGEBODEN: "info",
        HandoverState.ONTVANGEN: "info",
        HandoverState.GEOPEND: "info",
        HandoverState.GEACCEPTEERD: "ok",
        HandoverState.GEWEIGERD: "err",
    }
    return tr.gettext(HANDOVER_STATES[state]), kinds.get(state, "muted")


def handover_text(tr: UiTexts, handover: Handover) -> str:
    """Return since when a handover is where it is, and what has not happened yet."""
    since = long_date(tr, (handover.changed_at or handover.created_at).astimezone().date())
    sentences = {
        HandoverState.KLAAR: tr.gettext("Nog niet aangeboden."),
        HandoverState.AANGEBODEN: tr.gettext("Aangeboden op {day}. Nog niet ontvangen."),
        HandoverState.ONTVANGEN: tr.gettext("Ontvangen op {day}. Nog niet geopend."),
        HandoverState.GEOPEND: tr.gettext("Geopend op {day}. Nog niet geaccepteerd."),
        HandoverState.GEACCEPTEERD: tr.gettext("Geaccepteerd op {day}."),
        HandoverState.GEWEIGERD: tr.gettext("Geweigerd op {day}."),
        HandoverState.INGETROKKEN: tr.gettext("Ingetrokken op {day}."),
        HandoverState.VERLOPEN: tr.gettext("Verlopen op {day}."),
        HandoverState.VERVANGEN: tr.gettext("Vervangen op {day}."),
    }
    return sentences[handover.state].format(day=since)


def days_left(tr: UiTexts, days: int) -> tuple[str, Kind]:
    """Return how long a term still has, and its kind."""
    if days < 0:
        late = tr.ngettext("{n} dag te laat", "{n} dagen te laat", -days)
        return late.format(n=-days), "err"
    if days == 0:
        return tr.gettext("vandaag"), "warn"
    words = tr.ngettext("nog {n} dag", "nog {n} dagen", days).format(n=days)
    return words, "warn" if days <= 14 else "muted"
