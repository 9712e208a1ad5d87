"""The key card on paper: one page, the number large, the QR code right, the file attached."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest
from support.vaults import prepared_vault

from intake_app.documents.pages import page_images
from intake_app.documents.qr import qr_code
from intake_app.flows.key_card_page import card_pdf, save_card_page
from intake_app.handover.errors import Refusal, TargetExists
from intake_app.handover.key_card import read_key_card

GOLDEN = Path(__file__).parents[1] / "vectors" / "golden" / "sleutelkaart-v1.json"
NUMBER = "11499 20811 54890 15959 37400 14895"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return card_pdf(GOLDEN.read_bytes())


def test_one_page_that_says_everything(pdf: bytes) -> None:
    (page,) = page_images(pdf, 72)
    words = " ".join(page.text.split())
    card = read_key_card(GOLDEN.read_bytes())
    for text in ("Sleutelkaart", card.name, "0355", "1 januari 2026", NUMBER, card.sign_public):
        assert text in words
    assert card.age_recipient in page.text.replace("\r", "").replace("\n", "").replace(" ", "")
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert pdf == card_pdf(GOLDEN.read_bytes())


def test_the_code_on_the_page_is_the_number(pdf: bytes) -> None:
    code = qr_code(f"controlegetal:{NUMBER.replace(' ', '')}")
    (page,) = page_images(pdf, 254)
    width = page.width * 4
    rows = [
        [page.pixels[y * width + x * 4] < 128 for x in range(page.width)]
        for y in range(page.height)
    ]
    module = 11  # 1.1 mm at 254 dpi
    span = len(code) * module
    # The finder pattern is the first thing of its height that is wholly black at its left edge.
    for y in range(page.height - span):
        row = rows[y]
        x = next((x for x in range(page.width // 3, page.width // 2) if row[x]), None)
        if x is None or not all(rows[y + n][x + 3] for n in range(7 * module - 2)):
            continue
        middle = module // 2
        read = tuple(
            tuple(rows[y + r * module + middle][x + c * module + middle] for c in range(len(code)))
            for r in range(len(code))
        )
        if read == code:
            return
    pytest.fail("the QR code is not on the page")


def test_the_card_is_attached(pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    attachment = document.get_attachment(0)
    assert attachment.get_name() == "sleutelkaart.json"
    assert bytes(attachment.get_data()) == GOLDEN.read_bytes()
    document.close()


def test_a_changed_card_is_not_printed() -> None:
    plain = json.loads(GOLDEN.read_bytes())
    plain["card"]["name"] = "Iemand anders"
    with pytest.raises(Refusal):
        card_pdf(json.dumps(plain).encode())


def test_our_own_card(tmp_path: Path) -> None:
    vault = prepared_vault(tmp_path / "kluis")
    card = save_card_page(vault, tmp_path / "kaart.pdf")
    (page,) = page_images((tmp_path / "kaart.pdf").read_bytes(), 40)
    assert card.fingerprint in page.text
    with pytest.raises(TargetExists):
        save_card_page(vault, tmp_path / "kaart.pdf")
