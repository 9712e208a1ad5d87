"""The small style sheet: only what a palette cannot say, always from tokens."""

from __future__ import annotations

from string import Template

from intake_app.ui.theme import Theme

# No padding on list rows (they overlap; a delegate has it) and no fonts (widgets set their own).
_SHEET = Template("""
QToolTip { background: $surface; color: $ink; border: 1px solid $border; padding: ${p6}px; }
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {
  background: $surface; color: $ink; border: 1px solid $border; border-radius: ${r8}px;
  selection-background-color: $accent; selection-color: $accent_on;
}
QLineEdit, QComboBox, QSpinBox { padding: 0 ${p12}px; min-height: ${h42}px; }
QPlainTextEdit { padding: ${p6}px ${p8}px; }
QLineEdit { placeholder-text-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 1px solid $accent; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] {
  border: 2px solid $err;
}
QLineEdit[problem="true"], QComboBox[problem="true"] { min-height: ${h40}px; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: $sunken; }
QLineEdit:disabled, QComboBox:disabled { background: $sunken; color: $muted; }
QComboBox::drop-down { border: 0; width: ${p32}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
  background: $surface; color: $ink; border: 1px solid $border; outline: 0;
  selection-background-color: $accent; selection-color: $accent_on;
}
QScrollArea, QScrollArea > QWidget > QWidget[pageBody="true"] { background: $window; border: 0; }
QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle {
  background: $border; border-radius: ${p3}px; margin: ${p3}px;
  min-height: ${p32}px; min-width: ${p32}px;
}
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QListView, QTableView, QTreeView {
  background: $surface; color: $ink; border: 1px solid $hairline;
  border-radius: ${r8}px; outline: 0;
}
QHeaderView::section { background: $sunken; color: $muted; border: 0; padding: ${p8}px; }
""")


def stylesheet(theme: Theme) -> str:
    """Return the application style sheet for a theme."""
    sizes = {f"p{n}": str(theme.gap(n)) for n in (3, 6, 8, 12, 32)}
    sizes["r8"] = str(theme.px(8))
    # one pixel of border above and below makes 44
    sizes["h42"] = str(theme.px(44) - 2)
    # the edge of a problem is twice as wide, and nothing may move
    sizes["h40"] = str(theme.px(44) - 4)
    return _SHEET.substitute(theme.tokens, **sizes)
