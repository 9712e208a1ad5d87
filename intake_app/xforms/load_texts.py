"""Reading texts: labels with outputs, itext, and the references to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from intake_app.xforms.definition import Itext, NodeDefinition, Output, Template, TextDefinition
from intake_app.xforms.errors import FormError
from intake_app.xforms.model import TextKind, TextRef
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.nodes import Node

_PLAIN_PATH = re.compile(r"\s*(?:current\(\)/)?[\w./:\-]+\s*")
_ITEXT = re.compile(r"""\s*jr:itext\(\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*""")
_CODE = re.compile(r"\(([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\)\s*$")

CompileOutput = Callable[[str, NodeDefinition, str], tuple[Compiled, NodeDefinition | None]]


def language_code(name: str) -> str:
    """The language tag in a translation's name: ``Arabic (ar)`` → ``ar``, ``ar`` → ``ar``."""
    match = _CODE.search(name)
    return match[1] if match else name


@dataclass(slots=True)
class RawItext:
    """itext before outputs are compiled: id → language → form → element."""

    languages: tuple[str, ...]
    default: str
    values: Mapping[str, Mapping[str, Mapping[str, Node]]]


def read_itext(model: Node) -> RawItext:
    """All translations of the model. Raises FormError for a translation without language."""
    languages: list[str] = []
    default = ""
    values: dict[str, dict[str, dict[str, Node]]] = {}
    for itext in model.named("itext"):
        for translation in itext.named("translation"):
            lang = translation.get("lang")
            if not lang:
                raise FormError("itext", "a translation has no lang")
            if lang in languages:
                raise FormError(f"itext {lang}", "this language occurs twice")
            languages.append(lang)
            flag = [a for a in translation.attributes if a.name == "default"]
            if flag and flag[0].text.strip() not in ("false()", "false"):
                default = default or lang
            for text in translation.named("text"):
                forms = values.setdefault(text.get("id"), {}).setdefault(lang, {})
                for value in text.named("value"):
                    forms[value.get("form")] = value
    return RawItext(tuple(languages), default or (languages[0] if languages else ""), values)


class TextReader:
    """Turns label, hint and message elements into `TextDefinition`s."""

    def __init__(self, raw: RawItext, compile_output: CompileOutput) -> None:
        self._raw = raw
        self._compile = compile_output

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
        """The text of a message attribute of a bind."""
        match = _ITEXT.fullmatch(value)
        if match:
            return self.itext(match[1] or match[2] or "", kind, name, place)
        return TextDefinition(TextRef(kind, name), Template(value.strip())) if value else None

    def itext(
        self, text_id: str, kind: TextKind, name: str, place: NodeDefinition, form: str = ""
    ) -> TextDefinition | None:
        """The text with this id in all languages of the form; None when it has no such form."""
        values = self._raw.values.get(text_id)
        if values is None:
            raise FormError(f"{kind} of {name}", f"there is no itext {text_id!r}")
        where = f"itext {text_id}"
        translations: dict[str, Template] = {}
        media: dict[str, str] = {}
        for lang, forms in values.items():
            chosen = [forms[f] for f in self._order(form) if f in forms]
            if chosen:
                translations[lang] = self._template(chosen[0], place, where)
            if lang == self._raw.default:
                for media_form in ("image", "big-image", "audio", "video"):
                    if media_form in forms and _file(forms[media_form].text):
                        media[media_form] = _file(forms[media_form].text)
        if not translations and not media:
            return None
        source = translations.get(self._raw.default)
        if source is None:
            source = next(iter(translations.values())) if translations else Template("")
        real = {language_code(lang): t for lang, t in translations.items() if lang != "default"}
        return TextDefinition(TextRef(kind, name), source, real, media)

    def has_form(self, text_id: str, form: str) -> bool:
        """Whether the text with this id has this form in some language."""
        return any(form in forms for forms in self._raw.values.get(text_id, {}).values())

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
        texts: dict[str, dict[str, dict[str, Template]]] = {}
        for text_id, languages in self._raw.values.items():
            for lang, forms in languages.items():
                for form, node in forms.items():
                    if node.children:
                        continue
                    texts.setdefault(text_id, {}).setdefault(lang, {})[form] = Template(
                        node.text.strip()
                    )
        return Itext(self._raw.languages, self._raw.default, texts)


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
