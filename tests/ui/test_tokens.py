from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app import paths
from intake_app.ui import tokens
from intake_app.ui.tokens import TokenFileProblem, mend, ratio_of, read_tokens

DEFAULT = paths.resource("themes", "default.json")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06X}")


def file_with(**changes: str | None) -> bytes:
    raw = json.loads(DEFAULT.read_text("utf-8"))
    for name, value in changes.items():
        if value is None:
            del raw["light"][name]
        else:
            raw["light"][name] = value
    return json.dumps(raw).encode()


def test_our_own_file_has_nothing_wrong_in_any_scheme():
    names = ("light", "dark", "contrast_light", "contrast_dark")
    file = read_tokens(DEFAULT.read_bytes(), names, all_of_them=True)
    assert tuple(file.schemes) == names
    assert file.faults() == ()
    for scheme in file.schemes.values():
        assert set(scheme) == set(tokens.TOKENS)


def test_a_missing_token_and_one_that_is_no_colour_are_named():
    (missing,) = read_tokens(file_with(hairline=None)).faults()
    assert (missing.scheme, missing.token, missing.kind) == ("light", "hairline", "missing")
    for wrong in ("greenish", "red", "#FFF", "#FF00AA80", "", "#12345G", "#123456\n"):
        (fault,) = read_tokens(file_with(hairline=wrong)).faults()
        assert (fault.token, fault.kind, fault.value) == ("hairline", "no_colour", wrong)


def test_too_little_contrast_is_measured_and_a_shade_that_does_is_offered():
    found = read_tokens(file_with(muted="#B0B8B4")).faults()
    on_surface = next(f for f in found if f.ground == "surface")
    assert (on_surface.token, on_surface.kind, on_surface.least) == ("muted", "contrast", 4.5)
    assert on_surface.ratio == pytest.approx(ratio_of("#B0B8B4", "#FFFFFF"))
    assert on_surface.text_pair
    assert ratio_of(on_surface.instead, "#FFFFFF") >= 4.5
    edges = read_tokens(file_with(border="#C0C7D2")).faults()
    assert {f.token for f in edges} == {"border"}
    assert not edges[0].text_pair


@given(COLOURS, COLOURS)
def test_an_offered_shade_is_always_enough(color, ground):
    for least in (3.0, 4.5):
        shade = mend(color, ground, least)
        assert shade, "black or white always reaches 4.5"
        assert ratio_of(shade, ground) >= least


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_between_one_and_twenty_one(first, second):
    assert ratio_of(first, second) == ratio_of(second, first)
    assert 1 <= ratio_of(first, second) <= 21.0001


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "json"),
        (b"\xff\xfe", "json"),
        (b"[" * 50_000, "json"),
        (b"[]", "shape"),
        (b'{"light": 3}', "shape"),
        (b'{"name": "leeg"}', "shape"),
        (b" " * 70_000, "size"),
    ],
)
def test_what_is_no_token_file_is_refused(raw, reason):
    with pytest.raises(TokenFileProblem) as told:
        read_tokens(raw)
    assert told.value.reason == reason


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(raw):
    with suppress(TokenFileProblem):
        read_tokens(raw).faults()


def test_one_scheme_is_enough_for_a_file_of_your_own():
    raw = json.loads(DEFAULT.read_text("utf-8"))
    file = read_tokens(json.dumps({"name": "Zeist", "dark": raw["dark"], "later": 1}).encode())
    assert (file.name, tuple(file.schemes), file.faults()) == ("Zeist", ("dark",), ())
