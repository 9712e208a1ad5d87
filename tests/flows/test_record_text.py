"""How the record says what it holds, in Dutch."""

from __future__ import annotations

import subprocess
import sys

import pytest

from intake_app.flows.record_text import language_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ara", "Arabisch"),
        ("tir", "Tigrinya"),
        ("byn", "Blin"),
        ("amh", "Amhaars"),
        ("prs", "Dari"),
        ("nl", "Nederlands"),
        ("qqq", "qqq"),
        ("", ""),
    ],
)
def test_a_language_has_its_dutch_name_or_stays_its_code(code: str, name: str) -> None:
    assert language_name(code) == name


def test_it_needs_the_data_of_no_other_language() -> None:
    """A frozen program carries the data of the languages of its screens alone."""
    code = (
        "import babel.localedata as d\n"
        "exists = d.exists\n"
        "d.exists = lambda name: name in ('nl', 'root') and exists(name)\n"
        "from intake_app.flows.record_text import language_name\n"
        "print(language_name('byn'), language_name('amh'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["Blin", "Amhaars"], done.stderr
