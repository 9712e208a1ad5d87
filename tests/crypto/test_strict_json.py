"""Strict JSON: one meaning or refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_both_ways_of_writing_read_back(value: object) -> None:
    assert strict_json(canonical_json(value), max_bytes=1 << 20, max_depth=64) == value
    assert strict_json(readable_json(value), max_bytes=1 << 20, max_depth=64) == value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "syntax"),
        (b'{"a":1,"a":2}', "duplicate"),
        (b'{"a":{"b":1,"b":1}}', "duplicate"),
        (b"NaN", "number"),
        (b"[Infinity]", "number"),
        (b"1e999", "number"),
        (b"1.0", "number"),
        (b"1" * 19, "number"),
        (b"9" * 100_000, "number"),
        (b'"\\ud800"', "text"),
        (b'{"\\udfff":1}', "text"),
        (b"\xef\xbb\xbf{}", "syntax"),
        ('{"a":1}'.encode("utf-16"), "utf8"),
        (b'"\xff"', "utf8"),
        (b'"\xed\xa0\x80"', "utf8"),
        (b"{} {}", "syntax"),
        (b"{'a':1}", "syntax"),
        (b'"a\nb"', "syntax"),
        (b"[" * 17 + b"]" * 17, "depth"),
        (b"[" * 500_000 + b"]" * 500_000, "depth"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "depth"),
        (b'"' + b"a" * 2_000_000 + b'"', "size"),
    ],
)
def test_hostile_json_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(JsonRefusedError) as caught:
        strict_json(data, max_bytes=1_500_000, max_depth=16)
    assert caught.value.code == code


@given(st.binary(max_size=200))
def test_only_the_declared_error(data: bytes) -> None:
    with contextlib.suppress(JsonRefusedError):
        strict_json(data, max_bytes=100)
