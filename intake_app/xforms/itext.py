"""The texts a form carries in its own languages, read only when somebody asks for one.

Most of a form in many languages is itext, and one filling shows one or two of its languages. What
pyxform writes is therefore cut out of the XForm before the rest is parsed, checked for being
well-formed, and left as it is; a language is indexed when its first text is asked for. Any other
way of writing itext is read as usual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from intake_app.xforms.definition import Template
from intake_app.xforms.errors import FormError
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node

Forms = Mapping[str, Node]
"""The elements of one text by form; "" is the text itself."""

_NOTHING: Forms = {}

# -- cutting ---------------------------------------------------------------------------------------

_TAGS = (b'<text id="', b"<value", b"<translation ", b"<output ")
_END = b"</translation>"
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_TRANSLATION = re.compile(
    rb"""\s*<translation((?:\s+[\w:.\-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?:/>|>)"""
)
_ATTRIBUTE = re.compile(rb"""([\w:.\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TEXT = re.compile(rb"""\s*<text\s+id\s*=\s*"([^"]*)"\s*>(.*?)</text\s*>""", re.DOTALL)
_VALUE = re.compile(
    rb"""\s*<value(?:\s+form\s*=\s*"([^"]*)")?\s*(?:/>|>(.*?)</value\s*>)""", re.DOTALL
)
_OUTPUT = re.compile(rb"""<output\s+value\s*=\s*"([^"<&]*)"\s*(?:/>|></output\s*>)""")
_REFERENCED = rb"&(?:amp|lt|gt|quot|apos);"
_CHARACTERS = rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_QUOTED = rb'="[^"<&\x00-\x1f]*+"'
_WITHIN = rb'<output value="(?:[^"<&\x00-\x1f]|' + _REFERENCED + rb')*+"/>'
_PLAIN = re.compile(
    rb"\s*+<translation((?: default%(quoted)s)?+ lang%(quoted)s(?: default%(quoted)s)?+)>"
    rb"((?:\s*+<text id%(quoted)s>(?:\s*+<value(?: form%(quoted)s)?+>"
    rb"%(characters)s(?:(?:%(referenced)s|%(within)s)%(characters)s)*+"
    rb"</value>)++\s*+</text>)++\s*+)</translation>"
    % {
        b"quoted": _QUOTED,
        b"characters": _CHARACTERS,
        b"referenced": _REFERENCED,
        b"within": _WITHIN,
    }
)
"""A translation the way pyxform writes it, of characters that XML allows if they are UTF-8."""
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class Cut:
    """A form without the inside of its itext, and that inside."""

    rest: bytes
    inside: bytes
    translations: tuple[tuple[bytes, bytes], ...] | None = None
    """The attributes and the inside of each, where they have been told apart already."""


def cut(xml: bytes) -> Cut | None:
    """The itext of a form taken out, None when it must be read with the rest.

    What is taken out is well-formed and holds the elements of an itext only.
    """
    start, end = xml.find(b"<itext>") + len(b"<itext>"), xml.rfind(b"</itext>")
    if start < len(b"<itext>") or end < start:
        return None
    rest = xml[:start] + xml[end:]
    if b"<!" in rest or b"<itext " in rest or rest.count(b"itext>") != 2:
        return None
    if b"<?" in rest and not _plainly_declared(rest):
        return None
    plain = _plain(xml, start, end)
    if plain is not None:
        return Cut(rest, xml[start:end], plain)
    # Each element is opened and closed, or empty; anything else with a < makes the sum wrong.
    opened = sum(xml.count(tag, start, end) for tag in _TAGS)
    if xml.count(b"<", start, end) != 2 * opened - xml.count(b"/>", start, end):
        return None
    if not _well_formed(xml, start, end):
        return None
    return Cut(rest, xml[start:end])


def _plain(xml: bytes, start: int, end: int) -> tuple[tuple[bytes, bytes], ...] | None:
    """That piece of `xml` as translations, when they are written in the plainest way.

    What is written so is well-formed; None for any other.
    """
    found: list[tuple[bytes, bytes]] = []
    at = start
    while (match := _PLAIN.match(xml, at, end)) is not None:
        at = match.end()
        attributes, inside = match[1], match[2]
        if attributes.count(b"default=") > 1 or not (_is_text(attributes) and _is_text(inside)):
            return None
        found.append((attributes, inside))
    return None if xml[at:end].strip() else tuple(found)


def _is_text(raw: bytes) -> bool:
    """Whether it is UTF-8 without the characters that XML does not allow above U+FFFD."""
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return not any(each in raw for each in _NONCHARACTERS)


def _well_formed(xml: bytes, start: int, end: int) -> bool:
    """Whether that piece of `xml` is translations, one after the other, each well-formed.

    One at a time, because in pieces of over a megabyte the parser counts the lines.
    """
    view = memoryview(xml)
    at = start
    while (begin := xml.find(b"<translation", at, end)) >= 0:
        stop = xml.find(_END, begin, end) + len(_END)
        if stop < begin or xml[at:begin].strip():
            return False
        try:
            expat.ParserCreate().Parse(view[begin:stop], True)  # noqa: FBT003 - positional in expat
        except (expat.ExpatError, LookupError, ValueError):
            return False
        at = stop
    return not xml[at:end].strip()


def _plainly_declared(xml: bytes) -> bool:
    """Whether the only processing instruction is a declaration of XML in UTF-8."""
    declaration = _DECLARATION.match(xml)
    if declaration is None or xml.count(b"<?") > 1:
        return False
    encoding = _ENCODING.search(declaration[0])
    return encoding is None or encoding[1].lower() in (b"utf-8", b"us-ascii")


def _unescaped(raw: bytes) -> str:
    text = raw.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if "&" not in text else _REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    return chr(int(match[1]) if match[1] else int(match[2], 16))


# -- tables ----------------------------------------------------------------------------------------


class ItextTable:
    """All texts by language and id, as elements."""

    def __init__(
        self,
        languages: tuple[str, ...],
        default: str,
        values: Mapping[str, Mapping[str, Forms]],
    ) -> None:
        self.languages = languages
        self.default = default
        self._values = values

    def forms(self, language: str, text_id: str) -> Forms:
        """The forms of one text in one language; none when it has no such text."""
        return self._values.get(language, {}).get(text_id, _NOTHING)

    def with_outputs(self, text_id: str) -> tuple[str, ...]:
        """The languages in which a text may hold outputs: those are compiled at load."""
        return self.having(text_id)

    def having(self, text_id: str) -> tuple[str, ...]:
        """The languages that have a text."""
        return tuple(lang for lang in self.languages if self.forms(lang, text_id))

    def has(self, language: str, text_id: str) -> bool:
        """Whether one language has a text."""
        return text_id in self._values.get(language, {})

    def plain(self, text_id: str) -> bool:
        """Whether the default language has a text, and no language one that holds outputs."""
        return self.has(self.default, text_id) and not self.with_outputs(text_id)

    def all_plain(self, text_ids: Iterable[str]) -> bool:
        """Whether `plain` holds for each of these texts."""
        return all(self.plain(text_id) for text_id in text_ids)

    def known(self, text_id: str) -> bool:
        """Whether any language has a text."""
        return self.has(self.default, text_id) or any(
            self.has(lang, text_id) for lang in self.languages
        )


class CutItext(ItextTable):
    """Texts left in the bytes of the form until they are asked for."""

    def __init__(self, languages: tuple[str, ...], default: str, parts: dict[str, bytes]) -> None:
        super().__init__(languages, default, {})
        self._parts = parts
        self._index: dict[str, dict[str, bytes]] = {}
        self._made: dict[tuple[str, str], Forms] = {}
        self._outputs: dict[str, list[str]] = {}
        self._first: dict[str, set[bytes]] = {}
        self._early: dict[tuple[str, str], bytes] = {}
        for lang in (default, *(n for n in languages if n != default)):
            if lang in parts:
                self._find_outputs(lang, parts[lang])

    def places(self, xml: bytes) -> dict[str, tuple[int, int]]:
        """Where in `xml` the texts of each language are."""
        found: dict[str, tuple[int, int]] = {}
        position = xml.index(b"<itext>")
        for lang in self.languages:
            start = xml.index(self._parts[lang], position)
            position = start + len(self._parts[lang])
            found[lang] = (start, position)
        return found

    def _find_outputs(self, lang: str, part: bytes) -> None:
        at = part.find(b"<output")
        while at >= 0:
            start = part.rfind(b"<text", 0, at)
            match = _TEXT.match(part, start)
            if match is None:
                return
            text_id = _unescaped(match[1])
            self._early[lang, text_id] = match[2]
            # With the outputs of the default language there is nothing new to compile at load.
            plain = _OUTPUT.findall(match[2])
            if lang == self.default:
                self._first[text_id] = set(plain)
            first = None if lang == self.default else self._first.get(text_id)
            if (
                first is None
                or len(plain) != match[2].count(b"<output")
                or not first.issuperset(plain)
            ):
                self._outputs.setdefault(text_id, []).append(lang)
            at = part.find(b"<output", match.end())

    def forms(self, language: str, text_id: str) -> Forms:
        made = self._made.get((language, text_id))
        if made is not None:
            return made
        raw = self._early.get((language, text_id))
        if raw is None:
            raw = self._texts(language).get(text_id)
        if raw is None:
            return _NOTHING
        made = _forms(raw)
        self._made[language, text_id] = made
        return made

    def _texts(self, language: str) -> dict[str, bytes]:
        index = self._index.get(language)
        if index is None:
            part = self._parts.get(language, b"")
            index = {_unescaped(m[1]): m[2] for m in _TEXT.finditer(part)}
            self._index[language] = index
        return index

    def has(self, language: str, text_id: str) -> bool:
        return text_id in self._texts(language)

    def plain(self, text_id: str) -> bool:
        return text_id in self._texts(self.default) and text_id not in self._outputs

    def all_plain(self, text_ids: Iterable[str]) -> bool:
        asked = set(text_ids)
        return asked <= self._texts(self.default).keys() and asked.isdisjoint(self._outputs)

    def with_outputs(self, text_id: str) -> tuple[str, ...]:
        return tuple(self._outputs.get(text_id, ()))


def _forms(raw: bytes) -> Forms:
    found: dict[str, Node] = {}
    position = 0
    for match in _VALUE.finditer(raw):
        if match.start() != position:
            break
        position = match.end()
        found[_unescaped(match[1] or b"")] = _value(match[2] or b"")
    if raw[position:].strip():
        # Written in some way of its own: the parser knows best.
        text = parse_xml(b"<text>" + raw + b"</text>", place="itext").children[0]
        return {value.get("form"): value for value in text.named("value")}
    return found


def _value(raw: bytes) -> Node:
    if b"<" not in raw:
        return Node("element", "value", text=_unescaped(raw))
    node = Node("element", "value")
    pieces = _OUTPUT.split(raw)
    if any(b"<" in piece for piece in pieces[::2]):
        return parse_xml(b"<value>" + raw + b"</value>", place="itext").children[0]
    for index, piece in enumerate(pieces):
        if index % 2:
            output = Node("element", "output")
            # Line ends and tabs in an attribute are spaces (XML 1.0 §3.3.3).
            value = re.sub(r"[\t\r\n]", " ", piece.decode())
            output.add_attribute(Node("attribute", "value", text=value))
            node.append(output)
        elif piece:
            node.append(Node("text", text=_unescaped(piece)))
    return node


def read_cut(found: Cut) -> CutItext | None:
    """The table over an itext that was cut out; None when it is not as pyxform writes it."""
    translations = found.translations or _translations(found.inside)
    if translations is None:
        return None
    languages: list[str] = []
    parts: dict[str, bytes] = {}
    default = ""
    for written, inside in translations:
        attributes = {
            a[1].rpartition(b":")[2]: _unescaped(a[2] or a[3] or b"")
            for a in _ATTRIBUTE.finditer(written)
        }
        lang = attributes.get(b"lang", "")
        if not lang or lang in parts or set(attributes) - {b"lang", b"default"}:
            return None
        languages.append(lang)
        if _is_default(attributes.get(b"default")):
            default = default or lang
        parts[lang] = inside
    return CutItext(tuple(languages), default or (languages[0] if languages else ""), parts)


def _translations(inside: bytes) -> tuple[tuple[bytes, bytes], ...] | None:
    """The attributes and the inside of every translation; None when there is something else."""
    found: list[tuple[bytes, bytes]] = []
    position = 0
    while (match := _TRANSLATION.match(inside, position)) is not None:
        position = match.end()
        part = b""
        if inside[position - 2 : position - 1] != b"/":
            end = inside.find(b"</translation", position)
            part = inside[position:end]
            position = inside.find(b">", end) + 1
        found.append((match[1], part))
    return None if inside[position:].strip() else tuple(found)


def _is_default(flag: str | None) -> bool:
    return flag is not None and flag.strip() not in ("false()", "false")


def read_itext(model: Node) -> ItextTable:
    """All translations of a model. Raises FormError for a translation without language."""
    languages: list[str] = []
    default = ""
    values: dict[str, dict[str, dict[str, Node]]] = {}
    for itext in model.named("itext"):
        for translation in itext.named("translation"):
            lang = translation.get("lang")
            if not lang:
                raise FormError("itext", "a translation has no lang")
            if lang in values:
                raise FormError(f"itext {lang}", "this language occurs twice")
            languages.append(lang)
            texts = values.setdefault(lang, {})
            flag = [a for a in translation.attributes if a.name == "default"]
            if flag and _is_default(flag[0].text):
                default = default or lang
            for text in translation.named("text"):
                forms = texts.setdefault(text.get("id"), {})
                for value in text.named("value"):
                    forms[value.get("form")] = value
    return ItextTable(tuple(languages), default or (languages[0] if languages else ""), values)


# -- translations of one text ----------------------------------------------------------------------


class Translations(Mapping[str, Template]):
    """One text by language, made when asked for. `ready` are those that hold outputs."""

    __slots__ = ("_find", "_made", "_names", "ready")

    def __init__(
        self,
        names: Callable[[], Mapping[str, str]],
        find: Callable[[str], Template | None],
        ready: dict[str, Template],
    ) -> None:
        self._names = names
        self._find = find
        self._made: dict[str, Template | None] = dict(ready)
        self.ready = ready

    def __getitem__(self, language: str) -> Template:
        if language not in self._made:
            name = self._names().get(language)
            self._made[language] = None if name is None else self._find(name)
        found = self._made[language]
        if found is None:
            raise KeyError(language)
        return found

    def __iter__(self) -> Iterator[str]:
        return (language for language in self._names() if language in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __contains__(self, language: object) -> bool:
        return isinstance(language, str) and self.get(language) is not None
