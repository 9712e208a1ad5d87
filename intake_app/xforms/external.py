"""External instances: files beside a form, read into the same trees as internal ones."""

from __future__ import annotations

import csv
import io
import re

from intake_app.xforms.errors import FormError
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node

_NAME = re.compile(r"[^\W\d][\w.\-]*")
MAX_ROWS = 200_000


def read_external(uri: str, data: bytes, place: str) -> Node:
    """The instance node of an external file, by the ending of its URI: XML or CSV.

    A CSV becomes ``root/item`` with one child per column (xforms-spec, secondary instances).
    Raises FormError for anything else and for broken files.
    """
    lower = uri.lower()
    if lower.endswith(".csv") or "/file-csv/" in lower:
        return _csv(data, place)
    if lower.endswith(".geojson"):
        raise FormError(place, "GeoJSON files are not supported")
    holder = Node("element", "instance")
    for element in parse_xml(data, place=place).children:
        holder.append(element)
    return holder


def _csv(data: bytes, place: str) -> Node:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormError(place, "the CSV file is not UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    holder = Node("element", "instance")
    root = holder.append(Node("element", "root"))
    header: list[str] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter)):
            if number > MAX_ROWS:
                raise FormError(place, f"the CSV file has more than {MAX_ROWS} rows")
            if number == 0:
                header = [name.strip() for name in row]
                bad = [name for name in header if not _NAME.fullmatch(name)]
                if bad:
                    raise FormError(place, f"{bad[0]!r} cannot be the name of a column")
                continue
            if not any(row):
                continue
            item = root.append(Node("element", "item"))
            for index, name in enumerate(header):
                value = row[index] if index < len(row) else ""
                item.append(Node("element", name, text=value))
    except csv.Error as error:
        raise FormError(place, f"a broken CSV file: {error}") from error
    return holder
