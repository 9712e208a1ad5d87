"""The dossier as a PDF that can be read, searched and read aloud for decades."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path

from intake_app.documents.model import DossierDocument, Text
from intake_app.documents.printable import REPLACEMENT, covered_characters, printable
from intake_app.documents.typesetting import typeset
from intake_app.i18n.languages import LANGUAGES, Language

_UNKNOWN = Language("und", "und", "ltr", "Zyyy", "", "andere taal")
"""For a language of a newer version: still printed, and tagged as undetermined (BCP 47)."""


def render(data: DossierDocument, fonts: Path) -> bytes:
    """Return the dossier as PDF/A-3a and PDF/UA-1: tagged, titled, a language for each run.

    `fonts` is the folder of the bundled fonts; no other font is used. The same data give the same
    bytes. Texts are printed literally, whatever they contain. Raises `DocumentError` when the
    typesetter refuses, which includes anything the two standards do not allow.
    """
    if data.created.tzinfo is None:
        raise ValueError("created must be an aware time")
    covered = covered_characters(fonts)
    utc = data.created.astimezone(UTC)
    dossier = json.dumps(_plain(data, covered), ensure_ascii=False)
    inputs = {
        "data": dossier,
        "title": printable(("Oefening: " if data.practice else "") + data.title, covered),
        "moment": json.dumps(_plain(utc, covered)),
        "replaced": "yes" if REPLACEMENT in dossier else "",
    }
    return typeset(
        "dossier.typ",
        inputs,
        fonts,
        at=utc,
        failure=(
            "De PDF van het dossier kon niet worden gemaakt. Er is niets verzegeld of verstuurd. "
            "Probeer het opnieuw; lukt het weer niet, meld het dan bij je beheerder."
        ),
    )


def _plain(value: object, covered: frozenset[int]) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return printable(value, covered)
    if isinstance(value, datetime):
        return [value.year, value.month, value.day, value.hour, value.minute, value.second]
    if isinstance(value, date):
        return [value.year, value.month, value.day]
    if isinstance(value, tuple):
        return [_plain(item, covered) for item in value]
    if is_dataclass(value):
        plain = {field.name: _plain(getattr(value, field.name), covered) for field in fields(value)}
        if isinstance(value, Text):
            plain |= _language(value.language)
        return plain
    return value


def _language(code: str) -> dict[str, object]:
    language = LANGUAGES.get(code, _UNKNOWN)
    return {
        "language": language.code,
        "language_name": language.dutch_name,
        "script": language.script,
        "rtl": language.direction == "rtl",
    }
