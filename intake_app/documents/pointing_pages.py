"""Four pages of pictures to point at, for a talk with somebody who does not read.

The same pages stand on paper and on the client's screen. Every picture has a number of its own, so
that an interpreter on the phone can say which one is meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Final

from intake_app.documents.client_page import MACHINE_MADE, Said, Speaker
from intake_app.documents.printable import covered_characters, printable
from intake_app.documents.typesetting import typeset
from intake_app.domain.pictograms import MIRRORED
from intake_app.i18n.catalogues import D_
from intake_app.i18n.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Pointed:
    """A drawing of `resources/pictograms` and what it says, in Dutch."""

    pictogram: str
    dutch: str


@dataclass(frozen=True, slots=True)
class PointingPage:
    """One page: its title in Dutch and its pictures in reading order."""

    title: str
    items: tuple[Pointed, ...]


PAGES: Final = (
    PointingPage(
        D_("Praten met elkaar"),
        (
            Pointed("ja", D_("Ja")),
            Pointed("nee", D_("Nee")),
            Pointed("misschien", D_("Misschien")),
            Pointed("weet-niet", D_("Ik weet het niet")),
            Pointed("wil-niet-zeggen", D_("Dat wil ik niet zeggen")),
            Pointed("vraag", D_("Ik heb een vraag")),
            Pointed("opnieuw", D_("Nog een keer, alstublieft")),
            Pointed("langzaam", D_("Langzamer, alstublieft")),
            Pointed("tolk", D_("Ik wil een tolk")),
            Pointed("pauze", D_("Pauze")),
            Pointed("stop", D_("Ik wil stoppen")),
            Pointed("later", D_("Later")),
        ),
    ),
    PointingPage(
        D_("Hoe gaat het met u?"),
        (
            Pointed("gezicht-heel-blij", D_("Heel goed")),
            Pointed("gezicht-blij", D_("Goed")),
            Pointed("gezicht-gewoon", D_("Gaat wel")),
            Pointed("gezicht-niet-blij", D_("Niet zo goed")),
            Pointed("gezicht-verdrietig", D_("Slecht")),
            Pointed("zorgen", D_("Ik maak me zorgen")),
            Pointed("moe", D_("Ik ben moe")),
            Pointed("gezondheid", D_("Mijn gezondheid")),
            Pointed("dokter", D_("Dokter")),
            Pointed("hulp", D_("Ik wil hulp")),
            Pointed("water", D_("Water")),
            Pointed("toilet", D_("Toilet")),
        ),
    ),
    PointingPage(
        D_("Mensen en tijd"),
        (
            Pointed("familie", D_("Mijn familie")),
            Pointed("kinderen", D_("Mijn kinderen")),
            Pointed("vrouw", D_("Een vrouw")),
            Pointed("man", D_("Een man")),
            Pointed("persoon", D_("Alleen")),
            Pointed("samen", D_("Samen")),
            Pointed("dag", D_("Overdag")),
            Pointed("nacht", D_("In de nacht")),
            Pointed("een-keer", D_("Eén keer")),
            Pointed("soms", D_("Soms")),
            Pointed("elke-dag", D_("Elke dag")),
            Pointed("lang-geleden", D_("Lang geleden")),
        ),
    ),
    PointingPage(
        D_("Wonen, werken en leren"),
        (
            Pointed("huis", D_("Huis")),
            Pointed("stad", D_("Stad")),
            Pointed("dorp", D_("Dorp")),
            Pointed("bus", D_("Bus")),
            Pointed("fiets", D_("Fiets")),
            Pointed("telefoon", D_("Telefoon")),
            Pointed("werk", D_("Werk")),
            Pointed("geld", D_("Geld")),
            Pointed("school", D_("School")),
            Pointed("lezen", D_("Lezen")),
            Pointed("schrijven", D_("Schrijven")),
            Pointed("spreken", D_("Spreken")),
        ),
    ),
)

TITLE: Final = D_("Aanwijsbladen")


def first_number(page: int) -> int:
    """Return the number of the first picture of a page (0-based): pictures count on."""
    return (0, *accumulate(len(each.items) for each in PAGES))[page] + 1


def render_pointing_pages(
    say: Speaker,
    drawing: Callable[[str], bytes],
    fonts: Path,
    *,
    at: datetime,
    practice: bool = False,
) -> bytes:
    """Return the four pages as PDF/A-3a and PDF/UA-1, A4, one page of pictures on each.

    `drawing` gives the SVG of a pictogram by its name; `fonts` is the folder of the bundled fonts.
    Nobody is named on them, so they can lie on every table. The same inputs give the same bytes.
    Raises `DocumentError`, ValueError for a time without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("at must be an aware time")
    covered = covered_characters(fonts)
    moment = at.astimezone(UTC)
    said = [say(each.title) for each in PAGES]
    said += [say(item.dutch) for each in PAGES for item in each.items]
    unreviewed = any(text.unreviewed for text in said)
    rtl = LANGUAGES[say.language].direction == "rtl"
    data = {
        "pages": [
            {
                "title": _words(say(page.title), covered),
                "items": [
                    {
                        "number": first_number(number) + place,
                        "svg": drawing(item.pictogram).decode(),
                        "mirrored": rtl and item.pictogram in MIRRORED,
                        "said": _words(say(item.dutch), covered),
                    }
                    for place, item in enumerate(page.items)
                ],
            }
            for number, page in enumerate(PAGES)
        ],
        "title": _words(say(TITLE), covered),
        "notice": [_words(say(text), covered) for text in MACHINE_MADE] if unreviewed else [],
        "rtl": rtl,
        "practice": practice,
        "moment": [moment.year, moment.month, moment.day, moment.hour, moment.minute],
    }
    return typeset(
        "pointing_pages.typ",
        {"data": json.dumps(data, ensure_ascii=False)},
        fonts,
        at=moment,
        failure=(
            "De aanwijsbladen konden niet worden gemaakt. Er is niets afgedrukt. "
            "Probeer het opnieuw, of laat ze op het scherm zien."
        ),
    )


def _words(said: Said, covered: frozenset[int]) -> dict[str, object]:
    own = said.own
    language = LANGUAGES[own.language if own is not None else "nl"]
    return {
        "dutch": printable(said.dutch, covered),
        "own": printable(own.text if own is not None else said.dutch, covered),
        "same": own is None,
        "language": language.code,
        "script": language.script,
        "rtl": language.direction == "rtl",
    }
