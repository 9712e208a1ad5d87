"""Before the vault is open: first start, unlocking, recovering, rescue, and after a wipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QWidget

from intake_app.domain.actor import Profile
from intake_app.tour import world as places
from intake_app.tour.screens.listing import Screen
from intake_app.tour.studio import Nowhere, Studio
from intake_app.ui.start.first import FirstStart, SetUpAnswers
from intake_app.ui.start.frame import StartFrame
from intake_app.ui.start.recover import RecoverFlow
from intake_app.ui.start.rescue import RescueWindow
from intake_app.ui.start.unlock import UnlockWindow
from intake_app.ui.start.wiped import WipedWindow
from intake_app.vault.rescue import Damage, TableState
from intake_app.vault.wipe import Wiped

_SENTENCE = "vijf losse woorden op papier"


@dataclass(frozen=True)
class _Somebody:
    user_id: UUID
    name: str


_PEOPLE = (_Somebody(UUID(int=1), "Samira"), _Somebody(UUID(int=2), "Wim van de Oever"))


def _first(step: int, *, again: bool = False, **answers: object) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        window = FirstStart(
            studio.theme,
            studio.tr,
            create=_nothing,
            generate=lambda: _SENTENCE,
            folder=Path("/kluis"),
            practise=lambda: None,
            restore=lambda: None,
        )
        window.answers = SetUpAnswers(
            Profile.ONTVANGST, "Sociale Dienst", ("0355", "0310"), user_name="Samira"
        )
        if answers:
            window.answers = SetUpAnswers(**answers)  # type: ignore[arg-type]
        window.go_to(step)
        if again:
            window.next_step()
        return window

    return make


def _unlock(*, wait: int = 0, forgotten: bool = True) -> Callable[[Studio], QWidget]:
    return lambda studio: UnlockWindow(
        studio.theme,
        studio.tr,
        unlock=_nothing,
        pause_left=lambda: wait,
        practice=True,
        forgotten=(lambda: _flow(studio)) if forgotten else None,
    )


def _flow(studio: Studio) -> RecoverFlow:
    return RecoverFlow(
        studio.theme,
        studio.tr,
        who=lambda *_words: _PEOPLE,
        recover=lambda *_all: None,
        generate=lambda: _SENTENCE,
    )


def _recover(*, found: bool) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        window = StartFrame(studio.theme, studio.tr)
        flow = _flow(studio)
        if found:
            flow._found(_SENTENCE, _SENTENCE)  # noqa: SLF001  (what follows two right cards)
        window.show_page(flow)
        return window

    return make


def _rescue(*, there: bool, cards: bool = False) -> Callable[[Studio], RescueWindow]:
    def make(studio: Studio) -> RescueWindow:
        folder = studio.world.folder / (places.EMPTY.name if there else "nergens")
        window = RescueWindow(
            studio.theme,
            studio.tr,
            folder=folder,
            env=studio.vault(places.EMPTY).env,
            pick=Nowhere(),
            practice=there,
        )
        if cards:
            window._swap()  # noqa: SLF001  (the link "Met herstelkaarten")
        return window

    return make


def _looked(damage: Damage) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        window = _rescue(there=True)(studio)
        window._looked((damage, True))  # noqa: SLF001
        return window

    return make


_WHOLE = Damage(opens=True, lines=(), tables=(TableState("person", 12, 0),))
_BROKEN = Damage(
    opens=True,
    lines=("page 12",),
    tables=tuple(
        TableState(name, 1200, 2)
        for name in ("person", "answer_history", "attachment_chunk", "onbekende_tabel")
    ),
)
_GONE = Damage(opens=False, lines=(), tables=())


def _wiped(wiped: Wiped) -> Callable[[Studio], QWidget]:
    return lambda studio: WipedWindow(studio.theme, studio.tr, wiped, close=lambda: None)


def _nothing(*_all: object) -> None:
    """Do nothing."""


_NOT_WIPED = Wiped(keys_gone=False, keystore_gone=False, left=("kluis.db", "sleutels.json"))

SCREENS: tuple[Screen, ...] = (
    *(Screen(f"first-start-{step}", _first(step)) for step in range(6)),
    *(Screen(f"first-start-{step}-missing", _first(step, again=True, profile=Profile.AZC))
      for step in (2, 3, 4)),
    Screen("unlock", _unlock()),
    Screen("unlock-waiting", _unlock(wait=1800)),
    Screen("recover-cards", _recover(found=False)),
    Screen("recover-passphrase", _recover(found=True)),
    Screen("rescue-ask", _rescue(there=True)),
    Screen("rescue-cards", _rescue(there=True, cards=True)),
    Screen("rescue-restore", _rescue(there=False)),
    Screen("rescue-whole", _looked(_WHOLE)),
    Screen("rescue-broken", _looked(_BROKEN)),
    Screen("rescue-gone", _looked(_GONE)),
    Screen("wiped-all", _wiped(Wiped(keys_gone=True, keystore_gone=True, left=()))),
    Screen("wiped-not", _wiped(_NOT_WIPED)),
)  # fmt: skip
