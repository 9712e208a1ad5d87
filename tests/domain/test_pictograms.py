"""The pictograms as they are shipped: drawings, index and README belong together."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

from intake_app import paths
from intake_app.documents.pointing_pages import PAGES
from intake_app.domain.pictograms import PictogramProblem, Pictograms, read_index
from intake_app.formio.extract import client_lists

FOLDER = paths.resource("pictograms")
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("svg", "g", "path", "circle", "rect")}
LOOKS = {
    "viewBox": "0 0 48 48",
    "fill": "none",
    "stroke": "#000000",
    "stroke-width": "3",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
}


def drawings() -> list[Path]:
    return sorted(FOLDER.glob("*.svg"), key=lambda path: path.stem)


def index() -> Pictograms:
    return read_index((FOLDER / "index.csv").read_text(encoding="utf-8"))


def form_lists(*, client: bool = False) -> dict[str, dict[str, set[str]]]:
    """Return form id → list → choices, of the forms as their authors wrote them.

    With `client` only the lists that some question for the client uses.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for sheet in sorted(paths.forms_dir().glob("*/choices.csv")):
        lists = found.setdefault(sheet.parent.name, {})
        asked = client_lists(rows_of(sheet.with_name("survey.csv")))
        for row in rows_of(sheet):
            if row["list_name"] in asked or not client:
                lists.setdefault(row["list_name"], set()).add(row["name"])
    return found


def rows_of(sheet: Path) -> Iterator[dict[str, str]]:
    with sheet.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_there_are_enough_drawings_to_choose_from() -> None:
    assert len(drawings()) >= 60


@pytest.mark.parametrize("path", drawings(), ids=lambda path: path.stem)
def test_every_drawing_is_only_shapes_in_one_style(path: Path) -> None:
    root = parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    assert {name: root.get(name) for name in LOOKS} == LOOKS
    for element in root.iter():
        assert element.tag in SHAPES, element.tag
        assert not (element.text or "").strip()
        for name, value in element.attrib.items():
            assert not name.startswith("on"), "no scripts"
            assert "href" not in name, "nothing from outside"
            assert "url(" not in value
            if name in {"fill", "stroke"}:
                assert value in {"none", "#000000"}, "every colour is the colour of the text"
            if element is not root:
                assert name not in {"stroke-width", "style", "class", "transform"}
    assert path.stat().st_size < 2500


@pytest.mark.parametrize("path", drawings(), ids=lambda path: path.stem)
def test_every_drawing_stays_inside_its_grid(path: Path) -> None:
    # Absolute starts are enough to catch a slip of the pen; the looks are checked by eye.
    for data in re.findall(r' d="([^"]+)"', path.read_text(encoding="utf-8")):
        for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", data):
            assert 0 <= float(x) <= 48, data
            assert 0 <= float(y) <= 48, data


def test_every_row_names_a_drawing_that_is_there() -> None:
    names = {path.stem for path in drawings()}
    assert set(index().rows.values()) <= names


def test_every_row_names_a_choice_that_a_form_asks() -> None:
    forms = form_lists()
    for form_id, list_name, choice in index().rows:
        asking = [forms[form_id]] if form_id else list(forms.values())
        assert any(choice in lists.get(list_name, set()) for lists in asking), (list_name, choice)


def test_the_lists_that_are_done_are_done_completely() -> None:
    # half a list with pictures says that the other answers are not meant
    without = {
        ("gezinshereniging", "afgewezen"),  # no drawing says this gently
        ("netwerk_wie", "landgenoten"),  # a people has no picture
        ("netwerk_wie", "nederlanders"),
    }
    rows = index()
    for form_id, lists in form_lists(client=True).items():
        for list_name, choices in lists.items():
            got = {c for c in choices if rows.of_choice(form_id, f"{list_name}/{c}")}
            missing = {(list_name, choice) for choice in choices - got}
            assert not got or missing <= without, (form_id, missing - without)


def test_two_answers_of_one_list_never_look_the_same() -> None:
    rows = index()
    for form_id, lists in form_lists().items():
        for list_name, choices in lists.items():
            names = [rows.of_choice(form_id, f"{list_name}/{choice}") for choice in choices]
            shown = [name for name in names if name]
            assert len(shown) == len(set(shown)), (form_id, list_name)


def test_every_drawing_is_used_somewhere() -> None:
    pointed = {item.pictogram for page in PAGES for item in page.items}
    # what the client's screen shows while it waits and rests
    waiting = {"klok", "pauze"}
    assert {path.stem for path in drawings()} == set(index().rows.values()) | pointed | waiting


def test_the_readme_says_what_every_drawing_means() -> None:
    told = re.findall(
        r"^\| `([a-z0-9-]+)` \| (.+) \|$", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    assert [name for name, _ in told] == [path.stem for path in drawings()]
    assert all(meaning.strip() for _, meaning in told)


def test_a_row_for_one_form_goes_before_a_row_for_all() -> None:
    rows = read_index("form,list,choice,pictogram\n,ja_nee,ja,ja\nklein,ja_nee,ja,later\n")
    assert rows.of_choice("klein", "ja_nee/ja") == "later"
    assert rows.of_choice("groot", "ja_nee/ja") == "ja"
    assert rows.of_choice("groot", "ja_nee/nee") == ""
    assert rows.of_choice("groot", "ja_nee") == ""


@pytest.mark.parametrize(
    "text",
    [
        "list,choice,pictogram\n",
        "form,list,choice,pictogram\n,ja_nee,ja,../icons/check\n",
        "form,list,choice,pictogram\n,ja_nee,,ja\n",
        "form,list,choice,pictogram\n,ja_nee,ja,ja\n,ja_nee,ja,nee\n",
    ],
)
def test_a_wrong_index_is_refused(text: str) -> None:
    with pytest.raises(PictogramProblem):
        read_index(text)
