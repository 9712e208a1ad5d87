"""The program's own Dutch texts for translators: Babel extractors for all that is no form.

`extract_words` reads our Python sources, `extract_template` the typst templates of documents and
`extract_reasons` the sharing table.

In Python, what Babel's own extractor finds (`tr.gettext`, `tr.ngettext`, `tr.pgettext`, `N_`,
`Sentence`, and the Dutch names of `Language`) is for the domain `ui`; `D_` is for the domain
`documents`. What errors tell a person is for `ui` too: the text given to an error where it is
raised, and the `sentence` of a class. For `ui` a section of `babel.cfg` can say three things more:

- `errors = no`: errors of these files are only for who works with a terminal or on the program.

- `tables = NAME …`: every text in the named constants of a module, because such a table is
  translated where it is used. Keys of a dict are codes and are left alone.
- `client = NAME …` or `client = *`: texts assigned to these names, or all of the file, are read or
  heard by the client; they carry `CLIENT_COMMENT`.
"""

from __future__ import annotations

import ast
import builtins
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import IO, Any

from intake_app.i18n.catalogues import REASON_CONTEXT

KEYWORDS: Mapping[str, Any] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "N_": None,
    "Sentence": None,
    "Language": (6,),
}
"""What Babel calls keywords: function → which of its arguments are texts."""

DOCUMENT_KEYWORDS: Mapping[str, Any] = {"D_": None}
"""The same for what the client reads on paper."""

RESOURCE_KEYWORDS: Mapping[str, Any] = {"gettext": None, "pgettext": ((1, "c"), 2)}
"""The same for templates and tables, whose extractors name these functions themselves."""

CLIENT_COMMENT = "De cliënt leest of hoort dit."
STAFF_COMMENT = "Alleen voor de casemanager; staat nooit op het scherm van de cliënt."

_TYPST_TEXT = re.compile(r'(?<![\w-])t\("((?:[^"\\]|\\.)*)"\)')
_ESCAPED = {"n": "\n", "t": "\t"}
_TYPST_ESCAPE = re.compile(r"\\(.)")

Found = tuple[int, str | None, Any, list[str]]


class UnknownName(ValueError):
    """`babel.cfg` names a constant that its file does not have; str() says which."""


def extract_words(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: list[str],
    options: Mapping[str, str],
) -> Iterator[Found]:
    """Yield (line, function, texts, comments) for one Python file, as Babel wants it.

    Raises UnknownName when a name in `tables` or `client` is assigned nowhere in the file, so that
    a renamed constant does not lose its translations in silence.
    """
    from babel.messages.extract import extract_python

    body = fileobj.read()
    tree = ast.parse(body)
    assigned = _assigned(tree)
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
    wanted: Any = keywords
    found: Iterable[Any] = extract_python(io.BytesIO(body), wanted, comment_tags, options_of_babel)
    for line, function, texts, told in found:
        yield line, function, texts, [*told, *comments(line)]
    if set(keywords) == set(DOCUMENT_KEYWORDS):
        return
    for name in tables:
        for node in assigned[name]:
            for line, text in _texts(node, codes=False):
                yield line, None, text, comments(line)
    if options.get("errors") != "no":
        for line, text in _told(tree):
            yield line, None, text, comments(line)


def template_texts(body: str) -> tuple[str, ...]:
    """Return the Dutch texts a typst template asks for as `t("…")`, each once, in order."""
    return tuple(dict.fromkeys(text for _, text in _template_texts(body)))


def _template_texts(body: str) -> Iterator[tuple[int, str]]:
    for found in _TYPST_TEXT.finditer(body):
        line = body.count("\n", 0, found.start()) + 1
        text = _TYPST_ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[1]), found[1])
        if text.strip():
            yield line, text


def extract_template(
    fileobj: IO[bytes],
    keywords: Collection[str],  # noqa: ARG001 - part of Babel's extractor interface
    comment_tags: list[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield (line, function, text, comments) for one typst template."""
    for line, text in _template_texts(fileobj.read().decode("utf-8")):
        yield line, "gettext", text, []


def extract_reasons(
    fileobj: IO[bytes],
    keywords: Collection[str],  # noqa: ARG001
    comment_tags: list[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield (line, function, (context, text), comments) for the reasons of the sharing table.

    They tell a colleague why a receiver may have something; the client reads sentences of its own.
    """
    reader = csv.DictReader(io.StringIO(fileobj.read().decode("utf-8-sig"), newline=""))
    for row in reader:
        reason = (row.get("reason") or "").strip()
        if reason:
            yield reader.line_num, "pgettext", (REASON_CONTEXT, reason), [STAFF_COMMENT]


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


def _told(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what errors tell: the text where one is raised, and the `sentence` of a class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if not hasattr(builtins, ast.unparse(node.exc.func)):
                for given in node.exc.args[:1]:
                    yield from filter(_is_a_sentence, _texts(given, codes=True))
        elif isinstance(node, ast.ClassDef):
            for name, values in _assigned(ast.Module(node.body, [])).items():
                if name == "sentence":
                    for value in values:
                        yield from _texts(value, codes=False)


def _is_a_sentence(found: tuple[int, str]) -> bool:
    """Tell a sentence for a person from the English word or two of a mistake in the program."""
    return " " in found[1] and not found[1][0].islower()


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
