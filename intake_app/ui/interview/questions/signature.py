"""A signature: drawn here, or told honestly why there is none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from intake_app.flows import answer_files
from intake_app.flows.answer_files import Instead
from intake_app.flows.attachments import LONGEST_TITLE, TEXT, AttachmentRefused
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.upload import FileAnswer
from intake_app.ui.interview.signature_pad import SignaturePad
from intake_app.ui.kit.buttons import KitButton, QuietButton, TextLink
from intake_app.ui.kit.inputs import ChoiceInput, Field, TextInput
from intake_app.ui.kit.text import Caption
from intake_app.vault.errors import VaultError
from intake_app.xforms import QuestionView


class SignatureAnswer(FileAnswer):
    """A pad to draw on; where drawing is not possible, how it was agreed and who was there.

    Only the button that says so makes lines a signature. Who leaves before is told, and finds the
    lines as they were; a touch by accident holds nobody up.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._told = False
        """That what is drawn is no signature yet was said."""
        self._drawing = QWidget()
        self._drawing.setObjectName("signature")
        self._column.insertWidget(0, self._drawing)
        column = QVBoxLayout(self._drawing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(12))
        tr = self.tr_
        self.pad = SignaturePad(self.theme, "signature-pad")
        self.pad.setMaximumWidth(self.theme.px(600))
        self.pad.setAccessibleDescription(
            tr.gettext(
                "Tekenen kan met pen, vinger of muis. Kan dat niet? Kies dan: Tekenen lukt niet."
            )
        )
        self.pad.changed.connect(self._drawn)
        self.watch(self.pad)
        self._paper = QWidget()
        paper = QVBoxLayout(self._paper)
        paper.setContentsMargins(0, 0, 0, 0)
        paper.setSpacing(self.theme.gap(12))
        column.addWidget(self._paper)
        paper.addWidget(self.pad)
        self._how = Caption(self.theme, tr.gettext("Teken met pen, vinger of muis op de lijn."))
        paper.addWidget(self._how)
        buttons = QWidget()
        flow = FlowLayout(self.theme.gap(8), buttons)
        self.undo_button = self._pad_button(
            flow, buttons, tr.gettext("Laatste streep weg"), "arrow-left", "signature-undo",
            self.pad.undo,
        )  # fmt: skip
        self.clear_button = self._pad_button(
            flow, buttons, tr.gettext("Opnieuw"), "close", "signature-clear", self.pad.clear
        )
        self.done_button = self._pad_button(
            flow, buttons, tr.gettext("Klaar"), "check", "signature-done", self.finish
        )
        paper.addWidget(buttons)
        row = QHBoxLayout()
        column.addLayout(row)
        self.cannot = TextLink(
            self.theme, tr.gettext("Tekenen lukt niet"), icon="chevron-right", name="signature-not"
        )
        self.cannot.setCheckable(True)
        self.cannot.toggled.connect(self._open_instead)
        self.watch(self.cannot)
        row.addWidget(self.cannot)
        row.addStretch(1)
        self.instead_part = self._make_instead()
        column.addWidget(self.instead_part)

    # ---- showing -------------------------------------------------------------------------------

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        if view.key != self._key or view.value != self._value:
            # what is drawn belongs to the question it was drawn at
            self._empty()
            self.cannot.setChecked(False)
        super().set_question(view, other)
        name = self.tr_.gettext("{question}: hier tekenen").format(question=view.label.text)
        self.pad.setAccessibleName(name)

    def focus_first(self) -> None:
        if self._drawing.isHidden():
            super().focus_first()
        else:
            self.pad.setFocus()

    @property
    def entered(self) -> bool:
        # how it went and who was there, written down with a button of their own
        files = self.tools.files
        usual = "" if files is None else files.witness
        told = bool(self.way.value()) or self.witness.text() not in {"", usual}
        return not self._value and self.cannot.isChecked() and told

    def flush(self) -> None:
        super().flush()
        if isValid(self) and self.pad.is_enough and self._unsaved is None and self._may_change():
            self._told = True
            self.refused.emit(
                self.tr_.gettext(
                    "Er is getekend, maar nog niet op ‘Klaar’ gedrukt. Druk op ‘Klaar’ of begin "
                    "opnieuw."
                )
            )

    def discard(self) -> None:
        self._empty()
        super().discard()

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self.pad.setMaximumWidth(self.theme.px(450 if compact else 600))

    # ---- what a person does --------------------------------------------------------------------

    def finish(self) -> None:
        """Store what was drawn."""
        if not self.pad.is_enough or not self._may_change():
            return
        self._store(answer_files.signature(self.pad.png()), instead=False)

    def write_down(self) -> None:
        """Store how it was agreed without a drawing."""
        files, way = self.tools.files, self.way.value()
        if files is None or not self._may_change():
            return
        if not way:
            self._way_field.set_problem(self.tr_.gettext("Kies hoe het is gegaan."))
            self.way.setFocus()
            return
        self._way_field.set_problem("")
        try:
            told = answer_files.statement(Instead(way), self.witness.text(), files.today)
        except AttachmentRefused as problem:
            self._witness_field.set_problem(self.tr_.said(problem))
            self.witness.setFocus()
            return
        self._witness_field.set_problem("")
        self._store(told, instead=False)

    # ---- inside --------------------------------------------------------------------------------

    def _show_actions(self) -> None:
        super()._show_actions()
        there = bool(self._value)
        change = self._may_change()
        pad = not there and (change or self._unsaved is not None)
        self._drawing.setVisible(pad)
        self.well.setVisible(not pad)
        self.choose_button.setText(self.tr_.gettext("Foto van het papier kiezen"))
        self.choose_button.setAccessibleName(f"{self.choose_button.text()}: {self._label}")
        # a signature is replaced by taking it away first: nobody signs over another
        self.choose_button.setVisible(change and not there and self.cannot.isChecked())
        self.make_button.setVisible(change and not there and self.cannot.isChecked())
        self.row.setVisible(
            any(not each.isHidden() for each in (
                self.choose_button, self.look_button, self.make_button, self.remove_button,
            ))
        )  # fmt: skip
        self._show_pad()

    def _show_file(self) -> None:
        super()._show_file()
        files, file = self.tools.files, self._file
        if files is None or file is None or file.is_sealed or file.media_type != TEXT or file.role:
            return
        try:
            told = files.content(file).decode(errors="replace")
        except (AttachmentRefused, VaultError):
            return
        first, *rest = told.splitlines() or [""]
        self.well.show_words("note", first, " ".join(rest))
        self.well.setAccessibleName(f"{self._label}: {self.well.words}")

    def _show_pad(self) -> None:
        """Make room for the words where nothing was drawn; ink is never out of sight."""
        self._paper.setVisible(not self.cannot.isChecked() or not self.pad.is_empty)
        self._drawn()

    def _empty(self) -> None:
        """Take the lines away: something else is the answer now."""
        self._told = False
        self.pad.clear()

    def _drawn(self) -> None:
        if self._told and not self.pad.is_enough:
            # what was told of is not there any more
            self._told = False
            self.answer_changed.emit("")
        for button in (self.undo_button, self.clear_button):
            button.setEnabled(not self.pad.is_empty)
        self.done_button.setEnabled(self.pad.is_enough)

    def _open_instead(self, on: bool) -> None:
        self.cannot.set_icon("chevron-down" if on else "chevron-right")
        self.instead_part.setVisible(on)
        self._show_actions()
        files = self.tools.files
        if on and files is not None and not self.witness.text():
            self.witness.setText(files.witness)
        if on and self.cannot.hasFocus():
            self.way.setFocus()

    def _pad_button(
        self,
        flow: FlowLayout,
        parent: QWidget,
        words: str,
        icon: str,
        name: str,
        run: Callable[[], None],
    ) -> KitButton:
        button = QuietButton(self.theme, words, icon=icon, name=name, parent=parent)
        button.clicked.connect(lambda _checked=False: run())
        self.watch(button)
        flow.add(button)
        return button

    def _make_instead(self) -> QWidget:
        theme, tr = self.theme, self.tr_
        box = QWidget()
        box.setObjectName("signature-instead")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(12))
        self.way = ChoiceInput(
            theme,
            [
                (Instead.OP_PAPIER.value, tr.gettext("Er is op papier getekend")),
                (
                    Instead.MONDELING.value,
                    tr.gettext("De cliënt kan niet tekenen en zei mondeling ja"),
                ),
            ],
            as_radio=True,
            name="signature-way",
        )
        self._way_field = Field(theme, tr.gettext("Hoe is het gegaan?"), self.way)
        column.addWidget(self._way_field)
        self.way.changed.connect(lambda _value: self.half_typed.emit())
        self.witness = TextInput(theme, name="signature-witness")
        self.witness.textChanged.connect(lambda _text: self.half_typed.emit())
        self.witness.setMaxLength(LONGEST_TITLE)
        self.witness.setMaximumWidth(theme.px(420))
        self._witness_field = Field(
            theme,
            tr.gettext("Wie was erbij?"),
            self.witness,
            help_text=tr.gettext("De naam van een collega of tolk. Die naam komt in het dossier."),
        )
        column.addWidget(self._witness_field)
        row = QHBoxLayout()
        column.addLayout(row)
        self.write_button = QuietButton(
            theme, tr.gettext("Vastleggen"), icon="check", name="signature-write"
        )
        self.write_button.clicked.connect(lambda _checked=False: self.write_down())
        row.addWidget(self.write_button)
        row.addStretch(1)
        for each in (*self.way.findChildren(QAbstractButton), self.witness, self.write_button):
            self.watch(each)
        box.hide()
        return box
