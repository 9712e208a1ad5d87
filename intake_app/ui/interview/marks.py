"""How far a translation can be trusted, as a mark and in words."""

from __future__ import annotations

from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.interview.questions.base import Tools
from intake_app.xforms import QuestionView


def translation_mark(other: QuestionView | None) -> str:
    """Return how far the other language can be trusted: '', missing, choices or unreviewed."""
    if other is None:
        return ""
    if other.label.status == "missing":
        return "missing"
    rest = [other.hint] if other.hint is not None else []
    rest += [choice.label for choice in other.choices]
    if any(text.status == "missing" for text in rest):
        return "choices"
    if any(text.status == "unreviewed" for text in (other.label, *rest)):
        return "unreviewed"
    return ""


def mark_text(tools: Tools, mark: str, language: str) -> str:
    """Return the words of a mark."""
    tr = tools.tr
    if mark == "missing":
        return tr.gettext("Nog niet vertaald. Dit is de Nederlandse tekst.")
    if mark == "choices":
        text = tr.gettext("Niet alles is vertaald in het {language}.")
        return text.format(language=tr.gettext(LANGUAGES[language].dutch_name))
    return tr.gettext("Machinevertaling, niet nagekeken")
