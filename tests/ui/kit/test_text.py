from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget
from support.qt import make_theme

from intake_app.ui.kit import Body, LangLabel, Text

ARABIC = "ما نوع العمل الذي قمت به؟"
LONG = "Alles wat je hier opschrijft blijft bewaard op deze laptop en nergens anders. " * 4


def inked_columns(widget: QWidget, ground: str) -> list[int]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).name() != ground for y in range(image.height()))
    ]


def test_text_takes_the_height_its_width_needs(qtbot, qapp):
    theme = make_theme(qapp)
    text = Body(theme, LONG)
    qtbot.addWidget(text)
    assert text.heightForWidth(200) > text.heightForWidth(600)
    assert text.heightForWidth(10_000) == round(theme.text_px() * 1.45)


def test_line_height_follows_the_script(qtbot, qapp):
    theme = make_theme(qapp)
    dutch, arabic = Text(theme, "a"), LangLabel(theme, ARABIC, "ar")
    qtbot.addWidget(dutch)
    qtbot.addWidget(arabic)
    assert dutch.heightForWidth(900) == round(theme.text_px() * 1.45)
    assert arabic.heightForWidth(900) == round(theme.text_px() * 1.65)


def test_arabic_stands_at_the_right_in_a_left_to_right_window(qtbot, qapp):
    theme = make_theme(qapp)
    window = QWidget()
    window.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    label = LangLabel(theme, ARABIC, "ar")
    QVBoxLayout(window).addWidget(label)
    qtbot.addWidget(window)
    window.resize(700, 100)
    window.show()
    ground = theme.color("window").name()
    columns = inked_columns(label, ground)
    assert columns
    assert columns[-1] > label.width() - 12
    assert columns[0] > label.width() / 2


def test_dutch_stays_at_the_left_in_a_right_to_left_window(qtbot, qapp):
    theme = make_theme(qapp)
    window = QWidget()
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label = LangLabel(theme, "Wat voor werk?", "nl")
    QVBoxLayout(window).addWidget(label)
    qtbot.addWidget(window)
    window.resize(700, 100)
    window.show()
    columns = inked_columns(label, theme.color("window").name())
    assert columns[0] < 12


def test_changing_language_changes_side_and_font(qtbot, qapp):
    theme = make_theme(qapp)
    label = LangLabel(theme, "Werk", "nl")
    qtbot.addWidget(label)
    label.set_text(ARABIC, "ar")
    assert label.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert label.font().families()[0] == "Noto Sans Arabic"


def test_own_words_run_as_the_program_does_and_others_as_their_language(qapp):
    theme = make_theme(qapp)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert Body(theme, "Opslaan").layoutDirection() is Qt.LayoutDirection.RightToLeft
        dutch = LangLabel(theme, "Wat is uw droom?", "nl")
        assert dutch.layoutDirection() is Qt.LayoutDirection.LeftToRight
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert Body(theme, "Opslaan").layoutDirection() is Qt.LayoutDirection.LeftToRight
