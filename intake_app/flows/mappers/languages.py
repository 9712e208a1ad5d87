"""The mother tongue among the languages of a person, as more than one form tells it."""

from __future__ import annotations

import re
from dataclasses import replace

from intake_app.domain.person import PersonLanguage


def is_code(text: str) -> bool:
    """True for an ISO 639-3 code; a form may offer choices that are none, such as 'anders'."""
    return re.fullmatch("[a-z]{3}", text) is not None


def with_mother_tongue(
    known: tuple[PersonLanguage, ...], mother: str
) -> tuple[PersonLanguage, ...]:
    """Return `known` with `mother` as the only mother tongue; as it was when that is no code."""
    if not is_code(mother):
        return known
    by_code = {row.code: replace(row, is_mother_tongue=False) for row in known}
    by_code[mother] = replace(by_code.get(mother, PersonLanguage(mother)), is_mother_tongue=True)
    return tuple(by_code.values())
