"""How somebody wants the windows to look, and the colours of their organisation.

Look and text size belong to one user, the colours to the vault: a municipality has one house style.
Both stand in the vault, so the windows before unlocking know nothing of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from intake_app.flows.acting import actor_of

if TYPE_CHECKING:
    from intake_app.vault import Vault

SMALLEST_TEXT: Final = 100
LARGEST_TEXT: Final = 200
"""Text in percents of what the platform asks for; EN 301 549 11.7 asks for up to 200 %."""

_LOOK, _TEXT, _COLOURS = "ui.look", "ui.text_percent", "ui.own_colours"


class Look(StrEnum):
    """Which colours to use."""

    PLATFORM = "platform"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user at the keyboard wants. `text_percent` is 100 to 200.

    `own_colours` is the token file of the organisation as it was read, '' for the standard; it was
    checked when it came in, and has to be checked again when it is used.
    """

    look: Look = Look.PLATFORM
    text_percent: int = SMALLEST_TEXT
    own_colours: str = ""


def wishes(vault: Vault) -> Wishes:
    """Return what was kept; anything that cannot be understood counts as never set."""
    user = vault.user.user_id
    with vault.read() as records:
        look = records.settings.get(f"{_LOOK}.{user}", "") or ""
        percent = records.settings.get(f"{_TEXT}.{user}", "") or ""
        colours = records.settings.get(_COLOURS, "") or ""
    known = Look(look) if look in set(Look) else Look.PLATFORM
    return Wishes(known, _within(int(percent)) if percent.isdecimal() else SMALLEST_TEXT, colours)


def choose_look(vault: Vault, look: Look) -> None:
    """Keep which colours the user wants."""
    _keep(vault, f"{_LOOK}.{vault.user.user_id}", look.value)


def choose_text_size(vault: Vault, percent: int) -> None:
    """Keep how large text is for the user; brought within 100 to 200."""
    _keep(vault, f"{_TEXT}.{vault.user.user_id}", str(_within(percent)))


def use_own_colours(vault: Vault, text: str) -> None:
    """Keep the token file of the organisation, '' to go back to the standard."""
    _keep(vault, _COLOURS, text)


def _keep(vault: Vault, name: str, value: str) -> None:
    with vault.transaction(actor_of(vault), "uiterlijk instellen") as tx:
        tx.settings.set(name, value)


def _within(percent: int) -> int:
    return min(LARGEST_TEXT, max(SMALLEST_TEXT, percent))
