"""Which widget answers which kind of question."""

from __future__ import annotations

from intake_app.flows.answer_files import is_signed
from intake_app.ui.interview.questions.acknowledge import AcknowledgeAnswer
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.choices import ChoiceAnswer
from intake_app.ui.interview.questions.dates import PARTIAL, DateAnswer
from intake_app.ui.interview.questions.likert import LikertAnswer
from intake_app.ui.interview.questions.moment import DateTimeAnswer, TimeAnswer
from intake_app.ui.interview.questions.number import NumberAnswer
from intake_app.ui.interview.questions.plain import NothingToAnswer
from intake_app.ui.interview.questions.rank import RankAnswer
from intake_app.ui.interview.questions.scale import ScaleAnswer
from intake_app.ui.interview.questions.signature import SignatureAnswer
from intake_app.ui.interview.questions.text import TextAnswer
from intake_app.ui.interview.questions.upload import FileAnswer
from intake_app.xforms import QuestionDefinition, QuestionKind

_ON_A_LINE = frozenset({"likert", "list", "list-nolabel"})
"""Appearances that put the choices beside each other with the words under them."""


def answer_widget(definition: QuestionDefinition, tools: Tools) -> AnswerWidget:
    """Return a fresh widget for a question; a calculation, like a note, has nothing to answer."""
    match definition.kind:
        case QuestionKind.TEXT if PARTIAL in definition.appearance:
            return DateAnswer(tools)
        case QuestionKind.TEXT:
            return TextAnswer(tools, long="multiline" in definition.appearance)
        case QuestionKind.INTEGER | QuestionKind.DECIMAL:
            return NumberAnswer(tools, counter="counter" in definition.appearance)
        case QuestionKind.DATE:
            return DateAnswer(tools)
        case QuestionKind.TIME:
            return TimeAnswer(tools)
        case QuestionKind.DATETIME:
            return DateTimeAnswer(tools)
        case QuestionKind.SELECT_ONE | QuestionKind.SELECT_MULTIPLE if _ON_A_LINE.intersection(
            definition.appearance
        ):
            return LikertAnswer(tools)
        case QuestionKind.SELECT_ONE | QuestionKind.SELECT_MULTIPLE:
            return ChoiceAnswer(tools)
        case QuestionKind.RANK:
            return RankAnswer(tools)
        case QuestionKind.RANGE:
            return ScaleAnswer(tools)
        case QuestionKind.ACKNOWLEDGE:
            return AcknowledgeAnswer(tools)
        case QuestionKind.UPLOAD if is_signed(definition):
            return SignatureAnswer(tools)
        case QuestionKind.UPLOAD:
            return FileAnswer(tools)
        case QuestionKind.NOTE | QuestionKind.CALCULATED:
            return NothingToAnswer(tools)
