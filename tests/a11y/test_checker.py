"""The checker must find what is wrong; a checker that finds nothing proves nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from support.qt import make_theme, settle

from intake_app.ui.a11y import check, focus_order
from intake_app.ui.a11y_seen import seen, walk
from intake_app.ui.kit import (
    Body,
    Card,
    Field,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    TextInput,
)
from intake_app.ui.kit.focus import ReadingOrder


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


def test_a_target_for_the_client_is_larger(window, qapp, theme):
    small = QuietButton(theme, "Ja")
    small.setFixedSize(60, 40)
    window.layout().addWidget(small)
    window.show()
    settle(qapp)
    assert "target" not in {finding.rule for finding in check(window)}
    assert "target" in {finding.rule for finding in check(window, smallest=44)}


def test_two_controls_with_one_name_are_found(window, qapp, theme):
    for _ in range(2):
        window.layout().addWidget(QuietButton(theme, "Openen"))
    assert rules(window, qapp) == {"double"}


def test_a_name_without_the_words_on_it_is_found(window, qapp, theme):
    button = QuietButton(theme, "Volgende")
    button.setAccessibleName("Ga door")
    window.layout().addWidget(button)
    assert rules(window, qapp) == {"label"}
    button.setAccessibleName("Volgende: vraag 3")
    assert rules(window, qapp) == set()


def test_a_button_for_the_mouse_alone_is_found(window, qapp, theme):
    button = QuietButton(theme, "Omhoog")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    window.layout().addWidget(button)
    assert rules(window, qapp) == {"mouse"}


def test_a_next_step_that_cannot_be_taken_says_why(window, qapp, theme):
    button = PrimaryButton(theme, "Verzegelen")
    button.setEnabled(False)
    window.layout().addWidget(button)
    assert rules(window, qapp) == {"explain"}
    button.setAccessibleDescription("Kies eerst een map.")
    assert rules(window, qapp) == set()
    button.setAccessibleDescription("")
    window.layout().addWidget(Notice(theme, "warn", "Kies eerst een map."))
    assert rules(window, qapp) == set()


def test_what_has_to_be_scrolled_sideways_is_found(window, qapp, theme):
    area = QScrollArea()
    area.setAccessibleName("Breed")
    area.setWidget(Body(theme, "breed " * 60, wrap=False))
    window.layout().addWidget(area)
    assert rules(window, qapp) == {"sideways"}


# ---- what pixels tell ----------------------------------------------------------------------------


def faint(window, qapp) -> set[str]:
    window.show()
    settle(qapp)
    return {finding.rule for finding in seen(window)}


def test_pale_text_is_found(window, qapp, theme):
    window.layout().addWidget(Body(theme, "bleek", color="hairline"))
    assert faint(window, qapp) == {"contrast"}


def test_text_is_measured_on_the_ground_it_stands_on(window, qapp, theme):
    """Ink on the window's own ground is fine; the same ink on a dark card is not."""
    card = QFrame()
    card.setStyleSheet("background: #33403B")
    card.setLayout(QVBoxLayout())
    card.layout().addWidget(Body(theme, "Niet te lezen"))
    window.layout().addWidget(Body(theme, "Goed te lezen"))
    assert faint(window, qapp) == set()
    window.layout().addWidget(card)
    assert faint(window, qapp) == {"contrast"}


def test_what_stands_below_the_fold_is_measured_too(qtbot, qapp, theme):
    page = Page(theme, "Lang")
    for number in range(40):
        page.add(Body(theme, f"Regel {number}"))
    page.add(Body(theme, "bleek", color="hairline"))
    qtbot.addWidget(page)
    page.resize(600, 300)
    assert faint(page, qapp) == {"contrast"}


def test_a_button_in_the_colour_of_its_ground_is_found(window, qapp, theme):
    button = QuietButton(theme, "Overdracht voorbereiden")
    button.colors = lambda: (theme.color("surface"), None, theme.color("hairline"))
    window.layout().addWidget(button)
    assert faint(window, qapp) == {"contrast"}


def test_a_field_without_an_edge_is_found(window, qapp, theme):
    field = TextInput(theme, text="tekst")
    window.layout().addWidget(field)
    assert faint(window, qapp) == set()
    field.setStyleSheet("border: 1px solid #E4E8E5; background: #F6F7F5")
    assert faint(window, qapp) == {"edge"}


class Plain(ReadingOrder, QWidget):
    """A window as the program's own."""


@pytest.fixture
def place(qtbot, theme):
    """Return an empty window that is active, which shows what is put in it and walks."""
    widget = Plain()
    widget.setLayout(QVBoxLayout())
    widget.resize(500, 400)
    qtbot.addWidget(widget)
    return widget


