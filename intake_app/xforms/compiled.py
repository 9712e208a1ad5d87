"""A form prepared for loading: its XML read, its texts looked through, its digests worked out.

    data = compiled.dump(form)              # once, when the form is compiled or brought in
    form = compiled.load(form.xml, data)    # every time; the same form as parse_form gives

The prepared form only saves work: it is bound to the sha256 of the XForm, the version of Python and
the sources that made it, and what is stale, damaged or of another version is put aside and the
XForm read as usual. It holds data, no code: numbers, strings, lists. It is marshalled all the same,
and `marshal` does not stand up to hostile bytes; as with ``.pyc`` files, only take a prepared form
from where the program itself was installed, never from a vault or a file somebody brings.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from functools import cache
from pathlib import Path
from typing import Any

from intake_app.xforms.definition import FormDefinition
from intake_app.xforms.itext import CutItext
from intake_app.xforms.loader import Loader, Prepared, Resolver, no_collection
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.table import Table

_VERSION = 3
_PYTHON = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"
_MAGIC = f"doorgaande-lijn form {_VERSION} {_PYTHON}\n".encode()
_HEAD = len(_MAGIC) + 3 * 32
_SOURCES = (
    "characters.py",
    "compiled.py",
    "hashes.py",
    "itext.py",
    "lists.py",
    "xmltree.py",
    "xpath/nodes.py",
    "xpath/table.py",
)
"""What decides what a prepared form holds."""
_TABLE = 5
"""How many parts a table has, where any other node has seven."""


@cache
def engine_digest() -> bytes:
    """sha256 of the sources a prepared form depends on; zeros where they are not (frozen).

    A frozen program carries the prepared forms that were made with its own modules.
    """
    home = Path(__file__).parent
    digest = hashlib.sha256()
    for name in _SOURCES:
        try:
            body = (home / name).read_bytes()
        except OSError:
            return bytes(32)
        digest.update(f"{name} {len(body)}\n".encode())
        digest.update(body)
    return digest.digest()


def dump(form: FormDefinition) -> bytes:
    """`form` prepared, for `load`. Its external instances are not in it."""
    parts = Loader(form.xml, "form", None, strict=not form.lenient).parts()
    table = parts.table
    body = marshal.dumps(
        (
            form.digests.both(),
            _packed_node(parts.tree),
            None
            if table is None
            else (table.languages, table.default, table.places, table.outputs),
        )
    )
    return b"".join(
        [
            _MAGIC,
            hashlib.sha256(form.xml).digest(),
            engine_digest(),
            hashlib.sha256(body).digest(),
            body,
        ]
    )


def load(
    xml: bytes,
    data: bytes,
    *,
    name: str = "",
    resolver: Resolver | None = None,
    strict: bool = True,
) -> FormDefinition:
    """The form of `xml`, faster with what `dump` gave for it; otherwise as `parse_form`."""
    with no_collection():
        prepared = _read(xml, data)
        return Loader(xml, name or "form", resolver, strict=strict, prepared=prepared).load()


def is_current(xml: bytes, data: bytes) -> bool:
    """Whether `data` is whole, of this version and made from `xml`."""
    start = len(_MAGIC)
    if data[:start] != _MAGIC:
        return False
    made_from, made_by, whole = (data[start + n : start + n + 32] for n in (0, 32, 64))
    engine = engine_digest()
    return (
        made_from == hashlib.sha256(xml).digest()
        and (made_by == engine or not any(engine))
        and whole == hashlib.sha256(data[_HEAD:]).digest()
    )


def _read(xml: bytes, data: bytes) -> Prepared | None:
    if not is_current(xml, data):
        return None
    digests, tree, table = marshal.loads(data[_HEAD:])  # noqa: S302 - see above
    itext = None
    if table is not None:
        languages, default, places, outputs = table
        itext = CutItext(languages, default, xml, places, outputs)
    return Prepared(_node(tree), itext, digests)


def _packed_node(node: Node) -> tuple[Any, ...]:
    if isinstance(node, Table):
        columns = {name: tuple(texts) for name, texts in node.columns.items()}
        return node.name, node.prefix, node.namespace, node.item, columns
    return (
        node.kind,
        node.name,
        node.text,
        node.prefix,
        node.namespace,
        node.kept(),
        tuple(_packed_node(child) for child in node.children),
    )


def _node(packed: tuple[Any, ...]) -> Node:
    if len(packed) == _TABLE:
        name, prefix, namespace, item, columns = packed
        return Table(Node("element", name, "", prefix, namespace), item, columns)
    kind, name, text, prefix, namespace, attributes, children = packed
    node = Node(kind, name, text, prefix, namespace)
    if attributes:
        node.keep_written(attributes)
    if children:
        below = [_node(child) for child in children]
        for child in below:
            child.parent = node
        node.children = below
    return node
