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

from intake_app.xforms.characters import are_allowed
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
_TEXT = re.compile(r"""<text\s+id\s*=\s*"([^"]*+)"\s*>((?:[^<]*+<(?!/text))*[^<]*+)</text""")
_VALUE = re.compile(
    r"""\s*<value(?:\s+form\s*=\s*"([^"]*)")?\s*(?:/>|>(.*?)</value\s*>)""", re.DOTALL
)
_OUTPUT = re.compile(r"""<output\s+value\s*=\s*"([^"<&]*)"\s*(?:/>|></output\s*>)""")
_QUOTED = rb'="[^"<&\x00-\x1f]*+"'
# The way pyxform writes a translation and each text in it, whatever its characters are.
_PLAIN = re.compile(
    rb"\s*+<translation((?: default%(quoted)s)? lang%(quoted)s(?: default%(quoted)s)?)>"
    % {b"quoted": _QUOTED}
)
_PLAIN_TEXT = re.compile(
    rb"<text id%(quoted)s>(?:"
    rb"<value>[^<]*+</value></text>"  # nearly all; the rest is for other forms and outputs
    rb"|(?:\s*+<value(?: form%(quoted)s)?>[^<]*+(?:%(within)s[^<]*+)*</value>)+\s*+</text>"
    rb")" % {b"quoted": _QUOTED, b"within": rb'<output value="[^"<\x00-\x1f]*+"/>'}
)
_REFERENCED = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

Span = tuple[int, int]
"""A piece of the bytes of a form: from where, and up to where."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A form without the inside of its itext, and where in the form that inside is."""

    rest: bytes
    xml: bytes
    inside: Span
    translations: tuple[tuple[bytes, Span], ...] | None = None
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
        return Cut(rest, xml, (start, end), plain)
    # Each element is opened and closed, or empty; anything else with a < makes the sum wrong.
    opened = sum(xml.count(tag, start, end) for tag in _TAGS)
    if xml.count(b"<", start, end) != 2 * opened - xml.count(b"/>", start, end):
        return None
    if not _well_formed(xml, start, end):
        return None
    return Cut(rest, xml, (start, end))


def _plain(xml: bytes, start: int, end: int) -> tuple[tuple[bytes, Span], ...] | None:
    """That piece of `xml` as translations, when they are written in the plainest way.

    What is written so is well-formed; None for any other. The elements are looked at apart from
    the characters between them, which is several times quicker than both in one expression.
    """
    if not are_allowed(xml, start, end) or not _has_known_references(xml, start, end):
        return None
    found: list[tuple[bytes, Span]] = []
    view = memoryview(xml)
    at = start
    while (match := _PLAIN.match(xml, at, end)) is not None:
        attributes, inside = match[1], (match.end(), xml.find(_END, match.end(), end))
        texts = b"" if inside[1] < 0 else xml[slice(*inside)]
        left = _PLAIN_TEXT.sub(b"", texts)
        if len(left) == len(texts) or left.strip() or attributes.count(b"default=") > 1:
            return None
        at = inside[1] + len(_END)
        try:
            str(view[match.start(1) : at], "utf-8")
        except UnicodeDecodeError:
            return None
        found.append((attributes, inside))
    return None if xml[at:end].strip() else tuple(found)


def _has_known_references(xml: bytes, start: int, end: int) -> bool:
    """Whether every & in that piece of `xml` begins a reference that XML itself knows."""
    if xml.find(b"&", start, end) < 0:
        return True
    return xml.count(b"&", start, end) == len(_REFERENCED.findall(xml, start, end))


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


