"""Places: area(), distance() and geofence() on a sphere (xforms-spec, geo functions)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TypeAlias

from intake_app.xforms.xpath.ast import Call
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.functions.base import Compile, Function, Functions, of_texts
from intake_app.xforms.xpath.functions.strings import texts_of
from intake_app.xforms.xpath.scope import Scope

Point: TypeAlias = tuple[float, float]
"""Latitude and longitude in degrees."""

EARTH_RADIUS = 6_378_100.0
"""Metres; the figure JavaRosa and Web Forms use."""


def parse_points(text: str) -> list[Point] | None:
    """The points of a geopoint, geotrace or geoshape; None when one of them is not a point.

    Points are separated by ``;`` and consist of latitude, longitude and optionally altitude and
    accuracy.
    """
    points: list[Point] = []
    for part in text.split(";"):
        if not part.strip():
            continue
        numbers = parse_point(part)
        if numbers is None:
            return None
        points.append((numbers[0], numbers[1]))
    return points


def parse_point(text: str) -> tuple[float, ...] | None:
    """Two to four numbers with a latitude and longitude that exist; None otherwise."""
    parts = text.split()
    if not 2 <= len(parts) <= 4:
        return None
    try:
        numbers = tuple(float(part) for part in parts)
    except ValueError:
        return None
    if not all(math.isfinite(n) for n in numbers):
        return None
    if not (-90 <= numbers[0] <= 90 and -180 <= numbers[1] <= 180):
        return None
    return numbers


def distance(points: list[Point]) -> float:
    """The length in metres of a line along great circles (haversine)."""
    total = 0.0
    for (lat_a, lon_a), (lat_b, lon_b) in itertools.pairwise(points):
        a, b = math.radians(lat_a), math.radians(lat_b)
        half = math.sin((b - a) / 2) ** 2
        half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
        total += 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))
    return total


def area(points: list[Point]) -> float:
    """The area in square metres of a shape, laid flat around its first point."""
    if len(points) < 3:
        return 0.0
    metres = EARTH_RADIUS * math.pi / 180
    lat_0, lon_0 = points[0]
    flat = [
        ((lat - lat_0) * metres, (lon - lon_0) * metres * math.cos(math.radians(lat)))
        for lat, lon in points
    ]
    double = 0.0
    for (y_a, x_a), (y_b, x_b) in zip(flat, [*flat[1:], flat[0]], strict=True):
        double += y_a * x_b - x_a * y_b
    return abs(double) / 2


def inside(point: Point, shape: list[Point]) -> bool:
    """Whether a point lies in a closed shape (even-odd rule)."""
    if len(shape) < 4 or shape[0] != shape[-1]:
        return False
    y, x = point
    within = False
    for (y_a, x_a), (y_b, x_b) in itertools.pairwise(shape):
        if (y_a > y) != (y_b > y) and x < (x_b - x_a) * (y - y_a) / (y_b - y_a) + x_a:
            within = not within
    return within


def _measure(measure: Callable[[list[Point]], float]) -> Function:
    def build(call: Call, scope: Scope, compile_: Compile) -> Compiled:
        texts = texts_of([compile_(a, scope) for a in call.arguments])

        def run(texts_found: list[str]) -> float:
            points = parse_points(";".join(texts_found))
            # To the centimetre, as Web Forms and the examples of the specification.
            return math.nan if points is None else round(measure(points), 2)

        return Compiled("number", lambda n, f: run(texts(n, f)))

    return Function(1, None, build)


def _geofence(point: str, shape: str) -> bool:
    points, fence = parse_points(point), parse_points(shape)
    return inside(points[0], fence) if points and fence else False


FUNCTIONS: Functions = {
    "area": _measure(area),
    "distance": _measure(distance),
    "geofence": of_texts("boolean", 2, _geofence),
}
