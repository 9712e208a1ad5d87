from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.i18n.folding import folded, found_in


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = folded(text)
    assert folded(once) == once


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SOMALIE", "Somalië"),
        ("oekraiens", "Oekraïens"),
        ("turkce", "Türkçe"),
        ("كردي", "کوردی".replace("و", "")),
        ("فارسي", "فارسی"),
        ("العربيه", "العربية"),
        ("احمد", "أحمد"),
        ("مدرسه", "مدرسـه"),
        ("می خواهم".replace(" ", ""), "می‌خواهم"),
        ("ሀኪም", "ሐኪም"),
        ("ሰላም", "ሠላም"),
        ("ереван", "Ереван"),
        ("елка", "ёлка"),
        ("12", "۱۲"),
        ("foto's", "fotos"),
    ],
)
def test_one_letter_for_its_variants(typed: str, meant: str) -> None:
    assert folded(typed) == folded(meant)


def test_the_beginning_counts_most() -> None:
    assert found_in("ar", "Arabisch") == 3
    assert found_in("ara", "Modern Arabisch") == 2
    assert found_in("rabi", "Arabisch") == 1
    assert found_in("arab mod", "Modern Arabisch") == 1
    assert found_in("x", "Arabisch", "العربية") == 0
    assert found_in("العربيه", "Arabisch", "العربية") == 3
