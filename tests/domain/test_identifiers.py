from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain.identifiers import (
    IdentifierProblem,
    bsn,
    email,
    masked,
    phone,
    v_number,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0070007007", "0070007007"),
        ("9999999999", "9999999999"),
        ("70.007.007", "0070007007"),
        ("70 007 007", "0070007007"),
        ("70\u00a0007\u202f007", "0070007007"),
        ("0070-007-007", "0070007007"),
        ("  70007007\n", "0070007007"),
        ("1", "0000000001"),
        ("٠٠٧٠٠٠٧٠٠٧", "0070007007"),
        ("۰۰۷۰۰۰۷۰۰۷", "0070007007"),
        ("००७०००७००७", "0070007007"),
        ("\u202b0070007007\u202c", "0070007007"),
    ],
)
def test_v_numbers_that_are_taken(text: str, number: str) -> None:
    assert v_number(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "tien cijfers"),
        ("0", "alleen nullen"),
        ("0000000000", "alleen nullen"),
        ("12345678901", "dit zijn er 11"),
        ("V123", "zonder de letter V"),
        ("v 0070007007", "zonder de letter V"),
        ("070 (oud)", "geen letters"),
        ("½", "geen letters"),
        ("፲፱", "geen letters"),
        ("+70007007", "geen letters"),
    ],
)
def test_v_numbers_that_are_refused(text: str, said: str) -> None:
    with pytest.raises(IdentifierProblem, match=said) as refused:
        v_number(text)
    assert "V-nummer" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["111222333", "111.222.333", "1112 22 333", "۱۱۱۲۲۲۳۳۳", "012345672"]
)
def test_bsns_that_are_taken(text: str) -> None:
    assert bsn(text) in {"111222333", "012345672"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("111222334", "er is een cijfer verkeerd"),
        ("000000000", "bestaat niet"),
        ("12345672", "Begint het met een 0"),
        ("1", "1 cijfer"),
        ("1112223334", "Haal weg"),
        ("abcdefghi", "geen letters"),
        ("", "negen cijfers"),
    ],
)
def test_bsns_that_are_refused(text: str, said: str) -> None:
    with pytest.raises(IdentifierProblem, match=said) as refused:
        bsn(text)
    assert "BSN" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0612345678", "0612345678"),
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("06-12345678", "06-12345678"),
        ("030 286 00 00", "030 286 00 00"),
        ("+31 6 12345678", "+31 6 12345678"),
        ("+31 (0)6 12345678", "+31 (0)6 12345678"),
        ("0031612345678", "0031612345678"),
        ("+963 11 222 3333", "+963 11 222 3333"),
        ("٠٦١٢٣٤٥٦٧٨", "0612345678"),
        ("\u200e+251 911 123456", "+251 911 123456"),
    ],
)
def test_telephone_numbers_that_are_taken(text: str, kept: str) -> None:
    assert phone(text) == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12", "begint niet goed"),
        ("612345678", "begint niet goed"),
        ("06 123456", "tien cijfers; dit heeft er 8"),
        ("06 1234567890", "dit heeft er 12"),
        ("0612345678 zus", "alleen cijfers"),
        ("06 12345678 / 06 87654321", "dit heeft er 20"),
        ("+0612345678", "Na de \\+"),
        ("+31 12", "8 tot en met 15"),
        ("+3161234567890123", "8 tot en met 15"),
        ("+", "alleen cijfers"),
    ],
)
def test_telephone_numbers_that_are_refused(text: str, said: str) -> None:
    with pytest.raises(IdentifierProblem, match=said) as refused:
        phone(text)
    assert "telefoonnummer" in str(refused.value)


@pytest.mark.parametrize("text", ["a@b.nl", " naam.achter+x@post.voorbeeld.nl ", "نور@مثال.إختبار"])
def test_addresses_that_are_taken(text: str) -> None:
    assert email(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["naam", "naam@", "@b.nl", "a@b", "a b@c.nl", "a@b@c.nl", "a@b..nl"]
)
def test_addresses_that_are_refused(text: str) -> None:
    with pytest.raises(IdentifierProblem, match="één @"):
        email(text)


def in_script(digits: str, zero: int) -> str:
    return "".join(chr(zero + int(digit)) for digit in digits)


ZEROS = st.sampled_from([0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0x1040, 0x17E0, 0xFF10, 0x1D7CE])


@given(st.integers(1, 9_999_999_999), ZEROS)
def test_a_v_number_is_the_same_in_every_script(number: int, zero: int) -> None:
    assert v_number(in_script(str(number), zero)) == f"{number:010d}"


@given(st.integers(1, 999_999_999), ZEROS)
def test_a_bsn_is_judged_alike_in_every_script(number: int, zero: int) -> None:
    digits = f"{number:09d}"
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    fits = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0
    try:
        taken = bsn(in_script(digits, zero)) == digits
    except IdentifierProblem:
        taken = False
    assert taken is fits


@given(st.text(max_size=40))
def test_nothing_typed_ever_breaks_a_field(text: str) -> None:
    for read in (v_number, bsn, phone, email):
        with suppress(IdentifierProblem):
            kept = read(text)
            assert read(kept) == kept


@given(st.integers(1, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(number: int, place: int, shift: int) -> None:
    digits = f"{number:09d}"
    try:
        bsn(digits)
    except IdentifierProblem:
        return
    changed = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(IdentifierProblem):
        bsn(changed)


def test_masked_shows_four_digits_only() -> None:
    assert masked("0070004821") == "•••• 4821"
    assert masked("") == ""
