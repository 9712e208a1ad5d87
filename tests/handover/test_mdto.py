"""MDTO: every element where and as often as MDTO-XML 1.0.1 wants it, digests right, no name."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from defusedxml import ElementTree
from handover_samples import AZC, HANDOVER, NOW, PDF, ZEIST, Case, open_as

from intake_app.handover.mdto import NAMESPACE, mdto_files
from intake_app.handover.model import Attachment

# What the schema MDTO-XML 1.0.1 (Nationaal Archief, 9 January 2023) says of every part, in its
# order: "!" just one, "+" one or more, "?" at most one, "*" any number. Compared by hand with it.
OBJECT = (
    "identificatie+ naam! aggregatieniveau? classificatie* trefwoord* omschrijving* "
    "raadpleeglocatie* dekkingInTijd* dekkingInRuimte* taal* event* waardering! "
    "bewaartermijn? informatiecategorie? isOnderdeelVan* bevatOnderdeel* "
    "heeftRepresentatie* aanvullendeMetagegevens* gerelateerdInformatieobject* "
    "archiefvormer+ betrokkene* activiteit? beperkingGebruik+"
)
FILE = "identificatie+ naam! omvang! bestandsformaat! checksum+ URLBestand? isRepresentatieVan!"
IDENTIFICATION = ["identificatieKenmerk!", "identificatieBron!"]
REFERENCE = ["verwijzingNaam!", "verwijzingIdentificatie?"]
TERM = ["begripLabel!", "begripCode?", "begripBegrippenlijst!"]
PARTS = {
    "informatieobject": OBJECT.split(),
    "bestand": FILE.split(),
    "identificatie": IDENTIFICATION,
    "verwijzingIdentificatie": IDENTIFICATION,
    "begripBegrippenlijst": REFERENCE,
    "dekkingInTijd": ["dekkingInTijdType!", "dekkingInTijdBegindatum!", "dekkingInTijdEinddatum?"],
    "event": ["eventType!", "eventTijd?", "eventVerantwoordelijkeActor?", "eventResultaat?"],
    "checksum": ["checksumAlgoritme!", "checksumWaarde!", "checksumDatum!"],
    "beperkingGebruik": [
        "beperkingGebruikType!",
        "beperkingGebruikNadereBeschrijving?",
        "beperkingGebruikDocumentatie*",
        "beperkingGebruikTermijn?",
    ],
}
for _name in (
    *("aggregatieniveau", "dekkingInTijdType", "eventType", "waardering", "bestandsformaat"),
    *("checksumAlgoritme", "beperkingGebruikType"),
):
    PARTS[_name] = TERM
for _name in (
    *("eventVerantwoordelijkeActor", "heeftRepresentatie", "archiefvormer", "isRepresentatieVan"),
):
    PARTS[_name] = REFERENCE
DATE = r"\d{4}-\d{2}-\d{2}"
TIME = DATE + r"T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?"
TYPES = {
    "omvang": r"\d+",
    "taal": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "dekkingInTijdBegindatum": DATE,
    "dekkingInTijdEinddatum": DATE,
    "eventTijd": TIME,
    "checksumDatum": TIME,
}
CLOSED = {"B": "Blijvend te bewaren", "V": "Tijdelijk te bewaren", "N": "Nader te bepalen"}
"""The one closed list of terms: Waarderingen. The others may be added to."""


def bare(element: object) -> str:
    name = str(getattr(element, "tag", ""))
    assert name.startswith(f"{{{NAMESPACE}}}")
    return name.rsplit("}", 1)[1]


def check(element: object) -> None:
    """Check order, number and type of everything below `element`."""
    children = list(element)  # type: ignore[call-overload]
    if not children:
        text = str(getattr(element, "text", "") or "")
        assert bare(element) not in PARTS
        assert text.strip()
        assert re.fullmatch(TYPES.get(bare(element), r"(?s).+"), text)
        return
    wanted = PARTS[bare(element)]
    order = [name[:-1] for name in wanted]
    found = [bare(child) for child in children]
    assert found == sorted(found, key=order.index)
    for name in wanted:
        count, mark = found.count(name[:-1]), name[-1]
        assert count >= (mark in "!+"), name
        assert count <= 1 or mark in "+*", name
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
    # PRONOM: fmt/479 is PDF/A-3a, fmt/817 is JSON.
    assert pdf.findtext(".//m:begripCode", None, spaces) == "fmt/479"
    data = ElementTree.fromstring(made["dossier.json.mdto.xml"])
    assert data.findtext(".//m:begripCode", None, spaces) == "fmt/817"
    worth = dossier.find(".//m:waardering", spaces)
    assert worth is not None
    code = worth.findtext("m:begripCode", "", spaces)
    assert CLOSED[code] == worth.findtext("m:begripLabel", "", spaces)
    # longer names are cut off by some systems
    assert all(len(name.text or "") <= 80 for name in dossier.iter(f"{{{NAMESPACE}}}naam"))
    assert str(HANDOVER) in made["dossier.pdf.mdto.xml"].decode()


def test_nobody_is_named(made: dict[str, bytes]) -> None:
    for data in made.values():
        for word in ("Tesfaye", "Amanuel", "0012345678", "Diploma", "Samira"):
            assert word not in data.decode()
