"""The checker must find what is wrong; a checker that finds nothing proves nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from support.qt import make_theme, settle

from intake_app.ui.a11y import check, focus_order
from intake_app.ui.kit import Body, Card, Field, Page, PrimaryButton, QuietButton, TextInput


@pytest.fixture
def theme(qapp):
    return make_theme(qapp)


@pytest.fixture
def window(qtbot, theme):
    widget = QWidget()
    widget.setLayout(QVBoxLayout())
    widget.resize(500, 400)
    qtbot.addWidget(widget)
    return widget


def rules(window, qapp) -> set[str]:
    window.show()
    settle(qapp)
    return {finding.rule for finding in check(window)}


def test_a_sound_window_has_no_findings(window, qapp, theme):
    window.layout().addWidget(Field(theme, "Naam", TextInput(theme)))
    window.layout().addWidget(Body(theme, "Een zin die over meer regels gaat. " * 6))
    window.layout().addWidget(PrimaryButton(theme, "Bewaren"))
    window.layout().addStretch(1)
    assert rules(window, qapp) == set()


def test_a_field_without_a_name_is_found(window, qapp, theme):
    window.layout().addWidget(TextInput(theme, name="nameless"))
    assert rules(window, qapp) == {"name"}


def test_a_widget_that_takes_the_keyboard_but_says_nothing_is_found(window, qapp):
    silent = QWidget()
    silent.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    silent.setAccessibleName("Lijn")
    silent.setMinimumSize(40, 40)
    window.layout().addWidget(silent)
    assert rules(window, qapp) == {"role"}


def test_a_target_of_twenty_pixels_is_found(window, qapp):
    small = QPushButton("x")
    small.setFixedSize(20, 40)
    window.layout().addWidget(small)
    assert "target" in rules(window, qapp)


def test_clipped_words_are_found(window, qapp, theme):
    text = Body(theme, "Een zin die over meer regels gaat. " * 6)
    text.setFixedHeight(30)
    window.layout().addWidget(text)
    assert rules(window, qapp) == {"clipped"}


def test_a_button_that_is_too_narrow_for_its_words_is_found(window, qapp, theme):
    button = QuietButton(theme, "Overdracht voorbereiden")
    button.setFixedWidth(80)
    window.layout().addWidget(button)
    assert "clipped" in rules(window, qapp)


def test_what_sticks_out_of_its_parent_is_found(window, qapp, theme):
    holder = QWidget(window)
    window.layout().addWidget(holder)
    child = Body(theme, "ver weg", wrap=False, parent=holder)
    child.move(460, 0)
    child.resize(child.sizeHint())
    assert "clipped" in rules(window, qapp)


def test_what_scrolls_is_not_clipped(qtbot, qapp, theme):
    page = Page(theme, "Lang")
    for number in range(40):
        page.add(Card(theme, f"Kaart {number}"))
    qtbot.addWidget(page)
    page.resize(600, 300)
    assert rules(page, qapp) == set()


def test_overlapping_widgets_are_found(window, qapp, theme):
    first, second = QuietButton(theme, "Een"), QuietButton(theme, "Twee")
    window.layout().addWidget(first)
    window.layout().addWidget(second)
    window.show()
    settle(qapp)
    second.move(first.x() + 5, first.y() + 5)
    assert "overlap" in {finding.rule for finding in check(window)}


def test_pale_text_is_found(window, qapp, theme):
    window.layout().addWidget(Body(theme, "bleek", color="hairline"))
    assert rules(window, qapp) == {"contrast"}


def test_tab_that_jumps_back_is_found(window, qapp, theme):
    row = QHBoxLayout()
    first, second, third = (QuietButton(theme, text) for text in ("Een", "Twee", "Drie"))
    for button in (first, second, third):
        row.addWidget(button)
    window.layout().addLayout(row)
    QWidget.setTabOrder(first, third)
    assert rules(window, qapp) == {"order"}
    assert focus_order(window) == (first, third, second)


def test_hidden_and_greyed_widgets_are_left_alone(window, qapp, theme):
    hidden, grey = TextInput(theme), TextInput(theme)
    window.layout().addWidget(hidden)
    window.layout().addWidget(grey)
    hidden.hide()
    grey.setEnabled(False)
    assert rules(window, qapp) == set()
