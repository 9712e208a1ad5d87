"""The attachments in step 2: each with a mark to let it go or keep it, and the reason."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.flows.preview import AttachmentChoice, RowState
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import (
    Body,
    Caption,
    CheckInput,
    Heading,
    IconLabel,
    Kind,
    RowList,
    Tag,
    clear_layout,
)
from intake_app.ui.people import attachment_words as named
from intake_app.ui.theme import Theme

TAGS: dict[RowState, tuple[str, Kind]] = {
    RowState.LEAVES: ("gaat mee", "ok"),
    RowState.ASK: ("na toestemming", "warn"),
    RowState.STAYS: ("blijft hier", "muted"),
}
"""Word and colour of what happens to a row of the preview."""


class AttachmentRow(QWidget):
    """One attachment. `ticked(bool)` when the person decides about it."""

    ticked = Signal(bool)

    def __init__(self, theme: Theme, tr: UiTexts, choice: AttachmentChoice) -> None:
        super().__init__()
        self._tr = tr
        attachment = choice.attachment
        name = f"contents-attachment-{attachment.attachment_id}"
        self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.gap(3), 0, theme.gap(3))
        row.setSpacing(theme.gap(8))
        words = QVBoxLayout()
        row.addLayout(words, 1)
        words.setSpacing(0)
        self.check: CheckInput | None = None
        title = named.title(tr, attachment)
        if choice.may_choose:
            self.check = CheckInput(theme, title, name=f"{name}-goes")
            self.check.toggled.connect(self.ticked)
            words.addWidget(self.check)
        else:
            label = Body(theme, title)
            if attachment.role:
                row.insertWidget(0, IconLabel(theme, "medical", color="medical", size=20))
                label.set_color("medical")
            words.addWidget(label)
        self._caption = Caption(theme, "")
        words.addWidget(self._caption)
        self._tag = Tag(theme, "", "muted")
        row.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_choice(choice)

    def show_choice(self, choice: AttachmentChoice) -> None:
        """Show what happens to it now and why, without asking anything."""
        tr, goes = self._tr, choice.state is RowState.LEAVES
        if self.check is not None and self.check.isChecked() != goes:
            self.check.blockSignals(True)  # noqa: FBT003  (Qt's own way)
            self.check.setChecked(goes)
            self.check.blockSignals(False)  # noqa: FBT003
        about = named.caption(tr, choice.attachment)
        self._caption.set_text(f"{about} · {tr.gettext(choice.reason)}")
        word, kind = TAGS[choice.state]
        if choice.attachment.role:
            kind = "medical"
        self._tag.set_kind(tr.gettext(word), kind)


class AttachmentRows(QWidget):
    """All attachments of the person. `chosen(UUID, bool)`: whether that one may go."""

    chosen = Signal(object, bool)

    def __init__(self, theme: Theme, tr: UiTexts) -> None:
        super().__init__()
        self._theme, self._tr = theme, tr
        self.setObjectName("contents-attachments")
        self._rows: dict[tuple[UUID, bool], AttachmentRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.gap(12), 0, 0)
        self._column.setSpacing(theme.gap(4))
        self.hide()

    def show_choices(self, choices: tuple[AttachmentChoice, ...]) -> None:
        """Show them; the same ones again keep their place, and the keyboard its focus."""
        keys = [(each.attachment.attachment_id, each.may_choose) for each in choices]
        if keys != list(self._rows):
            clear_layout(self._column)
            made = [self._row(each) for each in choices]
            self._rows = dict(zip(keys, made, strict=True))
            if made:
                self._column.addWidget(Heading(self._theme, self._tr.gettext("Bijlagen")))
                self._column.addWidget(RowList(self._theme, *made))
        else:
            for row, choice in zip(self._rows.values(), choices, strict=True):
                row.show_choice(choice)
        self.setVisible(bool(choices))

    def _row(self, choice: AttachmentChoice) -> AttachmentRow:
        row = AttachmentRow(self._theme, self._tr, choice)
        key = choice.attachment.attachment_id
        row.ticked.connect(lambda goes: self.chosen.emit(key, goes))
        return row
