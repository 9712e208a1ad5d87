"""The forms about a person: what is filled in on one stays until it is stored or put aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec
from uuid import UUID

from intake_app.ui.kept_typing import KeptTyping, brought_back
from intake_app.ui.kit import Notice, Page

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext

_P = ParamSpec("_P")


def is_kept(form: str) -> bool:
    """True for a form whose contents may wait in the vault before it is stored.

    A medical note may not: it is sealed to a role that the writer may lack.
    """
    return form != "medical-note"


def form_page(
    context: AppContext,
    person_id: UUID | None,
    form: str,
    *,
    stored: Callable[[UUID], None],
    aside: Callable[[], None],
    path: Path | None = None,
) -> Page:
    """Return the page of a form about a person (None: who is to be registered).

    `form` is register, person, attachment, couple, household, stay, notice or medical-note;
    `stored` goes to the person who was stored, `aside` away from the form. Raises KeyError for
    another form.
    """
    from intake_app.ui.people import forms
    from intake_app.ui.people.attachments import AddAttachmentPage
    from intake_app.ui.people.medical import MedicalNotePage
    from intake_app.ui.people.register import RegisterPage

    kept = KeptForm(context, f"{form}:{person_id or 'new'}")
    done = kept.ended(aside)
    page: Page
    if person_id is None or form == "person":
        page = RegisterPage(context, person_id, done=kept.ended(stored), cancel=done)
    elif form == "attachment":
        page = AddAttachmentPage(context, person_id, done=done, path=path)
    else:
        kind = {
            "couple": forms.CouplePage,
            "household": forms.HouseholdPage,
            "stay": forms.StayPage,
            "notice": forms.NoticePage,
            "medical-note": MedicalNotePage,
        }[form]
        page = kind(context, person_id, done=done)
    if is_kept(form):
        kept.watch(page)
    return page


class KeptForm:
    """Keeps what is filled in on one page, under a place of `flows.unsaved`."""

    def __init__(self, context: AppContext, place: str) -> None:
        self._context, self._place = context, place
        self._typing: KeptTyping | None = None

    def ended(self, go: Callable[_P, None]) -> Callable[_P, None]:
        """Return `go` for the buttons that store the form or put it aside: nothing is kept then."""

        def going(*args: _P.args, **kwargs: _P.kwargs) -> None:
            if self._typing is not None:
                self._typing.forget()
            go(*args, **kwargs)

        return going

    def watch(self, page: Page) -> None:
        """Fill in what was kept of this page, say so at its top, and keep what follows."""
        tr = self._context.tr
        notice = Notice(self._context.theme, "info", "")
        notice.hide()
        page.body.insertWidget(0, notice)
        typing = self._typing = KeptTyping(self._context.vault, self._place, page)
        typing.told.connect(lambda told: notice.set_notice("err", tr.said(told)))
        if typing.bring_back():
            notice.set_notice("info", brought_back(tr))
