"""The program's own Dutch texts for translators: a Babel extractor for our Python sources.

It finds what Babel's own extractor finds (`tr.gettext`, `tr.ngettext`, `tr.pgettext`, `N_`, and the
Dutch names of `Language`), and it adds two things a section of `babel.cfg` can ask for:

- `tables = NAME …`: every text in the named constants of a module, because such a table is
  translated where it is used. Keys of a dict are codes and are left alone.
- `client = NAME …` or `client = *`: texts assigned to these names, or all of the file, are read or
  heard by the client; they carry `CLIENT_COMMENT`.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

KEYWORDS: Mapping[str, Any] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "N_": None,
    "Language": (6,),
}
"""What Babel calls keywords: function → which of its arguments are texts."""

CLIENT_COMMENT = "De cliënt leest of hoort dit."
STAFF_COMMENT = "Alleen voor de casemanager; staat nooit op het scherm van de cliënt."

Found = tuple[int, str | None, Any, list[str]]


class UnknownName(ValueError):
    """`babel.cfg` names a constant that its file does not have; str() says which."""


def extract_words(
    fileobj: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: list[str],
    options: Mapping[str, str],
) -> Iterator[Found]:
    """Yield (line, function, texts, comments) for one Python file, as Babel wants it.

    Raises UnknownName when a name in `tables` or `client` is assigned nowhere in the file, so that
    a renamed constant does not lose its translations in silence.
    """
    from babel.messages.extract import extract_python

    body = fileobj.read()
    assigned = _assigned(ast.parse(body))
    tables = options.get("tables", "").split()
    client = options.get("client", "").split()
    for name in (*tables, *client):
        if name != "*" and name not in assigned:
            place = getattr(fileobj, "name", "?")
            raise UnknownName(f"babel.cfg: {place} has no {name}")
    lines = [
        range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for name in client
        for node in assigned.get(name, ())
    ]

    def comments(line: int) -> list[str]:
        heard = client == ["*"] or any(line in span for span in lines)
        return [CLIENT_COMMENT] if heard else []

    options_of_babel: Any = {"encoding": "utf-8"}
    found: Iterable[Any] = extract_python(
        io.BytesIO(body), keywords, comment_tags, options_of_babel
    )
    for line, function, texts, told in found:
        yield line, function, texts, [*told, *comments(line)]
    for name in tables:
        for node in assigned[name]:
            for line, text in _texts(node, codes=False):
                yield line, None, text, comments(line)


def _assigned(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Return name → what is assigned to it, anywhere in the module."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found.setdefault(node.target.id, []).append(node.value)
    return found


def _texts(node: ast.expr, *, codes: bool) -> Iterator[tuple[int, str]]:
    """Yield the texts in a table; where codes stand among them, what looks like one is left out."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value, codes=codes)
    elif isinstance(node, ast.Tuple | ast.List):
        for value in node.elts:
            yield from _texts(value, codes=True)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        looks_like_text = any(char.isspace() or char.isupper() for char in node.value)
        if looks_like_text or not codes:
            yield node.lineno, node.value
