"""A form about a person on the desk: what is filled in stays until it is stored or put aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec

from intake_app.ui.kept_typing import KeptTyping, brought_back
from intake_app.ui.kit import Notice, Page

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext

_P = ParamSpec("_P")


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
