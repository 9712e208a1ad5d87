"""The story of the tour: two organisations, one person, from an empty laptop to the receipt."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from intake_app.app import application
from intake_app.app import theme as platform_theme
from intake_app.cli import codes
from intake_app.crypto.sshsig import generate_signing_key
from intake_app.domain.environment import Environment, real_environment
from intake_app.flows.address_book import make_book
from intake_app.flows.desk import today
from intake_app.handover.address_book import read_book, root_fingerprint
from intake_app.handover.key_card import read_key_card
from intake_app.tour import handing_over, interviewing, starting
from intake_app.tour.hands import NotThere
from intake_app.tour.side import Side

SIZE = (1366, 768)


def run(folder: Path, say: Callable[[str], None] = print) -> int:
    """Do the main job in windows; leave pictures, file, PDF and receipt in `folder`.

    Returns an exit code; prints a line per step with the seconds since the start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()

    def step(text: str) -> None:
        say(f"{time.monotonic() - begun:6.1f} s  {text}")

    qInstallMessageHandler(_quiet)
    try:
        with tempfile.TemporaryDirectory(prefix="doorgaande-lijn-") as vaults:
            Tour(folder, Path(vaults), step).go()
    except NotThere as problem:
        print(f"De rondleiding is niet verder gekomen: {problem}", file=sys.stderr)  # noqa: T201
        return codes.REFUSED
    step(f"Klaar. Alles staat in {folder.name}.")
    return codes.OK


def _quiet(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what the offscreen platform repeats for every window."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)  # noqa: T201


class Tour:
    """The whole story; `folder` gets what came of it, `vaults` is thrown away afterwards."""

    def __init__(self, folder: Path, vaults: Path, step: Callable[[str], None]) -> None:
        self._folder, self._step = folder, step
        self._count = 0
        theme = platform_theme(application())
        env = real_environment()
        self._env: Environment = env
        self.azc = Side("azc", vaults / "azc", theme=theme, env=env, size=SIZE, pictures=self._keep)
        self.municipality = Side(
            "ontvangst", vaults / "ontvangst", theme=theme, env=env, size=SIZE, pictures=self._keep
        )

    def go(self) -> None:
        """Tell the story from beginning to end, and close both programs whatever happens."""
        try:
            self._tell()
        finally:
            for side in (self.azc, self.municipality):
                side.program.close()

    def _tell(self) -> None:
        azc, municipality, step = self.azc, self.municipality, self._step
        step("Kluis van de gemeente maken")
        starting.first_start(municipality, starting.MUNICIPALITY)
        card_two = starting.save_key_card(municipality, self._folder / "sleutelkaart-gemeente.json")
        municipality.step_aside()
        step("Kluis van het AZC maken")
        starting.first_start(azc, starting.AZC, pictures=True)
        card_one = starting.save_key_card(azc, self._folder / "sleutelkaart-azc.json")
        step("Adresboek ondertekenen en inlezen")
        book, number = self._sign_book(card_one, card_two)
        starting.import_book(azc, book, number)
        azc.step_aside()
        municipality.step_forward()
        starting.import_book(municipality, book, number)
        municipality.step_aside()
        azc.step_forward()
        step("Iemand registreren en koppelen")
        day = today(self._env)
        starting.register(azc, day - timedelta(days=12))
        starting.household(azc)
        step("Intake in twee talen")
        interviewing.intake(azc)
        step("NOA")
        interviewing.assessment(azc, day)
        step("Plan van aanpak")
        interviewing.plan(azc)
        step("Overdracht verzegelen")
        sealed = handing_over.seal(azc, self._folder, read_key_card(card_two.read_bytes()))
        azc.step_aside()
        municipality.step_forward()
        step("Gemeente opent, controleert en accepteert")
        receipt = handing_over.receive(municipality, sealed, self._folder, day + timedelta(days=8))
        handing_over.save_pdf(municipality, self._folder / "dossier.pdf")
        municipality.step_aside()
        azc.step_forward()
        step("Ontvangstbewijs inlezen")
        handing_over.take_receipt(azc, receipt)

    def _sign_book(self, *cards: Path) -> tuple[Path, str]:
        """Do what the region does: certify both cards with two root keys."""
        env = self._env
        roots = [generate_signing_key(env.random) for _ in range(2)]
        issued = env.now()
        raw = make_book(
            [read_key_card(card.read_bytes()) for card in cards],
            roots,
            issued=issued,
            expires=issued + timedelta(days=365),
        )
        path = self._folder / "adresboek.json"
        path.write_bytes(raw)
        return path, root_fingerprint(read_book(raw).book)

    def _keep(self, window: QWidget, title: str) -> None:
        self._count += 1
        path = self._folder / f"{self._count:02d}-{title}.png"
        if not window.grab().save(str(path)):
            raise NotThere(f"{path.name} could not be written")