def walked(qtbot, qapp, window) -> set[str]:
    window.show()
    qtbot.waitActive(window)
    window.activateWindow()
    settle(qapp)
    return {finding.rule for finding in walk(window)}


def test_a_sound_window_can_be_walked(place, qtbot, qapp, theme):
    place.layout().addWidget(Field(theme, "Naam", TextInput(theme, name="een")))
    place.layout().addWidget(PrimaryButton(theme, "Bewaren", name="twee"))
    place.layout().addStretch(1)
    assert walked(qtbot, qapp, place) == set()


def test_a_focus_that_does_not_show_is_found(place, qtbot, qapp, theme):
    button = QuietButton(theme, "Een", name="een")
    button.setProperty("noFocusRing", "true")
    place.layout().addWidget(button)
    place.layout().addWidget(QuietButton(theme, "Twee", name="twee"))
    assert walked(qtbot, qapp, place) == {"ring"}


def test_a_focus_ring_that_is_too_faint_is_found(qtbot, qapp, place):
    from dataclasses import replace
    from types import MappingProxyType

    from intake_app.ui import theme as themes

    sound = make_theme(qapp)
    pale = replace(sound, tokens=MappingProxyType({**sound.tokens, "focus": "#D5DCD8"}))
    themes.apply(qapp, pale)
    try:
        place.layout().addWidget(QuietButton(pale, "Een", name="een"))
        place.layout().addWidget(QuietButton(pale, "Twee", name="twee"))
        assert walked(qtbot, qapp, place) == {"ring"}
    finally:
        themes.apply(qapp, sound)


def test_a_field_that_keeps_tab_is_found(place, qtbot, qapp, theme):
    place.layout().addWidget(QuietButton(theme, "Een", name="een"))
    place.layout().addWidget(QPlainTextEdit())
    place.layout().addWidget(QuietButton(theme, "Twee", name="twee"))
    place.layout().itemAt(0).widget().setFocus()
    assert "trap" in walked(qtbot, qapp, place)


def test_a_focus_out_of_sight_is_found(place, qtbot, qapp, theme):
    place.layout().addWidget(QuietButton(theme, "Een", name="een"))
    holder = QWidget()
    holder.setFixedHeight(60)
    covered = QLineEdit(holder)
    covered.setGeometry(0, 0, 200, 40)
    cover = QFrame(holder)
    cover.setAutoFillBackground(True)
    cover.setGeometry(0, 0, 300, 60)
    place.layout().addWidget(holder)
    assert "hidden" in walked(qtbot, qapp, place)


def test_what_tab_never_reaches_is_found(qtbot, qapp, theme):
    """A part with a focus proxy takes what stands before that proxy out of the order."""
    place = QWidget()
    place.setLayout(QVBoxLayout())
    qtbot.addWidget(place)
    holder = QWidget()
    holder.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    inside = QVBoxLayout(holder)
    first, second = TextInput(theme, name="een"), TextInput(theme, name="twee")
    inside.addWidget(first)
    inside.addWidget(second)
    holder.setFocusProxy(second)
    place.layout().addWidget(holder)
    place.layout().addWidget(QuietButton(theme, "Drie", name="drie"))
    place.layout().addWidget(QuietButton(theme, "Vier", name="vier"))
    assert "unreached" in walked(qtbot, qapp, place)


def test_an_order_that_jumps_between_parts_is_found(qtbot, qapp, theme):
    window = QWidget()
    window.setLayout(QVBoxLayout())
    window.resize(500, 400)
    qtbot.addWidget(window)
    made = [QuietButton(theme, text, name=text) for text in ("Een", "Twee", "Drie", "Vier")]
    for button in made:
        part = QWidget()
        part.setLayout(QVBoxLayout())
        part.layout().addWidget(button)
        window.layout().addWidget(part)
    for before, after in ((0, 2), (2, 1), (1, 3)):
        QWidget.setTabOrder(made[before], made[after])
    assert walked(qtbot, qapp, window) == {"order"}


def test_a_window_that_reads_its_order_mends_that(place, qtbot, qapp, theme):
    made = [QuietButton(theme, text, name=text) for text in ("Een", "Twee", "Drie", "Vier")]
    for number in (2, 0, 3, 1):
        made[number].setParent(place)
    for button in made:
        part = QWidget()
        part.setLayout(QVBoxLayout())
        part.layout().addWidget(button)
        place.layout().addWidget(part)
    for before, after in ((0, 2), (2, 1), (1, 3)):
        QWidget.setTabOrder(made[before], made[after])
    assert walked(qtbot, qapp, place) == set()
