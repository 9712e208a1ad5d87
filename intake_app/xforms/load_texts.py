"""Reading texts: labels with outputs, itext, and the references to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from intake_app.xforms.definition import (
    Itext,
    Made,
    NodeDefinition,
    Output,
    Template,
    TextDefinition,
)
from intake_app.xforms.errors import FormError
from intake_app.xforms.itext import ItextTable, Translations
from intake_app.xforms.model import TextKind, TextRef
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.nodes import Node

_PLAIN_PATH = re.compile(r"\s*(?:current\(\)/)?[\w./:\-]+\s*")
_ITEXT = re.compile(r"""\s*jr:itext\(\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*""")
_CODE = re.compile(r"\(([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\)\s*$")

_EMPTY = Template("")
_MEDIA = ("image", "big-image", "audio", "video")

CompileOutput = Callable[[str, NodeDefinition, str], tuple[Compiled, NodeDefinition | None]]


def language_code(name: str) -> str:
    """The language tag in a translation's name: ``Arabic (ar)`` → ``ar``, ``ar`` → ``ar``."""
    match = _CODE.search(name)
    return match[1] if match else name


class TextReader:
    """Turns label, hint and message elements into `TextDefinition`s."""

    def __init__(self, table: ItextTable, compile_output: CompileOutput) -> None:
        self._table = table
        self._compile = compile_output
        # The languages of the form by their code; pyxform's unnamed one is not a language.
        self._names = {language_code(n): n for n in table.languages if n != "default"}

    def element(
        self, node: Node, kind: TextKind, name: str, place: NodeDefinition
    ) -> TextDefinition | None:
        """The text of a label or hint element; None when it is empty."""
        reference = node.get("ref")
        if reference:
            match = _ITEXT.fullmatch(reference)
            if match:
                return self.itext(match[1] or match[2] or "", kind, name, place)
            output = Output("output", *self._compile(reference, place, f"{kind} of {name}"))
            return TextDefinition(TextRef(kind, name), Template("${output}", (output,)))
        template = self._template(node, place, f"{kind} of {name}")
        if not template.text:
            return None
        return TextDefinition(TextRef(kind, name), template)

    def attribute(
        self, value: str, kind: TextKind, name: str, place: NodeDefinition
    ) -> TextDefinition | None:
        """The text of a message attribute of a bind; None when it has none."""
        if not value:
            return None
        match = _ITEXT.fullmatch(value)
        if match:
            return self.itext(match[1] or match[2] or "", kind, name, place)
        return TextDefinition(TextRef(kind, name), Template(value.strip()))

    def itext(
        self, text_id: str, kind: TextKind, name: str, place: NodeDefinition, form: str = ""
    ) -> TextDefinition | None:
        """The text with this id in all languages of the form; None when it has no such form."""
        if not form and self._table.plain(text_id):
            later = partial(self._made_later, text_id, place)
            return TextDefinition(TextRef(kind, name), _EMPTY, later=later)
        if not self._table.known(text_id):
            raise FormError(f"{kind} of {name}", f"there is no itext {text_id!r}")
        made = self._made(text_id, place, form)
        return None if made is None else TextDefinition(TextRef(kind, name), *made)

    def all_plain(self, text_ids: list[str]) -> bool:
        """Whether all these texts are there, in the default language, and none holds an output."""
        return self._table.all_plain(text_ids)

    def _made_later(self, text_id: str, place: NodeDefinition) -> Made:
        return self._made(text_id, place, "") or (_EMPTY, {}, {})

    def _made(self, text_id: str, place: NodeDefinition, form: str) -> Made | None:
        table = self._table
        where = f"itext {text_id}"
        order = self._order(form)

        def in_language(lang: str) -> Template | None:
            forms = table.forms(lang, text_id)
            for wanted in order:
                if wanted in forms:
                    return self._template(forms[wanted], place, where)
            return None

        # Outputs are read by the graph, so texts with outputs cannot wait.
        ready: dict[str, Template] = {}
        for lang in table.with_outputs(text_id):
            template = in_language(lang)
            if template is not None:
                ready[lang] = template
        default = ready.get(table.default) or in_language(table.default)
        forms = table.forms(table.default, text_id)
        media = {n: _file(forms[n].text) for n in _MEDIA if n in forms and _file(forms[n].text)}
        source = default
        if source is None:
            others = (ready.get(lang) or in_language(lang) for lang in table.languages)
            source = next((t for t in others if t is not None), None)
        if source is None and not media:
            return None
        known = {language_code(lang): t for lang, t in ready.items() if lang != "default"}
        if default is not None and table.default != "default":
            known[language_code(table.default)] = default
        names = self._names
        return source or _EMPTY, Translations(lambda: names, in_language, known), media

    def has_form(self, text_id: str, form: str) -> bool:
        """Whether the text with this id has this form in some language."""
        return any(form in self._table.forms(lang, text_id) for lang in self._table.languages)

    @staticmethod
    def reference(node: Node) -> str | None:
        """The itext id a label or hint element points to, None when it has its own text."""
        match = _ITEXT.fullmatch(node.get("ref"))
        return (match[1] or match[2] or "") if match else None

    @staticmethod
    def _order(form: str) -> tuple[str, ...]:
        return (form,) if form else ("", "long", "short")

    def _template(self, node: Node, place: NodeDefinition, where: str) -> Template:
        if not node.children:
            return Template(node.text.strip())
        parts: list[str] = []
        outputs: list[Output] = []
        by_source: dict[str, str] = {}
        for child in node.children:
            if child.kind == "text":
                parts.append(child.text)
                continue
            if child.name != "output":
                raise FormError(where, f"a text cannot hold an element {child.name}")
            source = child.get("value") or child.get("ref")
            placeholder = by_source.get(source)
            if placeholder is None:
                taken = set(by_source.values())
                placeholder = _placeholder(source, taken)
                by_source[source] = placeholder
                compiled, question = self._compile(source, place, where)
                outputs.append(Output(placeholder, compiled, question))
            parts.append(f"${{{placeholder}}}")
        return Template("".join(parts).strip(), tuple(outputs))

    def whole(self) -> Itext:
        """Every itext without outputs, for jr:itext() in expressions."""
        return Itext(self._table.languages, self._table.default, self._table)


def _placeholder(source: str, taken: set[str]) -> str:
    name = "output"
    if _PLAIN_PATH.fullmatch(source):
        last = source.strip().rpartition("/")[2].rpartition(":")[2]
        if last not in ("", ".", ".."):
            name = last
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _file(uri: str) -> str:
    return uri.strip().rpartition("/")[2]
