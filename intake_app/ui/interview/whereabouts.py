"""Where an interview is, in numbers and in words."""

from __future__ import annotations

from itertools import islice

from intake_app.flows.interview import InterviewFlow
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.xforms import NodeKey, Page, QuestionKind

COMING = 4
"""So many of the pages that an answer may bring next are looked at."""

LONG_TITLE = 14
"""From so many characters on the word 'vraag' is left out of the top line."""

SHORT_TITLE = 18
"""So many characters of a section's title fit in the top line of a narrow window."""


def page_number(flow: InterviewFlow, page: Page | None) -> tuple[int, int]:
    """Return the place of a page in its section and how many pages that has, from 1."""
    if page is None:
        return 0, 0
    pages = [other.key for other in flow.session.pages() if other.section == page.section]
    return (pages.index(page.key) + 1 if page.key in pages else 0), len(pages)


def likely_keys(flow: InterviewFlow, page: Page) -> tuple[NodeKey, ...]:
    """Return the questions that are probably wanted soon, the likeliest first.

    What begins the next page, those of `page`, and what begins the pages that an answer would put
    between and the one before.
    """
    session = flow.session
    following = session.next_page(page.key)
    keys = [] if following is None else list(following.keys[:1])
    keys += page.keys[:4]
    around = (*islice(session.coming_pages(page.key), COMING), session.previous_page(page.key))
    for other in around:
        keys += () if other is None else other.keys[:1]
    return tuple(dict.fromkeys(keys))


def page_to_come(flow: InterviewFlow, page: Page, key: NodeKey) -> Page | None:
    """Return the page of a question that an answer on `page` may bring next, as it will be then."""
    coming = islice(flow.session.coming_pages(page.key), COMING)
    return next((other for other in coming if key in other.keys), None)


def next_section(flow: InterviewFlow, page: Page) -> Page | None:
    """Return the first page of the section after that of `page`, None after the last."""
    pages = flow.session.pages()
    keys = [other.key for other in pages]
    here = keys.index(page.key) if page.key in keys else -1
    return next((other for other in pages[here + 1 :] if other.section != page.section), None)


def heading(
    tr: UiTexts,
    flow: InterviewFlow,
    page: Page | None,
    language: str = SOURCE_LANGUAGE,
    *,
    narrow: bool,
) -> str:
    """Return where we are ('Werk · vraag 3 van 8'); without a page, that we look back."""
    if page is None:
        return tr.gettext("Terugkijken")
    title = flow.session.title(page.section, language).text if page.section else ""
    if narrow and len(title) > SHORT_TITLE:
        title = title[: SHORT_TITLE - 1].rstrip() + "…"
    place, total = page_number(flow, page)
    if narrow:
        words = "{n}/{total}"
    elif len(title) > LONG_TITLE:
        words = tr.gettext("{n} van {total}")
    else:
        words = tr.gettext("vraag {n} van {total}")
    where = words.format(n=place, total=total)
    return f"{title} · {where}" if title else where


def closing_words(flow: InterviewFlow, language: str = SOURCE_LANGUAGE) -> str:
    """Return what the form tells the colleague about ending the talk, '' where it says nothing.

    That is what stands for the staff with the last note the client reads.
    """
    notes = [
        NodeKey(path)
        for path, question in flow.form.questions.items()
        if question.kind is QuestionKind.NOTE
        and question.repeat is None
        and not flow.staff_only(NodeKey(path))
    ]
    if len(notes) < 2:  # the first one opens the talk
        return ""
    guidance = flow.view(notes[-1], language).guidance
    return "" if guidance is None else guidance.text
