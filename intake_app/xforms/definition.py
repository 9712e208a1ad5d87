"""A loaded form: the tree of definitions, binds, controls, texts. Immutable once loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from intake_app.xforms.hashes import Digests
from intake_app.xforms.model import QuestionDefinition, TextRef
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.nodes import Node

if TYPE_CHECKING:
    from intake_app.xforms.graph import Edge, Vertex


@dataclass(slots=True, eq=False)
class NodeDefinition:
    """One node of the primary instance, for all its instances.

    `index` counts in document order. `bound` are the attributes of the element that something in
    the form is about, by name (``@id``); each is a leaf of its own. `template` is the element new
    repeat instances are made from (repeats only). `readers` are the vertices to look at again when
    a value, or for a repeat the set of instances, changes.
    """

    name: str
    path: str
    parent: NodeDefinition | None
    index: int
    prefix: str = ""
    namespace: str = ""
    attributes: tuple[tuple[str, str, str, str], ...] = ()
    children: dict[str, NodeDefinition] = field(default_factory=dict)
    bound: dict[str, NodeDefinition] = field(default_factory=dict)
    is_repeat: bool = False
    template: Node | None = None
    default: str = ""
    bind: Bind | None = None
    data_type: str = "string"
    control: Control | None = None
    repeat: NodeDefinition | None = None
    count: Compiled | None = None
    fixed: bool = False
    actions: list[Action] = field(default_factory=list)
    new_repeat_actions: list[Action] = field(default_factory=list)
    readers: list[Edge] = field(default_factory=list)
    choice_readers: list[Edge] = field(default_factory=list)
    vertices: list[Vertex] = field(default_factory=list)
    question: QuestionDefinition | None = None
    label: TextDefinition | None = None
    label_name: str = ""

    def __repr__(self) -> str:
        return f"NodeDefinition({self.path})"

    @property
    def enclosing(self) -> NodeDefinition | None:
        """The innermost repeat that is this node or around it."""
        return self if self.is_repeat else self.repeat


@dataclass(slots=True)
class Bind:
    """What a bind says, as written; compiled expressions live in the graph."""

    nodeset: str
    data_type: str = "string"
    relevant: str = ""
    required: str = ""
    readonly: str = ""
    constraint: str = ""
    calculate: str = ""
    constraint_source: str = ""
    required_source: str = ""
    constraint_message: TextDefinition | None = None
    required_message: TextDefinition | None = None
    preload: str = ""
    preload_parameters: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Output:
    """A value inside a text. `question` is set when it is a plain path to a select."""

    placeholder: str
    compiled: Compiled
    question: NodeDefinition | None = None


@dataclass(slots=True)
class Template:
    """A text with ``${name}`` placeholders and the outputs that fill them."""

    text: str
    outputs: tuple[Output, ...] = ()


Made: TypeAlias = tuple[Template, Mapping[str, Template], Mapping[str, str]]
"""The author's text, its translations, its media."""

_NO_TRANSLATIONS: Mapping[str, Template] = {}
_NO_MEDIA: Mapping[str, str] = {}


class TextDefinition:
    """One text of the form: the author's, the translations the form carries by language, media.

    Texts without outputs may be given as `later`: they are made when first shown.
    """

    __slots__ = ("_later", "_media", "_source", "_translations", "ref")

    def __init__(
        self,
        ref: TextRef,
        source: Template,
        translations: Mapping[str, Template] = _NO_TRANSLATIONS,
        media: Mapping[str, str] = _NO_MEDIA,
        *,
        later: Callable[[], Made] | None = None,
    ) -> None:
        self.ref = ref
        self._source = source
        self._translations = translations
        self._media = media
        self._later = later

    def _make(self) -> None:
        if self._later is not None:
            self._source, self._translations, self._media = self._later()
            self._later = None

    @property
    def source(self) -> Template:
        """The text in the language of the form."""
        self._make()
        return self._source

    @property
    def translations(self) -> Mapping[str, Template]:
        """The texts the form has by language."""
        self._make()
        return self._translations

    @property
    def media(self) -> Mapping[str, str]:
        """File names by form: image, big-image, audio, video."""
        self._make()
        return self._media

    def outputs(self) -> list[Output]:
        """All outputs in any language."""
        if self._later is not None:
            return []
        # Translations that are made later have none.
        ready = getattr(self._translations, "ready", self._translations)
        return [o for t in (self._source, *ready.values()) for o in t.outputs]