def _unescaped(text: str) -> str:
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
    """Texts left in the bytes of the form until they are asked for.

    `places` says where in `xml` the texts of each language are, `outputs` in which languages a text
    has outputs to compile; those are looked for when they are not known yet.
    """

    def __init__(
        self,
        languages: tuple[str, ...],
        default: str,
        xml: bytes,
        places: dict[str, Span],
        outputs: dict[str, list[str]] | None = None,
    ) -> None:
        super().__init__(languages, default, {})
        self.places = places
        self._xml = xml
        self._index: dict[str, dict[str, str]] = {}
        self._made: dict[tuple[str, str], Forms] = {}
        self.outputs = self._find_outputs() if outputs is None else outputs

    def _find_outputs(self) -> dict[str, list[str]]:
        """With the outputs of the default language there is nothing new to compile at load."""
        outputs: dict[str, list[str]] = {}
        known: set[tuple[bytes, bytes]] = set()
        for lang in (self.default, *(n for n in self.languages if n != self.default)):
            found = self._written_outputs(lang)
            for text_id in {text_id for text_id, _ in found - known}:
                outputs.setdefault(_unescaped(text_id.decode()), []).append(lang)
            if lang == self.default:
                known = found
        return outputs

    def _written_outputs(self, lang: str) -> set[tuple[bytes, bytes]]:
        """For each output in a language the id of its text, and its value as it is written.

        For an output written in a way of its own all that follows is taken: it is like no other.
        """
        start, end = self.places.get(lang, (0, 0))
        before, *pieces = self._xml[start:end].split(b"<output")
        found: set[tuple[bytes, bytes]] = set()
        text_id = b""
        for piece in pieces:
            at = before.rfind(b"<text")
            if at >= 0:
                text_id = before[at:].split(b'"', 2)[1]
            head, _, rest = piece.partition(b'"')
            source = rest.partition(b'"')[0] if head == b" value=" else b""
            found.add((text_id, source or piece))
            before = piece
        return found

    def forms(self, language: str, text_id: str) -> Forms:
        made = self._made.get((language, text_id))
        if made is not None:
            return made
        raw = self._texts(language).get(text_id)
        if raw is None:
            return _NOTHING
        made = _forms(raw)
        self._made[language, text_id] = made
        return made

    def _texts(self, language: str) -> dict[str, str]:
        index = self._index.get(language)
        if index is None:
            start, end = self.places.get(language, (0, 0))
            part = self._xml[start:end].decode()
            index = dict(_TEXT.findall(part))
            if "&" in part or "\r" in part:
                index = {_unescaped(text_id): text for text_id, text in index.items()}
            self._index[language] = index
        return index

    def has(self, language: str, text_id: str) -> bool:
        return text_id in self._texts(language)

    def plain(self, text_id: str) -> bool:
        return text_id in self._texts(self.default) and text_id not in self.outputs

    def all_plain(self, text_ids: Iterable[str]) -> bool:
        asked = set(text_ids)
        return asked <= self._texts(self.default).keys() and asked.isdisjoint(self.outputs)

    def with_outputs(self, text_id: str) -> tuple[str, ...]:
        return tuple(self.outputs.get(text_id, ()))


def _forms(raw: str) -> Forms:
    found: dict[str, Node] = {}
    position = 0
    for match in _VALUE.finditer(raw):
        if match.start() != position:
            break
        position = match.end()
        found[_unescaped(match[1] or "")] = _value(match[2] or "")
    if raw[position:].strip():
        # Written in some way of its own: the parser knows best.
        text = parse_xml(f"<text>{raw}</text>".encode(), place="itext").children[0]
        return {value.get("form"): value for value in text.named("value")}
    return found


def _value(raw: str) -> Node:
    if "<" not in raw:
        return Node("element", "value", text=_unescaped(raw))
    node = Node("element", "value")
    pieces = _OUTPUT.split(raw)
    if any("<" in piece for piece in pieces[::2]):
        return parse_xml(f"<value>{raw}</value>".encode(), place="itext").children[0]
    for index, piece in enumerate(pieces):
        if index % 2:
            output = Node("element", "output")
            # Line ends and tabs in an attribute are spaces (XML 1.0 §3.3.3).
            value = re.sub(r"[\t\r\n]", " ", piece)
            output.add_attribute(Node("attribute", "value", text=value))
            node.append(output)
        elif piece:
            node.append(Node("text", text=_unescaped(piece)))
    return node


def read_cut(found: Cut) -> CutItext | None:
    """The table over an itext that was cut out; None when it is not as pyxform writes it."""
    translations = found.translations or _translations(found.xml, *found.inside)
    if translations is None:
        return None
    languages: list[str] = []
    places: dict[str, Span] = {}
    default = ""
    for written, inside in translations:
        attributes = {
            a[1].rpartition(b":")[2]: _unescaped((a[2] or a[3] or b"").decode())
            for a in _ATTRIBUTE.finditer(written)
        }
        lang = attributes.get(b"lang", "")
        if not lang or lang in places or set(attributes) - {b"lang", b"default"}:
            return None
        languages.append(lang)
        if _is_default(attributes.get(b"default")):
            default = default or lang
        places[lang] = inside
    default = default or (languages[0] if languages else "")
    return CutItext(tuple(languages), default, found.xml, places)


def _translations(xml: bytes, start: int, end: int) -> tuple[tuple[bytes, Span], ...] | None:
    """The attributes and the inside of every translation; None when there is something else."""
    found: list[tuple[bytes, Span]] = []
    position = start
    while (match := _TRANSLATION.match(xml, position, end)) is not None:
        position = match.end()
        inside = (position, position)
        if xml[position - 2 : position - 1] != b"/":
            inside = (position, xml.find(b"</translation", position, end))
            position = xml.find(b">", inside[1]) + 1
        found.append((match[1], inside))
    return None if xml[position:end].strip() else tuple(found)


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
