"""A value filled in in a sentence stays in one piece, whatever the directions of the two."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from intake_app.i18n.bidi import strip
from intake_app.ui.kit.text import LangLabel
from intake_app.ui.theme import Theme
from intake_app.xforms import FormSession, NodeKey, ShownText, TextRef, parse_form

FORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>Naam</h:title><model>
<instance><data id="naam" version="1"><naam/><plaats/></data></instance>
<bind nodeset="/data/naam" type="string"/><bind nodeset="/data/plaats" type="string"/>
</model></h:head><h:body>
<input ref="/data/naam"><label>Hoe heet u?</label></input>
<input ref="/data/plaats">
<label>Kent u <output value="/data/naam"/>, en sinds wanneer (jaar)?</label></input>
</h:body></h:html>"""

SENTENCES = {
    "nl": "Kent u ${naam}, en sinds wanneer (jaar)?",
    "ar": "هل تعرف ${naam}، ومنذ متى (السنة)؟",
    "ti": "${naam} ትፈልጥዶ፡ ካብ መዓስ (ዓመት)?",
    "fa": "آیا ${naam} را می‌شناسید، و از کی (سال)؟",
}

VALUES = (
    "أحمد المعلم",
    "Jan de Vries",
    "V-1234567890",
    "1234567890",
    "Jan (broer)!",
    "أحمد (أخ) 12-03-1990",
    "ኣማኑኤል",
    # somebody pasted marks of direction with it
    "\u202eJan\u202c\u2069\u2069 (a)",
    "أحمد\u2067",
    "\u202eJan",
)


class Written:
    """Real sentences in four languages."""

    def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
        del form_id
        if ref.name != "plaats" or language == "nl":
            return ShownText(source, "nl")
        return ShownText(SENTENCES[language], language)


def shown(value: str, language: str) -> str:
    import uuid
    from datetime import UTC, datetime

    session = FormSession(
        parse_form(FORM.encode(), name="naam"),
        now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
        uuid=lambda: uuid.UUID(int=1),
        random=lambda: 0.5,
        texts=Written(),
    )
    session.answer(NodeKey("/data/naam"), value)
    return session.view(NodeKey("/data/plaats"), language).label.text


def spans(label: LangLabel, text: str) -> list[tuple[float, float]]:
    """Return from where to where every character is drawn."""
    layout, lines = label._laid_out(16_000_000.0)
    assert lines == 1
    line = layout.lineAt(0)
    found = []
    for at in range(len(text)):
        one, other = line.cursorToX(at)[0], line.cursorToX(at + 1)[0]
        found.append((min(one, other), max(one, other)))
    return found


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("value", VALUES)
def test_the_value_is_one_piece_in_its_place(
    qapp: QApplication, theme: Theme, language: str, value: str
) -> None:
    del qapp
    text = shown(value, language)
    before, after = SENTENCES[language].split("${naam}")
    assert strip(text) == strip(before + value + after)
    label = LangLabel(theme, text, language)
    rtl = label.layoutDirection() is Qt.LayoutDirection.RightToLeft
    start, end = len(before), len(text) - len(after)
    places = [
        (number, middle)
        for number, (left, right) in enumerate(spans(label, text))
        if right > left
        for middle in ((left + right) / 2,)
    ]
    inside = [middle for number, middle in places if start <= number < end]
    ahead = [middle for number, middle in places if number < start]
    behind = [middle for number, middle in places if number >= end]
    assert inside
    low, high = min(inside), max(inside)
    if rtl:
        ahead, behind = behind, ahead
    assert all(middle < low for middle in ahead)
    assert all(middle > high for middle in behind)


@pytest.mark.parametrize("value", ["Jan de Vries", "V-1234567890", "1234567890"])
def test_latin_and_digits_read_left_to_right_in_arabic(
    qapp: QApplication, theme: Theme, value: str
) -> None:
    del qapp
    text = shown(value, "ar")
    label = LangLabel(theme, text, "ar")
    at = text.index(value)
    # at its two ends a cursor may as well stand at the far side of what is beside it
    lefts = [left for left, _ in spans(label, text)[at + 1 : at + len(value) - 1]]
    assert lefts == sorted(lefts)
