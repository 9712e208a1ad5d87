"""External instances: files beside a form, read into the same trees as internal ones."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from intake_app.xforms.errors import FormError
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node

_NAME = re.compile(r"[^\W\d][\w.\-]*")
MAX_ROWS = 200_000


def read_external(uri: str, data: bytes, place: str) -> Node:
    """The instance node of an external file, by the ending of its URI: XML, CSV or GeoJSON.

    A CSV becomes ``root/item`` with one child per column (xforms-spec, secondary instances). A
    GeoJSON FeatureCollection (RFC 7946) becomes ``root/item`` with the geometry as an ODK geopoint,
    geotrace or geoshape, the id and the properties of each feature.
    Raises FormError for anything else and for broken files.
    """
    lower = uri.lower()
    if lower.endswith(".csv") or "/file-csv/" in lower:
        return _csv(data, place)
    if lower.endswith(".geojson"):
        return _geojson(data, place)
    holder = Node("element", "instance")
    for element in parse_xml(data, place=place).children:
        holder.append(element)
    return holder


def _csv_text(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormError(place, "the CSV file is not UTF-8") from error


def _csv(data: bytes, place: str) -> Node:
    text = _csv_text(data, place)
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
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


def read_itemsets(data: bytes, place: str) -> dict[str, Node]:
    """The lists of an ``itemsets.csv`` (choices by query): an instance for every `list_name`.

    Columns that cannot be the name of a node (``label::English (en)``) are left out; the first of
    them stands in for a `label` that is not there. Raises FormError when the file is broken.
    """
    lines = _csv_text(data, place).splitlines(keepends=True)
    header = next(csv.reader(lines[:1]), []) if lines else []
    names = [name.strip() for name in header]
    if "label" not in names:
        first = next((n for n in names if n.startswith("label:")), None)
        names = ["label" if name == first else name for name in names]
    usable = {index: name for index, name in enumerate(names) if _NAME.fullmatch(name)}
    if "list_name" not in names or "name" not in names:
        raise FormError(place, "the CSV file has no columns list_name and name")
    found: dict[str, Node] = {}
    try:
        for number, row in enumerate(csv.reader(lines[1:])):
            if number >= MAX_ROWS:
                raise FormError(place, f"the CSV file has more than {MAX_ROWS} rows")
            cells = {name: row[index] for index, name in usable.items() if index < len(row)}
            holder = found.setdefault(cells.get("list_name", "").strip(), empty_instance())
            item = holder.children[0].append(Node("element", "item"))
            for name, value in cells.items():
                item.append(Node("element", name, text=value))
    except csv.Error as error:
        raise FormError(place, f"a broken CSV file: {error}") from error
    return found


def empty_instance() -> Node:
    """An instance without items."""
    holder = Node("element", "instance")
    holder.append(Node("element", "root"))
    return holder


def _geojson(data: bytes, place: str) -> Node:
    try:
        collection = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormError(place, "a broken GeoJSON file") from error
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise FormError(place, "the GeoJSON file holds no FeatureCollection")
    features = collection.get("features")
    if not isinstance(features, list) or len(features) > MAX_ROWS:
        raise FormError(place, "the features of the GeoJSON file are no list, or too many")
    holder = empty_instance()
    for number, feature in enumerate(features, 1):
        where = f"{place}, feature {number}"
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise FormError(where, "is not a GeoJSON feature")
        item = holder.children[0].append(Node("element", "item"))
        item.append(Node("element", "geometry", text=_geometry(feature.get("geometry"), where)))
        properties = feature.get("properties") or {}
        if not isinstance(properties, dict):
            raise FormError(where, "the properties are no object")
        # The id of a feature stands above a property of that name (as in JavaRosa).
        if "id" in feature:
            properties = {"id": feature["id"], **{k: v for k, v in properties.items() if k != "id"}}
        for name, value in properties.items():
            if not _NAME.fullmatch(name):
                raise FormError(where, f"{name!r} cannot be the name of a property")
            item.append(Node("element", name, text=_scalar(value)))
    return holder


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _geometry(geometry: Any, place: str) -> str:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    points = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "Point":
        points = [points]
    elif kind == "Polygon":
        points = points[0] if isinstance(points, list) and points else None
    elif kind != "LineString":
        raise FormError(place, "only points, lines and polygons are supported")
    if not isinstance(points, list) or not all(_is_position(p) for p in points):
        raise FormError(place, "the coordinates are no positions")
    # GeoJSON has longitude first, ODK latitude.
    return "; ".join(f"{json.dumps(p[1])} {json.dumps(p[0])} 0 0" for p in points)


def _is_position(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in point)
    )
