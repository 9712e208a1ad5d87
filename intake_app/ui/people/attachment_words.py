"""How attachments are named on every screen."""

from __future__ import annotations

from intake_app.domain.attachment import Attachment
from intake_app.domain.sharing import SharingRule, Verdict
from intake_app.flows import attachments, recordings
from intake_app.flows.attachments import AnswerUse
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words
from intake_app.ui.interview.sharing_line import role_word, verdict_word
from intake_app.ui.kit import Kind
from intake_app.ui.progress import size_text

_TYPES = {
    attachments.PDF: "PDF",
    attachments.JPEG: "foto",
    attachments.PNG: "foto",
    attachments.TEXT: "tekst",
    recordings.WAV: "geluidsopname",
    recordings.MP3: "geluidsopname",
}


def title(tr: UiTexts, attachment: Attachment) -> str:
    """Return the title; of a sealed one that it is there and for whom."""
    if attachment.is_sealed:
        return tr.gettext("Alleen voor de medische rol")
    return isolate(attachment.title)


def type_and_size(tr: UiTexts, media_type: str, size: int) -> str:
    """Return "PDF, 1,2 MB"."""
    kind = tr.gettext(_TYPES[media_type]) if media_type in _TYPES else tr.gettext("bestand")
    return f"{kind}, {size_text(size)}"


def caption(tr: UiTexts, attachment: Attachment, added_by: str = "") -> str:
    """Return kind, size, day and who, as far as they are known."""
    parts = []
    if not attachment.is_sealed:
        parts.append(tr.gettext(attachments.KIND_TITLES[attachment.kind]))
        parts.append(type_and_size(tr, attachment.media_type, attachment.size))
    else:
        parts.append(size_text(attachment.size))
    parts.append(words.long_date(tr, attachment.added_at.astimezone().date()))
    if attachment.source:
        parts.append(tr.gettext("van {sender}").format(sender=isolate(attachment.source)))
    elif added_by:
        parts.append(isolate(added_by))
    return " · ".join(parts)


def mark(tr: UiTexts, rules: tuple[SharingRule, ...]) -> tuple[str, Kind]:
    """Return word and colour for what the table says of the gekoppelde gemeente."""
    found: dict[Verdict, tuple[str, Kind]] = {
        Verdict.JA: (tr.gettext("mag naar gemeente"), "ok"),
        Verdict.NA_TOESTEMMING: (tr.gettext("na toestemming"), "warn"),
        Verdict.NEE: (tr.gettext("blijft hier"), "muted"),
    }
    return found[attachments.in_short(rules)]


def answer(tr: UiTexts, rules: tuple[SharingRule, ...]) -> str:
    """Answer "mag ik dit delen?" in one line: a word per receiver."""
    parts = (f"{role_word(tr, rule.role)}: {verdict_word(tr, rule.verdict)}" for rule in rules)
    return " · ".join(parts)


def use(tr: UiTexts, use: AnswerUse | None) -> str:
    """Return what a file is to the answers; '' for what lies beside them."""
    words = {
        AnswerUse.STANDS: tr.gettext("antwoord in een gesprek"),
        AnswerUse.EARLIER: tr.gettext("eerder antwoord, gaat niet mee"),
    }
    return "" if use is None else words[use]
