"""Showing texts: the form's own language, the form's translations, or the Texts provider."""

from __future__ import annotations

import re
import unicodedata

from intake_app.xforms.definition import FormDefinition, Output, Template, TextDefinition
from intake_app.xforms.instance import Choice, InstanceNode, OwnChoice
from intake_app.xforms.load_texts import language_code
from intake_app.xforms.model import ChoiceView, ShownText, TextRef, Texts
from intake_app.xforms.xpath.scope import Frame

_PLACEHOLDER = re.compile(r"\$\{([\w.\-]+)\}")
_ISOLATE, _POP = "\u2068", "\u2069"
_TURNS = frozenset(("R", "AL", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"))
"""Classes of characters that may disturb a sentence from left to right."""
# the questions of the pages that come next, in every language; of a whole form it is megabytes
_KEPT = 48
_OPENING = "\u2066\u2067\u2068"


class TextShower:
    """Gives every text of one session in any language. `language` is that of the text being made:
    choice labels inside it follow it."""

    def __init__(self, form: FormDefinition, texts: Texts | None) -> None:
        self._form = form
        self._texts = texts
        self.language = form.model.language
        self._seen: dict[tuple[str, str], tuple[object, tuple[ChoiceView, ...]]] = {}

    def show(
        self, text: TextDefinition, node: InstanceNode, language: str, frame: Frame
    ) -> ShownText:
        """`text` in `language`, outputs filled in from `node`."""
        template, shown = self._choose(text, language)
        if not template.outputs:
            return shown
        return ShownText(
            self._fill(shown, template.outputs, node, frame), shown.language, shown.status
        )

    def choices(
        self, node: InstanceNode, choices: tuple[Choice, ...], language: str, frame: Frame
    ) -> tuple[ChoiceView, ...]:
        """`choices` of a question as they are shown; made again when it has others."""
        place = node.definition.path, language
        made_from, made = self._seen.get(place, (None, ()))
        if made_from is not choices:
            made = tuple(self._choice_view(node, choice, language, frame) for choice in choices)
            # a label with an output in it says what the answers say now
            if all(isinstance(c, OwnChoice) or not c.text.outputs() for c in choices):
                if len(self._seen) >= _KEPT:
                    self._seen.clear()
                self._seen[place] = choices, made
        return made

    def _choice_view(
        self, node: InstanceNode, choice: Choice, language: str, frame: Frame
    ) -> ChoiceView:
        control = node.definition.control
        list_name = control.choices.name if control is not None and control.choices else ""
        ref = f"{list_name}/{choice.value}"
        if isinstance(choice, OwnChoice):
            return ChoiceView(choice.value, ShownText(choice.label, language), ref)
        label = self.show(choice.text, node, language, frame)
        return ChoiceView(choice.value, label, ref, choice.text.media)

    def plain(self, ref: TextRef, source: str, language: str) -> ShownText:
        """A text of the engine itself."""
        return self._translate(ref, language, source)

    def _choose(self, text: TextDefinition, language: str) -> tuple[Template, ShownText]:
        own = text.translations.get(language)
        if own is not None:
            return own, ShownText(own.text, language)
        source = text.source
        if text.translations and self._form.model.language in text.translations:
            source = text.translations[self._form.model.language]
        return source, self._translate(text.ref, language, source.text)

    def _translate(self, ref: TextRef, language: str, source: str) -> ShownText:
        own = self._form.model.language
        if language == own:
            return ShownText(source, own)
        if self._texts is None:
            return ShownText(source, own, "missing")
        return self._texts.text(self._form.form_id, ref, language, source)

    def _fill(
        self, shown: ShownText, outputs: tuple[Output, ...], node: InstanceNode, frame: Frame
    ) -> str:
        by_name = {o.placeholder: o for o in outputs}
        before, current = self.language, frame.current
        self.language = shown.language
        frame.current = node

        def value(match: re.Match[str]) -> str:
            output = by_name.get(match[1])
            return match[0] if output is None else self._value(output, node, frame)

        try:
            filled = _PLACEHOLDER.sub(value, shown.text)
        finally:
            self.language, frame.current = before, current
        return filled

    def _value(self, output: Output, node: InstanceNode, frame: Frame) -> str:
        text = output.compiled.string()(node, frame)
        if not text:
            return ""
        question = output.question
        if self._texts is not None and question is not None and output.compiled.single is not None:
            found = output.compiled.single(node, frame)
            control = question.control
            if isinstance(found, InstanceNode) and control is not None and control.choices:
                text = ", ".join(self.choice(found, value, frame) for value in text.split())
        # Keep the direction of what was filled in from disturbing the sentence (Unicode UAX 9).
        if any(unicodedata.bidirectional(c) in _TURNS for c in text) or (
            self.language != self._form.model.language
        ):
            return f"{_ISOLATE}{_closed(text)}{_POP}" if self._texts is not None else text
        return text

    def choice(self, node: InstanceNode, value: str, frame: Frame) -> str:
        """The label of one choice of a select, in the language of the text being made."""
        control = node.definition.control
        if control is None or control.choices is None:
            return ""
        candidates = node.choices if node.choices is not None else control.choices.fixed
        for choice in candidates:
            if choice.value != value:
                continue
            if isinstance(choice, OwnChoice):
                return choice.label
            return self.show(choice.text, node, self.language, frame).text
        items = control.choices.items
        known = None if items is None else items.valued(value)
        return "" if known is None else self.show(known.text, node, self.language, frame).text

    def itext(self, text_id: str, form: str = "") -> str:
        """An itext by its id in the language of the text being made; "" when there is none."""
        itext = self._form.model.itext
        wanted = [n for n in itext.languages if language_code(n) == self.language]
        for name in (*wanted, itext.default, *itext.languages):
            text = itext.plain(name, text_id, form)
            if text is not None:
                return text
        return ""


def _closed(text: str) -> str:
    """`text` without ends of isolates it did not open, and with those it left open closed."""
    kept: list[str] = []
    depth = 0
    for char in text:
        if char == _POP and depth == 0:
            continue
        depth += (char in _OPENING) - (char == _POP)
        kept.append(char)
    return "".join(kept) + _POP * depth
