"""MDTO: every element where MDTO-XML 1.0.1 wants it, every digest right, nobody's name."""

from __future__ import annotations

import hashlib
import io

import pytest
from defusedxml import ElementTree
from handover_samples import AZC, HANDOVER, NOW, PDF, ZEIST, Case, open_as

from intake_app.handover.mdto import NAMESPACE, mdto_files
from intake_app.handover.model import Attachment

# The sequences of MDTO-XML 1.0.1 (Nationaal Archief), "*" for what must be there.
OBJECT = (
    "identificatie* naam* aggregatieniveau classificatie trefwoord omschrijving "
    "raadpleeglocatie dekkingInTijd dekkingInRuimte taal event waardering* "
    "bewaartermijn informatiecategorie isOnderdeelVan bevatOnderdeel "
    "heeftRepresentatie aanvullendeMetagegevens gerelateerdInformatieobject "
    "archiefvormer* betrokkene activiteit beperkingGebruik* "
)
FILE = "identificatie* naam* omvang* bestandsformaat* checksum* URLBestand isRepresentatieVan*"
PARTS = {
    "informatieobject": OBJECT.split(),
    "bestand": FILE.split(),
    "identificatie": ["identificatieKenmerk*", "identificatieBron*"],
    "verwijzingIdentificatie": ["identificatieKenmerk*", "identificatieBron*"],
    "begripBegrippenlijst": ["verwijzingNaam*", "verwijzingIdentificatie"],
    "dekkingInTijd": ["dekkingInTijdType*", "dekkingInTijdBegindatum*", "dekkingInTijdEinddatum"],
    "event": ["eventType*", "eventTijd", "eventVerantwoordelijkeActor", "eventResultaat"],
    "checksum": ["checksumAlgoritme*", "checksumWaarde*", "checksumDatum*"],
    "beperkingGebruik": ["beperkingGebruikType*", "beperkingGebruikNadereBeschrijving"],
}
TERM = ["begripLabel*", "begripCode", "begripBegrippenlijst*"]
for _name in (
    *("aggregatieniveau", "dekkingInTijdType", "eventType", "waardering", "bestandsformaat"),
    *("checksumAlgoritme", "beperkingGebruikType"),
):
    PARTS[_name] = TERM
for _name in (
    *("eventVerantwoordelijkeActor", "heeftRepresentatie", "archiefvormer", "isRepresentatieVan"),
):
    PARTS[_name] = PARTS["begripBegrippenlijst"]


def bare(element: object) -> str:
    name = str(getattr(element, "tag", ""))
    assert name.startswith(f"{{{NAMESPACE}}}")
    return name.rsplit("}", 1)[1]


def check(element: object) -> None:
    """Check the order and presence of everything below `element`."""
    children = list(element)  # type: ignore[call-overload]
    if not children:
        assert bare(element) not in PARTS
        assert getattr(element, "text", "")
        return
    wanted = PARTS[bare(element)]
    order = [name.rstrip("*") for name in wanted]
    found = [bare(child) for child in children]
    assert found == sorted(found, key=order.index)
    assert {name[:-1] for name in wanted if name.endswith("*")} <= set(found)
    for child in children:
        check(child)


@pytest.fixture
def made(case: Case) -> dict[str, bytes]:
    case.attachments = (
        Attachment("Diploma", "png", "image/png", lambda: io.BytesIO(b"\x89PNG\r\n\x1a\nx")),
        Attachment("Iets", "exe", "application/x-thing", lambda: io.BytesIO(b"MZ")),
    )
    return mdto_files(open_as(case.seal().path), NOW)


def test_each_document_is_in_order(made: dict[str, bytes]) -> None:
    assert list(made) == [
        "dossier.mdto.xml",
        "dossier.json.mdto.xml",
        "dossier.pdf.mdto.xml",
        "bijlage-001.png.mdto.xml",
        "bijlage-002.exe.niet-openen.mdto.xml",
    ]
    for data in made.values():
        root = ElementTree.fromstring(data)
        assert bare(root) == "MDTO"
        (only,) = root
        check(only)


def test_what_it_says(made: dict[str, bytes]) -> None:
    spaces = {"m": NAMESPACE}
    dossier = ElementTree.fromstring(made["dossier.mdto.xml"])
    assert dossier.findtext(".//m:archiefvormer/m:verwijzingNaam", None, spaces) == ZEIST.name
    assert dossier.findtext(".//m:event//m:verwijzingNaam", None, spaces) is not None
    assert AZC.name in made["dossier.mdto.xml"].decode()
    parts = dossier.findall(".//m:heeftRepresentatie/m:verwijzingNaam", spaces)
    assert [f"{part.text}.mdto.xml" for part in parts] == list(made)[1:]
    pdf = ElementTree.fromstring(made["dossier.pdf.mdto.xml"])
    assert pdf.findtext(".//m:checksumWaarde", None, spaces) == hashlib.sha512(PDF).hexdigest()
    assert pdf.findtext(".//m:omvang", None, spaces) == str(len(PDF))
    assert pdf.findtext(".//m:begripCode", None, spaces) == "fmt/479"
    assert str(HANDOVER) in made["dossier.pdf.mdto.xml"].decode()


def test_nobody_is_named(made: dict[str, bytes]) -> None:
    for data in made.values():
        for word in ("Tesfaye", "Amanuel", "0012345678", "Diploma", "Samira"):
            assert word not in data.decode()
