"""`resources/schema/dossier-v1.md`: the format in words, field by field, for who builds a reader.

The fields follow from their declaration and the tables from `mapping-v1.json`, so the text cannot
differ from what is read and written:

    python -m intake_app.handover.describe > resources/schema/dossier-v1.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from intake_app import paths
from intake_app.handover.dossier import FORMAT, VERSION, schema

_INTRODUCTION = f"""\
# dossier.json, versie {VERSION}

Formaat `{FORMAT}`, versie {VERSION}. Het JSON Schema ernaast (`dossier-v1.schema.json`) zegt
hetzelfde voor een computer en ligt in elk verzegeld bestand in `data/schema/`.

- Tekst is UTF-8 zonder regelovergang aan het begin; onbekend is een lege tekst, nooit een
  streepje of "onbekend". Niets is een lege lijst. Elk veld is er altijd, behalve een lijst die
  mag ontbreken: die staat er alleen met iets erin. Een veld dat hier niet staat, wordt geweigerd.
- Datum is `jjjj-mm-dd`, tijd is UTC (`jjjj-mm-ddTuu:mm:ssZ`), getallen zijn gehele getallen.
- Een andere hoofdversie wordt geweigerd met een duidelijke tekst.
"""


def description() -> str:
    """Return the whole text, Markdown."""
    whole = schema()
    tables = json.loads(paths.resource("schema", "mapping-v1.json").read_text(encoding="utf-8"))
    return "\n".join([_INTRODUCTION, *_objects(whole), *_lists(tables), *_mappings(tables), ""])


def field_paths() -> frozenset[str]:
    """Return every field as a path of names without list positions ("plan.goals.text")."""
    return frozenset(_paths(schema(), schema(), ""))


def _paths(part: Mapping[str, Any], whole: Mapping[str, Any], before: str) -> Iterator[str]:
    for name, field in part["properties"].items():
        yield before + name
        inner = _object_of(field)
        if inner:
            yield from _paths(whole["$defs"][inner], whole, f"{before}{name}.")


def _object_of(field: Mapping[str, Any]) -> str:
    """Return the name of the object in a field, its list or its alternative; "" for a value."""
    choices = [field, field.get("items", {}), *field.get("anyOf", [])]
    found = (str(choice["$ref"]).rsplit("/", 1)[1] for choice in choices if "$ref" in choice)
    return next(found, "")


def _objects(whole: Mapping[str, Any]) -> Iterator[str]:
    yield from _table("Dossier", whole)
    for name, part in whole["$defs"].items():
        yield from _table(name, part)


def _table(name: str, part: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {name}\n\n{part['description']}\n"
    yield "| veld | wat het is | vorm | codelijst |\n|---|---|---|---|"
    for field, rule in part["properties"].items():
        codes = rule.get("x-codelijst", "")
        yield f"| `{field}` | {rule['description']} | {_shape(rule)} | {codes} |"
    yield ""


def _shape(rule: Mapping[str, Any]) -> str:
    if "const" in rule:
        return f"altijd `{rule['const']}`"
    if "anyOf" in rule:
        return f"{_shape(rule['anyOf'][0])}, of null"
    if "$ref" in rule:
        return f"[{_object_of(rule)}](#{_object_of(rule).lower()})"
    if "items" in rule:
        absent = ", mag ontbreken" if "minItems" in rule else ""
        return f"lijst: {_shape(rule['items'])}{absent}"
    if "enum" in rule:
        return ", ".join(f"`{value}`" if value else "leeg" for value in rule["enum"])
    formats = {"uuid": "UUID", "date-time": "tijd", "date": "datum"}
    words = {"integer": "geheel getal", "boolean": "true of false", "string": "tekst"}
    if "format" in rule:
        return formats[rule["format"]]
    if "pattern" in rule:
        return f"`{rule['pattern'].replace('|', chr(92) + '|')}`"
    least = f" vanaf {rule['minimum']}" if "minimum" in rule else ""
    return words[rule["type"]] + least


def _lists(tables: Mapping[str, Any]) -> Iterator[str]:
    yield "## Codelijsten\n\n| naam | wat en van wie | hoe |\n|---|---|---|"
    for name, (owner, how) in tables["code_lists"].items():
        yield f"| {name} | {owner} | {how} |"
    yield ""


def _mappings(tables: Mapping[str, Any]) -> Iterator[str]:
    for mapping in tables["mappings"]:
        yield f"## Naar {mapping['target']}\n\n| dossier.json | veld daar | regel |\n|---|---|---|"
        for row in mapping["rows"]:
            source = f"`{row['from']}`" if row["from"] else "–"
            yield f"| {source} | `{row['to']}` | {row['rule']} |"
        yield ""


if __name__ == "__main__":
    sys.stdout.write(description())
