"""Frozen dataclasses to strict JSON and back, and to the JSON Schema that describes them.

One declaration says everything: a field's type, its pattern or list of values, the code list it
takes its codes from and what it means. Writing, reading and the published schema follow from it
and cannot differ.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from intake_app.handover import limits

T = TypeVar("T")
_CONTROL: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]")
_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
_TIME: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z$"
_UUID: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class CodecError(ValueError):
    """A value does not fit its declaration. `place` is the path of names, never the value."""

    def __init__(self, place: str) -> None:
        """Keep `place`, such as "person.languages[0].code"."""
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field means (`text`) and which values it takes.

    `pattern` is a regular expression for the whole text, `one_of` the list of allowed texts,
    `codes` the name of the code list, `least` the smallest integer, `check` raises ValueError for
    a text that cannot be. `later` marks a list that came into the format after its first files: it
    is written only when there is something in it, and a file without it has an empty one.
    """

    text: str
    pattern: str = ""
    one_of: tuple[str, ...] = ()
    codes: str = ""
    least: int | None = None
    check: Callable[[str], object] | None = None
    later: bool = False


def time_text(at: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC, with microseconds only when there are any."""
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_time(text: object) -> datetime:
    """Return the aware time of a text that `time_text` wrote; raises ValueError otherwise."""
    if not isinstance(text, str) or re.match(_TIME + r"\Z", text, re.ASCII) is None:
        raise ValueError("not a time")
    at = datetime.fromisoformat(text)
    if time_text(at) != text:
        raise ValueError("not a time")
    return at


def parse_date(text: object) -> date:
    """Return the date of "2026-11-22"; raises ValueError for every other value."""
    if not isinstance(text, str) or re.match(_DATE + r"\Z", text, re.ASCII) is None:
        raise ValueError("not a date")
    return date.fromisoformat(text)


def parse_uuid(text: object) -> UUID:
    """Return the UUID of its canonical lower-case text; raises ValueError otherwise."""
    if not isinstance(text, str) or re.match(_UUID + r"\Z", text, re.ASCII) is None:
        raise ValueError("not a UUID")
    return UUID(text)


@cache
def _declared(cls: Hashable) -> Mapping[str, tuple[Any, Rule]]:
    """Return type and rule of every field, in order."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return {name: typing.get_args(hint) for name, hint in hints.items()}


def _optional(hint: Any) -> Any | None:
    """Return X of `X | None`, or None when the hint is something else."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (inner,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
        return inner
    return None


def to_plain(value: Any) -> Any:
    """Return `value` as dict, list, str, int, bool and None."""
    if dataclasses.is_dataclass(value):
        declared = _declared(typing.cast("Hashable", type(value)))
        parts = {name: getattr(value, name) for name in declared}
        return {n: to_plain(part) for n, part in parts.items() if part or not declared[n][1].later}
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | str) else value


def from_plain(cls: type[T], plain: object, place: str = "") -> T:
    """Return the dataclass `cls` that `plain` describes.

    Every field must be there and nothing else, but for a `later` list, which must not be empty;
    raises CodecError with the place of the fault.
    """
    declared = _declared(typing.cast("Hashable", cls))
    if not isinstance(plain, dict):
        raise CodecError(place or cls.__name__)
    absent: dict[str, object] = {
        name: [] for name, (_, rule) in declared.items() if rule.later and name not in plain
    }
    if set(plain) | set(absent) != set(declared):
        raise CodecError(place or cls.__name__)
    if any(
        plain[name] == [] for name, (_, rule) in declared.items() if name in plain and rule.later
    ):
        raise CodecError(place or cls.__name__)
    plain = {**plain, **absent}
    made = {
        name: _read(hint, plain[name], rule, f"{place}.{name}" if place else name)
        for name, (hint, rule) in declared.items()
    }
    return cls(**made)


def _read(hint: Any, plain: object, rule: Rule, place: str) -> Any:
    inner = _optional(hint)
    if inner is not None:
        return None if plain is None else _read(inner, plain, rule, place)
    if typing.get_origin(hint) is tuple:
        if not isinstance(plain, list) or len(plain) > limits.DOSSIER_ITEMS:
            raise CodecError(place)
        part = typing.get_args(hint)[0]
        return tuple(_read(part, v, rule, f"{place}[{n}]") for n, v in enumerate(plain))
    if dataclasses.is_dataclass(hint):
        return from_plain(hint, plain, place)  # type: ignore[arg-type]
    try:
        return _SCALARS[hint](plain, rule)
    except ValueError:
        raise CodecError(place) from None


def _text(plain: object, rule: Rule) -> str:
    if not isinstance(plain, str) or len(plain) > limits.DOSSIER_TEXT or _CONTROL.search(plain):
        raise ValueError("text")
    if rule.pattern and re.match(rule.pattern + r"\Z", plain, re.ASCII) is None:
        raise ValueError("pattern")
    if rule.one_of and plain not in rule.one_of:
        raise ValueError("value")
    if rule.check is not None:
        rule.check(plain)
    return plain


def _integer(plain: object, rule: Rule) -> int:
    if type(plain) is not int or (rule.least is not None and plain < rule.least):
        raise ValueError("integer")
    return plain


def _boolean(plain: object, _rule: Rule) -> bool:
    if not isinstance(plain, bool):
        raise ValueError("boolean")  # noqa: TRY004  (one error for one caller)
    return plain


_SCALARS: Final[Mapping[Any, Any]] = {
    str: _text,
    int: _integer,
    bool: _boolean,
    UUID: lambda plain, _rule: parse_uuid(plain),
    datetime: lambda plain, _rule: parse_time(plain),
    date: lambda plain, _rule: parse_date(plain),
}
_SCALAR_SCHEMAS: Final[Mapping[Any, Mapping[str, Any]]] = {
    str: {"type": "string", "maxLength": limits.DOSSIER_TEXT},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid", "pattern": _UUID},
    datetime: {"type": "string", "format": "date-time", "pattern": _TIME},
    date: {"type": "string", "format": "date", "pattern": _DATE},
}


def schema_of(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a dataclass; those inside it go to `definitions`."""
    properties = {}
    declared = _declared(cls)
    for name, (hint, rule) in declared.items():
        properties[name] = {"description": rule.text, **_schema(hint, rule, definitions)}
        if rule.later:
            properties[name]["minItems"] = 1
        if rule.codes:
            properties[name]["x-codelijst"] = rule.codes
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip(),
        "properties": properties,
        "required": [name for name, (_, rule) in declared.items() if not rule.later],
        "additionalProperties": False,
    }


def _schema(hint: Any, rule: Rule, definitions: dict[str, Any]) -> dict[str, Any]:
    inner = _optional(hint)
    if inner is not None:
        return {"anyOf": [_schema(inner, rule, definitions), {"type": "null"}]}
    if typing.get_origin(hint) is tuple:
        items = _schema(typing.get_args(hint)[0], rule, definitions)
        return {"type": "array", "maxItems": limits.DOSSIER_ITEMS, "items": items}
    if dataclasses.is_dataclass(hint):
        name = hint.__name__  # type: ignore[union-attr]
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = schema_of(hint, definitions)  # type: ignore[arg-type]
        return {"$ref": f"#/$defs/{name}"}
    found = dict(_SCALAR_SCHEMAS[hint])
    if rule.pattern:
        found["pattern"] = rule.pattern
    if rule.one_of:
        found["enum"] = list(rule.one_of)
    if rule.least is not None:
        found["minimum"] = rule.least
    return found