class StaticChoice:
    """A choice whose value and text are known at load.

    The text may be given as a function that makes it: there are many, few are shown.
    """

    __slots__ = ("_text", "value")

    def __init__(
        self,
        value: str,
        text: TextDefinition | Callable[[], TextDefinition],
    ) -> None:
        self.value = value
        self._text = text

    @property
    def text(self) -> TextDefinition:
        """The text of the choice."""
        if not isinstance(self._text, TextDefinition):
            self._text = self._text()
        return self._text


class Items(Protocol):
    """The items of a secondary instance as choices."""

    def of(self, nodes: Iterable[Node]) -> tuple[StaticChoice, ...]:
        """The choices these nodes are, in order, without nodes that are none."""
        ...

    def valued(self, value: str) -> StaticChoice | None:
        """The first choice with that value."""
        ...


@dataclass(slots=True)
class ChoiceList:
    """Where the choices of a select come from.

    Without `nodes` all of `fixed` always apply. With it, `nodes` finds the items; items of a
    secondary instance are looked up in `items`, items of the primary instance give their value
    and label through `value` and `label`. With `blanks` an item without value is a choice as well.
    """

    name: str
    fixed: tuple[StaticChoice, ...] = ()
    nodes: Compiled | None = None
    items: Items | None = None
    value: Compiled | None = None
    label: Compiled | None = None
    blanks: bool = False


ControlKind = Literal["input", "select1", "select", "rank", "range", "trigger", "upload"]


@dataclass(slots=True)
class Control:
    """How a node is asked."""

    kind: ControlKind
    appearance: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    label: TextDefinition | None = None
    hint: TextDefinition | None = None
    guidance: TextDefinition | None = None
    choices: ChoiceList | None = None


@dataclass(slots=True)
class Action:
    """A setvalue: `targets` and `value` are evaluated in the node it belongs to."""

    events: frozenset[str]
    place: NodeDefinition
    targets: Compiled
    value: Compiled | None
    text: str = ""


ItemKind = Literal["question", "group", "repeat"]


@dataclass(slots=True)
class BodyItem:
    """One element of the body, in the order of the screen.

    kind "question": `definition` has a control. "group": `definition` may be None (a group that
    only groups on screen). "repeat": the instances of `definition` each show `children`.
    """

    kind: ItemKind
    definition: NodeDefinition | None
    children: list[BodyItem] = field(default_factory=list)
    appearance: tuple[str, ...] = ()


class TextTable(Protocol):
    """Where the elements of an itext come from."""

    def forms(self, language: str, text_id: str) -> Mapping[str, Node]: ...


@dataclass(slots=True)
class Itext:
    """The texts a form carries by id."""

    languages: tuple[str, ...]
    default: str
    table: TextTable

    def plain(self, language: str, text_id: str, form: str) -> str | None:
        """A text without outputs in one language; None when there is none."""
        forms = self.table.forms(language, text_id)
        for name in (form, "long", "short"):
            node = forms.get(name)
            if node is not None and not node.children:
                return node.text.strip()
        return None


@dataclass(slots=True)
class FormModel:
    """Everything sessions need and nothing outside the engine should touch."""

    document: NodeDefinition
    root: NodeDefinition
    nodes: Mapping[str, NodeDefinition]
    by_index: tuple[NodeDefinition, ...]
    instance: Node
    secondary: Mapping[str, Node]
    itext: Itext
    body: list[BodyItem]
    vertices: tuple[Vertex, ...]
    first_load: tuple[Action, ...]
    every_load: tuple[Action, ...]
    language: str
    indexes: dict[Any, dict[str, list[Node]]] = field(default_factory=dict)
    shown_in: dict[str, set[int]] = field(default_factory=dict)
    """By path, the items at the top of the body that show it; worked out when first asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class FormDefinition:
    """A form, loaded and checked; share it freely between sessions.

    `structure_hash` is the sha256 (hex) of everything but the texts and the version: forms with
    the same hash can hold the same answers. `text_hash` covers the texts. `questions` has every
    leaf of the form by path, in document order. `languages` are those the form itself
    carries. `remarks` are references that lead nowhere, in forms loaded without `strict`.
    """

    form_id: str
    version: str
    title: str
    xml: bytes
    questions: Mapping[str, QuestionDefinition]
    languages: tuple[str, ...]
    remarks: tuple[str, ...]
    model: FormModel = field(repr=False)
    digests: Digests = field(repr=False)
    lenient: bool = False

    @property
    def structure_hash(self) -> str:
        """sha256 (hex) of the structure; worked out when first asked for."""
        return self.digests.both()[0]

    @property
    def text_hash(self) -> str:
        """sha256 (hex) of the texts; worked out when first asked for."""
        return self.digests.both()[1]
