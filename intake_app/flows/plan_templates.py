"""Goals and actions to start a plan from, one or more for each leefgebied.

Our own words (B1 Dutch, "ik" is the client), after what the regional plan names: taal in het AZC,
diplomawaardering, vrijwilligerswerk, the ten weeks after moving, ontzorgen.
"""

from __future__ import annotations

from intake_app.domain.plan import Doer, Vervolgpad
from intake_app.flows.plan import ActionTemplate, GoalTemplate

_A = ActionTemplate

TEMPLATES: tuple[GoalTemplate, ...] = (
    GoalTemplate(
        "taal",
        "Ik oefen elke week Nederlands in het AZC.",
        (
            _A("Twee dagdelen per week naar de taalles in het AZC", Doer.COA),
            _A("Een taalmaatje zoeken en één keer per week samen praten", Doer.VLUCHTELINGENWERK),
            _A("Het laatste rapport van de docent in het dossier zetten", Doer.COA),
        ),
    ),
    GoalTemplate(
        "taal",
        "Na de verhuizing ga ik zonder pauze verder met de taalles.",
        (
            _A(
                "Een plek vinden bij een taalaanbieder bij de nieuwe woning",
                Doer.UITVOERDER,
                "gemeente",
            ),
            _A("Niveau en gevolgde uren doorgeven aan de taalaanbieder", Doer.COA),
        ),
    ),
    GoalTemplate(
        "onderwijs",
        "Ik weet wat mijn diploma in Nederland waard is.",
        (
            _A("Kopieën van diploma's en cijferlijsten verzamelen", Doer.CLIENT),
            _A("Diplomawaardering aanvragen bij IDW", Doer.COA),
            _A("De uitkomst samen bespreken", Doer.GEMEENTE, "gemeente"),
        ),
        (Vervolgpad.ONDERWIJS, Vervolgpad.DIRECT_WERK),
    ),
    GoalTemplate(
        "onderwijs",
        "Ik kies een opleiding die bij mij past.",
        (
            _A("Een open dag of proefles bezoeken", Doer.CLIENT, "gemeente"),
            _A("Vragen naar een schakeljaar of de Onderwijsroute", Doer.GEMEENTE, "gemeente"),
            _A("Uitzoeken of UAF kan helpen", Doer.VLUCHTELINGENWERK),
        ),
        (Vervolgpad.ONDERWIJS,),
    ),
    GoalTemplate(
        "werk",
        "Ik doe werkervaring op die bij mijn vak past.",
        (
            _A("Een cv maken in het Nederlands", Doer.CLIENT),
            _A("Vrijwilligerswerk zoeken bij het AZC", Doer.COA),
            _A("Een werkervaringsplaats zoeken", Doer.UITVOERDER, "gemeente"),
        ),
        (Vervolgpad.LEER_WERK, Vervolgpad.DIRECT_WERK),
    ),
    GoalTemplate(
        "werk",
        "Ik heb betaald werk.",
        (
            _A("Kennismaken met een werkgever in mijn vak", Doer.UITVOERDER, "gemeente"),
            _A("Uitzoeken welke papieren mijn vak vraagt", Doer.GEMEENTE, "gemeente"),
            _A("Een proefplaatsing beginnen", Doer.WERKGEVER, "gemeente"),
        ),
        (Vervolgpad.DIRECT_WERK,),
    ),
    GoalTemplate(
        "werkinteresse",
        "Ik weet welk werk in Nederland bij mij past.",
        (
            _A("Meekijken bij twee bedrijven", Doer.UITVOERDER, "gemeente"),
            _A("Na elk bezoek opschrijven wat goed voelde en wat niet", Doer.CLIENT),
        ),
        (Vervolgpad.LEER_WERK, Vervolgpad.ONDERWIJS),
    ),
    GoalTemplate(
        "ondernemen",
        "Ik weet of een eigen bedrijf voor mij kan.",
        (
            _A("Mijn idee op één bladzijde zetten", Doer.CLIENT),
            _A("Een gesprek met een adviseur voor starters", Doer.GEMEENTE, "gemeente"),
        ),
        (Vervolgpad.DIRECT_WERK,),
    ),
    GoalTemplate(
        "leren",
        "Ik leer op een manier die bij mij werkt.",
        (
            _A("Met de docent bespreken hoe ik het makkelijkst leer", Doer.TAALAANBIEDER),
            _A("Een rustige vaste plek en tijd kiezen om te leren", Doer.CLIENT),
        ),
    ),
    GoalTemplate(
        "digitaal",
        "Ik regel zelf mijn zaken op de telefoon en de computer.",
        (
            _A("DigiD aanvragen zodra het kan", Doer.CLIENT, "gemeente"),
            _A("Een les digitale vaardigheden volgen", Doer.VLUCHTELINGENWERK),
        ),
    ),
    GoalTemplate(
        "geld",
        "Ik heb overzicht over mijn geld.",
        (
            _A("Een bankrekening openen", Doer.CLIENT),
            _A(
                "De vaste lasten de eerste maanden samen regelen (ontzorgen)",
                Doer.GEMEENTE,
                "gemeente",
            ),
            _A("Toeslagen aanvragen", Doer.VLUCHTELINGENWERK, "gemeente"),
        ),
    ),
    GoalTemplate(
        "gezondheid",
        "Ik krijg de rust en de hulp die ik nodig heb.",
        (
            _A("Een huisarts zoeken in de nieuwe woonplaats", Doer.VLUCHTELINGENWERK, "gemeente"),
            _A("Samen kijken hoeveel uur per dag haalbaar is", Doer.CLIENT),
            _A("Hulp aanbieden en de afspraak samen plannen", Doer.ZORG),
        ),
        (Vervolgpad.GEZONDHEID,),
    ),
    GoalTemplate(
        "kinderen",
        "Mijn kinderen gaan naar school of opvang.",
        (
            _A("Kinderen aanmelden bij een school bij de nieuwe woning", Doer.CLIENT, "gemeente"),
            _A("Kinderopvang zoeken voor de uren van taalles of werk", Doer.GEMEENTE, "gemeente"),
        ),
    ),
    GoalTemplate(
        "wonen",
        "Ik ben klaar voor mijn eigen woning.",
        (
            _A("Doorgeven met wie ik ga wonen en wat de woning moet hebben", Doer.COA),
            _A("Binnen twee weken na de verhuizing een gesprek plannen", Doer.GEMEENTE, "gemeente"),
            _A("Het tienwekenprogramma volgen", Doer.UITVOERDER, "gemeente"),
        ),
    ),
    GoalTemplate(
        "netwerk",
        "Ik leer mensen kennen en doe mee in mijn buurt.",
        (
            _A("Een vrijwilliger of maatje zoeken", Doer.VLUCHTELINGENWERK, "gemeente"),
            _A("Eén activiteit kiezen: sport, muziek of buurthuis", Doer.CLIENT, "gemeente"),
            _A("De participatieverklaring ondertekenen", Doer.GEMEENTE, "gemeente"),
        ),
    ),
    GoalTemplate(
        "zelfredzaamheid",
        "Ik regel stap voor stap meer zelf.",
        (
            _A(
                "Samen een brief van een instantie lezen en beantwoorden",
                Doer.VLUCHTELINGENWERK,
                "gemeente",
            ),
            _A("Zelf een afspraak maken met hulp erbij", Doer.CLIENT),
        ),
    ),
    GoalTemplate(
        "ambitie",
        "Ik weet wat ik over één jaar bereikt wil hebben.",
        (
            _A("Mijn wens en de eerste stap in eigen woorden opschrijven", Doer.CLIENT),
            _A("De wens bespreken in het eerste gesprek in de gemeente", Doer.GEMEENTE, "gemeente"),
        ),
    ),
)
