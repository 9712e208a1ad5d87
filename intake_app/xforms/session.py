"""One filling of a form in memory. No storage, no clock of its own, no threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from intake_app.xforms.casting import accept
from intake_app.xforms.definition import FormDefinition, NodeDefinition
from intake_app.xforms.errors import AnswerRefused, RefusalCode
from intake_app.xforms.host import Host
from intake_app.xforms.instance import Choice, InstanceNode, InstanceTree
from intake_app.xforms.model import (
    AnswerState,
    Changes,
    ChoiceView,
    NodeKey,
    Page,
    PageKey,
    Problem,
    ProblemKind,
    QuestionView,
    Section,
    ShownText,
    Snapshot,
    TextRef,
    Texts,
)
from intake_app.xforms.outline import OutlineItem, outline
from intake_app.xforms.pages import PageList
from intake_app.xforms.preload import apply_preloads
from intake_app.xforms.recompute import Recompute
from intake_app.xforms.storing import restore, snapshot_of
from intake_app.xforms.texts import TextShower
from intake_app.xforms.xml_in import read_instance
from intake_app.xforms.xml_out import has_instance_id, write_instance
from intake_app.xforms.xpath.nodes import Node

_DEFAULT_PROBLEMS: dict[ProblemKind, str] = {
    "required": "Deze vraag is nog niet beantwoord.",
    "constraint": "Dit antwoord kan niet kloppen. Kijk het na.",
    "type": "Dit antwoord past niet bij de vraag. Kijk het na.",
}


class FormSession:
    """One filling of `form`, always consistent: every expression has its present value.

    `now` must return aware datetimes; `uuid` makes the identities of repeat instances and the
    instanceID; `random` gives floats in [0, 1). With a `snapshot` the session continues that
    filling (FormError when it belongs to another form or structure); without, it starts a new one:
    defaults, preloads and the odk-instance-first-load actions are applied.

    Not for use from several threads at once. Every operation either completes or raises with
    nothing changed.
    """

    def __init__(
        self,
        form: FormDefinition,
        *,
        now: Callable[[], datetime],
        uuid: Callable[[], UUID],
        random: Callable[[], float],
        texts: Texts | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        self.form = form
        self._uuid = uuid
        self._texts = TextShower(form, texts)
        host = Host(form, self._texts, now, uuid, random)
        self._tree = InstanceTree(form.model, uuid, initial=snapshot is None)
        host.root = self._tree.root
        self._engine = Recompute(form.model, self._tree, host)
        host.engine = self._engine
        self._host = host
        self._pages: PageList | None = None
        self._pages_changed: set[str] = set()
        self._own_id = "" if has_instance_id(form) else f"uuid:{uuid()}"
        if snapshot is None:
            apply_preloads(self._tree.top, host)
        else:
            restore(form, self._tree, snapshot)
        self._engine.everything()
        self._engine.begin()
        if snapshot is None:
            for action in form.model.first_load:
                self._engine.act_where_placed(action, only_relevant=True)
        for action in form.model.every_load:
            self._engine.act_where_placed(action, only_relevant=True)
        self._engine.settle()
        for node in self._tree.top.inside():
            self._engine.collected.touched[node] = None
        self._engine.finish()

    # -- structure -----------------------------------------------------------------------------

    def sections(self) -> tuple[Section, ...]:
        """The top-level groups in order, relevant or not, with progress and pages.

        Questions outside any group form a section with path "".
        """
        return self._page_list().sections()

    def pages(self) -> tuple[Page, ...]:
        """All relevant pages in order."""
        return self._page_list().pages

    def next_page(self, key: PageKey) -> Page | None:
        """The relevant page after `key`; works too when `key` itself is no longer relevant."""
        return self._page_list().after(key)

    def previous_page(self, key: PageKey) -> Page | None:
        """The relevant page before `key`; works too when `key` itself is no longer relevant."""
        return self._page_list().before(key)

    def coming_pages(self, key: PageKey) -> Iterator[Page]:
        """The pages of which one comes after `key`, whatever is answered on that page, in order.

        They are given as they would probably be then; the last one stays relevant.
        """
        return self._page_list().coming(key)

    def page(self, key: NodeKey) -> Page | None:
        """Where to jump to for a question, group or repeat; None when it is not relevant now."""
        return self._page_list().showing(key)

    def outline(self) -> tuple[OutlineItem, ...]:
        """Every group, repeat, instance and question in order, relevant or not."""
        return tuple(outline(self.form.model, self._tree))

    def _page_list(self) -> PageList:
        if self._pages is None:
            self._pages = PageList(self.form.model, self._tree)
        elif self._pages_changed:
            self._pages = PageList(self.form.model, self._tree, self._pages, self._pages_changed)
        self._pages_changed = set()
        return self._pages

    # -- looking -------------------------------------------------------------------------------

    def view(self, key: NodeKey, language: str = "nl") -> QuestionView:
        """Everything to show of one question. Raises AnswerRefused for a key that is no leaf."""
        node = self._leaf(key)
        definition = node.definition
        control = definition.control
        question = definition.question
        if question is None:
            raise AnswerRefused(RefusalCode.NOT_A_QUESTION, key.path)
        empty = ShownText("", language)
        label, hint, guidance = empty, None, None
        choices: tuple[ChoiceView, ...] = ()
        if control is not None:
            frame = self._engine.frame
            if control.label is not None:
                label = self._texts.show(control.label, node, language, frame)
            if control.hint is not None:
                hint = self._texts.show(control.hint, node, language, frame)
            if control.guidance is not None:
                guidance = self._texts.show(control.guidance, node, language, frame)
            if control.choices is not None:
                choices = self._texts.choices(node, self._choices(node), language, frame)
        return QuestionView(
            key=key,
            definition=question,
            value=node.text,
            state=node.state,
            relevant=node.relevant,
            readonly=_is_readonly(node),
            required=node.required,
            label=label,
            hint=hint,
            guidance=guidance,
            choices=choices,
            problem=self._problem(node, language),
        )

    def media(self, key: NodeKey) -> Mapping[str, str]:
        """File names that come with the words of a question, by form (image, audio, video).

        Those of the form's own language. Raises AnswerRefused for a key that is no leaf.
        """
        control = self._leaf(key).definition.control
        return {} if control is None or control.label is None else control.label.media

    def _choices(self, node: InstanceNode) -> tuple[Choice, ...]:
        if node.choices is not None:
            return node.choices
        control = node.definition.control
        return control.choices.fixed if control is not None and control.choices else ()

    def title(self, path: str, language: str = "nl", repeat: UUID | None = None) -> ShownText:
        """The label of a group, section or repeat; empty when it has none.

        Raises AnswerRefused when `path` is not in the form.
        """
        definition = self._definition(path)
        if definition.label is None:
            return ShownText("", language)
        node = self._tree.by_key.get(NodeKey(path, repeat)) or self._tree.top
        return self._texts.show(definition.label, node, language, self._engine.frame)

    def value(self, key: NodeKey) -> str:
        """The stored value of a leaf, "" when it has none; also when it is not relevant."""
        return self._leaf(key).text

    def state(self, key: NodeKey) -> AnswerState:
        """The answer state of a leaf."""
        return self._leaf(key).state

    def problems(self, language: str = "nl") -> tuple[Problem, ...]:
        """The problems of all relevant questions, in document order."""
        found = []
        for node in self._tree.top.inside():
            if node.problem is not None:
                problem = self._problem(node, language)
                if problem is not None:
                    found.append(problem)
        return tuple(found)

    def validate(self, key: NodeKey | None = None, language: str = "nl") -> tuple[Problem, ...]:
        """Check one question, or all, against the moment of now, and give their problems.

        Constraints are evaluated again even when nothing they read was answered: what they ask of
        the clock may have changed. Raises AnswerRefused for a key that is no leaf.
        """
        nodes = list(self._tree.top.inside()) if key is None else [self._leaf(key)]
        self._engine.begin()
        self._engine.check(nodes)
        self._settled()
        found = [self._problem(node, language) for node in nodes if node.problem is not None]
        return tuple(problem for problem in found if problem is not None)

    def _problem(self, node: InstanceNode, language: str) -> Problem | None:
        kind = node.problem
        if kind is None:
            return None
        bind = node.definition.bind
        message = None
        if bind is not None:
            message = bind.required_message if kind == "required" else bind.constraint_message
        if message is not None:
            text = self._texts.show(message, node, language, self._engine.frame)
        else:
            ref = TextRef("required" if kind == "required" else "constraint", "")
            text = self._texts.plain(ref, _DEFAULT_PROBLEMS[kind], language)
        return Problem(node.key, kind, text)

    # -- answering -----------------------------------------------------------------------------

    def answer(self, key: NodeKey, value: str) -> Changes:
        """Store a value (XForms lexical string; "" clears it).

        Digits of any script are taken and stored as ASCII. Raises AnswerRefused, with nothing
        changed, for a value that does not fit the type, that is not among the choices, or for a
        node that is readonly or computed. A violated constraint is stored and reported.
        """
        node = self._leaf(key)
        text = self._accepted(node, value)
        self._engine.begin()
        before = node.state
        self._engine.put(node, text)
        node.mark = AnswerState.NONE
        return self._done(node, before)

    def _accepted(self, node: InstanceNode, value: str) -> str:
        definition = node.definition
        control = definition.control
        path = definition.path
        if control is None:
            raise AnswerRefused(RefusalCode.NOT_A_QUESTION, path)
        if _is_readonly(node):
            raise AnswerRefused(RefusalCode.READONLY, path)
        text = accept(value, definition.data_type, path)
        if not text:
            return ""
        # the choices of a range only name some of its steps
        if control.choices is not None and control.kind != "range":
            offered = {c.value for c in self._choices(node)}
            if control.kind == "select1":
                chosen = [text]
            else:
                chosen = text.split()
                text = " ".join(dict.fromkeys(chosen))
            if not offered.issuperset(chosen):
                raise AnswerRefused(RefusalCode.NOT_A_CHOICE, path)
        if control.kind == "range":
            low, high = sorted(float(control.parameters[k]) for k in ("start", "end"))
            if not low <= float(text) <= high:
                raise AnswerRefused(RefusalCode.OUT_OF_RANGE, path)
        if control.kind == "trigger" and text != "OK":
            raise AnswerRefused(RefusalCode.NOT_A_CHOICE, path)
        return text

    def set_state(self, key: NodeKey, state: AnswerState) -> Changes:
        """Say that there is no answer, and why; the value is cleared, "required" is satisfied.

        NONE clears both. ANSWERED comes from `answer` only: without a value it is refused.
        """
        node = self._leaf(key)
        if node.definition.control is None:
            raise AnswerRefused(RefusalCode.NOT_A_QUESTION, key.path)
        if _is_readonly(node):
            raise AnswerRefused(RefusalCode.READONLY, key.path)
        self._engine.begin()
        before = node.state
        if state is AnswerState.ANSWERED:
            if not node.text:
                raise AnswerRefused(RefusalCode.NOT_A_QUESTION, key.path)
            return self._done(node, before)
        self._engine.put(node, "")
        node.mark = state
        return self._done(node, before)

    def _done(self, node: InstanceNode, before: AnswerState) -> Changes:
        collected = self._engine.collected
        collected.touched[node] = None
        if node.state is not before:
            collected.states.add(node.key)
        else:
            collected.states.discard(node.key)
        return self._settled()

    def _settled(self) -> Changes:
        self._engine.settle()
        changes = self._engine.finish()
        grown = (*changes.repeats_added, *changes.repeats_removed)
        self._pages_changed.update(key.path for key in changes.relevance)
        self._pages_changed.update(path for path, _ in grown)
        return changes

    @property
    def language(self) -> str:
        """The language of texts inside calculations (jr:itext(), jr:choice-name())."""
        return self._texts.language

    def set_language(self, language: str) -> Changes:
        """Switch the language of texts inside calculations and labels.

        Labels are worked out again; a calculated value keeps its language until something it reads
        changes, as in JavaRosa. What `view` and `title` show is in the language they are asked for.
        """
        self._engine.begin()
        self._texts.language = language
        self._engine.spoken()
        return self._settled()

    # -- repeats -------------------------------------------------------------------------------

    def repeats(self, path: str, parent: UUID | None = None) -> tuple[UUID, ...]:
        """The instances of a repeat, in order; `parent` is the repeat instance around it."""
        definition = self._repeat(path)
        holder = self._holder(definition, parent)
        return tuple(
            n.repeat_id for n in self._tree.instances(holder, definition) if n.repeat_id is not None
        )

    def add_repeat(
        self, path: str, parent: UUID | None = None, *, at: int | None = None
    ) -> tuple[UUID, Changes]:
        """A new instance, last or at index `at` (from 0).

        Raises AnswerRefused when the number follows from the form or the repeat is not relevant.
        """
        definition = self._repeat(path)
        holder = self._holder(definition, parent)
        if definition.count is not None or definition.fixed:
            raise AnswerRefused(RefusalCode.FIXED_COUNT, path)
        if not holder.ranges[definition.name].relevant:
            raise AnswerRefused(RefusalCode.NOT_RELEVANT, path)
        present = len(self._tree.instances(holder, definition))
        if present >= self._engine.max_instances:
            raise AnswerRefused(RefusalCode.TOO_MANY, path)
        self._engine.begin()
        index = present if at is None else min(max(at, 0), present)
        node = self._engine.add(holder, definition, index)
        if node.repeat_id is None:
            raise AnswerRefused(RefusalCode.UNKNOWN_KEY, path)
        return node.repeat_id, self._settled()

    def remove_repeat(self, path: str, instance: UUID) -> Changes:
        """Remove one instance with all answers in it. Raises AnswerRefused as `add_repeat`."""
        definition = self._repeat(path)
        node = self._tree.repeats.get(instance)
        if node is None or node.definition is not definition:
            raise AnswerRefused(RefusalCode.UNKNOWN_KEY, path)
        if definition.count is not None or definition.fixed:
            raise AnswerRefused(RefusalCode.FIXED_COUNT, path)
        self._engine.begin()
        self._engine.take_out(node)
        return self._settled()

    def move_repeat(self, path: str, instance: UUID, to: int) -> Changes:
        """Put one instance at index `to` (from 0) among those of its parent, with all it holds.

        An index outside counts as the first or last place. Raises AnswerRefused as `remove_repeat`.
        """
        definition = self._repeat(path)
        node = self._tree.repeats.get(instance)
        if node is None or node.definition is not definition:
            raise AnswerRefused(RefusalCode.UNKNOWN_KEY, path)
        if definition.count is not None or definition.fixed:
            raise AnswerRefused(RefusalCode.FIXED_COUNT, path)
        self._engine.begin()
        self._engine.move(node, to)
        self._pages = None
        return self._settled()

    def _repeat(self, path: str) -> NodeDefinition:
        definition = self._definition(path)
        if not definition.is_repeat:
            raise AnswerRefused(RefusalCode.UNKNOWN_KEY, path)
        return definition

    def _holder(self, repeat: NodeDefinition, parent: UUID | None) -> InstanceNode:
        around = repeat.parent
        node = None if around is None else self._tree.by_key.get(NodeKey(around.path, parent))
        if node is None:
            raise AnswerRefused(RefusalCode.UNKNOWN_KEY, repeat.path)
        return node

    # -- storing -------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """All answers, states and repeat instances, hidden ones included."""
        return snapshot_of(self.form, self._tree)

    @classmethod
    def from_xml(
        cls,
        form: FormDefinition,
        xml: bytes,
        *,
        now: Callable[[], datetime],
        uuid: Callable[[], UUID],
        random: Callable[[], float],
        texts: Texts | None = None,
    ) -> tuple[FormSession, tuple[tuple[str, str], ...]]:
        """A session over a filling in instance XML, and what in it the form has no place for.

        `instance_xml` of the session gives the same nodes in the same order, as far as they are
        still relevant. Raises FormError as `read_instance`.
        """
        found = read_instance(form, xml, uuid)
        session = cls(form, now=now, uuid=uuid, random=random, texts=texts, snapshot=found.snapshot)
        if found.instance_id and session._own_id:
            session._own_id = found.instance_id
        return session, found.orphans

    def instance_xml(self) -> bytes:
        """The filling as XForms instance XML (UTF-8), without what is not relevant."""
        return write_instance(self.form, self._tree.top, self._host, self._own_id)

    # -- finding -------------------------------------------------------------------------------

    def _leaf(self, key: NodeKey) -> InstanceNode:
        node = self._tree.by_key.get(key)
        if node is None:
            raise AnswerRefused(RefusalCode.UNKNOWN_KEY, key.path)
        if node.definition.children:
            raise AnswerRefused(RefusalCode.NOT_A_QUESTION, key.path)
        return node

    def _definition(self, path: str) -> NodeDefinition:
        definition = self.form.model.nodes.get(path)
        if definition is None:
            raise AnswerRefused(RefusalCode.UNKNOWN_KEY, path)
        return definition


def _is_readonly(node: InstanceNode) -> bool:
    """Readonly is inherited, as in JavaRosa."""
    place: Node | None = node
    while isinstance(place, InstanceNode):
        if place.readonly:
            return True
        place = place.parent
    return False
