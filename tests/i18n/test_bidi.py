from __future__ import annotations

import pytest

from intake_app.i18n.bidi import FSI, LRI, PDI, RLI, isolate, strip


@pytest.mark.parametrize(("how", "mark"), [("ltr", LRI), ("rtl", RLI), ("auto", FSI)])
def test_isolate_wraps(how: str, mark: str) -> None:
    assert isolate("عمل", how) == f"{mark}عمل{PDI}"  # type: ignore[arg-type]


def test_empty_text_stays_empty() -> None:
    assert isolate("", "rtl") == ""


@pytest.mark.parametrize("hostile", [PDI + "a", RLI + "a", RLI + LRI + "a" + PDI, PDI * 3])
def test_what_comes_in_cannot_reach_the_text_around_it(hostile: str) -> None:
    made = isolate(hostile, "ltr")
    depth = 0
    for number, char in enumerate(made):
        depth += {LRI: 1, RLI: 1, FSI: 1, PDI: -1}.get(char, 0)
        assert depth > 0 or number == len(made) - 1
    assert depth == 0


def test_strip_takes_every_mark_away() -> None:
    assert strip("\u200f" + isolate("a" + isolate("ب", "rtl"), "ltr") + "\u202e") == "aب"
