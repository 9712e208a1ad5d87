"""MDTO metadata (Nationaal Archief, MDTO-XML 1.0.1) of an opened handover, for an archive.

The receiving organisation archives what it received: it is the `archiefvormer`, and its own
selection list decides how long. What is written here holds no name of the person: that stands in
the dossier itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from intake_app.handover.model import Party
from intake_app.handover.open import OpenedHandover

NAMESPACE: Final = "https://www.nationaalarchief.nl/mdto"
_SOURCE: Final = "Doorgaande Lijn"
_LISTS: Final = "Begrippenlijst {} MDTO"
# PRONOM (The National Archives): only formats we make ourselves, the others are not identified.
_FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "dossier.json": ("JSON Data Interchange Format", "fmt/817"),
    "dossier.pdf": ("Acrobat PDF/A - Portable Document Format 3a", "fmt/479"),
}
Content = str | list[tuple[str, "Content"]]


def mdto_files(opened: OpenedHandover, at: datetime) -> dict[str, bytes]:
    """Return MDTO documents by file name: one of the dossier and one of each of its files.

    `at` (aware) is when the digests were checked. The files are those `intake open` writes.
    """
    files = {"dossier.json": opened.dossier_json, "dossier.pdf": opened.pdf}
    types = {"dossier.json": "application/json", "dossier.pdf": "application/pdf"}
    for each in opened.attachments:
        name = attachment_file(each.file, plain=each.is_plain)
        files[name], types[name] = each.read(), each.media_type
    made = {
        f"{name}.mdto.xml": _document("bestand", _file(opened, name, data, types[name], at))
        for name, data in files.items()
    }
    return {"dossier.mdto.xml": _document("informatieobject", _dossier(opened, files)), **made}


def attachment_file(inside: str, *, plain: bool) -> str:
    """Return the file name for an attachment; one that could run something opens in nothing."""
    return f"bijlage-{inside.rsplit('/', 1)[-1]}" + ("" if plain else ".niet-openen")


def _dossier(opened: OpenedHandover, files: Mapping[str, bytes]) -> list[tuple[str, Content]]:
    manifest = opened.manifest
    talks = sorted(interview.started_at for interview in opened.dossier.interviews)
    begin = (talks[0] if talks else manifest.created).astimezone(UTC).date()
    return [
        ("identificatie", _identification(str(manifest.handover_id))),
        ("identificatie", _identification(str(manifest.dossier_id))),
        ("naam", _name(opened)),
        ("aggregatieniveau", _term("Dossier", _LISTS.format("Aggregatieniveaus"))),
        ("omschrijving", f"Overdrachtsdossier, versie {manifest.version}; zie dossier.json"),
        (
            "dekkingInTijd",
            [
                ("dekkingInTijdType", _term("Looptijd van een dossier", _SOURCE)),
                ("dekkingInTijdBegindatum", begin.isoformat()),
                ("dekkingInTijdEinddatum", manifest.created.date().isoformat()),
            ],
        ),
        ("taal", "nl"),
        (
            "event",
            [
                ("eventType", _term("Creatie", _LISTS.format("EventTypeLijst"))),
                ("eventTijd", _time(manifest.created)),
                ("eventVerantwoordelijkeActor", _organisation(manifest.sender)),
                ("eventResultaat", f"Verzegeld; SHA-256 van het bestand {opened.digest}"),
            ],
        ),
        ("waardering", _term("Tijdelijk te bewaren", _LISTS.format("Waarderingen"), "V")),
        *(("heeftRepresentatie", _reference(name, _file_id(opened, name))) for name in files),
        ("archiefvormer", _organisation(manifest.recipient)),
        (
            "beperkingGebruik",
            [
                ("beperkingGebruikType", _term("Persoonsgegevens", _SOURCE)),
                (
                    "beperkingGebruikNadereBeschrijving",
                    "Bevat persoonsgegevens, ook bijzondere (AVG artikel 9).",
                ),
            ],
        ),
    ]


def _file(
    opened: OpenedHandover, name: str, data: bytes, media_type: str, at: datetime
) -> list[tuple[str, Content]]:
    label, code = _FORMATS.get(name, (media_type, ""))
    known = "PRONOM-register" if code else "IANA media types"
    return [
        ("identificatie", _identification(_file_id(opened, name))),
        ("naam", name),
        ("omvang", str(len(data))),
        ("bestandsformaat", _term(label, known, code)),
        (
            "checksum",
            [
                ("checksumAlgoritme", _term("SHA-512", _LISTS.format("ChecksumAlgoritme"))),
                ("checksumWaarde", hashlib.sha512(data).hexdigest()),
                ("checksumDatum", _time(at)),
            ],
        ),
        ("isRepresentatieVan", _reference(_name(opened), str(opened.manifest.handover_id))),
    ]


def _name(opened: OpenedHandover) -> str:
    return f"Overdrachtsdossier {opened.manifest.handover_id.hex[:8]}"


def _file_id(opened: OpenedHandover, name: str) -> str:
    return f"{opened.manifest.handover_id}/{name}"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _identification(mark: str, source: str = _SOURCE) -> Content:
    return [("identificatieKenmerk", mark), ("identificatieBron", source)]


def _reference(name: str, mark: str) -> Content:
    return [("verwijzingNaam", name), ("verwijzingIdentificatie", _identification(mark))]


def _organisation(party: Party) -> Content:
    return _reference(party.name, str(party.organisation_id))


def _term(label: str, word_list: str, code: str = "") -> Content:
    coded: list[tuple[str, Content]] = [("begripCode", code)] if code else []
    return [
        ("begripLabel", label),
        *coded,
        ("begripBegrippenlijst", [("verwijzingNaam", word_list)]),
    ]


def _document(kind: str, content: list[tuple[str, Content]]) -> bytes:
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}MDTO")
    _fill(ET.SubElement(root, f"{{{NAMESPACE}}}{kind}"), content)
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _fill(parent: ET.Element, content: Content) -> None:
    if isinstance(content, str):
        parent.text = content
        return
    for name, inner in content:
        _fill(ET.SubElement(parent, f"{{{NAMESPACE}}}{name}"), inner)
