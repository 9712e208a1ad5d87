"""Every screen of the program in every look: nobody is kept out, and nothing is cut off.

The full product of screens, languages, sizes, scales and colours is in the slow tier; the fast one
looks at every screen once, each time in another look.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget
from support.qt import make_theme

from intake_app import app as program
from intake_app import ui
from intake_app.tour.kinds import ShelfWithKinds, TextsForKinds
from intake_app.tour.looks import (
    COLOURS,
    SCALES,
    SIZES,
    WORDS,
    Look,
    dress,
    every_look,
    pairwise_rows,
    undress,
)
from intake_app.tour.screens import PLACES, SCREENS, Screen
from intake_app.tour.studio import Studio, settle
from intake_app.tour.world import World
from intake_app.ui.a11y import SMALLEST_TARGET, Finding, check
from intake_app.ui.a11y_seen import seen, walk
from intake_app.ui.kit import Page

CLIENT_TARGET = 44
LOOKS = every_look()

ALLOWED: dict[tuple[str, str], str] = {}
"""Rule and beginning of the place of a finding that is accepted, with the reason in words."""

HALF_TRANSLATED = {
    "ar": "the words on a button may be translated where its longer name is not yet",
    "long": "each text ends in words of its own, so a name cannot hold the words on the button",
}
"""Words in which the rule about labels says nothing, with the reason; Dutch and mirrored do."""


@dataclass
class Looker:
    """Shows screens in looks and says what is wrong with them."""

    app: QApplication
    world: World
    real: TextsForKinds
    shelf: ShelfWithKinds

    def look_at(
        self, screens: Sequence[Screen], look: Look, *, walking: bool, sizes: Sequence[int] = (0, 1)
    ) -> list[str]:
        """Return what is wrong with these screens in a look, each with where it is."""
        theme = dress(self.app, look)
        wrong: list[str] = []
        for screen in screens:
            studio = Studio(self.world, look, theme, self.real, self.shelf)
            window = screen.make(studio)
            try:
                for number in sizes if not screen.free else (0,):
                    first = number == sizes[0]
                    found = self._shown(screen, window, SIZES[number], first=first)
                    if first:
                        found += seen(window)
                    if first and walking:
                        found += walk(window)
                    wrong += [
                        f"{screen.name} {look} {SIZES[number][0]}: {finding}"
                        for finding in found
                        if not allowed(finding, look)
                    ]
            finally:
                window.close()
                window.deleteLater()
                settle(self.app, 1)
                studio.done()
        return sorted(set(wrong))

    def _shown(
        self, screen: Screen, window: QWidget, size: tuple[int, int], *, first: bool
    ) -> list[Finding]:
        if not screen.free:
            window.resize(*size)
        window.show()
        window.activateWindow()
        settle(self.app)
        if first and screen.after is not None:
            screen.after(window)
            settle(self.app)
        found = list(
            check(window, smallest=CLIENT_TARGET if screen.for_client else SMALLEST_TARGET)
        )
        whole = (window.width(), window.height())
        too_large = whole != size if not screen.free else any(map(int.__gt__, whole, SIZES[0]))
        if too_large:
            found.append(Finding("clipped", type(window).__name__, f"is {whole}, not {size}"))
        return found


def allowed(finding: Finding, look: Look) -> bool:
    """Tell whether a finding has a written reason."""
    if finding.rule == "label" and look.words in HALF_TRANSLATED:
        return True
    return any(finding.rule == rule and finding.where.startswith(place) for rule, place in ALLOWED)


@pytest.fixture(scope="session")
def looker(qapp: QApplication, world: World) -> Iterator[Looker]:
    make_theme(qapp)
    shown = QFontInfo(qapp.font()).family()
    assert shown == "Noto Sans", f"measured in {shown}, which the program never shows"
    texts = program.catalogues()
    real = TextsForKinds(texts.compiled, texts.review)
    yield Looker(qapp, world, real, ShelfWithKinds(texts.compiled))
    undress(qapp)


# every theme is put on once: that costs more than a window does
THEMES = [(colours, scale) for scale in SCALES for colours in COLOURS]


ONCE = [("contrast", 2.0)]
"""The theme with the least room is put on in the fast tests; the slow ones put on all."""


@pytest.mark.parametrize(
    "theme",
    [theme if theme in ONCE else pytest.param(theme, marks=pytest.mark.slow) for theme in THEMES],
    ids=lambda theme: f"{theme[0]}-{round(theme[1] * 100)}",
)
def test_each_screen_in_one_look(looker: Looker, theme) -> None:
    wrong: list[str] = []
    for turn, words in enumerate(WORDS):
        look = next(
            look for look in LOOKS if (look.colours, look.scale, look.words) == (*theme, words)
        )
        number = THEMES.index(theme) + len(THEMES) * turn
        mine = [screen for at, screen in enumerate(SCREENS) if at % len(LOOKS) == number]
        wrong += looker.look_at(mine, look, walking=True, sizes=(0,))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("place", PLACES)
def test_every_screen_in_every_look(looker: Looker, look: Look, place: str) -> None:
    screens = PLACES[place]
    # Tab is pressed through each screen in a quarter of the looks, through every look somewhere
    turn = LOOKS.index(look) % 4
    walked = [screen for at, screen in enumerate(screens) if at % 4 == turn]
    rest = [screen for screen in screens if screen not in walked]
    wrong = looker.look_at(walked, look, walking=True)
    wrong += looker.look_at(rest, look, walking=False)
    assert wrong == []


# ---- is the list whole? --------------------------------------------------------------------------

NOT_A_SCREEN: dict[str, str] = {
    "Page": "the kit's own, of which every page is made",
    "ShortForm": "what the forms about a person have in common",
    "NewVersionPanel": "needs two versions of a form; its own tests check it as these do",
    "CameraDialog": "stands on an optional part of Qt and on a camera",
    "RecorderDialog": "stands on an optional part of Qt and on a microphone",
    "StartFrame": "what the windows before a vault is open have in common",
}
"""A page or window that is in no screen of the list, with the reason."""


def windows_of_the_program() -> dict[str, type[QWidget]]:
    """Return every page, dialog and window that `intake_app.ui` defines, by name."""
    found: dict[str, type[QWidget]] = {}
    for module in pkgutil.walk_packages(ui.__path__, ui.__name__ + "."):
        try:
            imported = importlib.import_module(module.name)
        except ModuleNotFoundError as missing:
            # what stands on an optional part of Qt shows nothing by itself
            if not str(missing.name).startswith("PySide6."):
                raise
            continue
        for name, kind in inspect.getmembers(imported, inspect.isclass):
            if kind.__module__ != module.name or not issubclass(kind, QWidget):
                continue
            window = issubclass(kind, Page | QDialog | QMainWindow) or name.endswith(
                ("Window", "Frame", "Page", "Dialog")
            )
            if window or any(base.__name__ == "StartFrame" for base in kind.__mro__):
                found[name] = kind
    return found


def unlike_ones_first() -> list[Screen]:
    """Return all screens, those in front that are the first of their kind by name or by making."""
    kinds = {
        (screen.name.partition("-")[0], screen.make.__qualname__): screen
        for screen in reversed(SCREENS)
    }
    front = [*kinds.values(), *PLACES["settings"]]
    return [*front, *(screen for screen in SCREENS if screen not in front)]


def test_no_page_or_window_is_left_out(looker: Looker) -> None:
    """Who makes a page adds it to the list, or writes here why not."""
    wanted = windows_of_the_program()
    assert len(wanted) > 40
    missing = set(wanted) - set(NOT_A_SCREEN)
    look = Look()
    theme = dress(looker.app, look)
    for screen in unlike_ones_first():
        studio = Studio(looker.world, look, theme, looker.real, looker.shelf)
        window = screen.make(studio)
        shown = {type(window).__name__}
        shown |= {type(part).__name__ for part in window.findChildren(QWidget)}
        missing -= shown
        window.close()
        window.deleteLater()
        settle(looker.app, 1)
        studio.done()
        if not missing:
            break
    assert sorted(missing) == []
    assert set(NOT_A_SCREEN) <= set(wanted), "a reason for something that is no more"


def test_the_names_of_screens_are_their_own() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names)) > 200


def test_few_rows_hold_every_pair() -> None:
    axes = {"a": (1, 2, 3), "b": ("x", "y"), "c": (True, False)}
    rows = pairwise_rows(axes)
    assert len(rows) <= 7
    for one, two in (("a", "b"), ("a", "c"), ("b", "c")):
        met = {(row[one], row[two]) for row in rows}
        assert met == {(first, second) for first in axes[one] for second in axes[two]}


def test_every_reason_is_a_sentence() -> None:
    assert all(
        len(reason.split()) > 4
        for reason in (*ALLOWED.values(), *NOT_A_SCREEN.values(), *HALF_TRANSLATED.values())
    )
