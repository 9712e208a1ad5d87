"""Questions that are answered with a signature, on the page of an interview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.file_forms import (
    SIGNED,
)
from support.file_talk import Talk, draw, photo_file

from intake_app.domain.interview import AnswerState
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.signature_pad import HEIGHT, WIDTH, SignaturePad
from intake_app.ui.people.pictures import read_picture
from intake_app.ui.renew import held
from intake_app.ui.theme import Theme
from intake_app.vault import Vault


@pytest.fixture
def talk(qtbot: QtBot, tools: Tools, vault: Vault) -> Iterator[Talk]:
    from intake_app.domain.sharing import SharingTable

    yield Talk(qtbot, tools, vault, SharingTable({}), UiTexts("ar", None))
    QGuiApplication.clipboard().clear()


def test_a_drawn_signature_is_stored_as_a_small_picture(talk: Talk):
    widget = talk.sign()
    assert not widget.done_button.isEnabled()
    draw(widget.pad, (20, 60), (80, 30), (140, 90))
    draw(widget.pad, (160, 60), (200, 60))
    draw(widget.pad, (220, 60))
    assert len(widget.pad.strokes) == 3
    widget.undo_button.click()
    assert len(widget.pad.strokes) == 2
    assert talk.flow.session.value(SIGNED) == ""
    wanted = widget.pad.png()
    widget.done_button.click()
    name = talk.flow.session.value(SIGNED)
    assert talk.files()[name] == wanted
    image = read_picture(wanted, "image/png")
    assert (image.width(), image.height()) == (WIDTH, HEIGHT)
    assert len(wanted) < 30_000
    assert b"tEXt" not in wanted
    assert "Handtekening" in widget.well.words
    assert widget.pad.is_empty


def test_the_pad_is_emptied_by_key_and_by_button(talk: Talk):
    widget = talk.sign()
    assert widget.pad.hasFocus()
    draw(widget.pad, (20, 60), (80, 30))
    draw(widget.pad, (20, 20), (80, 70))
    QTest.keyClick(widget.pad, Qt.Key.Key_Backspace)
    assert len(widget.pad.strokes) == 1
    QTest.keyClick(widget.pad, Qt.Key.Key_Delete)
    assert widget.pad.is_empty
    draw(widget.pad, (20, 60), (80, 30))
    widget.clear_button.click()
    assert widget.pad.is_empty


def test_what_was_drawn_is_no_signature_before_somebody_says_so(talk: Talk):
    widget = talk.sign()
    block = talk.page.card.blocks[SIGNED]
    draw(widget.pad, (20, 60), (80, 30))
    page = talk.page.bridge.page
    talk.page.go_next()
    # it says why it stays here, and the lines are as they were
    assert talk.page.bridge.page is page
    assert "Klaar" in block.problem_text()
    assert len(widget.pad.strokes) == 1
    talk.page.pausing.rest()
    talk.page.bridge.pause(on=False)
    talk.page.leaving()
    assert talk.flow.session.value(SIGNED) == ""
    assert talk.files() == {}
    widget.done_button.click()
    assert talk.flow.session.value(SIGNED).endswith(".png")
    assert not block.refused
    talk.page.go_next()
    assert talk.page.bridge.page is not page


@pytest.mark.parametrize("instead", ["clear", "state"])
def test_what_was_told_of_half_a_signature_goes_with_it(talk: Talk, instead: str):
    widget = talk.sign()
    block = talk.page.card.blocks[SIGNED]
    draw(widget.pad, (20, 60), (80, 30))
    talk.page.go_next()
    assert block.refused
    if instead == "clear":
        widget.clear_button.click()
    else:
        QTest.keyClick(widget.pad, Qt.Key.Key_G)
        row = talk.flow.row(SIGNED)
        assert row is not None
        assert row.state is AnswerState.REFUSED
    assert not block.refused
    assert block.problem_text() == ""
    assert widget.pad.is_empty
    talk.page.go_next()
    assert talk.page.bridge.focus != SIGNED or talk.page.bridge.page is None


def test_another_theme_waits_for_who_is_signing(talk: Talk):
    """Half a signature is not in the way of anything but a page built anew."""
    widget = talk.sign()
    anew = held(talk.page)
    draw(widget.pad, (20, 60), (80, 30))
    assert not held(talk.page).same_as(anew)
    host: Any = SimpleNamespace(page=talk.page, panel=None)
    assert not InterviewHost.before_renewal(host)
    assert talk.flow.session.value(SIGNED) == ""
    widget.clear_button.click()
    assert InterviewHost.before_renewal(host)


def test_a_touch_by_accident_is_no_signature(talk: Talk):
    widget = talk.sign()
    draw(widget.pad, (20, 60))
    draw(widget.pad, (200, 60), (205, 62))
    assert not widget.done_button.isEnabled()
    assert widget.clear_button.isEnabled()
    talk.page.go_next()
    assert talk.flow.session.value(SIGNED) == ""
    assert talk.files() == {}


def test_a_state_takes_the_ink_away(talk: Talk):
    widget = talk.sign()
    draw(widget.pad, (20, 60), (80, 30))
    QTest.keyClick(widget.pad, Qt.Key.Key_G)
    talk.page.go_next()
    assert talk.flow.session.value(SIGNED) == ""
    assert talk.files() == {}


def test_without_drawing_it_is_told_how_it_was_agreed(talk: Talk):
    widget = talk.sign()
    widget.cannot.setFocus()
    QTest.keyClick(widget.cannot, Qt.Key.Key_Space)
    assert widget.instead_part.isVisible()
    assert widget.way.isAncestorOf(QApplication.focusWidget())
    assert not widget.pad.isVisible()
    assert widget.witness.text() == talk.vault.user.name
    widget.write_button.click()
    assert talk.flow.session.value(SIGNED) == ""
    widget.way.set_value("op_papier")
    widget.witness.clear()
    widget.write_button.click()
    assert talk.flow.session.value(SIGNED) == ""
    widget.witness.setText("Noor de Vries")
    widget.write_button.click()
    name = talk.flow.session.value(SIGNED)
    assert name.endswith(".txt")
    assert "Noor de Vries" in talk.files()[name].decode()
    assert "Getekend op papier" in widget.well.accessibleName()
    assert widget.well.hasFocus()


def test_a_picture_of_the_paper_will_do(talk: Talk, tmp_path: Path):
    widget = talk.sign()
    assert not widget.choose_button.isVisible()
    widget.cannot.setChecked(True)
    talk.pick.path = photo_file(tmp_path)
    widget.choose_button.click()
    assert talk.wait_for(SIGNED).endswith(".jpg")


def test_nobody_signs_over_a_signature(talk: Talk):
    widget = talk.sign()
    draw(widget.pad, (20, 60), (80, 30))
    widget.finish()
    assert not widget.pad.isVisible()
    assert not widget.choose_button.isVisible()
    assert widget.remove_button.isVisible()


def test_the_same_lines_give_the_same_file_on_every_screen(qtbot: QtBot, theme: Theme):
    lines = (((0.1, 0.1), (0.3, 0.2), (0.5, 0.05)), ((0.7, 0.2),))
    made = []
    for width in (240, 600, 1111):
        pad = SignaturePad(theme, "pad")
        qtbot.addWidget(pad)
        pad.resize(width, width // 3)
        pad.set_strokes(lines)
        made.append(pad.png())
    assert len(set(made)) == 1
    assert pad.strokes == lines


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(-50, 900), st.integers(-50, 400)), min_size=1, max_size=9),
        min_size=1,
        max_size=9,
    )
)
def test_any_drawing_is_a_picture_of_one_size(
    pad: SignaturePad, drawing: list[list[tuple[int, int]]]
):
    pad.clear()
    for line in drawing:
        draw(pad, *line)
    assert all(0 <= x <= 1 and 0 <= y <= HEIGHT / WIDTH for s in pad.strokes for x, y in s)
    image = read_picture(pad.png(), "image/png")
    assert (image.width(), image.height()) == (WIDTH, HEIGHT)
    for left in range(len(pad.strokes), 0, -1):
        assert len(pad.strokes) == left
        pad.undo()
    with pytest.raises(ValueError, match="nothing"):
        pad.png()


@pytest.fixture
def pad(qtbot: QtBot, theme: Theme) -> SignaturePad:
    made = SignaturePad(theme, "pad")
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    return made
