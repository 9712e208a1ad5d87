"""How questions are answered on screen: one widget class per kind, one factory."""

from __future__ import annotations

from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.factory import answer_widget

__all__ = ["AnswerWidget", "Tools", "answer_widget"]
