"""JSON without room for interpretation: one way to write a value, hostile input refused.

Writing follows RFC 8785 in what we use of it: UTF-8, keys sorted, no white space, integers only.
Reading refuses everything two readers could understand differently.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_INT_DIGITS = 18


class JsonRefusedError(ValueError):
    """The bytes are not JSON as we accept it. `code` is a fixed word and holds no content."""

    def __init__(self, code: str) -> None:
        """Keep `code`, one of: size, utf8, syntax, duplicate, number, depth, text."""
        super().__init__(code)
        self.code = code


def canonical_json(value: object) -> bytes:
    """Return the one canonical form of a value of dict, list, str, int, bool and None.

    Keys are sorted by code point, there is no white space, text is UTF-8. Raises ValueError for
    NaN or infinity and UnicodeEncodeError for lone surrogates.
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def readable_json(value: object) -> bytes:
    """Return `value` as indented UTF-8 JSON with sorted keys and a final line feed."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise JsonRefusedError("duplicate")
    return result


def _int(text: str) -> int:
    if len(text.lstrip("-")) > MAX_INT_DIGITS:
        raise JsonRefusedError("number")
    return int(text)


def _refuse_number(_text: str) -> NoReturn:
    raise JsonRefusedError("number")


def _check(value: object, max_depth: int) -> None:
    """Walk without recursion, so that depth is refused and never overflows."""
    todo: list[tuple[object, int]] = [(value, 1)]
    while todo:
        item, depth = todo.pop()
        if isinstance(item, str):
            try:
                item.encode()
            except UnicodeEncodeError:
                raise JsonRefusedError("text") from None
        elif isinstance(item, dict | list):
            if depth > max_depth:
                raise JsonRefusedError("depth")
            if isinstance(item, dict):
                todo.extend((key, depth) for key in item)
                todo.extend((part, depth + 1) for part in item.values())
            else:
                todo.extend((part, depth + 1) for part in item)


def strict_json(data: bytes, *, max_bytes: int, max_depth: int = 16) -> Any:
    """Parse UTF-8 JSON of dict, list, str, int, bool and None.

    Refused with JsonRefusedError: more than `max_bytes`, other encodings and byte order marks,
    duplicate keys, fractions, exponents, NaN, infinity, integers of more than 18 digits, nesting
    deeper than `max_depth`, lone surrogates, anything after the value.
    """
    if len(data) > max_bytes:
        raise JsonRefusedError("size")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise JsonRefusedError("utf8") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_int=_int,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except JsonRefusedError:
        raise
    except RecursionError:
        raise JsonRefusedError("depth") from None
    except ValueError:
        raise JsonRefusedError("syntax") from None
    _check(value, max_depth)
    return value
