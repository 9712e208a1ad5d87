"""Strings: what ODK adds to or changes in the XPath core."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable

from intake_app.xforms.xpath.ast import Call
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.functions.base import Compile, Function, Functions, of_text, of_texts
from intake_app.xforms.xpath.functions.patterns import safe_pattern
from intake_app.xforms.xpath.nodes import Node, texts_of_nodes
from intake_app.xforms.xpath.scope import Frame, Scope


def substr(text: str, start: float, end: float | None) -> str:
    """ODK substr(): positions from 0, negative ones from the end, `end` not included."""
    if start != start or (end is not None and end != end):
        return ""
    size = len(text)
    start = max(min(start, size), -size)
    end = None if end is None else max(min(end, size), -size)
    first = max(size + int(start), 0) if start < 0 else min(int(start), size)
    last = size
    if end is not None:
        last = max(size + int(end), 0) if end < 0 else min(int(end), size)
    return text[first:last]


def _substr(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    text = compile_(call.arguments[0], scope).string()
    start = compile_(call.arguments[1], scope).number()
    if len(call.arguments) == 2:
        return Compiled("string", lambda n, f: substr(text(n, f), start(n, f), None))
    end = compile_(call.arguments[2], scope).number()
    return Compiled("string", lambda n, f: substr(text(n, f), start(n, f), end(n, f)))


def texts_of(parts: list[Compiled]) -> Callable[[Node, Frame], list[str]]:
    """The string of every argument, of a node-set that of every node."""
    runs = [(p.run, p.string(), p.kind == "nodes") for p in parts]

    def run(node: Node, frame: Frame) -> list[str]:
        texts: list[str] = []
        for nodes, text, is_set in runs:
            if is_set:
                texts += texts_of_nodes(nodes(node, frame))
            else:
                texts.append(text(node, frame))
        return texts

    return run


def _join(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    separator = compile_(call.arguments[0], scope).string()
    texts = texts_of([compile_(a, scope) for a in call.arguments[1:]])
    return Compiled("string", lambda n, f: separator(n, f).join(texts(n, f)))


def _regex(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    text = compile_(call.arguments[0], scope).string()
    pattern = compile_(call.arguments[1], scope)
    if isinstance(pattern.constant, str):
        safe = safe_pattern(pattern.constant)
        return Compiled("boolean", lambda n, f: safe.matches(text(n, f)))
    pattern_text = pattern.string()

    def run_dynamic(node: Node, frame: Frame) -> bool:
        try:
            return safe_pattern(pattern_text(node, frame)).matches(text(node, frame))
        except XPathError:
            return False

    return Compiled("boolean", run_dynamic)


_DIGESTS = {
    "md5": "md5",
    "sha-1": "sha1",
    "sha-256": "sha256",
    "sha-384": "sha384",
    "sha-512": "sha512",
}


def digest(text: str, algorithm: str, encoding: str) -> str:
    """ODK digest(); "" for an algorithm or encoding that does not exist."""
    name = _DIGESTS.get(algorithm.lower())
    if name is None:
        return ""
    raw = hashlib.new(name, text.encode(), usedforsecurity=False).digest()
    if encoding == "hex":
        return raw.hex()
    return base64.b64encode(raw).decode() if encoding == "base64" else ""


def _digest(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    parts = [compile_(a, scope) for a in call.arguments]
    algorithm = parts[1].constant
    if isinstance(algorithm, str) and algorithm.lower() not in _DIGESTS:
        raise XPathError(f"digest() knows no algorithm {algorithm!r}")
    encoding = parts[2].constant if len(parts) == 3 else "base64"
    if isinstance(encoding, str) and encoding not in ("hex", "base64"):
        raise XPathError(f"digest() knows no encoding {encoding!r}")
    texts = [p.string() for p in parts]
    if len(texts) == 2:
        return Compiled("string", lambda n, f: digest(texts[0](n, f), texts[1](n, f), "base64"))
    return Compiled("string", lambda n, f: digest(*[text(n, f) for text in texts]))


def base64_decode(text: str) -> str:
    """ODK base64-decode(); "" when it is not base64 of UTF-8 text."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def boolean_from_string(text: str) -> bool:
    """ODK boolean-from-string(), without regard to case as in JavaRosa."""
    return text == "1" or text.lower() == "true"


FUNCTIONS: Functions = {
    "base64-decode": of_text("string", base64_decode),
    "boolean-from-string": of_text("boolean", boolean_from_string),
    "digest": Function(2, 3, _digest),
    "ends-with": of_texts("boolean", 2, lambda a, b: a.endswith(b)),
    "join": Function(1, None, _join),
    "regex": Function(2, 2, _regex),
    "substr": Function(2, 3, _substr),
}
