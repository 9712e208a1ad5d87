from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from intake_app.i18n.review import LedgerError, Review, ReviewLedger, text_hash

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[[reviewed]]
language = "ar"
domain = "forms_intake"
context = "intake/label/x"
hash = "{hash}"
reviewer = "S. Voorbeeld"
date = 2026-03-01
"""


def test_a_review_counts_for_exactly_that_source_and_translation(tmp_path: Path) -> None:
    file = tmp_path / "REVIEW.toml"
    file.write_text(GOOD.format(hash=text_hash("Werk", "عمل")), encoding="utf-8")
    ledger = ReviewLedger.read(file)
    assert ledger.reviews[0].date == date(2026, 3, 1)
    where = ("ar", "forms_intake", "intake/label/x")
    assert ledger.status(*where, "Werk", "عمل") == "reviewed"
    assert ledger.status(*where, "Werk", "العمل") == "unreviewed"
    assert ledger.status(*where, "Uw werk", "عمل") == "unreviewed"
    assert ledger.status("ti", *where[1:], "Werk", "عمل") == "unreviewed"
    assert ledger.status(*where[:2], "intake/hint/x", "Werk", "عمل") == "unreviewed"


def test_source_and_translation_cannot_flow_into_each_other() -> None:
    assert text_hash("ab", "c") != text_hash("a", "bc")


def test_no_file_is_an_empty_ledger(tmp_path: Path) -> None:
    assert ReviewLedger.read(tmp_path / "REVIEW.toml").reviews == ()


@pytest.mark.parametrize(
    "body",
    [
        "reviewed = 1",
        "[[reviewed]]\nlanguage = 'ar'",
        GOOD.format(hash="x").replace("2026-03-01", "'gisteren'"),
        "not toml",
    ],
)
def test_a_damaged_ledger_is_refused(tmp_path: Path, body: str) -> None:
    file = tmp_path / "REVIEW.toml"
    file.write_text(body, encoding="utf-8")
    with pytest.raises(LedgerError):
        ReviewLedger.read(file)


def test_reviews_given_directly() -> None:
    review = Review("ti", "ui", "", text_hash("Volgende", "ቀጽል"), "S. Voorbeeld", date(2026, 3, 1))
    assert ReviewLedger([review]).status("ti", "ui", "", "Volgende", "ቀጽል") == "reviewed"
