"""LEESMIJ.txt: what the file is and how to open it without this program. No personal data."""

from __future__ import annotations

from typing import Final
from uuid import UUID


def readme_text(handover_id: UUID, *, post_quantum: bool, by_holder: bool = False) -> bytes:
    """Return the Dutch text for one file, UTF-8 with CRLF line ends so that Notepad shows it well.

    `post_quantum` tells which `age` is needed: 1.3 or newer for hybrid keys, any for others.
    `by_holder` tells that a colleague's key signed, for which the organisation vouches inside.
    """
    file = file_name(handover_id)
    tool = "age 1.3 of nieuwer" if post_quantum else "age (elke versie)"
    outside, inside = (_HOLDER_OUTSIDE, _HOLDER_INSIDE) if by_holder else (_OUTSIDE, _INSIDE)
    lines = f"""\
Dit is een verzegeld dossier van Doorgaande Lijn.

Het is voor één organisatie gemaakt. Alleen die organisatie kan het openen.
Bent u niet de ontvanger? Gooi het bestand weg en zeg het tegen de afzender.

Openen met het programma Doorgaande Lijn
  Kies Overdracht, dan Ontvangen, en kies dit bestand ({file}).

Openen zonder het programma
  Nodig: unzip, ssh-keygen (OpenSSH 8.1 of nieuwer), {tool} en sha512sum.
  afzenders   een tekstbestand met één regel: afzender <handtekeningsleutel van de afzender>
              (begint met ssh-ed25519; staat in het adresboek of op de sleutelkaart)
  sleutel.txt uw eigen geheime sleutel (begint met AGE-SECRET-KEY-)

  1. Uitpakken:
     unzip {file} -d overdracht
     cd overdracht
  2. Is het van de afzender en heel?
{outside}\
     sha512sum dossier.age
     (vergelijk het getal met "sha512" bij "payload" in overdracht.json)
  3. Ontsleutelen en uitpakken:
     age -d -i ../sleutel.txt -o inhoud.zip dossier.age
     unzip inhoud.zip -d inhoud
     cd inhoud
  4. Is de inhoud heel, van dezelfde afzender en voor u?
{inside}\
     sha512sum -c tagmanifest-sha512.txt
     sha512sum -c manifest-sha512.txt
     (in data/overdracht.json staan de afzender en de ontvanger: dat moet u zijn. Staat daar bij
     "format" iets anders dan doorgaande-lijn-overdracht? Zet dat met -v1 erachter achter -n.)

Lees daarna data/dossier.pdf. De gegevens staan in data/dossier.json.
De uitleg van elk gegeven staat in data/schema/.
Haal de uitgepakte bestanden weg als u klaar bent: ze zijn niet meer versleuteld.
"""
    return lines.replace("\n", "\r\n").encode()


_NAMESPACE: Final = "-n doorgaande-lijn-overdracht-v1"
_OUTSIDE: Final = f"""\
     ssh-keygen -Y verify -f ../afzenders -I afzender \
{_NAMESPACE} -s overdracht.json.sig < overdracht.json
"""
_INSIDE: Final = f"""\
     ssh-keygen -Y verify -f ../../afzenders -I afzender \
{_NAMESPACE} -s tagmanifest-sha512.txt.sig < tagmanifest-sha512.txt
"""
_HOLDER_OUTSIDE: Final = f"""\
     ssh-keygen -Y check-novalidate \
{_NAMESPACE} -s overdracht.json.sig < overdracht.json
     (een collega van de afzender heeft getekend; wie dat is, blijkt bij stap 4)
"""
_HOLDER_INSIDE: Final = f"""\
     ssh-keygen -Y verify -f ../../afzenders -I afzender \
-n doorgaande-lijn-houders-v1 -s houders.json.sig < houders.json
     (in houders.json staan de sleutels van collega's waar de afzender voor instaat; haal een
     sleutel waarbij "status" niet active is, na de volgende regel weer uit ../../collegas)
     grep -o 'ssh-ed25519 [A-Za-z0-9+/=]*' houders.json | sed 's/^/collega /' > ../../collegas
     ssh-keygen -Y verify -f ../../collegas -I collega \
{_NAMESPACE} -s ../overdracht.json.sig < ../overdracht.json
     ssh-keygen -Y verify -f ../../collegas -I collega \
{_NAMESPACE} -s tagmanifest-sha512.txt.sig < tagmanifest-sha512.txt
"""


def file_name(handover_id: UUID) -> str:
    """Return what a sealed file is called: no name or place, eight digits of its id."""
    return f"overdracht-{handover_id.hex[:8]}.zip"
