"""What every screen is given: the vault, the forms, the texts, the theme, and the way about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.formio.library import Library
    from intake_app.i18n.catalogues import Catalogues, UiTexts
    from intake_app.ui.bridge import VaultBridge
    from intake_app.ui.picker import FilePicker
    from intake_app.ui.speech import Speech
    from intake_app.ui.sync.bridge import SyncBridge
    from intake_app.ui.theme import Theme
    from intake_app.vault import Vault
    from intake_app.vault.wipe import Wiped


class Navigator(Protocol):
    """Goes to another page. Each call replaces the page that is shown."""

    def open_today(self) -> None: ...
    def open_people(self) -> None: ...
    def open_register(self) -> None: ...
    def open_person(self, person_id: UUID) -> None: ...
    def edit_person(self, person_id: UUID) -> None: ...
    def start_interview(self, person_id: UUID, form_id: str) -> None: ...
    def open_interview(self, interview_id: UUID) -> None: ...
    def open_plan(self, person_id: UUID) -> None: ...
    def open_handover(self, person_id: UUID) -> None: ...
    def open_handovers(self) -> None:
        """Go to the place Overdracht: what was offered, and in profile ontvangst the inbox."""
        ...

    def open_inbox(self, handover_id: UUID) -> None: ...
    def open_sync(self) -> None:
        """Go to what travels by the relay, with its history."""
        ...

    def open_settings(self) -> None: ...
    def open_setting(self, name: str) -> None:
        """Go to a page below Instellingen; `name` is a value of `ui.settings.parts.Part`."""
        ...

    def lock(self) -> None: ...
    def show_wiped(self, wiped: Wiped) -> None:
        """Show what came of an emergency wipe, and end the program after it."""
        ...


@dataclass(frozen=True)
class AppContext:
    """The open vault and everything a screen works with; made once after unlocking."""

    vault: Vault
    library: Library
    catalogues: Catalogues
    tr: UiTexts
    env: Environment
    theme: Theme
    navigate: Navigator
    pick: FilePicker
    events: VaultBridge
    sync: SyncBridge | None = None
    """What works beside the windows; None where there is no desk."""
    speech: Speech | None = None
    """What reads aloud; one for all windows, because voices take seconds to start."""
