"""The published description is that of the format, and its tables name fields that exist."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from intake_app import paths
from intake_app.handover.describe import description, field_paths
from intake_app.handover.dossier import schema
from intake_app.handover.mdto import mdto_files

TABLES = json.loads(paths.resource("schema", "mapping-v1.json").read_text(encoding="utf-8"))
ROWS = [(each["target"], row) for each in TABLES["mappings"] for row in each["rows"]]
SPECS = Path(os.environ.get("SPECS_DIR", "../shared/specs"))


def test_the_published_text_is_the_one_of_this_version() -> None:
    published = paths.resource("schema", "dossier-v1.md").read_text(encoding="utf-8")
    assert published == description()


def test_every_field_is_described() -> None:
    text = description()
    for path in field_paths():
        assert f"| `{path.rsplit('.', 1)[-1]}` | " in text
    assert len(field_paths()) > 120


def used_lists(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for part in value for name in used_lists(part)}
    if not isinstance(value, dict):
        return set()
    own = {value["x-codelijst"]} if "x-codelijst" in value else set()
    return own | {name for part in value.values() for name in used_lists(part)}


def test_every_code_list_is_explained() -> None:
    assert used_lists(schema()) <= set(TABLES["code_lists"])
    assert {"ISO 15924", "ISCED 2011", "ISCO-08"} <= set(TABLES["code_lists"])


@pytest.mark.parametrize(("target", "row"), ROWS, ids=lambda value: str(value)[:40])
def test_every_mapping_starts_at_a_field(target: str, row: dict[str, str]) -> None:
    assert row["from"] in field_paths() | {""}
    assert row["to"]
    assert row["rule"].endswith(".")


@pytest.mark.skipif(not SPECS.is_dir(), reason="no ZGW specifications here")
@pytest.mark.parametrize("name", ["Zaak", "Rol", "EnkelvoudigInformatieObject"])
def test_the_zgw_fields_exist(name: str) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SPECS.glob("zgw-*.yaml")))
    found = re.search(rf"\n    {name}:\n(.*?)(?=\n    [A-Za-z]+:\n)", text, re.DOTALL)
    assert found is not None
    fields = set(re.findall(r"\n        ([a-zA-Z_]+):\n", found[1]))
    rows = [row["to"] for target, row in ROWS if target == f"ZGW {name}"]
    assert rows
    assert set(rows) <= fields


def test_what_is_said_of_mdto_is_what_is_written() -> None:
    assert mdto_files.__module__ == "intake_app.handover.mdto"
    source = Path(paths.__file__).with_name("handover") / "mdto.py"
    written = source.read_text(encoding="utf-8")
    for target, row in ROWS:
        if target.startswith("MDTO"):
            assert f'"{row["to"]}"' in written
