"""Where a talk was when the window locked: the field, the caret, and whether the client read along.

Kept in the vault between the end of one process and the start of the next, and used once. It holds
no text: what was typed is an answer already.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from intake_app.flows.acting import actor_of
from intake_app.ui.renew import Held, held, put_place
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.vault import Vault

_SETTING: Final = "ui.left_at"


@dataclass(frozen=True, slots=True)
class LeftAt:
    """The part that had the focus (class, name, the how-manieth), its caret, the client's screen.

    `caret` is (anchor, position); None where the part is no field.
    """

    interview_id: UUID
    part: tuple[str, str, int] | None
    caret: tuple[int, int] | None
    client_screen: bool

    def show(self, page: QWidget) -> None:
        """Put focus and caret back in a page that is shown."""
        if self.part is not None:
            carets = {} if self.caret is None else {self.part: self.caret}
            put_place(page, Held({}, Counter(), carets, {}, self.part))


def leave_at(page: QWidget, interview_id: UUID, *, client_screen: bool) -> LeftAt:
    """Return where a page is now, also when its window was just hidden."""
    before = held(page)
    part = before.focus
    focused = page.window().focusWidget()
    if part is None and focused is not None and page.isAncestorOf(focused):
        # the last field keeps its place in a window that is not there any more
        focused.setFocus()
        part = held(page).focus
    caret = None if part is None else before.carets.get(part)
    return LeftAt(interview_id, part, caret, client_screen)


def keep(vault: Vault, left: LeftAt) -> None:
    """Keep it for the next process; where that fails, the talk still opens at its question."""
    plain = json.dumps(
        [str(left.interview_id), left.part, left.caret, left.client_screen], ensure_ascii=True
    )
    try:
        with vault.transaction(actor_of(vault), "scherm onthouden") as tx:
            tx.settings.set(_SETTING, plain)
    except VaultError:
        return


def take(vault: Vault) -> LeftAt | None:
    """Return what was kept and forget it; None for nothing, or nothing that can be read."""
    with vault.read() as records:
        plain = records.settings.get(_SETTING, "")
    if not plain:
        return None
    try:
        with vault.transaction(actor_of(vault), "scherm onthouden") as tx:
            tx.settings.set(_SETTING, "")
        interview, part, caret, client = json.loads(plain)
        return LeftAt(
            UUID(interview),
            None if part is None else (str(part[0]), str(part[1]), int(part[2])),
            None if caret is None else (int(caret[0]), int(caret[1])),
            bool(client),
        )
    except (VaultError, ValueError, TypeError, IndexError, AttributeError):
        return None
