from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain.charts import Bar, Course, Point, Profile, Share, Shares

NUMBERS = st.floats(0, 10, allow_nan=False)
MAYBE = st.none() | NUMBERS


def profile(*bars: Bar) -> Profile:
    return Profile("Titel", bars, "Wat", "Waarde", "Eerder", 0, 10)


def test_a_table_has_a_cell_for_every_header_and_says_everything_drawn():
    data = profile(Bar("Lezen", 3, "drie", 2, "twee"), Bar("Schrijven", None, "niet gemeten"))
    table = data.table()
    assert table.headers == ("Wat", "Waarde", "Eerder")
    assert table.rows == (("Lezen", "drie", "twee"), ("Schrijven", "niet gemeten", ""))
    assert table.spoken() == (
        "Lezen. Waarde: drie, Eerder: twee. Schrijven. Waarde: niet gemeten, Eerder: ."
    )


def test_without_a_reference_there_is_no_column_for_it():
    assert profile(Bar("Lezen", 3, "drie")).table().headers == ("Wat", "Waarde")


@pytest.mark.parametrize("wrong", [-0.1, 10.1, float("nan"), float("inf")])
def test_a_value_off_the_scale_is_refused(wrong):
    with pytest.raises(ValueError, match="scale"):
        profile(Bar("Lezen", wrong, "?"))
    with pytest.raises(ValueError, match="scale"):
        Course("T", (Point("week 1", wrong, "?"),), "Week", "Uren", 0, 10)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (0, float("nan"))])
def test_a_scale_has_to_go_up(low, high):
    with pytest.raises(ValueError, match="scale"):
        Profile("T", (), "a", "b", low=low, high=high)


@given(st.lists(MAYBE, max_size=12))
def test_lines_join_only_neighbours_that_were_measured(values):
    points = tuple(Point(str(n), v, str(v)) for n, v in enumerate(values))
    course = Course("T", points, "Week", "Uren", 0, 10)
    joined = list(course.strokes())
    for first, second in joined:
        assert second == first + 1
        assert values[first] is not None
        assert values[second] is not None
    expected = sum(a is not None and b is not None for a, b in pairwise(values))
    assert len(joined) == expected
    assert len(course.table().rows) == len(values)


def test_not_counted_is_not_nought_and_nobody_is_not_either():
    assert Share("x", 0, 12, "0/12").share == 0
    assert Share("x", None, 12, "niet gemeten").share is None
    assert Share("x", 0, 0, "niemand").share is None
    for count, total in ((-1, 3), (4, 3), (0, -1)):
        with pytest.raises(ValueError, match="count"):
            Share("x", count, total, "?")
    with pytest.raises(ValueError, match="scale"):
        Share("x", 1, 2, "?", target=1.2)


def test_figures_make_one_table():
    figures = (Share("a", 1, 2, "1/2", target=0.8, target_shown="80"), Share("b", 0, 0, "niemand"))
    assert Shares("T", figures, ("Cijfer", "Aantal", "Doel")).table().rows == (
        ("a", "1/2", "80"),
        ("b", "niemand", ""),
    )
    assert Shares("T", figures, ("Cijfer", "Aantal")).table().rows[0] == ("a", "1/2")
