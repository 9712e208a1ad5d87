"""Engine for ODK XForms: load a form, fill it in, keep everything that depends on it up to date.

Use: `parse_form` gives a `FormDefinition` (immutable, shareable); a `FormSession` is one filling of
it in memory. The engine reads no clock, makes no UUID and stores nothing: those are given to it.
"""

from __future__ import annotations

from intake_app.xforms.definition import FormDefinition
from intake_app.xforms.errors import AnswerRefused, FormError, RefusalCode
from intake_app.xforms.loader import parse_form
from intake_app.xforms.model import (
    AnswerState,
    Changes,
    ChoiceView,
    NodeKey,
    Page,
    PageKey,
    Problem,
    QuestionDefinition,
    QuestionKind,
    QuestionView,
    Section,
    ShownText,
    Snapshot,
    StoredAnswer,
    StoredRepeat,
    TextRef,
    Texts,
)
from intake_app.xforms.session import FormSession

__all__ = [
    "AnswerRefused",
    "AnswerState",
    "Changes",
    "ChoiceView",
    "FormDefinition",
    "FormError",
    "FormSession",
    "NodeKey",
    "Page",
    "PageKey",
    "Problem",
    "QuestionDefinition",
    "QuestionKind",
    "QuestionView",
    "RefusalCode",
    "Section",
    "ShownText",
    "Snapshot",
    "StoredAnswer",
    "StoredRepeat",
    "TextRef",
    "Texts",
    "parse_form",
]
