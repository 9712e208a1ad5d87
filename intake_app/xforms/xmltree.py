"""XML to `Node` trees with expat. Documents with a DTD are refused, so entities cannot occur."""

from __future__ import annotations

from xml.parsers import expat

from intake_app.xforms.errors import FormError
from intake_app.xforms.xpath.nodes import Kept, Node, Written

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 200

_SEPARATOR = "\x1f"


def parse_xml(data: bytes, *, place: str = "XML", keep_text: bool = False) -> Node:
    """The document node of `data`.

    A leaf has its text in `text`. Blank text between elements is dropped, except beside ``output``
    elements where it is part of the sentence. With `keep_text` every text, CDATA section, comment
    and processing instruction becomes a node, and namespace declarations are kept. Raises FormError
    when `data` is not well-formed, has a DTD, is too large or too deep.
    """
    if len(data) > MAX_BYTES:
        raise FormError(place, f"larger than {MAX_BYTES} bytes")
    builder = _Builder(place, keep_text=keep_text)
    try:
        return builder.parse(data)
    except expat.ExpatError as error:
        raise FormError(
            place, f"not well-formed XML: line {error.lineno}, {expat.ErrorString(error.code)}"
        ) from error
    except (LookupError, ValueError) as error:
        raise FormError(place, "an encoding that is not known; use UTF-8") from error


class _Builder:
    """Makes nodes of what the parser tells; `_open` are the elements not yet closed."""

    def __init__(self, place: str, *, keep_text: bool) -> None:
        self._place = place
        self._keep_text = keep_text
        self._root = Node("root")
        self._open: list[Node] = [self._root]
        self._text: list[str] = []
        # Elements that have text between their elements, and those of which it is a sentence.
        self._texts: set[Node] = set()
        self._mixed: set[Node] = set()
        self._declared: list[tuple[str, str]] = []
        self._names: dict[str, tuple[str, str, str]] = {}
        self._plain: set[str] = set()

    def parse(self, data: bytes) -> Node:
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._doctype
        if self._keep_text:
            parser.CommentHandler = self._comment
            parser.ProcessingInstructionHandler = self._instruction
            parser.StartCdataSectionHandler = self._flush
            parser.EndCdataSectionHandler = self._flush
            parser.StartNamespaceDeclHandler = self._namespace
        parser.Parse(data, True)  # noqa: FBT003 - positional in expat
        return self._root

    def _doctype(self, *_: object) -> None:
        raise FormError(self._place, "a document type definition (DTD) is not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._text:
            self._flush()
        stack = self._open
        if len(stack) > MAX_DEPTH:
            raise FormError(self._place, f"nested deeper than {MAX_DEPTH} elements")
        names = self._names
        found = names.get(name)
        if found is None:
            found = names[name] = _split(name)
        namespace, local, prefix = found
        node = Node("element", local, "", prefix, namespace)
        if attributes:
            plain = self._plain.issuperset(attributes)
            node.keep_written(attributes if plain else self._attributes(attributes))
        if self._declared:
            for declared, uri in self._declared:
                node.add_attribute(Node("namespace", declared, text=uri))
            self._declared.clear()
        parent = stack[-1]
        node.parent = parent
        if parent.children:
            parent.children.append(node)
        else:
            parent.children = [node]
        if local == "output":
            self._mixed.add(parent)
        stack.append(node)

    def _attributes(self, attributes: dict[str, str]) -> Kept:
        """Attributes with names not seen before, or with prefixes."""
        self._plain.update(name for name in attributes if _SEPARATOR not in name)
        if self._plain.issuperset(attributes):
            return attributes
        written: list[Written] = []
        for name, value in attributes.items():
            namespace, local, prefix = _split(name)
            written.append((local, value, prefix, namespace))
        return written

    def _end(self, _name: str) -> None:
        node = self._open[-1]
        if self._text:
            if self._keep_text or node.children:
                self._flush()
            else:
                node.text = "".join(self._text)
                self._text.clear()
        self._open.pop()
        if self._keep_text or node not in self._texts or node in self._mixed:
            return
        if all(not c.text.strip() for c in node.children if c.kind == "text"):
            node.children = [c for c in node.children if c.kind != "text"]

    def _flush(self) -> None:
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        parent = self._open[-1]
        if parent is not self._root:
            parent.append(Node("text", text=text))
            self._texts.add(parent)

    def _namespace(self, prefix: str | None, uri: str) -> None:
        self._declared.append((prefix or "", uri or ""))

    def _comment(self, data: str) -> None:
        self._flush()
        self._open[-1].append(Node("comment", text=data))

    def _instruction(self, target: str, data: str) -> None:
        self._flush()
        self._open[-1].append(Node("processing-instruction", target, text=data))


def _split(name: str) -> tuple[str, str, str]:
    parts = name.split(_SEPARATOR)
    if len(parts) == 1:
        return "", parts[0], ""
    if len(parts) == 2:
        return parts[0], parts[1], ""
    return parts[0], parts[1], parts[2]
