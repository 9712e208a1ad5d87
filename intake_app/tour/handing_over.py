"""The handover itself: seal, receive, accept, and the receipt that comes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QLabel

from intake_app.handover.key_card import KeyCard
from intake_app.tour.hands import NotThere
from intake_app.tour.side import Side


def seal(side: Side, folder: Path, card: KeyCard) -> Path:
    """Go through the four steps and return the sealed file in `folder`."""
    hands = side.hands
    hands.click("plan-to-handover")
    hands.find("handover-page")
    side.picture("overdracht-naar-wie")
    hands.type("recipient-number", card.fingerprint)
    hands.click("handover-next")
    hands.wait(lambda: hands.seen("recipient-number") is None, "the number was not accepted")
    side.picture("overdracht-wat-gaat-mee")
    hands.click("handover-next")
    side.picture("overdracht-controle")
    hands.click("handover-next")
    side.places.ready.append(folder)
    before = set(folder.glob("overdracht-*.zip"))
    hands.click("handover-next")
    side.picture("overdracht-verzegelen")
    hands.click("handover-next")
    hands.find("history-state")
    side.picture("overdracht-aangeboden")
    made = set(folder.glob("overdracht-*.zip")) - before
    if len(made) != 1:
        raise NotThere("the sealed file is not in the folder")
    return made.pop()


def receive(side: Side, file: Path, folder: Path, talk: date) -> Path:
    """Open the file at the receiver, look, accept, and return the receipt in `folder`."""
    hands = side.hands
    side.places.ready.append(file)
    hands.click("rail-handover")
    hands.click("inbox-open-file")
    hands.find("envelope")
    side.picture("ontvangst-envelop")
    hands.click("inbox-take-in")
    hands.find("dossier-page")
    side.picture("ontvangst-dossier")
    hands.click("dossier-as-pdf")
    hands.wait(lambda: hands.seen("pdf-page") is not None, "the PDF is not drawn")
    hands.wait(lambda: _drawn(side), "the PDF is not drawn")
    side.picture("ontvangst-pdf")
    hands.click("dossier-as-pdf")
    hands.click("inbox-decide")
    side.picture("ontvangst-besluit")
    hands.date("accept-talk", talk.isoformat())
    before = set(folder.glob("ontvangst-*.age"))
    side.places.ready.append(folder)
    hands.click("inbox-accept")
    hands.wait(
        lambda: len(set(folder.glob("ontvangst-*.age")) - before) == 1,
        "the receipt is not in the folder",
    )
    side.picture("ontvangst-geaccepteerd")
    return (set(folder.glob("ontvangst-*.age")) - before).pop()


def _drawn(side: Side) -> bool:
    page = side.hands.seen("pdf-page")
    return isinstance(page, QLabel) and not page.pixmap().isNull()


def save_pdf(side: Side, target: Path) -> None:
    """Keep the dossier as the receiver got it, as PDF."""
    desk = side.program.desk
    if desk is None:
        raise NotThere("the receiver's vault is not open")
    with desk.vault.read() as records:
        target.write_bytes(records.inbox.all()[-1].dossier_pdf)


def take_receipt(side: Side, receipt: Path) -> None:
    """Read the receipt at the sender; only now the line is green to its end."""
    hands = side.hands
    side.places.ready.append(receipt)
    hands.click("rail-handover")
    hands.click("handovers-import-receipt")
    side.picture("overdracht-geaccepteerd")
    hands.click("rail-people")
    hands.find("people-list")
    side.picture("mensen")
