"""XLSForm to ODK XForm with pyxform: one language, our extra columns as bind attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.places import pyxform_finding
from intake_app.formio.sheets import ALL_SHEETS, SHEETS, Row, Sheet, Workbook, read_workbook
from intake_app.i18n.catalogues import tidy

if TYPE_CHECKING:
    from pathlib import Path

NAMESPACE = "https://doorgaande-lijn.nl/xforms"
"""The XML namespace of our own bind attributes (prefix dl)."""

ALIASES = {"staff_hint": "guidance_hint"}
TEXT_COLUMNS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
# pyxform turns typographic quotes into straight ones, in formulas and texts alike. Texts must stay
# as they are (they are the key of their translation), so their quotes travel in disguise.
_DISGUISE = str.maketrans("‘’“”", "\ue918\ue919\ue91c\ue91d")
_UNDISGUISE = str.maketrans("\ue918\ue919\ue91c\ue91d", "‘’“”")
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet(?:, the '([^']+)' value)?")


@dataclass(frozen=True, slots=True)
class Compiled:
    """An XForm (UTF-8 XML) and what pyxform warned about while making it."""

    xml: bytes
    warnings: tuple[Finding, ...]


def compile_form(path: Path) -> bytes:
    """Return the XForm of a form: a folder of CSV files, .xlsx, .xls, .csv or .md.

    Raises FormSourceError, whose findings name sheet, row and column where these are known.
    """
    return compile_workbook(read_workbook(path)).xml


def compile_workbook(workbook: Workbook) -> Compiled:
    """Return the XForm of a form already read; raises FormSourceError as `compile_form` does."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    if not workbook.sheet("survey").rows:
        raise FormSourceError(
            Finding(
                "survey",
                1,
                "type",
                "error",
                "Er staan geen vragen in.",
                "Zet elke vraag op een rij van het blad survey.",
            )
        )
    workbook = with_namespace(workbook)
    source: dict[str, object] = {"sheet_names": [n for n in ALL_SHEETS if n in workbook.sheets]}
    for name in ALL_SHEETS:
        sheet = workbook.sheet(name)
        if name not in SHEETS and name not in workbook.sheets:
            continue
        if sheet.header:
            source[f"{name}_header"] = [{ALIASES.get(c, c): None for c in sheet.header if c}]
        # Rows keep their number so that pyxform's own messages name the row the author sees.
        by_number = {row.number: row.cells for row in sheet.rows}
        source[name] = [
            {ALIASES.get(c, c): _cell(c, v) for c, v in by_number.get(number, {}).items()}
            for number in range(2, max(by_number, default=1) + 1)
        ]
    source["fallback_form_name"] = workbook.name
    warnings: list[str] = []
    try:
        result = convert(xlsform=source, warnings=warnings, form_name="data")
    except PyXFormError as error:
        raise FormSourceError(_finding(workbook, str(error), "error")) from None
    except Exception as error:  # noqa: BLE001 - an author must never see a traceback
        message = f"pyxform stopte onverwacht ({type(error).__name__}: {error})"
        raise FormSourceError(_finding(workbook, message, "error")) from None
    return Compiled(
        result.xform.translate(_UNDISGUISE).encode(),
        tuple(_finding(workbook, text, "warning") for text in warnings if text),
    )


def _cell(column: str, value: str) -> str:
    column = ALIASES.get(column, column).split("::")[0]
    return value.translate(_DISGUISE) if column in TEXT_COLUMNS else value


def with_namespace(workbook: Workbook) -> Workbook:
    """The form with our namespace declared when its survey uses it and the author forgot."""
    if not any(c.startswith("bind::dl:") for c in workbook.sheet("survey").header):
        return workbook
    settings = workbook.sheet("settings")
    first = settings.rows[0] if settings.rows else Row(2, {})
    declared = first.get("namespaces")
    if "dl=" in declared:
        return workbook
    cells = {**first.cells, "namespaces": f'{declared} dl="{NAMESPACE}"'.strip()}
    header = tuple(dict.fromkeys((*settings.header, "namespaces")))
    sheet = Sheet("settings", header, (Row(first.number, cells), *settings.rows[1:]))
    return replace(workbook, sheets={**workbook.sheets, "settings": sheet})


def _finding(workbook: Workbook, message: str, level: str) -> Finding:
    """Turn a message of pyxform into a finding; its own wording stays, as the fix to search for."""
    message = message.translate(_UNDISGUISE)
    row = _ROW.search(message)
    where = _SHEET.search(message)
    found = Finding(
        sheet=where.group(1) if where else "survey" if row else "",
        row=int(row.group(1)) if row else 0,
        column=(where.group(2) or "") if where else "",
        level="error" if level == "error" else "warning",
        message="De omzetting naar een XForm meldt een probleem.",
        fix=f"pyxform zegt: {tidy(_ROW.sub('', message))}",
    )
    return pyxform_finding(workbook, message, found)
