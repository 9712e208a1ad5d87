"""The privacy notice: what a person is told about their data (AVG art. 12, 13 and 14).

Who receives what is not written here: it comes from the sharing table that the program itself
obeys, so that the paper cannot promise anything else than what happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from intake_app.documents import client_words
from intake_app.documents.client_page import (
    MACHINE_MADE,
    MADE,
    Block,
    ClientPage,
    Heading,
    Item,
    Literal,
    Paragraph,
    Said,
    Speaker,
)
from intake_app.documents.model import Text
from intake_app.domain.actor import Profile, ReceiverRole
from intake_app.domain.sharing import SharingTable, Verdict
from intake_app.i18n.catalogues import D_

_TITLE: Final = D_("Wat doen wij met uw gegevens?")

_WHO: Final = D_("Wie zijn wij?")
_WE: Final = D_("{organisation} praat met u. Wij schrijven uw antwoorden op.")
_RESPONSIBLE_FOR: Final = D_(
    "U gaat wonen in {municipality}. Deze gemeente is verantwoordelijk voor uw intake en uw plan."
)
_RESPONSIBLE: Final = D_(
    "De gemeente waar u gaat wonen is verantwoordelijk voor uw intake en uw plan."
)
_COA_TOO: Final = D_("COA is verantwoordelijk voor de gegevens die COA zelf bewaart.")
_OFFICER: Final = D_(
    "Elke organisatie heeft iemand die op privacy let. Dat is de functionaris "
    "gegevensbescherming. U mag met hem of haar praten."
)

_WHY: Final = D_("Waarom vragen wij dit?")
_PLAN: Final = D_("Wij maken samen met u een plan. Het gaat over taal, school, werk en wonen.")
_ONCE: Final = D_("De gemeente krijgt uw antwoorden. Zo hoeft u niet alles opnieuw te vertellen.")

_LAW: Final = D_("Mogen wij dit vragen?")
_TASK: Final = D_("Ja. De wet geeft de gemeente deze taak. Dat is de Wet inburgering 2021.")
_PRIVACY_LAW: Final = D_("De privacywet staat dit toe. Die wet heet AVG.")
_ARTICLES: Final = "Wet inburgering 2021, art. 14-15 · AVG, art. 6(1)(c) · AVG, art. 6(1)(e)"
_NO_CONSENT: Final = D_("Daarom vragen wij hiervoor geen toestemming.")
_CONSENT: Final = D_("Soms vragen wij wel uw toestemming. Dat staat hieronder.")
_MAY_REFUSE: Final = D_("U mag nee zeggen. U mag later ook van mening veranderen.")
_NO_HARM: Final = D_("Nee zeggen heeft geen gevolgen voor uw verblijf of uw uitkering.")
_MAY_SKIP: Final = D_(
    "U mag een vraag overslaan. Maar zonder antwoord past het plan misschien minder goed."
)

_WHAT: Final = D_("Wat schrijven wij op?")
_FROM_YOU: Final = D_("Het meeste vertelt u zelf. Soms komt iets van COA of uit een document.")
_NOT_ASKED: Final = D_("Wij vragen niet waarom u bent gevlucht.")
_NEITHER: Final = D_(
    "Wij vragen niet naar uw geloof of uw politieke mening. Wij vragen ook niet van wie u houdt."
)
_HEALTH: Final = D_(
    "Over gezondheid vragen wij alleen wat u aankunt. Uw ziekte en uw medicijnen staan niet in "
    "het plan."
)

_RECEIVERS: Final = D_("Wie krijgt uw gegevens?")
_ALWAYS: Final = D_("Krijgt van ons: {what}.")
_AFTER_YES: Final = D_("Krijgt alleen als u ja zegt: {what}.")
_NOTHING: Final = D_("Krijgt niets van ons.")
_NO_MORE: Final = D_("Wat hier niet staat, geven wij niet.")
_CODED: Final = D_("NOA krijgt uw naam niet. NOA krijgt een code.")
_MEDICAL: Final = D_("Medische gegevens gaan nooit naar de gemeente.")
_MEDICAL_YES: Final = D_(
    "Medische gegevens gaan alleen naar een zorgverlener, en alleen als u ja zegt."
)
_SEALED: Final = D_("Wij sturen uw dossier verzegeld. Alleen de ontvanger kan het openen.")
_HOMELAND: Final = D_("Uw land van herkomst krijgt niets van ons. Wij verkopen niets.")

_TERM: Final = D_("Hoelang bewaren wij uw gegevens?")
_LAPTOP: Final = D_(
    "Neemt de gemeente uw dossier over? Dan wissen wij het hier. Dat kan vanaf {days} dagen later."
)
_MUNICIPAL: Final = D_("De gemeente bewaart uw dossier zo lang als de wet zegt.")
_ASK_TERM: Final = D_("U mag vragen hoelang dat is.")
_LOGGED: Final = D_("Wij bewaren ook wie uw gegevens heeft bekeken, minstens vijf jaar.")

_RIGHTS: Final = D_("Wat zijn uw rechten?")
_POINTS: Final = (
    D_("U mag uw gegevens lezen en een kopie krijgen."),
    D_("Klopt iets niet? Dan verbeteren wij het."),
    D_("U mag vragen om gegevens te wissen."),
    D_("U mag bezwaar maken tegen wat wij doen."),
    D_("U mag vragen om uw gegevens even niet te gebruiken."),
    D_("U mag vragen wie uw gegevens heeft bekeken."),
    D_("Gaf u toestemming? U mag die altijd intrekken."),
    D_("Een mens beslist over uw plan, nooit een computer."),
)
_HOW: Final = D_("Zeg het tegen uw begeleider. Het kost niets. U krijgt binnen een maand antwoord.")

_COMPLAINT: Final = D_("Bent u niet tevreden?")
_TALK: Final = D_("Zeg het tegen ons. Wij zoeken samen een oplossing.")
_AUTHORITY: Final = D_(
    "U mag ook een klacht sturen naar de Autoriteit Persoonsgegevens. Die let in Nederland op "
    "privacy."
)
_ADDRESS: Final = "autoriteitpersoonsgegevens.nl · 088 1805 250"

_NEVER_NAMED: Final = frozenset({"intern"})
"""Categories that leave for nobody; the table says so, and there is nothing to tell of them."""


@dataclass(frozen=True, slots=True)
class PrivacyFacts:
    """What differs from one vault to the next, and from one person to the next."""

    organisation: str
    profile: Profile
    municipality: str
    """Name of the municipality the person is linked to, '' where it is not known yet."""
    days_kept: int
    """Days between an accepted handover and removal here (`flows.retention`)."""
    day: Said
    """The day of the paper, in words."""
    created: datetime
    practice: bool = False


def privacy_notice(facts: PrivacyFacts, table: SharingTable, say: Speaker) -> ClientPage:
    """Return the notice in Dutch and in the language of `say`."""
    return ClientPage(
        title=say(_TITLE),
        language=say.language,
        sender=facts.organisation,
        made=say(MADE, day=facts.day, organisation=facts.organisation),
        created=facts.created,
        blocks=tuple(_blocks(facts, table, say)),
        unreviewed=tuple(say(line) for line in MACHINE_MADE),
        practice=facts.practice,
    )


def _blocks(facts: PrivacyFacts, table: SharingTable, say: Speaker) -> Iterator[Block]:
    yield Heading(say(_WHO))
    yield Paragraph(say(_WE, organisation=facts.organisation))
    if facts.municipality:
        yield Paragraph(say(_RESPONSIBLE_FOR, municipality=facts.municipality))
    else:
        yield Paragraph(say(_RESPONSIBLE))
    if facts.profile is Profile.AZC:
        yield Paragraph(say(_COA_TOO))
    yield Paragraph(say(_OFFICER))
    yield Heading(say(_WHY))
    yield from (Paragraph(say(text)) for text in (_PLAN, _ONCE))
    yield Heading(say(_LAW))
    yield from (Paragraph(say(text)) for text in (_TASK, _PRIVACY_LAW))
    yield Literal(Text(_ARTICLES), small=True)
    law = (_NO_CONSENT, _CONSENT, _MAY_REFUSE, _NO_HARM, _MAY_SKIP)
    yield from (Paragraph(say(text)) for text in law)
    yield Heading(say(_WHAT))
    yield from (Paragraph(say(text)) for text in (_FROM_YOU, _NOT_ASKED, _NEITHER, _HEALTH))
    yield Heading(say(_RECEIVERS))
    for roles in _alike(table):
        yield from _receiver(roles, table, say)
    yield Paragraph(say(_NO_MORE), strong=True)
    if table.rule("medisch", ReceiverRole.GEMEENTE).verdict is Verdict.NEE:
        yield Paragraph(say(_MEDICAL), strong=True)
    if _goes_to_care_alone(table):
        yield Paragraph(say(_MEDICAL_YES))
    yield from (Paragraph(say(text)) for text in (_SEALED, _HOMELAND))
    yield Heading(say(_TERM))
    if facts.profile is Profile.AZC:
        yield Paragraph(say(_LAPTOP, days=say.number(facts.days_kept)))
    yield from (Paragraph(say(text)) for text in (_MUNICIPAL, _ASK_TERM, _LOGGED))
    yield Heading(say(_RIGHTS))
    yield from (Item(say(text)) for text in _POINTS)
    yield Paragraph(say(_HOW))
    yield Heading(say(_COMPLAINT))
    yield from (Paragraph(say(text)) for text in (_TALK, _AUTHORITY))
    yield Literal(Text(_ADDRESS))


def _alike(table: SharingTable) -> tuple[tuple[ReceiverRole, ...], ...]:
    """Return the receivers, those that get the very same together, so that it is told once."""
    groups: dict[tuple[tuple[str, ...], ...], list[ReceiverRole]] = {}
    for role in client_words.ROLES:
        gets = tuple(_named(role, verdict, table) for verdict in Verdict)
        groups.setdefault(gets, []).append(role)
    return tuple(map(tuple, groups.values()))


def _receiver(
    roles: tuple[ReceiverRole, ...], table: SharingTable, say: Speaker
) -> Iterator[Block]:
    """Tell what the table lets go to receivers that get the same, and on which grounds."""
    always = _named(roles[0], Verdict.JA, table)
    after_yes = _named(roles[0], Verdict.NA_TOESTEMMING, table)
    yield from (Heading(say(client_words.ROLES[role]), level=2) for role in roles)
    if always:
        yield Paragraph(say(_ALWAYS, what=_list(always, say)))
    if after_yes:
        yield Paragraph(say(_AFTER_YES, what=_list(after_yes, say)))
    if not always and not after_yes:
        yield Paragraph(say(_NOTHING))
    coded = table.rule("identiteit", ReceiverRole.NOA).verdict is Verdict.NEE
    if ReceiverRole.NOA in roles and coded:
        yield Paragraph(say(_CODED))
    grounds = dict.fromkeys(
        part.strip()
        for role in roles
        for category in (*always, *after_yes)
        for part in table.rule(category, role).basis.split(";")
        if part.strip()
    )
    if grounds:
        yield Literal(Text(" · ".join(grounds)), small=True)


def _named(role: ReceiverRole, verdict: Verdict, table: SharingTable) -> tuple[str, ...]:
    """Return the categories with this verdict for this receiver, in the order of the table."""
    return tuple(
        dict.fromkeys(
            category
            for category, receiver in table.rules
            if receiver is role
            and category not in _NEVER_NAMED
            and table.rule(category, role).verdict is verdict
        )
    )


def _list(categories: tuple[str, ...], say: Speaker) -> Said:
    words = [client_words.CATEGORIES.get(each) for each in categories]
    known = list(dict.fromkeys(word or client_words.OTHER_CATEGORY for word in words))
    return say.joined([say(word) for word in known])


def _goes_to_care_alone(table: SharingTable) -> bool:
    """True when medical data go to nobody but a care provider, and only after a yes."""
    return all(
        table.rule("medisch", role).verdict
        is (Verdict.NA_TOESTEMMING if role is ReceiverRole.ZORGVERLENER else Verdict.NEE)
        for role in ReceiverRole
    )
