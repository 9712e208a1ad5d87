"""From XForm XML to a `FormDefinition`: read, compile, check, link."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast as typed
from urllib.parse import unquote

from intake_app.xforms.compiling import FormCompiler
from intake_app.xforms.definition import (
    BodyItem,
    Control,
    ControlKind,
    FormDefinition,
    FormModel,
    NodeDefinition,
)
from intake_app.xforms.errors import FormError
from intake_app.xforms.external import empty_instance, read_external, read_itemsets
from intake_app.xforms.graph import link
from intake_app.xforms.hashes import Digests
from intake_app.xforms.itext import CutItext, ItextTable, cut, read_cut, read_itext
from intake_app.xforms.lists import cut_lists, fill
from intake_app.xforms.load_body import (
    CONTROLS,
    RawItem,
    parameters,
    read_body,
    repeat_paths,
)
from intake_app.xforms.load_choices import ChoiceReader, query_instance
from intake_app.xforms.load_instance import InstanceReader, bound_attributes, read_binds
from intake_app.xforms.load_texts import TextReader, language_code
from intake_app.xforms.model import QuestionDefinition, QuestionKind
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node

SOURCE_LANGUAGE = "nl"
"""The language of texts in forms that carry none of their own (our forms are written in Dutch)."""

Resolver = Callable[[str], bytes | None]


def parse_form(
    xml: bytes, *, name: str = "", resolver: Resolver | None = None, strict: bool = True
) -> FormDefinition:
    """Load a form, or raise FormError naming the place of what is wrong or not supported.

    A reference to a node that is not there is an error too; with `strict` off it finds nothing, as
    in other engines, and is noted in `FormDefinition.remarks` (for forms made elsewhere).

    `name` names the form in errors about the file as a whole. `resolver` gives the XML bytes of an
    external instance by its URI (``jr://file/x.xml``); without it forms that need one are refused.
    """
    return Loader(xml, name or "form", resolver, strict=strict).load()


@contextmanager
def no_collection() -> Iterator[None]:
    """Loading makes many objects and no garbage; the cyclic collector would double its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # What was made stays: straight to the oldest generation, without looking at it all.
            # Where others keep something out of sight, it goes with that.
            kept = gc.get_freeze_count()
            gc.freeze()
            if not kept:
                gc.unfreeze()
            gc.enable()


@dataclass(slots=True)
class Prepared:
    """What of loading can be done before: the tree without its itext, and that."""

    tree: Node
    table: CutItext | None
    digests: tuple[str, str] | None = None


class Loader:
    """Loads one form."""

    def __init__(
        self,
        xml: bytes,
        name: str,
        resolver: Resolver | None,
        *,
        strict: bool,
        prepared: Prepared | None = None,
    ) -> None:
        self._remarks: list[str] | None = None if strict else []
        self._xml = xml
        self._name = name
        self._resolver = resolver
        self._prepared = prepared

    def load(self) -> FormDefinition:
        """The form. Raises FormError."""
        with no_collection():
            return self._load(self._prepared or self.parts())

    def parts(self) -> Prepared:
        """What `load` can be spared the next time. Raises FormError."""
        found = cut(self._xml)
        table = read_cut(found) if found is not None else None
        source = self._xml if found is None or table is None else found.rest
        return Prepared(self._tree(source), table)

    def _tree(self, source: bytes) -> Node:
        if b"<!" in source:
            return parse_xml(source, place=self._name)
        rest, lists = cut_lists(source)
        tree = parse_xml(rest, place=self._name)
        if lists:
            model = _find(tree, "model")
            if model is None or not fill(model, lists):
                return parse_xml(source, place=self._name)
        return tree

    def _load(self, parts: Prepared) -> FormDefinition:
        tree, table = parts.tree, parts.table
        model = _find(tree, "model")
        if model is None:
            raise FormError(self._name, "has no model")
        title = _find(tree, "title")
        body = _find(tree, "body")
        instances = model.named("instance")
        primary = _primary(instances, self._name)
        secondary = self._secondary(instances[1:])

        bind_ids = {
            b.get("id"): b.get("nodeset").strip() for b in model.named("bind") if b.get("id")
        }
        raw_body = read_body(body, bind_ids, f"/{primary.name}")
        raw_items = [item for top in raw_body for item in top.walk()]
        attributes = (
            bound_attributes(tree, f"/{primary.name}") if self._bound() else frozenset[str]()
        )
        reader = InstanceReader(repeat_paths(raw_body), attributes)
        root = reader.read(primary)
        self._queried(raw_items, secondary)
        read_binds(model, reader.nodes, root.path, self._remarks)
        itext: ItextTable = table or read_itext(model)
        compiler = FormCompiler(
            reader.document,
            frozenset(secondary),
            primary.get("id"),
            reader.nodes,
            self._remarks,
        )
        texts = TextReader(itext, compiler.output)
        choices = ChoiceReader(texts, compiler, secondary)

        if any(item.path and item.path not in reader.nodes for item in raw_items):
            raw_body = self._known(raw_body, reader.nodes)
            raw_items = [item for top in raw_body for item in top.walk()]
        items = [self._item(raw, reader.nodes, texts, choices) for raw in raw_body]
        for definition in reader.ordered:
            compiler.bind(definition, texts)
        for raw in raw_items:
            if raw.kind == "repeat":
                compiler.repeat(raw, reader.nodes)
            for action in raw.actions:
                compiler.action(action, reader.nodes[raw.path] if raw.path else root, bind_ids)
        for element in model.children:
            if element.name == "setvalue":
                compiler.action(element, root, bind_ids)
            elif element.name in ("setgeopoint", "recordaudio"):
                raise FormError(f"model {element.name}", "this action is not supported")
        vertices = link(compiler.vertices)
        questions: dict[str, QuestionDefinition] = {}
        for definition in reader.ordered:
            if definition.children or definition.is_repeat:
                continue
            definition.question = _question(definition)
            questions[definition.path] = definition.question
        languages = tuple(language_code(lang) for lang in itext.languages if lang != "default")
        language = SOURCE_LANGUAGE
        if itext.default and itext.default != "default":
            language = language_code(itext.default)
        form_model = FormModel(
            document=reader.document,
            root=root,
            nodes=MappingProxyType(reader.nodes),
            by_index=tuple(reader.ordered),
            instance=primary,
            secondary=MappingProxyType(secondary),
            itext=texts.whole(),
            body=items,
            vertices=vertices,
            first_load=tuple(compiler.first_load),
            every_load=tuple(compiler.every_load),
            language=language,
        )
        return FormDefinition(
            form_id=primary.get("id") or primary.namespace or primary.name,
            version=primary.get("version"),
            title=title.text.strip() if title is not None else "",
            xml=self._xml,
            questions=MappingProxyType(questions),
            languages=languages,
            remarks=tuple(self._remarks or ()),
            model=form_model,
            digests=Digests(self._xml, parts.digests),
            lenient=self._remarks is not None,
        )

    def _bound(self) -> bool:
        """Whether anything may be bound to an attribute; texts bind nothing."""
        start, end = self._xml.find(b"<itext>"), self._xml.rfind(b"</itext>")
        if not 0 <= start < end:
            return b"/@" in self._xml
        return self._xml.find(b"/@", 0, start) >= 0 or self._xml.find(b"/@", end) >= 0

    def _known(self, items: list[RawItem], nodes: Mapping[str, NodeDefinition]) -> list[RawItem]:
        """The body without elements about nodes that are not there; those are errors if strict."""
        kept: list[RawItem] = []
        for item in items:
            if item.path and item.path not in nodes:
                place = f"{item.element.name} {item.path}"
                if self._remarks is None:
                    raise FormError(place, "there is no such node in the instance")
                self._remarks.append(f"{place}: there is no such node in the instance")
                continue
            item.children = self._known(item.children, nodes)
            kept.append(item)
        return kept

    def _secondary(self, instances: list[Node]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for instance in instances:
            identity = instance.get("id")
            place = f"instance {identity!r}"
            if not identity:
                raise FormError("instance", "a secondary instance has no id")
            if identity in found:
                raise FormError(place, "occurs twice")
            uri = instance.get("src")
            if uri:
                found[identity] = self._external(uri, place)
            elif uri == "" and identity == "last-saved" and not instance.children:
                found[identity] = empty_instance()
            else:
                found[identity] = instance
        return found

    def _queried(self, body: list[RawItem], secondary: dict[str, Node]) -> None:
        """Choices by query (``select_one_external``) come from ``itemsets.csv``."""
        lists: dict[str, Node] | None = None
        for raw in body:
            name = query_instance(raw.element)
            if not name or name in secondary:
                continue
            place = f"{raw.element.name} {raw.path}"
            if lists is None:
                data = None if self._resolver is None else self._resolver(_ITEMSETS)
                lists = {} if data is None else read_itemsets(data, f"{_ITEMSETS}, {place}")
            found = lists.get(name)
            if found is None:
                if self._remarks is None:
                    raise FormError(place, f"the list {name} is not in {_ITEMSETS}")
                # Asked as text, as JavaRosa does.
                self._remarks.append(f"{place}: the list {name} is not in {_ITEMSETS}")
                continue
            secondary[name] = found

    def _external(self, uri: str, place: str) -> Node:
        if not _inside_media(uri):
            raise FormError(place, f"{uri} is not a file that belongs to the form")
        data = self._resolver(uri) if self._resolver is not None else None
        if data is not None:
            return read_external(uri, data, place)
        if uri == _LAST_SAVED:
            return empty_instance()
        if self._remarks is None:
            raise FormError(place, f"the external file {uri} is not there")
        self._remarks.append(f"{place}: the external file {uri} is not there")
        return empty_instance()

    def _item(
        self,
        raw: RawItem,
        nodes: dict[str, NodeDefinition],
        texts: TextReader,
        choices: ChoiceReader,
    ) -> BodyItem:
        definition = nodes.get(raw.path) if raw.path else None
        element = raw.element
        appearance = tuple(element.get("appearance").split())
        item = BodyItem(raw.kind, definition, appearance=appearance)
        if raw.kind == "question":
            place = f"{element.name} {raw.path}"
            if definition is None or definition.children:
                raise FormError(place, "a question cannot hold other nodes")
            if definition.is_repeat:
                raise FormError(place, "a question cannot be a repeat")
            if definition.control is not None:
                raise FormError(place, "this node is asked twice")
            definition.control = self._control(element, appearance, definition, texts, choices)
            return item
        item.children = [self._item(child, nodes, texts, choices) for child in raw.children]
        if definition is not None:
            for label in element.named("label")[:1]:
                found = texts.element(label, "label", definition.name, definition)
                if found is not None and definition.label is None:
                    definition.label = found
            if definition.is_repeat and definition.label is None:
                _inner_label(raw, definition, texts)
        return item

    def _control(
        self,
        element: Node,
        appearance: tuple[str, ...],
        definition: NodeDefinition,
        texts: TextReader,
        choices: ChoiceReader,
    ) -> Control:
        name = definition.name
        queried = query_instance(element)
        by_query = bool(queried) and choices.knows(queried)
        control = Control(
            "select1" if by_query else typed("ControlKind", CONTROLS[element.name]),
            appearance,
            parameters(element),
        )
        for label in element.named("label")[:1]:
            control.label = texts.element(label, "label", name, definition)
        for hint in element.named("hint")[:1]:
            reference = texts.reference(hint)
            if reference is None:
                control.hint = texts.element(hint, "hint", name, definition)
            else:
                if texts.has_form(reference, "") or not texts.has_form(reference, "guidance"):
                    control.hint = texts.itext(reference, "hint", name, definition)
                if texts.has_form(reference, "guidance"):
                    control.guidance = texts.itext(
                        reference, "guidance", name, definition, "guidance"
                    )
        if control.kind in ("select", "select1", "rank"):
            control.choices = choices.read(element, definition, by_query=by_query)
            if control.kind in ("select", "rank") and definition.data_type == "string":
                definition.data_type = "select" if control.kind == "select" else "rank"
        if control.kind == "range":
            _check_range(control, f"range {definition.path}")
            if element.named("itemset") or element.named("item"):
                # words for some of its steps
                control.choices = choices.read(element, definition, by_query=False)
            if definition.data_type not in ("int", "decimal"):
                definition.data_type = "decimal"
        return control


def _inner_label(raw: RawItem, definition: NodeDefinition, texts: TextReader) -> None:
    for child in raw.children:
        if child.kind == "group" and not child.path:
            for label in child.element.named("label")[:1]:
                definition.label = texts.element(label, "label", definition.name, definition)


def _check_range(control: Control, place: str) -> None:
    for key in ("start", "end", "step"):
        try:
            float(control.parameters[key])
        except (KeyError, ValueError):
            raise FormError(place, f"{key} is missing or not a number") from None
    if float(control.parameters["step"]) == 0:
        raise FormError(place, "step is zero")


_LAST_SAVED = "jr://instance/last-saved"
_ITEMSETS = "jr://file/itemsets.csv"


def _inside_media(uri: str) -> bool:
    """Whether a URI names a file of the form itself: no way up, no other place."""
    scheme, separator, path = unquote(uri).partition("://")
    if not separator:
        scheme, path = "jr", unquote(uri)
    steps = path.replace("\\", "/").split("/")
    return scheme == "jr" and ".." not in steps and "" not in steps and "\0" not in path


def _find(tree: Node, name: str) -> Node | None:
    queue = [tree]
    for node in queue:
        if node.name == name and node.kind == "element":
            return node
        if node.name not in ("instance", "itext", "bind") and len(queue) < 10_000:
            queue.extend(c for c in node.children if c.kind == "element")
    return None


def _primary(instances: list[Node], name: str) -> Node:
    if not instances:
        raise FormError(name, "has no instance")
    elements = [c for c in instances[0].children if c.kind == "element"]
    if len(elements) != 1:
        raise FormError(name, "the primary instance must have exactly one root element")
    return elements[0]


_KINDS = {
    "int": QuestionKind.INTEGER,
    "decimal": QuestionKind.DECIMAL,
    "date": QuestionKind.DATE,
    "time": QuestionKind.TIME,
    "dateTime": QuestionKind.DATETIME,
}
_CONTROL_KINDS = {
    "select1": QuestionKind.SELECT_ONE,
    "select": QuestionKind.SELECT_MULTIPLE,
    "rank": QuestionKind.RANK,
    "range": QuestionKind.RANGE,
    "trigger": QuestionKind.ACKNOWLEDGE,
    "upload": QuestionKind.UPLOAD,
}


_NOTHING: Mapping[str, str] = MappingProxyType({})


def _question(definition: NodeDefinition) -> QuestionDefinition:
    control = definition.control
    bind = definition.bind
    kind = QuestionKind.CALCULATED
    if control is not None:
        if control.kind in ("select1", "select") and "label" in control.appearance:
            # the head of a table: it shows the words of the choices and takes no answer
            kind = QuestionKind.NOTE
        elif control.kind in _CONTROL_KINDS:
            kind = _CONTROL_KINDS[control.kind]
        elif _is_note(definition):
            kind = QuestionKind.NOTE
        else:
            kind = _KINDS.get(definition.data_type, QuestionKind.TEXT)
    above: list[NodeDefinition] = []
    place = definition.parent
    while place is not None and place.parent is not None:
        above.append(place)
        place = place.parent
    # The root element is last; the top-level group comes just before it.
    section = above[-2].path if len(above) > 1 else ""
    group = above[0].path if len(above) > 1 else ""
    return QuestionDefinition(
        path=definition.path,
        name=definition.name,
        kind=kind,
        appearance=control.appearance if control else (),
        data_type=definition.data_type,
        attributes=_read_only(bind.attributes) if bind else _NOTHING,
        group=group,
        section=section,
        repeat=definition.repeat.path if definition.repeat else None,
        parameters=_read_only(control.parameters) if control else _NOTHING,
    )


def _read_only(found: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(found)) if found else _NOTHING


def _is_note(definition: NodeDefinition) -> bool:
    bind = definition.bind
    return (
        bind is not None
        and bind.readonly.replace(" ", "") in ("true()", "true", "1")
        and not bind.calculate
        and definition.data_type == "string"
        and not definition.default
    )
