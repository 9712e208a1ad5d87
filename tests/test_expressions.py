"""Regular expressions mean the same under every Python that the program runs under."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from intake_app.xforms.itext import cut
from intake_app.xforms.lists import cut_lists

PACKAGE = Path(__file__).resolve().parent.parent / "intake_app"

# Before Python 3.11.5 a group that is not gone back into may match what it should not, or not what
# it should (python/cpython#106052). Debian 12 has 3.11.2. One character of it is no trouble.
FIXED_GROUP = re.compile(r"\)(?:[*+?]|\{[\d,]*\})\+|\(\?>")


def texts_in(path: Path) -> set[str]:
    """Return every text in a module; what is filled in within one counts as one letter."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value
            found.add(value if isinstance(value, str) else value.decode("latin-1"))
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            found.add("".join(map(str, parts)))
    return found


@pytest.mark.parametrize("text", [r"(?:a|b)*+", r"(a)++", r"(?:a)?+", r"(?:a){2,}+", r"(?>a|ab)c"])
def test_such_a_group_is_recognised(text: str):
    assert FIXED_GROUP.search(text)


@pytest.mark.parametrize("text", [r"[^<]*+", r"\s*+", r"(?:a)+\+", r"(a)*"])
def test_other_patterns_are_left_alone(text: str):
    assert not FIXED_GROUP.search(text)


def test_no_expression_has_a_group_that_older_pythons_read_otherwise():
    found = [
        (str(path.relative_to(PACKAGE)), text)
        for path in sorted(PACKAGE.rglob("*.py"))
        if "_data" not in path.parts
        for text in texts_in(path)
        if FIXED_GROUP.search(text)
    ]
    assert not found


def test_what_pyxform_writes_is_cut_out_under_this_python():
    item = b"<item><name>a</name><label>A</label></item>"
    lists = b'<m><instance id="x"><root>\n' + item + b"\n " + item + b"</root></instance></m>"
    assert cut_lists(lists) == (
        b'<m><instance id="x"><root></root></instance></m>',
        {"x": f"\n{item.decode()}\n {item.decode()}"},
    )
    text = b'<text id="/d/a:label"><value>A</value><value form="image">jr://a</value></text>'
    form = b'<h><itext><translation lang="ar">' + text * 2 + b"</translation></itext></h>"
    found = cut(form)
    assert found is not None
    assert found.rest == b"<h><itext></itext></h>"
    assert [name for name, _ in found.translations or ()] == [b' lang="ar"']
