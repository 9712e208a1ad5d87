"""The bundled fonts: what the README says of them is true, and nothing we show lacks a glyph."""

from __future__ import annotations

import ast
import re
import struct
import unicodedata
from pathlib import Path

import pytest

import intake_app
from intake_app import paths
from intake_app.documents.printable import covered_characters
from intake_app.i18n.languages import LANGUAGES

FONTS = paths.resource("fonts")
README = (FONTS / "README.md").read_text("utf-8")
FILES = sorted(FONTS.glob("*.ttf"))
ROOT = Path(intake_app.__file__).resolve().parent.parent


def revision(path: Path) -> str:
    """Return the version in the `head` table, as three decimals (OpenType 1.9, head)."""
    raw = path.read_bytes()
    (count,) = struct.unpack_from(">H", raw, 4)
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", raw, 12 + 16 * number)
        if tag == b"head":
            (fixed,) = struct.unpack_from(">i", raw, offset + 4)
            return f"{fixed / 65536:.3f}"
    raise AssertionError(f"{path.name} has no head table")


def versions_said() -> dict[str, str]:
    """Return the version of each file as the table of the README has it."""
    said: dict[str, str] = {}
    for line in README.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 4 or ".ttf" not in cells[1]:
            continue
        names: list[str] = []
        for name in re.findall(r"`([^`]+)`", cells[1]):
            braces = re.search(r"\{([^}]+)\}", name)
            parts = braces.group(1).split(",") if braces else [""]
            names += [re.sub(r"\{[^}]+\}", part, name) for part in parts]
        given = [part.strip() for part in cells[2].split(",")]
        said |= dict(zip(names, given * len(names) if len(given) == 1 else given, strict=False))
    return said


def test_the_readme_says_of_every_file_which_version_it_is():
    assert {path.name: revision(path) for path in FILES} == versions_said()


def test_the_readme_says_how_the_files_are_made_and_the_script_makes_each_of_them():
    assert "packaging/subset-fonts.sh" in README
    assert "pyftsubset" in README
    script = (ROOT / "packaging" / "subset-fonts.sh").read_text("utf-8")
    for path in FILES:
        family, weight = path.stem.split("-")
        assert re.search(rf"subset \"?{family}-(\$weight|{weight})", script), path.name


def test_the_licence_is_there_and_named():
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL Open Font License, Version 1.1" in licence
    assert "SIL Open Font License 1.1" in README
    assert sorted(p.name for p in FONTS.iterdir() if p.suffix != ".ttf") == ["OFL.txt", "README.md"]


@pytest.fixture(scope="module")
def covered() -> frozenset[int]:
    return covered_characters(FONTS)


def bare(text: str, covered: frozenset[int]) -> set[str]:
    """Return the characters of a text that would show as a box."""
    return {
        char
        for char in text
        if ord(char) not in covered and unicodedata.category(char) not in {"Cc", "Cs"}
    }


def literals(path: Path) -> str:
    """Return every text a module can show: its string literals without the docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return "".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    )


def test_every_sign_in_the_code_of_the_windows_has_a_glyph(covered: frozenset[int]):
    """Words are in the catalogues, with a test of their own; ranges of letters are no text."""
    found = {
        (path.name, char)
        for path in sorted((ROOT / "intake_app" / "ui").rglob("*.py"))
        for char in bare(literals(path), covered)
        if unicodedata.category(char)[0] in "SPN"
    }
    assert found == set()


def test_every_character_of_the_forms_has_a_glyph(covered: frozenset[int]):
    files = [*sorted((ROOT / "forms").glob("*/*.csv")), *paths.resource().glob("*/*.csv")]
    assert len(files) > 20
    assert {
        (p.parent.name, p.name, c) for p in files for c in bare(p.read_text("utf-8"), covered)
    } == set()


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_can_write_its_own_alphabet_and_name(code: str, covered: frozenset[int]):
    from babel import Locale

    known = LANGUAGES[code]
    assert bare(known.own_name, covered) == set()
    locale = Locale.parse({"prs": "fa_AF"}.get(code, code).replace("-", "_"))
    names = [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
    assert bare("".join(names), covered) == set()


def test_the_test_would_notice_a_character_without_a_glyph(covered: frozenset[int]):
    assert bare("你🙂", covered) == {"你", "🙂"}
