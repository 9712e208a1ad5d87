"""Sentences for a person that come from where no window is: Dutch, and ready to be translated.

The core speaks Dutch. A `Sentence` is that Dutch text, and still knows the text translators get and
what was filled in; `UiTexts.said` makes it the language of the window. `Told` is the base of errors
that say such a sentence. This module may be used anywhere, so it uses nothing.

Translators get the text in `Sentence(…)`, the text given to an error where it is raised, and the
`sentence` of a class (`i18n/words.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self, cast


class Sentence(str):
    """A Dutch text for a person: `msgid` with `fields` filled in.

    It is a text as any other; what is made of it (joined, cut) is plain text again. A field that is
    a Sentence or an error that says one is translated along.
    """

    __slots__ = ("fields", "msgid")

    msgid: str
    fields: Mapping[str, object]

    def __new__(cls, msgid: str = "", /, **fields: object) -> Self:
        """Fill `fields` in, as str.format does; without any, a Sentence stays what it is."""
        if isinstance(msgid, cls) and not fields:
            return msgid
        source = msgid.msgid if isinstance(msgid, Sentence) else msgid
        made = super().__new__(cls, source.format(**fields) if fields else source)
        made.msgid, made.fields = source, MappingProxyType(fields)
        return made

    def __str__(self) -> Sentence:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.msgid, dict(self.fields))

    def format(self, *args: object, **fields: object) -> Sentence:
        """Return the sentence with other fields filled in, still to be translated."""
        if args:
            raise TypeError("the fields of a sentence have names")
        return Sentence(self.msgid, **fields)

    @classmethod
    def joined(cls, parts: Iterable[str]) -> Self:
        """Put sentences after each other, with a space in between."""
        each = {f"part_{number}": Sentence(part) for number, part in enumerate(parts)}
        return cls(" ".join(f"{{{name}}}" for name in each), **each)

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return it in another language; `translate` gives the text for a `msgid`.

        A translation whose fields do not fit gives the Dutch, never an error.
        """
        found = translate(self.msgid)
        if not self.fields:
            return found
        fields = {name: _in(value, translate) for name, value in self.fields.items()}
        try:
            return found.format(**fields)
        except (KeyError, IndexError, ValueError):
            return self.msgid.format(**fields)


class Told(Exception):
    """An error for the person at the screen; `str()` is the `Sentence` that says it.

    What happened, what it means, what to do; without personal data.
    """

    sentence: ClassVar[str] = ""
    """What an error of this class says when nothing else is given."""

    def __init__(self, sentence: str = "", /, **fields: object) -> None:
        """Say `sentence`, or that of the class, with `fields` filled in."""
        super().__init__(Sentence(sentence or self.sentence, **fields))

    def __str__(self) -> Sentence:
        return cast("Sentence", self.args[0])


def _again(msgid: str, fields: dict[str, object]) -> Sentence:
    return Sentence(msgid, **fields)


def _in(value: object, translate: Callable[[str], str]) -> object:
    """Return a field in the other language, where it is a text for translators."""
    told = str(value) if isinstance(value, Told) else value
    return told.translated(translate) if isinstance(told, Sentence) else value
