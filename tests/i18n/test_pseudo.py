"""Texts that are longer or mirrored must still be the same texts."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app import paths
from intake_app.i18n.catalogues import Catalogues, fields, placeholders
from intake_app.i18n.pseudo import LONGER, PseudoCatalogues, PseudoTexts, lengthen, mirror

PIECES = st.lists(
    st.one_of(
        st.text(string.ascii_letters + " .,?é\n", max_size=12),
        st.sampled_from(("{n}", "{name}", "${naam}", "{n:.1f}")),
    ),
    max_size=8,
).map("".join)


@given(PIECES)
def test_a_long_text_keeps_its_placeholders_and_lines(text):
    turned = lengthen(text)
    assert fields(turned) == fields(text)
    assert placeholders(turned) == placeholders(text)
    assert turned.count("\n") == text.count("\n")
    for before, after in zip(text.split("\n"), turned.split("\n"), strict=True):
        if before.strip():
            words = len(re.sub(r"\$?\{[^{}]*\}", "", before))
            assert len(after) >= len(before) + words * LONGER - 1
            assert (after[0], after[-1]) == ("[", "]")
        else:
            assert after == before


@given(PIECES)
def test_a_mirrored_text_closes_its_marks_on_each_line(text):
    turned = mirror(text)
    assert fields(turned) == fields(text)
    for before, after in zip(text.split("\n"), turned.split("\n"), strict=True):
        assert after.count("\u202e") == after.count("\u202c") == bool(before.strip())
        assert before in after


def test_a_long_text_can_be_filled_in():
    text = lengthen("Nog {n} vragen van {name}").format(n=3, name="Layla")
    assert text.startswith("[Ñöğ 3 vråğéñ våñ Layla ")


def test_the_texts_of_the_program():
    long, mirrored = PseudoTexts("long"), PseudoTexts("mirrored")
    assert (long.direction, mirrored.direction) == ("ltr", "rtl")
    assert long.gettext("Volgende").startswith("[Völğéñdé ")
    assert long.pgettext("knop", "Volgende") == long.gettext("Volgende")
    assert long.ngettext("{n} vraag", "{n} vragen", 1) == lengthen("{n} vraag")
    assert long.ngettext("{n} vraag", "{n} vragen", 2) == lengthen("{n} vragen")
    assert long.gettext("") == ""
    assert "Volgende" in mirrored.gettext("Volgende")


@pytest.mark.parametrize("language", ["nl", "ar", "so"])
def test_the_texts_of_a_form_keep_language_and_status(language):
    real = Catalogues(paths.compiled_dir())
    turned = PseudoCatalogues(real, "long")
    plain = real.form_text("intake", "label", "droom", language, "Wat is uw droom?")
    found = turned.form_text("intake", "label", "droom", language, "Wat is uw droom?")
    assert found.text == lengthen(plain.text)
    assert (found.language, found.status) == (plain.language, plain.status)
    assert turned.languages("intake") == real.languages("intake")
    assert turned.document_texts(language).text("Ja").text.startswith("[")
    assert turned.ui("ar").gettext("Ja").startswith("[")
