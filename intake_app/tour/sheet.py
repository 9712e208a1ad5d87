"""Contact sheets: each screen of the program in at most twelve pictures on one page, to look at.

    python -m intake_app.tour.sheet FOLDER [NAME...]

makes one PNG per screen below FOLDER, of all screens or of those whose name holds a NAME. The
twelve looks are chosen so that every two values of two axes meet: window size, scale, colours, and
the words of the program with the language of the client. Nothing real is shown.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from intake_app.cli import codes

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from intake_app.tour.kinds import ShelfWithKinds, TextsForKinds
    from intake_app.tour.looks import Look
    from intake_app.tour.screens import Screen
    from intake_app.tour.world import World

MOST = 12
_ACROSS, _WIDE, _LABEL, _GAP = 3, 640, 26, 10


@dataclass(frozen=True)
class Shot:
    """One picture on a sheet: a look in a window of some size."""

    look: Look
    size: tuple[int, int]

    def __str__(self) -> str:
        look = self.look
        words = {"nl": "nl", "ar": "ar", "long": "pseudo-long", "mirrored": "mirrored"}[look.words]
        scale = round(look.scale * 100)
        return f"{self.size[0]}×{self.size[1]} · {scale} % · {look.colours} · {words}+{look.client}"


def shots() -> tuple[Shot, ...]:
    """Return the looks of a sheet: pairwise over all axes, at most twelve."""
    from intake_app.tour.looks import COLOURS, SCALES, SIZES, Colours, Look, Words, pairwise_rows

    speaking = (("nl", "ar"), ("nl", "ti"), ("long", "ti"), ("mirrored", "ar"))
    axes = {"size": SIZES, "scale": SCALES, "colours": COLOURS, "speaking": speaking}
    made = []
    for row in pairwise_rows(axes):
        words, client = cast("tuple[Words, str]", row["speaking"])
        look = Look(cast("Colours", row["colours"]), cast("float", row["scale"]), words, client)
        made.append(Shot(look, cast("tuple[int, int]", row["size"])))
    return tuple(made[:MOST])


class Photographer:
    """Takes the pictures; the windows are never on a screen."""

    def __init__(
        self, app: QApplication, world: World, texts: TextsForKinds, shelf: ShelfWithKinds
    ) -> None:
        self._app, self._world, self._texts, self._shelf = app, world, texts, shelf

    def take(self, screens: Sequence[Screen], folder: Path) -> list[Path]:
        """Return the sheets, one per screen, written below `folder`."""
        from intake_app.tour.looks import dress, undress

        pictures: dict[str, list[tuple[Shot, QImage]]] = {screen.name: [] for screen in screens}
        # by theme: putting one on costs more than a window does
        by_theme = sorted(shots(), key=lambda shot: (shot.look.colours, shot.look.scale))
        for shot in by_theme:
            theme = dress(self._app, shot.look)
            for screen in screens:
                from intake_app.tour.studio import Studio

                studio = Studio(self._world, shot.look, theme, self._texts, self._shelf)
                pictures[screen.name].append((shot, self._picture(screen, studio, shot)))
                studio.done()
        undress(self._app)
        made = []
        for name, taken in pictures.items():
            path = folder / f"{name}.png"
            taken.sort(key=lambda pair: (pair[0].look.scale, str(pair[0])))
            sheet(name, taken).save(str(path))
            made.append(path)
        return made

    def _picture(self, screen: Screen, studio: object, shot: Shot) -> QImage:
        from intake_app.tour.studio import Studio, settle

        window = screen.make(cast("Studio", studio))
        if not screen.free:
            window.resize(*shot.size)
        window.show()
        window.activateWindow()
        settle(self._app)
        if screen.after is not None:
            screen.after(window)
        settle(self._app, 6)
        image = window.grab().toImage()
        window.close()
        window.deleteLater()
        settle(self._app, 1)
        return image


def sheet(title: str, taken: Sequence[tuple[Shot, QImage]]) -> QImage:
    """Return one page with the pictures three across, each with what it shows above it."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    small = [
        (shot, image.scaledToWidth(_WIDE, Qt.TransformationMode.SmoothTransformation))
        if image.width() > _WIDE
        else (shot, image)
        for shot, image in taken
    ]
    rows = [small[at : at + _ACROSS] for at in range(0, len(small), _ACROSS)]
    heights = [max(image.height() for _, image in row) + _LABEL + _GAP for row in rows]
    width = _ACROSS * (_WIDE + _GAP) + _GAP
    page = QImage(width, sum(heights) + _LABEL + 2 * _GAP, QImage.Format.Format_RGB32)
    page.fill(QColor("#808080"))
    painter = QPainter(page)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(_GAP, _GAP + 14, title)
    top = _LABEL + _GAP
    for row, height in zip(rows, heights, strict=True):
        for column, (shot, image) in enumerate(row):
            left = _GAP + column * (_WIDE + _GAP)
            words = QRect(left, top, _WIDE, _LABEL)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, str(shot))
            painter.drawImage(left, top + _LABEL, image)
        top += height
    painter.end()
    return page


def main(arguments: Sequence[str]) -> int:
    """Make the sheets; returns an exit code."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)  # noqa: T201
        return codes.USAGE
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from intake_app.app import application, catalogues
    from intake_app.tour.kinds import ShelfWithKinds, TextsForKinds
    from intake_app.tour.screens import SCREENS
    from intake_app.tour.world import copy_world, make_world

    folder, names = Path(arguments[0]), arguments[1:]
    wanted = [s for s in SCREENS if not names or any(name in s.name for name in names)]
    if not wanted:
        print("No screen has such a name.", file=sys.stderr)  # noqa: T201
        return codes.USAGE
    folder.mkdir(parents=True, exist_ok=True)
    app = application()
    texts = catalogues()
    with tempfile.TemporaryDirectory(prefix="doorgaande-lijn-") as place:
        made = make_world(Path(place) / "gemaakt")
        world = copy_world(made, Path(place) / "gebruikt")
        try:
            photographer = Photographer(
                app, world, TextsForKinds(texts.compiled, texts.review),
                ShelfWithKinds(texts.compiled),
            )  # fmt: skip
            paths = photographer.take(wanted, folder)
        finally:
            world.close()
    print(f"{len(paths)} sheets in {folder}")  # noqa: T201
    return codes.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
