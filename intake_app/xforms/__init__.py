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
from intake_app.xforms.outline import OutlineItem
from intake_app.xforms.session import FormSession
from intake_app.xforms.xml_in import ReadInstance, read_instance

__all__ = [
    "AnswerRefused",
    "AnswerState",
    "Changes",
    "ChoiceView",
    "FormDefinition",
    "FormError",
    "FormSession",
    "NodeKey",
    "OutlineItem",
    "Page",
    "PageKey",
    "Problem",
    "QuestionDefinition",
    "QuestionKind",
    "QuestionView",
    "ReadInstance",
    "RefusalCode",
    "Section",
    "ShownText",
    "Snapshot",
    "StoredAnswer",
    "StoredRepeat",
    "TextRef",
    "Texts",
    "parse_form",
    "read_instance",
]
